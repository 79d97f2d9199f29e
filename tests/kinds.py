"""One list of all layers, which every test of the contract goes through, and what such tests share.

`test_layers.py` finds any layer of the package that is missing here.
"""

import numpy as np

from rnncore.deep import Composed, Dropout, Stack
from rnncore.elman import Elman
from rnncore.embedding import Embedding
from rnncore.gated import GRU, LSTM
from rnncore.gradients import complex_step
from rnncore.jordan import Jordan
from rnncore.parameters import replaced
from rnncore.seq2seq import EncoderDecoder
from rnncore.tdnn import TDNN
from rnncore.vanilla import AugmentedRNN, ReadOut, VanillaRNN

# What reads no sequence of features, symbols or two sequences, and has tests of its own; and what
# layers of several parts have in common.
APART = {Embedding, EncoderDecoder, Composed}

LOGISTIC = {"hidden_activation": "logistic", "output_activation": "tanh"}

# By name, a function (I, O, rng=..., dtype=...) that makes a layer.  Of each class the most general
# comes first.
MAKE = {
    "vanilla": VanillaRNN,
    "relu": lambda i, o, **rest: VanillaRNN(i, o, activation="relu", **rest),
    "logistic": lambda i, o, **rest: VanillaRNN(i, o, activation="logistic", **rest),
    "identity": lambda i, o, **rest: VanillaRNN(i, o, activation="identity", **rest),
    "augmented": lambda i, o, **rest: AugmentedRNN(VanillaRNN(i, o, **rest)),
    "read-out": lambda i, o, **rest: ReadOut(i, o, activation="logistic", **rest),
    "lstm": LSTM,
    "gru": GRU,
    "elman": lambda i, o, **rest: Elman(i, 3, o, **LOGISTIC, **rest),
    "elman, linear": lambda i, o, **rest: Elman(i, 3, o, **rest),
    "jordan": lambda i, o, **rest: Jordan(i, 3, o, decay=0.6, **LOGISTIC, **rest),
    "jordan, no decay": lambda i, o, **rest: Jordan(i, 3, o, **rest),
    "tdnn": lambda i, o, **rest: TDNN(i, 3, 3, o, **LOGISTIC, **rest),
    "tdnn, window 1": lambda i, o, **rest: TDNN(i, 1, 3, o, **rest),
    "stack": lambda i, o, **rest: Stack(
        VanillaRNN(i, o, **rest), LSTM(o, o + 1, **rest), GRU(o + 1, o, **rest)
    ),
    "stack of elmans": lambda i, o, **rest: Stack(Elman(i, 3, 2, **rest), Elman(2, 2, o, **rest)),
    "stack in a stack": lambda i, o, **rest: Stack([
        Stack(LSTM(i, o, **rest), Dropout(0.5, rng=np.random.default_rng(0))),
        ReadOut(o, o, activation="tanh", **rest),
        VanillaRNN(o, o, **rest),
    ]),
}  # fmt: skip


def made(name, sizes, seed=0, dtype=np.float64):
    """Make a layer, inputs for it, and gradients from above, all random; sizes are T, B, I, O."""
    steps, batch, inputs, outputs = sizes
    rng = np.random.default_rng(seed)
    layer = MAKE[name](inputs, outputs, rng=rng, dtype=dtype)
    for value in layer.params.values():
        value += rng.normal(size=value.shape).astype(dtype) / 2
    x = rng.normal(size=(steps, batch, inputs)).astype(dtype)
    y, tape = layer.forward(x)
    return layer, x, drawn(rng, y), drawn(rng, tape.state), drawn(rng, tape.state)


def drawn(rng, like):
    """Draw an array, or a tuple of arrays, of the shapes of another."""
    if isinstance(like, np.ndarray):
        return rng.normal(size=like.shape).astype(like.dtype)
    return None if like is None else tuple(drawn(rng, part) for part in like)


def close(actual, desired, tolerance=1e-12):
    """Compare arrays, tuples and dicts of arrays, relative to the greatest number of each."""
    if desired is None:
        assert actual is None
    elif isinstance(desired, dict):
        assert actual.keys() == desired.keys()
        for key in desired:
            close(actual[key], desired[key], tolerance)
    elif isinstance(desired, tuple | list):
        assert len(actual) == len(desired)
        for a, d in zip(actual, desired, strict=True):
            close(a, d, tolerance)
    else:
        assert np.shape(actual) == np.shape(desired)
        scale = np.abs(desired).max(initial=0)
        np.testing.assert_allclose(actual, desired, rtol=tolerance, atol=tolerance * scale)


def leaves(state):
    """List the arrays in a state, or in anything else of tuples."""
    if isinstance(state, tuple | list):
        return [leaf for part in state for leaf in leaves(part)]
    return [state] if isinstance(state, np.ndarray) else []


def rebuilt(state, arrays):
    """Put arrays from an iterator in the places of the leaves."""
    if isinstance(state, tuple | list):
        return tuple(rebuilt(part, arrays) for part in state)
    return None if state is None else next(arrays)


def slopes_of_state(layer, x, dy, state, dstate):
    """The gradient of the initial state, by complex steps."""
    parts = leaves(state)

    def loss(leaf, k):
        y, tape = layer.forward(x, rebuilt(state, iter([*parts[:k], leaf, *parts[k + 1 :]])))
        ends = zip(leaves(dstate), leaves(tape.state), strict=True)
        return (dy * y).sum() + sum((d * s).sum() for d, s in ends)

    found = [complex_step(lambda leaf, k=k: loss(leaf, k), part) for k, part in enumerate(parts)]
    return rebuilt(state, iter(found))


class Taught:
    """A Jordan network with a teacher, as a layer whose gradients can be taken from outside."""

    def __init__(self, layer, teacher):
        self.layer, self.teacher, self.params = layer, teacher, layer.params

    def hold(self, params):
        self.layer = replaced(self.layer, params)
        self.params = self.layer.params

    def forward(self, x, state=None):
        return self.layer.forward(x, state, teacher=self.teacher)


def one_step_back(layer, x, dy, state=None):
    """Gradients of Elman's procedure: those of every step on its own, added up."""
    total = dict.fromkeys(layer.params, 0.0)
    for t in range(len(x)):
        _, chunk = layer.forward(x[t : t + 1], state)
        _, parts, _ = layer.backward(dy[t : t + 1], chunk)
        total = {name: total[name] + parts[name] for name in total}
        state = chunk.state
    return total
