"""What is written, by temperature and by step: the frames show and say what was kept."""

import re

import pytest

from rnnbook.playthings.text import WIDE, frames, writing

LETTERS = "\n abc<"
TABLE = {"after": [0], "bits": [1.9], "words": [[0.9, 0.7]], "symbols": [[[2, 1, 3], [4, 0, 5]]]}
NET = {
    "after": [0, 1400],
    "bits": [5.2, 1.8],
    "words": [[0.1, 0.0], [0.95, 0.61]],
    "symbols": [[[2] * 50, [3] * 9], [[4] * 9, [2, 3] * 70]],
}


def lines(frame):
    return re.findall(r'xml:space="preserve"[^>]*>([^<]*)<', frame.svg)


def test_what_is_shown_is_what_was_written():
    first, last = frames(TABLE, NET, LETTERS, 1, 0.8)
    assert lines(first) == ["b" * 9, "c¶&lt;"]
    assert lines(last)[:-1] == ["ab" * (WIDE // 2)] * 3 + ["ab" * 7]


def test_the_sentence_says_the_numbers():
    sentence = frames(TABLE, NET, LETTERS, 1, 0.8)[1].sentence
    assert sentence == (
        "Temperature 0.8: after 1,400 steps 61 of 100 words are in the pages that were read, of"
        " the table's 70; the network needs 1.80 bits a character, the table 1.90."
    )


@pytest.mark.parametrize("k", [0, 1])
def test_no_line_is_longer_than_a_phone_shows(k):
    for frame in frames(TABLE, NET, LETTERS, k, 0.5):
        assert max(map(len, lines(frame))) <= max(WIDE, len("c¶&lt;"))


def test_there_is_a_preset_for_each_temperature():
    assert list(writing([TABLE, NET], LETTERS, [0.5, 1.0]).presets) == ["0.5", "1"]
