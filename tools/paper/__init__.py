"""The book on paper: the built site's chapters, put in order for `pdf` and `epub`.

`chapter.js` turns a page into what it is on paper; Chromium, which runs it, prints too.
"""

import os
import re
import shutil
from contextlib import contextmanager
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
    """Return the parts of _toc.yml; the landing page is in none, as paper has a title page."""
    listed = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))["parts"]
    return [Part(part["caption"], [one["file"] for one in part["chapters"]]) for part in listed]


def about(root=ROOT):
    """Return the title, authors and version of the book, and the address of its repository."""
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    return {
        "title": citation["title"],
        "abstract": " ".join(citation["abstract"].split()),
        "authors": citation["authors"][0]["name"],
        "version": citation["version"],
        "date": citation["date-released"],
        "repository": os.environ.get("BOOK_REPOSITORY") or config["repository"]["url"],
    }


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


def chapters(browser, *, mathml=False, linked=False, html=HTML, files=None):
    """Return the chapters of the built site as they stand on paper, in order.

    Equations are boxes, or `mathml`; links lead to a place in the same file, or, where chapters
    are `linked`, in a file of the chapter's.
    """
    files = files or [file for part in parts() for file in part.files]
    names = {f"{file}.html": name_of(file) for file in files}
    script = (HERE / "chapter.js").read_text("utf-8")
    # The page's own scripts are kept out: they would set up what is about to be taken apart.
    page = browser.new_context(java_script_enabled=False).new_page()
    found = []
    for path, name in names.items():
        page.goto((html / path).as_uri())
        given = {"name": name, "names": names, "mathml": mathml, "linked": linked}
        found.append(Chapter(name, **page.evaluate(script, given)))
    page.context.close()
    return found


def answers(chapters):
    """Return the body of the chapter that has the answers of all others."""
    return "\n".join(
        f'<section><h2 id="answers-{one.name}">{one.title}</h2>\n{one.answers}</section>'
        for one in chapters
        if one.answers
    )


def index(text, names):
    """Return the entries of the site's index: each term, and the chapters' places that mention it.

    What is no term of the glossary, as a function of the package, is an entry with one place.

    >>> index('<li><a href="book/glossary.html#term-Adam"><strong>Adam</strong></a>'
    ...       '<ul><li><a href="book/training/gated.html#term-adam">Gates</a></li></ul></li>'
    ...       '<li><a href="book/api/it.html#it.f">f() (in module it)</a></li>',
    ...       {"glossary", "training-gated", "api-it"})[1:]
    [('f() (in module it)', [('api-it--it.f', 'API')])]
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
        elif not place.startswith("term-"):
            entries.append((title, [(where, "API")]))
        elif entries:
            entries[-1][1].append((where, title))
    return entries
