"""The exercises of the chapter on Elman's network."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.elman import Elman
from rnncore.measures import auc, surprise_by_counts
from rnncore.tasks import run_together

# The network of elman-by-hand: its inputs, and the weight of its loop.
INPUTS, LOOP = (1.0, 0.0, 0.0), -0.5


def _count(inputs=3, hidden=10, outputs=2):
    net = Elman(inputs, hidden, outputs, rng=np.random.default_rng(0))
    return {name: value.size for name, value in net.params.items()}


@cache
def _slope(through_time, weight="W"):
    net = Elman(1, 1, 1, rng=np.random.default_rng(0), hidden_activation="identity")
    for name, value in {"U": 1.0, "W": LOOP, "V": 1.0}.items():
        net.params[name][:] = value
    y, tape = net.forward(np.reshape(INPUTS, (3, 1, 1)))
    dy = np.zeros_like(y)
    dy[-1] = 1.0
    _, gradients, _ = net.backward(dy, tape, through_time=through_time)
    return float(gradients[weight][0, 0])


def _pairs(scores, starts, ties=0.5):
    pairs = [
        float(a > b) + ties * (a == b)
        for a, a_starts in zip(scores, starts, strict=True)
        for b, b_starts in zip(scores, starts, strict=True)
        if a_starts and not b_starts
    ]
    return sum(pairs) / len(pairs)


def _wins(scores, starts):
    return _pairs(scores, starts) * sum(starts) * (len(starts) - sum(starts))


def _pairs_of_all(scores, starts):
    right = sum(a > b for a in scores for b in scores)
    return right / len(scores) ** 2


@cache
def _on_no(before):
    rng = np.random.default_rng(0)
    seen, _ = run_together(["on", "no"], 20_000, rng)
    fresh, start = run_together(["on", "no"], 20_000, rng)
    return auc(surprise_by_counts(seen, fresh, before)[1:], start[1:])


EXERCISES = {
    "elman-count": Exercise(
        right=lambda: sum(_count().values()),
        praise="U 30, W 100, b 10, V 20 and c 2. The most are in W, which grows with the square"
        " of the number of hidden units.",
        hints=(
            "What is trained stands in the two equations of the network; the copies do not.",
            "There are five arrays, U, W, b, V and c: write the shape of each beside it, multiply,"
            " and add up.",
            "U has a row for each hidden unit and a column for each input: 10 times 3.",
        ),
        mistakes=(
            (
                lambda: sum(_count().values()) + 10,
                "the ten copies have the fixed weight 1 and are not trained.",
            ),
            (
                lambda: sum(_count().values()) - 12,
                "that is without the biases, one for each hidden unit and each output.",
            ),
            (
                lambda: sum(_count().values()) - 2,
                "the outputs have biases too.",
            ),
            (
                lambda: sum(_count().values()) - 10,
                "the hidden units have biases too.",
            ),
            (
                lambda: sum(_count().values()) - 100,
                "that is the network without its context: count W as well.",
            ),
            (
                lambda: sum(_count().values()) + 100,
                "the way into the context is a copy, with no weights to train; count W once.",
            ),
            (
                lambda: sum(_count().values()) - 20,
                "the weights that lead to the outputs are trained too.",
            ),
            (
                lambda: sum(_count().values()) - 30,
                "the weights that lead in from the inputs are trained too.",
            ),
            (
                lambda: sum(_count().values()) - 90,
                "W leads from every context unit to every hidden unit: it has more than ten.",
            ),
        ),
        tolerance=0.0,
    ),
    "elman-by-hand": Exercise(
        right=lambda: (_slope(False), _slope(True)),
        praise="Elman's slope is what the context held, h_2. Through time, g also has its part in"
        " how h_2 came about, g times h_1; here that is as much again.",
        hints=(
            "At which steps is g used, and what does it multiply at each?",
            "Each use contributes the slope along the state that it helped to make, times what g"
            " multiplied there; Elman keeps the last one.",
            "The states first: h_1 = 1, h_2 = g h_1, h_3 = g h_2. Then dh_2 = g dh_3.",
        ),
        mistakes=(
            (lambda: (_slope(True), _slope(False)), "these are the two, the other way round."),
            (
                lambda: (-_slope(False), -_slope(True)),
                "mind the sign: g is negative, so what does the context hold at step 3?",
            ),
            *(
                (
                    lambda second=second: (LOOP**2, second),
                    "the first number is h_3. The question is how much h_3 grows with g at"
                    " its last use.",
                )
                for second in (2 * LOOP, LOOP**2, LOOP**2 - LOOP)
            ),
            (
                lambda: (0.0, _slope(True)),
                "the second is right. One step has its part too: what does g multiply at step 3?",
            ),
            (
                lambda: (_slope(False, "U"), _slope(True, "U")),
                "that is dw, along the weight of the input; the question is dg, along that of the"
                " loop: what does g multiply?",
            ),
            (
                lambda: (_slope(False), _slope(False)),
                "the first is right. Through time a second part is added: h_2 depends on g too.",
            ),
            (
                lambda: (_slope(False), 0.0),
                "the first is right. In the second part, mind the sign of dh_2.",
            ),
            (
                lambda: (_slope(False), _slope(False) + LOOP * LOOP),
                "the first is right. In the second part, what did g multiply at step 2?",
            ),
            (
                lambda: (_slope(False), _slope(False) + 1.0),
                "the first is right. The use before the last acts on h_3 through h_2, so its part"
                " passes g once.",
            ),
        ),
        tolerance=1e-9,
    ),
    "elman-auc": FunctionExercise(
        right=_pairs,
        praise="No threshold had to be chosen: the AUC judges the order of the scores only.",
        hints=(
            "A pair has two sides: one score is from a start, the other is not.",
            "Compare the score of every start with the score of every other letter. A share is a"
            " count divided by the number of pairs.",
            "Make two lists first. That of the starts is"
            " [s for s, is_start in zip(scores, starts) if is_start].",
        ),
        cases=(
            ([0.9, 0.2, 0.4, 0.1], [True, False, True, False]),
            ([0.3, 0.3, 0.1, 0.7, 0.7], [True, False, False, True, False]),
            ([0.5, 0.2, 0.5], [True, True, False]),
            ([0.1, 0.8], [True, False]),
            ([0.6, 0.2, 0.4, 0.5, 0.1], [True, True, False, False, False]),
        ),
        mistakes=(
            (
                lambda scores, starts: _pairs(scores, starts, ties=0.0),
                "right but for equal scores: such a pair counts half.",
            ),
            (
                lambda scores, starts: _pairs(scores, starts, ties=1.0),
                "right but for equal scores: such a pair counts half, and not as a whole.",
            ),
            (
                lambda scores, starts: 1 - _pairs(scores, starts),
                "the other way round: count the pairs in which the start has the higher score.",
            ),
            (
                _wins,
                "that is how many pairs; a share lies between 0 and 1.",
            ),
            (
                lambda scores, starts: 100 * _pairs(scores, starts),
                "that is in per cent; a share lies between 0 and 1.",
            ),
            *(
                (
                    lambda scores, starts, among=among: _wins(scores, starts) / among(len(scores)),
                    "divide by the number of pairs that you compare: starts times other letters.",
                )
                for among in (lambda n: n**2, lambda n: n * (n - 1), lambda n: n * (n - 1) / 2)
            ),
            (_pairs_of_all, "a pair is one start and one other letter, and not any two letters."),
        ),
        tolerance=1e-9,
    ),
    "elman-on-no": Exercise(
        right=lambda: _on_no(1),
        praise="Half of the starts repeat the letter before, which surprises the counts; the other"
        " half look just like the inside of a word. Whoever keeps the beat of two would find"
        " every start. It is a simpler relative of temporal XOR, with a beat of two.",
        hints=(
            "Look at the cell that computes the AUC of the counts of two letters.",
            "Draw both texts with run_together from the list of the two words, count with"
            " surprise_by_counts and before=1, leave out the first letter, and call auc.",
            "run_together(['on', 'no'], 20_000, np.random.default_rng(0)) gives a text and where"
            " its words begin.",
        ),
        mistakes=(
            (
                lambda: 1.0,
                "that would mean that every start is more surprising than every other letter. The"
                " counts see one letter only: what may come after an o?",
            ),
            (
                lambda: 0.5,
                "that would be chance, and the counts do better: what do they learn where a letter"
                " is doubled?",
            ),
            (
                lambda: 1 - _on_no(1),
                "that is the other way round: how often is the start the more surprising one?",
            ),
            *(
                (lambda found=found: found, "close, but two digits are wanted.")
                for found in (0.7, 0.8)
            ),
            (lambda: _on_no(2), "that is with two letters before: set before=1."),
        ),
        tolerance=0.02,
    ),
}
