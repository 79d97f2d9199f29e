"""Diagrams: boxes apart, lines around boxes, labels in the clear, and words that say it all."""

import re
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from test_networks import graphs, network_or_none

from rnnbook.pictures import graph
from rnnbook.pictures.routing import Box, Line, route
from rnncore.elman import Elman
from rnncore.jordan import Jordan
from rnncore.networks import Edge, Network, Node
from rnncore.tdnn import TDNN
from rnncore.unfolding import unfold


def eight():
    """A network of eight nodes with about everything: taps, skips, feedback, a loop, a decay."""
    return Network(
        [
            Node("x", 1, "input"), Node("u", 2, "input"), Node("a", 3), Node("b", 3),
            Node("s", 2, "context"), Node("m", 3), Node("c", 3), Node("y", 2, "output"),
        ],
        [
            Edge("x", "a", weight="A"), Edge("u", "b", weight="B"), Edge("u", "b", 1, weight="B1"),
            Edge("a", "m", weight="C"), Edge("b", "m", weight="D"), Edge("s", "m", weight="S"),
            Edge("m", "c", weight="G"), Edge("c", "y", weight="V"), Edge("a", "c", weight="K"),
            Edge("x", "y", 2, weight="Q"), Edge("c", "a", 1, weight="R"),
            Edge("m", "m", 1, weight="W"), Edge("y", "s", 1, fixed=1.0),
            Edge("s", "s", 1, fixed=0.5),
        ],
    )  # fmt: skip


def deep():
    return Network(
        [Node("x", 1, "input"), Node("h1", 2), Node("h2", 2), Node("y", 1, "output")],
        [
            Edge("x", "h1", weight="U"), Edge("h1", "h1", 1, weight="W1"),
            Edge("h1", "h2", weight="U2"), Edge("h2", "h2", 1, weight="W2"),
            Edge("h2", "y", weight="V"), Edge("x", "y", weight="S"),
        ],
    )  # fmt: skip


rng = np.random.default_rng(0)
NETWORKS = {
    "tdnn": TDNN(1, 3, 2, 1, rng=rng).network(),
    "jordan": Jordan(1, 2, 1, rng=rng).network(),
    "jordan, decay": Jordan(1, 2, 1, decay=0.5, rng=rng).network(),
    "elman": Elman(1, 2, 1, rng=rng).network(),
    "deep": deep(),
    "eight": eight(),
}
networks = pytest.mark.parametrize("name", NETWORKS)


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)]


def boxes_in(svg):
    """Return the boxes of a picture, as drawn."""
    found = re.findall(r'<rect[^>]*? x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"', svg)
    return [Box(x + w / 2, y + h / 2, w, h) for x, y, w, h in (tuple(map(float, f)) for f in found)]


def labels_in(svg):
    """Return the words on a ground of their own, which are those beside lines, as boxes."""
    found = re.findall(r'<text x="(.*?)" y="(.*?)"[^>]*paint-order[^>]*>(.*?)</text>', svg)
    return {
        (words, float(x), float(y)): Box(float(x), float(y) - 4, 5.5 * len(words), 11)
        for x, y, words in found
    }


def lines_in(svg):
    """Return points along each line, as drawn."""
    result = []
    for path in re.findall(r'<path d="([^"]*)" fill="none"', svg):
        points = np.array(numbers(path)).reshape(-1, 2)
        s = np.linspace(0, 1, 60)[:, None]
        if len(points) == 2:
            result.append(points[0] + s * (points[1] - points[0]))
        else:
            shares = [(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s * s * (1 - s), s**3]
            result.append(sum(share * p for share, p in zip(shares, points, strict=True)))
    return result


def look_at(picture):
    """Check what makes a picture clean."""
    svg = picture.svg
    boxes, labels, lines = boxes_in(svg), list(labels_in(svg).values()), lines_in(svg)
    assert len(labels) == len(lines)
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other), "two boxes overlap"
    for one, other in combinations(labels, 2):
        assert not one.overlaps(other), "two labels overlap"
    for label in labels:
        assert not any(label.overlaps(box) for box in boxes), "a label covers a box"
    for line in lines:
        for box in boxes:
            inside = [box.holds(point, -1.0) for point in line]
            assert not any(inside), "a line passes a box"
    left, top, width, height = numbers(re.search(r'viewBox="(.*?)"', svg)[1])
    for box in (*boxes, *labels):
        assert left <= box.left and box.right <= left + width, "something is cut off"
        assert top <= box.top and box.bottom <= top + height, "something is cut off"


@networks
def test_folded_picture_is_clean(name):
    look_at(graph.folded(NETWORKS[name]))


@networks
@pytest.mark.parametrize("steps", [1, 2, 8])
def test_unfolded_picture_is_clean(name, steps):
    look_at(graph.unfolded(unfold(NETWORKS[name], steps)))


@settings(max_examples=15, deadline=None)
@given(graphs())
def test_any_graph_can_be_drawn(drawn):
    network = network_or_none(drawn)
    if network is None:
        return
    for picture in (graph.folded(network), graph.unfolded(unfold(network, 2))):
        for one, other in combinations(boxes_in(picture.svg), 2):
            assert not one.overlaps(other)
        assert len(lines_in(picture.svg)) == len(labels_in(picture.svg))


@networks
def test_copies_of_a_connection_look_the_same(name):
    net = NETWORKS[name]
    svg = graph.unfolded(unfold(net, 3)).svg
    lines, many = lines_in(svg), len(net.edges)
    assert len(lines) == 3 * many
    for first, second, third in zip(lines, lines[many:], lines[2 * many :], strict=False):
        np.testing.assert_allclose(third - second, second - first, atol=0.3)
    words = [words for words, _, _ in labels_in(svg)]
    assert words == words[:many] * 3


@networks
def test_trainable_is_dashed_and_fixed_is_solid(name):
    net = NETWORKS[name]
    for picture, times in ((graph.folded(net), 1), (graph.unfolded(unfold(net, 3)), 3)):
        drawn = re.findall(r'<path d="[^"]*" fill="none"[^>]*>', picture.svg)
        assert ["stroke-dasharray" in path for path in drawn] == [
            edge.trainable for edge in net.edges
        ] * times


def test_delays_are_marked_folded_and_gone_unfolded():
    net = NETWORKS["tdnn"]
    folded = [words for words, _, _ in labels_in(graph.folded(net).svg)]
    assert folded == ["U0", "z⁻¹ U1", "z⁻² U2", "V"]
    unfolded = [words for words, _, _ in labels_in(graph.unfolded(unfold(net, 1)).svg)]
    assert unfolded == ["U0", "U1", "U2", "V"]


def test_loops_stand_beside_their_box_one_around_the_other():
    net = Network(
        [Node("x", 1, "input"), Node("h", 2)],
        [Edge("x", "h", weight="U"), Edge("h", "h", 1, weight="W"), Edge("h", "h", 2, weight="X")],
    )
    picture = graph.folded(net)
    look_at(picture)
    _, inner, outer = lines_in(picture.svg)
    h = max(boxes_in(picture.svg), key=lambda box: -box.y)
    assert h.right <= inner[:, 0].min() and inner[:, 0].max() < outer[:, 0].max()
    assert outer[:, 1].min() < inner[:, 1].min() < inner[:, 1].max() < outer[:, 1].max()


def test_a_path_is_highlighted():
    net = NETWORKS["elman"]
    way = ["h(1)", "h(1) -> context(2)", "context(2)"]
    svg = graph.unfolded(unfold(net, 2), highlight=way).svg
    assert svg.count("<rect data-lit") == 2
    bold = re.findall(r'font-weight="700"[^>]*>([^<]*)<', svg)
    assert sorted(bold) == ["1", "context(2)", "h(1)"]
    assert len(re.findall(r'fill="none" stroke-width="2.5"', svg)) == 1


def test_words_come_from_the_graph():
    said = graph.unfolded(unfold(NETWORKS["jordan, decay"], 3)).alt
    assert said == (
        "Time runs to the right over 3 moments, t = 1 to 3. At each moment: x(t) (input, 1 unit),"
        " state(t) (context, 1 unit), h(t) (hidden, 2 tanh), y(t) (output, 1 unit)."
        " Connections, the same at each moment: from x(t) to h(t) by weights U;"
        " from state(t) to h(t) by weights W; from h(t) to y(t) by weights V;"
        " from y(t-1) to state(t) by a fixed copy times 1;"
        " from state(t-1) to state(t) by a fixed copy times 0.5."
        " Before the first step: y(0), state(0)."
    )
    assert "Before the first step: nothing." in graph.unfolded(unfold(plain(), 2)).alt
    assert "over one moment, t = 1." in graph.unfolded(unfold(plain(), 1)).alt


def plain():
    return Network([Node("x", 1, "input"), Node("y", 1)], [Edge("x", "y", weight="w")])


def test_caption_counts_the_copies_unless_one_is_given():
    assert graph.unfolded(unfold(plain(), 1)).caption == "Unfolded in time: one copy."
    shared = "Unfolded in time: 4 copies that share their weights."
    assert graph.unfolded(unfold(plain(), 4)).caption == shared
    assert graph.unfolded(unfold(plain(), 4), caption="Mine.").caption == "Mine."


def test_what_was_there_before_is_faint():
    svg = graph.unfolded(unfold(NETWORKS["elman"], 2)).svg
    assert len(re.findall(r"<rect[^>]*opacity=\"0.45\"", svg)) == 1


@networks
def test_words_stay_large_on_a_phone(name):
    svg = graph.unfolded(unfold(NETWORKS[name], 8)).svg
    width = numbers(re.search(r'viewBox="(.*?)"', svg)[1])[2]
    least = float(re.search(r"min-width:(\d+)px", svg)[1])
    assert 11.5 * least / width >= 11


def test_a_line_goes_around_what_is_in_its_way():
    wall = Box(100, 0, 40, 40)
    line = Line(Box(0, 0, 40, 40), Box(200, 0, 40, 40), ("a", "b"), words="w")
    route([line], [line.source, line.target, wall])
    assert not any(wall.holds(point) for point in line.points)
    assert not line.label.overlaps(wall)
