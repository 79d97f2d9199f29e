"""On paper: what is folded is open and there, code breaks over pages, no figure is cut."""

import pytest
from probes.text import unseen

pytestmark = pytest.mark.elsewhere
A4 = 718  # CSS pixels between the margins
UNBROKEN = """() => [...document.querySelectorAll("article pre")].flatMap((code) => {
    const wrong = [];
    for (let box = code; !box.matches("article"); box = box.parentElement) {
        const { breakInside, overflow } = getComputedStyle(box);
        if (breakInside !== "auto" || overflow !== "visible")
            wrong.push(`${box.className}: ${breakInside}, ${overflow}`);
    }
    return wrong;
})"""
CUT = """() => [...document.querySelectorAll("article :is(figure svg, img, table, .equation)")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth)
    .map((e) => e.outerHTML.slice(0, 100))"""


def test_on_paper(visit, subtests, chapter):
    page = visit(chapter, width=A4, fresh=True)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    with subtests.test("code breaks"):
        assert not page.evaluate(UNBROKEN)
    with subtests.test("figures fit"):
        assert not page.evaluate(CUT)
    with subtests.test("all is there at once"):
        assert not page.locator("article details:not([open], .hint)").count()
        assert not page.evaluate("document.getAnimations().length")
        page.evaluate("document.querySelectorAll('[data-paper=out]').forEach((e) => e.remove())")
        assert not [what for what in unseen(page) if not what.endswith((" Hint", "Show the key"))]
