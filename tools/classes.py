"""Make the students' and the instructors' set of the course, from the book's notebooks alone.

    python -m tools.classes [--quick]

Each is a folder and an archive in `_build/class`, the same bytes for the same book.
The students' set has each chapter as the page shows it, with stubs, checks and hints, and no
solution; the instructors' has the solutions too, and after each what the check knows of it.
All notebooks are then executed with nothing but the set, unless `--quick`: every stub has to be
met with "Not yet", every solution has to be found "Right".
"""

import hashlib
import shutil
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import nbformat

from rnnbook.answers import written
from rnnbook.course import tried
from rnnbook.exercises import FunctionExercise
from theme import course
from tools.archive import pack
from tools.notebooks import (
    ROOT,
    SETUP,
    Failure,
    canonical,
    documents,
    execute,
    read,
    setup_source,
)
from tools.rules import Page, checked, minutes, streams, tags

TARGET = ROOT / "_build" / "class"
STUDENTS, INSTRUCTORS = SETS = "students", "instructors"
PACKAGES = "rnncore", "rnnbook"
BESIDE = "LICENSE", "LICENSE-TEXT", "pyproject.toml", "requirements.lock"
# Pages that only a site can show, and what is the teacher's.
ONLINE = "book/index", "book/status", "book/teaching", "book/api"
TEACHERS = "rnnbook/course.py", "rnnbook/quiz.py"
BUTTONS = "The solutions are behind the buttons.\n"
HEADINGS = "Guess", "Fair comparison", "Result", "Judgement"  # of a project
COUNTED = "How the points are counted, and all [projects](../book/projects.ipynb)."
SAID = {"exercise": "Not yet", "solution": "Right"}


def shown(notebook, *, solutions):
    """Return a chapter as its page shows it: without what only the machine needs.

    Code that the page folds is folded in Jupyter too.
    """
    left_out = {"remove-cell"} if solutions else {"remove-cell", "solution"}
    cells = []
    for cell in notebook.cells:
        if tags(cell) & left_out and not cell.source.startswith(SETUP):
            continue
        if not solutions:
            cell.source = cell.source.replace(BUTTONS, "")
        if "hide-input" in tags(cell):
            cell.metadata["jupyter"] = {"source_hidden": True}
        cells.append(cell)
    code = [cell for cell in cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
    notebook.cells = cells
    return notebook


def annotated(notebook, path):
    """Put behind each solution what its exercise is for, and what its check knows."""
    exercises = import_module(f"rnnbook.exercises.{path.stem}").EXERCISES
    objectives = course.read(path.stem, path.read_text("utf-8")).objectives
    pairs = [*zip(objectives, tried(path.stem), strict=True)]
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if "solution" in tags(cell):
            label = checked(cell)
            text = notes(label, exercises[label], [can for can, by in pairs if label in by])
            cells.append(nbformat.v4.new_markdown_cell(text, id=f"{cell.id}-notes"))
    notebook.cells = cells
    return notebook


def notes(label, exercise, objectives):
    """Write what a teacher wants to know of an exercise."""
    wrong = [mistake for mistake in exercise.known if mistake[1].startswith("Not yet: ")]
    lines = [f"**For the teacher: `{label}`**", "", "What it is for: after it one can"]
    lines += [*(f"- {can}" for can in objectives), "", "What it shows:", exercise.praise, ""]
    lines.append("Mistakes that the check knows, and what it says:")
    for answer, words in wrong:
        given = "" if isinstance(exercise, FunctionExercise) else f"`{written(answer)}`: "
        lines.append(f"- {given}{words.removeprefix('Not yet: ')}")
    lines += ["", "Hints, one at a time:", *(f"1. {hint}" for hint in exercise.hints)]
    return "\n".join(lines)


def pages():
    """Return the documents of both sets."""
    return [path for path in documents() if not _name(path).startswith(ONLINE)]


def files(kind):
    """Return the bytes of each file of a set, by name."""
    made = {name: (ROOT / name).read_bytes() for name in BESIDE}
    for package in (*PACKAGES, "book/images"):
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                made[_name(path)] = path.read_bytes()
    if kind == STUDENTS:
        made = {name: data for name, data in made.items() if not name.startswith(TEACHERS)}
    for path in pages():
        made[_name(path)] = page(path, kind).encode()
    made |= starters()
    needed = (ROOT / ".binder" / "requirements.txt").read_text("utf-8")
    made["requirements.txt"] = needed.replace("../", "").encode()
    made["README.md"] = readme(kind).encode()
    return dict(sorted(made.items()))


def starters():
    """Return a notebook for each project of book/projects.ipynb: its text, its lines, headings."""
    cells = read((ROOT / "book" / "projects.ipynb").read_text("utf-8")).cells
    made = {}
    for text, code in pairwise(cells):
        if text.source.startswith("## "):
            number = len(made) + 1
            text.source = f"{text.source.removeprefix('#')}\n\n{COUNTED}"
            code.outputs, code.execution_count = [], None
            started = nbformat.v4.new_notebook(cells=[text, code])
            for name in HEADINGS:
                heading = nbformat.v4.new_markdown_cell(f"## {name}", id=_id(name))
                empty = nbformat.v4.new_code_cell("", id=f"{_id(name)}-code")
                started.cells += [heading, empty]
            made[f"projects/{number}.ipynb"] = canonical(started, setup_source()).encode()
    return made


def page(path, kind):
    """Return the text of a document as it stands in a set."""
    text = path.read_text("utf-8")
    if path.suffix != ".ipynb":
        return text
    notebook = shown(read(text), solutions=kind == INSTRUCTORS)
    if kind == INSTRUCTORS and labels(notebook):
        notebook = annotated(notebook, path)
    return canonical(notebook, setup_source())


def labels(notebook):
    """Return the labels of the exercises of a chapter, in its order."""
    return [checked(cell) for cell in notebook.cells if "exercise" in tags(cell)]


def readme(kind):
    """Write the README of a set, with its contents."""
    rows = ["| page | minutes | exercises |", "|---|---|---|"]
    for path in pages():
        text = path.read_text("utf-8")
        title, took, tasks = text.split("\n", 1)[0], "", ""
        if path.suffix == ".ipynb":
            chapter = Page(path, text)
            title = chapter.prose[0].source.split("\n")[0]
            tasks = len(labels(chapter.notebook)) or ""
            took = round(minutes(chapter)) if chapter.is_chapter else ""
        rows.append(f"| [{title.lstrip('# ')}]({_name(path)}) | {took} | {tasks} |")
    text = (ROOT / "tools" / f"classes-{kind}.md").read_text("utf-8")
    return text.replace("CONTENTS", "\n".join(rows))


def executed(folder, names="*.ipynb"):
    """Run the notebooks of a set with the packages of the set; return what went wrong."""
    wrong = []
    for path in sorted(folder.rglob(names)):
        notebook = read(path.read_text("utf-8"))
        try:
            execute(notebook, path.parent, {"PYTHONPATH": str(folder)})
        except Failure as failure:
            wrong.append(f"{path}: {failure}")
            continue
        for cell in notebook.cells:
            for kind in tags(cell) & SAID.keys():
                if SAID[kind] not in streams(cell):
                    wrong.append(f"{path}: {checked(cell)} says {streams(cell)!r}")
        print(f"{path.relative_to(folder)}: executed", flush=True)
    return wrong


def write(kind, target=TARGET):
    """Write a set as a folder and as an archive; return the archive."""
    folder = target / kind
    shutil.rmtree(folder, ignore_errors=True)
    made = files(kind)
    for name, data in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    archive = target / f"rnn-unfolded-{kind}.zip"
    pack(archive, archive.stem, made.items())
    return archive


def main(quick=False):
    """Make both sets, execute them, and return the exit status."""
    archives = [write(kind) for kind in SETS]
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in archives]
    (TARGET / "SHA256SUMS").write_text("".join(sums))
    print("".join(sums), end="", flush=True)
    wrong = [] if quick else [line for kind in SETS for line in executed(TARGET / kind)]
    print(*wrong, sep="\n", file=sys.stderr)
    return int(bool(wrong))


def _id(text):
    return text.lower().replace(" ", "-")


def _name(path):
    return Path(path).relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main(quick="--quick" in sys.argv[1:]))
