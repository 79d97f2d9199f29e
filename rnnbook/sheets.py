"""A sheet to fill in: the worked example with other numbers, each entry judged as it is left.

The entries, what is right and what usually goes wrong are computed here, when the book is built;
the page's script only compares.
"""

import json
import random
from html import escape
from typing import NamedTuple

from rnncore.bptt import ScalarRNN

LECTURE = {"w": 0.3, "g": 0.4, "x": (0.05, 0.10), "target": (0.60, 0.75)}
RATE = 0.5
SHEETS = 20


class Entry(NamedTuple):
    """A number to write down: its name, its formula, what is right, and the usual mistakes."""

    name: str
    formula: str
    right: float
    mistakes: tuple = ()  # of (number, what to say)


def drawn(seed):
    """Return the numbers of a sheet; the first is the lecture's."""
    if not seed:
        return LECTURE
    rng = random.Random(seed)

    def one(low, high):
        return round(rng.uniform(low, high), 1)

    return {
        "w": one(0.2, 0.9), "g": rng.choice([-1, 1]) * one(0.2, 0.9),
        "x": (one(0.1, 0.9), one(0.1, 0.9)), "target": (one(0.1, 0.9), one(0.1, 0.9)),
    }  # fmt: skip


def entries(w, g, x, target):
    """Return the entries of a sheet, in the order in which one computes them.

    The network is that of `rnncore.bptt`, two steps, with y(0) = 0 and a learning rate of 0.5.
    """
    run = ScalarRNN(w, g).bptt(x, target, learning_rate=RATE)
    (y1, y2), (e1, e2), (s1, s2), (d1, d2) = run.y, run.error, run.slope, run.delta
    z1, z2 = w * x[0], w * x[1] + g * y1
    dw1, dw2, dg = RATE * d1 * x[0], RATE * d2 * x[1], RATE * d2 * y1
    return [
        Entry("y(1)", "f(w x(0))", y1, ((z1, "that is w x(0); now take f of it."),)),
        Entry(
            "y(2)", "f(w x(1) + g y(1))", y2,
            ((z2, "that is what goes into f; now take f of it."),
             (ScalarRNN(w, g).forward([x[1]])[0], "you forgot g y(1), which comes back."),
             (ScalarRNN(w, g).forward([x[0]], y1)[0], "the input of this step is x(1).")),
        ),
        Entry("e(1)", "target(1) − y(1)", e1, ((-e1, "the target comes first, then y(1)."),)),
        Entry("e(2)", "target(2) − y(2)", e2, ((-e2, "the target comes first, then y(2)."),)),
        Entry(
            "δ(2)", "e(2) · y(2) (1 − y(2))", d2,
            ((e2, "that is e(2); it still has to go through the slope y(2) (1 − y(2))."),
             (s2, "that is the slope alone; multiply it by e(2).")),
        ),
        Entry(
            "δ(1)", "(e(1) + g δ(2)) · y(1) (1 − y(1))", d1,
            ((e1 * s1, "you forgot g δ(2): the second step has something to say too."),
             ((e1 + d2) * s1, "δ(2) comes back along the loop: multiply it by g."),
             ((e1 + g * e2) * s1, "what comes back along the loop is δ(2), not e(2)."),
             (e1 + g * d2, "it still has to go through the slope y(1) (1 − y(1)).")),
        ),
        Entry(
            "Δw at step 1", "η δ(1) x(0)", dw1,
            ((RATE * d1 * y1, "what came in along w at step 1 is x(0)."),
             (d1 * x[0], "you forgot the learning rate η.")),
        ),
        Entry(
            "Δw at step 2", "η δ(2) x(1)", dw2,
            ((RATE * d2 * x[0], "what came in along w at step 2 is x(1)."),
             (d2 * x[1], "you forgot the learning rate η.")),
        ),
        Entry(
            "Δg at step 2", "η δ(2) y(1)", dg,
            ((RATE * d2 * y2, "what came in along g at step 2 is the answer before, y(1)."),
             (d2 * y1, "you forgot the learning rate η.")),
        ),
        Entry(
            "new w", "w + Δw, both steps", run.w_new,
            ((w + dw2, "that has Δw of step 2 alone: w was used twice."),
             (w + dw1, "that has Δw of step 1 alone: w was used twice."),
             (w - dw1 - dw2, "add the increments: they are written for going downhill.")),
        ),
        Entry(
            "new g", "g + Δg", run.g_new,
            ((g - dg, "add the increment: it is written for going downhill."),),
        ),
    ]  # fmt: skip


def near(right):
    """Return how far an answer may be off: four decimals, or half a per cent.

    >>> near(0.5), round(near(0.0007), 6)
    (0.0025, 6e-05)
    """
    return max(0.005 * abs(right), 0.00006)


def told_apart(entry):
    """Return the mistakes that no right answer, and no other mistake, can be taken for."""
    return [
        (number, words)
        for k, (number, words) in enumerate(entry.mistakes)
        if all(
            abs(number - other) > 2 * (near(number) + near(other))
            for other in [
                entry.right,
                *(n for j, (n, _) in enumerate(entry.mistakes) if j != k),
            ]
        )
    ]


class Sheets:
    """Twenty sheets, of which the page shows one; see `sheets`."""

    def __repr__(self):
        return f"{SHEETS} sheets to fill in"

    def _repr_html_(self):
        every = [drawn(seed) for seed in range(SHEETS)]
        words = list(dict.fromkeys(w for e in entries(**LECTURE) for _, w in e.mistakes))
        data = {
            "words": words,
            "sheets": [
                {"given": _given(**one), "entries": [_judging(e, words) for e in entries(**one)]}
                for one in every
            ],
        }
        first = entries(**LECTURE)
        rows = "".join(
            f"<tr><th scope=row>{escape(e.name)}</th><td>{escape(e.formula)}</td>"
            f'<td><input inputmode="text" autocomplete="off" aria-label="{escape(e.name)}">'
            "<output></output></td></tr>"
            for e in first
        )
        key = ", ".join(f"{e.name} {_short(e.right)}" for e in first)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        return (
            '<form class="sheet"><p class="sheet-given">' + escape(_given(**LECTURE)) + "</p>"
            f"<table><thead><tr><th>number<th>formula<th>your answer</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
            '<div class="sheet-bar run-bar" hidden><button type="button">Fresh numbers</button>'
            ' <span class="sheet-count"></span></div>'
            '<details class="hide hint sheet-key"><summary>Show the key</summary>'
            f"<div>{escape(key)}</div>"
            f'</details><script type="application/json">{text}</script></form>'
        )


def sheets():
    """Show the sheet of the worked example, and nineteen others at a click.

    Without a script it is a blank sheet of the lecture's numbers, with its key.
    """
    return Sheets()


def _judging(entry, words):
    """Return what the script needs: right, how near, and the mistakes, by their words' numbers."""
    known = [[_short(n), _short(near(n)), words.index(said)] for n, said in told_apart(entry)]
    return [_short(entry.right), _short(near(entry.right)), known]


def _given(w, g, x, target):
    return (
        f"w = {w}, g = {g}".replace("-", "−")
        + f", x(0) = {x[0]}, x(1) = {x[1]}, target(1) = {target[0]}, target(2) = {target[1]},"
        f" y(0) = 0, η = {RATE}, f = logsig; four decimals."
    )


def _short(number):
    return float(f"{number:.5g}")
