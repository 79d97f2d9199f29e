"""Decks: what is tagged is shown, fits a lecture, and asks nothing of the net."""

import doctest

import nbformat
import pytest

from theme.equations import Typesetter
from tools import notebooks, slides

READ = {path.stem: nbformat.read(path, as_version=4) for path in notebooks.chapters()}
DECKS = {
    name: notebook
    for name, notebook in READ.items()
    if any("slideshow" in cell.metadata for cell in notebook.cells)
}


@pytest.fixture(scope="module")
def deck():
    made = slides.Deck()
    yield made
    made.typesetter.stop()


def notebook(*cells):
    """Make a notebook of texts, each with what becomes of it on slides."""
    new = nbformat.v4
    return new.new_notebook(cells=[
        new.new_markdown_cell(text, metadata={"slideshow": {"slide_type": kind}} if kind else {})
        for text, kind in cells
    ])  # fmt: skip


def test_examples():
    assert not doctest.testmod(slides).failed


def test_tags_and_headings_begin_slides(deck):
    one = notebook(
        ("# Title\n\nfirst", "slide"), ("## Untold", ""),
        ("goes on\n\n## New\n\nfirst", "fragment"), ("no heading", "slide"),
    )  # fmt: skip
    found = deck.slides(one)
    assert [part.count('class="notes"') for part in found] == [2, 1, 1]
    assert found[0].startswith("<h1>Title</h1>") and "goes on" in found[0]
    assert found[1].startswith("<h2>New</h2>") and found[2].startswith("<h2>New</h2>")


def test_slide_shows_what_matters_and_the_notes_have_all(deck):
    text = "## H\n\nfirst\n\nsecond\n\nso\n\n- a list\n\n$$x^2$$\n\n"
    text += "third, **bold**\n\n:::{tip}\nbox\n:::\n"
    (slide,) = deck.slides(notebook((text, "slide")))
    shown, notes = slide.split('<aside class="notes">')
    assert all(word in shown for word in ("first", "a list", "katex-display", "bold"))
    assert "second" not in shown and "second" in notes and "box" not in slide


def test_long_paragraph_or_code_is_not_shown(deck):
    sentence = f"{'word ' * 25}end."
    text = f"## H\n\n{sentence}\n{sentence}\n\nNo.\n**Yes,\nboth lines.**\nNo."
    (slide,) = deck.slides(notebook((text, "slide")))
    shown, notes = slide.split('<aside class="notes">')
    assert shown.count("end.") == 1 and notes.count("end.") == 2
    assert "both lines." in shown and "No." not in shown
    for lines, there in ((11, True), (12, True), (13, False)):
        code = nbformat.v4.new_code_cell("\n".join(["x = 1"] * lines))
        assert ("<pre" in slides.shown(code)) == there


def test_what_leads_to_a_list_or_to_a_cell_is_shown(deck):
    text = "## H\n\n**Bold.**\n\nno\nleads\n\n- one\n\nno\n\nleads, too:"
    (slide,) = deck.slides(notebook((text, "slide")))
    shown, _ = slide.split('<aside class="notes">')
    assert "leads" in shown and "no" not in shown and "too:" not in shown
    one = notebook((text, ""), ("", "slide"))
    one.cells[1] = nbformat.v4.new_code_cell("1", metadata=one.cells[1].metadata)
    (slide,) = deck.slides(one)
    assert "leads, too:" in slide and "no" not in slide


@pytest.mark.parametrize("name", DECKS)
def test_decks_are_a_lecture_each(name, deck):
    found = deck.slides(DECKS[name])
    assert 12 <= len(found) <= 15
    assert all(slide.startswith("<h") for slide in found)
    html = slides.page(name, found)
    assert html == slides.page(name, slides.Deck.slides(deck, DECKS[name]))
    assert 'src="http' not in html and 'href="http' not in html
    assert "::: " not in html and ":::{" not in html


def test_equations_are_set_by_the_pages_own_typesetter(deck):
    assert isinstance(deck.typesetter, Typesetter)
