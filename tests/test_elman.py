"""Elman's own procedure against the layer, step by step; what every layer keeps: test_layers.py."""

from itertools import pairwise

import numpy as np
import pytest

from rnncore.elman import Elman, train_online
from rnncore.losses import mean_squared_error
from rnncore.measures import surprise_by_counts
from rnncore.optimizers import SGD, Adam
from rnncore.tasks import plans, recall, run_together, spelled, temporal_xor


def some_nets(count, **activations):
    return [Elman(2, 3, 2, rng=np.random.default_rng(seed), **activations) for seed in range(count)]


@pytest.mark.parametrize("functions", [("tanh", "identity"), ("logistic", "logistic")])
def test_online_training_is_the_layer_step_by_step(functions):
    names = dict(zip(("hidden_activation", "output_activation"), functions, strict=True))
    nets, slow = some_nets(3, **names), some_nets(3, **names)
    rng = np.random.default_rng(9)
    x, target = rng.normal(size=(2, 7, 3, 2))
    errors = train_online(nets, x, target, rate=0.3, passes=2)
    for n, net in enumerate(slow):
        sgd, state = SGD(net.params, rate=0.3), None
        for k in range(2):
            wrong = []
            for t in range(7):
                y, tape = net.forward(x[t : t + 1, n : n + 1], state)
                error = y - target[t : t + 1, n : n + 1]  # the gradient of half the squared error
                _, gradients, _ = net.backward(error, tape)
                sgd.step(gradients)
                state = tape.state
                wrong.append((error**2).mean())
            assert errors[k, n] == pytest.approx(np.mean(wrong), rel=1e-12)
        for name, value in net.params.items():
            np.testing.assert_allclose(nets[n].params[name], value, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(
    ("nets", "x", "target", "message"),
    [
        ([], (5, 1, 2), (5, 1, 2), "nets must be one or more networks of one size"),
        (some_nets(1) + some_nets(1, hidden_activation="logistic"), (5, 2, 2), (5, 2, 2), "nets"),
        (some_nets(2), (5, 2, 3), (5, 2, 2), r"x must have shape \(5, 2, 2\), got \(5, 2, 3\)"),
        (some_nets(2), (5, 1, 2), (5, 2, 2), r"x must have shape \(5, 2, 2\), got \(5, 1, 2\)"),
        (some_nets(2), (5, 2, 2), (4, 2, 2), "target must have shape"),
    ],
)  # fmt: skip
def test_online_training_names_bad_input(nets, x, target, message):
    with pytest.raises(ValueError, match=message):
        train_online(nets, np.zeros(x), np.zeros(target), rate=0.1)


@pytest.mark.parametrize(
    ("target", "rate", "message"),
    [
        (None, 0.1, "target must hold numbers, got None"),
        (np.zeros((5, 1, 2)), np.nan, "rate must be greater than 0, got nan"),
        (np.zeros((5, 1, 2)), -1, "rate must be greater than 0, got -1"),
    ],
)
def test_online_training_without_target_or_rate_moves_nothing(target, rate, message):
    (net,) = nets = some_nets(1)
    before = {name: value.copy() for name, value in net.params.items()}
    with pytest.raises((TypeError, ValueError), match=message):
        train_online(nets, np.ones((5, 1, 2)), target, rate=rate)
    for name, value in before.items():
        np.testing.assert_array_equal(net.params[name], value)


def test_every_third_bit_is_the_exclusive_or_of_the_two_before():
    bits = temporal_xor(200, 3, np.random.default_rng(0))
    first, second, third = bits[0::3], bits[1::3], bits[2::3]
    assert bits.shape == (600, 3, 1)
    assert (third == (first != second)).all()
    assert abs(bits.mean() - 0.5) < 0.05
    assert 0.4 < (first == second).mean() < 0.6


def test_words_run_together_come_apart_at_their_starts():
    words = ["a", "sea", "seal"]
    text, start = run_together(words, 300, np.random.default_rng(0))
    ends = [*np.flatnonzero(start), len(text)]
    found = [text[a:b] for a, b in pairwise(ends)]
    assert len(found) == 300
    assert {word: 70 < found.count(word) < 130 for word in words} == dict.fromkeys(words, True)


@pytest.mark.parametrize("before", [0, 1, 2])
def test_shares_by_counts_add_up_to_one(before):
    seen = "theseathesealtheship"
    for context in ("th", "se", "zz"):
        letters = sorted(set(seen + "z"))
        shares = [2 ** -surprise_by_counts(seen + "z", context + a, before)[-1] for a in letters]
        assert sum(shares) == pytest.approx(1, rel=1e-9)


def test_counts_name_bad_input():
    with pytest.raises(ValueError, match="before must be at least 0"):
        surprise_by_counts("abc", "abc", -1)


def trained(net, x, target, mask, steps):
    adam = Adam(net.params, rate=0.01)
    for _ in range(steps):
        y, tape = net.forward(x)
        adam.step(net.backward(mean_squared_error(y, target, mask)[1], tape)[1])
    return net.forward(x)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_a_jordan_network_needs_a_decay_for_is_learned(seed):
    words = ["ABAC", "ACAB"]
    x, target, letters = plans(words)
    net = Elman(2, 16, 3, rng=np.random.default_rng(seed), output_activation="logistic")
    assert spelled(trained(net, x, target, None, 500)[0], letters) == words


@pytest.mark.parametrize("seed", [4, 5])
def test_silence_on_the_way_makes_the_states_alike(seed):
    x, target = recall(12, echo=False)
    answer = np.zeros_like(target)
    answer[-1] = 1
    apart = []
    for mask in (None, answer):
        net = Elman(4, 16, 2, rng=np.random.default_rng(seed), output_activation="logistic")
        a, b = trained(net, x, target, mask, 500)[1].state
        apart.append(np.abs(a - b).max())
    assert apart[0] < 1e-6 and apart[1] > 1.5
