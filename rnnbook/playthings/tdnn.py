"""The window of a time-delay network at work: taps over a tape, and glides that slide in time."""

import numpy as np

from rnnbook.pictures.canvas import Canvas, Picture
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import sequence
from rnncore.rounding import MINUS, rounded
from rnncore.tasks import GLIDES, glides

# The taps over the tape, in pixels: a column for each step; responses above, inputs below.
LEFT, COLUMN, CELL = 16, 34, (29, 24)
NUMBERS, RESPONSE, SUM, INPUT, LINE = 14, 24, 82, 168, 212  # heights: step numbers, rows, loops

# Glides, in pixels: a column for each step; the bands of the input above, hidden units below.
EDGE, STEP, BAND, TOP, ROW = 46, 9.6, 8, 26, 19

LINE_GUESS = Guess(
    "Guess first: a single 1 enters the line. Which responses come, from left to right?",
    ("the taps, the newest first", "the taps, the oldest first", "ever smaller ones, without end"),
    "the taps, the newest first",
    "The 1 meets the tap of the present step when it enters, and an older tap at each step after"
    " that; behind the last tap it has left the line.",
    at=-1,
)
SLIDING_GUESS = Guess(
    "Guess first: in the last frame the glide ends where the sequence ends. What do the sums do"
    " there?",
    ("they stay as they are", "they change"),
    "they change",
    "The window would go on answering for a few steps after the glide, but these steps are cut"
    " off, and their part of the sum with them.",
    at=-1,
)


def delay_line(presets, taps):
    """Show how a tapped delay line answers a series of inputs, one step a frame, as a player.

    Parameters
    ----------
    presets : dict of str to sequence of float
        For each example the inputs, one for each step.
    taps : sequence of float
        The weights: of the input now, of the one a step ago, and so on.
    """
    made = {name: line_frames(x, taps) for name, x in presets.items()}
    label = "A tapped delay line, one step a frame"
    return player(made, label=label, handle="step", guess=LINE_GUESS)


def line_frames(x, taps):
    """Draw one `Frame` for each input as it enters the line."""
    if len(x) < 1 or len(taps) < 1:
        raise ValueError(f"x and taps must hold numbers, got {len(x)} and {len(taps)} of them")
    line = [0.0] * (len(taps) - 1) + [float(value) for value in x]
    held = [line[t : t + len(taps)][::-1] for t in range(len(x))]  # the newest first
    answers = [sum(u * v for u, v in zip(taps, values, strict=True)) for values in held]
    return [
        Frame(_line(line, taps, answers, t), _line_in_words(held[t], taps, answers[t], t))
        for t in range(len(x))
    ]


def _line(line, taps, answers, now):
    """Draw the tape, the taps where they stand now, and the answers so far."""
    canvas, before = Canvas(), len(taps) - 1
    middle = [LEFT + (k + 0.5) * COLUMN for k in range(len(line))]
    there = middle[now + before]
    for base, words in (NUMBERS, "step"), (RESPONSE + 16, "z"), (INPUT + 16, "x"):
        canvas.text(4, base, words, anchor="start")
    for delay, weight in enumerate(taps):
        x = middle[now + before - delay]
        canvas.arrow([(x, INPUT - 20), (there - 6 * delay, SUM + CELL[1])])
        canvas.text(x, INPUT - 8, f"×{_s(weight)}", lit=True)
        if delay:
            after = middle[now + before - delay + 1]
            loop = [(after, INPUT + CELL[1]), (after, LINE), (x, LINE), (x, INPUT + CELL[1])]
            canvas.arrow(loop)
            canvas.text((x + after) / 2, LINE + 8, "z⁻¹")
    canvas.box(there - 15, SUM, 30, CELL[1], "hidden", lit=True)
    canvas.text(there, SUM + 17, "Σ", "hidden", lit=True)
    canvas.arrow([(there, SUM), (there, RESPONSE + CELL[1])])
    for k, value in enumerate(line):
        t, inside = k - before, now <= k <= now + before
        _cell(canvas, middle[k], INPUT, "input", _s(value), lit=inside, faint=t < 0 or t > now)
        if t >= 0:
            canvas.text(middle[k], NUMBERS, str(t + 1), lit=t == now)
            known = _s(answers[t]) if t <= now else ""
            _cell(canvas, middle[k], RESPONSE, "hidden", known, lit=t == now, faint=t > now)
    return canvas.svg(LEFT + len(line) * COLUMN + 4, LINE + 14)


def _cell(canvas, x, top, colour, words, *, lit, faint):
    canvas.box(x - CELL[0] / 2, top, *CELL, colour, lit=lit, faint=faint)
    canvas.text(x, top + 16, words, colour, lit=lit)


def _line_in_words(held, taps, answer, now):
    terms = " + ".join(f"{_s(u)} × {_s(v)}" for u, v in zip(taps, held, strict=True))
    values = ", ".join(map(_s, held))
    return f"Step {now + 1}: the line holds {values}, the newest first. {terms} = {_s(answer)}."


def sliding(net, onsets=range(0, 23, 2), steps=30):
    """Show a glide at several onsets, and what the hidden units and the sums make of it.

    Parameters
    ----------
    net : rnncore.tdnn.TDNN
        With 8 inputs, and an output for each of `rnncore.tasks.GLIDES`.
    onsets : sequence of int
        One frame for each; the first is what the others are compared with.
    steps : int
        T.
    """
    presets = {kind: sliding_frames(net, k, onsets, steps) for k, kind in enumerate(GLIDES)}
    label = "A glide that slides in time, and the hidden units of the network"
    return player(presets, label=label, interval=700, handle="start", guess=SLIDING_GUESS)


def sliding_frames(net, kind, onsets, steps=30):
    """Draw one `Frame` for each onset of a glide without noise."""
    x = np.concatenate(
        [glides([kind], [k], np.random.default_rng(0), steps=steps, noise=0) for k in onsets],
        axis=1,
    )
    y, tape = net.forward(x)
    rest = net.forward(np.zeros_like(x))[1].h
    response, sums = tape.h - rest, y.sum(axis=0)
    high = np.abs(response).max() or 1.0
    return [
        Frame(
            _glide(x[:, k], response[:, k] / high, sums[k], onsets[k]),
            _glide_in_words(kind, onsets, k, response, sums[k]),
        )
        for k in range(len(onsets))
    ]


def _glide(x, response, sums, onset):
    """Draw a spectrogram, below it a row of bars for each hidden unit, below these the sums.

    What moves with the glide is drawn from its onset on, and then moved: most frames share it.
    """
    canvas = Canvas()
    steps, bands = x.shape
    right = EDGE + steps * STEP
    canvas.text(EDGE, 12, "time, in steps, to the right", anchor="start")
    canvas.text(4, TOP + BAND * bands / 2, "input", "input", anchor="start")
    with canvas.moved(onset * STEP):
        _spectrogram(canvas, x, EDGE - onset * STEP, TOP)
    base = TOP + BAND * bands + 14
    canvas.text(4, base + ROW * response.shape[1] / 2, "hidden", "hidden", anchor="start")
    for unit, row in enumerate(response.T):
        y = base + ROW * (unit + 0.5)
        canvas.line([(EDGE, y), (right, y)], strength=0.3)
        heights = [-value * ROW * 0.48 for value in row]  # those too low to be seen are left out
        bars = [(t * STEP, y, STEP - 1, h) for t, h in enumerate(heights, -onset) if abs(h) > 0.3]
        with canvas.moved(EDGE + onset * STEP):
            canvas.bars(bars, "hidden")
    y, best = base + ROW * response.shape[1] + 18, int(sums.argmax())
    canvas.text(4, y, "sum", "output", anchor="start")
    for k, (name, value) in enumerate(zip(GLIDES, sums, strict=True)):
        words = f"{name} {_s(value)}"
        canvas.text(EDGE + (k + 0.5) * (right - EDGE) / 3, y, words, "output", lit=k == best)
    return canvas.svg(right + 4, y + 8)


def _glide_in_words(kind, onsets, k, response, sums):
    """Say where the glide starts, whether the responses moved with it, and the sums."""
    by = onsets[k] - onsets[0]
    said = ", ".join(f"{name} {_s(value)}" for name, value in zip(GLIDES, sums, strict=True))
    silence = f"after {onsets[k]} steps of silence" if onsets[k] else "at once"
    start = f"The {GLIDES[kind]} glide starts {silence}."
    first, moved = response[: len(response) - by, 0], response[by:, k]
    lost = np.abs(response[len(response) - by :, 0]).max() if by else 0.0
    if not by:
        what = "Watch which hidden units answer, and when."
    elif np.abs(first - moved).max() > 1e-9:
        what = "The hidden responses are not those of the first frame."
    elif lost > 1e-9:
        what = f"The hidden responses moved by {by} steps, but the last of them are cut off."
    else:
        what = f"The hidden responses are those of the first frame, moved by {by} steps."
    return f"{start} {what} Summed over time: {said}."


def spectrograms(x, names, *, caption):
    """Picture sequences x (T, B, I) as spectrograms below each other: time right, bands up."""
    canvas, x = Canvas(), sequence(x)
    steps, batch, bands = x.shape
    high = BAND * bands
    for b, name in zip(range(batch), names, strict=True):
        top = 20 + b * (high + 34)
        canvas.text(4, top - 6, name, "input", anchor="start")
        canvas.box(4, top - 1, steps * STEP + 2, high + 2, None)
        _spectrogram(canvas, x[:, b], 5, top)
    strongest = np.abs(x).max(axis=2).argmax(axis=0)
    where = "; ".join(
        f"{name}, strongest at step {t}" for name, t in zip(names, strongest, strict=True)
    )
    alt = f"{batch} spectrograms of {steps} steps and {bands} bands, dark where strong: {where}."
    svg = canvas.svg(steps * STEP + 10, 20 + batch * (high + 34) - 28)
    return Picture(svg, alt, caption)


def _spectrogram(canvas, x, left, top):
    """Draw one cell for each step and band, the stronger the darker, in five shades."""
    bands = x.shape[1]
    shade = np.clip(np.round(x / max(x.max(), 1e-9) * 5), 0, 5)
    for level in range(1, 6):
        cells = [
            (left + t * STEP, top + (bands - 1 - band) * BAND, STEP, BAND)
            for t, band in zip(*np.nonzero(shade == level), strict=True)
        ]
        canvas.bars(cells, "input", strength=level / 5)


def _s(value):
    """Three digits at most, with a proper minus."""
    return rounded(value, 3, minus=MINUS)
