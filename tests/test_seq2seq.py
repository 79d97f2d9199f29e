"""Encoder and decoder: the contract of the layers where x is a tuple, and decoding."""

import copy
import itertools
import pickle

import numpy as np
import pytest
from kinds import close, drawn, leaves, rebuilt
from oracles import run
from test_mutations import loaded, mutants

from rnncore import seq2seq
from rnncore.activations import softmax
from rnncore.batches import minibatches, padded
from rnncore.deep import Dropout, Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU, LSTM
from rnncore.generation import sampling
from rnncore.gradients import complex_step
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.parameters import replaced
from rnncore.seq2seq import (
    EncoderDecoder,
    by_example,
    dictionary,
    forced,
    nearest,
    word_for_word,
)
from rnncore.tdnn import TDNN
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

try:
    import torch
except ModuleNotFoundError:
    torch = None

START, END = 0, 1
LENGTHS = [2, 5, 3, 5]

# By name, a function that makes encoder and decoder: of 3 features and 2 to 4.
PAIRS = {
    "vanilla": lambda **rest: (
        VanillaRNN(3, 5, **rest), Stack(VanillaRNN(2, 5, **rest), ReadOut(5, 4, **rest))
    ),
    "gru": lambda **rest: (GRU(3, 5, **rest), Stack(GRU(2, 5, **rest), ReadOut(5, 4, **rest))),
    "lstm": lambda **rest: (LSTM(3, 5, **rest), Stack(LSTM(2, 5, **rest), ReadOut(5, 4, **rest))),
    "no read-out": lambda **rest: (GRU(3, 4, **rest), GRU(2, 4, **rest)),
    "tdnn": lambda **rest: (TDNN(2, 3, 3, 1, **rest), TDNN(2, 3, 3, 4, **rest)),
    "stacks": lambda **rest: (
        Stack(ReadOut(3, 3, **rest), LSTM(3, 4, **rest), GRU(4, 2, **rest)),
        Stack(LSTM(2, 4, **rest), Dropout(0.5, rng=rest["rng"]), ReadOut(4, 3, **rest),
              GRU(3, 2, **rest), ReadOut(2, 4, **rest)),
    ),
}  # fmt: skip
every = pytest.mark.parametrize("name", PAIRS)


def made(name, front=True, dtype=np.float64, seed=0):
    """Make a network, x, and gradients from above, all random, of sequences of LENGTHS."""
    rng = np.random.default_rng(seed)
    net = EncoderDecoder(*PAIRS[name](rng=rng, dtype=dtype))
    for value in net.params.values():
        value += rng.normal(size=value.shape).astype(dtype) / 2
    sources = [rng.normal(size=(n, net.inputs)).astype(dtype) for n in LENGTHS]
    source, there = padded(sources, front=front)
    x = source, rng.normal(size=(4, len(LENGTHS), 2)).astype(dtype), there
    y, tape = net.forward(x)
    state = drawn(rng, net.parts["encoder"].first_state(len(LENGTHS)))
    return net, x, drawn(rng, y), state, drawn(rng, tape.state)


def alone(net, x, state, dy, dstate):
    """Run each sequence alone, without padding, and put the results together."""
    source, given, there = x
    pick = lambda form, n: rebuilt(form, (leaf[..., [n], :] for leaf in leaves(form)))  # noqa: E731
    found = []
    for n in range(given.shape[1]):
        y, tape = net.forward((source[there[:, n] > 0, n : n + 1], given[:, [n]]), pick(state, n))
        dx, gradients, dfirst = net.backward(dy[:, [n]], tape, pick(dstate, n))
        found.append((y, tape.state, dx[1], dx[0], dfirst, gradients))
    y, last, dgiven, dsource, dfirst, gradients = zip(*found, strict=True)
    joined = lambda states: rebuilt(  # noqa: E731
        states[0], (np.concatenate(p, axis=-2) for p in zip(*map(leaves, states), strict=True))
    )
    whole = np.zeros(source.shape)
    for n, part in enumerate(dsource):
        whole[there[:, n] > 0, n] = part[:, 0]
    total = {name: sum(one[name] for one in gradients) for name in gradients[0]}
    dx = whole, np.concatenate(dgiven, axis=1)
    return np.concatenate(y, axis=1), joined(last), dx, total, joined(dfirst)


@every
@pytest.mark.parametrize("front", [True, False])
def test_a_padded_sequence_is_read_as_it_would_be_alone(name, front):
    net, x, dy, state, dstate = made(name, front)
    x[0][x[2] == 0] = 7.0  # whatever stands there
    y, tape = net.forward(x, state)
    ours = y, tape.state, *net.backward(dy, tape, dstate)
    close(ours, alone(net, x, state, dy, dstate))


def test_a_sequence_with_holes_is_read_without_them():
    net, (source, given, there), dy, state, dstate = made("lstm")
    there = np.random.default_rng(3).integers(2, size=there.shape)
    there[2] = 1
    y, tape = net.forward((source, given, there), state)
    ours = y, tape.state, *net.backward(dy, tape, dstate)
    close(ours, alone(net, (source, given, there), state, dy, dstate))


@every
def test_gradients_agree_with_complex_steps(name):
    net, x, dy, state, dstate = made(name)
    _, tape = net.forward(x, state)
    close(net.backward(dy, tape, dstate), slopes(net, x, dy, state, dstate))


def slopes(net, x, dy, state, dstate):
    """Return what `backward` should: by complex steps, through forward passes only."""

    def loss(k, value):
        arrays = [*x[:2], *leaves(state), *net.params.values()]
        arrays[k] = value
        source, given, *rest = arrays
        first, rest = rest[: len(leaves(state))], rest[len(leaves(state)) :]
        other = replaced(net, dict(zip(net.params, rest, strict=True)))
        y, tape = other.forward((source, given, *x[2:]), rebuilt(state, iter(first)))
        ends = zip(leaves(dstate), leaves(tape.state), strict=True)
        return (dy * y).sum() + sum((d * s).sum() for d, s in ends)

    arrays = [*x[:2], *leaves(state), *net.params.values()]
    found = [complex_step(lambda v, k=k: loss(k, v), a) for k, a in enumerate(arrays)]
    count = 2 + len(leaves(state))
    gradients = dict(zip(net.params, found[count:], strict=True))
    return (found[0], found[1]), gradients, rebuilt(state, iter(found[2:count]))


@pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-5)])
@pytest.mark.parametrize("name", ["vanilla", "gru", "lstm"])
def test_a_padded_batch_agrees_with_pytorchs_packed_sequences(name, dtype, tolerance):
    net, (source, given, there), dy, state, _ = made(name, front=False, dtype=dtype)
    y, tape = net.forward((source, given, there), state)
    dx, gradients, dfirst = net.backward(dy, tape)

    leaf = lambda a: torch.tensor(a, requires_grad=True)  # noqa: E731
    params = {n: leaf(value) for n, value in net.params.items()}
    own = lambda part: {  # noqa: E731
        n.removeprefix(part): p for n, p in params.items() if n.startswith(part)
    }
    first = rebuilt(state, map(leaf, leaves(state)))
    firsts = list(first) if isinstance(first, tuple) else [first]
    x = leaf(source), leaf(given)
    _, last = run(torch, net.parts["encoder"], own("encoder."), x[0], first, LENGTHS)
    theirs, _ = run(torch, net.parts["decoder"], own("decoder."), x[1], (last, None))
    (torch.from_numpy(dy) * theirs).sum().backward()
    close(y, theirs.detach().numpy(), tolerance)
    close(dx, tuple(a.grad.numpy() for a in x), tolerance)
    close(gradients, {n: p.grad.numpy() for n, p in params.items()}, tolerance)
    close(leaves(dfirst) or [dfirst], [s.grad.numpy() for s in firsts], tolerance)


@every
def test_single_precision_stays_single(name):
    net, x, dy, state, dstate = made(name, dtype=np.float32)
    y, tape = net.forward(x, state)
    dx, gradients, dfirst = net.backward(dy, tape, dstate)
    found = leaves((y, tape.state, dx, dfirst, tuple(gradients.values())))
    assert {a.dtype for a in found} == {np.dtype("f4")}


def test_states_of_a_stack_may_be_left_out():
    net, x, _, state, _ = made("stacks")
    y, _ = net.forward(x, (None, None, state[2]))
    zeros = tuple(np.zeros_like(part) for part in state[1])
    close(y, net.forward(x, (None, zeros, state[2]))[0], 0)
    close(net.forward(x)[0], net.forward(x, (None, None, None))[0], 0)


@every
def test_what_is_given_and_handed_out_is_safe(name):
    net, x, dy, state, dstate = made(name)
    y, tape = net.forward(x, state)
    wanted = copy.deepcopy(net.backward(dy, tape, dstate))
    for array in [y, *leaves(tuple(tape))]:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.5
    for array in [*x, *leaves(state)]:
        array[...] = 7.0
    close(net.backward(dy, tape, dstate), wanted, 0)


@every
def test_it_travels_and_says_what_it_is(name):
    net, x, dy, state, dstate = made(name)
    y, tape = net.forward(x, state)
    for other in pickle.loads(pickle.dumps(net)), copy.deepcopy(net):
        close(other.forward(x, state)[0], y, 0)
        close(other.backward(dy, pickle.loads(pickle.dumps(tape)), dstate)[1],
              net.backward(dy, tape, dstate)[1], 0)  # fmt: skip
    assert net.title == f"EncoderDecoder({net.inputs} -> 4)" and repr(net).startswith(net.title)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_slip_in_any_line_of_the_backward_pass_is_found():
    def found_wrong(backward=None):
        for name, front in (("stacks", True), ("vanilla", False)):
            net, x, dy, state, dstate = made(name, front)
            if backward:
                net._backward = backward.__get__(net)
            _, tape = net.forward(x, state)
            try:
                close(net.backward(dy, tape, dstate), wanted[name])
            except (Exception, pytest.fail.Exception):
                return True
        return False

    wanted = {
        name: slopes(*made(name, front)) for name, front in (("stacks", True), ("vanilla", False))
    }
    assert not found_wrong()
    survivors = [
        slip
        for slip, tree in mutants(seq2seq, "EncoderDecoder")
        if not found_wrong(vars(vars(loaded(tree, "spoiled"))["EncoderDecoder"])["_backward"])
    ]
    assert not survivors, "\n".join(survivors)


# Training and decoding


def writer(seed=0, width=16, kind=GRU, count=6):
    rng = np.random.default_rng(seed)
    return EncoderDecoder(
        Stack(Embedding(count, 5, rng=rng), kind(5, width, rng=rng)),
        Stack(
            Embedding(count, 5, rng=rng), kind(5, width, rng=rng), ReadOut(width, count, rng=rng)
        ),
    )


def reversals(rng, count):
    sources = [rng.integers(2, 6, size=rng.integers(1, 4)).tolist() for _ in range(count)]
    return sources, [source[::-1] for source in sources]


@pytest.mark.parametrize("kind", [GRU, LSTM])
def test_it_learns_to_turn_sequences_round(kind):
    rng = np.random.default_rng(0)
    sources, answers = reversals(rng, 200)
    source, there = padded(sources, front=True)
    given, target, mask = forced(answers, START, END)
    net = writer(kind=kind)
    fit(net, minibatches((source, given, there), target, mask, size=32, rng=rng),
        optimizer=Adam(net.params, 0.02), steps=250, loss=cross_entropy, clip=1.0,
        validation=((source, given, there), target, mask))  # fmt: skip
    sources, answers = reversals(rng, 60)
    source, there = padded(sources, front=True)
    found = net.decode(source, there, start=START, end=END, steps=5)
    assert np.mean([f == a for f, a in zip(found, answers, strict=True)]) > 0.9


def log_probability(net, source, answer, end=END):
    """Of an answer and its end, one sequence alone, by one forward pass with a teacher."""
    given, target, _ = forced([answer], START, end)
    p = softmax(net.forward((np.array(source)[:, None], given))[0])[:, 0]
    return np.log(p[np.arange(len(p)), target[:, 0]]).sum()


@pytest.mark.parametrize("kind", [GRU, LSTM])
def test_a_beam_that_keeps_all_finds_the_likeliest_answer(kind):
    net, steps = writer(kind=kind, count=4), 3
    for value in net.params.values():
        value *= 3
    sources = [[2, 3], [3], [2, 2, 1]]
    source, there = padded(sources, front=True)
    found = net.beam(source, there, start=START, end=END, steps=steps, width=4**steps)
    for read, answers in zip(sources, found, strict=True):
        scores = [score for score, _ in answers]
        assert scores == sorted(scores, reverse=True)
        over = {tuple(a): s for s, a in answers if len(a) < steps}
        free = [0, 2, 3]
        asked = [a for n in range(steps) for a in itertools.product(free, repeat=n)]
        assert over.keys() == set(asked)
        for answer in asked:
            assert over[answer] == pytest.approx(log_probability(net, read, list(answer)))
        # All that can be written within the steps is there, so the probabilities add up to 1.
        assert np.exp(scores).sum() == pytest.approx(1)
        assert len(answers) == len(asked) + 27


def test_a_beam_of_one_is_greedy_and_a_wider_one_finds_no_worse():
    net = writer(seed=4)
    for value in net.params.values():
        value *= 2
    source, there = padded([[2, 3], [5, 4, 2], [3]], front=True)
    run = {"start": START, "end": END, "steps": 6}
    greedy = net.decode(source, there, **run)
    one = [answers[0] for answers in net.beam(source, there, width=1, **run)]
    wide = net.beam(source, there, width=8, **run)
    assert [answer for _, answer in one] == greedy
    assert all(len(answers) == 8 for answers in wide)
    assert all(w[0][0] >= o[0] for w, o in zip(wide, one, strict=True))


def test_a_chooser_is_asked_at_each_step():
    net, asked = writer(), []

    def choose(logits):
        asked.append(logits.shape)
        return np.array([2, END]) if len(asked) == 1 else np.array([END, 3])

    source = np.array([[2, 3], [3, 4]])
    assert net.decode(source, start=START, end=END, steps=9, choose=choose) == [[2], []]
    assert asked == [(2, 6)] * 9
    never = net.decode(source, start=START, end=END, steps=3, choose=lambda z: np.array([2, 3]))
    assert never == [[2, 2, 2], [3, 3, 3]]


def test_sampled_answers_come_as_often_as_they_should():
    net, choose = writer(count=4), sampling(rng=np.random.default_rng(0))
    many = net.decode(np.full((1, 4000), 2), start=START, end=END, steps=3, choose=choose)
    for answer in ([], [2], [3, 0]):
        p = np.exp(log_probability(net, [2], answer))
        assert abs(many.count(answer) / 4000 - p) < 4 * np.sqrt(p / 4000)


# Without a network


EXAMPLES = [
    (source.split(), answer.split())
    for source, answer in (
        ("3 days ago", "il y a 3 jours"), ("5 days", "5 jours"), ("5 weeks", "5 semaines"),
        ("in 7 weeks", "dans 7 semaines"),
    )
]  # fmt: skip


def test_words_that_go_together_are_found():
    words = dictionary(EXAMPLES)
    assert (words["days"], words["weeks"], words["in"], words["7"]) == (
        "jours", "semaines", "7", "7",  # "in" was seen once, with three words alike
    )  # fmt: skip


def test_an_example_of_the_same_length_is_nearest():
    sources = [source.split() for source in ("3 days", "9 weeks ago", "days", "1 2 3 4 5 6 7")]
    found = [" ".join(source) for source, _ in nearest(sources, EXAMPLES)]
    assert found[:2] == ["5 days", "3 days ago"]
    assert found[2:] == ["3 days ago", "3 days ago"]  # there is none as long; the first


def test_what_differs_from_an_example_is_exchanged():
    asked = {
        "9 weeks ago": "il y a 9 semaines", "in 3 days": "dans 3 jours", "5 days": "5 jours"
    }  # fmt: skip
    found = by_example([source.split() for source in asked], EXAMPLES)
    assert [" ".join(answer) for answer in found] == list(asked.values())
    found = word_for_word([["9", "weeks", "ago"]], EXAMPLES)
    assert found[0][:2] == ["9", "semaines"]


# What is refused


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda s, g, t: s, TypeError, r"x must be \(source, given\) or \(source, given, there\)"),
        (lambda s, g, t: (s,), TypeError, "x must be .source, given"),
        (lambda s, g, t: (s, g[:, :1], t), ValueError, "x must be of as many sequences in source"),
        (lambda s, g, t: (s, g, t[:2]), ValueError, r"there must have shape \(5, 4\), as"),
        (lambda s, g, t: (s, g, "yes"), TypeError, "there must hold numbers, got 'yes'"),
        (lambda s, g, t: (s, g, -t), ValueError, "there must not be negative"),
        (lambda s, g, t: (s[..., :2], g), ValueError, r"encoder, GRU\(3 -> 5\): x must have shape"),
        (lambda s, g, t: (s, g + np.nan), ValueError, "given of x holds NaN"),
        (lambda s, g, t: (s[:, 0, 0], g), ValueError, r"source of x must have shape \(T, B, ...\)"),
        (lambda s, g, t: (s, "words"), TypeError, "given of x must hold numbers"),
    ],
)
def test_bad_inputs_are_named(spoil, error, message):
    net, x, *_ = made("gru")
    with pytest.raises(error, match=message):
        net.forward(spoil(*x))


@pytest.mark.parametrize(
    ("encoder", "decoder", "error", "message"),
    [
        (lambda r: GRU(3, 5, rng=r), lambda r: GRU(2, 4, rng=r), ValueError,
         r"decoder must have states of the shapes of the encoder's, got \[\(1, 4\)\] after"),
        (lambda r: GRU(3, 5, rng=r), lambda r: LSTM(2, 5, rng=r), ValueError, "decoder must have"),
        (lambda r: ReadOut(3, 5, rng=r), lambda r: GRU(3, 5, rng=r), ValueError, "decoder must"),
        (lambda r: 3, lambda r: GRU(3, 5, rng=r), TypeError, "encoder must be a Layer, got 3"),
        (lambda r: GRU(3, 5, rng=r), lambda r: "GRU", TypeError, "decoder must be a Layer"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(encoder, decoder, error, message):
    rng = np.random.default_rng(0)
    with pytest.raises(error, match=message):
        EncoderDecoder(encoder(rng), decoder(rng))


def test_one_layer_twice_is_refused():
    layer = GRU(3, 3, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="decoder must be another layer than encoder"):
        EncoderDecoder(layer, layer)


def test_states_tapes_and_gradients_are_checked_as_for_every_layer():
    net, x, dy, *_ = made("gru")
    _, tape = net.forward(x)
    with pytest.raises(ValueError, match=r"encoder, GRU\(3 -> 5\): state must have shape"):
        net.forward(x, np.zeros((9, 9)))
    with pytest.raises(ValueError, match=r"decoder, Stack.*: dstate must have one entry"):
        net.backward(dy, tape, np.zeros((4, 5)))
    with pytest.raises(ValueError, match="dy must have shape"):
        net.backward(dy[1:], tape)
    with pytest.raises(TypeError, match="tape must be from the forward pass of EncoderDecoder"):
        net.backward(dy, tape.wrote)


def test_what_chooses_must_choose_symbols():
    net, source = writer(), np.array([[2, 3]])
    for wrong, message in (
        (lambda z: z[:, 0], "what choose returns must be integers from 0 to 5"),
        (lambda z: np.array([2]), r"what choose returns must have shape \(2,\), got \(1,\)"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            net.decode(source, start=START, end=END, steps=2, choose=wrong)
    with pytest.raises(ValueError, match="end must be at most 5"):
        net.decode(source, start=START, end=6, steps=2)
