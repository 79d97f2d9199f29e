"""What the benchmark compares computes the same, so that it compares what it says."""

import numpy as np
import pytest
from kinds import close

from benchmarks import layers
from rnncore.vanilla import VanillaRNN


def test_textbook_loop_and_limit_stand_beside_the_layer():
    rng = np.random.default_rng(0)
    layer = VanillaRNN(3, 4, rng=rng)
    x, dy = rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 2, 4))
    layers.textbook(layer, x, dy)  # compares with the layer before it returns
    for kind in layers.BUDGET:
        layers.limit(kind, x, dy)()


def test_whole_training_steps_agree():
    layers.character_step()  # compares the parameters after three steps of each


@pytest.mark.parametrize("kind", layers.BUDGET)
def test_pytorch_gives_as_many_gradients_as_ours(kind):
    pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    layer = kind(3, 4, rng=rng)
    x, dy = rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 2, 4))
    dx, _, _ = layers.ours(layer, x, dy)()
    first, *rest = layers.pytorch(kind, x, dy)()
    assert tuple(first.shape) == dx.shape
    assert all(np.isfinite(gradient.numpy()).all() for gradient in rest)


@pytest.mark.parametrize("kind", layers.BUDGET)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_scans_in_jax_give_the_outputs_and_gradients_of_ours(kind, dtype):
    pytest.importorskip("jax")
    rng = np.random.default_rng(0)
    layer = kind(3, 4, rng=rng, dtype=dtype)
    x, dy = rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 2, 4))
    x, dy = x.astype(dtype), dy.astype(dtype)
    y, tape = layer.forward(x)
    dx, gradients, first = layer.backward(dy, tape)
    theirs, (their_gradients, their_first, their_dx) = layers.scan(layer, x, dy)()
    close((dx, y), (np.array(their_dx), np.array(theirs)), 1e-12 if dtype == "float64" else 1e-5)
    close(gradients, {k: np.array(v) for k, v in their_gradients.items()}, 1e-5)
    assert np.shape(their_first) == np.shape(first)


def test_there_is_one_median_for_each_call():
    ran = []
    medians = layers.interleaved(lambda: ran.append(0), lambda: ran.append(1), seconds=0.05)
    assert len(medians) == 2 and min(medians) > 0 and set(ran) == {0, 1}
