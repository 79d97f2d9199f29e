"""Diagrams of networks, drawn from the object that computes: folded, and unfolded in time.

Trainable connections are dashed and fixed copies are solid, as in the lecture.
A delay of d steps is marked z⁻ᵈ, the sign for it in signal processing.
"""

from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from rnncore.networks import classify

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

    def svg(self, width, height):
        """Frame what was drawn; a narrow screen scrolls it rather than shrink its words."""
        style = f"width:100%;min-width:{width * 0.8:.0f}px;max-width:{width * 1.2:.0f}px"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
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
    boxes, right = _folded_layout(net.nodes, edges, rank)

    # Loops at their node; edges that run back go around the right side, each a little further out.
    lanes, loops, labels = right + 26, Counter(), []
    for edge in sorted(edges, key=lambda edge: edge.source != edge.target):
        strong = edge in lit or str(edge) in lit
        colour = "error" if edge in refused else None
        source, target = boxes[edge.source], boxes[edge.target]
        words = _label(edge)
        if edge.source == edge.target:
            points = _loop(source, loops[edge.source])
            loops[edge.source] += 1
            place = (points[1][0] + 2 - (points[1][0] - source.right - 44) / 4, source.y + 4)
            lanes = max(lanes, place[0] + 8 * len(words) + 10)
        elif rank[edge.source] < rank[edge.target]:
            points, place = _upwards(edges, edge, source, target, rank, boxes)
        else:
            start, end = (source.right, source.y - 6), (target.right, target.y + 6)
            points = [start, (lanes, start[1]), (lanes, end[1]), end]
            bend = (start[0] + end[0]) / 8 + lanes * 3 / 4
            place = (bend + 4, (start[1] + end[1]) / 2 + 4)
            lanes += 8 * len(words) + 24
        canvas.arrow(points, colour, lit=strong, dashed=edge.trainable)
        labels.append((place, words, colour, strong))
    for place, words, colour, strong in labels:  # over all lines
        canvas.text(*place, words, colour, lit=strong, anchor="start", ground=True)
    for node in net.nodes:
        box = boxes[node.name]
        strong = node.name in lit
        canvas.box(*box.corner, box.width, box.height, KIND_COLOURS[node.kind], lit=strong)
        canvas.text(box.x, box.y - 3, node.name, KIND_COLOURS[node.kind], lit=strong)
        canvas.text(box.x, box.y + 13, _units(node))
    height = max(box.bottom for box in boxes.values()) + 8
    width = max(lanes, max(box.right for box in boxes.values())) + 8
    alt = describe(net)
    if refused:
        alt += f" Refused: {'; '.join(map(_in_words, refused))}."
    return Picture(canvas.svg(width, height), alt, caption or f"{classify(net)}.")


def unfolded(unfolding, *, caption=None, highlight=()):
    """Picture an unfolded network: time runs to the right, a column for each moment.

    Parameters
    ----------
    unfolding : rnncore.unfolding.Unfolded
    caption : str, optional
        Under the picture; says how many copies share their weights, unless given.
    highlight : iterable of str
        Nodes ("h(2)") and edges ("h(1) -> h(2)") that are drawn strongly.
    """
    net, lit, canvas = unfolding.network, set(highlight), Canvas()
    boxes = _unfolded_layout(unfolding)
    for edge in net.edges:
        strong = str(edge) in lit
        source, target = boxes[edge.source], boxes[edge.target]
        points = _across(source, target)
        canvas.arrow(points, lit=strong, dashed=edge.trainable)
        if unfolding.steps <= 4 or unfolding.copies[edge.target].time == unfolding.steps:
            (x0, y0), (x1, y1) = points[0], points[-1]
            lift = 0.75 * (points[1][1] - y0) if len(points) == 4 else 0
            place = (x0 + 0.4 * (x1 - x0) + 7, y0 + 0.4 * (y1 - y0) + lift + 4)
            canvas.text(*place, _label(edge), lit=strong, anchor="start", ground=True)
    for node in net.nodes:
        box, copy = boxes[node.name], unfolding.copies[node.name]
        kind = KIND_COLOURS[unfolding.folded[copy.name].kind]
        canvas.box(*box.corner, box.width, box.height, kind, lit=node.name in lit,
                   faint=copy.time < 1)  # fmt: skip
        canvas.text(box.x, box.y + 4, node.name, kind, lit=node.name in lit)
    width = max(box.right for box in boxes.values()) + 8
    height = max(box.bottom for box in boxes.values()) + 8
    if caption is None:
        many = unfolding.steps
        copies = "one copy" if many == 1 else f"{many} copies that share their weights"
        caption = f"Unfolded in time: {copies}."
    return Picture(canvas.svg(width, height), describe(net), caption)


def describe(net):
    """Say in words what the picture of a network shows, from the graph."""
    nodes = ", ".join(f"{node.name} ({node.kind}, {_units(node)})" for node in net.nodes)
    edges = "; ".join(_in_words(edge) for edge in net.edges)
    return f"Nodes: {nodes}. Connections: {edges or 'none'}."


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

BOX, SMALL = (96, 42), (58, 30)  # (width, height) of a node, folded and unfolded
PARALLEL = 46  # room for each of several edges between the same two nodes
LANE = 52  # room for each edge that passes rows on the left


class _Box(NamedTuple):
    x: float  # the middle
    y: float
    width: float
    height: float

    @property
    def corner(self):
        return self.x - self.width / 2, self.y - self.height / 2

    @property
    def right(self):
        return self.x + self.width / 2

    @property
    def left(self):
        return self.x - self.width / 2

    @property
    def top(self):
        return self.y - self.height / 2

    @property
    def bottom(self):
        return self.y + self.height / 2


def _rows(nodes, rank):
    """List the nodes of each height, from the lowest."""
    return [
        [node for node in nodes if rank[node.name] == height]
        for height in range(1 + max(rank.values()))
    ]


def _folded_layout(nodes, edges, rank):
    """Place a box for each node, wide enough for its parallel edges; return also the right end."""
    parallel = Counter((edge.source, edge.target) for edge in edges)
    width = {
        node.name: max([BOX[0]] + [PARALLEL * many for pair, many in parallel.items()
                                   if node.name in pair and len(set(pair)) == 2])
        for node in nodes
    }  # fmt: skip
    rows = _rows(nodes, rank)
    gap = 40
    total = max(sum(width[n.name] + gap for n in row) - gap for row in rows)
    skips = sum(rank[e.target] - rank[e.source] > 1 for e in edges)
    margin = 8 + LANE * skips
    boxes = {}
    for height, row in enumerate(rows):
        x = margin + (total - sum(width[n.name] + gap for n in row) + gap) / 2
        y = 8 + BOX[1] / 2 + (len(rows) - 1 - height) * (BOX[1] + 60)
        for node in row:
            boxes[node.name] = _Box(x + width[node.name] / 2, y, width[node.name], BOX[1])
            x += width[node.name] + gap
    return boxes, margin + total


def _upwards(edges, edge, source, target, rank, boxes):
    """Route an edge to a higher node, beside its parallels; return the points and its middle."""
    together = [e for e in edges if (e.source, e.target) == (edge.source, edge.target)]
    place = together.index(edge)
    shift = PARALLEL * (place - (len(together) - 1) / 2)
    into = [e for e in edges
            if e.target == edge.target and rank[e.source] < rank[e.target]]  # fmt: skip
    others = list(dict.fromkeys(e.source for e in into))
    spread = 22 * (others.index(edge.source) - (len(others) - 1) / 2) if len(others) > 1 else 0
    start, end = (source.x + shift, source.top), (target.x + shift + spread, target.bottom)
    if rank[edge.target] - rank[edge.source] == 1:
        share = 0.5 if len(together) == 1 else 0.35 + 0.3 * (place % 2)
        middle = (
            start[0] + share * (end[0] - start[0]) + 5,
            start[1] + share * (end[1] - start[1]) + 4,
        )
        return [start, end], middle
    # Past the rows between, on the left of everything, each a little further out.
    skipping = [e for e in edges if rank[e.target] - rank[e.source] > 1]
    left = min(box.left for box in boxes.values()) - 40 - LANE * skipping.index(edge)
    start, end = (source.left, source.y), (target.left, target.y)
    middle = (left * 0.75 + (start[0] + end[0]) / 8 + 6, (start[1] + end[1]) / 2 + 4)
    return [start, (left, start[1]), (left, end[1]), end], middle


def _loop(box, place=0):
    """Route an edge from a node back to itself, at the right of its box, outside `place` others."""
    out, up = 44 + 80 * place, 26 + 14 * place
    return [
        (box.right, box.y + 8 + 4 * place), (box.right + out, box.y + up),
        (box.right + out, box.y - up), (box.right, box.y - 8 - 4 * place),
    ]  # fmt: skip


def _unfolded_layout(unfolding):
    """Place the copies: a column for each moment, context units at the left of the inputs."""
    net, folded = unfolding.network, unfolding.folded
    rank, rows = ranks(folded), {}
    for node in sorted(folded.nodes, key=lambda node: node.kind != "context"):
        rows.setdefault(rank[node.name], []).append(node.name)
    slots = max(map(len, rows.values()))
    column = slots * (SMALL[0] + 12) + 34
    first = min(copy.time for copy in unfolding.copies.values())
    top = max(rows)
    boxes = {}
    for node in net.nodes:
        name, time = unfolding.copies[node.name].name, unfolding.copies[node.name].time
        row = rows[rank[name]]
        x = 8 + SMALL[0] / 2 + (time - first) * column
        x += (row.index(name) - (len(row) - 1) / 2 + (slots - 1) / 2) * (SMALL[0] + 12)
        y = 24 + SMALL[1] / 2 + (top - rank[name]) * (SMALL[1] + 54)
        boxes[node.name] = _Box(x, y, *SMALL)
    return boxes


def _across(source, target):
    """Route an edge of an unfolded network: up, down, along its row, or over its neighbours."""
    if source.y > target.y and source.x == target.x and source.top - target.bottom > SMALL[1] + 54:
        left = source.left - 22  # past the boxes between
        return [
            (source.left, source.y),
            (left, source.y),
            (left, target.y),
            (target.left, target.y),
        ]
    if source.y > target.y:
        return [(source.x, source.top), (target.x, target.bottom)]
    if source.y < target.y:
        return [(source.x, source.bottom), (target.x, target.top)]
    if target.left - source.right < 2 * SMALL[0]:
        return [(source.right, source.y), (target.left, target.y)]
    lift = source.top - 30
    return [(source.x, source.top), (source.x + 20, lift), (target.x - 20, lift),
            (target.x, target.top)]  # fmt: skip


# What is written.


def _units(node):
    units = f"{node.size} unit{'s' if node.size > 1 else ''}"
    return units if node.activation == "identity" else f"{node.size} {node.activation}"


def _label(edge):
    weight = edge.weight if edge.trainable else f"{edge.fixed:g}"
    delay = f"z{str(-edge.delay).translate(SUPERSCRIPTS)} " if edge.delay else ""
    return f"{delay}{weight}"


def _in_words(edge):
    weight = f"weights {edge.weight}" if edge.trainable else f"a fixed copy times {edge.fixed:g}"
    steps = "one step" if edge.delay == 1 else f"{edge.delay} steps"
    return f"from {edge.source} to {edge.target} by {weight}" + (
        f", {steps} later" if edge.delay else ""
    )


def _faint(faint):
    return ' opacity="0.45"' if faint else ""


def _xy(point):
    return f"{point[0] + 0.0:.5g} {point[1] + 0.0:.5g}"
