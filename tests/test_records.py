"""The learner's record: kept where a person works, lost nowhere, and shown on a board."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook import records
from rnnbook.board import board, labels, save_record
from rnnbook.exercises import CHAPTERS, check
from rnnbook.exercises.bptt import EXERCISES
from tools.notebooks import ROOT, execute

SOLUTION = 'check("bptt-sixteen", 2)'


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Keep no verdict from one test to the next, and none in the reader's own record."""
    monkeypatch.setattr(records, "unkept", [])
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Stand for JupyterLab with a notebook open; return the folder of the book."""
    (tmp_path / "rnnbook").mkdir()
    notebook = tmp_path / "book" / "training" / "bptt.ipynb"
    notebook.parent.mkdir(parents=True)
    cell = nbformat.v4.new_code_cell(SOLUTION, metadata={"tags": ["solution"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebook)
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    return tmp_path


def kept(folder):
    return records.parsed((folder / records.FILE).read_text("utf-8"))["exercises"]


def test_every_kind_of_verdict_has_its_name(course):
    right = EXERCISES["bptt-by-hand"].right()
    for answer in (..., "a", 7, float(f"{right:.1g}")):
        check("bptt-by-hand", answer)
    told = {records.UNTOUCHED: 1, records.OTHER: 2, records.CLOSE: 1}
    assert kept(course)["bptt-by-hand"] == told
    check("bptt-by-hand", right)
    assert kept(course)["bptt-by-hand"] == told | {records.RIGHT: 1}
    check("bptt-recursion", lambda *case: ...)
    check("bptt-recursion", lambda *case: 1 / 0)
    assert kept(course)["bptt-recursion"] == {records.UNTOUCHED: 1, records.OTHER: 1}
    check("bptt-sixteen", 4)
    words = "that gives a factor of 4 for each step, and there are four of them."
    assert kept(course)["bptt-sixteen"] == {records.mistake(words): 1}
    check("no-such", 1)
    assert "no-such" not in kept(course)


@pytest.mark.parametrize("chapter", sorted(CHAPTERS))
def test_names_of_mistakes_are_apart_and_verdicts_of_known_answers_are_named(chapter):
    for label, exercise in import_module(f"rnnbook.exercises.{chapter}").EXERCISES.items():
        words = {words for _, words in exercise.mistakes}
        assert len({records.mistake(one) for one in words}) == len(words), label


def test_after_the_first_right_answer_nothing_is_counted(course):
    for answer in (4, 2, 4, 16):
        check("bptt-sixteen", answer)
    told = kept(course)["bptt-sixteen"]
    assert records.passed(told) and records.tries(told) == 2


def test_it_stands_beside_the_books_package_and_elsewhere_beside_the_notebook(course):
    assert records.place() == course / records.FILE
    (course / "rnnbook").rmdir()
    assert records.place() == course / "book" / "training" / records.FILE


def test_where_nobody_sits_nothing_is_written_and_nothing_lost(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check("bptt-sixteen", 2)
    assert records.place() is None and not [*tmp_path.iterdir()]
    assert records.passed(records.current()["exercises"]["bptt-sixteen"])


def test_what_cannot_be_written_is_remembered_until_it_can(course, monkeypatch):
    def refuses(*arguments):
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuses)
        check("bptt-sixteen", 4)
    assert not (course / records.FILE).exists()
    assert records.tries(records.current()["exercises"]["bptt-sixteen"]) == 1
    check("bptt-sixteen", 2)
    assert records.tries(kept(course)["bptt-sixteen"]) == 2 and not records.unkept


def test_a_failed_write_leaves_the_old_record(course, monkeypatch):
    check("bptt-sixteen", 4)
    before = (course / records.FILE).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *paths: (_ for _ in ()).throw(OSError()))
        check("bptt-sixteen", 2)
    assert (course / records.FILE).read_bytes() == before
    assert not [*course.glob("*.lock")]
    assert records.passed(records.current()["exercises"]["bptt-sixteen"])


def test_a_damaged_record_is_put_aside(course):
    (course / records.FILE).write_text('{"record": 1, "id"')
    check("bptt-sixteen", 2)
    assert records.passed(kept(course)["bptt-sixteen"])
    assert (course / records.FILE).with_suffix(".damaged").read_text() == '{"record": 1, "id"'


def test_a_lock_that_was_left_behind_is_no_hindrance(course):
    lock = (course / records.FILE).with_suffix(".lock")
    lock.touch()
    os.utime(lock, (0, 0))
    check("bptt-sixteen", 2)
    assert records.passed(kept(course)["bptt-sixteen"]) and not lock.exists()


def test_two_notebooks_at_once_lose_nothing(course):
    code = """
from rnnbook import records
for _ in range(100):
    records.keep("bptt-sixteen", "something else")
assert not records.unkept
"""
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ})
        for _ in range(2)
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    assert kept(course)["bptt-sixteen"] == {"something else": 200}


# In a real kernel.

KERNEL = """
import os
os.environ.setdefault("JPY_SESSION_NAME", {notebook!r})
from rnnbook import records
from rnnbook.exercises import check
"""


def run(folder, *cells, person=True):
    """Run cells in a kernel of its own, as JupyterLab starts it or as nbclient does."""
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    name = str(folder / "book" / "training" / "bptt.ipynb")
    if person:
        code.insert(0, nbformat.v4.new_code_cell(KERNEL.format(notebook=name)))
    execute(nbformat.v4.new_notebook(cells=code), folder, {"PYTHONPATH": str(ROOT)})


def test_a_kernel_keeps_answers_but_not_the_books_solutions(course):
    run(course, SOLUTION, 'check("bptt-sixteen", 4)')
    told = kept(course)["bptt-sixteen"]
    assert records.tries(told) == 1 and not records.passed(told)


def test_executed_notebooks_write_no_record(course):
    """Not even if they are executed from within JupyterLab, whose environment they get."""
    run(course, f"from rnnbook.exercises import check\n{SOLUTION}", person=False)
    assert not (course / records.FILE).exists()


def test_the_repository_ignores_it():
    text = (ROOT / ".gitignore").read_text()
    assert "\nmy-record.*\n" in text and "\nrecord-*.json\n" in text


# What is read.

RECORD = {
    "record": 1, "id": "0123456789abcdef", "book": "0.1.0", "name": "",
    "exercises": {"bptt-sixteen": {"right": 1}},
}  # fmt: skip


def test_a_record_comes_back_as_it_was_written():
    assert records.parsed(records.written(RECORD)) == RECORD
    assert records.parsed(json.dumps({**RECORD, "more": 1})) == RECORD, "no more than is known"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"record": 2}, "`record` must be 1"),
        ({"record": True}, "`record` must be 1"),
        ({"id": "0123"}, "`id`"),
        ({"id": 7}, "`id`"),
        ({"book": "<b>"}, "`book`"),
        ({"name": 5}, "`name`"),
        ({"name": "a" * 81}, "`name`"),
        ({"exercises": []}, "`exercises`"),
        ({"exercises": {f"a-{k}": {} for k in range(501)}}, "`exercises`"),
        ({"exercises": {"<script>": {}}}, "a name"),
        ({"exercises": {"a": 3}}, "a has no table"),
        ({"exercises": {"a": {str(k): 1 for k in range(51)}}}, "a has no table"),
        ({"exercises": {"a": {"<b>": 1}}}, "a has a count"),
        ({"exercises": {"a": {"right": 2}}}, "a has a count"),
        ({"exercises": {"a": {"not yet": -1}}}, "a has a count"),
        ({"exercises": {"a": {"not yet": True}}}, "a has a count"),
        ({"exercises": {"a": {"not yet": 1.5}}}, "a has a count"),
        ({"exercises": {"a": {"not yet": 10**7}}}, "a has a count"),
        ({"exercises": {"a": {"not yet": float("nan")}}}, "a has a count"),
    ],
)
def test_what_is_no_record_is_refused_in_words(change, said):
    with pytest.raises(records.Damaged, match=said):
        records.parsed(json.dumps(RECORD | change))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"), ("{", "not JSON"), ("[" * 100_000, "not JSON"), ("1" * 5000, "not JSON"),
        ("null", "no record"), ("[]", "no record"), ('{"a": 1}', "no record"),
        (" " * 200_001, "longer than"),
    ],
)  # fmt: skip
def test_text_that_is_no_record_is_refused_in_words(text, said):
    with pytest.raises(records.Damaged, match=said):
        records.parsed(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from([*RECORD]), JSON))
def test_nothing_else_is_raised(changes):
    try:
        assert records.parsed(json.dumps(RECORD | changes)).keys() == RECORD.keys()
    except records.Damaged as damage:
        assert str(damage)


# The board, and what is handed in.


def test_board_of_a_chapter_and_of_the_book(course, capsys):
    assert repr(board()).startswith("No exercise was tried yet")
    check("bptt-sixteen", 4)
    check("bptt-by-hand", ...)
    check("music-bar", 10**6)
    for _ in range(2):
        check("bptt-where-from", 10**6)
    shown = repr(board("bptt")).splitlines()
    assert [line.split()[0] for line in shown] == labels("bptt")
    assert shown[0].endswith("○ not yet, 2 tries") and shown[-1].endswith("○ not yet, 1 try")
    assert shown[1].endswith("○ not tried")
    check("bptt-sixteen", 2)
    assert repr(board("bptt")).splitlines()[-1].endswith("● passed")
    assert repr(board()) == "bptt  ○○○○● 1 of 5 passed\nmusic ○○○ 0 of 3 passed"
    assert "1 of 5 passed</td>" in board()._repr_html_()


@pytest.mark.parametrize("chapter", sorted(CHAPTERS))
def test_boards_fit_a_phone(chapter):
    assert max(map(len, repr(board(chapter)).splitlines())) <= 46


@pytest.mark.parametrize("chapter", ["nothing", "", 3])
def test_board_of_no_chapter_is_refused(chapter):
    with pytest.raises(ValueError, match="chapter must be one of anomalies, bptt"):
        board(chapter)


def test_saved_record_is_the_record_with_the_name(course, tmp_path, capsys):
    save_record(folder=tmp_path)
    assert "nothing was written" in capsys.readouterr().out
    check("bptt-sixteen", 2)
    save_record(" Ada ", tmp_path)
    (path,) = tmp_path.glob("record-*.json")
    assert str(path) in capsys.readouterr().out
    assert records.parsed(path.read_text("utf-8")) == records.current() | {"name": "Ada"}
    assert records.current()["name"] == "", "a name stands in no file but the one handed in"


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [(5, TypeError, "name must be a text, got int"), ("a" * 81, ValueError, "at most 80")],
)
def test_a_name_that_is_none_is_refused(name, error, said):
    with pytest.raises(error, match=said):
        save_record(name)


def test_without_a_file_a_record_keeps_its_id():
    check("bptt-sixteen", 2)
    assert records.current()["id"] == records.current()["id"]
