"""In Firefox, too: a few pages with their players on a desk and on a phone, and the search."""

import os
import shutil
import time

import pytest
from probes import book, player
from probes.firefox import Firefox
from probes.names import nameless
from probes.player import Player
from probes.server import Server
from probes.text import longest_word
from probes.watch import open_all
from probes.width import too_wide

from tools.inpage import on_page
from tools.rules import Page, tags

FIREFOX = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
NO_FIREFOX = "The site was not tested in Firefox: it is not here (on Debian: firefox-esr)."
NO_PUPPETEER = "The site cannot be tested in Firefox without Puppeteer: run `npm ci`."
pytestmark = pytest.mark.elsewhere
SOME = [*list(book.players())[::9], "book/notation.html", "search.html", "404.html"]


@pytest.fixture(scope="module")
def firefox():
    if not FIREFOX:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_FIREFOX, pytrace=False)
        pytest.skip(NO_FIREFOX)
    if not (book.MODULES / "puppeteer-core").exists():
        pytest.fail(NO_PUPPETEER, pytrace=False)
    with Firefox(FIREFOX) as running:
        yield running


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", SOME)
def test_page(firefox, server, subtests, path, width):
    firefox.goto(server.url(path), width=width)
    with subtests.test("names of pictures"):
        assert not nameless(firefox)
    open_all(firefox)
    with subtests.test("what is cut off or too wide"):
        assert not too_wide(firefox)
    for number in range(book.players().get(path, 0)):
        for way in (player.by_keyboard, player.by_steps, plays, player.every_frame):
            with subtests.test(way.__name__, player=number):
                shown = Player(firefox, number)
                shown.rewind()
                way(shown)
    with subtests.test("requests and errors"):
        assert not firefox.foreign + firefox.complaints


def plays(player):  # without a clock to wind on
    first = player.shown()
    player.button.click()
    assert player.button.inner_text() == "Pause"
    player.changed(first)
    player.button.click()
    assert player.button.inner_text() == "Play"


CELL = "document.querySelectorAll('.bd-article .cell:has(.cell_input pre)')[{}]"
PRINTED = "[...{}.querySelectorAll('.cell_output pre')].map((pre) => pre.textContent.trim()).join()"
STATE = "{}.querySelector('.run-bar > span').textContent"


def test_every_cell_of_a_chapter_runs(firefox, server):
    path = "book/foundations/networks.html"  # whose cells are quick
    if not (book.HTML / "_static" / "runtime").exists():
        pytest.skip("Python for the pages is not here: `make runtime`")
    firefox.goto(server.url(path), width=390)
    notebook = Page(book.source(path), book.source(path).read_text("utf-8"))
    for number, source in enumerate(on_page(notebook)):
        cell = CELL.format(number)
        printed = firefox.evaluate(PRINTED.format(cell))
        firefox.evaluate(f"{cell}.querySelector('.run-bar > .run').click()")
        end = time.monotonic() + 120
        while not (said := firefox.evaluate(STATE.format(cell))).startswith(("Done", "Error")):
            assert time.monotonic() < end, said
            time.sleep(0.05)
        assert said.startswith("Done"), source.source
        if "exercise" in tags(source):
            assert firefox.evaluate(PRINTED.format(cell)).startswith("Not yet")
        elif "nbval-ignore-output" not in tags(source):
            assert firefox.evaluate(PRINTED.format(cell)) == printed, source.source
    assert not firefox.foreign + firefox.complaints


def test_search(firefox, server):
    firefox.goto(server.url(SOME[0]), width=390)
    word = longest_word(firefox)
    firefox.locator(".search-button").click()
    firefox.type(word)
    firefox.press("Enter")
    firefox.wait_for(f"#search-results a[href*='{SOME[0]}']")
    assert not firefox.foreign + firefox.complaints


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ('<img alt="a map" src="http://example.org/map.png">', "foreign"),
        ('<img alt="a map" src="missing.png">', "complaints"),
        ("<script>missing.name</script>", "complaints"),
        ("<script>console.error('no')</script>", "complaints"),
        ("<p>Some words.</p>", ""),
    ],
)
def test_what_goes_wrong_is_heard(firefox, tmp_path, body, heard):
    (tmp_path / "page.html").write_text(f'<link rel="icon" href="data:,">{body}')
    with Server(tmp_path) as server:
        firefox.goto(server.url("page.html"))
        assert bool(firefox.foreign) == (heard == "foreign")
        assert bool(firefox.complaints) == bool(heard)
