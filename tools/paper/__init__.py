"""The book on paper: the built site's chapters, put in order for `pdf` and `epub`.

`chapter.js` turns a page into what it is on paper; Chromium, which runs it, prints too.
"""

import os
import re
import shutil
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import NamedTuple

import yaml

from tools.notebooks import ROOT

HERE = Path(__file__).parent
HTML = ROOT / "_build" / "html"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class Chapter(NamedTuple):
    """A chapter on paper: its name in links, title, text, and the answers for the end."""

    name: str
    title: str
    body: str
    answers: str


class Part(NamedTuple):
    """A part of the book, with the files of its chapters as _toc.yml names them."""

    title: str
    files: list


def parts(root=ROOT):
    """Return the parts of _toc.yml that are read on paper.

    The API is looked up where the code is; the landing page, in no part, has a title page instead.
    """
    listed = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))["parts"]
    return [
        Part(part["caption"], [one["file"] for one in part["chapters"]])
        for part in listed
        if part["caption"] != "API"
    ]


def about(root=ROOT):
    """Return what is said of the book, as HTML: title, authors, version, where its code is."""
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    return {
        "title": escape(citation["title"]),
        "abstract": escape(" ".join(citation["abstract"].split())),
        "authors": escape(citation["authors"][0]["name"]),
        "version": citation["version"],
        "date": citation["date-released"],
        "repository": os.environ.get("BOOK_REPOSITORY") or config["repository"]["url"],
    }


def imprint(book):
    """Say what differs here from the pages in the browser, where those are, and the licences."""
    return f"""<p>On the pages of this book in the browser every picture moves, every cell can be
run and changed, and every exercise answers; where the text speaks of a button, or of something
that moves, it means those. They are at <a href="{book["repository"]}">{book["repository"]}</a>,
with the notebooks, the code, and a reference of its functions.</p>
<p>Here a plaything is a few of its frames, each with its sentence. Hints are left out, and so is
code that only draws or reads what is drawn. The answers to questions and exercises stand together
at the end.</p>
<p>The text and the figures are under <a href="{LICENCE}">CC BY 4.0</a>, the code is under the
BSD 3-Clause License.</p>"""


def name_of(file):
    """Return the name of a chapter in links.

    >>> name_of("book/training/bptt")
    'training-bptt'
    """
    return file.removeprefix("book/").replace("/", "-")


@contextmanager
def chromium():
    """Start Chromium, and say where it is missing."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        raise SystemExit("This needs Chromium (on Debian: apt install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def chapters(browser, *, linked=False, html=HTML, files=None):
    """Return the chapters of the built site as they stand on paper, in order.

    Links lead to a place in the same file, or, where chapters are `linked`, in a file of the
    chapter's, which is XML.
    """
    files = files or [file for part in parts() for file in part.files]
    names = {f"{file}.html": name_of(file) for file in files}
    script = (HERE / "chapter.js").read_text("utf-8")
    # The page's own scripts are kept out: they would set up what is about to be taken apart.
    page = browser.new_context(java_script_enabled=False).new_page()
    found = []
    for path, name in names.items():
        page.goto((html / path).as_uri())
        given = {"name": name, "names": names, "linked": linked}
        found.append(Chapter(name, **page.evaluate(script, given)))
    page.context.close()
    return found


def whole(browser, **how):
    """Return the chapters of the whole book, and the entries of its index."""
    found = chapters(browser, **how)
    return found, index((HTML / "genindex.html").read_text("utf-8"), {one.name for one in found})


def answers(chapters):
    """Return the body of the chapter that has the answers of all others."""
    return "\n".join(
        f'<section><h2 id="answers-{one.name}">{one.title}</h2>\n{one.answers}</section>'
        for one in chapters
        if one.answers
    )


def index(text, names):
    """Return the entries of the site's index: each term, and the chapters' places that mention it.

    What is no term of the glossary, as a function of the package, is left out.

    >>> index('<li><a href="book/glossary.html#term-Adam"><strong>Adam</strong></a>'
    ...       '<ul><li><a href="book/training/gated.html#term-adam">Gates</a></li></ul></li>'
    ...       '<li><a href="book/api/it.html#it.f">f() (in module it)</a></li>',
    ...       {"glossary", "training-gated"})
    [('Adam', [('glossary--term-Adam', 'Glossary'), ('training-gated--term-adam', 'Gates')])]
    """
    entries = []
    link = re.compile(
        r'<a href="(book/[^"#]*)\.html#([^"]*)">(?:<strong>([^<]*)</strong>|([^<]*))<'
    )
    for file, place, term, title in link.findall(text):
        where = f"{name_of(file)}--{place}"
        if name_of(file) not in names:
            continue
        if term:
            entries.append((term, [(where, "Glossary")]))
        elif entries:
            entries[-1][1].append((where, title))
    return entries
