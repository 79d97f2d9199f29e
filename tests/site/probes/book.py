"""Which pages there are, and where."""

import os
from functools import cache
from pathlib import Path

from sphinx_external_toc.parsing import parse_toc_yaml

# Another checkout, built there, can be tested from here.
ROOT = Path(os.environ.get("BOOK_ROOT", Path(__file__).parents[3]))
HTML = ROOT / "_build" / "html"
MODULES = Path(__file__).parents[3] / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"

CHAPTERS = [f"{name}.html" for name in parse_toc_yaml(ROOT / "_toc.yml")]


@cache
def read(file):
    """Read a file of the build once."""
    return Path(file).read_text(encoding="utf-8")


def built():
    """List every page of the build that is not a mere redirection."""
    return sorted(
        str(file.relative_to(HTML))
        for file in HTML.rglob("*.html")
        if "_static" not in file.parts and 'http-equiv="Refresh"' not in read(file)
    )


# The table of contents says what has to be there; the build, what else there is (search, index).
PAGES = [*CHAPTERS, *(page for page in built() if page not in CHAPTERS)]


def players():
    """Count the players of each page that has any."""
    found = {p: read(HTML / p).count('<div class="player"') for p in PAGES if (HTML / p).exists()}
    return {page: count for page, count in found.items() if count}


def source(page):
    """Find the file that a page was made from, or None."""
    stem = ROOT / page.removesuffix(".html")
    return next(
        (f for e in (".ipynb", ".md") if (f := stem.with_name(stem.name + e)).exists()), None
    )
