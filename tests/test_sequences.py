"""Sequence problems and wirings: their steps, masks and shapes, and that the pictures follow."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.playthings.sequences import PRESETS, describe, frames, picture, stepper
from rnncore.sequences import APPLICATIONS, PROBLEMS, WIRINGS, masks, schedule, shapes

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


# Pictures.


def words(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("wiring", WIRINGS)
def test_picture_shows_what_is_read_and_given(wiring):
    plan = schedule(wiring, 3, 2 if wiring == "encoder-decoder" else None)
    shown = words(picture(plan).svg)
    for letter, marks in ("x", plan.reads), ("h", [True] * plan.steps), ("y", plan.gives):
        expected = [f"{letter}({t})" for t, mark in enumerate(marks, start=1) if mark]
        assert [word for word in shown if word[0] == letter] == expected
    arrows = picture(plan).svg.count('stroke="none"')
    edges = plan.steps - 1 + plan.inputs + plan.answers + sum(plan.feeds_back)
    assert arrows == edges


def test_description_names_the_steps():
    said = describe(schedule("encoder-decoder", 3, 2))
    assert said.startswith("5 hidden states in a row")
    assert "An input leads into steps 1 to 3. An answer leaves steps 4 to 5." in said
    assert said.endswith("The answer before leads into step 5.")
    assert "The answer before" not in describe(schedule("aligned", 2))


def test_answers_are_hidden_until_their_step():
    shown = frames(schedule("encoder-decoder", 2, 2), ["a", "b"], ["c", "d"])
    assert len(shown) == 5
    for t, frame in enumerate(shown):
        assert words(frame.svg).count("?") == 2 - max(0, t - 2)
        assert ("c" in words(frame.svg)) == (t >= 3)
        assert frame.svg.count("data-lit") > 0 or t == 0
    assert shown[3].sentence == "Step 3 of 4: all is read; what it knows is in h(2); gives “c”."


def test_frames_want_a_word_for_each_input_and_answer():
    with pytest.raises(ValueError, match="reads must hold 2 words, got 1"):
        frames(schedule("many-to-one", 2), ["a"], ["b"])
    with pytest.raises(ValueError, match="gives must hold 1 words, got 2"):
        frames(schedule("many-to-one", 2), ["a", "b"], ["c", "d"])


def test_player_shows_every_wiring_and_every_problem():
    assert {problem for problem, *_ in PRESETS.values()} == set(PROBLEMS)
    assert {wiring for _, wiring, *_ in PRESETS.values()} == set(WIRINGS)
    assert list(stepper().presets) == list(PRESETS)
