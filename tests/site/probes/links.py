"""Addresses in the built files: what is linked must be there, and so must what a # points to."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LINKS = {"href", "src", "action", "poster", "data", "xlink:href"}
REFERENCES = {"for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.links, self.references = set(), [], []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            value = value or ""
            if name == "id" or (name == "name" and tag == "a"):
                self.ids.add(value)
            elif name in LINKS:
                self.links.append(value)
            elif name == "srcset":
                self.links += [part.split()[0] for part in value.split(",")]
            elif name in REFERENCES:
                self.references += value.split()
            self.references += re.findall(r"url\([\"']?#([^)\"']+)", value)


@cache
def _read(file):
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader


def broken(root, page):
    """Say which links, anchors and references of a page lead nowhere within the folder `root`."""
    root, file = Path(root).resolve(), Path(root, page).resolve()
    reader = _read(file)
    wrong = [
        f"no element has the id {name!r}" for name in reader.references if name not in reader.ids
    ]
    for link in reader.links:
        wrong += _check(root, file, link)
    return sorted(set(wrong))


def _check(root, file, link):
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return []
    path = unquote(parts.path)
    target = (root / path.lstrip("/") if path.startswith("/") else file.parent / path).resolve()
    if not path:
        target = file
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(root):
        return [f"{link} leads out of the book"]
    if not target.is_file():
        return [f"{link} is not there"]
    anchor = unquote(parts.fragment)
    if target.suffix == ".html" and anchor not in ("", "top") and anchor not in _read(target).ids:
        return [f"{link}: no element has that id"]
    if target.suffix == ".css":
        urls = re.findall(r"url\([\"']?([^)\"']+)", target.read_text(encoding="utf-8"))
        urls = [url for url in urls if not url.startswith(("data:", "#"))]
        return [f"{link} > {w}" for url in urls for w in _check(root, target, url)]
    return []
