"""The state units of Jordan's network while a word is put out, one step a frame."""

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import listed, number
from rnncore.jordan import trace
from rnncore.rounding import rounded
from rnncore.tasks import plans

# Layout in pixels: a column for each step, a row for each state unit.
LEFT, COLUMN, TOP, GAP, UNIT = 46, 42, 62, 26, 24  # UNIT: the height of a bar for 1


def traces(word="ANANAS", decays=(0.0, 0.5, 0.9)):
    """Show what the state units hold while a word is put out, as a player, for several decays.

    With two or three decays, the reader is asked first which makes the last step stand out most.

    Parameters
    ----------
    word : str
        One letter for each step, at least two different ones.
    decays : sequence of float
        One example of the player for each.
    """
    decays = [number(decay, "decays", least=0, below=1) for decay in listed(decays, "decays")]
    highest = np.max([_held(word, decay).max(axis=0) for decay in decays], axis=0)
    presets = {f"decay {decay:g}": frames(word, decay, highest) for decay in decays}
    label = f"The state units while {word} is put out, one step a frame"
    return player(presets, label=label, handle="step", guess=_guess(word, decays))


def _guess(word, decays):
    """Ask with which decay the last step is furthest from every step before, if that is a choice.

    How far it is, is said by `_sentence` too: the largest difference in any unit.
    """
    last = len(word) - 1
    apart = []
    for decay in decays:
        states = _held(word, decay)
        differences = [abs(states[last] - state).max() for state in states[:last]]
        apart.append(min(differences, default=0))
    if len(decays) not in (2, 3) or np.isclose(sorted(apart)[-2], max(apart)):
        return None
    choices = tuple(f"decay {decay:g}" for decay in decays)
    return Guess(
        f"Guess first: at the last step of {word}, with which decay do the state units differ most"
        " from what they held at every step before?",
        choices,
        choices[int(np.argmax(apart))],
        f"In some unit they differ then by at least {_short(max(apart))} from any step before.",
        at=(choices[int(np.argmax(apart))], last),
    )


def frames(word, decay, highest=None):
    """Draw one `Frame` for the moment before each step, and one for after the last.

    `highest` leaves room for the highest value of each unit: of this decay, unless given.
    """
    states, letters = _held(word, decay), plans([word])[2]
    bases = TOP + np.cumsum(GAP + UNIT * (states.max(axis=0) if highest is None else highest))
    return [
        Frame(_drawn(word, letters, states, now, bases), _sentence(word, letters, states, now))
        for now in range(len(states))
    ]


def _held(word, decay):
    """Return what the state units hold before each step, and after the last: (T + 1, N)."""
    return trace(plans([word])[1], decay)[:, 0]


def _drawn(word, letters, states, now, bases):
    """Draw the letters put out so far, and below them what the state units held each time."""
    canvas = Canvas()
    for row, words in (18, "step"), (44, "letter"):
        canvas.text(4, row, words, anchor="start")
    for letter, base in zip(letters, bases, strict=True):
        canvas.text(4, base - 4, f"unit {letter}", "gradient", anchor="start")
        canvas.line([(LEFT, base), (LEFT + len(states) * COLUMN - 6, base)], strength=0.5)
    for t, state in enumerate(states):
        left, lit = LEFT + t * COLUMN, t == now
        middle = left + COLUMN / 2 - 3
        last = t == len(word)
        canvas.text(middle, 18, "end" if last else str(t + 1), lit=lit)
        if not last:
            canvas.box(left + 6, 28, COLUMN - 18, 24, "output", lit=lit, faint=t > now)
            if t <= now:
                canvas.text(middle, 44, word[t], "output", lit=lit)
        for value, base in zip(state, bases if t <= now else (), strict=t <= now):
            top = base - UNIT * value
            bar = left + 6, top, COLUMN - 18, UNIT * value
            canvas.bars([bar], "gradient", strength=0.9 if lit else 0.4)
            canvas.text(middle, top - 5, _short(value), "gradient", lit=lit)
    return canvas.svg(LEFT + len(states) * COLUMN, bases[-1] + 8)


def _sentence(word, letters, states, now):
    """Say what is held, whether it was held before, and which letter should come."""
    held = ", ".join(f"{k} {_short(v)}" for k, v in zip(letters, states[now], strict=True))
    if now == len(word):
        return f"After the last step: the state units hold {held}."
    said = f"Before step {now + 1}, at which {word[now]} should come: the state units hold {held}."
    if now == 0:
        return said + " Nothing has been put out yet."
    apart = [abs(states[now] - state).max() for state in states[:now]]
    least = min(apart)
    alike = [t for t in range(now) if apart[t] - least < 1e-12]
    steps = ("steps " if len(alike) > 1 else "step ") + " and ".join(f"{t + 1}" for t in alike)
    came = " and ".join(dict.fromkeys(word[t] for t in alike))
    if least > 1e-12:
        return (
            f"{said} The nearest before was {steps}, where {came} came:"
            f" no unit held a value that differs by more than {_short(least)}."
        )
    same = f"{said} Exactly this was held before {steps}, where {came} came"
    if came == word[now]:
        return f"{same}: the same letter again."
    return f"{same}: from the state units alone, nobody can know that it is {word[now]} now."


def _short(value):
    """Three digits at most, and no more than four decimals."""
    return rounded(value, 3, decimals=4)
