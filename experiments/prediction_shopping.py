"""Foretell which of ten margarines a household takes next, from what it took before.

A GRU reads a household purchase by purchase: what was taken last, and what each brand costs now.
It is trained on 310 households, stopped by 62 others, tested on 124 more; the first purchase of a
household is given.  `accuracy` is the share of purchases foretold, `surprise` the mean of -log p of
what was taken, in nats.

`loyalty` has rows for: softmax regression on loyalty, a fading share; validation.

    fade, the weight of a purchase beside that of the one after it; reads; surprise; accuracy

`choices` has rows for: networks with other settings; validation.

    hidden, units; dropout; reads; part; taken, steps of training; surprise; accuracy

`simple` has rows for: what needs no network; test.

    kind; surprise; accuracy; said, the brand that was foretold, for each purchase

`test` has the network that was chosen, with and without prices; test.

    as `choices`, with said for each seed; of the same networks also shuffled, the accuracy where
    the purchases before stand in random order, and elsewhere, where the prices are those of another
    purchase

`others` has the same network and the regression with prices, where the households are divided anew.

    division, a number; taken; network and regression, the accuracies; gain of the network, beside
    it the standard error over households

`shelf` has one network and made households, at the usual prices but for one brand's.

    home; brand, its number; chances, for each of `PRICES` a list of the chances of the ten brands
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.batches import minibatches, padded
from rnncore.datasets import shopping
from rnncore.deep import Dropout, Stack
from rnncore.gated import GRU
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.prediction import gain
from rnncore.sweep import grid
from rnncore.training import fit
from rnncore.vanilla import ReadOut

BRANDS, FIRST = 10, 1234  # the division of the households is by a seed
BOTH, PAST = "purchases and prices", "purchases"


def prepared(division=FIRST):
    """Return the choices, the scaled prices, and the purchases of each household of each part."""
    data = shopping()
    homes = [np.flatnonzero(data.household == home) for home in range(516)]
    order = np.random.default_rng(division).permutation(len(homes))
    parts = np.split(order, [129, 193])[::-1]
    # of a household with one purchase nothing can be foretold
    train, validation, test = ([homes[k] for k in part if len(homes[k]) > 1] for part in parts)
    known = data.price[np.concatenate(train)]
    scaled = (data.price - known.mean(axis=0)) / known.std(axis=0)
    return data.choice, scaled, (train, validation, test)


def lessons(homes, choice, price, reads):
    """Lay households side by side: x (T, B, 10 or 20), what they took (T, B), and the mask."""
    taken = np.eye(BRANDS)[choice]
    x, mask = padded([np.column_stack([taken[rows[:-1]], price[rows[1:]]]) for rows in homes])
    target, _ = padded([choice[rows[1:]] for rows in homes])
    return x if reads == BOTH else x[:, :, :BRANDS], target, mask


def shares(x, target, mask):
    """Return which share of the purchases of the lessons each brand has."""
    there = mask > 0
    return np.bincount(target[there], minlength=BRANDS) / there.sum()


def loyalty(x, fade, popular):
    """Return the fading share (T, B, 10) that each brand has in what a household took so far.

    The household begins as if it had taken two as all households do.
    """
    counts, found = 2 * np.tile(popular, (x.shape[1], 1)), []
    own = np.zeros_like(counts)
    for step in x[:, :, :BRANDS]:
        own = fade * own + step
        found.append((own + counts) / (own + counts).sum(axis=1, keepdims=True))
    return np.array(found)


def judged(logits, target, mask):
    """Return surprise, accuracy and the brand that was foretold for each purchase."""
    there = mask.T > 0  # household by household
    said = logits.argmax(axis=2).T[there]
    right = (said == target.T[there]).mean()
    surprise = cross_entropy(logits, target, mask)[0]
    return {"surprise": surprise, "accuracy": right, "said": said.tolist()}


def trained(net, train, validation, rng, rate, steps, batch, clip, every, patience):
    """Train a network; return the history."""
    return fit(
        net, minibatches(*train, size=batch, rng=rng), loss=cross_entropy,
        optimizer=Adam(net.params, rate), steps=steps, clip=clip, validation=validation,
        every=every, patience=patience,
    )  # fmt: skip


def regression(fade, reads, part, division, *, steps, batch, clip, every, patience):
    """Train a softmax regression on loyalty; judge it by a part of the households."""
    rng = np.random.default_rng(0)
    choice, price, parts = prepared(division)
    data = [lessons(homes, choice, price, reads) for homes in parts]
    popular = shares(*data[0])
    data = [(np.dstack([loyalty(x, fade, popular), x]), *rest) for x, *rest in data]
    line = ReadOut(data[0][0].shape[2], BRANDS, rng=rng)
    trained(line, data[0], data[1], rng, 0.03, steps, batch, clip, every, patience)
    x, target, mask = data[part]
    return judged(line.forward(x)[0], target, mask)


def regressed(fade, reads, *, steps, batch, clip, every, patience):
    """Judge a softmax regression by the validation part."""
    found = regression(
        fade, reads, 1, FIRST, steps=steps, batch=batch, clip=clip, every=every, patience=patience
    )
    return {name: found[name] for name in ("surprise", "accuracy")}


def simple(kind, *, steps, batch, clip, every, patience):
    """Judge what needs no network by the test part."""
    if "loyalty" in kind:
        return regression(
            1.0, BOTH if "prices" in kind else PAST, 2, FIRST, steps=steps, batch=batch, clip=clip,
            every=every, patience=patience,
        )  # fmt: skip
    choice, price, parts = prepared()
    x, target, mask = lessons(parts[0], choice, price, PAST)
    popular, there = shares(x, target, mask), mask > 0
    follows = np.full((BRANDS, BRANDS), 0.5)
    np.add.at(follows, (x.argmax(axis=2)[there], target[there]), 1)
    x, target, mask = lessons(parts[2], choice, price, PAST)
    chances = {
        "popularity": np.broadcast_to(popular, x.shape),
        "Markov": (follows / follows.sum(axis=1, keepdims=True))[x.argmax(axis=2)],
        "own counts": loyalty(x, 1.0, popular),
    }[kind]
    return judged(np.log(chances), target, mask)


def trained_network(reads, hidden, dropout, division, seed, how):
    """Train one network; return it, the data of each part, and after which step."""
    rng = np.random.default_rng(seed)
    choice, price, parts = prepared(division)
    train, validation, _ = data = [lessons(homes, choice, price, reads) for homes in parts]
    net = Stack(
        GRU(train[0].shape[2], hidden, rng=rng), Dropout(dropout, rng=rng),
        ReadOut(hidden, BRANDS, rng=rng),
    )  # fmt: skip
    return net, data, trained(net, train, validation, rng, **how).best


def network(
    reads, hidden, dropout, part, division, seed, *, rate, steps, batch, clip, every, patience
):
    """Train one network, and judge it by a part of the households."""
    how = {"rate": rate, "steps": steps, "batch": batch, "clip": clip, "every": every}
    net, data, taken = trained_network(
        reads, hidden, dropout, division, seed, how | {"patience": patience}
    )
    x, target, mask = data[part]
    found = {"taken": taken} | judged(net.forward(x)[0], target, mask)
    if part == 1:
        return {name: found[name] for name in ("taken", "surprise", "accuracy")}
    rng = np.random.default_rng(100 + seed)
    return found | {
        "shuffled": told_apart(net, x, target, mask, rng, mix_purchases),
        "elsewhere": told_apart(net, x, target, mask, rng, mix_prices),
    }


def other(division, hidden, dropout, *, rate, steps, batch, clip, every, patience):
    """Compare network and regression where the households are divided anew."""
    how = {"steps": steps, "batch": batch, "clip": clip, "every": every, "patience": patience}
    net = network(BOTH, hidden, dropout, 2, division, 0, rate=rate, **how)
    line = regression(1.0, BOTH, 2, division, **how)
    choice, _, (*_, homes) = prepared(division)
    came = np.concatenate([choice[rows[1:]] for rows in homes])
    ends = np.cumsum([len(rows) - 1 for rows in homes])[:-1]
    wrong = [
        [some.sum() for some in np.split(np.array(one["said"]) != came, ends)]
        for one in (net, line)
    ]
    d, error = gain(*wrong, np.zeros(len(homes)))  # in purchases a household
    share = len(homes) / len(came)
    return {
        "taken": net["taken"], "network": net["accuracy"], "regression": line["accuracy"],
        "gain": d * share, "beside": error * share,
    }  # fmt: skip


def told_apart(net, x, target, mask, rng, mixed):
    """Return the accuracy where what a network reads is mixed, for each purchase anew."""
    right = 0
    for step in range(len(x)):
        homes = mask[step] > 0
        logits, _ = net.forward(mixed(x[: step + 1, homes], rng))
        right += (logits[-1].argmax(axis=1) == target[step, homes]).sum()
    return right / mask.sum()


def mix_purchases(x, rng):
    """Put the purchases of each household in random order, and leave the prices in place."""
    x = x.copy()
    x[:, :, :BRANDS] = rng.permuted(x[:, :, :BRANDS].argmax(axis=2), axis=0)[
        :, :, np.newaxis
    ] == np.arange(BRANDS)
    return x


def mix_prices(x, rng):
    """Exchange the prices of the last step among the households."""
    x = x.copy()
    x[-1, :, BRANDS:] = rng.permutation(x[-1, :, BRANDS:])
    return x


PRICES = [0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3]  # of the usual one
HOMES = {"one brand": [0] * 6, "cheap ones": [3, 4, 1, 3, 0, 4], "one tub": [6]}


def shelf(home, brand, hidden, dropout, *, rate, steps, batch, clip, every, patience):
    """Let one network say what a made household takes where the price of one brand moves."""
    how = {"rate": rate, "steps": steps, "batch": batch, "clip": clip, "every": every}
    net, _, _ = trained_network(BOTH, hidden, dropout, FIRST, 0, how | {"patience": patience})
    usual, scaled = shopping().price[:, brand], prepared()[1][:, brand]
    unit = usual.std() / scaled.std()
    mean = usual[0] - unit * scaled[0]
    past = np.eye(BRANDS)[HOMES[home]]
    x = np.zeros((len(past), len(PRICES), 2 * BRANDS))  # prices of 0 are the usual ones
    x[:, :, :BRANDS] = past[:, np.newaxis]
    x[-1, :, BRANDS + brand] = mean * (np.array(PRICES) - 1) / unit
    logits = net.forward(x)[0][-1]
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    return {"chances": (chances / chances.sum(axis=1, keepdims=True)).round(3).tolist()}


experiment = Experiment(
    loyalty=Part(regressed, grid(fade=[0.7, 0.8, 0.9, 1.0], reads=[PAST, BOTH])),
    choices=Part(
        network,
        grid(reads=[BOTH], hidden=[16, 24, 48], dropout=[0.3, 0.5], part=[1], division=[FIRST]),
        seeds=3,
    ),
    simple=Part(
        simple,
        grid(kind=["popularity", "Markov", "own counts", "loyalty", "loyalty and prices"]),
    ),
    test=Part(
        network,
        grid(reads=[PAST, BOTH], hidden=[48], dropout=[0.5], part=[2], division=[FIRST]),
        seeds=5,
    ),
    others=Part(other, grid(division=[0, 1, 2, 3, 4, 5], hidden=[48], dropout=[0.5])),
    shelf=Part(shelf, grid(home=list(HOMES), brand=[0, 3, 6], hidden=[48], dropout=[0.5])),
    settings={
        "rate": 0.003, "steps": 1500, "batch": 16, "clip": 1.0, "every": 50, "patience": 8,
    },
    quick={"steps": 2},
)  # fmt: skip
