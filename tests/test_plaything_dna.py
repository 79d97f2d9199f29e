"""The stretch read letter by letter: what is drawn and said is what the network gave."""

import re

import numpy as np
import pytest

from rnnbook.playthings.dna import HEIGHT, LEFT, LETTER, TOP, frames, reader

LETTERS = "ACGTACGTACG"
PERCENT = np.array([[100 - 9 * t, 6 * t, 3 * t] for t in range(len(LETTERS))])


def heights(frame):
    """The levels of the curves in a frame, in percent, each class a list of its points."""
    groups = re.findall(r'<g fill="none".*?</g>', frame.svg)
    bottom = TOP + HEIGHT
    return [
        [round((bottom - int(y)) / HEIGHT * 100) for y in re.findall(r"[ML][\d.]+ (\d+)", group)]
        for group in groups
    ]


def test_the_sentence_says_how_much_is_read_and_what_is_likely():
    first, *_, last = frames(LETTERS, 5, PERCENT)
    assert first.sentence == "Nothing has been read yet."
    said = "11 letters read, the last CGTACG: neither 10 %, donor 60 %, acceptor 30 %."
    assert last.sentence == said


def test_the_curves_end_with_what_has_been_read():
    shown = frames(LETTERS, 5, PERCENT)
    assert [f.sentence.split()[0] for f in shown] == ["Nothing", "2", "5", "8", "11"]
    for frame, read in zip(shown[1:], (2, 5, 8, 11), strict=True):
        for level, percent in zip(heights(frame), PERCENT.T, strict=True):
            assert abs(level[-1] - percent[read - 1]) <= 1
            assert abs(level[0] - percent[0]) <= 1


def test_a_frame_has_the_pieces_of_the_one_before():
    before, after = frames(LETTERS, 5, PERCENT)[2:4]
    pieces = [set(re.findall(r'<path d="M[^"]*"/>', frame.svg)) for frame in (before, after)]
    assert pieces[0] and pieces[0] < pieces[1]


def test_the_junction_is_marked_where_there_is_one():
    assert "junction" in frames(LETTERS, 5, PERCENT)[0].svg
    assert "junction" not in frames(LETTERS, None, PERCENT)[0].svg


def test_probabilities_of_other_letters_are_refused():
    with pytest.raises(ValueError, match="percent must have shape"):
        frames(LETTERS, 5, PERCENT[:-1])


def test_letters_that_differ_from_the_first_version_are_tinted():
    def tints(shown):
        return {re.search(r'd="([^"]*z)"[^>]*fill-opacity="0.3"', f.svg)[1] for f in shown}

    changed = frames("ACGTACGTACC", 5, PERCENT, original=LETTERS)
    (tint,) = tints(changed)
    assert tint.count("M") == 1 and tint.startswith(f"M{LEFT + 10 * LETTER} ")
    assert all('fill-opacity="0.3"' not in f.svg for f in frames(LETTERS, 5, PERCENT))
    player = reader({("one", "old"): (LETTERS, 5, PERCENT), ("one", "new"): ("T" * 11, 5, PERCENT)})
    old, new = player.presets.values()
    assert 'fill-opacity="0.3"' not in old[0].svg and tints(new)
