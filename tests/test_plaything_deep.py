"""The player of the wavefront: the minutes follow from the graph, and the frames from them."""

import re
from itertools import pairwise

import numpy as np
import pytest

from rnnbook.playthings.deep import GUESS, frames, minutes, storeys
from rnncore.elman import Elman
from rnncore.networks import Edge, Network, Node
from rnncore.unfolding import at


def stacked(layers):
    """A stack of so many recurrent layers under a read-out."""
    names = ["x", *(f"h{k + 1}" for k in range(layers)), "y"]
    nodes = [
        Node("x", 1, "input"),
        *(Node(name, 1) for name in names[1:-1]),
        Node("y", 1, "output"),
    ]
    up = [Edge(a, b, weight=a + b) for a, b in pairwise(names)]
    return Network(nodes, up + [Edge(name, name, 1, weight=name) for name in names[1:-1]])


@pytest.mark.parametrize(("layers", "steps"), [(1, 1), (1, 6), (2, 5), (3, 6), (4, 2)])
def test_states_of_one_diagonal_share_their_minute(layers, steps):
    forward, backward = minutes(stacked(layers), steps)
    cells = [(k, t) for k in range(1, layers + 1) for t in range(1, steps + 1)]
    assert forward == {at(f"h{k}", t): k + t - 1 for k, t in cells}
    last = layers + steps - 1
    assert backward == {at(f"h{k}", t): last + (layers - k) + (steps - t) + 1 for k, t in cells}


def test_nothing_is_computed_before_what_it_needs():
    net = stacked(3)
    forward, backward = minutes(net, 4)
    for t in range(1, 5):
        for edge in net.edges:
            ends = at(edge.source, t - edge.delay), at(edge.target, t)
            if set(ends) <= set(forward):
                assert forward[ends[0]] < forward[ends[1]]
                assert backward[ends[0]] > backward[ends[1]]


def test_context_units_take_no_time():
    net = Elman(1, 2, 1, rng=np.random.default_rng(0)).network()
    assert minutes(net, 3)[0] == {"h(1)": 1, "h(2)": 2, "h(3)": 3}


def test_frames_light_the_states_of_their_minute():
    shown = frames(stacked(3), 6)
    assert len(shown) == 1 + 8 + 8
    assert "18 states wait" in shown[0].sentence
    assert "h1(3), h2(2) and h3(1), 3 states at once." in shown[3].sentence
    assert "All 18 states are there after 8 minutes" in shown[8].sentence
    assert "backward: the gradients of h3(6), one state" in shown[9].sentence
    assert "h1(1), one state. The way back took 8 minutes too" in shown[16].sentence
    for now, frame in enumerate(shown):
        lit = len(re.findall("<rect data-lit", frame.svg))
        told = re.search(r"(one|\d+) states?( at once)?\.", frame.sentence)
        assert lit == (0 if now == 0 else 1 if told[1] == "one" else int(told[1]))
    assert len({frame.svg for frame in shown}) == len(shown)
    assert len({frame.svg.partition(">")[0] for frame in shown}) == 1


def test_guess_is_about_the_puzzle():
    forward, _ = minutes(stacked(3), 6)
    assert (len(forward), GUESS.right) == (18, str(max(forward.values())))


def test_page_stays_small():
    play = storeys({f"{n} layers": stacked(n) for n in (1, 2, 3)})
    assert list(play.presets) == ["1 layers", "2 layers", "3 layers"]
    assert len(play._repr_mimebundle_()["text/html"]) < 300_000


def test_a_network_without_hidden_nodes_is_refused():
    net = Network([Node("x", 1, "input"), Node("y", 1, "output")], [Edge("x", "y", weight="w")])
    with pytest.raises(ValueError, match="network must have a hidden node, got x, y"):
        minutes(net, 2)
    with pytest.raises(ValueError, match="steps must be at least 1, got 0"):
        minutes(stacked(1), 0)
