"""A week of weather and its report: one day goes through other skies, and words change."""

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.tasks import DAYS, SKIES, WET, report

# Layout in pixels: a row of days, and the words of the report in two rows.
LEFT, TOP, COLUMN, HIGH, WORDS, ROW, LETTER = 6, 30, 48, 44, 112, 40, 6.6
GUESS = Guess(
    "Guess first: let a week have four days of fog. In the weeks that the network learned from,"
    " that came twice in a thousand. How will it begin its report?",
    ("mostly fog", "mixed", "mostly another sky"),
    "mixed",
    "It counts well, but “mostly fog” it has hardly ever been asked to write.",
)


def changes(weeks, *, label="A week of weather, one day changed, and its report"):
    """Show how a report changes with one day, as a player.

    Parameters
    ----------
    weeks : dict of str to (week, reports)
        By the name that is shown, a week as in `rnncore.tasks.report`, and what was written for
        it with each of its days, in order, under each of `SKIES`: 35 lists of words.
    label : str
        What the player is, for those who cannot see it.
    """
    presets = {
        (name, day): frames(week, reports, [d for d, _ in week].index(day))
        for name, (week, reports) in weeks.items()
        for day in DAYS
    }
    return player(presets, label=label, handle="sky", guess=GUESS, choices=("week", "day"))


def frames(week, reports, place):
    """Draw a `Frame` for each sky of one day, the week as it was first."""
    day, was = week[place]
    before = reports[place * len(SKIES) + SKIES.index(was)]
    drawn = []
    for sky in sorted(SKIES, key=lambda sky: sky != was):
        now = [*week[:place], (day, sky), *week[place + 1 :]]
        words = reports[place * len(SKIES) + SKIES.index(sky)]
        drawn.append(Frame(_drawn(now, place, words, before), _sentence(day, sky, was, words, now)))
    return drawn


def _sentence(day, sky, was, words, week):
    said = (
        f"As it was, {day} {sky}" if sky == was else f"{day.capitalize()} {sky} in place of {was}"
    )
    right = report(week)
    verdict = "as the rule has it" if words == right else f"but the rule has “{_text(right)}”"
    return f"{said}: “{_text(words)}”, {verdict}."


def _text(words):
    return " ".join(words).replace(" ,", ",")


def _drawn(week, place, words, before):
    """Draw the week, wet days filled, and the report, its new words filled, wrong ones marked."""
    canvas = Canvas()
    for k, (day, sky) in enumerate(week):
        left = LEFT + k * COLUMN
        canvas.box(left, TOP, COLUMN - 4, HIGH, "input", lit=sky in WET)
        canvas.text(left + COLUMN / 2 - 2, TOP + 18, day[:3])
        canvas.text(left + COLUMN / 2 - 2, TOP + 35, sky)
    middle = LEFT + place * COLUMN + COLUMN / 2 - 2
    canvas.arrow([(middle, 6), (middle, TOP - 2)], "hidden")
    right = report(week)
    left, top = LEFT, WORDS
    for part, theirs, old in zip(*(_parts(said) for said in (words, right, before)), strict=True):
        width = round(LETTER * len(part)) + 14
        if left + width > LEFT + 7 * COLUMN:
            left, top = LEFT, top + ROW
        if part:
            canvas.box(
                left, top, width, 28, "output" if part == theirs else "error", lit=part != old
            )
            canvas.text(left + width / 2, top + 18, part)
            left += width + 8
    return canvas.svg(2 * LEFT + 7 * COLUMN, WORDS + ROW + 34, least=0.95, most=1.5)


def _parts(words):
    """Return the usual sky, the count and the days of a report, empty where there are none."""
    return [*" ".join(words).split(" , "), "", ""][:3]
