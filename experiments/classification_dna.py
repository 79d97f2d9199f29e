"""Find a splice junction in 44 letters of DNA, when nobody says where it is.

Of each stretch of 60 letters, which has its junction in the middle, a window of 44 is cut at
random, so that the junction may be anywhere from the 14th letter to the 30th.  Classes are none, a
donor (exon to intron), an acceptor (intron to exon).  Genes are split into three parts; what is
chosen is chosen by the validation part.  Accuracy is the share of windows that are given the right
class.

`counted` has rows for: logistic regression on counts of all words of k letters; validation part.

    k; price, of errors over large weights, the C of scikit-learn; accuracy

`weighed` has rows for: logistic regression on letters at places, see `simple`; validation part.

    kind; price; accuracy

`choices` has rows for: networks with other settings; validation part.

    width, letters that are read at a step; answer, asked for at every step or at the end; taken,
    steps of training; accuracy

`simple` has rows for: what needs no recurrent network; test part.

    kind: words of 6 letters, a table of letters for each place of the window, a scan, which slides
    a table along the window, or the table aligned with the junction; price; accuracy; given, the
    class of each stretch

`test` has the network that was chosen, on windows, their junction moved, and on whole stretches,
where its place is known; and one that answers at every step; test part.

    width; answer; place; part; taken; accuracy; given, for each seed a list; donor, acceptor: for
    each seed, the share of junctions found that are lost when the letter at each of `OFFSETS` from
    the junction is replaced by another; read, for each seed the probabilities of none, donor and
    acceptor in percent, after each letter of the windows in `EXAMPLES`
"""

from functools import cache
from itertools import product

import numpy as np
from sklearn.linear_model import LogisticRegression

from experiments import Experiment, Part
from rnncore.batches import at_end, at_every_step
from rnncore.classification import counts, kmers
from rnncore.datasets import dna
from rnncore.deep import Dropout, Stack
from rnncore.gated import GRU
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.training import fit
from rnncore.vanilla import ReadOut

LENGTH, WINDOW, MIDDLE = 60, 44, 30
STARTS = LENGTH - WINDOW + 1  # places where a window may begin
SIDE = WINDOW - MIDDLE  # letters that a window has on either side of its junction, at least
NONE, DONOR, ACCEPTOR = range(3)
PRICES = [0.003, 0.01, 0.03, 0.1]
OFFSETS = range(-SIDE, SIDE)
EXAMPLES = (  # windows of the validation part, and the same with some letters changed
    "TCTGCAGCACCCCTGCCTGCTCTGAGGGTAAGTGGCAGCCACCC",  # a donor, junction at the 27th letter
    "TCTGCAGCACCCCTGCCTGCTCTGAGGATAAGTGGCAGCCACCC",
    "TAATTCTTCATTTTCAGGAAGAAGAATTACAGAAATACATCCAG",  # an acceptor, at the 17th
    "TAATTCTTCATTTTCACGAAGAAGAATTACAGAAATACATCCAG",
    "AAGGCACCACCCACCTATGATACTGTGCTACAGATGGAGTATCT",  # neither
    "AAGGCACCACCCACCTATGTAAGTGTGCTACAGATGGAGTATCT",
    "TCTGCTGCTGCCCTTTGGGGTCCAGTGAGTCAACACCCCCGTTC",  # a donor, at the 24th
    "TCTGCTGCTGCCCTTTGGGGTACAGTGAGTCAACACCCCCGTTC",
)


@cache  # which is asked for with every letter that is replaced
def prepared():
    """Return letters (N, 60), labels, the three parts, and where each window begins."""
    data = dna()
    letters = np.array([["ACGT".index(letter) for letter in s] for s in data.sequences])
    rng = np.random.default_rng(0)
    lot = rng.random(data.gene.max() + 1)[data.gene]  # one for each gene
    train, validation, test = (
        np.flatnonzero((low <= lot) & (lot < high))
        for low, high in ((0.375, 1), (0.25, 0.375), (0, 0.25))
    )
    return letters, data.label, (train, validation, test), rng.integers(0, STARTS, len(letters))


def windows(letters, at, start, length=WINDOW):
    """Cut stretches from their starts on; return letters (length, B)."""
    return letters[at, start + np.arange(length)[:, np.newaxis]]


def flat(letters, at, start, length):
    """Return the letters of stretches one-hot, as features (B, 4 length)."""
    window = windows(letters, at, start, length)
    return np.eye(4)[window].swapaxes(0, 1).reshape(len(at), -1)


def reading(window, width=3):
    """Return what is read at each step: the letter and those before it, one-hot (T, B, 4 width)."""
    now = np.eye(4)[window]
    before = [np.concatenate([np.zeros_like(now[:k]), now[:-k]]) for k in range(1, width)]
    return np.concatenate([now, *before], axis=-1)


# Without a recurrent network.


def drawn(train, times=5):
    """Return each stretch several times, and a start of a window for each."""
    at = np.tile(train, times)
    return at, np.random.default_rng(1).integers(0, STARTS, len(at))


def by_features(features, part, price):
    """Fit a logistic regression on features(stretches, starts) of windows; classify a part."""
    _, label, parts, start = prepared()
    at, begin = drawn(parts[0])
    model = LogisticRegression(C=price, max_iter=500).fit(features(at, begin), label[at])
    return model.predict(features(parts[part], start[parts[part]]))


def words(part, k, price):
    """Count all words of k letters."""
    sequences = dna().sequences
    names = ["".join(word) for word in product("ACGT", repeat=k)]

    def features(at, start):
        return counts(
            [kmers(sequences[n][s : s + WINDOW], k) for n, s in zip(at, start, strict=True)], names
        )

    return by_features(features, part, price)


def table(part, price):
    """Give each letter at each place of the window a weight."""
    letters, *_ = prepared()
    return by_features(lambda at, start: flat(letters, at, start, WINDOW), part, price)


def aligned(part, price):
    """Give each letter at each place of the whole stretch a weight."""
    letters, label, parts, _ = prepared()
    x = flat(letters, np.arange(len(letters)), 0, LENGTH)
    model = LogisticRegression(C=price, max_iter=500).fit(x[parts[0]], label[parts[0]])
    return model.predict(x[parts[part]])


def scan(part, price):
    """Slide a table for the letters around a junction along the window, and take its best places.

    The table is told where the junctions of the training part are: it learns 14 letters on either
    side, of each stretch and, as what is none, of four other places of each.
    """
    letters, label, (train, *_), _ = prepared()
    length, middle = 2 * SIDE, MIDDLE - SIDE
    elsewhere = np.random.default_rng(2).integers(0, LENGTH - length, (4, len(train)))
    elsewhere += elsewhere >= middle  # anywhere but in the middle
    places = [np.full(len(train), middle), *elsewhere]
    x = np.concatenate([flat(letters, train, place, length) for place in places])
    classes = np.concatenate([label[train], np.full(elsewhere.size, NONE)])
    score = LogisticRegression(C=price, max_iter=500).fit(x, classes).decision_function

    def features(at, start):
        slid = [score(flat(letters, at, start + shift, length)) for shift in range(STARTS)]
        over = np.array(slid)[..., 1:] - np.array(slid)[..., :1]  # (17, B, 2), either kind
        return np.concatenate([over.max(axis=0), np.log(np.exp(over).sum(axis=0))], axis=1)

    return by_features(features, part, 1.0)


SIMPLE = {"words": words, "table": table, "scan": scan, "aligned": aligned}


def simple(kind, part, **settings):
    """Judge what needs no recurrent network by a part."""
    _, label, parts, _ = prepared()
    given = SIMPLE[kind](part, **settings)
    result = {"accuracy": float((given == label[parts[part]]).mean())}
    return result | ({"given": given.tolist()} if part == 2 else {})


def counted(k, price):
    """Judge counts of words of k letters by the validation part."""
    return simple("words", 1, k=k, price=price)


def weighed(kind, price):
    """Judge tables of letters by the validation part."""
    return simple(kind, 1, price=price)


def judged(kind, price):
    """Judge by the test part, with the price that did best on the validation part."""
    return simple(kind, 2, price=price, **({"k": 6} if kind == "words" else {}))


# The network.


def trained(width, answer, place, rng, *, steps, rate, batch, hidden, dropout, clip, every):
    """Train one network; return it, its history, and a function that makes its input."""
    letters, label, (train, validation, _), start = prepared()
    length = WINDOW if place == "moved" else LENGTH
    ask = at_end if answer == "at the end" else at_every_step

    def read(at, begin):
        begin = begin if place == "moved" else 0
        return reading(windows(letters, at, begin, length), width)

    def batches():
        while True:
            at = rng.choice(train, batch, replace=False)
            x = read(at, rng.integers(0, STARTS, batch))
            yield x, *ask(label[at], np.ones(x.shape[:2]))

    net = Stack(
        GRU(4 * width, hidden, rng=rng), Dropout(dropout, rng=rng), ReadOut(hidden, 3, rng=rng)
    )
    x = read(validation, start[validation])
    history = fit(
        net, batches(), loss=cross_entropy, optimizer=Adam(net.params, rate), steps=steps,
        clip=clip, validation=(x, *at_end(label[validation], np.ones(x.shape[:2]))), every=every,
    )  # fmt: skip
    return net, history, read


def network(width, answer, place, part, seed, *, steps, rate, batch, hidden, dropout, clip, every):
    """Train one network, and judge it by a part; see what it looks at, where that is the test."""
    _, label, parts, start = prepared()
    net, history, read = trained(
        width, answer, place, np.random.default_rng(seed), steps=steps, rate=rate, batch=batch,
        hidden=hidden, dropout=dropout, clip=clip, every=every,
    )  # fmt: skip
    at = parts[part]
    given = net.forward(read(at, start[at]))[0][-1].argmax(axis=-1)
    result = {"taken": history.best, "accuracy": float((given == label[at]).mean())}
    if part < 2:
        return result
    result["given"] = given.tolist()
    if place == "moved":
        for kind, name in (DONOR, "donor"), (ACCEPTOR, "acceptor"):
            found = at[(label[at] == kind) & (given == kind)]
            result[name] = [lost(net, width, found, kind, offset) for offset in OFFSETS]
        result["read"] = examples(net, width)
    return result


def lost(net, width, found, kind, offset):
    """Return how many of the junctions found are lost when one letter is replaced by another."""
    letters, _, _, start = prepared()
    window = windows(letters, found, start[found])
    changed = np.concatenate([window] * 3, axis=1)
    place = (MIDDLE - start[found] + offset, np.arange(len(found)))
    changed[np.tile(place[0], 3), np.arange(changed.shape[1])] = np.concatenate(
        [(window[place] + other) % 4 for other in (1, 2, 3)]
    )
    given = net.forward(reading(changed, width))[0][-1].argmax(axis=-1)
    return float((given != kind).mean())


def examples(net, width):
    """Return the probabilities, in percent, after each letter of the windows of `EXAMPLES`."""
    window = np.array([["ACGT".index(letter) for letter in text] for text in EXAMPLES]).T
    y, _ = net.forward(reading(window, width))
    p = np.exp(y - y.max(axis=-1, keepdims=True))
    p = 100 * p / p.sum(axis=-1, keepdims=True)
    return p.swapaxes(0, 1).round().astype(int).tolist()


experiment = Experiment(
    counted=Part(counted, grid(k=[3, 4, 5, 6], price=PRICES)),
    weighed=Part(weighed, grid(kind=["table", "scan", "aligned"], price=PRICES)),
    choices=Part(
        network,
        grid(
            width=[1, 3, 5], answer=["at the end", "every step"], place=["moved"], part=[1],
        ),
    ),
    simple=Part(
        judged,
        [
            {"kind": "words", "price": 0.03},
            {"kind": "table", "price": 0.03},
            {"kind": "scan", "price": 0.01},
            {"kind": "aligned", "price": 0.01},
        ],
    ),
    test=Part(
        network,
        [
            {"width": 3, "answer": answer, "place": place, "part": 2}
            for answer, place in (
                ("at the end", "moved"), ("at the end", "known"), ("every step", "moved"),
            )
        ],
        seeds=5,
    ),
    settings={
        "steps": 1500, "rate": 0.005, "batch": 64, "hidden": 24, "dropout": 0.2, "clip": 1.0,
        "every": 100,
    },
    quick={"steps": 2, "price": 0.01, "k": 3, "kind": "table"},
)  # fmt: skip
