"""Every exercise: the right answer is praised, usual mistakes get their hint, nothing raises."""

import re
import subprocess
import sys
from collections import deque
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from itertools import combinations

import numpy as np
import pytest

from rnnbook import exercises
from rnnbook.answers import is_number
from rnnbook.exercises import CHAPTERS, Exercise, FunctionExercise, check, hint, verdict
from rnnbook.exercises.networks import NetworkExercise, WordsExercise
from rnnbook.exercises.vanilla import MatrixExercise
from rnncore.networks import Edge, Network, Node
from tools.notebooks import ROOT

ALL = {
    label: exercise
    for chapter in sorted(CHAPTERS)
    for label, exercise in import_module(f"rnnbook.exercises.{chapter}").EXERCISES.items()
}


class Awkward:
    """An answer that fails at whatever one does with it."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __len__(self):
        raise RuntimeError("len")

    def __repr__(self):
        raise RuntimeError("repr")


def raises(*arguments):
    raise RuntimeError("no")


def leaves(*arguments):
    sys.exit()


def deepens(*arguments):
    return deepens(*arguments)


def nonsense():
    """Yield answers that are right nowhere, by name."""
    yield from {
        "nothing": None, "text": "a", "no text": "", "no list": [], "list of nothing": [None],
        "dict": {}, "set": {1}, "nan": float("nan"), "infinity": float("inf"), "imaginary": 1j,
        "truth": True, "truths": [True, True], "truth of NumPy": np.True_, "huge": 10**400,
        "huge ones": [-(10**400)] * 2, "huge fraction": Fraction(10**400, 3),
        "not a Decimal": Decimal("nan"), "no array": np.zeros((0, 2)), "array of nan":
        np.full(2, np.nan), "text in an array": np.array("a"), "objects": np.array([None, "a"]),
        "object": object(), "type": int, "awkward object": Awkward(), "bytes": b"ab",
        "generator that fails": (1 / 0 for _ in range(2)), "number in quotes": "0.5",
        "function that raises": raises, "function that leaves": leaves, "recursion": deepens,
        "function of nothing": lambda *a: None, "function of dots": lambda *a: ...,
        "function of text": lambda *a: "ab", "function of objects": lambda *a: object(),
        "function of huge numbers": lambda *a: 10**400, "function of too few": lambda: 1,
        "function of the awkward": lambda *a: Awkward(), "built-in": len,
    }.items()  # fmt: skip


def expected(exercise):
    """Yield what is handed in, by name, and what should be said to it."""
    yield "stub", ..., "Not yet. For a hint: "
    # A function is handed in as it is; a number is computed first.
    given = (lambda f: f) if isinstance(exercise, FunctionExercise) else (lambda f: f())
    for right in (exercise.right, *exercise.also_right):
        yield "right answer", given(right), f"Right. {exercise.praise}"
    for k, (mistake, words) in enumerate(exercise.mistakes):
        yield f"mistake {k}", given(mistake), f"Not yet: {words}"
    for kind, answer in nonsense():
        yield kind, answer, "Not yet"


@pytest.mark.parametrize("label", ALL)
def test_every_answer_gets_its_words(label):
    assert ALL[label].mistakes
    told = [(kind, verdict(label, answer), wanted) for kind, answer, wanted in expected(ALL[label])]
    assert [answer for answer in told if not answer[1].startswith(answer[2])] == []


def forms(numbers):
    """Yield a list of numbers in the forms in which a reader may hand it in."""
    yield from (list(numbers), tuple(numbers), np.array(numbers), np.array(numbers, "f4"))
    yield from ((n for n in numbers), deque(numbers), [np.float64(n) for n in numbers])
    yield from (
        np.array(numbers)[:, np.newaxis],
        map(float, numbers),
        [np.array(n) for n in numbers],
    )


# Of the others the answer is a number, or a list of numbers.
OTHERS = FunctionExercise, MatrixExercise, NetworkExercise, WordsExercise
NUMERIC = [label for label, exercise in ALL.items() if not isinstance(exercise, OTHERS)]


@pytest.mark.parametrize("label", NUMERIC)
def test_right_answer_in_five_spellings(label):
    right = ALL[label].right()
    if isinstance(right, tuple | list | np.ndarray):
        spelled = list(right), tuple(right), np.array(right), [*map(np.float64, right)], iter(right)
    else:
        spelled = float(right), np.float64(right), np.array(right), [right], Fraction(float(right))
    assert [verdict(label, answer)[:6] for answer in spelled] == ["Right."] * 5


@pytest.mark.parametrize("label", NUMERIC)
def test_no_near_answer_gets_a_false_diagnosis(label):
    exercise, rng = ALL[label], np.random.default_rng(0)
    known = [(np.array(value), words) for value, words in exercise.known]
    known = [(np.atleast_1d(v), words) for v, words in known if v.size == np.size(known[0][0])]
    right = known[0][0]
    for _ in range(200):
        answer = right * (1 + rng.uniform(-0.5, 0.5, right.shape))
        given = tuple(answer.tolist()) if len(answer) > 1 else float(answer[0])
        said = verdict(label, given)
        if type(exercise) is Exercise:  # others have a closeness of their own
            follows = [
                words
                for value, words in known
                if np.allclose(answer, value, rtol=exercise.tolerance, atol=1e-9)
                or np.allclose(value, answer, rtol=exercise.tolerance, atol=1e-9)
            ]
        else:
            follows = [words for value, words in exercise.known if exercise.agrees(given, value)]
        told = [words for _, words in known if said.startswith(words)]
        assert set(told) <= set(follows), (answer, said)
        assert "digit more" not in said, (answer, said)


@pytest.mark.parametrize("kind", ["recurrent", "Dynamic, **recurrent**", "dynamic recurrent"])
def test_a_class_may_be_named_as_in_the_table_of_the_chapter(kind):
    classes = ["dynamic, feed-forward", "static", kind, kind, "dynamic feed-forward"]
    assert verdict("networks-by-eye", classes).startswith("Right.")
    assert not verdict("networks-by-eye", [kind] * 5).startswith("Right.")


@pytest.mark.parametrize("form", range(10))
def test_lists_may_be_of_any_kind(form):
    right = ALL["truncated-cost"].right()
    assert verdict("truncated-cost", [*forms(right)][form]).startswith("Right.")
    recursion = ALL["bptt-recursion"].right
    answer = lambda *case: [*forms(recursion(*case))][form]  # noqa: E731
    said = verdict("bptt-recursion", answer)
    assert said.startswith("Right.") or form == 3  # single precision has not so many digits


@pytest.mark.parametrize(
    "two",
    [2, 2.0, np.float32(2), np.int8(2), np.array(2), np.array([[2.0]]), [2], Fraction(2),
     Decimal(2), (n for n in [2])],
)  # fmt: skip
def test_numbers_may_be_of_any_kind(two):
    assert verdict("bptt-sixteen", two).startswith("Right.")


OFF_THE_PATH = Network(
    [Node("x", 1, "input"), Node("h", 1), Node("y", 1, "output")],
    [Edge("x", "y", weight="w"), Edge("x", "h", weight="u"), Edge("h", "h", 2, weight="g")],
)


def two_nodes(forth, back):
    edges = [("x", "y", delay) for delay in forth] + [("y", "y", delay) for delay in back]
    return Network(
        [Node("x", 1, "input"), Node("y", 1, "output")],
        [Edge(*edge, weight=f"w{k}") for k, edge in enumerate(edges)],
    )


@pytest.mark.parametrize(
    ("label", "answer", "said"),
    [
        ("bptt-by-hand", "-0.05", "the answer should be a number, and this is a text: leave the"),
        ("bptt-by-hand", 10**400, "the answer should be a finite number, and this is inf."),
        ("networks-reach", 10**400, "the answer should be a finite number, and this is inf."),
        ("bptt-by-hand", [1, 2], "the answer should be a number, and this is of type list."),
        ("bptt-by-hand", 1j, "the answer should be a number, and this is of type complex."),
        ("networks-by-eye", ["static"] * 5, "right so far: B."),
        ("networks-by-eye", ["Feed-back"] + ["static"] * 4, "'Feed-back' is none of static,"),
        ("networks-by-eye", ["dynamic"] + ["static"] * 4, "dynamic needs its second word here"),
        ("networks-every-second", OFF_THE_PATH, "your network is recurrent, and within 8 steps the"
         " impulse can show 0 steps later. Its cycle has to lie on a way from"),
        ("networks-every-second", two_nodes((0,), (2, 9)), "your network is recurrent, and within 9"
         " steps the impulse can show 0, 2, 4, 6, 8, 9 steps later."),
        ("networks-every-second", two_nodes((0, 2, 4, 6, 8), (12,)), "your network is recurrent,"
         " and within 10 steps the impulse can show 0, 2, 4, 6, 8 steps later."),
        ("networks-every-second", two_nodes((0,), (2, 43)), "your network is recurrent, and within"
         " 43 steps the impulse can show 0, 2, 4, 6,"),
        ("networks-every-second", two_nodes(range(0, 44, 2), (46,)), "your network is recurrent,"
         " and within 44 steps the impulse can show 0, 2, 4, 6,"),
        ("unfolding-way", [28, 19], "one arrow is missing in each."),
        ("truncated-cost", 5, "the answer should be a list of 2 numbers."),
        ("truncated-cost", ["1", "2"], "the answer should be a list of 2 numbers, and the one at 1"
         " is a text: leave the quotes out."),
        ("truncated-cost", ("a", 2), "the answer should be a list of 2 numbers, and the one at 1"
         " is a text."),
        ("sequences-which", (3, 4, 2, 2), "right of the 4 numbers: (a), (b) and (d)."),
        ("sequences-which", ["aligned"] * 4,
         "the answer should be a list of 4 numbers, and the one at (a) is a text."),
        ("sequences-ahead", lambda s, k: (s[:2], s[1:3]), "for the arguments ([1, 2, 3, 5], 1)"
         " your function gives [[1, 2], [2, 3]] instead of [[1, 2, 3], [2, 3, 5]]. For a hint"),
        ("vanilla-step-back", (1.5, 9), "the first is right."),
        ("vanilla-step-back", (9, 0.75), "the second is right."),
        ("bptt-recursion", raises, "for the arguments ([0.1, 0.2], [0.25, 0.24], 0.4) your function"
         " stops with RuntimeError: no. For a hint: "),
        ("bptt-recursion", leaves, "for the arguments ([0.1, 0.2], [0.25, 0.24], 0.4) your function"
         " stops with SystemExit"),
        ("bptt-recursion", lambda e, s, g: np.array([0.5, np.pi]),
         "for the arguments ([0.1, 0.2], [0.25, 0.24], 0.4) your function gives [0.5, 3.14159]."),
        ("elman-auc", lambda s, t: np.float64(0.5), "for the arguments ([0.9, 0.2, 0.4, 0.1],"
         " [True, False, True, False]) your function gives 0.5."),
    ],
)  # fmt: skip
def test_hints_say_what_was_handed_in(label, answer, said):
    assert verdict(label, answer).startswith(f"Not yet: {said}")


@pytest.mark.parametrize(
    ("label", "answer", "said"),
    [
        ("bugs-padding", lambda x, *rest: np.zeros((3, 3)),
         "the arguments (array (4, 3, 1), [4, 1, 2], [[-2.3], [-0.2]], array (2, 2), [0.4, 1])"
         " your function gives the shape (3, 3) instead of (3, 2)."),
        ("bugs-cut", lambda dh, h, W, k: dh,
         "the arguments (array (6, 2), array (7, 2), array (2, 2), 3) your function gives"),
    ],
)  # fmt: skip
def test_long_arguments_are_told_by_their_shapes(label, answer, said):
    assert verdict(label, answer).startswith(f"Not yet: for {said}")


def test_of_a_long_result_the_first_wrong_place_is_told():
    right = ALL["bugs-carried"].right

    def off(*case):
        h = np.array(right(*case))
        h[3:, 1] += 1
        return h

    said = verdict("bugs-carried", off)
    place, value = re.search(r"gives (.*) instead of (.*) at \[3, 1\]\. For", said).groups()
    assert abs(float(place) - float(value) - 1) < 1e-4
    assert "instead" not in verdict("elman-auc", lambda s, t: 0.1)  # short ones are shown


def test_more_digits_are_asked_for_only_where_they_are_missing():
    right = ALL["bptt-by-hand"].right()
    for digits in (1, 2):
        assert "one digit more" in verdict("bptt-by-hand", float(f"{right:.{digits}g}"))
    for answer in (1.05 * right, 0.93 * right):
        assert "digit" not in verdict("bptt-by-hand", answer)
    assert "digit" not in verdict("truncated-reset", 0.95 * ALL["truncated-reset"].right())


@pytest.mark.parametrize("label", ["bptt-nothing", "nothing-at-all", "", "bptt", None, 3, ["bptt"]])
def test_unknown_label_is_said(label, capsys):
    check(label, 1)
    assert "There is no exercise" in " ".join(capsys.readouterr().out.split())


def test_hints_come_one_at_a_time_and_begin_again(capsys):
    hints = ALL["weather-gap"].hints
    assert len(hints) == 3
    for k in (0, 1, 2, 0):
        hint("weather-gap")
        said = " ".join(capsys.readouterr().out.split())
        assert said == f"Hint {k + 1} of 3: {hints[k]}"
    hint("nothing")
    assert capsys.readouterr().out.startswith("There is no exercise 'nothing'")


@pytest.mark.parametrize("label", ALL)
def test_three_hints_each_leading_further(label):
    assert len(set(ALL[label].hints)) == 3


@pytest.mark.parametrize("label", ALL)
def test_mistakes_can_be_told_apart(label):
    """A number differs from every other that is known, a function in two cases at least."""
    exercise = ALL[label]
    for (a, said), (b, other) in combinations(exercise.known, 2):
        if isinstance(exercise, FunctionExercise):
            apart = sum(not exercise.agrees(x, y) for x, y in zip(a, b, strict=True))
            assert apart >= 2 or said == other, (said, other)
        else:
            assert not exercise.agrees(a, b) or said == other, (said, other)


@pytest.mark.parametrize("label", ALL)
def test_hints_do_not_tell_the_answer(label):
    told = {n.rstrip(".") for text in ALL[label].hints for n in re.findall(r"\d+\.\d+", text)}
    right = ALL[label].known[0][0]
    numbers = right if isinstance(right, tuple) else (right,)
    assert not any(ALL[label].agrees(float(n), r) for n in told for r in numbers if is_number(r))


def test_what_cannot_be_loaded_is_not_taken_for_unknown(monkeypatch):
    monkeypatch.delitem(sys.modules, "rnnbook.exercises.tdnn", raising=False)
    monkeypatch.setitem(sys.modules, "rnncore.tdnn", None)
    assert verdict("tdnn-count", 1).startswith(
        "The exercises of this chapter cannot be loaded: Mod"
    )


def test_exercises_need_neither_widgets_nor_figures():
    code = """
import sys
sys.modules.update(dict.fromkeys(("ipywidgets", "matplotlib", "IPython")))
from importlib import import_module
from rnnbook.answers import is_number
from rnnbook.exercises import CHAPTERS, verdict
for chapter in sorted(CHAPTERS):
    for label in import_module(f"rnnbook.exercises.{chapter}").EXERCISES:
        assert verdict(label, ...).startswith("Not yet."), label
print(verdict("truncated-reset", 0.9), len(CHAPTERS))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("Right.") and ran.stdout.split()[-1] == str(len(CHAPTERS))


def test_what_never_ends_is_given_up(monkeypatch):
    def never(*arguments):
        while True:
            pass

    def numbers():
        while True:
            yield from ()

    monkeypatch.setattr(exercises, "LIMIT", 0.2)
    assert verdict("bptt-recursion", never).startswith(
        "Not yet: your function has not come to an end after 0.2 seconds."
    )
    assert "your answer has not come to an end" in verdict("truncated-cost", numbers())


def test_function_may_spoil_its_arguments_and_print(capsys):
    def spoils(errors, slopes, g):
        print("at work")
        later, result = 0.0, []
        while errors:
            later = slopes.pop() * (errors.pop() + g * later)
            result.append(later)
        return reversed(result)

    for _ in range(2):
        assert verdict("bptt-recursion", spoils).startswith("Right.")
    assert capsys.readouterr().out == "at work\n" * 6
