"""Every notebook keeps the rules, and every rule can be broken."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import notebooks, processors, rules

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
    '<figcaption>Step 1.</figcaption></figure><script type="text/plain"><svg></svg></script>'
    '<ol hidden><li data-parts="0 1">Step 1.</li><li data-parts="0 1">Step 2.</li></ol></div>'
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


def below(source, *tags):
    """Return a spoiler that compares one cell no more, and puts a cell below it."""

    def spoil(notebook):
        tagged(PRINTED, "nbval-ignore-output")(notebook)
        cell = new_code_cell(source, id="below", metadata={"tags": list(tags)})
        notebook.cells.insert(PRINTED + 1, cell)

    return spoil


SPOILED = [
    (rules.executed_in_order, counted(None)),
    (rules.executed_in_order, counted(7)),
    (rules.nothing_fails, raised),
    (rules.nothing_fails, told(PRINTED, "a warning", "stderr")),
    (rules.nothing_escapes, tagged(PRINTED, "nbval-ignore-output")),
    (rules.nothing_escapes, below("f(4)", "remove-cell")),
    (rules.nothing_escapes, below("assert f(4) > 0.7")),
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


@pytest.mark.parametrize(("rule", "spoil"), SPOILED, ids=lambda f: f.__name__)
def test_rule_finds_the_spoiled_notebook(rule, spoil):
    notebook = sound()
    spoil(notebook)
    assert list(rule(page(notebook)))


def test_a_claim_may_be_asserted_out_of_sight_below():
    notebook = sound()
    below("assert f(4) > 0.7", "remove-cell")(notebook)
    assert not list(rules.nothing_escapes(page(notebook)))


@pytest.mark.parametrize("part", sorted(rules.PROBLEMS))
def test_chapters_on_a_problem_import_the_module_of_their_part(part):
    chapter = page(sound())
    chapter.path = notebooks.ROOT / "book" / part / "chapter.ipynb"
    assert list(rules.imports_its_module(chapter)) == [f"must import rnncore.{part}"]


def test_a_chapter_of_cases_imports_them():
    chapter = page(sound())
    chapter.path = notebooks.ROOT / "book" / "training" / "bugs.ipynb"
    assert list(rules.imports_its_module(chapter)) == ["must import rnnbook.exercises.bugs"]


def application():
    """Build a sound chapter of the parts on the problems."""
    notebook = sound()
    notebook.cells[TEXT].source += "\n\nThis takes about 1 minutes."
    redrawn(MOVED, "<figure>", '<fieldset class="player-guess"></fieldset><figure>')(notebook)
    return notebook


def in_part(notebook):
    chapter = page(notebook)
    chapter.path = notebooks.ROOT / "book" / "seq2seq" / "chapter.ipynb"
    return chapter


def asked(answers):
    """Write a quick question with a choice for each answer."""
    choices = (f":::{{dropdown}} A choice\n{answer}: why.\n:::\n" for answer in answers.split())
    return "**1. Why?**\n\n" + "".join(choices)


SPOILED_APPLICATION = [
    (rules.time_said, replaced(TEXT, "about 1", "about 4")),
    (rules.time_said, replaced(TEXT, "takes about", "takes")),
    (rules.time_said, written("word " * 3200)),
    (rules.time_said, replaced(CLAIM, "f(1)", "(\n" + "f,\n" * 30 + ")[0](1)")),
    (rules.fits_a_phone, replaced(CLAIM, "assert f(1)", f"assert {'f' * 40}(1)")),
    (rules.fits_a_phone, told(PRINTED, "1" * 47)),
    (rules.claims_out_of_sight, replaced(CLAIM, "assert f(1)", "assert 1\n" * 4 + "assert f(1)")),
    (rules.asks_for_a_guess, redrawn(MOVED, "player-guess", "guess")),
    (rules.questions_in_drawn_order, written("## Quick questions\n\n" + asked("No No Yes"))),
    (rules.questions_in_drawn_order, written("## Quick questions\n\n" + asked("No Yes"))),
    (rules.questions_in_drawn_order, written("## Quick questions\n\n" + asked("Yes Yes No"))),
]
OF_APPLICATIONS = {rule for rule, _ in SPOILED_APPLICATION}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_sound_notebook_has_no_complaint(rule):
    sound_page = in_part(application()) if rule in OF_APPLICATIONS else page(sound())
    assert list(rule(sound_page)) == []


@pytest.mark.parametrize(("rule", "spoil"), SPOILED_APPLICATION, ids=lambda f: f.__name__)
def test_rule_finds_the_spoiled_application(rule, spoil):
    notebook = application()
    spoil(notebook)
    assert list(rule(in_part(notebook)))


def test_quick_question_in_its_drawn_order_has_no_complaint():
    notebook = application()
    order = ["No"] * 3
    order[rules.drawn("chapter", 1)] = "Yes"
    written("## Quick questions\n\n" + asked(" ".join(order)))(notebook)
    assert not list(rules.questions_in_drawn_order(in_part(notebook)))


def test_exercises_and_hidden_code_take_none_of_the_time():
    notebook = application()
    before = rules.minutes(in_part(notebook))
    written("## Exercises\n" + "word " * 3200)(notebook)
    replaced(DRAWN, "f(2)", "(\n" + "f,\n" * 30 + ")[0](2)")(notebook)
    tagged(DRAWN, "hide-input")(notebook)
    assert rules.minutes(in_part(notebook)) == pytest.approx(before, abs=0.2)


def test_every_rule_is_shown_to_find_something():
    spoiled = {rule for rule, _ in SPOILED} | OF_APPLICATIONS
    assert spoiled | {rules.one_form} == set(rules.RULES)


# The one form.

NOISE = {
    "timings": lambda nb: nb.cells[CLAIM].metadata.update(execution={"iopub.status.busy": "now"}),
    "patch version": lambda nb: nb.metadata.language_info.update(version="3.11.7"),
    "kernel": lambda nb: nb.metadata.kernelspec.update(name="my-kernel", display_name="Mine"),
    "widget state": lambda nb: nb.metadata.update(widgets={"state": {}}),
    "no id": lambda nb: nb.cells[CLAIM].pop("id"),
    "twice the same id": lambda nb: nb.cells[CLAIM].update(id=nb.cells[TEXT].id),
    "cut stream": lambda nb: nb.cells[PRINTED].update(outputs=[printed("0."), printed("75\n")]),
    "Windows line ends": lambda nb: nb.cells[TEXT].update(
        source=nb.cells[TEXT].source.replace("\n", "\r\n")
    ),
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


def run(*arguments, **environment):
    command = [sys.executable, "tools/notebooks.py", *map(str, arguments)]
    environment = os.environ | environment
    return subprocess.run(
        command, cwd=notebooks.ROOT, capture_output=True, text=True, env=environment
    )


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


COMPLAINTS = {
    "division": ("1 / 0", "failed", "ZeroDivisionError"),
    "warning": ("import warnings\n\nwarnings.warn('beware')", "wrote on stderr", "beware"),
}


@pytest.mark.parametrize("name", COMPLAINTS)
def test_cell_that_fails_or_complains_is_named_and_the_file_left_alone(name, tmp_path):
    source, what, why = COMPLAINTS[name]
    path = tmp_path / "broken.ipynb"
    cells = [new_code_cell("1 / 1"), new_code_cell(source, id=name)]
    nbformat.write(new_notebook(cells=cells), path)
    before = path.read_bytes()

    result = run(path)
    assert result.returncode == 1
    assert f"broken.ipynb: cell 2 ({name}) {what}" in result.stderr
    assert why in result.stderr
    assert path.read_bytes() == before
    assert run("--check", path).returncode == 1


def test_home_that_cannot_be_written_to_does_not_show(tmp_path):
    path = tmp_path / "drawing.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("import matplotlib.pyplot")]), path)
    result = run(path, HOME=os.devnull, MPLCONFIGDIR=os.devnull)
    assert "written" in result.stdout, result.stderr
    assert nbformat.read(path, 4).cells[1].outputs == []


def test_file_with_windows_line_ends_is_brought_to_the_one_form(tmp_path):
    path = tmp_path / "chapter.ipynb"
    text = notebooks.canonical(sound(), notebooks.setup_source())
    path.write_bytes(text.replace("\n", "\r\n").encode())
    with pytest.raises(notebooks.Failure, match="one form"):
        notebooks.treat(path, check=True, source=notebooks.setup_source())
    path.write_bytes(text.encode())
    assert notebooks.treat(path, check=True, source=notebooks.setup_source())


DAMAGED = {
    "": "not JSON",
    '{"cells": [{"cell_t': "not JSON",
    "[]": "format 4",
    '{"nbformat": 4}': "has none",
    '{"nbformat": 4, "cells": []}': "has none",
    '{"nbformat": 4, "cells": ["x"]}': "has none",
    '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}': "damaged",
}


@pytest.mark.parametrize("text", DAMAGED)
def test_damaged_notebook_is_told_in_a_sentence(text):
    with pytest.raises(notebooks.Failure, match=DAMAGED[text]):
        notebooks.read(text)


# Comparison of the cells, as `make cells` has it.

SLOW = "import time\n\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass"


@pytest.mark.parametrize("first", [SLOW, "1 / 0"], ids=["too slow", "failed"])
def test_no_cell_escapes_comparison_after_one_that_does_not_end(first, tmp_path):
    cells = [new_code_cell(first), new_code_cell("print(1)", outputs=[printed("2\n")])]
    for count, cell in enumerate(cells, start=1):
        cell.execution_count = count
    nbformat.write(new_notebook(cells=cells), tmp_path / "slow.ipynb")

    (options,) = re.findall("^NBVAL := (.*)", (notebooks.ROOT / "Makefile").read_text(), re.M)
    options = [*options.split(), "--nbval-cell-timeout=1", "-p", "no:cacheprovider", tmp_path]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=notebooks.ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert re.search("^=+ 2 failed in ", result.stdout, re.M), result.stdout


def test_output_that_hangs_on_the_processor_is_found(tmp_path, monkeypatch):
    cells = [
        new_code_cell("import os\n\nprint(1, 2)", id="same"),
        new_code_cell("print('a\\n' + os.environ['OPENBLAS_CORETYPE'])", id="other"),
        new_code_cell("os.times()", id="exempt", metadata={"tags": [processors.UNCOMPARED]}),
    ]
    path = tmp_path / "small.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Zen")
    assert "written" in run(path).stdout
    assert processors.differences(path, "Zen") == []
    assert processors.differences(path, "Haswell") == ["cell 2 (other): 'Haswell' for 'Zen'"]
