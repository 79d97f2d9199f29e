"""Activation functions, each with its derivative in terms of its value."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnncore.arrays import array, choice


class Activation(NamedTuple):
    """A function f and its slope, written in terms of the value: slope(f(z)) = f'(z)."""

    f: Callable
    slope: Callable


def logistic(z):
    """Logistic function 1 / (1 + exp(-z)), through tanh, which cannot overflow.

    >>> logistic(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return _logistic(array(z, "z"))


def relu(z):
    """Rectifier: z where it is positive, else 0.  A complex z is judged by its real part.

    >>> relu(np.array([-2.0, 0.0, 3.0, np.nan]))
    array([ 0.,  0.,  3., nan])
    """
    return _relu(array(z, "z"))


def softmax(logits):
    """Softmax exp(z) / sum of exp(z) over the last axis; it cannot overflow.

    The greatest logit is subtracted from all, which changes nothing: it cancels.
    Its slope together with that of -log p is p - onehot: `rnncore.losses.cross_entropy`.

    >>> softmax(np.array([1000.0, 1000.0, -1000.0]))
    array([0.5, 0.5, 0. ])
    """
    logits = array(logits, "logits")
    if not logits.ndim or not logits.size:
        raise ValueError(f"logits must have shape (..., K), got {logits.shape}")
    exp = np.exp(logits - logits.real.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


# What layers call at each step, with arrays that have been checked; functions with names, since
# one without could not travel to another process.


def _logistic(z):
    return 0.5 * np.tanh(0.5 * z) + 0.5


def _relu(z):
    return np.where(z.real <= 0, 0, z)


def _identity(z):
    return z


def _slope_of_identity(y):
    return np.ones_like(y)


def _slope_of_logistic(y):
    return y * (1.0 - y)


def _slope_of_tanh(y):
    return 1.0 - y * y


def _slope_of_relu(y):
    return (y.real > 0).astype(y.dtype)


ACTIVATIONS = {
    "identity": Activation(_identity, _slope_of_identity),
    "logistic": Activation(_logistic, _slope_of_logistic),
    "tanh": Activation(np.tanh, _slope_of_tanh),
    "relu": Activation(_relu, _slope_of_relu),
}


def activation(name, argument="activation"):
    """Look up an activation by its name, or say which there are.

    >>> activation("tanh").slope(np.array([0.0, 1.0]))
    array([1., 0.])
    """
    return ACTIVATIONS[choice(name, argument, ACTIVATIONS)]
