"""rnncore.bptt against the lecture, against its own derivation, and against judges from outside."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.bptt import ACTIVATIONS, ScalarRNN, logsig, loss, outputs, tanh

LECTURE = {"x": [0.05, 0.10], "target": [0.60, 0.75], "y0": 0.0, "learning_rate": 0.5}

weights = st.floats(-3, 3)
pairs = st.lists(st.tuples(st.floats(-2, 2), st.floats(-1, 1)), min_size=1, max_size=8)
activations = st.sampled_from(sorted(ACTIVATIONS))


def lecture():
    return ScalarRNN(w=0.3, g=0.4).bptt(**LECTURE)


@pytest.mark.parametrize(
    ("name", "exact"),
    [
        ("y", (0.5037499296890819, 0.5576178998391228)),
        ("error", (0.0962500703109181, 0.1923821001608772)),
        ("delta", (0.0288065822409197, 0.0474568506382338)),
        ("increment_w", (0.0007201645560230, 0.0023728425319117)),
        ("increment_g", (0.0, 0.0119531925861378)),
        ("w_new", 0.3030930070879347),
        ("g_new", 0.4119531925861378),
    ],
)
def test_worked_example_is_exact(name, exact):
    assert getattr(lecture(), name) == pytest.approx(exact, rel=0, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "step", "printed"),
    [
        ("y", 0, "0.5037"), ("error", 0, "0.0963"), ("error", 1, "0.1924"),
        ("delta", 0, "0.0288"), ("increment_w", 1, "0.00237"), ("increment_w", 0, "0.0007"),
        ("increment_g", 0, "0"),
    ],
)  # fmt: skip
def test_what_the_lecture_rounds_correctly(name, step, printed):
    places = len(printed.partition(".")[2])
    assert f"{getattr(lecture(), name)[step]:.{places}f}" == printed


@given(w=weights, g=weights, xs=st.lists(weights, min_size=5, max_size=5), y0=weights)
def test_five_steps_are_the_lectures_blocks(w, g, xs, y0):
    target, eta = (0.1, 0.9, 0.5, 0.3, 0.7), 0.5
    run = ScalarRNN(w, g).bptt(xs, target, y0=y0, learning_rate=eta)

    y = [y0]
    for x in xs:
        y.append(1 / (1 + math.exp(-(w * x + g * y[-1]))))
    e = [None, *(target[t] - y[t + 1] for t in range(5))]
    d5 = y[5] * (1 - y[5]) * e[5]
    d4 = y[4] * (1 - y[4]) * (d5 * g + e[4])
    d3 = y[3] * (1 - y[3]) * (d4 * g + e[3])
    d2 = y[2] * (1 - y[2]) * (d3 * g + e[2])
    d1 = y[1] * (1 - y[1]) * (d2 * g + e[1])
    d = (d1, d2, d3, d4, d5)

    close = {"rel": 1e-12, "abs": 1e-14}
    assert run.y == pytest.approx(y[1:], **close)
    assert run.delta == pytest.approx(d, **close)
    assert run.increment_w == pytest.approx([eta * d[t] * xs[t] for t in range(5)], **close)
    assert run.increment_g == pytest.approx([eta * d[t] * y[t] for t in range(5)], **close)
    assert run.w_new == pytest.approx(w + sum(run.increment_w), **close)
    assert run.g_new == pytest.approx(g + sum(run.increment_g), **close)


@given(w=weights, g=weights, y0=st.floats(-1, 1), pairs=pairs, activation=activations)
def test_gradient_agrees_with_complex_step(w, g, y0, pairs, activation):
    x, target = zip(*pairs, strict=True)
    run = ScalarRNN(w, g, activation).bptt(x, target, y0=y0)
    h = 1e-30
    dw = loss(complex(w, h), g, x, target, y0, activation).imag / h
    dg = loss(w, complex(g, h), x, target, y0, activation).imag / h

    # Where terms of opposite sign cancel, the error is relative to the terms.
    size_w = sum(abs(s.delta * s.x) for s in run.steps)
    size_g = sum(abs(s.delta * s.y_before) for s in run.steps)
    assert run.dloss_dw == pytest.approx(dw, rel=1e-12, abs=1e-11 * size_w + 1e-14)
    assert run.dloss_dg == pytest.approx(dg, rel=1e-12, abs=1e-11 * size_g + 1e-14)
    assert run.loss == pytest.approx(loss(w, g, x, target, y0, activation), rel=1e-15)


def test_gradient_agrees_with_central_differences():
    x, target, h = (0.5, -1.0, 0.3), (0.2, 0.9, 0.4), 1e-5
    run = ScalarRNN(0.7, -1.3).bptt(x, target, y0=0.2)
    dw = (loss(0.7 + h, -1.3, x, target, 0.2) - loss(0.7 - h, -1.3, x, target, 0.2)) / (2 * h)
    dg = (loss(0.7, -1.3 + h, x, target, 0.2) - loss(0.7, -1.3 - h, x, target, 0.2)) / (2 * h)
    assert (run.dloss_dw, run.dloss_dg) == pytest.approx((dw, dg), rel=1e-8)


def test_gradient_agrees_with_pytorch():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    x, target, y0 = (0.5, -1.0, 0.3, 2.0), (0.2, 0.9, 0.4, 0.1), 0.2
    w, g = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.7, -1.3))
    y, total = torch.tensor(y0, dtype=torch.float64), 0.0
    for value, wanted in zip(x, target, strict=True):
        y = torch.sigmoid(w * value + g * y)
        total = total + (wanted - y) ** 2 / 2
    total.backward()
    run = ScalarRNN(0.7, -1.3).bptt(x, target, y0=y0)
    assert (run.dloss_dw, run.dloss_dg) == pytest.approx((w.grad.item(), g.grad.item()), rel=1e-12)


@given(w=weights, g=weights, pairs=pairs)
def test_a_small_update_lowers_the_loss(w, g, pairs):
    x, target = zip(*pairs, strict=True)
    run = ScalarRNN(w, g).bptt(x, target, learning_rate=1e-4)
    assert run.updated.bptt(x, target).loss <= run.loss + 1e-15


def test_conventions_differ_in_names_only():
    prediction = lecture()
    translation = ScalarRNN(0.3, 0.4).bptt(**LECTURE, convention="translation")
    assert prediction.steps == translation.steps


def test_bptt_leaves_the_network_as_it_is():
    net = ScalarRNN(0.3, 0.4)
    first, second = net.bptt(**LECTURE), net.bptt(**LECTURE)
    assert first == second
    assert (net.w, net.g) == (0.3, 0.4)
    assert net.forward(LECTURE["x"]) == first.y


@pytest.mark.parametrize("z", [1000.0, -1000.0, 1e308, complex(1000, 1e-30)])
def test_logistic_function_does_not_overflow(z):
    assert logsig(z) == pytest.approx(1.0 if z.real > 0 else 0.0)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"x": [1.0]}, ValueError, "x and target must have one entry a step each, got 1 and 2"),
        ({"x": [], "target": []}, ValueError, "x must have at least one entry, got none"),
        ({"x": 0.05}, TypeError, "x must be a sequence of numbers, got 0.05"),
        ({"x": ["a", 1]}, TypeError, r"x\[0\] must be a number, got 'a'"),
        ({"x": "ab"}, TypeError, "x must be a sequence of numbers, got 'ab'"),
        ({"x": {1.0, 2.0}}, TypeError, r"x must be a sequence of numbers, got \{1.0, 2.0\}"),
        ({"x": {1.0: 2, 2.0: 3}}, TypeError, "x must be a sequence of numbers, got {1.0"),
        ({"x": (v for v in (1, 2))}, TypeError, "x must be a sequence of numbers, got <generator"),
        ({"x": [True, 1]}, TypeError, r"x\[0\] must be a number, got True"),
        ({"x": [1j, 1]}, TypeError, r"x\[0\] must be a number, got 1j"),
        ({"x": [[1], 1]}, TypeError, r"x\[0\] must be a number, got \[1\]"),
        ({"x": ["1", 1]}, TypeError, r"x\[0\] must be a number, got '1'"),
        (
            {"target": [10**400, 1]},
            ValueError,
            r"target\[0\] must be finite, and is beyond",
        ),
        ({"y0": [0.0]}, TypeError, r"y0 must be a number, got \[0.0\]"),
        ({"convention": ["prediction"]}, ValueError, "convention must be one of prediction, trans"),
        ({"x": [math.nan, 1]}, ValueError, r"x\[0\] must be finite, got nan"),
        ({"target": [0.6, math.inf]}, ValueError, r"target\[1\] must be finite, got inf"),
        ({"y0": math.nan}, ValueError, "y0 must be finite, got nan"),
        ({"learning_rate": -0.5}, ValueError, "learning_rate must not be negative, got -0.5"),
        ({"learning_rate": None}, TypeError, "learning_rate must be a number, got None"),
        ({"convention": "both"}, ValueError, "convention must be one of prediction, translation"),
    ],
)
def test_bad_argument_is_named(change, error, message):
    with pytest.raises(error, match=message):
        ScalarRNN(0.3, 0.4).bptt(**(LECTURE | change))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"w": math.nan, "g": 0}, ValueError, "w must be finite, got nan"),
        ({"w": 0, "g": "big"}, TypeError, "g must be a number, got 'big'"),
        ({"w": True, "g": 0}, TypeError, "w must be a number, got True"),
        ({"w": 0.1j, "g": 0}, TypeError, "w must be a number, got 0.1j"),
        ({"w": 0, "g": -(10**400)}, ValueError, "g must be finite, and is beyond the range"),
        ({"w": 0, "g": 0, "activation": {}}, ValueError, "activation must be one of logsig, tanh"),
        ({"w": 0, "g": 0, "activation": "relu"}, ValueError,
         "activation must be one of logsig, tanh, identity; got 'relu'"),
    ],
)  # fmt: skip
def test_bad_network_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        ScalarRNN(**arguments)


def test_overflow_is_named():
    net = ScalarRNN(1.0, 1e200, "identity")
    with pytest.raises(ValueError, match="the outputs overflow: w=1 and g=1e\\+200 are too large"):
        net.bptt([1.0] * 4, [0.0] * 4)


def test_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="Run has no attribute 'gradient'"):
        _ = lecture().gradient


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: loss("a", 0, [1], [1]), "w must be a number, got 'a'"),
        (lambda: loss(0, math.nan, [1], [1]), "g must be finite, got nan"),
        (lambda: loss(0, complex(0, math.inf), [1], [1]), "g must be finite, got infj"),
        (
            lambda: loss(0, 0, [1, 2], [1]),
            "x and target must have one entry a step each, got 2 and 1",
        ),
        (lambda: loss(0, 0, [1], [1], activation="relu"), "activation must be one of logsig"),
        (lambda: loss(0, 0, [1], [1], y0=None), "y0 must be a number, got None"),
        (lambda: outputs(0, 0, []), "x must have at least one entry, got none"),
        (lambda: outputs(0, 0, [1], activation=[]), "activation must be one of logsig"),
        (lambda: logsig("a"), "z must be a number, got 'a'"),
        (lambda: tanh(None), "z must be a number, got None"),
        (lambda: tanh(True), "z must be a number, got True"),
    ],
)
def test_functions_name_what_does_not_fit(call, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        call()


def test_a_weight_that_was_changed_into_nonsense_is_named():
    net = ScalarRNN(0.3, 0.4)
    net.g = "big"
    for call in (lambda: net.forward([1.0]), lambda: net.bptt([1.0], [1.0])):
        with pytest.raises(TypeError, match="g must be a number, got 'big'"):
            call()


def test_numbers_of_numpy_are_numbers():
    np = pytest.importorskip("numpy")
    exact = ScalarRNN(0.5, 2).bptt([1.0, 2.0], [0.5, 1.0])
    assert (
        ScalarRNN(np.float32(0.5), np.int64(2)).bptt(np.array([1, 2]), np.array([0.5, 1])) == exact
    )
    assert all(type(value) is float for value in exact.y)


def test_a_loss_too_large_for_a_float_is_infinite():
    assert loss(1e200, 0, [1e100], [0.0], activation="identity") == math.inf
