"""A network unfolded over more and more steps, and the way from its first input to its output."""

from itertools import pairwise

import numpy as np

from rnnbook.pictures import graph
from rnnbook.pictures.player import Frame, Guess, player, steady
from rnncore.elman import Elman
from rnncore.jordan import Jordan
from rnncore.networks import Edge, Network, Node
from rnncore.tdnn import TDNN
from rnncore.unfolding import at, unfold

GUESS = Guess(
    "Guess first: as T grows, in which network does the way from the first input, x(1), to the last"
    " output, y(T), get longer faster?",
    ("in Elman’s", "in Jordan’s, without decay", "in both alike"),
    "in Jordan’s, without decay",
    "In Jordan’s network without decay the past comes in from the output, so the way goes up to y"
    " and down again at every step; in Elman’s it leaves from the hidden layer already.",
    at=("Jordan", -1),
)
MOST = 5  # steps: as many as a page of full width shows without scrolling,
LEAST = 0.95  # at this size or larger


def unfolder():
    """Show networks unfolded over 1 to 5 steps as a player; strong is the shortest way."""
    return player(
        {name: frames(net) for name, net in networks().items()},
        label="A network, unfolded over more and more steps", handle="steps", guess=GUESS,
    )  # fmt: skip


def networks():
    """Return the networks that are unfolded, by name."""
    size = {"inputs": 2, "hidden": 3, "outputs": 1, "rng": np.random.default_rng(0)}
    one_unit = Network(
        [Node("x", 1, "input"), Node("y", 1, "output", "logistic")],
        [Edge("x", "y", weight="w"), Edge("y", "y", 1, weight="g")],
    )
    return {
        "Elman": Elman(**size).network(),
        "Jordan": Jordan(**size).network(),
        "Jordan, decay 0.5": Jordan(decay=0.5, **size).network(),
        "TDNN, window 3": TDNN(window=3, **size).network(),
        "one unit": one_unit,
    }


def frames(net, most=MOST):
    """Draw a network with nodes x and y, unfolded over 1 to `most` steps, as `Frame`s."""
    return steady([_frame(unfold(net, steps)) for steps in range(1, most + 1)])


def _frame(unfolded):
    way = unfolded.way("x(1)", at("y", unfolded.steps))
    strong = [*way, *(f"{source} -> {target}" for source, target in pairwise(way))]
    picture = graph.unfolded(
        unfolded, highlight=strong, follow=way[-1] if way else None, least=LEAST
    )
    return Frame(picture.svg, _sentence(unfolded, way))


def _sentence(unfolded, way):
    """Say how much there is of what, counted from the graph, and how long the way is."""
    steps, net, shared = unfolded.steps, unfolded.network, unfolded.sharing
    fixed = len(net.edges) - sum(shared.values())
    copies = f", {fixed} of them fixed" if fixed else ""
    before = _listed(node.name for node in unfolded.start)
    said = (
        f"T = {steps}: {len(net.nodes)} boxes, among them {before}"
        f" from before the first step; {len(net.edges)} arrows{copies}; {len(shared)} matrices,"
        f" {_listed(shared)}."
    )
    there = f"from x(1) to {at('y', steps)}"
    if not way:
        return f"{said} No way leads {there}."
    return f"{said} The shortest way {there} has {_arrows(len(way) - 1)}."


def _arrows(many):
    return f"{many} arrow{'s' * (many > 1)}"


def _listed(names):
    """Write names as a list in words.

    >>> _listed("UWV")
    'U, W and V'
    """
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
