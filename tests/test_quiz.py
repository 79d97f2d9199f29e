"""The first and the last test: pairs that try the same, keys that hold, sheets to print."""

import doctest
import re

import numpy as np
import pytest

from rnnbook import quiz
from rnnbook.course import OBJECTIVES
from tools.paper import quiz as paper

FIRST, LAST = map(quiz.questions, quiz.TESTS)
PAIRS = list(zip(FIRST, LAST, strict=True))


def test_examples():
    assert not doctest.testmod(quiz).failed


def test_twelve_pairs_try_the_same_with_another_text_and_answer():
    assert len(PAIRS) == 12
    for a, b in PAIRS:
        assert (a.chapter, a.objective) == (b.chapter, b.objective)
        assert bool(a.choices) == bool(b.choices)
        assert a.text != b.text
        if not a.choices or "shape" in a.text:
            assert a.right != b.right
    assert len({(a.chapter, a.objective) for a, _ in PAIRS}) == 12
    changed = [a.right != b.right for a, b in PAIRS if a.choices]
    assert sum(changed) > len(changed) / 2, "who remembers the first test knows the last"


@pytest.mark.parametrize("one", [*FIRST, *LAST], ids=lambda one: one.chapter)
def test_a_question_can_be_answered(one):
    assert 1 <= one.objective <= len(OBJECTIVES[one.chapter])
    assert one.text.endswith("?")
    assert one.reason.endswith(".")
    if one.choices:
        assert len(set(one.choices)) == 3
        assert one.right in one.choices
    else:
        assert len(re.sub(r"\D", "", one.right).lstrip("0")) <= 3  # by pencil
        assert one.right in one.reason.replace("·", "")


def test_right_choices_do_not_all_stand_in_one_place():
    for test in (FIRST, LAST):
        assert len({one.choices.index(one.right) for one in test if one.choices}) > 1


def test_keys_hold_by_a_computation_of_their_own():
    """Each number once more, in the plainest way, from the text alone."""
    numbers = [re.findall(r"(?<![\w.])[−]?\d+(?:\.\d+)?", one.text) for one in FIRST + LAST]
    values = [[float(n.replace("−", "-")) for n in found] for found in numbers]
    for one, v in zip(FIRST + LAST, values, strict=True):
        if one.chapter == "unfolding":
            assert float(one.right) == 4 * v[0]
        elif one.chapter == "truncated":
            lag, k = v[0], v[1]
            reached = [t for t in np.arange(k) if t - lag >= 0]
            assert float(one.right) == len(reached)
        elif one.chapter == "gated":
            c, f, i, g = v[:4]
            assert float(one.right) == f * c + i * g
        elif one.chapter == "gradients" and one.objective == 3:
            assert float(one.right) == v[0] / np.hypot(v[0], v[1]) * v[2]
        elif one.chapter == "gradients":
            grown = np.linalg.matrix_power([[v[0], -v[1]], [v[1], v[0]]], 100)
            length = np.linalg.norm(grown)
            assert one.right == ("it explodes" if length > 100 else "it vanishes")
            assert length > 100 or length < 0.01
        elif one.chapter == "weather":
            gain, error = v[-2:]
            assert one.right.startswith("the network" if gain > 2 * error else "neither")
        elif one.chapter == "networks" and one.objective == 2:
            assert float(one.right) == pytest.approx(v[0] ** v[-2])


def test_pages_have_all_questions_and_keys_all_answers():
    for test, questions in zip(quiz.TESTS, (FIRST, LAST), strict=True):
        sheet, key = paper.sheet(test), paper.key(test)
        assert sheet.count("<li>") == key.count("<li>") == 12
        assert sheet.count("☐") == 3 * sum(bool(one.choices) for one in questions)
        assert all(f"<b>{one.right}</b>" in key for one in questions)
        assert not any(one.reason in sheet for one in questions)
