"""Train four programs with a fault, and the same programs without it.

Each bit of a random stream is to be put out again, `lag` steps later (rnncore.tasks.delayed_bits),
as one of two classes.  Right and wrong program start from the same weights and read the same
streams; cross-entropy, Adam.

Faults: "derivative", a vanilla layer whose gradient forgets that h(t-1) depends on the weights;
"gate", an LSTM whose forget gate is given the bias of the output gate; "softmax", a GRU whose loss
takes the softmax of what is a softmax already; "chunks", a GRU that reads streams in chunks of 10
steps and starts each of them from zeros.

Rows: fault, lag, program ("right" or "wrong"); wrong, the share of wrong bits on fresh streams of
400 steps, after 0, `every`, 2 `every`, ... updates.  Guessing gives 0.5.
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.activations import softmax
from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.tasks import delayed_bits
from rnncore.vanilla import ReadOut, VanillaRNN

LAYERS = {"derivative": VanillaRNN, "gate": LSTM, "softmax": GRU, "chunks": GRU}
LAGS = {"derivative": 2, "gate": 6, "softmax": 4, "chunks": 3}


def trial(fault, lag, program, seed, *, updates, every, rate, batch, length, hidden):
    """Train one program, and test it now and then."""
    rng = np.random.default_rng([seed, lag])
    net = Stack(LAYERS[fault](1, hidden, rng=rng), ReadOut(hidden, 2, rng=rng))
    present = fault if program == "wrong" else None
    optimizer = Adam(net.params, rate)
    test = delayed_bits(lag, 400, 20, np.random.default_rng([seed, lag, 1]))
    wrong = []
    for update in range(updates + 1):
        if update % every == 0:
            wrong.append(_wrong(net, test, present))
        gradients = _gradients(net, delayed_bits(lag, length, batch, rng), present)
        optimizer.step(gradients)
    return {"wrong": wrong}


def _pieces(x, present):
    """Cut an array (T, B, ...) into what is read in one go, and has its own way back."""
    step = {"derivative": 1, "chunks": 10}.get(present, len(x))
    return [x[start : start + step] for start in range(0, len(x), step)]


def _read(net, x, present):
    """Return the logits (T, B, 2), and the tapes of the pieces."""
    if present == "gate":
        _, f, _, o = np.split(net.params["0.b"], 4)
        f[:] = o
    logits, tapes, state = [], [], None
    for piece in _pieces(x, present):
        y, tape = net.forward(piece, None if present == "chunks" else state)
        state = tape.state
        logits.append(y)
        tapes.append(tape)
    return np.concatenate(logits), tapes


def _gradients(net, data, present):
    """Return the gradients, of a loss and by a way back that may have the fault."""
    x, target, mask = data
    logits, tapes = _read(net, x, present)
    classes, mask = target[..., 0].astype(int), mask[..., 0]
    if present == "softmax":
        p = softmax(logits)
        _, dp = cross_entropy(p, classes, mask)
        dy = p * (dp - (p * dp).sum(axis=-1, keepdims=True))
    else:
        _, dy = cross_entropy(logits, classes, mask)
    total = {name: np.zeros_like(value) for name, value in net.params.items()}
    for piece, tape in zip(_pieces(dy, present), tapes, strict=True):
        for name, gradient in net.backward(piece, tape)[1].items():
            total[name] += gradient
    if present == "gate":
        _, f, _, o = np.split(total["0.b"], 4)
        o += f
        f[:] = 0.0
    return total


def _wrong(net, data, present):
    """Return the share of wrong answers."""
    x, target, mask = data
    logits, _ = _read(net, x, present)
    return ((logits.argmax(axis=-1) != target[..., 0]) & (mask[..., 0] > 0)).sum() / mask.sum()


experiment = Experiment(
    rows=Part(
        trial,
        [
            {"fault": fault, "lag": lag, "program": program}
            for fault, lag in LAGS.items()
            for program in ("right", "wrong")
        ],
        seeds=5,
    ),
    settings={
        "updates": 192, "every": 12, "rate": 0.01, "batch": 16, "length": 40, "hidden": 16,
    },
    quick={"updates": 2, "every": 1},
)  # fmt: skip
