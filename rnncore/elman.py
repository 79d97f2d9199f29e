"""Elman's network: the hidden layer sees a copy of its own previous state, the context units.

    h_t = f(U x_t + W c_t + b),   c_t = h_{t-1}          context: a copy with fixed weight 1
    y_t = g(V h_t + c)

Elman, J. L. (1990). Finding structure in time. Cognitive Science 14, 179-211.
"""

from dataclasses import dataclass

import numpy as np

from rnncore.activations import activation
from rnncore.arrays import flat, initial, sequence, uniform
from rnncore.networks import Edge, Network, Node


@dataclass(frozen=True)
class Tape:
    """What the forward pass has to remember so that the backward pass can run."""

    x: np.ndarray  # (T, B, I) the inputs
    h: np.ndarray  # (T + 1, B, H) the hidden states; h[0] is the first context
    y: np.ndarray  # (T, B, O) the outputs

    @property
    def state(self):
        """(B, H) the last hidden state: the context of the next chunk."""
        return self.h[-1]


class Elman:
    """Elman's simple recurrent network.

    Parameters
    ----------
    inputs, hidden, outputs : int
        I, H and O units.
    rng : numpy.random.Generator
        Draws the weights, uniform on +-1/sqrt(number of inputs to the unit).
    hidden_activation, output_activation : str
        f and g, names in `rnncore.activations.ACTIVATIONS`.

    Attributes
    ----------
    params : dict
        U (H, I), W (H, H), b (H,), V (O, H), c (O,).

    Examples
    --------
    >>> net = Elman(2, 3, 1, rng=np.random.default_rng(0))
    >>> y, tape = net.forward(np.ones((7, 4, 2)))
    >>> y.shape, tape.state.shape
    ((7, 4, 1), (4, 3))
    """

    def __init__(
        self, inputs, hidden, outputs, *, rng,
        hidden_activation="tanh", output_activation="identity",
    ):  # fmt: skip
        self.f, self.g = activation(hidden_activation), activation(output_activation)
        self.names = hidden_activation, output_activation
        self.params = {
            "U": uniform(rng, hidden, inputs),
            "W": uniform(rng, hidden, hidden),
            "b": np.zeros(hidden),
            "V": uniform(rng, outputs, hidden),
            "c": np.zeros(outputs),
        }

    def forward(self, x, state=None):
        """Run over x (T, B, I) from the context (B, H), or zeros; return y (T, B, O) and the tape.

        Raises ValueError where a shape does not fit, naming both shapes.
        """
        U, W, b, V, c = self.params.values()
        x = sequence(x, features=U.shape[1])
        steps, batch, _ = x.shape
        first = initial(state, (batch, len(b)))
        h = np.empty((steps + 1, batch, len(b)), np.result_type(first, x, U, W, b))
        h[0] = first

        h[1:] = x @ U.T + b
        for t in range(steps):
            h[t + 1] = self.f.f(h[t + 1] + h[t] @ W.T)
        y = self.g.f(h[1:] @ V.T + c)
        return y, Tape(x, h, y)

    def backward(self, dy, tape, dstate=None, *, through_time=True):
        """Send dL/dy (T, B, O) back.

        With `through_time` False, by Elman's own procedure of 1990: the context counts as one
        more input, and nothing is propagated further back.  That is truncated BPTT with k = 1.

        `dstate` (B, H) is dL/d(last state) from whatever came after.
        Returns dL/dx (T, B, I), the gradients of the parameters, and dL/d(first context) (B, H).
        """
        U, W, _, V, _ = self.params.values()
        before, now = tape.h[:-1], tape.h[1:]
        dout = sequence(dy, V.shape[0], "dy") * self.g.slope(tape.y)
        dh = dout @ V
        slope = self.f.slope(now)
        dz = np.empty_like(dh)  # dL/d(argument of f), step by step
        later = initial(dstate, dh.shape[1:], "dstate")
        for t in reversed(range(len(dz))):
            dz[t] = (dh[t] + later) * slope[t]
            later = dz[t] @ W if through_time or t == 0 else 0.0
        gradients = {
            "U": flat(dz).T @ flat(tape.x),
            "W": flat(dz).T @ flat(before),
            "b": flat(dz).sum(axis=0),
            "V": flat(dout).T @ flat(now),
            "c": flat(dout).sum(axis=0),
        }
        return dz @ U, gradients, later

    def network(self):
        """Describe the network as a graph: one node for each layer, the context among them."""
        U, _, _, V, _ = self.params.values()
        hidden, inputs, outputs = U.shape[0], U.shape[1], V.shape[0]
        return Network(
            [
                Node("x", inputs, "input"),
                Node("context", hidden, "context"),
                Node("h", hidden, "hidden", self.names[0], bias="b"),
                Node("y", outputs, "output", self.names[1], bias="c"),
            ],
            [
                Edge("x", "h", weight="U"),
                Edge("context", "h", weight="W"),
                Edge("h", "y", weight="V"),
                Edge("h", "context", delay=1, fixed=1.0),
            ],
        )

    def weights(self):
        """Name the weights as in the graph."""
        return dict(self.params)


def train_online(nets, x, target, *, rate, passes=1):
    """Train networks side by side by Elman's procedure of 1990, with an update at every step.

    At each step the context counts as one more input, the gradient of half the squared error of
    this one output is sent back to the weights, and they move before the next step comes.
    Each pass begins with the context that the pass before has left.

    Parameters
    ----------
    nets : sequence of Elman
        N networks of one size and with the same activations; their parameters are changed in place.
    x, target : arrays (T, N, I) and (T, N, O)
        Column n is for network n.
    rate : float
        The learning rate.
    passes : int
        How often to go through the sequence.

    Returns
    -------
    array (passes, N)
        The mean squared error of each pass, measured on the way, while the weights move.

    Examples
    --------
    >>> nets = [Elman(1, 2, 1, rng=np.random.default_rng(seed)) for seed in (0, 1, 2)]
    >>> x = np.ones((50, 3, 1))
    >>> errors = train_online(nets, x, 0.5 * x, rate=0.1, passes=2)
    >>> errors.shape, bool((errors[1] < errors[0]).all())
    ((2, 3), True)
    """
    if len({(net.names, *(p.shape for p in net.params.values())) for net in nets}) != 1:
        raise ValueError("nets must be one or more networks of one size, with the same activations")
    f, g = nets[0].f, nets[0].g
    U, W, b, V, c = (np.stack([net.params[name] for net in nets]) for name in nets[0].params)
    x = sequence(x, U.shape[2])
    x = initial(x, (len(x), len(nets), U.shape[2]), "x")
    target = initial(target, (len(x), *c.shape), "target")

    # All that leads into a layer as one matrix: [context, x, 1] to the hidden units, [h, 1] to y.
    into_h, into_y = np.concatenate([W, U, b[..., None]], 2), np.concatenate([V, c[..., None]], 2)
    hidden, inputs = U.shape[1:]
    below = np.concatenate([np.zeros_like(b), x[0], np.ones((len(nets), 1))], axis=1)
    h = np.ones((len(nets), hidden + 1))
    errors = np.zeros((passes, len(nets)))
    for k in range(passes):
        for t in range(len(x)):
            below[:, hidden:-1] = x[t]
            h[:, :-1] = f.f((into_h @ below[..., None])[..., 0])
            y = g.f((into_y @ h[..., None])[..., 0])
            error = y - target[t]
            errors[k] += (error * error).mean(axis=1)
            dout = rate * error * g.slope(y)
            dz = (dout[:, None] @ into_y)[:, 0, :-1] * f.slope(h[:, :-1])
            into_y -= dout[..., None] * h[:, None]
            into_h -= dz[..., None] * below[:, None]
            below[:, :hidden] = h[:, :-1]
    W, U, b = np.split(into_h, [hidden, hidden + inputs], axis=2)
    V, c = np.split(into_y, [hidden], axis=2)
    for n, net in enumerate(nets):
        for name, value in {"U": U, "W": W, "b": b[..., 0], "V": V, "c": c[..., 0]}.items():
            net.params[name][:] = value[n]
    return errors / len(x)
