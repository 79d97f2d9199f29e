"""The exercises of the chapter on praise and blame."""

from collections import Counter
from functools import cache
from itertools import pairwise, product

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.classification import counts, vocabulary, words_of
from rnncore.datasets import sentences

# Six sentences that a naive Bayes is to learn from.
PRAISE = ("good plot", "good acting", "not bad")
BLAME = ("bad plot", "bad acting", "not good")


def _bayes(text="not good", smoothing=1):
    """Return the probability of praise that naive Bayes gives after the six sentences."""
    likely = []
    for part in PRAISE, BLAME:
        seen = Counter(word for one in part for word in one.split())
        total = sum(seen.values()) + smoothing * 5
        likely.append(np.prod([(seen[word] + smoothing) / total for word in text.split()]))
    return round(float(likely[0] / sum(likely)), 9)


def _ceiling():
    """Return the best share of a method that reads a bag, where no opinion has a "not"."""
    bags = {}
    for first, second, word in product((0, 1), (0, 1), ("but", "although")):
        answer = second if word == "but" else first
        bags.setdefault((first + second, word), Counter())[answer] += 1
    return sum(max(found.values()) for found in bags.values()) / 8


@cache
def _with_pairs(words=True, pairs=True, judged=(1225, 1400)):
    """Return the share that naive Bayes gets right when it counts pairs of neighbours, too."""
    (text, rating), part = sentences(), slice(*judged)
    good, bags = rating > 0, [words_of(one) for one in text]
    bags = [bag * words + list(pairwise(bag)) * pairs for bag in bags]
    names = vocabulary(bags[:1225], least=2)
    table, asked = counts(bags[:1225], names), counts(bags[part], names)
    seen = np.array([table[good[:1225] == answer].sum(axis=0) + 1 for answer in (False, True)])
    prior = np.log([(~good[:1225]).sum(), good[:1225].sum()])
    score = asked @ np.log(seen / seen.sum(axis=1, keepdims=True)).T + prior
    return float(((score[:, 1] > score[:, 0]) == good[part]).mean())


EXERCISES = {
    "sentiment-bayes": Exercise(
        right=_bayes,
        praise="So naive Bayes takes for praise what it was shown as blame: to it, the two words"
        " have nothing to do with one another.",
        hints=(
            "Only the counts of the two words matter, and how many words each side has: six.",
            "Add 1 to each of the five counts of a side, so that the six words become eleven."
            " Multiply the shares of the two words, for praise and for blame, and compare.",
            "For praise, good has the share (2 + 1) / 11, and not (1 + 1) / 11.",
        ),
        mistakes=(
            (
                lambda: 1 - _bayes(),
                "that is the probability of blame.",
            ),
            (
                lambda: _bayes(smoothing=0),
                "that is right without smoothing. Add 1 to each count first.",
            ),
            (
                lambda: 0.5,
                "so it would be if the two words told nothing. Look at their counts on each side.",
            ),
            (
                lambda: 3 * 2 / 121,
                "that is the product for praise alone. Divide it by the sum of both products.",
            ),
        ),
        tolerance=0.005,
    ),
    "sentiment-ceiling": Exercise(
        right=_ceiling,
        praise="Where both opinions agree, which is half the time, a bag knows the answer; where"
        " they differ, it can only toss a coin. With nots it knows less.",
        hints=(
            "When does the order not matter, although there is a but or an although?",
            "Take the sentences in which both opinions agree, and those in which they differ, one"
            " after the other: how many of each are right at best?",
            "Of the four ways, good and good, good and bad, bad and good, bad and bad, two agree.",
        ),
        mistakes=(
            (
                lambda: 0.5,
                "so many are certain, those in which both opinions agree. But a coin is right in"
                " some of the others, too.",
            ),
            (
                lambda: 1.0,
                "the bag of “good but bad” is that of “bad but good”, and the answers differ.",
            ),
            (
                lambda: 0.25,
                "so many are lost at best. How many are right?",
            ),
        ),
        tolerance=0.0,
    ),
    "sentiment-pairs": Exercise(
        right=_with_pairs,
        praise="No better than the words alone: most pairs of neighbours are met only once, in so"
        " few sentences, and then they are not counted.",
        hints=(
            "All is as in the section on naive Bayes; only what is in a bag is new.",
            "Each bag becomes bag + list(pairwise(bag)). The vocabulary is that of the new"
            " training bags, of what is in them at least twice.",
            "Begin with both = [bag + list(pairwise(bag)) for bag in bags], then"
            " known = vocabulary(both[:1225], least=2).",
        ),
        mistakes=(
            (
                lambda: _with_pairs(words=False),
                "that is for the pairs alone: let the words stay in the bags, too.",
            ),
            (
                lambda: _with_pairs(pairs=False),
                "that is for the words alone: put the pairs into the bags, too.",
            ),
            (
                lambda: _with_pairs(judged=(0, 1225)),
                "that is for the sentences that it has learned from. Judge it by the next 175.",
            ),
        ),
        tolerance=0.001,
    ),
}
