"""Unfolding: shared weights, the edges of each moment, and the order in which copies can be run."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_networks import graphs, network_or_none

from rnncore.elman import Elman
from rnncore.jordan import Jordan
from rnncore.networks import run
from rnncore.tdnn import TDNN
from rnncore.unfolding import at, unfold

rng = np.random.default_rng(0)
LAYERS = {
    "tdnn": TDNN(1, 3, 2, 1, rng=rng),
    "jordan": Jordan(1, 2, 1, decay=0.5, rng=rng),
    "elman": Elman(1, 2, 1, rng=rng),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("steps", [1, 2, 7])
def test_arrows_grow_and_matrices_do_not(name, steps):
    net = LAYERS[name].network()
    unfolded = unfold(net, steps)
    matrices = [edge.weight for edge in net.edges if edge.trainable]
    assert unfolded.sharing == Counter(dict.fromkeys(matrices, steps))
    assert len(unfolded.network.edges) == steps * len(net.edges)
    assert len(unfolded.network.nodes) == steps * len(net.nodes) + len(unfolded.start)


@given(graphs(), st.integers(1, 5))
def test_each_moment_has_every_edge_once(graph, steps):
    network = network_or_none(graph)
    if network is None:
        return
    unfolded = unfold(network, steps)
    for time in range(1, steps + 1):
        arriving = unfolded.arriving(time)
        assert [(edge.source, edge.target, edge.weight, edge.fixed) for edge in arriving] == [
            (at(edge.source, time - edge.delay), at(edge.target, time), edge.weight, edge.fixed)
            for edge in network.edges
        ]


@pytest.mark.parametrize(
    ("name", "arrows"),
    [("tdnn", [2, 2, 2, None]), ("jordan", [2, 5, 6, 7]), ("elman", [2, 4, 6, 8])],
)
def test_the_shortest_way_from_the_first_input_to_each_output(name, arrows):
    for steps, many in enumerate(arrows, start=1):
        unfolded = unfold(LAYERS[name].network(), steps)
        way = unfolded.way("x(1)", f"y({steps})")
        assert len(way) == (0 if many is None else many + 1)
        there = {(edge.source, edge.target) for edge in unfolded.network.edges}
        assert there >= set(pairwise(way))
        assert way[:1] in ([], ["x(1)"]) and way[-1:] in ([], [f"y({steps})"])


def test_the_shortest_way_to_oneself_has_no_arrow_and_none_leads_back():
    unfolded = unfold(LAYERS["elman"].network(), 3)
    assert unfolded.way("h(2)", "h(2)") == ["h(2)"]
    assert unfolded.way("h(2)", "h(1)") == []


@pytest.mark.parametrize("name", LAYERS)
def test_run_in_one_sweep_it_gives_what_the_layer_gives(name):
    layer, x = LAYERS[name], np.random.default_rng(1).normal(size=(5, 4, 1))
    unfolded = unfold(layer.network(), 5)
    values = run(unfolded.network, layer.weights(), unfolded.inputs({"x": x}))
    y, _ = layer.forward(x)
    assert abs(unfolded.outputs(values)["y"] - y).max() < 1e-12


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda u, x: u.arriving(-1), "time must be at least 1, got -1"),
        (lambda u, x: u.arriving(0), "time must be at least 1, got 0"),
        (lambda u, x: u.arriving(4), "time must be at most 3, got 4"),
        (lambda u, x: u.way("x(1)", "y(4)"), r"target must be one of .*y\(3\); got 'y\(4\)'"),
        (lambda u, x: u.inputs({"x": x[:2]}), r"must have shape \(3, 2, 1\), got \(2, 2, 1\)"),
        (lambda u, x: u.inputs({"z": x}), "x must hold the inputs x; got z"),
        (lambda u, x: u.inputs({"x": x}, {"h": np.ones((1, 3, 2))}), r"got \(1, 3, 2\)"),
        (lambda u, x: u.inputs({"x": x}, {"q": x}), "initial names 'q', which is no node"),
    ],
)
def test_what_was_not_unfolded_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(unfold(LAYERS["elman"].network(), 3), np.ones((3, 2, 1)))


@given(graphs(), st.integers(1, 5))
def test_no_arrow_leads_back(graph, steps):
    network = network_or_none(graph)
    if network is None:
        return
    unfolded = unfold(network, steps)
    assert unfolded.network.is_acyclic and not unfolded.network.is_dynamic
    place = {name: k for k, name in enumerate(unfolded.network.order)}
    assert all(place[edge.source] < place[edge.target] for edge in unfolded.network.edges)
