"""Measure what full BPTT and truncated BPTT need, in memory and in time, as the sequence grows.

A network goes once over a sequence of T steps, B = 1, which lies in a file on disk (numpy.memmap),
so that the sequence itself takes no memory.  Nothing is updated.  Full BPTT gives one gradient;
truncated BPTT with k1 = k2 = k gives one every k steps.

Rows: steps, way, "full" or "truncated"; updates, how many gradients it gave; peak_bytes, the most
that NumPy held at one time (tracemalloc); seconds, the least of the repeats, without tracemalloc.
Seconds differ from machine to machine, and bytes hardly.
"""

import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np

from experiments import Experiment, Part
from rnncore.deep import Stack
from rnncore.losses import mean_squared_error
from rnncore.sweep import grid
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import ReadOut, VanillaRNN


def on_disk(folder, steps, inputs):
    """Write a sequence and its target to two files; return both, opened from disk."""
    rng = np.random.default_rng(0)
    parts = []
    for name, features in ("x", inputs), ("target", 1):
        part = np.lib.format.open_memmap(
            Path(folder) / f"{name}.npy", mode="w+", dtype=float, shape=(steps, 1, features)
        )
        for (piece,) in chunks(1000, part):
            piece[:] = rng.normal(size=piece.shape)
        part.flush()
        parts.append(np.load(Path(folder) / f"{name}.npy", mmap_mode="r"))
    return parts


def full(net, x, target, _):
    """Send all errors back to the beginning; return how many gradients there were."""
    y, tape = net.forward(x)
    _, dy = mean_squared_error(y, target)
    net.backward(dy, tape)
    return 1


def in_chunks(net, x, target, k):
    """Send each error back inside its chunk; return how many gradients there were."""
    return sum(1 for _ in truncated(net, chunks(k, x, target), mean_squared_error, k2=k))


WAYS = {"full": full, "truncated": in_chunks}


def trial(steps, way, *, inputs, hidden, k, repeats):
    """Measure one way at one length."""
    rng, run = np.random.default_rng(0), WAYS[way]
    net = Stack(VanillaRNN(inputs, hidden, rng=rng), ReadOut(hidden, 1, rng=rng))
    with tempfile.TemporaryDirectory() as folder:
        x, target = on_disk(folder, steps, inputs)
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            updates = run(net, x, target, k)
            seconds.append(time.perf_counter() - start)
        tracemalloc.start()
        run(net, x, target, k)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return {"updates": updates, "peak_bytes": peak, "seconds": min(seconds)}


experiment = Experiment(
    rows=Part(trial, grid(steps=[1_000, 10_000, 100_000, 1_000_000], way=[*WAYS])),
    settings={"inputs": 8, "hidden": 32, "k": 25, "repeats": 3},
    quick={"steps": 1_000, "repeats": 1},
    alone=True,
)
