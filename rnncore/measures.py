"""Measures of a result, and the simple baseline that it has to be compared with."""

import math
from collections import Counter

import numpy as np

from rnncore.arrays import row, truths, whole
from rnncore.arrays import text as written


def auc(scores, positive):
    """Return how often a positive has the higher score, of all pairs of a positive and another.

    This is the area under the ROC curve: 1 where every positive scores higher than all others,
    0.5 by chance.  Equal scores count half.

    Hanley, J. A. and McNeil, B. J. (1982). The meaning and use of the area under a receiver
    operating characteristic (ROC) curve. Radiology 143, 29-36.

    Parameters
    ----------
    scores : array (N,)
    positive : array (N,) of bool
        At least one True and one False.

    Examples
    --------
    >>> auc([0.9, 0.2, 0.4, 0.1], [True, False, True, False])
    1.0
    >>> auc([0.5, 0.9, 0.5], [True, False, False])
    0.25
    """
    scores = row(scores, "scores")
    positive = truths(positive, scores.shape, "positive")
    others = np.sort(scores[~positive])
    below = np.searchsorted(others, scores[positive], "left")
    up_to = np.searchsorted(others, scores[positive], "right")
    return float((below + up_to).mean() / 2 / len(others))


def surprise_by_counts(seen, text, before):
    """Return how surprising each letter of a text is, judged by counts in a text seen before.

        surprise = -log2 share,   share = (n(context, letter) + a) / (n(context) + a K),   a = 0.1

    Here n counts in `seen`, the context is the `before` letters in front, and K is the number of
    different letters.  The small a keeps what was never seen from being impossible.

    Parameters
    ----------
    seen, text : str
    before : int
        How many letters in front are looked at; 0 for the mere frequency of letters.

    Returns
    -------
    array (len(text),)
        In bits.

    Examples
    --------
    >>> surprise_by_counts("abababab", "abb", before=1).round(2)
    array([0.13, 0.03, 5.  ])
    """
    before = whole(before, "before", least=0, most=10_000)
    if not written(seen, "seen") or not written(text, "text"):
        raise ValueError("seen and text must hold letters, got none")
    start, count = "\n" * before, len(set(seen + text))
    pairs, contexts = Counter(), Counter()
    for context, letter in _pairs(start + seen, before):
        pairs[context, letter] += 1
        contexts[context] += 1
    return np.array([
        -math.log2((pairs[context, letter] + 0.1) / (contexts[context] + 0.1 * count))
        for context, letter in _pairs(start + text, before)
    ])  # fmt: skip


def _pairs(text, before):
    """Yield each letter after the first `before`, with the letters in front of it."""
    for k in range(before, len(text)):
        yield text[k - before : k], text[k]
