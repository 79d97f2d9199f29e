"""The exercises of the chapter on tomorrow's electricity."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.datasets import demand_england
from rnncore.prediction import following, seasonal_naive, split, windows

# Two forecasts and what came.
CASES = (
    (np.array([10.0, 22.0, 30.0]), np.array([8.0, 20.0, 40.0])),
    (np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[2.0, 2.0], [4.0, 4.0]])),
    (np.array([5.0, 9.0]), np.array([4.0, 10.0])),
)


def _mape(forecast, truth):
    return float(100 * np.mean(np.abs(forecast - truth) / truth))


def _begins(hours=14 * 24, ahead=24, every=6):
    """Return how many forecasts begin in a part, one every so many hours."""
    return (hours - ahead) // every + 1


@cache
def _moved(level, ratio=False):
    """Return the error of last week, moved by the level of the last hours; validation weeks."""
    halves = demand_england()
    demand = halves.demand.reshape(-1, 2).mean(axis=1) / 1000
    starts = (np.datetime64("2000-07-31"), np.datetime64("2000-08-14"))
    _, at, _ = split(halves.time[::2], *starts, lags=216, ahead=24)
    at = at[::3]
    now = windows(demand, at, level)[:, :, 0].mean(axis=0)[:, np.newaxis]
    then = windows(demand, at - 168, level)[:, :, 0].mean(axis=0)[:, np.newaxis]
    week = seasonal_naive(demand, at, 168, 24)
    said = week * now / then if ratio else week + now - then
    return _mape(said, following(demand, at, 24))


EXERCISES = {
    "demand-begins": Exercise(
        right=_begins,
        praise="The last one begins at midnight of the last day, and its last hour is the last of"
        " the part. Four a day overlap, so there are far fewer than 53 independent cases.",
        hints=(
            "The first forecast begins with the first hour. With which hour does the last begin?",
            "All 24 of its hours must lie in the part: it begins at most 14 × 24 - 24 hours later.",
            "That is 312 hours later. How many steps of six hours, and with the first one?",
        ),
        mistakes=(
            (lambda: _begins() - 1, "these are the steps between them; count the first one too."),
            (
                lambda: 14 * 24 // 6,
                "the last ones would reach beyond the end: each takes 24 hours.",
            ),
            (lambda: 14, "that is one a day; they begin every six hours."),
            (lambda: 13 * 24 + 1, "that is one every hour; they begin every six hours."),
        ),
        tolerance=0.0,
    ),
    "demand-mape": FunctionExercise(
        right=_mape,
        praise="In percent one can compare a small country with a large one; but where the truth"
        " comes near 0, such an error says nothing.",
        hints=(
            "Each hour has its own error in percent of what came in that hour; then the mean.",
            "The absolute value comes before the mean, or errors up and down cancel.",
            "Begin with np.abs(forecast - truth) / truth.",
        ),
        mistakes=(
            (lambda f, t: _mape(f, t) / 100, "this is a share; in percent, please."),
            (
                lambda f, t: float(100 * np.mean((f - t) / t)),
                "errors up and down cancel here: take absolute values first.",
            ),
            (
                lambda f, t: float(100 * np.mean(np.abs(f - t) / f)),
                "this is in percent of the forecast; take it of what came.",
            ),
            (
                lambda f, t: float(100 * np.sum(np.abs(f - t)) / np.sum(t)),
                "this is the mean error beside the mean truth; divide hour by hour.",
            ),
            (
                lambda f, t: float(np.mean(np.abs(f - t))),
                "this is in the unit of the truth; divide by it, hour by hour.",
            ),
        ),
        cases=CASES,
        tolerance=1e-6,
    ),
    "demand-level": Exercise(
        right=lambda: (_moved(1), _moved(6)),
        praise="Six hours do better than one, and than a whole day. How far to look back is a"
        " setting too, to be chosen by the validation weeks; the chapter took a day unseen.",
        hints=(
            "last_week + (now - then): only the level changes, from 24 hours to one, and to six.",
            "windows(demand, at, 6) are the last six hours before each forecast, and"
            " windows(demand, at - 168, 6) the same hours a week ago.",
            "now = windows(demand, at, 6)[:, :, 0].mean(axis=0); its shape is (B,), so add it as"
            " now[:, None].",
        ),
        mistakes=(
            (lambda: (_moved(6), _moved(1)), "these are the two, exchanged."),
            (
                lambda: (_moved(1, ratio=True), _moved(6, ratio=True)),
                "this multiplies last week by the change; add the difference.",
            ),
            (
                lambda: (_moved(1), _moved(24)),
                "the first is right. The second is for a whole day; six hours are asked for.",
            ),
            (
                lambda: (_moved(24), _moved(6)),
                "the second is right. The first is for a whole day; one hour is asked for.",
            ),
        ),
        tolerance=0.002,
    ),
}
