"""Train one network on lags that truncated BPTT can and cannot reach, with many k1, k2 and seeds.

A vanilla network of tanh units, with a logistic read-out, mean squared error, Adam.

    delay   a stream of random bits; each bit is to be put out again `lag` steps later
            (rnncore.tasks.delayed_bits); the state is carried through the whole stream
    cue     one bit, then ten blanks, or ten random bits; at the last of them the first bit is to
            be put out; every sequence begins from zeros

"remembered" is the way of Williams and Peng (1990), as far as the old states go: each step runs
the network one step on, and goes back k2 steps over the states as they were when they were made;
"run anew" is `rnncore.truncated`, which runs the steps before it once more.

Rows

    cue       between, "blanks" or "bits", k; accuracy
    chunks    delay, k1 = k2 = k: rate, k, steps, of the stream; accuracy
    updates   delay, k2 = 15: k1, way, rate; solved_after, the steps of the stream after which
              accuracy was first at least 0.99, looked at once in `every` steps, or Infinity

Accuracy is the share of right answers on fresh bits; guessing gives 0.5.
"""

import math

import numpy as np

from experiments import Experiment, Part
from rnncore.deep import Stack
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import delayed_bits
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import ReadOut, Tape, VanillaRNN


def made(rng, hidden):
    """Make the network."""
    return Stack(VanillaRNN(1, hidden, rng=rng), ReadOut(hidden, 1, rng=rng, activation="logistic"))


def cue(lag, batch, rng, *, bits):
    """Draw sequences of a bit and then blanks, or other bits; the first is asked for at the end."""
    x, target, mask = delayed_bits(lag, lag + 1, batch, rng)
    if not bits:
        x[1:] = 0.0
    return x, target, mask


def accuracy(net, data):
    """Share of right answers where they count."""
    x, target, mask = data
    y, _ = net.forward(x)
    return float(np.mean((y > 0.5) == target, where=mask > 0))


def remembered(net, pieces, loss, *, k2):
    """Yield one gradient a step, from the last k2 states as they were made; one row of x a piece.

    The weights with which the error goes back are those of now; the states are older.
    """
    layer, out = net.layers
    x, h = None, None
    for new, target, mask in pieces:
        _, tape = layer.forward(new, None if h is None else h[-1])
        x = tape.x if x is None else np.concatenate([x, tape.x])[-k2:]
        h = tape.h if h is None else np.concatenate([h, tape.h[1:]])[-k2 - 1 :]
        if not np.any(mask):
            continue
        y, read = out.forward(h[-1:])
        dh, above, _ = out.backward(loss(y, target, mask)[1], read)
        dh = np.concatenate([np.zeros((len(x) - 1, *dh.shape[1:])), dh])
        below = layer.backward(dh, Tape(x, h))[1]
        yield {f"0.{n}": g for n, g in below.items()} | {f"1.{n}": g for n, g in above.items()}


def learning(k1, k2, rate, seed, *, steps, rows, lag, hidden, way="run anew"):
    """Train on the stream; yield the network and the steps it has read, after each update."""
    rng = np.random.default_rng(seed)
    net = made(rng, hidden)
    optimizer = Adam(net.params, rate)
    stream = chunks(k1, *delayed_bits(lag, steps, rows, rng))
    if way == "run anew":
        gradients = (c.gradients for c in truncated(net, stream, mean_squared_error, k2=k2))
    else:
        gradients = remembered(net, stream, mean_squared_error, k2=k2)
    read = lag // k1 * k1  # the first steps ask for nothing
    for gradient in gradients:
        optimizer.step(gradient)
        read += k1
        yield net, read


def fresh(lag, seed):
    """Draw bits that no network was trained on."""
    return delayed_bits(lag, 500, 50, np.random.default_rng([seed, 1]))


def chunked(rate, k, steps, seed, *, rows, lag, hidden):
    """Train in chunks of k steps, and test."""
    *_, (net, _) = learning(k, k, rate, seed, steps=steps, rows=rows, lag=lag, hidden=hidden)
    return {"accuracy": accuracy(net, fresh(lag, seed))}


def updated(k1, way, rate, seed, *, k2, steps, rows, lag, hidden, every):
    """Train with an update every k1 steps, until the network is right."""
    data, look = fresh(lag, seed), every
    how = {"steps": steps, "rows": rows, "lag": lag, "hidden": hidden, "way": way}
    for net, read in learning(k1, k2, rate, seed, **how):
        if read >= look:
            look += every
            if accuracy(net, data) >= 0.99:
                return {"solved_after": min(read, steps)}
    return {"solved_after": math.inf}


def recalls(between, k, seed, *, rows, lag, hidden, cues, cue_rate):
    """Train on cues, `rows` side by side, and test."""
    rng, bits = np.random.default_rng(seed), between == "bits"
    net = made(rng, hidden)
    optimizer = Adam(net.params, cue_rate)
    for _ in range(cues):
        pieces = chunks(k, *cue(lag, rows, rng, bits=bits))
        for chunk in truncated(net, pieces, mean_squared_error, k2=k):
            optimizer.step(chunk.gradients)
    return {"accuracy": accuracy(net, cue(lag, 1000, np.random.default_rng([seed, 1]), bits=bits))}


RATES = [0.001, 0.003, 0.01]
experiment = Experiment(
    cue=Part(recalls, grid(between=["blanks", "bits"], k=[1, 11]), seeds=10),
    chunks=Part(
        chunked,
        grid(rate=RATES, k=[5, 10, 11, 12, 15, 20, 40], steps=[40_000])
        + grid(rate=[0.003], k=[10], steps=[400_000]),  # as many updates as k1 = 1 has
        seeds=10,
    ),
    updates=Part(
        updated,
        grid(k1=[1], way=["run anew", "remembered"], rate=RATES)
        + grid(k1=[5, 15], way=["run anew"], rate=RATES),
        seeds=10,
    ),
    settings={
        "steps": 40_000, "rows": 16, "lag": 10, "hidden": 16, "k2": 15, "every": 1000,
        "cues": 2000, "cue_rate": 0.003,
    },
    quick={"steps": 40, "every": 20, "cues": 1},
)  # fmt: skip
