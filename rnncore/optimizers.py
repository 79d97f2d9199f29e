"""Optimizers: how the gradient moves the parameters.

    SGD        p <- p - rate * velocity               velocity: gradients, those before fading
    Adagrad    p <- p - rate * gradient / (sqrt(s) + epsilon)    s: sum of gradient^2
    RMSProp    p <- p - rate * gradient / (sqrt(v) + epsilon)    v: fading mean of gradient^2
    Adam       p <- p - rate * m / (sqrt(v) + epsilon)           m: fading mean of gradient

`step` changes the arrays of the parameters in place, so that the layer needs no telling.
"""

import numpy as np

from rnncore.arrays import finite


class SGD:
    """Gradient descent: a step against the gradient, `rate` times as long.

        velocity <- momentum * velocity + gradient
        p <- p - rate * velocity

    Polyak, B. T. (1964). Some methods of speeding up the convergence of iteration methods.
    USSR Computational Mathematics and Mathematical Physics 4, 1-17.

    Parameters
    ----------
    params : dict of str to array
        As in `layer.params`.
    rate : float
        The learning rate, greater than 0.
    momentum : float
        What is kept of the velocity, 0 <= momentum < 1.  With 0 it is plain gradient descent.

    Examples
    --------
    >>> params = {"w": np.array([1.0])}
    >>> SGD(params, rate=0.1).step({"w": np.array([2.0])})
    >>> params["w"]
    array([0.8])
    """

    def __init__(self, params, rate, *, momentum=0.0):
        self.params, self.rate = params, _positive(rate)
        self.momentum = _share("momentum", momentum)
        self.velocity = {name: np.zeros_like(value) for name, value in params.items()}

    def step(self, gradients):
        """Take one step; `gradients` has the names and shapes of the parameters."""
        for name, gradient in _matched(self.params, gradients):
            velocity = self.velocity[name]
            velocity *= self.momentum
            velocity += gradient
            self.params[name] -= self.rate * velocity


class Adagrad:
    """Adagrad: the more a parameter has been asked to move so far, the shorter its steps.

        s <- s + gradient^2
        p <- p - rate * gradient / (sqrt(s) + epsilon)

    Duchi, J., Hazan, E. and Singer, Y. (2011). Adaptive subgradient methods for online learning
    and stochastic optimization. JMLR 12, 2121-2159.

    Parameters
    ----------
    params : dict of str to array
        As in `layer.params`.
    rate : float
        The learning rate, greater than 0: how far a parameter goes in its first step.
    epsilon : float
        Keeps the division from 0.

    Examples
    --------
    >>> params = {"w": np.array([1.0])}
    >>> optimizer = Adagrad(params, rate=0.1)
    >>> for _ in range(2):
    ...     optimizer.step({"w": np.array([5.0])})
    >>> params["w"].round(4)
    array([0.8293])
    """

    def __init__(self, params, rate, *, epsilon=1e-8):
        self.params, self.rate, self.epsilon = params, _positive(rate), epsilon
        self.s = {name: np.zeros_like(value) for name, value in params.items()}

    def step(self, gradients):
        """Take one step; `gradients` has the names and shapes of the parameters."""
        for name, gradient in _matched(self.params, gradients):
            s = self.s[name]
            s += gradient**2
            self.params[name] -= self.rate * gradient / (np.sqrt(s) + self.epsilon)


class RMSProp:
    """RMSProp: as Adagrad, but what was long ago is forgotten.

        v <- decay * v + (1 - decay) * gradient^2
        p <- p - rate * gradient / (sqrt(v) + epsilon)

    Tieleman, T. and Hinton, G. (2012). Lecture 6.5, RMSProp. Neural Networks for Machine
    Learning, Coursera.

    Parameters
    ----------
    params : dict of str to array
        As in `layer.params`.
    rate : float
        The learning rate, greater than 0.
    decay : float
        What v keeps of itself at each step, 0 <= decay < 1.
    epsilon : float
        Keeps the division from 0.

    Examples
    --------
    >>> params = {"w": np.array([1.0])}
    >>> RMSProp(params, rate=0.1, decay=0.75).step({"w": np.array([5.0])})
    >>> params["w"].round(4)
    array([0.8])
    """

    def __init__(self, params, rate, *, decay=0.99, epsilon=1e-8):
        self.params, self.rate, self.epsilon = params, _positive(rate), epsilon
        self.decay = _share("decay", decay)
        self.v = {name: np.zeros_like(value) for name, value in params.items()}

    def step(self, gradients):
        """Take one step; `gradients` has the names and shapes of the parameters."""
        for name, gradient in _matched(self.params, gradients):
            v = self.v[name]
            v += (1 - self.decay) * (gradient**2 - v)
            self.params[name] -= self.rate * gradient / (np.sqrt(v) + self.epsilon)


class Adam:
    """Adam: the step of each parameter is divided by how large its gradients lately were.

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
        self.params, self.rate, self.epsilon = params, _positive(rate), epsilon
        self.beta1, self.beta2 = _share("beta1", beta1), _share("beta2", beta2)
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


def _share(name, value):
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and less than 1, got {value!r}")
    return value


def _matched(params, gradients):
    """Pair the names of the parameters with their gradients, all checked before anything moves."""
    if gradients.keys() != params.keys():
        raise ValueError(f"gradients must be of {', '.join(params)}, got {', '.join(gradients)}")
    for name, value in params.items():
        if np.shape(gradients[name]) != value.shape:
            shape = np.shape(gradients[name])
            raise ValueError(f"gradient of {name} must have shape {value.shape}, got {shape}")
        finite(gradients[name], f"gradient of {name}")
    return list(gradients.items())
