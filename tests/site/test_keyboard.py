"""Without a mouse: the way into the text, every control, the colours and the drop-downs."""

from playwright.sync_api import expect
from probes.keyboard import unreached

BARE = "404.html"  # a few lines without menus
WITH_FIELD = "search.html"  # starts in its field


def test_keyboard(visit, subtests, path):
    page = visit(path)
    if path not in (BARE, WITH_FIELD):
        with subtests.test("the skip link comes first"):
            _skip(page)
    with subtests.test("Tab reaches every control"):
        assert not unreached(page)
    if path != BARE:
        with subtests.test("theme switch"):
            _switch_theme(page)
    with subtests.test("drop-downs"):
        _open_and_close(page)


def _skip(page):
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_attribute("href", "#main-content")
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.wait_for_url("**#main-content")


def _switch_theme(page):
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


def _open_and_close(page):
    for details in page.query_selector_all("article details"):
        opened = details.evaluate(
            """(details) => {
                for (let e = details.parentElement; e; e = e.parentElement) e.open = true;
                details.querySelector(":scope > summary").focus();
                return details.open;
            }"""
        )
        for key in ("Enter", "Space"):
            page.keyboard.press(key)
            opened = not opened
            assert details.evaluate("d => d.open") == opened, f"{key} does nothing"
