"""Write jigs, sign by sign, in the notation of ABC.

A tune is a sequence of symbols: its key, its signs, and one for the end.  Tunes are split by their
titles, since a title may come twice: a seventh is the test, half as many are for validation.
Beside the network n-grams, blended by Witten and Bell; and the same n-grams when they are told,
with each sign, how far into its bar it is.

`tables` has rows for: n-grams; bits per symbol of the validation part.

    order; told; bits

`choices` has rows for: networks with other settings; bits per symbol of the validation part.

    kind; hidden; dropped, the share that dropout drops; steps; bits

`test` has rows for: the tables and the network that were chosen.  Each is read once on the test.

    kind; training, seconds of it; bits, per symbol; tunes, the bits of each tune, divided by how
    many symbols a tune has on average; and of tunes that it writes at temperature 0.8: whole, the
    share of bars that last six eighths; again, the share of tunes in which one of the bars 2 to 4
    comes again later; copied, how many signs long the longest stretch of the first 8 tunes is that
    the training part has

`book` has one row for: the same of the tunes of the test part.

`written` has rows for: tunes that were written, each a list of symbols, for each temperature.

    kind; temperature; tunes
"""

from functools import cache
from itertools import pairwise
from time import thread_time

import numpy as np

from experiments import Experiment, Part
from rnncore.batches import minibatches, padded
from rnncore.datasets import jigs
from rnncore.deep import Dropout, Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU, LSTM
from rnncore.generation import NGrams, bits, copied, generate, sampling
from rnncore.losses import cross_entropy
from rnncore.notes import KEYS, eighths
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.training import fit
from rnncore.vanilla import ReadOut, VanillaRNN

TUNES = jigs()
SIGNS = sorted(set("".join(tune.abc for tune in TUNES)))
VOCABULARY = ["end", *SIGNS, *(f"K:{key}" for key in KEYS)]  # as ABC writes a key
K, NUMBER = len(VOCABULARY), {name: number for number, name in enumerate(VOCABULARY)}
PLACES = 14  # half eighths from the beginning of a bar: 0 to 12, and more
KINDS = {"GRU": GRU, "LSTM": LSTM, "vanilla": VanillaRNN}
LONG = 260  # signs, as the longest of the tunes


def symbols(tune):
    """Return a tune as numbers (T,): its key, its signs, the end."""
    return np.array([NUMBER[f"K:{tune.key}"], *(NUMBER[sign] for sign in tune.abc), 0])


def signs(numbers):
    """Return numbers as signs, up to the end; a key in the middle is passed over."""
    numbers = list(numbers)
    end = numbers.index(0) if 0 in numbers else len(numbers)
    return "".join(VOCABULARY[number] for number in numbers[:end] if number <= len(SIGNS))


def parts():
    """Split the tunes by their titles: train, validation, test."""
    titles = sorted({tune.title for tune in TUNES})
    order = np.random.default_rng(0).permutation(len(titles))
    rank = dict(zip(titles, order, strict=True))
    seventh = len(titles) // 7
    edges = [0, seventh, seventh + seventh // 2, len(titles)]
    test, validation, train = (
        [tune for tune in TUNES if low <= rank[tune.title] < high] for low, high in pairwise(edges)
    )
    return train, validation, test


TRAIN, VALIDATION, TEST = parts()


def packed(sequences):
    """Lay sequences side by side: what is read (T, B), what comes next, and where it counts."""
    x, mask = padded([one[:-1] for one in sequences])
    target, _ = padded([one[1:] for one in sequences])
    return x, target, mask


def judged(model, sequences):
    """Return the bits of each sequence, divided by the mean number of symbols."""
    x, target, mask = packed(sequences)
    return (bits(model, x, target) * mask).sum(axis=0) / mask.sum(axis=0).mean()


@cache  # since the same bars come again and again
def place(bar):
    """Return how far into its bar one is after these signs, in sixteenths."""
    return min(int(2 * eighths(bar)[0]), PLACES - 1)


def placed(tune):
    """Return a tune as numbers that say of each sign also how far into its bar one is after it."""
    bar, numbers = "", [NUMBER[f"K:{tune.key}"] * PLACES]
    for sign in tune.abc:
        bar = "" if sign == "|" else bar + sign
        numbers.append(NUMBER[sign] * PLACES + place(bar))
    return np.array([*numbers, 0])


def counted(order, told):
    """Count n-grams in the training part."""
    if told:
        return NGrams([placed(tune) for tune in TRAIN], order, K * PLACES)
    return NGrams([symbols(tune) for tune in TRAIN], order, K)


def table(order, told):
    """Judge n-grams by the validation part."""
    form = placed if told else symbols
    model = counted(order, told)
    return {"bits": float(judged(model, [form(tune) for tune in VALIDATION]).mean())}


def trained(kind, hidden, dropped, steps, seed, *, embedded, rate, batch, clip):
    """Return a network that has learned from the training part."""
    rng, f = np.random.default_rng(seed), np.float32
    net = Stack(
        Embedding(K, embedded, rng=rng, dtype=f),
        KINDS[kind](embedded, hidden, rng=rng, dtype=f),
        Dropout(dropped, rng=rng),
        ReadOut(hidden, K, rng=rng, dtype=f),
    )

    def now(step):
        """Rise for a twentieth of the steps, then fall as a cosine does, to nearly nothing."""
        over = step / steps
        return rate * (0.51 + 0.49 * np.cos(np.pi * over)) * min(1, 0.01 + over / 0.05)

    fit(
        net, minibatches(*packed([symbols(tune) for tune in TRAIN]), size=batch, rng=rng),
        optimizer=Adam(net.params, rate), steps=steps, loss=cross_entropy, clip=clip, rate=now,
    )  # fmt: skip
    return net, rng


def choice(kind, hidden, dropped, steps, seed, *, embedded, rate, batch, clip):
    """Train a network; judge it by the validation part."""
    rate = rate / 2 if kind == "vanilla" else rate
    net, _ = trained(
        kind, hidden, dropped, steps, seed, embedded=embedded, rate=rate, batch=batch, clip=clip
    )
    return {"bits": float(judged(net, [symbols(tune) for tune in VALIDATION]).mean())}


def _model(kind, seed, order, told_order, **settings):
    if kind == "GRU":
        return trained(kind, seed=seed, **settings)
    return counted(*((told_order, True) if kind == "told" else (order, False))), (
        np.random.default_rng(seed)
    )


def write(model, kind, temperature, rng, keys):
    """Return tunes that a model writes, one in each of the keys."""
    each = PLACES if kind == "told" else 1
    first = np.array([[NUMBER[f"K:{key}"] * each for key in keys]])
    made = generate(model, first, LONG, sampling(temperature, rng=rng)) // each
    return [signs(column) for column in made.T]


def described(tunes):
    """Say how many bars last six eighths, and in how many tunes a bar comes again."""
    lengths = [length for abc in tunes for length in eighths(abc)]
    split = [bars for abc in tunes if len(bars := abc.split("|")) > 4]
    again = [any(bars[k] in bars[k + 2 :] for k in (1, 2, 3)) for bars in split]
    return {
        "whole": float(np.mean([length == 6 for length in lengths])),
        "again": float(np.mean(again)),
        "copied": len(copied("#".join(tunes[:8]), "#".join(tune.abc for tune in TRAIN))),
    }


def tested(
    kind, seed, *, order, told_order, hidden, dropped, steps, embedded, rate, batch, clip
):  # fmt: skip
    """Judge a model by the test part, and by as many tunes that it writes, in the same keys."""
    start = thread_time()
    model, rng = _model(
        kind, seed, order, told_order, hidden=hidden, dropped=dropped, steps=steps,
        embedded=embedded, rate=rate, batch=batch, clip=clip,
    )  # fmt: skip
    training = thread_time() - start
    form = placed if kind == "told" else symbols
    tunes = judged(model, [form(tune) for tune in TEST])
    made = write(model, kind, 0.8, rng, [tune.key for tune in TEST])
    return {
        "training": training, "bits": float(tunes.mean()), "tunes": tunes.round(3).tolist()
    } | described(made)  # fmt: skip


def in_the_book():
    """Describe the tunes of the test part."""
    return described([tune.abc for tune in TEST])


def written(
    kind, *, temperatures, order, told_order, hidden, dropped, steps, embedded, rate, batch, clip
):  # fmt: skip
    """Let a model write one tune in each of some keys, at several temperatures."""
    model, rng = _model(
        kind, 0, order, told_order, hidden=hidden, dropped=dropped, steps=steps,
        embedded=embedded, rate=rate, batch=batch, clip=clip,
    )  # fmt: skip
    tunes = [write(model, kind, t, rng, ["G", "D", "A", "Am", "Em"]) for t in temperatures]
    return {"tunes": [[[NUMBER[sign] for sign in abc] for abc in some] for some in tunes]}


CHOSEN = {"kind": ["GRU"], "hidden": [128], "dropped": [0.2], "steps": [400]}

experiment = Experiment(
    tables=Part(table, grid(order=[1, 2, 3, 4, 5], told=[False])
                + grid(order=[1, 2, 3, 4], told=[True])),
    choices=Part(
        choice,
        grid(**CHOSEN)
        + grid(**CHOSEN | {"kind": ["LSTM"]})
        + grid(**CHOSEN | {"kind": ["vanilla"], "steps": [800]}),
        seeds=1,
    ),
    test=Part(tested, [{"kind": "table"}, {"kind": "told"}, {"kind": "GRU"}], seeds=3),
    book=Part(in_the_book, [{}]),
    written=Part(written, [{"kind": "table"}, {"kind": "GRU"}]),
    settings={
        "order": 4, "told_order": 3, "hidden": 128, "dropped": 0.2, "steps": 400, "embedded": 24,
        "rate": 0.008, "batch": 16, "clip": 1.0, "temperatures": [0.5, 0.8, 1.2],
    },
    quick={"steps": 2, "order": 2, "told_order": 1, "hidden": 8, "temperatures": [0.8]},
)  # fmt: skip
