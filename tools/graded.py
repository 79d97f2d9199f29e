"""Write the chapters with exercises as nbgrader has them in its folder `source`.

    python -m tools.graded

`_build/class/nbgrader` is a course: `nbgrader generate_assignment bptt --create` there makes the
students' version of a chapter, and `nbgrader autograde bptt` gives a point for each exercise.
Tried with nbgrader 0.9.6.  An exercise becomes two cells: the answer, in which nbgrader takes the
solution out, and the check, to which it adds an assertion that students do not see.
"""

import ast
import shutil

import nbformat

from tools.classes import ONLINE, TARGET, labels, shown
from tools.notebooks import ROOT, chapters, read
from tools.rules import tags

COURSE = TARGET / "nbgrader"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "rnn-unfolded"
c.ClearSolutions.code_stub = {"python": "# Write your answer here."}
c.ExecutePreprocessor.timeout = 120
"""


def graded(notebook):
    """Turn each stub and its solution into an answer and its points, without outputs."""
    cells = []
    for cell in notebook.cells:
        if "exercise" in tags(cell):
            stub, _ = parted(cell.source)
            continue
        if "solution" in tags(cell):
            cells += exercise(stub, *parted(cell.source))
            continue
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
    notebook.cells = cells
    return notebook


def parted(source):
    """Split the source of a cell into what is before its call of `check`, and the call."""
    lines, last = source.split("\n"), ast.parse(source).body[-1]
    return "\n".join(lines[: last.lineno - 1]).rstrip(), "\n".join(lines[last.lineno - 1 :])


def exercise(stub, solution, check):
    """Return the two cells of an exercise."""
    label = ast.parse(check).body[0].value.args[0].value
    answer = f"{stub}\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    verdict = check.replace("check(", "verdict(", 1)
    points = (
        f"{check}\n### BEGIN HIDDEN TESTS\nfrom rnnbook.exercises import verdict\n"
        f'assert {verdict}.startswith("Right.")\n### END HIDDEN TESTS'
    )
    return [
        cell(label, answer.lstrip(), solution=True),
        cell(f"{label}-points", points, grade=True, locked=True, points=1),
    ]


def cell(name, source, **metadata):
    """Return a code cell with the metadata that nbgrader reads."""
    known = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    metadata = {"nbgrader": {**known, **metadata, "grade_id": name}}
    return nbformat.v4.new_code_cell(source, id=name, metadata=metadata)


def main():
    """Write the course anew, and say how to go on."""
    shutil.rmtree(COURSE, ignore_errors=True)
    for path in chapters():
        notebook = read(path.read_text("utf-8"))
        if path.relative_to(ROOT).as_posix().startswith(ONLINE) or not labels(notebook):
            continue
        place = COURSE / "source" / path.stem / path.name
        place.parent.mkdir(parents=True)
        made = graded(shown(notebook, solutions=True))
        place.write_text(nbformat.writes(made) + "\n", encoding="utf-8")
    (COURSE / "nbgrader_config.py").write_text(CONFIG)
    print(f"{COURSE.relative_to(ROOT)} is a course of nbgrader: in it,")
    print("nbgrader generate_assignment bptt --create")


if __name__ == "__main__":
    main()
