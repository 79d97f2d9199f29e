"""The vanilla recurrent layer, its read-out, and their gradients: BPTT in matrix form.

    h_t = f(U x_t + W h_{t-1} + b)        the recurrent layer
    o_t = g(V h_t + c)                    the read-out

The same layer with one matrix, W_b = [W U b]:

    s_t = f(W_b [s_{t-1}, x_t, 1])

The network is Elman's (1990), the gradients are those of Werbos (1990).
"""

from typing import NamedTuple

import numpy as np

from rnncore.activations import activation as activation_of
from rnncore.arrays import flat, initial, sequence, shaped, uniform


class Tape(NamedTuple):
    """What the forward pass has to remember so that the backward pass can run."""

    x: np.ndarray  # (T, B, I) the inputs
    h: np.ndarray  # (T + 1, B, H) the states; h[0] is the one before the first input

    @property
    def state(self):
        """(B, H) the last state: hand it to the next chunk of the same sequences."""
        return self.h[-1]


class VanillaRNN:
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

    def __init__(self, inputs, hidden, *, rng, activation="tanh", dtype=np.float64):
        self.f = activation_of(activation)
        self.params = {
            "U": uniform(rng, hidden, inputs).astype(dtype),
            "W": uniform(rng, hidden, hidden).astype(dtype),
            "b": np.zeros(hidden, dtype),
        }

    def forward(self, x, state=None):
        """Run over x (T, B, I) from state (B, H), or zeros; return h (T, B, H) and the tape.

        Raises ValueError where a shape does not fit, naming both shapes, or x is not finite.
        """
        U, W, b = self.params.values()
        x = sequence(x, features=U.shape[1])
        steps, batch, _ = x.shape
        # What the inputs contribute does not wait for the states: one product for all steps.
        drive = (flat(x).dot(U.T) + b).reshape(steps, batch, -1)

        now = initial(state, (batch, len(b)), dtype=drive.dtype)
        h = np.empty((steps + 1, batch, len(b)), np.result_type(drive, W, now))
        h[0] = now
        f, W_T = self.f.f, W.T
        for t, from_x in enumerate(drive):
            h[t + 1] = now = f(now.dot(W_T) + from_x)
        return h[1:], Tape(x, h)

    def backward(self, dh, tape, dstate=None):
        """Send dL/dh (T, B, H) back through time.

        `dstate` (B, H) is dL/d(last state) from whatever came after.
        Returns dL/dx (T, B, I), the gradients of the parameters, and dL/d(initial state) (B, H).
        """
        U, W, _ = self.params.values()
        x, h = tape
        dh = shaped(dh, h[1:].shape, "dh")
        later = initial(dstate, h.shape[1:], "dstate", dtype=dh.dtype)

        dz = self.f.slope(h[1:])  # f' now; dL/d(argument of f) once the loop has passed
        for t in reversed(range(len(x))):
            now = dz[t]
            now *= dh[t] + later
            later = now.dot(W)

        # The same weights act at every step, so their gradients add up over time:
        # a sum of outer products, which is one matrix product.
        dz = flat(dz)
        gradients = {"U": dz.T.dot(flat(x)), "W": dz.T.dot(flat(h[:-1])), "b": dz.sum(axis=0)}
        return dz.dot(U).reshape(x.shape), gradients, later


class AugmentedRNN:
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
    >>> one.params["W_b"].shape
    (2, 6)
    >>> x = np.ones((7, 4, 3))
    >>> bool(np.allclose(one.forward(x)[0], layer.forward(x)[0]))
    True
    """

    def __init__(self, layer):
        self.f = layer.f
        U, W, b = layer.params.values()
        self.params = {"W_b": np.concatenate([W, U, b[:, np.newaxis]], axis=1)}

    def forward(self, x, state=None):
        """Run over x (T, B, I) from state (B, H), or zeros; return s (T, B, H) and the tape."""
        W_b = self.params["W_b"]
        hidden = len(W_b)
        x = sequence(x, features=W_b.shape[1] - hidden - 1)
        steps, batch, _ = x.shape
        state = initial(state, (batch, hidden), dtype=W_b.dtype)
        s = np.empty((steps + 1, batch, hidden), np.result_type(x, W_b, state))
        s[0] = state
        below = np.ones((steps, batch, W_b.shape[1]), s.dtype)  # [s_{t-1}, x_t, 1]
        below[:, :, hidden:-1] = x
        for t in range(steps):
            below[t, :, :hidden] = s[t]
            s[t + 1] = self.f.f(below[t].dot(W_b.T))
        return s[1:], AugmentedTape(below, s)

    def backward(self, ds, tape, dstate=None):
        """Send dL/ds (T, B, H) back through time; returns as `VanillaRNN.backward`."""
        W_b = self.params["W_b"]
        hidden = len(W_b)
        ds = shaped(ds, tape.s[1:].shape, "ds")
        later = initial(dstate, ds.shape[1:], "dstate", dtype=ds.dtype)
        slope = self.f.slope(tape.s[1:])
        dz = np.empty_like(slope)
        dbelow = np.empty((*dz.shape[:2], W_b.shape[1]), dz.dtype)
        for t in reversed(range(len(dz))):
            dz[t] = slope[t] * (ds[t] + later)
            dbelow[t] = dz[t].dot(W_b)
            later = dbelow[t, :, :hidden]
        return dbelow[:, :, hidden:-1], {"W_b": flat(dz).T.dot(flat(tape.below))}, later


class AugmentedTape(NamedTuple):
    """What the forward pass of `AugmentedRNN` has to remember."""

    below: np.ndarray  # (T, B, H + I + 1) what W_b was multiplied with
    s: np.ndarray  # (T + 1, B, H) the states; s[0] is the one before the first input

    @property
    def state(self):
        """(B, H) the last state."""
        return self.s[-1]


class ReadOut:
    """A layer without memory: the outputs are read from the states, at each step alike.

        o_t = g(V h_t + c)

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

    def __init__(self, hidden, outputs, *, rng, activation="identity", dtype=np.float64):
        self.g = activation_of(activation)
        self.params = {
            "V": uniform(rng, outputs, hidden).astype(dtype),
            "c": np.zeros(outputs, dtype),
        }

    def forward(self, h, state=None):
        """Read o (T, B, O) from h (T, B, H); return it and the tape."""
        V, c = self.params.values()
        h = sequence(h, features=V.shape[1], name="h")
        o = self.g.f(flat(h).dot(V.T) + c).reshape(*h.shape[:2], -1)
        return o, ReadOutTape(h, o)

    def backward(self, do, tape, dstate=None):
        """Send dL/do (T, B, O) back; returns dL/dh (T, B, H), the gradients, and None."""
        V, _ = self.params.values()
        dz = flat(shaped(do, tape.o.shape, "do") * self.g.slope(tape.o))
        gradients = {"V": dz.T.dot(flat(tape.h)), "c": dz.sum(axis=0)}
        return dz.dot(V).reshape(tape.h.shape), gradients, None


class ReadOutTape(NamedTuple):
    """What the forward pass of a `ReadOut` has to remember."""

    h: np.ndarray  # (T, B, H) what was read
    o: np.ndarray  # (T, B, O) the outputs
    state: None = None
