"""Look into the layers of trained stacks, and compare one layer with two of equal weights.

Four tasks, each with a class to be told at every step (rnncore.tasks makes the sequences):

    delay      each of a stream of random bits is to be told again some steps later
    parity     whether the last PARITY bits hold an even number of -1
    words      the next letter of words that are run together
    lexicons   the same, and the list of words changes now and then; both lists have the same
               letters, the words of the second are those of the first read backwards

Every network is a stack of vanilla layers (tanh) under a read-out, trained by Adam on
cross-entropy, gradients clipped at 1, with new sequences at every step.

Rows of `probes`, for two layers of `probed` units: task; for `input`, `untrained` and `trained`, a
list for each layer, and `single`, the one layer of a trained network that has no other: R^2 for
each lag from 0, of a least-squares fit from the state h(t) and a 1 to the input x(t - lag), made on
sequences that the network was not trained on and scored on others.  For the lexicons also
"input which" and so on: the same fit to -1 and +1, the lexicon, scored by the share of right signs.

Rows of `equal`: task, sizes of the layers, rate; weights, how many; loss, in nats, and accuracy on
held-out sequences.
"""

import functools

import numpy as np

from experiments import Experiment, Part
from rnncore.deep import Stack
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import delayed_bits, run_together, switching
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

PARITY, STAY = 6, 0.95
WORDS = [
    "a", "the", "they", "and", "sea", "seal", "saw", "ship", "boat", "boy", "girl", "gold", "by",
    "came", "under",
]  # fmt: skip
LEXICONS = [["ab", "acd", "bda", "dcb", "caa"], ["ba", "dca", "adb", "bcd", "aac"]]
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
            text, self.which = switching(LEXICONS, 60_000, STAY, rng)
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


@functools.cache
def made(name, lag):
    """Make a task by its name."""
    return Bits(name, lag) if name in ("delay", "parity") else Letters(name)


def stack(sizes, inputs, outputs, rng):
    """Make a stack of vanilla layers of these sizes under a read-out."""
    widths = [inputs, *sizes]
    layers = [VanillaRNN(i, h, rng=rng) for i, h in zip(widths, sizes, strict=False)]
    return Stack(*layers, ReadOut(sizes[-1], outputs, rng=rng))


def train(net, job, rng, rate, *, steps, length, batch):
    """Train a network in place, on new sequences at every step."""
    batches = iter(lambda: job.batch(rng, length, batch)[:3], None)  # without end
    fit(net, batches, optimizer=Adam(net.params, rate), steps=steps, loss=cross_entropy, clip=1.0)


def score(net, job):
    """Return loss and accuracy on sequences that were not trained on."""
    x, classes, mask, _ = job.batch(np.random.default_rng(999), 60, 400, fresh=True)
    y, _ = net.forward(x)
    counts = np.ones(classes.shape) if mask is None else mask
    right = (y.argmax(axis=-1) == classes)[counts > 0].mean()
    return {"loss": cross_entropy(y, classes, mask)[0], "accuracy": right}


def fitted(h, z, fresh_h, fresh_z):
    """Fit z by h and a 1, and return R^2 on fresh data, and the share of right signs."""
    ones = [np.append(part, np.ones((len(part), 1)), axis=1) for part in (h, fresh_h)]
    weights = np.linalg.lstsq(ones[0], z, rcond=None)[0]
    said = ones[1] @ weights
    r2 = 1 - ((said - fresh_z) ** 2).sum() / ((fresh_z - fresh_z.mean(axis=0)) ** 2).sum()
    return r2, ((said > 0) == (fresh_z > 0)).mean()


def probe(net, job, lags, steps=60, size=200):
    """Return what can be read from the input and from each layer: R^2 by lag, and the lexicon."""
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

    r2, right = [], []
    for a, b in zip(held, fresh_held, strict=True):
        r2.append([fitted(a, past(x, k), b, past(fresh_x, k))[0] for k in range(lags)])
        if which is not None:
            right.append(fitted(a, which, b, fresh_which)[1])
    return r2, right


def probes(task, seed, *, lag, lags, probed, probe_rate, steps, length, batch):
    """Probe a stack before and after training, and a trained network of one layer."""
    job, found = made(task, lag), {}
    for sizes in (probed, probed[:1]):
        rng = np.random.default_rng(seed)
        net = stack(sizes, job.inputs, job.outputs, rng)
        if sizes == probed:
            looks = [("untrained", probe(net, job, lags))]
        train(net, job, rng, probe_rate, steps=steps, length=length, batch=batch)
        looks.append(("trained" if sizes == probed else "single", probe(net, job, lags)))
    for what, kind in enumerate(("", " which")):
        parts = {name: look[what] for name, look in looks if look[what]}
        if parts:
            found[f"input{kind}"] = parts["untrained"][0]
            found[f"single{kind}"] = parts.pop("single")[1]
            found |= {f"{name}{kind}": part[1:] for name, part in parts.items()}
    return found


def equal(task, sizes, rate, seed, *, long_lag, steps, length, batch):
    """Train one network of a kind; return its number of weights, loss and accuracy."""
    job = made(task, long_lag)
    rng = np.random.default_rng([seed, len(sizes)])
    net = stack(sizes, job.inputs, job.outputs, rng)
    train(net, job, rng, rate, steps=steps, length=length, batch=batch)
    return {"weights": net.size} | score(net, job)


experiment = Experiment(
    probes=Part(probes, grid(task=["delay", "words", "lexicons"]), seeds=5),
    equal=Part(
        equal,
        [case for name in KINDS
         for case in grid(task=[name], sizes=KINDS[name], rate=[0.003, 0.01])],
        seeds=5,
    ),
    settings={
        "steps": 1500, "batch": 32, "length": 40, "lag": 6, "long_lag": 12, "lags": 15,
        "probed": [24, 24], "probe_rate": 0.003,
    },
    quick={"steps": 2, "lags": 3},
)  # fmt: skip
