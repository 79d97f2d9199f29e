"""Two curves beside the truth: one is a network, one is yesterday's price."""

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import shaped

# Layout in pixels: a step for each day, and so many days in a picture.
LEFT, TOP, DAY, HEIGHT, DAYS = 44, 26, 8, 150, 40
VIEWS = {"prices": "{:.0f} points", "returns": "{:.2f} %"}


GUESS = Guess(
    "Guess first: both were made the day before. Which of the two curves is the network's?",
    ("A", "B"),
    "A",
    "As they stand, hardly anybody can tell; moved back by one day, B lies on what came, for it is"
    " yesterday's price.",
)


def two_curves(price, forecast, at, begins, *, most=3):
    """Show a network's forecast and yesterday's price as a player, moved back day by day.

    Parameters
    ----------
    price : array (N,)
        What came.
    forecast : array (B,)
        What A said of the return, in percent, for the days `at`; B says that nothing changes.
    at : array (B,) of int
        Days one after the other.
    begins : dict of str to int
        Where in `at` a stretch of `DAYS` days begins, by the names that are shown.
    most : int
        By how many days the curves are moved at most.
    """
    return player(
        frames(price, forecast, at, begins, most), choices=("days", "as"), handle="moved",
        label="Two forecasts of the DAX, moved back day by day", guess=GUESS,
    )  # fmt: skip


def frames(price, forecast, at, begins, most=3):
    """Draw a `Frame` for each stretch, view and number of days; see `two_curves`."""
    forecast, before = shaped(forecast, np.shape(at), "forecast"), price[at - 1]
    curves = {
        "prices": (price[at], before * np.exp(forecast / 100), before),
        "returns": (100 * np.log(price[at] / before), forecast, np.zeros(len(at))),
    }
    return {
        (name, view): [_frame(curves[view], begin, moved, view) for moved in range(most + 1)]
        for name, begin in begins.items()
        for view in VIEWS
    }


def _frame(curves, begin, moved, view):
    """Draw one stretch; what is moved shows what was said of later days."""
    truth = curves[0][begin : begin + DAYS]
    said = [curve[begin + moved : begin + moved + DAYS] for curve in curves[1:]]
    shown = np.concatenate([curve[begin : begin + DAYS] for curve in curves])
    low, high, ticks = _scale(shown)
    canvas = Canvas()

    def y(value):
        return round(TOP + (high - value) / (high - low) * HEIGHT, 1)

    for tick in ticks:
        canvas.line([(LEFT, y(tick)), (LEFT + DAYS * DAY, y(tick))], strength=0.2)
        canvas.text(LEFT - 6, y(tick) + 4, f"{tick:,.0f}", anchor="end")
    canvas.text(LEFT, TOP - 12, "what came", anchor="start")
    canvas.text(LEFT + 90, TOP - 12, "A", "output", lit=True)
    canvas.text(LEFT + 120, TOP - 12, "B", "error", lit=True)
    # B is wide and pale, and lies below; A is thin, and lies above: so none hides another.
    for curve, colour, width, strength in (
        (said[1], "error", 5, 0.5),
        (truth, None, 1.8, 1),
        (said[0], "output", 1.8, 1),
    ):
        points = [(LEFT + (k + 0.5) * DAY, y(value)) for k, value in enumerate(curve)]
        canvas.line(points, colour, width=width, strength=strength)
    canvas.text(LEFT + DAYS * DAY / 2, TOP + HEIGHT + 18, f"{DAYS} business days")
    off = [VIEWS[view].format(np.abs(curve - truth).mean()) for curve in said]
    days = "not moved" if not moved else f"moved back by {moved} day{'s' * (moved > 1)}"
    return Frame(
        canvas.svg(LEFT + DAYS * DAY + 8, TOP + HEIGHT + 24, least=0.9, most=1.6),
        f"The two curves are {days}: A is off by {off[0]} on average, B by {off[1]}.",
    )


def _scale(values):
    """Return the ends of an axis and three to six round numbers on it."""
    low, high = values.min(), values.max()
    margin = 0.04 * (high - low)
    unit = 10.0 ** np.floor(np.log10(high - low))
    step = next(unit * f for f in (0.2, 0.5, 1, 2) if (high - low) / (unit * f) < 6)
    ticks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    return low - margin, high + margin, ticks
