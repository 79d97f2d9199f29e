"""Jordan's network: state units that remember what was put out.

    s_t = decay s_{t-1} + y_{t-1}                        state units: fixed weights
    h_t = f(U x_t + W s_t + b)
    y_t = g(V h_t + c)

So a state unit holds a fading trace of what its output unit has put out:

    s_t = y_{t-1} + decay y_{t-2} + decay^2 y_{t-3} + ...

Jordan, M. I. (1986). Serial order: a parallel distributed processing approach.
ICS Report 8604, University of California, San Diego.
"""

from dataclasses import dataclass

import numpy as np

from rnncore.activations import activation
from rnncore.arrays import flat, initial, sequence, uniform
from rnncore.networks import Edge, Network, Node


def trace(y, decay):
    """Return what the state units hold before each step while y is put out, and after the last.

    Parameters
    ----------
    y : array (T, B, O)
        The outputs, step by step.
    decay : float
        What a state unit keeps of itself from step to step, 0 <= decay < 1.

    Returns
    -------
    array (T + 1, B, O)
        s_1 = 0, s_2 = y_1, s_3 = y_2 + decay y_1, ...

    Examples
    --------
    >>> trace([[[1.0]], [[0.0]], [[1.0]]], decay=0.5).ravel()
    array([0.  , 1.  , 0.5 , 1.25])
    """
    y, decay = sequence(y, np.shape(y)[-1], "y"), _decay(decay)
    s = np.zeros((len(y) + 1, *y.shape[1:]), np.result_type(y, float))
    for t in range(len(y)):
        s[t + 1] = decay * s[t] + y[t]
    return s


def _decay(decay):
    if not 0 <= decay < 1:
        raise ValueError(f"decay must be at least 0 and less than 1, got {decay!r}")
    return decay


@dataclass(frozen=True)
class Tape:
    """What the forward pass has to remember so that the backward pass can run."""

    x: np.ndarray  # (T, B, I) the inputs
    s: np.ndarray  # (T + 1, B, O) the state units; s[T] is for the step after the last
    h: np.ndarray  # (T, B, H) the hidden layer
    y: np.ndarray  # (T, B, O) the outputs
    taught: bool  # whether targets, not outputs, went into the state units

    @property
    def state(self):
        """(B, O) the state units for the next chunk of the same sequences."""
        return self.s[-1]


class Jordan:
    """Jordan's network, with the self-decay of its state units.

    Parameters
    ----------
    inputs, hidden, outputs : int
        I, H and O units; there are O state units.
    decay : float
        What a state unit keeps of itself from step to step, 0 <= decay < 1.
    rng : numpy.random.Generator
        Draws the weights, uniform on +-1/sqrt(number of inputs to the unit).
    hidden_activation, output_activation : str
        f and g, names in `rnncore.activations.ACTIVATIONS`.

    Attributes
    ----------
    params : dict
        U (H, I), W (H, O), b (H,), V (O, H), c (O,).

    Examples
    --------
    >>> net = Jordan(2, 3, 1, decay=0.5, rng=np.random.default_rng(0))
    >>> y, tape = net.forward(np.ones((7, 4, 2)))
    >>> y.shape, tape.state.shape
    ((7, 4, 1), (4, 1))
    """

    def __init__(
        self, inputs, hidden, outputs, *, decay=0.0, rng,
        hidden_activation="tanh", output_activation="identity",
    ):  # fmt: skip
        self.decay = _decay(decay)
        self.f, self.g = activation(hidden_activation), activation(output_activation)
        self.names = hidden_activation, output_activation
        self.params = {
            "U": uniform(rng, hidden, inputs),
            "W": uniform(rng, hidden, outputs),
            "b": np.zeros(hidden),
            "V": uniform(rng, outputs, hidden),
            "c": np.zeros(outputs),
        }

    def forward(self, x, state=None, *, teacher=None):
        """Run over x (T, B, I) from the state units (B, O), or zeros; return y (T, B, O), tape.

        With `teacher` (T, B, O), the targets go into the state units in place of the outputs
        (teacher forcing).
        Raises ValueError where a shape does not fit, naming both shapes.
        """
        U, W, b, V, c = self.params.values()
        x = sequence(x, features=U.shape[1])
        steps, batch, _ = x.shape
        first = initial(state, (batch, len(c)))
        if teacher is not None:
            teacher = initial(teacher, (steps, batch, len(c)), "teacher")
        kind = np.result_type(first, x, U, W, b, V, c)
        s = np.empty((steps + 1, batch, len(c)), kind)
        h, y = np.empty((steps, batch, len(b)), kind), np.empty((steps, batch, len(c)), kind)
        s[0] = first

        drive = x @ U.T + b
        for t in range(steps):
            h[t] = self.f.f(drive[t] + s[t] @ W.T)
            y[t] = self.g.f(h[t] @ V.T + c)
            s[t + 1] = self.decay * s[t] + (y[t] if teacher is None else teacher[t])
        return y, Tape(x, s, h, y, teacher is not None)

    def backward(self, dy, tape, dstate=None):
        """Send dL/dy (T, B, O) back through time.

        `dstate` (B, O) is dL/d(last state units) from whatever came after.
        Returns dL/dx (T, B, I), the gradients of the parameters, and dL/d(first state units).
        What a teacher put into the state units has no gradient: there the way back ends.
        """
        U, W, _, V, _ = self.params.values()
        dy = sequence(dy, V.shape[0], "dy")
        slope_f, slope_g = self.f.slope(tape.h), self.g.slope(tape.y)
        dz, dout = np.empty_like(slope_f), np.empty_like(slope_g)
        later = initial(dstate, dy.shape[1:], "dstate")  # dL/d(state units one step later)
        for t in reversed(range(len(dz))):
            dout[t] = (dy[t] + (0.0 if tape.taught else later)) * slope_g[t]
            dz[t] = (dout[t] @ V) * slope_f[t]
            later = dz[t] @ W + self.decay * later
        gradients = {
            "U": flat(dz).T @ flat(tape.x),
            "W": flat(dz).T @ flat(tape.s[:-1]),
            "b": flat(dz).sum(axis=0),
            "V": flat(dout).T @ flat(tape.h),
            "c": flat(dout).sum(axis=0),
        }
        return dz @ U, gradients, later

    def network(self):
        """Describe the network as a graph: one node for each layer, the state units among them."""
        U, W, _, _, _ = self.params.values()
        hidden, inputs, outputs = U.shape[0], U.shape[1], W.shape[1]
        decay = [Edge("state", "state", delay=1, fixed=self.decay)] if self.decay else []
        return Network(
            [
                Node("x", inputs, "input"),
                Node("state", outputs, "context"),
                Node("h", hidden, "hidden", self.names[0], bias="b"),
                Node("y", outputs, "output", self.names[1], bias="c"),
            ],
            [
                Edge("x", "h", weight="U"),
                Edge("state", "h", weight="W"),
                Edge("h", "y", weight="V"),
                Edge("y", "state", delay=1, fixed=1.0),
                *decay,
            ],
        )

    def weights(self):
        """Name the weights as in the graph."""
        return dict(self.params)
