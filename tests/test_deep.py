"""What is particular to stacks and dropout; what every layer keeps: test_layers.py."""

import numpy as np
import pytest
from kinds import close

from rnncore.deep import Dropout, Stack
from rnncore.gated import LSTM
from rnncore.vanilla import ReadOut, VanillaRNN


def test_dropout_drops_a_share_and_sends_back_what_passed():
    layer = Dropout(0.25, rng=np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(20, 30, 10))
    assert layer.forward(x)[0] is not x
    close(layer.forward(x)[0], x, 0)
    layer.dropping = True
    assert layer.forward(x.astype("f4"))[0].dtype == np.dtype("f4")
    y, tape = layer.forward(x)
    passed = y != 0
    assert abs(passed.mean() - 0.75) < 0.02
    close(y[passed], x[passed] / 0.75)
    dx, gradients, dstate = layer.backward(np.ones_like(y), tape)
    close(dx, passed / 0.75)
    assert gradients == {} and dstate is None


def test_stack_passes_dropping_on():
    rng = np.random.default_rng(0)
    inner = Dropout(0.5, rng=rng)
    net = Stack(VanillaRNN(1, 2, rng=rng), Stack(inner, ReadOut(2, 1, rng=rng)))
    assert not net.dropping
    net.dropping = True
    assert inner.dropping and net.dropping


def test_a_stack_is_checked_when_it_is_made():
    rng = np.random.default_rng(0)
    rnn, read = VanillaRNN(3, 5, rng=rng), ReadOut(4, 2, rng=rng)
    for layers, message in (
        ((), "layers must be at least one layer"),
        ((rnn, read), r"layers must take .* layer 1, ReadOut\(4 -> 2\), after one of 5"),
        ((rnn, 3), "layers must be layers, got 3 as layer 1"),
        ((Dropout(0.5, rng=rng),) * 2, "layers must differ"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            Stack(*layers)
    assert repr(Stack([rnn, ReadOut(5, 2, rng=rng)])) == (
        "Stack(3 -> 2), 57 numbers: VanillaRNN(3 -> 5), ReadOut(5 -> 2)"
    )


def test_a_stack_names_the_layer_in_an_error():
    rng = np.random.default_rng(0)
    net = Stack(VanillaRNN(3, 5, rng=rng), LSTM(5, 2, rng=rng))
    with pytest.raises(ValueError, match=r"layer 0, VanillaRNN\(3 -> 5\): x must have shape"):
        net.forward(np.ones((2, 1, 4)))
    with pytest.raises(ValueError, match=r"layer 1, LSTM\(5 -> 2\): state must be a pair"):
        net.forward(np.ones((2, 1, 3)), (None, np.ones((1, 2))))
    with pytest.raises(ValueError, match="state must have one entry for each of 2 layers"):
        net.forward(np.ones((2, 1, 3)), (None,))


def test_a_stack_holds_the_arrays_of_its_layers():
    rng = np.random.default_rng(0)
    net = Stack(VanillaRNN(1, 2, rng=rng), ReadOut(2, 1, rng=rng))
    net.params["0.W"] = np.eye(2)
    assert net.layers[0].params["W"].tolist() == np.eye(2).tolist()
    with pytest.raises(ValueError, match=r"params must be among 0.U, .*; got '2.W'"):
        net.params["2.W"] = np.eye(2)


def test_the_graph_of_a_stack_names_what_is_there_twice_by_its_layer():
    rng = np.random.default_rng(0)
    plain = Stack(VanillaRNN(1, 2, rng=rng), Dropout(0.5, rng=rng), ReadOut(2, 1, rng=rng))
    assert [str(edge) for edge in plain.network().edges] == ["x -> h", "h -> h", "h -> o"]
    assert [edge.weight for edge in plain.network().edges] == ["U", "W", "V"]
    deep = Stack(*(VanillaRNN(2, 2, rng=rng) for _ in range(2)), ReadOut(2, 1, rng=rng))
    assert [edge.weight for edge in deep.network("y").edges] == ["0.U", "0.W", "1.U", "1.W", "2.V"]
    assert list(deep.network("y")) == ["x", "h1", "h2", "y"]
