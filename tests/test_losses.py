"""Losses against slopes taken from outside."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds import close

from rnncore.losses import cross_entropy, mean_squared_error

shapes = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 5))


def slopes(loss, y):
    """The gradient of loss(y) by complex steps, one number at a time."""
    result = np.empty(y.shape)
    for place in np.ndindex(*y.shape):
        nudged = y.astype(complex)
        nudged[place] += 1e-30j
        result[place] = loss(nudged).imag / 1e-30
    return result


def some(rng, shape):
    """A mask that is 1 in some places, and at least in one."""
    mask = (rng.random(shape) < 0.5).astype(float)
    mask.flat[0] = 1.0
    return mask


@settings(max_examples=30)
@given(shape=shapes, seed=st.integers(0, 99), masked=st.sampled_from(["no", "rows", "all"]))
def test_mean_squared_error_and_its_slope(shape, seed, masked):
    rng = np.random.default_rng(seed)
    y, target = rng.normal(size=(2, *shape))
    mask = {"no": None, "rows": some(rng, (*shape[:2], 1)), "all": some(rng, shape)}[masked]
    loss, dy = mean_squared_error(y, target, mask)
    counted = np.broadcast_to(np.ones(shape) if mask is None else mask, shape) == 1
    assert loss == pytest.approx(np.mean((y - target)[counted] ** 2), rel=1e-12)
    wanted = slopes(lambda y: mean_squared_error(y, target, mask)[0], y)
    np.testing.assert_allclose(dy, wanted, rtol=1e-12, atol=1e-15)


@settings(max_examples=30)
@given(shape=shapes, seed=st.integers(0, 99), masked=st.booleans())
def test_cross_entropy_and_its_slope(shape, seed, masked):
    rng = np.random.default_rng(seed)
    logits = 3 * rng.normal(size=shape)
    classes = rng.integers(shape[2], size=shape[:2])
    mask = some(rng, shape[:2]) if masked else None
    loss, dlogits = cross_entropy(logits, classes, mask)
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    surprise = -np.log(np.take_along_axis(p, classes[..., np.newaxis], axis=-1)[..., 0])
    assert loss == pytest.approx(np.average(surprise, weights=mask), rel=1e-12, abs=1e-15)
    wanted = slopes(lambda z: cross_entropy(z, classes, mask)[0], logits)
    np.testing.assert_allclose(dlogits, wanted, rtol=1e-10, atol=1e-15)


def test_cross_entropy_of_huge_logits():
    loss, dlogits = cross_entropy(np.array([[[1000.0, -1000.0]]]), np.array([[1]]))
    assert loss == 2000
    np.testing.assert_array_equal(dlogits, [[[1.0, -1.0]]])


Y, ONE = np.zeros((2, 1, 3)), np.array([[0], [2]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean_squared_error(Y, Y[:1]), r"target must have the shape of y, \(2, 1, 3\)"),
        (lambda: mean_squared_error(Y, Y, np.ones((5, 1, 1))), r"mask must fit the shape"),
        (lambda: mean_squared_error(Y, Y, 0 * Y), "mask must be 1 somewhere"),
        (lambda: mean_squared_error(Y + np.nan, Y), "y holds NaN or infinity"),
        (lambda: cross_entropy(Y, ONE[:1]), r"classes must have shape \(2, 1\), got \(1, 1\)"),
        (lambda: cross_entropy(Y, ONE + 1), "classes must be integers from 0 to 2"),
        (lambda: cross_entropy(Y, ONE - 1), "classes must be integers from 0 to 2"),
        (lambda: cross_entropy(Y + np.inf, ONE), "logits holds NaN or infinity"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_mask_of_steps_serves_every_output():
    y, target = np.random.default_rng(0).normal(size=(2, 4, 3, 2))
    mask = np.ones((4, 3))
    mask[2:, 1] = 0
    close(mean_squared_error(y, target, mask), mean_squared_error(y, target, mask[..., None]), 0)


def test_small_whole_numbers_do_not_wrap_around():
    y, target = np.full((1, 1, 4), 200, np.uint8), np.full((1, 1, 4), 250, np.uint8)
    assert mean_squared_error(y, target)[0] == 2500.0
    assert type(mean_squared_error(y, target)[0]) is float
