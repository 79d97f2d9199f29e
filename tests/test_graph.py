"""Diagrams of networks: boxes apart, lines around boxes, labels in the clear, all said in words."""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from test_networks import graphs, network_or_none

from rnnbook.pictures import graph
from rnnbook.pictures.routing import Box, along
from rnnbook.playthings.networks import PRESETS, frames
from rnncore.elman import Elman
from rnncore.jordan import Jordan
from rnncore.networks import Edge, Network, Node
from rnncore.tdnn import TDNN
from rnncore.unfolding import unfold


def stack(layers, skip=False):
    """Recurrent layers above each other; with a way past all of them, if asked for."""
    names = ["x", *(f"h{k}" for k in range(1, layers + 1)), "y"]
    up = [Edge(a, b, weight=f"U{b}") for a, b in pairwise(names)]
    loops = [Edge(name, name, 1, weight=f"W{name}") for name in names[1:-1]]
    past = [Edge("x", "y", weight="S")] if skip else []
    hidden = [Node(name, 2) for name in names[1:-1]]
    return Network([Node("x", 1, "input"), *hidden, Node("y", 1, "output")], up + loops + past)


def one_unit(*delays):
    nodes = [Node("x", 1, "input"), Node("y", 1, "output")]
    loops = [Edge("y", "y", delay, weight=f"g{delay}") for delay in delays]
    return Network(nodes, [Edge("x", "y", weight="w"), *loops])


def line():
    nodes = [Node("x", 1, "input"), Node("y", 1, "output")]
    return Network(nodes, [Edge("x", "y", delay, weight=f"w{delay}") for delay in range(5)])


rng = np.random.default_rng(0)
NETWORKS = {  # those of the chapters
    "tdnn": TDNN(1, 3, 2, 1, rng=rng).network(),
    "jordan": Jordan(1, 2, 1, rng=rng).network(),
    "jordan, decay": Jordan(1, 2, 1, decay=0.5, rng=rng).network(),
    "elman": Elman(1, 2, 1, rng=rng).network(),
    "vanilla": stack(1),
    "two layers": stack(2),
    "three layers": stack(3),
    "skip": stack(2, skip=True),
    "one unit": one_unit(1),
    "two delays": one_unit(1, 2),
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
        result.append(along(np.array(numbers(path)).reshape(-1, 2)))
    return result


def look_at(svg, beside=True):
    """Check what makes a picture clean; in a crowd, words may stand on their own line."""
    boxes, labels, lines = boxes_in(svg), list(labels_in(svg).values()), lines_in(svg)
    assert len(labels) == len(lines)
    for one, other in combinations(boxes, 2):
        assert not one.touches([other]).any(), "two boxes overlap"
    for one, other in combinations(labels, 2):
        assert not one.touches([other]).any(), "two labels overlap"
    for label in labels:
        assert not any(label.touches([box]).any() for box in boxes), "a label covers a box"
    for line in lines:
        for box in boxes:
            assert not box.touches(line, -1.0).any(), "a line passes a box"
    for label, own in zip(labels, lines, strict=True):
        for line in lines:
            mine = line is own and not beside
            assert mine or not label.touches(line).any(), "a line passes a label"
    left, top, width, height = numbers(re.search(r'viewBox="(.*?)"', svg)[1])
    for box in (*boxes, *labels):
        assert left <= box.edge("left") and box.edge("right") <= left + width, (
            "something is cut off"
        )
        assert top <= box.edge("top") and box.edge("bottom") <= top + height, "something is cut off"


def test_bold_words_keep_clear_of_their_thicker_line():
    loop = Edge("h", "h", 2, weight="W")
    net = Network([Node("x", 1, "input"), Node("h", 1)], [Edge("x", "h", weight="U"), loop])
    svg = graph.folded(net, highlight=[loop]).svg
    for (words, *_), label in labels_in(svg).items():
        letter = 7.0 if words.endswith("W") else 6.3  # measured in Chromium, for such words
        assert (
            not label._replace(width=letter * len(words))
            .touches(np.concatenate(lines_in(svg)), 4.0)
            .any()
        ), words


@networks
def test_folded_picture_is_clean(name):
    look_at(graph.folded(NETWORKS[name]).svg)


def test_parallel_lines_are_clean():
    look_at(graph.folded(line()).svg)


@pytest.mark.parametrize("sketches", PRESETS.values(), ids=PRESETS)
def test_what_the_builder_shows_is_clean(sketches):
    for frame in frames(sketches):
        look_at(frame.svg)


@networks
@pytest.mark.parametrize("steps", [1, 2, 8])
def test_unfolded_picture_is_clean(name, steps):
    look_at(graph.unfolded(unfold(NETWORKS[name], steps)).svg, beside=name != "tdnn")


@settings(max_examples=15, deadline=None)
@given(graphs())
def test_any_graph_can_be_drawn(drawn):
    network = network_or_none(drawn)
    if network is None:
        return
    for picture in (graph.folded(network), graph.unfolded(unfold(network, 2))):
        for one, other in combinations(boxes_in(picture.svg), 2):
            assert not one.touches([other]).any()
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


def test_a_path_is_highlighted():
    net = NETWORKS["elman"]
    way = ["h(1)", "h(1) -> context(2)", "context(2)"]
    svg = graph.unfolded(unfold(net, 2), highlight=way).svg
    assert svg.count("<rect data-lit") == 2
    bold = re.findall(r'font-weight="700"[^>]*>([^<]*)<', svg)
    assert sorted(bold) == ["1", "context(2)", "h(1)"]
    assert len(re.findall(r'fill="none" stroke-width="2.5"', svg)) == 1
    one = graph.unfolded(unfold(net, 2), highlight=way, follow="context(2)").svg
    assert re.findall(r"<(\w+) data-lit|<(text)[^>]*data-lit", one) == [("rect", ""), ("", "text")]
    assert one.replace(" data-lit", "") == svg.replace(" data-lit", "")


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
    assert 11.5 * least / width >= 12


def test_what_is_not_in_the_picture_cannot_be_drawn_strongly():
    net = NETWORKS["elman"]
    with pytest.raises(ValueError, match=r"highlight must name .*, got h -> x, z"):
        graph.folded(net, highlight=["h", "z", "h -> x"])
    with pytest.raises(ValueError, match=r"highlight must .*, got h\(3\)"):
        graph.unfolded(unfold(net, 2), highlight=["h(2)", "h(3)"])
    with pytest.raises(ValueError, match=r"follow must be a node of highlight, got 'h\(1\)'"):
        graph.unfolded(unfold(net, 2), highlight=["h(2)"], follow="h(1)")


@pytest.mark.parametrize("rows", [[["x"]], [["x"], ["y", "z"]]])
def test_rows_hold_each_node(rows):
    with pytest.raises(ValueError, match="rows must hold the nodes x, y, got"):
        graph.folded(plain(), rows=rows)
