"""The exercises of the chapter on static, dynamic and recurrent networks."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.networks import Edge, Network, Node, classify, reach, run


@dataclass(frozen=True)
class WordsExercise(Exercise):
    """An exercise whose answer is a list of words, `choices`, for A, B, C and so on."""

    choices: tuple = ()

    def agrees(self, answer, wanted, also=None):
        """Compare two lists of words."""
        return _words(answer) == _words(wanted)

    def complaint(self, answer, wanted):
        """Say what kind of answer was expected, if this is none, or which words are right."""
        words, wanted = _words(answer), _words(wanted)
        if words is None or len(words) != len(wanted):
            return f"the answer should be a list of {len(wanted)} texts. "
        known = _words(self.choices)
        unknown = [typed for typed, word in zip(answer, words, strict=True) if word not in known]
        if "dynamic" in unknown:
            return "dynamic needs its second word here: feed-forward or recurrent. "
        if unknown:
            return f"{unknown[0]!r} is none of {', '.join(self.choices)}. "
        right = [chr(65 + k) for k in range(len(words)) if words[k] == wanted[k]]
        return f"right so far: {', '.join(right) or 'none of them'}. "


@dataclass(frozen=True)
class NetworkExercise(Exercise):
    """An exercise whose answer is a `Network`: right if `seen` of it is as of the one given."""

    seen: Callable = classify
    said: Callable = str  # says of a network what it does, for a network that is wrong

    def taken(self, answer):
        """Return the answer as it is: a network is no list of numbers."""
        return answer

    def agrees(self, answer, wanted, also=None):
        """Compare what is seen of two networks."""
        return isinstance(answer, Network) and self.seen(answer) == self.seen(wanted)

    def complaint(self, answer, wanted):
        """Say what the network does, or that this is none."""
        if not isinstance(answer, Network):
            return f"the answer should be a Network, and this is of type {type(answer).__name__}. "
        return self.said(answer)


def _words(answer):
    """Return texts by their letters, None where these are none; recurrent is always dynamic."""
    if not isinstance(answer, tuple) or not all(isinstance(word, str) for word in answer):
        return None
    letters = ["".join(c for c in word.lower() if c.isalpha()) for word in answer]
    return ["recurrent" if word == "dynamicrecurrent" else word for word in letters]


def delays(network, most=40):
    """List how many steps later, up to `most`, an impulse can show in an output.

    >>> x, y = Node("x", 1, "input"), Node("y", 1, "output")
    >>> delays(Network([x, y], [Edge("x", "y", 3, weight="w"), Edge("y", "y", 9, weight="g")]))
    [3, 12, 21, 30, 39]
    """
    plain = Network(
        [replace(node, size=1, activation="identity", bias=None) for node in network.nodes],
        [replace(e, weight=None, fixed=1.0) for e in network.edges],
    )
    x = {node.name: np.eye(most + 1)[0].reshape(-1, 1, 1) for node in plain.of_kind("input")}
    if not x:
        return []
    values = run(plain, {}, x)
    shown = sum(values[node.name].ravel() for node in plain.of_kind("output"))
    return np.flatnonzero(shown).tolist()


def _amiss(network):
    """Return the first step that is even and shows no impulse, or is odd and shows one, or None.

    It is looked for as long as a way takes that passes every edge three times; with delays of
    hundreds of steps, in the first thousand.
    """
    most = min(1000, max(40, 3 * sum(edge.delay for edge in network.edges)))
    wrong = set(delays(network, most)) ^ set(range(0, most + 1, 2))
    return min(wrong, default=None)


def _seen(network):
    return classify(network).kind, reach(network) == math.inf, delays(network), _amiss(network)


def _said(network):
    most = max(8, _amiss(network) or 0)
    shown = ", ".join(map(str, delays(network, most)))
    can = f"can show {shown} steps later" if shown else "cannot show"
    when = f"within {most} steps the impulse {can}"
    kind, need = classify(network).kind, ""
    if kind != "recurrent":
        need = ". It has to be recurrent, to go on without end"
    elif reach(network) != math.inf:
        need = ". Its cycle has to lie on a way from the input to the output, to go on without end"
    return f"your network is {kind}, and {when}{need}. "


def _small(*edges):
    """Make a network of x and y from (source, target, delay)."""
    return Network(
        [Node("x", 1, "input"), Node("y", 1, "output")],
        [Edge(*edge, weight=f"w{k}") for k, edge in enumerate(edges)],
    )


def _paths(*delays):
    """Make the network of the exercise networks-reach."""
    return Network(
        [Node("x", 2, "input"), Node("h", 3), Node("y", 1, "output")],
        [Edge(*edge, weight=f"w{k}") for k, edge in enumerate(delays)],
    )


def _leftover():
    """Compute what is left of an impulse in y_t = y_{t-1} / 2 + x_t after four steps."""
    loop = _small(("x", "y", 0), ("y", "y", 1))
    x = np.eye(5)[0].reshape(5, 1, 1)
    return float(run(loop, {"w0": [[1.0]], "w1": [[0.5]]}, x)["y"][4, 0, 0])


CLASSES = ("static", "dynamic feed-forward", "recurrent")

EXERCISES = {
    "networks-by-eye": WordsExercise(
        right=lambda: (CLASSES[1], CLASSES[0], CLASSES[2], CLASSES[2], CLASSES[1]),
        praise="A looks at one old input and at nothing else; that is enough to be dynamic."
        " In D the way back leads from h over s to h."
        " E uses an earlier hidden value, but that value was made from inputs only.",
        hints=(
            "Look for two things in each: an index that is not t, and a letter that needs itself.",
            "Draw a circle for each letter and an arrow for each term, with its delay beside it."
            " Then follow the arrows: is there a delay, and is there a way back?",
            "For E: x leads to h with delay 1, and h leads to y twice, with the delays 0 and 1."
            " Draw D in the same way.",
        ),
        mistakes=(
            (
                lambda: (CLASSES[2], CLASSES[0], CLASSES[2], CLASSES[2], CLASSES[2]),
                "not every delay makes a cycle. Follow the arrows of A and of E forwards: do you"
                " ever come back to where you were?",
            ),
            (
                lambda: (CLASSES[1], CLASSES[0], CLASSES[2], CLASSES[2], CLASSES[2]),
                "four are right. In E, can you come back to h by following arrows from h?",
            ),
            (
                lambda: (CLASSES[0], CLASSES[0], CLASSES[2], CLASSES[2], CLASSES[1]),
                "four are right. In A, does the answer depend on the present input?",
            ),
            (
                lambda: (CLASSES[1], CLASSES[0], CLASSES[2], CLASSES[1], CLASSES[1]),
                "four are right. In D, where do the arrows lead that start at s?",
            ),
            (
                lambda: (CLASSES[1], CLASSES[1], CLASSES[2], CLASSES[2], CLASSES[1]),
                "four are right. In B, does any term come from another step?",
            ),
            (
                lambda: (CLASSES[1], CLASSES[0], CLASSES[1], CLASSES[2], CLASSES[1]),
                "four are right. In C, where does the arrow lead that starts at y?",
            ),
            (
                lambda: (CLASSES[1], CLASSES[0], CLASSES[0], CLASSES[2], CLASSES[1]),
                "four are right. In C, is there a delay, and where does the arrow lead that starts"
                " at y?",
            ),
            (
                lambda: (CLASSES[1], CLASSES[0], CLASSES[2], CLASSES[2], CLASSES[0]),
                "four are right. In E, which step does each term come from?",
            ),
        ),
        tolerance=0,
        choices=CLASSES,
    ),
    "networks-reach": Exercise(
        right=lambda: reach(
            _paths(
                ("x", "h", 0), ("x", "h", 2), ("h", "y", 0), ("h", "y", 1), ("h", "y", 3),
                ("x", "y", 4),
            )
        ),
        praise="The slowest way leads over h: 2 steps into it and 3 out of it, which beats the"
        " direct way of 4.",
        hints=(
            "Look at the paths from x to y, one edge after the other.",
            "Add the delays along each path; where several edges lead the same way, a path takes"
            " only one of them. The largest sum counts.",
            "The direct path has a delay of 4. Now the paths over h: which edge into h is the"
            " slowest?",
        ),
        mistakes=(
            (lambda: 4, "the direct edge gives 4; is there a slower way, over h?"),
            (lambda: 3, "a path over h has two edges, and the direct edge alone has 4."),
            (lambda: 2, "a path over h goes on from h to y, and the direct edge alone has 4."),
            (
                lambda: 10,
                "that is the sum of all delays, but no path takes every edge.",
            ),
            (
                lambda: 7,
                "no path has so many. The direct edge ends at y; no edge from h goes on there.",
            ),
            (
                lambda: 6,
                "no path has so many. A path takes only one of several parallel edges, and the"
                " present input is no step back.",
            ),
        ),
        tolerance=0,
    ),
    "networks-fade": Exercise(
        right=lambda: 0.01 ** (1 / 20),
        praise="Each step multiplies by g, so g to the power of 20 is one hundredth.",
        hints=(
            "Look at what one step does to the response.",
            "Count the factors g that the response has after twenty steps, and solve for g.",
            "After one step the response is g, after two steps g times g.",
        ),
        mistakes=(
            (
                lambda: 0.01 ** (1 / 19),
                "with this g it takes 19 steps. The response is 1 at the step of the impulse.",
            ),
            (
                lambda: 0.01 ** (1 / 21),
                "with this g it takes 21 steps. The response is 1 at the step of the impulse.",
            ),
            (
                lambda: 1 - 0.99 / 20,
                "that would lose the same amount at every step; the loop loses the same share.",
            ),
            *((lambda g=g: g, "close, but three digits are wanted.") for g in (0.8, 0.79)),
            *((lambda g=g: g, "close: the third digit is not right.") for g in (0.793, 0.795)),
            (lambda: -(0.01 ** (1 / 20)), "the size is right, but g is to be positive."),
            (lambda: 0.01 / 20, "g is a factor, taken 20 times: which number to the power of 20?"),
        ),
        tolerance=0.0005,
    ),
    "networks-every-second": NetworkExercise(
        right=lambda: _small(("x", "y", 0), ("y", "y", 2)),
        also_right=(
            lambda: Network(
                [Node("x", 1, "input"), Node("h", 2), Node("y", 1, "output")],
                [
                    Edge("x", "h", weight="U"),
                    Edge("h", "y", weight="V"),
                    Edge("y", "h", 2, weight="R"),
                ],
            ),
        ),
        praise="Every way from the input to the output takes an even number of steps, so the"
        " impulse can show at even steps only; and a cycle keeps it going without end.",
        hints=(
            "Look at the loop of this chapter, and at when its impulse comes back.",
            "Ask of your network how long the way from x to y takes, and how long once around the"
            " cycle takes.",
            "Begin with an edge from x to y without a delay: that shows the impulse at once.",
        ),
        mistakes=(
            (
                lambda: _small(("x", "y", 0), ("y", "y", 1)),
                "your impulse can show at every step. Look for a path, or a way around, whose"
                " delays add up to an odd number.",
            ),
            (
                lambda: _small(*[("x", "y", delay) for delay in range(0, 41, 2)]),
                "the steps are right as far as your delays go, but then the response ends: there"
                " has to be a cycle.",
            ),
            (
                lambda: _small(("x", "y", 1), ("y", "y", 2)),
                "your impulse shows 1, 3, 5, ... steps later. How long does the way from x to y"
                " take?",
            ),
            (
                lambda: _small(("x", "y", 2), ("y", "y", 2)),
                "your impulse shows 2, 4, 6, ... steps later, but it has to show at once too.",
            ),
            (
                lambda: _small(("x", "y", 0), ("y", "y", 4)),
                "your impulse shows at once, but then at every fourth step only. How long does"
                " once around take?",
            ),
        ),
        tolerance=0,
        seen=_seen,
        said=_said,
    ),
    "networks-cancel": Exercise(
        right=lambda: -_leftover(),
        praise="Four steps after the impulse the new edge cancels just what the loop still holds,"
        " and from then on it holds nothing. The graph is recurrent all the same: it says what can"
        " be, and the weights decide what is.",
        hints=(
            "Look at the step at which the new edge brings the impulse for the only time.",
            "The response ends if the output is 0 at that step, for then the loop has nothing to"
            " pass on. So v has to cancel what the loop holds there.",
            "Without the new edge the loop holds 1 at the step of the impulse, one half a step"
            " later, and so on.",
        ),
        mistakes=(
            (_leftover, "that doubles what the loop holds four steps on. Which sign cancels it?"),
            (
                lambda: -2 * _leftover(),
                "that is what the loop holds three steps on, with the sign turned.",
            ),
            (
                lambda: -_leftover() / 2,
                "that is what the loop holds five steps on, with the sign turned.",
            ),
            (lambda: -0.5, "that is what the loop holds one step on, with the sign turned."),
            *(
                (lambda v=v: v, "close, but the exact value is wanted.")
                for v in (-0.06, -0.062, -0.063, -0.0624, -0.0626)
            ),
            (lambda: 0.0, "that leaves the loop as it was, and its response without end."),
        ),
        tolerance=0.001,
    ),
}  # fmt: skip
