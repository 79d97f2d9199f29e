"""Embedding: a vector for each symbol, learned with the rest of the network.

    y_t = E[x_t]

The same as a linear layer that reads x_t one-hot, without the zeros and the products with them.
"""

from typing import NamedTuple

import numpy as np

from rnncore.arrays import flat, generator, integers, own, precision, whole
from rnncore.layers import Layer


class EmbeddingTape(NamedTuple):
    """What the forward pass of an `Embedding` has to remember."""

    symbols: np.ndarray  # (T, B) of int
    y: np.ndarray  # (T, B, D) their vectors
    count: int  # K
    state: None = None

    @property
    def x(self):
        """An array of the shape that the symbols have one-hot, (T, B, K); it takes no memory."""
        return np.broadcast_to(np.zeros((), self.y.dtype), (*self.symbols.shape, self.count))


class Embedding(Layer):
    """A layer without memory that reads symbols, integers (T, B), and puts out vectors (T, B, D).

    It stands lowest in a stack.  Its `backward` returns None for dL/dx: a symbol is no quantity
    that could be a little larger, so that there is nothing to send further down.

    Bengio, Y., Ducharme, R., Vincent, P. and Jauvin, C. (2003). A neural probabilistic language
    model. JMLR 3, 1137-1155.

    Parameters
    ----------
    count, size : int
        K symbols, 0 to K - 1, and D features of a vector.
    rng : numpy.random.Generator
        Draws E, from the normal distribution.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        E (K, D), one row for each symbol.

    Examples
    --------
    >>> layer = Embedding(30, 5, rng=np.random.default_rng(0))
    >>> layer
    Embedding(30 -> 5), 150 numbers: E (30, 5)
    >>> y, tape = layer.forward([[7, 1], [0, 7]])
    >>> y.shape, bool((y[0, 0] == y[1, 1]).all())
    ((2, 2, 5), True)
    """

    Tape = EmbeddingTape

    def __init__(self, count, size, *, rng, dtype=np.float64):
        count, size = whole(count, "count"), whole(size, "size")
        E = generator(rng).normal(size=(count, size)).astype(precision(dtype))
        super().__init__(count, size, E=E)

    def forward(self, x, state=None):
        """Look up the vectors of symbols (T, B); return them and the tape."""
        symbols = own(integers(x, "x", most=self.inputs - 1))
        if symbols.ndim != 2 or not symbols.size:
            raise ValueError(f"x must have shape (T, B), neither of them 0, got {symbols.shape}")
        self._state(state, symbols.shape[1], "state", self.dtype)
        tape = EmbeddingTape(symbols, self.params["E"][symbols], self.inputs)
        for part in tape[:2]:
            part.setflags(write=False)
        return tape.y, tape

    def _backward(self, dy, tape, dstate):
        dE = np.zeros(self.params["E"].shape, dy.dtype)
        np.add.at(dE, tape.symbols.ravel(), flat(dy))  # a symbol may come many times
        return None, {"E": dE}, None
