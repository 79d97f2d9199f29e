"""The scoreboard: a score for every application in the book, with a verdict that follows."""

import re

import numpy as np
import pytest

from rnnbook.scoreboard import SCORES, Score
from theme.scoreboard import HEAD, row
from tools.notebooks import ROOT, chapters
from tools.rules import PROBLEMS, Page, streams


def score(gain, error):
    return Score("it", "errors", "the mean", 1.25, (1.0, 1.5), gain, error, 12.4)


@pytest.mark.parametrize(
    ("gain", "error", "verdict"),
    [(0.3, 0.1, "wins"), (0.19, 0.1, "draws"), (-0.19, 0.1, "draws"), (-0.3, 0.1, "loses")],
)
def test_less_than_two_standard_errors_is_a_draw(gain, error, verdict):
    assert score(gain, error).verdict == verdict


def test_a_row_has_everything():
    cells = [cell.strip() for cell in row("part/it", score(0.3, 0.1)).strip("|").split("|")]
    assert cells == ["[it](/book/part/it)", "errors", "the mean: 1.25", "1.25 (1.00 to 1.50)",
                     "0.30 ± 0.10", "12", "**wins**"]  # fmt: skip
    assert len(cells) == len(HEAD)


def test_every_application_has_a_score():
    applications = {f"{p.parent.name}/{p.stem}" for p in chapters() if p.parent.name in PROBLEMS}
    assert applications == set(SCORES)


@pytest.mark.parametrize("chapter", SCORES)
def test_scores_agree_with_themselves(chapter):
    found = SCORES[chapter]()
    assert len(found.ours) >= 3 and np.isfinite([*found.ours, found.theirs]).all()
    assert found.error > 0 and 0 < found.seconds <= 25
    difference = abs(np.mean(found.ours) - found.theirs)
    assert abs(found.gain) == pytest.approx(difference, rel=0.02, abs=10.0**-found.digits)


# The other three print no gain of the mean network with its standard error.
@pytest.mark.parametrize(
    "chapter",
    sorted(SCORES.keys() - {"prediction/stocks", "generation/text", "classification/anomalies"}),
)
def test_the_chapter_prints_the_same_standard_error(chapter):
    found, path = SCORES[chapter](), ROOT / "book" / f"{chapter}.ipynb"
    printed = "".join(map(streams, Page(path, path.read_text("utf-8")).code))
    pairs = re.findall(r"([\d.]+) ± (\d+\.(\d+))", printed)
    assert any(
        np.allclose([float(gain), float(error)], [abs(found.gain), found.error],
                    rtol=0, atol=0.51 * 10.0 ** -len(decimals))
        for gain, error, decimals in pairs
    )  # fmt: skip
