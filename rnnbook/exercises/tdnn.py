"""The exercises of the chapter on the time-delay network."""

import math
from functools import cache

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.networks import Edge, Network, Node, reach
from rnncore.tdnn import TDNN


def _weights(inputs, window, hidden):
    net = TDNN(inputs, window, hidden, 1, rng=np.random.default_rng(0))
    return net.params["U"].size + net.params["b"].size


def _stacked(first, second):
    """How many inputs a unit of the second layer sees, decided from the graph."""
    lines = [Edge("x", "h", delay=d, weight=f"U{d}") for d in range(first)]
    lines += [Edge("h", "y", delay=d, weight=f"V{d}") for d in range(second)]
    nodes = [Node("x", 16, "input"), Node("h", 8), Node("y", 3, "output")]
    return 1 + reach(Network(nodes, lines))


def _respond(x, taps):
    """z(t) = sum over d of taps[d] x(t - d), with zeros before the first input."""
    return tuple(sum(tap * x[t - d] for d, tap in enumerate(taps) if t >= d) for t in range(len(x)))


def _respond_reversed(x, taps):
    return _respond(x, taps[::-1])


def _respond_wrapping(x, taps):
    return tuple(
        sum(tap * x[t - d] for d, tap in enumerate(taps) if t - d >= -len(x)) for t in range(len(x))
    )


def _respond_ahead(x, taps):
    return _respond(x[::-1], taps)[::-1]


@cache
def _smallest_window(first, second):
    """Find the smallest window with which the outputs, summed over time, differ for two tunes."""
    letters = sorted(set(first + second))
    for window in range(1, len(first) + 1):
        net = TDNN(len(letters), window, 8, 1, rng=np.random.default_rng(0))
        x = np.zeros((len(first) + window, 2, len(letters)))
        for b, tune in enumerate((first, second)):
            x[np.arange(len(tune)), b, [letters.index(k) for k in tune]] = 1
        one, other = net.forward(x)[0].sum(axis=0)
        if abs(one - other).max() > 1e-9:
            return window
    return math.inf


EXERCISES = {
    "tdnn-count": Exercise(
        right=lambda: _weights(16, 3, 8),
        praise="Each of the 8 units has 16 weights for each of 3 moments, and a bias."
        " In how many places the units look makes no difference: the weights are shared.",
        hints=("Count for one unit first: how many numbers does it see at once?",),
        mistakes=(
            (lambda: 16 * 3 * 8, "nearly: each unit has a bias too."),
            (lambda: 13 * _weights(16, 3, 8), "every place in time uses the same weights."),
            (lambda: 15 * _weights(16, 3, 8), "every place in time uses the same weights."),
            (lambda: 16 * 15 * 8 + 8, "that is for units which see all 15 moments at once."),
            (lambda: 16 * 8 + 8, "that is for a window of one moment."),
        ),
        tolerance=0.0,
    ),
    "tdnn-stack": Exercise(
        right=lambda: _stacked(3, 5),
        praise="The second layer reaches 4 steps back, and from there the first reaches 2 more:"
        " 6 steps back and the present one. Delays along a path add.",
        hints=(
            "How far back is the oldest hidden response that it sees, and how far back did that"
            " one look?",
        ),
        mistakes=(
            (
                lambda: 15,
                "windows do not multiply. Draw the ways from the newest moments to one unit above.",
            ),
            (lambda: 8, "windows add, but the present moment was counted twice."),
            (lambda: 6, "that is how far back it looks. The present moment counts too."),
            (lambda: 5, "its five hidden responses have themselves looked back."),
        ),
        tolerance=0.0,
    ),
    "tdnn-window": Exercise(
        right=lambda: 1 + max(3, 8),
        praise="The oldest bit that counts is 8 steps old, and the present one takes a place too.",
        hints=(
            "Which is the oldest bit that has to be in the line?"
            " Remember that the present one is in it as well.",
        ),
        mistakes=(
            (lambda: 8, "with this window the oldest bit in the line is 7 steps old."),
            (lambda: 6, "the window always begins with the present bit."),
            (lambda: 5, "the window always begins with the present bit."),
            (lambda: 2, "the window has no gaps: what lies between the two takes places too."),
            (lambda: 11, "the two lags do not add: both bits stand in one line."),
            (lambda: 12, "the two lags do not add: both bits stand in one line."),
        ),
        tolerance=0.0,
    ),
    "tdnn-respond": FunctionExercise(
        right=_respond,
        praise="This is a layer of one linear unit, and it is a convolution.",
        hints=(
            "The response at t is the sum of taps[d] times x[t - d]; where there is no such"
            " input yet, there is nothing to add.",
        ),
        cases=(
            ([1.0, 2.0, -1.0, 0.5], [0.5, 0.3, 0.2]),
            ([3.0, 1.0, 4.0, 1.0, 5.0, 9.0], [1.0, -1.0]),
            ([2.0, 7.0], [0.1, 0.2, 0.3, 0.4]),
        ),
        mistakes=(
            (_respond_reversed, "the newest input gets the last weight. It should get taps[0]."),
            (
                _respond_wrapping,
                "before the first input x[t - d] has a negative index,"
                " and Python then takes an input from the end. Leave these out.",
            ),
            (_respond_ahead, "this looks ahead: x[t + d] has not come yet at step t."),
        ),
        tolerance=1e-9,
    ),
    "tdnn-tunes": Exercise(
        right=lambda: _smallest_window("ABACA", "ACABA"),
        praise="With two steps the network sees AB, BA, AC and CA in both, only in another order,"
        " and the sum over time does not know the order. BAC is in one of them alone.",
        hints=("Run the cell for windows 1, 2, 3, ...: where do the two sums first differ?",),
        mistakes=(
            (lambda: 1, "with this window the network sees single letters, the same ones in both."),
            (lambda: 2, "write down all pairs of neighbours in both tunes, and sort them."),
            (lambda: 4, "they do differ, but a smaller window does it too."),
            (lambda: 5, "they do differ, but a smaller window does it too."),
        ),
        tolerance=0.0,
    ),
}
