"""A board of the exercises that are passed, and the record behind it as a file to hand in.

For Jupyter; a page of the book shows its own board above its exercises, and has a button to save.
"""

from html import escape
from importlib import import_module
from pathlib import Path

from rnnbook import records
from rnnbook.exercises import CHAPTERS


class Board:
    """What stands in the record about one chapter, or about all that were begun; see `board`."""

    def __init__(self, rows):
        self.rows = rows

    def __repr__(self):
        if not self.rows:
            return "No exercise was tried yet: check(...) keeps what it says."
        width = max(len(name) for name, _, _ in self.rows)
        return "\n".join(f"{name:{width}} {mark} {said}" for name, mark, said in self.rows)

    def _repr_html_(self):
        if not self.rows:
            return f"<p>{escape(repr(self))}</p>"
        left = 'style="text-align:left"'
        rows = "".join(
            f'<tr><th scope="row" {left}>{escape(name)}</th>'
            f'<td aria-hidden="true">{mark}</td><td {left}>{escape(said)}</td></tr>'
            for name, mark, said in self.rows
        )
        return f"<table><caption>Exercises passed</caption><tbody>{rows}</tbody></table>"


def board(chapter=None):
    """Show which exercises are passed: of one chapter, or how many of each that was begun.

    Parameters
    ----------
    chapter : str, optional
        The name of the chapter's notebook, such as "bptt".

    Raises
    ------
    ValueError
        If no chapter with exercises bears this name.

    Examples
    --------
    >>> board("music")
    music-bar     ○ not tried
    music-upbeats ○ not tried
    music-again   ○ not tried
    """
    exercises = records.current()["exercises"]
    if chapter is not None:
        if chapter not in CHAPTERS:
            raise ValueError(
                f"chapter must be one of {', '.join(sorted(CHAPTERS))}, got {chapter!r}"
            )
        told = {label: exercises.get(label, {}) for label in labels(chapter)}
        return Board([(label, *_state(said)) for label, said in told.items()])
    begun = sorted({label.split("-")[0] for label in exercises} & CHAPTERS)
    return Board([_summary(name, exercises) for name in begun])


def labels(chapter):
    """Return the labels of a chapter's exercises, in their order."""
    return list(import_module(f"rnnbook.exercises.{chapter}").EXERCISES)


def _state(told):
    if records.passed(told):
        return "●", "passed"
    tries = records.tries(told)
    return "○", f"not yet, {tries} {'try' if tries == 1 else 'tries'}" if tries else "not tried"


def _summary(chapter, exercises):
    passed = [records.passed(exercises.get(label, {})) for label in labels(chapter)]
    marks = "".join("●" if one else "○" for one in passed)
    return chapter, marks, f"{sum(passed)} of {len(passed)} passed"


def save_record(name="", folder="."):
    """Write the record into a small file, to hand in; say where it is.

    It says which exercises were tried, how often, and what the answers were called: no code.

    Parameters
    ----------
    name : str
        Your name, if you want it in the file: at most 80 characters.
    folder : path
        Where to write it: beside the notebook, unless told.

    Raises
    ------
    TypeError, ValueError
        If `name` is not a text, or too long.
    OSError
        If the folder cannot be written to.
    """
    if not isinstance(name, str):
        raise TypeError(f"name must be a text, got {type(name).__name__}")
    if len(name) > records.MOST["name"]:
        raise ValueError(f"name must have at most {records.MOST['name']} characters")
    record = records.current() | {"name": name.strip()}
    if not record["exercises"]:
        print("No exercise was tried yet: nothing was written.")
        return
    path = Path(folder) / f"record-{record['id'][:8]}.json"
    path.write_text(records.written(record), "utf-8")
    print(f"Your record is in {path}")
