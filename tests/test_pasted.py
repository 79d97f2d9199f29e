"""What readers paste: columns of numbers in many hands, texts, and what is neither."""

import numpy as np
import pytest

from rnnbook.pasted import (
    FEWEST,
    LARGEST,
    LONGEST,
    MOST,
    SHORTEST,
    Unusable,
    characters,
    decoded,
    numbers,
    trimmed,
)

VALUES = (np.random.default_rng(0).normal(size=120) * 1000).round(2)


def lines(write, values=VALUES):
    return "\n".join(write(value) for value in values)


def swapped(number):
    """Write a number as in much of Europe: 1.234,56."""
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


WAYS = {
    "plain": lines(str),
    "a header": "temp\n" + lines(str),
    "Windows line ends": lines(str).replace("\n", "\r\n"),
    "a decimal comma": lines(lambda v: str(v).replace(".", ",")),
    "thousands with commas": lines(lambda v: f"{v:,.2f}"),
    "thousands with dots": lines(swapped),
    "thousands with spaces": lines(lambda v: swapped(v).replace(".", " ")),
    "thousands with narrow spaces": lines(lambda v: swapped(v).replace(".", "\u202f")),
    "thousands with apostrophes": lines(lambda v: f"{v:,.2f}".replace(",", "'")),
    "a real minus": lines(lambda v: str(v).replace("-", "−")),
    "exponents": lines(lambda v: f"{v:.8e}"),
    "quotation marks": lines(lambda v: f'"{v}"'),
    "per cent": lines(lambda v: f"{v} %"),
    "money": lines(lambda v: f"€{v}"),
    "a unit": lines(lambda v: f"{v} kWh"),
    "accountants": lines(lambda v: f"({-v})" if v < 0 else str(v)),
    "every other line empty": lines(str).replace("\n", "\n\n"),
    "comments": "# a station\n" + lines(str),
    "a list of Python": str(VALUES.tolist()),
    "an array of NumPy": "array(" + str(VALUES.tolist()) + ")",
    "one line": " ".join(map(str, VALUES)),
    "one line with decimal commas": " ".join(map(str, VALUES)).replace(".", ","),
    "one line with semicolons": ";".join(map(str, VALUES)).replace(".", ","),
    "lines of R": "\n".join(
        f"[{k + 1}] " + " ".join(map(str, VALUES[k : k + 6])) for k in range(0, 120, 6)
    ),
    "CSV": "date,temp\n" + "\n".join(f"2024-01-{k % 28 + 1:02},{v}" for k, v in enumerate(VALUES)),
    "CSV with quotes": 'date,"temp"\n'
    + "\n".join(f'"Jan {k % 28 + 1}, 2024","{v:,.2f}"' for k, v in enumerate(VALUES)),
    "CSV with semicolons": "date;temp\n"
    + "\n".join(f"2024-01-01;{swapped(v)}" for k, v in enumerate(VALUES)),
    "tabs and a year": "year\ttemp\n" + "\n".join(f"{1900 + k}\t{v}" for k, v in enumerate(VALUES)),
    "a count and a value": "\n".join(f"{k},{v}" for k, v in enumerate(VALUES)),
    "dates, times and values": "\n".join(
        f"2024-01-01 {k % 24:02}:00 {v}" for k, v in enumerate(VALUES)
    ),
    "a table of Markdown": "| date | temp |\n|---|---|\n"
    + "\n".join(f"| 2024 | {v} |" for v in VALUES),
    "the newest first": "date,temp\n"
    + "\n".join(f"{2200 - k}-01-01,{v}" for k, v in enumerate(VALUES[::-1])),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_numbers_in_every_hand(way):
    text, _ = decoded(WAYS[way].encode())
    assert np.allclose(numbers(text).values, VALUES, rtol=1e-8)


def test_whole_numbers_with_thousands_are_told_from_decimals():
    whole = lines(lambda v: f"{round(v) + 9000:,}")
    assert np.allclose(numbers(whole).values, VALUES.round() + 9000)
    small = lines(lambda v: f"0,{abs(round(v)) % 1000:03}")
    assert numbers(small).values.max() < 1
    assert "is read as" in numbers(small).notes[0], "what may be taken in two ways is said"


def test_a_column_may_be_chosen():
    text = "day,a,b\n" + "\n".join(f"{k},{v},{-v}" for k, v in enumerate(VALUES))
    assert numbers(text).columns == [(0, "day"), (1, "a"), (2, "b")]
    assert (numbers(text).column, numbers(text, 2).column, numbers(text, "b").column) == (1, 2, 2)
    assert "Of 3 columns with numbers “a” is taken." in numbers(text).notes
    with pytest.raises(Unusable, match="No column 'c' holds numbers; these do: 0 “day”, 1 “a”"):
        numbers(text, "c")


@pytest.mark.parametrize("word", ["", "NA", "nan", "-", "N/A", "null", "NULL", ".", "?", "#N/A"])
def test_what_is_missing(word):
    cells = [*map(str, VALUES)]
    cells[7] = cells[30] = word
    found = numbers("\n".join(["temp", *cells]))
    assert np.flatnonzero(np.isnan(found.values)).tolist() == [7, 30]
    assert "2 values are missing, the first in line 9" in found.notes[0]


def test_stopgaps_are_missing():
    cells = [*map(str, abs(VALUES))]
    cells[7] = "-9999"
    found = numbers("\n".join(cells))
    assert np.isnan(found.values[7])
    assert found.notes[0] == "-9999, 1 times here, is taken for missing."


def test_missing_at_both_ends_is_left_out():
    assert len(numbers("NA\n\n" + lines(str) + "\nNA\n\n").values) == len(VALUES)
    assert trimmed(np.full(3, np.nan)).size == 0


def test_a_few_slips_are_named_and_left_out():
    cells = [*map(str, VALUES)]
    cells[5], cells[9] = "abc", "inf"
    found = numbers("\n".join(cells))
    assert np.isnan(found.values[[5, 9]]).all()
    assert found.notes[0].startswith("2 entries are no numbers (line 6: “abc”, line 10: “inf”)")


def test_of_a_long_series_the_end_is_taken():
    found = numbers("\n".join(f"{k}.5" for k in range(MOST + 5)))
    assert len(found.values) == MOST and found.values[0] == 5.5
    assert f"the last {MOST:,}" in found.notes[-1]


BAD = {
    "nothing": (" \n ", "Nothing is here yet"),
    "words": ("hello\nworld, this is none", "No column of numbers is here; line 1 begins with"),
    "comments": ("# a\n# b", "All lines are comments"),
    "too few": ("1\n2\n3", f"3 values are too few: at least {FEWEST}"),
    "one": ("1", "1 value is too few"),
    "many slips": (
        lines(lambda v: "abc" if abs(v) > 1500 else str(v)),
        r"entries are no numbers \(line \d+: “abc”.*too many",
    ),
    "much missing": (lines(lambda v: f"{v}\nNA"), "are missing, of 239: more than a quarter"),
    "yes and no": ("True\nFalse\n" * 60, "No column of numbers"),
    "too large": ("1e300\n" * 120, "No column of numbers"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_said_in_a_sentence(case):
    text, said = BAD[case]
    with pytest.raises(Unusable, match=said):
        numbers(text)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é\r\nb\rc".encode(), "é\nb\nc"),
        ("é".encode("utf-8-sig"), "é"),
        ("é\n1".encode("utf-16"), "é\n1"),
        ("12\n13\n14".encode("utf-16-le"), "12\n13\n14"),
        ("12\n13\n14".encode("utf-16-be"), "12\n13\n14"),
        ("naïve – “so”".encode("cp1252"), "naïve – “so”"),
        (b"", ""),
    ],
)
def test_encodings(data, text):
    found, notes = decoded(data)
    assert found == text
    assert bool(notes) == ("naïve" in text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 ...", "This is a PDF file"),
        (b"PK\x03\x04...", "save it as plain text or CSV"),
        (b"\xd0\xcf\x11\xe0", "an old file of Word or Excel"),
        (b"\x89PNG\r\n", "This is a picture"),
        (bytes(range(32)) * 40, "no plain text"),
        (b"1" * (LARGEST + 1), "at most 2,000 KB are read"),
    ],
)
def test_what_is_no_text_is_said(data, said):
    with pytest.raises(Unusable, match=said):
        decoded(data)


def test_characters_are_read_as_the_novel_is():
    text, notes = characters("A Line.  \n\n\n\tNEXT e\u0301\u200b.\n" * 1000)
    assert text.startswith("a line.\n next é.\na line.") and notes == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nothing is here yet"),
        ("short", f"5 characters are too few: at least {SHORTEST:,}"),
        ("ab" * 9000, "Only 2 different characters"),
    ],
)
def test_texts_that_cannot_be_used(text, said):
    with pytest.raises(Unusable, match=said):
        characters(text)


def test_of_a_long_text_the_beginning_is_taken():
    text, (note,) = characters("words go on. " * 20_000)
    assert len(text) == LONGEST and f"the first {LONGEST:,}" in note


@pytest.mark.parametrize("call", [decoded, numbers, characters])
def test_other_kinds_are_refused(call):
    with pytest.raises(TypeError, match=r"must be (bytes|a text), got int"):
        call(3)
