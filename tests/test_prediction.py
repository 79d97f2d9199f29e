"""Forecasts: nothing reads the future, and the closed forms are what they minimise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.prediction import (
    flattened,
    following,
    gain,
    iterated,
    mean_absolute_error,
    persistence,
    ridge,
    season,
    seasonal_naive,
    split,
    windows,
)  # fmt: skip

SERIES = np.arange(40.0) ** 2
DATES = np.arange("2012-01-01", "2016-01-01", dtype="datetime64[D]")


@given(st.integers(1, 9), st.integers(1, 9), st.integers(18, 20), st.integers(30, 31))
def test_no_answer_of_a_part_lies_in_the_next(lags, ahead, second, third):
    parts = split(np.arange(40), second, third, lags=lags, ahead=ahead)
    assert [at[0] for at in parts] == [lags, second, third]
    assert [at[-1] + ahead for at in parts] == [second, third, 40]


def test_parts_of_years_begin_on_new_year_s_day():
    parts = split(DATES, "2014", "2015-01-01", lags=14)
    assert [str(DATES[at[0]]) for at in parts] == ["2012-01-15", "2014-01-01", "2015-01-01"]
    assert [len(at) for at in parts] == [717, 365, 365]


@given(st.integers(1, 5), st.lists(st.integers(5, 40), min_size=1, max_size=4))
def test_windows_hold_what_was_before_and_nothing_else(lags, at):
    x = windows(np.column_stack([SERIES, -SERIES]), at, lags)
    assert x.shape == (lags, len(at), 2)
    for b, t in enumerate(at):
        assert (x[:, b, 0] == SERIES[t - lags : t]).all() and (x[:, b, 1] == -x[:, b, 0]).all()
        assert (flattened(x)[b].reshape(lags, 2) == x[:, b]).all()


@pytest.mark.parametrize(
    "forecast",
    [
        lambda series, at: windows(series, at, 6),
        lambda series, at: persistence(series, at, ahead=9),
        lambda series, at: seasonal_naive(series, at, 4, ahead=9),
    ],
)
def test_what_comes_later_changes_no_forecast(forecast):
    changed = SERIES.copy()
    changed[20:] = -1.0
    np.testing.assert_array_equal(forecast(SERIES, [10, 20]), forecast(changed, [10, 20]))
    assert (forecast(SERIES, [21]) != forecast(changed, [21])).any()


def test_a_season_that_repeats_is_forecast_without_error():
    wave = np.tile([3.0, 1.0, 4.0, 1.0, 5.0], 8)
    at = np.arange(5, 28)
    assert (seasonal_naive(wave, at, 5, ahead=12) == following(wave, at, 12)).all()
    assert (persistence(wave, at) == wave[at - 1]).all()
    assert persistence(wave, at, 3).shape == (23, 3)


def test_the_season_turns_once_a_year_and_twice():
    turns = season(DATES, harmonics=2)
    assert turns.shape == (len(DATES), 4)
    np.testing.assert_allclose(turns[:, :2] ** 2 @ [1, 1], 1.0, rtol=1e-12)
    once, twice = (np.unwrap(np.arctan2(turns[:365, k], turns[:365, k + 1])) for k in (0, 2))
    np.testing.assert_allclose(twice, 2 * once, atol=1e-9)
    assert once[-1] == pytest.approx(2 * np.pi * 364 / 365.25)


@pytest.mark.parametrize("penalty", [0.0, 3.0])
@pytest.mark.parametrize("outputs", [(), (2,)])
def test_ridge_is_at_the_bottom_of_what_it_minimises(penalty, outputs):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 4)), rng.normal(size=(30, *outputs)) + 5

    def cost(weights, bias):
        return np.sum((y - x @ weights - bias) ** 2) + penalty * np.sum(weights**2)

    model = ridge(x, y, penalty)
    assert model(x).shape == y.shape
    lowest = cost(*model)
    for _ in range(20):
        step = 1e-3 * rng.normal(size=model.weights.shape), 1e-3 * rng.normal(size=outputs)
        assert cost(model.weights + step[0], model.bias + step[1]) > lowest


def test_a_price_makes_weights_smaller_and_leaves_the_mean():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 4)), rng.normal(size=30) + 5
    free, priced = ridge(x, y), ridge(x, y, 1e9)
    assert np.linalg.norm(priced.weights) < 1e-6 * np.linalg.norm(free.weights)
    assert priced.bias == pytest.approx(y.mean())


def test_iterated_and_direct_agree_where_the_rule_is_linear():
    decay = 0.9 ** np.arange(40.0) + 0.5 ** np.arange(40.0)
    at = np.arange(5, 30)
    past = flattened(windows(decay, at, 2))
    onward = iterated(ridge(past, decay[at]), past, 5)
    direct = ridge(past, following(decay, at, 5))(past)
    np.testing.assert_allclose(onward, following(decay, at, 5), atol=1e-9)
    np.testing.assert_allclose(direct, onward, atol=1e-9)


def test_gain_is_paired():
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 10, size=400)
    other, forecast = truth + 3.0, truth + 2.0  # always one degree better, however hard the day
    better, error = gain(forecast, other, truth)
    assert better == pytest.approx(1.0) and error == pytest.approx(0.0, abs=1e-9)
    assert gain(other, forecast, truth)[0] == pytest.approx(-1.0)
    off = mean_absolute_error(other, truth) - mean_absolute_error(forecast, truth)
    assert off == pytest.approx(better)


def test_blocks_count_neighbours_that_are_alike_once():
    rng = np.random.default_rng(0)
    each = np.repeat(rng.normal(size=100), 5)  # five days alike, so a fifth as much is known
    truth = np.zeros(500)
    _, alone = gain(truth, np.abs(each), truth)
    _, blocks = gain(truth, np.abs(each), truth, block=5)
    assert blocks / alone == pytest.approx(np.sqrt(5), rel=0.02)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: split([1, 3, 2], 2), ValueError, "when must be times .* that increase"),
        (lambda: split([1, 2, 3], 3, ahead=2), ValueError, "starts must leave each part"),
        (lambda: split([1, 2, 3], 3, 2), ValueError, "starts must leave each part"),
        (lambda: split([1, 2, 3], 2, lags=0), ValueError, "lags must be at least 1"),
        (lambda: windows(SERIES, [3], 4), ValueError, "at must be integers from 4 to 40, got 3"),
        (lambda: windows(SERIES, [41], 4), ValueError, "at must be integers from 4 to 40"),
        (lambda: windows(np.zeros((1, 2, 3)), [1], 1), ValueError, r"series must have shape"),
        (lambda: following(SERIES, [39], 2), ValueError, "at must be integers from 0 to 38"),
        (lambda: persistence([1.0, np.nan], [1]), ValueError, "series holds NaN"),
        (lambda: persistence(SERIES[:, None], [1]), ValueError, r"series must have shape \(N,\)"),
        (lambda: seasonal_naive(SERIES, [6], 7), ValueError, "at must be integers from 7"),
        (lambda: season(SERIES), TypeError, "dates must be datetime64"),
        (lambda: ridge([[1.0], [2.0]], [1.0]), ValueError, r"got \(2, 1\) and \(1,\)"),
        (lambda: ridge([[1.0], [2.0]], [1.0, 2.0], -1), ValueError, "penalty must be at least 0"),
        (lambda: ridge(np.ones((5, 2)), np.ones(5)), ValueError, "penalty must be greater than 0"),
        (lambda: ridge([[0.0], [1.0]], [0.0, 1.0])([[1, 2]]), ValueError, r"x must have shape"),
        (lambda: iterated(len, [1.0], 2), ValueError, r"past must have shape \(B, lags\)"),
        (lambda: iterated(lambda p: p, [[1.0, 2]], 2), ValueError, "what model returns must have"),
        (lambda: gain([1.0], [1.0, 2.0], [1.0, 2.0]), ValueError, "forecast must have shape"),
        (lambda: gain([1, 2], [1], [1, 2]), ValueError, "other must have shape"),
        (lambda: gain([1, 2], [1, 2], [1, 2], block=2), ValueError, "block must be at most 1"),
    ],
)
def test_what_is_wrong_is_named(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
