"""Sequence problems and wirings: their steps, masks and shapes, and one network in all four."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.elman import Elman
from rnncore.losses import cross_entropy, mean_squared_error
from rnncore.optimizers import Adam
from rnncore.sequences import APPLICATIONS, PROBLEMS, WIRINGS, masks, schedule, shapes
from rnncore.training import fit

EXAMPLES = [example for problem in PROBLEMS.values() for example in problem.examples]
EVERY = {a.name: a for a in (*EXAMPLES, *APPLICATIONS)}.values()


def planned(application):
    many = application.m if application.wiring == "one-to-many" else application.n
    return schedule(
        application.wiring, many, application.m if application.wiring == "encoder-decoder" else None
    )


@pytest.mark.parametrize(
    ("wiring", "answers", "reads", "gives", "back"),
    [
        ("one-to-many", None, "1000", "1111", "0111"),
        ("many-to-one", None, "1111", "0001", "0000"),
        ("aligned", None, "1111", "1111", "0000"),
        ("encoder-decoder", 2, "111100", "000011", "000001"),
    ],
)
def test_steps_of_each_wiring(wiring, answers, reads, gives, back):
    plan = schedule(wiring, 4, answers)
    shown = [
        "".join(str(int(mark)) for mark in marks)
        for marks in (plan.reads, plan.gives, plan.feeds_back)
    ]
    assert shown == [reads, gives, back]
    assert plan.steps == len(reads)


def test_a_single_step_is_the_same_in_three_wirings():
    plans = [schedule(name, 1) for name in ("one-to-many", "many-to-one", "aligned")]
    assert {(plan.reads, plan.gives, plan.feeds_back) for plan in plans} == {
        ((True,), (True,), (False,))
    }


@given(
    st.sampled_from([*WIRINGS]),
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=5),
)
def test_masks_have_a_column_for_each_run(wiring, lengths):
    ns, ms = (list(numbers) for numbers in zip(*lengths, strict=True))
    if wiring != "encoder-decoder":
        ms = None
    reads, gives = masks(wiring, ns, ms)
    plans = [schedule(wiring, n, m) for n, m in zip(ns, ms or [None] * len(ns), strict=True)]
    assert reads.shape == gives.shape == (max(plan.steps for plan in plans), len(ns))
    assert reads.sum(axis=0).tolist() == [plan.inputs for plan in plans]
    assert gives.sum(axis=0).tolist() == [plan.answers for plan in plans]
    for b, plan in enumerate(plans):
        used = (reads + gives)[:, b] > 0
        assert used[: plan.steps].all() and not used[plan.steps :].any()
        # No answer before it is due, and nothing read after the last input.
        assert np.flatnonzero(gives[:, b])[0] + 1 == plan.first
        assert np.flatnonzero(reads[:, b])[-1] + 1 == plan.inputs


@pytest.mark.parametrize("name", PROBLEMS)
def test_shapes_of_each_wiring_of_each_problem(name):
    for wiring in PROBLEMS[name].wirings:
        answers = 2 if wiring == "encoder-decoder" else None
        steps = 7 if answers else 5
        found = shapes(name, 5, answers, batch=3, inputs=4, outputs=6, wiring=wiring)
        assert found == ((steps, 3, 4), (steps, 3, 6), (steps, 3), (steps, 3))
        reads, gives = masks(wiring, [5] * 3, answers and [answers] * 3)
        assert (reads.shape, gives.shape) == (found.reads, found.gives)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: schedule("many-to-few", 3), "wiring must be one of one-to-many, .* 'many-to-few'"),
        (lambda: schedule("aligned", 0), "length must be at least 1, got 0"),
        (lambda: schedule("encoder-decoder", 3), "answers must be given"),
        (lambda: schedule("encoder-decoder", 3, 0), "answers must be at least 1, got 0"),
        (lambda: schedule("many-to-one", 3, 2), "answers follows from length in many-to-one"),
        (lambda: masks("aligned", []), "lengths must hold at least one entry"),
        (lambda: masks("aligned", [3, -1]), "lengths must be at least 1, got -1"),
        (lambda: masks("encoder-decoder", [3, 3], [2]), "answers must hold 2 numbers.*got 1"),
        (lambda: shapes("guessing", 3), "problem must be one of prediction, .* got 'guessing'"),
        (
            lambda: shapes("prediction", 3, wiring="one-to-many"),
            "wiring of prediction must be many-to-one or aligned, got 'one-to-many'",
        ),
        (lambda: shapes("prediction", 3, batch=0), "batch must be at least 1, got 0"),
        (lambda: shapes("prediction", 3, outputs=-2), "outputs must be at least 1, got -2"),
        (lambda: schedule(["aligned"], 3), r"wiring must be one of one-to-many, .* \['aligned'\]"),
        (lambda: shapes({}, 3), "problem must be one of prediction, .* got {}"),
        (lambda: masks("aligned", [3, 10**400]), "lengths must be at most 1000000, got an int"),
    ],
)
def test_errors_name_what_is_wrong(call, said):
    with pytest.raises(ValueError, match=said):
        call()


@pytest.mark.parametrize("length", [2.0, "3", True, None])
def test_a_length_is_a_whole_number(length):
    with pytest.raises(TypeError, match="length must be a whole number, got "):
        schedule("aligned", length)


@pytest.mark.parametrize("lengths", [3, "34", {3: 4}, {3, 4}, None])
def test_lengths_are_a_sequence(lengths):
    with pytest.raises(TypeError, match="lengths must be a sequence, got "):
        masks("aligned", lengths)


def test_four_problems_with_three_examples_each():
    assert [len(problem.examples) for problem in PROBLEMS.values()] == [3, 3, 3, 3]
    assert {name for problem in PROBLEMS.values() for name in problem.wirings} == set(WIRINGS)
    for name, problem in PROBLEMS.items():
        assert {example.problem for example in problem.examples} == {name}


@pytest.mark.parametrize("application", EVERY, ids=lambda a: a.name)
def test_applications_fit_their_wiring_and_the_page(application):
    assert application.wiring in PROBLEMS[application.problem].wirings
    plan = planned(application)
    assert (plan.inputs, plan.answers) == (application.n, application.m)
    assert max(map(len, str(application).splitlines())) <= 44


# One network in three wirings (the chapter has the fourth), beside what does without a network.


def trained(batch, inputs, outputs, *, hidden=12, loss=cross_entropy):
    """Return an Elman network after 600 batches, made by batch(rng)."""
    rng = np.random.default_rng(0)
    net = Elman(inputs, hidden, outputs, rng=rng)
    batches = (batch(rng) for _ in range(600))
    fit(net, batches, loss=loss, optimizer=Adam(net.params, 0.01), steps=600)
    return net


def cycling(steps, batch, rng):
    """Series (T, B, 1) whose new value is a sum of the last two, and a random number of size 1."""
    noise = rng.normal(size=(steps + 20, batch, 1))
    s = np.zeros_like(noise)
    for t in range(2, len(s)):
        s[t] = 1.5 * s[t - 1] - 0.8 * s[t - 2] + noise[t]
    return s[20:]


def walking(steps, batch, rng):
    """Random walks (T, B, 1)."""
    return rng.normal(size=(steps, batch, 1)).cumsum(axis=0)


@pytest.mark.parametrize("made", [cycling, walking])
def test_aligned_it_forecasts_as_well_as_the_rule_and_no_better(made):
    counts = np.ones((30, 1, 1))
    counts[:5] = 0

    def batch(rng):
        s = made(31, 16, rng)
        return s[:-1] / 5, np.diff(s, axis=0), counts

    net = trained(batch, 1, 1, hidden=8, loss=mean_squared_error)
    s = made(31, 500, np.random.default_rng(99))
    change = np.diff(s, axis=0)[5:]
    two = np.stack([s[5:-1].ravel(), s[4:-2].ravel()], axis=1)
    rule = np.linalg.lstsq(two, change.ravel(), rcond=None)[0]
    floor = np.std(change.ravel() - two @ rule)
    off = np.sqrt(np.mean((net.forward(s[:-1] / 5)[0][5:] - change) ** 2))
    persistence = np.sqrt(np.mean(change**2))
    assert 0.99 * floor < off < 1.05 * floor
    assert (persistence > 1.5 * off) == (made is cycling)


def test_many_to_one_it_hears_a_not_that_counts_of_words_cannot_place():
    good, bad, no, other = range(4)

    def reviews(count, rng):
        """Six words each (6, B), one verdict and one "not", and whether they praise (B,)."""
        words, praise = np.full((6, count), other), np.zeros(count, int)
        for b in range(count):
            place, blame, denied = rng.integers(1, 6), rng.integers(2), rng.integers(2)
            free = [k for k in range(6) if k not in (place - 1, place)]
            words[place, b] = bad if blame else good
            words[place - 1 if denied else rng.choice(free), b] = no
            praise[b] = blame == denied
        return words, praise

    def batch(rng):
        words, praise = reviews(32, rng)
        return np.eye(4)[words], np.tile(praise, (6, 1)), masks("many-to-one", [6] * 32)[1]

    words, praise = reviews(500, np.random.default_rng(99))
    votes = Counter()
    for counts, said in zip(map(tuple, np.sort(words, axis=0).T), praise, strict=True):
        votes[counts, said] += 1
    best = sum(max(votes[counts, 0], votes[counts, 1]) for counts in {c for c, _ in votes})
    y, _ = trained(batch, 4, 2).forward(np.eye(4)[words])
    assert best < 0.6 * 500
    assert (y[-1].argmax(axis=1) == praise).mean() > 0.95


def test_one_to_many_it_writes_words_of_several_lengths_from_one_input():
    names = ["aab.", "b.", "cabac."]
    letters = ".abc"
    codes = [[letters.index(letter) for letter in name] for name in names]

    def batch(rng, count=32):
        which = rng.integers(3, size=count)
        _, gives = masks("one-to-many", [len(names[k]) for k in which])
        x, target = np.zeros((*gives.shape, 3)), np.zeros(gives.shape, int)
        x[0] = np.eye(3)[which] + rng.normal(scale=0.1, size=(count, 3))
        for b, k in enumerate(which):
            target[: len(names[k]), b] = codes[k]
        return x, target, gives

    x, target, gives = batch(np.random.default_rng(99), 200)
    y, _ = trained(batch, 3, 4).forward(x)
    assert ((y.argmax(axis=2) == target) | (gives == 0)).all(axis=0).mean() > 0.9
