"""Pages opened from disk, as those of the archive are: what works does, the rest says so."""

import pytest
from playwright.sync_api import expect
from probes import book


@pytest.fixture
def from_file(browser):
    context = browser.new_context()
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield lambda path: page.goto(f"{book.HTML.as_uri()}/{path}") and page
    assert not page.errors
    context.close()


def test_search_lists_titles(from_file):
    page = from_file("search.html?q=gradient")
    expect(page.locator("#search-results")).to_contain_text("Backpropagation through time")
    expect(page.get_by_text("the titles alone are shown")).to_be_visible()


def test_players_move_and_cells_say_what_they_need(from_file):
    page = from_file("book/training/bptt.html")
    player = page.locator(".player").first
    player.get_by_role("button", name="Next").click()
    expect(player.locator("output")).to_contain_text("2 of")
    page.locator("button.run").first.click()
    expect(page.get_by_text("From a file no code runs here").first).to_be_visible()
