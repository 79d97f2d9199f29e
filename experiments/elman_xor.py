"""Temporal XOR, learned by Elman networks in two ways.

A remake of the first experiment of Elman (1990).  Each network predicts the next bit; every third
bit is the exclusive or of the two before it.  It is scored on bits that it has not seen: the mean
squared error at each of twelve positions; every third of them can be known.

Rows of `online`, Elman's procedure, an update after each of 3,000 bits, gone through again and
again: hidden, passes; errors, at the twelve positions.
Rows of `adam`, on 32 stretches of 30 bits, with the gradient of Elman's procedure ("one step") or
of full BPTT ("through time"): procedure, hidden; errors, at the twelve positions.
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.elman import Elman, train_online
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import temporal_xor

FRESH = 999  # the seed of the bits on which all networks are scored


def twelve_positions(net):
    """Return the mean squared error at each of twelve positions, over 1,200 times twelve bits."""
    bits = temporal_xor(4 * 1201, 1, np.random.default_rng(FRESH))
    y, _ = net.forward(bits[:-1])
    error = np.append(0, (y - bits[1:]) ** 2)  # the first bit is not predicted by anything
    return error[12:].reshape(1200, 12).mean(axis=0)


def online(hidden, passes, seeds, *, rate):
    """Train all seeds side by side by Elman's procedure, and score them."""
    nets, streams = [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        nets.append(
            Elman(1, hidden, 1, rng=rng, hidden_activation="logistic", output_activation="logistic")
        )
        streams.append(temporal_xor(1001, 1, rng)[:3001])  # so that the beat goes on
    bits = np.concatenate(streams, axis=1)
    train_online(nets, bits[:-1], bits[1:], rate=rate, passes=passes)
    return {"errors": [twelve_positions(net) for net in nets]}


def adam(procedure, hidden, seed, *, steps, adam_rate):
    """Train one network with Adam, on fresh bits at each step, and score it."""
    rng = np.random.default_rng(seed)
    net = Elman(1, hidden, 1, rng=rng, output_activation="logistic")
    optimizer = Adam(net.params, rate=adam_rate)
    for _ in range(steps):
        bits = temporal_xor(11, 32, rng)[:31]
        y, tape = net.forward(bits[:-1])
        _, dy = mean_squared_error(y, bits[1:])
        _, gradients, _ = net.backward(dy, tape, through_time=procedure == "through time")
        optimizer.step(gradients)
    return {"errors": twelve_positions(net)}


experiment = Experiment(
    online=Part(
        online, grid(hidden=[2], passes=[200, 600]) + grid(hidden=[4, 8], passes=[200]), seeds=10
    ),
    adam=Part(adam, grid(procedure=["one step", "through time"], hidden=[2, 4, 8]), seeds=10),
    settings={"rate": 0.5, "steps": 1500, "adam_rate": 0.01},
    quick={"steps": 2, "passes": 1},
)
