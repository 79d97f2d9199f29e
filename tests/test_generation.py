"""Sampling step by step, and the n-grams that it is compared with."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.activations import softmax
from rnncore.datasets import novel
from rnncore.deep import Dropout, Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU, LSTM
from rnncore.generation import NGrams, bits, copied, generate, greedy, onehot, sampling
from rnncore.losses import cross_entropy
from rnncore.vanilla import ReadOut, VanillaRNN

K = 5


def rng():
    return np.random.default_rng(0)


MODELS = {
    "a single layer": (lambda r: VanillaRNN(K, K, rng=r), True),
    "GRU": (lambda r: Stack(GRU(K, 7, rng=r), ReadOut(7, K, rng=r)), True),
    "LSTM": (lambda r: Stack(LSTM(K, 7, rng=r), Dropout(0.5, rng=r), ReadOut(7, K, rng=r)), True),
    "two layers that read symbols": (
        lambda r: Stack(
            Embedding(K, 4, rng=r), LSTM(4, 6, rng=r), GRU(6, 7, rng=r), ReadOut(7, K, rng=r)
        ),
        False,
    ),
    "n-grams": (lambda r: NGrams([r.integers(K, size=90)], 2, K), False),
}


@pytest.mark.parametrize("name", MODELS)
def test_what_is_generated_is_what_the_model_says_having_read_all_before(name):
    make, encoded = MODELS[name]
    model, first = make(rng()), rng().integers(K, size=(3, 2))
    encode = (lambda symbols: onehot(symbols, K)) if encoded else None
    made = generate(model, first, 6, greedy, encode=encode)
    text = np.concatenate([first, made])
    y, _ = model.forward(encode(text) if encoded else text)
    assert made.shape == (6, 2)
    assert (made == y[2:-1].argmax(axis=2)).all()


@pytest.mark.parametrize("name", MODELS)
def test_a_state_goes_on_where_it_was(name):
    make, encoded = MODELS[name]
    model, text = make(rng()), rng().integers(K, size=(5, 2))
    encode = (lambda symbols: onehot(symbols, K)) if encoded else None
    whole = generate(model, text, 4, greedy, encode=encode)
    _, tape = model.forward(encode(text[:3]) if encoded else text[:3])
    assert (generate(model, text[3:], 4, greedy, state=tape.state, encode=encode) == whole).all()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
def test_symbols_are_drawn_as_often_as_the_temperature_says(temperature):
    logits, many = np.array([[0.5, 1.0, -1.0], [0.0, 0.0, 3.0]]), 4000
    choose = sampling(temperature, rng=rng())
    drawn = np.array([choose(logits) for _ in range(many)])
    share = np.stack([(drawn == k).mean(axis=0) for k in range(3)], axis=1)
    assert np.abs(share - softmax(logits / temperature)).max() < 4 * 0.5 / math.sqrt(many)


def test_a_cold_chooser_is_greedy_and_float32_will_do():
    logits = rng().normal(size=(50, 9)).astype(np.float32)
    assert (sampling(0.001, rng=rng())(logits) == greedy(logits)).all()
    assert (sampling(1.0, rng=rng())(logits) < 9).all()


def test_the_mean_of_bits_is_the_cross_entropy():
    net, text = MODELS["GRU"][0](rng()), rng().integers(K, size=(9, 3))
    x, target = onehot(text[:-1], K), text[1:]
    loss, _ = cross_entropy(net.forward(x)[0], target)
    assert bits(net, x, target).mean() == pytest.approx(loss / math.log(2))


def witten_bell(text, order, symbols, context, symbol):
    """Return the probability of a symbol, written down from the formula."""
    p = 1 / symbols
    for m in range(order + 1):
        c = tuple(context[len(context) - m :]) if m else ()
        n = Counter(text[k] for k in range(m, len(text)) if text[k - m : k] == c and k)
        if n:
            p = (n[symbol] + len(n) * p) / (n.total() + len(n))
    return p


@given(
    st.lists(st.integers(0, 2), min_size=2, max_size=20),
    st.lists(st.integers(0, 2), min_size=4, max_size=8),
    st.integers(0, 4),
)
def test_n_grams_are_those_of_witten_and_bell(seen, text, order):
    model = NGrams([seen], order, 3)
    y, _ = model.forward(np.array(text)[:, np.newaxis])
    for k in range(max(1, order), len(text)):
        for symbol in range(3):
            p = witten_bell(tuple(seen), order, 3, text[:k], symbol)
            assert np.exp(y[k - 1, 0, symbol]) == pytest.approx(p)
    assert np.exp(y).sum(axis=2) == pytest.approx(1)


def test_the_beginning_of_a_sequence_is_a_context_of_its_own():
    model = NGrams([[0, 1, 1], [0, 1, 0]], 2, 2)
    at_first, later = np.exp(model.forward([[0, 1], [0, 0]])[0])[0]
    assert at_first[1] > 0.8 and later.sum() == pytest.approx(1)
    again = np.exp(model.forward([[0]], state=[[1], [1]])[0])[0, 0]
    assert again[1] < at_first[1], "0 was never seen in the middle"


def test_sequences_are_counted_apart_and_in_any_number_of_steps():
    text = rng().integers(3, size=40)
    model = NGrams([text[:7], text[7:9], text[9:]], 3, 3)
    x = text[:, np.newaxis]
    whole, tape = model.forward(x)
    first, state = model.forward(x[:11])
    rest, last = model.forward(x[11:], state.state)
    assert np.array_equal(whole, np.concatenate([first, rest]))
    assert np.array_equal(tape.state, last.state)


@given(st.text("ab", max_size=12), st.text("ab", max_size=12))
def test_the_longest_copy_is_the_longest(made, source):
    pieces = [made[a:b] for a in range(len(made)) for b in range(a + 1, len(made) + 1)]
    assert copied(made, source) == max((p for p in pieces if p in source), key=len, default="")


def test_bits_of_the_novel_are_what_they_were():
    text = novel()
    letters = sorted(set(text))
    ids = np.searchsorted(letters, list(text))
    train, test = ids[:170_000], ids[184_000:, np.newaxis]
    found = [bits(NGrams([train], m, len(letters)), test[:-1], test[1:]).mean() for m in (3, 4, 5)]
    assert found == pytest.approx([2.140, 1.943, 1.967], abs=5e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: greedy([1.0, 2.0]), r"logits must have shape \(B, K\), got \(2,\)"),
        (lambda: greedy([[1.0, np.nan]]), "logits holds NaN"),
        (lambda: sampling(0, rng=rng()), "temperature must be at least 0.001"),
        (lambda: sampling(1.0, rng=0), "rng must be a numpy.random.Generator"),
        (lambda: sampling(1.0, rng=rng())([1.0]), r"logits must have shape \(B, K\)"),
        (lambda: generate(model(), [0], 1, greedy), r"first must have shape \(T, B\)"),
        (lambda: generate(model(), [[3]], 1, greedy), "x must be integers from 0 to 2, got 3"),
        (lambda: generate(model(), [[0]], 1, np.argmax), r"what choose returns must have shape"),
        (lambda: generate(model(), [[0]], 1, lambda y: [7]), "what choose returns must be integ"),
        (lambda: generate(object(), [[0]], 1, greedy), "model must be a layer or NGrams"),
        (lambda: onehot([[2]], 2), "symbols must be integers from 0 to 1, got 2"),
        (lambda: bits(model(), [[0]], [[0], [1]]), r"target must have shape \(1, 1\)"),
        (lambda: NGrams([0, 1], 1, 2), "sequences must each be"),
        (lambda: NGrams([[0]], 1, 2), "at least 2"),
        (lambda: NGrams([[0, 2]], 1, 2), "sequences must be integers from 0 to 1, got 2"),
        (lambda: NGrams([[0, 1]], 20, 40), "order must be less where there are 40 symbols"),
        (lambda: model().forward([[0]], [[0], [1]]), r"state must have shape \(1, 1\)"),
        (lambda: model().forward([[0]], [[4]]), "state must be integers from 0 to 3, got 4"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


def model():
    return NGrams([[0, 1, 2, 0, 1, 2]], 1, 3)
