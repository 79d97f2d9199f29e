"""Activation functions against slopes taken from outside."""

import numpy as np

from rnncore.activations import ACTIVATIONS, softmax


def test_softmax_sums_to_one_and_cannot_overflow():
    p = softmax(np.random.default_rng(0).normal(size=(4, 3, 5)))
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-15)
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(softmax(np.array([1000.0, -1000.0])), [1.0, 0.0])


def test_activations_cannot_overflow():
    z = np.array([-1000.0, -1.0, 0.0, 1.0, 1000.0])
    for name, (f, slope) in ACTIVATIONS.items():
        with np.errstate(all="raise", under="ignore"):
            y = f(z)
            steepness = slope(y)
        assert np.isfinite(y).all() and np.isfinite(steepness).all(), name
        inside = z[1:4]
        wanted = [f(np.array(place + 1e-30j)).imag / 1e-30 for place in inside]
        np.testing.assert_allclose(steepness[1:4], wanted, rtol=1e-14)
