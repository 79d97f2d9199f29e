"""The traces in the state units."""

import numpy as np
import pytest

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
