"""What is particular to gates; what every layer keeps: test_layers.py."""

import numpy as np
import pytest
from kinds import close

from rnncore.gated import GRU, LSTM


def test_the_forget_gate_starts_where_it_is_asked_to():
    layer = LSTM(2, 3, rng=np.random.default_rng(0), forget=2.5)
    assert layer.params["b"].reshape(4, 3).tolist() == [[0] * 3, [2.5] * 3, [0] * 3, [0] * 3]
    for wrong in (np.nan, np.inf, "1", None):
        with pytest.raises((TypeError, ValueError), match="forget must be"):
            LSTM(2, 3, rng=np.random.default_rng(0), forget=wrong)


@pytest.mark.parametrize("open_gate", [True, False])
def test_a_cell_keeps_all_or_nothing(open_gate):
    layer = LSTM(1, 1, rng=np.random.default_rng(0))
    layer.params = {"U": np.zeros((4, 1)), "W": np.zeros((4, 1)),
                    "b": [-1e3, 1e3 if open_gate else -1e3, 0, 1e3]}  # fmt: skip
    _, tape = layer.forward(np.ones((5, 1, 1)), ([[0.5]], [[0.7]]))
    assert tape.c[1:].ravel().tolist() == [0.7 if open_gate else 0.0] * 5


def test_an_update_gate_that_is_shut_keeps_the_state():
    layer = GRU(1, 2, rng=np.random.default_rng(0))
    layer.params["b"] = [0, 0, 1e3, 1e3, 0, 0]
    h, _ = layer.forward(np.ones((5, 1, 1)), [[0.3, -0.4]])
    close(h, np.broadcast_to([0.3, -0.4], h.shape), 1e-14)  # n + (h - n) is rounded
