"""Optimizers: steps by hand, against PyTorch, and what they refuse."""

import numpy as np
import pytest
from kinds import close

from rnncore.optimizers import SGD, Adagrad, Adam, RMSProp


def one():
    return {"w": np.ones(1)}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SGD(one(), rate=0), "rate must be greater than 0, got 0"),
        (lambda: Adam(one(), rate=-1), "rate must be greater than 0, got -1"),
        (
            lambda: SGD(one(), rate=1, momentum=-1),
            "momentum must be at least 0 and less than 1, got -1",
        ),
        (
            lambda: RMSProp(one(), rate=1, decay=1),
            "decay must be .* less than 1, got 1",
        ),
        (lambda: Adagrad(one(), rate=0), "rate must be greater than 0, got 0"),
        (lambda: Adam(one(), rate=1, beta2=1), "beta2 must be .* less than 1, got 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("optimizer", [SGD, Adagrad, RMSProp, Adam])
@pytest.mark.parametrize(
    ("gradients", "message"),
    [
        ({"w": np.ones(2)}, "gradients must be of w, b; got w"),
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


@pytest.mark.parametrize(
    ("ours", "theirs", "options", "their_options"),
    [
        (SGD, "SGD", {"momentum": 0.8}, {"momentum": 0.8}),
        (Adagrad, "Adagrad", {"epsilon": 1e-3}, {"eps": 1e-3}),
        (RMSProp, "RMSprop", {"decay": 0.7, "epsilon": 1e-3}, {"alpha": 0.7, "eps": 1e-3}),
        (Adam, "Adam", {"beta1": 0.7, "epsilon": 1e-3}, {"betas": (0.7, 0.999), "eps": 1e-3}),
    ],
)
def test_optimizer_agrees_with_pytorch(ours, theirs, options, their_options):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    w = rng.normal(size=(3, 2))
    parameter = torch.nn.Parameter(torch.from_numpy(w.copy()))
    optimizer = ours({"w": w}, rate=0.05, **options)
    reference = getattr(torch.optim, theirs)([parameter], lr=0.05, **their_options)
    for _ in range(10):
        gradient = rng.normal(size=(3, 2))
        optimizer.step({"w": gradient})
        parameter.grad = torch.from_numpy(gradient)
        reference.step()
    close(w, parameter.detach().numpy())


def test_gradients_may_be_lists_and_none_moves_where_one_does_not_fit():
    params = {"U": np.ones(2), "b": np.ones(3)}
    Adam(params, rate=0.1).step({"U": [1.0, 1.0], "b": [1.0] * 3})
    assert (params["U"] < 1).all() and (params["b"] < 1).all()
    before = {name: value.copy() for name, value in params.items()}
    with pytest.raises(ValueError, match="gradient of b"):
        Adam(params, rate=0.1).step({"U": [1.0, 1.0], "b": [1.0] * 4})
    close(params, before, 0)
