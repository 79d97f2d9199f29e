"""Train the LSTMs and GRUs of one unit that the chapter on gates shows at work.

    python experiments/gated_weights.py            writes rnnbook/results/gated_weights.json
    python experiments/gated_weights.py --quick    one seed, few steps, writes nothing

Two tasks on numbers from 0 to 1, some of them marked, T = 20 (rnncore.tasks):

    add      put out the sum of the two marked numbers, at each step what there is so far
    latest   put out the number that was marked last

Every network has one unit and a linear read-out.  For each layer and task the best of the seeds is
kept, by its error on sequences that are never trained on; the errors of all seeds are kept too.
The weights are rounded, and the kept error is that of the rounded ones, so that what a page draws
from this file does not depend on the machine.  Of the two networks that differ in the sign of the
unit only, and do exactly the same, the one that reads the unit with a positive weight is kept.

The file holds

    command, python, numpy   how it was made
    settings                 steps, T, batch, hidden, rates, clip, seeds, digits
    networks                 a list of {layer, task, seed, error, errors, weights}: weights by the
                             names of rnncore.deep.Stack, 0.U to 1.c
"""

import argparse
import json
import platform
from pathlib import Path

import numpy as np

from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.tasks import adding, latest
from rnncore.training import fit
from rnncore.vanilla import ReadOut

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "gated_weights.json"
LAYERS = {"LSTM": LSTM, "GRU": GRU}
TASKS = {"add": lambda *sizes: adding(*sizes)[:2], "latest": latest}
SETTINGS = {
    "steps": 2000, "T": 20, "batch": 64, "hidden": 1, "rates": [0.02, 0.004], "clip": 1.0,
    "seeds": 5, "digits": 3,
}  # fmt: skip


def stream(task, settings, rng):
    """Yield fresh batches (x, target) without end: every step counts."""
    while True:
        yield TASKS[task](settings["T"], settings["batch"], rng)


def trained(layer, task, seed, settings):
    """Train one network, `steps` with each rate; return its rounded weights and their error."""
    rng = np.random.default_rng(seed)
    hidden = settings["hidden"]
    net = Stack(LAYERS[layer](2, hidden, rng=rng), ReadOut(hidden, 1, rng=rng))
    batches = stream(task, settings, rng)
    for rate in settings["rates"]:
        optimizer = Adam(net.params, rate)
        fit(net, batches, optimizer=optimizer, steps=settings["steps"], clip=settings["clip"])
    upright(net)
    for array in net.params.values():
        array[...] = array.round(settings["digits"]) + 0.0
    x, target = TASKS[task](settings["T"], 1000, np.random.default_rng(999))
    error, _ = mean_squared_error(net.forward(x)[0], target)
    return {name: array.tolist() for name, array in net.params.items()}, round(float(error), 5)


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


def best(layer, task, settings):
    """Train one network for each seed, and return what the file keeps of them."""
    runs = [trained(layer, task, seed, settings) for seed in range(settings["seeds"])]
    errors = [error for _, error in runs]
    seed = int(np.argmin(errors))
    print(f"{layer:5} {task:7}", *errors, flush=True)
    kept = {"seed": seed, "error": errors[seed], "errors": errors, "weights": runs[seed][0]}
    return {"layer": layer, "task": task} | kept


def main():
    """Train all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, 100 steps, no file")
    quick = parser.parse_args().quick
    settings = SETTINGS | ({"steps": 100, "seeds": 1} if quick else {})
    networks = [best(layer, task, settings) for layer in LAYERS for task in TASKS]
    if not quick:
        result = {
            "command": "python experiments/gated_weights.py",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "settings": settings,
            "networks": networks,
        }
        RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
