"""The calendar: what is called, found and said follows from the scores."""

import re

import numpy as np
import pytest

from rnnbook.playthings.anomalies import frames

DATE = np.arange("2014-01-01", "2015-01-01", dtype="datetime64[D]")
WEEKDAY = (DATE.astype(int) + 3) % 7
ASKED = WEEKDAY < 5
HOLIDAY = np.isin(DATE, np.array(["2014-04-18", "2014-12-25"], "datetime64[D]"))
SCORE = np.where(HOLIDAY, 30.0, 5.0) + np.arange(365) / 1000
SCORE[357] = 40  # Christmas Eve


def test_days_are_called_from_the_highest_score_down():
    none, first, second, third = frames(DATE, ASKED, HOLIDAY, SCORE, most=3)
    assert none.sentence == "No day is called; the 2 holidays have a dot."
    assert first.sentence == (
        "1 called, of a score of 40.0 % and more: 0 of the 2 holidays found, 1 called in vain."
        " The last is 24 December, no holiday."
    )
    assert "The last is 25 December, a holiday." in second.sentence
    assert "2 of the 2 holidays found, 1 called in vain" in third.sentence


def test_a_box_for_each_day_called_and_a_dot_for_each_holiday():
    for called, frame in enumerate(frames(DATE, ASKED, HOLIDAY, SCORE, most=5)):
        assert len(re.findall(r'<rect[^>]*stroke-width="1.2"', frame.svg)) == called
        assert frame.svg.count("<circle") == 2


def test_each_weekday_that_is_asked_has_one_cell():
    svg = frames(DATE, ASKED, HOLIDAY, SCORE, most=0)[0].svg
    cells = re.findall(r"M([\d.]+) ([\d.]+)h6v16", svg)
    assert len(cells) == len(set(cells)) == ASKED.sum()


def test_a_score_for_other_days_is_refused():
    with pytest.raises(ValueError, match="score must have shape"):
        frames(DATE, ASKED, HOLIDAY, SCORE[:-1])
