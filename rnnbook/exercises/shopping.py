"""The exercises of the chapter on the next purchase."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.datasets import shopping

# What single households took, brands counted from 0, and how many brands there are.
TAKEN = (([0, 0, 2, 0, 2], 3), ([1, 3, 3, 3, 1, 0], 4))

LATER = 4470 - 516  # purchases but the first of each household


def _follows(taken, brands):
    table = np.zeros((brands, brands), int)
    np.add.at(table, (taken[:-1], taken[1:]), 1)
    return table


def _share(begun=2.0, popular=(0.4, 0.1), own=(2, 1)):
    """Return the shares of two brands, begun as if `begun` purchases had been as all do."""
    return tuple((n + begun * p) / (sum(own) + begun) for n, p in zip(own, popular, strict=True))


@cache
def _habits(first=False, dearest=False, rows=0):
    """Return how often the cheapest brand was taken, and how often the same as last time."""
    data = shopping()
    homes = [np.flatnonzero(data.household == home) for home in range(516)]
    later = np.concatenate(homes if first else [home[1:] for home in homes])
    extreme = (data.price.argmax if dearest else data.price.argmin)(axis=1)
    after = np.concatenate([home[1:] for home in homes])
    again = (data.choice[after] == data.choice[after - 1]).mean()
    return float((data.choice == extreme)[later].mean()), float(again)


def _across():
    """Return the second number where the first purchase of a household follows another's."""
    choice = shopping().choice
    return float((choice[1:] == choice[:-1]).mean())


EXERCISES = {
    "shopping-follows": FunctionExercise(
        right=_follows,
        praise="Row k, divided by its sum, is what the Markov forecast says after brand k.",
        hints=(
            "A household with N purchases has N - 1 pairs of one purchase and the next.",
            "The row is what was taken, the column what was taken next; each pair adds 1.",
            "Begin with table = np.zeros((brands, brands)); then a loop over zip(taken, taken[1:]),"
            " or np.add.at.",
        ),
        mistakes=(
            (
                lambda taken, brands: _follows(taken, brands).T,
                "rows and columns are exchanged: the row is what was taken first.",
            ),
            (
                lambda taken, brands: np.minimum(_follows(taken, brands), 1),
                "each pair is counted once only. table[a, b] += 1 with arrays a and b adds no more"
                " than 1 to a place: take np.add.at, or a loop.",
            ),
            (
                lambda taken, brands: (
                    _follows(taken, brands)
                    / np.maximum(_follows(taken, brands).sum(axis=1, keepdims=True), 1)
                ),
                "these are shares; the counts themselves are asked for.",
            ),
            (
                lambda taken, brands: np.bincount(taken, minlength=brands),
                "this counts the purchases; count the pairs, a table of brands times brands.",
            ),
        ),
        cases=TAKEN,
        tolerance=0.0,
    ),
    "shopping-share": Exercise(
        right=_share,
        praise="With two imaginary purchases the household is not taken at its word too soon,"
        " and a brand that it never took keeps a chance above 0.",
        hints=(
            "Of how many purchases are these shares, the imaginary ones included?",
            "Of each brand, add its part of the two imaginary purchases to what the household took;"
            " divide by all purchases.",
            "Begin with the imaginary ones: 40 % of two purchases are of A.",
        ),
        mistakes=(
            (
                lambda: (2 / 3, 1 / 3),
                "these are the household's own shares. Add the two imaginary purchases.",
            ),
            (
                lambda: _share(begun=1),
                "that has one imaginary purchase; there are two.",
            ),
            (
                lambda: tuple(share * 5 / 3 for share in _share()),
                "divide by all purchases, the two imaginary ones too.",
            ),
            (
                lambda: tuple(share * 5 for share in _share()),
                "these are counts; divide them by all purchases, the two imaginary ones too.",
            ),
            (
                lambda: tuple(share * 100 for share in _share()),
                "these are per cent: right as such, but give them as numbers below 1.",
            ),
            (lambda: _share()[::-1], "these are the two, exchanged."),
        ),
        tolerance=0.002,
    ),
    "shopping-cheapest": Exercise(
        right=_habits,
        praise="Half is the same again, which is loyalty, and a third is the cheapest. A forecast"
        " that has both, and weighs them for each household, begins there.",
        hints=(
            "data.price has a row for each purchase; argmin along the brands is the cheapest.",
            "Leave out the first purchase of each household in both numbers: later purchases are"
            " the rows where data.household is that of the row before.",
            "Begin with later = np.flatnonzero(np.diff(data.household) == 0) + 1, the later rows;"
            " for the second number, think of the rows before them.",
        ),
        mistakes=(
            (
                lambda: (_habits(first=True)[0], _habits()[1]),
                "the second is right. Leave out the first purchases in the first number too.",
            ),
            (
                lambda: (_habits()[0], _across()),
                "the first is right. In the second, the first purchase of a household is compared"
                " with the last of another.",
            ),
            (
                lambda: (_habits(first=True)[0], _across()),
                "leave out the first purchase of each household.",
            ),
            (
                lambda: (_habits(dearest=True)[0], _habits()[1]),
                "the second is right. The first is the dearest brand: argmin, not argmax.",
            ),
            (lambda: _habits()[::-1], "these are the two, exchanged."),
            (
                lambda: tuple(share * LATER for share in _habits()),
                "these are counts; divide them by the number of later purchases.",
            ),
            (
                lambda: tuple(share * 100 for share in _habits()),
                "these are per cent: right as such, but give them as numbers below 1.",
            ),
            (
                lambda: (_habits()[0], 1 - _habits()[1]),
                "the first is right. The second is how often the brand changed.",
            ),
        ),
        tolerance=0.002,
    ),
}
