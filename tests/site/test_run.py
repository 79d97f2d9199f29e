"""The reader's own code: run, changed, stopped, checked and forgotten, in the page."""

import importlib
import json
import sys
import zipfile

import pytest
from playwright.sync_api import expect
from probes import book
from probes.axe import violations
from probes.cells import Cell, cells
from probes.width import too_wide

import tools.inpage
from tools.notebooks import ROOT
from tools.rules import Page, tags

sys.path.insert(0, str(ROOT / "theme" / "inpage"))
cells_of_python = importlib.import_module("cells")  # what plans and runs them in the page

CHAPTER = "book/training/bptt.html"  # whose cells need no NumPy
RUNTIME = book.HTML / "_static" / "runtime"


# What a page has loaded of Python.
LOADED = """performance.getEntriesByType("resource").map(({ name }) => name)
    .filter((name) => /runtime|python[.]js/.test(name))"""

TYPED = "Object.keys(localStorage).filter((key) => key.startsWith('code:')).length"


def source(path):
    """Return the code cells of a page as they are in its notebook."""
    file = book.source(path)
    return tools.inpage.on_page(Page(file, file.read_text(encoding="utf-8")))


def numbered(kind):
    """Return the numbers of the cells of the chapter that have a tag."""
    return [k for k, cell in enumerate(source(CHAPTER)) if kind in tags(cell)]


@pytest.fixture
def opened(visit):
    """Open the chapter on a phone, in a tab of its own."""
    return visit(CHAPTER, width=390, fresh=True)


def test_a_reader_on_a_phone(opened, subtests):
    page, all_cells = opened, cells(opened)
    first, second = all_cells[:2]
    with subtests.test("nothing is loaded before the first Run"):
        assert not page.evaluate(LOADED)
    with subtests.test("a cell runs those above that it needs, and prints what is printed"):
        printed = second.output
        assert second.run().output == printed
        expect(first.note).to_contain_text("Done in")
    with subtests.test("changed code is run, and Undo brings back what was printed"):
        second.type("print('mine')\nprint(net)").run()
        assert second.output[0] == "mine"
        second.undo.click()
        expect(second.button).to_be_focused()
        assert second.output == printed and not second.editor.count()
    with subtests.test("an error names its line, and marks it"):
        first.type("a = 1\nb = a / 0").run()
        expect(first.note).to_have_text("Error in line 2: ZeroDivisionError: division by zero")
        assert first.editor.evaluate("e => getComputedStyle(e).getPropertyValue('--line')") == "2"
        first.undo.click()
    with subtests.test("what never ends is stopped, and Python starts again"):
        first.type("while True:\n    pass").press()
        expect(first.note).to_have_text("Running …", timeout=60_000)
        first.press()
        expect(first.note).to_contain_text("what you typed is kept")
        assert first.editor.input_value() == "while True:\n    pass"
        first.undo.click()
        assert second.run().output == printed
    with subtests.test("output is cut"):
        first.type("for k in range(30_000): print(k)").run()
        assert "the rest is not shown" in first.output[-1]
        first.undo.click()
    with subtests.test("nothing is too wide, and axe has nothing to say"):
        assert not too_wide(page) and not violations(page)
    with subtests.test("no other host, no error"):
        assert not page.watch.foreign + page.watch.complaints


def test_every_exercise_on_a_phone(opened, subtests):
    stubs, solutions, code = numbered("exercise"), numbered("solution"), source(CHAPTER)
    all_cells = cells(opened)
    for stub, solution in zip(stubs, solutions, strict=True):
        with subtests.test(code[solution].source):
            assert not all_cells[stub].output, "judged before the first Check"
            said = " ".join(all_cells[stub].run().output)
            assert said.startswith("Not yet") and said.endswith("There are hints above.")
            expect(all_cells[stub].root.locator(".run-wrong")).to_have_count(1)
            all_cells[stub].type(code[solution].source).run()
            expect(all_cells[stub].root.locator(".run-right")).to_have_count(1)


def test_a_verdict_goes_when_the_next_is_on_its_way(opened):
    cell = cells(opened)[numbered("exercise")[0]]
    verdict = cell.root.locator(".run-text")
    cell.run()
    expect(verdict).to_be_visible()
    cell.type("while True:\n    pass").press()
    expect(cell.note).to_have_text("Checking …")
    expect(verdict).to_be_hidden()
    expect(opened.locator("[role=status]")).to_have_text(f"Cell {cell.number}: Checking …")
    expect(cell.button).to_have_accessible_name(f"Stop cell {cell.number}")
    cell.press()
    expect(cell.note).to_contain_text("Stopped")
    expect(cell.button).to_have_accessible_name(f"Check cell {cell.number}")
    assert not cell.output
    assert not violations(opened)


def test_by_keyboard(opened):
    cell = cells(opened)[0]
    cell.root.get_by_role("button", name="Edit").press("Enter")
    expect(cell.editor).to_be_focused()
    opened.keyboard.press("Control+a")
    opened.keyboard.type("for k in range(2):")
    opened.keyboard.press("Enter")
    opened.keyboard.type("print(k)")
    assert cell.editor.input_value() == "for k in range(2):\n    print(k)"
    opened.keyboard.press("Shift+Enter")
    expect(cell.note).to_contain_text("Done in", timeout=120_000)
    assert cell.output == ["0", "1"]
    status = opened.locator("[role=status]")
    assert status.inner_text().startswith("Cell 1: Done in")
    opened.keyboard.press("Tab")
    expect(cell.editor).not_to_be_focused()


def test_what_is_typed_outlives_the_visit_until_it_is_reset(visit):
    page = visit(CHAPTER, fresh=True)
    cells(page)[0].type("print('kept')")
    page.reload()
    first = Cell(page, 0)
    assert first.editor.input_value() == "print('kept')"
    page.evaluate("""() => {
        const all = JSON.parse(localStorage[`code:${location.pathname}`]);
        all[1].printed = "what stood here before";
        localStorage[`code:${location.pathname}`] = JSON.stringify(all);
    }""")
    page.reload()
    expect(first.note).to_contain_text("has changed since you typed this")
    stub = Cell(page, numbered("exercise")[0])
    stub.type("kept too")
    page.reload()
    assert stub.editor.input_value() == "kept too" and not stub.output


def test_reset_asks_once_and_there_is_a_way_back(visit):
    page = visit(CHAPTER, width=390, fresh=True)
    first = cells(page)[0].type("print('kept')")
    reset, keep, sure = (
        page.get_by_role("button", name=name) for name in ("Reset page", "Keep it", "Forget it")
    )
    reset.dblclick()
    assert first.editor.input_value() == "print('kept')", "pressed twice by accident"
    reset.press("Enter")
    expect(page.locator("[role=status]")).to_have_text("Forget all that you typed on this page?")
    expect(keep).to_be_focused()
    expect(sure).to_be_visible()
    assert not too_wide(page) and not violations(page)
    page.keyboard.press("Enter")
    expect(reset).to_be_focused()
    expect(sure).to_be_hidden()
    assert first.editor.input_value() == "print('kept')" and page.evaluate(TYPED)
    reset.press("Enter")
    page.keyboard.press("Tab")
    expect(sure).to_be_focused()
    page.keyboard.press("Enter")
    assert not first.editor.count() and not page.evaluate(TYPED)
    expect(reset).to_be_hidden()
    expect(page.locator("[role=status]")).to_have_text("The page is as it was printed.")


def test_it_works_where_nothing_can_be_kept(visit):
    page = visit(CHAPTER, fresh=True)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })"
    )
    page.reload()
    cell = cells(page)[0].type("print('all the same')")
    assert cell.run().output == ["all the same"]
    cell.undo.click()
    assert not page.watch.complaints


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("files.json", "This copy of the book was built without Python"),
        ("python.js", "Python could not start"),
        ("pyodide.asm.wasm", "Python could not be used"),
        ("book-", "Python could not be used"),
    ],
)
def test_what_is_missing_is_said(visit, missing, said):
    page = visit(CHAPTER, fresh=True)
    page.context.route(f"**/*{missing}*", lambda route: route.fulfill(status=404, body=""))
    cell = cells(page)[0].run()
    expect(cell.note).to_contain_text(said)
    page.context.unroute_all()
    assert cell.run().output == [line.rstrip() for line in cell.output]
    expect(cell.note).to_contain_text("Done in", timeout=120_000)


def test_from_a_file_it_says_what_to_do(browser):
    page = browser.new_page()
    page.goto((book.HTML / CHAPTER).as_uri())
    cell = cells(page)[0].run()
    expect(cell.note).to_contain_text("From a file no code runs here")
    page.close()


WITH_NUMPY = pytest.mark.skipif(
    bool(json.loads((RUNTIME / "files.json").read_text())["absent"]) if RUNTIME.exists() else True,
    reason="NumPy for the pages is not here: `make runtime`",
)

NOTEBOOKS = [p for p in book.CHAPTERS if (file := book.source(p)) and file.suffix == ".ipynb"]


@WITH_NUMPY
@pytest.mark.elsewhere
@pytest.mark.parametrize("path", NOTEBOOKS)
def test_every_quick_cell_gives_what_is_printed(visit, path, record_property):
    """Those that need no slow cell, and are compared: what takes longer, press.py presses."""
    page, code = visit(path), source(path)
    pressed, left = 0, []
    slow = json.loads(tools.inpage.SECONDS.read_text()).get(book.source(path).stem, {})
    apart = {"exercise", "solution", "own-data"}
    sources = [None if tags(cell) & apart else cell.source for cell in code]
    for number, (cell, one) in enumerate(zip(cells(page), code, strict=True)):
        if tags(one) & (apart | {"nbval-ignore-output"}):
            continue
        needed = cells_of_python.plan(sources, number, [])
        if any(tools.inpage.key(sources[k]) in slow for k in needed):
            left.append(number + 1)
            continue
        pressed += 1
        printed = cell.output
        assert cell.run().output == printed, one.source
        expect(cell.note).to_contain_text("Done in")
    record_property("pressed", (path, pressed, left))
    assert pressed >= max(1, len(left)), "most of a chapter is quick"
    assert not page.watch.foreign + page.watch.complaints


@WITH_NUMPY
def test_what_every_page_imports_was_compiled_before():
    for archive, name in ("python_stdlib.zip", "ast"), ("numpy-*.whl", "numpy/__init__"):
        (path,) = RUNTIME.glob(archive)
        names = zipfile.ZipFile(path).namelist()
        assert f"{name}.pyc" in names and f"{name}.py" not in names, "run `make runtime` again"


@WITH_NUMPY
@pytest.mark.parametrize("body", [b"altered", None])
def test_a_package_that_does_not_come_whole_is_said_and_tried_again(visit, body):
    page = visit("book/training/vanilla.html", fresh=True)
    answer = {"status": 404 if body is None else 200, "body": body or b""}
    page.context.route("**/numpy*.whl", lambda route: route.fulfill(**answer))
    cell = cells(page)[0].run()
    expect(cell.note).to_contain_text("numpy did not come whole")
    page.context.unroute_all()
    expect(cell.run().note).to_contain_text("Done in")


@WITH_NUMPY
def test_an_exhibit_is_mended_in_its_own_cell(visit):
    """In the museum of bugs the tool and the check below see what was changed above."""
    path = "book/training/bugs.html"
    page, texts = visit(path, fresh=True), [cell.source for cell in source(path)]
    exhibit = next(k for k, text in enumerate(texts) if text.startswith("def bptt"))
    code, tool, check = cells(page)[exhibit : exhibit + 3]
    assert check.run().output[0].startswith("Not yet")
    code.type(texts[exhibit].replace("dg += dz * x[t]", "dg += dz * y[t]"))
    assert tool.run().output[-1] == "dL/dg +0.000000"
    assert check.run().output[0].startswith("Right. You found")
