"""Sequences that a model makes itself: what it puts out is read as its next input.

Symbols are integers, 0 to K - 1; a model puts out K logits at each step, from which one is chosen.

A chooser is any function `choose(logits)` from logits (B, K) to the symbols chosen, integers (B,):
`greedy` is one, and `sampling(temperature, rng=rng)` returns one.

`NGrams` is the model that a network has to beat.  It reads symbols (T, B) and has the `forward` of
the layers, so that whatever generates or judges takes the one as it takes the other.
"""

from typing import NamedTuple

import numpy as np

from rnncore.activations import softmax
from rnncore.arrays import (
    finite,
    function,
    generator,
    integers,
    listed,
    number,
    precision,
    said,
    text,
    whole,
)

# Choosers


def greedy(logits):
    """Choose the most probable symbol: from logits (B, K) integers (B,), the first of equals.

    >>> greedy([[0.1, 0.7, 0.2], [2.0, 1.0, 0.0]])
    array([1, 0])
    """
    return _logits(logits).argmax(axis=1)


def sampling(temperature=1.0, *, rng):
    """Make a chooser that draws a symbol with the probability that the model gives it.

        p = softmax(logits / temperature)

    Parameters
    ----------
    temperature : float
        At least 0.001.  At 1 the model's own probabilities; below 1 what is probable becomes more
        so, and towards 0 the chooser is `greedy`; above 1 all come nearer to one another.
    rng : numpy.random.Generator
        Draws.

    Returns
    -------
    callable
        From logits (B, K) to integers (B,).

    Examples
    --------
    >>> choose = sampling(0.5, rng=np.random.default_rng(0))
    >>> choose([[0.0, 9.0], [9.0, 0.0]])
    array([1, 0])
    """
    temperature, rng = number(temperature, "temperature", least=1e-3), generator(rng)

    def choose(logits):
        p = softmax(_logits(logits) / temperature)
        return rng.multinomial(1, p).argmax(axis=1)

    return choose


def _logits(logits):
    logits = finite(logits, "logits", np.float64)
    if logits.ndim != 2 or not logits.size:
        raise ValueError(f"logits must have shape (B, K), got {logits.shape}")
    return logits


# Generating and judging


def generate(model, first, steps, choose, *, state=None, encode=None):
    """Let a model go on: each symbol is chosen from its output, and is its next input.

    The state is carried from step to step, so that a step costs the same however long it lasts.

    Parameters
    ----------
    model : layer or NGrams
        Puts out logits (T, B, K).
    first : array (T, B) of int
        What is read before the first symbol is chosen, at least one step.
    steps : int
        How many symbols are chosen.
    choose : callable
        A chooser, such as `greedy` or `sampling(0.8, rng=rng)`.
    state : optional
        Of the model, before it reads `first`; zeros where it is None.
    encode : callable, optional
        From symbols (T, B) to what the model reads, (T, B, I), such as `onehot`.  Not needed where
        it reads symbols itself, as an `Embedding` and `NGrams` do.

    Returns
    -------
    array (steps, B) of int
        What was chosen, without `first`.

    Examples
    --------
    >>> model = NGrams([[0, 1, 2, 0, 1, 2]], order=1, symbols=3)
    >>> generate(model, [[0]], 4, greedy)[:, 0]
    array([1, 2, 0, 1])
    """
    _forward(model)
    steps, choose = whole(steps, "steps"), function(choose, "choose")
    encode = encode if encode is None else function(encode, "encode")
    symbols, chosen = _symbols(first, "first"), []
    for _ in range(steps):
        logits, tape = model.forward(encode(symbols) if encode else symbols, state)
        state = tape.state
        _, batch, count = logits.shape
        one = integers(choose(logits[-1]), "what choose returns", count - 1)
        if one.shape != (batch,):
            raise ValueError(f"what choose returns must have shape {(batch,)}, got {one.shape}")
        chosen.append(one)
        symbols = one[np.newaxis]
    return np.stack(chosen)


def onehot(symbols, count, dtype=np.float64):
    """Write symbols (T, B), 0 to `count` - 1, as an array (T, B, count) with a 1 for each.

    >>> onehot([[2, 0]], 3)
    array([[[0., 0., 1.],
            [1., 0., 0.]]])
    """
    count = whole(count, "count")
    symbols = _symbols(symbols, "symbols", count - 1)
    return (symbols[..., np.newaxis] == np.arange(count)).astype(precision(dtype))


def bits(model, x, target):
    """Return how surprising each symbol is to a model, in bits: -log2 p[target].

    The mean over all is the bits per symbol: so many yes-or-no questions are still open, on
    average, about what comes next.  It is the cross-entropy divided by log 2.

    Shannon, C. E. (1951). Prediction and entropy of printed English. Bell System Technical Journal
    30, 50-64.

    Parameters
    ----------
    model : layer or NGrams
    x : array (T, B, I), or (T, B) of int
        What the model reads, from its first state.
    target : array (T, B) of int
        What comes after each step of x.

    Returns
    -------
    array (T, B)

    Examples
    --------
    >>> model = NGrams([[0, 1, 2, 0, 1, 2]], order=1, symbols=3)
    >>> bits(model, [[0], [1]], [[1], [0]]).round(2)
    array([[0.34],
           [3.58]])
    """
    _forward(model)
    logits = np.asarray(model.forward(x)[0], np.float64)
    target = _symbols(target, "target", logits.shape[2] - 1)
    if target.shape != logits.shape[:2]:
        raise ValueError(f"target must have shape {logits.shape[:2]}, got {target.shape}")
    logits = logits - logits.max(axis=2, keepdims=True)  # so that exp cannot overflow
    right = np.take_along_axis(logits, target[..., np.newaxis], axis=2)[..., 0]
    return (np.log(np.exp(logits).sum(axis=2)) - right) / np.log(2)


def copied(made, source):
    """Return the longest stretch of a text that stands in another, the first of the longest.

    A model that has learned by heart is found out by it.

    >>> copied("she was a king", "it was a truth universally acknowledged")
    ' was a '
    """
    made, source = text(made, "made"), text(source, "source")
    best = ""
    for start in range(len(made)):
        while (longer := made[start : start + len(best) + 1]) in source and len(longer) > len(best):
            best = longer
    return best


def _forward(model):
    if not hasattr(model, "forward"):
        raise TypeError(f"model must be a layer or NGrams, got {said(model)}")


def _symbols(value, name, most=2**31 - 1):
    symbols = integers(value, name, most)
    if symbols.ndim != 2 or not symbols.size:
        raise ValueError(f"{name} must have shape (T, B), neither of them 0, got {symbols.shape}")
    return symbols


# Counting


class NGramsTape(NamedTuple):
    """What `NGrams` has read last."""

    y: np.ndarray  # (T, B, K)
    state: np.ndarray  # (order, B) the last symbols; K stands for what was before the first


class Counts(NamedTuple):
    """What came after each of C contexts of one length."""

    contexts: np.ndarray  # (C,) their numbers, increasing
    after: np.ndarray  # (C, K) how often each symbol came


class NGrams:
    """Counts of what came after the last few symbols, blended over all lengths by Witten and Bell.

        p_m(s | c) = (n(c s) + d(c) p_{m-1}(s | c')) / (n(c) + d(c))

    Here c is the last m symbols and c' the last m - 1 of them; n counts how often they were seen,
    and d(c) how many different symbols came after c.  So a context that was often seen, and always
    with the same few symbols after it, is trusted; any other asks the shorter one, down to
    p_{-1} = 1/K.

    Witten, I. H. and Bell, T. C. (1991). The zero-frequency problem: estimating the probabilities
    of novel events in adaptive text compression. IEEE Transactions on Information Theory 37,
    1085-1094 (their method C).

    Parameters
    ----------
    sequences : list of arrays (T_n,) of int
        What is counted, each sequence by itself: of each the first symbol is given, and the others
        come after what is in front of them.
    order : int
        How many symbols in front are looked at, 0 for none: those of a Markov chain of this order.
        Together with the one that follows they are the (order + 1)-grams.
    symbols : int
        K.  For each context that was seen, K counts are kept.

    Examples
    --------
    >>> model = NGrams([[0, 1, 2, 0, 1, 2]], order=1, symbols=3)
    >>> model
    NGrams of order 1: 4 contexts of 3 symbols
    >>> y, tape = model.forward([[0]])
    >>> np.exp(y[0, 0]).round(3)  # what comes after 0
    array([0.083, 0.792, 0.125])
    """

    def __init__(self, sequences, order, symbols):
        self.order, self.symbols = (
            whole(order, "order", least=0, most=20),
            whole(symbols, "symbols"),
        )
        if (self.symbols + 1) ** self.order > 2**62:
            raise ValueError(f"order must be less where there are {symbols} symbols, got {order}")
        numbered, after = [], []
        for one in listed(sequences, "sequences"):
            one = integers(one, "sequences", self.symbols - 1)
            if one.ndim != 1 or len(one) < 2:
                raise ValueError(f"sequences must each be (T,), T at least 2, got {one.shape}")
            read, _ = self._numbered(one[:-1, np.newaxis], None)
            numbered.append(read[:, :, 0])
            after.append(one[1:])
        self.counts = [self._counted(c, np.concatenate(after)) for c in np.hstack(numbered)]

    def __repr__(self):
        count = sum(len(table.contexts) for table in self.counts)
        return f"NGrams of order {self.order}: {count:,} contexts of {self.symbols} symbols"

    def forward(self, x, state=None):
        """Read symbols (T, B); return the logits log p (T, B, K) of what comes next, and the tape.

        `state` is that of the tape of what was read before; None where nothing was.
        """
        x = _symbols(x, "x", self.symbols - 1)
        numbered, state = self._numbered(x, state)
        p = np.full((*x.shape, self.symbols), 1 / self.symbols)
        for table, contexts in zip(self.counts, numbered, strict=True):
            row = np.searchsorted(table.contexts, contexts).clip(max=len(table.contexts) - 1)
            seen = table.contexts[row] == contexts
            n = table.after[row[seen]]
            different = (n > 0).sum(axis=1, keepdims=True)
            p[seen] = (n + different * p[seen]) / (n.sum(axis=1, keepdims=True) + different)
        return (y := np.log(p)), NGramsTape(y, state)

    def _numbered(self, x, state):
        """Return the contexts at each step as numbers (order + 1, T, B), the shortest first."""
        before = (self.order, x.shape[1])
        if state is None:
            state = np.full(before, self.symbols)
        state = integers(state, "state", self.symbols)
        if state.shape != before:
            raise ValueError(f"state must have shape {before}, got {state.shape}")
        read = np.concatenate([state, x])
        numbered = np.zeros((self.order + 1, *x.shape), np.int64)
        for m in range(1, self.order + 1):
            newest = read[self.order - m + 1 : len(read) - m + 1]
            numbered[m] = numbered[m - 1] + newest * (self.symbols + 1) ** (m - 1)
        return numbered, read[len(read) - self.order :]

    def _counted(self, contexts, after):
        found, row = np.unique(contexts, return_inverse=True)
        table = np.zeros((len(found), self.symbols), np.int32)
        np.add.at(table, (row, after), 1)
        return Counts(found, table)
