"""The chapter on the time-delay network: its playthings, its pictures, and its exercises."""

import re

import numpy as np
import pytest

from rnnbook.exercises import tdnn
from rnnbook.playthings import tdnn as taps
from rnncore.tasks import GLIDES, glides
from rnncore.tdnn import TDNN


def made(window=5, hidden=4):
    return TDNN(8, window, hidden, 3, rng=np.random.default_rng(0))


def test_outputs_follow_a_shifted_input_and_their_sum_stays():
    net, rng = made(), np.random.default_rng(1)
    x = np.zeros((40, 2, 8))
    x[:20] = rng.normal(size=(20, 2, 8))
    y, _ = net.forward(x)
    late, _ = net.forward(np.roll(x, 11, axis=0))
    np.testing.assert_allclose(late[11:], y[:-11], rtol=0, atol=1e-12)
    np.testing.assert_allclose(late.sum(axis=0), y.sum(axis=0), rtol=0, atol=1e-12)


@pytest.mark.parametrize("window", [1, 3, 6])
def test_an_output_feels_the_window_and_nothing_older(window):
    net, rng = made(window), np.random.default_rng(2)
    _, tape = net.forward(rng.normal(size=(12, 1, 8)))
    dy = np.zeros((12, 1, 3))
    dy[9] = 1.0
    felt = np.abs(net.backward(dy, tape)[0]).sum(axis=(1, 2)) > 0
    assert np.flatnonzero(felt).tolist() == list(range(10 - window, 10))


def test_delay_line_answers_as_a_convolution():
    x, weights = [0.0, 1.0, 0.0, -2.0, 3.0], (0.5, 0.3, 0.2)
    frames = taps.line_frames(x, weights)
    said = [float(re.sub("\N{MINUS SIGN}", "-", f.sentence.split("= ")[-1][:-1])) for f in frames]
    assert said == pytest.approx(np.convolve(x, weights)[:5])
    assert frames[1].sentence == (
        "Moment 1: the line holds 1, 0, 0, the newest first. 0.5 × 1 + 0.3 × 0 + 0.2 × 0 = 0.5."
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


def test_spectrograms_are_said_in_words():
    x = glides([0, 2], [3, 8], np.random.default_rng(0), noise=0.1)
    drawn = taps.spectrograms(x, ["one", "two"], caption="Two glides.")
    assert drawn.alt.startswith("2 spectrograms of 30 steps and 8 bands")
    assert drawn.svg.count("<rect") == 2


def test_exercises_have_these_answers():
    answers = {k: v.right() for k, v in tdnn.EXERCISES.items() if k != "tdnn-respond"}
    assert answers == {"tdnn-count": 392, "tdnn-stack": 7, "tdnn-window": 9, "tdnn-tunes": 3}
