"""Captions word by word: what is drawn and said is what was seen and answered."""

import re

import numpy as np
import pytest

from rnnbook.playthings.captions import CELL, GRID, TOP, captions, frames

PAIR = (2, 5, 1)
WORDS = [[word, "an", "two"] for word in ["a", "two", "above", "a", "five", "."]]
P = np.tile([0.8, 0.15, 0.05], (6, 1))
SHARE = np.full((10, 10), 0.9)
PICTURE = np.zeros((16, 16))
PICTURE[0, 4] = PICTURE[15, 10:12] = 1.0


def drawn(words=WORDS, left_out=((2, 5),), **changes):
    given = {"picture": PICTURE, "p": P, "share": SHARE} | changes
    return frames(PAIR, given["picture"], words, given["p"], given["share"], left_out)


def test_each_word_has_its_sentence_and_the_last_the_verdict():
    sentences = [frame.sentence for frame in drawn()]
    assert sentences[1] == "Word 2: two 0.80, an 0.15, two 0.05."
    assert sentences[-1] == (
        "Word 6: the end 0.80, an 0.15, two 0.05. The caption: a two above a five, as it should be."
        " No training picture had this pair."
    )
    wrong = [*WORDS[:4], ["three", "five", "two"], WORDS[5]]
    last = drawn(wrong, left_out=())[-1].sentence
    assert last.endswith("a two above a three, which is wrong: a two above a five.")


def test_the_picture_has_its_pixels_and_the_grid_its_holes():
    svg = drawn()[0].svg
    ink = re.search(r'd="([^"]*)" style="fill:currentColor" fill-opacity="1"', svg)[1]
    assert re.findall(r"M\d+ \d+h(\d+)", ink) == ["9", "18"]  # neighbours are drawn as one
    (dots,) = re.findall(r'd="([^"]*)" style="fill:var\(--rnn-error', svg)
    assert (
        dots.startswith(f"M{GRID + 5 * CELL + 5} {TOP + 16 + 2 * CELL + 5}h4")
        and dots.count("M") == 2  # the second is in the legend
    )


def test_longer_bars_for_likelier_words():
    (first, second, third) = (
        int(width) for width in re.findall(r'd="M74 \d+h(\d+)v16', drawn()[0].svg)
    )
    assert first > second > third > 0


def test_every_picture_can_be_chosen():
    looked = {(a, b, r): (PICTURE, WORDS, P) for a in (2, 5) for b in (2, 5) for r in (0, 1)}
    presets = captions(looked, SHARE, [(2, 5)]).presets
    assert len(presets) == 8 and ("two", "five", "above") in presets


def test_probabilities_of_other_words_are_refused():
    with pytest.raises(ValueError, match="p must have shape"):
        drawn(p=P[:5])
    with pytest.raises(ValueError, match="share must have shape"):
        captions({PAIR: (PICTURE, WORDS, P)}, SHARE[:5], [])
