"""Pairs of training curves, one of a right and one of a faulty program, drawn update by update."""

from itertools import pairwise

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import listed

# Layout in pixels; the share of wrong answers goes from 0 to 60 %.
LEFT, TOP, WIDTH, HEIGHT, MOST, LETTER = 40, 24, 276, 180, 0.6, 14
GUESS = Guess(
    "Guess first: with which of these faults does a program end nearest to its twin?",
    ("a gradient that forgets the past", "a bias at the wrong gate", "one softmax too many"),
    "a bias at the wrong gate",
    "In which pair is it, and which curve is the faulty one? The last frame of each pair tells.",
    at=("2", -1),
)
FAULTS = {
    "derivative": "its gradient forgets that the old state depends on the weights too",
    "gate": "its forget gate has the bias of the output gate",
    "softmax": "its loss takes a softmax of what is a softmax already",
    "chunks": "it starts every chunk of ten steps from zeros",
}
FAULTY = "BAAB"  # which letter the faulty program of each pair has


def pairs(rows, every):
    """Show pairs of curves as a player.

    Parameters
    ----------
    rows : list of dict
        Those of the experiment `bugs_curves`: fault, program, and the share of wrong answers.
    every : int
        How many updates lie between two of them.
    """
    made = {}
    for number, (fault, letter) in enumerate(zip(FAULTS, FAULTY, strict=True), start=1):
        right, wrong = (
            np.mean(row["wrong"], axis=0)
            for program in ("right", "wrong")
            for row in listed(rows, "rows")
            if (row["fault"], row["program"]) == (fault, program)
        )
        curves = {"A": wrong, "B": right} if letter == "A" else {"A": right, "B": wrong}
        made[str(number)] = frames(curves, every, f"{letter} is faulty: {FAULTS[fault]}.")
    return player(
        made,
        label="Pairs of training curves",
        handle="updates",
        interval=300,
        guess=GUESS,
        choices=("pair",),
    )


def frames(curves, every, secret):
    """Draw one `Frame` for each measurement; the last one tells the secret.

    Parameters
    ----------
    curves : dict of str to array
        Two, of one length, by the names "A" and "B".
    every : int
        Updates from one measurement to the next.
    secret : str
        A sentence.
    """
    last = len(curves["A"]) - 1
    return [
        Frame(_drawn(curves, k, last, every), _sentence(curves, k, every, secret * (k == last)))
        for k in range(last + 1)
    ]


def _drawn(curves, now, last, every):
    canvas = Canvas()
    for percent in (0, 20, 40, 60):
        y = _y(percent / 100)
        canvas.line([(LEFT, y), (LEFT + WIDTH, y)], strength=0.25)
        canvas.text(LEFT - 6, y + 4, f"{percent} %", anchor="end")
    for k in range(0, last + 1, max(1, last // 4)):
        canvas.text(_x(k, last), TOP + HEIGHT + 16, str(k * every))
    canvas.text(LEFT + WIDTH / 2, TOP + HEIGHT + 32, "updates")
    canvas.text(4, TOP - 10, "wrong answers", anchor="start")
    for (name, curve), colour in zip(curves.items(), ("input", "error"), strict=True):
        points = [(_x(k, last), _y(v)) for k, v in enumerate(curve[: now + 1])]
        canvas.pieces(list(pairwise(points)), colour, width=2)
        canvas.dot(*points[-1], colour)
        x, y = points[-1]
        lower = y - _y(curves["B" if name == "A" else "A"][now])
        if lower < 0 or (lower == 0 and name == "A"):  # keeps clear of the other letter
            y = min(y, y - lower - LETTER)
        canvas.text(x + 10, y + 4, name, colour, lit=True)
    return canvas.svg(LEFT + WIDTH + 20, TOP + HEIGHT + 38, least=0.95, most=1.6)


def _x(k, last):
    return round(LEFT + WIDTH * k / last)


def _y(share):
    return round(TOP + HEIGHT * (1 - share / MOST))


def _sentence(curves, now, every, secret):
    a, b = (f"{100 * curves[name][now]:.1f} %" for name in "AB")
    return (
        f"After {now * every} updates: A is wrong in {a} of its answers, B in {b}. {secret}".strip()
    )
