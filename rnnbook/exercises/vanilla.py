"""The exercises of the chapter on the vanilla network in matrix form."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.activations import logistic
from rnncore.tasks import from_binary, in_binary
from rnncore.vanilla import AugmentedRNN, VanillaRNN


def _shape():
    layer = VanillaRNN(5, 20, rng=np.random.default_rng(0))
    return AugmentedRNN(layer).params["W_b"].shape


# One step back: what the read-out asks, what comes from the step after, the state.
DH, LATER, STATE = np.array([0.0, 2.0]), np.array([1.0, 0.5]), np.array([0.0, 0.5])
BETWEEN = np.array([[0.5, -1.0], [2.0, 0.0]])
SLOPE = 1 - STATE**2


def _step_back(matrix=BETWEEN.T, slope=SLOPE):
    return tuple(slope * (DH + matrix @ LATER))


def _deltas(dh_out, slopes, W):
    """dz_t = f'(z_t) * (dh_t + W^T dz_{t+1}), from the last step to the first."""
    dz, later = [], np.zeros(len(W))
    for asked, slope in zip(dh_out[::-1], slopes[::-1], strict=True):
        dz.append(slope * (asked + later))
        later = dz[-1] @ W
    return tuple(tuple(row) for row in dz[::-1])


def _deltas_by_rows(dh_out, slopes, W):
    return _deltas(dh_out, slopes, W.T)


def _deltas_backwards(dh_out, slopes, W):
    return _deltas(dh_out, slopes, W)[::-1]


def _deltas_from_the_front(dh_out, slopes, W):
    return _deltas(dh_out[::-1], slopes[::-1], W)[::-1]


def _deltas_without_future(dh_out, slopes, W):
    return _deltas(dh_out, slopes, 0 * W)


def _deltas_slope_on_asked_only(dh_out, slopes, W):
    return _deltas(slopes * dh_out, np.ones_like(slopes), W)


def _deltas_of_dh_back(dh_out, slopes, W):
    later, rows = np.zeros(len(W)), []
    for asked, slope in zip(dh_out[::-1], slopes[::-1], strict=True):
        dh = asked + later
        rows.append(tuple(slope * dh))
        later = dh @ W
    return tuple(rows[::-1])


def _deltas_turned(dh_out, slopes, W):
    return _deltas(-dh_out, slopes, W)


def _cases():
    rng = np.random.default_rng(0)
    for steps, hidden in ((1, 2), (2, 2), (3, 2)):
        yield (
            rng.integers(-3, 4, size=(steps, hidden)).astype(float),
            rng.integers(1, 5, size=(steps, hidden)) / 4,
            rng.integers(-2, 3, size=(hidden, hidden)) + np.array([[0.0, 1.0], [-1.5, 0.0]]),
        )


@cache
def _shortest():
    """Find the least T at which W in the place of its transpose changes the gradient of U."""
    rng = np.random.default_rng(0)
    for steps in range(1, 9):
        x, dh, slopes = (rng.normal(size=(steps, 3)) for _ in range(3))
        W = rng.normal(size=(3, 3))
        right, wrong = (np.array(_deltas(dh, slopes, matrix)).T @ x for matrix in (W, W.T))
        if not np.allclose(right, wrong):
            return steps
    raise AssertionError("no length shows it")


# All pairs of numbers of six bits, the first never smaller than the second; 53 - 19 comes first.
PAIRS = [(53, 19), *((a, b) for a in range(64) for b in range(a + 1) if (a, b) != (53, 19))]
BITS = np.stack([in_binary(numbers, 7) for numbers in zip(*PAIRS, strict=True)], axis=2)


class MatrixExercise(Exercise):
    """An exercise whose answer is a pair (W_b, V): two such are alike if they compute alike."""

    def agrees(self, answer, wanted, also=None):
        """Compare what the two networks say to all `PAIRS`."""
        said = _computed(answer)
        return said is not None and said == _computed(wanted)

    def complaint(self, answer, wanted):
        """Say what is not a pair of arrays, or quote the first result that is wrong."""
        said = _computed(answer)
        if said is None:
            return "the answer should be a matrix of 3 by 6 numbers, and a V of 3. "
        wrong = ((pair, got) for pair, got in zip(PAIRS, said, strict=True) if got != _minus(*pair))
        (a, b), got = next(wrong)
        return f"with your numbers {a} - {b} = {got}. "


def _minus(a, b):
    return a - b


def _computed(answer):
    """Run the puzzle's network over all pairs; return what comes out, None if it cannot run."""
    try:
        W_b, V = (np.array(part, float) for part in answer)
    except (TypeError, ValueError):  # whatever it is, it is no pair of arrays
        return None
    if W_b.shape != (3, 6) or V.shape != (3,) or not np.isfinite([*W_b.flat, *V]).all():
        return None
    s, digits = np.zeros((len(PAIRS), 3)), []
    with np.errstate(over="ignore", invalid="ignore"):
        for x_t in BITS:
            s = logistic(s @ W_b[:, :3].T + x_t @ W_b[:, 3:5].T + W_b[:, 5])
            digits.append(s @ V)
    return [int(number) for number in from_binary(np.array(digits))]


def _puzzle(state=20, first=20, second=20, biases=(-10, -30, -50), V=(1, -1, 1)):
    """Make a matrix like the puzzle's: all units hear the second, and the digits."""
    return np.array([[0, state, 0, first, second, bias] for bias in biases]), np.array(V)


def _borrows(first=20, second=-20, state=-20, V=(1, 1, -1)):
    """Make the matrix that subtracts: d > 0.5, d < -0.5 (the borrow), d < -1.5."""
    up, down = [0, state, 0, first, second], [0, -state, 0, -first, -second]
    return np.array([[*up, -10], [*down, -10], [*down, -30]]), np.array(V)


EXERCISES = {
    "vanilla-shape": Exercise(
        right=_shape,
        praise="A row for each unit. A column for each number of the vector: 20 of the state, 5 of"
        " the input, and the 1.",
        hints=(
            "Look at the shapes in the product: the matrix, the column, and what comes out.",
            "A row for each number that comes out; a column for each number of [s, x, 1].",
            "Count the numbers of the column from the top: first those of the state, then ...",
        ),
        mistakes=(
            (lambda: (20, 25), "the rows are right. What does the bias meet in the vector?"),
            (lambda: (26, 20), "the numbers are right. A matrix is named by its rows first."),
            (lambda: (25, 20), "rows come first; and what does the bias meet in the vector?"),
            (lambda: (20, 6), "that is U with the bias. The state is in the vector too."),
            (lambda: (5, 26), "a row for each number that comes out: how many units are there?"),
        ),
        tolerance=0.0,
    ),
    "vanilla-step-back": Exercise(
        right=_step_back,
        praise="From the step after, unit 1 is asked for 0.5 × 1 + 2 × 0.5, its column of W; unit 2"
        " for -1. Add what the read-out asks, and let both pass through f'.",
        hints=(
            "Look at the boxed rule. Which of its letters are given here, and which are not?",
            "Three lines: what comes back through W, then the sum with what the read-out asks,"
            " then the slope 1 - h² of each unit.",
            "What comes back to unit 1 is its column of W times dz: 0.5 × 1 + 2 × 0.5.",
        ),
        mistakes=(
            (
                lambda: _step_back(matrix=BETWEEN),
                "you went along the rows of W. What unit 1 sends out stands in its first column.",
            ),
            (
                lambda: _step_back(slope=np.ones(2)),
                "dh is right. It still has to pass f' of each unit.",
            ),
            (
                lambda: _step_back(matrix=0 * BETWEEN),
                "that is for the sake of this step's output only. The step after asks too.",
            ),
            (
                lambda: tuple(SLOPE * DH + BETWEEN.T @ LATER),
                "f' multiplies all of dh, what comes from later as well.",
            ),
            (
                lambda: tuple(SLOPE * (BETWEEN.T @ LATER)),
                "that is what comes from later. The read-out asks something of unit 2 besides.",
            ),
            (
                lambda: tuple(-number for number in _step_back()),
                "the sizes are right and the signs are turned: dz is the gradient itself, and not"
                " the lecture's δ.",
            ),
        ),
    ),
    "vanilla-loop": FunctionExercise(
        right=_deltas,
        praise="Put a batch beside it, and the same lines run: each row is then a matrix with a row"
        " for each sequence.",
        hints=(
            "Which dz can be computed at once, without any other?",
            "Start with the last step, where nothing comes from later; a row of dz times W is what"
            " comes back to the step before.",
            "Begin with dz = np.empty_like(dh_out), later = 0.0, and a loop over"
            " reversed(range(len(dh_out))).",
        ),
        cases=tuple(_cases()),
        mistakes=(
            (
                _deltas_by_rows,
                "this multiplies with the wrong matrix. In rows, is it W or W.T?",
            ),
            (
                _deltas_backwards,
                "the numbers are right and in the wrong order: give them from the first step on.",
            ),
            (
                _deltas_from_the_front,
                "this walks forward in time. dz of a step needs that of the step after.",
            ),
            (
                _deltas_without_future,
                "this is right for the last step only. Where does the step after come in?",
            ),
            (
                _deltas_slope_on_asked_only,
                "f' multiplies all of dh, what comes from later as well.",
            ),
            (
                _deltas_of_dh_back,
                "you send dh back to the step before. It has to pass f' first: dz goes through W.",
            ),
            (
                _deltas_turned,
                "the sizes are right and the signs are turned: dz is the gradient itself, and not"
                " the lecture's δ.",
            ),
        ),
        tolerance=1e-9,
    ),
    "vanilla-transpose": Exercise(
        right=_shortest,
        praise="With one step nothing comes back through W, and nothing can be wrong about it."
        " Check a gradient on several steps, with a W that is not its own transpose.",
        hints=(
            "Where does W come in on the way to the gradient of U?",
            "For T = 1, 2, 3, compare the gradient of U from the faulty backward with that from"
            " numeric. At which T do they differ first?",
            "backward(U, W.T, x, h, dh) is the faulty one, for W serves in that line only.",
        ),
        mistakes=(
            (
                lambda: 1,
                "with one step, what comes back through W goes to the initial state only. Does U"
                " feel it?",
            ),
            (lambda: 3, "it shows already in a shorter sequence."),
            (lambda: 0, "a sequence has at least one step."),
        ),
        tolerance=0.0,
    ),
    "vanilla-subtract": MatrixExercise(
        right=_borrows,
        praise=f"It was asked for {len(PAIRS)} differences. What was the carry has become a borrow."
        " The same three rows, other numbers: what a network does is in its weights.",
        hints=(
            "Look at the table of the thresholds. What does each unit ask of the sum, and what"
            " should it ask of a difference?",
            "Let d be the first bit minus the second minus the borrow: d is 1, 0, -1 or -2. When"
            " is the digit 1, and when is there a new borrow? Give each unit one threshold, of d"
            " or of -d.",
            "Begin with the second unit, which all rows hear: it is to say that d is -1 or less."
            " Which signs does that give the two bits, and the borrow itself?",
        ),
        mistakes=(
            (_puzzle, "that still adds. Which entries of the matrix meet the bits of b?"),
            (
                lambda: _puzzle(second=-20, biases=(-30, -10, 10)),
                "one too small. Before the first column every state is 0; so 0 must mean that"
                " nothing is borrowed. A unit may also listen to -d.",
            ),
            (
                lambda: _borrows(state=0),
                "this forgets the borrow: is there a unit that knows it, and do all rows hear it?",
            ),
            (
                lambda: _borrows(first=-20, second=20),
                "that is the second number minus the first.",
            ),
            (
                lambda: _borrows(V=(1, 0, 0)),
                "a digit comes out where d is 1 only. d can be negative: which unit sees that?",
            ),
            (
                lambda: _borrows(V=(1, 1, 0)),
                "a digit comes out where d is -2 too. Which unit sees that, and what is its V?",
            ),
        ),
        tolerance=0.0,
    ),
}
