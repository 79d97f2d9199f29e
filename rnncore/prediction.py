"""Forecasts of a series, and the simple ones that a network has to beat.

Steps are counted from 0 along the first axis.  What is forecast for step t is computed from the
steps before t only: a window ends at t - 1, and a split gives the later steps to the later part.

Errors are absolute, in the unit of the series; of two forecasts the same steps are compared.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rnncore.arrays import (
    finite,
    function,
    integers,
    number,
    row,
    said,
    sequence,
    shaped,
    times,
    whole,
)


def split(when, *starts, lags=1, ahead=1):
    """Split the steps of a series in time: each part is later than the one before.

    Parameters
    ----------
    when : array (N,)
        The time of each step, such as dates, increasing.
    *starts
        Where the second part begins, the third, and so on: anything that compares with `when`.
    lags : int
        How many steps a forecast reads; the first `lags` steps are in no part.
    ahead : int
        How many steps are forecast, from the one that is listed on.  The last `ahead` - 1 steps of
        a part are left out: their answers lie in the next part, or beyond the end.

    Returns
    -------
    list of arrays
        For each part the steps to be forecast.

    Raises
    ------
    ValueError
        Where `when` does not increase, or a part is left without steps.

    Examples
    --------
    >>> split([2012, 2013, 2014, 2015, 2016], 2014, 2016)
    [array([1]), array([2, 3]), array([4])]
    """
    when, lags, ahead = times(when, "when"), whole(lags, "lags"), whole(ahead, "ahead")
    if not (when[:-1] < when[1:]).all():
        raise ValueError(f"when must be times (N,) that increase, got {said(when)}")
    starts = times(starts, "starts", when.dtype if when.dtype.kind == "M" else None)
    edges = [lags, *np.searchsorted(when, starts), len(when)]
    for start, end in pairwise(edges):
        if end - start < ahead:
            raise ValueError(f"starts must leave each part at least {ahead} of the steps of when")
    return [np.arange(a, b - ahead + 1) for a, b in pairwise(edges)]


def windows(series, at, lags):
    """Lay side by side what came before each of some steps.

    Parameters
    ----------
    series : array (N, F) or (N,)
    at : array (B,) of int
        The steps to be forecast, `lags` to N; N itself is the one after the end.
    lags : int
        How long a window is.

    Returns
    -------
    array (lags, B, F)
        Time-major, as layers read it: in column b the steps at[b] - lags to at[b] - 1.

    Examples
    --------
    >>> windows([5, 6, 7, 8], [2, 4], lags=2)[:, :, 0].T
    array([[5., 6.],
           [7., 8.]])
    """
    series, lags = _series(series), whole(lags, "lags")
    at = integers(at, "at", most=len(series), least=lags)
    return series[at + np.arange(-lags, 0)[:, np.newaxis]]


def flattened(x):
    """Return windows (T, B, F) as the rows of a table (B, T F), the oldest step first.

    >>> flattened(windows([5, 6, 7, 8], [2, 4], lags=2))
    array([[5., 6.],
           [7., 8.]])
    """
    x = sequence(x)
    return np.swapaxes(x, 0, 1).reshape(x.shape[1], -1)


def following(series, at, ahead):
    """Return the truth (B, ahead): what came at each step of `at` and at those after it.

    >>> following([5, 6, 7, 8], [1, 2], ahead=2)
    array([[6., 7.],
           [7., 8.]])
    """
    series, ahead = row(series, "series"), whole(ahead, "ahead")
    at = integers(at, "at", most=len(series) - ahead)
    return series[at[:, np.newaxis] + np.arange(ahead)]


# Forecasts without a network


def persistence(series, at, ahead=1):
    """Forecast that all stays as it was at the last step before `at`: (B,), or (B, ahead).

    >>> persistence([5, 6, 7, 8], [1, 4])
    array([5., 8.])
    """
    return seasonal_naive(series, at, 1, ahead)


def seasonal_naive(series, at, period, ahead=1):
    """Forecast what was one period before: the same hour yesterday, the same day last year.

    Parameters
    ----------
    series : array (N,)
    at : array (B,) of int
        The first steps to be forecast, `period` to N.
    period : int
        In steps.  Where it is shorter than `ahead`, the last period is repeated.
    ahead : int
        How many steps are forecast.

    Returns
    -------
    array (B,), or (B, ahead) where `ahead` is more than 1

    Examples
    --------
    >>> seasonal_naive([5, 6, 7, 8], [4], period=2, ahead=3)
    array([[7., 8., 7.]])
    """
    series, period, ahead = row(series, "series"), whole(period, "period"), whole(ahead, "ahead")
    at = integers(at, "at", most=len(series), least=period)
    found = series[at[:, np.newaxis] - period + np.arange(ahead) % period]
    return found[:, 0] if ahead == 1 else found


def season(dates, harmonics=1):
    """Say where in the year a day is, as sines and cosines of one, two, ... turns a year.

    Parameters
    ----------
    dates : array (N,) of datetime64
    harmonics : int

    Returns
    -------
    array (N, 2 harmonics)
        sin 2πp, cos 2πp, sin 4πp, ..., p the share of the year that is over.

    Examples
    --------
    >>> season(np.array(["2015-01-01", "2015-04-02"], "datetime64[D]")).round(1)
    array([[0., 1.],
           [1., 0.]])
    """
    days, harmonics = times(dates, "dates", "datetime64[D]"), whole(harmonics, "harmonics")
    over = (days - days.astype("datetime64[Y]")).astype(float) / 365.25
    turns = 2 * np.pi * over[:, np.newaxis] * np.arange(1, harmonics + 1)
    return np.stack([np.sin(turns), np.cos(turns)], axis=2).reshape(len(days), -1)


class Linear(NamedTuple):
    """A weighted sum, y = x w + b: called with x (N, F), it returns (N,) or (N, O)."""

    weights: np.ndarray
    bias: np.ndarray

    def __call__(self, x):
        """Return the forecasts for the rows of x (N, F)."""
        return shaped(x, (len(x), len(self.weights)), "x") @ self.weights + self.bias


def ridge(x, y, penalty=0.0):
    """Fit a weighted sum by least squares, with a price on large weights.

    It minimises |y - x w - b|^2 + penalty |w|^2, which has a closed form: with x and y less their
    means, w solves (x'x + penalty 1) w = x'y.  On a window of the series itself this is an
    autoregression; with the next steps as the columns of y, a direct forecast of each.

    Hoerl, A. E. and Kennard, R. W. (1970). Ridge regression: biased estimation for nonorthogonal
    problems. Technometrics 12, 55-67.

    Parameters
    ----------
    x : array (N, F)
        In units that can be compared, for the price is the same for all weights.
    y : array (N,) or (N, O)
    penalty : float
        0 or more; 0 is ordinary least squares.

    Returns
    -------
    Linear

    Raises
    ------
    ValueError
        Where shapes do not fit, or without a penalty the weights are not determined.

    Examples
    --------
    >>> line = ridge([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> line.weights.round(6), line([[3.0]]).round(6)
    (array([2.]), array([7.]))
    """
    x, y = finite(x, "x"), finite(y, "y")
    if x.ndim != 2 or y.ndim not in (1, 2) or len(y) != len(x) or not len(x):
        raise ValueError(f"x must be (N, F) and y (N,) or (N, O), got {x.shape} and {y.shape}")
    penalty = number(penalty, "penalty", least=0)
    centre, level = x.mean(axis=0), y.mean(axis=0)
    gram = (x - centre).T @ (x - centre) + penalty * np.eye(x.shape[1])
    if np.linalg.matrix_rank(gram, hermitian=True) < len(gram):
        raise ValueError("penalty must be greater than 0 where columns of x repeat one another")
    weights = np.linalg.solve(gram, (x - centre).T @ (y - level))
    return Linear(weights, level - centre @ weights)


def iterated(model, past, ahead):
    """Forecast several steps by taking each forecast for true, as the input of the next.

    Parameters
    ----------
    model : callable
        From the last values (B, lags), the oldest first, to the next (B,), such as a `Linear`.
    past : array (B, lags)
    ahead : int

    Returns
    -------
    array (B, ahead)

    Examples
    --------
    >>> iterated(lambda past: past[:, 0] + past[:, 1], [[1, 1]], ahead=4)
    array([[2., 3., 5., 8.]])
    """
    model, past, ahead = function(model, "model"), finite(past, "past"), whole(ahead, "ahead")
    if past.ndim != 2:
        raise ValueError(f"past must have shape (B, lags), got {past.shape}")
    lags = past.shape[1]
    for _ in range(ahead):
        following = shaped(model(past[:, -lags:]), (len(past),), "what model returns")
        past = np.column_stack([past, following])
    return past[:, lags:]


# Judging


def mean_absolute_error(forecast, truth):
    """Return by how much a forecast is off on average, in the unit of the truth.

    >>> mean_absolute_error([1.0, 4.0], [2.0, 2.0])
    1.5
    """
    return float(_errors(forecast, truth).mean())


def gain(forecast, other, truth, block=1):
    """Return by how much a forecast beats another on the same steps, and the standard error of it.

    The comparison is paired: what made a step hard for both is not in the difference,

        d = |other - truth| - |forecast - truth|,   gain = mean of d,   s.e. = std of d / sqrt(N).

    Diebold, F. X. and Mariano, R. S. (1995). Comparing predictive accuracy. Journal of Business
    and Economic Statistics 13, 253-263.

    Parameters
    ----------
    forecast, other, truth : arrays (N,)
    block : int
        The standard error takes steps for independent.  Where neighbours are not, let it be so
        many steps that blocks of them are: then each block counts as one, and what is over at the
        end is left out of the standard error.

    Returns
    -------
    gain, error : float
        A gain of less than two standard errors is a draw.

    Examples
    --------
    >>> gain([1.0, 2.0, 3.0], [1.0, 3.0, 5.0], [1.0, 2.0, 3.0])
    (1.0, 0.5773502691896258)
    """
    d = _errors(other, truth, "other") - _errors(forecast, truth)
    block = whole(block, "block", most=len(d) // 2)
    blocks = d[: len(d) // block * block].reshape(-1, block).mean(axis=1)
    return float(d.mean()), float(blocks.std(ddof=1) / np.sqrt(len(blocks)))


def _errors(forecast, truth, name="forecast"):
    truth = row(truth, "truth")
    return np.abs(shaped(forecast, truth.shape, name) - truth)


def _series(series):
    series = finite(series, "series")
    if series.ndim not in (1, 2) or not series.size:
        raise ValueError(f"series must have shape (N, F) or (N,), got {series.shape}")
    return series.reshape(len(series), -1)
