"""The students' set holds nothing of a solution, the instructors' all of it, and both run."""

import os
import re
from importlib import import_module
from itertools import pairwise
from pathlib import PurePosixPath

import nbformat
import pytest

from rnnbook.answers import is_number
from rnnbook.exercises import FunctionExercise
from tools import classes
from tools.notebooks import ROOT, chapters
from tools.rules import checked, parsed, shown, streams, tags

CHAPTERS = {
    path.relative_to(ROOT).as_posix(): nbformat.read(path, as_version=4)
    for path in chapters()
    if path.parent.name != "book"
}
LINK = re.compile(r"\]\(([\w./-]+\.(?:md|ipynb|png))(?:#[\w-]+)?\)")
NUMBER = re.compile(r"(?<![\w.,])[-−]?\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module", params=classes.SETS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def sets():
    return {kind: classes.files(kind) for kind in classes.SETS}


def notebook(files, name):
    return nbformat.reads(files[name].decode(), as_version=4)


def exercises(name):
    return import_module(f"rnnbook.exercises.{PurePosixPath(name).stem}").EXERCISES


def lines(cells):
    return {line.strip() for cell in cells for line in cell.source.split("\n")}


def texts(cell):
    """Yield what a reader sees of a cell: source, prints, and the words of its pictures."""
    yield cell.source
    if cell.cell_type == "code":
        yield streams(cell)
        yield from shown(cell, "text/plain")
        for page in map(parsed, shown(cell, "text/html")):
            yield from map(str, page.find_all(string=True))
            yield from (tag["aria-label"] for tag in page.find_all(attrs={"aria-label": True}))


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_line_of_a_solution_is_left(sets, name):
    """Apart from lines that the chapter shows elsewhere, as the head of a function."""
    book = [cell for cell in CHAPTERS[name].cells if "remove-cell" not in tags(cell)]
    solved = lines(cell for cell in book if "solution" in tags(cell))
    secret = {
        line
        for line in solved - lines(cell for cell in book if "solution" not in tags(cell))
        if len(line) > 3
    }
    assert secret
    text = sets[classes.STUDENTS][name].decode()
    cells = notebook(sets[classes.STUDENTS], name).cells
    assert not secret & lines(cells)
    assert not any("solution" in tags(cell) for cell in cells)
    assert "Right." not in text and "behind the buttons" not in text


def numbers(answer):
    """Yield the numbers of an answer that one would know again, those with three digits."""
    if isinstance(answer, tuple):
        for part in answer:
            yield from numbers(part)
    elif is_number(answer) and float(f"{answer:.2g}") != answer:
        yield float(answer)


def tells(seen, number):
    """Whether a text has a number with three digits or more."""
    for text in seen:
        digits = len(re.sub(r"\D", "", text).lstrip("0"))
        value = float(text.replace(",", "").replace("−", "-"))
        if digits >= 3 and float(f"{number:.{digits}g}") == value:
            return True
    return False


# The exercise asks which of the numbers shown it is; a length in a picture happens to be alike.
SHOWN = {"bptt-where-from", "jordan-by-hand"}


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_answer_stands_in_a_students_chapter(sets, name):
    cells = notebook(sets[classes.STUDENTS], name).cells
    seen = {found for cell in cells for text in texts(cell) for found in NUMBER.findall(text)}
    for label, exercise in exercises(name).items():
        if not isinstance(exercise, FunctionExercise) and label not in SHOWN:
            answer = [*numbers(exercise.known[0][0])]
            assert not answer or not all(tells(seen, number) for number in answer), label


def test_an_answer_would_be_found():
    assert tells({"0.0288"}, 0.028807) and tells({"−1,234"}, -1234.2)
    assert not tells({"0.029", "288", "-0.0288"}, 0.028807)
    assert [*numbers((3, (0.5, 200, 201)))] == [201]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_exercise_has_its_stub_and_its_notes(sets, name):
    labels = {kind: classes.labels(notebook(sets[kind], name)) for kind in classes.SETS}
    assert set(labels[classes.STUDENTS]) == set(labels[classes.INSTRUCTORS]) == {*exercises(name)}
    cells = notebook(sets[classes.INSTRUCTORS], name).cells
    for cell, below in pairwise(cells):
        if "solution" in tags(cell):
            assert streams(cell).find("Right.") >= 0
            exercise = exercises(name)[checked(cell)]
            said = [exercise.praise, *exercise.hints, *(words for _, words in exercise.mistakes)]
            assert "after it one can\n- " in below.source
            assert [words for words in said if words not in below.source] == []


def test_links_lead_to_what_is_in_the_set(sets, kind):
    for name, data in sets[kind].items():
        if name.endswith((".md", ".ipynb")) and not name.startswith(classes.PACKAGES):
            for link in re.findall(
                r"\]\(([\w./-]+\.(?:md|ipynb|png))(?:#[\w-]+)?\)", data.decode()
            ):
                place = os.path.normpath(PurePosixPath(name).parent / link)
                assert place in sets[kind], f"{name}: {link}"


def test_what_is_the_teachers_is_not_the_students(sets):
    assert not [name for name in sets[classes.STUDENTS] if name.startswith(classes.TEACHERS)]
    missing = re.compile(r"import (?:course|quiz)\b|rnnbook\.(?:course|quiz) import")
    code = {name: data for name, data in sets[classes.STUDENTS].items() if name.endswith(".py")}
    assert [name for name, data in code.items() if missing.search(data.decode())] == []
    assert missing.search("from rnnbook import course") and missing.search(
        "from rnnbook.quiz import"
    )
    assert {"README.md", "requirements.txt", "requirements.lock", "rnncore/bptt.py"} <= {
        *sets[classes.STUDENTS]
    }
    needed = sets[classes.STUDENTS]["requirements.txt"].decode().splitlines()
    assert {"-c requirements.lock", "-e .[notebooks]"} <= {*needed}


def test_each_project_has_a_notebook_to_start_from(sets, kind):
    text = sets[kind]["book/projects.ipynb"].decode()
    known = [cell.source for cell in notebook(sets[kind], "book/projects.ipynb").cells]
    titles = re.findall(r'"## (\d\. [^"\\]+)', text)
    assert len(titles) == len({PurePosixPath(name).parent for name in CHAPTERS}) + 1
    for title in titles:
        started = notebook(sets[kind], f"projects/{title[0]}.ipynb")
        code = [cell.source for cell in started.cells if cell.cell_type == "code"]
        assert started.cells[0].source.startswith(f"# {title}")
        assert code[1] in known
        assert not any(cell.get("outputs") for cell in started.cells)
        assert "| 5 points |" in started.cells[0].source and set(code[2:]) == {""}


def cell(source, *names):
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(names)})


@pytest.fixture
def written(sets, kind, monkeypatch, tmp_path):
    monkeypatch.setattr(classes, "files", sets.get)
    return classes.write(kind, tmp_path)


def test_same_book_gives_the_same_archive(written, kind):
    first = written.read_bytes()
    assert classes.write(kind, written.parent).read_bytes() == first


def test_a_chapter_of_a_set_runs_with_nothing_but_the_set(written, kind):
    folder = written.parent / kind
    assert classes.executed(folder, "bugs.ipynb") == []
    where = "import rnncore, rnnbook\nprint(rnncore.__file__, rnnbook.__file__)"
    stub = where + '\ndef check(label, answer):\n    print("Boo")\ncheck("bugs-mask", ...)'
    made = nbformat.v4.new_notebook(cells=[cell(stub, "exercise")])
    nbformat.write(made, folder / "where.ipynb")
    (wrong,) = classes.executed(folder, "where.ipynb")
    assert "bugs-mask says" in wrong and "Boo" in wrong and wrong.count(str(folder)) == 3
