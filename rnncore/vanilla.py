"""The vanilla recurrent layer, its read-out, and their gradients: BPTT in matrix form.

    h_t = f(U x_t + W h_{t-1} + b)        the recurrent layer
    y_t = g(V h_t + c)                    the read-out

The same layer with one matrix, W_b = [W U b]:

    s_t = f(W_b [s_{t-1}, x_t, 1])

The network is Elman's (1990), the gradients are those of Werbos (1990).
"""

from typing import NamedTuple

import numpy as np

from rnncore.activations import activation as activation_of
from rnncore.arrays import flat, instance, uniform, whole
from rnncore.layers import Layer
from rnncore.networks import Edge, Network, Node


class Tape(NamedTuple):
    """What the forward pass has to remember so that the backward pass can run."""

    x: np.ndarray  # (T, B, I) the inputs
    h: np.ndarray  # (T + 1, B, H) the states; h[0] is the one before the first input

    @property
    def y(self):
        """(T, B, H) the outputs: the states after each step."""
        return self.h[1:]

    @property
    def state(self):
        """(B, H) the last state: hand it to the next chunk of the same sequences."""
        return self.h[-1]


class VanillaRNN(Layer):
    """A layer of units that see the input and their own previous state.

        h_t = f(U x_t + W h_{t-1} + b)

    Elman, J. L. (1990). Finding structure in time. Cognitive Science 14, 179-211.
    Werbos, P. J. (1990). Backpropagation through time: what it does and how to do it.
    Proceedings of the IEEE 78, 1550-1560.

    Parameters
    ----------
    inputs, hidden : int
        I features of an input, H hidden units.
    rng : numpy.random.Generator
        Draws the weights: U uniform on +-1/sqrt(I), W on +-1/sqrt(H).
    activation : str
        f, a name in `rnncore.activations.ACTIVATIONS`.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        U (H, I), W (H, H), b (H,).

    Examples
    --------
    >>> layer = VanillaRNN(inputs=3, hidden=5, rng=np.random.default_rng(0))
    >>> h, tape = layer.forward(np.ones((7, 2, 3)))
    >>> h.shape, tape.state.shape
    ((7, 2, 5), (2, 5))
    """

    Tape = Tape

    def __init__(self, inputs, hidden, *, rng, activation="tanh", dtype=np.float64):
        inputs, hidden = whole(inputs, "inputs"), whole(hidden, "hidden")
        self.activation, self.f = activation, activation_of(activation)
        super().__init__(
            inputs, hidden,
            U=uniform(rng, hidden, inputs, dtype=dtype),
            W=uniform(rng, hidden, hidden, dtype=dtype),
            b=np.zeros(hidden, dtype),
        )  # fmt: skip

    def state_shape(self, batch):
        """Return (B, H)."""
        return batch, self.outputs

    def _forward(self, x, state):
        U, W, b = map(self.params.get, "UWb")
        steps, batch, _ = x.shape
        # What the inputs contribute does not wait for the states: one product for all steps.
        drive = (flat(x).dot(U.T) + b).reshape(steps, batch, -1)

        h = np.empty((steps + 1, batch, len(b)), drive.dtype)
        h[0] = now = state
        f, W_T = self.f.f, W.T
        for t in range(steps):
            h[t + 1] = now = f(now.dot(W_T) + drive[t])
        return Tape(x, h)

    def _backward(self, dh, tape, dstate):
        U, W = map(self.params.get, "UW")
        x, h = tape
        dz = self.f.slope(tape.y)  # f' now; dL/d(argument of f) once the loop has passed
        later = dstate
        for t in reversed(range(len(x))):
            now = dz[t]
            now *= dh[t] + later
            later = now.dot(W)

        # The same weights act at every step, so their gradients add up over time:
        # a sum of outer products, which is one matrix product.
        dz = flat(dz)
        gradients = {"U": dz.T.dot(flat(x)), "W": dz.T.dot(flat(h[:-1])), "b": dz.sum(axis=0)}
        return dz.dot(U).reshape(x.shape), gradients, later

    def network(self):
        """Describe the layer as a graph: x -> h, and h -> h one step later."""
        nodes = [
            Node("x", self.inputs, "input"),
            Node("h", self.outputs, "output", self.activation, bias="b"),
        ]
        return Network(nodes, [Edge("x", "h", weight="U"), Edge("h", "h", delay=1, weight="W")])


class AugmentedTape(NamedTuple):
    """What the forward pass of `AugmentedRNN` has to remember."""

    below: np.ndarray  # (T, B, H + I + 1) what W_b was multiplied with: [s_{t-1}, x_t, 1]
    s: np.ndarray  # (T + 1, B, H) the states; s[0] is the one before the first input

    @property
    def x(self):
        """(T, B, I) the inputs."""
        return self.below[:, :, self.s.shape[2] : -1]

    @property
    def y(self):
        """(T, B, H) the outputs: the states after each step."""
        return self.s[1:]

    @property
    def state(self):
        """(B, H) the last state."""
        return self.s[-1]


class AugmentedRNN(Layer):
    """The vanilla layer with its three parameters in one matrix.

        s_t = f(W_b [s_{t-1}, x_t, 1]),   W_b = [W U b]

    The state, the input and a 1 stand one below the other in one vector.

    Parameters
    ----------
    layer : VanillaRNN
        Where f comes from, and the numbers of W_b.

    Attributes
    ----------
    params : dict
        W_b (H, H + I + 1).

    Examples
    --------
    >>> layer = VanillaRNN(3, 2, rng=np.random.default_rng(0))
    >>> one = AugmentedRNN(layer)
    >>> one
    AugmentedRNN(3 -> 2), 12 numbers: W_b (2, 6)
    >>> x = np.ones((7, 4, 3))
    >>> bool(np.allclose(one.forward(x)[0], layer.forward(x)[0]))
    True
    """

    Tape = AugmentedTape

    def __init__(self, layer):
        instance(layer, VanillaRNN, "layer")
        self.activation, self.f = layer.activation, layer.f
        U, W, b = (layer.params[name] for name in "UWb")
        W_b = np.concatenate([W, U, b[:, np.newaxis]], axis=1)
        super().__init__(layer.inputs, layer.outputs, W_b=W_b)

    def state_shape(self, batch):
        """Return (B, H)."""
        return batch, self.outputs

    def _forward(self, x, state):
        W_b, hidden = self.params["W_b"], self.outputs
        steps, batch, _ = x.shape
        s = np.empty((steps + 1, batch, hidden), x.dtype)
        s[0] = state
        below = np.ones((steps, batch, W_b.shape[1]), x.dtype)
        below[:, :, hidden:-1] = x
        for t in range(steps):
            below[t, :, :hidden] = s[t]
            s[t + 1] = self.f.f(below[t].dot(W_b.T))
        return AugmentedTape(below, s)

    def _backward(self, ds, tape, dstate):
        W_b, hidden = self.params["W_b"], self.outputs
        slope = self.f.slope(tape.y)
        dz = np.empty_like(slope)
        dbelow = np.empty_like(tape.below)
        later = dstate
        for t in reversed(range(len(dz))):
            dz[t] = slope[t] * (ds[t] + later)
            dbelow[t] = dz[t].dot(W_b)
            later = dbelow[t, :, :hidden]
        return dbelow[:, :, hidden:-1], {"W_b": flat(dz).T.dot(flat(tape.below))}, later

    network = VanillaRNN.network

    def weights(self):
        """Name the weights as in the graph: U, W and b, the parts of W_b."""
        W_b, hidden = self.params["W_b"], self.outputs
        return {"W": W_b[:, :hidden], "U": W_b[:, hidden:-1], "b": W_b[:, -1]}


class ReadOutTape(NamedTuple):
    """What the forward pass of a `ReadOut` has to remember."""

    x: np.ndarray  # (T, B, H) what was read
    y: np.ndarray  # (T, B, O) the outputs
    state: None = None


class ReadOut(Layer):
    """A layer without memory: the outputs are read from the states, at each step alike.

        y_t = g(V h_t + c)

    It obeys the contract of the layers; its state is None.

    Parameters
    ----------
    hidden, outputs : int
        H features that come in, O that go out.
    rng : numpy.random.Generator
        Draws V, uniform on +-1/sqrt(H).
    activation : str
        g, a name in `rnncore.activations.ACTIVATIONS`; the identity gives logits.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        V (O, H), c (O,).

    Examples
    --------
    >>> out, tape = ReadOut(5, 2, rng=np.random.default_rng(0)).forward(np.ones((7, 3, 5)))
    >>> out.shape
    (7, 3, 2)
    """

    Tape = ReadOutTape

    def __init__(self, hidden, outputs, *, rng, activation="identity", dtype=np.float64):
        hidden, outputs = whole(hidden, "hidden"), whole(outputs, "outputs")
        self.activation, self.g = activation, activation_of(activation)
        V = uniform(rng, outputs, hidden, dtype=dtype)
        super().__init__(hidden, outputs, V=V, c=np.zeros(outputs, dtype))

    def _forward(self, h, state):
        V, c = self.params["V"], self.params["c"]
        o = self.g.f(flat(h).dot(V.T) + c).reshape(*h.shape[:2], -1)
        return ReadOutTape(h, o)

    def _backward(self, do, tape, dstate):
        h, V = tape.x, self.params["V"]
        dz = flat(do * self.g.slope(tape.y))
        gradients = {"V": dz.T.dot(flat(h)), "c": dz.sum(axis=0)}
        return dz.dot(V).reshape(h.shape), gradients, None

    def network(self):
        """Describe the layer as a graph: x -> o."""
        nodes = [
            Node("x", self.inputs, "input"),
            Node("o", self.outputs, "output", self.activation, bias="c"),
        ]
        return Network(nodes, [Edge("x", "o", weight="V")])
