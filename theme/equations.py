"""Equations, set by KaTeX while the book is built: a page needs a stylesheet and no script.

KaTeX runs in one node process that answers line by line over its own pipes. (sphinxcontrib-katex
asks a socket server instead, which must be raced at its start and outlives the build.)
"""

import functools
import json
import shutil
import subprocess
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number

HERE = Path(__file__).parent
ROOT = HERE.parent


def katex_folder(root=ROOT):
    """Return the folder of the installed KaTeX, which must be the one that package.json names."""
    folder = root / "node_modules" / "katex"
    wanted = json.loads((root / "package.json").read_text())["dependencies"]["katex"]
    if not folder.is_dir():
        raise ExtensionError("KaTeX is not installed: run `npm ci` in the book's root folder.")
    found = json.loads((folder / "package.json").read_text())["version"]
    if found != wanted:
        raise ExtensionError(
            f"package.json asks for KaTeX {wanted}, but {found} is installed: run `npm ci`."
        )
    return folder


class Typesetter:
    """KaTeX in a node process, from the first equation to the end of the build."""

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
        return answer["html"]

    def _start(self):
        node = shutil.which("node")
        if node is None:
            raise ExtensionError(
                "node is needed to set the equations: put .venv/bin on the path, or `make book`."
            )
        script = katex_folder() / "dist" / "katex.js"
        return subprocess.Popen(
            [node, HERE / "katex.cjs", script],
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


def _html(node, display):
    try:
        return typesetter.set(node.astext().strip(), display)
    except ValueError as error:
        where = ":".join(str(part) for part in (node.source, node.line) if part)
        raise ExtensionError(f"{where}: {error}\n  in: {node.astext().strip()}") from None


def visit_inline(self, node):
    """Write an inline equation."""
    self.body.append(self.starttag(node, "span", "", CLASS="math"))
    self.body.append(_html(node, display=False) + "</span>")
    raise nodes.SkipNode


def visit_display(self, node):
    """Write a displayed equation, and its number beside what may scroll."""
    self.body.append(self.starttag(node, "div", "", CLASS="math"))
    self.body.append(f'<div class="equation">{_html(node, display=True)}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def finish(app, exception):
    """Stop node, whether the build went well or not."""
    typesetter.stop()


def setup(app):
    """Offer KaTeX to Sphinx under that name."""
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_display, None))
    app.connect("build-finished", finish)
