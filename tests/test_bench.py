"""What the benchmark compares computes the same, so that it compares what it says."""

import numpy as np
import pytest

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


def test_there_is_one_median_for_each_call():
    ran = []
    medians = layers.interleaved(lambda: ran.append(0), lambda: ran.append(1), seconds=0.05)
    assert len(medians) == 2 and min(medians) > 0 and set(ran) == {0, 1}
