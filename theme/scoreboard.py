"""The table of the applications, and what their chapters found, made while the book is built.

`{scoreboard}` is the table; `{findings} prediction` lists the chapters of a part, each with the
answer that it begins with.
"""

import json
import re
from pathlib import Path

import numpy as np
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from rnnbook import results, scoreboard

HEAD = ["problem", "measured", "best baseline", "network", "gain", "seconds", "verdict"]


class Scoreboard(SphinxDirective):
    """One row for each application, with a link to its chapter."""

    def run(self):
        """Build the table; the page is built again when a kept result changes."""
        self.env.note_dependency(scoreboard.__file__)
        for file in results.files(results.__name__).iterdir():
            self.env.note_dependency(str(file))
        lines = ["| " + " | ".join(HEAD) + " |", "|---|---|---|---|---|---|---|"]
        names = [name.removeprefix("book/") for name in self.env.app.config.external_site_map]
        scores = {name: scoreboard.SCORES[name]() for name in names if name in scoreboard.SCORES}
        lines += [row(name, score) for name, score in scores.items()]
        return self.parse_text_to_nodes("\n".join(lines))


def row(chapter, score):
    """Write one score as the row of a table in Markdown."""
    d = score.digits
    low, high = min(score.ours), max(score.ours)
    gain = f"{score.gain:.{d}f}".replace("-", "−")
    return (
        f"| [{score.title}](/book/{chapter}) | {score.metric}"
        f" | {score.baseline}: {score.theirs:.{d}f}"
        f" | {np.mean(score.ours):.{d}f} ({low:.{d}f} to {high:.{d}f})"
        f" | {gain} ± {score.error:.{d}f}"
        f" | {score.seconds:.0f} | **{score.verdict}** |"
    )


class Findings(SphinxDirective):
    """A list of the chapters of a part, in the order of the contents."""

    required_arguments = 1

    def run(self):
        """Build the list; the page is built again when a chapter changes."""
        lines = []
        for name in self.env.app.config.external_site_map:
            if name.startswith(f"book/{self.arguments[0]}/"):
                path = Path(self.env.doc2path(name))
                self.env.note_dependency(str(path))
                lines.append(finding(name, path.read_text("utf-8")))
        return self.parse_text_to_nodes("\n".join(lines))


ANSWER = re.compile(r"\*\*What is a recurrent network worth here\?\n(.*?)\*\*", re.S)


def finding(name, notebook):
    r"""Write a chapter as an item in Markdown: its title, linked, and the answer it begins with.

    >>> lines = ["# A title", "", "**What is a recurrent network worth here?", "A lot.**"]
    >>> finding("book/it", json.dumps({"cells": [{"source": "\n".join(lines)}]}))
    '- [A title](/book/it): a lot.'
    """
    text = "".join(json.loads(notebook)["cells"][0]["source"])
    title, answer = text.split("\n")[0].removeprefix("# "), ANSWER.search(text)
    if not answer:
        raise ExtensionError(f"{name} must begin with what a recurrent network is worth there")
    words = " ".join(answer[1].split())
    return f"- [{title}](/{name}): {words[0].lower()}{words[1:]}"


def setup(app):
    """Make the directives known."""
    app.add_directive("scoreboard", Scoreboard)
    app.add_directive("findings", Findings)
