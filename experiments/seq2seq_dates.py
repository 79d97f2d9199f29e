"""Translate dates, durations and measures from English into French, word by word.

An LSTM reads the English words, another starts from its last state and writes the French ones.
Of the pairs, 70 % are for training, 10 % for validation and 20 % for the test, drawn at random.
Then the same with two kinds of phrase left out of training and validation altogether, "... weeks
ago" and "in ... minutes", which are the test.

`exact` is the share of phrases of which every word is right, in order.

`simple` has rows for: what needs no network

    left, whether the two kinds are left out; kind; part, the part judged; exact; right, a list of
    0 or 1 for each phrase

`choices` has rows for: networks with other settings, judged by the validation part

    left; kind, of the layers; hidden, their units; part; taken, steps of training; exact

`test` has the network that was chosen, judged by the test part.

    as before, and right; wrong, for each seed a list of [which, words written ...]; shown, for
    seed 0 and each phrase of `SHOWN` a list of [probability, word, probability, word, ...] for
    each word written.  A word is its number in `FRENCH`.
"""

import re

import numpy as np

from experiments import Experiment, Part
from rnncore.activations import softmax
from rnncore.batches import minibatches, padded
from rnncore.datasets import dates
from rnncore.deep import Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU, LSTM
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.seq2seq import EncoderDecoder, by_example, forced, nearest, word_for_word
from rnncore.sweep import grid
from rnncore.training import fit
from rnncore.vanilla import ReadOut

END, START = 0, 1
LEFT_OUT = r"weeks? ago|^in \d+ minutes?"
SHOWN = [
    "friday , january 11 , 2019", "11 weeks ago", "in 26 minutes", "21 square meters", "1 mile",
]  # fmt: skip

PAIRS = [(english.split(), french.split()) for english, french in dates()]
ENGLISH = sorted({word for english, _ in PAIRS for word in english})
FRENCH = ["<end>", "<start>", *sorted({word for _, french in PAIRS for word in french})]
KINDS = {"GRU": GRU, "LSTM": LSTM}


def split(left):
    """Return training, validation and test part; with `left`, the test is the kinds left out."""
    test = [pair for pair in PAIRS if left and re.search(LEFT_OUT, " ".join(pair[0]))]
    rest = [pair for pair in PAIRS if pair not in test]
    order = np.random.default_rng(0).permutation(len(rest))
    cuts = int(0.7 * len(rest)), int(0.8 * len(rest))
    train, validation, others = ([rest[k] for k in part] for part in np.split(order, cuts))
    return train, validation, test or others


def arrays(pairs):
    """Return x, target and mask: source, given and there, and what is asked for."""
    source, there = padded([[ENGLISH.index(w) for w in e] for e, _ in pairs], front=True)
    given, target, mask = forced([[FRENCH.index(w) for w in f] for _, f in pairs], START, END)
    return (source, given, there), target, mask


def judged(answers, pairs, part):
    """Return the share of exact answers; of the test part also which they are."""
    right = [int(answer == french) for answer, (_, french) in zip(answers, pairs, strict=True)]
    return {"exact": float(np.mean(right))} | ({"right": right} if part == "test" else {})


def simple(left, kind, part):
    """Translate without a network."""
    train, validation, test = split(left)
    asked = test if part == "test" else validation
    make = {
        "word for word": word_for_word,
        "nearest phrase": lambda sources, pairs: [answer for _, answer in nearest(sources, pairs)],
        "by example": by_example,
    }[kind]
    return judged(make([english for english, _ in asked], train), asked, part)


def network(left, kind, hidden, part, seed, *, size, rate, batch, steps, clip, every, longest):
    """Train one network, keep what was best on the validation part, and judge it."""
    rng = np.random.default_rng(seed)
    train, validation, test = split(left)

    def reader(count):
        word = Embedding(count, size, rng=rng, dtype="float32")
        return word, KINDS[kind](size, hidden, rng=rng, dtype="float32")

    net = EncoderDecoder(
        Stack(*reader(len(ENGLISH))),
        Stack(*reader(len(FRENCH)), ReadOut(hidden, len(FRENCH), rng=rng, dtype="float32")),
    )
    history = fit(
        net, minibatches(*arrays(train), size=batch, rng=rng), loss=cross_entropy,
        optimizer=Adam(net.params, rate), steps=steps, clip=clip, validation=arrays(validation),
        every=every,
    )  # fmt: skip
    asked = test if part == "test" else validation
    (source, _, there), _, _ = arrays(asked)
    written = net.decode(source, there, start=START, end=END, steps=longest)
    answers = [[FRENCH[k] for k in one] for one in written]
    result = {"taken": history.best} | judged(answers, asked, part)
    if part == "test":
        result["wrong"] = [[n, *one] for n, one in enumerate(written) if not result["right"][n]]
        result["shown"] = [] if seed else [shown(net, phrase, longest) for phrase in SHOWN]
    return result


def shown(net, phrase, longest, most=3):
    """Return the likeliest words at each step of an answer, each after its probability."""
    source = np.array([[ENGLISH.index(word)] for word in phrase.split()])
    answer = net.decode(source, start=START, end=END, steps=longest)
    given, _, _ = forced(answer, START, END)
    p = softmax(net.forward((source, given))[0])[:, 0]
    return [
        [part for k in np.argsort(-now)[:most].tolist() for part in (round(float(now[k]), 3), k)]
        for now in p
    ]


experiment = Experiment(
    simple=Part(
        simple,
        grid(
            left=[False, True], kind=["word for word", "nearest phrase", "by example"],
            part=["validation", "test"],
        ),
    ),
    choices=Part(
        network,
        grid(left=[False], kind=["GRU", "LSTM"], hidden=[48, 96], part=["validation"]),
        seeds=3,
    ),
    test=Part(
        network,
        grid(left=[False, True], kind=["LSTM"], hidden=[96], part=["test"]),
        seeds=5,
    ),
    settings={
        "size": 32, "rate": 0.005, "batch": 32, "steps": 1000, "clip": 1.0, "every": 100,
        "longest": 8,
    },
    quick={"steps": 2},
)  # fmt: skip
