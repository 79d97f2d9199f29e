"""Tunes bar by bar, those of six eighths in green, to be seen and, on the page, to be heard."""

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player, steady
from rnncore.notes import bars, eighths

# Layout in pixels: four bars a row.
ACROSS, WIDE, HIGH, GAP, TOP = 4, 82, 26, 4, 20
MOST = 24  # bars that are drawn and heard
GUESS = Guess(
    "The table chooses each sign by the four before it. How many of its bars last six eighths?",
    ("hardly any", "not quite half", "nearly all"),
    "not quite half",
    "Some bars have a rhythm so common that it comes out by itself; but the table cannot count.",
)


def tunes(written, *, label="Jigs, bar by bar"):
    """Show tunes as a player: each frame one of them.

    Parameters
    ----------
    written : dict of str to list of (key, abc)
        Who wrote them, and what.
    label : str
        What the player is, for those who cannot see it.
    """
    presets = {who: frames(who, some) for who, some in written.items()}
    return player(
        presets, label=label, interval=2500, handle="tune", guess=GUESS, choices=("writer",)
    )


def frames(who, some):
    """Draw a `Frame` for each of some tunes."""
    return steady([_frame(who, k, key, abc) for k, (key, abc) in enumerate(some, start=1)])


def _frame(who, number, key, abc):
    lengths = eighths(abc)
    canvas = Canvas()
    canvas.text(2, 12, f"{number}. in {key}", lit=True, anchor="start")
    for k, (bar, length) in enumerate(zip(abc.split("|")[:MOST], lengths, strict=False)):
        left, top = k % ACROSS * (WIDE + GAP), TOP + k // ACROSS * (HIGH + GAP)
        colour = "output" if length == 6 else "error"
        canvas.box(left, top, WIDE, HIGH, colour)
        canvas.bars([(left, top, WIDE, HIGH)], colour, strength=0.15)
        canvas.text(left + WIDE / 2, top + 17, bar if len(bar) < 11 else f"{bar[:8]}…", colour)
    rows = -(-min(len(lengths), MOST) // ACROSS)
    svg = canvas.svg(
        ACROSS * (WIDE + GAP), TOP + rows * (HIGH + GAP) + 2, left=-2, least=0.95, most=1.5,
        notes=heard(abc, key),
    )  # fmt: skip
    return Frame(svg, _sentence(who, number, key, lengths))


def heard(abc, key):
    """Write the notes of the bars that are drawn, pitch:eighths, 0 for a rest.

    >>> heard("A2z|B/2", "C")
    '69:2 0:1 71:0.5'
    """
    return " ".join(
        f"{note.pitch or 0}:{float(note.eighths):.4g}"
        for bar in bars(abc, key)[:MOST]
        for note in bar
    )


def _sentence(who, number, key, lengths):
    whole = sum(length == 6 for length in lengths)
    cut = f", of which {MOST} are shown" if len(lengths) > MOST else ""
    return (
        f"Tune {number} in {key}, by {who}: {whole} of its {len(lengths)} bars{cut}, those in"
        " green, last six eighths."
    )
