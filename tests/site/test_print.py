"""On paper: what is folded is open and there, code breaks over pages, no figure is cut."""

import pytest
from probes.text import unseen

A4 = 718  # CSS pixels between the margins


@pytest.fixture
def on_paper(visit):
    """Open a page as it is laid out for paper."""

    def open_page(chapter):
        page = visit(chapter, width=A4, fresh=True)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        return page

    return open_page


def test_all_is_there_at_once(on_paper, chapter):
    page = on_paper(chapter)
    assert not page.locator("article details:not([open], .hint)").count()
    assert not page.evaluate("document.getAnimations().length")
    page.evaluate("document.querySelectorAll('[data-paper=out]').forEach((e) => e.remove())")
    assert not [
        what
        for what in unseen(page)
        if not what.endswith(("Copy to clipboard", " Hint", "Show the key"))
    ]


def test_code_breaks(on_paper, chapter):
    assert not on_paper(chapter).evaluate(
        """() => [...document.querySelectorAll("article pre")].flatMap((code) => {
            const wrong = [];
            for (let box = code; !box.matches("article"); box = box.parentElement) {
                const { breakInside, overflow } = getComputedStyle(box);
                if (breakInside !== "auto" || overflow !== "visible")
                    wrong.push(`${box.className}: ${breakInside}, ${overflow}`);
            }
            return wrong;
        })"""
    )


def test_figures_fit(on_paper, chapter):
    assert not on_paper(chapter).evaluate(
        """() => [...document.querySelectorAll("article :is(figure svg, img, table, .equation)")]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth)
            .map((e) => e.outerHTML.slice(0, 100))"""
    )
