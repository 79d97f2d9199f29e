"""Every notebook keeps the rules, and every rule can be broken."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import notebooks, rules

CHAPTERS = notebooks.chapters()
NAMES = [path.stem for path in CHAPTERS]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_notebook_keeps_the_rule(path, rule):
    complaints = list(rule(rules.Page(path, path.read_text(encoding="utf-8"))))
    assert not complaints, f"{rule.__doc__}\n" + "\n".join(complaints)


# A sound notebook, and ways to spoil it.

FIGURE = (
    '<figure class="picture"><svg role="img" aria-label="A line through 0.25."></svg>'
    "<figcaption>A line.</figcaption></figure>"
)
PLAYER = (
    '<div class="player" role="group" aria-label="p"><figure><svg aria-hidden="true"></svg>'
    "<figcaption>Step 1.</figcaption></figure><template><figure><svg aria-hidden='true'></svg>"
    "<figcaption>Step 2.</figcaption></figure></template></div>"
)
PROSE = """# A chapter

The answer is 0.75, or 0.5 of $x$.
An e.g. in J. Elman's sentence is no end.

| a table | of 2 columns. With sentences. |
|---|---|

- An item.
  Its second sentence.

$$
f(x). What stands here is no text
$$

:::{exercise}
:label: sum-of-two
Add 0.25 to it.
:::"""


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def displayed(kind, content, count):
    return new_output("execute_result", data={kind: content}, execution_count=count)


def sound():
    """Build a notebook that keeps every rule."""
    solved = {"source_hidden": True}
    cells = [
        new_markdown_cell(PROSE),
        new_code_cell("from rnncore.chapter import f\n\nassert f(1) == 0.5"),
        new_code_cell("f(2)", outputs=[displayed("text/html", FIGURE, 3)]),
        new_code_cell("f(3)", outputs=[displayed("text/html", PLAYER, 4)]),
        new_code_cell("print(f(4))", outputs=[printed("0.75\n")]),
        new_code_cell(
            'check("sum-of-two", ...)',
            metadata={"tags": ["exercise"]},
            outputs=[printed("Not yet: add.")],
        ),
        new_code_cell(
            'print(1)\ncheck("sum-of-two", 1)',
            metadata={"tags": ["solution", "hide-input"], "jupyter": solved},
            outputs=[printed("1\nRight.")],
        ),
    ]
    notebook = new_notebook(cells=cells, metadata=notebooks.METADATA)
    notebooks.with_setup(notebook, notebooks.setup_source())
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
    for position, cell in enumerate(notebook.cells):
        cell.id = f"cell-{position}"
    return notebook


TEXT, SETUP, CLAIM, DRAWN, MOVED, PRINTED, STUB, SOLUTION = range(8)


def page(notebook):
    path = notebooks.ROOT / "book" / "part" / "chapter.ipynb"
    return rules.Page(path, nbformat.v4.writes(notebook) + "\n")


def replaced(position, old, new):
    """Return a spoiler that changes the source of one cell."""

    def spoil(notebook):
        cell = notebook.cells[position]
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return spoil


def redrawn(position, old, new):
    """Return a spoiler that changes the HTML that one cell displays."""

    def spoil(notebook):
        data = notebook.cells[position].outputs[0].data
        assert old in data["text/html"]
        data["text/html"] = data["text/html"].replace(old, new)

    return spoil


def told(position, text, name="stdout"):
    """Return a spoiler that changes what one cell has printed."""
    return lambda notebook: notebook.cells[position].update(outputs=[printed(text, name)])


def tagged(position, *tags):
    """Return a spoiler that changes the tags of one cell."""
    return lambda notebook: notebook.cells[position].metadata.update(tags=list(tags))


def counted(count):
    return lambda notebook: notebook.cells[PRINTED].update(execution_count=count)


def raised(notebook):
    error = new_output("error", ename="E", evalue="", traceback=[])
    notebook.cells[PRINTED].outputs.append(error)


def photographed(notebook):
    notebook.cells[PRINTED].outputs = [displayed("image/png", "iVBORw0KGgo=", 5)]


def swollen(notebook):
    told(PRINTED, "long " * 200_000)(notebook)


def without(position):
    return lambda notebook: notebook.cells.pop(position)


def shown_in_jupyter(notebook):
    del notebook.cells[SOLUTION].metadata["jupyter"]


def written(line):
    """Return a spoiler that adds a line of text of its own."""
    return lambda notebook: notebook.cells.append(new_markdown_cell(line, id="added"))


SPOILED = [
    (rules.executed_in_order, counted(None)),
    (rules.executed_in_order, counted(7)),
    (rules.nothing_fails, raised),
    (rules.nothing_fails, told(PRINTED, "a warning", "stderr")),
    (rules.nothing_escapes, tagged(PRINTED, "nbval-ignore-output")),
    (rules.nothing_escapes, tagged(CLAIM, "nbval-skip")),
    (rules.nothing_escapes, replaced(CLAIM, "assert", "# NBVAL_SKIP\nassert")),
    (rules.same_every_time, told(PRINTED, "<function f at 0x7f12ab>")),
    (rules.same_every_time, told(PRINTED, "[np.float64(0.5)]")),
    (rules.small, swollen),
    (rules.sets_up, replaced(SETUP, "git+https://", "git+https://elsewhere.")),
    (rules.sets_up, tagged(SETUP, "hide-input")),
    (rules.imports_its_module, replaced(CLAIM, "rnncore.chapter", "rnncore.another")),
    (rules.asserts_a_claim, replaced(CLAIM, "assert ", "")),
    (rules.figures_in_words, redrawn(DRAWN, 'aria-label="A line through 0.25."', "")),
    (rules.figures_in_words, redrawn(DRAWN, 'role="img"', "")),
    (rules.figures_in_words, redrawn(DRAWN, "A line.</fig", "</fig")),
    (rules.figures_in_words, redrawn(DRAWN, ' class="picture"', "")),
    (rules.figures_in_words, redrawn(MOVED, "Step 2.", " ")),
    (rules.figures_in_words, photographed),
    (rules.figures_in_words, written("![](plot.svg)")),
    (rules.headings_plain, replaced(TEXT, "# A chapter", "## A chapter")),
    (rules.headings_plain, replaced(TEXT, "# A chapter", "A chapter")),
    (rules.headings_plain, written("# Another title")),
    (rules.headings_plain, written("## The weight $w$")),
    (rules.one_sentence_a_line, written("One sentence. Another.")),
    (rules.one_sentence_a_line, written("It is $w$. $g$ is another.")),
    (rules.one_sentence_a_line, written("- An item of a list. It says two things.")),
    (rules.one_sentence_a_line, written(":::{admonition} Why?\nBecause. So it is.\n:::")),
    (rules.one_sentence_a_line, written("A sentence that is\nbroken off.")),
    (rules.numbers_computed, written("The answer is 0.7501.")),
    (rules.numbers_computed, written("The answer is $0.76$.")),
    (rules.exercises_answered, without(STUB)),
    (rules.exercises_answered, without(SOLUTION)),
    (rules.exercises_answered, replaced(STUB, "sum-of-two", "another")),
    (rules.exercises_answered, replaced(TEXT, ":label: sum-of-two\n", "")),
    (rules.exercises_answered, told(STUB, "Right.")),
    (rules.exercises_answered, told(SOLUTION, "Not yet.")),
    (rules.exercises_answered, tagged(SOLUTION, "solution")),
    (rules.exercises_answered, shown_in_jupyter),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_sound_notebook_has_no_complaint(rule):
    assert list(rule(page(sound()))) == []


@pytest.mark.parametrize(("rule", "spoil"), SPOILED, ids=lambda f: f.__name__)
def test_rule_finds_the_spoiled_notebook(rule, spoil):
    notebook = sound()
    spoil(notebook)
    assert list(rule(page(notebook)))


def test_every_rule_is_shown_to_find_something():
    assert {rule for rule, _ in SPOILED} | {rules.one_form} == set(rules.RULES)


# The one form.

NOISE = {
    "timings": lambda nb: nb.cells[CLAIM].metadata.update(execution={"iopub.status.busy": "now"}),
    "patch version": lambda nb: nb.metadata.language_info.update(version="3.11.7"),
    "kernel": lambda nb: nb.metadata.kernelspec.update(name="my-kernel", display_name="Mine"),
    "widget state": lambda nb: nb.metadata.update(widgets={"state": {}}),
    "no id": lambda nb: nb.cells[CLAIM].pop("id"),
    "twice the same id": lambda nb: nb.cells[CLAIM].update(id=nb.cells[TEXT].id),
    "cut stream": lambda nb: nb.cells[PRINTED].update(outputs=[printed("0."), printed("75\n")]),
    "trailing blank": lambda nb: nb.cells[CLAIM].update(source=nb.cells[CLAIM].source + "\n"),
}


@pytest.mark.parametrize("noise", NOISE)
def test_noise_is_found_and_removed(noise):
    good = page(sound())
    notebook = nbformat.v4.reads(good.text)
    NOISE[noise](notebook)
    spoiled = rules.Page(good.path, nbformat.v4.writes(notebook) + "\n")
    assert list(rules.one_form(spoiled))
    settled = notebooks.canonical(notebooks.read(spoiled.text), notebooks.setup_source())
    assert not list(rules.one_form(rules.Page(good.path, settled)))
    assert settled == good.text or noise in ("no id", "twice the same id")


def test_widget_view_gets_an_id_that_stays():
    def settled(model):
        notebook = sound()
        notebook.cells[MOVED].outputs[0].data[notebooks.WIDGET] = {"model_id": model}
        return notebooks.canonical(notebook, notebooks.setup_source())

    assert settled("1f0c") == settled("77ab")


def test_setup_cell_is_put_before_all_code():
    notebook = sound()
    setup = notebook.cells.pop(SETUP)
    notebooks.with_setup(notebook, setup.source)
    sources = [cell.source for cell in notebook.cells]
    assert sources == [cell.source for cell in sound().cells]
    assert notebook.cells[SETUP].metadata == setup.metadata


# Execution.


def run(*arguments):
    command = [sys.executable, "tools/notebooks.py", *map(str, arguments)]
    return subprocess.run(command, cwd=notebooks.ROOT, capture_output=True, text=True)


def test_second_execution_changes_nothing(tmp_path):
    path = tmp_path / "small.ipynb"
    cells = [
        new_markdown_cell("# Small"),
        new_code_cell("import os\n\nprint(os.environ['OPENBLAS_NUM_THREADS'])"),
        new_code_cell("import ipywidgets\n\nipywidgets.IntSlider()"),
    ]
    nbformat.write(new_notebook(cells=cells), path)

    assert "written" in run(path).stdout
    first = path.read_bytes()
    assert "unchanged" in run(path).stdout
    assert path.read_bytes() == first
    assert run("--check", path).returncode == 0
    code = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3]
    assert code[1].outputs == [printed("1\n")]


def test_failing_cell_is_named_and_the_file_left_alone(tmp_path):
    path = tmp_path / "broken.ipynb"
    cells = [new_code_cell("1 / 1"), new_code_cell("1 / 0", id="division")]
    nbformat.write(new_notebook(cells=cells), path)
    before = path.read_bytes()

    result = run(path)
    assert result.returncode == 1
    assert "broken.ipynb: cell 2 (division) failed" in result.stderr
    assert "ZeroDivisionError" in result.stderr
    assert path.read_bytes() == before
    assert run("--check", path).returncode == 1
