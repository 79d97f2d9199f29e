"""Deep recurrent networks: layers one above the other, which together are a layer again."""

from collections import Counter
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rnncore.arrays import generator, number, said, text
from rnncore.layers import Layer
from rnncore.networks import Network
from rnncore.parameters import Parameters, replaced


class StackTape(NamedTuple):
    """The tapes of the layers of a stack, from the lowest to the highest."""

    tapes: tuple

    @property
    def x(self):
        """(T, B, I) the inputs of the lowest layer."""
        return self.tapes[0].x

    @property
    def y(self):
        """(T, B, O) the outputs of the highest layer."""
        return self.tapes[-1].y

    @property
    def state(self):
        """The last states of the layers, one entry for each layer."""
        return tuple(tape.state for tape in self.tapes)


class Composed(Layer):
    """A layer made of others, its parts: the parameters are theirs, named "part.parameter".

    Attributes
    ----------
    parts : dict
        The layers by name.
    dropping : bool
        Whether the `Dropout` layers among them are at work.
    """

    _called = ""  # before the name of a part, in errors

    def __init__(self, parts, inputs, outputs):
        self.parts, self.inputs, self.outputs = parts, inputs, outputs

    @property
    def _params(self):
        """The arrays of all parts themselves, named by the part and in it."""
        return Parameters({
            f"{part}.{name}": value
            for part, layer in self.parts.items()
            for name, value in layer.params.items()
        })  # fmt: skip

    @property
    def dtype(self):
        """The widest type of the parts; each computes in its own."""
        return np.result_type(*self.params.values())

    def hold(self, params):
        """Put copies of the parts, with other arrays, in their places."""
        self.parts = {
            part: replaced(layer, {name: params[f"{part}.{name}"] for name in layer.params})
            for part, layer in self.parts.items()
        }

    def __repr__(self):
        parts = ", ".join(layer.title for layer in self.parts.values())
        return f"{self.title}, {self.size:,} numbers: {parts}"

    @property
    def dropping(self):
        """Whether the `Dropout` layers are at work: during training, and not afterwards."""
        return any(getattr(layer, "dropping", False) for layer in self.parts.values())

    @dropping.setter
    def dropping(self, at_work):
        for layer in self.parts.values():
            if hasattr(layer, "dropping"):
                layer.dropping = at_work

    def _ask(self, part, method, *arguments):
        """Call a method of a part, whose errors then say which part it was."""
        layer = self.parts[part]
        try:
            return getattr(layer, method)(*arguments)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{self._called}{part}, {layer.title}: {error}") from error


class Stack(Composed):
    """Layers one above the other: each reads what the one below puts out, at the same step.

    It obeys the contract of the layers, so that a stack may stand in a stack.

    Schmidhuber, J. (1992). Learning complex, extended sequences using the principle of history
    compression. Neural Computation 4, 234-242; El Hihi, S. and Bengio, Y. (1995). Hierarchical
    recurrent neural networks for long-term dependencies. NIPS 8, 493-499.

    Parameters
    ----------
    *layers : layers, or one list of them
        From the lowest to the highest; the features that go out of one go into the next.

    Raises
    ------
    ValueError
        Where there are none, two do not fit, or one stands there twice.

    Attributes
    ----------
    layers : tuple
    params : dict
        The arrays of all layers themselves, named "0.U", "0.W", ..., "1.U", ...
    dropping : bool
        Whether the `Dropout` layers of the stack are at work.

    Examples
    --------
    >>> from rnncore.vanilla import ReadOut, VanillaRNN
    >>> rng = np.random.default_rng(0)
    >>> net = Stack(VanillaRNN(3, 5, rng=rng), VanillaRNN(5, 4, rng=rng), ReadOut(4, 2, rng=rng))
    >>> y, tape = net.forward(np.ones((7, 6, 3)))
    >>> y.shape, [None if s is None else s.shape for s in tape.state]
    ((7, 6, 2), [(6, 5), (6, 4), None])
    >>> list(net.params)
    ['0.U', '0.W', '0.b', '1.U', '1.W', '1.b', '2.V', '2.c']
    """

    Tape, _called = StackTape, "layer "

    def __init__(self, *layers):
        if len(layers) == 1 and isinstance(layers[0], list | tuple):
            (layers,) = layers
        if not layers:
            raise ValueError("layers must be at least one layer, got none")
        outputs = None
        for k, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise TypeError(f"layers must be layers, got {said(layer)} as layer {k}")
            if None is not layer.inputs != outputs is not None:
                got = f"layer {k}, {layer.title}, after one of {outputs}"
                raise ValueError(f"layers must take what the one below puts out, got {got}")
            if any(layer is other for other in layers[:k]):
                raise ValueError(f"layers must differ, got one of them twice, as layer {k} again")
            outputs = outputs if layer.outputs is None else layer.outputs
        sizes = [layer.inputs for layer in layers if layer.inputs is not None]
        super().__init__(dict(enumerate(layers)), sizes[0] if sizes else None, outputs)

    @property
    def layers(self):
        """The layers, from the lowest to the highest."""
        return tuple(self.parts.values())

    def forward(self, x, state=None):
        """Run over x (T, B, I); return the outputs of the highest layer and the tape.

        `state` has one entry for each layer; None, for a layer or for all, means zeros.
        """
        tapes = []
        for k, first in enumerate(self._split(state, "state")):
            x, tape = self._ask(k, "forward", x, first)
            tapes.append(tape)
        return x, StackTape(tuple(tapes))

    def _backward(self, dy, tape, dstate):
        gradients, dfirst = {}, []
        for k in reversed(self.parts):
            dy, own, first = self._ask(k, "backward", dy, tape.tapes[k], dstate[k])
            gradients = {f"{k}.{name}": value for name, value in own.items()} | gradients
            dfirst.insert(0, first)
        return dy, gradients, tuple(dfirst)

    def first_state(self, batch):
        """Return zeros for each layer."""
        return tuple(layer.first_state(batch) for layer in self.layers)

    def _state(self, state, batch, name, dtype):
        return self._split(state, name)  # each layer checks its own

    def _split(self, state, name):
        if state is None:
            return (None,) * len(self.parts)
        if not isinstance(state, (tuple, list)) or len(state) != len(self.parts):
            count = len(self.parts)
            raise ValueError(f"{name} must have one entry for each of {count} layers")
        return state

    def network(self, output="o"):
        """Describe the stack as a graph: those of its layers, one above the other.

        Where a name occurs in several layers, nodes are numbered from 1, weights as in `params`.

        Parameters
        ----------
        output : str
            What the node of a read-out at the top is called.

        Raises
        ------
        TypeError
            Where a layer is no graph of weighted sums.
        """
        text(output, "output")
        graphs = [(k, layer.network()) for k, layer in self._summing()]
        names = Counter(node.name for _, graph in graphs for node in graph.nodes)
        nodes, edges, below = [], [], None
        for place, (k, graph) in enumerate(graphs, start=1):
            (entry,), (end,) = graph.of_kind("input"), graph.of_kind("output")
            called = {n: f"{n}{place}" if names[n] > 1 else n for n in graph}
            called[entry.name] = below or entry.name
            last = place == len(graphs)
            if last and end.name == "o":
                called["o"] = output
            for node in graph.nodes[1 if below else 0 :]:
                kind = "hidden" if node is end and not last else node.kind
                bias = node.bias and self._label(k, node.bias)
                nodes.append(replace(node, name=called[node.name], kind=kind, bias=bias))
            for edge in graph.edges:
                source, target = called[edge.source], called[edge.target]
                weight = edge.weight and self._label(k, edge.weight)
                edges.append(replace(edge, source=source, target=target, weight=weight))
            below = called[end.name]
        return Network(nodes, edges)

    def weights(self):
        """Name the parameters as in the graph."""
        return {
            self._label(k, name): value
            for k, layer in self._summing()
            for name, value in layer.weights().items()
        }

    def _summing(self):
        """List the layers that are in the graph, with their places: all but `Dropout`."""
        return [(k, part) for k, part in enumerate(self.layers) if not isinstance(part, Dropout)]

    def _label(self, k, name):
        """Name a weight of layer k: as the layer does where its names are unique."""
        names = Counter(name for _, layer in self._summing() for name in layer.weights())
        return name if max(names.values()) == 1 else f"{k}.{name}"


class DropoutTape(NamedTuple):
    """What `Dropout` has to remember."""

    factor: np.ndarray  # (T, B, I) what each value was multiplied with
    y: np.ndarray  # (T, B, I) what passed
    state: None = None

    @property
    def x(self):
        """An array of the shape of the inputs."""
        return self.factor


class Dropout(Layer):
    """Dropout: in training, a random share of what passes is set to 0, and the rest is raised.

        y = x * m / (1 - rate),   m = 0 with probability `rate`, else 1

    It stands between layers: in the path of a state it would act again at each step on what is
    to be remembered.

    Srivastava, N. et al. (2014). Dropout: a simple way to prevent neural networks from
    overfitting. JMLR 15, 1929-1958; Zaremba, W., Sutskever, I. and Vinyals, O. (2014).
    Recurrent neural network regularization. arXiv:1409.2329.

    Parameters
    ----------
    rate : float
        What share is dropped, 0 <= rate < 1.
    rng : numpy.random.Generator
        Draws what is dropped, anew at each forward pass.

    Attributes
    ----------
    dropping : bool
        False until it is set: then everything passes unchanged, as it should after training.

    Examples
    --------
    >>> layer = Dropout(0.5, rng=np.random.default_rng(0))
    >>> layer.dropping = True
    >>> layer.forward(np.ones((1, 1, 6)))[0]
    array([[[2., 0., 0., 0., 2., 2.]]])
    """

    Tape = DropoutTape

    def __init__(self, rate, *, rng):
        self.rate, self.rng = number(rate, "rate", least=0, below=1), generator(rng)
        self.dropping = False
        super().__init__(None, None)

    @property
    def title(self):
        """Kind and rate."""
        return f"Dropout({self.rate:g})"

    def __repr__(self):
        return self.title

    def _forward(self, x, state):
        factor = np.ones(x.shape, x.dtype)
        if self.dropping:
            factor *= (self.rng.random(x.shape) >= self.rate) / (1 - self.rate)
        return DropoutTape(factor, x * factor)

    def _backward(self, dy, tape, dstate):
        return dy * tape.factor, {}, None
