"""Drop between the layers of a stack, and, against the rule, in the path of the state.

    python -m experiments.deep_dropout            writes rnnbook/results/deep_dropout.json
    python -m experiments.deep_dropout --quick    one seed, few steps, writes nothing

Two experiments, both with a stack of two vanilla layers under a read-out, tanh, cross-entropy,
Adam, gradients clipped at 1.  Nothing is dropped when a network is tested.

    places   each of a stream of random bits is to be told again LONG_LAG steps later, with new
             bits at every step of training; dropout nowhere, after each layer, in the path of the
             state with a new mask at each step, or there with one mask for all steps
    few      the next letter of words that are run together, from a short text, over and over;
             dropout in the same places; a second text of the same length decides which parameters
             are kept, every EVERY steps, and a third and long one judges them

The file holds

    command, python, numpy, settings    how it was made
    places    for each place and rate, for each seed: held-out accuracy
    few       for each place and rate, for each seed: loss on the long text of the parameters that
              were kept, after how many steps that was, and the loss at the end of training
              without such a choice, on the long text and on the short one
    counts    the loss of counts of so many letters before, from the short text, on the long one
    known     the loss on the long text of counts from the whole training part of the words:
              about what can be reached
"""

import argparse
import json
import platform
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from experiments.deep_layers import LONG_LAG, WORDS, stack, task
from rnncore.activations import activation
from rnncore.datasets import minibatches
from rnncore.deep import Dropout, Stack
from rnncore.losses import cross_entropy
from rnncore.measures import surprise_by_counts
from rnncore.optimizers import Adam
from rnncore.tasks import run_together
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "deep_dropout.json"
PLACES = [
    ("nowhere", 0.0),
    ("between", 0.25), ("between", 0.5),
    ("state, new masks", 0.25), ("state, new masks", 0.5),
    ("state, one mask", 0.25), ("state, one mask", 0.5),
]  # fmt: skip
FEW = [*PLACES[:1], ("between", 0.1), *PLACES[1:3], ("between", 0.7), *PLACES[3:]]
SETTINGS = {
    "hidden": 24, "steps": 1500, "rate": 0.003, "length": 40, "batch": 32, "place seeds": 4,
    "few seeds": 10, "few steps": 600, "few hidden": 32, "few sequences": 16, "every": 25,
}  # fmt: skip


class DroppedState(VanillaRNN):
    """A vanilla layer with dropout in the path of its state: h_t = f(U x_t + W (m_t h_{t-1}) + b).

    m_t is 0 with probability `rate` and else 1 / (1 - rate), anew at each step, or one for all.
    """

    def __init__(self, inputs, hidden, *, rng, rate, one_mask):
        super().__init__(inputs, hidden, rng=rng)
        self.f = activation("tanh")
        self.rate, self.rng, self.one_mask, self.dropping = rate, rng, one_mask, False

    def forward(self, x, state=None):
        """Run over x (T, B, I); return h (T, B, H) and the tape (x, h, masks)."""
        U, W, b = self.params.values()
        steps, batch, _ = x.shape
        masks = np.ones((steps, batch, len(b)))
        if self.dropping:
            drawn = self.rng.random((1 if self.one_mask else steps, batch, len(b)))
            masks = masks * (drawn >= self.rate) / (1 - self.rate)
        h = np.zeros((steps + 1, batch, len(b)), x.dtype)
        if state is not None:
            h[0] = state
        drive = x @ U.T + b
        for t in range(steps):
            h[t + 1] = np.tanh(drive[t] + (masks[t] * h[t]).dot(W.T))
        return h[1:], _Tape(x, h, masks)

    def backward(self, dh, tape, dstate=None):
        """Send dL/dh back; the masks stand where they stood."""
        U, W, _ = self.params.values()
        later = np.zeros(dh.shape[1:]) if dstate is None else dstate
        dz = self.f.slope(tape.h[1:])
        for t in reversed(range(len(dh))):
            dz[t] *= dh[t] + later
            later = tape.masks[t] * dz[t].dot(W)
        flat = dz.reshape(-1, dz.shape[-1])
        before = (tape.masks * tape.h[:-1]).reshape(flat.shape)
        gradients = {
            "U": flat.T @ tape.x.reshape(-1, U.shape[1]), "W": flat.T @ before, "b": flat.sum(0),
        }  # fmt: skip
        return dz @ U, gradients, later


class _Tape:
    def __init__(self, x, h, masks):
        self.x, self.h, self.masks, self.state = x, h, masks, h[-1]


def dropped(sizes, inputs, outputs, rng, rate):
    """Make a stack with dropout after each of its recurrent layers."""
    layers = []
    for layer in stack(sizes, inputs, outputs, rng).layers:
        layers += [layer, Dropout(rate, rng=rng)]
    return Stack(*layers[:-1])


def placed(place, rate, sizes, rng):
    """Make a stack of two layers of equal size, (inputs, hidden, outputs), with dropout."""
    inputs, hidden, outputs = sizes
    if not place.startswith("state"):
        return dropped((hidden, hidden), inputs, outputs, rng, rate)
    how = {"rng": rng, "rate": rate, "one_mask": place.endswith("one mask")}
    layers = [DroppedState(width, hidden, **how) for width in (inputs, hidden)]
    return Stack(*layers, ReadOut(hidden, outputs, rng=rng))


def endless(job, rng):
    """Yield new sequences without end."""
    while True:
        yield job.batch(rng, SETTINGS["length"], SETTINGS["batch"])[:3]


def places(place, rate, seed, steps):
    """Train with dropout at a place; return the accuracy without dropout, on other bits."""
    job, rng = task("delay", LONG_LAG), np.random.default_rng(seed)
    net = placed(place, rate, (1, SETTINGS["hidden"], 2), rng)
    optimizer = Adam(net.params, SETTINGS["rate"])
    fit(net, endless(job, rng), optimizer=optimizer, steps=steps, loss=cross_entropy, clip=1.0)
    x, classes, mask, _ = job.batch(np.random.default_rng(999), 60, 400)
    right = net.forward(x)[0].argmax(axis=-1) == classes
    result = round(float(right[mask > 0].mean()), 4)
    print(place, rate, seed, result, flush=True)
    return result


def letters(text, length):
    """Cut a text into sequences: x (T, N, letters) and the next letters (T, N)."""
    alphabet = sorted(set("".join(WORDS)))
    code = np.array([alphabet.index(letter) for letter in text])
    count = (len(code) - 1) // length
    target = code[1 : 1 + count * length].reshape(count, length).T
    return np.eye(len(alphabet))[code[: count * length].reshape(count, length).T], target


def texts(seed):
    """Draw the short text, the one that chooses, and the long one."""
    rng, long = np.random.default_rng([seed, 7]), np.random.default_rng(999)
    short = SETTINGS["few sequences"] * SETTINGS["length"] + 1
    drawn = [run_together(WORDS, short, rng)[0][:short] for _ in range(2)]
    return (*drawn, run_together(WORDS, 3000, long)[0])


def few(place, rate, seed, steps):
    """Train on a short text; return what came of it."""
    (x, target), chooses, (long_x, long_target) = (
        letters(text, SETTINGS["length"]) for text in texts(seed)
    )
    rng = np.random.default_rng(seed)
    net = placed(place, rate, (x.shape[-1], SETTINGS["few hidden"], x.shape[-1]), rng)
    batches = minibatches(x, target, size=x.shape[1], rng=rng)
    optimizer = Adam(net.params, SETTINGS["rate"])
    kept, best, at = None, np.inf, 0
    for count in range(0, steps, SETTINGS["every"]):
        fit(
            net, batches, optimizer=optimizer, steps=SETTINGS["every"], loss=cross_entropy, clip=1.0
        )
        held_out = cross_entropy(net.forward(chooses[0])[0], chooses[1])[0]
        if held_out < best:
            kept, best, at = net.forward(long_x)[0], held_out, count + SETTINGS["every"]
    end = (
        cross_entropy(net.forward(long_x)[0], long_target)[0],
        cross_entropy(net.forward(x)[0], target)[0],
    )
    result = [float(round(value, 4)) for value in (cross_entropy(kept, long_target)[0], *end)]
    print("few", place, rate, seed, at, result, flush=True)
    return {"kept": result[0], "after": at, "end": result[1], "end short": result[2]}


def counted(seed, before):
    """Return the loss, in nats, of counts from the short text on the long one."""
    short, _, long = texts(seed)
    return round(float(surprise_by_counts(short, long, before)[1:].mean() * np.log(2)), 4)


def main():
    """Run all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, 50 steps, no file")
    quick = parser.parse_args().quick
    few_seeds = range(1 if quick else SETTINGS["few seeds"])
    place_seeds = range(1 if quick else SETTINGS["place seeds"])
    steps, few_steps = (50, 50) if quick else (SETTINGS["steps"], SETTINGS["few steps"])
    with ProcessPoolExecutor(2) as pool:
        short = [[pool.submit(few, *where, s, few_steps) for s in few_seeds] for where in FEW]
        put = [[pool.submit(places, *where, s, steps) for s in place_seeds] for where in PLACES]
    much = run_together(WORDS, 60_000, np.random.default_rng(12345))[0]
    known = surprise_by_counts(much, texts(0)[2], 4)[1:].mean() * np.log(2)
    result = {
        "command": "python -m experiments.deep_dropout",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "settings": SETTINGS | {"lag": LONG_LAG},
        "few": [
            {"place": place, "rate": rate, "runs": [run.result() for run in runs]}
            for (place, rate), runs in zip(FEW, short, strict=True)
        ],
        "counts": {n: [counted(seed, n) for seed in few_seeds] for n in (1, 2, 3)},
        "known": round(float(known), 4),
        "places": [
            {"place": place, "rate": rate, "accuracy": [run.result() for run in runs]}
            for (place, rate), runs in zip(PLACES, put, strict=True)
        ],
    }
    print("counts", result["counts"], "known", result["known"])
    if not quick:
        RESULT.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
