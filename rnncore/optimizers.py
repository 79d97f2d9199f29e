"""Optimizers: how the gradient moves the parameters.

    SGD     p <- p - rate * gradient
    Adam    p <- p - rate * m / (sqrt(v) + epsilon)       m, v: fading means of gradient, gradient^2

`step` changes the arrays of the parameters in place, so that the layer needs no telling.
"""

import numpy as np


class SGD:
    """Gradient descent: a step against the gradient, `rate` times as long.

    Parameters
    ----------
    params : dict of str to array
        As in `layer.params`.
    rate : float
        The learning rate, greater than 0.

    Examples
    --------
    >>> params = {"w": np.array([1.0])}
    >>> SGD(params, rate=0.1).step({"w": np.array([2.0])})
    >>> params["w"]
    array([0.8])
    """

    def __init__(self, params, rate):
        self.params, self.rate = params, _positive(rate)

    def step(self, gradients):
        """Take one step; `gradients` has the names and shapes of the parameters."""
        for name, gradient in _matched(self.params, gradients):
            self.params[name] -= self.rate * gradient


class Adam:
    """Adam: the step of each parameter is scaled by how large its gradients lately were.

    m and v start at 0 and are too small at first; dividing by 1 - beta^t makes up for it.

    Kingma, D. P. and Ba, J. (2015). Adam: a method for stochastic optimization. ICLR.

    Parameters
    ----------
    params : dict of str to array
        As in `layer.params`.
    rate : float
        The learning rate, greater than 0: about how far a parameter goes in one step.
    beta1, beta2 : float
        What m and v keep of themselves at each step, 0 <= beta < 1.
    epsilon : float
        Keeps the division from 0.

    Examples
    --------
    >>> params = {"w": np.array([1.0, 1.0])}
    >>> Adam(params, rate=0.1).step({"w": np.array([2.0, -0.002])})
    >>> params["w"].round(3)
    array([0.9, 1.1])
    """

    def __init__(self, params, rate, *, beta1=0.9, beta2=0.999, epsilon=1e-8):
        for name, beta in ("beta1", beta1), ("beta2", beta2):
            if not 0 <= beta < 1:
                raise ValueError(f"{name} must be at least 0 and less than 1, got {beta!r}")
        self.params, self.rate = params, _positive(rate)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.steps = 0
        self.m = {name: np.zeros_like(value) for name, value in params.items()}
        self.v = {name: np.zeros_like(value) for name, value in params.items()}

    def step(self, gradients):
        """Take one step; `gradients` has the names and shapes of the parameters."""
        matched = _matched(self.params, gradients)
        self.steps += 1
        for name, gradient in matched:
            m, v = self.m[name], self.v[name]
            m += (1 - self.beta1) * (gradient - m)
            v += (1 - self.beta2) * (gradient**2 - v)
            m_hat = m / (1 - self.beta1**self.steps)
            v_hat = v / (1 - self.beta2**self.steps)
            self.params[name] -= self.rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


def _positive(rate):
    if not rate > 0:
        raise ValueError(f"rate must be greater than 0, got {rate!r}")
    return rate


def _matched(params, gradients):
    """Pair the names of the parameters with their gradients, all checked before anything moves."""
    if gradients.keys() != params.keys():
        raise ValueError(f"gradients must be of {', '.join(params)}, got {', '.join(gradients)}")
    for name, value in params.items():
        if np.shape(gradients[name]) != value.shape:
            shape = np.shape(gradients[name])
            raise ValueError(f"gradient of {name} must have shape {value.shape}, got {shape}")
        if not np.isfinite(gradients[name]).all():
            raise ValueError(f"gradient of {name} holds NaN or infinity")
    return list(gradients.items())
