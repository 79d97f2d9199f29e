"""A network as a directed graph whose edges carry a delay.

One description, three uses: it is classified, it is drawn, it is run.

    net input of a node at time t  =  bias  +  sum over its edges of  weight  source(t - delay)

A network is static if it has no delay; dynamic, and feed-forward, if it has delays and no cycle;
recurrent if it has a cycle.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from rnncore.activations import activation
from rnncore.arrays import (
    choice,
    finite,
    instance,
    listed,
    number,
    sequence,
    shaped,
    text,
    whole,
)

KINDS = ("input", "hidden", "context", "output")


@dataclass(frozen=True)
class Node:
    """A group of units: all inputs, one hidden layer, the context units, the outputs.

    Parameters
    ----------
    name : str
        One of a kind in the network.
    size : int
        Number of units.
    kind : {"input", "hidden", "context", "output"}
        What the group is for; nothing leads into an input.
    activation : str
        A name in `rnncore.activations.ACTIVATIONS`.
    bias : str, optional
        Name of the bias among the weights; without it there is none.
    """

    name: str
    size: int
    kind: str = "hidden"
    activation: str = "identity"
    bias: str | None = None

    def __post_init__(self):
        text(self.name, "name of a node")
        choice(self.kind, f"kind of node {self.name!r}", KINDS)
        object.__setattr__(self, "size", whole(self.size, f"size of node {self.name!r}"))
        activation(self.activation, f"activation of node {self.name!r}")
        if self.bias is not None:
            text(self.bias, f"bias of node {self.name!r}")


@dataclass(frozen=True)
class Edge:
    """A connection from every unit of one node to every unit of another, `delay` steps later.

    Parameters
    ----------
    source, target : str
        Names of nodes.
    delay : int
        0 for at once, 1 for one step later, and so on.
    weight : str, optional
        Name of its matrix (target size, source size) among the weights; edges that bear
        one name share one matrix.
    fixed : float, optional
        Instead of a matrix: a fixed weight that copies unit for unit, 1 for a plain copy.
    """

    source: str
    target: str
    delay: int = 0
    weight: str | None = None
    fixed: float | None = None

    def __post_init__(self):
        text(self.source, "source of an edge")
        text(self.target, "target of an edge")
        object.__setattr__(self, "delay", whole(self.delay, f"delay of {self}", least=0))
        if (self.weight is None) == (self.fixed is None):
            raise ValueError(f"edge {self} must have either a weight or a fixed value")
        if self.trainable:
            text(self.weight, f"weight of {self}")
        else:
            number(self.fixed, f"fixed weight of {self}")

    def __str__(self):
        return f"{self.source} -> {self.target}"

    @property
    def trainable(self):
        """True where it has a matrix that training may change."""
        return self.weight is not None


@dataclass(frozen=True)
class Network:
    """Nodes and the edges between them, checked when made.

    Raises
    ------
    ValueError
        Where two nodes bear one name, an edge names a node that is not there, an edge leads into
        an input, a copy joins nodes of different sizes, edges of different sizes share a weight,
        or a cycle has no delay: each by name.

    Examples
    --------
    >>> loop = Network(
    ...     [Node("x", 1, "input"), Node("y", 1, "output")],
    ...     [Edge("x", "y", weight="w"), Edge("y", "y", delay=1, weight="g")],
    ... )
    >>> loop.is_recurrent
    True
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def __post_init__(self):
        nodes, edges = listed(self.nodes, "nodes"), self.edges
        edges = listed(edges, "edges") if not isinstance(edges, list | tuple) or edges else ()
        for name, parts, kind in ("nodes", nodes, Node), ("edges", edges, Edge):
            for k, part in enumerate(parts):
                instance(part, kind, f"{name}[{k}]")
            object.__setattr__(self, name, tuple(parts))
        names = [node.name for node in self.nodes]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"node names must differ, got {name!r} twice")
        shared = {}
        for edge in self.edges:
            for name in (edge.source, edge.target):
                if name not in names:
                    raise ValueError(f"edge {edge} names {name!r}, which is no node")
            source, target = self[edge.source], self[edge.target]
            if target.kind == "input":
                raise ValueError(f"edge {edge} leads into {edge.target!r}, which is an input")
            if not edge.trainable and source.size != target.size:
                raise ValueError(
                    f"edge {edge} copies unit for unit, so the sizes must be equal,"
                    f" got {source.size} and {target.size}"
                )
            shape = (target.size, source.size)
            if edge.trainable and shared.setdefault(edge.weight, (shape, edge))[0] != shape:
                other_shape, other = shared[edge.weight]
                raise ValueError(
                    f"edges {other} and {edge} share the weight {edge.weight!r}, so its shapes"
                    f" must be equal, got {other_shape} and {shape}"
                )
        cycle = _cycle(self.nodes, [edge for edge in self.edges if edge.delay == 0])
        if cycle:
            raise ValueError(f"a cycle without a delay cannot be computed: {' -> '.join(cycle)}")

    def __getitem__(self, name):
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(f"no node is named {name!r}; there are {', '.join(map(str, self))}")

    def __iter__(self):
        return (node.name for node in self.nodes)

    def of_kind(self, kind):
        """List the nodes of a kind, in their order."""
        choice(kind, "kind", KINDS)
        return [node for node in self.nodes if node.kind == kind]

    def into(self, name):
        """List the edges that lead into a node."""
        choice(name, "name", list(self))
        return [edge for edge in self.edges if edge.target == name]

    @property
    def is_dynamic(self):
        """True where some edge has a delay: the past takes part."""
        return any(edge.delay for edge in self.edges)

    @property
    def cycle(self):
        """The names along a cycle, the first repeated at the end; empty where there is none."""
        return _cycle(self.nodes, self.edges)

    @property
    def is_recurrent(self):
        """True where some cycle leads from a node back to itself."""
        return bool(self.cycle)

    @property
    def is_acyclic(self):
        """True where no cycle leads from a node back to itself."""
        return not self.cycle

    @property
    def order(self):
        """Names of the nodes, each after all that it needs at the same moment."""
        return _order(self.nodes, [edge for edge in self.edges if edge.delay == 0])


@dataclass(frozen=True)
class Classification:
    """What kind of network it is, and why."""

    kind: str  # "static", "dynamic feed-forward" or "recurrent"
    reason: str
    delays: tuple[Edge, ...]  # the edges with a delay
    cycle: tuple[str, ...]  # the names along a cycle, if there is one

    def __str__(self):
        return f"{self.kind}: {self.reason}"


def classify(network):
    """Decide from the graph: static, dynamic feed-forward, or recurrent.

    >>> x, y = Node("x", 1, "input"), Node("y", 1, "output")
    >>> print(classify(Network([x, y], [Edge("x", "y", delay=2, weight="w")])))
    dynamic feed-forward: x -> y (delay 2) brings the past, and no path leads back
    """
    delays = tuple(edge for edge in instance(network, Network, "network").edges if edge.delay)
    cycle = tuple(network.cycle)
    if cycle:
        return Classification("recurrent", f"{' -> '.join(cycle)} is a cycle", delays, cycle)
    if delays:
        past = ", ".join(f"{edge} (delay {edge.delay})" for edge in delays)
        verb = "brings" if len(delays) == 1 else "bring"
        reason = f"{past} {verb} the past, and no path leads back"
        return Classification("dynamic feed-forward", reason, delays, cycle)
    return Classification("static", "no edge has a delay and no path leads back", delays, cycle)


def reach(network):
    """Count how many steps back the outputs can look: the largest sum of delays along a path.

    Paths lead from an input to an output.  Whatever the weights are, an input that is further
    back cannot matter; whether one that is not does matter, is up to the weights.

    Returns
    -------
    int, or math.inf where a cycle lies on such a path, or None where there is no such path.

    Examples
    --------
    >>> x, y = Node("x", 1, "input"), Node("y", 1, "output")
    >>> line = [Edge("x", "y", weight="w"), Edge("x", "y", delay=2, weight="v")]
    >>> reach(Network([x, y], line))
    2
    >>> reach(Network([x, y], [*line, Edge("y", "y", delay=1, weight="g")]))
    inf
    """
    instance(network, Network, "network")
    forth = [(edge.source, edge.target) for edge in network.edges]
    after = _reachable(forth, [node.name for node in network.of_kind("input")])
    before = _reachable([pair[::-1] for pair in forth], [n.name for n in network.of_kind("output")])
    nodes = [node for node in network.nodes if node.name in after & before]
    edges = [edge for edge in network.edges if {edge.source, edge.target} <= after & before]
    if not nodes:
        return None
    if _cycle(nodes, edges):
        return math.inf
    farthest = {}
    for name in _order(nodes, edges):
        into = [edge for edge in edges if edge.target == name]
        farthest[name] = max((farthest[edge.source] + edge.delay for edge in into), default=0)
    return max(farthest.values())


def run(network, weights, x, initial=None):
    """Interpret the graph, node by node and step by step: slow, plain, and the reference.

    Parameters
    ----------
    network : Network
    weights : mapping of str to array
        The matrix (target size, source size) or bias (size,) of each name in the graph.
    x : mapping of str to array, or array
        What each input node reads, (T, B, size); the array alone where there is one input.
    initial : mapping of str to array, optional
        What a node held before the first step, (D, B, size), the last row one step before it.
        What is further back, or not given, is 0.

    Returns
    -------
    dict of str to array
        What each node holds at each step, (T, B, size).

    Raises
    ------
    ValueError
        Where inputs, weights or initial values are missing or do not fit, naming them.
    """
    x = _inputs(instance(network, Network, "network"), x)
    steps, batch, _ = next(iter(x.values())).shape
    initial = _initial(network, initial, batch)
    weights = _weights(network, weights)
    given = [*x.values(), *initial.values(), *weights.values()]
    kind = np.result_type(float, *given)
    values = {
        node.name: x[node.name] if node.name in x else np.zeros((steps, batch, node.size), kind)
        for node in network.nodes
    }

    def held(name, t):
        """Look up what a node held at time t, which may lie before the first step."""
        if t >= 0:
            return values[name][t]
        past = initial.get(name, ())
        return past[t] if -t <= len(past) else np.zeros((batch, network[name].size))

    incoming = {name: network.into(name) for name in network.order}
    for t in range(steps):
        for name, edges in incoming.items():
            node = network[name]
            if node.kind == "input":
                continue
            z = np.zeros((batch, node.size), kind)
            if node.bias:
                z += weights[node.bias]
            for edge in edges:
                source = held(edge.source, t - edge.delay)
                if edge.trainable:
                    z += source @ weights[edge.weight].T
                else:
                    z += edge.fixed * source
            values[name][t] = activation(node.activation).f(z)
    return values


def _inputs(network, x):
    nodes = network.of_kind("input")
    if not isinstance(x, Mapping):
        if len(nodes) != 1:
            raise ValueError(f"x must be a mapping: the network has {len(nodes)} input nodes")
        x = {nodes[0].name: x}
    if set(x) != {node.name for node in nodes}:
        wanted = ", ".join(node.name for node in nodes)
        raise ValueError(f"x must hold the inputs {wanted}; got {', '.join(map(str, x)) or 'none'}")
    x = {node.name: sequence(x[node.name], node.size, f"x[{node.name!r}]") for node in nodes}
    first = x[nodes[0].name].shape[:2]
    for node in nodes:
        shaped(x[node.name], (*first, node.size), f"x[{node.name!r}]")
    return x


def _initial(network, initial, batch):
    initial = instance({} if initial is None else initial, Mapping, "initial")
    found = {}
    for name, value in initial.items():
        if name not in network:
            raise ValueError(f"initial names {name!r}, which is no node")
        size = network[name].size
        found[name] = value = finite(value, f"initial[{name!r}]")
        if value.ndim != 3 or value.shape[1:] != (batch, size):
            raise ValueError(
                f"initial[{name!r}] must have shape (D, {batch}, {size}), got {value.shape}"
            )
    return found


def _weights(network, weights):
    """Return the arrays that the graph names, each checked."""
    instance(weights, Mapping, "weights")
    shapes = {node.bias: (node.size,) for node in network.nodes if node.bias}
    for edge in network.edges:
        if edge.trainable:
            shapes[edge.weight] = network[edge.target].size, network[edge.source].size
    found = {}
    for name, shape in shapes.items():
        if name not in weights:
            got = ", ".join(map(str, weights)) or "none"
            raise ValueError(f"weights must hold {name!r}, got {got}")
        found[name] = shaped(weights[name], shape, f"weights[{name!r}]")
    return found


def _reachable(pairs, starts):
    """Names that can be reached from the starts along (source, target) pairs, these included."""
    reached, frontier = set(), set(starts)
    while frontier:
        reached |= frontier
        frontier = {target for source, target in pairs if source in frontier} - reached
    return reached


def _sorter(nodes, edges):
    sorter = TopologicalSorter({node.name: [] for node in nodes})
    for edge in edges:
        sorter.add(edge.target, edge.source)
    return sorter


def _order(nodes, edges):
    return list(_sorter(nodes, edges).static_order())


def _cycle(nodes, edges):
    """Names along a cycle in the direction of its edges, or [] where there is none."""
    try:
        _order(nodes, edges)
    except CycleError as error:
        return list(error.args[1])
    return []
