"""Sequences to answers: where an answer is asked for, what simple methods count, who was right."""

import re
from collections import Counter

import numpy as np

from rnncore.arrays import integers, listed, row, said, text, truths, whole


def words_of(sentence):
    """Split a sentence into its words, in lower case; ! and ? count as words, too.

    >>> words_of("Isn't it a GOOD film?")
    ["isn't", 'it', 'a', 'good', 'film', '?']
    """
    return re.findall(r"[a-z]+(?:'[a-z]+)?|[!?]", text(sentence, "sentence").lower())


def vocabulary(bags, least=1):
    """List the words that occur at least so often in all bags together, the most frequent first.

    >>> vocabulary([["not", "bad"], ["bad", "film"]]), vocabulary([["a", "b"], ["b"]], least=2)
    (['bad', 'not', 'film'], ['b'])
    """
    least = whole(least, "least")
    found = Counter(word for bag in _bags(bags) for word in bag)
    return [word for word, count in found.most_common() if count >= least]


def numbered(bags, names):
    """Write words as numbers: their places in `names`, counted from 1; 0 for any other word.

    Parameters
    ----------
    bags : list of lists
    names : list
        The K words that are known, such as those of `vocabulary`.

    Returns
    -------
    list of arrays (T_n,) of int
        0 to K: what an `rnncore.embedding.Embedding` of K + 1 symbols reads, after `padded`.

    Examples
    --------
    >>> numbered([["not", "bad"], ["bad", "luck"]], ["bad", "not"])
    [array([2, 1]), array([1, 0])]
    """
    place = {name: k for k, name in enumerate(_different(names), start=1)}
    return [np.array([place.get(word, 0) for word in bag], int) for bag in _bags(bags)]


def _bags(bags):
    return [listed(bag, "each of bags", least=0) for bag in listed(bags, "bags")]


def _different(names):
    names = listed(names, "names")
    for name in names:
        for word in name if isinstance(name, tuple) else (name,):  # a word, or several in a row
            text(word, "names")
    if len(set(names)) != len(names):
        twice = next(name for name, n in Counter(names).items() if n > 1)
        raise ValueError(f"names must differ, got {said(twice)} twice")
    return names


def kmers(sequence, k):
    """Return all stretches of k letters, in order.

    >>> kmers("ACGT", 2)
    ['AC', 'CG', 'GT']
    """
    sequence, k = text(sequence, "sequence"), whole(k, "k")
    return [sequence[start : start + k] for start in range(len(sequence) - k + 1)]


def counts(bags, names):
    """Count how often each name occurs in each bag; the order in a bag does not matter.

    Parameters
    ----------
    bags : list of lists
        N of them: the words of a sentence, or the `kmers` of a sequence.
    names : list
        What is counted; anything else is passed over.

    Returns
    -------
    array (N, len(names)) of int

    Examples
    --------
    >>> counts([["not", "bad"], ["bad", "bad", "film"]], ["bad", "not"])
    array([[1, 1],
           [2, 0]])
    """
    bags, place = _bags(bags), {name: k for k, name in enumerate(_different(names))}
    table = np.zeros((len(bags), len(place)), int)
    for counted, bag in zip(table, bags, strict=True):
        for name in bag:
            if name in place:
                counted[place[name]] += 1
    return table


def confusion(right, given, classes):
    """Return how often a thing of each class (row) was given each class (column).

    Parameters
    ----------
    right, given : arrays of one shape
        Classes, 0 to K - 1.
    classes : int
        K.

    Returns
    -------
    array (K, K) of int
        What is on the diagonal was right.

    Examples
    --------
    >>> confusion([0, 0, 1], [0, 1, 1], classes=2)
    array([[1, 1],
           [0, 1]])
    """
    most = whole(classes, "classes") - 1
    right, given = integers(right, "right", most), integers(given, "given", most)
    if right.shape != given.shape:
        raise ValueError(f"given must have the shape of right, {right.shape}, got {given.shape}")
    table = np.zeros((classes, classes), int)
    np.add.at(table, (right, given), 1)
    return table


def roc(scores, positive):
    """Return the points of the ROC curve, from the strictest threshold to the mildest.

    A thing counts as found where its score is at least the threshold.  `rnncore.measures.auc` is
    the area under the curve.

    Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27, 861-874.

    Parameters
    ----------
    scores : array (N,)
    positive : array (N,) of bool
        At least one True and one False.

    Returns
    -------
    false_alarms, found : arrays (M + 1,)
        Shares of the negatives and of the positives, from 0 to 1; M different scores.
    thresholds : array (M + 1,)
        The first is infinity: nothing is found.

    Examples
    --------
    >>> false_alarms, found, _ = roc([0.9, 0.8, 0.3], [True, False, True])
    >>> false_alarms, found
    (array([0., 0., 1., 1.]), array([0. , 0.5, 0.5, 1. ]))
    """
    scores = row(scores, "scores")
    positive = truths(positive, scores.shape, "positive")
    thresholds, place = np.unique(-scores, return_inverse=True)
    hits = np.bincount(place, positive).cumsum() / positive.sum()
    alarms = np.bincount(place, ~positive).cumsum() / (~positive).sum()
    return np.append(0.0, alarms), np.append(0.0, hits), np.append(np.inf, -thresholds)
