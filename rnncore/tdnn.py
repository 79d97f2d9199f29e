"""Time-delay network: a tapped delay line before a feed-forward layer.

    h_t = f(U_0 x_t + U_1 x_{t-1} + ... + U_{w-1} x_{t-w+1} + b)       w inputs, the window
    y_t = g(V h_t + c)

The same weights at every moment make the first line a convolution in time.
Waibel, A., Hanazawa, T., Hinton, G., Shikano, K., Lang, K. J. (1989).
Phoneme recognition using time-delay neural networks. IEEE Trans. ASSP 37, 328-339.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rnncore.activations import activation
from rnncore.arrays import flat, initial, sequence, uniform
from rnncore.networks import Edge, Network, Node


@dataclass(frozen=True)
class Tape:
    """What the forward pass has to remember so that the backward pass can run."""

    line: np.ndarray  # (w - 1 + T, B, I) the delay line: what came before, then the inputs
    h: np.ndarray  # (T, B, H) the hidden layer
    y: np.ndarray  # (T, B, O) the outputs

    @property
    def state(self):
        """(w - 1, B, I) the last inputs, which the next chunk of the same sequences needs."""
        return self.line[len(self.h) :]


class TDNN:
    """Time-delay network: sees the last `window` inputs, and nothing older.

    Parameters
    ----------
    inputs, window, hidden, outputs : int
        I features, w >= 1 inputs in the window, H hidden and O output units.
    rng : numpy.random.Generator
        Draws the weights, uniform on +-1/sqrt(number of inputs to the unit).
    hidden_activation, output_activation : str
        f and g, names in `rnncore.activations.ACTIVATIONS`.

    Attributes
    ----------
    params : dict
        U (w, H, I), U[d] for the input d steps ago; b (H,), V (O, H), c (O,).

    Examples
    --------
    >>> net = TDNN(2, 5, 3, 1, rng=np.random.default_rng(0))
    >>> y, tape = net.forward(np.ones((7, 4, 2)))
    >>> y.shape, tape.state.shape
    ((7, 4, 1), (4, 4, 2))
    """

    def __init__(
        self, inputs, window, hidden, outputs, *, rng,
        hidden_activation="tanh", output_activation="identity",
    ):  # fmt: skip
        if window < 1:
            raise ValueError(f"window must be at least 1, got {window!r}")
        self.f, self.g = activation(hidden_activation), activation(output_activation)
        self.names = hidden_activation, output_activation
        taps = uniform(rng, hidden, window * inputs).reshape(hidden, window, inputs)
        self.params = {
            "U": np.ascontiguousarray(taps.transpose(1, 0, 2)),
            "b": np.zeros(hidden),
            "V": uniform(rng, outputs, hidden),
            "c": np.zeros(outputs),
        }

    def forward(self, x, state=None):
        """Run over x (T, B, I) after the inputs (w - 1, B, I), or zeros; return y (T, B, O), tape.

        Raises ValueError where a shape does not fit, naming both shapes.
        """
        U, b, V, c = self.params.values()
        window, _, inputs = U.shape
        x = sequence(x, features=inputs)
        before = initial(state, (window - 1, x.shape[1], inputs))
        line = np.concatenate([before, x])

        h = self.f.f(np.einsum("tbiw,whi->tbh", _windows(line, window), U, optimize=True) + b)
        y = self.g.f(h @ V.T + c)
        return y, Tape(line, h, y)

    def backward(self, dy, tape, dstate=None):
        """Send dL/dy (T, B, O) back.

        `dstate` (w - 1, B, I) is dL/d(last inputs) from whatever came after.
        Returns dL/dx (T, B, I), the gradients of the parameters, and dL/d(inputs before the first).
        """
        U, _, V, _ = self.params.values()
        window, _, inputs = U.shape
        dout = sequence(dy, V.shape[0], "dy") * self.g.slope(tape.y)
        dz = (dout @ V) * self.f.slope(tape.h)
        steps, batch, _ = dz.shape
        gradients = {
            "U": np.einsum("tbh,tbiw->whi", dz, _windows(tape.line, window), optimize=True),
            "b": flat(dz).sum(axis=0),
            "V": flat(dout).T @ flat(tape.h),
            "c": flat(dout).sum(axis=0),
        }
        # Each input was seen once from each place in the window.
        dline = np.zeros(tape.line.shape, np.result_type(dz, U))
        for delay in range(window):
            start = window - 1 - delay
            dline[start : start + steps] += dz @ U[delay]
        if window > 1:
            dline[steps:] += initial(dstate, (window - 1, batch, inputs), "dstate")
        return dline[window - 1 :], gradients, dline[: window - 1]

    def network(self):
        """Describe the network as a graph: one edge for each place in the window."""
        U, _, V, _ = self.params.values()
        window, hidden, inputs = U.shape
        return Network(
            [
                Node("x", inputs, "input"),
                Node("h", hidden, "hidden", self.names[0], bias="b"),
                Node("y", V.shape[0], "output", self.names[1], bias="c"),
            ],
            [Edge("x", "h", delay=d, weight=f"U{d}") for d in range(window)]
            + [Edge("h", "y", weight="V")],
        )

    def weights(self):
        """Name the weights as in the graph: U0 for the input now, U1 for the one before."""
        rest = {name: value for name, value in self.params.items() if name != "U"}
        return {f"U{d}": tap for d, tap in enumerate(self.params["U"])} | rest


def _windows(line, window):
    """View the delay line as (T, B, I, w): at each step the last w inputs, the newest first."""
    return sliding_window_view(line, window, axis=0)[..., ::-1]
