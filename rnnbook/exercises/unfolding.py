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


def _recall(x, y_before, w, g, u):
    """y(t) = w x(t) + g y(t-1) + u y(t-2), from y_before = [y(-1), y(0)]."""
    y = list(y_before)
    for value in x:
        y.append(w * value + g * y[-1] + u * y[-2])
    return tuple(y[2:])


def _recall_swapped(x, y_before, w, g, u):
    return _recall(x, y_before, w, u, g)


def _recall_start_reversed(x, y_before, w, g, u):
    return _recall(x, y_before[::-1], w, g, u)


def _recall_from_zero(x, y_before, w, g, u):
    return _recall(x, [0.0, 0.0], w, g, u)


def _recall_with_the_start(x, y_before, w, g, u):
    return (*y_before, *_recall(x, y_before, w, g, u))


def _paths(steps=10):
    """Count the arrows from the first input to the last output, Jordan's network first."""
    ways = [unfold(net, steps).way("x(1)", f"y({steps})") for net in (_jordan(), _elman())]
    return tuple(len(way) - 1 for way in ways)


@cache
def _bytes_per_step():
    """Return what the tape keeps of one step of a batch of 32: x, h and y."""
    layer = Elman(40, 256, 10, rng=np.random.default_rng(0))
    one, two = (layer.forward(np.zeros((steps, 32, 40)))[1] for steps in (1, 2))
    return tuple(more.nbytes - less.nbytes for less, more in zip(one, two, strict=True))


def _steps_in_a_gigabyte(x=1, h=1, y=1, size=1, batch=1):
    kept = sum(times * part for times, part in zip((x, h, y), _bytes_per_step(), strict=True))
    return 1e9 / (kept * size / batch)


EXERCISES = {
    "unfolding-arrows": Exercise(
        right=_count,
        praise="Five connections, ten steps: each is drawn ten times. But only U, W and V are"
        " matrices, and of these there is one each, however long the sequence is.",
        hints=(
            "Draw the folded network first: x, state, h and y, and an arrow for each connection.",
            "Each arrow of the folded network is there once a step, the fixed ones as well."
            " Matrices are shared by the copies, and a fixed arrow has none.",
            "Without decay the arrows are U, W, V and a copy from y to state; decay adds one from"
            " state to state.",
        ),
        mistakes=(
            (lambda: (30, 3), "the matrices are right. The fixed connections are arrows too."),
            (lambda: (40, 3), "with decay there is one connection more: which?"),
            (lambda: (50, 30), "the arrows are right. Do the copies have matrices of their own?"),
            (lambda: (50, 5), "the arrows are right. Fixed connections carry no matrix."),
            (lambda: (5, 3), "that is the folded network. There is a copy for each step."),
            (
                lambda: (48, 3),
                "the matrices are right. Two arrows start before step 1, and count.",
            ),
            (lambda: (3, 50), "the other way round: first the arrows, then the matrices."),
        ),
        tolerance=0.0,
    ),
    "unfolding-before": Exercise(
        right=_before,
        praise="With T = 1 nothing asks for h(-1): the arrow with delay 3 starts at h(-2), and the"
        " one with delay 1 at h(0). From T = 2 on all three are needed, and never more.",
        hints=(
            "Look at the arrows that come from before step 1: the two with a delay.",
            "Write down for each step where its two arrows into h start, and keep what lies at step"
            " 0 or before. Count each box once.",
            "The arrows into h(1) start at h(0) and h(-2).",
        ),
        mistakes=(
            (lambda: (3, 3), "right for T = 5. With T = 1, which nodes does h(1) really ask for?"),
            (lambda: (1, 3), "right for T = 5. Two arrows lead into h(1) from before: where from?"),
            (lambda: (2, 2), "right for T = 1. Now go on: where do the arrows into h(2) start?"),
            (lambda: (4, 4), "a delay of 3 reaches back from h(1) to h(-2), and not to h(-3)."),
            (lambda: (2, 10), "most of those arrows start at steps that have copies: h(1), ..."),
            (lambda: (2, 4), "right for T = 1. For T = 5, count each node once."),
        ),
        tolerance=0.0,
    ),
    "unfolding-loop": FunctionExercise(
        right=_recall,
        praise="The loop goes through the copies in a topological order, and the start values"
        " are what stands in the faint boxes.",
        hints=(
            "Scroll to y(3) in the picture, and find the three arrows that lead into it.",
            "Keep a list that begins with y_before; each new value is made from an input and the"
            " last two in the list. At the end, leave the two start values out.",
            "The first value is y(1) = w x(1) + g y(0) + u y(-1).",
        ),
        cases=(
            ([1.0, 0.0, 0.0, 0.0], [0.0, 0.0], 1.0, 0.5, 0.25),
            ([0.0, 0.0, 0.0], [2.0, 3.0], 1.0, 1.0, -0.5),
            ([0.5, -1.0], [1.0, -2.0], 2.0, 0.3, 0.7),
        ),
        mistakes=(
            (_recall_swapped, "g belongs to the delay of one step, u to that of two."),
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
        " and Elman's two (h to context to h). Two more: Jordan's both lead in, Elman's one in and"
        " one out.",
        hints=(
            "Look at the columns of the table: what does each further step add?",
            "Count the arrows from one step to the next, from y(1) to y(2) and from h(1) to h(2),"
            " and how often they are needed; add the way in and, for Elman’s network, the way out.",
            "unfold(layers['Jordan'].network(), 10).way('x(1)', 'y(10)') lists the boxes.",
        ),
        mistakes=(
            (lambda: _paths()[::-1], "the numbers are right; Jordan's comes first."),
            (lambda: (32, 22), "from step 1 to step 10 the way goes on nine times, and not ten."),
            (lambda: (20, 11), "the copies into state and context units are arrows too."),
            (lambda: (8, 6), "that is the way to y(3)."),
            (lambda: (30, 21), "that counts the boxes. How many arrows join them?"),
            (
                lambda: (27, 18),
                "that leads from step 1 to step 10. Two arrows are missing in each.",
            ),
            (
                lambda: (28, 19),
                "one arrow is missing in each. Both ways begin with x(1) to h(1) and end with h(10)"
                " to y(10).",
            ),
        ),
        tolerance=0.0,
    ),
    "unfolding-gigabyte": Exercise(
        right=_steps_in_a_gigabyte,
        praise="A billion bytes sound like a lot, and fewer than 13,000 steps fill them.",
        hints=(
            "The formula for training says how many numbers T steps keep; leave out the initial"
            " state, which is small.",
            "Bytes for one step: the numbers in x, h and y of all sequences of the batch, times 8."
            " Divide a gigabyte by that.",
            "One sequence keeps 40 + 256 + 10 numbers a step.",
        ),
        mistakes=(
            (lambda: _steps_in_a_gigabyte(y=0), "the outputs are kept as well."),
            (lambda: _steps_in_a_gigabyte(x=0), "the inputs are kept as well."),
            (lambda: _steps_in_a_gigabyte(x=0, y=0), "inputs and outputs are kept as well."),
            (lambda: _steps_in_a_gigabyte(size=0.5), "that is with 4 bytes a number, not 8."),
            (lambda: _steps_in_a_gigabyte(size=0.125), "that counts numbers: each has 8 bytes."),
            (lambda: _steps_in_a_gigabyte(batch=32), "that is for one sequence. There are 32."),
            (
                lambda: _steps_in_a_gigabyte() * 2**30 / 1e9,
                "that is with 2**30 bytes; here a gigabyte has 10**9.",
            ),
            (lambda: 1e9 / _steps_in_a_gigabyte(), "that is the number of bytes for one step."),
        ),
    ),
}
