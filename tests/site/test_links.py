"""Every link within the book leads somewhere."""

from probes import book, links


def test_links_and_anchors_resolve(path):
    assert not links.broken(book.HTML, path)
