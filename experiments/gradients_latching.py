"""How often a vanilla network learns to latch one bit, against how long it has to hold it.

    OPENBLAS_NUM_THREADS=1 python experiments/gradients_latching.py

A remake, smaller and simpler, of the latching experiment of Bengio, Simard and Frasconi (1994):
the first input is +1 or -1, noise of variance 0.2 follows, and after the last step the network
is to say which it was.  `rnncore.tasks.latching` makes the sequences.

All seeds are trained at once: every parameter gets a first axis, one entry for each network.
Network n draws its weights and its sequences from a generator of its own, seeded with n, in the
order in which a layer, a read-out and `fit` draw them, so that each can be trained alone too.

The file holds

    command, python, numpy   how it was made
    settings                 hidden, batch, rate, seeds, fresh, solved
    rows                     a list of {start, steps, T, right: one share for each seed}

start is how W was drawn: "uniform", as the layer does it; "radius 1", the same scaled to the
spectral radius 1; or "orthogonal".
right is the share of right answers on `fresh` new sequences; guessing gives 0.5.  A network has
solved the task where the share is at least `solved`.
"""

import argparse
import json
import platform
from pathlib import Path

import numpy as np

from rnncore.gradients import orthogonal, spectral_radius
from rnncore.optimizers import Adam
from rnncore.tasks import latching
from rnncore.vanilla import ReadOut, VanillaRNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "gradients_latching.json"
SETTINGS = {"hidden": 8, "batch": 32, "rate": 0.01, "seeds": 30, "fresh": 500, "solved": 0.95}
LENGTHS = (5, 10, 15, 20, 30, 40, 50)
# How W is drawn, and after how many steps the networks are tested.
RUNS = {"uniform": (800, 3000), "radius 1": (800,), "orthogonal": (800,)}


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


def curves(start, tests, T, settings):
    """Train on sequences of T steps; return one row of the result for each of `tests`."""
    rngs = [np.random.default_rng(seed) for seed in range(settings["seeds"])]
    nets = Together(start, settings["hidden"], rngs)
    optimizer = Adam(nets.params, settings["rate"])
    rows = []
    for step in range(1, max(tests) + 1):
        x, target = drawn(T, settings["batch"], rngs)
        y, h = nets.forward(x)
        optimizer.step(nets.backward(2 / settings["batch"] * (y - target), x, h))
        if step in tests:
            fresh = [np.random.default_rng([seed, 1]) for seed in range(settings["seeds"])]
            x, target = drawn(T, settings["fresh"], fresh)
            right = (nets.forward(x)[0] * target > 0).mean(axis=(1, 2))
            rows.append({"start": start, "steps": step, "T": T, "right": right.round(4).tolist()})
            solved = (right >= settings["solved"]).sum()
            said = f"{solved:2} of {len(right)} solved"
            print(f"{start:10} {step:5} steps, T = {T:2}: {said}", flush=True)
    return rows


def main():
    """Train all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="3 seeds, 100 steps, no file")
    quick = parser.parse_args().quick
    settings = SETTINGS | ({"seeds": 3} if quick else {})
    rows = []
    for start, tests in RUNS.items():
        for T in LENGTHS:
            rows += curves(start, (100,) if quick else tests, T, settings)
    if not quick:
        result = {
            "command": "python experiments/gradients_latching.py",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "settings": settings,
            "rows": rows,
        }
        RESULT.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
