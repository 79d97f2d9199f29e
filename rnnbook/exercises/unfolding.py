"""The exercises of the chapter on unfolding."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.elman import Elman
from rnncore.jordan import Jordan
from rnncore.networks import Edge, Network, Node
from rnncore.unfolding import unfold


def _count():
    unfolded = unfold(_jordan(decay=0.5), 10)
    return len(unfolded.network.edges), len(unfolded.sharing)


@cache
def _jordan(decay=0.0):
    return Jordan(1, 2, 1, decay=decay, rng=np.random.default_rng(0)).network()


@cache
def _elman():
    return Elman(1, 2, 1, rng=np.random.default_rng(0)).network()


@cache
def _two_loops():
    return Network(
        [Node("x", 1, "input"), Node("h", 1), Node("y", 1, "output")],
        [
            Edge("x", "h", weight="U"),
            Edge("h", "h", 1, weight="W1"),
            Edge("h", "h", 3, weight="W3"),
            Edge("h", "y", weight="V"),
        ],
    )


def _before():
    return tuple(len(unfold(_two_loops(), steps).start) for steps in (1, 5))


def _recall(x, y_before, w, g, k):
    """y(t) = w x(t) + g y(t-1) + k y(t-2), from y_before = [y(-1), y(0)]."""
    y = list(y_before)
    for value in x:
        y.append(w * value + g * y[-1] + k * y[-2])
    return tuple(y[2:])


def _recall_swapped(x, y_before, w, g, k):
    return _recall(x, y_before, w, k, g)


def _recall_start_reversed(x, y_before, w, g, k):
    return _recall(x, y_before[::-1], w, g, k)


def _recall_from_zero(x, y_before, w, g, k):
    return _recall(x, [0.0, 0.0], w, g, k)


def _recall_with_the_start(x, y_before, w, g, k):
    return (*y_before, *_recall(x, y_before, w, g, k))


def _arrows_between(network, source, target, steps):
    """Count the arrows on the shortest way from one node of the unfolded network to another."""
    edges, reached, arrows = unfold(network, steps).network.edges, {source}, 0
    while target not in reached:
        reached |= {edge.target for edge in edges if edge.source in reached}
        arrows += 1
    return arrows


def _paths(steps=10):
    return tuple(
        _arrows_between(net, "x(1)", f"y({steps})", steps) for net in (_jordan(), _elman())
    )


@cache
def _bytes_per_step():
    layer, batch = Elman(10, 256, 10, rng=np.random.default_rng(0)), 32
    one, two = (layer.forward(np.zeros((steps, batch, 10)))[1] for steps in (1, 2))
    return (two.h.nbytes - one.h.nbytes), (two.y.nbytes - one.y.nbytes)


def _steps_in_a_gigabyte(h=1, y=1, size=1, batch=1):
    bytes_h, bytes_y = _bytes_per_step()
    return 1e9 / ((h * bytes_h + y * bytes_y) * size / batch)


EXERCISES = {
    "unfolding-arrows": Exercise(
        right=_count,
        praise="Five connections, ten moments: each is drawn ten times. But only U, W and V are"
        " matrices, and of these there is one each, however long the sequence is.",
        hints=(
            "How many connections has the folded network, the fixed ones included? And which of"
            " them carry a matrix?",
        ),
        mistakes=(
            (lambda: (30, 3), "the matrices are right. The fixed connections are arrows too."),
            (lambda: (40, 3), "with decay there is one connection more: which?"),
            (lambda: (50, 30), "the arrows are right. Do the copies have matrices of their own?"),
            (lambda: (50, 5), "the arrows are right. Fixed connections carry no matrix."),
            (lambda: (5, 3), "that is the folded network. There is a copy for each moment."),
            (lambda: (3, 50), "the other way round: first the arrows, then the matrices."),
        ),
        tolerance=0.0,
    ),
    "unfolding-before": Exercise(
        right=_before,
        praise="With T = 1 nothing asks for h(-1): the arrow with delay 3 starts at h(-2), and the"
        " one with delay 1 at h(0). From T = 3 on all three are needed, and never more.",
        hints=(
            "Write down where the two arrows into h(1) start, then those into h(2), and so on;"
            " count each node before the first step once.",
        ),
        mistakes=(
            (lambda: (3, 3), "right for T = 5. With T = 1, which nodes does h(1) really ask for?"),
            (lambda: (2, 2), "right for T = 1. Now go on: where do the arrows into h(2) start?"),
            (lambda: (4, 4), "a delay of 3 reaches back from h(1) to h(-2), and not to h(-3)."),
            (lambda: (2, 10), "most of those arrows start at moments that have copies: h(1), ..."),
            (lambda: (2, 4), "right for T = 1. For T = 5, count each node once."),
        ),
        tolerance=0.0,
    ),
    "unfolding-loop": FunctionExercise(
        right=_recall,
        praise="The loop goes through the copies in a topological order, and the start values"
        " are what stands in the faint boxes.",
        hints=(
            "Keep a list that begins with y(-1) and y(0); each new value is made from the last"
            " two in it.",
        ),
        cases=(
            ([1.0, 0.0, 0.0, 0.0], [0.0, 0.0], 1.0, 0.5, 0.25),
            ([0.0, 0.0, 0.0], [2.0, 3.0], 1.0, 1.0, -0.5),
            ([0.5, -1.0], [1.0, -2.0], 2.0, 0.3, 0.7),
        ),
        mistakes=(
            (_recall_swapped, "g belongs to the delay of one step, k to that of two."),
            (
                _recall_start_reversed,
                "look at the order of the start values: y(-1) comes first, then y(0).",
            ),
            (_recall_from_zero, "this forgets the start values: y(1) needs y(0) and y(-1)."),
            (
                _recall_with_the_start,
                "the values are right; leave out the two that were there before the first step.",
            ),
        ),
        tolerance=1e-9,
    ),
    "unfolding-way": Exercise(
        right=_paths,
        praise="Each step to the right costs Jordan's network three arrows (y to state to h to y)"
        " and Elman's two (h to context to h). Two more lead in and out.",
        hints=(
            "Count from one moment to the next: how many arrows lead from y(1) to y(2), or from"
            " h(1) to h(2)? Then add the way in, and for Elman's network the way out.",
        ),
        mistakes=(
            (lambda: _paths()[::-1], "the numbers are right; Jordan's comes first."),
            (lambda: (32, 22), "from moment 1 to moment 10 it is nine steps, and not ten."),
            (lambda: (20, 11), "the copies into state and context units are arrows too."),
            (lambda: (8, 6), "that is the way to y(3)."),
        ),
        tolerance=0.0,
    ),
    "unfolding-gigabyte": Exercise(
        right=_steps_in_a_gigabyte,
        praise="A billion bytes sound like much, and are full after less than 15,000 steps.",
        hints=(
            "How many numbers are h(t) and y(t) together, for all sequences of the batch? Each"
            " takes 8 bytes.",
        ),
        mistakes=(
            (lambda: _steps_in_a_gigabyte(y=0), "close: y(t) is kept as well."),
            (lambda: _steps_in_a_gigabyte(size=0.5), "that is with 4 bytes a number, not 8."),
            (lambda: _steps_in_a_gigabyte(size=0.125), "that counts numbers: each has 8 bytes."),
            (lambda: _steps_in_a_gigabyte(batch=32), "that is for one sequence. There are 32."),
            (lambda: 1e9 / _steps_in_a_gigabyte(), "that is the number of bytes for one step."),
        ),
    ),
}
