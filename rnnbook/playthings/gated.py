"""The gates of an LSTM or a GRU of one unit, as they open and close while it reads: a player.

And a picture of the way of the cell from step to step.
"""

from typing import NamedTuple

import numpy as np

from rnnbook.pictures.canvas import Canvas, Picture
from rnnbook.pictures.player import Frame, player
from rnncore.arrays import shaped, whole
from rnncore.gated import GRU, LSTM
from rnncore.rounding import MINUS, rounded

# Layout in pixels: a column for each step, a row for each quantity.
LEFT, COLUMN, TOP, HIGH, GAP, WIDE = 84, 17, 20, 22, 12, 36  # WIDE: for the numbers at the right


def gates(presets):
    """Show gated layers of one unit while they read, as a player, one step a frame.

    Parameters
    ----------
    presets : dict of str to dict
        For each example the arguments of `frames`.
    """
    made = {name: frames(**preset) for name, preset in presets.items()}
    return player(made, label="Gates that open and close, one step a frame")


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
            strong = run.marked[t] if letter == "x" else t == now - 1
            bar = _middle(t) - 6, base, 12, -unit * values[t]
            canvas.bars([bar], row.colour, strength=0.95 if strong else 0.45)
            if letter == "y":
                wanted = base - unit * run.target[t]
                canvas.line([(_middle(t) - 7, wanted), (_middle(t) + 7, wanted)], width=1.6)
        if now:
            value = _s(values[now - 1])
            canvas.text(right + WIDE - 2, top + HIGH - 6, value, row.colour, anchor="end")
        top += HIGH + GAP
    canvas.text(4, top + 8, "step", anchor="start")
    for step in (1, *range(5, steps + 1, 5)):
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


# The picture of the way of the cell: heights of the cell and of h, and the width of a step.
CELL, SHOWN, STEP = 44, 152, 132


def way(steps=2):
    """Picture the way of the cell of an LSTM through time: times f, plus i g, at each step."""
    canvas, steps = Canvas(), whole(steps, "steps")
    canvas.text(4, CELL + 4, "c(0)", "hidden", lit=True, anchor="start")
    canvas.text(4, SHOWN + 4, "h(0)", "hidden", anchor="start")
    for k in range(steps):
        _step(canvas, 30 + k * STEP, f"({k + 1})")
    canvas.text(29 + steps * STEP, CELL + 4, f"c({steps})", "hidden", lit=True, anchor="start")
    canvas.text(29 + steps * STEP, SHOWN + 4, f"h({steps})", "hidden", anchor="start")
    alt = (
        f"{steps} steps, time to the right. A strong line, the cell, runs along the top: at each"
        " step it is multiplied by the forget gate f, then the product of input gate i and"
        " candidate g is added. From the cell an arrow leads down, through tanh and times the"
        " output gate o, to h. Below, a box computes i, f, g and o from the input x and the"
        " previous h."
    )
    caption = (
        "The LSTM unfolded. The cell runs along the top: from step to step it meets one"
        " multiplication, by f, and one addition."
    )
    return Picture(canvas.svg(58 + steps * STEP, 216, least=0.88, most=1.3), alt, caption)


def folded():
    """Picture the same LSTM as it is built: one step, and two loops that take a step of time."""
    canvas, left, right = Canvas(), 34, 34 + STEP
    _step(canvas, left, "")
    bend = [(right, CELL), (right + 44, CELL - 50), (left - 44, CELL - 50), (left, CELL)]
    canvas.arrow(bend, "hidden", lit=True)
    bend = [(right, SHOWN), (right + 56, SHOWN + 104), (left - 66, SHOWN + 104), (left, SHOWN)]
    canvas.arrow(bend, "hidden")
    canvas.text(right + 16, CELL + 4, "c", "hidden", lit=True)
    canvas.text(right + 14, SHOWN + 8, "h", "hidden")
    canvas.text((left + right) / 2, CELL - 20, "one step later", "hidden")
    alt = (
        "One step of the LSTM with two loops. The cell c leads from the right end of the upper"
        " line back to its left end, one step later; h leads back to the box that computes"
        " i, f, g and o."
    )
    caption = "The same, folded: two numbers a unit go on to the next step, c and h."
    return Picture(canvas.svg(68 + STEP, 242, least=0.92, most=1.3), alt, caption)


def _step(canvas, left, moment):
    """Draw one step of the way of the cell, from `left` on."""
    times, plus, shows, end = left + 30, left + 64, left + 104, left + STEP - 2
    canvas.arrow([(left, CELL), (times - 11, CELL)], "hidden", lit=True)
    canvas.arrow([(times + 11, CELL), (plus - 11, CELL)], "hidden", lit=True)
    canvas.arrow([(plus + 11, CELL), (end, CELL)], "hidden", lit=True)
    for x, y, sign in (times, CELL, "×"), (plus, CELL, "+"), (shows, CELL + 60, "×"):
        canvas.box(x - 10, y - 10, 20, 20, "hidden" if y == CELL else "output")
        canvas.text(x, y + 4, sign)
    # What the gates are computed from, and where they lead; words stand beside the arrows.
    middle = (times + plus) / 2
    canvas.box(middle - 32, SHOWN - 14, 64, 28, None)
    canvas.text(middle, SHOWN + 4, "i, f, g, o")
    canvas.arrow([(left, SHOWN), (middle - 33, SHOWN)], "hidden")
    canvas.arrow([(middle, SHOWN + 40), (middle, SHOWN + 15)], "input")
    canvas.text(middle, SHOWN + 54, f"x{moment}", "input")
    canvas.arrow([(times, SHOWN - 14), (times, CELL + 11)], "hidden")
    canvas.text(times - 4, CELL + 34, f"f{moment}", "hidden", anchor="end")
    canvas.arrow([(plus, SHOWN - 14), (plus, CELL + 11)], "input")
    for k, word in enumerate([f"i{moment}", f"g{moment}"] if moment else ["i g"]):
        canvas.text(plus + 4, CELL + 34 + 14 * k, word, "input", anchor="start")
    # From the cell down to what is shown.
    canvas.arrow([(shows, CELL + 1), (shows, CELL + 49)], "output")
    canvas.text(shows + 4, CELL + 24, "tanh", "output", anchor="start")
    canvas.arrow([(middle + 32, SHOWN - 8), (shows - 6, CELL + 71)], "output")
    canvas.text(plus + 25, CELL + 79, f"o{moment}", "output", anchor="end")
    canvas.arrow([(shows, CELL + 71), (shows, SHOWN), (shows, SHOWN), (end, SHOWN)], "output")
