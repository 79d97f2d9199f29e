"""The exercises of the chapter on dates."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.datasets import dates
from rnncore.seq2seq import by_example, forced, nearest, word_for_word

LENGTHS = (2, 3, 5)  # French words of three phrases
FIRST = {"un": 0.6, "le": 0.4}
SECOND = {"un": {"jour": 0.4, "an": 0.3, "mois": 0.3}, "le": {"jour": 0.9, "an": 0.1}}


def _forced():
    given, _, mask = forced([[2] * n for n in LENGTHS], 1, 0)
    return len(given), int(mask.sum())


def _greedy():
    word = max(FIRST, key=FIRST.get)
    return FIRST[word] * max(SECOND[word].values())


def _likeliest():
    return max(FIRST[word] * p for word, after in SECOND.items() for p in after.values())


@cache
def _exact(count, kind=by_example):
    """Return the share of the validation part that so many training pairs give."""
    pairs = [(english.split(), french.split()) for english, french in dates()]
    order = np.random.default_rng(0).permutation(len(pairs))
    train, validation = ([pairs[k] for k in part] for part in np.split(order, [2167, 2477])[:2])
    answers = kind([english for english, _ in validation], train[:count])
    if kind is nearest:
        answers = [answer for _, answer in answers]
    right = [said == french for said, (_, french) in zip(answers, validation, strict=True)]
    return float(np.mean(right))


EXERCISES = {
    "dates-forced": Exercise(
        right=_forced,
        praise="Each phrase has its end besides its words, so the longest takes six steps. Where"
        " the mask is 0, nothing is asked of the decoder, whatever it writes there.",
        hints=(
            "What has the decoder to write after the last word of a phrase?",
            "Write given and target of the phrase of two words below each other: what is read, and"
            " what is asked for.",
            "For two words, given is start, word, word, and target is word, word, end.",
        ),
        mistakes=(
            (
                lambda: (max(LENGTHS), sum(LENGTHS)),
                "the decoder has to write one thing more than the words, or it would never stop.",
            ),
            (
                lambda: (max(LENGTHS) + 2, sum(LENGTHS) + 2 * len(LENGTHS)),
                "the start is read and never asked for; the end is asked for and never read.",
            ),
            (
                lambda: (max(LENGTHS) + 1, (max(LENGTHS) + 1) * len(LENGTHS)),
                "the steps are right. The mask is 1 only where a phrase still has something to"
                " write.",
            ),
            (
                lambda: (max(LENGTHS) + 1, sum(LENGTHS)),
                "the steps are right. The end of each phrase is asked for, too.",
            ),
        ),
        tolerance=0.0,
    ),
    "dates-beam": Exercise(
        right=lambda: (_greedy(), _likeliest()),
        praise="The greedy choice takes the likelier first word, and from there no phrase is as"
        " likely as the one that begins with the other. A beam of two keeps both.",
        hints=(
            "The probability of a phrase is the product of those of its words.",
            "For the greedy phrase go on from the likelier first word only. The beam keeps both"
            " first words, and compares whole phrases.",
            "“un an”, which neither of the two writes, has 0.6 times 0.3, which is 0.18.",
        ),
        mistakes=(
            (lambda: (_likeliest(), _greedy()), "these are the two, the other way round."),
            (
                lambda: (FIRST["un"], FIRST["le"]),
                "those are the first words alone: multiply by the probability of the second.",
            ),
            (
                lambda: (_greedy(), _greedy()),
                "the first is right. The beam also goes on from the second first word.",
            ),
        ),
    ),
    "dates-few": Exercise(
        right=lambda: (_exact(100), _exact(500)),
        praise="A phrase book composes from the start: it needs a phrase of each kind, and each"
        " word once.",
        hints=(
            "Everything is above: by_example, the validation part, and exact.",
            "A shorter list of training pairs is train[:100].",
            "answers = by_example(asked, train[:100]), and exact(answers, validation) is the first"
            " number.",
        ),
        mistakes=(
            (
                lambda: (_exact(100, word_for_word), _exact(500, word_for_word)),
                "that is word_for_word. Take by_example.",
            ),
            (
                lambda: (_exact(100, nearest), _exact(500, nearest)),
                "that copies the nearest phrase. by_example exchanges what differs.",
            ),
            (lambda: (_exact(500), _exact(100)), "these are the two, the other way round."),
        ),
        tolerance=0.0005,
    ),
}
