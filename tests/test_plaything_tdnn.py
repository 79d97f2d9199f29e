"""The playthings of the time-delay network: a delay line, and a glide that slides."""

import re

import numpy as np
import pytest

from rnnbook.playthings import tdnn as taps
from rnncore.tasks import GLIDES, glides
from rnncore.tdnn import TDNN


def made(window=5, hidden=4):
    return TDNN(8, window, hidden, 3, rng=np.random.default_rng(0))


def test_delay_line_answers_as_a_convolution():
    x, weights = [0.0, 1.0, 0.0, -2.0, 3.0], (0.5, 0.3, 0.2)
    frames = taps.line_frames(x, weights)
    said = [float(re.sub("\N{MINUS SIGN}", "-", f.sentence.split("= ")[-1][:-1])) for f in frames]
    assert said == pytest.approx(np.convolve(x, weights)[:5])
    assert frames[1].sentence == (
        "Step 2: the line holds 1, 0, 0, the newest first. 0.5 × 1 + 0.3 × 0 + 0.2 × 0 = 0.5."
    )
    assert taps.delay_line({"one": x}, weights).presets.keys() == {"one"}
    assert len(taps.line_frames(x, [2.0])) == 5


def test_empty_line_is_named():
    with pytest.raises(ValueError, match="x and taps must hold numbers, got 5 and 0"):
        taps.line_frames([1.0] * 5, [])


def test_sliding_says_what_moved_and_what_was_cut():
    frames = taps.sliding_frames(made(), 0, [0, 5, 18, 22])
    assert "starts at once. Watch" in frames[0].sentence
    assert "after 5 steps of silence. The hidden responses are those of the first frame, moved" in (
        frames[1].sentence
    )
    sums = [frame.sentence.split("Summed over time: ")[1] for frame in frames]
    assert sums[0] == sums[1] == sums[2] != sums[3]
    assert "the last of them are cut off" in frames[3].sentence
    assert taps.sliding(made()).presets.keys() == set(GLIDES)


def test_sliding_says_it_when_responses_do_not_move():
    class Forgetful(TDNN):
        """Notices at which step it is."""

        def forward(self, x, state=None):
            return super().forward(x + np.arange(len(x))[:, np.newaxis, np.newaxis] * (x > 0))

    net = Forgetful(8, 2, 4, 3, rng=np.random.default_rng(0))
    assert "are not those of the first frame" in taps.sliding_frames(net, 0, [0, 4])[1].sentence


def test_steps_are_numbered_from_one_and_the_present_number_is_strong():
    for now, frame in enumerate(taps.line_frames([0.0, 1.0, 0.0], [0.5, 0.3]), start=1):
        numbers = re.findall(rf'y="{taps.NUMBERS}"([^>]*)>(\d+)<', frame.svg)
        assert [n for _, n in numbers] == ["1", "2", "3"]
        assert [n for style, n in numbers if "data-lit" in style] == [str(now)]


def test_the_guess_about_one_pulse_is_right():
    weights = [0.5, 0.3, 0.2]
    said = [frame.sentence for frame in taps.line_frames([1.0, 0.0, 0.0, 0.0], weights)]
    assert [s.split("= ")[-1] for s in said] == ["0.5.", "0.3.", "0.2.", "0."]
    assert taps.LINE_GUESS.right == "the taps, the newest first"


def test_the_guess_about_the_end_is_right():
    frames = taps.sliding_frames(made(), 0, [0, 14, 22])
    sums = [frame.sentence.split("Summed over time: ")[1] for frame in frames]
    assert sums[0] == sums[1] != sums[2] and taps.SLIDING_GUESS.right == "they change"


def test_frames_share_what_moves_with_the_glide():
    first, later = taps.sliding_frames(made(), 0, [0, 10])
    bars = [set(re.findall(r'<path d="[^"]*" style', frame.svg)) for frame in (first, later)]
    assert bars[0] == bars[1]
    assert 'transform="translate(0 0)"' in first.svg and 'transform="translate(96 0)"' in later.svg


def test_spectrograms_are_said_in_words():
    x = glides([0, 2], [3, 8], np.random.default_rng(0), noise=0.1)
    drawn = taps.spectrograms(x, ["one", "two"], caption="Two glides.")
    assert drawn.alt.startswith("2 spectrograms of 30 steps and 8 bands")
    assert drawn.svg.count("<rect") == 2
