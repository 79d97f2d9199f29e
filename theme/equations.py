"""Equations, turned into MathML by Temml while the book is built: a page needs no script.

Every browser draws MathML by itself; what it lacks is a font. Temml runs in one node process
that answers line by line over its own pipes.
"""

import functools
import json
import re
import subprocess
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number

from .npm import node, package

HERE = Path(__file__).parent


def font():
    """Return the file of the font in which equations are set."""
    files = package("@fontsource/stix-two-math") / "files"
    return files / "stix-two-math-latin-400-normal.woff2"


def licence():
    """Return the file of the font's licence, which goes where the font goes."""
    return package("@fontsource/stix-two-math") / "LICENSE"


def stylesheet():
    """Return the file of the styles that equations need."""
    return package("temml") / "dist" / "Temml-STIX2.css"


class Typesetter:
    """Temml in a node process, from the first equation to the end of the build."""

    def __init__(self):
        self.process = None
        self.set = functools.cache(self._set)

    def _set(self, tex, display):
        if self.process is None:
            self.process = self._start()
        self.process.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise ExtensionError("The node process that sets the equations has died.")
        answer = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["mathml"].replace("<math", f'<math alttext="{escape(tex)}"', 1)

    def _start(self):
        script = package("temml") / "dist" / "temml.cjs"
        return subprocess.Popen(
            [node(), HERE / "temml.cjs", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def stop(self):
        """End the process by ending its input."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait(timeout=10)
            self.process.stdout.close()
            self.process = None


typesetter = Typesetter()


def _mathml(node, display):
    try:
        return typesetter.set(node.astext().strip(), display)
    except ValueError as error:
        where = ":".join(str(part) for part in (node.source, node.line) if part)
        raise ExtensionError(f"{where}: {error}\n  in: {node.astext().strip()}") from None


def visit_inline(self, node):
    """Write an inline equation."""
    self.body.append(_mathml(node, display=False))
    raise nodes.SkipNode


def visit_display(self, node):
    """Write a displayed equation, and its number beside what may scroll."""
    self.body.append(self.starttag(node, "div", "", CLASS="math"))
    self.body.append(f'<div class="equation">{_mathml(node, display=True)}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


class Unbroken(SphinxPostTransform):
    """Keep an inline equation on one line with the punctuation that touches it.

    A browser may break a line before and after an equation, even at a full stop.
    """

    default_priority = 800
    formats = ("html",)

    def run(self):
        """Wrap the equation and what touches it."""
        for math in list(self.document.findall(nodes.math)):
            before, after = (self.neighbour(math, step) for step in (-1, 1))
            opening = re.search(r"[(\[“‘]*$", before)[0]
            closing = re.match(r"[.,;:!?)\]”’…]*", after)[0]
            if not opening and not closing:
                continue
            parent, at = math.parent, math.parent.index(math)
            pieces = [nodes.Text(opening), math, nodes.Text(closing)]
            if closing:
                parent[at + 1] = nodes.Text(after.removeprefix(closing))
            parent[at] = nodes.inline("", "", *pieces, classes=["unbroken"])
            if opening:
                parent[at - 1] = nodes.Text(before.removesuffix(opening))

    @staticmethod
    def neighbour(node, step):
        """Return the text beside the node, empty where something else or nothing is."""
        at = node.parent.index(node) + step
        siblings = node.parent.children
        beside = siblings[at] if 0 <= at < len(siblings) else None
        return beside.astext() if isinstance(beside, nodes.Text) else ""


def finish(app, exception):
    """Stop node, whether the build went well or not."""
    typesetter.stop()


def setup(app):
    """Offer Temml to Sphinx under that name."""
    app.add_html_math_renderer("temml", (visit_inline, None), (visit_display, None))
    app.add_post_transform(Unbroken)
    app.connect("build-finished", finish)
