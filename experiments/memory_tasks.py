"""Train TDNN, Jordan and Elman on the same memory tasks, for the same number of steps.

    python experiments/memory_tasks.py            writes rnnbook/results/memory_tasks.json
    python experiments/memory_tasks.py --quick    one seed, few steps, writes nothing

Three tasks, each with a lag L from the symbol to the answer (rnncore.tasks makes them):

    stream   each of a stream of random bits is to be put out again L steps later
    echo     a symbol is put out when it comes, and again when it is asked for, L steps later
    silent   the same, but the symbol is put out only when it is asked for

Every network has 16 hidden units, logistic outputs, mean squared error, Adam with rate 0.01.
A taught Jordan network has the targets in its state units while it is trained (teacher forcing).
"Jordan, own outputs" has its own outputs there, and the gradient goes back through them.
All are tested with their own outputs fed back, on fresh bits, or on both symbols.

The file holds

    command, python, numpy   how it was made
    settings                 steps, rate, batch, length, hidden, seeds
    weights                  how many weights each network has: of the stream, of echo and silent
    rows                     a list of {task, lag, network, accuracy: one number for each seed}
    longer                   the same for a few that had failed, with {steps} of their own

Accuracy is the share of right answers; guessing gives 0.5 in every task.
"""

import argparse
import json
import platform
from pathlib import Path

import numpy as np

from rnncore.elman import Elman
from rnncore.jordan import Jordan
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.tasks import delayed_bits, recall
from rnncore.tdnn import TDNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "memory_tasks.json"
TASKS, LAGS = ("stream", "echo", "silent"), (1, 3, 6, 12)
SETTINGS = {"steps": 5000, "rate": 0.01, "batch": 32, "length": 40, "hidden": 16, "seeds": 5}
WINDOW = 8
LONGER = (20_000, [("silent", 6, "Jordan, decay 0.5, own outputs"), ("silent", 12, "Elman")])
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


def trained(name, task, lag, seed, *, steps, rate, batch, length, hidden, seeds=None):
    """Train one network on one task, and return the layer."""
    rng = np.random.default_rng([seed, lag])
    layer, taught = made(name, task, rng, hidden)
    optimizer = Adam(layer.params, rate)
    for _ in range(steps):
        x, target, mask = examples(task, lag, rng, batch, length)
        y, tape = layer.forward(x, teacher=target) if taught else layer.forward(x)
        _, dy = mean_squared_error(y, target, mask)
        optimizer.step(layer.backward(dy, tape)[1])
    return layer


def count(name, task):
    """Count the weights of a network."""
    layer, _ = made(name, task, np.random.default_rng(0), SETTINGS["hidden"])
    return sum(value.size for value in layer.params.values())


def row(task, lag, name, settings):
    """Train and test one network for each seed; return the row of the result."""
    scores = []
    for seed in range(settings["seeds"]):
        layer = trained(name, task, lag, seed, **settings)
        fresh = np.random.default_rng([seed, lag, 1])
        scores.append(round(accuracy(layer, task, lag, fresh), 4))
    print(f"{task:6} lag {lag:2}  {name:30}", *scores, flush=True)
    return {"task": task, "lag": lag, "network": name, "accuracy": scores}


def main():
    """Train all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, 300 steps, no file")
    settings = dict(SETTINGS)
    if parser.parse_args().quick:
        settings |= {"steps": 300, "seeds": 1}
    rows = [row(task, lag, name, settings) for task in TASKS for name in NETWORKS for lag in LAGS]
    if settings == SETTINGS:
        result = {
            "command": "python experiments/memory_tasks.py",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "settings": settings,
            "weights": {name: [count(name, task) for task in TASKS[:2]] for name in NETWORKS},
            "rows": rows,
            "longer": [
                {"steps": LONGER[0]} | row(*case, settings | {"steps": LONGER[0]})
                for case in LONGER[1]
            ],
        }
        text = json.dumps(result, indent=1)
        RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
