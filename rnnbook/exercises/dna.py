"""The exercises of the chapter on splice junctions."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.datasets import dna

# What was right (rows) and what was given (columns): neither, donor, acceptor.
TABLE = np.array([[80, 10, 10], [8, 30, 2], [12, 4, 44]])


def _recall_and_precision(k=1):
    return TABLE[k, k] / TABLE[k].sum(), TABLE[k, k] / TABLE[:, k].sum()


@cache
def _rule(first="ei", shift=0, lots=(0.375, 1), anywhere=False):
    """Return how often two pairs of letters at a known place tell the class of a stretch."""
    data = dna()
    lot = np.random.default_rng(0).random(data.gene.max() + 1)[data.gene]
    asked = np.flatnonzero((lots[0] <= lot) & (lot < lots[1]))
    right = []
    for n in asked:
        stretch = data.sequences[n]
        behind, front = (stretch[k + shift : k + 2 + shift] for k in (30, 28))
        if anywhere:
            behind = front = stretch
        signs = {"ei": "GT" in behind, "ie": "AG" in front, "n": True}
        order = sorted(signs, key=[first, "ei", "ie", "n"].index)
        said = next(name for name in order if signs[name])
        right.append(said == data.names[data.label[n]])
    return float(np.mean(right))


EXERCISES = {
    "dna-chance": Exercise(
        right=lambda: 43 / 16,
        praise="Between two and three by chance alone: that a window has a GT says next to nothing."
        " Around a junction stand more letters, and those tell.",
        hints=(
            "An expected number of pairs is a sum: one term for each place where a pair may begin.",
            "At each place, the chance of G and then T is the product of two chances.",
            "A pair may begin at the first letter, at the second, and so on, to the last but one.",
        ),
        mistakes=(
            (lambda: 44 / 16, "a pair cannot begin at the last letter."),
            (lambda: 42 / 16, "a pair may begin at each letter but the last: how many are these?"),
            (lambda: 43 / 4, "that counts every G: it has to be followed by a T."),
            (lambda: 44 / 4, "that counts every G: it has to be followed by a T."),
            (lambda: 1 / 16, "that is the chance at one place. How many places are there?"),
            (lambda: 59 / 16, "that is for a stretch of 60 letters. The window has 44."),
            (lambda: 43 / 8, "that is twice as many: TG is another pair than GT."),
            (
                lambda: 22 / 16,
                "a pair may begin at each letter but the last, not only at every second.",
            ),
            (
                lambda: 1 - (15 / 16) ** 43,
                "that is about the chance of at least one. Asked is how many, on average.",
            ),
        ),
        tolerance=0.004,
    ),
    "dna-confusion": Exercise(
        right=_recall_and_precision,
        praise="The one is a share of the row, the other of the column. The accuracy, 0.77, is a"
        " mixture of all three classes and hides both.",
        hints=(
            "The 30 on the diagonal is in both answers; the two differ in what it is divided by.",
            "Found are 30 of all that are donors: a row. Right are 30 of all that were called"
            " donors: a column.",
            "The row of the donors is 8, 30 and 2: there are 40 of them.",
        ),
        mistakes=(
            (lambda: _recall_and_precision()[::-1], "these are the two, the other way round."),
            (
                lambda: (30 / 200, 30 / 200),
                "that is the share of all 200. Divide by the donors, and by what was called so.",
            ),
            (
                lambda: tuple(100 * share for share in _recall_and_precision()),
                "these are percent. A share is between 0 and 1.",
            ),
            (
                lambda: _recall_and_precision(2),
                "these are right for the acceptors. Asked are the donors.",
            ),
            (
                lambda: (_recall_and_precision()[0], 154 / 200),
                "the first is right. The second is the accuracy, over all classes.",
            ),
        ),
        tolerance=0.002,
    ),
    "dna-rule": Exercise(
        right=_rule,
        praise="Two pairs of letters, and no training at all, where the place is known. Where it"
        " is not, they stand by chance in nearly every window.",
        hints=(
            "Letters are counted from 0: the junction is in front of sequence[30].",
            "A donor has GT behind the junction, sequence[30:32], an acceptor has AG in front of"
            " it, sequence[28:30]. Look for the GT first.",
            "For each n in train, compare the class that the rule gives with"
            " data.names[data.label[n]].",
        ),
        mistakes=(
            (
                lambda: _rule("ie"),
                "half of all donors have AG in front of the junction too. Look for the GT first.",
            ),
            (lambda: _rule(lots=(0, 1)), "that is over all stretches. Asked is `train`."),
            (lambda: _rule(lots=(0.25, 0.375)), "that is the validation part. Asked is `train`."),
            (lambda: _rule(lots=(0, 0.25)), "that is the test part. Asked is `train`."),
            (
                lambda: _rule(anywhere=True),
                "GT and AG stand somewhere in nearly every stretch. Look beside the junction only.",
            ),
            (lambda: 100 * _rule(), "that is percent. A share is between 0 and 1."),
            (lambda: _rule(shift=1), "one letter off: the junction is in front of sequence[30]."),
            (lambda: _rule(shift=-1), "one letter off: the junction is in front of sequence[30]."),
        ),
        tolerance=0.0006,
    ),
}
