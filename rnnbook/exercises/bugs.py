"""The exercises of the museum of bugs: its exhibits, as the chapter shows them, each with a fault.

What is handed in is the function of an exhibit, mended.
It is called on small cases and compared with the code of `rnncore`, or with the same lines put
right.
"""

import math
from collections import namedtuple

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.activations import logistic, softmax
from rnncore.gated import LSTM
from rnncore.vanilla import VanillaRNN

Gates = namedtuple("Gates", "i f g o")  # four arrays, one for each block of an LSTM

# The exhibits.  The chapter shows the same lines; the fault of each is named behind it.


def states(W, x):
    """Return h_0 to h_T; x is (T, H)."""
    h = [np.zeros(len(W))]
    for now in x:
        h.append(np.tanh(now + W @ h[-1]))
    return np.array(h)


def loss(W, x, target):
    """Return half the squared errors."""
    error = states(W, x)[1:] - target
    return (error**2).sum() / 2


def slope(W, x, target):
    """Return dL/dW, walking backwards."""
    h = states(W, x)
    dW = np.zeros_like(W)
    for t in reversed(range(len(x))):
        dh = h[t + 1] - target[t]
        dz = dh * (1 - h[t + 1] ** 2)
        dW += np.outer(dz, h[t])
    return dW


def mended_slope(W, x, target):
    """Return dL/dW, walking backwards."""
    h = states(W, x)
    dW = np.zeros_like(W)
    later = np.zeros(len(W))
    for t in reversed(range(len(x))):
        dh = h[t + 1] - target[t] + later
        dz = dh * (1 - h[t + 1] ** 2)
        dW += np.outer(dz, h[t])
        later = dz @ W
    return dW


def bptt(w, g, x, target):
    """Return dL/dw, dL/dg of one unit."""
    y = [0.0]  # y[t] comes before x[t]
    for now in x:
        z = w * now + g * y[-1]
        y.append(logistic(z))
    dw = dg = dz = 0.0
    for t in reversed(range(len(x))):
        dy = y[t + 1] - target[t] + g * dz
        dz = dy * y[t + 1] * (1 - y[t + 1])
        dw += dz * x[t]
        dg += dz * x[t]
    return dw, dg


def backward(dh, h, W, k):
    """Return dz (T, H), cut at each chunk."""
    dz = np.zeros_like(dh)
    later = np.zeros(len(W))
    for t in reversed(range(len(dh))):
        if t % k == 0:  # a chunk begins
            later = np.zeros(len(W))
        dz[t] = dh[t] + later
        dz[t] *= 1 - h[t + 1] ** 2
        later = dz[t] @ W
    return dz


def lstm_step(x, h, c, U, W, b):
    """Return h and c after one step."""
    i = logistic(x @ U.i + h @ W.i + b.i)
    f = logistic(x @ U.f + h @ W.f + b.o)
    g = np.tanh(x @ U.g + h @ W.g + b.g)
    o = logistic(x @ U.o + h @ W.o + b.o)
    c = f * c + i * g
    return o * np.tanh(c), c


def lstm(x, U, W, b):
    """Return all h and all c, (T, H) each."""
    h = c = np.zeros(W.shape[1])
    hidden, cells = [], []
    for now in x:
        z = U @ now + W @ c + b
        zi, zf, zg, zo = np.split(z, 4)
        new = logistic(zi) * np.tanh(zg)
        c = logistic(zf) * c + new
        h = logistic(zo) * np.tanh(c)
        hidden.append(h)
        cells.append(c)
    return np.array(hidden), np.array(cells)


def in_chunks(x, k, U, W, b):
    """Return all h, k steps at a time."""
    hidden = []
    for start in range(0, len(x), k):
        h = np.zeros(len(W))
        for now in x[start : start + k]:
            h = np.tanh(U @ now + W @ h + b)
            hidden.append(h)
    return np.array(hidden)


def last_states(x, U, W, b):
    """Return h_T (B, H); x is (B, T, I)."""
    B, T, inputs = x.shape
    x = x.reshape(T, B, inputs)  # time first
    h = np.zeros((B, len(b)))
    for now in x:
        h = np.tanh(now @ U.T + h @ W.T + b)
    return h


def mean_error(error, lengths):
    """Return the mean, padding apart."""
    step = np.arange(len(error))
    real = step < lengths[:, np.newaxis]
    return (error * real).sum() / real.sum()


def answers(x, lengths, U, W, b):
    """Return the last h (B, H) of each."""
    h = np.zeros((x.shape[1], len(b)))
    hidden = []
    for now in x:
        h = np.tanh(now @ U.T + h @ W.T + b)
        hidden.append(h)
    last = lengths.max() - 1
    return np.array(hidden)[last]


def network(h, V, c):
    """Return (B, K): how likely is what."""
    return softmax(h @ V.T + c)


def cross_entropy(y, classes):
    """Return the mean of -log p."""
    p = softmax(y)
    right = p[np.arange(len(p)), classes]
    return -np.log(right).mean()


# What is right, as far as `rnncore` has it, and what one tries on the way there.


def _bptt(w, g, x, target, came_in=lambda y, x, t: y[t], forget=False):
    y = [0.0]
    for now in x:
        y.append(float(logistic(w * now + g * y[-1])))
    dw = dg = dz = 0.0
    for t in reversed(range(len(x))):
        dy = y[t + 1] - target[t] + (0.0 if forget else g * dz)
        dz = dy * y[t + 1] * (1 - y[t + 1])
        dw += dz * x[t]
        dg += dz * came_in(y, x, t)
    return dw, dg


def _bptt_own(w, g, x, target):
    return _bptt(w, g, x, target, lambda y, x, t: y[t + 1])


def _bptt_earlier(w, g, x, target):
    return _bptt(w, g, x, target, lambda y, x, t: x[t - 1] if t else 0.0)


def _bptt_forgetful(w, g, x, target):
    return _bptt(w, g, x, target, forget=True)


def _backward(dh, h, W, k, cut=lambda t, k: (t + 1) % k == 0):
    dz, later = np.zeros_like(dh), np.zeros(len(W))
    for t in reversed(range(len(dh))):
        if cut(t, k):
            later = np.zeros(len(W))
        dz[t] = (dh[t] + later) * (1 - h[t + 1] ** 2)
        later = dz[t] @ W
    return dz


def _backward_uncut(dh, h, W, k):
    return _backward(dh, h, W, k, lambda t, k: False)


def _backward_early(dh, h, W, k):
    return _backward(dh, h, W, k, lambda t, k: (t - 1) % k == 0)


def _backward_always(dh, h, W, k):
    return _backward(dh, h, W, k, lambda t, k: True)


def _step(x, h, c, U, W, b):
    z = [x @ U_ + h @ W_ + b_ for U_, W_, b_ in zip(U, W, b, strict=True)]
    i, f, o = (logistic(z[k]) for k in (0, 1, 3))
    c = f * c + i * np.tanh(z[2])
    return o * np.tanh(c), c


def _step_swapped(x, h, c, U, W, b):
    return _step(x, h, c, U, W, b._replace(f=b.o, o=b.f))


def _step_both(x, h, c, U, W, b):
    return _step(x, h, c, U, W, b._replace(f=b.f + b.o))


def _step_no_bias(x, h, c, U, W, b):
    return _step(x, h, c, U, W, b._replace(f=0 * b.f))


def _lstm(x, U, W, b):
    layer = LSTM(x.shape[1], W.shape[1], rng=np.random.default_rng(0))
    for name, value in zip("UWb", (U, W, b), strict=True):
        layer.params[name][:] = value
    y, tape = layer.forward(x[:, np.newaxis])
    return y[:, 0], tape.c[1:, 0]


def _lstm_seeing(what):
    """Return an LSTM whose gates see something else in the place of h."""

    def run(x, U, W, b):
        h = c = np.zeros(W.shape[1])
        rows = []
        for now in x:
            i, f, g, o = np.split(U @ now + W @ what(h, c) + b, 4)
            c = logistic(f) * c + logistic(i) * np.tanh(g)
            h = logistic(o) * np.tanh(c)
            rows.append((h, c))
        return tuple(np.array(rows).swapaxes(0, 1))

    return run


_lstm_both = _lstm_seeing(lambda h, c: h + c)
_lstm_tanh = _lstm_seeing(lambda h, c: np.tanh(c))
_lstm_neither = _lstm_seeing(lambda h, c: 0 * h)


def _vanilla(U, W, b):
    layer = VanillaRNN(U.shape[1], len(W), rng=np.random.default_rng(0))
    for name, value in zip("UWb", (U, W, b), strict=True):
        layer.params[name][:] = value
    return layer


def _in_chunks(x, k, U, W, b):
    return _vanilla(U, W, b).forward(x[:, np.newaxis])[0][:, 0]


def _in_chunks_reset(x, k, U, W, b):
    return in_chunks(x, 1, U, W, b)


def _in_chunks_first(x, k, U, W, b):
    """Give each chunk the state after the first step of the one before."""
    h, hidden = np.zeros(len(W)), []
    for start in range(0, len(x), k):
        some = [h]
        for now in x[start : start + k]:
            some.append(np.tanh(U @ now + W @ some[-1] + b))
        hidden += some[1:]
        h = some[1]
    return np.array(hidden)


def _last_states(x, U, W, b):
    return _vanilla(U, W, b).forward(x.swapaxes(0, 1))[0][-1]


def _last_states_columns_first(x, U, W, b):
    B, T, inputs = x.shape
    return _vanilla(U, W, b).forward(x.reshape((T, B, inputs), order="F"))[0][-1]


def _mean_error(error, lengths):
    real = np.arange(len(error))[:, np.newaxis] < lengths
    return (error * real).sum() / real.sum()


def _mean_of_means(error, lengths):
    real = np.arange(len(error))[:, np.newaxis] < lengths
    return ((error * real).sum(axis=0) / lengths).mean()


def _mean_over_all(error, lengths):
    real = np.arange(len(error))[:, np.newaxis] < lengths
    return (error * real).mean()


def _mean_unmasked(error, lengths):
    return error.mean()


def _mean_one_more(error, lengths):
    return _mean_error(error, lengths + 1)


def _answers(x, lengths, U, W, b, at=lambda lengths, T: lengths - 1):
    h, _ = _vanilla(U, W, b).forward(x)
    return h[at(lengths, len(x)), np.arange(len(lengths))]


def _answers_very_last(x, lengths, U, W, b):
    return _answers(x, lengths, U, W, b, lambda lengths, T: lengths * 0 + T - 1)


def _answers_shortest(x, lengths, U, W, b):
    return _answers(x, lengths, U, W, b, lambda lengths, T: lengths * 0 + lengths.min() - 1)


def _answers_one_more(x, lengths, U, W, b):
    return _answers(x, lengths, U, W, b, lambda lengths, T: np.minimum(lengths, T - 1))


def _answers_of_all(x, lengths, U, W, b):
    """Return (B, B, H): these steps of every sequence."""
    return _vanilla(U, W, b).forward(x)[0][lengths - 1]


def _answers_one_less(x, lengths, U, W, b):
    return _answers(x, lengths, U, W, b, lambda lengths, T: np.maximum(lengths - 2, 0))


def _floor(classes=10):
    """Return the least loss where the second softmax sees the numbers 1, 0, ..., 0."""
    return math.log(1 + (classes - 1) / math.e)


# The cases: small, drawn, and rounded, so that they can be shown.


def _drawn(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).round(1) for shape in shapes]


def _backward_cases():
    for seed, steps, k in ((0, 6, 3), (1, 5, 3), (2, 6, 4)):
        dh, z, W = _drawn(seed, (steps, 2), (steps + 1, 2), (2, 2))
        yield dh, np.tanh(z).round(1), W, k


def _step_cases():
    for seed in (0, 1, 2):
        x, h, c, U, W, b = _drawn(seed, 2, 1, 1, (4, 2, 1), (4, 1, 1), (4, 1))
        yield x, h, c, Gates(*U), Gates(*W), Gates(*b)


def _lstm_cases():
    for seed in (0, 1, 2):
        yield tuple(_drawn(seed, (3, 1), (8, 1), (8, 2), 8))


def _layer_cases(*shapes, more=lambda k: ()):
    for seed in (0, 1, 2):
        x, U, W, b = _drawn(seed, shapes[seed], (2, 1), (2, 2), 2)
        yield (x, *more(seed), U, W, b)


LENGTHS = np.array([4, 1, 2]), np.array([1, 3, 2]), np.array([2, 3])
CHUNKS = 2, 3, 4


def _untouched(label):
    return f'this is the code as it was found. For a hint: hint("bugs-{label}")'


EXERCISES = {
    "bugs-blame": FunctionExercise(
        right=_bptt,
        praise="You found: x where the state belongs. Along g came the state before the step,"
        " and at the first step nothing at all.",
        hints=(
            "Look at the two lines that add to `dw` and to `dg`.",
            "The slope of a weight is dz times what comes in along that weight. Ask of each of"
            " the two weights what that is.",
            "With one step, y before the step is 0. What must `dg` be, whatever x is?",
        ),
        cases=(
            (0.3, 0.4, [0.05, 0.1], [0.6, 0.75]),
            (1.0, -2.0, [1.0, 0.5, -1.0], [0.5, 0.1, 0.9]),
            (0.5, 0.8, [2.0], [0.1]),
        ),
        mistakes=(
            (bptt, _untouched("blame")),
            (_bptt_own, "that is y after the step, which went out. Which y came in?"),
            (_bptt_earlier, "along g comes a state, not an input, be it an earlier one."),
            (
                _bptt_forgetful,
                "dg has the right factor now, but what comes back from the later step is lost:"
                " dy needs g times dz.",
            ),
        ),
        tolerance=1e-9,
    ),
    "bugs-cut": FunctionExercise(
        right=_backward,
        praise="You found: a gradient that is not cut where it should be. At the first step of a"
        " chunk `later` still comes from the same chunk; at the last step it comes from the next.",
        hints=(
            "`later` is what comes back from step t + 1. Write down, for k = 3, to which chunk the"
            " steps t = 2 and t + 1 = 3 belong.",
            "The walk goes from the end to the front. `later` has to be emptied before the step"
            " whose later step is in another chunk.",
            "For k = 3 the condition has to hold at t = 5 and t = 2, and now holds at t = 3 and 0.",
        ),
        cases=tuple(_backward_cases()),
        mistakes=(
            (backward, _untouched("cut")),
            (_backward_uncut, "now nothing is cut at all: this is full BPTT."),
            (_backward_always, "now every step stands alone: nothing comes back within a chunk."),
            (_backward_early, "the cut has moved, and the wrong way. At which t does a chunk end?"),
        ),
        tolerance=1e-9,
    ),
    "bugs-gate": FunctionExercise(
        right=_step,
        praise="You found: a bias at the wrong gate. The output gate's stood in the forget gate,"
        " whose own was read, and never used.",
        hints=(
            "The tool says which of the four biases does nothing. Where should it stand?",
            "Compare the four lines of the gates letter by letter; three follow one pattern.",
            "Count in the four lines how often each of b.i, b.f, b.g and b.o stands.",
        ),
        cases=tuple(_step_cases()),
        mistakes=(
            (lstm_step, _untouched("gate")),
            (_step_swapped, "now the biases of f and o have changed places."),
            (_step_both, "f has its own bias now, and that of o as well."),
            (_step_no_bias, "f has no bias at all now; it should have its own."),
        ),
        tolerance=1e-9,
    ),
    "bugs-peephole": FunctionExercise(
        right=_lstm,
        praise="You found: gates that look into the cell. In a plain LSTM they see what the cells"
        " showed, h; with a look at c it is another architecture, the one with peepholes.",
        hints=(
            "With the output gates shut, h is 0 at every step. What can W be multiplied with then?",
            "The matrix W belongs to the state of one step before that the layer has shown.",
            "Look at the line of z: which of its three products has the wrong partner?",
        ),
        cases=tuple(_lstm_cases()),
        mistakes=(
            (lstm, _untouched("peephole")),
            (_lstm_both, "the gates see h now, and still c as well."),
            (
                _lstm_tanh,
                "this is what a wide open cell would show. In h the output gate has its say.",
            ),
            (_lstm_neither, "now the gates see nothing of the past."),
        ),
        tolerance=1e-9,
    ),
    "bugs-carried": FunctionExercise(
        right=_in_chunks,
        praise="You found: a state that is not carried. Chunks save room in the computer and"
        " make updates more frequent; to the network the sequence is one.",
        hints=(
            "What does h hold when the second chunk begins, and what should it hold?",
            "Nothing that depends on where a chunk ends may touch h.",
            "No line is wrong, but one of them stands in the wrong place: it runs once a chunk.",
        ),
        cases=tuple(_layer_cases((5, 1), (6, 1), (6, 1), more=lambda k: (CHUNKS[k],))),
        mistakes=(
            (in_chunks, _untouched("carried")),
            (_in_chunks_reset, "now h is emptied at every step: the network has no memory at all."),
            (_in_chunks_first, "a chunk has to start where the one before has ended."),
        ),
        tolerance=1e-9,
    ),
    "bugs-exchange": FunctionExercise(
        right=_last_states,
        praise="You found: batch and time exchanged. reshape keeps the order of the numbers in"
        " memory, and cuts it up anew; only a transposition moves each number to its place.",
        hints=(
            "Print x[0] before and after the line with the comment, for x that counts 0, 1, 2, ...",
            "The shape is right; the places of the numbers are not. You want the entry [t, b] to be"
            " what was at [b, t].",
            "NumPy has swapaxes and transpose. Which two axes change places?",
        ),
        cases=tuple(_layer_cases((2, 3, 1), (3, 2, 1), (2, 4, 1))),
        mistakes=(
            (last_states, _untouched("exchange")),
            (
                _last_states_columns_first,
                "in whichever order reshape goes through the numbers, it cuts them up anew.",
            ),
        ),
        tolerance=1e-9,
    ),
    "bugs-mask": FunctionExercise(
        right=_mean_error,
        praise="You found: a mask on the wrong axis. It had the shape (B, T), and was laid over"
        " (T, B), which raises no error where T = B.",
        hints=(
            "Which axis of `error` is time? Which axis of `real` counts steps?",
            "In `a < b` with a column and a row, the column runs down axis 0.",
            "Try it with 4 steps and 3 sequences, and read the two shapes in the error.",
        ),
        cases=tuple(
            (np.abs(e), n)
            for e, n in zip(
                _drawn(3, (3, 3), (4, 4), (2, 2)),
                (np.array([3, 1, 2]), np.array([4, 1, 2, 2]), np.array([1, 2])),
                strict=True,
            )
        ),
        mistakes=(
            (mean_error, _untouched("mask")),
            (
                _mean_of_means,
                "the mask is right. But this is a mean of the sequences' means, in which a step of"
                " a short sequence counts more.",
            ),
            (_mean_over_all, "the mask is right. Divide by how many steps are real, not by all."),
            (_mean_unmasked, "now nothing is left out: this is the mean with the padding."),
            (_mean_one_more, "the mask takes one step too many of each sequence: count from 0."),
        ),
        tolerance=1e-9,
    ),
    "bugs-padding": FunctionExercise(
        right=_answers,
        praise="You found: an answer read from the padding. Each sequence has a last step of its"
        " own, and after it the state goes on changing, although nothing comes in.",
        hints=(
            "Which sequences get the right answer, and which do not?",
            "The last step differs from sequence to sequence, so a single number cannot be its"
            " index.",
            "An array may be indexed with two lists, [steps, sequences], that are gone through side"
            " by side. What are the two lists?",
        ),
        cases=tuple(_layer_cases((4, 3, 1), (4, 3, 1), (4, 2, 1), more=lambda k: (LENGTHS[k],))),
        mistakes=(
            (answers, _untouched("padding")),
            (_answers_very_last, "that is the last row of all, which may be padding for everyone."),
            (_answers_shortest, "now it is the last step of the shortest, for all."),
            (_answers_one_more, "that is one step behind the end: a length of 4 ends at index 3."),
            (_answers_one_less, "that is one step before the end."),
            (
                _answers_of_all,
                "lengths - 1 alone takes these steps of every sequence, so the shape is (B, B, H)."
                " Say also which sequence each step belongs to.",
            ),
        ),
        tolerance=1e-9,
    ),
    "bugs-softmax": Exercise(
        right=_floor,
        praise="You found: softmax twice. The second sees numbers between 0 and 1, and can make"
        " of them no more than e against nine times 1.",
        hints=(
            "What does the first softmax put out when the network is as sure as can be?",
            "Those numbers go into the second softmax. Write down its exponentials.",
            "The first puts out 1 for the right class and 0 for nine others; exp(0) is 1.",
        ),
        mistakes=(
            (lambda: 0.0, "that is the least with one softmax. What does the second one see?"),
            (lambda: math.log(10), "that is the loss of a network that knows nothing."),
            (lambda: _floor(11), "there are nine wrong classes, not ten."),
            (lambda: -_floor(), "the size is right. The loss is the logarithm with a minus."),
            (lambda: math.exp(-_floor()), "that is the probability. The loss is -log of it."),
            (lambda: _floor(4), "that is for four classes, as above."),
        ),
    ),
}
