"""Batches and padding."""

import numpy as np
import pytest
from kinds import close

from rnncore.batches import at_end, at_every_step, minibatches, padded
from rnncore.deep import Stack
from rnncore.gated import GRU
from rnncore.losses import cross_entropy
from rnncore.vanilla import ReadOut, VanillaRNN

RNG = np.random.default_rng(0)


def net(hidden=4, seed=0, outputs=1, **rest):
    rng = np.random.default_rng(seed)
    return Stack(VanillaRNN(1, hidden, rng=rng, **rest), ReadOut(hidden, outputs, rng=rng))


def test_minibatches_bring_everything_once_a_turn():
    x = np.arange(6.0).reshape(1, 6, 1)
    drawn_batches = minibatches(x, -x, size=2, rng=np.random.default_rng(0))
    for _ in range(3):
        turn = [next(drawn_batches) for _ in range(3)]
        assert sorted(np.concatenate([b[0].ravel() for b in turn])) == list(range(6))
        assert all((batch[1] == -batch[0]).all() for batch in turn)


def test_padded_sequences_train_like_sequences_of_their_own():
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(steps, 1)) for steps in (5, 2, 3)]
    x, mask = padded(sequences)
    layer = net(outputs=3)
    classes = rng.integers(3, size=x.shape[:2])
    y, tape = layer.forward(x)
    loss, dy = cross_entropy(y, classes, mask)
    together = layer.backward(dy, tape)[1]
    total, losses = dict.fromkeys(together, 0.0), []
    for n, sequence in enumerate(sequences):
        y, tape = layer.forward(sequence[:, np.newaxis])
        alone, dy = cross_entropy(y, classes[: len(sequence), n : n + 1])
        share = len(sequence) / 10
        gradients = layer.backward(dy * share, tape)[1]
        total = {name: total[name] + gradients[name] for name in total}
        losses.append(alone * share)
    close(loss, sum(losses))
    close(together, total)


def test_a_batch_ends_with_its_longest_sequence():
    x, mask = padded([np.ones((5, 1)), np.ones((2, 1)), np.ones((3, 1))])
    source = minibatches(x, x, mask, size=1, rng=np.random.default_rng(0))
    assert sorted(len(next(source)[0]) for _ in range(3)) == [2, 3, 5]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: next(minibatches(x, x, size=4, rng=RNG)), "size must be at most 3, got 4"),
        (lambda x: next(minibatches(x, x[1:], size=1, rng=RNG)), r"target must begin with \(2, 3"),
        (lambda x: next(minibatches(x, x, x[0], size=1, rng=RNG)), r"mask must begin with \(2, 3"),
        (lambda x: padded([]), "sequences must hold at least one"),
        (lambda x: padded([x, x[0]]), "sequences must have features of one shape"),
    ],
)
def test_bad_batches_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.ones((2, 3, 1)))


def test_sequences_padded_in_front_end_together():
    x, mask = padded([np.array([1.0, 2.0]), np.array([3.0])], front=True)
    assert x.tolist() == [[1, 0], [2, 3]] and mask.tolist() == [[1, 0], [1, 1]]


def test_what_is_read_in_two_parts_is_drawn_together():
    source, given = np.arange(12).reshape(4, 3), np.arange(6).reshape(2, 3)
    drawn = minibatches((source, given), given, size=2, rng=np.random.default_rng(0))
    for _ in range(3):
        x, target, mask = next(drawn)
        assert isinstance(x, tuple) and mask is None
        np.testing.assert_array_equal(x[1], target)
        np.testing.assert_array_equal(x[0], source[:, target[0]])
    with pytest.raises(
        ValueError, match=r"x must have shape \(T, N, ...\), N as in target, got \(4, 2\)"
    ):
        minibatches((source[:, :2], given), given, size=1, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"x\[1\] of the data holds NaN or infinity"):
        minibatches((source, given * np.nan), given, size=1, rng=np.random.default_rng(0))


# Answers at the end, or at every step


def test_only_the_last_step_of_each_sequence_counts():
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(steps, 2)) for steps in (3, 5, 1)]
    classes = np.array([1, 0, 2])
    layer = GRU(2, 3, rng=rng)
    x, there = padded(sequences)
    loss, _ = cross_entropy(layer.forward(x)[0], *at_end(classes, there))
    alone = [layer.forward(s[:, None])[0][-1:] for s in sequences]
    one_by_one = [cross_entropy(y, np.array([[c]]))[0] for y, c in zip(alone, classes, strict=True)]
    assert loss == pytest.approx(np.mean(one_by_one), rel=1e-12)


def test_at_the_end_of_sequences_padded_in_front():
    _, there = padded([np.ones(2), np.ones(4)], front=True)
    assert at_end([0, 1], there)[1].tolist() == [[0, 0], [0, 0], [0, 0], [1, 1]]


def test_every_step_of_each_sequence_counts():
    target, mask = at_every_step(np.array([[0.5], [2.0]]), [[1, 1], [0, 1]])
    assert target.shape == (2, 2, 1) and mask.tolist() == [[1, 1], [0, 1]]
    assert (target[0] == target[1]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: at_end([1], [[1, 1]]), r"answers must be 2, one a sequence, got an array \(1,\)"),
        (lambda: at_end([1, 2], [[1, 0]]), "there must be 1 at some step of every sequence"),
        (lambda: at_end([1, 2], [1, 0]), r"there must have shape \(T, B\), got \(2,\)"),
    ],
)
def test_answers_that_do_not_fit_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
