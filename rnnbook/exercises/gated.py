"""The exercises of the chapter on gates."""

from functools import cache
from math import exp, log, tanh

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.gated import GRU, LSTM
from rnncore.gradients import through_time


def _counts(inputs=3, hidden=10):
    rng = np.random.default_rng(0)
    layers = LSTM(inputs, hidden, rng=rng), GRU(inputs, hidden, rng=rng)
    return tuple(layer.size for layer in layers)


def _sigma(z):
    return 1 / (1 + exp(-z))


def _bias(share=0.5, steps=100):
    """Return the bias whose forget gate lets `share` come back over so many steps."""
    keep = share ** (1 / steps)
    return log(keep / (1 - keep))


# Three steps of one cell: i, f and g; the last output gate is fully open.
STEPS = ((1.0, 0.0, 0.8), (0.5, 0.5, -0.4), (0.0, 0.25, 0.6))


def _cell(steps=STEPS, start=2.0):
    c = start
    for i, f, g in steps:
        c = f * c + i * g
    return c


def _kept(steps=STEPS[1:]):
    """Return the slope of the last cell along the one after step 1."""
    return float(np.prod([f for _, f, _ in steps]))


def _gru(
    x, h, U, W, b, d, *, order=(0, 1), swapped=False, before=False, always=False, forgets_d=False
):
    r, z = (_sigma(U[k] * x + W[k] * h + b[k]) for k in order)
    if always:
        r = 1.0
    if swapped:
        z = 1 - z
    recalled = W[2] * h + (0.0 if forgets_d else d)
    n = tanh(U[2] * x + b[2] + (r * W[2] * h + d if before else r * recalled))
    return (1 - z) * n + z * h


def _gru_slip(**slip):
    return lambda *case: _gru(*case, **slip)


@cache
def _came_back(forget, steps=50, seed=0):
    """Return |dL/dstate| before the first step, as a share of that before the last."""
    rng = np.random.default_rng(seed)
    layer = LSTM(2, 32, rng=rng, forget=float(forget))
    x, dy = rng.random((steps, 1, 2)), np.zeros((steps, 1, 32))
    dy[-1] = 1.0
    lengths = through_time(layer, x, dy)[:, 0]
    return lengths[0] / lengths[-1]


@cache
def _least_bias(share=0.01):
    return next(forget for forget in range(20) if _came_back(forget) >= share)


EXERCISES = {
    "gated-count": Exercise(
        right=_counts,
        praise="Four times 10 × (3 + 10 + 1) for the LSTM, three times as much for the GRU, and 10"
        " more for d.",
        hints=(
            "The equations have one block of U, W and b for each gate and for the candidate. The"
            " GRU has one array more.",
            "Count the numbers of one block from the shapes H by I, H by H and H, and multiply by"
            " the number of blocks.",
            "In one block U has 10 times 3 numbers.",
        ),
        mistakes=(
            (lambda: _counts()[::-1], "the numbers are right; the LSTM comes first."),
            (
                lambda: (_counts()[0], _counts()[1] - 10),
                "the LSTM is right. The GRU has one more array, d.",
            ),
            (
                lambda: (_counts()[0], _counts()[1] + 10),
                "the LSTM is right. In the GRU, d has one number a unit, and comes in once.",
            ),
            (
                lambda: (_counts()[0], _counts()[1] + 20),
                "the LSTM is right. In the GRU only the candidate has a second bias.",
            ),
            (lambda: (520, 390), "the biases are missing."),
            (lambda: (140, 140), "that is a vanilla layer. How many such blocks are there?"),
            (lambda: (520, 400), "the biases are missing, except d."),
            *(
                (counts, "these are the gates alone. The candidate has weights and a bias too.")
                for counts in (lambda: (420, 290), lambda: (420, 280))
            ),
            (
                lambda: (600, 450),
                "these are two biases a block, as PyTorch has them. The equations above have one,"
                " and the candidate of the GRU one more.",
            ),
        ),
        tolerance=0.0,
    ),
    "gated-half": Exercise(
        right=_bias,
        praise="The forget gate has to be at 0.993: a hundred factors of this make one half. So"
        " long a memory needs a gate that is nearly, but not quite, fully open.",
        hints=(
            "What is left after 100 steps is f to the power 100, as in the table of the chapter.",
            "First find the gate f that leaves one half, then the bias that gives this gate: the"
            " logistic function turned round is b = log(f / (1 - f)).",
            "The gate is the hundredth root of one half, 0.5 ** (1 / 100).",
        ),
        mistakes=(
            (lambda: 0.5 ** (1 / 100), "that is the gate f. Which bias gives this gate?"),
            (lambda: 0.0, "with the bias 0 one half is left after one step, and not a hundred."),
            (lambda: -_bias(), "the sign: a gate above one half needs a bias above 0."),
            (lambda: _bias(steps=10), "that is for ten steps."),
            (lambda: 0.5 / 100, "the factors multiply: f to the power 100 is one half."),
        ),
        tolerance=0.001,
    ),
    "gated-by-hand": Exercise(
        right=lambda: (_cell(), _kept()),
        praise="At step 1 the forget gate is shut, so the 2 is gone for good. From then on the"
        " slope is the product of the two forget gates; what is taken in later does not touch it.",
        hints=(
            "The equation of the cell says all: the old cell times f, plus i times g.",
            "Go step by step. For the slope, ask by what the cell after step 1 is multiplied on"
            " its way to the cell after step 3.",
            "At step 1 the cell becomes 0 times 2 plus 1 times 0.8.",
        ),
        mistakes=(
            (lambda: (_cell(), _kept(STEPS)), "the cell is right. The slope begins after step 1."),
            (lambda: (_cell(), 0.5), "the cell is right. From step 1 to step 3 there are two f."),
            (
                lambda: (_cell([(i, 1 - f, g) for i, f, g in STEPS]), _kept()),
                "f is what is kept, and not what is thrown away.",
            ),
            (
                lambda: (_cell([(i, 1, g) for i, f, g in STEPS]), _kept()),
                "the slope is right. The cell is multiplied by f before something is added.",
            ),
            (
                lambda: (_cell([(1, f, g) for i, f, g in STEPS]), _kept()),
                "the slope is right. What is added is i times g, and not g alone.",
            ),
            (lambda: (_kept(), _cell()), "both are right; first the cell, then the slope."),
        ),
    ),
    "gated-gru": FunctionExercise(
        right=_gru,
        praise="One unit or a thousand, these four lines are the GRU.",
        hints=(
            "The four equations of the GRU, with plain numbers in place of matrices.",
            "Compute r, z, n and the new state, one line each; the lists hold what belongs to r, z"
            " and n, in this order.",
            "The first line is r = sigma(U[0] * x + W[0] * h + b[0]).",
        ),
        cases=(
            (0.5, 0.0, [1.0, 2.0, -1.0], [0.5, -0.5, 2.0], [0.0, 0.1, 0.2], 0.3),
            (-1.0, 0.8, [0.5, -2.0, 1.0], [1.0, 1.5, -1.0], [0.2, 0.0, -0.1], -0.4),
            (0.2, -0.6, [3.0, 1.0, 0.5], [-2.0, 0.5, 1.0], [0.0, -1.0, 0.0], 0.5),
        ),
        mistakes=(
            (_gru_slip(order=(1, 0)), "in the lists r comes first, then z."),
            (_gru_slip(swapped=True), "look at z once more: here it is the share that is kept."),
            (
                _gru_slip(before=True),
                "the reset multiplies all that comes from the state, d included.",
            ),
            (_gru_slip(always=True), "where is the reset gate?"),
            (_gru_slip(forgets_d=True), "the bias d is missing."),
        ),
        tolerance=1e-9,
    ),
    "gated-bias": Exercise(
        right=_least_bias,
        praise="The direct path alone would ask for 3: with 2 it keeps 0.2 % over 49 steps. What"
        " comes back through h and the gates is added, and for seed 0 that makes the"
        " difference.",
        hints=(
            "through_time returns an array (T, B): its first row is what comes back to the start.",
            "Write a function of the bias that makes rng, layer, x and dy anew and returns the"
            " first entry divided by the last; try one bias after the other.",
            "Begin with the bias 0, and print the share for each bias.",
        ),
        mistakes=(
            (lambda: 1, "with 1 it is still less than a hundredth: print the share."),
            (
                lambda: 0,
                "with 0 about 2e-8 comes back, not a hundredth: print the share.",
            ),
            (
                lambda: next(k for k in range(20) if _sigma(k) ** 49 >= 0.01),
                "that is for the direct path alone. Measure, with through_time.",
            ),
            (lambda: 4, "with 4 enough comes back; a smaller bias will do."),
            (lambda: 5, "with 5 enough comes back; a smaller bias will do."),
        ),
        tolerance=0.0,
    ),
}
