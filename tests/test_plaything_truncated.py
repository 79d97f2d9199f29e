"""The windows of truncated BPTT: what is drawn and said is what `truncated` does."""

import re

import numpy as np
import pytest

from rnnbook.playthings.truncated import EXAMPLES, GUESS, frames, window, windows
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import VanillaRNN

CASES = [*EXAMPLES, (4, 6), (5, 7), (3, 12), (5, 5)]


def summed(y, target, mask):
    """Give the sum of the outputs as loss, so that each of them has the error 1."""
    return y.sum(), np.ones_like(y)


def reached(k1, k2, steps):
    """Ask the gradients: column t of dL/dU belongs to step t alone, where inputs are one-hot."""
    layer = VanillaRNN(steps, 1, rng=np.random.default_rng(0), activation="identity")
    layer.params["W"][:] = 1.0  # so that each error counts 1 at each copy that it reaches
    x = np.eye(steps)[:, np.newaxis]
    pieces = truncated(layer, chunks(k1, x, np.zeros((steps, 1, 1))), summed, k2=k2)
    return [chunk.gradients["U"][0].round().astype(int).tolist() for chunk in pieces]


@pytest.mark.parametrize(("k1", "k2"), CASES)
def test_windows_are_those_of_the_gradient(k1, k2, steps=12):
    counts = []
    for update in dict.fromkeys(window(t, k1, k2, steps)[0] for t in range(1, steps + 1)):
        count = [0] * steps
        for t in range(1, steps + 1):
            when, first = window(t, k1, k2, steps)
            if when == update:
                for copy in range(first, t + 1):
                    count[copy - 1] += 1
        counts.append(count)
    assert counts == reached(k1, k2, steps)


@pytest.mark.parametrize(("k1", "k2"), CASES)
def test_frames_count_the_errors_that_have_reached_each_copy(k1, k2, steps=12):
    drawn = []
    for frame in frames(k1, k2, steps):
        numbers = re.findall(r"fill:var\(--rnn-gradient[^>]*>(\d+)<", frame.svg)
        if "<circle" in frame.svg:  # an update
            drawn.append(list(map(int, numbers)))
    sums = np.cumsum(reached(k1, k2, steps), axis=0)
    assert drawn == [[n for n in row if n] for row in sums.tolist()]
    assert frame.sentence.endswith(f": {' '.join(map(str, sums[-1]))}.")


def test_sentences_count_the_copies():
    said = [frame.sentence for frame in frames(4, 4)]
    assert said[6] == (
        "Step 7: forward only; the chunk is not full yet. On the tape: steps 5 to 7."
    )
    assert said[7].startswith(
        "Step 8: the errors of steps 5 to 8 go back to step 5: that of step 5 over 1 copy,"
        " that of step 8 over 4 copies. Update 2. On the tape: steps 5 to 8."
    )
    assert "over its own copy and no further. Update 3." in frames(1, 1)[2].sentence
    assert "over 4 copies, to step 5. Update 8." in frames(1, 4)[7].sentence
    assert "to step 1, the beginning" in frames(12, 12)[11].sentence


def test_nothing_goes_back_before_the_chunk_is_full():
    for now, frame in enumerate(frames(4, 4), start=1):
        assert ("<circle" in frame.svg) == (now % 4 == 0)


def test_player_has_all_examples():
    assert list(windows().presets) == [
        "k1 = k2 = 4", "k1 = 2, k2 = 4", "k1 = 1, k2 = 4",
        "k1 = k2 = 1, Elman", "k1 = k2 = 12, full BPTT",
    ]  # fmt: skip


def test_the_guess_is_right():
    wanted = [t for t in range(4, 13) if window(t, 4, 4, steps=12)[1] <= t - 3]
    assert wanted == [4, 8, 12] and GUESS.right == "three of them"


@pytest.mark.parametrize("wrong", [(1, 4, 3, 9), (1, 0, 3, 9), (0, 1, 1, 9), (10, 1, 1, 9)])
def test_wrong_windows_are_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        window(wrong[0], wrong[1], wrong[2], steps=wrong[3])
