"""Layers above layers: which of their states can be computed at the same moment.

One state is one layer at one step.  It can be computed when all that it needs is there, and on
the way back its gradient can, when the gradients of all that it went into are there.
"""

from collections import defaultdict

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.unfolding import at, unfold

# Layout in pixels: a column for each step, a row for each layer.
LEFT, COLUMN, TOP, ROW, CELL = 30, 44, 34, 46, 28  # CELL: both sides of a box

GUESS = Guess(
    "Guess first: after how many minutes are all 18 states of three layers and six steps there?",
    ("6", "8", "18"),
    "8",
    "Layer 3 has to wait two minutes for its first input; then one of its six states is ready"
    " every minute.",
    at=8,
)


def storeys(networks, steps=6, guess=GUESS):
    """Show which states are computed in which minute, forward and backward, as a player.

    Parameters
    ----------
    networks : dict of str to rnncore.networks.Network
        One example of the player each; a state takes one minute, and there are helpers enough.
    steps : int
        T.
    guess : Guess or None
        What is asked before it moves.
    """
    presets = {name: frames(network, steps) for name, network in networks.items()}
    label = "States that are computed in the same minute"
    return player(presets, label=label, handle="minute", guess=guess)


def minutes(network, steps):
    """Return in which minute each hidden state is computed at the earliest, forward and backward.

    The way back begins in the minute after the last state.  What is not hidden takes no time.

    Returns
    -------
    forward, backward : dict of str to int
        The minute of h(1), ..., counted from 1.

    Raises
    ------
    ValueError
        Where the network has no hidden node, or steps is less than 1.

    Examples
    --------
    >>> from rnncore.networks import Edge, Network, Node
    >>> net = Network(
    ...     [Node("x", 1, "input"), Node("h", 1)],
    ...     [Edge("x", "h", weight="U"), Edge("h", "h", delay=1, weight="W")],
    ... )
    >>> minutes(net, 2)
    ({'h(1)': 1, 'h(2)': 2}, {'h(1)': 4, 'h(2)': 3})
    """
    graph = unfold(network, steps).network
    if not network.of_kind("hidden"):
        raise ValueError(f"network must have a hidden node, got {', '.join(network)}")
    before, after = defaultdict(list), defaultdict(list)
    for edge in graph.edges:
        before[edge.target].append(edge.source)
        after[edge.source].append(edge.target)
    hidden = [at(node.name, t) for node in network.of_kind("hidden") for t in range(1, steps + 1)]
    forward = _earliest(graph.order, before, hidden, 0)
    backward = _earliest(graph.order[::-1], after, hidden, max(forward.values()))
    return forward, backward


def _earliest(order, needed, hidden, start):
    """Give each node the minute after the last of those that it needs."""
    done = {}
    for name in order:
        done[name] = max((done[other] for other in needed[name]), default=start) + (name in hidden)
    return {name: done[name] for name in hidden}


def frames(network, steps):
    """Draw one `Frame` for the start and one for each minute, forward and then backward."""
    forward, backward = minutes(network, steps)
    last = max(backward.values())
    return [
        Frame(_drawn(network, steps, forward, backward, now), _sentence(forward, backward, now))
        for now in range(last + 1)
    ]


def _drawn(network, steps, forward, backward, now):
    """Draw the grid of states: the lit ones are computed in this minute, faint ones later."""
    canvas, back = Canvas(), now > max(forward.values())
    rows = [node.name for node in network.of_kind("hidden")]
    base = TOP + ROW * len(rows)
    place = {
        at(name, t): (LEFT + COLUMN * (t - 0.5), base - ROW * (k + 0.5))
        for k, name in enumerate(rows)
        for t in range(1, steps + 1)
    }
    for x in (LEFT + COLUMN * (t - 0.5) for t in range(1, steps + 1)):
        place[f"below {x}"] = (x, base + 8)
    title = f"minute {now}" if now else "before the start"
    canvas.text(4, 16, title, "gradient" if back else "hidden", lit=True, anchor="start")
    for way in _ways(place, rows, steps, back):
        canvas.arrow(way, "gradient" if back else None, faint=not back)
    for name, (x, y) in place.items():
        if name not in forward:
            continue
        minute = backward[name] if backward[name] <= now else forward[name]
        colour = "gradient" if backward[name] <= now else "hidden"
        lit, waits = minute == now, minute > now
        side = CELL / 2
        canvas.box(x - side, y - side, CELL, CELL, colour, lit=lit, faint=waits)
        if not waits:
            canvas.text(x, y + 4, str(minute), colour, lit=lit)
    for k, name in enumerate(rows):
        canvas.text(4, base - ROW * (k + 0.5) + 4, name, "hidden", anchor="start")
    for t in range(1, steps + 1):
        canvas.text(LEFT + COLUMN * (t - 0.5), base + 20, at("x", t), "input")
    return canvas.svg(LEFT + COLUMN * steps + 4, base + 28)


def _ways(place, rows, steps, back):
    """List the arrows of the grid, from edge to edge of the boxes; turned round on the way back."""
    side, lines = CELL / 2 + 1, []
    for k, name in enumerate(rows):
        for t in range(1, steps + 1):
            x, y = place[at(name, t)]
            below = y + ROW - side if k else y + ROW / 2 + 8
            if k or not back:
                lines.append(((x, below), (x, y + side)))
            if t > 1:
                lines.append(((x - COLUMN + side, y), (x - side, y)))
    return [line[::-1] for line in lines] if back else lines


def _sentence(forward, backward, now):
    """Say which states are computed, and why just these."""
    there, last = max(forward.values()), max(backward.values())
    if now == 0:
        return f"{len(forward)} states wait. Only the first of the lowest layer has all it needs."
    way = backward if now > there else forward
    these = [name for name, minute in way.items() if minute == now]
    count = "one state" if len(these) == 1 else f"{len(these)} states at once"
    what = "the gradients of " if way is backward else ""
    said = f"Minute {now}, {'backward' if way is backward else 'forward'}: {what}{_listed(these)}"
    said += f", {count}."
    if now == there:
        return f"{said} All {len(forward)} states are there after {there} minutes."
    if now == last:
        return f"{said} The way back took {last - there} minutes too."
    return said


def _listed(names):
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
