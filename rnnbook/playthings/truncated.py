"""Chunks over a sequence, one step a frame: which copies an error reaches under BPTT(k1, k2)."""

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import whole
from rnncore.truncated import window

# Layout in pixels: a column for each step; rows for outputs, states and inputs, then a lane for
# each error on its way back, then how many errors have reached each copy so far.
LEFT, COLUMN, BOX = 40, 25, 17
NUMBERS, OUTPUTS, STATES, INPUTS, LANES = 12, 22, 58, 94, 128  # the tops of the rows
LANE = 10
EXAMPLES = ((4, 4), (2, 4), (1, 4), (1, 1), (12, 12))
GUESS = Guess(
    "Guess first, for k1 = k2 = 4: each answer is the input three steps before. How many of the"
    " nine errors of steps 4 to 12 reach the copy in which their input was read?",
    ("all nine", "three of them", "none"),
    "three of them",
    "Only the last error of each chunk, that of step 4, 8 and 12, has a way of four copies.",
    at=-1,
)


def windows(examples=EXAMPLES, steps=12):
    """Show the chunks of a sequence passing, as a player: an example for each (k1, k2)."""
    made = {_name(k1, k2, steps): frames(k1, k2, steps) for k1, k2 in examples}
    return player(made, label="Chunks of a sequence, one step a frame", handle="step", guess=GUESS)


def frames(k1, k2, steps=12):
    """Draw one `Frame` for each step; at the end of a chunk the errors go back."""
    steps, k1 = whole(steps, "steps"), whole(k1, "k1")
    k2, lanes = whole(k2, "k2", least=k1), min(k1, steps)
    return [
        Frame(_drawn(now, k1, k2, steps, lanes), _sentence(now, k1, k2, steps))
        for now in range(1, steps + 1)
    ]


def _name(k1, k2, steps):
    if k1 == k2:
        how = {1: ", Elman", steps: ", full BPTT"}.get(k1, "")
        return f"k1 = k2 = {k1}{how}"
    return f"k1 = {k1}, k2 = {k2}"


def _sent(now, k1, k2, steps):
    """List the steps whose errors are sent back at this step."""
    return [t for t in range(1, now + 1) if window(t, k1, k2, steps)[0] == now]


def _drawn(now, k1, k2, steps, lanes):
    canvas, sent = Canvas(), _sent(now, k1, k2, steps)
    first = window(now, k1, k2, steps)[1]
    foot = LANES + lanes * LANE
    for base, words in (
        (NUMBERS, "step"),
        (OUTPUTS + 12, "y"),
        (STATES + 12, "h"),
        (INPUTS + 12, "x"),
    ):
        canvas.text(4, base, words, anchor="start")
    canvas.text(4, foot + 14, "errors", "gradient", anchor="start")
    for t in range(1, steps + 1):
        x, kept, gone = _middle(t), first <= t <= now, t < first
        for top, colour in (OUTPUTS, "output"), (STATES, "hidden"), (INPUTS, "input"):
            lit = kept and top == STATES
            canvas.box(x - BOX / 2, top, BOX, BOX, colour, lit=lit, faint=not kept)
        if kept or gone:
            middle = STATES + BOX / 2
            canvas.arrow([(x, INPUTS), (x, STATES + BOX)], faint=gone)
            canvas.arrow([(x, STATES), (x, OUTPUTS + BOX)], faint=gone)
            canvas.arrow(
                [(x + BOX / 2 - COLUMN, middle), (x - BOX / 2, middle)], "hidden", faint=gone
            )
    reached = _reached(now, k1, k2, steps)
    for t in range(1, steps + 1):
        canvas.text(_middle(t), NUMBERS, str(t), lit=t == now)
        if reached[t - 1]:
            lit = bool(sent) and first <= t
            canvas.text(_middle(t), foot + 14, str(reached[t - 1]), "gradient", lit=lit)
    for lane, t in enumerate(sent):
        y = LANES + lane * LANE
        if t > first:
            canvas.arrow([(_middle(t), y), (_middle(first), y)], "gradient", lit=True)
        canvas.dot(_middle(t), y, "error")
    if sent and first > 1:
        x = _middle(first) - COLUMN / 2
        canvas.line([(x, STATES - 6), (x, foot)], "gradient", width=1.5, dashed=True)
    return canvas.svg(LEFT + steps * COLUMN + 2, foot + 20, least=0.95, most=1.6)


def _middle(step):
    return LEFT + (step - 0.5) * COLUMN


def _reached(now, k1, k2, steps):
    """Count the errors that have reached each copy up to this step."""
    counts = [0] * steps
    for t in range(1, now + 1):
        update, first = window(t, k1, k2, steps)
        if update <= now:
            for copy in range(first, t + 1):
                counts[copy - 1] += 1
    return counts


def _sentence(now, k1, k2, steps):
    sent, first = _sent(now, k1, k2, steps), window(now, k1, k2, steps)[1]
    tape = f"On the tape: {_steps(first, now)}."
    if not sent:
        return f"Step {now}: forward only; the chunk is not full yet. {tape}"
    back = f"step {first}" if first > 1 else "step 1, the beginning"
    if len(sent) == 1:
        count = now - first + 1
        copies = "its own copy" if count == 1 else f"{count} copies"
        way = f"the error of step {now} goes back over {copies}"
        way += f", to {back}" if count > 1 else " and no further"
    else:
        way = (
            f"the errors of {_steps(sent[0], now)} go back to {back}:"
            f" that of step {sent[0]} over {_copies(sent[0] - first + 1)},"
            f" that of step {now} over {_copies(now - first + 1)}"
        )
    cut = " At the dotted line the gradient ends; the state went through." if first > 1 else ""
    said = f"Step {now}: {way}. Update {-(-now // k1)}. {tape}{cut}"
    if now == steps:
        counts = " ".join(map(str, _reached(now, k1, k2, steps)))
        said += f" In all, so many errors have reached the copies: {counts}."
    return said


def _copies(count):
    return "1 copy" if count == 1 else f"{count} copies"


def _steps(first, last):
    return f"step {first}" if first == last else f"steps {first} to {last}"
