"""Two weeks of electricity: where a forecast begins is dragged along, and what came lies beside."""

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import shaped

# Layout in pixels: hours from the left, gigawatts from the bottom; so many hours before.
LEFT, TOP, HOUR, HEIGHT, BEFORE, DAY = 34, 28, 7, 160, 24, 24
COLOURS = ("error", "hidden", "output")
GUESS = Guess(
    "Guess first: by how much is the network off, on average over the 24 hours?",
    ("about 1 %", "about 5 %", "about 10 %"),
    "about 1 %",
    "A week is so like the week before that even last week, unchanged, is off by less than 2 %"
    " on the whole.",
)


def origins(demand, time, at, forecasts, *, every=2):
    """Show forecasts of 24 hours as a player, one after another through the test weeks.

    Parameters
    ----------
    demand : array (N,)
        In GW, each hour.
    time : array (N,) of datetime64
    at : array (B,) of int
        Where forecasts begin, each with a day before it.
    forecasts : dict of str to array (B, 24)
        Up to three, by the names that are shown.
    every : int
        One frame for so many of them.
    """
    return player(
        {"two weeks": frames(demand, time, at, forecasts, every)}, handle="begins", interval=800,
        label="Forecasts of electricity demand through two weeks", guess=GUESS,
    )  # fmt: skip


def frames(demand, time, at, forecasts, every=2):
    """Draw a `Frame` for every so many forecasts; see `origins`."""
    said = [shaped(f, (len(at), DAY), name) for name, f in forecasts.items()]
    low, high = np.floor(demand.min() / 5) * 5, np.ceil(demand.max() / 5) * 5
    return [
        _frame(demand, time, t, [f[k] for f in said], list(forecasts), low, high)
        for k, t in enumerate(at)
        if k % every == 0
    ]


def _frame(demand, time, t, said, names, low, high):
    canvas = Canvas()
    right = LEFT + (BEFORE + DAY) * HOUR
    came = demand[t : t + DAY]

    def y(value):
        return round(TOP + (high - value) / (high - low) * HEIGHT)

    def points(values, first):
        return [(LEFT + (first + k) * HOUR, y(value)) for k, value in enumerate(values)]

    for tick in np.arange(low, high + 1, 5):
        canvas.line([(LEFT, y(tick)), (right, y(tick))], strength=0.2)
        canvas.text(LEFT - 5, y(tick) + 4, f"{tick:.0f}", anchor="end")
    canvas.text(2, TOP - 14, "GW", anchor="start")
    now = LEFT + (BEFORE - 0.5) * HOUR
    canvas.line([(now, TOP - 4), (now, TOP + HEIGHT)], dashed=True)
    canvas.text(LEFT + 52, TOP - 14, "what came")
    for k, name in enumerate(names):
        canvas.text(LEFT + 136 + 76 * k, TOP - 14, name, COLOURS[k])
        canvas.line(points(said[k], BEFORE), COLOURS[k], width=1.8)
    canvas.line(points(demand[t - BEFORE : t + DAY], 0), width=2.2)
    canvas.text(LEFT + BEFORE * HOUR / 2, TOP + HEIGHT + 18, "the day before")
    canvas.text(now + DAY * HOUR / 2, TOP + HEIGHT + 18, "the next 24 hours")
    begin = time[t].astype("datetime64[h]").item()
    when = f"{begin:%A} {begin.day} {begin:%B}, {begin.hour}:00"
    off = [100 * np.mean(np.abs(f - came) / came) for f in said]
    told = ", ".join(f"{name} {error:.1f} %" for name, error in zip(names, off, strict=True))
    return Frame(
        canvas.svg(right + 10, TOP + HEIGHT + 24, least=0.9, most=1.5),
        f"A forecast from {when} on. Mean errors: {told}.",
    )
