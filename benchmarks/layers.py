"""Time the layers beside PyTorch, JAX and the textbook's loop, and beside what cannot be beaten.

    make bench                  prints the tables
    make bench WRITE=--write    also puts them into README.md

One process, one thread, float64, and PyTorch once more in float32.  What is compared runs in turn,
block by block, so that a change in the machine's speed meets all alike; each figure is the median
of the blocks, garbage collection switched off as in `timeit`.  PyTorch, and a jitted scan in JAX
(`benchmarks.scans`), give the same gradients as ours: of x, of the initial state and of the
parameters.

The limit is the same multiplications as large matrix products, all steps at once, and tanh of as
many numbers: what would be left if no step had to wait for the one before.
"""

import argparse
import contextlib
import gc
import importlib
import platform
import subprocess
import sys
import tracemalloc
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.scans import scan
from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.gradients import clip_by_value
from rnncore.losses import cross_entropy, mean_squared_error
from rnncore.optimizers import Adagrad
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import ReadOut, VanillaRNN

SHAPES = [(2, 1, 1, 1), (25, 1, 65, 100), (50, 32, 16, 64), (100, 64, 64, 256), (1000, 1, 8, 32)]
GATES = {VanillaRNN: 1, LSTM: 4, GRU: 3}
# What the design asks for: at least so many times as fast as PyTorch, shape by shape.
BUDGET = {
    VanillaRNN: (8, 5.5, 2.2, 1.2, 8),
    LSTM: (6, 5, 2, 1.3, 8),
    GRU: (6, 5, 1.9, 1.1, 8),
}
LIMIT_BUDGET = {(50, 32, 16, 64): 1.35, (100, 64, 64, 256): 1.1}
README = Path(__file__).parent.parent / "README.md"
MARKS = "<!-- made by `make bench` -->", "<!-- to here -->"


def interleaved(*calls, seconds=1.5):
    """Time calls in turn; return the median of the blocks of each, in seconds a call."""
    sizes = []
    for call in calls:
        call()
        start = perf_counter()
        call()
        sizes.append(max(1, int(0.002 / (perf_counter() - start))))
    gc.collect()
    gc.disable()
    blocks = [[] for _ in calls]
    end = perf_counter() + seconds * len(calls)
    while perf_counter() < end or len(blocks[0]) < 7:
        for call, size, times in zip(calls, sizes, blocks, strict=True):
            call()  # finds its numbers in the cache again
            start = perf_counter()
            for _ in range(size):
                call()
            times.append((perf_counter() - start) / size)
    gc.enable()
    return [median(times) for times in blocks]


def ours(layer, x, dy):
    """Return a call that runs a layer forward and backward."""

    def run():
        _, tape = layer.forward(x)
        return layer.backward(dy, tape)

    return run


def pytorch(kind, x, dy):
    """Return a call that runs PyTorch's layer forward and backward, or None without PyTorch."""
    try:
        import torch
    except ModuleNotFoundError:
        return None
    torch.set_num_threads(1)
    (_, batch, inputs), hidden = x.shape, dy.shape[-1]
    net = {VanillaRNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}[kind](inputs, hidden)
    x, dy = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)
    net = net.to(x.dtype)
    zeros = lambda: torch.zeros(1, batch, hidden, dtype=x.dtype, requires_grad=True)  # noqa: E731
    state = [zeros(), zeros()] if kind is LSTM else [zeros()]
    wanted = [x, *state, *net.parameters()]

    def run():
        y, _ = net(x, tuple(state) if kind is LSTM else state[0])
        return torch.autograd.grad(y, wanted, dy)

    return run


def limit(kind, x, dy):
    """Return a call that does the multiplications of a layer, and its tanh, all at once."""
    rows, hidden = x.shape[0] * x.shape[1], dy.shape[-1]
    wide = GATES[kind] * hidden
    rng = np.random.default_rng(0)
    x2, h = x.reshape(rows, -1), rng.normal(size=(rows, hidden))
    U, W = rng.normal(size=(wide, x2.shape[1])), rng.normal(size=(wide, hidden))
    z, up, down = np.empty((rows, wide)), np.empty((rows, wide)), np.empty((rows, hidden))
    dx, dU, dW = np.empty_like(x2), np.empty_like(U), np.empty_like(W)

    def run():
        np.dot(x2, U.T, out=z)
        np.dot(h, W.T, out=up)
        np.tanh(z, out=z)
        if wide > hidden:
            np.tanh(h, out=down)  # of the cells
        np.dot(z, W, out=down)
        np.dot(z, U, out=dx)
        np.dot(z.T, x2, out=dU)
        np.dot(z.T, h, out=dW)

    return run


class Textbook:
    """The vanilla layer as textbooks have it: everything inside the loop over time."""

    def __init__(self, layer):
        self.U, self.W, self.b = map(layer.params.get, "UWb")

    def forward(self, x):
        """Step by step: the input, the state before, tanh."""
        h = {-1: np.zeros((x.shape[1], len(self.b)))}
        for t in range(len(x)):
            h[t] = np.tanh(x[t] @ self.U.T + h[t - 1] @ self.W.T + self.b)
        return h

    def backward(self, dh, x, h):
        """Step by step backwards: every gradient is added up on the way."""
        dU, dW, db = np.zeros_like(self.U), np.zeros_like(self.W), np.zeros_like(self.b)
        dx, later = np.zeros_like(x), np.zeros_like(h[-1])
        for t in reversed(range(len(x))):
            dz = (1 - h[t] ** 2) * (dh[t] + later)
            dU += dz.T @ x[t]
            dW += dz.T @ h[t - 1]
            db += dz.sum(axis=0)
            dx[t] = dz @ self.U
            later = dz @ self.W
        return dx, {"U": dU, "W": dW, "b": db}, later


def textbook(layer, x, dy):
    """Return a call that runs the textbook's loop, which gives what ours gives."""
    book = Textbook(layer)
    run = lambda: book.backward(dy, x, book.forward(x))  # noqa: E731
    (dx, gradients, _), (dx_ours, gradients_ours, _) = run(), ours(layer, x, dy)()
    np.testing.assert_allclose(dx, dx_ours, atol=1e-9)
    for name, value in gradients.items():
        np.testing.assert_allclose(value, gradients_ours[name], atol=1e-9)
    return run


def character_step():
    """Return two calls that train a character model by one step: ours, and the textbook's.

    25 steps of 65 characters, 100 hidden units, softmax, gradients cut at +-5, Adagrad.
    """
    steps, letters, hidden = 25, 65, 100
    rng = np.random.default_rng(0)
    net = Stack(VanillaRNN(letters, hidden, rng=rng), ReadOut(hidden, letters, rng=rng))
    classes = rng.integers(letters, size=(steps + 1, 1))
    x, target = np.eye(letters)[classes[:-1]], classes[1:]
    optimizer = Adagrad(net.params, 0.1)

    def run():
        y, tape = net.forward(x)
        _, dy = cross_entropy(y, target)
        optimizer.step(clip_by_value(net.backward(dy, tape)[1], 5.0))

    U, W, b, V, c = (value.copy() for value in net.params.values())
    squares = [np.zeros_like(p) for p in (U, W, b, V, c)]

    def book():
        h, p = {-1: np.zeros(hidden)}, {}
        for t in range(steps):
            h[t] = np.tanh(U @ x[t, 0] + W @ h[t - 1] + b)
            y = V @ h[t] + c
            p[t] = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
        dU, dW, db, dV, dc = (np.zeros_like(p) for p in (U, W, b, V, c))
        later = np.zeros(hidden)
        for t in reversed(range(steps)):
            dy = p[t].copy()
            dy[target[t, 0]] -= 1
            dV += np.outer(dy, h[t])
            dc += dy
            dz = (1 - h[t] ** 2) * (V.T @ dy + later)
            dU += np.outer(dz, x[t, 0])
            dW += np.outer(dz, h[t - 1])
            db += dz
            later = W.T @ dz
        for value, gradient, s in zip((U, W, b, V, c), (dU, dW, db, dV, dc), squares, strict=True):
            gradient = np.clip(gradient / steps, -5, 5)  # of the mean over the steps
            s += gradient**2
            value -= 0.1 * gradient / (np.sqrt(s) + 1e-8)

    for _ in range(3):
        run()
        book()
    for mine, theirs in zip(net.params.values(), (U, W, b, V, c), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-9)
    return run, book


def us(seconds):
    """Write a time."""
    return f"{seconds * 1e6:,.0f} µs" if seconds < 0.01 else f"{seconds * 1e3:,.0f} ms"


def layers_table():
    """Time all layers at all shapes; yield the lines of the table, and misses of the budget."""
    yield "| layer | T, B, I, H | rnncore | PyTorch | in float32 | JAX | textbook | limit |"
    yield "|---|---|---|---|---|---|---|---|"
    for kind, budget in BUDGET.items():
        for shape, least in zip(SHAPES, budget, strict=True):
            steps, batch, inputs, hidden = shape
            rng = np.random.default_rng(0)
            layer = kind(inputs, hidden, rng=rng)
            x, dy = rng.normal(size=(steps, batch, inputs)), rng.normal(size=(steps, batch, hidden))
            single = kind(inputs, hidden, rng=rng, dtype=np.float32)
            x4, dy4 = x.astype(np.float32), dy.astype(np.float32)
            calls = {
                "ours": ours(layer, x, dy),
                "torch": pytorch(kind, x, dy),
                "jax": scan(layer, x, dy),
                "limit": limit(kind, x, dy),
                "ours, single": ours(single, x4, dy4),
                "torch, single": pytorch(kind, x4, dy4),
            }
            if kind is VanillaRNN:
                calls["textbook"] = textbook(layer, x, dy)
            names = [name for name, call in calls.items() if call]
            time = dict(zip(names, interleaved(*(calls[name] for name in names)), strict=True))
            ratio = {name: f"{time[name] / time['ours']:.1f} ×" for name in names}
            if "torch, single" in time:
                ratio["single"] = f"{time['torch, single'] / time['ours, single']:.1f} ×"
            above = time["ours"] / time["limit"]
            misses = []
            if "torch" in time and time["torch"] / time["ours"] < least:
                misses.append(f"budget {least}")
            if kind is VanillaRNN and above > LIMIT_BUDGET.get(shape, np.inf):
                misses.append(f"limit budget {LIMIT_BUDGET[shape]}")
            print(f"{kind.__name__:10} {shape!s:20} {time}", *misses, file=sys.stderr, flush=True)
            yield (
                f"| {kind.__name__} | {', '.join(map(str, shape))} | {us(time['ours'])}"
                f" | {ratio.get('torch', 'not there')} | {ratio.get('single', 'not there')}"
                f" | {ratio.get('jax', 'not there')} | {ratio.get('textbook', '')}"
                f" | 1/{above:.2f} |"
            )


def growth_table():
    """Measure how time and memory grow with T, for full and for truncated BPTT."""
    hidden, batch, k = 64, 1, 25
    rng = np.random.default_rng(0)
    layer = Stack(VanillaRNN(1, hidden, rng=rng), ReadOut(hidden, 1, rng=rng))

    def full(x):
        y, tape = layer.forward(x)
        _, dy = mean_squared_error(y, x)
        layer.backward(dy, tape)

    def cut(x):
        for _ in truncated(layer, chunks(k, x, x), mean_squared_error, k2=k):
            pass

    def peak(run, x):
        tracemalloc.start()
        run(x)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most / 1e6

    yield f"| T | full BPTT | truncated, k = {k} |"
    yield "|---|---|---|"
    for steps in (1_000, 10_000, 100_000, 1_000_000):
        x = rng.normal(size=(steps, batch, 1))
        few = steps <= 10_000
        times = interleaved(lambda x=x: full(x), lambda x=x: cut(x)) if few else [None, None]
        said = []
        for run, time in zip((full, cut), times, strict=True):
            if steps == 1_000_000 and run is full:
                said.append("not run: its memory grows with T")
                continue
            if time is None:
                start = perf_counter()
                run(x)
                time = perf_counter() - start
            said.append(f"{1e6 * time / steps:.1f} µs a step, {peak(run, x):,.1f} MB")
        yield f"| {steps:,} | {' | '.join(said)} |"


def import_time():
    """Return how much longer `import rnncore` takes than `import numpy`, in seconds."""

    def run(code):
        start = perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return perf_counter() - start

    pairs = [(run("import numpy"), run("import numpy, rnncore")) for _ in range(7)]
    return median(b - a for a, b in pairs)


def machine():
    """Say what this was measured on."""
    cpu = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    others = ""
    for module, name in ("torch", "PyTorch"), ("jax", "JAX"):
        with contextlib.suppress(ModuleNotFoundError):
            others += f", {name} {importlib.import_module(module).__version__}"
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    return (
        f"{cpu}, one thread, float64, Python {platform.python_version()},"
        f" NumPy {np.__version__} with {blas}{others}"
    )


def report():
    """Run everything; return the text."""
    run, book = character_step()
    mine, theirs = interleaved(run, book, seconds=3)
    return "\n".join([
        f"Measured on {machine()}.",
        "",
        *layers_table(),
        "",
        "Forward and backward of one layer, medians of one interleaved run."
        " *PyTorch*, *JAX* (a jitted scan) and *textbook*: how many times as long as ours they"
        " take, so that less than 1 means faster than ours; *in float32*: PyTorch's time over ours,"
        " both in single precision;"
        " *limit*: the share of our time that the same multiplications need as large products.",
        "",
        f"A whole training step of a character model (T = 25, 65 letters, 100 units, softmax,"
        f" clipping, Adagrad) takes {us(mine)}, the textbook's loop {theirs / mine:.1f} times as"
        f" long. `import rnncore` adds {1e3 * max(0, import_time()):.0f} ms to `import numpy`.",
        "",
        "Time and memory as the sequence grows (one sequence, 64 hidden units, with read-out and"
        " loss; memory is the peak that NumPy asked for, without the sequence itself):",
        "",
        *growth_table(),
    ])  # fmt: skip


def main():
    """Print the tables, and write them if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    write = parser.parse_args().write
    text = report()
    print(text)
    if write:
        start, end = MARKS
        before, _, rest = README.read_text(encoding="utf-8").partition(start)
        _, _, after = rest.partition(end)
        README.write_text(f"{before}{start}\n{text}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
