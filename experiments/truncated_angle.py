"""Compare the truncated gradient with the full one, before a network has learned and while it does.

The network and the task are those of experiments/truncated_delay.py: each of a stream of random
bits is to be put out again `lag` steps later.  What is compared are the gradients of U, W and b, as
one vector, of the mean loss over `compared` fresh steps, the parameters not being changed on the
way.  Stage "untrained" is the network as it was drawn; "learning" the same, trained with
k1 = k2 = 20 until its accuracy is first at least 0.8, looked at once in 1,000 steps.

Rows: stage; accuracy, when it was compared; the cosine of the angle between the two gradients, one
for each k of the settings, where k2 = k: chunked, with k1 = k; sliding, with k1 = 1.
"""

import numpy as np

from experiments import Experiment, Part
from experiments.truncated_delay import accuracy, fresh, learning, made
from rnncore.sweep import grid
from rnncore.tasks import delayed_bits
from rnncore.truncated import chunks, truncated


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


def trial(stage, seed, *, k, compared, steps, rate, rows, lag, hidden):
    """Compare the gradients of one network at one stage."""
    net = made(np.random.default_rng(seed), hidden)
    if stage == "learning":
        held = fresh(lag, seed)
        how = {"steps": steps, "rows": rows, "lag": lag, "hidden": hidden}
        for n, (net, _) in enumerate(learning(20, 20, rate, seed, **how), start=1):
            if n % 50 == 0 and accuracy(net, held) >= 0.8:
                break
    data = delayed_bits(lag, compared, rows, np.random.default_rng([seed, 2]))
    full = gradient(net, data, compared, compared)
    return {
        "accuracy": accuracy(net, data),
        "chunked": [cosine(gradient(net, data, one, one), full) for one in k],
        "sliding": [cosine(gradient(net, data, 1, one), full) for one in k],
    }


experiment = Experiment(
    rows=Part(trial, grid(stage=["untrained", "learning"]), seeds=10),
    settings={
        "k": [*range(1, 17), 20, 24, 30, 40], "compared": 240, "steps": 40_000, "rate": 0.003,
        "rows": 16, "lag": 10, "hidden": 16,
    },
    quick={"k": [1, 20], "compared": 40, "steps": 40},
)  # fmt: skip
