"""The exercises of the chapter on static, dynamic and recurrent networks."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rnnbook.exercises import Exercise
from rnncore.networks import Edge, Network, Node, classify, reach, run


@dataclass(frozen=True)
class WordsExercise(Exercise):
    """An exercise whose answer is a list of words, `choices`, whatever their capitals."""

    choices: tuple = ()

    def agrees(self, answer, wanted, also=None):
        """Compare two lists of words."""
        return _words(answer) == _words(wanted)

    def complaint(self, answer, wanted):
        """Say what kind of answer was expected, if this is none."""
        words, wanted = _words(answer), _words(wanted)
        if words is None or len(words) != len(wanted):
            return f"the answer should be a list of {len(wanted)} texts. "
        unknown = [word for word in words if word not in _words(self.choices)]
        if unknown:
            return f"{unknown[0]!r} is none of {', '.join(self.choices)}. "
        wrong = sum(word != right for word, right in zip(words, wanted, strict=True))
        return f"{wrong} of the {len(wanted)} {'is' if wrong == 1 else 'are'} wrong. "


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
    if not isinstance(answer, tuple) or not all(isinstance(word, str) for word in answer):
        return None
    return ["".join(c for c in word.lower() if c.isalpha()) for word in answer]


def moments(network, most=12):
    """List the moments, up to `most`, at which an impulse at moment 0 can show in an output."""
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


def _seen(network):
    return classify(network).kind, moments(network)


def _said(network):
    shown = ", ".join(map(str, moments(network))) or "never"
    return (
        f"your network is {classify(network).kind}, and the impulse can show"
        f" at these of the moments 0 to 12: {shown}. "
    )


def _small(*edges):
    """Make a network of x and y from (source, target, delay)."""
    return Network(
        [Node("x", 1, "input"), Node("y", 1, "output")],
        [Edge(*edge, weight=f"w{k}") for k, edge in enumerate(edges)],
    )


def _paths(*delays):
    """Make the network of the exercise networks-reach."""
    return Network(
        [Node("x", 2, "input"), Node("a", 3), Node("y", 1, "output")],
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
        " In D the way back leads from a over b to a."
        " E uses an earlier hidden value, but that value was made from inputs only.",
        hints=(
            "Draw a circle for each letter and an arrow for each term, and write its delay beside"
            " it; then look for delays, and for a way back.",
        ),
        mistakes=(
            (
                lambda: (CLASSES[2], CLASSES[0], CLASSES[2], CLASSES[2], CLASSES[2]),
                "not every delay makes a cycle. Follow the arrows of A and of E forwards: do you"
                " ever come back to where you were?",
            ),
            (
                lambda: (CLASSES[1], CLASSES[0], CLASSES[2], CLASSES[2], CLASSES[2]),
                "four are right. In E, can you come back to a by following arrows from a?",
            ),
            (
                lambda: (CLASSES[0], CLASSES[0], CLASSES[2], CLASSES[2], CLASSES[1]),
                "four are right. In A, does the answer depend on the present input?",
            ),
        ),
        tolerance=0,
        choices=CLASSES,
    ),
    "networks-reach": Exercise(
        right=lambda: reach(
            _paths(
                ("x", "a", 0), ("x", "a", 2), ("a", "y", 0), ("a", "y", 1), ("a", "y", 3),
                ("x", "y", 4),
            )
        ),
        praise="The slowest way leads over a: 2 steps into it and 3 out of it, which beats the"
        " direct way of 4.",
        hints=("Delays add up along a path; the longest path counts.",),
        mistakes=(
            (lambda: 4, "that is the direct way; is there a slower one, over a?"),
            (lambda: 3, "that is one edge only; a path over a has two."),
            (
                lambda: 10,
                "that is the sum of all delays, but no path takes parallel edges both at once.",
            ),
            (lambda: 6, "that counts the moments that are seen, the present among them."),
        ),
        tolerance=0,
    ),
    "networks-fade": Exercise(
        right=lambda: 0.01 ** (1 / 20),
        praise="Each step multiplies by g, so g to the power of 20 is one hundredth.",
        hints=("After how many factors g does the response stand at moment 20?",),
        mistakes=(
            (lambda: 0.01 ** (1 / 19), "the response is 1 at moment 0; count the factors again."),
            (lambda: 0.01 ** (1 / 21), "the response is 1 at moment 0; count the factors again."),
            (
                lambda: 1 - 0.99 / 20,
                "that would lose the same amount at every step; the loop loses the same share.",
            ),
            (lambda: 0.01 / 20, "g is a factor, taken 20 times: which number to the power of 20?"),
        ),
        tolerance=0.002,
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
        praise="Once around the cycle takes two steps, so the impulse comes back at every second"
        " moment.",
        hints=("Think of what happens each time the impulse has gone once around.",),
        mistakes=(
            (
                lambda: _small(("x", "y", 0), ("y", "y", 1)),
                "your impulse shows at every moment. How long should once around take?",
            ),
            (
                lambda: _small(("x", "y", 0), ("x", "y", 2), ("y", "y", 1)),
                "your impulse shows at every moment. How long should once around take?",
            ),
            (
                lambda: _small(*[("x", "y", delay) for delay in range(0, 13, 2)]),
                "up to moment 12 it is right, but then it ends; there has to be a way back.",
            ),
            (
                lambda: _small(("x", "y", 1), ("y", "y", 2)),
                "the cycle is right, but the impulse has to show at moment 0 already.",
            ),
        ),
        tolerance=0,
        seen=_seen,
        said=_said,
    ),
    "networks-cancel": Exercise(
        right=lambda: -_leftover(),
        praise="At moment 4 the new edge brings just what cancels what the loop still holds, and"
        " from then on it holds nothing. The graph is recurrent all the same: it says what can"
        " be, and the weights decide what is.",
        hints=("What does the loop hold at moment 4 without the new edge?",),
        mistakes=(
            (_leftover, "that doubles what the loop holds at moment 4. Which sign cancels it?"),
            (lambda: -2 * _leftover(), "count the halvings up to moment 4 again."),
            (lambda: -_leftover() / 2, "count the halvings up to moment 4 again."),
            (lambda: -0.5, "that is what the loop holds at moment 1, with the sign turned."),
            (lambda: 0.0, "that leaves the loop as it was, and its response without end."),
        ),
        tolerance=0.001,
    ),
}  # fmt: skip
