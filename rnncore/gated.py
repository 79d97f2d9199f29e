"""LSTM and GRU: gates decide what a state keeps, what it takes in, and what it shows.

The gates of a layer stand one below the other in one matrix, so that one product serves them all.
sigma is the logistic function, * goes element by element.
"""

from typing import NamedTuple

import numpy as np

from rnncore.arrays import flat, initial, sequence, shaped, uniform


class LSTMTape(NamedTuple):
    """What the forward pass of an `LSTM` has to remember."""

    x: np.ndarray  # (T, B, I) the inputs
    h: np.ndarray  # (T + 1, B, H) what is shown; h[0] is before the first input
    c: np.ndarray  # (T + 1, B, H) the cells; c[0] is before the first input
    gates: np.ndarray  # (T, B, 4, H) i, f, g, o
    squashed: np.ndarray  # (T, B, H) tanh of the cells

    @property
    def state(self):
        """The pair (h, c) of the last step, (B, H) each."""
        return self.h[-1], self.c[-1]


class LSTM:
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

    def __init__(self, inputs, hidden, *, rng, forget=1.0, dtype=np.float64):
        self.params = {
            "U": uniform(rng, 4 * hidden, inputs).astype(dtype),
            "W": uniform(rng, 4 * hidden, hidden).astype(dtype),
            "b": np.zeros(4 * hidden, dtype),
        }
        self.params["b"][hidden : 2 * hidden] = forget

    def forward(self, x, state=None):
        """Run over x (T, B, I) from state (h, c), (B, H) each, or zeros.

        Returns h (T, B, H) and the tape.
        Raises ValueError where a shape does not fit, naming both shapes, or x is not finite.
        """
        U, W, b = self.params.values()
        x = sequence(x, features=U.shape[1])
        steps, batch, _ = x.shape
        hidden = W.shape[1]
        # sigma(z) = tanh(z / 2) / 2 + 1/2: so one tanh serves the gates and the candidate.
        half = np.repeat(np.array([0.5, 0.5, 1.0, 0.5], b.dtype), hidden)
        up = 1.0 - half
        W_T = (W * half[:, np.newaxis]).T
        a = (flat(x).dot(U.T) + b) * half

        h_now, c_now = pair(state, (batch, hidden), "state", a.dtype)
        kind = np.result_type(a, W, h_now, c_now)
        a = a.astype(kind, copy=False).reshape(steps, batch, 4 * hidden)
        h, c = np.empty((2, steps + 1, batch, hidden), kind)
        squashed = np.empty((steps, batch, hidden), kind)
        h[0], c[0] = h_now, c_now
        gates = a.reshape(steps, batch, 4, hidden)
        for t in range(steps):
            z = a[t]
            z += h[t].dot(W_T)
            np.tanh(z, out=z)
            z *= half
            z += up
            i, f, g, o = gates[t].swapaxes(0, 1)
            np.multiply(f, c[t], out=c[t + 1])
            c[t + 1] += i * g
            np.tanh(c[t + 1], out=squashed[t])
            np.multiply(o, squashed[t], out=h[t + 1])
        return h[1:], LSTMTape(x, h, c, gates, squashed)

    def backward(self, dh, tape, dstate=None):
        """Send dL/dh (T, B, H) back through time.

        `dstate` is the pair of dL/d(last h) and dL/d(last c) from whatever came after.
        Returns dL/dx (T, B, I), the gradients of the parameters, and the pair of dL/d(first h)
        and dL/d(first c).
        """
        U, W, _ = self.params.values()
        x, h, c, gates, squashed = tape
        dh = shaped(dh, h[1:].shape, "dh")
        dh_later, dc_later = pair(dstate, dh.shape[1:], "dstate", dh.dtype)

        # All that does not wait for what comes back: the slope of c along the arguments of
        # i, f and g, of h along that of o, and of h along c.
        i, f, g, o = gates.transpose(2, 0, 1, 3)
        dz = np.empty_like(gates)
        dz[:, :, 0] = g * i * (1.0 - i)
        dz[:, :, 1] = c[:-1] * f * (1.0 - f)
        dz[:, :, 2] = i * (1.0 - g * g)
        dz[:, :, 3] = squashed * o * (1.0 - o)
        shown = o * (1.0 - squashed * squashed)
        for t in reversed(range(len(x))):
            dh_now = dh[t] + dh_later
            dc_now = dc_later + dh_now * shown[t]
            dz[t, :, :3] *= dc_now[:, np.newaxis]
            dz[t, :, 3] *= dh_now
            dh_later = dz[t].reshape(len(dh_now), -1).dot(W)
            dc_later = dc_now * f[t]

        dz = dz.reshape(-1, len(W))
        gradients = {"U": dz.T.dot(flat(x)), "W": dz.T.dot(flat(h[:-1])), "b": dz.sum(axis=0)}
        return dz.dot(U).reshape(x.shape), gradients, (dh_later, dc_later)


class GRUTape(NamedTuple):
    """What the forward pass of a `GRU` has to remember."""

    x: np.ndarray  # (T, B, I) the inputs
    h: np.ndarray  # (T + 1, B, H) the states; h[0] is the one before the first input
    gates: np.ndarray  # (T, B, 3, H) r, z, n
    recalled: np.ndarray  # (T, B, H) W_n h_{t-1} + d, before the reset gate

    @property
    def state(self):
        """(B, H) the last state."""
        return self.h[-1]


class GRU:
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

    def __init__(self, inputs, hidden, *, rng, dtype=np.float64):
        self.params = {
            "U": uniform(rng, 3 * hidden, inputs).astype(dtype),
            "W": uniform(rng, 3 * hidden, hidden).astype(dtype),
            "b": np.zeros(3 * hidden, dtype),
            "d": np.zeros(hidden, dtype),
        }

    def forward(self, x, state=None):
        """Run over x (T, B, I) from state (B, H), or zeros; return h (T, B, H) and the tape.

        Raises ValueError where a shape does not fit, naming both shapes, or x is not finite.
        """
        U, W, b, d = self.params.values()
        x = sequence(x, features=U.shape[1])
        steps, batch, _ = x.shape
        hidden = len(d)
        two = 2 * hidden  # r and z
        drive = flat(x).dot(U.T) + b

        now = initial(state, (batch, hidden), dtype=drive.dtype)
        kind = np.result_type(drive, W, d, now)
        drive = drive.astype(kind, copy=False).reshape(steps, batch, 3 * hidden)
        h = np.empty((steps + 1, batch, hidden), kind)
        recalled = np.empty((steps, batch, hidden), kind)
        h[0] = now
        W_T = W.T
        for t in range(steps):
            from_h = h[t].dot(W_T)
            rz, n = drive[t, :, :two], drive[t, :, two:]
            rz += from_h[:, :two]
            # sigma(z) = tanh(z / 2) / 2 + 1/2
            rz *= 0.5
            np.tanh(rz, out=rz)
            rz *= 0.5
            rz += 0.5
            np.add(from_h[:, two:], d, out=recalled[t])
            n += rz[:, :hidden] * recalled[t]
            np.tanh(n, out=n)
            now = h[t] - n
            now *= rz[:, hidden:]
            np.add(now, n, out=h[t + 1])
        return h[1:], GRUTape(x, h, drive.reshape(steps, batch, 3, hidden), recalled)

    def backward(self, dh, tape, dstate=None):
        """Send dL/dh (T, B, H) back through time.

        `dstate` (B, H) is dL/d(last state) from whatever came after.
        Returns dL/dx (T, B, I), the gradients of the parameters, and dL/d(initial state) (B, H).
        """
        U, W, *_ = self.params.values()
        x, h, gates, recalled = tape
        dh = shaped(dh, h[1:].shape, "dh")
        later = initial(dstate, dh.shape[1:], "dstate", dtype=dh.dtype)

        # The slope of h along the arguments of r and z, and along W_n h_{t-1} + d.
        r, z, n = gates.transpose(2, 0, 1, 3)
        into_n = (1.0 - z) * (1.0 - n * n)
        dfrom_h = np.empty_like(gates)
        dfrom_h[:, :, 0] = into_n * recalled * r * (1.0 - r)
        dfrom_h[:, :, 1] = (h[:-1] - n) * z * (1.0 - z)
        dfrom_h[:, :, 2] = into_n * r
        for t in reversed(range(len(x))):
            now = dh[t] + later
            dfrom_h[t] *= now[:, np.newaxis]
            into_n[t] *= now
            later = dfrom_h[t].reshape(len(now), -1).dot(W) + now * z[t]

        # What came from the states and what came from the inputs differ in n only, by the reset.
        gradients = {"W": dfrom_h.reshape(-1, len(W)).T.dot(flat(h[:-1]))}
        gradients["d"] = dfrom_h[:, :, 2].sum(axis=(0, 1))
        dfrom_h[:, :, 2] = into_n
        dz = dfrom_h.reshape(-1, len(W))
        gradients |= {"U": dz.T.dot(flat(x)), "b": dz.sum(axis=0)}
        return dz.dot(U).reshape(x.shape), gradients, later


def pair(value, shape, name, dtype=float):
    """Return h and c, the state of an LSTM, as two arrays of `shape`, zeros where it is None.

    >>> [part.shape for part in pair(None, (2, 3), "state")]
    [(2, 3), (2, 3)]
    """
    if value is None:
        return np.zeros((2, *shape), dtype)
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise ValueError(f"{name} must be a pair (h, c), got {type(value).__name__}")
    h, c = value
    return shaped(h, shape, f"h of {name}"), shaped(c, shape, f"c of {name}")
