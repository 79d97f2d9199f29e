"""Backpropagation through time by hand: a network of one unit, every number kept.

    y(t+1) = f(w x(t) + g y(t))      prediction: the answer belongs to the next moment
    y(t)   = f(w x(t) + g y(t-1))    translation: the answer belongs to the same moment

The two differ in how they number the inputs, and in nothing else.
The worked example is in Behera and Kar (2009); the method is Werbos's (1990).
Plain floats and the standard library only, so that every line can be redone on paper.
"""

import cmath
import math
import sys
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from numbers import Complex, Real
from typing import NamedTuple

from rnncore import worked

CONVENTIONS = {"prediction": -1, "translation": 0}  # time of the input, seen from its output


def logsig(z):
    """Logistic function 1 / (1 + exp(-z)) of a real or complex z, without overflow."""
    exp = (cmath if isinstance(_kind(z, "z", Complex), complex) else math).exp
    if z.real >= 0:
        return 1 / (1 + exp(-z))
    return exp(z) / (1 + exp(z))


def tanh(z):
    """Hyperbolic tangent of a real or complex z."""
    return (cmath if isinstance(_kind(z, "z", Complex), complex) else math).tanh(z)


class Activation(NamedTuple):
    """A function and its derivative; the derivative is written in terms of y = f(z)."""

    f: Callable
    slope: Callable


ACTIVATIONS = {
    "logsig": Activation(logsig, lambda y: y * (1 - y)),
    "tanh": Activation(tanh, lambda y: 1 - y * y),
    "identity": Activation(lambda z: z, lambda y: 1.0),
}


@dataclass(frozen=True)
class Step:
    """One copy of the unit in the unfolded network, with all that passes through it."""

    t: int  # time of the output
    x: float  # the input that it reads
    y_before: float  # the output before, which comes back
    z: float  # net input, w x + g y_before
    y: float  # output, f(z)
    slope: float  # f'(z)
    target: float
    error: float  # target - y
    from_later: float  # g delta of the step after: what the future asks of this output
    delta: float  # f'(z) (error + from_later)
    increment_w: float  # learning_rate delta x
    increment_g: float  # learning_rate delta y_before


@dataclass(frozen=True)
class Run:
    """A forward pass, a backward pass and one update, with every number on the way.

    `y`, `error`, `delta`, `increment_w`, `increment_g` (and every other field of `Step`) are
    tuples of floats in time order, one entry a step.
    Print it for a table; print `worked()` for the calculation line by line.
    """

    w: float
    g: float
    learning_rate: float
    activation: str
    convention: str
    steps: tuple[Step, ...]

    def __getattr__(self, name):
        if name not in Step.__dataclass_fields__:
            raise AttributeError(f"Run has no attribute {name!r}")
        return tuple(getattr(step, name) for step in self.steps)

    @property
    def loss(self):
        """L, half the sum of the squared errors."""
        return sum(e * e for e in self.error) / 2

    @property
    def dloss_dw(self):
        """dL/dw, the sum over the steps of -delta x."""
        return -sum(s.delta * s.x for s in self.steps)

    @property
    def dloss_dg(self):
        """dL/dg, the sum over the steps of -delta y_before."""
        return -sum(s.delta * s.y_before for s in self.steps)

    @property
    def w_new(self):
        """The input weight after the one update that sums the increments."""
        return self.w + sum(self.increment_w)

    @property
    def g_new(self):
        """The feedback weight after the one update that sums the increments."""
        return self.g + sum(self.increment_g)

    @property
    def updated(self):
        """The network with the new weights, ready for the next pass."""
        return ScalarRNN(self.w_new, self.g_new, self.activation)

    @property
    def shift(self):
        """The time of the input that leads to y(t), seen from t: -1 or 0."""
        return CONVENTIONS[self.convention]

    def __str__(self):
        return worked.table(self)

    def lines(self):
        """List the calculation line by line, in the order in which one does it by hand."""
        return worked.lines(self)

    def worked(self):
        """Write the calculation out, phase by phase, as one would on paper."""
        return worked.text(self)


class ScalarRNN:
    """A recurrent network of one unit: one input weight, one feedback weight.

    Parameters
    ----------
    w : float
        Weight of the input.
    g : float
        Weight of the unit's own previous output.
    activation : {"logsig", "tanh", "identity"}
        The function f.

    Raises
    ------
    ValueError, TypeError
        Where a weight is not a finite number, or the activation is unknown.

    Examples
    --------
    >>> net = ScalarRNN(w=0.3, g=0.4)
    >>> run = net.bptt(x=[0.05, 0.10], target=[0.60, 0.75], learning_rate=0.5)
    >>> print(f"{run.w_new:.4f} {run.g_new:.4f}")
    0.3031 0.4120
    """

    def __init__(self, w, g, activation="logsig"):
        self.w = _number(w, "w")
        self.g = _number(g, "g")
        self.activation = _choice(activation, "activation", ACTIVATIONS)

    def __repr__(self):
        return f"ScalarRNN(w={self.w:.4g}, g={self.g:.4g}, activation={self.activation!r})"

    def forward(self, x, y0=0.0):
        """Return the outputs y(1), ..., y(T) as a tuple of floats, for inputs x of length T.

        Raises ValueError or TypeError where x is empty or holds anything but finite numbers.
        """
        return tuple(outputs(_number(self.w, "w"), _number(self.g, "g"), x, y0, self.activation))

    def bptt(self, x, target, *, y0=0.0, learning_rate=0.5, convention="prediction"):
        """Run forward through the sequence, then back, and work out one update.

            δ(t) = f'(z(t)) (e(t) + g δ(t+1)),   e = target - y,   δ(T+1) = 0

        Nothing changes in the network: the new weights are in the result.

        Parameters
        ----------
        x, target : sequence of float
            Inputs, and what the outputs should be: T numbers each, T >= 1.
        y0 : float
            The output before the first step.
        learning_rate : float
            η >= 0.
        convention : {"prediction", "translation"}
            How the inputs are numbered: x(t-1) leads to y(t), or x(t) does.

        Returns
        -------
        Run

        Raises
        ------
        ValueError, TypeError
            Where an argument does not fit, naming it.
        """
        x, target = _pair(x, target)
        y0, eta = _number(y0, "y0"), _number(learning_rate, "learning_rate")
        if eta < 0:
            raise ValueError(f"learning_rate must not be negative, got {eta:g}")
        _choice(convention, "convention", CONVENTIONS)
        w, g = _number(self.w, "w"), _number(self.g, "g")
        slope_of = ACTIVATIONS[self.activation].slope

        y = outputs(w, g, x, y0, self.activation)
        if not math.isfinite(sum(y)):
            raise ValueError(f"the outputs overflow: w={w:g} and g={g:g} are too large for this x")
        before = [y0, *y[:-1]]

        steps = []
        from_later = 0.0  # nothing comes after the last step
        for t in reversed(range(len(x))):
            slope = slope_of(y[t])
            error = target[t] - y[t]
            delta = slope * (error + from_later)
            steps.append(
                Step(
                    t=t + 1, x=x[t], y_before=before[t], z=w * x[t] + g * before[t], y=y[t],
                    slope=slope, target=target[t], error=error, from_later=from_later,
                    delta=delta,
                    increment_w=eta * delta * x[t], increment_g=eta * delta * before[t],
                )
            )  # fmt: skip
            from_later = g * delta
        return Run(w, g, eta, self.activation, convention, tuple(reversed(steps)))


def outputs(w, g, x, y0=0.0, activation="logsig"):
    """List the outputs y(1), ..., y(T) of the unit; the weights may be complex (see `loss`).

    Raises ValueError or TypeError where an argument does not fit, naming it.
    """
    w, g = (_number(weight, name, Complex) for weight, name in ((w, "w"), (g, "g")))
    f = ACTIVATIONS[_choice(activation, "activation", ACTIVATIONS)].f
    y = [_number(y0, "y0")]
    for value in _numbers(x, "x"):
        y.append(f(w * value + g * y[-1]))
    return y[1:]


def loss(w, g, x, target, y0=0.0, activation="logsig"):
    """L(w, g) = 1/2 sum of (target - y)^2, as a plain function of the two weights.

    It knows nothing of backpropagation, so its slope, taken from outside, checks the gradient.
    The weights may be complex: Im L(w + ih, g) / h is dL/dw to the last digit
    (the complex step of Squire and Trapp, 1998).

    >>> print(f"{loss(0.3, 0.4, [0.05, 0.10], [0.60, 0.75]):.4f}")
    0.0231
    """
    x, target = _pair(x, target)
    errors = [a - b for a, b in zip(target, outputs(w, g, x, y0, activation), strict=True)]
    return sum(e * e for e in errors) / 2


def _kind(value, name, kind=Real):
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError(f"{name} must be a number, got {value!r:.60}")
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        raise ValueError(f"{name} must be finite, and is beyond the range of floats")
    return value


def _number(value, name, kind=Real):
    _kind(value, name, kind)
    try:
        number = float(value) if isinstance(value, Real) else complex(value)
    except OverflowError:
        raise ValueError(f"{name} must be finite, and is beyond the range of floats") from None
    if not cmath.isfinite(number):
        raise ValueError(f"{name} must be finite, got {number}")
    return number


def _numbers(values, name):
    if isinstance(values, str | bytes | Set | Mapping) or not getattr(
        values, "shape", hasattr(values, "__len__")
    ):
        raise TypeError(f"{name} must be a sequence of numbers, got {values!r:.60}")
    numbers = [_number(value, f"{name}[{k}]") for k, value in enumerate(values)]
    if not numbers:
        raise ValueError(f"{name} must have at least one entry, got none")
    return numbers


def _pair(x, target):
    x, target = _numbers(x, "x"), _numbers(target, "target")
    if len(x) != len(target):
        raise ValueError(
            f"x and target must have one entry a step each, got {len(x)} and {len(target)}"
        )
    return x, target


def _choice(value, name, allowed):
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}; got {value!r}")
    return value
