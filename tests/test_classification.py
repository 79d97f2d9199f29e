"""Answers at the end or at every step; counts; who was right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.classification import (
    confusion,
    counts,
    kmers,
    numbered,
    roc,
    vocabulary,
    words_of,
)
from rnncore.measures import auc


def test_counts_are_those_of_python():
    words = kmers("GATTACAGATTACA", 3)
    names = sorted(set(words))
    (row,) = counts([words], names)
    assert row.tolist() == [words.count(name) for name in names] and row.sum() == 12
    assert counts([[]], names).tolist() == [[0] * len(names)]
    assert kmers("AC", 3) == []


def test_words_become_numbers_and_back():
    bags = [words_of(one) for one in ("It's good, isn't it?", "Not GOOD!", "semi-humorous 3D")]
    assert bags[0] == ["it's", "good", "isn't", "it", "?"]
    assert bags[1:] == [["not", "good", "!"], ["semi", "humorous", "d"]]
    names = vocabulary(bags)
    assert names[0] == "good" and sorted(names) == sorted({word for bag in bags for word in bag})
    assert [[names[k - 1] for k in one] for one in numbered(bags, names)] == bags
    assert vocabulary(bags, least=2) == ["good"]
    assert [one.tolist() for one in numbered(bags, ["good"])][:2] == [[0, 1, 0, 0, 0], [0, 1, 0]]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2))))
def test_confusion_counts_pairs(pairs):
    right, said = np.array(pairs, int).reshape(-1, 2).T
    table = confusion(right, said, 3)
    assert all(table[r, s] == pairs.count((r, s)) for r in range(3) for s in range(3))


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2))
def test_area_under_the_points_is_auc(cases):
    scores, positive = (np.array(part) for part in zip(*cases, strict=True))
    if positive.all() or not positive.any():
        return
    alarms, found, thresholds = roc(scores, positive)
    area = (np.diff(alarms) * (found[1:] + found[:-1]) / 2).sum()
    assert area == pytest.approx(auc(scores, positive))
    for k, threshold in enumerate(thresholds):
        above = scores >= threshold
        assert found[k] == pytest.approx(above[positive].mean())
        assert alarms[k] == pytest.approx(above[~positive].mean())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kmers("ACGT", 0), "k must be at least 1, got 0"),
        (lambda: counts(["a"], ["a"]), "each of bags must be a sequence, got"),
        (lambda: vocabulary("ab"), "bags must be a sequence, got 'ab'"),
        (lambda: numbered(["ab"], ["a"]), "each of bags must be a sequence, got"),
        (lambda: numbered([["a"]], ["a", "a"]), "names must differ, got 'a' twice"),
        (lambda: words_of(["a"]), "sentence must be a text"),
        (lambda: counts([["a"]], ["a", "a"]), "names must differ, got 'a' twice"),
        (lambda: confusion([0, 2], [0, 1], 2), "right must be integers from 0 to 1, got 2"),
        (lambda: confusion([0], [0, 1], 2), r"given must have the shape of right, \(1,\)"),
        (lambda: roc([0.5, 1], [True, True]), "positive must hold both True and False"),
        (lambda: roc([0.5, 1], [1, 0]), "of bool"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
