"""The exercises of the chapter on tomorrow's share prices."""

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise

# Two series of closing prices.
PRICES = ([100.0, 110.0, 99.0, 99.0], [2000.0, 1900.0, 1995.0])


def _returns(prices):
    return 100 * np.diff(np.log(prices))


def _coin(days=400, right=216):
    """Return how many standard errors above a coin a share is, and what share is two above."""
    error = np.sqrt(0.25 / days)
    return float((right / days - 0.5) / error), float(0.5 + 2 * error)


def _r_squared(walk=True, moved=1, days=430):
    """Return how well yesterday's value forecasts today's, where all is chance."""
    steps = np.random.default_rng(0).normal(size=days)
    series = np.cumsum(steps) if walk else steps
    truth, said = series[moved:], series[:-moved]
    return float(1 - np.mean((said - truth) ** 2) / truth.var())


EXERCISES = {
    "stocks-returns": FunctionExercise(
        right=_returns,
        praise="Returns of the logarithm add up: their sum is the logarithm of the last price over"
        " the first, and what goes up by a return comes back by the same one.",
        hints=(
            "Each return belongs to two prices, one after the other; of N prices there are N - 1.",
            "log(p / q) is log p - log q: take the logarithm of all prices, then differences.",
            "Begin with np.log(prices); np.diff takes the differences. Mind the percent.",
        ),
        mistakes=(
            (
                lambda prices: _returns(prices) / 100,
                "these are the right returns, but not in percent.",
            ),
            (
                lambda prices: 100 * (np.divide(prices[1:], prices[:-1]) - 1),
                "this is the change divided by the old price. It does not add up: 10 % up and"
                " 10 % down is not where one began. Take logarithms.",
            ),
            (
                lambda prices: np.divide(prices[1:], prices[:-1]) - 1,
                "this is the change divided by the old price, and not in percent. Take logarithms.",
            ),
            (lambda prices: np.diff(prices), "these are changes in points. Take logarithms first."),
            (lambda prices: -_returns(prices), "mind the sign: a price that rises, returns more."),
            (
                lambda prices: 100 * np.diff(np.log10(prices)),
                "this is the logarithm to the base of 10; the natural one is meant, np.log.",
            ),
        ),
        cases=tuple((prices,) for prices in PRICES),
        tolerance=1e-6,
    ),
    "stocks-coin": Exercise(
        right=_coin,
        praise="So 54 % of 400 days is what a coin may do. And a coin is too mild a judge where"
        " the market rose on more than half of the days: then it is the share of those days that"
        " has to be beaten.",
        hints=(
            "A coin is right on half of the days, give or take; how much give or take?",
            "The standard error of a share p of N days is the root of p (1 - p) / N, for a coin"
            " with p = 0.5.",
            "For 400 days that is the root of 0.25 / 400. Divide 0.54 - 0.5 by it.",
        ),
        mistakes=(
            (
                lambda: (_coin()[0], _coin()[1] - 0.5),
                "the first is right. The second is how far above a half: what is the share itself?",
            ),
            (
                lambda: (_coin()[0], 100 * _coin()[1]),
                "right, but give the second as a share, between 0 and 1.",
            ),
            (
                lambda: (_coin()[0], (_coin()[1] + 0.5) / 2),
                "the first is right. The second is one standard error above; two are asked for.",
            ),
            (
                lambda: (0.04 / 0.025**2, 0.5 + 2 * 0.025**2),
                "you have divided by the variance: its root is the standard error.",
            ),
            (
                lambda: (0.04 / 0.5, 1.5),
                "0.5 is the spread of a single day; the share of 400 days varies less.",
            ),
        ),
        tolerance=0.005,
    ),
    "stocks-walk": Exercise(
        right=lambda: (_r_squared(), _r_squared(walk=False)),
        praise="Both series are pure chance, and nothing can be forecast in either but that the"
        " walk goes on from where it is. R² is high because the walk has wandered far, not because"
        " anybody knew where it would go. The DAX in the test years looks the same.",
        hints=(
            "Yesterday's value is the forecast: the truth is series[1:], the forecast series[:-1].",
            "R² is 1 less the mean squared error divided by the variance of the truth.",
            "steps = np.random.default_rng(0).normal(size=430), and the walk is np.cumsum(steps).",
        ),
        mistakes=(
            (lambda: (_r_squared(walk=False), _r_squared()), "these are the two, exchanged."),
            (
                lambda: (1 - _r_squared(), 1 - _r_squared(walk=False)),
                "this is the error beside the variance; R² is 1 less that.",
            ),
            (
                lambda: (_r_squared(moved=2), _r_squared(walk=False, moved=2)),
                "this forecast is two days old: compare series[1:] with series[:-1].",
            ),
        ),
        tolerance=0.002,
    ),
}
