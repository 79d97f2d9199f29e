"""The exercises of the chapter on a novel that goes on."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.activations import softmax
from rnncore.datasets import novel
from rnncore.generation import NGrams, bits

# After "wh": how often o, a and e were seen, and nothing else; what the shorter context gives.
SEEN, SHORTER = {"a": 5, "o": 2, "e": 1}, {"o": 0.1, "y": 0.02}
GIVEN = (0.7, 0.2, 0.1)
SHORT = 20_000


def _blended(weight=3, total=None):
    """Return the probabilities of o, which was seen, and of y, which was not."""
    n = sum(SEEN.values())
    total = n + weight if total is None else total
    return tuple((SEEN.get(letter, 0) + weight * p) / total for letter, p in SHORTER.items())


def _first(*temperatures, of=np.log):
    """Return the probability of the first of three at each temperature."""
    return tuple(float(softmax(of(GIVEN) / t)[0]) for t in temperatures)


@cache
def _short(order, characters=SHORT, on=(170_000, 184_000)):
    """Return the bits per character of a table that has counted few characters."""
    text = novel()
    letters = sorted(set(text))
    symbols = np.searchsorted(letters, list(text))
    model = NGrams([symbols[:characters]], order, len(letters))
    judged = symbols[slice(*on), np.newaxis]
    return float(bits(model, judged[:-1], judged[1:]).mean())


def _best(**where):
    order = min(range(1, 7), key=lambda m: _short(m, **where))
    return order, _short(order, **where)


EXERCISES = {
    "text-unseen": Exercise(
        right=_blended,
        praise="What was never seen is possible all the same, and the more so the more different"
        " letters came after the context.",
        hints=(
            "The formula stands above the table: n counts, d says how many different ones.",
            "Here n(wh) is the sum of the counts, and d(wh) the number of letters that have one.",
            "n(wh) = 5 + 2 + 1 = 8 and d(wh) = 3. For o the count n(wh o) is 2; for y it is 0.",
        ),
        mistakes=(
            (
                lambda: _blended(0),
                "these are shares of the counts: then y is impossible, and one y in the test costs"
                " infinitely many bits.",
            ),
            (
                lambda: _blended(total=sum(SEEN.values())),
                "divide by n + d: as it is, all letters together have more than 1.",
            ),
            (
                lambda: _blended(1),
                "d is how many different letters came after wh, and here that is more than one.",
            ),
            (
                lambda: _blended(sum(SEEN.values())),
                "d is not how often something came, but how many different letters did.",
            ),
        ),
        tolerance=0.005,
    ),
    "text-temperature": Exercise(
        right=lambda: _first(0.5, 2.0),
        praise="At one half the probabilities are squared, at two their roots are taken, and then"
        " they are made to add up to 1 again.",
        hints=(
            "The logits are the logarithms of the probabilities, up to a constant.",
            "Dividing a logarithm by the temperature takes the probability to the power of"
            " 1/temperature. Then divide by the sum.",
            "At 0.5: the squares are 0.49, 0.04 and 0.01.",
        ),
        mistakes=(
            (
                lambda: _first(2.0, 0.5),
                "these are the two, the other way round: a low temperature makes the first one"
                " more probable.",
            ),
            (
                lambda: _first(0.5, 2.0, of=np.array),
                "the logits are divided, not the probabilities: take their logarithms first.",
            ),
            (
                lambda: (GIVEN[0] ** 2, GIVEN[0] ** 0.5),
                "these are the powers. Now let the three add up to 1.",
            ),
        ),
        tolerance=0.005,
    ),
    "text-short": Exercise(
        right=_best,
        praise="With an eighth of the pages long contexts are too rare to be counted: the best"
        " table looks at fewer letters, and is surprised more.",
        hints=(
            "Count `ids[:20_000]`, and judge by `validation`, as above.",
            "Try all orders from 1 to 6 in a loop, and take the one with the fewest bits.",
            "model = NGrams([ids[:20_000]], m, K), then surprise(model, validation).",
        ),
        mistakes=(
            (
                lambda: _best(characters=170_000),
                "that is with all of the training part: count the first 20,000 characters only.",
            ),
            (
                lambda: _best(on=(0, SHORT)),
                "these are the pages that were counted. Judge by the validation part.",
            ),
            (
                lambda: (4, _short(4)),
                "four was best with all pages. With these few it is another: try all.",
            ),
        ),
        tolerance=0.002,
    ),
}
