"""Measure what full BPTT and truncated BPTT need, in memory and in time, as the sequence grows.

    python experiments/truncated_cost.py            writes rnnbook/results/truncated_cost.json
    python experiments/truncated_cost.py --quick    short sequences, writes nothing

A network of 32 hidden units goes once over a sequence of T steps, B = 1, which lies in a file on
disk (numpy.memmap), so that the sequence itself takes no memory.  Nothing is updated.
Full BPTT gives one gradient; truncated BPTT with k1 = k2 = 25 gives one every 25 steps.

The file holds

    command, python, numpy   how it was made
    settings                 inputs, hidden, k, repeats, threads
    rows                     a list of {steps, way: "full" or "truncated",
                             updates: how many gradients it gave,
                             peak_bytes: the most that NumPy held at one time (tracemalloc),
                             seconds: the least of the repeats, without tracemalloc}

Seconds differ from machine to machine, and bytes hardly.
"""

import argparse
import json
import os
import platform
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np

from rnncore.deep import Stack
from rnncore.losses import mean_squared_error
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import ReadOut, VanillaRNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "truncated_cost.json"
STEPS = (1_000, 10_000, 100_000, 1_000_000)
SETTINGS = {"inputs": 8, "hidden": 32, "k": 25, "repeats": 3}


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


def row(way, run, steps, settings):
    """Measure one way at one length."""
    inputs, hidden, k, repeats = settings.values()
    rng = np.random.default_rng(0)
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
    print(f"{way:9} T = {steps:9,}  {peak:13,} bytes  {min(seconds):7.3f} s", flush=True)
    return {
        "steps": steps, "way": way, "updates": updates, "peak_bytes": peak,
        "seconds": round(min(seconds), 4),
    }  # fmt: skip


def main():
    """Measure, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="short sequences, no file")
    quick = parser.parse_args().quick
    ways = {"full": full, "truncated": in_chunks}
    rows = [
        row(way, run, steps, SETTINGS)
        for steps in (STEPS[:2] if quick else STEPS)
        for way, run in ways.items()
    ]
    if not quick:
        result = {
            "command": "python experiments/truncated_cost.py",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "settings": SETTINGS | {"threads": os.environ.get("OPENBLAS_NUM_THREADS", "all")},
            "rows": rows,
        }
        RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
