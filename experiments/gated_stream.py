"""Train vanilla RNN, LSTM and GRU to put out each bit of a random stream again, L steps later.

At each step all of the last L bits have to be held (rnncore.tasks.delayed_bits): nothing may be
forgotten but the oldest, and nothing may be left out.  All layers have a logistic read-out; mean
squared error, Adam.

Rows: layer, lag; accuracy, the share of right bits on fresh streams.  Guessing gives 0.5.
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import delayed_bits
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

LAYERS = {"vanilla": VanillaRNN, "LSTM": LSTM, "GRU": GRU}


def trial(layer, lag, seed, *, steps, rate, batch, length, hidden, clip):
    """Train one network, and test it."""
    rng = np.random.default_rng([seed, lag])
    read = ReadOut(hidden, 1, rng=rng, activation="logistic")
    net = Stack(LAYERS[layer](1, hidden, rng=rng), read)
    batches = (delayed_bits(lag, length, batch, rng) for _ in range(steps))
    fit(net, batches, optimizer=Adam(net.params, rate), steps=steps, clip=clip)
    x, target, mask = delayed_bits(lag, 60, 200, np.random.default_rng([seed, lag, 1]))
    right = (net.forward(x)[0] > 0.5) == (target > 0.5)
    return {"accuracy": right[mask > 0].mean()}


experiment = Experiment(
    rows=Part(trial, grid(layer=[*LAYERS], lag=[2, 6, 12, 24]), seeds=3),
    settings={
        "steps": 5000, "rate": 0.01, "batch": 32, "length": 40, "hidden": 16, "clip": 1.0,
    },
    quick={"steps": 2},
)  # fmt: skip
