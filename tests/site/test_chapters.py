"""A chapter as it stands on paper: nothing to press or unfold, key frames, answers apart."""

import re
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from probes import book

from tools import paper
from tools.paper import epub, pdf


@pytest.fixture(scope="module")
def chapters(browser):
    return paper.chapters(browser, html=book.HTML)


@pytest.fixture(scope="module")
def articles(chapters):
    return {
        one.name: (
            BeautifulSoup(one.body, "html.parser"),
            BeautifulSoup(one.answers, "html.parser"),
        )
        for one in chapters
    }


def test_nothing_is_left_to_press_or_to_unfold(articles):
    parts = "button, input, select, details, script, form, .hint, .player-bar, .headerlink"
    for name, pair in articles.items():
        assert not [one.name for half in pair for one in half.select(parts)], name


def test_playthings_are_key_frames_with_their_sentences(articles):
    figures = [
        article.select(".key-frames figure")
        for article, _ in articles.values()
        if article.select(".key-frames")
    ]
    assert len(figures) > 20
    for frames in figures:
        assert all(frame.svg.find_all(True) and len(frame.figcaption.text) > 20 for frame in frames)


def test_answers_are_at_the_end_alone(articles):
    for name, (article, answers) in articles.items():
        assert not article.select(".tag_solution"), name
        exercises = article.select(".exercise.admonition")
        titles = [title["id"] for title in answers.select("h3[id]")]
        assert len(answers.select(".tag_solution")) == len(exercises) == len(titles), name
        links = [link["href"][1:] for link in article.select(".to-page")]
        assert links == titles


def test_every_link_leads_somewhere_and_no_name_stands_twice(chapters):
    html = pdf.assembled(paper.about(), chapters, [])
    soup = BeautifulSoup(html, "html.parser")
    names = [one["id"] for one in soup.select("[id]")]
    assert len(names) == len(set(names))
    wanted = {a["href"][1:] for a in soup.select('a[href^="#"]')}
    assert wanted <= set(names)
    assert not [a["href"] for a in soup.select("a[href]") if a["href"].startswith("file:")]


def test_prints_the_same_bytes_twice(browser, chapters, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "WORK", tmp_path)
    html = pdf.assembled(paper.about(), chapters, [])
    short = html[: html.index('<article class="bd-article chapter"')] + "</main></body></html>"
    for target in (tmp_path / "a" / "book.pdf", tmp_path / "b" / "book.pdf"):
        pdf.printed(browser, short, target)
    first, second = (tmp_path / name / "book.pdf" for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"%PDF")


def test_chapters_of_the_epub_are_sound_xml_in_which_every_link_leads_somewhere(browser):
    files = ["book/training/bptt", "book/glossary"]
    found = paper.chapters(browser, linked=True, html=book.HTML, files=files)
    written = epub.assembled(paper.about(), found, [], book.HTML)
    texts = {name: text for name, text in written.items() if name.endswith(".xhtml")}
    trees = {name: ElementTree.fromstring(text) for name, text in texts.items()}
    places = {(n, one.get("id")) for n, tree in trees.items() for one in tree.iter()}
    for name in ("training-bptt.xhtml", "glossary.xhtml", "answers.xhtml"):
        links = re.findall(r'href="([\w-]+\.xhtml)#([^"]*)"', texts[name])
        assert set(links) <= places
        assert "var(--" not in texts[name]
    assert "glossary.xhtml#glossary--term" in texts["training-bptt.xhtml"]
    assert "http://www.w3.org/1998/Math/MathML" in texts["training-bptt.xhtml"]
