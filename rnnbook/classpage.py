"""The page of `rnnbook.classroom`: one file, no script, and nothing taken on trust."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from importlib import import_module
from pathlib import Path
from statistics import median_low

import rnncore
from rnnbook import records
from rnnbook.exercises import CHAPTERS
from rnnbook.sections import SECTIONS, anchor

FILE = "what-the-class-got-wrong.html"
ROOT = Path(__file__).resolve().parent.parent  # of the book, where the notebooks are beside it
MANY = 4  # tries from which on one is stuck
SHOWN = 10  # rows of a list at the head of the page
REMARKS = 100  # files that are named


@dataclass
class Result:
    """What a class made of one exercise."""

    label: str
    name: str  # as the page says it
    page: str  # of its chapter in the book, where that is known
    told: list  # what each learner was told who has tried it
    words: dict  # what is said to each usual mistake, by its name

    @property
    def passed(self):
        """Count who passed."""
        return sum(map(records.passed, self.told))

    @property
    def tries(self):
        """Return how many tries each took who passed, in order."""
        return sorted(records.tries(told) for told in self.told if records.passed(told))

    @property
    def stuck(self):
        """Count who took `MANY` tries, or more."""
        return sum(records.tries(told) >= MANY for told in self.told)

    @property
    def mistakes(self):
        """Count the learners by what they were told, the most common first; right is none."""
        every = Counter(verdict for told in self.told for verdict in told)
        return [(v, n) for v, n in every.most_common() if v not in QUIET]


QUIET = (records.RIGHT, records.UNTOUCHED)


# The book.


def chapters():
    """Return the page and the title of each chapter with exercises, by name, in the book's order.

    Where the notebooks are not at hand the page is "", and the title the name.
    """
    contents = ROOT / "_toc.yml"
    files = re.findall(r"file: (\S+)", contents.read_text("utf-8")) if contents.exists() else ()
    notebooks = [path for name in files if (path := ROOT / f"{name}.ipynb").exists()]
    found = {
        path.stem: (path.relative_to(ROOT).with_suffix(".html").as_posix(), _title(path))
        for path in notebooks
        if path.stem in CHAPTERS
    }
    return found | {name: ("", name) for name in sorted(CHAPTERS - found.keys())}


def _title(notebook):
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    first = next(cell for cell in cells if cell["cell_type"] == "markdown")
    return first["source"][0].lstrip("# ").strip()


def results(found, book=None):
    """Return the results by the title of the chapter, and counts of labels that are in none."""
    by_chapter, known = {}, set()
    base = book and book.rstrip("/") + "/"
    if not base and (built := ROOT / "_build" / "html").exists():
        base = f"{built.as_uri()}/"
    for name, (page, title) in chapters().items():
        exercises = import_module(f"rnnbook.exercises.{name}").EXERCISES
        known |= set(exercises)
        rows = []
        for number, (label, exercise) in enumerate(exercises.items(), start=1):
            every = [record["exercises"].get(label, {}) for record in found.records]
            rows.append(
                Result(
                    label,
                    f"{title}, exercise {number}",
                    f"{base}{page}" if base and page else "",
                    [told for told in every if records.tries(told)],
                    {records.mistake(words): words for _, words in exercise.mistakes},
                )
            )
        if any(row.told for row in rows):
            by_chapter[title] = rows
    labels = Counter(label for record in found.records for label in record["exercises"])
    return by_chapter, {label: n for label, n in labels.items() if label not in known}


# The page.


def page(found, book=None):
    """Write the page on a `Class`."""
    by_chapter, unknown = results(found, book)
    every = [row for rows in by_chapter.values() for row in rows]
    parts = [
        f"<h1>What your class got wrong</h1><p>{_count(len(found.records), 'learner')},"
        f" {_count(sum(bool(row.told) for row in every), 'exercise')} tried."
        " A learner counts once for each exercise, however often the same was said.</p>",
        _common(every),
        _piles(every),
        *(_section(title, rows) for title, rows in by_chapter.items()),
        _learners(found.records),
        _remarks(found, unknown),
    ]
    return PAGE.replace("@STYLE@", STYLE).replace("@BODY@", "\n".join(filter(None, parts)))


def _count(number, noun):
    """Say how many.

    >>> _count(1, "try"), _count(2, "file")
    ('1 try', '2 files')
    """
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _link(row, words=None):
    return _linked(row.page, row.label, words or row.name)


def _linked(page, place, words):
    return f'<a href="{escape(page)}#{place}">{escape(words)}</a>' if page else escape(words)


def _answered(row):
    """Say which section of the chapter answers the mistakes of an exercise."""
    heading = SECTIONS[row.label]
    return f"<small>Read again: {_linked(row.page, anchor(heading), heading)}</small>"


def _common(every):
    """List the usual mistakes that most were told of."""
    mistakes = [
        (number, row, row.words[verdict])
        for row in every
        for verdict, number in row.mistakes
        if verdict in row.words
    ]
    if not mistakes:
        return ""
    mistakes.sort(key=lambda entry: -entry[0])
    items = "".join(
        f"<li><b>{number} of {len(row.told)}</b> {escape(words)} <small>{_link(row)}.</small>"
        f" {_answered(row)}</li>"
        for number, row, words in mistakes[:SHOWN]
    )
    return (
        "<section><h2>Common mistakes</h2><p>By how many of those who tried the exercise;"
        f" each with the words that the book answered.</p><ol>{items}</ol></section>"
    )


def _piles(every):
    """List the exercises that take most learners many tries."""
    rows = sorted((row for row in every if row.stuck), key=lambda row: -row.stuck / len(row.told))
    if not rows:
        return ""
    items = "".join(
        f"<li><b>{row.stuck} of {len(row.told)}</b> {_link(row)}</li>" for row in rows[:SHOWN]
    )
    return (
        f"<section><h2>Where tries pile up</h2><p>Who took {MANY} tries or more, whether or not"
        f" they passed in the end.</p><ol>{items}</ol></section>"
    )


def _section(title, rows):
    return f"<section><h2>{escape(title)}</h2>{''.join(map(_exercise, rows))}</section>"


def _exercise(row):
    name = row.name.rpartition(", ")[2].capitalize()
    head = f"<h3>{_link(row, name)} <small>{escape(row.label)}</small></h3>"
    if not row.told:
        return f"{head}<p>Nobody has tried it.</p>"
    share = round(100 * row.passed / len(row.told))
    took = f", in {_count(median_low(row.tries), 'try')} (median)" if row.tries else ""
    items = "".join(
        f"<li><b>{number}</b> {_said(row, verdict)}</li>" for verdict, number in row.mistakes
    )
    return (
        f'{head}<p><span class="bar" aria-hidden="true"><i style="width:{share}%"></i></span>'
        f"{row.passed} of {len(row.told)} passed{took}.</p>"
        f"{f'<ul>{items}</ul><p>{_answered(row)}</p>' if items else ''}"
    )


def _said(row, verdict):
    """Say what stands behind the name of a verdict."""
    if verdict in row.words:
        return escape(row.words[verdict])
    if verdict == records.CLOSE:
        return "<em>close: a digit more was asked for</em>"
    if verdict == records.OTHER:
        return "<em>something else</em>"
    return f"<em>{escape(verdict)}, which this version of the book does not know</em>"


def _learners(every):
    """List who has handed in, by the names that they typed."""
    if not every:
        return ""
    rows = [
        (record["name"].strip() or f"no name, {record['id'][:8]}", record["exercises"].values())
        for record in every
    ]
    items = "".join(
        f"<li><bdi>{escape(name)}</bdi>: {sum(map(records.passed, told))} passed,"
        f" {sum(bool(records.tries(one)) for one in told)} tried</li>"
        for name, told in sorted(rows, key=lambda row: row[0].casefold())
    )
    return f"<details><summary>Who has handed in</summary><ul>{items}</ul></details>"


def _remarks(found, unknown):
    """Say what was set aside, and what does not fit this version of the book."""
    items = [
        f"<li><bdi>{escape(name)}</bdi>: {escape(why)}</li>"
        for name, why in found.remarks[:REMARKS]
    ]
    if len(found.remarks) > REMARKS:
        items.append(f"<li>and {_count(len(found.remarks) - REMARKS, 'more file')}</li>")
    said = f"<p>Set aside:</p><ul>{''.join(items)}</ul>" if items else ""
    if found.doubled:
        said += f"<p>{_count(found.doubled, 'record')} of a learner who handed in a later one.</p>"
    other = {version: n for version, n in found.versions.items() if version != rnncore.__version__}
    if other:
        told = ", ".join(f"{_count(n, 'record')} of {escape(v)}" for v, n in other.items())
        said += (
            f"<p>Made with another version of the book than this one,"
            f" {rnncore.__version__}: {told}. What both know is counted.</p>"
        )
    if unknown:
        told = ", ".join(f"{escape(label)} ({n})" for label, n in sorted(unknown.items())[:REMARKS])
        said += f"<p>Exercises that this version does not have: {told}.</p>"
    return f"<section><h2>About the files</h2>{said}</section>" if said else ""


STYLE = """
:root { color-scheme: light dark; --bar: #1b6ca8; --line: #ccc; --quiet: #555; }
@media (prefers-color-scheme: dark) { :root { --bar: #7ab8e6; --line: #444; --quiet: #aaa; } }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.2rem; padding-top: 0.6rem; border-top: 1px solid var(--line); }
h3 { margin: 1.4rem 0 0.3rem; font-size: 1rem; }
p { margin: 0.3rem 0; }
small { color: var(--quiet); font-weight: 400; }
li { margin: 0.3rem 0; }
ul { margin: 0.3rem 0; padding-left: 1.3rem; }
summary { min-height: 2rem; margin-top: 2rem; cursor: pointer; }
.bar { display: inline-block; width: 8rem; height: 0.7rem; margin-right: 0.7rem;
  border: 1px solid var(--bar); border-radius: 3px; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--bar); print-color-adjust: exact; }
@media print { h2, h3 { break-after: avoid; } li { break-inside: avoid; } a { color: inherit; } }
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What your class got wrong</title>
<style>@STYLE@</style>
</head>
<body>
<main>
@BODY@
</main>
</body>
</html>
"""
