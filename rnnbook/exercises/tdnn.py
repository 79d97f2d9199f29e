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


def _respond_longer(x, taps):
    return _respond([*x, *[0.0] * (len(taps) - 1)], taps)


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
        praise="Each of the 8 units has 16 weights for each of 3 steps, and a bias."
        " In how many places the units look makes no difference: the weights are shared.",
        hints=(
            "Look at one unit, and at one step.",
            "Count the numbers that the unit sees at once: it has a weight for each, and a bias."
            " Then multiply by the number of units.",
            "At one step the unit sees the 16 numbers of 3 steps.",
        ),
        mistakes=(
            (lambda: 16 * 3 * 8, "those are the weights. Each unit has a bias too."),
            (lambda: 13 * _weights(16, 3, 8), "every place in time uses the same weights."),
            (lambda: 15 * _weights(16, 3, 8), "every place in time uses the same weights."),
            (lambda: 16 * 15 * 8 + 8, "that is for units which see all 15 steps at once."),
            (lambda: 16 * 8 + 8, "that is for a window of one step."),
        ),
        tolerance=0.0,
    ),
    "tdnn-stack": Exercise(
        right=lambda: _stacked(3, 5),
        praise="The second layer reaches 4 steps back, and from there the first reaches 2 more:"
        " 6 steps back and the present one. Delays along a path add.",
        hints=(
            "Look for the oldest input that has a part in it.",
            "Go back from the unit of the second layer to the oldest hidden units that it sees,"
            " and from there to the oldest input that these have seen. Then count the steps.",
            "A window of 5 shows the present step and 4 older ones.",
        ),
        mistakes=(
            (
                lambda: 15,
                "it does not see all of them, and windows do not multiply. Draw the ways from the"
                " newest steps to one unit above.",
            ),
            (lambda: 8, "one too many: the two windows have one step in common."),
            (lambda: 6, "that is how far back it looks. The present step counts too."),
            (lambda: 5, "its five hidden responses have themselves looked back."),
            (lambda: 3, "that is what a unit of the first layer sees."),
        ),
        tolerance=0.0,
    ),
    "tdnn-window": Exercise(
        right=lambda: 1 + max(3, 8),
        praise="The oldest bit that counts is 8 steps old, and the present one takes a place too.",
        hints=(
            "Look for the oldest bit that has to be in the line.",
            "Count the places of the line, from the present bit back to the oldest that is needed;"
            " the line has no gaps.",
            "With a window of 1 the line holds the present bit, with a window of 2 also the bit of"
            " one step ago.",
        ),
        mistakes=(
            (lambda: 8, "with this window the oldest bit in the line is 7 steps old."),
            (lambda: 6, "the window always begins with the present bit."),
            (lambda: 5, "the window always begins with the present bit."),
            (lambda: 4, "with this window the bit of 8 steps ago has left the line."),
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
            "Look at the sum in the section on convolution: taps[d] is its weight for d steps ago.",
            "Take one loop over the steps t and in it one over the delays d, and add up the"
            " products; leave out those for which the input lies before the first.",
            "Begin with z = [] and for t in range(len(x)): total = 0.",
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
            (
                _respond_longer,
                "the responses are right, but there are too many: stop with the last input.",
            ),
        ),
        tolerance=1e-9,
    ),
    "tdnn-tunes": Exercise(
        right=lambda: _smallest_window("ABACA", "ACABA"),
        praise="With two steps the network sees AB, BA, AC and CA in both, only in another order,"
        " and the sum over time does not know the order. BAC is in one of them alone.",
        hints=(
            "Look at what the slit shows of each tune, and not at the order in which it does.",
            "Call the function for both tunes with windows 1, 2, 3, ...: where do the two sums"
            " first differ by more than rounding?",
            'Begin with summed("ABACA", 1) - summed("ACABA", 1).',
        ),
        mistakes=(
            (lambda: 1, "with this window the network sees single letters, the same ones in both."),
            (lambda: 2, "write down all pairs of neighbours in both tunes, and sort them."),
            (lambda: 4, "they do differ, but a smaller window does it too."),
            (lambda: 5, "they do differ, but a smaller window does it too."),
        ),
        tolerance=0.0,
    ),
}
