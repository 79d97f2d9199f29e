"""A stretch of DNA read letter by letter: what the network thinks likely after each."""

from itertools import pairwise

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, player
from rnncore.arrays import shaped

# Layout in pixels: a column for each letter, a curve from 0 to 100 percent above it.
LEFT, TOP, LETTER, HEIGHT = 34, 24, 8, 120
CLASSES = {"neither": "hidden", "donor": "output", "acceptor": "error"}
TOLD = 6  # the last letters read, in the sentence


def reader(stretches, *, every=3, guess=None, label="A stretch of DNA, read letter by letter"):
    """Show stretches as a player: the probabilities of three classes, letter after letter.

    Parameters
    ----------
    stretches : dict of tuple of str to (str, int or None, array (T, 3))
        By the names of a stretch and of its version: T letters, how many are in front of the
        junction, and the probabilities of neither, a donor and an acceptor after each letter, in
        percent.  Where a version has other letters than the first, these are tinted.
    every : int
        One frame for so many letters; the last is behind the last letter.
    guess : Guess, optional
        As `player` takes it.
    label : str
        What the player is, for those who cannot see it.
    """
    first = {}
    for (name, _), (letters, *_) in stretches.items():
        first.setdefault(name, letters)
    return player(
        {
            (name, version): frames(*stretch, original=first[name], every=every)
            for (name, version), stretch in stretches.items()
        },
        label=label, interval=700, handle="letters read", guess=guess,
        choices=("stretch", "version"),
    )  # fmt: skip


def frames(letters, junction, percent, *, original=None, every=3):
    """Draw a `Frame` for every so many letters that have been read; see `reader`."""
    percent = shaped(np.asarray(percent), (len(letters), 3), "percent")
    original = letters if original is None else original
    tinted = [k for k, (a, b) in enumerate(zip(letters, original, strict=True)) if a != b]
    shown = [0, *range(len(letters) % every or every, len(letters) + 1, every)]
    return [
        Frame(
            _drawn(letters, junction, percent, shown[: k + 1], tinted),
            _sentence(letters, percent, read),
        )
        for k, read in enumerate(shown)
    ]


def _drawn(letters, junction, percent, shown, tinted):
    """Draw the curves piece by piece, so that a frame has the pieces of the one before."""
    canvas, read = Canvas(), shown[-1]
    right, bottom = LEFT + len(letters) * LETTER, TOP + HEIGHT

    def place(k):
        return LEFT + (k + 0.5) * LETTER

    for level in (0, 50, 100):
        y = bottom - level * HEIGHT / 100
        canvas.line([(LEFT, y), (right, y)], strength=0.25)
        canvas.text(LEFT - 5, y + 4, f"{level}", anchor="end")
    canvas.text(LEFT - 5, TOP - 10, "%", anchor="end")
    for k, (name, colour) in enumerate(CLASSES.items()):
        canvas.text(LEFT + 110 * k + 30, TOP - 10, name, colour)
    columns = [(LEFT + k * LETTER, bottom + 5, LETTER, 15) for k in tinted]
    canvas.bars(columns, "gradient", strength=0.3)
    canvas.typed(LEFT, bottom + 16, letters, LETTER)
    if junction is not None:
        x = LEFT + junction * LETTER
        canvas.line([(x, bottom + 18), (x, bottom + 25)], width=1.5)
        canvas.text(x, bottom + 36, "junction")
    for level, colour in zip(percent.T, CLASSES.values(), strict=True):
        height = (bottom - level * HEIGHT / 100).round()
        lines = [
            [(place(k), height[k]) for k in range(max(start - 1, 0), end)]
            for start, end in pairwise(shown)
        ]
        canvas.pieces(lines, colour, width=2)
    if read:
        x = place(read - 1)
        canvas.line([(x, TOP), (x, bottom + 4)], dashed=True)
    return canvas.svg(right + 6, bottom + 42, least=0.86, most=1.5)


def _sentence(letters, percent, read):
    if not read:
        return "Nothing has been read yet."
    told = ", ".join(
        f"{name} {p:.0f} %" for name, p in zip(CLASSES, percent[read - 1], strict=True)
    )
    return f"{read} letters read, the last {letters[max(0, read - TOLD) : read]}: {told}."
