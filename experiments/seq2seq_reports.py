"""Report a week of weather in one sentence: a log of seven lines in, a few words out.

The weeks are real ones of Seattle and New York; the sentence is made by rule
(`rnncore.tasks.report`), so that right and wrong can be told.  An encoder reads a day and its sky
at each step, a decoder writes the sentence word by word.  The networks learn from the real weeks
of 2012 and 2013 or from weeks made with the transitions of those; settings are chosen by 2014, and
2015 is the test.  "even" came after the test, for its mistakes: half of its weeks are made as
before, half so that each beginning of a report comes equally often.

`exact` is the share of sentences of which every word is right, `new` the same among the weeks that
are not, day and sky, among those of 2012 and 2013.

`simple` has rows for: what is no recurrent network

    kind; weeks, real or made, that it learned from; year; exact; new; right, a list of 0 or 1

`choices` has rows for: networks with other settings, judged by 2014

    kind, of the layers; weeks; year; taken, steps of training; exact; new; usual, the share of
    exact sentences for made weeks that are, in the order of `USUAL`, mixed or mostly of a sky

`test` has the network that was chosen, judged by 2015.

    as before, without usual, and right; wrong, for each seed a list of [which, words written ...];
    shown, for seed 0 a list for each week of `SHOWN`, each day and each sky that it may have, of
    the words written.  A word is its number in `WORDS`.
"""

from collections import Counter
from itertools import chain

import numpy as np

from experiments import Experiment, Part
from rnncore.batches import minibatches
from rnncore.datasets import weeks as real_weeks
from rnncore.deep import Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU, LSTM
from rnncore.losses import cross_entropy
from rnncore.optimizers import Adam
from rnncore.seq2seq import EncoderDecoder, forced, nearest
from rnncore.sweep import grid
from rnncore.tasks import COUNTS, DAYS, SKIES, WET, made_weeks, report
from rnncore.training import fit
from rnncore.vanilla import ReadOut

END, START = 0, 1
WORDS = ["<end>", "<start>", ",", "mostly", "mixed", "wet", "day", "days", "to"]
WORDS += [*SKIES, *COUNTS, *DAYS]
KINDS = {"GRU": GRU, "LSTM": LSTM}
MADE = 20_000  # weeks
USUAL = ["mixed", *(f"mostly {sky}" for sky in SKIES)]
SHOWN = 12, 250, 480  # of 2015


def learned(weeks):
    """Return the weeks that are learned from: real ones, or as many others as `MADE`."""
    real, rng = real_weeks(2012, 2013), np.random.default_rng(0)
    if weeks == "real":
        return real
    if weeks == "made":
        return made_weeks(real, MADE, rng, 0.3)
    likely, pool = made_weeks(real, MADE // 2, rng, 0.3), made_weeks(real, 8 * MADE, rng, 1.0)
    return likely + list(chain(*by_usual(pool, MADE // 2 // len(USUAL)).values()))


def usual(week):
    """Return how the report of a week begins."""
    return " ".join(report(week)).split(" ,")[0]


def by_usual(weeks, most):
    """Return the first weeks of each kind of `USUAL`."""
    found = {kind: [] for kind in USUAL}
    for week in weeks:
        found[usual(week)].append(week)
    return {kind: some[:most] for kind, some in found.items()}


def read(weeks):
    """Return what the encoder reads, (7, N, 12): at each step a day and a sky, one-hot."""
    numbers = np.array([[(DAYS.index(d), SKIES.index(s)) for d, s in week] for week in weeks])
    day, sky = numbers.transpose(2, 1, 0)
    return np.concatenate([np.eye(7)[day], np.eye(5)[sky]], axis=2).astype("float32")


def arrays(weeks):
    """Return x, target and mask."""
    said = [[WORDS.index(word) for word in report(week)] for week in weeks]
    given, target, mask = forced(said, START, END)
    return (read(weeks), given), target, mask


def judged(answers, weeks, year):
    """Return the share of exact answers, also of weeks that are new; of the test which they are."""
    right = np.array([a == report(week) for a, week in zip(answers, weeks, strict=True)])
    seen = {tuple(week) for week in real_weeks(2012, 2013)}
    new = np.array([tuple(week) not in seen for week in weeks])
    result = {"exact": float(right.mean()), "new": float(right[new].mean())}
    return result | ({"right": right.astype(int).tolist()} if year == 2015 else {})


def simple(kind, weeks, year):
    """Report without a recurrent network."""
    known, asked = learned(weeks), real_weeks(year, year)
    if kind == "commonest":
        ((common, _),) = Counter(tuple(report(week)) for week in known).most_common(1)
        return judged([list(common)] * len(asked), asked, year)
    if kind == "nearest week":
        pairs = [(list(chain(*week)), report(week)) for week in known]
        found = nearest([list(chain(*week)) for week in asked], pairs)
        return judged([answer for _, answer in found], asked, year)
    return judged(by_slots(known, asked, told=kind == "slots, told"), asked, year)


def by_slots(known, asked, told):
    """Fill the four places of the sentence, each by a logistic regression.

    It reads day and sky of each step one-hot; with `told` also their products: whether the first
    day is this one *and* the sky at this step is a wet one.
    """
    from sklearn.linear_model import LogisticRegression

    def features(weeks):
        x = read(weeks).transpose(1, 0, 2)
        first, sky = x[:, 0, :7], x[:, :, 7:].reshape(len(x), -1)
        wet = x[:, :, [7 + SKIES.index(s) for s in WET]].sum(axis=2)
        products = (first[:, :, np.newaxis] * wet[:, np.newaxis]).reshape(len(x), -1)
        return np.concatenate([first, sky, *([products] if told else [])], axis=1)

    def slots(week):
        usual, count, *days = " ".join(report(week)).split(" , ")
        first, *_, last = (days[0].split(" to ") if days else [""]) * 2
        return usual, count, first, last

    answers = np.array([slots(week) for week in known])
    x, new = features(known), features(asked)
    filled = [LogisticRegression(max_iter=300).fit(x, slot).predict(new) for slot in answers.T]
    return [_sentence(*slot) for slot in zip(*filled, strict=True)]


def _sentence(usual, count, first, last):
    """Put the four places together, as far as they go together."""
    ends = {"no": "", "one": f" , {first}"}.get(count.split()[0], f" , {first} to {last}")
    return f"{usual} , {count}{ends}".split()


def network(kind, weeks, year, seed, *, size, hidden, rate, batch, steps, clip, every, longest):
    """Train one network, keep what was best on 2014, and judge it by `year`."""
    rng = np.random.default_rng(seed)
    layer, width = KINDS[kind], {"rng": rng, "dtype": "float32"}
    net = EncoderDecoder(
        layer(12, hidden, **width),
        Stack(
            Embedding(len(WORDS), size, **width),
            layer(size, hidden, **width),
            ReadOut(hidden, len(WORDS), **width),
        ),
    )
    history = fit(
        net, minibatches(*arrays(learned(weeks)), size=batch, rng=rng), loss=cross_entropy,
        optimizer=Adam(net.params, rate), steps=steps, clip=clip, every=every,
        validation=arrays(real_weeks(2014, 2014)), rate=lambda step: rate * (1 - step / steps),
    )  # fmt: skip
    asked = real_weeks(year, year)

    def written(weeks):
        return net.decode(read(weeks), start=START, end=END, steps=longest)

    answers = written(asked)
    result = judged([[WORDS[k] for k in one] for one in answers], asked, year)
    result["taken"] = history.best
    if year == 2014:
        result["usual"] = [
            float(np.mean([
                [WORDS[k] for k in one] == report(week)
                for one, week in zip(written(weeks), weeks, strict=True)
            ]))
            for weeks in by_usual(
                made_weeks(real_weeks(2012, 2013), MADE, np.random.default_rng(1), 1.0), 300
            ).values()
        ]  # fmt: skip
    else:
        result["wrong"] = [[n, *one] for n, one in enumerate(answers) if not result["right"][n]]
        result["shown"] = [] if seed else [written(changed(asked[n])) for n in SHOWN]
    return result


def changed(week):
    """Return a week with each day under each sky, 35 weeks."""
    return [
        [*week[:k], (day, sky), *week[k + 1 :]] for k, (day, _) in enumerate(week) for sky in SKIES
    ]


experiment = Experiment(
    simple=Part(
        simple,
        [
            {"kind": kind, "weeks": weeks, "year": year}
            for kind, weeks in (
                ("commonest", "real"), ("nearest week", "real"), ("slots", "made"),
                ("slots, told", "made"),
            )
            for year in (2014, 2015)
        ],
    ),
    choices=Part(
        network,
        [
            *grid(kind=["GRU", "LSTM"], weeks=["real", "made"], year=[2014]),
            *grid(kind=["LSTM"], weeks=["even"], year=[2014]),
        ],
        seeds=3,
    ),
    test=Part(network, grid(kind=["LSTM"], weeks=["made"], year=[2015]), seeds=5),
    settings={
        "size": 16, "hidden": 64, "rate": 0.01, "batch": 32, "steps": 1500, "clip": 1.0,
        "every": 100, "longest": 13,
    },
    quick={"steps": 2, "weeks": "real", "year": 2015, "hidden": 8},
)  # fmt: skip
