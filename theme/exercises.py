"""Exercises on their page: numbered within the chapter, hints folded, no verdict yet."""

import re
from html import escape
from importlib import import_module

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx_exercise.nodes import is_exercise_node

from rnnbook.exercises import CHAPTERS


class Hints(SphinxTransform):
    """Put the hints of `rnnbook.exercises.<chapter>` under the text of each exercise."""

    default_priority = 500

    def apply(self):
        """Read them by the exercise's label; a page is built again when they change."""
        for node in self.document.findall(is_exercise_node):
            chapter = node["label"].split("-")[0]
            if chapter in CHAPTERS:
                module = import_module(f"rnnbook.exercises.{chapter}")
                self.env.note_dependency(module.__file__)
                hints = module.EXERCISES[node["label"]].hints
                node += nodes.raw("", folded(hints), format="html")


class Unanswered(SphinxTransform):
    """Take away what a stub printed: on a page nobody is judged before the first Check."""

    default_priority = 500

    def apply(self):
        """Leave the cell its input."""
        for cell in self.document.findall(nodes.container):
            if "tag_exercise" in cell["classes"]:
                for part in [part for part in cell if "cell_output" in part["classes"]]:
                    cell.remove(part)


def folded(hints):
    """Write hints as drop-downs, each inside the one before.

    >>> folded(["Use `f`."])
    '<details class="hide hint"><summary>Hint</summary><p>Use <code>f</code>.</p></details>'
    """
    html = ""
    for number, hint in reversed(list(enumerate(hints))):
        name = "Next hint" if number else "Hint"
        text = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(hint))
        html = f'<details class="hide hint"><summary>{name}</summary><p>{text}</p>{html}</details>'
    return html


def number_within_chapter(app, env):
    """Count the exercises of each page from 1 on, where Sphinx counts through the whole book.

    The environment has been stored before, with Sphinx's own numbers: by these the next build
    sees what has changed.
    """
    for kinds in env.toc_fignumbers.values():
        for number, label in enumerate(kinds.get("exercise", ()), start=1):
            kinds["exercise"][label] = (number,)


def setup(app):
    """Have Sphinx apply both to every page."""
    app.add_transform(Hints)
    app.add_transform(Unanswered)
    app.connect("env-check-consistency", number_within_chapter)
