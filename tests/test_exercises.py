"""Every exercise: the right answer is praised, usual mistakes get their hint, nothing raises."""

import importlib
import pkgutil

import pytest

from rnnbook import exercises
from rnnbook.exercises import FunctionExercise, check, verdict

CHAPTERS = [module.name for module in pkgutil.iter_modules(exercises.__path__)]
ALL = {
    label: exercise
    for chapter in CHAPTERS
    for label, exercise in importlib.import_module(f"rnnbook.exercises.{chapter}").EXERCISES.items()
}
MISTAKES = [(label, k) for label, e in ALL.items() for k in range(len(e.mistakes))]


def given_as_answer(exercise, candidate):
    """A function is handed in as it is; a number is computed first."""
    return candidate if isinstance(exercise, FunctionExercise) else candidate()


@pytest.mark.parametrize("label", ALL)
def test_right_answers_are_praised(label):
    exercise = ALL[label]
    for right in (exercise.right, *exercise.also_right):
        said = verdict(label, given_as_answer(exercise, right))
        assert said == f"Right. {exercise.praise}"


@pytest.mark.parametrize(("label", "k"), MISTAKES)
def test_usual_mistakes_get_their_own_hint(label, k):
    mistake, hint = ALL[label].mistakes[k]
    assert verdict(label, given_as_answer(ALL[label], mistake)) == f"Not yet: {hint}"


@pytest.mark.parametrize("label", ALL)
def test_every_exercise_knows_a_usual_mistake(label):
    assert ALL[label].mistakes


@pytest.mark.parametrize("label", ALL)
def test_the_stub_gets_the_hint(label):
    said = verdict(label, ...)
    assert said.startswith("Not yet: put your") and said.endswith(ALL[label].hint)


class Awkward:
    """An answer that fails at whatever one does with it."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __len__(self):
        raise RuntimeError("len")


def raises(*arguments):
    raise RuntimeError("no")


NONSENSE = {
    "nothing": None, "text": "a", "no text": "", "no list": [], "list of nothing": [None],
    "dict": {}, "nan": float("nan"), "infinity": float("inf"), "imaginary": 1j, "truth": True,
    "object": object(), "awkward object": Awkward(), "function that raises": raises,
    "function of nothing": lambda *a: None, "function of dots": lambda *a: ...,
    "function of text": lambda *a: "ab", "function of objects": lambda *a: object(),
    "function that returns the awkward": lambda *a: Awkward(), "built-in": len,
}  # fmt: skip


@pytest.mark.parametrize("label", ALL)
@pytest.mark.parametrize("kind", NONSENSE)
def test_no_answer_raises_and_nonsense_is_refused(label, kind, capsys):
    check(label, NONSENSE[kind])
    assert capsys.readouterr().out.startswith("Not yet: ")


@pytest.mark.parametrize("label", ["bptt-nothing", "nothing-at-all", "", "bptt", None, 3])
def test_unknown_label_is_said(label, capsys):
    check(label, 1)
    assert "There is no exercise" in " ".join(capsys.readouterr().out.split())


def test_function_may_spoil_its_arguments():
    def spoils(errors, slopes, g):
        later, result = 0.0, []
        while errors:
            later = slopes.pop() * (errors.pop() + g * later)
            result.append(later)
        return reversed(result)

    for _ in range(2):
        assert verdict("bptt-recursion", spoils).startswith("Right.")


def test_function_that_stops_is_quoted():
    said = verdict("bptt-recursion", raises)
    assert "your function stops with RuntimeError: no" in said
