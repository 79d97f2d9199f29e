"""Arrays in time-major order, (T, B, features): checked at the door, flattened, drawn at random.

Layers write `a.dot(b)` for `a @ b`: between small matrices it takes a third of the time.
"""

from cmath import isfinite

import numpy as np


class NotFinite(ValueError):
    """There is a NaN or an infinity where a number was expected."""


def sequence(x, features, name="x"):
    """Return x as an array (T, B, features), or raise a ValueError that says what is wrong.

    >>> sequence([[[1.0, 2.0]]], features=2).shape
    (1, 1, 2)
    """
    x = np.asarray(x)
    if x.ndim != 3 or x.shape[-1] != features or not x.size:
        raise ValueError(f"{name} must have shape (T, B, {features}), got {x.shape}")
    return finite(x, name)


def finite(value, name):
    """Return a value as an array without NaN and infinity, or raise a ValueError that names it.

    >>> finite([1, 2], "x")
    array([1, 2])
    """
    value = np.asarray(value)
    row = value.ravel()
    # A sum of squares is the fastest way to see that all is well; it may itself overflow.
    if not isfinite(row.dot(row)) and not np.isfinite(value).all():
        raise NotFinite(f"{name} holds NaN or infinity")
    return value


def shaped(value, shape, name):
    """Return a value as an array of just this shape, or raise a ValueError that names both.

    >>> shaped([[0, 1]], (1, 2), "dy").shape
    (1, 2)
    """
    value = np.asarray(value)
    if value.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {value.shape}")
    return finite(value, name)


def initial(value, shape, name="state", dtype=float):
    """Return a state as an array of `shape`, zeros where it is None, or raise a ValueError.

    >>> initial(None, (1, 2))
    array([[0., 0.]])
    """
    return np.zeros(shape, dtype) if value is None else shaped(value, shape, name)


def flat(a):
    """Return a (T, B, N) as (T B, N): one row for each step of each sequence.

    >>> flat(np.zeros((4, 3, 2))).shape
    (12, 2)
    """
    return a.reshape(-1, a.shape[-1])


def uniform(rng, *shape):
    """Draw weights uniformly from +-1/sqrt(n), where n inputs, the last axis, lead to a unit.

    >>> float(abs(uniform(np.random.default_rng(0), 100, 25)).max()) < 1 / 5
    True
    """
    bound = 1 / np.sqrt(shape[-1])
    return rng.uniform(-bound, bound, shape)
