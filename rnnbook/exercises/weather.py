"""The exercises of the chapter on tomorrow's temperature."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.datasets import weather
from rnncore.prediction import (
    flattened,
    following,
    gain,
    iterated,
    mean_absolute_error,
    ridge,
    split,
    windows,
)

# The errors of two forecasts on four days.
FIRST, SECOND = (1.0, 3.0, 2.0, 4.0), (2.0, 3.5, 2.5, 6.0)


def _gap(ahead=7):
    """Return how many days before the end of a part the last window for `ahead` days ends."""
    (first, _) = split(np.arange(100), 60, ahead=ahead)
    return int(60 - first[-1])


def _paired():
    return gain(FIRST, SECOND, np.zeros(4))


def _spreads(ddof=1):
    """Return the spread of the differences, and what two means would give that are not paired."""
    difference = np.subtract(SECOND, FIRST).std(ddof=ddof)
    apart = np.sqrt((np.var(FIRST, ddof=1) + np.var(SECOND, ddof=1)) / 4)
    return float(difference), float(apart)


@cache
def _ahead(direct, day=7, lags=14, judged=(-1,)):
    """Return the error of an autoregression so many days ahead, on the days judged of 2014."""
    days = weather()
    truth = days.temp_max
    train, validation, _ = split(days.date, "2014", "2015", lags=lags, ahead=day)
    past, asked = (flattened(windows(truth, at, lags)) for at in (train, validation))
    if direct:
        said = ridge(past, following(truth, train, day), penalty=30)(asked)
    else:
        said = iterated(ridge(past, truth[train], penalty=30), asked, day)
    came = following(truth, validation, day)
    said, came = (days[:, list(judged)].ravel() for days in (said, came))
    return mean_absolute_error(said, came)


EXERCISES = {
    "weather-gap": Exercise(
        right=_gap,
        praise="From the 25th on, seven days end with the 31st. `split(..., ahead=7)` leaves the"
        " later days out by itself.",
        hints=(
            "It is not the windows that matter here, which look back, but the answers, which look"
            " ahead.",
            "Write down the seven days that are forecast from the 31st on, then from the 30th on."
            " The last of the seven may be the 31st, and no later.",
            "From the 30th on, the seven days are the 30th, the 31st and five days of January.",
        ),
        mistakes=(
            (
                lambda: _gap() - 1,
                "from that day on, the seventh day is New Year's Day, which is in 2014.",
            ),
            (
                lambda: 14,
                "the window looks back, into days that are training days anyway. Look ahead.",
            ),
            (
                lambda: 32 - _gap(),
                "that is the date, in December. How many days before 1 January is it?",
            ),
            (
                lambda: 14 + _gap(),
                "that adds the window to the answer. The window lies before the day on which the"
                " forecast begins; count from that day on.",
            ),
            (
                lambda: 14 + _gap() - 1,
                "that is the window and the answer together. The window lies before the day on"
                " which the forecast begins; count from that day on.",
            ),
            (lambda: 1, "that is right for a forecast of one day. Here seven are forecast."),
            (lambda: _gap() + 1, "one day more may be used: count the seven days."),
        ),
        tolerance=0.0,
    ),
    "weather-paired": Exercise(
        right=_paired,
        praise="Not quite three standard errors; but four days are too few for the rule of two."
        " Without pairs the standard error would be three times as large, and nothing could be"
        " said.",
        hints=(
            "The days are the same for both, so look at the differences of the errors.",
            "The gain is their mean; the standard error is their standard deviation, with N - 1,"
            " divided by the root of N.",
            "Second less first, the differences begin with 2 - 1 = 1 and 3.5 - 3.",
        ),
        mistakes=(
            (
                lambda: (_paired()[0], _spreads()[0]),
                "the gain is right. What you have is the spread of single days; a mean of four"
                " varies less.",
            ),
            (
                lambda: (_paired()[0], _spreads(ddof=0)[0] / 2),
                "the gain is right. Divide the sum of squares by N - 1, not by N.",
            ),
            (
                lambda: (_paired()[0], _spreads()[1]),
                "the gain is right. This standard error is for errors on different days; here the"
                " days are the same, so take the differences first.",
            ),
            (lambda: (-_paired()[0], _paired()[1]), "mind the sign: which of the two is better?"),
        ),
        tolerance=0.005,
    ),
    "weather-ahead": Exercise(
        right=lambda: (_ahead(True), _ahead(False)),
        praise="The two ways hardly differ, and climatology, which needs no yesterday at all, is"
        " better than both: a week ahead, the time of year says more than the last two weeks.",
        hints=(
            "The split, the windows and the penalty are given; compare the last of the seven days.",
            "flattened(windows(truth, at, 14)) is the past. For the direct way the answers are"
            " following(truth, begin, 7); for the other they are truth[begin], and iterated(one,"
            " now, 7) goes on: one is that ridge, now the past of the days asked.",
            "from rnncore.prediction import following, iterated. Then"
            " week = ridge(flattened(windows(truth, begin, 14)), following(truth, begin, 7), 30),"
            " and its seventh day is week(now)[:, -1]. Compare with following(truth, asked, 7).",
        ),
        mistakes=(
            (lambda: (_ahead(False), _ahead(True)), "these are the two, the other way round."),
            (
                lambda: (_ahead(True, 1), _ahead(False, 1)),
                "that is for one day ahead: take the last of the seven columns.",
            ),
            (
                lambda: (_ahead(True, judged=(0,)), _ahead(False, judged=(0,))),
                "that is the first of the seven days: take the last column.",
            ),
            (
                lambda: (_ahead(True, judged=range(7)), _ahead(False, judged=range(7))),
                "that is the mean over all seven days: take the last column alone.",
            ),
        ),
        tolerance=0.0005,
    ),
}
