"""The gates of an LSTM or a GRU of one unit, as they open and close while it reads: a player.

And pictures of both layers, unfolded, with the way of the state from step to step.
"""

from typing import NamedTuple

import numpy as np

from rnnbook.pictures.canvas import Canvas, Picture
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import shaped, whole
from rnncore.gated import GRU, LSTM
from rnncore.rounding import MINUS, rounded

# Layout in pixels: a column for each step, a row for each quantity.
LEFT, COLUMN, TOP, HIGH, GAP, WIDE = 84, 19, 20, 22, 12, 36  # WIDE: for the numbers at the right

GUESS = Guess(
    "Guess first: at step 9 the second marked number comes, and the first must not be lost."
    " Where is the forget gate f at that step?",
    ("near 1, it keeps all", "near one half", "near 0, it forgets"),
    "near one half",
    "This cell adds in a way of its own: at a mark it lets about half go, and the candidate,"
    " which sees what the cell has shown, brings it back.",
    at=9,
)


def gates(presets, guess=GUESS):
    """Show gated layers of one unit while they read, as a player, one step a frame.

    Parameters
    ----------
    presets : dict of str to dict
        For each example the arguments of `frames`.
    guess : Guess or None
        What is asked before it moves, about the first example.
    """
    made = {name: frames(**preset) for name, preset in presets.items()}
    label = "Gates that open and close, one step a frame"
    return player(made, label=label, guess=guess)


def frames(net, x, target, intro):
    """Draw one `Frame` before the first step, and one for each step.

    Parameters
    ----------
    net : rnncore.deep.Stack
        An LSTM or a GRU with one unit and two inputs, and a read-out with one output.
    x : array (T, 2)
        Numbers from 0 to 1; and 1 where they are marked, else 0.
    target : array (T, 1)
        What should be put out.
    intro : str
        What the task is, for the first frame.
    """
    layer = net.layers[0]
    if not isinstance(layer, LSTM | GRU) or layer.params["U"].shape[1] != 2:
        raise ValueError(f"net must begin with an LSTM or a GRU of two inputs, got {layer!r}")
    if layer.params["W"].shape[1] != 1:
        raise ValueError(f"the layer must have one unit, got {layer.params['W'].shape[1]}")
    x = np.asarray(x, float)
    x = shaped(x, (len(x), 2), "x")
    run = _run(net, x, shaped(target, (len(x), 1), "target")[:, 0])
    return [
        Frame(_drawn(run, now), _sentence(run, now) if now else f"{intro} {_marks(run)}")
        for now in range(len(x) + 1)
    ]


class Row(NamedTuple):
    """A quantity over time, with what it is called and how it is drawn."""

    name: str
    values: np.ndarray  # (T,)
    colour: str
    gate: bool = False  # a gate is drawn in a frame from shut to open


class Run(NamedTuple):
    """What a layer of one unit did with one sequence: everything (T,)."""

    kind: str
    marked: np.ndarray
    before: np.ndarray  # the cell or the state before each step
    target: np.ndarray
    rows: dict  # by a letter; "x" and "y" come first and last


def _run(net, x, target):
    y, tape = net.forward(x[:, np.newaxis])
    inner = tape.tapes[0]
    number, answer = Row("number", x[:, 0], "input"), Row("answer", y[:, 0, 0], "output")
    if isinstance(net.layers[0], LSTM):
        kind, state = "LSTM", inner.c[:, 0, 0]
        i, f, g, o = inner.gates[:, 0, :, 0].T
        between = {
            "g": Row("candidate g", g, "input"),
            "i": Row("take in i", i, "input", True),
            "f": Row("keep f", f, "hidden", True),
            "c": Row("cell c", state[1:], "hidden"),
            "o": Row("show o", o, "output", True),
        }
    else:
        kind, state = "GRU", inner.h[:, 0, 0]
        r, z, n = inner.gates[:, 0, :, 0].T
        between = {
            "r": Row("reset r", r, "hidden", True),
            "n": Row("candidate n", n, "input"),
            "1-z": Row("take in 1−z", 1 - z, "input", True),
            "z": Row("keep z", z, "hidden", True),
            "h": Row("state h", state[1:], "hidden"),
        }
    return Run(kind, x[:, 1] > 0, state[:-1], target, {"x": number, **between, "y": answer})


def _drawn(run, now):
    """Draw all rows up to step `now`; the numbers that are read are there from the start."""
    canvas, steps, top = Canvas(), len(run.target), TOP
    right = LEFT + steps * COLUMN
    bottom = TOP + len(run.rows) * (HIGH + GAP)
    for t, marked in enumerate(run.marked):
        words = "▲" if marked else "·"
        canvas.text(_middle(t), 14, words, "input", lit=bool(marked and t + 1 == now))
    if now:
        left = LEFT + (now - 1) * COLUMN
        canvas.box(left - 0.5, 2, COLUMN + 1, bottom - 9, None, lit=True)
    for letter, row in run.rows.items():
        values = row.values
        low = min(values.min(), 0.0)
        high = 1.0 if row.gate or letter == "x" else max(values.max(), 0.0)
        if letter == "y":
            low, high = min(low, run.target.min()), max(high, run.target.max())
        unit = HIGH / max(high - low, 1e-9)
        base = top + unit * high
        canvas.text(4, top + HIGH - 6, row.name, row.colour, anchor="start")
        if row.gate:
            foot = top + HIGH
            frame = [(LEFT, top), (right, top), (right, foot), (LEFT, foot), (LEFT, top)]
            canvas.line(frame, row.colour, strength=0.45)
        else:
            canvas.line([(LEFT, base), (right, base)], strength=0.4)
        for t in range(steps if letter == "x" else now):
            strong = letter != "x" or run.marked[t]
            bar = _middle(t) - 7, base, 14, -unit * values[t]
            canvas.bars([bar], row.colour, strength=0.8 if strong else 0.4)
            if letter == "y":
                wanted = base - unit * run.target[t]
                canvas.line([(_middle(t) - 8, wanted), (_middle(t) + 8, wanted)], width=1.6)
        if now:
            value = _s(values[now - 1])
            canvas.text(right + WIDE - 2, top + HIGH - 6, value, row.colour, anchor="end")
        top += HIGH + GAP
    canvas.text(4, top + 8, "step", anchor="start")
    for step in range(1, steps + 1) if steps <= 12 else (1, *range(5, steps + 1, 5)):
        canvas.text(_middle(step - 1), top + 8, str(step), lit=step == now)
    return canvas.svg(right + WIDE, top + 14)


def _middle(t):
    return LEFT + (t + 0.5) * COLUMN


def _marks(run):
    steps = [str(t + 1) for t in np.flatnonzero(run.marked)]
    named = " and ".join([", ".join(steps[:-1]), steps[-1]] if len(steps) > 1 else steps)
    return f"The {run.kind} has read nothing yet; marked are the numbers of steps {named}."


def _sentence(run, now):
    """Say what is read, what is kept and taken in, and what is answered."""
    t = now - 1
    at = {letter: _s(row.values[t]) for letter, row in run.rows.items()}
    before = _s(run.before[t])
    read = f"Step {now} reads {at['x']}, {'marked' if run.marked[t] else 'not marked'}."
    if run.kind == "LSTM":
        did = (
            f"Of the cell, {before}, it keeps the share {at['f']}; of the candidate, {at['g']},"
            f" it takes in {at['i']}: now the cell holds {at['c']}. It shows {at['o']} of its"
            " tanh."
        )
    else:
        did = (
            f"Of the state, {before}, it keeps the share {at['z']}; of the candidate, {at['n']},"
            f" it takes in {at['1-z']}: now the state is {at['h']}."
        )
    return f"{read} {did} Answer {at['y']}, wanted {_s(run.target[t])}."


def _s(value):
    """Two decimals, with a proper minus."""
    return rounded(value, decimals=2, zeros=True, minus=MINUS)


# The pictures of the layers: heights of the state, of the products, of the gates, and of what the
# gates read; and the width of a step.
STATE, MEET, GATES, READ, STEP = 44, 104, 164, 206, 160
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def way(steps=2):
    """Picture an LSTM unfolded: the cell, along the top, is multiplied by f, then i g is added."""
    canvas = _unfolded(_lstm_step, whole(steps, "steps"), {"c": STATE, "h": READ})
    alt = (
        f"{steps} steps, time to the right. A strong line, the cell c, runs along the top: at each"
        " step it is multiplied by the forget gate f, then the product of input gate i and"
        " candidate g is added. From the cell an arrow leads down, through tanh and times the"
        " output gate o, to h. Below, four boxes compute f, i, g and o, each from the input x and"
        " the h of the step before."
    )
    caption = (
        "The LSTM unfolded. The cell runs along the top: from step to step it meets one"
        " multiplication, by f, and one addition."
    )
    return Picture(
        canvas.svg(26 + steps * STEP, READ + 38, top=20, least=1, most=1.6), alt, caption
    )


def folded():
    """Picture the same LSTM as it is built: one step, and two loops that take a step of time."""
    canvas, left, right = Canvas(), 46, 46 + STEP
    _lstm_step(canvas, left, "")
    for y, far, deep in (STATE, 44, -50), (READ, 56, 104):
        bend = [(right, y), (right + far, y + deep), (left - far, y + deep), (left, y)]
        canvas.arrow(bend, "hidden", lit=y == STATE)
    canvas.text((left + right) / 2, STATE - 22, "one step later", "hidden")
    canvas.text((left + right) / 2, READ + 92, "one step later", "hidden")
    alt = (
        "One step of the LSTM with two loops. The cell c leads from the right end of the upper"
        " line back to its left end, one step later; h leads back to the boxes that compute"
        " f, i, g and o."
    )
    caption = "The same, folded: two numbers a unit go on to the next step, c and h."
    return Picture(canvas.svg(92 + STEP, READ + 98, least=1, most=1.3), alt, caption)


def gru(steps=2):
    """Picture a GRU unfolded: its state is multiplied by z, then (1 - z) n is added."""
    canvas = _unfolded(_gru_step, whole(steps, "steps"), {"h": STATE})
    alt = (
        f"{steps} steps, time to the right. A strong line, the state h, runs along the top: at each"
        " step it is multiplied by the update gate z, then the product of 1 − z and the candidate"
        " n is added. Below, three boxes compute z, r and n from the input x and the h of the step"
        " before; an arrow leads from the reset gate r to n."
    )
    caption = (
        "The GRU unfolded. One line is memory and output at once; z keeps, 1 − z takes in, and r"
        " says how much of the old state the candidate n sees."
    )
    return Picture(
        canvas.svg(26 + steps * STEP, READ + 38, top=20, least=1, most=1.6), alt, caption
    )


def _unfolded(step, steps, states):
    """Draw steps beside each other, behind the names of the states before the first."""
    canvas = Canvas()
    for letter, y in states.items():
        canvas.text(10, y + 4, f"{letter}₀", "hidden", lit=y == STATE)
    for k in range(steps):
        step(canvas, 20 + k * STEP, str(k + 1).translate(SUBSCRIPTS))
    return canvas


def _lstm_step(canvas, left, t):
    """Draw one step of an LSTM from `left` on; its letters are followed by `t`."""
    f, i, g, o, shows, end = (left + x for x in (24, 54, 84, 114, 136, STEP - 2))
    plus = (i + g) / 2
    _along(canvas, left, f, plus, end)
    for x, y, sign in (f, STATE, "×"), (plus, STATE, "+"), (plus, MEET, "×"), (shows, MEET, "×"):
        _sign(canvas, x, y, sign, "output" if x == shows else "hidden")
    canvas.text(end - 8, STATE - 8, f"c{t}", "hidden", lit=True)
    colours = {"f": "hidden", "i": "input", "g": "input", "o": "output"}
    for (letter, colour), x in zip(colours.items(), (f, i, g, o), strict=True):
        _computed(canvas, x, f"{letter}{t}", colour)
    canvas.arrow([(f, GATES - 12), (f, STATE + 11)], "hidden")
    canvas.arrow([(i, GATES - 12), (plus - 5, MEET + 11)], "input")
    canvas.arrow([(g, GATES - 12), (plus + 5, MEET + 11)], "input")
    canvas.arrow([(plus, MEET - 11), (plus, STATE + 11)], "input")
    canvas.arrow([(o, GATES - 12), (shows - 5, MEET + 11)], "output")
    # From the cell down to what is shown, and on to the next step.
    canvas.arrow([(shows, STATE + 1), (shows, MEET - 11)], "output")
    canvas.text(shows - 4, STATE + 32, "tanh", "output", anchor="end")
    canvas.line([(shows, MEET + 11), (shows, READ)], "hidden", width=1.2)
    canvas.arrow([(shows, READ), (end, READ)], "hidden")
    canvas.text(end - 8, READ - 8, f"h{t}", "hidden")
    canvas.line([(left, READ), (o, READ)], "hidden", width=1.2)
    _input(canvas, plus, t)


def _gru_step(canvas, left, t):
    """Draw one step of a GRU from `left` on; its letters are followed by `t`."""
    z, r, n, end = (left + x for x in (36, 76, 116, STEP - 2))
    _along(canvas, left, z, n, end)
    for x, y, sign in (z, STATE, "×"), (n, STATE, "+"), (n, MEET, "×"):
        _sign(canvas, x, y, sign, "hidden")
    canvas.text(end - 8, STATE - 8, f"h{t}", "hidden", lit=True)
    for letter, x, colour in ("z", z, "hidden"), ("r", r, "hidden"), ("n", n, "input"):
        _computed(canvas, x, f"{letter}{t}", colour)
    canvas.arrow([(z, GATES - 12), (z, STATE + 11)], "hidden")
    canvas.arrow([(z + 8, GATES - 12), (n - 11, MEET + 4)], "input")
    canvas.text(r - 12, MEET + 12, f"1−z{t}", "input")
    canvas.arrow([(n, GATES - 12), (n, MEET + 11)], "input")
    canvas.arrow([(n, MEET - 11), (n, STATE + 11)], "input")
    canvas.arrow([(r + 13, GATES), (n - 13, GATES)], "hidden")
    canvas.line([(left + 8, STATE), (left + 8, READ), (n, READ)], "hidden", width=1.2)
    _input(canvas, r, t)


def _along(canvas, left, times, plus, end):
    """Draw the strong line of the state, past its multiplication and its addition."""
    for start, stop in (left, times - 11), (times + 11, plus - 11), (plus + 11, end):
        canvas.arrow([(start, STATE), (stop, STATE)], "hidden", lit=True)


def _sign(canvas, x, y, sign, colour):
    canvas.box(x - 10, y - 10, 20, 20, colour)
    canvas.text(x, y + 4, sign)


def _computed(canvas, x, word, colour):
    """Draw a box for what is computed from the input and the state before."""
    canvas.box(x - 12, GATES - 12, 24, 24, colour)
    canvas.text(x, GATES + 4, word, colour)
    canvas.arrow([(x, READ), (x, GATES + 13)], "hidden")


def _input(canvas, x, t):
    canvas.arrow([(x, READ + 36), (x, READ + 1)], "input")
    canvas.text(x, READ + 50, f"x{t}", "input")
