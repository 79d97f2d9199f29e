"""A small picture for each part of the book: what is in it, without a word."""

from itertools import pairwise
from math import sin

from rnnbook.pictures.canvas import Canvas

WIDTH, HEIGHT, BOX = 240, 108, 22


def cover(part):
    """Draw the picture of a part, as an <svg> that says nothing to a screen reader.

    Raises
    ------
    KeyError
        Where there is no picture of a part of this name.
    """
    canvas = Canvas()
    COVERS[part](canvas)
    svg = canvas.svg(WIDTH, HEIGHT, least=0.6, most=1)
    return svg.replace("<svg ", '<svg class="cover" aria-hidden="true" ', 1)


def _box(canvas, x, y, colour, lit=False):
    canvas.box(x - BOX / 2, y - BOX / 2, BOX, BOX, colour, lit=lit)


def _right(canvas, x, y, to, colour=None):
    canvas.arrow([(x + BOX / 2 + 2, y), (to - BOX / 2 - 2, y)], colour)


def _up(canvas, x, y, to, colour=None):
    canvas.arrow([(x, y - BOX / 2 - 2), (x, to + BOX / 2 + 2)], colour)


def _loop(canvas, x, y, back, colour=None):
    """Lead out of the right side of a box, over it, and back into the left side of another."""
    canvas.arrow(
        [(x + BOX / 2 + 2, y), (x + 44, y - 44), (back - 44, y - 44), (back - BOX / 2 - 2, y)],
        colour,
        dashed=True,
    )


def foundations(canvas):
    """Draw a unit with an input, an output and a loop."""
    for x, colour in ((50, "input"), (120, "hidden"), (190, "output")):
        _box(canvas, x, 66, colour, lit=colour == "hidden")
    _right(canvas, 50, 66, 120)
    _right(canvas, 120, 66, 190)
    _loop(canvas, 120, 60, 120)


def architectures(canvas):
    """Draw three memories: a window of inputs, the output that comes back, the hidden unit."""
    for x in (18, 48, 78):
        _box(canvas, x, 92, "input")
        canvas.arrow([(x, 79), (48 + (x - 48) / 4, 51)])
    _box(canvas, 48, 36, "hidden", lit=True)
    for x in (146, 216):
        for y, colour in ((92, "input"), (54, "hidden"), (16, "output")):
            _box(canvas, x, y, colour, lit=colour == "hidden")
        _up(canvas, x, 92, 54)
        _up(canvas, x, 54, 16)
    canvas.arrow([(133, 16), (106, 16), (106, 54), (132, 54)], dashed=True)
    canvas.arrow([(203, 48), (176, 42), (176, 68), (202, 60)], dashed=True)


def training(canvas):
    """Draw a network unfolded over four steps, and an error that goes back from the last."""
    for k in range(4):
        x = 36 + 56 * k
        _box(canvas, x, 34, "hidden", lit=k == 3)
        if k:
            _right(canvas, x - 56, 29, x)
            canvas.arrow(
                [(x - BOX / 2 - 2, 42), (x - 56 + BOX / 2 + 2, 42)], "gradient", dashed=True
            )
        _box(canvas, x, 80, "input")
        _up(canvas, x, 80, 34)
    canvas.dot(204, 10, "error")


def prediction(canvas):
    """Draw a series that is known, and how it may go on."""
    points = [(10 + 5 * k, 50 - 22 * sin(0.45 * k) - 8 * sin(1.3 * k + 1)) for k in range(45)]
    canvas.line(points[:32], "input", width=2)
    canvas.line(points[31:], "output", width=2, dashed=True)
    canvas.line([(167, 8), (167, 90)], dashed=True, strength=0.5)


def _chain(canvas, count, *, first=0, y=56, lit=()):
    """Draw hidden units from left to right, and return where they stand."""
    places = [36 + 42 * (first + k) for k in range(count)]
    for k, x in enumerate(places):
        _box(canvas, x, y, "hidden", lit=k in lit)
        if k:
            _right(canvas, x - 42, y, x)
    return places


def classification(canvas):
    """Draw a sequence that is read, and one answer at its end."""
    places = _chain(canvas, 5, y=50, lit={4})
    for x in places:
        _box(canvas, x, 84, "input")
        _up(canvas, x, 84, 50)
    _box(canvas, places[-1], 14, "output", lit=True)
    _up(canvas, places[-1], 50, 14)


def generation(canvas):
    """Draw answers each of which is the next input."""
    places = _chain(canvas, 5, y=66)
    for x in places:
        _box(canvas, x, 24, "output", lit=x == places[-1])
        _up(canvas, x, 66, 24)
    for x, after in pairwise(places):
        canvas.arrow([(x + 13, 24), (x + 30, 30), (after - 30, 60), (after - 12, 58)], dashed=True)


def sequence_to_sequence(canvas):
    """Draw a sequence that is read, and then another that is written."""
    places = _chain(canvas, 5, y=50, lit={2})
    for x in places[:3]:
        _box(canvas, x, 84, "input")
        _up(canvas, x, 84, 50)
    for x in places[2:]:
        _box(canvas, x, 14, "output")
        _up(canvas, x, 50, 14)


COVERS = {
    "Foundations": foundations,
    "Architectures": architectures,
    "Training": training,
    "Prediction": prediction,
    "Classification": classification,
    "Generation": generation,
    "Sequence to sequence": sequence_to_sequence,
}
