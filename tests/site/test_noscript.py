"""With JavaScript off, the book is a book all the same."""

import pytest
from probes import book
from probes.text import paragraphs, unseen

pytestmark = pytest.mark.elsewhere


def test_without_javascript(visit, subtests, chapter):
    text = paragraphs(visit(chapter))
    page = visit(chapter, java_script_enabled=False)
    with subtests.test("all of it shows"):
        assert page.locator("article h1").is_visible()
        assert not unseen(page)
    with subtests.test("it says what it says with JavaScript"):
        assert text
        assert paragraphs(page) == text
    with subtests.test("equations are drawn"):
        written = "$$" in (source := book.source(chapter).read_text()) or "{math}" in source
        drawn = page.locator("article math[display]:visible").count() > 0
        assert drawn == written
    for player in page.locator(".player").all():
        with subtests.test("a player shows its first frame"):
            assert player.locator("figure svg:visible").count() == 1
            assert player.locator("figcaption:visible").inner_text().strip()
            assert not player.locator(".player-bar").is_visible()
