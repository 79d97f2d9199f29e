"""Train vanilla RNN, LSTM and GRU to put out each bit of a random stream again, L steps later.

    python experiments/gated_stream.py            writes rnnbook/results/gated_stream.json
    python experiments/gated_stream.py --quick    one seed, few steps, writes nothing

At each step all of the last L bits have to be held (rnncore.tasks.delayed_bits): nothing may be
forgotten but the oldest, and nothing may be left out.  All layers have 16 hidden units and a
logistic read-out; mean squared error, Adam with rate 0.01, gradients clipped at the length 1.

The file holds

    command, python, numpy   how it was made
    settings                 steps, rate, batch, length, hidden, clip, seeds
    rows                     a list of {layer, lag, accuracy: one number for each seed}

Accuracy is the share of right bits on fresh streams; guessing gives 0.5.
"""

import argparse
import json
import platform
from pathlib import Path

import numpy as np

from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.optimizers import Adam
from rnncore.tasks import delayed_bits
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "gated_stream.json"
LAYERS = {"vanilla": VanillaRNN, "LSTM": LSTM, "GRU": GRU}
LAGS = (2, 6, 12, 24)
SETTINGS = {
    "steps": 5000, "rate": 0.01, "batch": 32, "length": 40, "hidden": 16, "clip": 1.0, "seeds": 3,
}  # fmt: skip


def stream(lag, settings, rng):
    """Yield fresh batches (x, target, mask) without end."""
    while True:
        yield delayed_bits(lag, settings["length"], settings["batch"], rng)


def accuracy(name, lag, seed, settings):
    """Train one network, and return its share of right bits on fresh streams."""
    rng = np.random.default_rng([seed, lag])
    hidden = settings["hidden"]
    read = ReadOut(hidden, 1, rng=rng, activation="logistic")
    net = Stack(LAYERS[name](1, hidden, rng=rng), read)
    optimizer = Adam(net.params, settings["rate"])
    batches = stream(lag, settings, rng)
    fit(net, batches, optimizer=optimizer, steps=settings["steps"], clip=settings["clip"])
    x, target, mask = delayed_bits(lag, 60, 200, np.random.default_rng([seed, lag, 1]))
    right = (net.forward(x)[0] > 0.5) == (target > 0.5)
    return round(float(right[mask > 0].mean()), 4)


def main():
    """Train all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, 200 steps, no file")
    quick = parser.parse_args().quick
    settings = SETTINGS | ({"steps": 200, "seeds": 1} if quick else {})
    rows = []
    for name in LAYERS:
        for lag in LAGS:
            scores = [accuracy(name, lag, seed, settings) for seed in range(settings["seeds"])]
            print(f"{name:8} lag {lag:2}", *scores, flush=True)
            rows.append({"layer": name, "lag": lag, "accuracy": scores})
    if not quick:
        result = {
            "command": "python experiments/gated_stream.py",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "settings": settings,
            "rows": rows,
        }
        RESULT.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
