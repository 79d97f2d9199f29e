"""What every chapter trains with: losses against slopes taken from outside, steps by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.activations import ACTIVATIONS, softmax
from rnncore.losses import cross_entropy, mean_squared_error
from rnncore.optimizers import SGD, Adagrad, Adam, RMSProp

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
        (lambda: cross_entropy(Y, ONE / 2), "classes must be integers from 0 to 2"),
        (lambda: cross_entropy(Y + np.inf, ONE), "logits holds NaN or infinity"),
        (lambda: SGD({}, rate=0), "rate must be greater than 0, got 0"),
        (lambda: Adam({}, rate=-1), "rate must be greater than 0, got -1"),
        (
            lambda: SGD({}, rate=1, momentum=-1),
            "momentum must be at least 0 and less than 1, got -1",
        ),
        (lambda: RMSProp({}, rate=1, decay=1), "decay must be at least 0 and less than 1, got 1"),
        (lambda: Adagrad({}, rate=0), "rate must be greater than 0, got 0"),
        (lambda: Adam({}, rate=1, beta2=1), "beta2 must be at least 0 and less than 1, got 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("optimizer", [SGD, Adagrad, RMSProp, Adam])
@pytest.mark.parametrize(
    ("gradients", "message"),
    [
        ({"w": np.ones(2)}, "gradients must be of w, b, got w"),
        ({"w": np.ones(2), "b": np.ones(3)}, r"gradient of b must have shape \(1,\), got \(3,\)"),
        ({"w": np.ones(2), "b": np.array([np.nan])}, "gradient of b holds NaN"),
    ],
)
def test_nothing_moves_where_a_gradient_does_not_fit(optimizer, gradients, message):
    params = {"w": np.ones(2), "b": np.ones(1)}
    with pytest.raises(ValueError, match=message):
        optimizer(params, rate=0.1).step(gradients)
    assert (params["w"] == 1).all() and (params["b"] == 1).all()


def test_sgd_goes_against_the_gradient_in_place():
    w = np.array([1.0, -1.0])
    SGD({"w": w}, rate=0.5).step({"w": np.array([2.0, 4.0])})
    assert w.tolist() == [0.0, -3.0]


def test_adam_is_the_update_of_its_paper():
    """Kingma and Ba (2015), Algorithm 1, for one number, with its own settings."""
    rng = np.random.default_rng(0)
    w = np.array([0.3])
    optimizer = Adam({"w": w}, rate=0.02, beta1=0.8, beta2=0.95, epsilon=1e-3)
    theta, m, v = 0.3, 0.0, 0.0
    for t in range(1, 8):
        g = rng.normal()
        optimizer.step({"w": np.array([g])})
        m = 0.8 * m + (1 - 0.8) * g
        v = 0.95 * v + (1 - 0.95) * g * g
        theta -= 0.02 * (m / (1 - 0.8**t)) / ((v / (1 - 0.95**t)) ** 0.5 + 1e-3)
        assert w[0] == pytest.approx(theta, rel=1e-13)


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda p: SGD(p, rate=0.2),
        lambda p: SGD(p, rate=0.05, momentum=0.8),
        lambda p: Adagrad(p, rate=0.5),
        lambda p: RMSProp(p, rate=1e-2),
        lambda p: Adam(p, rate=0.05),
    ],
)
def test_optimizers_find_the_bottom_of_a_bowl(optimizer):
    w = np.array([3.0, -2.0])
    opt = optimizer({"w": w})
    for _ in range(400):
        opt.step({"w": np.array([1.0, 4.0]) * (w - np.array([1.0, 0.5]))})
    np.testing.assert_allclose(w, [1.0, 0.5], atol=1e-2)
