"""With JavaScript off, the book is a book all the same."""

from probes import book
from probes.text import paragraphs, unseen


def test_readable(visit, chapter):
    page = visit(chapter, java_script_enabled=False)
    assert page.locator("article h1").is_visible()
    assert not unseen(page)


def test_says_what_it_says_with_javascript(visit, chapter):
    text = paragraphs(visit(chapter))
    assert text
    assert paragraphs(visit(chapter, java_script_enabled=False)) == text


def test_equations_are_drawn(visit, chapter):
    page = visit(chapter, java_script_enabled=False)
    written = "$$" in (source := book.source(chapter).read_text()) or "{math}" in source
    assert (page.locator("article .katex-display .katex-html:visible").count() > 0) == written


def test_player_shows_its_first_frame(visit, player_at):
    path, number = player_at
    page = visit(path, java_script_enabled=False)
    player = page.locator(".player").nth(number)
    assert player.locator("figure svg:visible").count() == 1
    assert player.locator("figcaption:visible").inner_text().strip()
    assert not player.locator(".player-bar").is_visible()
