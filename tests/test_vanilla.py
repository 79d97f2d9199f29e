"""The vanilla layer, its one-matrix form and its read-out; what every layer keeps: test_layers."""

import numpy as np
import pytest
from kinds import close, made

from rnncore.bptt import ScalarRNN
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


def test_gradients_of_a_batch_are_those_of_its_sequences_added():
    layer, x, dy, *_ = made("vanilla", (6, 4, 3, 2))
    _, of_batch, _ = layer.backward(dy, layer.forward(x)[1])
    ones = [np.s_[:, n : n + 1] for n in range(4)]
    single = [layer.backward(dy[one], layer.forward(x[one])[1])[1] for one in ones]
    close({name: sum(of_one[name] for of_one in single) for name in of_batch}, of_batch)


def test_one_unit_has_the_numbers_worked_by_hand():
    """The weights' gradients are the scalar network's, and that of the bias is minus its deltas."""
    run = ScalarRNN(0.3, 0.4).bptt([0.05, 0.10], [0.60, 0.75])
    unit = VanillaRNN(1, 1, rng=np.random.default_rng(0), activation="logistic")
    unit.params = {"U": np.array([[0.3]]), "W": np.array([[0.4]]), "b": np.zeros(1)}
    y, tape = unit.forward(np.array([0.05, 0.10]).reshape(2, 1, 1))
    _, found, _ = unit.backward(y - np.array([0.60, 0.75]).reshape(2, 1, 1), tape)
    wanted = [run.dloss_dw, run.dloss_dg, -sum(run.delta)]
    close([float(found[name].item()) for name in "UWb"], wanted, 1e-14)


@pytest.mark.parametrize("make", [VanillaRNN, ReadOut])
def test_unknown_activation_is_named(make):
    with pytest.raises(ValueError, match="activation must be one of identity, logistic"):
        make(1, 1, rng=np.random.default_rng(0), activation="step")
