"""Networks as graphs: classified, unfolded and run, against brute force on random graphs."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.networks import Edge, Network, Node, classify, reach, run
from rnncore.unfolding import unfold

SIZES = {"x": 2, "a": 3, "b": 1, "c": 3, "y": 2}
ACTIVATIONS = ("identity", "tanh", "logistic")


@st.composite
def graphs(draw):
    """Random edges and delays between an input and up to four other nodes; None for bad graphs."""
    names = ["x", *draw(st.lists(st.sampled_from("abcy"), min_size=1, unique=True))]
    nodes = [Node("x", SIZES["x"], "input")] + [
        Node(name, SIZES[name], "hidden", draw(st.sampled_from(ACTIVATIONS)), bias=f"bias {name}")
        for name in names[1:]
    ]
    drawn = draw(
        st.lists(
            st.tuples(st.sampled_from(names), st.sampled_from(names[1:]), st.integers(0, 3)),
            max_size=8,
            unique=True,
        )
    )
    edges = [
        Edge(source, target, delay, fixed=0.5)
        if SIZES[source] == SIZES[target] and delay == 2
        else Edge(source, target, delay, weight=f"{source} {target} {delay}")
        for source, target, delay in drawn
    ]
    return nodes, edges


def paths_from(start, edges):
    """Every node that can be reached from start along at least one edge."""
    reached, frontier = set(), {start}
    while frontier:
        frontier = {e.target for e in edges if e.source in frontier} - reached
        reached |= frontier
    return reached


def has_cycle(nodes, edges):
    return any(node.name in paths_from(node.name, edges) for node in nodes)


def network_or_none(graph):
    """The network, or None for the graphs that have to be refused."""
    nodes, edges = graph
    if has_cycle(nodes, [e for e in edges if e.delay == 0]):
        with pytest.raises(ValueError, match="a cycle without a delay cannot be computed: "):
            Network(nodes, edges)
        return None
    return Network(nodes, edges)


def random_weights(network, rng):
    weights = {node.bias: rng.normal(size=node.size) for node in network.nodes if node.bias}
    for edge in network.edges:
        if edge.trainable:
            shape = (network[edge.target].size, network[edge.source].size)
            weights[edge.weight] = rng.normal(size=shape) / 2
    return weights


@given(graphs())
def test_classify_agrees_with_brute_force(graph):
    network = network_or_none(graph)
    if network is None:
        return
    kind = classify(network).kind
    if has_cycle(*graph):
        assert kind == "recurrent" and network.is_recurrent and not network.is_acyclic
    elif any(edge.delay for edge in graph[1]):
        assert kind == "dynamic feed-forward" and network.is_dynamic and network.is_acyclic
    else:
        assert kind == "static" and not network.is_dynamic and network.is_acyclic


@given(graphs())
def test_the_reason_holds(graph):
    network = network_or_none(graph)
    if network is None:
        return
    found = classify(network)
    steps = {(edge.source, edge.target) for edge in network.edges}
    assert all(pair in steps for pair in zip(found.cycle, found.cycle[1:], strict=False))
    assert not found.cycle or found.cycle[0] == found.cycle[-1]
    assert set(found.delays) == {edge for edge in network.edges if edge.delay}
    assert all(str(edge) in found.reason for edge in found.delays if not found.cycle)


def lags(network, most):
    """Every lag up to `most` at which some input reaches some output, by walking all paths."""
    reached, frontier = set(), {(node.name, 0) for node in network.of_kind("input")}
    while frontier:
        reached |= frontier
        frontier = {
            (edge.target, lag + edge.delay)
            for edge in network.edges
            for name, lag in frontier
            if edge.source == name and lag + edge.delay <= most
        } - reached
    outputs = {node.name for node in network.of_kind("output")}
    return {lag for name, lag in reached if name in outputs}


@given(graphs())
def test_reach_agrees_with_walking_all_paths(graph):
    nodes, edges = graph
    network = network_or_none(([*nodes[:-1], replace(nodes[-1], kind="output")], edges))
    if network is None:
        return
    longest = 3 * 4  # delays up to 3 along four edges: the most without a cycle, and once around
    found = lags(network, 3 * longest)
    if not found:
        assert reach(network) is None
    elif max(found) > longest:
        assert reach(network) == math.inf
    else:
        assert reach(network) == max(found)


def test_reach_is_of_the_output():
    aside = loop(edges=[*loop().edges[:2], Edge("x", "y", 3, weight="D")])
    assert aside.is_recurrent and reach(aside) == 3
    assert reach(loop()) == math.inf
    assert reach(loop(edges=loop().edges[:2])) is None


def test_what_is_out_of_reach_changes_nothing():
    net = loop(edges=[Edge("x", "h", 2, weight="U"), Edge("h", "y", 1, weight="V")])
    weights = random_weights(net, np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(8, 1, 1))
    other = x.copy()
    other[0] += 1
    same = np.isclose(run(net, weights, x)["y"], run(net, weights, other)["y"]).ravel()
    assert same.tolist() == [t != reach(net) for t in range(8)]


@given(graphs(), st.integers(1, 5), st.integers(0, 10**6))
def test_unfolding_is_acyclic_and_keeps_the_outputs(graph, steps, seed):
    network = network_or_none(graph)
    if network is None:
        return
    rng = np.random.default_rng(seed)
    weights = random_weights(network, rng)
    x = {"x": rng.normal(size=(steps, 2, SIZES["x"]))}
    initial = {node.name: rng.normal(size=(3, 2, node.size)) for node in network.nodes}

    unfolded = unfold(network, steps)
    assert classify(unfolded.network).kind == "static"
    assert len(unfolded.network.edges) == steps * len(network.edges)
    shared = {edge.weight for edge in unfolded.network.edges}
    assert shared == {edge.weight for edge in network.edges}

    folded = run(network, weights, x, initial)
    copies = unfolded.outputs(run(unfolded.network, weights, unfolded.inputs(x, initial)))
    for name, value in folded.items():
        np.testing.assert_allclose(copies[name], value, rtol=1e-12, atol=1e-12)


def loop(**changes):
    parts = {
        "nodes": [Node("x", 1, "input"), Node("h", 2), Node("y", 1, "output")],
        "edges": [Edge("x", "h", weight="U"), Edge("h", "h", 1, weight="W"),
                  Edge("h", "y", weight="V")],
    }  # fmt: skip
    return Network(**(parts | changes))


def test_run_computes_the_recurrence():
    weights = {"U": [[1.0], [0.5]], "W": [[0.0, 1.0], [0.0, 0.0]], "V": [[1.0, 10.0]]}
    x = np.array([1.0, 2.0, 4.0]).reshape(3, 1, 1)
    y = run(loop(), weights, x)["y"]
    # h1 takes x and the h2 of the step before; h2 takes half of x.
    assert y.ravel().tolist() == [1 + 5, 2 + 0.5 + 10, 4 + 1 + 20]


def test_a_loop_that_only_hands_on_is_a_delay_line():
    hands_on = {"U": np.eye(3)[:, :1], "W": np.eye(3, k=-1), "V": np.ones((1, 3))}
    net = loop(nodes=[Node("x", 1, "input"), Node("h", 3), Node("y", 1, "output")])
    y = run(net, hands_on, np.eye(40)[0].reshape(40, 1, 1))["y"].ravel()
    assert classify(net).kind == "recurrent" and reach(net) == math.inf
    assert y.tolist() == [1, 1, 1] + 37 * [0]


def test_a_delay_that_is_not_on_the_cycle_is_no_help():
    around = [Edge("x", "h", 1, weight="U"), Edge("h", "h", weight="W"), Edge("h", "y", weight="V")]
    with pytest.raises(ValueError, match="a cycle without a delay cannot be computed: h -> h"):
        loop(edges=around)


def test_run_starts_from_the_initial_values():
    weights = {"U": [[0.0], [0.0]], "W": np.eye(2), "V": [[1.0, 1.0]]}
    y = run(loop(), weights, np.zeros((2, 1, 1)), {"h": [[[3.0, 4.0]]]})["y"]
    assert y.ravel().tolist() == [7, 7]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"nodes": [Node("x", 1), Node("x", 2)]}, "node names must differ, got 'x' twice"),
        ({"edges": [Edge("x", "z", weight="U")]}, "edge x -> z names 'z', which is no node"),
        ({"edges": [Edge("h", "x", 1, weight="U")]}, "leads into 'x', which is an input"),
        ({"edges": [Edge("h", "y", 1, fixed=1.0)]}, "edge h -> y copies .* got 2 and 1"),
        ({"edges": [Edge("h", "y", weight="V"), Edge("y", "h", weight="W")]},
         "a cycle without a delay cannot be computed: (h -> y -> h|y -> h -> y)"),
        ({"edges": [Edge("h", "h", weight="W")]},
         "a cycle without a delay cannot be computed: h -> h"),
        ({"edges": [Edge("x", "h", weight="U"), Edge("h", "y", weight="U")]},
         r"edges x -> h and h -> y share the weight 'U', .* got \(2, 1\) and \(1, 2\)"),
    ],
)  # fmt: skip
def test_bad_graph_names_the_culprit(changes, message):
    with pytest.raises(ValueError, match=message):
        loop(**changes)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Edge("h", "y", -1, weight="V"), "delay of h -> y must be at least 0, got -1"),
        (lambda: Edge("h", "y", 0.5, weight="V"), "delay of h -> y must be .* got 0.5"),
        (lambda: Edge("h", "y"), "edge h -> y must have either a weight or a fixed value"),
        (lambda: Edge("h", "y", weight="V", fixed=1.0), "must have either a weight or a fixed"),
        (lambda: Node("h", 0), "size of node 'h' must be at least 1, got 0"),
        (lambda: Node("h", 1, "middle"), "kind of node 'h' must be one of input, hidden"),
        (lambda: Node("h", 1, activation="step"), "activation of node 'h' must be one of identity"),
        (lambda: unfold(loop(), 0), "steps must be at least 1, got 0"),
        (lambda: unfold(loop(), 2.0), "steps must be a whole number, got 2.0"),
    ],
)
def test_bad_part_is_named(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


@pytest.mark.parametrize(
    ("x", "weights", "message"),
    [
        (np.zeros((3, 1)), {}, r"x\['x'\] must have shape \(T, B, 1\), got \(3, 1\)"),
        (np.zeros((3, 1, 2)), {}, r"x\['x'\] must have shape \(T, B, 1\), got \(3, 1, 2\)"),
        (np.full((3, 1, 1), np.nan), {}, r"x\['x'\] holds NaN or infinity"),
        ({"u": np.zeros((3, 1, 1))}, {}, "x must hold the inputs x; got u"),
        (np.zeros((3, 1, 1)), {"W": np.eye(2)}, "weights must hold 'U', got W"),
        (np.zeros((3, 1, 1)), {"U": np.eye(2)}, r"weights\['U'\] must have shape \(2, 1\)"),
    ],
)
def test_run_refuses_what_does_not_fit(x, weights, message):
    with pytest.raises(ValueError, match=message):
        run(loop(), weights, x)


@pytest.mark.parametrize(
    ("initial", "message"),
    [
        ({"z": np.zeros((1, 1, 2))}, "initial names 'z', which is no node"),
        ({"h": np.zeros((1, 2))}, r"initial\['h'\] must have shape \(D, 1, 2\), got \(1, 2\)"),
        ({"h": np.full((1, 1, 2), np.nan)}, r"initial\['h'\] holds NaN or infinity"),
    ],
)
def test_run_refuses_a_start_that_does_not_fit(initial, message):
    weights = random_weights(loop(), np.random.default_rng(0))
    with pytest.raises(ValueError, match=message):
        run(loop(), weights, np.zeros((3, 1, 1)), initial)


def test_nodes_are_found_by_name():
    assert list(loop()) == ["x", "h", "y"] and "h" in loop() and "z" not in loop()
    with pytest.raises(KeyError, match="no node is named 'z'; there are x, h, y"):
        loop()["z"]


def test_initial_states_are_explicit():
    unfolded = unfold(loop(edges=[*loop().edges, Edge("x", "y", 2, weight="D")]), 3)
    assert [node.name for node in unfolded.start] == ["x(-1)", "h(0)", "x(0)"]
    assert all(node.kind == "input" for node in unfolded.start)
