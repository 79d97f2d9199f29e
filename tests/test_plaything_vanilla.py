"""The player in which three arrays move into one matrix."""

import numpy as np
import pytest

from rnnbook.playthings.vanilla import GUESS, frames, matrices
from rnncore.vanilla import ReadOut, VanillaRNN


@pytest.fixture
def layer():
    made = VanillaRNN(3, 2, rng=np.random.default_rng(0))
    made.params["W"][:] = [[0.5, -1.0], [1.0, 0.0]]
    made.params["U"][:] = [[1.0, 0.0, -0.5], [0.5, 1.0, 0.0]]
    made.params["b"][:] = [0.1, -0.2]
    return made


def test_three_moves_two_rows_and_the_steps(layer):
    shown = frames(layer, [[1.0, 0.5, 1.0], [0.0, 1.0, 0.0]], state=[0.6, -0.2])
    assert len(shown) == 4 + 3 + 2
    assert "W is 2 by 2, U 2 by 3, and b has 2 numbers" in shown[0].sentence
    assert [frame.sentence[0] for frame in shown[1:4]] == ["W", "U", "b"]
    assert [frame.svg.count("u₁₃") for frame in shown] == [1, 1, 2, 2, 0, 0, 0, 0, 0]
    assert "(−1) × (−0.2) + 1 × 1" in shown[5].sentence
    assert "= 1.1. By blocks: W gives 0.5, U 0.5, b 0.1." in shown[5].sentence
    h = np.tanh([1.1, 1.4]).round(3)
    assert f"the state {h[0]:g}, {h[1]:g}. The first notation" in shown[7].sentence
    assert shown[8].sentence.endswith("gives the same state here too.")


def test_frames_keep_their_place(layer):
    shown = frames(layer, np.ones((4, 3)))
    assert len({frame.svg.partition(">")[0] for frame in shown}) == 1
    assert all("NaN" not in frame.svg and ">-" not in frame.svg for frame in shown)


def test_readout_is_said(layer):
    readout = ReadOut(2, 1, rng=np.random.default_rng(0))
    readout.params["V"][:], readout.params["c"][:] = [[1.0, -1.0]], 2.0
    shown = frames(layer, np.zeros((1, 3)), readout=readout)
    o = 2 + np.tanh(0.1) - np.tanh(-0.2)
    assert f"The read-out says {o:.3f}" in shown[-1].sentence and "y: 2.297" in shown[-1].svg
    one = {"layer": layer, "x": np.ones((1, 3))}
    assert matrices({"one": one}, guess=None).presets.keys() == {"one"}


def test_digits_are_read_as_a_number(layer):
    for array in layer.params.values():
        array[:] = 0
    layer.params["U"][0, 0] = 20  # the first unit repeats the first input
    readout = ReadOut(2, 1, rng=np.random.default_rng(0))
    readout.params["V"][:] = [[1.0, 0.0]]
    x = np.zeros((4, 3))
    x[[1, 2], 0] = 1
    shown = frames(layer, x, readout=readout)
    assert shown[-1].sentence.endswith("Read from the right: 0110, which is 6.")
    assert "which is" not in shown[-2].sentence


def test_bad_shapes_are_named(layer):
    with pytest.raises(ValueError, match=r"x must have shape \(4, 3\), got \(4, 2\)"):
        frames(layer, np.ones((4, 2)))
    with pytest.raises(ValueError, match=r"state must have shape \(2,\), got \(3,\)"):
        frames(layer, np.ones((4, 3)), state=np.zeros(3))


def test_a_guess_is_asked(layer):
    shown = matrices({GUESS.at[0]: {"layer": layer, "x": np.ones((4, 3))}})
    assert shown.children[0].value == GUESS.question
    assert matrices({"one": {"layer": layer, "x": np.ones((1, 3))}}, guess=None)
