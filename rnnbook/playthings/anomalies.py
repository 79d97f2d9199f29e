"""A year as a calendar of weekdays: the scores, and which days a threshold calls."""

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, player
from rnncore.arrays import shaped

# Layout in pixels: a column for each week, a row for each weekday.
LEFT, TOP, WIDTH, HEIGHT = 34, 22, 8, 18
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
SHADES = 5  # of grey, for the score


def calendar(date, asked, holiday, scores, *, most=20, guess=None, label="A year of weekdays"):
    """Show a year as a player: with each step the threshold calls one day more.

    Parameters
    ----------
    date : array (N,) of datetime64
        The days of a year, from its first of January on.
    asked, holiday : arrays (N,) of bool
        Which days are judged, weekdays only, and which of them are holidays.
    scores : dict of str to array (N,)
        Of each detector, how unusual it finds each day, in percent.
    most : int
        The last frame calls so many days.
    guess : Guess, optional
        As `player` takes it.
    label : str
        What the player is, for those who cannot see it.
    """
    return player(
        {name: frames(date, asked, holiday, score, most) for name, score in scores.items()},
        label=label, interval=700, handle="days called", guess=guess, choices=("scores of",),
    )  # fmt: skip


def frames(date, asked, holiday, score, most=20):
    """Draw a `Frame` for each number of days called, from none on; see `calendar`."""
    score = shaped(np.asarray(score, float), date.shape, "score")
    days = np.flatnonzero(asked)
    order = days[np.argsort(-score[days], kind="stable")]
    return [
        Frame(
            _drawn(date, days, holiday, score, order[:called]),
            _sentence(date, holiday, score, order, called),
        )
        for called in range(most + 1)
    ]


def _place(date, day):
    """Return the corner of a day's cell."""
    first = (date[0].astype("datetime64[D]").astype(int) + 3) % 7  # 0 is Monday
    week, weekday = divmod(first + day, 7)
    return LEFT + int(week) * WIDTH, TOP + int(weekday) * HEIGHT


def _drawn(date, days, holiday, score, called):
    """Draw the calendar: grey for the score, a dot for a holiday, a box for a day called."""
    canvas = Canvas()
    for row, name in enumerate(WEEKDAYS):
        canvas.text(LEFT - 4, TOP + row * HEIGHT + 13, name, anchor="end")
    for month in range(0, 12, 2):
        first = np.datetime64(date[0], "M") + month
        day = int((first.astype("datetime64[D]") - date[0].astype("datetime64[D]")).astype(int))
        canvas.text(_place(date, day)[0], TOP - 7, f"{first.item():%b}", anchor="start")
    shade = np.minimum(SHADES - 1, SHADES * score / np.sort(score[days])[-5]).astype(int)
    for level in range(SHADES):
        cells = [_place(date, day) for day in days if shade[day] == level]
        canvas.bars(
            [(x + 1, y + 1, WIDTH - 2, HEIGHT - 2) for x, y in cells], None,
            strength=0.06 + 0.6 * level / SHADES,
        )  # fmt: skip
    for day in called:
        x, y = _place(date, day)
        canvas.box(x - 1, y - 1, WIDTH + 2, HEIGHT + 2, "output" if holiday[day] else "error",
                   lit=False)  # fmt: skip
    for day in days[holiday[days]]:
        x, y = _place(date, day)
        canvas.dot(x + WIDTH / 2, y + HEIGHT / 2, "output")
    right = LEFT + 53 * WIDTH
    return canvas.svg(right + 6, TOP + 5 * HEIGHT + 8, least=0.72, most=1.5)


def _sentence(date, holiday, score, order, called):
    if not called:
        return f"No day is called; the {holiday.sum()} holidays have a dot."
    hits = int(holiday[order[:called]].sum())
    day = order[called - 1]
    kind = "a holiday" if holiday[day] else "no holiday"
    return (
        f"{called} called, of a score of {score[day]:.1f} % and more: {hits} of the"
        f" {holiday.sum()} holidays found, {called - hits} called in vain."
        f" The last is {date[day].item().day} {date[day].item():%B}, {kind}."
    )
