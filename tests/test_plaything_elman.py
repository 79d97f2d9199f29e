"""Letters one by one with how wrong each guess was, and at the end the words."""

import re

import numpy as np
import pytest

from rnnbook.playthings.elman import GUESS, HIGH, frames, guesses


def test_guesses_come_one_by_one_and_the_words_at_the_end():
    wrong, start = [0.5, 0.1, 0.3, 0.4], [True, False, False, True]
    shown = frames("seaa", wrong, np.array(start))
    assert len(shown) == 5
    assert [frame.svg.count("fill-opacity=") for frame in shown] == [1, 2, 3, 4, 4]
    assert [frame.svg.count("▲") for frame in shown] == [0, 0, 0, 0, 2]
    assert shown[1].sentence == (
        "Letter 2 is e, error 0.10: not more than that of the letter before."
    )
    assert "Does a word begin here?" in shown[2].sentence
    assert shown[4].sentence == (
        "The words come apart: sea a. A triangle marks where each begins."
        " Of the 2 highest bars, 2 stand at the start of a word."
    )
    assert guesses({"sea": ("seaa", wrong, start)}).presets.keys() == {"sea"}


def test_guesses_name_bad_input():
    with pytest.raises(ValueError, match="must have one length, got 3, 2 and 3"):
        frames("sea", [0.1, 0.2], [True, False, False])


def test_a_guess_is_asked_for_first_and_answered_where_the_words_come_apart():
    seaa = "seaa", [0.5, 0.1, 0.3, 0.4], [True, False, False, True]
    page = guesses({"sea": seaa, "the same": seaa})._page()
    assert "player-guess" in page and GUESS.right in GUESS.choices
    assert 'data-example="0" data-frame="4"' in page


def test_bars_are_as_high_as_the_guess_was_wrong():
    (*_, end) = frames("sea", [0.2, 0.1, 0.05], [True, False, False])
    heights = [float(height) for height in re.findall(r"h9v(\d+)h-9z", end.svg)]
    assert heights == pytest.approx([HIGH, HIGH / 2, HIGH / 4], abs=1)
