"""TDNN, Jordan and Elman against the interpreter of their graph and against complex-step slopes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.elman import Elman
from rnncore.jordan import Jordan
from rnncore.networks import classify, run
from rnncore.tdnn import TDNN
from rnncore.unfolding import unfold

MAKE = {
    "tdnn": lambda i, h, o, **rest: TDNN(i, 3, h, o, **rest),
    "tdnn, window 1": lambda i, h, o, **rest: TDNN(i, 1, h, o, **rest),
    "jordan": Jordan,
    "jordan, decay": lambda i, h, o, **rest: Jordan(i, h, o, decay=0.6, **rest),
    "elman": Elman,
}
names = pytest.mark.parametrize("name", MAKE)
sizes = st.tuples(*[st.integers(1, 4)] * 5)
functions = st.sampled_from(["tanh", "logistic", "identity"])


def made(name, inputs, hidden, outputs, seed=0, f="tanh", g="identity"):
    rng = np.random.default_rng(seed)
    layer = MAKE[name](inputs, hidden, outputs, rng=rng, hidden_activation=f, output_activation=g)
    for value in layer.params.values():
        value += rng.normal(size=value.shape) / 2
    return layer, rng


def graph_start(name, state):
    """The initial values of the graph's nodes for a state of the layer."""
    if name.startswith("tdnn"):
        return {"x": state}
    return {"y" if name.startswith("jordan") else "h": state[np.newaxis]}


def close(actual, desired):
    np.testing.assert_allclose(
        actual, desired, rtol=1e-12, atol=1e-12 * np.abs(desired).max(initial=0)
    )


@names
@settings(max_examples=30)
@given(sizes=sizes, f=functions, g=functions)
def test_layer_agrees_with_its_graph(name, sizes, f, g):
    steps, batch, inputs, hidden, outputs = sizes
    layer, rng = made(name, inputs, hidden, outputs, f=f, g=g)
    x = rng.normal(size=(steps, batch, inputs))
    _, tape = layer.forward(x)
    state = rng.normal(size=tape.state.shape)
    y, _ = layer.forward(x, state)
    values = run(layer.network(), layer.weights(), x, graph_start(name, state))
    close(y, values["y"])


@names
def test_layer_agrees_with_its_unfolded_graph(name):
    layer, rng = made(name, 2, 3, 2)
    x = rng.normal(size=(5, 2, 2))
    unfolded = unfold(layer.network(), 5)
    values = run(unfolded.network, layer.weights(), unfolded.inputs({"x": x}))
    close(layer.forward(x)[0], unfolded.outputs(values)["y"])


def slopes(name, layer, x, state, dy, dstate, **options):
    """Gradients of sum(dy y) + sum(dstate last state), by complex steps, one number at a time."""

    def value(**changed):
        parts = {"x": x, "state": state} | layer.params | changed
        copy, _ = made(name, 1, 1, 1)
        copy.__dict__ |= layer.__dict__ | {"params": {n: parts[n] for n in layer.params}}
        y, tape = copy.forward(parts["x"], parts["state"], **options)
        return (dy * y).sum() + (dstate * tape.state).sum()

    def slope(key, array):
        result = np.empty(array.shape)
        for place in np.ndindex(*array.shape):
            nudged = array.astype(complex)
            nudged[place] += 1e-30j
            result[place] = value(**{key: nudged}).imag / 1e-30
        return result

    return {
        key: slope(key, array) for key, array in {"x": x, "state": state, **layer.params}.items()
    }


@names
@settings(max_examples=10)
@given(sizes=sizes, f=functions, g=functions)
def test_gradients_agree_with_complex_steps(name, sizes, f, g):
    steps, batch, inputs, hidden, outputs = sizes
    layer, rng = made(name, inputs, hidden, outputs, f=f, g=g)
    x = rng.normal(size=(steps, batch, inputs))
    y, tape = layer.forward(x)
    state, dstate = rng.normal(size=(2, *tape.state.shape))
    dy = rng.normal(size=y.shape)
    for _ in range(2):  # nothing is left behind in the layer
        _, tape = layer.forward(x, state)
        dx, gradients, dfirst = layer.backward(dy, tape, dstate)
    wanted = slopes(name, layer, x, state, dy, dstate)
    assert gradients.keys() == layer.params.keys()
    for key, value in {"x": dx, "state": dfirst, **gradients}.items():
        assert value.shape == wanted[key].shape
        scale = max(1.0, np.abs(wanted[key]).max(initial=0.0))
        np.testing.assert_allclose(value, wanted[key], rtol=1e-12, atol=1e-12 * scale)


@pytest.mark.parametrize("decay", [0.0, 0.7])
def test_gradients_of_a_taught_jordan_network(decay):
    rng = np.random.default_rng(1)
    layer = Jordan(2, 3, 2, decay=decay, rng=rng)
    x, teacher = rng.normal(size=(2, 4, 3, 2))
    state, dstate = rng.normal(size=(2, 3, 2))
    dy = rng.normal(size=(4, 3, 2))
    _, tape = layer.forward(x, state, teacher=teacher)
    dx, gradients, dfirst = layer.backward(dy, tape, dstate)
    wanted = slopes("jordan", layer, x, state, dy, dstate, teacher=teacher)
    for key, value in {"x": dx, "state": dfirst, **gradients}.items():
        close(value, wanted[key])


def test_elmans_procedure_is_backward_one_step_at_a_time():
    layer, rng = made("elman", 2, 4, 3)
    x, dy = rng.normal(size=(6, 5, 2)), rng.normal(size=(6, 5, 3))
    _, tape = layer.forward(x)
    _, gradients, _ = layer.backward(dy, tape, through_time=False)
    total, state = dict.fromkeys(layer.params, 0.0), None
    for t in range(6):
        _, chunk = layer.forward(x[t : t + 1], state)
        _, parts, _ = layer.backward(dy[t : t + 1], chunk)
        total = {key: total[key] + parts[key] for key in total}
        state = chunk.state
    for key in total:
        close(gradients[key], total[key])


@names
def test_state_carries_a_sequence_over_a_cut(name):
    layer, rng = made(name, 2, 3, 2)
    x = rng.normal(size=(7, 2, 2))
    whole, tape = layer.forward(x)
    first, before = layer.forward(x[:3])
    second, after = layer.forward(x[3:], before.state)
    close(np.concatenate([first, second]), whole)
    close(after.state, tape.state)


def test_classes_of_the_three():
    assert classify(made("tdnn", 1, 2, 1)[0].network()).kind == "dynamic feed-forward"
    assert classify(made("tdnn, window 1", 1, 2, 1)[0].network()).kind == "static"
    assert classify(made("jordan", 1, 2, 1)[0].network()).kind == "recurrent"
    assert classify(made("elman", 1, 2, 1)[0].network()).kind == "recurrent"


@names
@pytest.mark.parametrize(
    ("x", "state", "message"),
    [
        (np.zeros((3, 2)), None, r"x must have shape \(T, B, 2\), got \(3, 2\)"),
        (np.zeros((3, 1, 4)), None, r"x must have shape \(T, B, 2\), got \(3, 1, 4\)"),
        (np.full((3, 1, 2), np.inf), None, "x holds NaN or infinity"),
        (np.zeros((3, 1, 2)), np.zeros((9, 9)), r"state must have shape \(.*\), got \(9, 9\)"),
    ],
)
def test_bad_input_is_named(name, x, state, message):
    layer, _ = made(name, 2, 3, 2)
    with pytest.raises(ValueError, match=message):
        layer.forward(x, state)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda rng: Jordan(1, 1, 1, decay=1.0, rng=rng), "decay must be at least 0 and less than"),
        (lambda rng: TDNN(1, 0, 1, 1, rng=rng), "window must be at least 1, got 0"),
        (lambda rng: Elman(1, 1, 1, rng=rng, hidden_activation="step"), "activation must be one"),
    ],
)
def test_bad_setting_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make(np.random.default_rng(0))
