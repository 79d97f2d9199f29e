"""Elman's network: the hidden layer sees a copy of its own previous state, the context units.

    h_t = f(U x_t + W c_t + b),   c_t = h_{t-1}          context: a copy with fixed weight 1
    y_t = g(V h_t + c)

Elman, J. L. (1990). Finding structure in time. Cognitive Science 14, 179-211.
"""

from typing import NamedTuple

import numpy as np

from rnncore.activations import activation
from rnncore.arrays import flat, number, numbers, said, shaped, uniform, whole
from rnncore.layers import Layer
from rnncore.networks import Edge, Network, Node


class Tape(NamedTuple):
    """What the forward pass has to remember so that the backward pass can run."""

    x: np.ndarray  # (T, B, I) the inputs
    h: np.ndarray  # (T + 1, B, H) the hidden states; h[0] is the first context
    y: np.ndarray  # (T, B, O) the outputs

    @property
    def state(self):
        """(B, H) the last hidden state: the context of the next chunk."""
        return self.h[-1]


class Elman(Layer):
    """Elman's simple recurrent network.

    Parameters
    ----------
    inputs, hidden, outputs : int
        I, H and O units.
    rng : numpy.random.Generator
        Draws the weights, uniform on +-1/sqrt(number of inputs to the unit).
    hidden_activation, output_activation : str
        f and g, names in `rnncore.activations.ACTIVATIONS`.
    dtype : numpy dtype
        float64 or float32.

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

    Tape = Tape

    def __init__(
        self, inputs, hidden, outputs, *, rng,
        hidden_activation="tanh", output_activation="identity", dtype=np.float64,
    ):  # fmt: skip
        inputs, hidden = whole(inputs, "inputs"), whole(hidden, "hidden")
        outputs = whole(outputs, "outputs")
        self.f = activation(hidden_activation, "hidden_activation")
        self.g = activation(output_activation, "output_activation")
        self.names = hidden_activation, output_activation
        super().__init__(
            inputs, outputs,
            U=uniform(rng, hidden, inputs, dtype=dtype),
            W=uniform(rng, hidden, hidden, dtype=dtype),
            b=np.zeros(hidden, dtype),
            V=uniform(rng, outputs, hidden, dtype=dtype),
            c=np.zeros(outputs, dtype),
        )  # fmt: skip

    def state_shape(self, batch):
        """Return (B, H)."""
        return batch, len(self.params["b"])

    def _forward(self, x, state):
        U, W, b, V, c = map(self.params.get, "UWbVc")
        steps, batch, _ = x.shape
        h = np.empty((steps + 1, batch, len(b)), x.dtype)
        h[0] = state
        h[1:] = x @ U.T + b
        for t in range(steps):
            h[t + 1] = self.f.f(h[t + 1] + h[t] @ W.T)
        return Tape(x, h, self.g.f(h[1:] @ V.T + c))

    def backward(self, dy, tape, dstate=None, *, through_time=True):
        """Send dL/dy (T, B, O) back, as every layer does; see `rnncore.layers.Layer.backward`.

        With `through_time` False, by Elman's own procedure of 1990: the context counts as one
        more input, and nothing is propagated further back.  That is truncated BPTT with k = 1.
        """
        return super().backward(dy, tape, dstate, through_time)

    def _backward(self, dy, tape, dstate, through_time):
        U, W, V = map(self.params.get, "UWV")
        before, now = tape.h[:-1], tape.h[1:]
        dout = dy * self.g.slope(tape.y)
        dh = dout @ V
        slope = self.f.slope(now)
        dz = np.empty_like(dh)  # dL/d(argument of f), step by step
        later = dstate
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
        hidden = len(self.params["b"])
        return Network(
            [
                Node("x", self.inputs, "input"),
                Node("context", hidden, "context"),
                Node("h", hidden, "hidden", self.names[0], bias="b"),
                Node("y", self.outputs, "output", self.names[1], bias="c"),
            ],
            [
                Edge("x", "h", weight="U"),
                Edge("context", "h", weight="W"),
                Edge("h", "y", weight="V"),
                Edge("h", "context", delay=1, fixed=1.0),
            ],
        )


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
    if not np.iterable(nets):
        raise TypeError(f"nets must be a list of Elman networks, got {said(nets)}")
    nets = list(nets)
    if not all(isinstance(net, Elman) for net in nets):
        raise TypeError(f"nets must be Elman networks, got {said(nets)}")
    if len({(net.names, *(p.shape for p in net.params.values())) for net in nets}) != 1:
        raise ValueError("nets must be one or more networks of one size, with the same activations")
    if len({id(net) for net in nets}) < len(nets):
        raise ValueError("nets must differ, got one of them twice")
    rate, passes = number(rate, "rate", above=0), whole(passes, "passes")
    f, g = nets[0].f, nets[0].g
    U, W, b, V, c = (np.stack([net.params[name] for net in nets]) for name in "UWbVc")
    x = numbers(x, "x")
    steps = len(x) if x.ndim == 3 else "T"
    x = shaped(x, (steps, len(nets), U.shape[2]), "x", U.dtype)
    target = shaped(target, (steps, *c.shape), "target", U.dtype)

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
