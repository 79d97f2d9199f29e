"""The forecasts through two weeks: curves and errors are those of the arrays."""

import re

import numpy as np
import pytest

from rnnbook.playthings.demand import BEFORE, DAY, frames, origins
from rnncore.prediction import following, seasonal_naive

TIME = np.arange("2000-08-14T00", "2000-08-20T00", dtype="datetime64[h]")
DEMAND = 25 + 8 * np.sin(np.arange(len(TIME)) / 4)
AT = np.arange(BEFORE, len(TIME) - DAY, 6)
SAID = {
    "yesterday": seasonal_naive(DEMAND, AT, DAY, DAY),
    "exact": following(DEMAND, AT, DAY),
}
FRAMES = frames(DEMAND, TIME, AT, SAID)


def test_a_frame_for_every_second_forecast():
    assert len(FRAMES) == -(-len(AT) // 2)
    assert origins(DEMAND, TIME, AT, SAID).presets == {"two weeks": FRAMES}


def test_sentences_say_when_and_how_far_off():
    truth = DEMAND[AT[2] : AT[2] + DAY]
    off = 100 * np.mean(np.abs(SAID["yesterday"][2] - truth) / truth)
    assert FRAMES[1].sentence == (
        f"A forecast from Tuesday 15 August, 12:00 on. Mean errors: yesterday {off:.1f} %,"
        " exact 0.0 %."
    )


def test_a_forecast_that_is_exact_lies_on_what_came():
    for frame in FRAMES:
        *_, exact, came = re.findall(r'd="M([^"]*)"[^>]*stroke-width="(?:1.8|2.2)"', frame.svg)
        assert came.split("L")[BEFORE:] == exact.split("L")


def test_a_forecast_of_another_length_is_refused():
    with pytest.raises(ValueError, match="exact must have shape"):
        frames(DEMAND, TIME, AT, {"exact": SAID["exact"][:, :-1]})
