"""The book on paper, as far as it needs no browser; tests/site/test_chapters.py has the rest."""

import doctest
import re
import zipfile
from xml.etree import ElementTree

import pytest

from tools import paper
from tools.paper import epub, pdf

BOOK = paper.about()


@pytest.mark.parametrize("module", [paper, pdf, epub], ids=lambda module: module.__name__)
def test_examples(module):
    assert not doctest.testmod(module).failed


def chapters():
    files = [file for part in paper.parts() for file in part.files]
    body = '<h1>A title</h1><a class="to-page" href="#x--solution-1">solution</a>'
    return [paper.Chapter(paper.name_of(f), "A title", body, "<p>so</p>") for f in files]


def test_book_has_every_chapter_in_order_between_contents_and_index():
    names = [one.name for one in chapters()]
    html = pdf.assembled(BOOK, chapters(), [("Adam", [("glossary--term-Adam", "Glossary")])])
    listed = re.findall(r'<p class="line"><a href="#([^"]*)">', html)
    assert listed == [*names, "answers", "index"]
    printed = re.findall(r'<article class="bd-article chapter" style="page:([^"]*)">', html)
    assert printed == [*names, "answers"]
    assert html.count("<p>so</p>") == len(names)
    assert all(f'<p class="part-label">{part.title}</p>' in html for part in paper.parts())


def test_every_number_of_a_page_is_filled_in():
    html = pdf.assembled(BOOK, chapters(), [("Adam", [("glossary--term-Adam", "Glossary")])])
    places = re.findall(r'class="page-number" href="#([^"]*)"', html)
    assert {"answers", "index", "x--solution-1", "glossary--term-Adam"} <= set(places)
    done = pdf.numbered(html, dict.fromkeys(places, 7))
    assert ">000<" not in done
    with pytest.raises(KeyError):
        pdf.numbered(html, {})


def test_same_book_gives_the_same_bytes_whenever_it_is_printed():
    one, other = (b"/CreationDate (D:%d000000+00'00')" % day for day in (20260101, 20261231))
    assert pdf.dateless(one) == pdf.dateless(other)


def test_epub_lists_what_it_holds_and_has_the_same_bytes_twice(tmp_path):
    entries = [("Adam", [("glossary--term-Adam", "Glossary")])]
    for name in ("one", "other"):
        epub.packed(BOOK, epub.assembled(BOOK, chapters(), entries), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    with zipfile.ZipFile(tmp_path / "one") as book:
        first, *names = book.namelist()
        assert (first, book.read(first)) == ("mimetype", b"application/epub+zip")
        package = ElementTree.fromstring(book.read("book/package.opf"))
        opf = {"opf": "http://www.idpf.org/2007/opf"}
        listed = {f"book/{item.get('href')}" for item in package.findall(".//opf:item", opf)}
        assert listed == set(names) - {"META-INF/container.xml", "book/package.opf"}
        spine = [item.get("idref") for item in package.findall(".//opf:itemref", opf)]
        ends = ["answers-xhtml", "index-xhtml"]
        read = [f"{one.name}-xhtml" for one in chapters()]
        assert spine == ["title-xhtml", "nav-xhtml", *read, *ends]
