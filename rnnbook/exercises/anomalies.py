"""The exercises of the chapter on holidays in the demand for electricity."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.datasets import demand_victoria
from rnncore.measures import auc

# The scores of two holidays and of four other days.
HOLIDAYS, OTHERS = (9, 5), (7, 4, 5, 1)


def _pairs(equal=0.5):
    """Return the share of pairs in which the holiday has the higher score."""
    wins = [(h > o) + equal * (h == o) for h in HOLIDAYS for o in OTHERS]
    return sum(wins) / len(wins)


def _alarms(found=0.9, alarms=0.05, holidays=10, others=240):
    """Return how many days are called, and the share of holidays among them."""
    called = found * holidays + alarms * others
    return called, found * holidays / called


@cache
def _repaired(back=72, first=7, last=20, day=0):
    """Return the AUC of comparing with yesterday, but one weekday with so many hours before."""
    data = demand_victoria()
    demand = 100 * np.log(data.demand)
    date = data.time[::24].astype("datetime64[D]")
    weekday = (date.astype(int) + 3) % 7
    asked = (weekday < 5) & (np.arange(365) >= 14)
    holiday = asked & ~data.workday[12::24]

    def scores(lag):
        return abs(demand - np.roll(demand, lag)).reshape(365, 24)[:, first:last].mean(axis=1)

    score = np.where(weekday == day, scores(back), scores(24))
    return auc(score[asked], holiday[asked])


EXERCISES = {
    "anomalies-auc": Exercise(
        right=_pairs,
        praise="Six and a half of eight pairs. With two positives one pair more or less is an"
        " eighth: that is how little such a number can say.",
        hints=(
            "The area under the ROC curve is a share of pairs, of a holiday and another day.",
            "Count the pairs in which the holiday has the higher score; an equal one counts half.",
            "There are eight pairs, and the 9 wins its four.",
        ),
        mistakes=(
            (lambda: _pairs(1), "one pair is equal: it counts half, not whole."),
            (lambda: _pairs(0), "one pair is equal: it counts half, not nothing."),
            (lambda: 1 - _pairs(), "the other way round: a holiday should have the higher score."),
        ),
        tolerance=0.004,
    ),
    "anomalies-alarms": Exercise(
        right=_alarms,
        praise="More than half of the alarms are false, though the detector is good: what it looks"
        " for is rare.",
        hints=(
            "Called are days of both kinds; add them up before you divide.",
            "Of the holidays 90 % are called, of the others 5 %.",
            "Of the 240 other days, 12 are called.",
        ),
        mistakes=(
            (
                lambda: (_alarms()[0], 1 - _alarms()[1]),
                "the first is right. That is the share of false alarms; asked are the holidays.",
            ),
            (
                lambda: (_alarms()[0], 0.9),
                "the first is right. 90 % of the holidays are called; asked is which share of what"
                " is called is a holiday.",
            ),
            (
                lambda: (12, 9 / 12),
                "12 are the false alarms; the holidays that are found are called too.",
            ),
            (
                lambda: (_alarms(holidays=10, others=250)[0], _alarms(others=250)[1]),
                "the 5 % are of the 240 other days, not of all 250.",
            ),
        ),
        tolerance=0.004,
    ),
    "anomalies-monday": Exercise(
        right=_repaired,
        praise="One line, and the rule gains more than a tenth. A baseline deserves that somebody"
        " looks at what it gets wrong, as much as a network does.",
        hints=(
            "`np.roll(demand, 24)` is the same hour of the day before; Friday is three days back.",
            "Score all days in both ways, and choose between them day by day: np.where does it.",
            "A Monday is where `weekday` is 0; three days are 72 hours.",
        ),
        mistakes=(
            (lambda: _repaired(24), "that is the rule as it was: a Monday still looks at Sunday."),
            (lambda: _repaired(48), "two days before a Monday is a Saturday."),
            (
                lambda: _repaired(96),
                "four days before a Monday is a Thursday: it was to be Friday.",
            ),
            (
                lambda: _repaired(day=1),
                "that mends the Tuesdays: `weekday` is 0 on a Monday.",
            ),
            (
                lambda: _repaired(first=0, last=24),
                "that is over all 24 hours: `scores` takes those from 7 to 20 h.",
            ),
        ),
        tolerance=0.0006,
    ),
}
