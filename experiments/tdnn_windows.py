"""What a window gives and what it takes: TDNN against networks without one.

`shift` has rows for: which of three glides (rnncore.tasks.glides) is it?  Trained with glides that
start at some onsets, tested on 2,000 fresh ones that start at these, and on 2,000 at later onsets.
A TDNN, its outputs summed over time, and a network fully connected to all steps at once; the latter
also trained on all onsets.  Each with fresh glides at each training step, and with a fixed set of
300.  After Waibel et al. (1989), with other data and one hidden layer.

    network, onsets, the first and the last, examples, how many, or null; weights, how many; seen
    and unseen, the shares right

`lag` has rows for: random bits, each to be put out again some steps later
(rnncore.tasks.delayed_bits).  TDNNs with two windows, and an Elman network, all trained for the
same number of steps.

    network, lag; accuracy, the share right
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.elman import Elman
from rnncore.losses import cross_entropy, mean_squared_error
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import GLIDES, delayed_bits, glides
from rnncore.tdnn import TDNN

SEEN, UNSEEN, EVERY = (2, 8), (13, 20), (2, 20)
WINDOWS = {"TDNN, window 4": 4, "TDNN, window 8": 8, "Elman": None}


def drawn(count, onsets, rng):
    """Draw glides; return x (T, B, I) and which of `GLIDES` each is."""
    kinds = rng.integers(len(GLIDES), size=count)
    first, last = onsets
    return glides(kinds, rng.choice(range(first, last + 1), size=count), rng), kinds


def whole(x):
    """Lay all steps of x (T, B, I) side by side, as one step: (1, B, T I)."""
    return x.swapaxes(0, 1).reshape(1, x.shape[1], -1)


def scores(net, x):
    """Sum the outputs over time: (B, O), and the tape."""
    y, tape = net.forward(x)
    return y.sum(axis=0), tape


def shift(network, onsets, examples, seed, *, window, hidden, steps, rate, batch):
    """Train one network; test it where it was trained, and later."""
    rng = np.random.default_rng(seed)
    full = network == "fully connected"
    lay = whole if full else np.asarray
    net = TDNN(240 if full else 8, window, hidden, 3, rng=rng)
    optimizer = Adam(net.params, rate)
    if examples:
        known, kinds_known = drawn(examples, onsets, rng)
    for _ in range(steps):
        if examples:
            some = rng.integers(examples, size=batch)
            x, kinds = known[:, some], kinds_known[some]
        else:
            x, kinds = drawn(batch, onsets, rng)
        z, tape = scores(net, lay(x))
        _, dz = cross_entropy(z, kinds)
        dy = np.broadcast_to(dz, (len(tape.y), *dz.shape))
        optimizer.step(net.backward(dy, tape)[1])
    result, fresh = {}, np.random.default_rng([seed, 1])
    for name, tested in {"seen": SEEN, "unseen": UNSEEN}.items():
        x, kinds = drawn(2000, tested, fresh)
        result[name] = (scores(net, lay(x))[0].argmax(axis=1) == kinds).mean()
    return {"weights": net.size} | result


def lag(network, lag, seed, *, hidden, steps, rate, batch, length):
    """Train one network to put out what came `lag` steps before; test it."""
    rng = np.random.default_rng([seed, lag])
    how = {"rng": rng, "output_activation": "logistic"}
    window = WINDOWS[network]
    net = TDNN(1, window, hidden, 1, **how) if window else Elman(1, hidden, 1, **how)
    optimizer = Adam(net.params, rate)
    for _ in range(steps):
        x, target, mask = delayed_bits(lag, length, batch, rng)
        y, tape = net.forward(x)
        _, dy = mean_squared_error(y, target, mask)
        optimizer.step(net.backward(dy, tape)[1])
    x, target, mask = delayed_bits(lag, 100, 100, np.random.default_rng([seed, lag, 1]))
    y, _ = net.forward(x)
    return {"accuracy": ((y > 0.5) == (target > 0.5))[mask > 0].mean()}


SHIFT = {"examples": [None, 300], "steps": [2000], "batch": [32]}
experiment = Experiment(
    shift=Part(
        shift,
        grid(network=["TDNN"], onsets=[SEEN], window=[5], hidden=[8], **SHIFT)
        + grid(network=["fully connected"], onsets=[SEEN, EVERY], window=[1], hidden=[32], **SHIFT),
        seeds=10,
    ),
    lag=Part(lag, grid(network=[*WINDOWS], lag=[*range(13), 16, 20]), seeds=5),
    settings={"hidden": 16, "steps": 3000, "rate": 0.01, "batch": 16, "length": 40},
    quick={"steps": 2},
)
