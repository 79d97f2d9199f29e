"""Write on in the style of a novel, character by character.

A network reads the first 170,000 characters of the novel in streams side by side, and learns to
say what comes next; settings are chosen by the 14,000 after these, and the last 16,000 are the
test.  Beside it n-grams, blended by Witten and Bell, that count the same characters.

`tables` has rows for: n-grams; bits per character of the validation part, and of the pages that
they have counted.

    order, characters that are looked at; contexts; bits; counted; there, bits at every fifth place

`choices` has rows for: networks with other settings; bits per character of the validation part.

    kind; hidden; embedded, features of a character, 0 for one-hot; span, steps of a chunk; steps;
    even, whether the learning rate stays the same; bits

`test` has rows for: the table and the network that were chosen.  Each is read once on the test.

    kind; training, seconds of it; bits; blocks, the mean of each 500 characters; words, of those
    generated at temperature 0.8 the share that the training part has; copied, how many characters
    long the longest stretch is that it has; closing, the mean probability of the quotation mark
    that ends a speech, and unopened, the same where the mark that opened it was taken out; there,
    bits at every fifth place of the validation part, and known, a list of the same where the model
    has read but so many characters before, as `KNOWN` says

`growing` has a row for what was written on the way: for each number of steps and each temperature.

    kind; after, steps; bits, of the validation part; then by temperature lists of: words; symbols,
    the first 140 characters, by their places in the alphabet of the novel
"""

import re
from time import thread_time

import numpy as np

from experiments import Experiment, Part
from rnncore.datasets import novel
from rnncore.deep import Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU, LSTM
from rnncore.generation import NGrams, bits, copied, generate, onehot, sampling
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.training import fit
from rnncore.truncated import chunks
from rnncore.vanilla import ReadOut, VanillaRNN

TEXT = novel()
LETTERS = sorted(set(TEXT))
K = len(LETTERS)
PARTS = {"train": slice(0, 170_000), "validation": slice(170_000, 184_000),
         "test": slice(184_000, 200_000)}  # fmt: skip
KINDS = {"GRU": GRU, "LSTM": LSTM, "vanilla": VanillaRNN}
KNOWN = [1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 50]  # characters
TEMPERATURES = [0.2, 0.5, 0.8, 1.0, 1.5]
AFTER = [0, 25, 50, 100, 200, 400, 800]  # and at the end


def ids(text):
    """Return a text as an array (T,) of numbers."""
    return np.searchsorted(LETTERS, list(text))


def written(symbols):
    """Return numbers (T,) as a text."""
    return "".join(LETTERS[k] for k in symbols)


def same(x):
    """Return what a network with an embedding reads: the numbers themselves."""
    return x


def judged(model, text, read=same):
    """Return how surprising each character of a text is, after the first, in bits."""
    symbols = ids(text)[:, np.newaxis]
    return bits(model, read(symbols[:-1]), symbols[1:])[:, 0]


def table(order):
    """Count n-grams; judge them by the validation part."""
    model = NGrams([ids(TEXT[PARTS["train"]])], order, K)
    on = {name: judged(model, TEXT[PARTS[name]]).mean() for name in ("validation", "train")}
    contexts = sum(len(counts.contexts) for counts in model.counts)
    return {
        "contexts": contexts, "bits": float(on["validation"]), "counted": float(on["train"]),
        "there": everything_known(model),
    }  # fmt: skip


def made(kind, hidden, embedded, rng):
    """Return a network that has learned nothing, and what turns characters into its input."""
    low = [Embedding(K, embedded, rng=rng, dtype=np.float32)] if embedded else []
    layer = KINDS[kind](embedded or K, hidden, rng=rng, dtype=np.float32)
    net = Stack(*low, layer, ReadOut(hidden, K, rng=rng, dtype=np.float32))
    return net, same if embedded else (lambda x: onehot(x, K, np.float32))


def trained(net, read, span, steps, *, rate, streams, clip, even=False, stops=()):
    """Train; yield at each of the stops, and at the end, after how many steps it is."""
    symbols = ids(TEXT[PARTS["train"]])
    long = (len(symbols) - 1) // streams * streams
    x, target = (part.reshape(streams, -1).T for part in (symbols[:long], symbols[1 : long + 1]))

    def batches():
        while True:
            yield from ((read(a), b) for a, b in chunks(span, x, target))

    def now(step):
        """Rise for a twentieth of the steps, then fall as a cosine does, to nearly nothing."""
        over = step / steps
        return (
            rate * min(1, 0.01 + over / 0.05) * (1 if even else 0.51 + 0.49 * np.cos(np.pi * over))
        )

    pieces, optimizer = batches(), Adam(net.params, rate)
    for done, stop in zip((0, *stops), (*stops, steps), strict=True):
        if stop > done:
            fit(
                net, pieces, optimizer=optimizer, steps=stop - done, loss=cross_entropy, clip=clip,
                k2=span, rate=lambda step, done=done: now(step + done),
            )  # fmt: skip
        yield stop


def choice(kind, hidden, embedded, span, steps, even, seed, *, rate, streams, clip):
    """Train a network; judge it by the validation part."""
    net, read = made(kind, hidden, embedded, np.random.default_rng(seed))
    rate = rate / 2 if kind == "vanilla" else rate
    list(trained(net, read, span, steps, rate=rate, streams=streams, clip=clip, even=even))
    return {"bits": float(judged(net, TEXT[PARTS["validation"]], read).mean())}


def tested(kind, seed, *, order, hidden, embedded, span, steps, rate, streams, clip):
    """Judge the n-grams, or a network, by the test part, and by what they write."""
    model, rng = _model(kind, seed, order, hidden, embedded)
    start = thread_time()
    if kind != "table":
        list(trained(model, same, span, steps, rate=rate, streams=streams, clip=clip))
    training = thread_time() - start
    surprise = judged(model, TEXT[PARTS["test"]])
    whole = len(surprise) // 500 * 500
    text = write(model, 0.8, rng, sequences=20, length=1000)
    closing, unopened = speeches(model, TEXT[PARTS["test"]])
    return {
        "training": training,
        "bits": float(surprise.mean()),
        "blocks": surprise[:whole].reshape(-1, 500).mean(axis=1).round(3).tolist(),
        "words": real(text),
        "copied": len(copied("#".join(text), TEXT[PARTS["train"]])),
        "closing": closing,
        "unopened": unopened,
        "there": everything_known(model),
        "known": little_known(model),
    }


def growing(kind, *, order, hidden, embedded, span, steps, rate, streams, clip):
    """Let a model write, at several temperatures, at several moments of its training."""
    model, rng = _model(kind, 0, order, hidden, embedded)
    stops = [stop for stop in AFTER if stop < steps]
    moments = (0,) if kind == "table" else trained(
        model, same, span, steps, rate=rate, streams=streams, clip=clip, stops=stops
    )  # fmt: skip
    found = {"after": [], "bits": [], "words": [], "symbols": []}
    for after in moments:
        texts = [write(model, t, rng, sequences=20, length=400) for t in TEMPERATURES]
        found["after"].append(after)
        found["bits"].append(float(judged(model, TEXT[PARTS["validation"]]).mean()))
        found["words"].append([real(text) for text in texts])
        found["symbols"].append([ids(text[0][:140]).tolist() for text in texts])
    return found


def _model(kind, seed, order, hidden, embedded):
    rng = np.random.default_rng(seed)
    if kind == "table":
        return NGrams([ids(TEXT[PARTS["train"]])], order, K), rng
    return made(kind, hidden, embedded, rng)[0], rng


def write(model, temperature, rng, *, sequences, length):
    """Return texts that a model writes, each as if a paragraph had just ended."""
    first = np.tile(ids("\n")[:, np.newaxis], (1, sequences))
    chosen = generate(model, first, length, sampling(temperature, rng=rng))
    return [written(column) for column in chosen.T]


WORDS = set(re.findall("[a-z]+", TEXT[PARTS["train"]]))


def real(texts):
    """Return the share of words that the training part has; the last may be cut, and is not one."""
    words = [word for text in texts for word in re.findall("[a-z]+", text)[:-1]]
    return sum(word in WORDS for word in words) / max(1, len(words))


def _places():
    return np.arange(200, PARTS["validation"].stop - PARTS["validation"].start, 5)


def everything_known(model):
    """Return the bits at every fifth place of the validation part."""
    return float(judged(model, TEXT[PARTS["validation"]])[_places() - 1].mean())


def little_known(model):
    """Return the same where the model reads the last few characters only, from its first state."""
    text, at = ids(TEXT[PARTS["validation"]]), _places()
    found = []
    for many in KNOWN:
        x = text[at + np.arange(-many, 1)[:, np.newaxis]]
        found.append(float(bits(model, x[:-1], x[1:])[-1].mean()))
    return found


def speeches(model, text, before=100):
    """Return the mean probability of the mark that ends a speech, opened and unopened.

    A speech lies between two quotation marks of one paragraph that has an even number of them.
    """
    found, start = [], 0
    for paragraph in text.split("\n"):
        marks = [start + k for k, letter in enumerate(paragraph) if letter == '"']
        start += len(paragraph) + 1
        if len(marks) % 2 == 0:
            found += list(zip(marks[::2], marks[1::2], strict=True))
    found = [(a, b) for a, b in found if b - a > 20 and a >= before]
    mark = LETTERS.index('"')
    opened, unopened = [], []
    for a, b in found:
        for p, front in (opened, text[a - before : a + 1]), (unopened, text[a - before : a]):
            read = ids(front + text[a + 1 : b] + '"')
            p.append(2.0 ** -bits(model, read[:-1, np.newaxis], read[1:, np.newaxis])[-1, 0])
            assert read[-1] == mark
    return float(np.mean(opened)), float(np.mean(unopened))


PLAIN = {"kind": ["GRU"], "hidden": [128], "embedded": [32], "span": [40], "steps": [1350],
         "even": [False]}  # fmt: skip

experiment = Experiment(
    tables=Part(table, grid(order=[0, 1, 2, 3, 4, 5, 6])),
    choices=Part(
        choice,
        grid(**PLAIN | {"embedded": [0], "even": [True]})
        + grid(**PLAIN)
        + grid(**PLAIN | {"hidden": [160], "span": [25], "steps": [1400]})
        + grid(**PLAIN | {"kind": ["LSTM"], "span": [25], "steps": [1600]})
        + grid(**PLAIN | {"kind": ["vanilla"], "hidden": [192], "span": [25], "steps": [2500]}),
        seeds=1,
    ),
    test=Part(tested, [{"kind": "table"}, {"kind": "GRU"}], seeds=3),
    growing=Part(growing, [{"kind": "table"}, {"kind": "GRU"}]),
    settings={
        "order": 4, "hidden": 160, "embedded": 32, "span": 25, "steps": 1400, "rate": 0.008,
        "streams": 32, "clip": 1.0,
    },
    quick={"steps": 2, "order": 2, "hidden": 8},
)  # fmt: skip
