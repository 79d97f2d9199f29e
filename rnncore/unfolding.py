"""Unfolding: from a graph with cycles and delays to one with neither, a copy for each moment.

an edge  source -> target  with delay d  becomes  source(t - d) -> target(t),  t = 1, ..., T
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rnncore import networks
from rnncore.arrays import MOST, choice, instance, sequence, shaped, text, whole
from rnncore.networks import Network
from rnncore.parameters import named


@dataclass(frozen=True)
class Copy:
    """Which node of the folded network a node of the unfolded one is, and when."""

    name: str
    time: int  # 1, ..., T; 0 and before for what was there at the start


@dataclass(frozen=True)
class Unfolded:
    """The acyclic network, and where each of its nodes comes from.

    The weights are shared: all copies of an edge bear the name of its one matrix.
    """

    network: Network
    copies: dict[str, Copy]
    folded: Network
    steps: int

    def inputs(self, x, initial=None):
        """Lay out the inputs of the folded network for the unfolded one, one step for each.

        `x` and `initial` are as in `rnncore.networks.run`, `x` a mapping.
        """
        instance(x, Mapping, "x")
        x = networks._inputs(self.folded, x)
        batch = next(iter(x.values())).shape[1]
        x = {
            name: shaped(value, (self.steps, *value.shape[1:]), f"x[{name!r}]")
            for name, value in x.items()
        }
        initial = networks._initial(self.folded, initial, batch)
        result = {}
        for node in self.network.of_kind("input"):
            copy = self.copies[node.name]
            if copy.time >= 1:
                value = x[copy.name][copy.time - 1]
            else:
                past = initial.get(copy.name, ())
                known = copy.time - 1 >= -len(past)
                value = past[copy.time - 1] if known else np.zeros((batch, node.size))
            result[node.name] = value[np.newaxis]
        return result

    def outputs(self, values):
        """Gather what `run` gave for the copies into (T, B, size) for each folded node."""
        values = {
            node: sequence(value, self.network[node].size, f"values[{node!r}]")
            for node, value in named(values, self.copies, "values").items()
        }
        return {
            name: np.concatenate([values[at(name, t)] for t in range(1, self.steps + 1)])
            for name in dict.fromkeys(copy.name for copy in self.copies.values())
            if at(name, 1) in values
        }

    def arriving(self, time):
        """List the edges that lead into a moment, in the order of the folded network's."""
        time, many = whole(time, "time", most=self.steps), len(self.folded.edges)
        return self.network.edges[(time - 1) * many : time * many]

    def way(self, source, target):
        """List the nodes on a shortest way along the edges, both ends included.

        Parameters
        ----------
        source, target : str
            Nodes of the unfolded network, such as "x(1)" and "y(3)".

        Returns
        -------
        list of str
            Empty where no way leads there.

        Raises
        ------
        ValueError
            Where there is no such node.
        """
        choice(source, "source", self.copies)
        choice(target, "target", self.copies)
        came, reached = {source: None}, [source]
        for name in reached:  # grows while it is gone through: the nearest first
            for edge in self.network.edges:
                if edge.source == name and edge.target not in came:
                    came[edge.target] = name
                    reached.append(edge.target)
        back = [target] if target in came else []
        while back and came[back[-1]]:
            back.append(came[back[-1]])
        return back[::-1]

    @property
    def sharing(self):
        """How many arrows carry each weight matrix: its name, and the number of its copies."""
        return Counter(edge.weight for edge in self.network.edges if edge.trainable)

    @property
    def start(self):
        """Nodes that stand for what was there before the first step."""
        return [node for node in self.network.nodes if self.copies[node.name].time < 1]


def at(name, time):
    """Name of a node's copy at a time: h(2).

    >>> at("h", 2)
    'h(2)'
    """
    return f"{text(name, 'name')}({whole(time, 'time', least=-MOST)})"


def unfold(network, steps):
    """Unfold a network over `steps` moments, t = 1, ..., steps.

    What an edge with a delay needs from before the first step becomes an input of its own,
    such as h(0): the initial state, and the end of what is remembered.

    Parameters
    ----------
    network : rnncore.networks.Network
    steps : int
        T >= 1.

    Returns
    -------
    Unfolded

    Raises
    ------
    ValueError
        Where steps is less than 1.

    Examples
    --------
    >>> from rnncore.networks import Edge, Node
    >>> loop = Network(
    ...     [Node("x", 1, "input"), Node("y", 1, "output")],
    ...     [Edge("x", "y", weight="w"), Edge("y", "y", delay=1, weight="g")],
    ... )
    >>> [str(edge) for edge in unfold(loop, 2).network.edges]
    ['x(1) -> y(1)', 'y(0) -> y(1)', 'x(2) -> y(2)', 'y(1) -> y(2)']
    """
    instance(network, Network, "network")
    steps = whole(steps, "steps")
    copies, nodes, edges = {}, [], []
    for edge in network.edges:
        for time in range(1 - edge.delay, min(1, steps + 1 - edge.delay)):
            name = at(edge.source, time)
            if name not in copies:
                copies[name] = Copy(edge.source, time)
                start = replace(network[edge.source], name=name, kind="input", bias=None)
                nodes.append(start)
    nodes.sort(key=lambda node: copies[node.name].time)
    for time in range(1, steps + 1):
        for node in network.nodes:
            copies[at(node.name, time)] = Copy(node.name, time)
            nodes.append(replace(node, name=at(node.name, time)))
        edges += [
            replace(
                edge,
                source=at(edge.source, time - edge.delay),
                target=at(edge.target, time),
                delay=0,
            )
            for edge in network.edges
        ]
    return Unfolded(Network(nodes, edges), copies, network, steps)
