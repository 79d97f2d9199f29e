"""Sequence to sequence: one network reads, another writes, and only a state passes between them.

    h_s = encoder(x_s, h_{s-1})            s = 1 ... S: it reads the source
    d_0 = h_S                              its last state is the decoder's first
    o_t, d_t = decoder(y_{t-1}, d_{t-1})   t = 1 ... T: it writes, and reads what it wrote

The answer may so have another length than the source, and its words another order.  In training
y_{t-1} is the right word (teacher forcing, `forced`); when running it is the word that the decoder
has chosen (`EncoderDecoder.decode`, `EncoderDecoder.beam`).  For sentences of words:

    source, there = padded(sentences, front=True)      (S, N): they end together
    given, target, mask = forced(answers, START, END)  (T, N): what is read, and what is asked for
    net = EncoderDecoder(
        Stack(Embedding(K, D), GRU(D, H)),
        Stack(Embedding(L, D), GRU(D, H), ReadOut(H, L)),
    )
    fit(net, minibatches((source, given, there), target, mask, ...), loss=cross_entropy, ...)
    net.decode(source, there, start=START, end=END, steps=T)

Cho, K. et al. (2014). Learning phrase representations using RNN encoder-decoder for statistical
machine translation. EMNLP, 1724-1734.
Sutskever, I., Vinyals, O. and Le, Q. V. (2014). Sequence to sequence learning with neural
networks. NIPS 27, 3104-3112.
"""

from collections import Counter
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from rnncore.arrays import (
    MOST,
    all_finite,
    instance,
    integers,
    listed,
    numbers,
    said,
    text,
    whole,
)
from rnncore.arrays import mask as counted
from rnncore.batches import padded
from rnncore.deep import Composed
from rnncore.generation import generate, greedy
from rnncore.layers import Layer


class EncoderDecoderTape(NamedTuple):
    """What the forward pass of an `EncoderDecoder` has to remember."""

    read: tuple  # of pairs: a tape of the encoder, and who was there (B, 1) in its steps
    wrote: tuple  # the tape of the decoder

    @property
    def x(self):
        """(S, B, I) what the encoder read first."""
        return self.read[0][0].x

    @property
    def y(self):
        """(T, B, O) the outputs of the decoder."""
        return self.wrote.y

    @property
    def state(self):
        """The last state of the decoder."""
        return self.wrote.state


class EncoderDecoder(Composed):
    """Two layers, or stacks: the decoder starts from the state in which the encoder ends.

    It obeys the contract of the layers, with a tuple for x.  The states of the encoder's layers
    go in order to the layers of the decoder that have one, h and c of an LSTM to those of an LSTM.
    `state` is the encoder's first; `tape.state` is the decoder's last, and `dstate` its gradient.

    Where a sequence is not there, its state stays as it is: so a short one is read exactly as it
    would be alone, whether it is padded in front or behind.

    Cho et al. (2014); Sutskever, Vinyals and Le (2014): see the module.

    Parameters
    ----------
    encoder, decoder : layers
        With states of the same shapes.

    Raises
    ------
    ValueError
        Where the states do not fit, or the two are one.

    Attributes
    ----------
    parts : dict
        "encoder" and "decoder".
    params : dict
        Their arrays themselves, named "encoder.U", ..., "decoder.U", ...

    Examples
    --------
    >>> from rnncore.gated import GRU
    >>> rng = np.random.default_rng(0)
    >>> net = EncoderDecoder(GRU(3, 5, rng=rng), GRU(2, 5, rng=rng))
    >>> y, tape = net.forward((np.ones((7, 4, 3)), np.ones((6, 4, 2))))
    >>> y.shape, tape.state.shape
    ((6, 4, 5), (4, 5))
    """

    Tape = EncoderDecoderTape

    def __init__(self, encoder, decoder):
        for name, layer in ("encoder", encoder), ("decoder", decoder):
            instance(layer, Layer, name)
        if encoder is decoder:
            raise ValueError("decoder must be another layer than encoder, got the same twice")
        ends, starts = map(_shapes, (encoder, decoder))
        if not ends or ends != starts:
            got = f"{starts} after {ends}"
            raise ValueError(f"decoder must have states of the shapes of the encoder's, got {got}")
        parts = {"encoder": encoder, "decoder": decoder}
        super().__init__(parts, encoder.inputs, decoder.outputs)

    def forward(self, x, state=None):
        """Read a source and run the decoder over what it is given.

        Parameters
        ----------
        x : tuple (source, given) or (source, given, there)
            source (S, B, ...) and given (T, B, ...) are what encoder and decoder read: features,
            or symbols for an `Embedding`.  there (S, B) is 1 where the source has a step and 0
            where it is padded; without it, it has all.
        state : optional
            The first state of the encoder; zeros where it is None.

        Returns
        -------
        y : array (T, B, O)
        tape
        """
        if not isinstance(x, tuple) or len(x) not in (2, 3):
            raise TypeError(f"x must be (source, given) or (source, given, there), got {said(x)}")
        source, given = _steps(x[0], "source of x"), _steps(x[1], "given of x")
        if source.shape[1] != given.shape[1]:
            got = f"{source.shape} and {given.shape}"
            raise ValueError(f"x must be of as many sequences in source as in given, got {got}")
        read, state = self._read(source, *x[2:], state=state)
        y, wrote = self._ask("decoder", "forward", given, state)
        return y, EncoderDecoderTape(read, wrote)

    def _backward(self, dy, tape, dstate):
        """Send the gradient back; dx is the pair of those of source and given."""
        dgiven, decoder, dfirst = self._ask("decoder", "backward", dy, tape.wrote, dstate)
        (part, _), *_ = tape.read
        dstate = _refilled(part.state, dfirst)
        dsource, encoder = [], {}
        for part, there in reversed(tape.read):
            nothing = np.zeros(part.y.shape, part.y.dtype)  # is asked of what the encoder puts out
            dx, gradients, dfirst = self._ask(
                "encoder", "backward", nothing, part, _where(there, dstate)
            )
            dstate = _each(np.add, dfirst, _where(~there, dstate))  # the latter went by unchanged
            dsource.insert(0, dx)
            encoder = {n: encoder[n] + g if encoder else g for n, g in gradients.items()}
        gradients = {f"encoder.{n}": g for n, g in encoder.items()}
        gradients |= {f"decoder.{n}": g for n, g in decoder.items()}
        dsource = None if dx is None else np.concatenate(dsource)
        return (dsource, dgiven), gradients, dstate

    def decode(self, source, there=None, *, start, end, steps, choose=greedy):
        """Write an answer to each source, symbol by symbol; each choice is the next input.

        Parameters
        ----------
        source : array (S, B, ...)
        there : array (S, B), optional
            1 where the source has a step; as in `forward`.
        start, end : int
            The symbol that the decoder reads first, and the one with which an answer is over.
        steps : int
            The most symbols of an answer.
        choose : callable, optional
            From `rnncore.generation`: `greedy`, the likeliest symbol, or `sampling(...)`.

        Returns
        -------
        list of B lists of int
            Without start and end.
        """
        state, first, end = self._begin(source, there, start, end)
        chosen = generate(self.parts["decoder"], first[np.newaxis], steps, choose, state=state)
        return [_until(end, answer) for answer in chosen.T]

    def beam(self, source, there=None, *, start, end, steps, width):
        """Find likely answers as a whole: at each step the `width` likeliest beginnings are kept.

        A first symbol that is not the likeliest may so still win.  With width 1 it is `decode`.
        Sutskever, Vinyals and Le (2014), section 3.2; lengths are not made up for.

        Parameters
        ----------
        source, there, start, end, steps
            As in `decode`.
        width : int
            How many.

        Returns
        -------
        list of B lists of pairs
            (log-probability of the answer and its end, list of int), the likeliest first; fewer
            than `width` where there are no more.
        """
        state, first, end = self._begin(source, there, start, end)
        steps, width = whole(steps, "steps"), whole(width, "width", most=10_000)
        count = len(first)
        rows = np.arange(count)[:, np.newaxis]
        state = _taken(state, np.repeat(np.arange(count), width))
        symbols = np.repeat(first, width)
        score = np.where(np.arange(width) > 0, -np.inf, np.zeros((count, width)))  # one beginning
        written, over = np.zeros((count, width, 0), int), np.zeros((count, width), bool)
        while written.shape[2] < steps and not over.all():
            y, tape = self._ask("decoder", "forward", symbols[np.newaxis], state)
            logs = _log_softmax(y[0]).reshape(count, width, -1)
            logs[over] = np.where(np.arange(logs.shape[2]) == end, 0.0, -np.inf)  # it stays over
            total = (score[:, :, np.newaxis] + logs).reshape(count, -1)
            best = np.argsort(-total, axis=1, kind="stable")[:, :width]
            came, new = np.divmod(best, logs.shape[2])
            score, over = total[rows, best], over[rows, came] | (new == end)
            written = np.concatenate([written[rows, came], new[:, :, np.newaxis]], axis=2)
            state, symbols = _taken(tape.state, (width * rows + came).ravel()), new.ravel()
        return [
            [(s.item(), _until(end, a)) for s, a in zip(*one, strict=True) if s > -np.inf]
            for one in zip(score, written, strict=True)
        ]

    def _begin(self, source, there, start, end):
        """Read a source; return the first state, first symbols (B,), and the end."""
        start = whole(start, "start", least=0)
        end = whole(end, "end", least=0, most=self.outputs - 1)
        source = _steps(source, "source")
        _, state = self._read(source, there)
        return state, np.full(source.shape[1], start), end

    def _read(self, source, there=None, state=None):
        """Run the encoder; return its tapes, in parts, and the first state of the decoder."""
        batch, there = source.shape[1], _there(there, source.shape[:2])
        cuts = 1 + np.flatnonzero((there[1:] != there[:-1]).any(axis=1))
        zeros, read = self.parts["encoder"].first_state(batch), []
        for part, on in zip(np.split(source, cuts), there[[0, *cuts], :, np.newaxis], strict=True):
            _, tape = self._ask("encoder", "forward", part, state)
            state = _each(np.add, _where(on, tape.state), _where(~on, _filled(state, zeros)))
            on.setflags(write=False)
            read.append((tape, on))
        return tuple(read), _refilled(self.parts["decoder"].first_state(batch), state)

    def _state(self, state, batch, name, dtype):
        return state  # the decoder checks its own


def forced(answers, start, end):
    """Lay out answers for teacher forcing: at each step the decoder reads the right word before.

    Williams, R. J. and Zipser, D. (1989). A learning algorithm for continually running fully
    recurrent neural networks. Neural Computation 1, 270-280.

    Parameters
    ----------
    answers : list of N lists of int
        Symbols.
    start, end : int
        What is read first, and what is asked for last.

    Returns
    -------
    given, target : arrays (T, N) of int
        T is one more than the length of the longest answer.
    mask : array (T, N)
        1 where a symbol is asked for.

    Examples
    --------
    >>> given, target, mask = forced([[5, 6], [7]], start=0, end=1)
    >>> given.T, target.T
    (array([[0, 5, 6],
           [0, 7, 0]]), array([[5, 6, 1],
           [7, 1, 0]]))
    """
    start, end = whole(start, "start", least=0), whole(end, "end", least=0)
    answers = [_symbols(a, f"answers[{n}]") for n, a in enumerate(listed(answers, "answers"))]
    given, _ = padded([np.append(start, answer) for answer in answers])
    return given, *padded([np.append(answer, end) for answer in answers])


# Without a network: sentences are lists of words, and pairs are examples (source, answer)


def dictionary(pairs):
    """Find for each word of the sources the word of the answers that goes with it best.

        2 n(u, v) / (n(u) + n(v)),   n: in how many sentences, or pairs

    Dice, L. R. (1945). Measures of the amount of ecologic association between species. Ecology 26,
    297-302.

    >>> dictionary([(["one", "day"], ["un", "jour"]), (["a", "day"], ["ce", "jour"])])["day"]
    'jour'
    """
    both, left, right = {}, Counter(), Counter()
    for source, answer in _pairs(pairs):
        left.update(set(source))
        right.update(set(answer))
        for word in set(source):
            both.setdefault(word, Counter()).update(set(answer))
    likeness = lambda u, v: 2 * both[u][v] / (left[u] + right[v])  # noqa: E731
    return {u: max(sorted(found), key=partial(likeness, u)) for u, found in both.items()}


def word_for_word(sources, pairs):
    """Answer with the word of a `dictionary` for each word; one that is not in it stays.

    >>> word_for_word([["3", "days"]], [(["days"], ["jours"])])
    [['3', 'jours']]
    """
    words = dictionary(pairs)
    return [[words.get(word, word) for word in source] for source in _sentences(sources, "sources")]


def nearest(sources, pairs):
    """Return for each source the pair that is nearest: as long, and with the fewest other words.

    >>> pairs = [(["1", "day"], ["1", "jour"]), (["3", "days"], ["3", "jours"])]
    >>> nearest([["2", "days"]], pairs)
    [(['3', 'days'], ['3', 'jours'])]
    """
    pairs = _pairs(pairs)
    longest = max(len(source) for source, _ in pairs)
    grid = np.array([source + [""] * (longest - len(source)) for source, _ in pairs])
    lengths = np.array([len(source) for source, _ in pairs])
    found = []
    for source in _sentences(sources, "sources"):
        other = (grid[:, : len(source)] != np.array(source[:longest], grid.dtype.char)).sum(axis=1)
        found.append(pairs[np.lexsort((other, lengths != len(source)))[0]])
    return found


def by_example(sources, pairs):
    """Answer as in the nearest pair, with a `dictionary` for the words that differ.

    Nagao, M. (1984). A framework of a mechanical translation between Japanese and English by
    analogy principle. In Artificial and Human Intelligence, 173-180.

    >>> pairs = [(["3", "days"], ["3", "jours"]), (["3", "weeks"], ["3", "semaines"])]
    >>> by_example([["2", "weeks"]], pairs)
    [['2', 'semaines']]
    """
    sources, words, answers = _sentences(sources, "sources"), dictionary(pairs), []
    for source, (example, answer) in zip(sources, nearest(sources, pairs), strict=True):
        differ = [(u, v) for u, v in zip(example, source, strict=False) if u != v]
        new = {words[u]: words.get(v, v) for u, v in differ}
        answers.append([new.get(word, word) for word in answer])
    return answers


def _pairs(pairs):
    for pair in (pairs := listed(pairs, "pairs")):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise TypeError(f"pairs must be of (source, answer), got {said(pair)}")
    return list(zip(*(_sentences(side, "pairs") for side in zip(*pairs, strict=True)), strict=True))


def _sentences(sentences, name):
    sentences = [listed(sentence, name) for sentence in listed(sentences, name)]
    for word in chain.from_iterable(sentences):
        text(word, f"a word of {name}")
    return sentences


# What all of this checks and shares


def _symbols(value, name):
    empty = isinstance(value, list | tuple) and not value
    found = integers(np.zeros(0, int) if empty else value, name, MOST)
    if found.ndim != 1:
        raise ValueError(f"{name} must be a list of symbols, got {said(value)}")
    return found


def _steps(value, name):
    value = numbers(value, name)
    if value.ndim < 2 or not value.size:
        raise ValueError(f"{name} must have shape (T, B, ...), none of them 0, got {value.shape}")
    if not all_finite(value):
        raise ValueError(f"{name} holds NaN or infinity")
    return value


def _there(there, shape):
    if there is None:
        return np.ones(shape, bool)
    there = numbers(there, "there")
    if there.shape != shape:
        raise ValueError(f"there must have shape {shape}, as source, got {there.shape}")
    return counted(there, shape, "there") > 0


def _log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _until(end, symbols):
    """List symbols up to the first end, without it."""
    symbols = symbols.tolist()
    return symbols[: symbols.index(end)] if end in symbols else symbols


# A state is an array, or None where a layer has none, or a tuple of states: of the layers of a
# stack, of h and c.  Its sequences lie along the last axis but one.


def _each(f, *states):
    """Call f with the arrays of states of one form, and return its answers in that form."""
    if isinstance(states[0], tuple | list):
        return tuple(_each(f, *parts) for parts in zip(*states, strict=True))
    return None if states[0] is None else f(*states)


def _where(on, state):
    """Put zeros where a sequence is not there; on has the shape (B, 1)."""
    return _each(lambda part: np.where(on, part, 0), state)


def _taken(state, which):
    return _each(lambda part: np.take(part, which, axis=-2), state)


def _leaves(state):
    """List the arrays of a state, in order."""
    found = []
    _each(found.append, state)
    return found


def _shapes(layer):
    return [part.shape for part in _leaves(layer.first_state(1))]


def _refilled(form, state):
    """Put the arrays of a state, in order, into the form of another."""
    arrays = iter(_leaves(state))
    return _each(lambda _: next(arrays), form)


def _filled(state, zeros):
    """Put zeros in place of each None that stands for them."""
    if state is None or zeros is None:
        return zeros
    if isinstance(zeros, tuple):
        return tuple(map(_filled, state, zeros))
    return state
