"""The exercises of the chapter on deep recurrent networks."""

from functools import cache
from itertools import pairwise
from math import comb

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.deep import Stack
from rnncore.tasks import delayed_bits
from rnncore.vanilla import ReadOut, VanillaRNN


@cache
def _weights(*widths):
    """Count the weights of recurrent layers; the first width is the inputs, the outputs are 2."""
    rng = np.random.default_rng(0)
    layers = [VanillaRNN(i, h, rng=rng) for i, h in pairwise(widths)]
    net = Stack(*layers, ReadOut(widths[-1], 2, rng=rng))
    return net.size


def _ways(layers, steps):
    return comb(steps + layers - 2, layers - 1)


@cache
def _corner(w=(0.25, -0.5), u=2.0, slopes=(1.0, 1.0)):
    """Return dL/dh of layer 1 at step 1 of linear layers of one unit, T = len(slopes)."""
    rng = np.random.default_rng(0)
    net = Stack(*(VanillaRNN(1, 1, rng=rng, activation="identity") for _ in w))
    for layer, weight in zip(net.layers, w, strict=True):
        layer.params["U"][:], layer.params["W"][:] = u, weight
    _, tape = net.forward(np.zeros((len(slopes), 1, 1)))
    dx, _, _ = net.backward(np.reshape(slopes, (-1, 1, 1)), tape)
    return float(dx[0, 0, 0]) / u


def _rows(slopes, u, w_low, w_high):
    """Gradient of the states of the lower layer, with linear units: the grid, by two loops."""
    above, later = [], 0.0
    for value in reversed(slopes):
        later = value + w_high * later
        above.insert(0, u * later)
    row, later = [], 0.0
    for value in reversed(above):
        later = value + w_low * later
        row.insert(0, later)
    return tuple(row)


def _rows_of_the_upper(slopes, u, w_low, w_high):
    return _rows(slopes, 1.0, 0.0, w_high)


def _rows_from_above_only(slopes, u, w_low, w_high):
    return _rows(slopes, u, 0.0, w_high)


def _rows_from_the_last_only(slopes, u, w_low, w_high):
    return _rows([*[0.0] * (len(slopes) - 1), slopes[-1]], u, w_low, w_high)


def _rows_reversed(slopes, u, w_low, w_high):
    return _rows(slopes, u, w_low, w_high)[::-1]


@cache
def _reach(seed=2, limit=0.5, layers=3):
    """Count the lags 0 to 14 that can be read from each layer of an untrained stack of 24 units."""
    rng = np.random.default_rng(seed)
    net = Stack(*(VanillaRNN(inputs, 24, rng=rng) for inputs in [1, *[24] * (layers - 1)]))
    (x, tapes), (fresh_x, fresh) = (_read(net, seed) for seed in (1, 2))
    counts = []
    for tape, fresh_tape in zip(tapes, fresh, strict=True):
        formula = np.linalg.lstsq(_with_ones(tape), _past(x), rcond=None)[0]
        wanted = _past(fresh_x)
        missed = ((_with_ones(fresh_tape) @ formula - wanted) ** 2).mean(axis=0)
        counts.append(int(np.sum(1 - missed / wanted.var(axis=0) > limit)))
    return tuple(counts)


def _read(net, seed):
    x, *_ = delayed_bits(6, 60, 200, np.random.default_rng(seed))
    return x, net.forward(x)[1].tapes


def _with_ones(tape):
    h = tape.h[16:].reshape(-1, 24)
    return np.append(h, np.ones((len(h), 1)), axis=1)


def _past(x):
    """Return x(t - lag) for t = 15, ... of all sequences, one column for each lag from 0 to 14."""
    return np.stack([x[15 - lag : len(x) - lag].ravel() for lag in range(15)], axis=1)


EXERCISES = {
    "deep-count": Exercise(
        right=lambda: (_weights(3, 10), _weights(3, 10, 10)),
        praise="The second layer adds U and W of 10 by 10 and a bias of 10, more than the first"
        " layer has: it reads ten numbers, and the first reads three.",
        hints=(
            "What each part reads decides the shapes of its arrays: layer 2 reads layer 1, and the"
            " read-out reads the highest layer.",
            "Add up the sizes of U, W and b of each layer, and of V and c of the read-out.",
            "The read-out has V of 2 by 10 and c of 2.",
        ),
        mistakes=(
            (
                lambda: (_weights(3, 10), 2 * _weights(3, 10) - 22),
                "the first is right. Layer 2 does not read the 3 inputs: how many numbers does it"
                " read?",
            ),
            (
                lambda: (_weights(3, 10), 2 * _weights(3, 10)),
                "the first is right. There is one read-out, and layer 2 reads more than 3 numbers.",
            ),
            (
                lambda: (_weights(3, 10) - 12, _weights(3, 10, 10) - 22),
                "biases are weights too, those of the layers and those of the read-out.",
            ),
            (
                lambda: (_weights(3, 10) - 22, _weights(3, 10, 10) - 22),
                "do not forget the read-out, V and c.",
            ),
            (
                lambda: (_weights(3, 10, 10), _weights(3, 10)),
                "the numbers are right; the single layer comes first.",
            ),
        ),
        tolerance=0.0,
    ),
    "deep-ways": Exercise(
        right=lambda: (5 + 4, _ways(4, 5)),
        praise="Every way goes 4 times to the right and 3 times up, in any order, and once in and"
        " once out. There are 35 orders of 4 and 3.",
        hints=(
            "Draw the grid, four rows of five boxes: every way begins in the lower left corner and"
            " ends in the upper right one.",
            "Count the arrows to the right and those up, and do not forget the first and the last"
            " one. Then ask in how many orders the arrows inside the grid can come.",
            "A way goes to the right 4 times.",
        ),
        mistakes=(
            (lambda: (7, _ways(4, 5)), "the ways are right. Count the arrows in and out too."),
            (lambda: (9, _ways(5, 5)), "that many ways has a stack of five layers."),
            (lambda: (9, _ways(4, 6)), "that many ways are there over six steps."),
            (lambda: (9, _ways(3, 5)), "the arrows are right, the ways those of three layers."),
            (lambda: (9, 20), "the arrows are right. Ways are not boxes: 4 times 5 are the boxes."),
            (lambda: (_ways(4, 5), 9), "the numbers are right; the arrows come first."),
        ),
        tolerance=0.0,
    ),
    "deep-corner": Exercise(
        right=_corner,
        praise="The box gets 2 times 0.5 from above, and 0.25 times 2 from the right: 1 + 0.5. In"
        " the box above it, the 1 of its output and what comes from step 2 pull apart.",
        hints=(
            "It is the grid of the chapter, with two columns and other weights.",
            "Fill in the upper row from the right, then the lower row from the right. Every box"
            " adds what comes from above and what comes from its right.",
            "The last box of the upper row is 1: its own output, and nothing from later.",
        ),
        mistakes=(
            (
                lambda: _corner(slopes=(0.0, 1.0)),
                "both outputs count: 1 enters the upper row at both steps.",
            ),
            (
                lambda: _corner(u=1.0),
                "down the arrow from layer 2 to layer 1 goes a factor U, and U is 2.",
            ),
            (
                lambda: _corner(w=(0.0, -0.5)),
                "that is the part from above. What comes from the box on its right?",
            ),
            (
                lambda: _corner(w=(0.25, 0.0)),
                "the upper layer is recurrent too: its first state goes into its second.",
            ),
            (
                lambda: _corner(w=(0.0, -0.5)) + 0.25,
                "the box on the right has its part through U too, and U is 2.",
            ),
            (
                lambda: _corner() + _rows((1.0, 1.0), 1.0, 0.0, 0.25)[0],
                "the outputs ask layer 2 only: layer 1 hears of them through layer 2.",
            ),
            (
                lambda: 2.0 * _corner(),
                "that is the gradient along the input, one factor U further down.",
            ),
            (lambda: 0.5, "that is the box above. Go down one row."),
            (lambda: _corner(w=(0.25, 0.5)), "mind the sign: W of layer 2 is negative."),
        ),
    ),
    "deep-rows": FunctionExercise(
        right=_rows,
        praise="Two loops of one kind, and the row of the upper layer is all that passes between"
        " them: this is Stack.backward.",
        hints=(
            "The loop of the chapter that fills in the boxes does it for three steps.",
            "One loop from the last step to the first for the upper layer, and then one for the"
            " lower, which gets U times the upper row from above.",
            "The last entry of the upper row is the last entry of dh_out.",
        ),
        cases=(
            ([0.0, 0.0, 1.0], 1.0, 0.5, 0.5),
            ([1.0, 0.0, 0.0, 2.0], 2.0, 0.5, -1.0),
            ([1.0, -1.0], 0.5, 2.0, 3.0),
        ),
        mistakes=(
            (_rows_of_the_upper, "that is the row of layer 2. Go on to layer 1."),
            (_rows_from_above_only, "the lower layer is recurrent too: add what comes from later."),
            (_rows_from_the_last_only, "every output may have a slope, not only the last."),
            (_rows_reversed, "the numbers are right; give them from step 1 to step T."),
        ),
        tolerance=1e-9,
    ),
    "deep-reach": Exercise(
        right=_reach,
        praise="Each layer reaches a little further, though nothing was trained: a memory of a"
        " memory of a memory. So a longer reach of upper layers is no sign of learning.",
        hints=(
            "The function r2 does the reading; a stack without a read-out will do.",
            "Call r2(net, layer, lag) for the layers 0, 1 and 2 and for the lags 0 to 14, and"
            " count what is above one half.",
            "The stack begins with rng = np.random.default_rng(2) and VanillaRNN(1, 24, rng=rng).",
        ),
        mistakes=(
            (lambda: _reach(seed=0), "that is a stack from the seed 0; take 2."),
            (lambda: _reach()[::-1], "the numbers are right; layer 1 comes first."),
            (
                lambda: tuple(count - 1 for count in _reach()),
                "that is the last lag which can be read. The lags begin with 0: how many are they?",
            ),
        ),
        tolerance=0.0,
    ),
}
