"""What a window gives and what it takes: TDNN against networks without one.

    python experiments/tdnn_windows.py            writes rnnbook/results/tdnn_windows.json
    python experiments/tdnn_windows.py --quick    one seed, few steps, writes nothing

shift   Which of three glides (rnncore.tasks.glides) is it?  Trained with glides that start at
        some onsets, tested on 2,000 fresh ones that start at these, and on 2,000 at later onsets.
        A TDNN, its outputs summed over time, and a network fully connected to all steps at once;
        the latter also trained on all onsets.  Each with fresh glides at each training step, and
        with a fixed set of 300.  After Waibel et al. (1989), with other data and one hidden layer.
lag     Random bits, each to be put out again L steps later (rnncore.tasks.delayed_bits).
        TDNNs with two windows, and an Elman network, all trained for the same number of steps.

The file holds

    command, python, numpy   how it was made
    settings                 of both
    shift                    a list of {network, weights, onsets, examples, seen, unseen}
    lag                      a list of {network, lag, accuracy}
                             seen, unseen and accuracy: the share right, one number for each seed
"""

import argparse
import json
import platform
from pathlib import Path

import numpy as np

from rnncore.elman import Elman
from rnncore.losses import cross_entropy, mean_squared_error
from rnncore.optimizers import Adam
from rnncore.tasks import GLIDES, delayed_bits, glides
from rnncore.tdnn import TDNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "tdnn_windows.json"
SEEN, UNSEEN, EVERY = range(2, 9), range(13, 21), range(2, 21)
SETTINGS = {
    "shift": {"window": 5, "hidden": 8, "full_hidden": 32, "steps": 2000, "rate": 0.01,
              "batch": 32, "seeds": 10},
    "lag": {"hidden": 16, "steps": 3000, "rate": 0.01, "batch": 16, "length": 40, "seeds": 5},
}  # fmt: skip
LAGS = [*range(13), 16, 20]


def drawn(count, onsets, rng):
    """Draw glides; return x (T, B, I) and which of `GLIDES` each is."""
    kinds = rng.integers(len(GLIDES), size=count)
    return glides(kinds, rng.choice(onsets, size=count), rng), kinds


def whole(x):
    """Lay all steps of x (T, B, I) side by side, as one step: (1, B, T I)."""
    return x.swapaxes(0, 1).reshape(1, x.shape[1], -1)


def scores(net, x):
    """Sum the outputs over time: (B, O), and the tape."""
    y, tape = net.forward(x)
    return y.sum(axis=0), tape


def shift(full, onsets, examples, seed, *, window, hidden, full_hidden, steps, rate, batch):
    """Train one network; return the number of weights and the shares right, seen and unseen."""
    rng = np.random.default_rng(seed)
    lay = whole if full else np.asarray
    sizes = (240, 1, full_hidden, 3) if full else (8, window, hidden, 3)
    net = TDNN(*sizes, rng=rng)
    optimizer = Adam(net.params, rate)
    if examples:
        known, kinds_known = drawn(examples, onsets, rng)
    for _ in range(steps):
        if examples:
            some = rng.integers(examples, size=batch)
            x, kinds = known[:, some], kinds_known[some]
        else:
            x, kinds = drawn(batch, onsets, rng)
        z, tape = scores(net, lay(x))
        _, dz = cross_entropy(z, kinds)
        dy = np.broadcast_to(dz, (len(tape.y), *dz.shape))
        optimizer.step(net.backward(dy, tape)[1])
    shares, fresh = [], np.random.default_rng([seed, 1])
    for tested in SEEN, UNSEEN:
        x, kinds = drawn(2000, tested, fresh)
        shares.append(round(float((scores(net, lay(x))[0].argmax(axis=1) == kinds).mean()), 4))
    return sum(value.size for value in net.params.values()), *shares


def lag(window, delay, seed, *, hidden, steps, rate, batch, length):
    """Train one network, an Elman network where the window is None; return the share right."""
    rng = np.random.default_rng([seed, delay])
    make = Elman if window is None else lambda i, *rest, **more: TDNN(i, window, *rest, **more)
    net = make(1, hidden, 1, rng=rng, output_activation="logistic")
    optimizer = Adam(net.params, rate)
    for _ in range(steps):
        x, target, mask = delayed_bits(delay, length, batch, rng)
        y, tape = net.forward(x)
        _, dy = mean_squared_error(y, target, mask)
        optimizer.step(net.backward(dy, tape)[1])
    x, target, mask = delayed_bits(delay, 100, 100, np.random.default_rng([seed, delay, 1]))
    y, _ = net.forward(x)
    return round(float(((y > 0.5) == (target > 0.5))[mask > 0].mean()), 4)


def main():
    """Train all, in about six minutes, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, 50 steps, no file")
    quick = parser.parse_args().quick
    more = {"seeds": 1, "steps": 50} if quick else {}
    settings = {name: dict(values) | more for name, values in SETTINGS.items()}
    shifts, lags = [], []

    one = dict(settings["shift"])
    seeds = range(one.pop("seeds"))
    for name, full, onsets in (
        ("TDNN", False, SEEN), ("fully connected", True, SEEN), ("fully connected", True, EVERY)
    ):  # fmt: skip
        for examples in (None, 300):
            runs = [shift(full, onsets, examples, seed, **one) for seed in seeds]
            shifts.append({
                "network": name, "weights": runs[0][0], "onsets": [onsets[0], onsets[-1]],
                "examples": examples, "seen": [r[1] for r in runs], "unseen": [r[2] for r in runs],
            })  # fmt: skip
            print(shifts[-1], flush=True)

    one = dict(settings["lag"])
    seeds = range(one.pop("seeds"))
    for name, window in ("TDNN, window 4", 4), ("TDNN, window 8", 8), ("Elman", None):
        for delay in LAGS:
            shares = [lag(window, delay, seed, **one) for seed in seeds]
            lags.append({"network": name, "lag": delay, "accuracy": shares})
            print(lags[-1], flush=True)

    if not quick:
        result = {
            "command": "python experiments/tdnn_windows.py",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "settings": settings,
            "shift": shifts,
            "lag": lags,
        }
        RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
