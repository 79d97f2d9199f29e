"""A page asks only its own server, nothing it asks for fails, and it is light."""

import gzip

from bs4 import BeautifulSoup
from probes import book, policy
from probes.watch import use

KB = 1024
MATHS, PLAIN = 112 * KB, 72 * KB  # with equations and without, figures and players apart


def test_every_page_of_the_contents_is_built():
    missing = [page for page in book.CHAPTERS if not (book.HTML / page).exists()]
    assert not missing


def test_a_search_engine_has_something_to_say_of_it(chapter):
    soup = BeautifulSoup(book.read(book.HTML / chapter), "html.parser")
    assert len(soup.select_one("meta[name=description]")["content"]) >= 60


def test_policy_is_strict(path):
    assert not policy.breaches(book.read(book.HTML / path))


def test_what_a_page_asks_for(visit, server, path, record_property):
    before = len(server.answers)
    # With the policy off, so that what it would have stopped is seen too.
    page = visit(path, fresh=True, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    answers = server.answers[before:]
    total, html = sum(answer.size for answer in answers), answers[0].size
    record_property("page", path)
    record_property("kb", total / KB)
    record_property("html", html / KB)
    record_property("requests", len(answers))
    index = sum(answer.size for answer in answers if "searchindex.js" in answer.path)
    text = total - index - figures(book.read(book.HTML / path))
    budget = MATHS if "STIX" in "".join(answer.path for answer in answers) else PLAIN
    assert text <= budget, f"{text / KB:.1f} KB"
    use(page)
    assert not page.watch.foreign


def figures(html):
    """Return how many bytes of a compressed page are figures and players."""
    soup = BeautifulSoup(html, "html.parser")
    whole = len(gzip.compress(str(soup).encode(), 6))
    for part in soup.select(".player, figure, article img"):
        part.decompose()
    return whole - len(gzip.compress(str(soup).encode(), 6))
