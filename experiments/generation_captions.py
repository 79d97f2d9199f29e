"""Read a digit row by row, and say what stands in a picture of two.

First single digits, each a sequence of eight rows: a vanilla network, and what needs none.  Split
at random, all writers are on both sides; split in the order of the file, nearly none is.  Then two
of them in a picture, and a caption made by rule (`rnncore.tasks.digit_pairs`): a network reads the
picture and the words so far, and puts out the next word.  18 of the 100 pairs are in no picture of
the training part.

`rows` and `rows_network` have rows for: single digits, 1,100 to learn from and 500 to test.

    split, random or writers; method; accuracy, of the network behind each of the eight rows

`choices` and `slot_choices` have rows for: networks, and three logistic regressions, with other
settings, on pictures of the validation part, of pairs that are known.

    rate; taken, steps of training; loss; or C, the inverse of the price of large weights;
    seen, the share of exact captions

`test` and `simple` have what was chosen, on ten test pictures of each pair and relation.

    seen, unseen: the share of exact captions of known and of left-out pairs; said, for each of
    2,000 pictures the number of its caption, 20 first + 2 second + above, or -1 for any other words

`shown` has the first network on pictures of a few digits, word by word.

    pairs; words, the numbers of the three most probable words at each of seven steps; p
"""

from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from experiments import Experiment, Part
from rnncore.activations import softmax
from rnncore.batches import at_end, minibatches, padded
from rnncore.classification import numbered
from rnncore.datasets import digits
from rnncore.deep import Dropout, Stack
from rnncore.gated import GRU
from rnncore.generation import generate, greedy, onehot
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import caption, digit_pairs
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

TRAIN, VALIDATION, TEST = slice(1100), slice(1100, 1297), slice(1297, None)
LEFT_OUT = {(a, (a + 3) % 10) for a in range(10)} | {(a, (a + 6) % 10) for a in range(8)}
EVERY = np.array([(a, b, above) for a in range(10) for b in range(10) for above in (0, 1)])
KNOWN = np.array([(a, b) not in LEFT_OUT for a, b, _ in EVERY])
CAPTIONS = [caption(*pair) for pair in EVERY.tolist()]
WORDS = sorted({word for words in CAPTIONS for word in words})
STEPS = 1 + max(map(len, CAPTIONS))  # the last word is followed by the number 0
CHOSEN = {"rate": 0.01, "steps": 3000}  # the rate has the least loss in `choices`
CHOSEN_C = 0.3  # and this the most right in `slot_choices`
SHOWN = [[a, b, above] for a in (2, 5, 8) for b in (2, 5, 8) for above in (0, 1)]


# Single digits, row by row


@cache
def singles(split):
    """Return images and labels of the three parts, in the order of the file or at random."""
    image, label = digits()
    count = len(label)
    order = np.arange(count) if split == "writers" else np.random.default_rng(0).permutation(count)
    return [(image[order[part]] / 16, label[order[part]]) for part in (TRAIN, VALIDATION, TEST)]


def by_itself(split, method):
    """Judge a method without a network by single digits."""
    (images, labels), _, (asked, right) = singles(split)
    model = {"nearest": KNeighborsClassifier(1), "logistic": LogisticRegression(max_iter=2000)}
    model = model[method].fit(images.reshape(-1, 64), labels)
    return {"accuracy": model.score(asked.reshape(-1, 64), right)}


def in_rows(images, labels):
    """Return the rows as steps (8, N, 8), and the labels, asked for behind the last row."""
    x = images.transpose(1, 0, 2)
    return (x, *at_end(labels, np.ones(x.shape[:2])))


def row_by_row(split, seed, *, row_steps):
    """Judge a vanilla network by single digits."""
    rng = np.random.default_rng(seed)
    train, validation, (asked, right) = singles(split)
    net = Stack(VanillaRNN(8, 48, rng=rng), Dropout(0.3, rng=rng), ReadOut(48, 10, rng=rng))
    fit(
        net, minibatches(*in_rows(*train), size=32, rng=rng), loss=cross_entropy, clip=1.0,
        optimizer=Adam(net.params, rate=0.005), steps=row_steps, validation=in_rows(*validation),
        every=50,
    )  # fmt: skip
    y, _ = net.forward(asked.transpose(1, 0, 2))
    return {"accuracy": (y.argmax(axis=2) == right).mean(axis=1).tolist()}


# Pictures of two


@cache
def inked():
    """Return all images, from 0 to 1, and their labels."""
    image, label = digits()
    return (image / 16).astype(np.float32), label


def pictures(part, pairs, rng):
    """Draw pictures of pairs, from images of a part; return them and their captions."""
    image, label = inked()
    return digit_pairs(image[part], label[part], pairs, rng)


def asked(part, times):
    """Return pictures of every pair and relation, so many of each, always the same."""
    return pictures(part, np.repeat(EVERY, times, axis=0), np.random.default_rng(1))[0]


def drawn(count, rng):
    """Draw pairs that are not left out."""
    known = EVERY[KNOWN]
    return known[rng.integers(len(known), size=count)]


def looking(seen):
    """Return a function from words (T, B) to what is read with them: the picture, at each step."""
    flat = seen.reshape(len(seen), -1)

    def encode(words):
        at_each = np.broadcast_to(flat, (len(words), *flat.shape))
        return np.concatenate([at_each, onehot(words, len(WORDS) + 1, np.float32)], axis=2)

    return encode


def lesson(seen, captions):
    """Return what is read, pictures and the words before, and what is to be put out."""
    target, there = padded([np.append(one, 0) for one in numbered(captions, WORDS)])
    before = np.vstack([np.zeros_like(target[:1]), target[:-1]])
    return looking(seen)(before), target, there


def trained(seed, rate, hidden, steps):
    """Train a network on fresh pictures at every step; return it and its history."""
    rng, count = np.random.default_rng(seed), len(WORDS) + 1
    net = Stack(
        ReadOut(256 + count, hidden, rng=rng, activation="tanh", dtype=np.float32),
        GRU(hidden, hidden, rng=rng, dtype=np.float32),
        ReadOut(hidden, count, rng=rng, dtype=np.float32),
    )
    held_out = pictures(VALIDATION, drawn(500, np.random.default_rng(2)), np.random.default_rng(2))
    batches = (lesson(*pictures(TRAIN, drawn(32, rng), rng)) for _ in range(steps))
    history = fit(
        net, batches, loss=cross_entropy, optimizer=Adam(net.params, rate), clip=1.0, steps=steps,
        rate=lambda step: rate * 0.1 ** (step / steps), validation=lesson(*held_out), every=250,
    )  # fmt: skip
    return net, history


def captioned(net, seen):
    """Let a network say what it sees; return the numbers of the captions, or -1."""
    first = np.zeros((1, len(seen)), int)
    said = generate(net, first, STEPS, greedy, encode=looking(seen))
    known = {tuple(one): k for k, one in enumerate(numbered(CAPTIONS, WORDS))}
    ends = (said == 0).argmax(axis=0)
    return [known.get(tuple(words[:end]), -1) for words, end in zip(said.T, ends, strict=True)]


def judged(said):
    """Return the shares that are exact, of as many pictures for every pair and relation."""
    times = len(said) // len(EVERY)
    right, known = np.array(said) == np.repeat(range(len(EVERY)), times), np.repeat(KNOWN, times)
    return {"seen": right[known].mean().item(), "unseen": right[~known].mean().item()}


def choices(rate, hidden, seed, *, steps):
    """Judge a network by pictures of the validation part."""
    net, history = trained(seed, rate, hidden, steps)
    result = judged(captioned(net, asked(VALIDATION, 5)))
    return {"taken": history.best, "loss": history.validation[history.best], "seen": result["seen"]}


def network(rate, hidden, steps, seed):
    """Judge the network that was chosen by pictures of the test part."""
    net, history = trained(seed, rate, hidden, steps)
    said = captioned(net, asked(TEST, 10))
    return {"taken": history.best} | judged(said) | {"said": said}


@cache
def copied_from():
    """Return 6,000 pictures of the training part, as rows, and what is in them."""
    rng = np.random.default_rng(0)
    pairs = drawn(6000, rng)
    return pictures(TRAIN, pairs, rng)[0].reshape(len(pairs), -1), pairs


def slots(seen, C):
    """Fill first, second and relation, each by a logistic regression on the whole picture."""
    rows, pairs = copied_from()
    filled = [
        LogisticRegression(C=C, max_iter=300).fit(rows, slot).predict(seen) for slot in pairs.T
    ]
    return np.dot([20, 2, 1], filled).tolist()


def slot_choices(C):
    """Judge three logistic regressions by pictures of the validation part."""
    return {"seen": judged(slots(asked(VALIDATION, 5).reshape(-1, 256), C))["seen"]}


def simple(method):
    """Judge what needs no network by pictures of the test part."""
    seen = asked(TEST, 10).reshape(-1, 256)
    if method == "slots":
        said = slots(seen, C=CHOSEN_C)
    else:
        rows, pairs = copied_from()
        nearest = KNeighborsClassifier(1).fit(rows, pairs @ [20, 2, 1])
        said = nearest.predict(seen).tolist()
    return judged(said) | {"said": said}


def shown(pairs, rate, hidden, steps, seed):
    """Train the first network; return the three likeliest words at each step for a few pictures."""
    net, _ = trained(seed, rate, hidden, steps)
    seen, _ = pictures(TEST, pairs, np.random.default_rng(3))
    encode, state, now, words, chances = looking(seen), None, np.zeros((1, len(seen)), int), [], []
    for _ in range(STEPS):
        y, tape = net.forward(encode(now), state)
        p, state = softmax(y[0]), tape.state
        best = np.argsort(-p, axis=1)[:, :3]
        words.append(best)
        chances.append(np.take_along_axis(p, best, axis=1))
        now = best[np.newaxis, :, 0]
    return {"words": np.ravel(words).tolist(), "p": np.ravel(chances).round(3).tolist()}


experiment = Experiment(
    rows=Part(by_itself, grid(split=["random", "writers"], method=["nearest", "logistic"])),
    rows_network=Part(row_by_row, grid(split=["random", "writers"]), seeds=5),
    choices=Part(choices, grid(rate=[0.003, 0.006, 0.01])),
    slot_choices=Part(slot_choices, grid(C=[0.03, 0.1, 0.3, 1, 3])),
    simple=Part(simple, grid(method=["nearest", "slots"])),
    test=Part(network, [CHOSEN], seeds=5),
    shown=Part(shown, [CHOSEN | {"pairs": SHOWN}], seeds=1),
    settings={"hidden": 96, "steps": 1500, "row_steps": 600},
    quick={"steps": 2, "row_steps": 2},
)
