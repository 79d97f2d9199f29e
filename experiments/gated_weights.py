"""Train the LSTMs and GRUs of one unit that the chapter on gates shows at work.

Two tasks on numbers from 0 to 1, some of them marked (rnncore.tasks):

    add      put out the sum of the two marked numbers, at each step what there is so far
    latest   put out the number that was marked last

Every network has one unit and a linear read-out.  The weights are rounded, and the loss is that of
the rounded ones, so that what a page draws from this file does not depend on the machine.  Of the
two networks that differ in the sign of the unit only, and do exactly the same, the one that reads
the unit with a positive weight is kept.

Rows: layer, task; loss, on sequences that are never trained on; the weights by the names of
rnncore.deep.Stack, 0.U to 1.c.
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import adding, latest
from rnncore.training import fit
from rnncore.vanilla import ReadOut

LAYERS = {"LSTM": LSTM, "GRU": GRU}
TASKS = {"add": lambda *sizes: adding(*sizes)[:2], "latest": latest}  # every step counts


def trial(layer, task, seed, *, steps, T, batch, hidden, rates, clip, digits):
    """Train one network, `steps` with each rate; round its weights, and test it."""
    rng = np.random.default_rng(seed)
    net = Stack(LAYERS[layer](2, hidden, rng=rng), ReadOut(hidden, 1, rng=rng))
    for rate in rates:
        batches = (TASKS[task](T, batch, rng) for _ in range(steps))
        fit(net, batches, optimizer=Adam(net.params, rate), steps=steps, clip=clip)
    upright(net)
    for array in net.params.values():
        array[...] = array.round(digits) + 0.0
    x, target = TASKS[task](T, 1000, np.random.default_rng(999))
    return {"loss": mean_squared_error(net.forward(x)[0], target)[0]} | dict(net.params)


def upright(net):
    """Turn the sign of a unit that is read with a negative weight; the answers stay the same."""
    layer, read = net.layers
    if read.params["V"].item() > 0:
        return
    candidate = 2  # the third of the gates, i, f, g, o or r, z, n
    layer.params["U"][candidate] *= -1
    layer.params["b"][candidate] *= -1
    layer.params["W"] *= -1
    layer.params["W"][candidate] *= -1  # from the unit to its own candidate: turned twice
    if "d" in layer.params:
        layer.params["d"] *= -1
    read.params["V"] *= -1


experiment = Experiment(
    rows=Part(trial, grid(layer=[*LAYERS], task=[*TASKS]), seeds=5),
    settings={
        "steps": 2000, "T": 20, "batch": 64, "hidden": 1, "rates": [0.02, 0.004], "clip": 1.0,
        "digits": 3,
    },
    quick={"steps": 2},
)  # fmt: skip
