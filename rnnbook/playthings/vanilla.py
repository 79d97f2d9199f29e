"""U, W and b move into one matrix, and one product gives the same state: a player."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player, steady
from rnncore.arrays import shaped
from rnncore.rounding import MINUS, factor, rounded
from rnncore.vanilla import AugmentedRNN

# Layout in pixels: W, U and b above; below them the one matrix, its vector, and the result.
LEFT, TOP, CELL, ROW, GAP, WIDE = 2, 28, 35, 24, 11, 53
PLUS = 20  # between the blocks above, for a plus
SUMS, BELOW = 20, 64  # from the last row above to the sums, and to the first row below
COLOURS = {"W": "hidden", "U": "input", "b": None}
HEADS = {"W": "W s", "U": "U x", "b": "b"}
WHERE = {
    "W": "to the front, for the state stands first in the vector",
    "U": "behind it, for the input stands below the state",
    "b": "to the end, where the vector has a 1",
}
GUESS = Guess(
    "Guess first: in the third example, the puzzle, which number of the state is the carry?",
    ("s₁", "s₂", "s₃"),
    "s₂",
    "It is the only one that the matrix listens to: the columns of the other two are 0.",
    at=("the puzzle: 34 + 19", 8),
)
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def matrices(presets, guess=GUESS):
    """Show the two notations of a vanilla layer at work on the same numbers, as a player.

        f(W s + U x + b) = f(W_b [s, x, 1]),   W_b = [W U b]

    Parameters
    ----------
    presets : dict of str to dict
        For each example the arguments of `frames`.
    guess : Guess, optional
        Asked before it moves; that of the chapter unless told.
    """
    made = {name: frames(**preset) for name, preset in presets.items()}
    label = "Three arrays move into one matrix, one move or product a frame"
    return player(made, label=label, guess=guess)


def frames(layer, x, state=None, readout=None):
    """Draw the moves, the rows of the first product, and then one `Frame` a step.

    Parameters
    ----------
    layer : VanillaRNN
        H units, I inputs.
    x : array (T, I)
        What it reads.
    state : array (H,), optional
        Before the first step; zeros unless given.
    readout : ReadOut, optional
        With one output, which is shown too.
    """
    hidden, inputs = layer.params["U"].shape
    x = np.asarray(x, float)
    x = shaped(x, (len(x), inputs), "x")
    s = np.zeros(hidden) if state is None else shaped(state, (hidden,), "state")
    run = Run.of(layer, x[:, np.newaxis], s[np.newaxis], readout)
    moves = [View(moved="WUb"[:count]) for count in range(4)]
    rows = [View("WUb", rows=count) for count in range(hidden + 1)]
    steps = [View("WUb", rows=hidden, step=t) for t in range(1, len(x) + 1)]
    views = [*moves, *rows, *steps]
    return steady([Frame(_Drawing(run, view).whole(), _sentence(run, view)) for view in views])


@dataclass(frozen=True)
class Run:
    """A layer and what it computes for one sequence, in both notations."""

    blocks: dict  # W (H, H), U (H, I), b (H, 1)
    W_b: np.ndarray  # (H, H + I + 1)
    below: np.ndarray  # (T, H + I + 1) the vectors [s, x, 1]
    s: np.ndarray  # (T + 1, H)
    o: np.ndarray  # (T,), or empty
    apart: float  # by how much the states of the two notations differ at most

    @classmethod
    def of(cls, layer, x, state, readout):
        """Run a layer both ways over x (T, 1, I) from a state (1, H)."""
        U, W, b = layer.params.values()
        one = AugmentedRNN(layer)
        s, tape = one.forward(x, state)
        h, _ = layer.forward(x, state)
        o = readout.forward(h)[0].ravel() if readout else np.empty(0)
        blocks = {"W": W, "U": U, "b": b[:, np.newaxis]}
        return cls(blocks, one.params["W_b"], tape.below[:, 0], tape.s[:, 0], o, abs(h - s).max())

    def parts(self, row):
        """Return what W, U and b contribute to a row of the first product."""
        vector = np.split(self.below[0], np.cumsum([W.shape[1] for W in self.blocks.values()])[:2])
        return [
            float(block[row] @ part)
            for block, part in zip(self.blocks.values(), vector, strict=True)
        ]


@dataclass(frozen=True)
class View:
    """What a frame shows: what has moved, how many rows are computed, after which step."""

    moved: str
    rows: int | None = None  # None: there is no vector yet
    step: int = 0


class _Drawing(Canvas):
    def __init__(self, run, view):
        super().__init__()
        self.run, self.view = run, view
        self.hidden, self.columns = run.W_b.shape
        self.below = TOP + self.hidden * ROW + BELOW
        self.vector = LEFT + self.columns * CELL + GAP
        self.result = self.vector + WIDE + GAP

    def whole(self):
        """Draw what is known, and return the drawing."""
        left, under = LEFT, LEFT
        for name, block in self.run.blocks.items():
            self.block(name, block, left, under)
            left += block.shape[1] * CELL + PLUS
            under += block.shape[1] * CELL
            if name != "b":
                self.text(left - PLUS / 2, TOP - 9, "+")
        self.text(LEFT, self.below - 8, "W_b", anchor="start")
        self.read()
        if self.view.rows is not None:
            self.product()
        width, height = self.result + WIDE + LEFT, self.below + self.columns * ROW + 8
        return self.svg(width, height, least=0.76)  # a small phone shows it whole

    def block(self, name, block, left, under):
        """Draw one of W, U and b above, and in its place in the matrix below."""
        view, colour = self.view, COLOURS[name]
        moving = view.rows is None and view.moved[-1:] == name
        self.text(left + block.shape[1] * CELL / 2, TOP - 9, HEADS[name], colour, lit=moving)
        for (row, column), value in np.ndenumerate(block):
            words = _letter(name, row, column) if view.rows is None else _s(value)
            lit = moving or self.now(row)
            corner = left + column * CELL, TOP + row * ROW
            self.cell(*corner, CELL, colour, words, lit=lit, faint=name in view.moved and not lit)
            corner = under + column * CELL, self.below + row * ROW
            there = name in view.moved
            self.cell(*corner, CELL, colour, words if there else "", lit=lit, faint=not there)

    def read(self):
        """Draw the vector, by letters or by numbers; lit what the block that moves will meet."""
        view, hidden, inputs = self.view, self.hidden, self.columns - self.hidden - 1
        blocks = ["W"] * hidden + ["U"] * inputs + ["b"]
        letters = [*_letters("s", hidden), *_letters("x", inputs), "1"]
        values = self.run.below[max(view.step - 1, 0)]
        self.text(self.vector + WIDE / 2, self.below - 8, "[s, x, 1]")
        for k, name in enumerate(blocks):
            if view.rows is None:
                words, lit = letters[k], view.moved[-1:] == name
            else:
                words, lit = _s(values[k]), view.step != 1
            self.cell(self.vector, self.below + k * ROW, WIDE, COLOURS[name], words, lit=lit)

    def product(self):
        """Draw the rows that are computed, and the parts of the one computed now."""
        run, view = self.run, self.view
        self.text(self.result + WIDE / 2, self.below - 8, "s" if view.step else "z", "hidden")
        done = run.s[view.step] if view.step else run.W_b @ run.below[0]
        for row in range(view.rows):
            lit = self.now(row) or view.step > 0
            corner = self.result, self.below + row * ROW
            self.cell(*corner, WIDE, "hidden", _s(done[row]), lit=lit)
        if view.rows and not view.step:
            self.sums(view.rows - 1)
        if view.step and len(run.o):
            said = " ".join(_s(value) for value in run.o[: view.step])
            y = self.below + self.columns * ROW - 8
            self.text(LEFT, y, f"y: {said}", "output", lit=True, anchor="start")

    def sums(self, row):
        """Write what each of W, U and b contributes to a row, under its block."""
        left, y = LEFT, TOP + self.hidden * ROW + SUMS
        for (name, block), part in zip(self.run.blocks.items(), self.run.parts(row), strict=True):
            wide = block.shape[1] * CELL
            self.text(left + wide / 2, y, _s(part), COLOURS[name], lit=True)
            left += wide + PLUS
            self.text(left - PLUS / 2, y, "=" if name == "b" else "+")
        self.text(left + WIDE / 2, y, _s(sum(self.run.parts(row))), "hidden", lit=True)

    def now(self, row):
        """Whether this row is the one that is computed in this frame."""
        return not self.view.step and self.view.rows == row + 1

    def cell(self, left, top, width, colour, words, *, lit=False, faint=False):
        """Draw a number in its box."""
        self.box(left + 1, top + 1, width - 2, ROW - 2, colour, lit=lit, faint=faint)
        if words:
            self.text(left + width / 2, top + 16, words, colour, lit=lit)


def _sentence(run, view):
    hidden, columns = run.W_b.shape
    inputs = columns - hidden - 1
    if not view.moved:
        return (
            f"Above, the first notation: W is {hidden} by {hidden}, U {hidden} by {inputs}, and b"
            f" has {hidden} numbers. The matrix below, {hidden} by {columns}, has a place for each"
            " of them, and stands beside the vector that it will be multiplied with."
        )
    if view.rows is None:
        name = view.moved[-1]
        return f"{name} moves {WHERE[name]}."
    if view.rows == 0:
        return (
            f"Now with numbers, to three decimals. The vector: the state {_list(run.s[0])}, below"
            f" it the input {_list(run.below[0][hidden:-1])}, below that a 1."
        )
    if view.step == 0:
        row = view.rows - 1
        terms = " + ".join(
            f"{_factor(weight)} × {_factor(value)}"
            for weight, value in zip(run.W_b[row], run.below[0], strict=True)
        )
        w, u, b = map(_s, run.parts(row))
        return (
            f"Row {row + 1} times the vector: {terms} = {_s(sum(run.parts(row)))}."
            f" By blocks: W gives {w}, U {u}, b {b}."
        )
    said = f"f turns it into the state {_list(run.s[1])}."
    if view.step > 1:
        said = (
            f"Step {view.step}: the state has moved into the vector, the next input"
            f" {_list(run.below[view.step - 1][hidden:-1])} below it. The same matrix gives the"
            f" state {_list(run.s[view.step])}."
        )
    if len(run.o):
        said += f" The read-out says {_s(run.o[view.step - 1])}."
    if view.step in (1, len(run.s) - 1):
        same = "the same state" if run.apart < 1e-12 else f"a state {run.apart:.1e} away"
        said += f" The first notation gives {same}{' here too' if view.step > 1 else ''}."
    digits = run.o.round().astype(int)
    if view.step == len(digits) > 1 and np.allclose(run.o, abs(digits) > 0, atol=0.01):
        bits = "".join(map(str, digits[::-1]))
        said += f" Read from the right: {bits}, which is {int(bits, 2)}."
    return said


def _letter(name, row, column):
    """Write the name of an entry as the lecture does: w₁₂, and b₁ for a bias.

    >>> _letter("W", 0, 1), _letter("b", 1, 0)
    ('w₁₂', 'b₂')
    """
    places = f"{row + 1}" if name == "b" else f"{row + 1}{column + 1}"
    return name.lower() + places.translate(SUBSCRIPTS)


def _letters(name, count):
    """List the names of the numbers of a vector.

    >>> _letters("s", 2)
    ['s₁', 's₂']
    """
    return [f"{name}{k + 1}".translate(SUBSCRIPTS) for k in range(count)]


def _list(values):
    return ", ".join(map(_s, values))


# Three decimals at most, with a proper minus.
_s, _factor = (partial(write, digits=6, decimals=3, minus=MINUS) for write in (rounded, factor))
