"""Look into the layers of trained stacks, and compare one layer with two of equal weights.

    python experiments/deep_layers.py            writes rnnbook/results/deep_layers.json
    python experiments/deep_layers.py --quick    one seed, few steps, writes nothing

Four tasks, each with a class to be told at every step (rnncore.tasks makes the sequences):

    delay      each of a stream of random bits is to be told again LAG steps later
    parity     whether the last PARITY bits hold an even number of -1
    words      the next letter of words that are run together
    lexicons   the same, and the list of words changes now and then; both lists have the same
               letters, the words of the second are those of the first read backwards

Every network is a stack of vanilla layers (tanh) under a read-out, trained by Adam on
cross-entropy, gradients clipped at 1, with new sequences at every step.

Probes: a least-squares fit from the state h(t) of a layer, and a 1, to the input x(t - lag), on
sequences that the network was not trained on; scored on other sequences by R^2, the share of the
variance that the fit explains.  Which lexicon it is: the same fit to -1 and +1, scored by the
share of right signs.

The file holds

    command, python, numpy   how it was made
    settings                 what all have in common
    probes                   for each task, for each seed: `input`, `untrained` (one list a
                             layer), `trained`, and `single`, the one layer of a trained network
                             that has no other; each is a list of R^2, one for each lag from 0,
                             and `which`, the same for the lexicon
    equal                    for each task, kind of network and learning rate: the number of
                             weights, and for each seed the held-out loss, in nats, and accuracy
"""

import argparse
import json
import platform
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from rnncore.deep import Stack
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.tasks import delayed_bits, run_together, switching
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "deep_layers.json"
LAG, LONG_LAG, PARITY = 6, 12, 6
WORDS = [
    "a", "the", "they", "and", "sea", "seal", "saw", "ship", "boat", "boy", "girl", "gold", "by",
    "came", "under",
]  # fmt: skip
LEXICONS = [["ab", "acd", "bda", "dcb", "caa"], ["ba", "dca", "adb", "bcd", "aac"]]
SETTINGS = {"steps": 1500, "batch": 32, "length": 40, "lags": 15, "stay": 0.95}
PROBED, EQUAL_SEEDS, PROBE_SEEDS, PROBE_RATE, RATES = (24, 24), 5, 5, 0.003, (0.003, 0.01)
KINDS = {  # of equal numbers of weights, as nearly as whole units allow
    "delay": [(24,), (14, 14)],
    "parity": [(24,), (14, 14)],
    "words": [(32,), (22, 22)],
    "lexicons": [(32,), (20, 20)],
}


class Bits:
    """Random bits; what is to be told follows from those before."""

    inputs, outputs = 1, 2

    def __init__(self, name, lag):
        self.name, self.lag = name, lag

    def batch(self, rng, steps, size, fresh=False):
        """Return x, the classes, what counts, and None: there are no lexicons."""
        x, target, mask = delayed_bits(self.lag, steps, size, rng)
        if self.name == "parity":
            product = np.ones_like(x)
            for k in range(PARITY):
                product[k:] *= x[: steps - k]
            target, mask = product > 0, np.ones_like(x)
            mask[: PARITY - 1] = 0
        return x, target[:, :, 0].astype(int), mask[:, :, 0], None


class Letters:
    """A text, of which the last third is held out; what is to be told is the next letter."""

    def __init__(self, name):
        rng = np.random.default_rng(12345)
        if name == "words":
            text, _ = run_together(WORDS, 60_000, rng)
            self.which = None
        else:
            text, self.which = switching(LEXICONS, 60_000, SETTINGS["stay"], rng)
        letters = sorted(set(text))
        self.code = np.array([letters.index(letter) for letter in text])
        self.inputs = self.outputs = len(letters)
        self.split = len(text) * 2 // 3

    def batch(self, rng, steps, size, fresh=False):
        """Return x, the next letters, None: all count, and the lexicon of each letter."""
        first, last = (self.split, len(self.code)) if fresh else (0, self.split)
        places = rng.integers(first, last - steps - 1, size) + np.arange(steps + 1)[:, None]
        code = self.code[places]
        which = None if self.which is None else self.which[places[:-1]]
        return np.eye(self.inputs)[code[:-1]], code[1:], None, which


def task(name, lag=LAG):
    """Make a task by its name."""
    return Bits(name, lag) if name in ("delay", "parity") else Letters(name)


def stack(sizes, inputs, outputs, rng):
    """Make a stack of vanilla layers of these sizes under a read-out."""
    widths = [inputs, *sizes]
    layers = [VanillaRNN(i, h, rng=rng) for i, h in zip(widths, sizes, strict=False)]
    return Stack(*layers, ReadOut(sizes[-1], outputs, rng=rng))


def train(net, job, rng, rate, steps):
    """Train a network in place, on new sequences at every step."""
    batches = iter(
        lambda: job.batch(rng, SETTINGS["length"], SETTINGS["batch"])[:3], None
    )  # without end
    fit(net, batches, optimizer=Adam(net.params, rate), steps=steps, loss=cross_entropy, clip=1.0)


def score(net, job):
    """Return loss and accuracy on sequences that were not trained on."""
    x, classes, mask, _ = job.batch(np.random.default_rng(999), 60, 400, fresh=True)
    y, _ = net.forward(x)
    counts = np.ones(classes.shape) if mask is None else mask
    right = (y.argmax(axis=-1) == classes)[counts > 0].mean()
    return round(float(cross_entropy(y, classes, mask)[0]), 4), round(float(right), 4)


def fitted(h, z, fresh_h, fresh_z):
    """Fit z by h and a 1, and return R^2 on fresh data, and the share of right signs."""
    ones = [np.append(part, np.ones((len(part), 1)), axis=1) for part in (h, fresh_h)]
    weights = np.linalg.lstsq(ones[0], z, rcond=None)[0]
    said = ones[1] @ weights
    r2 = 1 - ((said - fresh_z) ** 2).sum() / ((fresh_z - fresh_z.mean(axis=0)) ** 2).sum()
    return round(float(r2), 3), round(float(((said > 0) == (fresh_z > 0)).mean()), 3)


def probe(net, job, steps=60, size=200):
    """Return what can be read from the input and from each layer: a list of R^2, and `which`."""
    lags = SETTINGS["lags"]
    seen = []
    for seed in (1, 2):
        x, _, _, which = job.batch(np.random.default_rng(seed), steps, size, fresh=True)
        tapes = net.forward(x)[1].tapes
        held = [x, *(tape.h[1:] for tape in tapes[:-1])]
        if which is not None:
            which = (2.0 * which - 1)[lags:].reshape(-1, 1)
        seen.append((x, [h[lags:].reshape(-1, h.shape[-1]) for h in held], which))
    (x, held, which), (fresh_x, fresh_held, fresh_which) = seen

    def past(x, lag):
        return x[lags - lag : steps - lag].reshape(-1, x.shape[-1])

    return [
        {
            "r2": [fitted(a, past(x, k), b, past(fresh_x, k))[0] for k in range(lags)],
            "which": None if which is None else fitted(a, which, b, fresh_which)[1],
        }
        for a, b in zip(held, fresh_held, strict=True)
    ]


def probes(name, seed, steps):
    """Probe a stack before and after training, and a trained network of one layer."""
    job = task(name)
    rng = np.random.default_rng(seed)
    net = stack(PROBED, job.inputs, job.outputs, rng)
    first, *untrained = probe(net, job)
    train(net, job, rng, PROBE_RATE, steps)
    trained = probe(net, job)[1:]
    rng = np.random.default_rng(seed)
    one = stack(PROBED[:1], job.inputs, job.outputs, rng)
    train(one, job, rng, PROBE_RATE, steps)
    result = {
        "input": first, "untrained": untrained, "trained": trained, "single": probe(one, job)[1],
        "loss": [score(net, job)[0], score(one, job)[0]],
    }  # fmt: skip
    print(name, seed, *(part["which"] or sum(part["r2"]) for part in trained), flush=True)
    return result


def equal(name, sizes, rate, seed, steps):
    """Train one network of a kind; return its number of weights, loss and accuracy."""
    job = task(name, LONG_LAG)
    rng = np.random.default_rng([seed, len(sizes)])
    net = stack(sizes, job.inputs, job.outputs, rng)
    train(net, job, rng, rate, steps)
    weights = sum(value.size for value in net.params.values())
    loss, accuracy = score(net, job)
    print(name, sizes, weights, rate, seed, loss, accuracy, flush=True)
    return weights, loss, accuracy


def row(name, sizes, rate, scores):
    """Gather the scores of the seeds into one row of the result."""
    weights, loss, accuracy = map(list, zip(*scores, strict=True))
    return {
        "task": name, "sizes": list(sizes), "weights": weights[0], "rate": rate, "loss": loss,
        "accuracy": accuracy,
    }  # fmt: skip


def main():
    """Run all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, 30 steps, no file")
    quick = parser.parse_args().quick
    steps = 30 if quick else SETTINGS["steps"]
    probe_seeds = range(1 if quick else PROBE_SEEDS)
    equal_seeds = range(1 if quick else EQUAL_SEEDS)
    kinds = [(name, sizes, rate) for name in KINDS for sizes in KINDS[name] for rate in RATES]
    with ProcessPoolExecutor(3) as pool:
        looked = {
            name: [pool.submit(probes, name, seed, steps) for seed in probe_seeds]
            for name in ("delay", "words", "lexicons")
        }
        trained = [
            [pool.submit(equal, *kind, seed, steps) for seed in equal_seeds] for kind in kinds
        ]
    result = {
        "command": "python experiments/deep_layers.py",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "settings": SETTINGS
        | {"lag": LAG, "long lag": LONG_LAG, "parity": PARITY, "probed": PROBED,
           "probe rate": PROBE_RATE},
        "probes": {name: [run.result() for run in runs] for name, runs in looked.items()},
        "equal": [
            row(*kind, [run.result() for run in runs])
            for kind, runs in zip(kinds, trained, strict=True)
        ],
    }  # fmt: skip
    if not quick:
        RESULT.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
