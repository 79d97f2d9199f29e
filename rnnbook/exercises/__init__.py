"""Checks for the exercises: an answer is met with a reason, never with a traceback.

Hints are given one at a time, when they are asked for.

The exercises of a chapter are in `rnnbook.exercises.<chapter>`, as `EXERCISES`.
What is right is computed there, and so are the usual mistakes, each with a hint of its own.
"""

import copy
import importlib
import math
import pkgutil
import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from rnnbook import records
from rnnbook.answers import Stopped, is_number, limited, plain, told, written

CHAPTERS = frozenset(module.name for module in pkgutil.iter_modules(__path__))
LIMIT = 10  # seconds that an answer may take

# Three dots are met with "Not yet", and an answer of which nothing is known with "Not yet.".
DOTS = "Not yet"
STILL_DOTS = "Not yet: your function still returns the three dots."
CLOSE = "Not yet, but close: keep one digit more, on the way and in the answer."
NAMES = {DOTS: records.UNTOUCHED, STILL_DOTS: records.UNTOUCHED, CLOSE: records.CLOSE}


@dataclass(frozen=True)
class Exercise:
    """One exercise: what is right, what usually goes wrong, and what to say in each case.

    Parameters
    ----------
    right : callable
        Computes the right answer: a number, or a tuple of numbers.
    praise : str
        Why it is right; shown with the right answer.
    hints : tuple of str
        Given one at a time: where to look, the method, the first step; never the solution.
    mistakes : tuple of (callable, str)
        Usual wrong answers, computed, each with what to say to it.
    tolerance : float
        Relative error that is let pass: 1 % unless told, as for four digits rounded on the way.
    also_right : tuple of callable
        Further right answers, where there are several.
    places : tuple of str
        Names of the numbers of a list, where the chapter has names for them.
    """

    right: Callable
    praise: str
    hints: tuple
    mistakes: tuple = ()
    tolerance: float = 0.01
    also_right: tuple = ()
    places: tuple = ()

    asked = "answer"  # what is to be put in place of the dots

    @cached_property
    def known(self):
        """The right answers, then the usual mistakes, computed, each with what to say."""
        said = [(right, f"Right. {self.praise}") for right in (self.right, *self.also_right)]
        said += [(mistake, f"Not yet: {words}") for mistake, words in self.mistakes]
        return [(self.computed(function), words) for function, words in said]

    def computed(self, function):
        """Return what a right or a mistaken function gives."""
        return self.taken(function())

    def taken(self, answer):
        """Return an answer in the form in which it is compared."""
        return plain(answer)

    def verdict(self, answer):
        """Say "Right" and why, or "Not yet" and what is known about the answer."""
        answer = self.taken(answer)
        if answer is ... or (isinstance(answer, tuple) and any(part is ... for part in answer)):
            return DOTS
        return self.judged(answer)

    def judged(self, answer):
        """Say what is known about a plain answer."""
        for wanted, words in self.known:
            if self.agrees(answer, wanted):
                return words
        return self.unknown(answer)

    def unknown(self, answer):
        """Say what can be said about an answer that is neither right nor a usual mistake."""
        wanted = self.known[0][0]
        if self.tolerance and self.agrees(answer, wanted, _rounded_too_far):
            return CLOSE
        return f"Not yet: {self.complaint(answer, wanted)}".rstrip(": .") + "."

    def agrees(self, answer, wanted, also=None):
        """Compare numbers, and tuples of numbers of one length, within the tolerance.

        With `also`, two numbers are taken for the same too where also(answer, wanted).
        """
        if isinstance(wanted, tuple):
            return (
                isinstance(answer, tuple)
                and len(answer) == len(wanted)
                and all(self.agrees(a, w, also) for a, w in zip(answer, wanted, strict=True))
            )
        while isinstance(answer, tuple) and len(answer) == 1:  # a list of one number
            (answer,) = answer
        if not is_number(answer):
            return False
        close = math.isclose(answer, wanted, rel_tol=self.tolerance, abs_tol=1e-9)
        return close or bool(also and also(answer, wanted))

    def complaint(self, answer, wanted):
        """Say what kind of answer was expected, if this is none, or how much of it is right."""
        if not isinstance(wanted, tuple):
            return _no_number(answer)
        many = len(wanted)
        if not isinstance(answer, tuple) or len(answer) != many:
            return f"the answer should be a list of {many} numbers"
        places = self.places or [str(k + 1) for k in range(many)]
        right = [places[k] for k in range(many) if self.agrees(answer[k], wanted[k])]
        if right and many == 2 and not self.places:
            return f"the {'first' if right == ['1'] else 'second'} is right"
        if right:
            which = " and ".join(filter(None, (", ".join(right[:-1]), right[-1])))
            counted = "" if self.places else ", counted from 1"
            return f"right of the {many} numbers{counted}: {which}"
        for place, part in zip(places, answer, strict=True):
            if not is_number(part):
                what = f"the one at {place} is {_instead(part)}"
                return f"the answer should be a list of {many} numbers, and {what}"
        return ""


@dataclass(frozen=True)
class FunctionExercise(Exercise):
    """An exercise whose answer is a function: it is called on `cases` and compared with `right`.

    `right` and the mistakes are functions too, with the arguments of the reader's.
    With `tells`, what a case should give is said where the function gives something else.
    """

    cases: tuple = ()
    tells: bool = False

    asked = "function"

    def computed(self, function):
        """Return what a function gives for each case, in plain numbers."""
        return tuple(plain(function(*copy.deepcopy(case))) for case in self.cases)

    def verdict(self, answer):
        """Call the reader's function; whatever it does, answer in words."""
        if answer is ...:
            return DOTS
        if not callable(answer):
            return f"Not yet: give the function itself, not a {type(answer).__name__}."
        results = []
        for case in self.cases:
            try:
                results.append(plain(answer(*copy.deepcopy(case))))
            except KeyboardInterrupt:
                raise  # in a page, its Stop
            except BaseException as error:  # exit() too
                return f"Not yet: for {_arguments(case)} your function stops with {told(error)}"
        if all(result is ... for result in results):
            return STILL_DOTS
        return self.judged(tuple(results))

    def unknown(self, answer):
        """Quote the first case for which the function is wrong; of a long one, the first place."""
        case, got, wanted = next(
            triple
            for triple in zip(self.cases, answer, self.known[0][0], strict=True)
            if not self.agrees(*triple[1:])
        )
        gives = self.difference(got, wanted)
        if _short(case):
            gives = written(got) + (f" instead of {written(wanted)}" if self.tells else "")
        return f"Not yet: for {_arguments(case)} your function gives {gives}."

    def difference(self, got, wanted):
        """Say where two results differ first: in shape, or at which place."""
        place = []
        while isinstance(wanted, tuple) and _shape(got) == _shape(wanted):
            k = next(k for k, part in enumerate(wanted) if not self.agrees(got[k], part))
            place.append(k)
            got, wanted = got[k], wanted[k]
        if isinstance(wanted, tuple):
            return f"the shape {_shape(got)} instead of {_shape(wanted)}"
        return f"{written(got)} instead of {written(wanted)}{f' at {place}' if place else ''}"


def check(label, answer):
    """Print whether the answer to the exercise `label` is right, with a reason.

    What was said is kept, by its name, in the learner's own record (`rnnbook.records`).

    >>> check("bptt-where-from", ...)
    Not yet. For a hint: hint("bptt-where-from")
    """
    said, name = _judged(label, answer)
    _say(said)
    if name:
        records.keep(label, name)


def hint(label):
    """Print the next hint to the exercise `label`; after the last one, the first again.

    >>> hint("bptt-where-from")
    Hint 1 of 3: Look at the unfolded picture,
    with five copies: the arrow g that leads
    into copy 4.
    """
    exercise, complaint = _found(label)
    if complaint:
        return _say(complaint)
    hints = exercise.hints
    number = _asked[label] % len(hints)
    _asked[label] += 1
    _say(f"Hint {number + 1} of {len(hints)}: {hints[number]}")


_asked = Counter()  # how many hints were asked for, by label


def verdict(label, answer):
    """Return what `check` prints."""
    return _judged(label, answer)[0]


def _judged(label, answer):
    """Return what is said to an answer, and its name in a record, None if there is no exercise."""
    exercise, complaint = _found(label)
    if complaint:
        return complaint, None
    known = {words for _, words in exercise.known}  # the first time it may take a while
    try:
        said = limited(lambda: exercise.verdict(answer), LIMIT)
    except Stopped as stopped:
        said = f"Not yet: your {exercise.asked} {stopped}."
    if said in known:
        right, words = said.startswith("Right. "), said.removeprefix("Not yet: ")
        return said, records.RIGHT if right else records.mistake(words)
    stop = "" if said.endswith((".", "?", "!")) else "."
    return f'{said}{stop} For a hint: hint("{label}")', NAMES.get(said, records.OTHER)


def _found(label):
    """Return an exercise, or None and why there is none."""
    chapter = str(label).split("-")[0]
    try:
        module = importlib.import_module(f"{__name__}.{chapter}") if chapter in CHAPTERS else None
    except ImportError as error:
        return None, f"The exercises of this chapter cannot be loaded: {told(error)}"
    if not module or str(label) not in module.EXERCISES:
        return None, f"There is no exercise {label!r}: compare it with the label in the chapter."
    return module.EXERCISES[str(label)], ""


def _say(words):
    print(textwrap.fill(words, width=44, break_on_hyphens=False))  # for a phone too


def _rounded_too_far(answer, wanted):
    """Say whether a number is another, rounded or cut to one, two or three digits.

    >>> _rounded_too_far(0.029, 0.028807), _rounded_too_far(0.65, 0.70)
    (True, False)
    """
    if not wanted:
        return False
    size = math.floor(math.log10(abs(wanted)))
    units = (10.0 ** (size + 1 - digits) for digits in (1, 2, 3))
    return any(
        math.isclose(answer, unit * whole(wanted / unit), rel_tol=1e-9)
        for unit in units
        for whole in (round, math.trunc)
    )


def _no_number(answer):
    """Say why an answer is no number, or nothing where it is one."""
    if is_number(answer):
        return ""
    finite = "finite " if isinstance(answer, float) else ""
    return f"the answer should be a {finite}number, and this is {_instead(answer)}"


def _instead(answer):
    """Say what an answer is that is no number.

    >>> _instead("-0.05"), _instead("aligned"), _instead((1, 2))
    ('a text: leave the quotes out', 'a text', 'of type list')
    """
    if isinstance(answer, str):
        try:
            float(answer)
        except ValueError:
            return "a text"
        return "a text: leave the quotes out"
    if isinstance(answer, float):
        return str(answer)
    return f"of type {'list' if isinstance(answer, tuple) else type(answer).__name__}"


def _arguments(case):
    entries = [(entry, written(entry)) for entry in plain(case)]
    if not _short(case):
        entries = [(e, text if len(text) <= 20 else f"array {_shape(e)}") for e, text in entries]
    return f"the arguments ({', '.join(text for _, text in entries)})"


def _short(case):
    return len(", ".join(map(written, plain(case)))) <= 60  # more would fill the box


def _shape(answer):
    """Return the shape of a plain answer; of a ragged list, its length alone.

    >>> _shape(((1, 2, 3), (4, 5, 6))), _shape(7)
    ((2, 3), ())
    """
    if not isinstance(answer, tuple):
        return ()
    inner = {_shape(entry) for entry in answer}
    return (len(answer), *(inner.pop() if len(inner) == 1 else ()))
