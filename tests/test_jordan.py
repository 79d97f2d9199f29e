"""The traces in the state units, and the player that shows them."""

import numpy as np
import pytest

from rnnbook.playthings import jordan as traces
from rnncore.jordan import Jordan, trace


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.9])
def test_trace_is_what_a_taught_network_holds(decay):
    rng = np.random.default_rng(0)
    y = rng.normal(size=(6, 3, 2))
    layer = Jordan(1, 4, 2, decay=decay, rng=rng)
    _, tape = layer.forward(np.zeros((6, 3, 1)), teacher=y)
    np.testing.assert_array_equal(tape.s, trace(y, decay))


def test_trace_fades_by_powers_of_the_decay():
    y = np.random.default_rng(1).normal(size=(5, 1, 2))
    faded = sum(0.7**k * y[4 - k] for k in range(5))
    np.testing.assert_allclose(trace(y, 0.7)[5], faded, rtol=1e-14)


@pytest.mark.parametrize("decay", [-0.1, 1.0, float("nan")])
def test_bad_decay_is_named(decay):
    with pytest.raises(ValueError, match="decay must be at least 0 and less than 1, got"):
        trace(np.zeros((2, 1, 1)), decay)


def test_a_frame_for_each_step_and_one_for_the_end():
    shown = traces.frames("ANANAS", 0.5)
    assert len(shown) == 7
    assert "A 1.25, N 0.5, S 0." in shown[3].sentence
    assert "The nearest before was step 4, where N came" in shown[5].sentence
    assert shown[6].sentence.startswith("After the last step")


def test_without_decay_nobody_can_know():
    shown = traces.frames("ANANAS", 0.0)
    assert "Exactly this was held before step 2, where N came: the same letter" in shown[3].sentence
    assert "before steps 2 and 4, where N came" in shown[5].sentence
    assert shown[5].sentence.endswith("nobody can know that it is S now.")


def test_player_has_an_example_for_each_decay():
    shown = traces.traces("ABAC", (0.0, 0.25))
    assert list(shown.presets) == ["decay 0", "decay 0.25"]
    heights = {f.svg.split('viewBox="')[1].split('"')[0] for p in shown.presets.values() for f in p}
    assert len(heights) == 1  # so that nothing jumps
