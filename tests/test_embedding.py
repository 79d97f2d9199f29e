"""The embedding: the contract of the layers where the inputs are symbols."""

import pickle

import numpy as np
import pytest
from kinds import close

from rnncore.deep import Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU
from rnncore.gradients import complex_step
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.parameters import replaced
from rnncore.training import fit
from rnncore.vanilla import ReadOut

try:
    import torch
except ModuleNotFoundError:
    torch = None

RNG = np.random.default_rng(0)
SYMBOLS = RNG.integers(5, size=(6, 4))  # some come more than once


def net(dtype=np.float64):
    rng = np.random.default_rng(1)
    parts = Embedding(5, 3, rng=rng, dtype=dtype), GRU(3, 4, rng=rng, dtype=dtype)
    return Stack(*parts, ReadOut(4, 5, rng=rng, dtype=dtype))


def test_embedding_is_a_linear_layer_of_one_hot_symbols():
    layer, dy = Embedding(5, 3, rng=RNG), RNG.normal(size=(6, 4, 3))
    linear = ReadOut(5, 3, rng=RNG)
    linear.params["V"] = layer.params["E"].T
    y, tape = layer.forward(SYMBOLS)
    z, other = linear.forward(np.eye(5)[SYMBOLS])
    close(y, z)
    dx, gradients, dstate = layer.backward(dy, tape)
    assert dx is None and dstate is None and tape.state is None
    close(gradients["E"], linear.backward(dy, other)[1]["V"].T)
    assert tape.x.shape == (6, 4, 5)


def test_gradients_below_a_network_agree_with_complex_steps():
    layer, dy = net(), RNG.normal(size=(6, 4, 5))
    _, gradients, _ = layer.backward(dy, layer.forward(SYMBOLS)[1])
    for name, value in layer.params.items():
        loss = lambda value, name=name: (  # noqa: E731
            dy * replaced(layer, layer.params | {name: value}).forward(SYMBOLS)[0]
        ).sum()
        close(gradients[name], complex_step(loss, value))


@pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-6)])
def test_embedding_agrees_with_pytorch(dtype, tolerance):
    layer, dy = Embedding(5, 3, rng=RNG, dtype=dtype), RNG.normal(size=(6, 4, 3)).astype(dtype)
    y, tape = layer.forward(SYMBOLS)
    E = torch.tensor(layer.params["E"], requires_grad=True)
    theirs = torch.nn.functional.embedding(torch.from_numpy(SYMBOLS), E)
    (torch.from_numpy(dy) * theirs).sum().backward()
    gradient = layer.backward(dy, tape)[1]["E"]
    close((y, gradient), (theirs.detach().numpy(), E.grad.numpy()), tolerance)
    assert y.dtype == gradient.dtype == dtype


def test_what_is_handed_out_is_read_only_and_symbols_are_copied():
    layer, symbols = Embedding(5, 3, rng=RNG), SYMBOLS.copy()
    y, tape = layer.forward(symbols)
    symbols[:] = 0
    np.testing.assert_array_equal(tape.symbols, SYMBOLS)
    assert not y.flags.writeable and not tape.symbols.flags.writeable


def test_embedding_can_be_pickled():
    layer = Embedding(5, 3, rng=RNG)
    close(pickle.loads(pickle.dumps(layer)).forward(SYMBOLS)[0], layer.forward(SYMBOLS)[0], 0)


def test_fit_trains_it():
    layer = net(np.float32)
    rng, batches = np.random.default_rng(0), []
    for _ in range(150):
        x = rng.integers(5, size=(8, 16))
        batches.append((x, (x * 2) % 5))
    history = fit(layer, batches, optimizer=Adam(layer.params, 0.02), steps=150, loss=cross_entropy)
    assert history.loss[-1] < 0.1 * history.loss[0]


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([[0.5]], TypeError, "x must be integers from 0 to 4"),
        ([[5]], ValueError, "x must be integers from 0 to 4, got 5"),
        ([0], ValueError, r"x must have shape \(T, B\), neither of them 0, got \(1,\)"),
        (np.zeros((0, 2), int), ValueError, r"got \(0, 2\)"),
    ],
)
def test_what_is_no_symbol_is_refused(x, error, message):
    with pytest.raises(error, match=message):
        Embedding(5, 3, rng=RNG).forward(x)


def test_state_and_tape_are_checked_as_for_every_layer():
    layer = Embedding(5, 3, rng=RNG)
    with pytest.raises(ValueError, match="state must be None"):
        layer.forward(SYMBOLS, np.zeros((4, 3)))
    _, tape = Embedding(6, 3, rng=RNG).forward(SYMBOLS)
    with pytest.raises(ValueError, match=r"tape must be from the forward pass of Embedding\(5 -> "):
        layer.backward(np.zeros((6, 4, 3)), tape)
