"""The exercises of the chapter on jigs."""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.datasets import jigs
from rnncore.notes import eighths

BAR = "d>cB/G/FGA"


def _length():
    (length,) = eighths(BAR)
    return float(length)


@cache
def _shares():
    """Return the share of bars of six eighths, and of those of five that one of one follows."""
    lengths = [eighths(tune.abc) for tune in jigs()]
    every = [length for tune in lengths for length in tune]
    whole = sum(length == 6 for length in every)
    pairs = sum(2 for tune in lengths for a, b in pairwise(tune) if (a, b) == (5, 1))
    return whole / len(every), (whole + pairs) / len(every)


def _inner():
    lengths = [length for tune in jigs() for length in eighths(tune.abc)[1:-1]]
    return float(np.mean([length == 6 for length in lengths]))


@cache
def _again(first=1, last=4):
    """Return the share of tunes in which one of some bars comes again, two bars later or more."""
    tunes = [tune.abc.split("|") for tune in jigs()]
    tunes = [bars for bars in tunes if len(bars) > 4]
    return float(
        np.mean([any(bars[k] in bars[k + 2 :] for k in range(first, last)) for bars in tunes])
    )


EXERCISES = {
    "music-bar": Exercise(
        right=_length,
        praise="Three halves and a half for the pair with the sign, two halves, and three of one:"
        " six, as in a bar of 6/8.",
        hints=(
            "The chapter says under *Look at the data first* what the signs mean.",
            "Write down the length of each of the seven notes, then add them up. What > gives to"
            " the one it takes from the other.",
            "d>c are 3/2 and 1/2, so 2 together; B/ is 1/2.",
        ),
        mistakes=(
            (
                lambda: 7,
                "that is how many notes there are; but a stroke halves the note in front of it.",
            ),
            (
                lambda: _length() + Fraction(1, 2),
                "what the sign > gives to d it takes from c: together they last two eighths.",
            ),
        ),
        tolerance=0.0,
    ),
    "music-upbeats": Exercise(
        right=lambda: _shares()[1],
        praise="Half of the bars that looked broken are not: the end of a part is short by just"
        " what the upbeat to the next part brings. Most of the others are the first and the last of"
        " a tune, which make six together as well.",
        hints=(
            "Look at two neighbouring bars at a time.",
            "eighths(tune.abc) are the lengths of a tune's bars; a pair (5, 1) counts as two bars"
            " that add up.",
            "for a, b in zip(lengths, lengths[1:]): add 2 where (a, b) == (5, 1).",
        ),
        mistakes=(
            (lambda: _shares()[0], "these are the bars of six alone. Add those pairs."),
            (
                lambda: (_shares()[0] + _shares()[1]) / 2,
                "a pair is two bars: the one of five and the one of one.",
            ),
            (_inner, "do not leave out the first and the last bars: look for the pairs."),
        ),
        tolerance=0.002,
    ),
    "music-again": Exercise(
        right=lambda: _again(4, 7),
        praise="Half as often as the bars 1 to 3: what comes again is how a tune began.",
        hints=(
            "Bars are what `abc.split('|')` gives, counted from 0.",
            "For each tune with more than seven bars ask whether bar 4, 5 or 6 is among those that"
            " stand two places later, or still later.",
            "any(bars[k] in bars[k + 2:] for k in (4, 5, 6)), then the mean over the tunes.",
        ),
        mistakes=((lambda: _again(), "these are the bars 1 to 3, as in the chapter."),),
        tolerance=0.002,
    ),
}
