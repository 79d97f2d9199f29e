"""Train one network on lags that truncated BPTT can and cannot reach, with many k1, k2 and seeds.

    python experiments/truncated_delay.py            writes rnnbook/results/truncated_delay.json
    python experiments/truncated_delay.py --quick    one seed, short, writes nothing

A vanilla network of 16 tanh units, with a logistic read-out, mean squared error, Adam.

    delay   a stream of random bits, 16 rows; each bit is to be put out again 10 steps later
            (rnncore.tasks.delayed_bits); the state is carried through the whole stream
    cue     one bit, then ten blanks, or ten random bits; at the last of them the first bit is to
            be put out; every sequence begins from zeros

"remembered" is the way of Williams and Peng (1990), as far as the old states go: each step runs
the network one step on, and goes back k2 steps over the states as they were when they were made;
"run anew" is `rnncore.truncated`, which runs the steps before it once more.

The file holds

    command, python, numpy   how it was made
    settings                 steps of the stream, rows, lag, hidden, seeds, every
    chunks     delay, k1 = k2 = k: rows of {k, rate, steps, accuracy: one for each seed}
    updates    delay, k2 = 15: rows of {k1, k2, rate, way, solved_after: for each seed, the steps
               of the stream after which accuracy was first at least 0.99, looked at once in
               `every` steps, or null}
    cue        rows of {k, between: "blanks" or "bits", accuracy: one for each seed}

Accuracy is the share of right answers on fresh bits; guessing gives 0.5.
"""

import argparse
import json
import platform
from pathlib import Path

import numpy as np

from rnncore.deep import Stack
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.tasks import delayed_bits
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import ReadOut, Tape, VanillaRNN

RESULT = Path(__file__).parent.parent / "rnnbook" / "results" / "truncated_delay.json"
SETTINGS = {"steps": 40_000, "rows": 16, "lag": 10, "hidden": 16, "seeds": 10, "every": 1000}
CHUNKS = (5, 10, 11, 12, 15, 20, 40)
RATES = (0.001, 0.003, 0.01)
UPDATES = [(1, "run anew"), (1, "remembered"), (5, "run anew"), (15, "run anew")]
LONGER = (10, 0.003, 400_000)  # k, rate and steps: as many updates as k1 = 1 has
CUES = 2000  # sequences of 16 rows


def made(rng, hidden):
    """Make the network."""
    return Stack(VanillaRNN(1, hidden, rng=rng), ReadOut(hidden, 1, rng=rng, activation="logistic"))


def cue(lag, batch, rng, *, bits):
    """Draw sequences of a bit and then blanks, or other bits; the first is asked for at the end."""
    x, target, mask = delayed_bits(lag, lag + 1, batch, rng)
    if not bits:
        x[1:] = 0.0
    return x, target, mask


def accuracy(net, data):
    """Share of right answers where they count."""
    x, target, mask = data
    y, _ = net.forward(x)
    return float(np.mean((y > 0.5) == target, where=mask > 0))


def remembered(net, pieces, loss, *, k2):
    """Yield one gradient a step, from the last k2 states as they were made; one row of x a piece.

    The weights with which the error goes back are those of now; the states are older.
    """
    layer, out = net.layers
    x, h = None, None
    for new, target, mask in pieces:
        _, tape = layer.forward(new, None if h is None else h[-1])
        x = tape.x if x is None else np.concatenate([x, tape.x])[-k2:]
        h = tape.h if h is None else np.concatenate([h, tape.h[1:]])[-k2 - 1 :]
        if not np.any(mask):
            continue
        y, read = out.forward(h[-1:])
        dh, above, _ = out.backward(loss(y, target, mask)[1], read)
        dh = np.concatenate([np.zeros((len(x) - 1, *dh.shape[1:])), dh])
        below = layer.backward(dh, Tape(x, h))[1]
        yield {f"0.{n}": g for n, g in below.items()} | {f"1.{n}": g for n, g in above.items()}


def learns(k1, k2, rate, seed, settings, *, way="run anew", every=None, steps=None):
    """Train on the stream; return the accuracy, or with `every`, when it was first 0.99."""
    rng = np.random.default_rng(seed)
    net = made(rng, settings["hidden"])
    optimizer = Adam(net.params, rate)
    steps = steps or settings["steps"]
    stream = chunks(k1, *delayed_bits(settings["lag"], steps, settings["rows"], rng))
    fresh = delayed_bits(settings["lag"], 500, 50, np.random.default_rng([seed, 1]))
    if way == "run anew":
        gradients = (c.gradients for c in truncated(net, stream, mean_squared_error, k2=k2))
    else:
        gradients = remembered(net, stream, mean_squared_error, k2=k2)
    seen, look = settings["lag"] // k1 * k1, every  # the first steps ask for nothing
    for gradient in gradients:
        optimizer.step(gradient)
        seen += k1
        if every and seen >= look:
            look += every
            if accuracy(net, fresh) >= 0.99:
                return min(seen, steps)
    return None if every else round(accuracy(net, fresh), 4)


def recalls(k, bits, seed, settings, sequences):
    """Train on cues; return the accuracy."""
    rng, lag = np.random.default_rng(seed), settings["lag"]
    net = made(rng, settings["hidden"])
    optimizer = Adam(net.params, 0.003)
    for _ in range(sequences):
        pieces = chunks(k, *cue(lag, settings["rows"], rng, bits=bits))
        for chunk in truncated(net, pieces, mean_squared_error, k2=k):
            optimizer.step(chunk.gradients)
    return round(accuracy(net, cue(lag, 1000, np.random.default_rng([seed, 1]), bits=bits)), 4)


def row(what, run, settings, name="accuracy"):
    """Run once for each seed, and return the row."""
    values = [run(seed) for seed in range(settings["seeds"])]
    print(what, *values, flush=True)
    return what | {name: values}


def experiments(settings, cues, longer):
    """Run all; return the lists of rows."""
    every = settings["every"]
    result = {"cue": [], "chunks": [], "updates": []}
    for bits in (False, True):
        for k in (1, settings["lag"] + 1):
            what = {"k": k, "between": "bits" if bits else "blanks"}
            run = lambda seed, k=k, bits=bits: recalls(k, bits, seed, settings, cues)  # noqa: E731
            result["cue"].append(row(what, run, settings))
    cases = [(k, rate, settings["steps"]) for rate in RATES for k in CHUNKS]
    for k, rate, steps in [*cases, *longer]:
        what = {"k": k, "rate": rate, "steps": steps}
        run = lambda seed, a=(k, k, rate), n=steps: learns(*a, seed, settings, steps=n)  # noqa: E731
        result["chunks"].append(row(what, run, settings))
    for k1, way in UPDATES:
        for rate in RATES:
            what = {"k1": k1, "k2": 15, "rate": rate, "way": way}
            run = lambda seed, a=(k1, 15, rate), way=way: learns(  # noqa: E731
                *a, seed, settings, way=way, every=every
            )
            result["updates"].append(row(what, run, settings, "solved_after"))
    return result


def main():
    """Train all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one seed, 600 steps, no file")
    if parser.parse_args().quick:
        experiments(SETTINGS | {"steps": 600, "seeds": 1, "every": 300}, 20, [])
        return
    result = {
        "command": "python experiments/truncated_delay.py",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "settings": SETTINGS,
        **experiments(SETTINGS, CUES, [LONGER]),
    }
    RESULT.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
