"""Two digits and a relation: the caption word by word, and how often that of each pair is exact."""

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import shaped
from rnncore.tasks import DIGITS, caption

# Layout in pixels: the picture, right of it the grid of pairs, below both the words.
PIXEL, LEFT, TOP, CELL, GRID = 9, 6, 28, 14, 178
WORDS_AT, LINE, BAR = 236, 22, 150
INKS, SHARES = 3, 5  # levels of ink, and of how often a caption is exact
GUESS = Guess(
    "Guess first: of 100 captions of pairs that no training picture had, how many are exact?",
    ("none", "about 65", "about 95"), "about 65",
    "In the grid, the dots are the 18 pairs that were left out.",
)  # fmt: skip


def captions(looked, share, left_out, *, label="Captions, word by word"):
    """Show pictures of two digits as a player: the likeliest words at each step, and the pairs.

    Parameters
    ----------
    looked : dict of (int, int, int) to (array (16, 16), list of T lists of str, array (T, 3))
        For first digit, second digit and relation (1 is above): a picture, from 0 to 1, the three
        likeliest words at each step, and their probabilities.  The last word is ".", the end.
    share : array (10, 10)
        How often the caption of a pair is exact, from 0 to 1.
    left_out : collection of (int, int)
        The pairs that no training picture had.
    label : str
        What the player is, for those who cannot see it.
    """
    share = shaped(share, (10, 10), "share")
    presets = {
        (DIGITS[first], DIGITS[second], ("left of", "above")[above]): frames(
            (first, second, above), *seen, share, left_out
        )
        for (first, second, above), seen in looked.items()
    }
    return player(
        presets, label=label, interval=900, handle="word", guess=GUESS,
        choices=("first", "second", "relation"),
    )  # fmt: skip


def frames(pair, picture, words, p, share, left_out):
    """Draw a `Frame` for each word of a caption; see `captions`."""
    p = shaped(p, (len(words), 3), "p")
    ground = _ground(pair, picture, share, left_out)
    return [
        Frame(
            _drawn(ground, [best[0] for best in words[: k + 1]], words[k], p[k]),
            _sentence(pair, words[: k + 1], p[k], left_out),
        )
        for k in range(len(words))
    ]


def _ground(pair, picture, share, left_out):
    """Draw what stays: the picture and the grid."""
    canvas, side, edge = Canvas(), 16 * PIXEL, TOP + 16
    _shade(canvas, np.ceil(INKS * picture), INKS, LEFT, TOP, PIXEL, None)
    canvas.box(LEFT, TOP, side, side, None)
    canvas.text(LEFT + side / 2, TOP - 10, "the picture")
    exact = np.floor(np.round(10 * share - 5, 6))  # a level for each tenth above one half
    _shade(canvas, exact, SHARES, GRID, edge, CELL, "output")
    holes = [(GRID + b * CELL + 5, edge + a * CELL + 5, 4, 4) for a, b in sorted(left_out)]
    canvas.bars([*holes, (GRID + 3, edge + 10 * CELL + 25, 4, 4)], "error")
    canvas.box(GRID, edge, 10 * CELL, 10 * CELL, None)
    first, second, _ = pair
    canvas.text(GRID + 5 * CELL, TOP - 10, "first ↓ second →")
    _legend(canvas, edge + 10 * CELL + 6)
    canvas.text(GRID + (second + 0.5) * CELL, edge - 5, str(second), lit=True)
    canvas.text(GRID - 9, edge + (first + 0.5) * CELL + 4, str(first), lit=True)
    canvas.box(GRID + second * CELL, edge + first * CELL, CELL, CELL, None, lit=True)
    return canvas


def _legend(canvas, top):
    """Say below the grid what its cells and dots mean."""
    canvas.box(GRID, top, 10, 10, None)
    canvas.text(GRID + 14, top + 10, "< 60 %", anchor="start")
    canvas.bars([(GRID + 70, top, 10, 10)], "output")
    canvas.text(GRID + 84, top + 10, "all exact", anchor="start")
    canvas.text(GRID + 14, top + 26, "left out", anchor="start")


def _shade(canvas, level, most, left, top, size, colour):
    """Fill the cells of a table by their levels, 1 to most; neighbours alike as one."""
    for now in range(1, most + 1):
        runs = []
        for y, row in enumerate(level == now):
            edges = np.flatnonzero(np.diff(np.concatenate([[0], row, [0]])))
            runs += [
                (left + a * size, top + y * size, (b - a) * size, size)
                for a, b in edges.reshape(-1, 2)
            ]
        canvas.bars(runs, colour, strength=now / most)


def _drawn(ground, so_far, best, p):
    """Draw one word on its ground: what has been said, and what may come now."""
    canvas = Canvas()
    canvas.parts = list(ground.parts)
    canvas.text(LEFT, WORDS_AT, " ".join(so_far).replace(" .", "."), anchor="start", lit=True)
    for k, (word, chance) in enumerate(zip(best, p, strict=True)):
        y = WORDS_AT + LINE * (k + 0.5)
        canvas.text(LEFT + 60, y + 12, word if word != "." else "(end)", anchor="end")
        width = max(2, 5 * round(BAR * chance / 5))
        strength = 0.4 if k else 1.0
        canvas.bars([(LEFT + 68, y, width, LINE - 6)], "output", strength=strength)
        canvas.text(LEFT + 74 + BAR, y + 12, f"{chance:.2f}", anchor="start")
    return canvas.svg(GRID + 10 * CELL + 8, WORDS_AT + 3.5 * LINE + 4, least=0.95, most=1.6)


def _sentence(pair, words, p, left_out):
    said = [best[0] for best in words]
    told = ", ".join(
        f"{'the end' if word == '.' else word} {chance:.2f}"
        for word, chance in zip(words[-1], p, strict=True)
    )
    sentence = f"Word {len(words)}: {told}."
    if said[-1] != ".":
        return sentence
    exact = said[:-1] == caption(*pair)
    right = "as it should be" if exact else f"which is wrong: {' '.join(caption(*pair))}"
    never = " No training picture had this pair." if pair[:2] in left_out else ""
    return f"{sentence} The caption: {' '.join(said[:-1])}, {right}.{never}"
