"""The two curves: what is drawn and said is the forecast, and yesterday's price."""

import re

import numpy as np
import pytest

from rnnbook.playthings.stocks import DAYS, frames, two_curves

PRICE = 2000 * np.exp(0.01 * np.random.default_rng(0).normal(size=120).cumsum())
AT = np.arange(40, 120)
SAID = 0.1 * np.random.default_rng(1).normal(size=len(AT))
FRAMES = frames(PRICE, SAID, AT, {"first": 0, "later": 30})


def numbers(frame):
    return [float(n) for n in re.findall(r"by ([\d.]+) (?:points|%)", frame.sentence)]


def curves(frame):
    """The heights of the truth, of A and of B."""
    second, truth, first = re.findall(r'd="(M[^"]*)"', frame.svg)[-3:]
    paths = truth, first, second
    return np.array([[float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", p)] for p in paths])


def test_a_frame_for_each_stretch_view_and_number_of_days():
    assert list(FRAMES) == [
        ("first", "prices"), ("first", "returns"), ("later", "prices"), ("later", "returns"),
    ]  # fmt: skip
    assert {len(some) for some in FRAMES.values()} == {4}
    assert two_curves(PRICE, SAID, AT, {"first": 0, "later": 30}).presets == FRAMES


def test_the_errors_are_those_of_the_stretch():
    truth, before = PRICE[AT][:DAYS], PRICE[AT - 1][:DAYS]
    said = before * np.exp(SAID[:DAYS] / 100)
    wanted = [np.abs(said - truth).mean(), np.abs(before - truth).mean()]
    assert numbers(FRAMES["first", "prices"][0]) == [round(w) for w in wanted]
    returns = 100 * np.log(truth / before)
    wanted = [np.abs(SAID[:DAYS] - returns).mean(), np.abs(returns).mean()]
    assert numbers(FRAMES["first", "returns"][0]) == [round(w, 2) for w in wanted]


def test_moved_by_a_day_yesterdays_price_is_the_truth():
    truth, first, second = curves(FRAMES["later", "prices"][1])
    assert (second == truth).all() and (first != truth).any()
    assert numbers(FRAMES["later", "prices"][1])[1] == 0
    assert numbers(FRAMES["later", "returns"][1])[1] > 0.5


def test_a_curve_that_is_moved_is_the_same_curve():
    here, there = curves(FRAMES["first", "prices"][0]), curves(FRAMES["first", "prices"][2])
    assert (here[0] == there[0]).all() and (here[1:, 2:] == there[1:, :-2]).all()


def test_a_forecast_for_other_days_is_refused():
    with pytest.raises(ValueError, match="forecast must have shape"):
        frames(PRICE, SAID[:-1], AT, {"first": 0})
