"""Checks for the exercises: an answer is met with a reason or a hint, never with a traceback.

The exercises of a chapter are in `rnnbook.exercises.<chapter>`, as `EXERCISES`.
What is right is computed there, and so are the usual mistakes, each with a hint of its own.
"""

import copy
import importlib
import math
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Real


@dataclass(frozen=True)
class Exercise:
    """One exercise: what is right, what usually goes wrong, and what to say in each case.

    Parameters
    ----------
    right : callable
        Computes the right answer: a number, or a tuple of numbers.
    praise : str
        Why it is right; shown with the right answer.
    hint : str
        Points the way without telling; shown with an answer that nothing else is known about.
    mistakes : tuple of (callable, str)
        Usual wrong answers, computed, each with its hint.
    tolerance : float
        Relative error that is let pass: 1 % unless told, as for four digits rounded on the way.
    also_right : tuple of callable
        Further right answers, where there are several.
    """

    right: Callable
    praise: str
    hint: str
    mistakes: tuple = ()
    tolerance: float = 0.01
    also_right: tuple = ()

    def verdict(self, answer):
        """Say "Right" and why, or "Not yet" and where to look."""
        if answer is ...:
            return f"Not yet: put your answer in place of the three dots. {self.hint}"
        for right in (self.right, *self.also_right):
            if self.agrees(answer, right()):
                return f"Right. {self.praise}"
        for mistake, hint in self.mistakes:
            if self.agrees(answer, mistake()):
                return f"Not yet: {hint}"
        if self.tolerance and self.agrees(answer, self.right(), tolerance=10 * self.tolerance):
            return "Not yet, but close: keep one digit more, on the way and in the answer."
        return f"Not yet: {self.complaint(answer)}{self.hint}"

    def agrees(self, answer, wanted, tolerance=None):
        """Compare numbers, and sequences of numbers of one length, within the tolerance."""
        tolerance = self.tolerance if tolerance is None else tolerance
        if isinstance(wanted, tuple):
            answer = _listed(answer)
            return (
                answer is not None
                and len(answer) == len(wanted)
                and all(self.agrees(a, w, tolerance) for a, w in zip(answer, wanted, strict=True))
            )
        if isinstance(answer, bool) or not isinstance(answer, Real):
            return False
        return math.isclose(answer, wanted, rel_tol=tolerance, abs_tol=1e-9)

    def complaint(self, answer):
        """Say what kind of answer was expected, if this is none."""
        wanted = self.right()
        if isinstance(wanted, tuple):
            answer = _listed(answer)
            if answer is None or len(answer) != len(wanted):
                return f"the answer should be a list of {len(wanted)} numbers. "
        elif isinstance(answer, bool) or not isinstance(answer, Real):
            return f"the answer should be a number, and this is of type {type(answer).__name__}. "
        return ""


@dataclass(frozen=True)
class FunctionExercise(Exercise):
    """An exercise whose answer is a function: it is called on `cases` and compared with `right`.

    `right` and the mistakes are functions too, with the arguments of the reader's.
    """

    cases: tuple = ()

    def verdict(self, answer):
        """Call the reader's function; whatever it does, answer in words."""
        if answer is ...:
            return f"Not yet: put your function in place of the three dots. {self.hint}"
        if not callable(answer):
            return f"Not yet: give the function itself, not a {type(answer).__name__}. {self.hint}"
        results = []
        for case in self.cases:
            try:
                result = answer(*copy.deepcopy(case))
                results.append(list(result) if isinstance(result, Iterator) else result)
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
                return f"Not yet: for the arguments {case} your function stops with {said}"
        if all(result is ... for result in results):
            return f"Not yet: your function still returns the three dots. {self.hint}"
        if self._gives(results, self.right):
            return f"Right. {self.praise}"
        for mistake, hint in self.mistakes:
            if self._gives(results, mistake):
                return f"Not yet: {hint}"
        case, got = next(
            (case, got)
            for case, got in zip(self.cases, results, strict=True)
            if not self.agrees(got, self.right(*case))
        )
        return f"Not yet: for the arguments {case} your function gives {got!r}. {self.hint}"

    def _gives(self, results, function):
        return all(
            self.agrees(got, function(*case)) for case, got in zip(self.cases, results, strict=True)
        )


def check(label, answer):
    """Print whether the answer to the exercise `label` is right, with a reason or a hint.

    >>> check("bptt-where-from", ...)
    Not yet: put your answer in place of the
    three dots. Which number comes into the
    fourth copy along the arrow g?
    """
    print(textwrap.fill(verdict(label, answer), width=44))  # for a phone too


def verdict(label, answer):
    """Return what `check` prints."""
    chapter = str(label).split("-")[0]
    try:
        exercises = importlib.import_module(f"{__name__}.{chapter}").EXERCISES
        exercise = exercises[label]
    except (ImportError, KeyError, TypeError):
        return f"There is no exercise {label!r}: compare the label with the one in the chapter."
    return exercise.verdict(answer)


def _listed(answer):
    try:
        return list(answer)
    except Exception:  # whatever it is, it is no list of numbers
        return None
