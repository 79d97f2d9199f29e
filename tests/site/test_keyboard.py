"""Without a mouse: the way into the text, every control, the colours and the drop-downs."""

import pytest
from playwright.sync_api import expect
from probes import book
from probes.keyboard import unreached

# The page for a wrong address is a few lines without menus.
FRAMED = [page for page in book.PAGES if page != "404.html"]


@pytest.mark.parametrize(
    "path", [p for p in FRAMED if p != "search.html"]
)  # it starts in its field
def test_skip_link_comes_first(visit, path):
    page = visit(path)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_attribute("href", "#main-content")
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.wait_for_url("**#main-content")


def test_tab_reaches_every_control(visit, path):
    page = visit(path)
    assert not unreached(page)


@pytest.mark.parametrize("path", FRAMED)
def test_theme_switch(visit, path):
    page = visit(path)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    switch = page.locator(".theme-switch-button").locator("visible=true").first
    seen = set()
    switch.focus()
    for _ in range(3):
        page.keyboard.press("Enter")  # to whatever has the focus, which the switch must keep
        seen.add((page.locator("html").get_attribute("data-theme"), page.evaluate(ground)))
    assert {theme for theme, _ in seen} == {"light", "dark"}
    assert len({colour for _, colour in seen} | {before}) == 2


def test_dropdowns_open(visit, chapter):
    page = visit(chapter)
    for details in page.locator("article details").all():
        details.evaluate(
            "d => { for (let e = d.parentElement; e; e = e.parentElement) e.open = true }"
        )
        opened = details.evaluate("d => d.open")
        for key in ("Enter", "Space"):
            details.locator("> summary").press(key)
            opened = not opened
            assert details.evaluate("d => d.open") == opened, f"{key} does nothing"
