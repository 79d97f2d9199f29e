"""The builder: a network of x, h and y, made edge by edge, and its class at every moment.

A sketch says which delays each connection has: {"x h": (0, 1), "h y": (0,)} is a network whose
hidden layer sees the input of now and the one before.
"""

import math
from html import escape

import ipywidgets as widgets

from rnnbook.pictures.graph import folded as drawn
from rnnbook.pictures.player import Frame, Guess, Player, steady
from rnncore.networks import Edge, Network, Node, classify, reach

NODES = (
    Node("x", 1, "input"),
    Node("h", 1, "hidden", "tanh"),
    Node("y", 1, "output"),
)
LETTERS = {"x h": "U", "h h": "W", "h y": "V", "x y": "D", "y h": "R", "y y": "G"}
PLAIN = {"x h": (0,), "h y": (0,)}

# Each example is a list of sketches; each but the first changes one edge of the one before.
# The one that the guess is about comes first.
PRESETS = {
    "a loop off the path": [
        {"x y": (0,)},
        {"x y": (0,), "x h": (0,)},
        {"x y": (0,), "x h": (0,), "h h": (1,)},
        {"x y": (0,), "x h": (0,), "h h": (1,), "h y": (0,)},
    ],
    "a delay line": [
        PLAIN,
        {"x h": (0, 1), "h y": (0,)},
        {"x h": (0, 1, 2), "h y": (0,)},
        {"x h": (0, 1, 2), "h y": (3,)},
    ],
    "a loop at h": [
        PLAIN,
        PLAIN | {"h h": (0,)},
        PLAIN | {"h h": (1,)},
        PLAIN | {"h h": (2,)},
    ],
    "back from the output": [
        PLAIN,
        PLAIN | {"y h": (0,)},
        PLAIN | {"y h": (1,)},
        {"x h": (0,), "h y": (1,), "y h": (1,)},
        {"x h": (0,), "h y": (1,), "y h": (0,)},
    ],
}
GUESS = Guess(
    "Guess first: h gets a loop with a delay of 1, and no edge leads from h to y. To which"
    " class does such a network belong?",
    ("static", "dynamic feed-forward", "recurrent"),
    "recurrent",
    "The class is about the whole plan, which has a cycle; that y depends on the present input"
    " only is another matter.",
    at=2,
)


def builder():
    """Show networks that are built edge by edge as a player, with their class and its reason.

    In Jupyter it also has a field for each connection, for any delays.
    """
    return Builder()


def sketched(sketch):
    """Make the `Network` of a sketch.

    Raises
    ------
    ValueError
        Where a sketch names no connection of `LETTERS`, or the network cannot be computed.

    Examples
    --------
    >>> print(classify(sketched({"x h": (0, 1), "h y": (0,)})))
    dynamic feed-forward: x -> h (delay 1) brings the past, and no path leads back
    """
    return Network(NODES, _edges(sketch))


def frames(sketches):
    """Draw each sketch as a `Frame`: the network, what has changed, its class and the reason."""
    return steady([_frame(*pair) for pair in zip(sketches, [None, *sketches], strict=False)])


def _frame(now, before=None):
    edges, new, change = _edges(now), [], ""
    if before is not None:
        change = f"{_change(before, now)} "
        new = [e for e in edges if e.delay not in before.get(f"{e.source} {e.target}", ())]
    try:
        net = Network(NODES, edges)
    except ValueError as error:
        rest = Network(NODES, [edge for edge in edges if edge not in new])
        picture = drawn(rest, rows=_ROWS, refused=new, highlight=new)
        return Frame(picture.svg, f"{change}Refused: {error}.".replace("->", "→"))
    picture = drawn(net, rows=_ROWS, highlight=new)
    found = str(classify(net))
    said = f"{change}{found[0].upper()}{found[1:]}. {_looks_back(net)}"
    return Frame(picture.svg, said.replace("->", "→"))


_ROWS = (("x",), ("h",), ("y",))


def _edges(sketch):
    unknown = sketch.keys() - LETTERS.keys()
    if unknown:
        raise ValueError(f"connections must be among {', '.join(LETTERS)}; got {min(unknown)!r}")
    return [
        Edge(
            *pair.split(),
            delay,
            weight=letter + (str(delay) if delay and len(sketch[pair]) > 1 else ""),
        )
        for pair, letter in LETTERS.items()
        for delay in sketch.get(pair, ())
    ]


def _change(before, now):
    """Say what leads from one sketch to the next."""
    said = []
    for pair in LETTERS:
        old, new = set(before.get(pair, ())), set(now.get(pair, ()))
        gone, come = sorted(old - new), sorted(new - old)
        name = " -> ".join(pair.split())
        if len(gone) == len(come) == 1:
            said.append(f"Change the delay of {name} from {gone[0]} to {come[0]}.")
        else:
            said += [f"Remove {name} with delay {delay}." for delay in gone]
            said += [f"Add {name} with delay {delay}." for delay in come]
    return " ".join(said) or "No change."


def _looks_back(net):
    """Say how far y can look back, and how long a way around takes."""
    ways = list(zip(net.cycle, net.cycle[1:], strict=False))
    around = sum(min(e.delay for e in net.edges if (e.source, e.target) == way) for way in ways)
    once = f"Once around takes {_steps(around)}. " if ways else ""
    match reach(net):
        case None:
            return f"{once}No path leads from x to y."
        case 0:
            return f"{once}Only the present input can matter to y."
        case math.inf:
            return f"{once}y can look back without end."
        case steps:
            return f"{once}y can look back {_steps(steps)}, and no further."


def _steps(count):
    return "one step" if count == 1 else f"{count} steps"


class Builder(Player):
    """The player of the presets; with a kernel, a field for the delays of each connection."""

    OWN = "your own network"

    def __init__(self):
        self._fields = {
            pair: widgets.Text(
                _list(PLAIN.get(pair, ())),
                description=" → ".join(pair.split()),
                placeholder="no edge",
                continuous_update=False,
            )
            for pair in LETTERS
        }
        self._good = PLAIN
        self._complaint = widgets.HTML()
        presets = {name: frames(sketches) for name, sketches in PRESETS.items()}
        super().__init__(presets, "A network, built edge by edge", 4000, "change", GUESS)
        for field in self._fields.values():
            field.observe(lambda change: self._rebuild(), "value")
        said = widgets.HTML("The delays of each connection, such as 0, 1; nothing for no edge:")
        self.children = (*self.children, said, *self._fields.values(), self._complaint)

    def _rebuild(self):
        """Show the reader's network; where there can be none, say why."""
        self._complaint.value = ""
        sketch = {}
        for pair, field in self._fields.items():
            words = field.value.replace(",", " ").split()
            if not all(word.isdecimal() for word in words):
                self._complaint.value = escape(
                    f"The delays of {field.description} must be numbers 0, 1, 2, ...;"
                    f" got {field.value!r}"
                )
                return
            if words:
                sketch[pair] = tuple(sorted({int(word) for word in words}))
        shown = _frame(sketch, self._good)
        self.load({**self.presets, self.OWN: [shown]}, choose=self.OWN)
        try:
            sketched(sketch)
        except ValueError:
            return  # the frame says it; what changes next is seen against the last good one
        self._good = sketch


def _list(delays):
    return ", ".join(map(str, delays))
