"""What a reader pastes or chooses: a column of numbers, or a plain text, read with goodwill.

What cannot be used is refused in a sentence for the reader; what was taken otherwise than it
stands there, such as a decimal comma or a missing value, is said in a note.
"""

import csv
import itertools
import math
import re
import unicodedata
from typing import NamedTuple

import numpy as np

LARGEST = 2_000_000  # bytes of a file
FEWEST, MOST = 100, 10_000  # values of a series
SHORTEST, LONGEST = 10_000, 200_000  # characters of a text
MISSING_SHARE, WRONG_SHARE = 0.25, 0.05  # of the values, that may be missing, or no numbers

MISSING = {"", "-", "–", "—", ".", "?", "na", "n/a", "#n/a", "nan", "null", "none", "nil"}
STOPGAPS = {-999.0, -9999.0, -99999.0}  # that files write for what is missing
CLOCKS = {
    *("date", "time", "year", "month", "day", "hour", "index", "id", "nr", "no", "t", "week"),
    *("datum", "jahr", "monat", "tag", "timestamp", "unnamed: 0"),
}  # names of columns that say when


class Unusable(ValueError):
    """What was given cannot be used; the message is a sentence for the reader."""


class Column(NamedTuple):
    """A column of numbers as it was found.

    Attributes
    ----------
    values : array (N,)
        NaN where one is missing.
    columns : list of (int, str)
        Number and name of each column that holds numbers.
    column : int
        The number of the one that was taken.
    notes : list of str
        What a reader has to know of how it was read.
    """

    values: np.ndarray
    columns: list
    column: int
    notes: list


# From bytes to a text

KINDS = {
    b"%PDF": "a PDF file: copy the text out of it, and paste that",
    b"PK\x03\x04": "a zip file, as those of Word and Excel are: save it as plain text or CSV",
    b"\xd0\xcf\x11\xe0": "an old file of Word or Excel: save it as plain text or CSV",
    b"{\\rtf": "a file in Rich Text Format: save it as plain text",
    b"\x1f\x8b": "a compressed file: unpack it first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}


def decoded(data):
    r"""Return the text of a file, with "\n" for every kind of line end, and the notes on it.

    >>> decoded("a\r\nb".encode("utf-8-sig"))
    ('a\nb', [])
    """
    if not isinstance(data, bytes):
        raise TypeError(f"data must be bytes, got {type(data).__name__}")
    if len(data) > LARGEST:
        raise Unusable(f"The file is too large: at most {LARGEST / 1e3:,.0f} KB are read here.")
    for beginning, what in KINDS.items():
        if data.startswith(beginning):
            raise Unusable(f"This is {what}.")
    text, notes = _text(data)
    strange = sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v" for c in text)
    if strange > len(text) / 1000:
        raise Unusable("This is no plain text: it holds characters that nobody can read.")
    return re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", text), notes


def _text(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), []
    for encoding, zeros in ("utf-16-le", data[1::2]), ("utf-16-be", data[::2]):
        if zeros.count(0) > 0.6 * max(1, len(zeros)):
            return data.decode(encoding, errors="replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "The file is not in UTF-8, so it is read as Windows-1252: look at the accents."
        return data.decode("cp1252", errors="replace"), [note]


# From a text to a column of numbers


def numbers(text, column=None):
    r"""Find a column of numbers in a text.

    The columns may stand between tabs, semicolons, commas, bars or spaces, under a header; a
    number may have a decimal comma, thousands set apart, and a sign of money or per cent.

    Parameters
    ----------
    text : str
    column : int or str, optional
        The number of a column, from 0, or its name; otherwise the first that says no time.

    Raises
    ------
    Unusable
        Where there are no numbers, too few, or too many that are missing or cannot be read.

    Examples
    --------
    >>> found = numbers("day;high\n" + "\n".join(f"{k};{k % 7},5" for k in range(100)))
    >>> found.values[:3], found.columns
    (array([0.5, 1.5, 2.5]), [(0, 'day'), (1, 'high')])
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a text, got {type(text).__name__}")
    if not text.strip():
        raise Unusable("Nothing is here yet: paste numbers, or choose a file.")
    rows, notes = _laid_out(text)
    tried = [_Cells(k, cells) for k, cells in enumerate(zip(*rows, strict=True))]
    usable = [one for one in tried if one.count >= max(1, len(one.wrong))]
    if not usable:
        line, cell = next(cell for row in rows for cell in row if cell[1])
        raise Unusable(f"No column of numbers is here; line {line} begins with {_quoted(cell)}.")
    taken = _taken(usable, column)
    columns = [(one.number, one.name) for one in usable]
    if len(columns) > 1:
        notes.append(f"Of {len(columns)} columns with numbers “{taken.name}” is taken.")
    values = _checked(taken, notes)
    if _newest_first(tried):
        values = values[::-1]
        notes.append("The newest line stands first, so the order is turned round.")
    if len(values) > MOST:
        notes.append(f"Of {len(values):,} values the last {MOST:,} are taken.")
        values = values[-MOST:]
    return Column(trimmed(values), columns, taken.number, notes)


def _checked(cells, notes):
    """Return all values of a column; refuse what is too bad, and note what is not."""
    values, wrong = cells.values.copy(), cells.wrong
    if wrong:
        some = ", ".join(f"line {line}: {_quoted(cell)}" for line, cell in wrong[:3])
        more = ", …" if len(wrong) > 3 else ""
        said = f"{_many(len(wrong), 'entry is no number', 'entries are no numbers')} ({some}{more})"
        if len(wrong) > WRONG_SHARE * len(values):
            raise Unusable(f"{said}; that is too many of {len(values):,}.")
        notes.append(f"{said}, and taken for missing.")
    stopgap = np.isin(values, list(STOPGAPS))
    others = values[~stopgap & ~np.isnan(values)]
    if stopgap.any() and others.size and others.min() > -900:
        number = values[stopgap][0]
        notes.append(f"{number:.0f}, {stopgap.sum()} times here, is taken for missing.")
        values[stopgap] = np.nan
    notes.extend(cells.notes)
    given = trimmed(values)
    missing = np.isnan(given)
    if (~missing).sum() < FEWEST:
        raise Unusable(
            f"{_many((~missing).sum(), 'value is', 'values are')} too few: at least {FEWEST} are"
            " needed, so that the last fifth can tell anything."
        )
    if missing.any():
        said = _many(missing.sum(), "value is missing", "values are missing")
        if missing.mean() > MISSING_SHARE:
            raise Unusable(f"{said}, of {len(given):,}: more than a quarter.")
        first = int(np.argmax(np.isnan(values) & (np.cumsum(~np.isnan(values)) > 0)))
        notes.append(
            f"{said}, the first in line {cells.cells[first][0]}: the value before is read instead,"
            " and nothing is judged there."
        )
    return values


def trimmed(values):
    """Leave out what is missing at both ends.

    >>> trimmed(np.array([np.nan, 1.0, np.nan, 2.0, np.nan]))
    array([ 1., nan,  2.])
    """
    there = np.flatnonzero(~np.isnan(values))
    return values[there[0] : there[-1] + 1] if there.size else values[:0]


def _many(count, one, more):
    return f"{count:,} {one if count == 1 else more}"


def _quoted(cell):
    return f"“{cell[:20]}{'…' if len(cell) > 20 else ''}”"


def _taken(usable, column):
    """Return the column that was asked for, else the first that says no time."""
    if column is None:
        likely = [one for one in usable if one.is_full and not one.is_clock]
        return (likely or usable)[0]
    for one in usable:
        if column == (one.name if isinstance(column, str) else one.number):
            return one
    known = ", ".join(f"{one.number} “{one.name}”" for one in usable)
    raise Unusable(f"No column {column!r} holds numbers; these do: {known}.")


def _newest_first(columns):
    """Say whether a column of dates, the year in front, runs backwards."""
    for one in columns:
        dates = [cell for _, cell in one.cells if re.match(r"\d{4}-\d\d-\d\d", cell)]
        if len(dates) > 0.9 * len(one.cells) and dates[0] > dates[-1]:
            return all(a >= b for a, b in itertools.pairwise(dates))
    return False


# Rows and columns


def _laid_out(text):
    """Return rows of equally many (line, cell), and notes."""
    text = re.sub(r"^\[\d+\]", "", text, flags=re.M)  # R counts in front of each line
    if re.match(r"\s*[\w.]*[\[(]", text):  # a list of a programming language
        text = re.sub(r"\b(?:np\.)?(?:array|float\d+|int\d+)\b|[\[\]()]", " ", text)
    lines = [
        (k, line.strip(" \ufeff|"))
        for k, line in enumerate(text.split("\n"), start=1)
        if not re.match(r"\s*(#(?!N/A)|//)|[\s|:+-]*[-+]+[|+][\s|:+-]*$", line)
    ]
    full = [(k, line) for k, line in lines if line.strip()]
    if not full:
        raise Unusable("All lines are comments: no number is here.")
    between = _separator([line for _, line in full])
    spaced = len(full) < 0.7 * len(lines)  # every other line is empty
    if not between and not spaced:  # an empty line is a missing value
        full = lines[lines.index(full[0]) : lines.index(full[-1]) + 1]
    rows = [[(k, cell.strip().strip('"')) for cell in _cut(line, between)] for k, line in full]
    width = max(map(len, rows))
    if width > 4 and (len(rows) <= 3 or (len(rows) < FEWEST and _all_numbers(rows))):
        flat = [[cell] for row in rows for cell in row if cell[1]]
        return flat, ["The numbers are read line by line, from left to right."]
    return [row + [(row[-1][0], "")] * (width - len(row)) for row in rows], []


def _cut(line, between):
    if between is None:
        return [line]
    if between == " ":
        return line.split()
    try:
        return next(csv.reader([line], delimiter=between, skipinitialspace=True), [""])
    except csv.Error:
        return line.split(between)


def _all_numbers(rows):
    cells = [cell for row in rows for _, cell in row if cell]
    first = [read(row[0][1]) for row in rows]
    return all(read(cell) is not None for cell in cells) and not _even(first)


GROUPED = r"[-+−]?\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d+)?"
COMMA = r"[-+−]?\d+,\d+|[-+−]?\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?"


def _separator(lines):
    """Return what stands between the columns, or None where there is one column."""

    def usual(mark):
        return sum(mark in line for line in lines) > len(lines) / 2

    for mark in "\t;|":
        if usual(mark):
            return mark
    words = [line.split() for line in lines]
    many = [row for row in words if len(row) > 1]
    in_words = len(many) > len(lines) / 2
    if usual(","):
        if in_words and all(re.fullmatch(COMMA, word) for row in many for word in row):
            return " "  # 3,1 4,2 5,9
        marked = [line for line in lines if "," in line and re.search(r"\d", line)]
        plain = all(re.fullmatch(f"{COMMA}|{GROUPED}", line.strip('"')) for line in marked)
        front = [line.split(",")[0] for line in marked]
        return None if plain and not _even([read(cell) for cell in front]) else ","
    if in_words:
        apart = all(re.fullmatch(GROUPED, " ".join(row)) for row in many)
        front = [read(row[0]) for row in many]
        units = all(len(row) == 2 and not re.search(r"\d", row[1]) for row in many)
        return None if units or (apart and not _even(front)) else " "
    return None


def _even(values):
    """Say whether numbers rise or fall by the same every time, as a count of the lines does."""
    known = [value for value in values if value is not None]
    if len(known) < 5 or len(known) < 0.9 * len(values):
        return False
    step = np.diff(known)
    return bool(step[0]) and np.allclose(step, step[0], rtol=1e-9, atol=0)


class _Cells:
    """One column: its cells, and the numbers that are in them."""

    def __init__(self, number, cells):
        self.number = number
        values, shown = _values([cell for _, cell in cells])
        first = next((k for k, v in enumerate(values) if v is not None and not math.isnan(v)), 0)
        head = [cell for (_, cell), v in zip(cells, values, strict=True) if v is None][:first]
        self.name = head[-1][:40] if head else f"column {number + 1}"
        self.cells, values = cells[first:], values[first:]
        pairs = list(zip(self.cells, values, strict=True))
        self.wrong = [cell for cell, value in pairs if value is None]
        self.values = np.array([math.nan if v is None else v for v in values])
        self.count = int((~np.isnan(self.values)).sum())
        self.is_full = self.count >= len(values) / 2
        self.notes = [f"“{shown[0]}” is read as {shown[1]:,.10g}."] if shown else []

    @property
    def is_clock(self):
        """Whether it counts the lines, or says the year or the date."""
        known = self.values[~np.isnan(self.values)]
        rising = bool((np.diff(known) >= 0).all()) and (known % 1 == 0).all()
        year = rising and known.min() > 1600 and known.max() < 2200
        date = rising and known.min() > 16000000 and known.max() < 22000000
        return self.name.lower() in CLOCKS or _even(known) or bool(year or date)


UNIT = re.compile(
    r"^[€$£¥]\s*|\s*(?:%|[€$£¥]|°\s*[CFK]?)$|(?<=\d)\s*(?:[kMG]?Wh?|[kcm]?m|k?g|m?l|t|hPa|m?bar|km/h"
    r"|m/s|mph|bpm|ppm|m?s|min|h|[kMG]B)$"
)
SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’_](?=\d{3}(?!\d))")
PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def _values(cells):
    """Read cells as numbers: NaN where one is missing, None where it is no number; and an example.

    All cells of a column are written in one way, so one that is clear settles the others.
    """
    bare = [_bare(cell) for cell in cells]
    marks = [re.sub(r"[^.,]", "", cell) for cell in bare if re.fullmatch(r"[-+\d.,eE]+", cell)]
    both = [mark for mark in marks if len(set(mark)) == 2]
    commas = [cell for cell in bare if "," in cell and re.fullmatch(r"[-+\d.,]+", cell)]
    if both:
        decimal = both[0][-1]
    elif any(mark.count(",") > 1 for mark in marks):
        decimal = "."
    elif any(mark.count(".") > 1 for mark in marks):
        decimal = ","
    elif commas and not any("." in mark for mark in marks):
        grouped = all(re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", cell) for cell in commas)
        decimal = "." if grouped else ","
    else:
        decimal = "."
    other = "," if decimal == "." else "."
    values = [read(cell.replace(other, "").replace(decimal, ".")) for cell in bare]
    special = [
        (cell, value)
        for cell, one, value in zip(cells, bare, values, strict=True)
        if value is not None and not math.isnan(value) and "," in one
    ]
    return values, special[0] if special else None


def _bare(cell):
    """Leave out signs of money, per cent and degrees, and what sets thousands apart."""
    cell = UNIT.sub("", cell.strip()).replace("−", "-")
    cell = re.sub(r"^\((\d[\d.,]*)\)$", r"-\1", cell)  # how accountants write less than nothing
    return SPACES.sub("", cell)


def read(cell):
    """Return a cell as a float, NaN where it says that one is missing, None where it is no number.

    >>> read("1.5"), read("NA"), read("abc")
    (1.5, nan, None)
    """
    if cell.strip().lower() in MISSING:
        return math.nan
    if not PLAIN.fullmatch(cell.strip()):
        return None
    value = float(cell)
    return value if abs(value) < 1e15 else None


# From a text to characters


def characters(text):
    r"""Return a text as the chapter on writing reads it, in lower case, and the notes on it.

    Raises
    ------
    Unusable
        Where it is too short, or says nothing.

    Examples
    --------
    >>> characters("It is.\n\n\tA truth, and more of it. " * 400)[0][:24]
    'it is.\n a truth, and mor'
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a text, got {type(text).__name__}")
    if not text.strip():
        raise Unusable("Nothing is here yet: paste a text, or choose a file.")
    text = unicodedata.normalize("NFC", text).lower()
    text = re.sub(r"[\t\u00a0\u2009\u202f]", " ", text)
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf"))
    text = "\n".join(line.rstrip() for line in text.split("\n") if line.strip())
    notes = []
    if len(text) < SHORTEST:
        raise Unusable(
            f"{len(text):,} characters are too few: at least {SHORTEST:,} are needed, or a model"
            " learns next to nothing."
        )
    if len(text) > LONGEST:
        notes.append(f"Of {len(text):,} characters the first {LONGEST:,} are taken.")
        text = text[:LONGEST]
    if len(set(text)) < 5:
        raise Unusable(f"Only {len(set(text))} different characters are here: that is no text.")
    return text, notes
