"""Train vanilla RNN, LSTM and GRU on the adding problem, on longer and longer sequences.

Two of T numbers from 0 to 1 are marked, one in the first half and one in the second; after the
last step their sum should be put out (rnncore.tasks.adding).  Who always answers 1 has the
mean squared error 1/6.  A remake of the problem of Hochreiter and Schmidhuber (1997), who draw
numbers from -1 to 1, mark both in the first half, vary the length, and scale the target.

All layers have a linear read-out, fresh sequences in each batch, the error of the last step only,
Adam with one rate for all.  Every `every` steps the loss is taken on sequences that are never
trained on; training ends when it is below `solved`, or when all steps are taken.

Rows: layer, T; taken, how many steps were; loss, the last on the held-out sequences; curve, for
T = 50, all of them.
`longer` has the same, with more steps, for what had failed.
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import adding
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

LAYERS = {"vanilla": VanillaRNN, "LSTM": LSTM, "GRU": GRU}
CURVES = 50


def trial(layer, T, seed, *, steps, rate, batch, hidden, clip, solved, held_out, every):
    """Train one network until it has solved the problem."""
    rng = np.random.default_rng([seed, T])
    net = Stack(LAYERS[layer](2, hidden, rng=rng), ReadOut(hidden, 1, rng=rng))
    optimizer = Adam(net.params, rate)
    batches = iter(lambda: adding(T, batch, rng), None)  # without end
    x, target, mask = adding(T, held_out, np.random.default_rng([T, 1]))
    losses = []
    for _ in range(0, steps, every):
        fit(net, batches, optimizer=optimizer, steps=every, clip=clip)
        losses.append(mean_squared_error(net.forward(x)[0], target, mask)[0])
        if losses[-1] < solved:
            break
    curve = {"curve": losses} if T == CURVES else {}
    return {"taken": len(losses) * every, "loss": losses[-1]} | curve


experiment = Experiment(
    rows=Part(trial, grid(layer=[*LAYERS], T=[10, 30, CURVES, 100]), seeds=5),
    longer=Part(trial, grid(layer=["vanilla"], T=[100], steps=[40_000]), seeds=5),
    settings={
        "steps": 10_000, "rate": 0.003, "batch": 32, "hidden": 32, "clip": 1.0, "solved": 0.01,
        "held_out": 500, "every": 100,
    },
    quick={"steps": 2, "every": 1, "held_out": 5},
)  # fmt: skip
