"""The parts of the book as cards: a picture, what one can do afterwards, the chapters, their time.

The body of `{parts}` has a line for each part, `Foundations: what one can do afterwards`; the
chapters come from the contents, and their minutes from the chapters themselves.
"""

import json
import re
from pathlib import Path

from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from rnnbook.pictures.covers import cover


class Parts(SphinxDirective):
    """One card for each line of the body."""

    has_content = True

    def run(self):
        """Build the cards; the page is built again when a chapter changes."""
        words = dict(line.split(": ", 1) for line in self.content if line.strip())
        contents = self.env.app.config.external_site_map
        trees = {tree.caption: tree.files() for tree in contents[contents.root.docname].subtrees}
        if unknown := set(words) - set(trees):
            raise ExtensionError(f"parts: the contents have no part {sorted(unknown)}")
        cards = [self.card(part, text, trees[part]) for part, text in words.items()]
        return self.parse_text_to_nodes(
            "\n".join(["::::{grid} 1 1 2 2\n:gutter: 3\n", *cards, "::::"])
        )

    def card(self, part, words, names):
        """Write the card of a part in Markdown."""
        lines = []
        for name in names:
            path = Path(self.env.doc2path(name))
            self.env.note_dependency(str(path))
            lines.append(chapter(name, path.read_text("utf-8")))
        picture = f"```{{raw}} html\n{cover(part)}\n```"
        head = f":::{{grid-item-card}} {part}\n:class-card: part"
        return "\n".join([head, "", picture, f"{words}\n", *lines, ":::"])


def chapter(name, notebook):
    r"""Write a chapter as an item in Markdown: its title, linked, and its minutes.

    >>> source = ["# A title\n", "It takes about 9 minutes."]
    >>> chapter("book/it", json.dumps({"cells": [{"source": source}]}))
    '- [A title](/book/it), 9\xa0min'
    """
    text = "".join(line for cell in json.loads(notebook)["cells"] for line in cell["source"])
    title = re.match(r"# (.*)", text)
    minutes = re.search(r"takes about (\d+) minutes", text)
    if not title or not minutes:
        raise ExtensionError(f"{name} must begin with its title and say how many minutes it takes")
    return f"- [{title[1]}](/{name}), {minutes[1]}\N{NO-BREAK SPACE}min"


def setup(app):
    """Add the directive."""
    app.add_directive("parts", Parts)
