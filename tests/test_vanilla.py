"""The vanilla layer, its one-matrix form and its read-out; what every layer keeps: test_layers."""

import numpy as np
import pytest
from kinds import close, made

from rnncore.deep import Stack
from rnncore.elman import Elman
from rnncore.vanilla import AugmentedRNN, ReadOut, VanillaRNN


def test_vanilla_with_a_read_out_is_the_elman_network():
    rng = np.random.default_rng(0)
    elman = Elman(3, 4, 2, rng=rng, output_activation="logistic")
    net = Stack(VanillaRNN(3, 4, rng=rng), ReadOut(4, 2, rng=rng, activation="logistic"))
    net.params = dict(zip(net.params, elman.params.values(), strict=True))
    x, dy = rng.normal(size=(6, 5, 3)), rng.normal(size=(6, 5, 2))
    y, tape = net.forward(x)
    y_elman, tape_elman = elman.forward(x)
    close(y, y_elman)
    dx, gradients, _ = net.backward(dy, tape)
    dx_elman, gradients_elman, _ = elman.backward(dy, tape_elman)
    close((dx, *gradients.values()), (dx_elman, *gradients_elman.values()))


def test_augmented_gradient_is_the_three_side_by_side():
    layer, x, dy, state, dstate = made("vanilla", (5, 3, 2, 4))
    one = AugmentedRNN(layer)
    dx, three, dfirst = layer.backward(dy, layer.forward(x, state)[1], dstate)
    dx1, single, dfirst1 = one.backward(dy, one.forward(x, state)[1], dstate)
    close(single["W_b"], np.concatenate([three["W"], three["U"], three["b"][:, None]], axis=1))
    close((dx1, dfirst1), (dx, dfirst))


@pytest.mark.parametrize("make", [VanillaRNN, ReadOut])
def test_unknown_activation_is_named(make):
    with pytest.raises(ValueError, match="activation must be one of identity, logistic"):
        make(1, 1, rng=np.random.default_rng(0), activation="step")
