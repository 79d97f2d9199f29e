"""The exercises of the chapter on reports."""

from functools import cache
from itertools import chain

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.datasets import weeks
from rnncore.seq2seq import nearest
from rnncore.tasks import made_weeks, report

# A week from Wednesday on, as in the text of the exercise.
WEEK = list(
    zip(
        ("wednesday", "thursday", "friday", "saturday", "sunday", "monday", "tuesday"),
        ("sun", "drizzle", "fog", "sun", "rain", "sun", "fog"),
        strict=True,
    )
)


def _asked(week=WEEK):
    return len(report(week))


@cache
def _copied(whole):
    """Return what share of sentences, or of words, the nearest weeks give for 2014."""
    pairs = [(list(chain(*week)), report(week)) for week in weeks(2012, 2013)]
    asked = weeks(2014, 2014)
    found = nearest([list(chain(*week)) for week in asked], pairs)
    said, wanted = [answer for _, answer in found], [report(week) for week in asked]
    if whole:
        return float(np.mean([a == b for a, b in zip(said, wanted, strict=True)]))
    right = [sum(map(str.__eq__, a, b)) for a, b in zip(said, wanted, strict=True)]
    return sum(right) / sum(map(len, wanted))


@cache
def _foggy(chance):
    """Count the weeks that are mostly fog, of 20,000 made ones."""
    found = made_weeks(weeks(2012, 2013), 20_000, np.random.default_rng(0), chance)
    return sum(report(week)[:2] == ["mostly", "fog"] for week in found)


EXERCISES = {
    "reports-by-hand": Exercise(
        right=lambda: (_asked(), _asked() + 1),
        praise="“mixed, two wet days, thursday to sunday”: nine words with the two commas, and the"
        " decoder has to write the end as well.",
        hints=(
            "Two things first: is a sky there on four days or more, and which days are wet?",
            "Sun on three days is not the most of seven. Wet are drizzle, rain and snow, so fog is"
            " dry.",
            "The report begins with “mixed , two wet days ,”, which is six words with its commas.",
        ),
        mistakes=(
            (
                lambda: (_asked() - 2, _asked() - 1),
                "a comma is a word of its own here, and there are two.",
            ),
            (
                lambda: (_asked() + 1, _asked() + 2),
                "“mixed” stands alone; only a sky has “mostly” before it. Three days of seven are"
                " not the most.",
            ),
            (lambda: (_asked(), _asked()), "the words are right. How does the decoder stop?"),
            (
                lambda: (_asked(), _asked() + 2),
                "the words are right. The start is read, and never asked for.",
            ),
        ),
        tolerance=0.0,
    ),
    "reports-words": Exercise(
        right=lambda: (_copied(True), _copied(False)),
        praise="Copying gets four words of five right, and still nearly half of the reports say"
        " something that is not so. A measure that counts words would have made it look good.",
        hints=(
            "The sentences: compare lists. The words: go along two lists at once.",
            "With zip you get the pairs of words that stand in the same place; divide by the words"
            " that were wanted, all reports together.",
            "For one report: sum(u == v for u, v in zip(said, right)), out of len(right).",
        ),
        mistakes=(
            (lambda: (_copied(False), _copied(True)), "these are the two, the other way round."),
            (
                lambda: (_copied(True), _copied(True)),
                "the first is right. For the second, count words instead of sentences.",
            ),
        ),
        tolerance=0.002,
    ),
    "reports-fog": Exercise(
        right=lambda: (_foggy(0.3), _foggy(1.0)),
        praise="Nearly nine times as many, and still one week in fifty: the third kind of training"
        " weeks asks for it on purpose.",
        hints=(
            "made_weeks takes the real weeks, a count, a generator and chance.",
            "A report that begins with “mostly fog” has these two as its first words.",
            "Of one week it is known by report(week)[:2] == ['mostly', 'fog'].",
        ),
        mistakes=(
            (lambda: (_foggy(1.0), _foggy(0.3)), "these are the two, the other way round."),
            (
                lambda: (_foggy(0.3), _foggy(0.3)),
                "the first is right. The second wants chance=1.0, and a fresh generator.",
            ),
        ),
        tolerance=0.0,
    ),
}
