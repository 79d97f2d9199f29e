"""Compare the truncated gradient with the full one, before a network has learned and while it does.

    python -m experiments.truncated_angle            writes rnnbook/results/truncated_angle.json
    python -m experiments.truncated_angle --quick    one seed, few k, writes nothing

The network and the task are those of experiments/truncated_delay.py: each of a stream of random
bits is to be put out again 10 steps later.  What is compared are the gradients of U, W and b, as
one vector, of the mean loss over 240 fresh steps of 16 rows, the parameters not being changed on
the way.  "untrained" is the network as it was drawn; "learning" the same, trained with
k1 = k2 = 20 until its accuracy is first at least 0.8, looked at once in 1,000 steps.

The file holds

    command, python, numpy   how it was made
    settings                 k, seeds, steps, rate
    rows                     a list of {stage, k1: "k" or 1, seed,
                             accuracy: when it was compared,
                             cosine: one for each k of the settings, where k2 = k}
"""

import argparse
import json
import platform
from pathlib import Path

import numpy as np

from experiments.truncated_delay import SETTINGS, accuracy, made
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.tasks import delayed_bits
from rnncore.truncated import chunks, truncated

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "truncated_angle.json"
KS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 24, 30, 40)
STEPS, RATE, LEARNING = 240, 0.003, 0.8


def gradient(net, data, k1, k2):
    """Add up the gradients of all chunks, of the recurrent layer as one vector."""
    counted = data[2].sum()

    def share(y, target, mask):
        """Give what these steps contribute to the mean over all."""
        error = mask * (y - target)
        return (error**2).sum() / counted, 2 * error / counted

    total = 0.0
    for chunk in truncated(net, chunks(k1, *data), share, k2=k2):
        below = [g.ravel() for name, g in chunk.gradients.items() if name.startswith("0.")]
        total = total + np.concatenate(below)
    return total


def cosine(a, b):
    """Cosine of the angle between two vectors."""
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def learning(seed, steps):
    """Train a network until it is on its way, and return it."""
    rng = np.random.default_rng(seed)
    net = made(rng, SETTINGS["hidden"])
    optimizer = Adam(net.params, RATE)
    stream = chunks(20, *delayed_bits(SETTINGS["lag"], steps, SETTINGS["rows"], rng))
    fresh = delayed_bits(SETTINGS["lag"], 500, 50, np.random.default_rng([seed, 1]))
    for n, chunk in enumerate(truncated(net, stream, mean_squared_error, k2=20), start=1):
        optimizer.step(chunk.gradients)
        if n % 50 == 0 and accuracy(net, fresh) >= LEARNING:
            break
    return net


def rows(seed, ks, steps):
    """Compare at both stages; return four rows."""
    nets = {
        "untrained": made(np.random.default_rng(seed), SETTINGS["hidden"]),
        "learning": learning(seed, steps),
    }
    data = delayed_bits(SETTINGS["lag"], STEPS, SETTINGS["rows"], np.random.default_rng([seed, 2]))
    for stage, net in nets.items():
        full = gradient(net, data, STEPS, STEPS)
        for k1 in ("k", 1):
            cosines = [cosine(gradient(net, data, k if k1 == "k" else 1, k), full) for k in ks]
            print(seed, stage, f"k1 = {k1}", *(f"{c:.2f}" for c in cosines), flush=True)
            yield {
                "stage": stage, "k1": k1, "seed": seed, "accuracy": round(accuracy(net, data), 3),
                "cosine": [round(c, 4) for c in cosines],
            }  # fmt: skip


def main():
    """Compare, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, few k, no file")
    if parser.parse_args().quick:
        list(rows(0, (1, 20), 2000))
        return
    result = {
        "command": "python -m experiments.truncated_angle",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "settings": {"k": KS, "seeds": 10, "steps": STEPS, "rate": RATE},
        "rows": [row for seed in range(10) for row in rows(seed, KS, SETTINGS["steps"])],
    }
    RESULT.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
