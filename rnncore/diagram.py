"""Diagrams of networks, drawn from the object that computes: folded, and unfolded in time.

Trainable connections are dashed and fixed copies are solid, as in the lecture.
A delay of d steps is marked z⁻ᵈ, the sign for it in signal processing.
"""

from collections import Counter
from dataclasses import dataclass
from html import escape

from rnncore.networks import classify
from rnncore.routing import Box, Line, route, text_width

# One meaning, one colour, in every chapter; the page replaces the variables in dark mode.
COLOURS = {
    "input": "#0068a8",
    "hidden": "#8f6000",
    "output": "#00785a",
    "error": "#b84300",
    "gradient": "#9c3d7a",
}
KIND_COLOURS = {"input": "input", "hidden": "hidden", "context": "gradient", "output": "output"}
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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
        for name in ("alt", "caption"):
            if not getattr(self, name).strip():
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

    def box(self, left, top, width, height, colour, *, lit=False, faint=False):
        """Draw a rounded box; filled with a tint of its colour when lit."""
        paint = ink(colour)
        mark = " data-lit" if lit else ""  # the page brings it into view
        self.parts.append(
            f'<rect{mark} x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="6"'
            f' style="stroke:{paint};fill:{paint}" fill-opacity="{0.16 if lit else 0}"'
            f' stroke-width="{2.5 if lit else 1.2}"{_faint(faint)}/>'
        )

    def text(self, x, y, words, colour=None, *, lit=False, anchor=None, ground=False):
        """Write words at their base line; on a ground of the page's colour where lines pass."""
        style = f"fill:{ink(colour)};" if colour else ""
        if ground:
            style += "paint-order:stroke;stroke:var(--rnn-paper, transparent);stroke-width:4px;"
        style = f' style="{style}"' if style else ""
        weight = ' data-lit font-weight="700"' if lit else ""
        anchor = f' text-anchor="{anchor}"' if anchor else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}"{anchor}{weight}{style}>{escape(words)}</text>'
        )

    def arrow(self, points, colour=None, *, lit=False, faint=False, dashed=False, wide=None):
        """Draw an arrow through points: two for a line, four for a Bézier curve."""
        (x0, y0), *between, (x1, y1) = points
        bx, by = between[-1] if between else (x0, y0)
        length = max(((x1 - bx) ** 2 + (y1 - by) ** 2) ** 0.5, 1e-9)
        dx, dy = (x1 - bx) / length, (y1 - by) / length  # the direction in which it arrives
        neck = (x1 - 7 * dx, y1 - 7 * dy)
        way = [(x0, y0), *between, neck]
        path = f"M{_xy(way[0])}{'C' if between else 'L'}{' '.join(map(_xy, way[1:]))}"
        wings = [(neck[0] - 4 * dy, neck[1] + 4 * dx), (neck[0] + 4 * dy, neck[1] - 4 * dx)]
        head = f"M{_xy((x1, y1))}L{_xy(wings[0])}L{_xy(wings[1])}z"
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        paint = ink(colour)
        self.parts.append(
            f'<g style="stroke:{paint};fill:{paint}"{_faint(faint)}>'
            f'<path d="{path}" fill="none" stroke-width="{wide or (2.5 if lit else 1.2)}"{dash}/>'
            f'<path d="{head}" stroke="none"/></g>'
        )

    def label(self, line, colour=None, *, lit=False):
        """Write the words of a `rnncore.routing.Line` where they have their place."""
        x, y = line.label[:2]
        self.text(x, y + 4, line.words, colour, lit=lit, ground=True)

    def fitted(self, lines, boxes):
        """Frame lines, with their labels, and boxes: no more and no less."""
        boxes = [*boxes, *(line.label for line in lines)]
        boxes += [Box(*point, 8, 8) for line in lines for point in line.points]
        left, top = min(box.left for box in boxes) - 6, min(box.top for box in boxes) - 6
        width, height = max(box.right for box in boxes) + 6, max(box.bottom for box in boxes) + 6
        return self.svg(width - left, height - top, left, top, least=0.96, most=1.1)

    def svg(self, width, height, left=0, top=0, *, least=0.8, most=1.2):
        """Frame what was drawn; a narrow screen scrolls it rather than shrink its words."""
        style = f"width:100%;min-width:{width * least:.0f}px;max-width:{width * most:.0f}px"
        view = f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}"'
            f' style="{style};height:auto" font-size="11.5" fill="currentColor"'
            f' text-anchor="middle">{"".join(self.parts)}</svg>'
        )


def network(net, *, caption=None, highlight=(), rows=None, refused=()):
    """Picture a network as it is built: inputs below, outputs above, loops at the right.

    Parameters
    ----------
    net : rnncore.networks.Network
    caption : str, optional
        Under the picture; the class of the network and the reason, unless given.
    highlight : iterable of str or rnncore.networks.Edge
        Nodes ("h") and edges ("h -> y", or one of several as it is) that are drawn strongly.
    rows : sequence of sequences of str, optional
        Which nodes stand beside one another, from the bottom up; what is computed later stands
        higher, unless given.
    refused : iterable of rnncore.networks.Edge
        Edges that the network does not have, since it cannot have them; drawn in the colour of
        an error.
    """
    lit, canvas, refused = set(highlight), Canvas(), list(refused)
    rank = {name: k for k, row in enumerate(rows) for name in row} if rows else ranks(net)
    edges = [*net.edges, *refused]
    boxes = _folded_layout(net.nodes, edges, rank)
    lines = [
        Line(
            boxes[edge.source], boxes[edge.target], (edge.source, edge.target),
            around=rank[edge.source] >= rank[edge.target], words=_label(edge),
        )
        for edge in edges
    ]  # fmt: skip
    route(lines, boxes.values(), spread=PARALLEL)
    for edge, line in zip(edges, lines, strict=True):
        strong = edge in lit or str(edge) in lit
        colour = "error" if edge in refused else None
        canvas.arrow(line.path, colour, lit=strong, dashed=edge.trainable)
    for edge, line in zip(edges, lines, strict=True):  # words over all lines
        strong = edge in lit or str(edge) in lit
        canvas.label(line, "error" if edge in refused else None, lit=strong)
    for node in net.nodes:
        box, strong, colour = boxes[node.name], node.name in lit, KIND_COLOURS[node.kind]
        canvas.box(box.left, box.top, box.width, box.height, colour, lit=strong)
        canvas.text(box.x, box.y - 3, node.name, colour, lit=strong)
        canvas.text(box.x, box.y + 13, _units(node))
    alt = describe(net)
    if refused:
        alt += f" Refused: {'; '.join(map(_in_words, refused))}."
    return Picture(canvas.fitted(lines, boxes.values()), alt, caption or f"{classify(net)}.")


def unfolded(unfolding, *, caption=None, highlight=()):
    """Picture an unfolded network: time runs to the right, a column for each moment.

    All copies of a connection look the same; what was there before the first step is faint.

    Parameters
    ----------
    unfolding : rnncore.unfolding.Unfolded
    caption : str, optional
        Under the picture; says how many copies share their weights, unless given.
    highlight : iterable of str
        Nodes ("h(2)") and edges ("h(1) -> h(2)") that are drawn strongly.
    """
    net, folded, copies = unfolding.network, unfolding.folded, unfolding.copies
    cell, column = _column_layout(folded)
    boxes = {name: cell[copy.name].moved(copy.time * column) for name, copy in copies.items()}

    # One column is routed, in the midst of full ones; the others are the same again.
    reach = 2 + max((edge.delay for edge in folded.edges), default=0)
    shifts = [column * k for k in range(-reach, reach + 1)]
    lines = [
        Line(
            cell[edge.source].moved(-edge.delay * column), cell[edge.target].moved(0.0),
            (edge.source, edge.target), words=_label(edge, delay=False),
        )
        for edge in folded.edges
    ]  # fmt: skip
    route(lines, [box.moved(dx) for box in cell.values() for dx in shifts], columns=shifts)
    pattern = dict(zip(folded.edges, lines, strict=True))
    drawn = [
        (edge, pattern[kind].moved(time * column))
        for time in range(1, unfolding.steps + 1)
        for kind, edge in zip(folded.edges, unfolding.arriving(time), strict=True)
    ]
    lit, canvas = set(highlight), Canvas()
    for edge, line in drawn:
        canvas.arrow(line.path, lit=str(edge) in lit, dashed=edge.trainable)
    for edge, line in drawn:  # words over all lines
        canvas.label(line, lit=str(edge) in lit)
    for node in net.nodes:
        box, copy, strong = boxes[node.name], copies[node.name], node.name in lit
        colour = KIND_COLOURS[folded[copy.name].kind]
        canvas.box(box.left, box.top, box.width, box.height, colour, lit=strong,
                   faint=copy.time < 1)  # fmt: skip
        canvas.text(box.x, box.y + 4, node.name, colour, lit=strong)
    if caption is None:
        many = unfolding.steps
        words = "one copy" if many == 1 else f"{many} copies that share their weights"
        caption = f"Unfolded in time: {words}."
    svg = canvas.fitted([line for _, line in drawn], boxes.values())
    return Picture(svg, describe_unfolded(unfolding), caption)


def describe(net):
    """Say in words what the picture of a network shows, from the graph."""
    nodes = ", ".join(f"{node.name} ({node.kind}, {_units(node)})" for node in net.nodes)
    edges = "; ".join(_in_words(edge) for edge in net.edges)
    return f"Nodes: {nodes}. Connections: {edges or 'none'}."


def describe_unfolded(unfolding):
    """Say in words what the picture of an unfolded network shows, from the graph.

    What is the same at every moment is said once, for a moment t.
    """
    folded, steps = unfolding.folded, unfolding.steps
    nodes = ", ".join(f"{node.name}(t) ({node.kind}, {_units(node)})" for node in folded.nodes)
    edges = "; ".join(_at_a_moment(edge) for edge in folded.edges)
    start = ", ".join(node.name for node in unfolding.start)
    moments = "one moment, t = 1" if steps == 1 else f"{steps} moments, t = 1 to {steps}"
    return (
        f"Time runs to the right over {moments}. At each moment: {nodes}."
        f" Connections, the same at each moment: {edges or 'none'}."
        f" Before the first step: {start or 'nothing'}."
    )


def ranks(net):
    """Give each node its height: one above the highest that it needs at the same moment."""
    rank = {}
    for name in net.order:
        below = [rank[edge.source] for edge in net.into(name) if edge.delay == 0]
        below += [rank[edge.source] for edge in net.into(name)
                  if edge.source in rank and net[edge.source].kind == "input"]  # fmt: skip
        rank[name] = 1 + max(below, default=-1)
    return rank


# Where things go: every length in pixels.

BOX, SMALL = (96, 42), (44, 28)  # the least (width, height) of a node, folded and unfolded
PARALLEL = 46  # room for each of several edges between the same two nodes


def _rows(nodes, rank):
    """List the nodes of each height, from the lowest."""
    return [
        [node for node in nodes if rank[node.name] == height]
        for height in range(1 + max(rank.values()))
    ]


def _row(names, widths, gap, y, height):
    """Place boxes beside each other, around x = 0."""
    x = -(sum(widths[name] + gap for name in names) - gap) / 2
    boxes = {}
    for name in names:
        boxes[name] = Box(x + widths[name] / 2, y, widths[name], height)
        x += widths[name] + gap
    return boxes


def _folded_layout(nodes, edges, rank):
    """Place a box for each node, wide enough for its words and its parallel edges."""
    parallel = Counter((edge.source, edge.target) for edge in edges)
    widths = {
        node.name: max(
            BOX[0], text_width(node.name) + 14, text_width(_units(node)) + 14,
            *(PARALLEL * many for pair, many in parallel.items()
              if node.name in pair and len(set(pair)) == 2),
        )
        for node in nodes
    }  # fmt: skip
    boxes = {}
    rows = _rows(nodes, rank)
    for below, row in enumerate(reversed(rows)):
        names = [node.name for node in row]
        boxes |= _row(names, widths, 40, BOX[1] + below * (BOX[1] + 60), BOX[1])
    return boxes


def _column_layout(net):
    """Place the boxes of one moment around x = 0, and say how far apart the moments are.

    Context units that need nothing of their own moment stand in a row between the inputs and
    what is above them, and between this moment and the one before.
    """
    rank = ranks(net)
    between = {name for name in rank if rank[name] == 0 and net[name].kind == "context"}
    if all(name in between for name in rank if rank[name] == 0):
        between = set()  # there is nothing below them
    rows = [
        [node.name for node in row if node.name not in between] for row in _rows(net.nodes, rank)
    ]
    if between:
        rows.insert(1, [node.name for node in net.nodes if node.name in between])
    widths = {name: max(SMALL[0], text_width(f"{name}(88)") + 4) for name in rank}
    taps = [
        sum(edge.delay > 0 and rank[edge.source] < rank[name] for edge in net.into(name))
        for name in rank
    ]
    pitch = SMALL[1] + 44 + 10 * max(0, max(taps) - 1)  # more room for bundles of arrows

    total = [sum(widths[name] + 12 for name in row) - 12 for row in rows]
    column = max(wide + 46 for wide in total)
    boxes = {}
    for height, row in enumerate(rows):
        placed = _row(row, widths, 12, -height * pitch, SMALL[1])
        shift = -column / 2 if between.intersection(row) else 0.0
        boxes |= {name: box.moved(shift) for name, box in placed.items()}
    return boxes, column


# What is written.


def _units(node):
    units = f"{node.size} unit{'s' if node.size > 1 else ''}"
    return units if node.activation == "identity" else f"{node.size} {node.activation}"


def _label(edge, delay=True):
    weight = edge.weight if edge.trainable else f"{edge.fixed:g}"
    delay = f"z{str(-edge.delay).translate(SUPERSCRIPTS)} " if edge.delay and delay else ""
    return f"{delay}{weight}"


def _in_words(edge):
    weight = f"weights {edge.weight}" if edge.trainable else f"a fixed copy times {edge.fixed:g}"
    steps = "one step" if edge.delay == 1 else f"{edge.delay} steps"
    return f"from {edge.source} to {edge.target} by {weight}" + (
        f", {steps} later" if edge.delay else ""
    )


def _at_a_moment(edge):
    weight = f"weights {edge.weight}" if edge.trainable else f"a fixed copy times {edge.fixed:g}"
    time = f"t-{edge.delay}" if edge.delay else "t"
    return f"from {edge.source}({time}) to {edge.target}(t) by {weight}"


def _faint(faint):
    return ' opacity="0.45"' if faint else ""


def _xy(point):
    return f"{point[0] + 0.0:.5g} {point[1] + 0.0:.5g}"
