"""The vanilla layer against itself with every product inside the time loops.

`InTheLoop` does the same multiplications as `rnncore.vanilla.VanillaRNN`, one step at a time: the
inputs are multiplied with U at each step, and the weight gradients are added up at each step.
Both run forward and backward in turn, on one thread.

Rows: T, B, I, H as steps, batch, inputs, hidden; ratio, the median over the rounds of the time of
`InTheLoop` over that of the layer; quartiles, the first and the third.
"""

import time

import numpy as np

from experiments import Experiment, Part
from rnncore.vanilla import Tape, VanillaRNN

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


def trial(steps, batch, inputs, hidden, *, rounds):
    """Compare the two at one shape."""
    rng = np.random.default_rng(0)
    layer, loop = (kind(inputs, hidden, rng=rng) for kind in (VanillaRNN, InTheLoop))
    loop.params = layer.params
    x, dh = rng.normal(size=(steps, batch, inputs)), rng.normal(size=(steps, batch, hidden))
    passes = [net.backward(dh, net.forward(x)[1]) for net in (layer, loop)]
    for name in layer.params:
        np.testing.assert_allclose(passes[0][1][name], passes[1][1][name], rtol=1e-9, atol=1e-9)
    ratios = [seconds(loop, x, dh) / seconds(layer, x, dh) for _ in range(rounds)]
    low, middle, high = np.quantile(ratios, (0.25, 0.5, 0.75))
    return {"ratio": middle, "quartiles": [low, high]}


experiment = Experiment(
    rows=Part(
        trial,
        [dict(zip(("steps", "batch", "inputs", "hidden"), shape, strict=True)) for shape in SHAPES],
    ),
    settings={"rounds": 51},
    quick={"rounds": 1},
    alone=True,
)
