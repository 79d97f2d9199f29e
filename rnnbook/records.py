"""A learner's record: which exercises were tried, and what was said; it stays where it is made.

In Jupyter it is one small file beside the book, in a page it is kept by the browser
(`theme/static/record.js`), both in one form::

    {"record": 1, "id": "5f0c2b7a9d31e846", "book": "0.1.0", "name": "",
     "exercises": {"bptt-by-hand": {"not yet": 1, "mistake-91c0a4f7": 2, "right": 1}}}

For each exercise it says how often what was said, up to the first "right"; no code, no answer, no
time, and no name unless one is typed.  So counts only grow, and of two records with one id, drawn
at random, the one that counts more is the later.
The standard library and the version of `rnncore` only.
"""

import json
import os
import re
import sys
import time
import zlib
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import rnncore

FILE = "my-record.json"
FORM = 1  # of the file; another form has another number
RIGHT, UNTOUCHED, CLOSE, OTHER = "right", "not yet", "a digit short", "something else"
MOST = {"characters": 200_000, "exercises": 500, "verdicts": 50, "times": 1_000_000, "name": 80}

unkept = []  # verdicts that stand in no file: in a page all of them, and the page takes them


class Damaged(ValueError):
    """What is no record; the message says why."""


def mistake(words):
    """Return the name of a usual mistake: a checksum of what is said to it.

    Its place among the others changes when one is put before it, most are computed by functions
    without a name, and their numbers may differ in the last digits from machine to machine.  The
    words are what the learner has read; where they change, something else is said.

    >>> mistake("mind the sign of g.")
    'mistake-7ff08e31'
    """
    return f"mistake-{zlib.crc32(words.encode()):08x}"


def new():
    """Return a record of nothing yet."""
    return {
        "record": FORM,
        "id": _drawn(),
        "book": rnncore.__version__,
        "name": "",
        "exercises": {},
    }


@cache
def _drawn():
    return os.urandom(8).hex()  # one for each process: it may save twice before a file is there


def add(record, label, verdict):
    """Count what was said to an answer; after the first right one nothing is counted any more."""
    told = record["exercises"].setdefault(label, {})
    if RIGHT not in told:
        told[verdict] = told.get(verdict, 0) + 1
        record["book"] = rnncore.__version__


def passed(told):
    """Say whether an exercise was answered right."""
    return RIGHT in told


def tries(told):
    """Count the answers to an exercise; three dots are none.

    >>> tries({"not yet": 3, "something else": 2, "right": 1})
    3
    """
    return sum(times for verdict, times in told.items() if verdict != UNTOUCHED)


# From text, and to it.


def parsed(text):
    """Return the record in a text, whoever wrote it; `Damaged` says why there is none."""
    if len(text) > MOST["characters"]:
        raise Damaged(f"longer than the {MOST['characters']} characters of any record")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        raise Damaged("not JSON, or cut short") from None
    if not isinstance(record, dict) or "record" not in record:
        raise Damaged("JSON, but no record")
    if not _is_count(record["record"]) or record["record"] != FORM:
        raise Damaged(f"of another form: `record` must be {FORM}")
    for key, form in (("id", "[0-9a-f]{16}"), ("book", r"[\w.+-]{1,30}")):
        if not _matches(form, record.get(key)):
            raise Damaged(f"`{key}` is not as in a record")
    if not isinstance(record.setdefault("name", ""), str) or len(record["name"]) > MOST["name"]:
        raise Damaged(f"`name` must be a text of at most {MOST['name']} characters")
    _check(record.get("exercises"))
    return {key: record[key] for key in ("record", "id", "book", "name", "exercises")}


def _check(exercises):
    if not isinstance(exercises, dict) or len(exercises) > MOST["exercises"]:
        raise Damaged("`exercises` must be a table of what was said, by exercise")
    for label, told in exercises.items():
        if not _matches("[a-z0-9-]{1,60}", label):
            raise Damaged("`exercises` has a name that is none of an exercise")
        if not isinstance(told, dict) or len(told) > MOST["verdicts"]:
            raise Damaged(f"{label} has no table of how often what was said")
        for verdict, times in told.items():
            most = 1 if verdict == RIGHT else MOST["times"]
            if not _matches("[a-z0-9 -]{1,30}", verdict) or not _is_count(times, most):
                raise Damaged(f"{label} has a count that is none")


def _is_count(value, most=MOST["times"]):
    return type(value) is int and 0 < value <= most


def _matches(form, value):
    return isinstance(value, str) and re.fullmatch(form, value, re.ASCII) is not None


def written(record):
    """Write a record as text."""
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


# In Jupyter.


def keep(label, verdict):
    """Add to the record; where it cannot be written, this process remembers until it can be."""
    if not _is_the_books_own():
        unkept.append((label, verdict))
        with suppress(OSError):
            _write()


def current():
    """Return the record as it is now, with what could not be written."""
    path, record = place(), None
    with suppress(OSError):
        record = path and _read(path)
    record = record or new()
    for label, verdict in unkept:
        add(record, label, verdict)
    return record


def place():
    """Return where the record of this notebook is, or None where no person has one open.

    It stands beside `rnnbook`, in the book's or the class's folder, so that all chapters share it,
    and beside the notebook where there is no such folder.
    """
    notebook = _notebook()
    if not notebook or not notebook.parent.is_dir():
        return None
    folders = (notebook.parent, *notebook.parent.parents)
    return next((f for f in folders if (f / "rnnbook").is_dir()), notebook.parent) / FILE


def _notebook():
    """Return the notebook that a person has open here.

    Jupyter's server and the notebooks of VS Code name it; who executes a notebook without anybody
    looking at it (nbclient, nbval, papermill) does not.
    """
    name = os.environ.get("JPY_SESSION_NAME")
    name = name or getattr(sys.modules["__main__"], "__vsc_ipynb_file__", None)
    return Path(name).absolute() if name else None


def _is_the_books_own():
    """Say whether the cell that runs is a solution of the notebook's: no try of a learner."""
    notebook, ipython = _notebook(), sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    if not notebook or not shell:
        return False
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        solutions = {
            "".join(cell["source"]).strip()
            for cell in cells
            if "solution" in cell["metadata"].get("tags", ())
        }
        return shell.history_manager.input_hist_raw[-1].strip() in solutions
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False  # no notebook that is known


def _write():
    path = place()
    if path and unkept:
        with _alone(path):
            record = _read(path) or new()
            for label, verdict in unkept:
                add(record, label, verdict)
            draft = path.with_suffix(".draft")
            draft.write_text(written(record), "utf-8")
            draft.replace(path)
            unkept.clear()


def _read(path):
    """Return the record in a file, or None; what is none is put aside, not written over."""
    try:
        return parsed(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:  # Damaged, or not text at all
        with suppress(OSError):
            path.replace(path.with_suffix(".damaged"))
        return None


@contextmanager
def _alone(path, patience=2):
    """Keep other notebooks from writing; a lock that is `patience` seconds old was left behind."""
    lock = path.with_suffix(".lock")
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            with suppress(FileNotFoundError):
                if time.time() - lock.stat().st_mtime > patience:
                    lock.unlink()
            time.sleep(0.005)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
