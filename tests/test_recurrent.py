"""The layers of the training core against three oracles, and against each other.

Complex-step derivatives always; PyTorch where it is installed; ONNX's reference operators.
"""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import by_onnx, by_torch

from rnncore.deep import Dropout, Stack
from rnncore.elman import Elman
from rnncore.gated import GRU, LSTM
from rnncore.gradients import complex_step, numeric
from rnncore.vanilla import AugmentedRNN, ReadOut, VanillaRNN

try:
    import torch
except ModuleNotFoundError:
    torch = None
else:
    torch.set_num_threads(1)
needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")

RECURRENT = {"vanilla": VanillaRNN, "lstm": LSTM, "gru": GRU}
MAKE = RECURRENT | {
    "relu": lambda i, h, **rest: VanillaRNN(i, h, activation="relu", **rest),
    "logistic": lambda i, h, **rest: VanillaRNN(i, h, activation="logistic", **rest),
    "augmented": lambda i, h, **rest: AugmentedRNN(VanillaRNN(i, h, **rest)),
    "read-out": lambda i, h, **rest: ReadOut(i, h, activation="logistic", **rest),
    "stack": lambda i, h, **rest: Stack(
        VanillaRNN(i, h, **rest), LSTM(h, h + 1, **rest), GRU(h + 1, h, **rest)
    ),
    "stack in a stack": lambda i, h, **rest: Stack(
        Stack(LSTM(i, h, **rest), Dropout(0.5, rng=np.random.default_rng(0))),
        ReadOut(h, h, activation="tanh", **rest),
        VanillaRNN(h, h, **rest),
    ),
}
recurrent = pytest.mark.parametrize("name", RECURRENT)
every = pytest.mark.parametrize("name", MAKE)
sizes = st.tuples(*[st.integers(1, 4)] * 4)  # T, B, I, H


def made(name, sizes, seed=0, dtype=np.float64):
    """Make a layer, inputs for it, and gradients from above, all random."""
    steps, batch, inputs, hidden = sizes
    rng = np.random.default_rng(seed)
    layer = MAKE[name](inputs, hidden, rng=rng, dtype=dtype)
    for value in layer.params.values():
        value += rng.normal(size=value.shape).astype(dtype) / 2
    x = rng.normal(size=(steps, batch, inputs)).astype(dtype)
    y, tape = layer.forward(x)
    return layer, x, drawn(rng, y), drawn(rng, tape.state), drawn(rng, tape.state)


def drawn(rng, like):
    """Draw an array, or a tuple of arrays, of the shapes of another."""
    if isinstance(like, np.ndarray):
        return rng.normal(size=like.shape).astype(like.dtype)
    return None if like is None else tuple(drawn(rng, part) for part in like)


def close(actual, desired, tolerance=1e-12):
    """Compare arrays, tuples and dicts of arrays, relative to the greatest number of each."""
    if desired is None:
        assert actual is None
    elif isinstance(desired, dict):
        assert actual.keys() == desired.keys()
        for key in desired:
            close(actual[key], desired[key], tolerance)
    elif isinstance(desired, tuple | list):
        assert len(actual) == len(desired)
        for a, d in zip(actual, desired, strict=True):
            close(a, d, tolerance)
    else:
        assert np.shape(actual) == np.shape(desired)
        scale = np.abs(desired).max(initial=0)
        np.testing.assert_allclose(actual, desired, rtol=tolerance, atol=tolerance * scale)


def leaves(state):
    """List the arrays of a state, which may be a tuple of states."""
    if state is None or isinstance(state, np.ndarray):
        return [] if state is None else [state]
    return [leaf for part in state for leaf in leaves(part)]


def rebuilt(state, arrays):
    """Put arrays from an iterator in the places of the leaves."""
    if state is None or isinstance(state, np.ndarray):
        return None if state is None else next(arrays)
    return tuple(rebuilt(part, arrays) for part in state)


def slopes_of_state(layer, x, dy, state, dstate):
    """The gradient of the initial state, by complex steps."""
    parts = leaves(state)

    def loss(leaf, k):
        y, tape = layer.forward(x, rebuilt(state, iter([*parts[:k], leaf, *parts[k + 1 :]])))
        ends = zip(leaves(dstate), leaves(tape.state), strict=True)
        return (dy * y).sum() + sum((d * s).sum() for d, s in ends)

    found = [complex_step(lambda leaf, k=k: loss(leaf, k), part) for k, part in enumerate(parts)]
    return rebuilt(state, iter(found))


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
def test_nothing_that_is_given_is_changed(name):
    given = made(name, (4, 2, 3, 2))
    layer, x, dy, state, dstate = copy.deepcopy(given)
    _, tape = layer.forward(x, state)
    kept = copy.deepcopy(tape)
    first, again = (layer.backward(dy, tape, dstate) for _ in range(2))
    close(again, first, 0)
    close(tuple(tape), tuple(kept), 0)
    close((layer.params, x, dy, state, dstate), (given[0].params, *given[1:]), 0)


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


@needs_torch
@recurrent
@settings(max_examples=25)
@given(sizes=sizes, seed=st.integers(0, 99))
def test_layer_agrees_with_pytorch(name, sizes, seed):
    layer, x, dy, state, dstate = made(name, sizes, seed)
    y, tape = layer.forward(x, state)
    ours = y, tape.state, *layer.backward(dy, tape, dstate)
    close(ours, by_torch(torch, layer, x, dy, state, dstate))


@needs_torch
@recurrent
@settings(max_examples=10)
@given(sizes=sizes, seed=st.integers(0, 99))
def test_stack_agrees_with_the_stack_of_pytorch(name, sizes, seed):
    steps, batch, inputs, hidden = sizes
    rng = np.random.default_rng(seed)
    make = RECURRENT[name]
    layer = Stack(*(make(i, hidden, rng=rng) for i in (inputs, hidden, hidden)))
    x = rng.normal(size=(steps, batch, inputs))
    y, tape = layer.forward(x)
    dy, state, dstate = drawn(rng, y), drawn(rng, tape.state), drawn(rng, tape.state)
    y, tape = layer.forward(x, state)
    ours = y, tape.state, *layer.backward(dy, tape, dstate)
    close(ours, by_torch(torch, layer, x, dy, state, dstate))


@needs_torch
@recurrent
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
@recurrent
def test_single_precision_agrees_with_pytorch_and_stays_single(name):
    layer, x, dy, state, dstate = made(name, (5, 3, 4, 6), dtype=np.float32)
    y, tape = layer.forward(x, state)
    ours = y, tape.state, *layer.backward(dy, tape, dstate)
    close(ours, by_torch(torch, layer, x, dy, state, dstate), 1e-5)
    assert {leaf.dtype for leaf in [*leaves(tuple(tape)), *leaves(ours[:3])]} == {np.dtype("f4")}
    assert {g.dtype for g in ours[3].values()} == {np.dtype("f4")}


@every
def test_single_precision_stays_near_double(name):
    single = made(name, (5, 3, 4, 6), dtype=np.float32)
    double, *given = made(name, (5, 3, 4, 6))
    results = []
    for layer, (x, dy, state, dstate) in ((single[0], single[1:]), (double, given)):
        y, tape = layer.forward(x, state)
        results.append((y, *layer.backward(dy, tape, dstate)))
    close(results[0], results[1], 1e-4)


@needs_torch
@recurrent
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


@recurrent
@settings(max_examples=10)
@given(sizes=sizes, seed=st.integers(0, 99))
def test_layer_agrees_with_the_reference_operator_of_onnx(name, sizes, seed):
    layer, x, _, state, _ = made(name, sizes, seed)
    y, tape = layer.forward(x, state)
    close((y, tape.state), by_onnx(layer, x, state))


@recurrent
def test_single_precision_agrees_with_onnx(name):
    layer, x, _, state, _ = made(name, (5, 3, 2, 4), dtype=np.float32)
    y, tape = layer.forward(x, state)
    close((y, tape.state), by_onnx(layer, x, state), 1e-5)


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


def test_huge_inputs_saturate_and_do_not_overflow():
    for name in RECURRENT:
        layer, x, dy, state, dstate = made(name, (3, 2, 2, 2))
        with np.errstate(all="raise", under="ignore"):
            y, tape = layer.forward(1000 * x, state)
            layer.backward(dy, tape, dstate)
        assert np.isfinite(y).all()


BAD = [
    (lambda x: x[0], r"x must have shape \(T, B, 3\), got \(2, 3\)"),
    (lambda x: x[:, :, :2], r"x must have shape \(T, B, 3\), got \(4, 2, 2\)"),
    (lambda x: x[:0], r"x must have shape \(T, B, 3\), got \(0, 2, 3\)"),
    (lambda x: x + np.nan, "x holds NaN or infinity"),
    (lambda x: x + np.inf, "x holds NaN or infinity"),
]


@recurrent
@pytest.mark.parametrize(("spoil", "message"), BAD)
def test_bad_inputs_are_named(name, spoil, message):
    layer, x, *_ = made(name, (4, 2, 3, 2))
    with pytest.raises(ValueError, match=message):
        layer.forward(spoil(x))


@every
def test_bad_gradients_and_states_are_named(name):
    layer, x, dy, state, _ = made(name, (4, 2, 3, 2))
    _, tape = layer.forward(x, state)
    for wrong in (dy[1:], dy[:, :1], dy[:, :, :1]):
        with pytest.raises(ValueError, match=r"d\w+ must have shape \(4, 2, 2\), got"):
            layer.backward(wrong, tape)
    with pytest.raises(ValueError, match="holds NaN or infinity"):
        layer.backward(dy + np.nan, tape)
    if state is None:
        return
    for wrong in (np.zeros((9, 9)), (np.zeros((2, 9)),)):
        with pytest.raises(ValueError, match="state must"):
            layer.forward(x, wrong)
        with pytest.raises(ValueError, match="dstate must"):
            layer.backward(dy, tape, wrong)


def test_finite_inputs_whose_squares_overflow_are_taken():
    layer, x, *_ = made("vanilla", (4, 2, 3, 2))
    with np.errstate(over="ignore"):
        assert np.isfinite(layer.forward(1e200 * x)[0]).all()


@pytest.mark.parametrize("make", [VanillaRNN, ReadOut])
def test_unknown_activation_is_named(make):
    with pytest.raises(ValueError, match="activation must be one of identity, logistic"):
        make(1, 1, rng=np.random.default_rng(0), activation="step")


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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Stack(), "layers must be at least one layer"),
        (lambda: Dropout(1.0, rng=None), "rate must be at least 0 and less than 1, got 1.0"),
        (lambda: made("stack", (1, 1, 1, 1))[0].forward(np.ones((1, 1, 1)), (None,)),
         "state must have one entry for each of 3 layers"),
    ],
)  # fmt: skip
def test_bad_settings_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
