"""Pencil problems for a class: six on a sheet, drawn by a seed, each with its way worked out.

What is right is computed by `rnncore`; the numbers are small and come out even, so that no
calculator is needed.  `python -m tools.paper.sheets` writes them as PDF and as notebooks.
"""

import random
import re
from fractions import Fraction
from html import escape
from math import prod
from typing import NamedTuple

import numpy as np

from rnncore.arrays import listed, whole
from rnncore.bptt import ScalarRNN
from rnncore.gated import GRU, LSTM
from rnncore.networks import Edge, Network, Node
from rnncore.unfolding import at, unfold
from rnncore.vanilla import ReadOut, VanillaRNN

STEPS = 3


class Problem(NamedTuple):
    """A problem: what is given, what is asked for, and the way to it, line by line.

    `given` is paragraphs; one that begins with two spaces is set as it stands.
    `asked` has the right answer under each name: a number, a shape, or a list of names.
    """

    title: str
    given: tuple
    asked: dict
    way: tuple


def forward(rng):
    """Two hidden units with relu, three steps, by hand."""
    while True:
        U, W, V = (_whole(rng, shape) for shape in ((2, 1), (2, 2), (1, 2)))
        x = rng.sample([-2, -1, 1, 2, 3], STEPS)
        net, read = VanillaRNN(1, 2, rng=_any(), activation="relu"), ReadOut(2, 1, rng=_any())
        net.params = {"U": U, "W": W, "b": np.zeros(2)}
        read.params = {"V": V, "c": np.zeros(1)}
        h, _ = net.forward(np.reshape(x, (STEPS, 1, 1)).astype(float))
        y, _ = read.forward(h)
        cut = int((h == 0).sum())
        if 1 <= cut <= 2 and h[-1].any() and h.max() < 20 and y[-1, 0, 0]:
            break
    h, before, way = h[:, 0], np.zeros(2), []
    for t in range(STEPS):
        for k in range(2):
            z = U[k, 0] * x[t] + W[k] @ before
            terms = [_times(U[k, 0], x[t])] + [_times(W[k, j], before[j]) for j in range(2)]
            way.append(f"h_{t + 1}[{k + 1}] = relu({_sum(terms)}) = relu({_n(z)}) = {_n(h[t, k])}")
        before = h[t]
    terms = [_times(V[0, j], before[j]) for j in range(2)]
    way.append(f"y_3 = {_sum(terms)} = {_n(y[-1, 0, 0])}")
    given = (
        "A network has one input, two hidden units and one output:"
        " h_t = relu(U x_t + W h_{t-1}), y_t = V h_t, and relu(z) is z, or 0 where z is negative.",
        f"  {_rows('U', U)}\n  {_rows('W', W)}\n  {_rows('V', V)}        a semicolon ends a row",
        f"It starts at h_0 = (0, 0) and reads {_listed('x', x, 1)}."
        " Work out the hidden states, where h_1[2] is the second unit of h_1, and the last output.",
    )
    asked = {f"h_{t + 1}[{k + 1}]": _plain(h[t, k]) for t in range(STEPS) for k in range(2)}
    return Problem("Forward", given, asked | {"y_3": _plain(y[-1, 0, 0])}, tuple(way))


def backward(rng):
    """Go back through three steps, to the two slopes of the loss."""
    net, x, run = _unit(rng)
    g, e, d = net.g, run.error, run.delta
    before = (0.0, *run.y[:-1])
    w_terms = [_times(d[t], x[t]) for t in range(STEPS)]
    g_terms = [_times(d[t], before[t]) for t in range(STEPS)]
    way = (
        f"δ(3) = e(3) = {_n(e[2])}",
        *(f"δ({t + 1}) = e({t + 1}) + g δ({t + 2})"
          f" = {_sum([_n(e[t]), _times(g, d[t + 1])])} = {_n(d[t])}" for t in (1, 0)),
        f"∂L/∂w = −({_sum(w_terms)}) = {_n(run.dloss_dw)}",
        f"∂L/∂g = −({_sum(g_terms)}) = {_n(run.dloss_dg)}",
    )  # fmt: skip
    given = (
        "A unit answers y(t) = w x(t-1) + g y(t-1), without a squashing function, so f′ = 1."
        " The loss L is half the sum of the squared errors e(t) = target(t) − y(t).",
        f"Here g = {_n(g)}, y(0) = 0, and the forward pass gave:",
        f"  {_listed('x', x, 0)}\n  {_listed('y', run.y, 1)}\n  {_listed('e', e, 1)}",
        "Go back through time: δ(t) = e(t) + g δ(t+1), with δ(4) = 0. Then work out the slopes of"
        " the loss, ∂L/∂w = −Σ δ(t) x(t-1) and ∂L/∂g = −Σ δ(t) y(t-1).",
    )
    asked = {f"δ({t})": _plain(d[t - 1]) for t in (3, 2, 1)}
    slopes = {"∂L/∂w": _plain(run.dloss_dw), "∂L/∂g": _plain(run.dloss_dg)}
    return Problem("Backward", given, asked | slopes, way)


def update(rng):
    """One step downhill: increments step by step, then the new weights."""
    net, x, run = _unit(rng)
    before = (0.0, *run.y[:-1])
    w_parts = [_n(v) for v in run.increment_w]
    g_parts = [_n(v) for v in run.increment_g]
    way = (
        *(f"Δw at step {t + 1} = η δ({t + 1}) x({t}) = "
          f"0.1 · {_times(run.delta[t], x[t])} = {w_parts[t]}" for t in range(STEPS)),
        *(f"Δg at step {t + 1} = η δ({t + 1}) y({t}) = "
          f"0.1 · {_times(run.delta[t], before[t])} = {g_parts[t]}" for t in range(STEPS)),
        f"new w = {_sum([_n(net.w), *w_parts])} = {_n(run.w_new)}",
        f"new g = {_sum([_n(net.g), *g_parts])} = {_n(run.g_new)}",
    )  # fmt: skip
    given = (
        f"A unit with w = {_n(net.w)} and g = {_n(net.g)} has been run forward and back:",
        f"  {_listed('x', x, 0)}\n  {_listed('y', (0, *run.y), 0)}\n  {_listed('δ', run.delta, 1)}",
        "Here δ(t) is minus the slope of the loss along the net input of step t. Update both"
        " weights once, with the learning rate η = 0.1: Δw = η δ(t) x(t-1) and"
        " Δg = η δ(t) y(t-1), summed over the three steps.",
    )
    asked = {f"Δw at step {t + 1}": _plain(run.increment_w[t]) for t in range(STEPS)}
    asked |= {f"Δg at step {t + 1}": _plain(run.increment_g[t]) for t in range(STEPS)}
    return Problem(
        "Update", given, asked | {"new w": _plain(run.w_new), "new g": _plain(run.g_new)}, way
    )


def shapes(rng):
    """Which shape each array of a layer has."""
    T, B, I, H, O = rng.sample(range(2, 10), 5)  # noqa: E741
    net, read = VanillaRNN(I, H, rng=_any()), ReadOut(H, O, rng=_any())
    h, tape = net.forward(np.zeros((T, B, I)))
    y, read_tape = read.forward(h)
    dh, of_read, _ = read.backward(np.zeros_like(y), read_tape)
    _, gradients, _ = net.backward(dh, tape)
    asked = {
        "U": net.params["U"].shape, "W": net.params["W"].shape, "V": read.params["V"].shape,
        "all hidden states": h.shape, "the state after the last step": h[-1].shape,
        "all outputs": y.shape, "dW": gradients["W"].shape, "dV": of_read["V"].shape,
    }  # fmt: skip
    way = (
        "Each weight matrix has a row for every unit that it leads to:",
        f"U from {I} inputs to {H} hidden units, W from {H} to {H}, V from {H} to {O} outputs:",
        f"U {asked['U']}, W {asked['W']}, V {asked['V']}.",
        f"One hidden state is (B, H) = {h[-1].shape}, all of them are (T, B, H) = {h.shape};",
        f"all outputs are (T, B, O) = {y.shape}.",
        "A gradient has the shape of what it is the gradient of, however long the sequence:",
        f"dW {asked['dW']}, dV {asked['dV']}.",
    )
    given = (
        f"A vanilla network with {I} inputs, {H} hidden units and {O} outputs reads a batch of {B}"
        f" sequences of {T} steps, in an array of shape (T, B, I) = ({T}, {B}, {I}). Its equations"
        " are h_t = tanh(U x_t + W h_{t-1} + b) and y_t = V h_t + c.",
        "Give the shape of each array.",
    )
    return Problem("Shapes", given, asked, way)


def counting(rng):
    """How many numbers there are to train in each kind of layer."""
    inputs, hidden, outputs = rng.randint(2, 9), rng.choice([5, 8, 10, 12, 20]), rng.randint(2, 6)
    layers = {
        "vanilla": VanillaRNN(inputs, hidden, rng=_any()),
        "LSTM": LSTM(inputs, hidden, rng=_any()),
        "GRU": GRU(inputs, hidden, rng=_any()),
        "read-out": ReadOut(hidden, outputs, rng=_any()),
    }  # fmt: skip

    def worked(name, layer):
        sizes = [f"{' · '.join(map(str, value.shape))}" for value in layer.params.values()]
        found = [prod(value.shape) for value in layer.params.values()]
        names = ", ".join(layer.params)
        return f"{name} ({names}): {' + '.join(sizes)} = {_sum(map(str, found))} = {layer.size}"

    given = (
        f"Count the numbers that are trained in layers of {hidden} units on {inputs} inputs:",
        "  vanilla   U, W and one bias b"
        "\n  LSTM      U, W and b for each of three gates and the candidate"
        "\n  GRU       U, W and b for each of two gates and the candidate,"
        "\n            and one more bias d inside what the reset gate multiplies",
        f"and in a read-out of {outputs} outputs, V with its bias c.",
    )
    asked = {name: layer.size for name, layer in layers.items()}
    note = "The matrices of gates and candidate stand one on top of the other, as in the code:"
    return Problem("Counting", given, asked, (note, *(worked(*pair) for pair in layers.items())))


def unfolding(rng):
    """Say what stands in the picture of a network that is unfolded over a few steps."""
    steps, long, back = rng.choice([3, 4]), rng.choice([1, 2]), rng.choice([1, 2])
    late = rng.choice([0, 1])
    edges = [
        Edge("x", "h", delay=late, weight="U"), Edge("h", "h", delay=long, weight="W"),
        Edge("h", "y", weight="V"), Edge("y", "h", delay=back, weight="R"),
    ]  # fmt: skip
    nodes = [Node("x", 1, "input"), Node("h", 1), Node("y", 1, "output")]
    found = unfold(Network(nodes, edges), steps)
    starts = [node.name for node in found.start]
    into = [edge.source for edge in found.arriving(3) if edge.target == at("h", 3)]
    way_there = found.way(at("x", 1), at("y", steps))
    lines = [
        f"  {edge.source} → {edge.target}   "
        f"{['at once', 'one step later', 'two steps later'][edge.delay]}"
        for edge in edges
    ]
    given = (
        "A recurrent network has the nodes x, h and y, and these connections:",
        "\n".join(lines),
        f"Unfold it over the steps t = 1 to {steps}. What a connection needs from before step 1"
        " becomes a node of its own.",
    )
    asked = {
        "nodes that stand for what was before step 1": starts,
        "nodes in all": len(found.network.nodes),
        "arrows": len(found.network.edges),
        "nodes with an arrow into h(3)": into,
        f"arrows on the shortest way from x(1) to y({steps})": max(len(way_there) - 1, 0),
    }
    way = (
        f"A connection with a delay of d needs d steps from before: {', '.join(starts)}.",
        f"Nodes: {steps} copies of 3, and {len(starts)} from before:"
        f" {3 * steps} + {len(starts)} = {len(found.network.nodes)}.",
        f"Arrows: each of the 4 connections once a step: 4 · {steps} = {len(found.network.edges)}.",
        f"Into h(3), by the delays: {', '.join(into)}.",
        f"A shortest way: {' → '.join(way_there)}."
        if way_there
        else f"No way leads from x(1) to y({steps}): 0.",
    )
    return Problem("Unfolding", given, asked, way)


KINDS = (forward, backward, update, shapes, counting, unfolding)


def problems(seed):
    """Return the six problems of a sheet; the same seed gives the same sheet.

    >>> [problem.title for problem in problems(7)]
    ['Forward', 'Backward', 'Update', 'Shapes', 'Counting', 'Unfolding']
    """
    seed = whole(seed, "seed", least=0)
    return [make(random.Random(f"{make.__name__} {seed}")) for make in KINDS]


def check(seed, number, answers):
    """Say of each answer to a problem of a sheet whether it is right.

    Parameters
    ----------
    seed : int
        The number of the sheet.
    number : int
        Of the problem, from 1 to 6.
    answers : dict
        A number, a shape or a list of names under each name; ... where there is none yet.

    >>> check(7, 5, {"vanilla": ...})
    vanilla: not yet
    """
    asked = problems(seed)[whole(number, "number", most=len(KINDS)) - 1].asked
    for name, given in answers.items():
        if name not in asked:
            print(f"{name}: is not asked for")
        elif given is ...:
            print(f"{name}: not yet")
        else:
            print(f"{name}: {'right' if _right(given, asked[name]) else 'not right'}")


def _right(given, right):
    """Say whether an answer is right: a number to three decimals, names in any order."""
    try:
        if isinstance(right, list):
            return sorted(listed(given, "answer")) == sorted(right)
        if isinstance(right, tuple):
            return tuple(given) == right
        return abs(given - right) < 0.0005
    except (TypeError, ValueError):
        return False


def lowered(text):
    """Write what stands after a low line as an index.

    >>> lowered("W h_{t-1} < h_1[2]")
    'W h<sub>t-1</sub> &lt; h<sub>1</sub>[2]'
    """
    return re.sub(r"_(?:\{([^}]*)\}|(\w))", r"<sub>\1\2</sub>", escape(text))


def _unit(rng):
    """Draw a unit without a squashing function, of which all numbers have two decimals at most."""
    while True:
        net = ScalarRNN(
            w=rng.choice([-1, 0.5, 1, 2]), g=rng.choice([-2, -1, -0.5, 0.5, 2]),
            activation="identity",
        )  # fmt: skip
        x = [float(rng.choice([-2, -1, 1, 2, 3])) for _ in range(STEPS)]
        target = [float(rng.randint(-4, 6)) for _ in range(STEPS)]
        run = net.bptt(x, target, learning_rate=0.1)
        numbers = [*run.y, *run.error, *run.delta, *run.increment_w, *run.increment_g[1:]]
        numbers += [run.dloss_dw, run.dloss_dg, run.w_new, run.g_new]
        even = all(Fraction(v).denominator <= 2 for v in [*run.y, *run.error, *run.delta])
        if even and all(numbers) and max(map(abs, numbers)) < 40:
            return net, x, run


def _any():
    return np.random.default_rng(0)  # of weights that are put in place, or only counted


def _whole(rng, shape):
    return np.array([rng.choice([-2, -1, 1, 2]) for _ in range(prod(shape))], float).reshape(shape)


def _plain(value):
    """Return a number without the type of its array, and 0 without a sign."""
    return float(value) + 0.0


def _n(value):
    """Write a number.

    >>> _n(-0.50), _n(3.0), _n(-0.0)
    ('−0.5', '3', '0')
    """
    return f"{round(float(value), 6) + 0.0:.6g}".replace("-", "−")


def _times(a, b):
    """Write a product of two numbers, a negative one in brackets where it comes second.

    >>> _times(2, -1)
    '2 · (−1)'
    """
    second = f"({_n(b)})" if b < 0 else _n(b)
    return f"{_n(a)} · {second}"


def _sum(terms):
    """Write a sum of terms that are written already.

    >>> _sum(["2", "−3", "1 · 4"])
    '2 − 3 + 1 · 4'
    """
    return " + ".join(terms).replace("+ −", "− ")


def _listed(name, values, first):
    """Write values by their time: x(0) = 1, x(1) = 2."""
    return ", ".join(f"{name}({t}) = {_n(v)}" for t, v in enumerate(values, start=first))


def _rows(name, matrix):
    """Write a matrix row by row.

    >>> _rows("W", np.array([[1.0, -2.0], [0.0, 1.0]]))
    'W = [1 −2; 0 1]'
    """
    return f"{name} = [{'; '.join(' '.join(map(_n, row)) for row in matrix)}]"
