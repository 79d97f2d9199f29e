"""Letters that come one by one, with how wrong each guess was; at the end, where words begin."""

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player

# Layout in pixels: a column for each letter; bars stand on BASE, letters below it.
LEFT, COLUMN, BASE, HIGH = 34, 14, 112, 92  # HIGH: the height of the highest bar
GUESS = Guess(
    "Guess first: of the five highest bars of the first passage, how many will stand at the start"
    " of one of its five words?",
    ("all five", "most of them, but not all", "one, as by chance"),
    "most of them, but not all",
    "Most of the high bars mark a start, but a letter inside a word may be hard to guess too.",
    at=-1,
)


def guesses(presets):
    """Show letters as they come, each with a bar for how wrong its guess was, as a player.

    In the last frame the words come apart, so that whoever looks may guess first; the guess is
    about the first example.

    Parameters
    ----------
    presets : dict of str to (str, array (N,), array (N,) of bool) or (..., str)
        For each example N letters, how wrong the guess of each was, where a word begins, and what
        the bars show, "error" unless told.
    """
    made = {name: frames(*preset) for name, preset in presets.items()}
    return player(
        made, label="A guess at each letter, one letter a frame", handle="letter", guess=GUESS
    )


def frames(letters, wrong, start, unit="error"):
    """Draw one `Frame` for each letter as it comes, and a last one where the words come apart."""
    wrong, start = np.asarray(wrong, float), np.asarray(start, bool)
    if not len(letters) == len(wrong) == len(start) > 0:
        raise ValueError(
            "letters, wrong and start must have one length, got"
            f" {len(letters)}, {len(wrong)} and {len(start)}"
        )
    shown = [
        Frame(_drawn(letters, wrong, now, unit), _sentence(letters, wrong, now, unit))
        for now in range(len(letters))
    ]
    end = _drawn(letters, wrong, len(letters) - 1, unit, start)
    return [*shown, Frame(end, _words(letters, wrong, start))]


def _drawn(letters, wrong, now, unit, start=None):
    canvas = Canvas()
    top = wrong.max()
    for value in (0, top):
        height = BASE - HIGH * value / top
        canvas.text(LEFT - 7, height + 4, f"{value:.2g}", anchor="end")
        canvas.line([(LEFT - 4, height), (LEFT, height)], strength=0.5)
    canvas.text(4, 12, unit, "error", anchor="start")
    right = LEFT + len(letters) * COLUMN
    canvas.line([(LEFT, BASE), (right, BASE)], strength=0.5)
    for k in range(now + 1):
        x, lit = LEFT + (k + 0.5) * COLUMN, k == now if start is None else start[k]
        height = HIGH * wrong[k] / top
        bar = x - 4.5, BASE - height, 9, height
        canvas.bars([bar], "error", strength=0.95 if lit else 0.45)
        canvas.text(x, BASE + 15, letters[k], "input", lit=bool(lit))
        if start is not None and start[k]:
            canvas.text(x, BASE + 31, "▲")
    return canvas.svg(right + 4, BASE + 36)


def _sentence(letters, wrong, now, unit):
    said = f"Letter {now + 1} is {letters[now]}, {unit} {wrong[now]:.2f}"
    if now == 0:
        return f"{said}."
    before = wrong[now - 1]
    if wrong[now] > 2 * before:
        return f"{said}: more than twice that of the letter before. Does a word begin here?"
    if wrong[now] > before:
        return f"{said}: more than that of the letter before."
    return f"{said}: not more than that of the letter before."


def _words(letters, wrong, start):
    begins = np.flatnonzero(start)
    words = " ".join(letters[a:b] for a, b in zip(begins, [*begins[1:], None], strict=True))
    highest = np.argsort(-wrong, kind="stable")[: len(begins)]
    return (
        f"The words come apart: {words}. A triangle marks where each begins."
        f" Of the {len(begins)} highest bars, {start[highest].sum()} stand at the start of a word."
    )
