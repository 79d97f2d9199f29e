"""Time-delay network: a tapped delay line before a feed-forward layer.

    h_t = f(U_0 x_t + U_1 x_{t-1} + ... + U_{n-1} x_{t-n+1} + b)       n inputs, the window
    y_t = g(V h_t + c)

The same weights at every moment make the first line a convolution in time.
Waibel, A., Hanazawa, T., Hinton, G., Shikano, K., Lang, K. J. (1989).
Phoneme recognition using time-delay neural networks. IEEE Trans. ASSP 37, 328-339.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rnncore.activations import activation
from rnncore.arrays import flat, uniform, whole
from rnncore.layers import Layer
from rnncore.networks import Edge, Network, Node


class Tape(NamedTuple):
    """What the forward pass has to remember so that the backward pass can run."""

    line: np.ndarray  # (n - 1 + T, B, I) the delay line: what came before, then the inputs
    h: np.ndarray  # (T, B, H) the hidden layer
    y: np.ndarray  # (T, B, O) the outputs

    @property
    def x(self):
        """(T, B, I) the inputs."""
        return self.line[len(self.line) - len(self.h) :]

    @property
    def state(self):
        """(n - 1, B, I) the last inputs, which the next chunk of the same sequences needs."""
        return self.line[len(self.h) :]


class TDNN(Layer):
    """Time-delay network: sees the last `window` inputs, and nothing older.

    Parameters
    ----------
    inputs, window, hidden, outputs : int
        I features, n >= 1 inputs in the window, H hidden and O output units.
    rng : numpy.random.Generator
        Draws the weights, uniform on +-1/sqrt(number of inputs to the unit).
    hidden_activation, output_activation : str
        f and g, names in `rnncore.activations.ACTIVATIONS`.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        U (n, H, I), U[d] for the input d steps ago; b (H,), V (O, H), c (O,).

    Examples
    --------
    >>> net = TDNN(2, 5, 3, 1, rng=np.random.default_rng(0))
    >>> y, tape = net.forward(np.ones((7, 4, 2)))
    >>> y.shape, tape.state.shape
    ((7, 4, 1), (4, 4, 2))
    """

    Tape = Tape

    def __init__(
        self, inputs, window, hidden, outputs, *, rng,
        hidden_activation="tanh", output_activation="identity", dtype=np.float64,
    ):  # fmt: skip
        inputs, window = whole(inputs, "inputs"), whole(window, "window")
        hidden, outputs = whole(hidden, "hidden"), whole(outputs, "outputs")
        self.f = activation(hidden_activation, "hidden_activation")
        self.g = activation(output_activation, "output_activation")
        self.names = hidden_activation, output_activation
        taps = uniform(rng, hidden, window * inputs, dtype=dtype).reshape(hidden, window, inputs)
        super().__init__(
            inputs, outputs,
            U=np.ascontiguousarray(taps.transpose(1, 0, 2)),
            b=np.zeros(hidden, dtype),
            V=uniform(rng, outputs, hidden, dtype=dtype),
            c=np.zeros(outputs, dtype),
        )  # fmt: skip

    def state_shape(self, batch):
        """Return (n - 1, B, I): what stands in the delay line before the first input."""
        return len(self.params["U"]) - 1, batch, self.inputs

    def _forward(self, x, state):
        U, b, V, c = map(self.params.get, "UbVc")
        line = np.concatenate([state, x])
        taps = _windows(line, len(U))
        h = self.f.f(np.einsum("tbin,nhi->tbh", taps, U, optimize=True) + b)
        return Tape(line, h, self.g.f(h @ V.T + c))

    def _backward(self, dy, tape, dstate):
        U, V = self.params["U"], self.params["V"]
        window, steps = len(U), len(dy)
        dout = dy * self.g.slope(tape.y)
        dz = (dout @ V) * self.f.slope(tape.h)
        gradients = {
            "U": np.einsum("tbh,tbin->nhi", dz, _windows(tape.line, window), optimize=True),
            "b": flat(dz).sum(axis=0),
            "V": flat(dout).T @ flat(tape.h),
            "c": flat(dout).sum(axis=0),
        }
        # Each input was seen once from each place in the window.
        dline = np.zeros_like(tape.line)
        for delay in range(window):
            start = window - 1 - delay
            dline[start : start + steps] += dz @ U[delay]
        dline[steps:] += dstate
        return dline[window - 1 :], gradients, dline[: window - 1]

    def network(self):
        """Describe the network as a graph: one edge for each place in the window."""
        window, hidden, inputs = self.params["U"].shape
        return Network(
            [
                Node("x", inputs, "input"),
                Node("h", hidden, "hidden", self.names[0], bias="b"),
                Node("y", self.outputs, "output", self.names[1], bias="c"),
            ],
            [Edge("x", "h", delay=d, weight=f"U{d}") for d in range(window)]
            + [Edge("h", "y", weight="V")],
        )

    def weights(self):
        """Name the weights as in the graph: U0 for the input now, U1 for the one before."""
        rest = {name: value for name, value in self.params.items() if name != "U"}
        return {f"U{d}": tap for d, tap in enumerate(self.params["U"])} | rest


def _windows(line, window):
    """View the delay line as (T, B, I, n): at each step the last n inputs, the newest first."""
    return sliding_window_view(line, window, axis=0)[..., ::-1]
