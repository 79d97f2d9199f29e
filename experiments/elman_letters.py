"""Words without spaces, letter by letter; writes rnnbook/results/elman_letters.json.

    python experiments/elman_letters.py

A remake of the second experiment of Elman (1990): a network predicts the next letter, and its error
is compared at the starts of words and inside them, on a text that it has not seen.

Keys of the result
    command, versions   how it was made
    words               the words, each as likely as the others
    seen, long, fresh   how many were drawn for a text to learn from, for a long one, and for the
                        text on which all are scored
    seeds               one network for each
    codes               from the text: 5 random bits a letter, 20 hidden units, 10 passes of Elman's
                        procedure:
                        a list of {auc, start, inside}: the area under the ROC curve, and the mean
                        squared error at the starts of words and inside
    one_hot             from the long text, read once: one unit a letter, cross-entropy, Adam, 600
                        steps of 16 rows of 25 letters, 20 hidden units;
                        "one step": Elman's gradient, "through time": full BPTT over the 25;
                        a list of {auc, start, inside}, with the mean surprise in bits
    counts              text or long text: the same three for counts with 0 to 4 letters before
"""

import json
import platform
import sys
import time
from pathlib import Path

import numpy as np

from rnncore.elman import Elman, train_online
from rnncore.losses import cross_entropy
from rnncore.measures import auc, surprise_by_counts
from rnncore.optimizers import Adam
from rnncore.tasks import run_together

RESULT = Path(__file__).resolve().parent.parent / "rnnbook/results/elman_letters.json"
SEEDS = range(20)
WORDS = [
    "a", "the", "they", "and", "sea", "seal", "saw", "ship",
    "boat", "boy", "girl", "gold", "by", "came", "under",
]  # fmt: skip
ALPHABET = sorted(set("".join(WORDS)))
SEEN, FRESH, LONG = 1300, 1300, 72_000


def score(wrong, start):
    """Compare what went wrong at the starts of words with the rest, but for the first letter."""
    wrong, start = wrong[-len(start) + 1 :], start[1:]
    return {
        "auc": round(auc(wrong, start), 4),
        "start": round(wrong[start].mean(), 4),
        "inside": round(wrong[~start].mean(), 4),
    }


def codes(seen, fresh, start):
    """Train all seeds side by side, each with codes of its own."""
    nets, inputs, tests = [], [], []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        numbers = rng.permutation(32)[: len(ALPHABET)]
        code = (numbers[:, np.newaxis] >> np.arange(5) & 1).astype(float)
        inputs.append(code[seen])
        tests.append(code[fresh][:, np.newaxis])
        nets.append(
            Elman(5, 20, 5, rng=rng, hidden_activation="logistic", output_activation="logistic")
        )
    x = np.stack(inputs, axis=1)
    train_online(nets, x[:-1], x[1:], rate=0.3, passes=10)
    return [
        score(((net.forward(x[:-1])[0] - x[1:]) ** 2).mean(axis=2)[:, 0], start)
        for net, x in zip(nets, tests, strict=True)
    ]


def one_hot(seen, fresh, start, seed, *, through_time):
    """Train one network with a unit for each letter, the text cut into 16 rows, each read once."""
    rng = np.random.default_rng(seed)
    units = np.eye(len(ALPHABET))
    net = Elman(len(units), 20, len(units), rng=rng)
    optimizer = Adam(net.params, rate=0.01)
    rows = seen[: len(seen) // 16 * 16].reshape(16, -1).T
    state = None
    for place in range(0, 600 * 25, 25):
        x, wanted = rows[place : place + 25], rows[place + 1 : place + 26]
        y, tape = net.forward(units[x], state)
        _, dy = cross_entropy(y, wanted)
        _, gradients, _ = net.backward(dy, tape, through_time=through_time)
        optimizer.step(gradients)
        state = tape.state
    y, _ = net.forward(units[fresh[:-1, np.newaxis]])
    surprise = [cross_entropy(y[t], fresh[t + 1 : t + 2])[0] / np.log(2) for t in range(len(y))]
    return score(np.array(surprise), start)


def main():
    """Run everything, in about two minutes, and write the result."""
    began = time.process_time()
    rng = np.random.default_rng(100)
    seen, _ = run_together(WORDS, SEEN, rng)
    fresh, start = run_together(WORDS, FRESH, rng)
    long, _ = run_together(WORDS, LONG, rng)
    numbers = {
        text: np.array([ALPHABET.index(letter) for letter in text]) for text in (seen, fresh, long)
    }
    result = {
        "command": "python experiments/elman_letters.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "words": WORDS,
        "seen": SEEN,
        "long": LONG,
        "fresh": FRESH,
        "seeds": list(SEEDS),
        "codes": codes(numbers[seen], numbers[fresh], start),
        "one_hot": {
            name: [
                one_hot(numbers[long], numbers[fresh], start, seed, through_time=through)
                for seed in SEEDS
            ]
            for name, through in (("one step", False), ("through time", True))
        },
        "counts": {
            name: [score(surprise_by_counts(text, fresh, k), start) for k in range(5)]
            for name, text in (("text", seen), ("long text", long))
        },
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(f"{time.process_time() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
