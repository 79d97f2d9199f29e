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
    assert all(word in shown for word in ("first", "a list", 'display="block"', "bold"))
    assert "second" not in shown and "second" in notes and "box" not in slide


def test_long_paragraph_or_code_is_not_shown(deck):
    sentence = f"{'word ' * 30}end."
    text = f"## H\n\n{sentence}\n{sentence}\n\nNo.\n**Yes,\nboth lines.**\nNo."
    (slide,) = deck.slides(notebook((text, "slide")))
    shown, notes = slide.split('<aside class="notes">')
    assert shown.count("end.") == 1 and notes.count("end.") == 2
    assert "both lines." in shown and "No." not in shown
    goes_on = f"{sentence}\n**Bold.**"
    assert "end." not in deck.piece(goes_on).split("<aside")[0]
    assert "end." in deck.piece(f"## H\n\n{goes_on}").split("<aside")[0]


def test_item_of_a_list_shows_its_first_sentence_and_of_a_long_one_its_beginning(deck):
    long = f"{'word ' * 30}end"
    text = f"## H\n\n- Short; all.\n  No.\n- {long}; no.\n- {long}, $a\\; b$ (c; d)\n"
    (slide,) = deck.slides(notebook((text, "slide")))
    shown, notes = slide.split('<aside class="notes">')
    assert "Short; all." in shown and "end." in shown and "(c; d)" in shown
    assert "no." not in shown.lower() and "no." in notes and "No." in notes


def test_slide_has_so_much_code_and_all_outputs(deck):
    new = nbformat.v4
    most, printed = slides.LINES, new.new_output("stream", text="printed")

    def code(lines, kind):
        metadata = {"slideshow": {"slide_type": kind}}
        return new.new_code_cell(
            "code\n" * (lines - 1) + "code", outputs=[printed], metadata=metadata
        )

    cells = code(most - 3, "slide"), code(4, "fragment"), code(3, "fragment"), code(most, "slide")
    found = deck.slides(new.new_notebook(cells=[*cells, code(most + 1, "slide")]))
    assert [slide.count("printed</pre>") for slide in found] == [3, 1, 1]
    assert [slide.count("code") for slide in found] == [most, most, 0]


def test_what_leads_to_a_list_or_to_a_cell_is_shown(deck):
    text = "## H\n\n**Bold.**\n\nno\nleads\n\n- one\n\nno\n\nleads, too:"
    (slide,) = deck.slides(notebook((text, "slide")))
    shown, _ = slide.split('<aside class="notes">')
    assert "leads" in shown and "no" not in shown and "too:" not in shown
    one = notebook((text, ""), ("", "slide"))
    one.cells[1] = nbformat.v4.new_code_cell("1", metadata=one.cells[1].metadata)
    (slide,) = deck.slides(one)
    assert "leads, too:" in slide and "no" not in slide


def test_every_chapter_has_a_deck():
    chapters = {path.stem for path in notebooks.chapters() if path.parent.name != "book"}
    assert DECKS.keys() == chapters


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


def test_punctuation_stays_on_the_line_of_its_equation(deck):
    html = deck.render("Keep $z$: and $x$.")
    assert ":</span> and" in html and ".</span></p>" in html
    assert slides.MARK not in html
