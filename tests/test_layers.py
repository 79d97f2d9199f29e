"""What every layer keeps, tried on one list of them all (kinds.py), against three oracles.

Complex-step derivatives; PyTorch where it is installed; ONNX's reference operators where there
are such. And against the interpreter of the graph, where a layer is a graph.
"""

import copy
import importlib
import pickle
import pkgutil
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds import (
    APART,
    MAKE,
    Taught,
    close,
    leaves,
    made,
    one_step_back,
    rebuilt,
    slopes_of_state,
)
from oracles import ONNX_NAMES, ONNX_ORDER, by_onnx, by_torch

import rnncore
from rnncore.deep import Stack
from rnncore.gradients import numeric
from rnncore.layers import Layer
from rnncore.networks import classify, run
from rnncore.unfolding import unfold

try:
    import torch
except ModuleNotFoundError:
    torch = None
else:
    torch.set_num_threads(1)
needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")

EXAMPLES = {name: make(2, 3, rng=np.random.default_rng(0)) for name, make in MAKE.items()}
every = pytest.mark.parametrize("name", MAKE)
with_state = pytest.mark.parametrize("name", [n for n in MAKE if n != "read-out"])
GATED = ("lstm", "gru", "stack", "stack in a stack")
graphs = pytest.mark.parametrize("name", [n for n in MAKE if n not in GATED])
operators = pytest.mark.parametrize(
    "name",
    [n for n, e in EXAMPLES.items()
     if type(e) in ONNX_ORDER and getattr(e, "activation", "tanh") in ONNX_NAMES],
)  # fmt: skip
sizes = st.tuples(*[st.integers(1, 4)] * 4)  # T, B, I, O


def test_the_list_has_every_layer_of_the_package():
    for module in pkgutil.iter_modules(rnncore.__path__):
        importlib.import_module(f"rnncore.{module.name}")
    waiting, found = [Layer], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("rnncore."):
            found.add(kind)
    parts = [*EXAMPLES.values()]
    for layer in parts:
        parts += layer.layers if isinstance(layer, Stack) else ()
    assert found - {Layer} - APART == {type(layer) for layer in parts}


# Gradients


@every
@settings(max_examples=12)
@given(sizes=sizes, seed=st.integers(0, 99))
def test_gradients_agree_with_complex_steps(name, sizes, seed):
    layer, x, dy, state, dstate = made(name, sizes, seed)
    for _ in range(2):  # nothing is left behind in the layer
        _, tape = layer.forward(x, state)
        dx, gradients, dfirst = layer.backward(dy, tape, dstate)
    close((dx, gradients), numeric(layer, x, dy, state, dstate))
    close(dfirst, slopes_of_state(layer, x, dy, state, dstate))


@every
def test_zeros_are_what_comes_from_nothing(name):
    layer, x, dy, state, dstate = made(name, (4, 2, 3, 2))
    nothing = [rebuilt(s, (np.zeros_like(leaf) for leaf in leaves(s))) for s in (state, dstate)]
    _, tape = layer.forward(x)
    with_zeros = layer.backward(dy, layer.forward(x, nothing[0])[1], nothing[1])
    close(layer.backward(dy, tape), with_zeros, 0)


@every
def test_state_carries_a_sequence_over_a_cut(name):
    layer, x, dy, state, dstate = made(name, (7, 2, 3, 2))
    whole, tape = layer.forward(x, state)
    first, before = layer.forward(x[:3], state)
    second, after = layer.forward(x[3:], before.state)
    close(np.concatenate([first, second]), whole)
    close(after.state, tape.state)
    dx, gradients, dfirst = layer.backward(dy, tape, dstate)
    dx2, gradients2, between = layer.backward(dy[3:], after, dstate)
    dx1, gradients1, start = layer.backward(dy[:3], before, between)
    close(np.concatenate([dx1, dx2]), dx)
    close({k: gradients1[k] + gradients2[k] for k in gradients}, gradients)
    close(start, dfirst)


# The judges from outside


@needs_torch
@every
@settings(max_examples=12, deadline=None)
@given(sizes=sizes, seed=st.integers(0, 99))
def test_layer_agrees_with_pytorch(name, sizes, seed):
    layer, x, dy, state, dstate = made(name, sizes, seed)
    y, tape = layer.forward(x, state)
    ours = y, tape.state, *layer.backward(dy, tape, dstate)
    close(ours, by_torch(torch, layer, x, dy, state, dstate))


@needs_torch
@every
@pytest.mark.parametrize(
    "sizes",
    [(2, 1, 1, 1), (25, 1, 65, 100), (50, 32, 16, 64), (20, 64, 64, 256), (1000, 1, 8, 32)],
)
def test_layer_agrees_with_pytorch_at_teaching_sizes(name, sizes):
    layer, x, dy, state, dstate = made(name, sizes)
    for value in layer.params.values():
        value /= 4 * np.sqrt(value.shape[-1])  # or gradients explode, and errors
    y, tape = layer.forward(x, state)
    ours = y, tape.state, *layer.backward(dy, tape, dstate)
    close(ours, by_torch(torch, layer, x, dy, state, dstate))


@needs_torch
@every
def test_single_precision_agrees_with_pytorch(name):
    layer, x, dy, state, dstate = made(name, (5, 3, 4, 6), dtype=np.float32)
    y, tape = layer.forward(x, state)
    ours = y, tape.state, *layer.backward(dy, tape, dstate)
    close(ours, by_torch(torch, layer, x, dy, state, dstate), 2e-5)


@needs_torch
@pytest.mark.parametrize("name", ["vanilla", "lstm", "gru"])
def test_masked_steps_are_as_if_the_sequences_had_ended(name):
    """Sequences of different lengths side by side, against PyTorch's packed sequences."""
    layer, x, dy, state, _ = made(name, (6, 3, 2, 4))
    lengths = np.array([6, 2, 4])
    counts = (np.arange(6)[:, np.newaxis] < lengths)[..., np.newaxis]
    y, tape = layer.forward(x, state)
    ours = y * counts, *layer.backward(dy * counts, tape)
    none = tuple(np.zeros_like(s) for s in state) if name == "lstm" else np.zeros_like(state)
    theirs = by_torch(torch, layer, x, dy * counts, state, none, lengths)
    close(ours, (theirs[0], *theirs[2:]))


@operators
@settings(max_examples=10)
@given(sizes=sizes, seed=st.integers(0, 99))
def test_layer_agrees_with_the_reference_operator_of_onnx(name, sizes, seed):
    layer, x, _, state, _ = made(name, sizes, seed)
    y, tape = layer.forward(x, state)
    close((y, tape.state), by_onnx(layer, x, state))


@operators
def test_single_precision_agrees_with_onnx(name):
    layer, x, _, state, _ = made(name, (5, 3, 2, 4), dtype=np.float32)
    y, tape = layer.forward(x, state)
    close((y, tape.state), by_onnx(layer, x, state), 1e-5)


@graphs
@settings(max_examples=20)
@given(sizes=sizes)
def test_layer_agrees_with_its_graph(name, sizes):
    layer, x, *_ = made(name, sizes)
    y, _ = layer.forward(x)
    network = layer.network()
    values = run(network, layer.weights(), x)
    (out,) = network.of_kind("output")
    close(y, values[out.name])


@graphs
def test_layer_agrees_with_its_unfolded_graph(name):
    layer, x, *_ = made(name, (5, 2, 2, 3))
    network = layer.network()
    unfolded = unfold(network, 5)
    values = run(unfolded.network, layer.weights(), unfolded.inputs({"x": x}))
    (out,) = network.of_kind("output")
    close(layer.forward(x)[0], unfolded.outputs(values)[out.name])


def test_the_initial_state_is_where_the_graph_has_it():
    for name, node in {"elman": "h", "jordan": "y", "tdnn": "x", "vanilla": "h"}.items():
        layer, x, _, state, _ = made(name, (4, 3, 2, 3))
        first = state if name == "tdnn" else state[np.newaxis]
        (out,) = layer.network().of_kind("output")
        values = run(layer.network(), layer.weights(), x, {node: first})
        close(layer.forward(x, state)[0], values[out.name])


def test_classes_of_the_layers():
    for name, kind in {
        "tdnn": "dynamic feed-forward", "tdnn, window 1": "static", "read-out": "static",
        "jordan": "recurrent", "elman": "recurrent", "vanilla": "recurrent",
    }.items():  # fmt: skip
        assert classify(EXAMPLES[name].network()).kind == kind


@pytest.mark.parametrize("name", GATED)
def test_gates_are_no_graph_of_sums(name):
    with pytest.raises(TypeError, match="is no graph of weighted sums"):
        EXAMPLES[name].network()


@pytest.mark.parametrize("name", ["jordan", "jordan, no decay"])
def test_gradients_of_a_taught_jordan_network(name):
    layer, x, dy, state, dstate = made(name, (4, 3, 2, 2))
    teacher = np.random.default_rng(1).normal(size=dy.shape)
    forced = Taught(layer, teacher)
    _, tape = layer.forward(x, state, teacher=teacher)
    dx, gradients, dfirst = layer.backward(dy, tape, dstate)
    close((dx, gradients), numeric(forced, x, dy, state, dstate))
    close(dfirst, slopes_of_state(forced, x, dy, state, dstate))


def test_elmans_procedure_is_backward_one_step_at_a_time():
    layer, x, dy, state, _ = made("elman", (6, 5, 2, 3))
    _, tape = layer.forward(x, state)
    _, gradients, _ = layer.backward(dy, tape, through_time=False)
    close(gradients, one_step_back(layer, x, dy, state))


# One precision


@every
def test_single_precision_stays_single(name):
    layer, x, dy, state, dstate = made(name, (5, 3, 4, 6), dtype=np.float32)
    for kind in (np.float32, np.float64, int):  # other types are converted, not followed
        x, dy = x.astype(kind), dy.astype(kind)
        y, tape = layer.forward(x, state)
        given = leaves((y, tuple(tape), tape.state, *layer.backward(dy, tape, dstate)))
        gradients = layer.backward(dy, tape, dstate)[1]
        assert {a.dtype for a in [*given, *gradients.values()]} == {np.dtype("f4")}


@every
def test_single_precision_stays_near_double(name):
    single = made(name, (5, 3, 4, 6), dtype=np.float32)
    double, *given = made(name, (5, 3, 4, 6))
    results = []
    for layer, (x, dy, state, dstate) in ((single[0], single[1:]), (double, given)):
        y, tape = layer.forward(x, state)
        results.append((y, *layer.backward(dy, tape, dstate)))
    close(results[0], results[1], 1e-4)


# What is given, and what is handed out


@every
def test_nothing_that_is_given_is_changed(name):
    given = made(name, (4, 2, 3, 2))
    layer, x, dy, state, dstate = copy.deepcopy(given)
    _, tape = layer.forward(x, state)
    kept = copy.deepcopy(tape)
    first, again = (layer.backward(dy, tape, dstate) for _ in range(2))
    close(again, first, 0)
    close(tuple(tape), tuple(kept), 0)
    close((dict(layer.params), x, dy, state, dstate), (dict(given[0].params), *given[1:]), 0)


@every
def test_what_is_handed_out_cannot_change_a_gradient(name):
    layer, x, dy, state, dstate = made(name, (4, 2, 3, 2))
    y, tape = layer.forward(x, state)
    wanted = copy.deepcopy(layer.backward(dy, tape, dstate))
    for array in [y, tape.x, tape.y, *leaves(tuple(tape)), *leaves(tape.state)]:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.5
    for array in [x, *leaves(state)]:  # those who asked may use their arrays again
        array[...] = 7.0
    close(layer.backward(dy, tape, dstate), wanted, 0)
    for array in leaves(layer.backward(dy, tape, dstate)):
        array[...] = 7.0
    close(layer.backward(dy, tape, dstate), wanted, 0)


@every
def test_layers_travel(name):
    layer, x, dy, state, dstate = made(name, (4, 2, 3, 2))
    y, tape = layer.forward(x, state)
    wanted = layer.backward(dy, tape, dstate)
    for other in (pickle.loads(pickle.dumps(layer)), copy.deepcopy(layer), copy.copy(layer)):
        assert repr(other) == repr(layer)
        close(other.forward(x, state)[0], y, 0)
        close(other.backward(dy, pickle.loads(pickle.dumps(tape)), dstate), wanted, 0)


def _outputs(layer, x):
    return layer.forward(x)[0]


def test_layers_travel_to_another_process():
    with ProcessPoolExecutor(1) as pool:
        for layer in EXAMPLES.values():
            x = np.ones((3, 2, 2))
            close(pool.submit(_outputs, layer, x).result(), layer.forward(x)[0], 0)


@every
def test_a_layer_says_what_it_is(name):
    layer = EXAMPLES[name]
    count = sum(value.size for value in layer.params.values())
    assert layer.size == count
    assert repr(layer).startswith(f"{type(layer).__name__}(2 -> 3), {count:,} numbers: ")
    assert repr(EXAMPLES["lstm"]) == "LSTM(2 -> 3), 72 numbers: U (12, 2), W (12, 3), b (12,)"


@every
def test_parameters_are_found_by_name(name):
    layer, x, *_ = made(name, (4, 2, 3, 2))
    other, arrays = made(name, (4, 2, 3, 2), seed=5)[0], dict(layer.params)
    layer.params = dict(reversed(other.params.items()))
    close(layer.forward(x)[0], other.forward(x)[0], 0)
    assert all(arrays[key] is value for key, value in layer.params.items())
    first = next(iter(layer.params))
    layer.params[first] = np.zeros(layer.params[first].shape)
    assert not arrays[first].any()


@every
@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda p: p.pop(next(iter(p))), ValueError, "params must be of .*; got"),
        (lambda p: p.update(more=1), ValueError, "params must be of .*; got .*more"),
        (lambda p: p.update({next(iter(p)): np.zeros(99)}), ValueError, "must have shape .*99"),
        (lambda p: p.update({next(iter(p)): "a"}), TypeError, "must hold numbers, got 'a'"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_and_change_nothing(name, spoil, error, message):
    layer = made(name, (4, 2, 3, 2))[0]
    params = {key: value + 1 for key, value in layer.params.items()}
    spoil(params)
    before = copy.deepcopy(dict(layer.params))
    with pytest.raises(error, match=message):
        layer.params = params
    close(dict(layer.params), before, 0)


# What is refused


BAD = [
    (lambda x: x[0], r"x must have shape \(T, B, 3\), got \(2, 3\)"),
    (lambda x: x[:, :, :2], r"x must have shape \(T, B, 3\), got \(4, 2, 2\)"),
    (lambda x: x[:0], r"x must have at least one step, got shape \(0, 2, 3\)"),
    (lambda x: x[:, :0], r"x must have at least one sequence, got shape \(4, 0, 3\)"),
    (lambda x: x + np.nan, "x holds NaN or infinity"),
    (lambda x: x + np.inf, "x holds NaN or infinity"),
    (lambda x: np.ma.masked_array(x), "x must be a plain array"),
    (lambda x: x.astype(str), "x must hold numbers, got an array"),
    (lambda x: "sequence", "x must hold numbers, got 'sequence'"),
    (lambda x: [[[1.0], [1.0, 2.0]]], "x must be in rows of one length"),
    (lambda x: None, "x must hold numbers, got None"),
]


@every
@pytest.mark.parametrize(("spoil", "message"), BAD)
def test_bad_inputs_are_named(name, spoil, message):
    layer, x, *_ = made(name, (4, 2, 3, 2))
    with pytest.raises((TypeError, ValueError), match=message):
        layer.forward(spoil(x))


@every
def test_bad_gradients_are_named(name):
    layer, x, dy, state, _ = made(name, (4, 2, 3, 2))
    _, tape = layer.forward(x, state)
    for wrong in (dy[1:], np.concatenate([dy, dy]), dy[:, :1], dy[:, :, :1], dy[0], dy[0, 0, 0]):
        with pytest.raises(ValueError, match=r"dy must have shape \(4, 2, 2\), got"):
            layer.backward(wrong, tape)
    with pytest.raises(ValueError, match="dy holds NaN or infinity"):
        layer.backward(dy + np.nan, tape)
    with pytest.raises(TypeError, match="dy must be real"):
        layer.backward(dy + 1j, tape)


@every
def test_bad_states_are_named(name):
    layer, x, dy, state, _ = made(name, (4, 2, 3, 2))
    _, tape = layer.forward(x, state)
    for wrong in (np.zeros((9, 9)), (np.zeros((2, 9)),), "state", 3):
        with pytest.raises((TypeError, ValueError), match=r"(^|: |of )state must"):
            layer.forward(x, wrong)
        with pytest.raises((TypeError, ValueError), match=r"(^|: |of )dstate must"):
            layer.backward(dy, tape, wrong)


@every
def test_a_tape_of_another_layer_is_refused(name):
    layer, x, dy, *_ = made(name, (4, 2, 3, 2))
    for wrong in (None, dy, (x, dy), 3):
        with pytest.raises(TypeError, match="tape must be from the forward pass of"):
            layer.backward(dy, wrong)
    other, x, *_ = made(name, (4, 2, 5, 2))
    with pytest.raises(ValueError, match=r"tape must be .* one of 5 -> 2"):
        layer.backward(dy, other.forward(x)[1])


@every
def test_bad_sizes_and_generators_are_named(name):
    rng = np.random.default_rng(0)
    before = rng.bit_generator.state
    for wrong in (0, -1, 2.5, None, "3", True, 10**400):
        with pytest.raises((TypeError, ValueError), match=r"^\w+ must be (a whole|at)"):
            MAKE[name](wrong, 2, rng=rng)
        with pytest.raises((TypeError, ValueError), match=r"^\w+ must be (a whole|at)"):
            MAKE[name](2, wrong, rng=rng)
    for wrong in (int, "float16", None, complex, 7):
        with pytest.raises(ValueError, match="dtype must be float64 or float32, got"):
            MAKE[name](2, 3, rng=rng, dtype=wrong)
    if not isinstance(EXAMPLES[name], Stack):  # of a stack, other layers were made
        assert rng.bit_generator.state == before, "a refused call has drawn something"
    for wrong in (0, None, np.random, np.random.RandomState(0)):
        with pytest.raises(TypeError, match="rng must be a numpy"):
            MAKE[name](2, 3, rng=wrong)


@every
def test_numbers_that_are_not_exact_are_converted_without_a_word(name, recwarn):
    layer, x, *_ = made(name, (4, 2, 3, 2))
    y, _ = layer.forward(x)
    for kind in ("float16", "float32", "longdouble"):
        close(layer.forward(x.astype(kind))[0], y, 0.1)
    for numbers in (np.full(x.shape, 300, np.float16), np.full(x.shape, 200, np.uint8)):
        close(layer.forward(numbers)[0], layer.forward(numbers.astype(float))[0], 0)
    assert not recwarn.list


def test_finite_inputs_whose_squares_overflow_are_taken(recwarn):
    layer, x, *_ = made("vanilla", (4, 2, 3, 2))
    assert np.isfinite(layer.forward(1e200 * x)[0]).all()
    assert not recwarn.list


def test_huge_inputs_saturate_and_do_not_overflow():
    for name in ("vanilla", "lstm", "gru"):
        layer, x, dy, state, dstate = made(name, (3, 2, 2, 2))
        with np.errstate(all="raise", under="ignore"):
            y, tape = layer.forward(1000 * x, state)
            layer.backward(dy, tape, dstate)
        assert np.isfinite(y).all()


def test_a_rectifier_does_not_hide_what_is_no_number():
    layer, x, *_ = made("relu", (4, 2, 3, 2))
    layer.params["W"][0, 0] = np.nan  # set behind the back of the checks
    assert np.isnan(layer.forward(x)[0]).any()
    with pytest.raises(ValueError, match="W holds NaN"):
        layer.params["W"] = layer.params["W"]
