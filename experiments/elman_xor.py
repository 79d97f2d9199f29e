"""Temporal XOR, learned by Elman networks in two ways; writes rnnbook/results/elman_xor.json.

    python experiments/elman_xor.py

A remake of the first experiment of Elman (1990).  Each network predicts the next bit; every third
bit is the exclusive or of the two before it.  It is scored on bits that it has not seen: the mean
squared error at each of twelve positions; every third of them can be known.

Keys of the result
    command, versions   how it was made
    seeds               one network for each
    online              Elman's procedure, an update after each of 3,000 bits, gone through again
                        and again: hidden -> passes -> seed -> error at the twelve positions
    adam                Adam on 32 stretches of 30 bits, 1,500 steps, with the gradient of Elman's
                        procedure ("one step") or of full BPTT ("through time"):
                        procedure -> hidden -> seed -> error at the twelve positions
"""

import json
import platform
import sys
import time
from pathlib import Path

import numpy as np

from rnncore.elman import Elman, train_online
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.tasks import temporal_xor

RESULT = Path(__file__).resolve().parent.parent / "rnnbook/results/elman_xor.json"
SEEDS = range(10)
FRESH = 999  # the seed of the bits on which all networks are scored


def twelve_positions(net):
    """Return the mean squared error at each of twelve positions, over 1,200 times twelve bits."""
    bits = temporal_xor(4 * 1201, 1, np.random.default_rng(FRESH))
    y, _ = net.forward(bits[:-1])
    error = np.append(0, (y - bits[1:]) ** 2)  # the first bit is not predicted by anything
    return error[12:].reshape(1200, 12).mean(axis=0).round(4).tolist()


def online(hidden, stages):
    """Train all seeds side by side by Elman's procedure; score after each stage of passes."""
    nets, streams = [], []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        nets.append(
            Elman(1, hidden, 1, rng=rng, hidden_activation="logistic", output_activation="logistic")
        )
        streams.append(temporal_xor(1001, 1, rng)[:3001])  # so that the beat goes on
    bits = np.concatenate(streams, axis=1)
    scores, done = {}, 0
    for passes in stages:
        train_online(nets, bits[:-1], bits[1:], rate=0.5, passes=passes - done)
        scores[passes], done = [twelve_positions(net) for net in nets], passes
    return scores


def adam(hidden, seed, *, through_time):
    """Train one network with Adam, on fresh bits at each step; return its score."""
    rng = np.random.default_rng(seed)
    net = Elman(1, hidden, 1, rng=rng, output_activation="logistic")
    optimizer = Adam(net.params, rate=0.01)
    for _ in range(1500):
        bits = temporal_xor(11, 32, rng)[:31]
        y, tape = net.forward(bits[:-1])
        _, dy = mean_squared_error(y, bits[1:])
        _, gradients, _ = net.backward(dy, tape, through_time=through_time)
        optimizer.step(gradients)
    return twelve_positions(net)


def main():
    """Run everything, in about five minutes, and write the result."""
    began = time.process_time()
    stages = {2: (200, 600), 4: (200,), 8: (200,)}
    result = {
        "command": "python experiments/elman_xor.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "adam": {
            name: {
                hidden: [adam(hidden, seed, through_time=through) for seed in SEEDS]
                for hidden in (2, 4, 8)
            }
            for name, through in (("one step", False), ("through time", True))
        },
        "online": {hidden: online(hidden, passes) for hidden, passes in stages.items()},
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(f"{time.process_time() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
