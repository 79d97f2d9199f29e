"""Words without spaces, letter by letter.

A remake of the second experiment of Elman (1990): a network predicts the next letter, and its error
is compared at the starts of words and inside them, on a text that it has not seen.  The words are
drawn each as likely as the others: `seen` for a text to learn from, `long` for a long one, and
`fresh` for the text on which all are scored.

All rows: auc, the area under the ROC curve; start and inside, the mean error at the starts of words
and inside.

    codes     from the text: 5 random bits a letter, gone through again and again by Elman's
              procedure; the error is the mean squared one
    one_hot   from the long text, read once: one unit a letter, cross-entropy, Adam, 16 rows of
              25 letters a step; procedure "one step", Elman's gradient, or "through time", full
              BPTT over the 25; the error is the surprise in bits
    counts    text or long text, before: the same for counts with so many letters before
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.elman import Elman, train_online
from rnncore.losses import cross_entropy
from rnncore.measures import auc, surprise_by_counts
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import run_together

WORDS = [
    "a", "the", "they", "and", "sea", "seal", "saw", "ship",
    "boat", "boy", "girl", "gold", "by", "came", "under",
]  # fmt: skip
ALPHABET = sorted(set("".join(WORDS)))


def texts(seen, fresh, long):
    """Draw the three texts, and the starts of words in the fresh one."""
    rng = np.random.default_rng(100)
    text, _ = run_together(WORDS, seen, rng)
    judge, start = run_together(WORDS, fresh, rng)
    return {"text": text, "fresh": judge, "long text": run_together(WORDS, long, rng)[0]}, start


def coded(text):
    """Give each letter its number."""
    return np.array([ALPHABET.index(letter) for letter in text])


def score(wrong, start):
    """Compare what went wrong at the starts of words with the rest, but for the first letter."""
    wrong, start = wrong[-len(start) + 1 :], start[1:]
    return {
        "auc": auc(wrong, start), "start": wrong[start].mean(), "inside": wrong[~start].mean(),
    }  # fmt: skip


def codes(seeds, *, seen, fresh, long, hidden, passes, rate):
    """Train all seeds side by side, each with codes of its own."""
    drawn, start = texts(seen, fresh, long)
    nets, inputs, tests = [], [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        numbers = rng.permutation(32)[: len(ALPHABET)]
        code = (numbers[:, np.newaxis] >> np.arange(5) & 1).astype(float)
        inputs.append(code[coded(drawn["text"])])
        tests.append(code[coded(drawn["fresh"])][:, np.newaxis])
        nets.append(
            Elman(5, hidden, 5, rng=rng, hidden_activation="logistic", output_activation="logistic")
        )
    x = np.stack(inputs, axis=1)
    train_online(nets, x[:-1], x[1:], rate=rate, passes=passes)
    scores = [
        score(((net.forward(x[:-1])[0] - x[1:]) ** 2).mean(axis=2)[:, 0], start)
        for net, x in zip(nets, tests, strict=True)
    ]
    return {name: [one[name] for one in scores] for name in scores[0]}


def one_hot(procedure, seed, *, seen, fresh, long, hidden, steps, adam_rate):
    """Train one network with a unit for each letter, the text cut into 16 rows, each read once."""
    drawn, start = texts(seen, fresh, long)
    letters, test = coded(drawn["long text"]), coded(drawn["fresh"])
    rng = np.random.default_rng(seed)
    units = np.eye(len(ALPHABET))
    net = Elman(len(units), hidden, len(units), rng=rng)
    optimizer = Adam(net.params, rate=adam_rate)
    rows = letters[: len(letters) // 16 * 16].reshape(16, -1).T
    state = None
    for place in range(0, steps * 25, 25):
        x, wanted = rows[place : place + 25], rows[place + 1 : place + 26]
        y, tape = net.forward(units[x], state)
        _, dy = cross_entropy(y, wanted)
        _, gradients, _ = net.backward(dy, tape, through_time=procedure == "through time")
        optimizer.step(gradients)
        state = tape.state
    y, _ = net.forward(units[test[:-1, np.newaxis]])
    surprise = [cross_entropy(y[t], test[t + 1 : t + 2])[0] / np.log(2) for t in range(len(y))]
    return score(np.array(surprise), start)


def counts(text, before, *, seen, fresh, long):
    """Score the counts of what came after so many letters."""
    drawn, start = texts(seen, fresh, long)
    return score(surprise_by_counts(drawn[text], drawn["fresh"], before), start)


experiment = Experiment(
    codes=Part(codes, grid(), seeds=20),
    one_hot=Part(one_hot, grid(procedure=["one step", "through time"]), seeds=20),
    counts=Part(counts, grid(text=["text", "long text"], before=range(5))),
    settings={
        "seen": 1300, "fresh": 1300, "long": 72_000, "hidden": 20, "passes": 10, "rate": 0.3,
        "steps": 600, "adam_rate": 0.01,
    },
    quick={"seen": 100, "fresh": 100, "long": 1000, "passes": 1, "steps": 2},
)  # fmt: skip
