"""Jordan's network: state units that remember what was put out.

    s_t = decay s_{t-1} + y_{t-1}                        state units: fixed weights
    h_t = f(U x_t + W s_t + b)
    y_t = g(V h_t + c)

So a state unit holds a fading trace of what its output unit has put out:

    s_t = y_{t-1} + decay y_{t-2} + decay^2 y_{t-3} + ...

Jordan, M. I. (1986). Serial order: a parallel distributed processing approach.
ICS Report 8604, University of California, San Diego.
"""

from typing import NamedTuple

import numpy as np

from rnncore.activations import activation
from rnncore.arrays import flat, number, sequence, shaped, uniform, whole
from rnncore.layers import Layer
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
    y, decay = sequence(y, name="y"), number(decay, "decay", least=0, below=1)
    s = np.zeros((len(y) + 1, *y.shape[1:]), y.dtype)
    for t in range(len(y)):
        s[t + 1] = decay * s[t] + y[t]
    return s


class Tape(NamedTuple):
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


class Jordan(Layer):
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
    dtype : numpy dtype
        float64 or float32.

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

    Tape = Tape

    def __init__(
        self, inputs, hidden, outputs, *, decay=0.0, rng,
        hidden_activation="tanh", output_activation="identity", dtype=np.float64,
    ):  # fmt: skip
        inputs, hidden = whole(inputs, "inputs"), whole(hidden, "hidden")
        outputs = whole(outputs, "outputs")
        self.decay = number(decay, "decay", least=0, below=1)
        self.f = activation(hidden_activation, "hidden_activation")
        self.g = activation(output_activation, "output_activation")
        self.names = hidden_activation, output_activation
        super().__init__(
            inputs, outputs,
            U=uniform(rng, hidden, inputs, dtype=dtype),
            W=uniform(rng, hidden, outputs, dtype=dtype),
            b=np.zeros(hidden, dtype),
            V=uniform(rng, outputs, hidden, dtype=dtype),
            c=np.zeros(outputs, dtype),
        )  # fmt: skip

    def state_shape(self, batch):
        """Return (B, O)."""
        return batch, self.outputs

    def forward(self, x, state=None, *, teacher=None):
        """Run over x (T, B, I), as every layer does; see `rnncore.layers.Layer.forward`.

        With `teacher` (T, B, O), the targets go into the state units in place of the outputs
        (teacher forcing).
        """
        return super().forward(x, state, teacher)

    def _forward(self, x, state, teacher):
        U, W, b, V, c = map(self.params.get, "UWbVc")
        steps, batch, _ = x.shape
        taught = teacher is not None
        if taught:
            teacher = shaped(teacher, (steps, batch, len(c)), "teacher", x.dtype)
        s = np.empty((steps + 1, batch, len(c)), x.dtype)
        h, y = np.empty((steps, batch, len(b)), x.dtype), np.empty((steps, batch, len(c)), x.dtype)
        s[0] = state

        drive = x @ U.T + b
        for t in range(steps):
            h[t] = self.f.f(drive[t] + s[t] @ W.T)
            y[t] = self.g.f(h[t] @ V.T + c)
            s[t + 1] = self.decay * s[t] + (teacher[t] if taught else y[t])
        return Tape(x, s, h, y, taught)

    def _backward(self, dy, tape, dstate):
        """Send dL/dy back; what a teacher put into the state units ends the way back there."""
        U, W, V = map(self.params.get, "UWV")
        slope_f, slope_g = self.f.slope(tape.h), self.g.slope(tape.y)
        dz, dout = np.empty_like(slope_f), np.empty_like(slope_g)
        later = dstate  # dL/d(state units one step later)
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
        hidden, outputs = len(self.params["b"]), self.outputs
        decay = [Edge("state", "state", delay=1, fixed=self.decay)] if self.decay else []
        return Network(
            [
                Node("x", self.inputs, "input"),
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
