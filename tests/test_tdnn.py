"""The chapter on the time-delay network: what a window sees, and its exercises."""

import numpy as np
import pytest

from rnnbook.exercises import tdnn
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


def test_hidden_units_add_up_convolutions_of_their_inputs():
    net, x = made(window=3), np.random.default_rng(1).normal(size=(6, 1, 8))
    U, b = net.params["U"], net.params["b"]
    z = b + sum(
        np.array([np.convolve(x[:, 0, i], U[:, unit, i])[:6] for unit in range(4)]).T
        for i in range(8)
    )
    np.testing.assert_allclose(net.forward(x)[1].h[:, 0], np.tanh(z), rtol=0, atol=1e-12)


@pytest.mark.parametrize("window", [1, 3, 6])
def test_an_output_feels_the_window_and_nothing_older(window):
    net, rng = made(window), np.random.default_rng(2)
    _, tape = net.forward(rng.normal(size=(12, 1, 8)))
    dy = np.zeros((12, 1, 3))
    dy[9] = 1.0
    felt = np.abs(net.backward(dy, tape)[0]).sum(axis=(1, 2)) > 0
    assert np.flatnonzero(felt).tolist() == list(range(10 - window, 10))


def test_exercises_have_these_answers():
    answers = {k: v.right() for k, v in tdnn.EXERCISES.items() if k != "tdnn-respond"}
    assert answers == {"tdnn-count": 392, "tdnn-stack": 7, "tdnn-window": 9, "tdnn-tunes": 3}
