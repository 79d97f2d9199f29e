"""Tunes in letters: pitches, lengths, bars."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.datasets import jigs
from rnncore.notes import KEYS, bars, eighths


def pitches(abc, key="C"):
    return [[note.pitch for note in bar] for bar in bars(abc, key)]


def lengths(abc):
    return [float(note.eighths) for bar in bars(abc) for note in bar]


def test_pitches():
    assert pitches("C,CDEFGABcc'z") == [[48, 60, 62, 64, 65, 67, 69, 71, 72, 84, None]]
    assert pitches("FCG", "A") == [[66, 61, 68]]
    assert pitches("FfC|F", "Em") == [[66, 78, 60], [66]]


def test_a_sign_holds_to_the_end_of_its_bar_and_for_its_octave():
    assert pitches("^FF=FF_B|F") == [[66, 66, 65, 65, 70], [65]]
    assert pitches("=Ff|F", "G") == [[65, 78], [66]]


def test_lengths():
    assert lengths("A2B/2c/4d//e3/2") == [2, 0.5, 0.25, 0.25, 1.5]
    assert lengths("A>BA<BA>>B") == [1.5, 0.5, 0.5, 1.5, 1.75, 0.25]
    assert lengths("A/>B/") == [0.75, 0.25]


def test_the_jigs_are_read_to_the_last_note():
    found = [length for tune in jigs() for length in eighths(tune.abc)]
    assert {tune.key for tune in jigs()} <= set(KEYS)
    assert sum(length == 6 for length in found) / len(found) == pytest.approx(0.82, abs=0.005)
    every = [note.pitch for tune in jigs() for bar in bars(tune.abc, tune.key) for note in bar]
    assert min(p for p in every if p) >= 54 and max(p for p in every if p) <= 90


@given(st.text("ABcz|23/<>^=',4", max_size=30), st.sampled_from(KEYS))
def test_anything_can_be_read(abc, key):
    read = bars(abc, key)
    assert len(read) == abc.count("|") + 1
    assert eighths(abc) == [sum((n.eighths for n in bar), Fraction(0)) for bar in read]


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="key must be one of"):
        bars("A", "H")
    with pytest.raises(TypeError, match="abc must be a text"):
        bars(3)
