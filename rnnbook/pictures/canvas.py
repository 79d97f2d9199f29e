"""The canvas of all diagrams: boxes, words and arrows on one <svg> in the page's colours."""

from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from itertools import chain

from rnnbook.pictures.routing import Box, along
from rnncore.arrays import text

# One meaning, one colour, in every chapter; the page replaces the variables in dark mode.
COLOURS = {
    "input": "#0068a8",
    "hidden": "#8f6000",
    "output": "#00785a",
    "error": "#b84300",
    "gradient": "#9c3d7a",
}
# Behind words on a line: the colour of the page, of Jupyter's, or none.
GROUND = "var(--rnn-paper, var(--jp-layout-color0, transparent))"


def ink(name):
    """CSS colour of one of `COLOURS`, which the page may change for dark ground."""
    return f"var(--rnn-{name}, {COLOURS[name]})" if name else "currentColor"


@dataclass(frozen=True)
class Picture:
    """An SVG figure with its alternative text and its caption; displays itself.

    Raises ValueError where the alternative text or the caption is empty.
    """

    svg: str  # from <svg to </svg>
    alt: str
    caption: str

    def __post_init__(self):
        for name in ("svg", "alt", "caption"):
            if not text(getattr(self, name), name).strip():
                raise ValueError(f"{name} must say something about the figure, got an empty text")

    def __repr__(self):
        return f"Picture: {self.caption}"

    def _repr_html_(self):
        svg = self.svg.replace("<svg ", f'<svg role="img" aria-label="{escape(self.alt)}" ', 1)
        return (
            f'<figure class="picture">{svg}<figcaption>{escape(self.caption)}</figcaption></figure>'
        )


class Canvas:
    """Boxes, words and arrows, collected into one <svg> that takes the page's colours."""

    def __init__(self):
        self.parts = []
        self.follows = True  # whether the page is to bring what is lit into view

    def box(self, left, top, width, height, colour, *, lit=False, faint=False):
        """Draw a rounded box; filled with a tint of its colour when lit."""
        paint = ink(colour)
        mark = " data-lit" if lit and self.follows else ""
        self.parts.append(
            f'<rect{mark} x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
            f' rx="{min(6, width / 4, height / 4):g}" style="stroke:{paint};fill:{paint}"'
            f' fill-opacity="{0.16 if lit else 0}" stroke-width="{2.5 if lit else 1.2}"'
            f"{_faint(faint)}/>"
        )

    def text(self, x, y, words, colour=None, *, lit=False, anchor=None, ground=False):
        """Write words at their base line; on a ground of the page's colour where lines pass."""
        style = f"fill:{ink(colour)};" if colour else ""
        if ground:
            style += f"paint-order:stroke;stroke:{GROUND};stroke-width:4px;"
        style = f' style="{style}"' if style else ""
        weight = ' font-weight="700"' if lit else ""
        mark = " data-lit" if lit and self.follows else ""
        anchor = f' text-anchor="{anchor}"' if anchor else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}"{anchor}{mark}{weight}{style}>{escape(words)}</text>'
        )

    def typed(self, x, y, words, letter):
        """Write words from x on in letters of one width, in pixels, with all their spaces."""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" text-anchor="start" xml:space="preserve"'
            f' textLength="{len(words) * letter:g}" style="font-family:monospace">'
            f"{escape(words)}</text>"
        )

    def arrow(self, points, colour=None, *, lit=False, faint=False, dashed=False):
        """Draw an arrow through points: two for a line, four for a Bézier curve."""
        (x0, y0), *between, (x1, y1) = points
        bx, by = between[-1] if between else (x0, y0)
        length = max(((x1 - bx) ** 2 + (y1 - by) ** 2) ** 0.5, 1e-9)
        dx, dy = (x1 - bx) / length, (y1 - by) / length  # the direction in which it arrives
        neck = (x1 - 7 * dx, y1 - 7 * dy)
        path = f"M{_xy(x0, y0)}{'C' if between else 'L'}{_xy(*chain(*between, neck))}"
        wings = neck[0] - 4 * dy, neck[1] + 4 * dx, neck[0] + 4 * dy, neck[1] - 4 * dx
        head = f"M{_xy(x1, y1)}L{_xy(*wings)}z"
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        paint = ink(colour)
        self.parts.append(
            f'<g style="stroke:{paint};fill:{paint}"{_faint(faint)}>'
            f'<path d="{path}" fill="none" stroke-width="{2.5 if lit else 1.2}"{dash}/>'
            f'<path d="{head}" stroke="none"/></g>'
        )

    def line(self, points, colour=None, *, width=1.0, dashed=False, strength=1.0):
        """Join points by a line, such as an axis or a curve; its strength is its opacity."""
        path = "L".join(_xy(*point) for point in points)
        dash = ' stroke-dasharray="3 3"' if dashed else ""
        self.parts.append(
            f'<path d="M{path}" fill="none" style="stroke:{ink(colour)}"'
            f' stroke-width="{width:g}"{dash} stroke-opacity="{strength:g}"/>'
        )

    def pieces(self, lines, colour=None, *, width=1.0):
        """Draw many lines alike, each a part of its own, which another frame can have too."""
        paths = "".join(f'<path d="M{"L".join(_xy(*point) for point in line)}"/>' for line in lines)
        self.parts.append(
            f'<g fill="none" style="stroke:{ink(colour)}" stroke-width="{width:g}">{paths}</g>'
        )

    def bars(self, rectangles, colour, *, strength=1.0):
        """Fill rectangles (left, top, width, height), all of them as one; opaque at strength 1."""
        path = "".join(f"M{_xy(x, y)}h{_xy(w)}v{_xy(h)}h{_xy(-w)}z" for x, y, w, h in rectangles)
        if path:
            fill = f'style="fill:{ink(colour)}" fill-opacity="{strength:g}"'
            self.parts.append(f'<path d="{path}" {fill}/>')

    @contextmanager
    def moved(self, right):
        """Draw what follows so many pixels further to the right; frames can share what moves."""
        self.parts.append(f'<g transform="translate({right:g} 0)">')
        yield
        self.parts.append("</g>")

    def dot(self, x, y, colour):
        """Draw a small full circle."""
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="3.5" style="fill:{ink(colour)}"/>')

    def fitted(self, lines, boxes, least=1.05):
        """Frame lines (path, label) and boxes: no more and no less; see `svg`."""
        points = [Box(*point, 8, 8) for path, _ in lines for point in along(path)]
        boxes = [*boxes, *points, *(label for _, label in lines)]
        left, top = (min(box.edge(side) for box in boxes) - 6 for side in ("left", "top"))
        right, bottom = (max(box.edge(side) for box in boxes) + 6 for side in ("right", "bottom"))
        return self.svg(right - left, bottom - top, left, top, least=least, most=1.2)

    def svg(self, width, height, left=0, top=0, *, least=0.8, most=1.2, notes=""):
        """Frame what was drawn; a narrow screen scrolls it rather than shrink its words.

        A page plays `notes`, a list of pitch:eighths with spaces between.
        """
        style = f"width:100%;min-width:{width * least:.0f}px;max-width:{width * most:.0f}px"
        view = f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"
        heard = f'data-notes="{notes}" ' if notes else ""
        return (
            f'<svg {heard}xmlns="http://www.w3.org/2000/svg" viewBox="{view}"'
            f' style="{style};height:auto" font-size="11.5" fill="currentColor"'
            f' text-anchor="middle">{"".join(self.parts)}</svg>'
        )


def _faint(faint):
    return ' opacity="0.45"' if faint else ""


def _xy(*numbers):
    """Write coordinates, to a tenth of a pixel."""
    return " ".join(f"{round(float(number), 1) + 0.0:g}" for number in numbers)


def text_width(words, *, lit=False):
    """Estimate how wide words are, in pixels, in letters of 11.5 pixels; bold ones are wider.

    >>> text_width("W") < text_width("W", lit=True) < text_width("context(1)") < 80
    True
    """
    small = sum(letter in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹" for letter in words)
    return (6.6 * (len(words) - small) + 5.5 * small) * (1.15 if lit else 1)
