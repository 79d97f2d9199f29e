"""The built book, served on loopback and opened in Debian's Chromium."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from probes import book
from probes.server import Server
from probes.watch import Watch

HERE = Path(__file__).parent
# The shell is the same browser without its own windows, and takes two thirds of the time.
CHROMIA = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIA)), None)
NO_BROWSER = "The site was not tested: no Chromium here (on Debian: apt install chromium)."
NO_BOOK = "The site cannot be tested before it is built: run `make book`."
NO_AXE = "The site cannot be tested without axe-core: run `npm ci`."


def _lacking():
    if not (book.HTML / book.CHAPTERS[0]).exists():
        return NO_BOOK
    return "" if book.AXE.exists() else NO_AXE


def pytest_collection_modifyitems(config, items):
    """Where the site cannot be tested, keep one test, to say so once."""
    problem = (NO_BROWSER if not CHROMIUM else "") or _lacking()
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    if not problem or not ours:
        return
    if problem == NO_BROWSER and os.environ.get("CI") != "true":
        ours[0].add_marker(pytest.mark.skip(reason=problem))
    ours[0].stash[PROBLEM] = problem
    items[:] = [item for item in items if item is ours[0] or item not in ours]


PROBLEM = pytest.StashKey[str]()


def pytest_runtest_setup(item):
    """Fail the one test that was kept."""
    if problem := item.stash.get(PROBLEM, None):
        pytest.fail(problem, pytrace=False)


@pytest.fixture(scope="session")
def server():
    """Serve the book."""
    with Server(book.HTML) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    """Start one browser, which can reach nothing but this machine."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def tabs():
    """Keep the open tabs by the options that they were opened with."""
    return {}


@pytest.fixture
def visit(browser, tabs, server):
    """Open a page of the book; what it does meanwhile is in `page.watch`.

    A tab is used again by the next test, since opening one costs more than most tests do; it is
    left without memory but for the cache. A `fresh` one has none at all, and what has a `clock`
    goes by that of the test.
    """
    used = {}

    def open_page(
        page, *, width=1280, scheme="light", clock=False, fresh=False, at=server, **options
    ):
        key = None if fresh or clock else repr(sorted(options.items()))
        tab = tabs.get(key) or _new_tab(browser, options)
        used[tab] = key
        if key:
            tabs[key] = tab
        if clock:
            tab.clock.install(time=0)
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=scheme)
        tab.watch.forget()
        tab.goto(at.url(page), wait_until="load")
        if clock:
            tab.clock.pause_at(datetime(2000, 1, 1))  # from here on it goes when wound
        return tab

    yield open_page
    for tab, key in used.items():
        if key:
            tab.evaluate("localStorage.clear(), sessionStorage.clear()")
            tab.goto("about:blank")
        else:
            tab.context.close()


def _new_tab(browser, options):
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    tab = context.new_page()
    tab.watch = Watch(tab)
    return tab


def pytest_generate_tests(metafunc):
    """Run a test for each `path` of the site, or each `chapter`."""
    given = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "path" in metafunc.fixturenames and "path" not in given:
        metafunc.parametrize("path", book.PAGES)
    if "chapter" in metafunc.fixturenames and "chapter" not in given:
        metafunc.parametrize("chapter", book.CHAPTERS)


def pytest_terminal_summary(terminalreporter):
    """Print what the pages weigh, and which cells only press.py runs."""
    reports = [r for key in ("passed", "failed") for r in terminalreporter.stats.get(key, [])]
    rows = [dict(r.user_properties) for r in reports if r.when == "call"]
    if pressed := sorted(row["pressed"] for row in rows if "pressed" in row):
        terminalreporter.section("cells that were run in their page, and slow ones that were not")
        for path, count, left in pressed:
            terminalreporter.line(f"{path:40} {count:3}, left {left or 'none'}")
    rows = sorted((row for row in rows if "page" in row), key=lambda row: row["page"])
    if rows:
        terminalreporter.section("what the pages weigh (gzip, cold)")
        terminalreporter.line(f"{'page':40} {'KB':>7} {'of it HTML':>11} {'requests':>9}")
        for row in rows:
            line = f"{row['page']:40} {row['kb']:7.1f} {row['html']:11.1f} {row['requests']:9}"
            terminalreporter.line(line)
