"""Sequence problems and their wirings: at which steps a network reads, and at which it answers.

A run has n inputs and m outputs; its steps are numbered from 1.

    step t reads an input                 where  t <= n
    the output of step t is an answer     where  first <= t < first + m

    one-to-many         n = 1,  first = 1
    many-to-one         m = 1,  first = n
    aligned             m = n,  first = 1
    encoder-decoder             first = n + 1

"Aligned" and "encoder-decoder" are the two kinds of many-to-many.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnncore.arrays import choice, listed, whole

MOST = 1_000_000  # of steps, of runs, of numbers in a step: more is a slip of the pen


class Wiring(NamedTuple):
    """How the inputs and the answers of a run stand to each other."""

    name: str
    inputs: str  # how many there are: "one" or "many"
    answers: str  # "one", "many" or "as many"
    first: str  # when the first answer is due

    def __str__(self):
        return f"{self.name}: {self.inputs} in, {self.answers} out; the first answer {self.first}"


WIRINGS = {
    name: Wiring(name, *how)
    for name, *how in (
        ("one-to-many", "one", "many", "with the first input"),
        ("many-to-one", "many", "one", "with the last input"),
        ("aligned", "many", "as many", "with the first input"),
        ("encoder-decoder", "many", "many", "after the last input"),
    )
}


@dataclass(frozen=True)
class Schedule:
    """The steps of one run: made by `schedule`, which checks the lengths.

    Parameters
    ----------
    wiring : Wiring
    inputs, answers : int
        n and m.
    """

    wiring: Wiring
    inputs: int
    answers: int

    @property
    def first(self):
        """The step of the first answer, counted from 1."""
        last = {"with the first input": 1, "with the last input": self.inputs}
        return last.get(self.wiring.first, self.inputs + 1)

    @property
    def steps(self):
        """T, the number of steps of the run."""
        return max(self.inputs, self.first + self.answers - 1)

    @property
    def reads(self):
        """For each step, whether it reads an input."""
        return tuple(t <= self.inputs for t in range(1, self.steps + 1))

    @property
    def gives(self):
        """For each step, whether its output is an answer."""
        return tuple(t >= self.first for t in range(1, self.steps + 1))

    @property
    def feeds_back(self):
        """For each step, whether it may read the answer before, having no input of its own."""
        before = (False, *self.gives[:-1])
        return tuple(b and not r for b, r in zip(before, self.reads, strict=True))

    def __str__(self):
        reads = " ".join("x" if r else "." for r in self.reads)
        gives = " ".join("y" if g else "." for g in self.gives)
        return f"{self.wiring.name}, {self.steps} steps\n  reads  {reads}\n  gives  {gives}"


def schedule(wiring, length, answers=None):
    """Lay out one run: which of its steps read an input, and which give an answer.

    Parameters
    ----------
    wiring : str
        A name in `WIRINGS`.
    length : int
        How many there are of what is many: the answers of one-to-many, else the inputs.
    answers : int, optional
        For the encoder-decoder only, where it has to be said: how many answers there are.

    Returns
    -------
    Schedule

    Raises
    ------
    ValueError
        Where there is no such wiring, a length is below 1, or `answers` is missing or too much.

    Examples
    --------
    >>> print(schedule("encoder-decoder", 3, answers=2))
    encoder-decoder, 5 steps
      reads  x x x . .
      gives  . . . y y
    """
    wiring = WIRINGS[choice(wiring, "wiring", WIRINGS)]
    length = whole(length, "length", most=MOST)
    if wiring.name == "encoder-decoder":
        if answers is None:
            raise ValueError("answers must be given: an encoder-decoder does not know how many")
        return Schedule(wiring, length, whole(answers, "answers", most=MOST))
    if answers is not None:
        raise ValueError(f"answers follows from length in {wiring.name}, so leave it out")
    inputs = 1 if wiring.inputs == "one" else length
    return Schedule(wiring, inputs, 1 if wiring.answers == "one" else length)


def masks(wiring, lengths, answers=None):
    """Mark for a batch of runs, each of its own length, where inputs are read and answers count.

    Parameters
    ----------
    wiring : str
        A name in `WIRINGS`.
    lengths : sequence of int
        As `length` in `schedule`, one for each of the B runs.
    answers : sequence of int, optional
        As `answers` in `schedule`, one for each run.

    Returns
    -------
    reads, gives : arrays (T, B)
        1 where a step reads an input, or gives an answer, else 0; T is the longest run's.

    Raises
    ------
    ValueError
        As `schedule`, or where there are no runs, or not as many answers as lengths.

    Examples
    --------
    >>> reads, gives = masks("many-to-one", [2, 3])
    >>> reads
    array([[1., 1.],
           [1., 1.],
           [0., 1.]])
    >>> gives
    array([[0., 0.],
           [1., 0.],
           [0., 1.]])
    """
    lengths = [whole(n, "lengths", most=MOST) for n in listed(lengths, "lengths")]
    many = [None] * len(lengths) if answers is None else listed(answers, "answers")
    if len(many) != len(lengths):
        raise ValueError(f"answers must hold {len(lengths)} numbers, as lengths, got {len(many)}")
    runs = [schedule(wiring, n, m) for n, m in zip(lengths, many, strict=True)]
    shape = max(run.steps for run in runs), len(runs)
    reads, gives = np.zeros(shape), np.zeros(shape)
    for b, run in enumerate(runs):
        reads[: run.steps, b] = run.reads
        gives[: run.steps, b] = run.gives
    return reads, gives


class Shapes(NamedTuple):
    """The shapes of what a layer is given and gives, time first."""

    x: tuple  # (T, B, I) inputs
    y: tuple  # (T, B, O) outputs
    reads: tuple  # (T, B) mask of the inputs
    gives: tuple  # (T, B) mask of the answers


def shapes(problem, length, answers=None, *, batch=1, inputs=1, outputs=1, wiring=None):
    """Say the shapes of the arrays for a problem.

    Parameters
    ----------
    problem : str
        A name in `PROBLEMS`.
    length, answers : int
        As in `schedule`.
    batch, inputs, outputs : int
        B sequences at a time, I numbers read and O numbers given at a step.
    wiring : str, optional
        One of the wirings of the problem; the first of them unless given.

    Returns
    -------
    Shapes

    Raises
    ------
    ValueError
        Where there is no such problem, it does not use the wiring, or a number is below 1.

    Examples
    --------
    >>> shapes("classification", 40, batch=8, inputs=100, outputs=2).x
    (40, 8, 100)
    """
    problem = PROBLEMS[choice(problem, "problem", PROBLEMS)]
    if wiring is None:
        wiring = problem.wirings[0]
    elif wiring not in problem.wirings:
        used = " or ".join(problem.wirings)
        raise ValueError(f"wiring of {problem.name} must be {used}, got {wiring!r}")
    place = schedule(wiring, length, answers).steps, whole(batch, "batch", most=MOST)
    x = (*place, whole(inputs, "inputs", most=MOST))
    y = (*place, whole(outputs, "outputs", most=MOST))
    return Shapes(x, y, place, place)


class Application(NamedTuple):
    """Something that is done with sequences: what goes in, what comes out, in numbers.

    The lengths and sizes are examples, not standards.
    """

    name: str
    reads: str
    gives: str
    problem: str  # a name in `PROBLEMS`
    wiring: str  # a name in `WIRINGS`
    n: int  # number of inputs
    inputs: int  # numbers in each, I
    m: int  # number of answers
    outputs: int  # numbers in each, O

    def __str__(self):
        rows = (
            ("in ", self.reads, f"({self.n}, B, {self.inputs})"),
            ("out", self.gives, f"({self.m}, B, {self.outputs})"),
        )
        lines = [f"  {way} {words:22} {shape:>15}" for way, words, shape in rows]
        return "\n".join([f"{self.name}: {self.wiring}", *lines])


class Problem(NamedTuple):
    """A type of sequence problem."""

    name: str
    task: str  # what is given and what is asked
    wirings: tuple  # those that it uses, the commonest first
    examples: tuple  # of `Application`


# The lecture's two lists: three examples for each type of problem, and applications at large.
# A block for each type, a row for each application; the examples come first in their block.
# Columns: what is read, what is given, the wiring, and the numbers n, I, m and O.
_TABLE = """
prediction
weather forecasting | 30 days, 4 sensors | tomorrow's maximum | many-to-one | 30 4 1 1
stock market prediction | 250 days, 5 figures | each time, the next | aligned | 250 5 250 1
product recommendation | 12 purchases | the next, of 1,000 | many-to-one | 12 1000 1 1000
language modelling | 20 words, of 5,000 | each time, the next | aligned | 20 5000 20 5000

classification
DNA classification | 60 bases, of 4 | promoter or not | many-to-one | 60 4 1 2
anomaly detection | 200 heart beats | healthy or not | many-to-one | 200 1 1 2
sentiment analysis | 40 words, of 5,000 | for or against | many-to-one | 40 5000 1 2
speech emotion recognition | 300 spectra, of 40 | an emotion, of 6 | many-to-one | 300 40 1 6
speaker identification | 300 spectra, of 40 | a speaker, of 100 | many-to-one | 300 40 1 100
stock prices | 250 days, 5 figures | buy, sell or wait | many-to-one | 250 5 1 3

generation
text generation | a topic, of 20 | 80 letters, of 60 | one-to-many | 1 20 80 60
music generation | a style, of 8 | 64 notes, of 88 | one-to-many | 1 8 64 88
image captioning | a picture, 784 pixels | 9 words, of 5,000 | one-to-many | 1 784 9 5000
image labelling | a picture, 784 pixels | 3 labels, of 200 | one-to-many | 1 784 3 200

sequence-to-sequence
multi-step forecasting | 168 hours of load | the next 24 hours | encoder-decoder | 168 1 24 1
text summarisation | 400 words, of 5,000 | 30 words, of 5,000 | encoder-decoder | 400 5000 30 5000
language translation | 7 words, of 5,000 | 8 words, of 6,000 | encoder-decoder | 7 5000 8 6000
handwriting recognition | 500 pen positions | 25 letters, of 60 | encoder-decoder | 500 3 25 60
speech recognition | 300 spectra, of 40 | 30 letters, of 30 | encoder-decoder | 300 40 30 30
video description | 90 pictures | 12 words, of 5,000 | encoder-decoder | 90 784 12 5000
autonomous driving | 30 positions of a car | the next 50 | encoder-decoder | 30 2 50 2
"""
_AT_LARGE = (
    "language translation", "language modelling", "handwriting recognition", "speech recognition",
    "speech emotion recognition", "speaker identification", "image captioning", "image labelling",
    "video description", "stock prices", "autonomous driving",
)  # fmt: skip


def _rows(problem, *rows):
    """Read one block of the table."""
    for name, reads, gives, wiring, numbers in (row.split(" | ") for row in rows):
        yield Application(name, reads, gives, problem, wiring, *map(int, numbers.split()))


_LISTED = {
    block.split("\n")[0]: tuple(_rows(*block.split("\n"))) for block in _TABLE.strip().split("\n\n")
}

PROBLEMS = {
    name: Problem(name, task, tuple(wirings), _LISTED[name][:3])
    for name, task, *wirings in (
        ("prediction", "given a sequence, say what comes next", "many-to-one", "aligned"),
        ("classification", "given a sequence, say of which class it is", "many-to-one"),
        ("generation", "given one observation, put out a sequence", "one-to-many"),
        ("sequence-to-sequence", "given a sequence, put out another", "encoder-decoder", "aligned"),
    )
}

_BY_NAME = {application.name: application for block in _LISTED.values() for application in block}
APPLICATIONS = tuple(_BY_NAME[name] for name in _AT_LARGE)
