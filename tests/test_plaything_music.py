"""Jigs bar by bar: what is green lasts six eighths, and what is heard is what stands there."""

import re

import pytest

from rnnbook.pictures.canvas import COLOURS
from rnnbook.playthings.music import MOST, frames, heard, tunes
from rnncore.notes import bars, eighths

ABC = "D|GFGA>Bc|B3A2|FFzFFF"


def test_green_bars_are_those_of_six_eighths():
    (frame,) = frames("nobody", [("G", ABC)])
    colours = re.findall(r"<rect[^>]*stroke:var\([^,]*, (#\w+)\)", frame.svg)
    green = [colour == COLOURS["output"] for colour in colours]
    assert green == [length == 6 for length in eighths(ABC)] == [False, True, False, True]
    assert frame.sentence == (
        "Tune 1 in G, by nobody: 2 of its 4 bars, those in green, last six eighths."
    )


def test_what_is_heard_is_what_is_written():
    notes = [note.split(":") for note in heard(ABC, "G").split()]
    written = [note for bar in bars(ABC, "G") for note in bar]
    assert [int(pitch) for pitch, _ in notes] == [note.pitch or 0 for note in written]
    assert sum(float(length) for _, length in notes) == sum(eighths(ABC))
    (frame,) = frames("nobody", [("G", ABC)])
    assert f'data-notes="{heard(ABC, "G")}"' in frame.svg


def test_a_long_tune_is_cut_and_says_so():
    long = "|".join(["GABcde"] * 30)
    (frame,) = frames("nobody", [("G", long)])
    assert frame.svg.count("<rect") == MOST
    assert len(heard(long, "G").split()) == 6 * MOST
    assert f"30 of its 30 bars, of which {MOST} are shown" in frame.sentence


@pytest.mark.parametrize("abc", ["", "|", "///", "<>"])
def test_anything_can_be_shown(abc):
    tunes({"nobody": [("G", abc), ("D", ABC)]})
