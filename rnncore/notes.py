"""Tunes in ABC notation, as `rnncore.datasets.jigs` has them: from letters to pitches and lengths.

A letter is a note, C the middle C and c the one above it; commas lower it by an octave, apostrophes
raise it.  ^ sharpens, _ flattens and = does neither, to the end of the bar.  A number after it is
its length in eighths, a number after a stroke divides it; > gives half of the next note's length to
the one before, < the other way round.  z is a rest, and | ends a bar.

The rules are those of the ABC music standard 2.1 (Walshaw, C., 2011), as far as these tunes go.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from rnncore.arrays import choice, text

_NOTE = re.compile(r"([\^_=]*)([A-Ga-gz])([,']*)(\d*)(/*)(\d*)([<>]*)")
_SEMITONES = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
# The letters that the key signature sharpens.
_SHARPS = {
    "G": "F", "D": "FC", "A": "FCG", "Am": "", "Em": "F", "C": "", "Dmix": "F", "Edor": "FC",
}  # fmt: skip
KEYS = tuple(_SHARPS)
"""The keys that are known: major, minor (m), Mixolydian (mix) and Dorian (dor)."""


class Note(NamedTuple):
    """A note: its pitch, 60 for the middle C and 1 more a semitone, or None; and its length."""

    pitch: int | None
    eighths: Fraction


def bars(abc, key="C"):
    """Read a tune: a list of its bars, each a list of `Note`.

    What is no notation is passed over, for a network may write anything.

    Parameters
    ----------
    abc : str
    key : str
        One of `KEYS`: which notes are sharp unless told otherwise.

    Examples
    --------
    >>> (bar,) = bars("F>G=F2z", key="G")
    >>> [(note.pitch, str(note.eighths)) for note in bar]
    [(66, '3/2'), (67, '1/2'), (65, '2'), (None, '1')]
    """
    text(abc, "abc"), choice(key, "key", KEYS)
    return [_bar(bar, _SHARPS[key]) for bar in abc.split("|")]


def _bar(bar, sharps):
    notes, altered, owed = [], {}, Fraction(1)
    for signs, letter, octaves, times, strokes, divided, broken in _NOTE.findall(bar):
        divisor = int(divided or 2 ** len(strokes)) if strokes else 1
        length = owed * int(times or 1) / max(1, divisor)
        share = Fraction(1, 2 ** len(broken))  # of the note that is cut short
        owed = share if broken[:1] == ">" else 2 - share if broken else Fraction(1)
        length *= 2 - share if broken[:1] == ">" else share
        if letter == "z":
            notes.append(Note(None, length))
            continue
        name = letter.upper()
        if signs:
            altered[letter + octaves] = signs.count("^") - signs.count("_")
        sharp = altered.get(letter + octaves, int(name in sharps))
        octave = (letter != name) + octaves.count("'") - octaves.count(",")
        notes.append(Note(60 + 12 * octave + _SEMITONES[name] + sharp, length))
    return notes


def eighths(abc):
    """Return how long each bar of a tune is, in eighths.

    >>> eighths("D|GFGA>Bc|B3A3")
    [Fraction(1, 1), Fraction(6, 1), Fraction(6, 1)]
    """
    return [sum((note.eighths for note in bar), Fraction(0)) for bar in bars(abc)]
