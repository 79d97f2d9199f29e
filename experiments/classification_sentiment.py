"""Tell from a sentence whether it praises or blames, and find out whether its order was read.

First sentences of film reviews: 1,225 to learn from, 175 to choose by, 350 to test.  Naive Bayes
counts their words; a GRU reads them one by one, and answers behind the last.  Then sentences made
by rule, `rnncore.tasks.opinions`, in which order decides: 2,000 to learn from.

`bayes` has rows for: naive Bayes with other settings, by the validation part.

    least, how often a word must be in the training part to be counted; smoothing; accuracy

`choices` has rows for: networks with other settings, by the validation part.

    size, of the vectors and of the state; dropout; taken, steps of training; loss; accuracy

`counted` and `test` have what was chosen, naive Bayes and networks, by the test part.

    accuracy; shuffled, the same with the words of each sentence in random order, the mean of five
    orders; good, the probability of praise, and mixed, the same in the first of the five orders,
    each a list of a number a sentence; phrases, the probability for each of `PHRASES`

`made` and `made_counted` have rows for: networks, and naive Bayes, on made sentences.

    scale, what the first vectors are multiplied by; or of, what is counted; accuracy, on new
    sentences; shuffled, on the same in random order; unseen, where the word that decides has a
    "not" in front, and never had one in the training part

`watched` has the first network of each kind, word by word.

    kind; texts; good, the probability of praise behind each word, one text after the other
"""

from functools import cache, partial
from itertools import pairwise

import numpy as np
from sklearn.naive_bayes import MultinomialNB

from experiments import Experiment, Part
from rnncore.activations import softmax
from rnncore.batches import at_end, minibatches, padded
from rnncore.classification import counts, numbered, vocabulary, words_of
from rnncore.datasets import sentences
from rnncore.deep import Dropout, Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import deciding, opinions
from rnncore.training import fit
from rnncore.vanilla import ReadOut

TRAIN, VALIDATION, TEST = slice(1225), slice(1225, 1400), slice(1400, None)
CHOSEN = {"size": 16, "dropout": 0.7}  # what has the least loss in `choices`
SPARED = ["clever", "lovely", "silly", "ugly"]
PHRASES = ["good", "not good", "bad", "not bad"]
# Of the validation part, and made; each as it was written, with its parts exchanged, and shuffled.
WATCHED = {
    "real": [
        "god is great the movie's not",
        "the movie's not god is great",
        "great not is movie's god the",
        "none of this is very original and it isn't particularly funny",
        "it isn't particularly funny and none of this is very original",
        "this isn't original of particularly very is it funny and none",
        "dark and disturbing yet compelling to watch",
        "compelling to watch yet dark and disturbing",
        "watch dark compelling and yet to disturbing",
    ],
    "made": [
        "the plot is dull but the music is great",
        "the music is great but the plot is dull",
        "is the but dull great the plot is music",
        "the ending is not clever although the script is good",
        "the script is good although the ending is not clever",
        "clever the is although ending the good not script is",
    ],
}

# Sentences


@cache
def reviews():
    """Return the words of each sentence, and 1 where it is one of praise, else 0."""
    text, rating = sentences()
    return [words_of(one) for one in text], (rating > 0).astype(int)


@cache
def made(seed):
    """Return made sentences and answers: to learn from, to stop by, new ones, unseen ones."""
    rng = np.random.default_rng([seed, 1])
    drawn = [opinions(count, rng, never_negated=SPARED) for count in (2000, 500, 2000)]
    learned = set(map(tuple, drawn[0][0]))
    free = opinions(5000, rng)
    return *drawn[:2], some(drawn[2], lambda words: tuple(words) not in learned), some(free, unseen)


def some(part, wanted):
    """Return the sentences that are wanted, and their answers."""
    at = [k for k, words in enumerate(part[0]) if wanted(words)]
    return [part[0][k] for k in at], part[1][at]


def unseen(words):
    """Say whether what decides is a "not" before a word that has none in the training part."""
    decides = deciding(words)
    return decides[-2] == "not" and decides[-1] in SPARED


def shuffled(bags, seed):
    """Put the words of each sentence into a random order."""
    rng = np.random.default_rng(seed)
    return [rng.permutation(bag).tolist() for bag in bags]


def pairs(bag):
    """Return each word with the one after it."""
    return list(pairwise(bag))


# Methods: each is a function from bags to probabilities of praise


def counting(bags, good, least=1, smoothing=1):
    """Fit naive Bayes to counts of words, or of whatever is in the bags."""
    names = vocabulary(bags, least)
    model = MultinomialNB(alpha=smoothing).fit(counts(bags, names), good)
    return lambda bags: model.predict_proba(counts(bags, names))[:, 1]


def lesson(names, bags, good):
    """Return the numbers of the words (T, B), the answers, and where they are asked for."""
    x, there = padded(numbered(bags, names))
    return (x, *at_end(good, there))


def reading(part, validation, seed, size, dropout, scale, training, least=1):
    """Train a network on (bags, good), and stop it by others; return it as a method, and how."""
    rng, names = np.random.default_rng(seed), vocabulary(part[0], least)
    net = Stack(
        Embedding(len(names) + 1, size, rng=rng), Dropout(dropout, rng=rng),
        GRU(size, size, rng=rng), Dropout(dropout, rng=rng), ReadOut(size, 2, rng=rng),
    )  # fmt: skip
    net.params["0.E"] *= scale
    history = fit(
        net, minibatches(*lesson(names, *part), size=32, rng=rng), loss=cross_entropy, clip=1.0,
        optimizer=Adam(net.params, rate=0.003), validation=lesson(names, *validation), **training,
    )  # fmt: skip
    return partial(said, net, names), history


def said(net, names, bags, steps=False):
    """Return the probabilities of praise behind the last words, or (T, B) behind all."""
    x, _, ends = lesson(names, bags, np.zeros(len(bags)))
    p = softmax(net.forward(x)[0])[:, :, 1]
    return p if steps else (p * ends).sum(axis=0)


def right(probability, good):
    """Return the share that is right."""
    return float(((probability > 0.5) == good).mean())


# Trials


def of_reviews(seed, size, dropout, scale, training):
    """Train a network on reviews."""
    bags, good = reviews()
    parts = [(bags[part], good[part]) for part in (TRAIN, VALIDATION)]
    return reading(*parts, seed, size, dropout, scale, training, least=2)


def bayes(least, smoothing):
    """Judge naive Bayes by the validation part."""
    bags, good = reviews()
    method = counting(bags[TRAIN], good[TRAIN], least, smoothing)
    return {"accuracy": right(method(bags[VALIDATION]), good[VALIDATION])}


def choices(size, dropout, seed, *, scale, training):
    """Judge a network by the validation part."""
    method, history = of_reviews(seed, size, dropout, scale, training)
    bags, good = (part[VALIDATION] for part in reviews())
    loss = history.validation[history.best]
    return {"taken": history.best, "loss": loss, "accuracy": right(method(bags), good)}


def judged(method):
    """Judge a method by the test part, in order and not, and ask it about a few phrases."""
    bags, good = (part[TEST] for part in reviews())
    p, *mixed = (method(some) for some in (bags, *(shuffled(bags, k) for k in range(5))))
    return {
        "accuracy": right(p, good), "shuffled": float(np.mean([right(q, good) for q in mixed])),
        "good": p.round(3).tolist(), "mixed": mixed[0].round(3).tolist(),
        "phrases": method([phrase.split() for phrase in PHRASES]).round(3).tolist(),
    }  # fmt: skip


def counted():
    """Judge naive Bayes by the test part."""
    bags, good = (part[TRAIN] for part in reviews())
    return judged(counting(bags, good))


def network(size, dropout, seed, *, scale, training):
    """Judge a network by the test part."""
    return judged(of_reviews(seed, size, dropout, scale, training)[0])


def judged_made(method, seed):
    """Judge a method by made sentences: new ones, the same in random order, unseen ones."""
    (bags, good), strange = made(seed)[2:]
    return {
        "accuracy": right(method(bags), good), "shuffled": right(method(shuffled(bags, 0)), good),
        "unseen": right(method(strange[0]), strange[1]),
    }  # fmt: skip


def made_network(scale, size, seed, *, training):
    """Judge a network by made sentences."""
    method, history = reading(*made(seed)[:2], seed, size, 0.0, scale, training)
    return {"taken": history.best} | judged_made(method, seed)


def made_counted(of, seed):
    """Judge naive Bayes, that counts words or pairs of neighbours, by made sentences."""
    sort = {"words": list, "pairs": pairs}[of]
    bags, good = made(seed)[0]
    method = counting([sort(bag) for bag in bags], good)
    return judged_made(lambda bags: method([sort(bag) for bag in bags]), seed)


def watched(kind, texts, size, dropout, seed, *, scale, training):
    """Train the first network of a kind; return what it says behind each word."""
    if kind == "real":
        method, _ = of_reviews(seed, size, dropout, scale, training)
    else:
        method, _ = reading(*made(seed)[:2], seed, size, 0.0, scale, training)
    said = [method([text.split()], steps=True)[:, 0] for text in texts]
    return {"good": np.concatenate(said).tolist()}


experiment = Experiment(
    bayes=Part(bayes, grid(least=[1, 2], smoothing=[0.1, 0.3, 1, 3])),
    choices=Part(choices, grid(size=[8, 16, 32], dropout=[0.3, 0.5, 0.7])),
    counted=Part(counted, [{}]),
    test=Part(network, [CHOSEN], seeds=10),
    made=Part(made_network, grid(size=[16], scale=[1, 0.3]), seeds=10),
    made_counted=Part(made_counted, grid(of=["words", "pairs"]), seeds=10),
    watched=Part(
        watched, [CHOSEN | {"kind": kind, "texts": WATCHED[kind]} for kind in WATCHED], seeds=1
    ),
    settings={"scale": 0.3, "training": {"steps": 1500, "every": 25, "patience": 12}},
    quick={"training": {"steps": 2}},
)
