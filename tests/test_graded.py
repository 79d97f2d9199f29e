"""The course for nbgrader: what it takes out is the solution, and what it adds gives the point."""

import re

import nbformat
import pytest

from tools import graded
from tools.classes import labels, shown
from tools.notebooks import chapters, read

PATHS = {path.stem: path for path in chapters() if path.parent.name != "book"}
SOLUTION = re.compile(r"### BEGIN SOLUTION\n.*### END SOLUTION", re.S)


def cells_of(name):
    return graded.graded(shown(read(PATHS[name].read_text("utf-8")), solutions=True)).cells


@pytest.mark.parametrize("name", PATHS)
def test_each_exercise_has_an_answer_and_its_point(name):
    known = labels(read(PATHS[name].read_text("utf-8")))
    cells = [cell for cell in cells_of(name) if "nbgrader" in cell.metadata]
    ids = [cell.metadata.nbgrader.grade_id for cell in cells]
    assert ids == [f"{label}{end}" for label in known for end in ("", "-points")]
    for answer, points in zip(cells[::2], cells[1::2], strict=True):
        assert answer.metadata.nbgrader.solution and not answer.metadata.nbgrader.grade
        assert points.metadata.nbgrader.grade and points.metadata.nbgrader.points == 1
        assert "check(" not in answer.source
        assert "### BEGIN HIDDEN TESTS" in points.source
        compile(SOLUTION.sub("pass", answer.source), name, "exec")


def test_the_point_is_given_for_the_solution_and_not_for_the_stub():
    (answer, points) = (c.source for c in cells_of("bptt") if "bptt-recursion" in c.id)
    stub = SOLUTION.sub("", answer)
    names = {}
    exec("from rnnbook.exercises import check", names)
    exec(answer + "\n" + points, names)
    with pytest.raises(AssertionError):
        exec(stub + "\n" + points, names)


def test_a_cell_is_parted_at_its_check():
    source = 'a = ...\ncheck(\n    "x-y",\n    a)'
    assert graded.parted(source) == ("a = ...", source[8:])
    made = graded.exercise("a = ...", "a = 3", source[8:])
    nbformat.validate(nbformat.v4.new_notebook(cells=made))
    assert 'assert verdict(\n    "x-y",\n    a).startswith("Right.")' in made[1].source
