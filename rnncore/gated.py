"""LSTM and GRU: gates decide what a state keeps, what it takes in, and what it shows.

The gates of a layer stand one below the other in one matrix, so that one product serves them all.
sigma is the logistic function, * goes element by element.
"""

from typing import NamedTuple

import numpy as np

from rnncore.arrays import flat, number, said, shaped, uniform, whole
from rnncore.layers import Layer

HALF_BUT_G = np.array([0.5, 0.5, 1.0, 0.5])  # of the arguments of i, f, g, o


class LSTMTape(NamedTuple):
    """What the forward pass of an `LSTM` has to remember."""

    x: np.ndarray  # (T, B, I) the inputs
    h: np.ndarray  # (T + 1, B, H) what is shown; h[0] is before the first input
    c: np.ndarray  # (T + 1, B, H) the cells; c[0] is before the first input
    gates: np.ndarray  # (T, B, 4, H) i, f, g, o
    squashed: np.ndarray  # (T, B, H) tanh of the cells

    @property
    def y(self):
        """(T, B, H) the outputs: h after each step."""
        return self.h[1:]

    @property
    def state(self):
        """The pair (h, c) of the last step, (B, H) each."""
        return self.h[-1], self.c[-1]


class LSTM(Layer):
    """Long short-term memory, with forget gate and without peepholes.

        i = sigma(U_i x_t + W_i h_{t-1} + b_i)     input gate: how much is taken in
        f = sigma(U_f x_t + W_f h_{t-1} + b_f)     forget gate: how much is kept
        g = tanh(U_g x_t + W_g h_{t-1} + b_g)      candidate: what is taken in
        o = sigma(U_o x_t + W_o h_{t-1} + b_o)     output gate: how much is shown
        c_t = f * c_{t-1} + i * g                  cell
        h_t = o * tanh(c_t)

    Hochreiter, S. and Schmidhuber, J. (1997). Long short-term memory. Neural Computation 9,
    1735-1780; the forget gate is that of Gers, F. A., Schmidhuber, J. and Cummins, F. (2000).
    Learning to forget: continual prediction with LSTM. Neural Computation 12, 2451-2471.
    The optional peepholes, by which the gates see the cell (Gers and Schmidhuber 2000), are
    left out.

    Parameters
    ----------
    inputs, hidden : int
        I features of an input, H cells.
    rng : numpy.random.Generator
        Draws the weights: U uniform on +-1/sqrt(I), W on +-1/sqrt(H).
    forget : float
        Start of b_f.  With 1, a cell keeps 73 % of itself at each step from the beginning.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        U (4 H, I), W (4 H, H), b (4 H,): H rows each for i, f, g, o, as in PyTorch.

    Examples
    --------
    >>> layer = LSTM(inputs=3, hidden=5, rng=np.random.default_rng(0))
    >>> h, tape = layer.forward(np.ones((7, 2, 3)))
    >>> h.shape, [part.shape for part in tape.state]
    ((7, 2, 5), [(2, 5), (2, 5)])
    """

    Tape = LSTMTape

    def __init__(self, inputs, hidden, *, rng, forget=1.0, dtype=np.float64):
        inputs, hidden = whole(inputs, "inputs"), whole(hidden, "hidden")
        forget = number(forget, "forget")
        super().__init__(
            inputs, hidden,
            U=uniform(rng, 4 * hidden, inputs, dtype=dtype),
            W=uniform(rng, 4 * hidden, hidden, dtype=dtype),
            b=np.zeros(4 * hidden, dtype),
        )  # fmt: skip
        self.params["b"][hidden : 2 * hidden] = forget

    def _forward(self, x, state):
        U, W, b = map(self.params.get, "UWb")
        steps, batch, _ = x.shape
        hidden = W.shape[1]
        # sigma(z) = tanh(z / 2) / 2 + 1/2: so one tanh serves the gates and the candidate.
        half = HALF_BUT_G.repeat(hidden).astype(b.dtype)[np.newaxis]
        up = 1.0 - half
        drive = flat(x).dot(U.T) + b
        drive = drive.reshape(steps, batch, 4 * hidden)
        W_T, kind = W.T, drive.dtype
        gates = drive.reshape(steps, batch, 4, hidden)  # takes the place of the drive
        gate_by_gate = gates.swapaxes(1, 2)
        h, c = np.empty((2, steps + 1, batch, hidden), kind)
        squashed = np.empty((steps, batch, hidden), kind)
        h_now, c_now = h[0], c[0] = state
        for t in range(steps):
            a = drive[t]
            a += h_now.dot(W_T)
            a *= half
            np.tanh(a, out=a)
            a *= half
            a += up
            i, f, g, o = gate_by_gate[t]
            c[t + 1] = c_now = f * c_now + i * g
            squashed[t] = tanh_c = np.tanh(c_now)
            h[t + 1] = h_now = o * tanh_c
        return LSTMTape(x, h, c, gates, squashed)

    def _backward(self, dh, tape, dstate):
        U, W = map(self.params.get, "UW")
        x, h, c, gates, squashed = tape
        dh_later, dc_later = dstate

        # All that does not wait for what comes back: the slope of c along the arguments of
        # i, f and g, that of h along the argument of o, and that of h along c.
        i, f, g, o = gates.transpose(2, 0, 1, 3)
        dz = gates - gates * gates  # sigma'; for g it is tanh'
        dz[:, :, 2] = 1.0 - g * g
        beside = np.empty_like(gates)
        for k, factor in enumerate((g, c[:-1], i, squashed)):
            beside[:, :, k] = factor
        dz *= beside
        shown = o * (1.0 - squashed * squashed)
        back = np.empty_like(gates[0])  # what comes back to the four: dL/dc, and for o dL/dh
        for t in reversed(range(len(x))):
            now = dz[t]
            dh_now = dh[t] + dh_later
            dc_now = dc_later + dh_now * shown[t]
            back[:] = dc_now[:, np.newaxis]
            back[:, 3] = dh_now
            now *= back
            dh_later = now.reshape(len(now), -1).dot(W)
            dc_later = dc_now * f[t]

        dz = dz.reshape(-1, len(W))
        gradients = {"U": dz.T.dot(flat(x)), "W": dz.T.dot(flat(h[:-1])), "b": dz.sum(axis=0)}
        return dz.dot(U).reshape(x.shape), gradients, (dh_later, dc_later)

    def _state(self, state, batch, name, dtype):
        shape = batch, self.outputs
        if state is None:
            return tuple(np.zeros((2, *shape), dtype))
        if not isinstance(state, (tuple, list)) or len(state) != 2:
            raise ValueError(f"{name} must be a pair (h, c), got {said(state)}")
        h, c = state
        return shaped(h, shape, f"h of {name}", dtype), shaped(c, shape, f"c of {name}", dtype)


class GRUTape(NamedTuple):
    """What the forward pass of a `GRU` has to remember."""

    x: np.ndarray  # (T, B, I) the inputs
    h: np.ndarray  # (T + 1, B, H) the states; h[0] is the one before the first input
    gates: np.ndarray  # (T, B, 3, H) r, z, n
    recalled: np.ndarray  # (T, B, H) W_n h_{t-1} + d, before the reset gate

    @property
    def y(self):
        """(T, B, H) the outputs: the states after each step."""
        return self.h[1:]

    @property
    def state(self):
        """(B, H) the last state."""
        return self.h[-1]


class GRU(Layer):
    """Gated recurrent unit, in the form of the frameworks: the reset acts after the product.

        r = sigma(U_r x_t + W_r h_{t-1} + b_r)               reset gate
        z = sigma(U_z x_t + W_z h_{t-1} + b_z)               update gate: how much is kept
        n = tanh(U_n x_t + b_n + r * (W_n h_{t-1} + d))      candidate
        h_t = (1 - z) * n + z * h_{t-1}

    PyTorch, cuDNN and ONNX (linear_before_reset = 1) compute this form.  In the paper the reset
    acts before the product, W_n (r * h_{t-1}), and there is no d.

    Cho, K. et al. (2014). Learning phrase representations using RNN encoder-decoder for
    statistical machine translation. EMNLP, 1724-1734.

    Parameters
    ----------
    inputs, hidden : int
        I features of an input, H hidden units.
    rng : numpy.random.Generator
        Draws the weights: U uniform on +-1/sqrt(I), W on +-1/sqrt(H).
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        U (3 H, I), W (3 H, H), b (3 H,), d (H,): H rows each for r, z, n, as in PyTorch.

    Examples
    --------
    >>> layer = GRU(inputs=3, hidden=5, rng=np.random.default_rng(0))
    >>> h, tape = layer.forward(np.ones((7, 2, 3)))
    >>> h.shape, tape.state.shape
    ((7, 2, 5), (2, 5))
    """

    Tape = GRUTape

    def __init__(self, inputs, hidden, *, rng, dtype=np.float64):
        inputs, hidden = whole(inputs, "inputs"), whole(hidden, "hidden")
        super().__init__(
            inputs, hidden,
            U=uniform(rng, 3 * hidden, inputs, dtype=dtype),
            W=uniform(rng, 3 * hidden, hidden, dtype=dtype),
            b=np.zeros(3 * hidden, dtype),
            d=np.zeros(hidden, dtype),
        )  # fmt: skip

    def state_shape(self, batch):
        """Return (B, H)."""
        return batch, self.outputs

    def _forward(self, x, state):
        U, W, b, d = map(self.params.get, "UWbd")
        steps, batch, _ = x.shape
        hidden = len(d)
        two = 2 * hidden  # r and z
        drive = flat(x).dot(U.T) + b
        W_T = W.T
        half = np.full((1, two), 0.5, b.dtype)

        # What comes from the inputs; step by step the gates take its place.
        gates = drive.reshape(steps, batch, 3 * hidden)
        h = np.empty((steps + 1, batch, hidden), drive.dtype)
        recalled = np.empty((steps, batch, hidden), drive.dtype)
        h[0] = now = state
        for t in range(steps):
            from_h = now.dot(W_T)
            rz, from_x = gates[t, :, :two], gates[t, :, two:]
            rz += from_h[:, :two]
            rz *= half  # sigma(z) = tanh(z / 2) / 2 + 1/2
            np.tanh(rz, out=rz)
            rz *= half
            rz += half
            recalled[t] = from_n = from_h[:, two:] + d
            n = np.tanh(from_x + rz[:, :hidden] * from_n)
            gates[t, :, two:] = n
            h[t + 1] = now = n + rz[:, hidden:] * (now - n)
        return GRUTape(x, h, gates.reshape(steps, batch, 3, hidden), recalled)

    def _backward(self, dh, tape, dstate):
        U, W, d = map(self.params.get, "UWd")
        x, h, gates, recalled = tape
        later = dstate

        # The slope of h along the arguments of r and z, and along W_n h_{t-1} + d.
        r, z, n = gates.transpose(2, 0, 1, 3)
        into_n = (1.0 - z) * (1.0 - n * n)
        dfrom_h = gates - gates * gates  # sigma'
        dfrom_h[:, :, 2] = into_n
        beside = np.empty_like(gates)
        for k, factor in enumerate((into_n * recalled, h[:-1] - n, r)):
            beside[:, :, k] = factor
        dfrom_h *= beside
        back = np.empty_like(gates[0])
        dh_all = np.empty_like(into_n)  # dL/dh_t with all that comes back from later steps
        for t in reversed(range(len(x))):
            slope = dfrom_h[t]
            dh_all[t] = dh_now = dh[t] + later
            back[:] = dh_now[:, np.newaxis]
            slope *= back
            later = slope.reshape(len(slope), -1).dot(W) + dh_now * z[t]

        # What came from the states and what came from the inputs differ in n only, by the reset.
        dz = dfrom_h.reshape(-1, len(W))
        dW, dd = dz.T.dot(flat(h[:-1])), dz[:, -len(d) :].sum(axis=0)
        dfrom_h[:, :, 2] = dh_all * into_n
        gradients = {"U": dz.T.dot(flat(x)), "W": dW, "b": dz.sum(axis=0), "d": dd}
        return dz.dot(U).reshape(x.shape), gradients, later
