"""A year day by day: two weeks that are known, the forecasts for the day after, and what came."""

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import shaped

# Layout in pixels: a column for each day that is known, then a wider one for the next day.
LEFT, TOP, DAY, DEGREE, NEXT, GAP = 30, 20, 15, 5, 84, 8
PAST = 14
GUESS = Guess(
    "Guess first: at the end of the year, whose mean error will be smaller, R's or N's?",
    ("R's, clearly", "N's, clearly", "about the same"),
    "about the same",
    "On most days the two dots are within a degree; now one is nearer to what came, now the other.",
    at=-1,
)
COLOURS = ("hidden", "error", "input", "output", "gradient")


def year(dates, temperature, at, forecasts, *, every=5, label="Forecasts through a year"):
    """Show some days of a year as a player: what was known, what was forecast, and what came.

    Parameters
    ----------
    dates : array (N,) of datetime64
    temperature : array (N,)
        In °C, what the forecasts are about.
    at : array (B,) of int
        The days that were forecast; each has `PAST` days before it.
    forecasts : dict of str to array (B,)
        One to five, by the names that are shown.
    every : int
        One frame for so many days; the mean errors are over all days up to it.
    label : str
        What the player is, for those who cannot see it.
    """
    return player(
        {"year": frames(dates, temperature, at, forecasts, every)}, label=label, interval=500,
        handle="day", guess=GUESS,
    )  # fmt: skip


def frames(dates, temperature, at, forecasts, every=5):
    """Draw a `Frame` for every so many days; see `year`."""
    truth = temperature[at]
    said = np.array([shaped(f, truth.shape, name) for name, f in forecasts.items()])
    errors = np.abs(said - truth)
    so_far = errors.cumsum(axis=1) / np.arange(1, len(at) + 1)
    shown = np.concatenate([temperature[at[0] - PAST :], said.ravel()])
    low, high = np.floor(shown.min()) - 2, np.ceil(shown.max()) + 2  # no dot on the frame
    return [
        Frame(
            _drawn(temperature[t - PAST : t], truth[k], said[:, k], list(forecasts), low, high),
            _sentence(dates[t], truth[k], said[:, k], so_far[:, k], forecasts),
        )
        for k, t in enumerate(at)
        if k % every == 0
    ]


def _drawn(past, came, said, names, low, high):
    """Draw one day, heights in whole pixels: so frames have most of their parts in common."""
    height = (high - low) * DEGREE
    edge = LEFT + PAST * DAY + GAP
    canvas = Canvas()

    def y(degrees):
        return round(TOP + (high - degrees) * DEGREE)

    for degrees in range(-10 * int(-low // 10), int(high) + 1, 10):  # whole tens
        canvas.line([(LEFT, y(degrees)), (edge + NEXT, y(degrees))], strength=0.25)
        canvas.text(LEFT - 6, y(degrees) + 4, f"{degrees}", anchor="end")
    canvas.text(4, TOP - 8, "°C", anchor="start")
    canvas.text(LEFT + PAST * DAY / 2, TOP + height + 16, "the 14 days before")
    canvas.text(edge + NEXT / 2, TOP - 8, "the day")
    canvas.box(edge, TOP, NEXT, height, None)
    canvas.line([(LEFT + (k + 0.5) * DAY, y(degrees)) for k, degrees in enumerate(past)], width=1.8)
    canvas.line([(edge, y(came)), (edge + NEXT, y(came))], width=2.5)
    for k, (name, degrees) in enumerate(zip(names, said, strict=True)):
        x, colour = edge + NEXT * (k + 0.5) / len(names), COLOURS[k]
        canvas.dot(x, y(degrees), colour)
        canvas.text(x, TOP + height + 16, name[0].upper(), colour)
    return canvas.svg(edge + NEXT + 6, TOP + height + 22, least=0.95, most=1.6)


def _sentence(date, came, said, so_far, names):
    day = date.astype("datetime64[D]").item()
    told = ", ".join(f"{name} {s:.1f}" for name, s in zip(names, said, strict=True))
    errors = ", ".join(f"{name} {e:.2f}" for name, e in zip(names, so_far, strict=True))
    return f"{day.day} {day:%B}: {came:.1f} °C came; {told}. Mean errors so far: {errors}."
