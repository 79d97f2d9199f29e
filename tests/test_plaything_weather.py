"""The year day by day: what is drawn and said is what was measured and forecast."""

import re

import numpy as np
import pytest

from rnnbook.playthings.weather import PAST, frames, year
from rnncore.prediction import persistence

DATES = np.arange("2015-01-01", "2015-03-01", dtype="datetime64[D]")
TRUTH = 10 + 8 * np.sin(np.arange(len(DATES)))
AT = np.arange(PAST, len(DATES))
SAID = {"yesterday": persistence(TRUTH, AT), "always 10": np.full(len(AT), 10.0)}


def test_sentences_say_the_day_the_forecasts_and_the_errors_so_far():
    errors = [np.abs(said - TRUTH[AT])[:6].mean() for said in SAID.values()]
    sentence = frames(DATES, TRUTH, AT, SAID)[1].sentence
    assert sentence == (
        f"20 January: {TRUTH[19]:.1f} °C came; yesterday {TRUTH[18]:.1f}, always 10 10.0."
        f" Mean errors so far: yesterday {errors[0]:.2f}, always 10 {errors[1]:.2f}."
    )


def test_a_degree_is_as_high_for_what_came_as_for_what_was_said():
    exact = {"exact": TRUTH[AT], "a degree more": TRUTH[AT] + 1}
    for frame in frames(DATES, TRUTH, AT, exact, every=1):
        dots = [int(y) for y in re.findall(r'cy="(\d+)"', frame.svg)]
        (came,) = re.findall(r'd="M[\d.]+ (\d+)L[\d.]+ \1"[^>]*stroke-width="2.5"', frame.svg)
        assert dots[0] == int(came) and 4 <= dots[0] - dots[1] <= 6


def test_the_past_is_what_was_known_the_day_before():
    one, other = TRUTH.copy(), TRUTH.copy()
    other[AT[5] :] = 12.0
    lines = [
        re.findall(r'd="(M[^"]*)"[^>]*stroke-width="1.8"', frames(DATES, t, AT, SAID)[1].svg)
        for t in (one, other)
    ]
    assert lines[0] == lines[1] and lines[0][0].count("L") == PAST - 1


def test_a_frame_for_every_so_many_days():
    assert len(year(DATES, TRUTH, AT, SAID, every=7).presets["year"]) == -(-len(AT) // 7)


def test_a_forecast_for_other_days_is_refused():
    with pytest.raises(ValueError, match="yesterday must have shape"):
        frames(DATES, TRUTH, AT, {"yesterday": TRUTH})


def test_no_dot_touches_the_frame():
    exact = np.full(len(AT), 35.0)
    for frame in frames(DATES, TRUTH, AT, {"35": exact}):
        top, height = map(
            int, re.search(r'<rect[^>]* y="(\d+)"[^>]* height="(\d+)"', frame.svg).groups()
        )
        assert all(
            top + 4 < int(y) < top + height - 4 for y in re.findall(r'cy="(\d+)"', frame.svg)
        )
