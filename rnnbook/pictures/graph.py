"""Diagrams of networks, drawn from the object that computes: folded, and unfolded in time.

Trainable connections are dashed and fixed copies are solid, as in the lecture.
A delay of d steps is marked z⁻ᵈ, the sign for it in signal processing.
"""

from collections import Counter
from collections.abc import Hashable

import numpy as np

from rnnbook.pictures.canvas import Canvas, Picture, text_width
from rnnbook.pictures.routing import PARALLEL, Box, route
from rnncore.arrays import instance, listed
from rnncore.networks import Network, classify
from rnncore.unfolding import Unfolded

KIND_COLOURS = {"input": "input", "hidden": "hidden", "context": "gradient", "output": "output"}
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
BOX, SMALL = (96, 42), (44, 28)  # the least (width, height) of a node in pixels, also unfolded


def folded(net, *, caption=None, highlight=(), rows=None, refused=()):
    """Picture a network as it is built: inputs below, outputs above, loops at the right.

    Parameters
    ----------
    net : rnncore.networks.Network
    caption : str, optional
        Under the picture; the class of the network and the reason, unless given.
    highlight : list of str or rnncore.networks.Edge
        Nodes ("h") and edges ("h -> y", or one of several as it is) that are drawn strongly.
    rows : sequence of sequences of str, optional
        Which nodes stand beside one another, from the bottom up; what is computed later stands
        higher, unless given.
    refused : iterable of rnncore.networks.Edge
        Edges that the network does not have, since it cannot have them; drawn in the colour of
        an error.

    Raises
    ------
    ValueError
        Where `highlight` names what is not in the picture, or `rows` leaves out a node.
    """
    instance(net, Network, "net")
    refused = list(refused)
    edges = [*net.edges, *refused]
    lit = _known(highlight, net, edges)
    rank = {name: k for k, row in enumerate(rows) for name in row} if rows else _ranks(net)
    if rank.keys() != set(net):
        raise ValueError(f"rows must hold the nodes {', '.join(net)}, got {', '.join(rank)}")
    boxes = _folded_layout(net.nodes, edges, rank)
    pairs = [(boxes[edge.source], boxes[edge.target]) for edge in edges]
    back = {pair for edge, pair in zip(edges, pairs, strict=True)
            if rank[edge.source] > rank[edge.target]}  # fmt: skip
    words = [_label(edge) for edge in edges]
    widths = [
        text_width(said, lit=_lit(edge, lit)) for edge, said in zip(edges, words, strict=True)
    ]
    lines = route(pairs, widths, [*boxes.values()], back=back)
    canvas = Canvas()
    _draw_lines(canvas, edges, lines, words, lit, refused)
    for node in net.nodes:
        box, strong, colour = boxes[node.name], node.name in lit, KIND_COLOURS[node.kind]
        canvas.box(box.edge("left"), box.edge("top"), *box[2:], colour, lit=strong)
        canvas.text(box.x, box.y - 3, node.name, colour, lit=strong)
        canvas.text(box.x, box.y + 13, _units(node))
    alt = describe(net)
    if refused:
        alt += f" Refused: {'; '.join(map(_in_words, refused))}."
    return Picture(canvas.fitted(lines, boxes.values()), alt, caption or f"{classify(net)}.")


def unfolded(unfolding, *, caption=None, highlight=(), follow=None, least=1.05):
    """Picture an unfolded network: time runs to the right, a column for each moment.

    All copies of a connection look the same; what was there before the first step is faint.

    Parameters
    ----------
    unfolding : rnncore.unfolding.Unfolded
    caption : str, optional
        Under the picture; says how many copies share their weights, unless given.
    highlight : list of str
        Nodes ("h(2)") and edges ("h(1) -> h(2)") that are drawn strongly.
    follow : str, optional
        The one of these nodes that the page brings into view; the first of them, unless given.
    least : float
        At this size or larger; a page that is narrower scrolls.

    Raises
    ------
    ValueError
        Where `highlight` names what is not in the picture, or `follow` what is not drawn strongly.
    """
    instance(unfolding, Unfolded, "unfolding")
    folded, copies, edges = unfolding.folded, unfolding.copies, unfolding.network.edges
    lit = _known(highlight, copies, edges)
    if follow is not None and follow not in lit & {*copies}:
        raise ValueError(f"follow must be a node of highlight, got {follow!r}")
    cell, column = _column_layout(folded)

    # One column is routed, in the midst of full ones; the others are the same again.
    reach = 2 + max((edge.delay for edge in folded.edges), default=0)
    columns = [column * k for k in range(-reach, reach + 1)]
    around = [box.moved(dx) for box in cell.values() for dx in columns]
    pairs = [
        (cell[edge.source].moved(-edge.delay * column), cell[edge.target]) for edge in folded.edges
    ]
    words = [_label(edge, delay=False) for edge in folded.edges]
    pattern = route(pairs, map(text_width, words), around, columns=columns)
    times = range(1, unfolding.steps + 1)
    lines = [
        (np.add(path, (t * column, 0)), label.moved(t * column))
        for t in times
        for path, label in pattern
    ]
    boxes = {name: cell[copy.name].moved(copy.time * column) for name, copy in copies.items()}
    canvas = Canvas()
    canvas.follows = follow is None
    _draw_lines(canvas, edges, lines, words * unfolding.steps, lit)
    for name, box in boxes.items():
        canvas.follows = follow in (None, name)
        colour, strong = KIND_COLOURS[folded[copies[name].name].kind], name in lit
        faint = copies[name].time < 1
        canvas.box(box.edge("left"), box.edge("top"), *box[2:], colour, lit=strong, faint=faint)
        canvas.text(box.x, box.y + 4, name, colour, lit=strong)
    if caption is None:
        many = unfolding.steps
        shared = "one copy" if many == 1 else f"{many} copies that share their weights"
        caption = f"Unfolded in time: {shared}."
    svg = canvas.fitted(lines, boxes.values(), least)
    return Picture(svg, describe_unfolded(unfolding), caption)


def _known(highlight, nodes, edges):
    """Return what is to be drawn strongly, as a set, if it is there."""
    lit, there = listed(highlight, "highlight", least=0), {*nodes, *edges, *map(str, edges)}
    unknown = [one for one in lit if not isinstance(one, Hashable) or one not in there]
    if unknown:
        raise ValueError(
            "highlight must name nodes or edges of the picture, got"
            f" {', '.join(sorted(map(str, unknown)))}"
        )
    return set(lit)


def _draw_lines(canvas, edges, lines, words, lit, refused=()):
    """Draw what `route` found: an arrow for each edge, and then the words over all of them."""
    styles = [
        {"colour": "error" if edge in refused else None, "lit": _lit(edge, lit)} for edge in edges
    ]
    for edge, (path, _), style in zip(edges, lines, styles, strict=True):
        canvas.arrow(path, dashed=edge.trainable, **style)
    for said, (_, label), style in zip(words, lines, styles, strict=True):
        canvas.text(label.x, label.y + 4, said, ground=True, **style)


def _lit(edge, lit):
    return edge in lit or str(edge) in lit


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


def _ranks(net):
    """Give each node its height: one above the highest that it needs at the same moment."""
    rank = {}
    for name in net.order:
        below = [rank[edge.source] for edge in net.into(name) if edge.delay == 0]
        below += [rank[edge.source] for edge in net.into(name)
                  if edge.source in rank and net[edge.source].kind == "input"]  # fmt: skip
        rank[name] = 1 + max(below, default=-1)
    return rank


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
    rank = _ranks(net)
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
