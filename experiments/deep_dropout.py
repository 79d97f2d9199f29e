"""Drop between the layers of a stack, and, against the rule, in the path of the state.

Two experiments, both with a stack of two vanilla layers under a read-out, tanh, cross-entropy,
Adam, gradients clipped at 1.  Nothing is dropped when a network is tested.

    places   each of a stream of random bits is to be told again `lag` steps later, with new
             bits at every step of training; dropout nowhere, after each layer, in the path of the
             state with a new mask at each step, or there with one mask for all steps
    few      the next letter of words that are run together, from a short text, over and over;
             dropout in the same places; a second text of the same length decides which parameters
             are kept, every `every` steps, and a third and long one judges them

Rows

    places   place, rate, of dropout; accuracy, on held-out bits
    few      place, rate; kept, the loss on the long text of the parameters that were kept; after,
             how many steps that was; end and "end short", the loss at the end of training without
             such a choice, on the long text and on the short one
    counts   before; loss, on the long text, of counts of so many letters before, from the short one
    known    before; the same of counts from the whole training part of the words: about what can
             be reached
"""

import numpy as np

from experiments import Experiment, Part
from experiments.deep_layers import WORDS, made, stack
from rnncore.activations import activation
from rnncore.batches import minibatches
from rnncore.deep import Dropout, Stack
from rnncore.losses import cross_entropy
from rnncore.measures import surprise_by_counts
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import run_together
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

PLACES = [
    ("nowhere", 0.0),
    ("between", 0.25), ("between", 0.5),
    ("state, new masks", 0.25), ("state, new masks", 0.5),
    ("state, one mask", 0.25), ("state, one mask", 0.5),
]  # fmt: skip
FEW = [*PLACES[:1], ("between", 0.1), *PLACES[1:3], ("between", 0.7), *PLACES[3:]]


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


def places(place, rate, seed, *, lag, hidden, steps, learning_rate, length, batch):
    """Train with dropout at a place; test without dropout, on other bits."""
    job, rng = made("delay", lag), np.random.default_rng(seed)
    net = placed(place, rate, (1, hidden, 2), rng)
    batches = iter(lambda: job.batch(rng, length, batch)[:3], None)  # without end
    optimizer = Adam(net.params, learning_rate)
    fit(net, batches, optimizer=optimizer, steps=steps, loss=cross_entropy, clip=1.0)
    x, classes, mask, _ = job.batch(np.random.default_rng(999), 60, 400)
    right = net.forward(x)[0].argmax(axis=-1) == classes
    return {"accuracy": right[mask > 0].mean()}


def letters(text, length):
    """Cut a text into sequences: x (T, N, letters) and the next letters (T, N)."""
    alphabet = sorted(set("".join(WORDS)))
    code = np.array([alphabet.index(letter) for letter in text])
    count = (len(code) - 1) // length
    target = code[1 : 1 + count * length].reshape(count, length).T
    return np.eye(len(alphabet))[code[: count * length].reshape(count, length).T], target


def texts(seed, short):
    """Draw the short text, the one that chooses, both of `short` letters, and the long one."""
    rng, long = np.random.default_rng([seed, 7]), np.random.default_rng(999)
    drawn = [run_together(WORDS, short, rng)[0][:short] for _ in range(2)]
    return (*drawn, run_together(WORDS, 3000, long)[0])


def few(place, rate, seed, *, few_hidden, few_steps, learning_rate, length, few_letters, every):
    """Train on a short text; return what came of it."""
    (x, target), chooses, (long_x, long_target) = (
        letters(text, length) for text in texts(seed, few_letters)
    )
    rng = np.random.default_rng(seed)
    net = placed(place, rate, (x.shape[-1], few_hidden, x.shape[-1]), rng)
    batches = minibatches(x, target, size=x.shape[1], rng=rng)
    optimizer = Adam(net.params, learning_rate)
    kept, best, at = None, np.inf, 0
    for count in range(0, few_steps, every):
        fit(net, batches, optimizer=optimizer, steps=every, loss=cross_entropy, clip=1.0)
        held_out = cross_entropy(net.forward(chooses[0])[0], chooses[1])[0]
        if held_out < best:
            kept, best, at = net.forward(long_x)[0], held_out, count + every
    return {
        "kept": cross_entropy(kept, long_target)[0],
        "after": at,
        "end": cross_entropy(net.forward(long_x)[0], long_target)[0],
        "end short": cross_entropy(net.forward(x)[0], target)[0],
    }


def counts(before, seed, *, few_letters):
    """Return the loss, in nats, of counts from the short text on the long one."""
    short, _, long = texts(seed, few_letters)
    return {"loss": surprise_by_counts(short, long, before)[1:].mean() * np.log(2)}


def known(before, *, few_letters):
    """Return the loss, in nats, of counts from a text of 60,000 words on the long one."""
    much = run_together(WORDS, 60_000, np.random.default_rng(12345))[0]
    long = texts(0, few_letters)[2]
    return {"loss": surprise_by_counts(much, long, before)[1:].mean() * np.log(2)}


experiment = Experiment(
    few=Part(few, [{"place": place, "rate": rate} for place, rate in FEW], seeds=10),
    counts=Part(counts, grid(before=[1, 2, 3]), seeds=10),
    known=Part(known, grid(before=[4])),
    places=Part(places, [{"place": place, "rate": rate} for place, rate in PLACES], seeds=4),
    settings={
        "hidden": 24, "steps": 1500, "learning_rate": 0.003, "length": 40, "batch": 32, "lag": 12,
        "few_steps": 600, "few_hidden": 32, "few_letters": 641, "every": 25,
    },
    quick={"steps": 2, "few_steps": 2, "every": 1},
)  # fmt: skip
