"""A shelf of ten: one price moves, and what a household takes next moves with it."""

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import shaped

# Layout in pixels: a row for each brand, with its name, its price, and its chance as a bar.
TOP, ROW, NAME, PRICE, BAR, WIDE = 22, 21, 138, 176, 184, 120
GUESS = Guess(
    "Guess first: a household has taken Parkay stick six times; now it costs 30 % more. Parkay"
    " stick is still the likeliest:",
    ("yes", "no"),
    "yes",
    "At 30 % more its chance is still about two in three, for that household had taken nothing"
    " else.",
    at=-1,
)


def shelf(chances, usual, factors, brands):
    """Show what a network expects of made households as a player, one price moving.

    Parameters
    ----------
    chances : dict of (str, int) to array (P, 10)
        Of each household, and of the brand whose price moves, by its number: the chances of the
        ten brands at each price.
    usual : array (10,)
        The usual prices, in dollars.
    factors : array (P,)
        The prices that the brand has, as multiples of its usual one.
    brands : sequence of str
        Their names.
    """
    return player(
        frames(chances, usual, factors, brands), choices=("household", "price of"),
        handle="price", label="What a household takes next, as one price moves", guess=GUESS,
    )  # fmt: skip


def frames(chances, usual, factors, brands):
    """Draw a `Frame` for each household, brand and price; see `shelf`."""
    usual, factors = np.asarray(usual, float), np.asarray(factors, float)
    return {
        (home, brands[moved]): [
            _frame(usual, moved, factor, row, brands)
            for factor, row in zip(
                factors, shaped(of, (len(factors), len(brands)), "chances"), strict=True
            )
        ]
        for (home, moved), of in chances.items()
    }


def _percent(chance):
    return f"{chance:.0%}" if chance >= 0.01 else "under 1 %"


def _frame(usual, moved, factor, chances, brands):
    price = np.where(np.arange(len(brands)) == moved, factor * usual, usual)
    first = np.argsort(-chances, kind="stable")[:3]
    canvas = Canvas()
    canvas.text(PRICE, TOP - 8, "$", anchor="end")
    canvas.text(BAR, TOP - 8, "chance", anchor="start")
    for k, name in enumerate(brands):
        y, lit = TOP + ROW * k + 14, bool(k == moved)
        canvas.text(NAME, y, name, "input" if lit else None, lit=lit, anchor="end")
        canvas.text(PRICE, y, f"{price[k]:.2f}", "input" if lit else None, lit=lit, anchor="end")
        end = BAR + max(1, round(WIDE * chances[k]))
        canvas.bars([(BAR, y - 11, end - BAR, 14)], "output", strength=1 if k == first[0] else 0.5)
        canvas.text(end + 5, y, f"{chances[k]:.0%}", anchor="start")
    told = ", ".join(f"{brands[k]} {_percent(chances[k])}" for k in first)
    change = round(100 * (factor - 1))
    beside = (
        f"{abs(change)} % {'more' if change > 0 else 'less'} than usual" if change else "as usual"
    )
    return Frame(
        canvas.svg(BAR + WIDE + 34, TOP + ROW * len(brands) + 6, least=0.95, most=1.6),
        f"{brands[moved]} costs ${price[moved]:.2f}, {beside}. The three likeliest: {told}.",
    )
