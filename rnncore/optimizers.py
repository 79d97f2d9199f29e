"""Optimizers: how the gradient moves the parameters.

    SGD        p <- p - rate * velocity               velocity: gradients, those before fading
    Adagrad    p <- p - rate * gradient / (sqrt(s) + epsilon)    s: sum of gradient^2
    RMSProp    p <- p - rate * gradient / (sqrt(v) + epsilon)    v: fading mean of gradient^2
    Adam       p <- p - rate * m / (sqrt(v) + epsilon)           m: fading mean of gradient

`step` changes the arrays of the parameters in place, so that the layer needs no telling.
"""

from collections.abc import Mapping

import numpy as np

from rnncore.arrays import finite, number, said, shaped
from rnncore.parameters import named


class Optimizer:
    """What all optimizers have: the arrays that they move, and the learning rate.

    An optimizer belongs to arrays: it is made with `layer.params` and moves those arrays for good.

    Attributes
    ----------
    params : dict of str to array
    rate : float
        The learning rate, greater than 0; it may be set anew at any time.
    """

    def __init__(self, params, rate):
        if not isinstance(params, Mapping) or not params:
            raise TypeError(f"params must be a dict of arrays, as layer.params; got {said(params)}")
        for name, value in params.items():
            if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
                got = f"{said(value)} as {name}"
                raise TypeError(f"params must be arrays of floating-point numbers, got {got}")
            finite(value, name, value.dtype)
            if not value.flags.writeable:
                raise ValueError(
                    f"params must be arrays that can be moved, and {name} is read-only"
                )
        self.params, self.rate = dict(params), rate

    @property
    def rate(self):
        """The learning rate."""
        return self._rate

    @rate.setter
    def rate(self, rate):
        self._rate = number(rate, "rate", above=0)

    def holds(self, params):
        """Say whether these are the very arrays that the optimizer moves."""
        return params.keys() == self.params.keys() and all(
            value is self.params[name] for name, value in params.items()
        )

    def step(self, gradients):
        """Take one step; `gradients` has the names and shapes of the parameters.

        Raises ValueError where they do not fit or are not finite; then nothing has moved.
        """
        named(gradients, self.params, "gradients")
        checked = {
            name: shaped(gradients[name], value.shape, f"gradient of {name}", value.dtype)
            for name, value in self.params.items()
        }
        self._step(checked)

    def _zeros(self):
        return {name: np.zeros_like(value) for name, value in self.params.items()}


class SGD(Optimizer):
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
        super().__init__(params, rate)
        self.momentum = number(momentum, "momentum", least=0, below=1)
        self.velocity = self._zeros()

    def _step(self, gradients):
        for name, gradient in gradients.items():
            velocity = self.velocity[name]
            velocity *= self.momentum
            velocity += gradient
            self.params[name] -= self.rate * velocity


class Adagrad(Optimizer):
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
        super().__init__(params, rate)
        self.epsilon = number(epsilon, "epsilon", above=0)
        self.s = self._zeros()

    def _step(self, gradients):
        for name, gradient in gradients.items():
            s = self.s[name]
            s += gradient**2
            self.params[name] -= self.rate * gradient / (np.sqrt(s) + self.epsilon)


class RMSProp(Optimizer):
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
        super().__init__(params, rate)
        self.epsilon = number(epsilon, "epsilon", above=0)
        self.decay = number(decay, "decay", least=0, below=1)
        self.v = self._zeros()

    def _step(self, gradients):
        for name, gradient in gradients.items():
            v = self.v[name]
            v += (1 - self.decay) * (gradient**2 - v)
            self.params[name] -= self.rate * gradient / (np.sqrt(v) + self.epsilon)


class Adam(Optimizer):
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
        super().__init__(params, rate)
        self.epsilon = number(epsilon, "epsilon", above=0)
        self.beta1 = number(beta1, "beta1", least=0, below=1)
        self.beta2 = number(beta2, "beta2", least=0, below=1)
        self.steps, self.m, self.v = 0, self._zeros(), self._zeros()

    def _step(self, gradients):
        self.steps += 1
        for name, gradient in gradients.items():
            m, v = self.m[name], self.v[name]
            m += (1 - self.beta1) * (gradient - m)
            v += (1 - self.beta2) * (gradient**2 - v)
            m_hat = m / (1 - self.beta1**self.steps)
            v_hat = v / (1 - self.beta2**self.steps)
            self.params[name] -= self.rate * m_hat / (np.sqrt(v_hat) + self.epsilon)
