"""The exercises of the chapter on truncated BPTT."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.truncated import chunks, window
from rnncore.vanilla import VanillaRNN


def _share(k, lag):
    """Share of the errors that reach the copy in which their bit was read."""
    return sum(window(t, k, k, k)[1] <= t - lag for t in range(1, k + 1)) / k


def _reach(lag=24, k=50):
    smallest = next(k for k in range(1, 2 * lag) if _share(k, lag) > 0)
    return smallest, _share(k, lag)


def _cost(steps=1_000_000, k1=5, k2=20):
    updates = steps // k1
    return updates, sum(min(k1 * u, k2) for u in range(1, updates + 1))


@cache
def _slope(k2, carried=True):
    """Return dg of h_t = x_t + g h_{t-1}, four inputs 1, only the error at the end, which is 1."""
    layer = VanillaRNN(1, 1, rng=np.random.default_rng(0), activation="identity")
    layer.params["U"][:], layer.params["W"][:] = 1.0, 0.5
    x = np.ones((4, 1, 1))
    state = layer.forward(x[: 4 - k2])[1].state if k2 < 4 and carried else None
    y, tape = layer.forward(x[4 - k2 :], state)
    dy = np.zeros_like(y)
    dy[-1] = 1.0
    return float(layer.backward(dy, tape)[1]["W"][0, 0])


def _with(*came_in):
    """Return the same, if each dz_t is multiplied by these numbers in place of h_{t-1}."""
    products = [a * b for a, b in zip((0.125, 0.25, 0.5, 1.0), came_in, strict=True)]
    return sum(products), sum(products[2:])


def _back(errors, g, k):
    """dz_t = error_t + g dz_{t+1} inside a chunk, and nothing from the next chunk."""
    layer = VanillaRNN(1, 1, rng=np.random.default_rng(0), activation="identity")
    layer.params["U"][:], layer.params["W"][:] = 1.0, g  # with U = 1, dx is dz
    result = []
    for (piece,) in chunks(k, np.reshape(np.array(errors, float), (-1, 1, 1))):
        _, tape = layer.forward(np.zeros_like(piece))
        result += layer.backward(piece, tape)[0].ravel().tolist()
    return tuple(result)


def _back_uncut(errors, g, k):
    return _back(errors, g, len(errors))


def _back_from_the_end(errors, g, k):
    first = len(errors) % k
    whole = _back(errors[first:], g, k)
    return (*_back(errors[:first], g, k), *whole) if first else whole


def _back_cut_early(errors, g, k):
    """Cut between the last step of a chunk and the one before."""
    return (*_back(errors[:1], g, k), *_back(errors[1:], g, k))


def _back_reversed(errors, g, k):
    return _back(errors, g, k)[::-1]


def _reset(lag=2, k=10):
    """Share of right answers that can be had where every chunk starts from zeros."""
    unknown = sum(window(t, k, k, k)[1] > t - lag for t in range(1, k + 1)) / k
    return 1 - unknown / 2


EXERCISES = {
    "truncated-reach": Exercise(
        right=_reach,
        praise="The bit lies 24 steps back, so the way has 25 copies, its own included. In a chunk"
        " of 50 the outputs at places 25 to 50 can go back so far: 26 of them.",
        hints=(
            "Look at the last error of a chunk first: it has the longest way.",
            "Count copies as in the player: the error at place 3 of a chunk passes three of them,"
            " its own included. To go back one step, it has to pass two.",
            "For a lag of 3, place 4 is the first from which an error gets there.",
        ),
        mistakes=(
            (lambda: (24, _share(50, 24)), "the share is right. 24 steps back: how many copies?"),
            (lambda: (25, 0.5), "the smallest k is right. Does place 25 of the chunk count too?"),
            (lambda: (24, 0.5), "each error passes its own copy too, also where it is needed."),
            (lambda: (25, 26), "the smallest k is right, and so is 26: which share of 50 is it?"),
            (lambda: (25, 52), "both are right, if 52 is in percent; give a fraction."),
        ),
        tolerance=0.001,
    ),
    "truncated-by-hand": Exercise(
        right=lambda: (_slope(4), _slope(2)),
        praise="Both use the same states, for the forward pass is not cut. What is missing are the"
        " products of the first two copies, 0.25 × 1 and 0.125 × 0.",
        hints=(
            "The loop weight is used at each of the four steps, once in each copy of the unit; dg"
            " is a sum over the copies that the error reaches.",
            "Write down h_1 to h_4, then dz_4 back to dz_1. Each copy contributes dz_t times what"
            " came in along the loop, h_{t-1}.",
            "h_1 = 1 and dz_4 = 1. The copy of step 1 contributes nothing, since h_0 = 0.",
        ),
        mistakes=(
            (
                lambda: (_slope(4), _slope(1)),
                "the full one is right. k2 = 2 are two copies, the one with the error included.",
            ),
            (
                lambda: (_slope(4), _slope(2, carried=False)),
                "the full one is right. Is the state before step 3 really 0?",
            ),
            (
                lambda: (_slope(4), _slope(4)),
                "the full one is right. With k2 = 2, which copies of g hear nothing?",
            ),
            (
                lambda: _with(1.0, 1.0, 1.5, 1.75),
                "with k2 = 2 it is right. What comes in along the loop at the first step?",
            ),
            (
                lambda: _with(1.0, 1.0, 1.0, 1.0),
                "these are the sums of dz. What is each of them multiplied by, for g?",
            ),
            (
                lambda: _with(1.0, 1.5, 1.75, 1.875),
                "what comes in along the loop at step t is the state before, h_{t-1}, not h_t.",
            ),
            (lambda: (_slope(2), _slope(4)), "the numbers are right; full BPTT comes first."),
        ),
        tolerance=0.001,  # 2.75 is not close to 2.5
    ),
    "truncated-cost": Exercise(
        right=_cost,
        praise="An update every 5 steps, and for each of them a way over 20 copies: four times"
        " as many copies as the sequence has steps.",
        hints=(
            "The two numbers have one task each; the table under *Two numbers* says which.",
            "How many steps lie between two updates? How many copies does the way back of each"
            " update pass?",
            "The updates are a million divided by k1.",
        ),
        mistakes=(
            (lambda: (200_000, 1_000_000), "the updates are right. Each goes back over k2 steps."),
            (lambda: (50_000, 1_000_000), "updates come every k1 steps, and k1 is 5."),
            (lambda: (50_000, 250_000), "you have taken k1 for k2."),
            (lambda: (200_000, 20), "the updates are right; 20 is what one of them goes back."),
        ),
    ),
    "truncated-cut": FunctionExercise(
        right=_back,
        praise="One line more than BPTT: at the last step of each chunk nothing comes from later.",
        hints=(
            "It is the way back of full BPTT, with one exception. At which steps?",
            "Go back from the last step to the first, each dz the error of its step and g times"
            " what came from later; forget what came from later wherever a chunk ends.",
            "With steps counted from 0 and k = 4, the steps 3, 7, 11 are last in their chunks.",
        ),
        cases=(
            ([1.0, 1.0, 1.0, 1.0], 0.5, 2),
            ([1.0, 0.0, -1.0, 2.0, 3.0], 0.5, 2),
            ([0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0], -2.0, 3),
            ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 1.5, 4),
            ([2.0, -1.0, 1.0, 3.0, 1.0], 2.0, 3),
        ),
        mistakes=(
            (_back_uncut, "these are the dz of full BPTT: nothing is cut."),
            (_back_from_the_end, "chunks are counted from the first step; the last is shorter."),
            (
                _back_cut_early,
                "the cut is one step off: counted from 0, step k - 1 is last in its chunk.",
            ),
            (_back_reversed, "the numbers are right; the first step comes first."),
        ),
        tolerance=1e-9,
    ),
    "truncated-reset": Exercise(
        right=_reset,
        praise="Eight of ten answers can be known. For the first two of each chunk the bit was read"
        " before the cut, and was thrown away with the state: these are right half of the time.",
        hints=(
            "Which answers of a chunk need a bit that was read before the chunk began?",
            "Take the answers that can be known for right, and the others for a guess; the share"
            " is the mean over the ten steps of a chunk.",
            "The answer at the first step of a chunk cannot be known: its bit came two steps"
            " before.",
        ),
        mistakes=(
            (lambda: 1.0, "that is with the state carried. What do the first answers need?"),
            (lambda: 0.8, "so many answers can be known. And of the others, none is right?"),
            (lambda: 0.5, "the errors inside a chunk do reach the bits that were read in it."),
            (lambda: 0.95, "look at the lag once more: how many answers need an earlier bit?"),
        ),
        tolerance=0.015,
    ),
}
