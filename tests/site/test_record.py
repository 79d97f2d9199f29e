"""The reader's record in a page: the board, the file to hand in, and where nothing can be kept."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from probes import book
from probes.axe import violations
from probes.cells import cells
from probes.width import too_wide

import tools.inpage
from rnnbook import records
from rnnbook.classpage import page as class_page
from rnnbook.classroom import Class
from rnnbook.sections import SECTIONS
from tools.rules import Page, tags

CHAPTER, OTHER = "book/training/bptt.html", "book/training/unfolding.html"
SOURCE = book.source(CHAPTER)
CODE = tools.inpage.on_page(Page(SOURCE, SOURCE.read_text(encoding="utf-8")))
STUBS = [k for k, cell in enumerate(CODE) if "exercise" in tags(cell)]
LAST = STUBS[-1]
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('record:')).length"
DENIED = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })"


def board(page):
    return page.locator(".board")


def answer(page, value):
    """Answer the last exercise."""
    cells(page)[LAST].type(f'g = {value}\ncheck("bptt-sixteen", g)').run()


def saved(page, name=""):
    """Press the button, and return the record in the file."""
    page.get_by_label("Your name").fill(name)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my record").click()
    record = records.parsed(Path(download.value.path()).read_text("utf-8"))
    assert download.value.suggested_filename == f"record-{record['id'][:8]}.json"
    return record


def test_a_reader_on_a_phone(visit, subtests):
    page = visit(CHAPTER, width=390, fresh=True)
    count = board(page).locator("summary")
    with subtests.test("at first nothing is passed, nothing kept and nothing to save"):
        expect(count).to_contain_text(f"0 of {len(STUBS)} passed")
        assert not page.evaluate(KEPT)
        page.evaluate("document.querySelector('.board').open = true")
        expect(page.get_by_role("button", name="Save my record")).to_be_hidden()
    with subtests.test("a try, and another that is right"):
        cells(page)[LAST].run()
        answer(page, 4)
        expect(board(page).locator("li").last).to_have_text("Exercise 5: not yet, 1 try")
        answer(page, 2)
        expect(board(page).locator("li").last).to_have_text("Exercise 5: passed")
        expect(count).to_contain_text(f"1 of {len(STUBS)} passed")
    with subtests.test("the book's own solution is no try"):
        shown = board(page).inner_text()
        solution = next(k for k in range(STUBS[0], len(CODE)) if "solution" in tags(CODE[k]))
        assert cells(page)[solution].run().output[-1]
        assert board(page).inner_text() == shown
    with subtests.test("axe has nothing to say, and it fits"):
        assert not too_wide(page) and not violations(page)
    with subtests.test("the file has the form that Python writes"):
        four = records.mistake(
            "that gives a factor of 4 for each step, and there are four of them."
        )
        record = saved(page, " Ada ")
        assert record["exercises"] == {"bptt-sixteen": {"not yet": 1, four: 1, "right": 1}}
        assert record["name"] == "Ada" and record["book"]
    with subtests.test("it outlives the visit, without the name, and is one for all chapters"):
        page.reload()
        expect(count).to_contain_text(f"1 of {len(STUBS)} passed")
        page.goto(page.url.replace(CHAPTER, OTHER))
        page.evaluate("document.querySelector('.board').open = true")
        assert saved(page) == record | {"name": ""}
    with subtests.test("forgotten is forgotten"):
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Forget it").click()
        expect(page.get_by_role("button", name="Save my record")).to_be_hidden()
        assert not page.evaluate(KEPT)
    assert not page.watch.foreign + page.watch.complaints


def test_where_nothing_can_be_kept_it_lasts_as_long_as_the_visit(visit):
    page = visit(CHAPTER, fresh=True)
    page.add_init_script(DENIED)
    page.reload()
    answer(page, 2)
    expect(board(page).locator("summary")).to_contain_text("1 of 5 passed")
    assert records.passed(saved(page)["exercises"]["bptt-sixteen"])
    assert not page.watch.complaints


@pytest.mark.parametrize("kept", ["{", "null", "3", "[]", '{"id": 1}'])
def test_what_is_no_record_is_begun_anew(visit, kept):
    page = visit(CHAPTER, fresh=True)
    key = "`record:${new URL('../../_static/', location).pathname}`"
    page.evaluate(f"kept => localStorage.setItem({key}, kept)", kept)
    page.reload()
    expect(board(page).locator("summary")).to_contain_text("0 of 5 passed")
    assert page.evaluate(f"localStorage.getItem({key})") == kept, "the key is that of the script"
    verdict = "{ book: '0', verdicts: [['bptt-sixteen', 'right']] }"
    page.evaluate(f"document.dispatchEvent(new CustomEvent('verdicts', {{ detail: {verdict} }}))")
    expect(board(page).locator("summary")).to_contain_text("1 of 5 passed")
    assert not page.watch.complaints


def test_another_tab_is_heard(visit):
    page = visit(CHAPTER, fresh=True)
    other = page.context.new_page()
    other.goto(page.url)
    verdict = "{ book: '0', verdicts: [['bptt-sixteen', 'right']] }"
    other.evaluate(f"document.dispatchEvent(new CustomEvent('verdicts', {{ detail: {verdict} }}))")
    expect(board(page).locator("summary")).to_contain_text("1 of 5 passed")


def test_a_page_with_exercises_has_a_board_and_no_other(path):
    html = book.read(book.HTML / path)
    assert ("/record.js?" in html) == ('<div class="exercise' in html)


def test_what_a_class_got_wrong_links_to_what_is_there():
    told = {label: {records.OTHER: 1} for label in SECTIONS}
    found = Class(records=[records.new() | {"exercises": told}])
    links = re.findall(r'href="x://a/(.*?)#(.*?)"', class_page(found, "x://a"))
    assert len(links) >= 2 * len(SECTIONS)
    missing = {
        (path, place) for path, place in links if f'id="{place}"' not in book.read(book.HTML / path)
    }
    assert not missing


def test_paper_has_no_board(visit):
    page = visit(CHAPTER)
    page.emulate_media(media="print")
    expect(board(page)).to_be_hidden()
    page.emulate_media(media="screen")


def test_it_is_light():
    script = (book.HTML / "_static" / "record.js").read_bytes()
    assert len(gzip.compress(script, 6)) < 1300
