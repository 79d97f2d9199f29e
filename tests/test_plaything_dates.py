"""Phrases word by word: what is drawn and said is what the network thought likely."""

import re

from rnnbook.playthings.dates import GUESS, frames, phrases

ENGLISH = ["3", "days", "ago"]
STEPS = [
    [(0.98, "il"), (0.01, "3"), (0.001, "dans")],
    [(0.7, "y"), (0.2, "a"), (0.1, "3")],
    [(0.99, "<end>"), (0.004, "jours"), (0.001, "a")],
]
WORDS = {"3": "3", "days": "jours", "ago": "y"}


def test_a_frame_for_each_word_that_is_read_and_each_that_is_written():
    drawn = frames(ENGLISH, STEPS, WORDS)
    assert len(drawn) == 3 + 3
    assert drawn[1].sentence == "The encoder has read “3 days”; its state holds 2 words."
    assert drawn[4].sentence == (
        "The decoder writes “y”, probability 70 %; then “a” 20 %, “3” 10 %. So far: il y"
    )
    assert "il y <end>" in drawn[5].sentence and "jours" not in drawn[5].sentence


def test_words_that_were_read_are_lit():
    for k, frame in enumerate(frames(ENGLISH, STEPS, WORDS)):
        lit = len(re.findall("<rect data-lit", frame.svg))
        assert lit == (k + 1 if k < 3 else 3 + 1)  # while it writes, the newest word too


def test_a_bar_is_as_long_as_its_word_is_likely():
    bars = re.findall(r'd="M[\d ]+h(\d+)v12', frames(ENGLISH, STEPS, WORDS)[4].svg)
    assert bars == ["84", "24", "12"]


def test_a_line_joins_a_word_with_what_it_stands_for():
    drawn = frames(ENGLISH, STEPS, WORDS)
    lines = [len(re.findall('stroke-width="1.4"', frame.svg)) for frame in drawn]
    assert lines == [0, 0, 0, 0, 1, 1]


def test_a_frame_list_for_each_phrase_and_network():
    (phrase, few), _ = GUESS.at
    found = {phrase: STEPS, "2 days": STEPS[:1]}
    shown = phrases({"all": found, few: found}, WORDS)
    assert list(shown.presets) == [
        (phrase, "all"), ("2 days", "all"), (phrase, few), ("2 days", few)
    ]  # fmt: skip
    assert GUESS.right in GUESS.choices
