"""Unfolding: shared weights, the edges of each moment, and the order in which copies can be run."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_networks import graphs, network_or_none

from rnncore.elman import Elman
from rnncore.jordan import Jordan
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


@given(graphs(), st.integers(1, 5))
def test_no_arrow_leads_back(graph, steps):
    network = network_or_none(graph)
    if network is None:
        return
    unfolded = unfold(network, steps)
    assert unfolded.network.is_acyclic and not unfolded.network.is_dynamic
    place = {name: k for k, name in enumerate(unfolded.network.order)}
    assert all(place[edge.source] < place[edge.target] for edge in unfolded.network.edges)
