"""Train TDNN, Jordan and Elman on the same memory tasks, for the same number of steps.

Three tasks, each with a lag L from the symbol to the answer (rnncore.tasks makes them):

    stream   each of a stream of random bits is to be put out again L steps later
    echo     a symbol is put out when it comes, and again when it is asked for, L steps later
    silent   the same, but the symbol is put out only when it is asked for

Every network has logistic outputs, mean squared error, Adam.
A taught Jordan network has the targets in its state units while it is trained (teacher forcing).
"Jordan, own outputs" has its own outputs there, and the gradient goes back through them.
All are tested with their own outputs fed back, on fresh bits, or on both symbols.

Rows: task, network, lag; accuracy, the share of right answers.  Guessing gives 0.5 in every task.
`longer` has the same, with more steps, for a few that had failed.
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.elman import Elman
from rnncore.jordan import Jordan
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import delayed_bits, recall
from rnncore.tdnn import TDNN

WINDOW = 8
NETWORKS = {
    f"TDNN, window {WINDOW}": (lambda i, h, o, **rest: TDNN(i, WINDOW, h, o, **rest), False),
    "Jordan, decay 0": (Jordan, True),
    "Jordan, decay 0.5": (lambda *sizes, **rest: Jordan(*sizes, decay=0.5, **rest), True),
    "Jordan, decay 0.9": (lambda *sizes, **rest: Jordan(*sizes, decay=0.9, **rest), True),
    "Jordan, decay 0.5, own outputs": (
        lambda *sizes, **rest: Jordan(*sizes, decay=0.5, **rest),
        False,
    ),
    "Elman": (Elman, False),
}


def examples(task, lag, rng, batch, length):
    """Return x, target and mask of one batch; what the mask leaves out is not trained."""
    if task == "stream":
        return delayed_bits(lag, length, batch, rng)
    x, target = recall(lag, echo=task == "echo")
    return x, target, np.ones_like(target)


def made(name, task, rng, hidden):
    """Make one of the `NETWORKS` for a task; return it and whether it is taught."""
    make, taught = NETWORKS[name]
    inputs, outputs = (1, 1) if task == "stream" else (4, 2)
    return make(inputs, hidden, outputs, rng=rng, output_activation="logistic"), taught


def accuracy(layer, task, lag, rng):
    """Share of right answers, the outputs of the network being fed back; a tie counts half."""
    x, target, mask = examples(task, lag, rng, batch=200, length=60)
    y, _ = layer.forward(x)
    if task == "stream":
        said, wanted = (y - 0.5)[mask > 0], (target - 0.5)[mask > 0]
    else:
        said, wanted = y[-1, :, 0] - y[-1, :, 1], target[-1, :, 0] - target[-1, :, 1]
    return float(np.mean(np.where(said == 0, 0.5, said * wanted > 0)))


def trial(task, network, lag, seed, *, steps, rate, batch, length, hidden):
    """Train one network on one task, and test it."""
    rng = np.random.default_rng([seed, lag])
    layer, taught = made(network, task, rng, hidden)
    optimizer = Adam(layer.params, rate)
    for _ in range(steps):
        x, target, mask = examples(task, lag, rng, batch, length)
        y, tape = layer.forward(x, teacher=target) if taught else layer.forward(x)
        _, dy = mean_squared_error(y, target, mask)
        optimizer.step(layer.backward(dy, tape)[1])
    return {"accuracy": accuracy(layer, task, lag, np.random.default_rng([seed, lag, 1]))}


experiment = Experiment(
    rows=Part(
        trial,
        grid(task=["stream", "echo", "silent"], network=[*NETWORKS], lag=[1, 3, 6, 12]),
        seeds=5,
    ),
    longer=Part(
        trial,
        grid(task=["silent"], network=["Jordan, decay 0.5, own outputs"], lag=[6], steps=[20_000])
        + grid(task=["silent"], network=["Elman"], lag=[12], steps=[20_000]),
        seeds=5,
    ),
    settings={"steps": 5000, "rate": 0.01, "batch": 32, "length": 40, "hidden": 16},
    quick={"steps": 2},
)
