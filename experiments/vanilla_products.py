"""The vanilla layer against itself with every product inside the time loops.

    python experiments/vanilla_products.py            writes rnnbook/results/vanilla_products.json
    python experiments/vanilla_products.py --quick    few rounds, writes nothing

`InTheLoop` does the same multiplications as `rnncore.vanilla.VanillaRNN`, one step at a time: the
inputs are multiplied with U at each step, and the weight gradients are added up at each step.
Both run forward and backward in turn; the ratio is the median over the rounds of the time of
`InTheLoop` over that of the layer.

The file holds

    command, python, numpy   how it was made, on one thread
    rows                     a list of {steps, batch, inputs, hidden, ratio, quartiles}
"""

import argparse
import json
import platform
import time
from pathlib import Path

import numpy as np

from rnncore.vanilla import Tape, VanillaRNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "vanilla_products.json"
SHAPES = [(7, 32, 2, 8), (25, 1, 65, 100), (50, 32, 16, 64), (100, 64, 64, 256)]


class InTheLoop(VanillaRNN):
    """The layer as one would write it from the formulas of one step."""

    def forward(self, x, state=None):
        """Run over x (T, B, I) from zeros."""
        U, W, b = self.params.values()
        h = np.zeros((len(x) + 1, x.shape[1], len(b)))
        for t in range(len(x)):
            h[t + 1] = self.f.f(x[t].dot(U.T) + h[t].dot(W.T) + b)
        return h[1:], Tape(x, h)

    def backward(self, dh, tape, dstate=None):
        """Send dL/dh (T, B, H) back, adding to the gradients at each step."""
        U, W, _ = self.params.values()
        x, h = tape
        gradients = {name: np.zeros_like(value) for name, value in self.params.items()}
        dx, later = np.empty_like(x), 0.0
        for t in reversed(range(len(x))):
            dz = self.f.slope(h[t + 1]) * (dh[t] + later)
            gradients["U"] += dz.T.dot(x[t])
            gradients["W"] += dz.T.dot(h[t])
            gradients["b"] += dz.sum(axis=0)
            dx[t] = dz.dot(U)
            later = dz.dot(W)
        return dx, gradients, later


def seconds(layer, x, dh):
    """Time one pass forward and one backward."""
    start = time.perf_counter()
    layer.backward(dh, layer.forward(x)[1])
    return time.perf_counter() - start


def row(steps, batch, inputs, hidden, rounds):
    """Compare the two at one shape; return the row of the result."""
    rng = np.random.default_rng(0)
    layer, loop = (kind(inputs, hidden, rng=rng) for kind in (VanillaRNN, InTheLoop))
    loop.params = layer.params
    x, dh = rng.normal(size=(steps, batch, inputs)), rng.normal(size=(steps, batch, hidden))
    passes = [net.backward(dh, net.forward(x)[1]) for net in (layer, loop)]
    for name in layer.params:
        np.testing.assert_allclose(passes[0][1][name], passes[1][1][name], rtol=1e-9, atol=1e-9)
    ratios = [seconds(loop, x, dh) / seconds(layer, x, dh) for _ in range(rounds)]
    low, middle, high = (round(float(q), 2) for q in np.quantile(ratios, (0.25, 0.5, 0.75)))
    print(f"T {steps:4} B {batch:3} I {inputs:3} H {hidden:3}  {middle} ({low} to {high})")
    return {
        "steps": steps, "batch": batch, "inputs": inputs, "hidden": hidden,
        "ratio": middle, "quartiles": [low, high],
    }  # fmt: skip


def main():
    """Compare at all shapes, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds, no file")
    quick = parser.parse_args().quick
    rows = [row(*shape, rounds=3 if quick else 51) for shape in SHAPES]
    if not quick:
        result = {
            "command": "OPENBLAS_NUM_THREADS=1 python experiments/vanilla_products.py",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "rows": rows,
        }
        RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
