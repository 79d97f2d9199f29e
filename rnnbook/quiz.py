"""A first and a last test of twelve questions: pairs that try the same, with other numbers.

Question k of both tests tries the same objective of the same chapter.  An answer that is a number
is computed, and so is the reason's; a low line begins an index, as in y_t.
"""

import random
from typing import NamedTuple

import numpy as np

from rnncore.bptt import ScalarRNN
from rnncore.elman import Elman
from rnncore.gradients import clip_by_norm
from rnncore.jordan import trace
from rnncore.networks import Edge, Network, Node, classify
from rnncore.truncated import window
from rnncore.unfolding import unfold

TESTS = ("first", "last")
KINDS = ("static", "dynamic feed-forward", "recurrent")


class Question(NamedTuple):
    """A question: what is asked, the choices, or none for a number; what is right, and why."""

    chapter: str
    objective: int  # of the chapter, from 1
    text: str
    choices: tuple
    right: object
    reason: str


def chosen(chapter, objective, text, right, wrong, reason):
    """Return a question with three choices, in an order that the text draws."""
    choices = [right, *wrong]
    random.Random(text).shuffle(choices)
    return Question(chapter, objective, text, tuple(choices), right, reason)


def number(chapter, objective, text, right, reason):
    """Return a question that is answered by a number, written to six digits at most."""
    return Question(chapter, objective, text, (), f"{round(float(right), 6):g}", reason)


def sign(value):
    """Write a number with a true minus sign.

    >>> sign(-1)
    '−1'
    """
    return str(value).replace("-", "−")


def kind_of_network(near, far):
    """Ask for the kind of a network with delays and without a cycle."""
    nodes = [Node("x", 1, "input"), Node("h", 1), Node("y", 1, "output")]
    edges = [Edge("x", "h", near, "w"), Edge("h", "y", 0, "v"), Edge("x", "y", far, "u")]
    right = classify(Network(nodes, edges)).kind
    back = f"x_{{t-{near}}}" if near else "x_t"
    return chosen(
        "networks", 1,
        f"h_t = tanh(w {back}) and y_t = v h_t + u x_{{t-{far}}}, with fixed w, v and u."
        " What kind of network is this?",
        right, [kind for kind in KINDS if kind != right],
        f"The output depends on earlier inputs, the oldest {max(near, far)} steps back, and nothing"
        " leads back into itself.",
    )  # fmt: skip


def fading(g, steps):
    """Ask what a loop still holds of an impulse."""
    response = ScalarRNN(1, g, activation="identity").forward([1] + [0] * steps)[-1]
    return number(
        "networks", 2,
        f"y_t = x_t + {g} y_{{t-1}}, and y is 0 at first. The input is a single 1, then zeros."
        f" What is y {steps} steps after the 1?",
        response, f"Each step multiplies by {g}: {g} to the power {steps} is {response:g}.",
    )  # fmt: skip


WIRINGS = {
    "many-to-one": "All of the sequence is read, and a single answer is given at its end.",
    "one-to-many": "One observation goes in, and a sequence comes out.",
    "encoder-decoder": "One sequence is read to its end, and then another is written.",
}


def wiring(task, right):
    """Ask for the wiring of a task."""
    wrong = [name for name in WIRINGS if name != right]
    return chosen("sequences", 1, f"{task} Which wiring is that?", right, wrong, WIRINGS[right])


def state_unit(outputs, decay):
    """Ask what a state unit of Jordan's network holds."""
    held = float(trace([[[one]] for one in outputs], decay)[-1, 0, 0])
    ago = [(k, one) for k, one in enumerate(reversed(outputs)) if one]
    powers = " + ".join(f"{decay**k:g}" for k, _ in ago)
    return number(
        "jordan", 1,
        f"A state unit keeps {decay} of what it holds and adds the output: s_t = {decay} s_{{t-1}}"
        f" + y_{{t-1}}. It starts at 0, and the outputs were {', '.join(map(str, outputs))}."
        " What does it hold before the next step?",
        held, f"The newest counts in full, each one before it {decay} times as much:"
        f" {powers} = {held:g}.",
    )  # fmt: skip


def arrows(steps):
    """Ask for the arrows of an unfolded network."""
    net = Elman(1, 1, 1, rng=np.random.default_rng(0)).network()
    many = len(unfold(net, steps).network.edges)
    return number(
        "unfolding", 2,
        "A network has four arrows: x to h, h to y, a copy of h to c with a delay of one step, and"
        f" c to h. It is unfolded over {steps} steps; what comes from before the first step counts."
        " How many arrows are in the picture?",
        many, f"Each of the 4 arrows once a step: 4 · {steps} = {many}.",
    )  # fmt: skip


def blame(g, errors):
    """Ask for the walk back through three steps."""
    net = ScalarRNN(1, g, activation="identity")
    y = net.forward([1.0] * 3)
    d = net.bptt([1.0] * 3, [a + b for a, b in zip(y, errors, strict=True)]).delta
    e1, e2, e3 = errors
    return number(
        "bptt", 3,
        f"A linear unit (f′ = 1) has the loop weight g = {g}, and the errors"
        f" e(1) = {e1}, e(2) = {e2}, e(3) = {e3}. With δ(t) = e(t) + g δ(t+1) and nothing after"
        " the end, what is δ(1)?",
        d[0], f"δ(3) = {d[2]:g}, δ(2) = {e2} + {g} · {d[2]:g} = {d[1]:g},"
        f" δ(1) = {e1} + {g} · {d[1]:g} = {d[0]:g}.",
    )  # fmt: skip


def shape(T, B, I, H):  # noqa: E741
    """Ask for the shape of the hidden states."""
    return chosen(
        "vanilla", 1,
        f"A layer of {H} units reads an array of shape (T, B, I) = ({T}, {B}, {I})."
        " Which shape have all its hidden states together?",
        f"({T}, {B}, {H})", [f"({B}, {H}, {I})", f"({T}, {H}, {I})"],
        f"One state of {H} numbers for each of {T} steps and {B} sequences.",
    )  # fmt: skip


def modulus(a, b):
    """Ask what follows from eigenvalues whose parts, each by itself, say nothing."""
    size = abs(complex(a, b))
    assert max(a, b) < 1 < a + b and abs(size - 1) > 0.05
    right, wrong = ("it explodes", "it vanishes") if size > 1 else ("it vanishes", "it explodes")
    return chosen(
        "gradients", 2,
        f"A linear network has the eigenvalues {a} + {b}i and {a} − {b}i."
        " What becomes of its gradient over 100 steps back?",
        right, [wrong, "it keeps its length"],
        f"The modulus counts, √({a}² + {b}²) = {size:.2f}, and it is"
        f" {'above' if size > 1 else 'below'} 1.",
    )  # fmt: skip


def clipping(gradient, limit):
    """Ask what is left of a gradient that is clipped by its norm."""
    first = clip_by_norm({"g": np.array(gradient, float)}, limit)["g"][0]
    length = sum(one * one for one in gradient) ** 0.5
    return number(
        "gradients", 3,
        f"The gradient {tuple(gradient)} is clipped by its norm to a length of {limit}."
        " What is its first number then?",
        first, f"Its length is {length:g}; both numbers are multiplied by {limit} / {length:g}:"
        f" the first becomes {first:g}.",
    )  # fmt: skip


def reached(lag, k):
    """Ask how many errors of a chunk reach the input that they depend on."""
    many = sum(window(step, k, k, 2 * k)[1] <= step - lag for step in range(k + 1, 2 * k + 1))
    return number(
        "truncated", 4,
        f"Each answer is the input of {lag} steps before. Training cuts a long stream into chunks"
        f" of {k} steps, and no gradient crosses a cut. How many of the {k} errors of a chunk reach"
        " the step that read their input?",
        many, f"Those of the last {k} − {lag} = {many} steps: the first {lag} ask for inputs"
        " before the cut.",
    )  # fmt: skip


def cell(c, f, i, g):
    """Ask for two steps of a cell, of which the second holds."""
    new = f * c + i * g
    return number(
        "gated", 2,
        f"The cell of an LSTM holds c = {c}. At the next step its gates are f = {f} and i = {i}"
        f" and the candidate is g = {sign(g)}; at the step after, f = 1, i = 0 and g = 0.9."
        " What does the cell hold then?",
        new, f"{f} · {c} + {i} · ({sign(g)}) = {new:g}; then f = 1 and i = 0 keep it as it is.",
    )  # fmt: skip


def draw(gain, error):
    """Ask whether a gain counts."""
    shown = gain > 2 * error
    answers = ["the network is better", "neither is shown to be better"]
    right, wrong = answers if shown else reversed(answers)
    return chosen(
        "weather", 3,
        f"On the same 100 days a network's error is smaller than that of a simple rule by {gain} on"
        f" average, with a paired standard error of {error}. What follows?",
        right, [wrong, "the simple rule is better"],
        f"The gain is above two standard errors, {2 * error:g}: chance alone seldom gives as much."
        if shown
        else f"The gain is within two standard errors, {2 * error:g}: chance alone gives as much.",
    )  # fmt: skip


PAIRS = (
    (kind_of_network, (0, 3), (1, 2)),
    (fading, (0.5, 3), (0.2, 3)),
    (wiring, ("A program reads a customer's letter and names the department it should go to.",
              "many-to-one"),
     ("A program is given the first note of a tune and writes the rest.", "one-to-many")),
    (state_unit, ((1, 0, 1), 0.5), ((0, 1, 1), 0.4)),
    (arrows, (6,), (7,)),
    (blame, (0.5, (1, 0, 4)), (0.4, (1, 0, 5))),
    (shape, (20, 16, 5, 10), (12, 8, 3, 6)),
    (modulus, (0.9, 0.6), (0.7, 0.6)),
    (clipping, ((3, 4), 1), ((8, 6), 1)),
    (reached, (12, 15), (16, 20)),
    (cell, (4, 0.5, 1, 1), (6, 0.5, 1, -1)),
    (draw, (0.3, 0.2), (0.9, 0.4)),
)  # fmt: skip


def questions(test):
    """Return the twelve questions of the first or of the last test.

    >>> [question.right for question in questions("first")][:3]
    ['dynamic feed-forward', '0.125', 'many-to-one']
    """
    return [make(*given[TESTS.index(test)]) for make, *given in PAIRS]
