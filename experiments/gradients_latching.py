"""How often a vanilla network learns to latch one bit, against how long it has to hold it.

A remake, smaller and simpler, of the latching experiment of Bengio, Simard and Frasconi (1994):
the first input is +1 or -1, noise of variance 0.2 follows, and after the last step the network
is to say which it was.  `rnncore.tasks.latching` makes the sequences.

All seeds are trained at once: every parameter gets a first axis, one entry for each network.
Network n draws its weights and its sequences from a generator of its own, seeded with n, in the
order in which a layer, a read-out and `fit` draw them, so that each can be trained alone too.

Rows: start, how W was drawn: "uniform", as the layer does it; "radius 1", the same scaled to the
spectral radius 1; or "orthogonal"; steps, of training; T; right, the share of right answers on
`fresh` new sequences.  Guessing gives 0.5.
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.gradients import orthogonal, spectral_radius
from rnncore.optimizers import Adam
from rnncore.sweep import grid
from rnncore.tasks import latching
from rnncore.vanilla import ReadOut, VanillaRNN

LENGTHS = (5, 10, 15, 20, 30, 40, 50)


class Together:
    """N networks of one size, side by side: the vanilla layer and a linear read-out."""

    def __init__(self, start, hidden, rngs):
        alone = []
        for rng in rngs:
            layer, out = VanillaRNN(1, hidden, rng=rng), ReadOut(hidden, 1, rng=rng)
            W = layer.params["W"]
            if start == "radius 1":
                W /= spectral_radius(W)
            elif start == "orthogonal":
                W[:] = orthogonal(hidden, rng)
            alone.append(layer.params | out.params)
        self.params = {name: np.stack([one[name] for one in alone]) for name in alone[0]}

    def forward(self, x):
        """Run over x (T, N, B, 1); return the last outputs (N, B, 1) and the states."""
        U, W, b, V, c = self.params.values()
        W_T = W.transpose(0, 2, 1)
        drive = x * U[:, :, 0][:, np.newaxis] + b[:, np.newaxis]
        h = np.zeros((len(x) + 1, *drive.shape[1:]))  # (T + 1, N, B, H)
        for t, from_x in enumerate(drive):
            h[t + 1] = np.tanh(h[t] @ W_T + from_x)
        return h[-1] @ V.transpose(0, 2, 1) + c[:, np.newaxis], h

    def backward(self, dy, x, h):
        """Send dL/dy (N, B, 1) back through all steps; return the gradients."""
        W, V = self.params["W"], self.params["V"]
        dz = 1.0 - h[1:] ** 2
        dh = dy @ V
        for now in dz[::-1]:
            now *= dh
            dh = now @ W
        return {
            "U": np.einsum("tnbh,tnbi->nhi", dz, x),
            "W": np.einsum("tnbh,tnbk->nhk", dz, h[:-1], optimize=True),
            "b": dz.sum(axis=(0, 2)),
            "V": dy.transpose(0, 2, 1) @ h[-1],
            "c": dy.sum(axis=1),
        }


def drawn(steps, batch, rngs):
    """Draw a batch for each network: x (T, N, B, 1) and the answers (N, B, 1)."""
    batches = [latching(steps, batch, rng) for rng in rngs]
    return np.stack([x for x, *_ in batches], axis=1), np.stack([y[-1] for _, y, _ in batches])


def trial(start, steps, T, seeds, *, hidden, batch, rate, fresh):
    """Train the networks of all seeds on sequences of T steps, and test them."""
    rngs = [np.random.default_rng(seed) for seed in seeds]
    nets = Together(start, hidden, rngs)
    optimizer = Adam(nets.params, rate)
    for _ in range(steps):
        x, target = drawn(T, batch, rngs)
        y, h = nets.forward(x)
        optimizer.step(nets.backward(2 / batch * (y - target), x, h))
    x, target = drawn(T, fresh, [np.random.default_rng([seed, 1]) for seed in seeds])
    return {"right": (nets.forward(x)[0] * target > 0).mean(axis=(1, 2))}


experiment = Experiment(
    rows=Part(
        trial,
        grid(start=["uniform"], steps=[800, 3000], T=LENGTHS)
        + grid(start=["radius 1", "orthogonal"], steps=[800], T=LENGTHS),
        seeds=30,
    ),
    settings={"hidden": 8, "batch": 32, "rate": 0.01, "fresh": 500},
    quick={"steps": 2},
)
