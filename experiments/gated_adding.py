"""Train vanilla RNN, LSTM and GRU on the adding problem, on longer and longer sequences.

    python experiments/gated_adding.py            writes rnnbook/results/gated_adding.json
    python experiments/gated_adding.py --quick    one seed, T = 10 only, writes nothing

Two of T numbers from 0 to 1 are marked, one in the first half and one in the second; after the
last step their sum should be put out (rnncore.tasks.adding).  Who always answers 1 has the
mean squared error 1/6.  A remake of the problem of Hochreiter and Schmidhuber, who draw numbers
from -1 to 1, mark both in the first half, vary the length, and scale the target.

All layers have 32 hidden units and a linear read-out, fresh sequences in each batch, the error of
the last step only, Adam with one rate for all, and gradients clipped at the length 1.
Every 100 steps the error is taken on 500 sequences that are never trained on; training ends when
it is below 0.01 ("solved"), or when all steps are taken.

The file holds

    command, python, numpy   how it was made
    settings                 steps at most, rate, batch, hidden, clip, solved, held_out, seeds
    weights                  how many weights each network has, read-out included
    rows                     a list of {layer, T, solved: steps or null, error: at the end}, where
                             solved and error have one entry for each seed
    longer                   the same for what had failed, with {steps} of its own
    curves                   for T = CURVES, the held-out errors every 100 steps, by layer and seed
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
from rnncore.tasks import adding
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "gated_adding.json"
LAYERS = {"vanilla": VanillaRNN, "LSTM": LSTM, "GRU": GRU}
LENGTHS, CURVES, EVERY = (10, 30, 50, 100), 50, 100
SETTINGS = {
    "steps": 10_000, "rate": 0.003, "batch": 32, "hidden": 32, "clip": 1.0, "solved": 0.01,
    "held_out": 500, "seeds": 5,
}  # fmt: skip
LONGER = {"layer": "vanilla", "T": 100, "steps": 40_000}


def made(name, hidden, rng):
    """Make one of `LAYERS` with its read-out."""
    return Stack(LAYERS[name](2, hidden, rng=rng), ReadOut(hidden, 1, rng=rng))


def stream(steps, batch, rng):
    """Yield fresh batches (x, target, mask) without end."""
    while True:
        yield adding(steps, batch, rng)


def trained(name, length, seed, settings):
    """Train one network until it has solved the problem; return the held-out errors."""
    rng = np.random.default_rng([seed, length])
    net = made(name, settings["hidden"], rng)
    optimizer = Adam(net.params, settings["rate"])
    batches = stream(length, settings["batch"], rng)
    x, target, mask = adding(length, settings["held_out"], np.random.default_rng([length, 1]))
    errors = []
    for _ in range(0, settings["steps"], EVERY):
        fit(net, batches, optimizer=optimizer, steps=EVERY, clip=settings["clip"])
        errors.append(float(mean_squared_error(net.forward(x)[0], target, mask)[0]))
        if errors[-1] < settings["solved"]:
            break
    return errors


def row(name, length, settings):
    """Train one network for each seed; return the row of the result, and the curves."""
    curves = [trained(name, length, seed, settings) for seed in range(settings["seeds"])]
    solved = [len(c) * EVERY if c[-1] < settings["solved"] else None for c in curves]
    errors = [round(c[-1], 4) for c in curves]
    print(f"{name:8} T {length:3}  solved", *solved, " error", *errors, flush=True)
    return {"layer": name, "T": length, "solved": solved, "error": errors}, curves


def main():
    """Train all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, T = 10, no file")
    if parser.parse_args().quick:
        for name in LAYERS:
            row(name, LENGTHS[0], SETTINGS | {"seeds": 1})
        return
    rows, kept = [], {}
    for name in LAYERS:
        for length in LENGTHS:
            result, curves = row(name, length, SETTINGS)
            rows.append(result)
            if length == CURVES:
                kept[name] = [[round(error, 4) for error in curve] for curve in curves]
    longer = SETTINGS | {"steps": LONGER["steps"]}
    sizes = {
        name: sum(p.size for p in made(name, SETTINGS["hidden"], np.random.default_rng(0))
                  .params.values())
        for name in LAYERS
    }  # fmt: skip
    result = {
        "command": "python experiments/gated_adding.py",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "settings": SETTINGS,
        "weights": sizes,
        "rows": rows,
        "longer": {"steps": LONGER["steps"]} | row(LONGER["layer"], LONGER["T"], longer)[0],
        "curves": kept,
    }
    RESULT.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
