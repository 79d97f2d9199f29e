"""A sentence word by word: what is drawn and said is what the network has answered so far."""

import re

import numpy as np
import pytest

from rnnbook.playthings.sentiment import SIDE, WORD, frames, reading

WORDS, PRAISE = ["not", "bad", "at", "all"], np.array([0.3, 0.1, 0.5, 0.9])


def bars(frame):
    """Return the bars of a frame: left, width and colour."""
    return [
        (int(left), int(width), colour)
        for left, width, colour in re.findall(
            r'<path d="M(\d+) \d+h(\d+)v[^"]*" style="fill:var\(--rnn-(\w+)', frame.svg
        )
    ]


def test_sentences_say_the_word_and_the_answer_and_a_change():
    sentences = [frame.sentence for frame in frames(WORDS, PRAISE)]
    assert sentences[0] == "Behind “not”, word 1 of 4: 0.30 for praise, so blame."
    assert sentences[3] == (
        "Behind “all”, word 4 of 4: 0.90 for praise, so praise. Before, it was blame."
        " This is the answer."
    )


def test_a_bar_goes_from_the_middle_towards_its_side():
    middle = WORD + SIDE
    for k, frame in enumerate(frames(WORDS, PRAISE)):
        drawn = bars(frame)
        assert len(drawn) == k + 1  # later words have not been read
        for (left, width, colour), p in zip(drawn, PRAISE, strict=False):
            assert width == round(abs(2 * SIDE * (p - 0.5)))
            assert (left, colour) == ((middle, "output") if p > 0.5 else (middle - width, "error"))


def test_one_frame_a_word_for_each_order():
    read = {("a", "as written"): (WORDS, PRAISE), ("a", "shuffled"): (WORDS[::-1], PRAISE)}
    presets = reading(read).presets
    assert {key: len(value) for key, value in presets.items()} == dict.fromkeys(read, 4)


def test_answers_for_other_words_are_refused():
    with pytest.raises(ValueError, match=r"praise must have shape \(4,\), got \(3,\)"):
        frames(WORDS, PRAISE[:3])
