"""What the pages' scripts do about colours, menus, copies and excerpts, storage or no storage."""

import os
import re
import shutil
from html import unescape

import pytest
from playwright.sync_api import expect
from probes import book
from probes.axe import violations
from probes.text import longest_word
from probes.width import too_wide

NOTATION = "book/notation.html"
CHAPTER = next(page for page in book.CHAPTERS if page.endswith("bptt.html"))
DENIED = """for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, {
        configurable: true,
        get() {
            window.denied = true;
            throw new DOMException("denied", "SecurityError");
        },
    });
}"""
GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def without_storage(visit):
    """Open pages in a browser that denies them any storage."""

    def open_page(path, **options):
        tab = visit(path, fresh=True, **options)
        tab.add_init_script(DENIED)
        tab.watch.forget()
        tab.reload()
        assert tab.evaluate("window.denied")
        return tab

    return open_page


def test_colours_change_where_storage_is_denied(without_storage):
    page = without_storage(CHAPTER)
    seen = set()
    for _ in range(3):
        page.locator(".theme-switch-button").locator("visible=true").first.click()
        seen.add(page.evaluate(GROUND))
    assert len(seen) == 2
    assert not page.watch.complaints


def test_sidebar_opens_where_storage_is_denied(without_storage):
    page = without_storage(CHAPTER, width=390)
    page.locator(".primary-toggle").click()
    expect(page.locator("#pst-primary-sidebar-modal a").first).to_be_visible()
    assert not page.watch.complaints


def test_search_finds_where_storage_is_denied(without_storage):
    page = without_storage(CHAPTER)
    word = longest_word(page)
    page.keyboard.press("Control+k")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    expect(page.locator(f'#search-results a[href*="{CHAPTER}"]').first).to_be_visible()
    assert not page.watch.complaints


def test_a_page_that_is_shown_again_has_the_new_colours(browser, server):
    # Neither Playwright's usual settings nor the shell leave a page waiting.
    running = browser.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = running.new_page(color_scheme="light")
    page.goto(server.url(NOTATION))
    page.evaluate("window.kept = true")
    light = page.evaluate(GROUND)
    page.goto(server.url(CHAPTER))
    page.evaluate("localStorage.setItem('mode', 'dark')")
    page.go_back(wait_until="commit")
    page.wait_for_function("document.title.startsWith('Notation')")
    assert page.evaluate("window.kept"), "the browser has loaded the page again"
    assert page.evaluate(GROUND) != light
    running.close()


def test_menus_of_the_header(visit):
    page = visit(CHAPTER)
    menus = page.locator(".header-menu").all()
    assert menus
    for menu in menus:
        items = menu.locator("li")
        for leave in (
            lambda: page.keyboard.press("Escape"),
            lambda: page.locator("h1").click(position={"x": 5, "y": 5}),
            lambda items=items: [page.keyboard.press("Tab") for _ in range(items.count() + 1)],
        ):
            menu.locator("summary").press("Enter")
            expect(items.first).to_be_visible()
            leave()
            expect(items.first).to_be_hidden()


def test_ways_to_run_a_chapter(visit):
    page = visit(CHAPTER, width=390, fresh=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu = page.locator(".ways")
    menu.locator("summary").press("Enter")
    assert not too_wide(page) and not violations(page)
    copy = menu.get_by_role("button", name="Copy")
    copy.press("Enter")
    expect(menu.get_by_role("button", name="Copied")).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()") == menu.locator("code").inner_text()
    menu.get_by_role("button", name="In this page").press("Enter")
    first = page.get_by_role("button", name="Run cell 1", exact=True)
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    expect(menu.locator("ul")).to_be_hidden()
    assert not page.watch.foreign + page.watch.complaints


def copied(page, selection):
    """Copy what a piece of script selects; give the plain text and the HTML."""
    page.evaluate(
        """(selection) => {
            document.addEventListener("copy", (event) => {
                const kinds = ["text/plain", "text/html"];
                window.copied = kinds.map((kind) => event.clipboardData.getData(kind));
            });
            const range = document.createRange();
            new Function("range", selection)(range);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        selection,
    )
    page.keyboard.press("Control+c")
    return page.evaluate("window.copied")


def test_an_equation_is_copied_once(visit):
    page = visit(CHAPTER, bypass_csp=True)
    tex = page.locator("math[display]").first.get_attribute("alttext")
    select = """const equation = document.querySelector("math[display]");
        range.setStart(equation.firstChild, 0); range.setEndAfter(equation.firstChild);"""
    for text in copied(page, select):
        assert unescape(re.sub("<[^>]*>", "", text)).strip() == f"$${tex}$$"


def test_a_paragraph_is_copied_with_its_equations_in_tex(visit):
    page = visit(CHAPTER, bypass_csp=True)
    paragraph = page.locator("article p", has=page.locator("math")).first
    text, _ = copied(page, "range.selectNode(document.querySelector('article p:has(math)'))")
    for equation in paragraph.locator("math").all():
        assert f"${equation.get_attribute('alttext')}$" in text


@pytest.mark.parametrize("word", ["constructor", "__proto__", "toString", "valueOf"])
def test_search_for_a_word_of_the_language_itself(visit, word):
    page = visit(f"search.html?q={word}")
    expect(page.locator("#search-results h2")).to_have_text("Search Results")
    assert not page.watch.complaints


def test_an_excerpt_is_text(visit):
    page = visit("search.html?q=backpropagation")
    excerpts = page.locator("#search-results .context")
    expect(excerpts.first).to_be_visible()
    page.wait_for_load_state("networkidle")
    html = book.read(book.HTML / CHAPTER)
    text = page.evaluate("(html) => Search.htmlToText(html)", html)
    assert "Download" not in text and "Print to PDF" not in text
    equations = page.evaluate(
        """(html) => [...new DOMParser().parseFromString(html, "text/html")
            .querySelectorAll("article math")].map((e) => e.getAttribute("alttext"))""",
        html,
    )
    longest = max(equations, key=len)
    assert text.count(longest) == equations.count(longest)
