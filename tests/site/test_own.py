"""The reader's own data: pasted or chosen, checked, trained, stopped and judged, in the page."""

import json
import math
import time

import pytest
from playwright.sync_api import expect
from probes import book
from probes.axe import violations
from probes.width import too_wide

SERIES, TEXT = "book/prediction/weather.html", "book/generation/text.html"
RUNTIME = book.HTML / "_static" / "runtime"
FIRST = 120_000  # milliseconds until Python is there, on a machine with other work
NUMBERS = "day;temp\n" + "\n".join(
    f"{k};{math.sin(k) + math.sin(k * k):.2f}".replace(".", ",") for k in range(150)
)
LOADED = """performance.getEntriesByType("resource").map(({ name }) => name)
    .filter((name) => /runtime|python[.]js/.test(name))"""


@pytest.fixture
def opened(visit):
    """Open a chapter, and return its page and the parts of its box."""

    def open_page(path, **options):
        page = visit(path, fresh=True, **options)
        return page, Own(page)

    return open_page


class Own:
    """The box on an open page."""

    def __init__(self, page):
        self.root = page.locator(".own")
        self.area = self.root.locator("textarea")
        self.file = self.root.locator("[type=file]")
        self.check, self.train = self.root.locator("button").all()
        self.status = self.root.get_by_role("status")

    def short(self, steps):
        """Have it train few steps."""
        self.root.evaluate("(form, steps) => (form.dataset.steps = steps)", steps)

    def checked(self, text=None):
        """Check what is pasted; wait until it may be trained."""
        if text is not None:
            self.area.fill(text)
        self.check.click()
        expect(self.train).to_be_visible(timeout=FIRST)


numpy = pytest.mark.skipif(
    "numpy" in json.loads((RUNTIME / "files.json").read_text())["absent"]
    if (RUNTIME / "files.json").exists()
    else True,
    reason="NumPy for the pages is not here: `make runtime`",
)


@numpy
def test_a_series_on_a_phone(opened, subtests):
    page, own = opened(SERIES, width=390)
    with subtests.test("nothing is loaded before it is asked for"):
        assert not page.evaluate(LOADED)
    with subtests.test("what cannot be used is said"):
        own.area.fill("1\n2")
        own.check.click()
        expect(own.status).to_contain_text("2 values are too few: at least 100", timeout=FIRST)
        expect(own.train).to_be_hidden()
        own.area.fill("")
        own.check.click()
        expect(own.status).to_contain_text("Nothing is here yet")
    with subtests.test("what can be used is described, and how long it takes"):
        own.checked(NUMBERS)
        expect(own.root.locator("li").first).to_contain_text("“temp” is taken")
        expect(own.status).to_contain_text("One small network, with one random start")
        expect(own.train).to_contain_text("Train, at most about")
    with subtests.test("another column may be chosen"):
        own.root.locator("select").select_option("day")
        expect(own.status).to_contain_text("by the same at every step", timeout=FIRST)
        own.checked(NUMBERS)
    with subtests.test("it is stopped within half a second"):
        own.train.click()
        expect(own.root.locator("svg polyline").first).to_be_attached(timeout=FIRST)
        begin = time.monotonic()
        own.root.get_by_role("button", name="Stop").click()
        expect(own.status).to_contain_text("Stopped")
        assert time.monotonic() - begin < 5  # the clicking takes time too, on a busy machine
    with subtests.test("it is trained and judged, and the sentence says who won"):
        own.short(100)
        own.train.click()
        expect(own.root.locator("table")).to_be_visible(timeout=FIRST)
        expect(own.status).to_contain_text("On the last fifth, 30 values, the network is off by")
        expect(own.status).to_contain_text("two standard errors")
        assert own.root.locator("tbody tr").count() == 4
        assert "Step 100 of 100. Loss" in own.root.locator("figcaption").first.inner_text()
        for drawing in own.root.locator("svg").all():
            assert drawing.get_attribute("aria-label")
    with subtests.test("nothing is too wide, and axe has nothing to say"):
        assert not too_wide(page) and not violations(page)
    with subtests.test("no other host, no error, and nothing of it is kept"):
        assert not page.watch.foreign + page.watch.complaints
        assert "sin" not in page.evaluate("JSON.stringify(localStorage)")


@numpy
def test_a_text_from_a_file_in_the_dark(opened, subtests, tmp_path):
    page, own = opened(TEXT, scheme="dark")
    with subtests.test("a file of another kind is refused"):
        (tmp_path / "a.txt").write_bytes(b"%PDF-1.7")
        own.file.set_input_files(tmp_path / "a.txt")
        own.check.click()
        expect(own.status).to_contain_text("This is a PDF file", timeout=FIRST)
    with subtests.test("a plain text in another encoding is read, trained and judged"):
        words = "Sie sagte, daß er käme, über das Feld und den Fluß. " * 200
        (tmp_path / "b.txt").write_bytes(words.encode("cp1252"))
        own.file.set_input_files(tmp_path / "b.txt")
        expect(own.status).to_contain_text("b.txt is chosen")
        own.checked()
        expect(own.root.locator("li").first).to_contain_text("Windows-1252")
        own.short(20)
        own.train.click()
        expect(own.root.locator("blockquote")).to_have_count(2, timeout=FIRST)
        expect(own.status).to_contain_text("On the last fifth the network needs")
    with subtests.test("axe has nothing to say"):
        assert not violations(page)
    assert not page.watch.foreign + page.watch.complaints


@numpy
def test_by_keyboard(opened):
    page, own = opened(SERIES)
    own.area.focus()
    page.keyboard.insert_text(NUMBERS)
    for _ in range(3):  # the file, the period, the button
        page.keyboard.press("Tab")
    expect(own.check).to_be_focused()
    page.keyboard.press("Enter")
    expect(own.train).to_be_visible(timeout=FIRST)


def test_what_is_missing_is_said(opened):
    page, own = opened(SERIES)
    page.context.route("**/files.json", lambda route: route.fulfill(status=404, body=""))
    own.area.fill(NUMBERS)
    own.check.click()
    expect(own.status).to_contain_text("built without Python", timeout=FIRST)
    page.context.unroute_all()


def test_from_a_file_it_says_what_to_do(browser):
    page = browser.new_page()
    page.goto((book.HTML / SERIES).as_uri())
    own = Own(page)
    own.area.fill(NUMBERS)
    own.check.click()
    expect(own.status).to_contain_text("From a file no code runs here")
    page.close()


def test_without_javascript_it_says_so(visit):
    page = visit(SERIES, java_script_enabled=False)
    expect(page.locator(".own")).to_have_text("This box needs JavaScript.", use_inner_text=True)


def test_it_is_left_out_on_paper(visit):
    page = visit(SERIES, fresh=True)
    page.emulate_media(media="print")
    expect(page.locator(".own")).to_be_hidden()
