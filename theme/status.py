"""The state of the book, made while it is built: each notebook, and each kept result.

`{status}` is the table of the notebooks, with the times that `make status` kept; `{results}` that
of the experiments, with what their files say of how they were made.
"""

import json
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

from rnnbook import results

KEPT = Path(__file__).with_suffix(".json")


class Status(SphinxDirective):
    """One row for each notebook: its cells, those compared, and how long it computes."""

    def run(self):
        """Build the table; the page is built again when a notebook or a time changes."""
        self.env.note_dependency(str(KEPT))
        kept = json.loads(KEPT.read_text("utf-8"))
        lines = ["| notebook | cells | same | time |", "|---|---|---|---|"]
        for name in self.env.app.config.external_site_map:
            path = Path(self.env.doc2path(name))
            if path.suffix == ".ipynb":
                self.env.note_dependency(str(path))
                seconds = kept["seconds"].get(name)
                lines.append(row(name, path.read_text("utf-8"), seconds))
        lines += ["", made(kept)]
        return self.parse_text_to_nodes("\n".join(lines))


def row(name, notebook, seconds):
    """Write a notebook as the row of a table in Markdown.

    >>> cells = [{"cell_type": "code", "metadata": {}}, {"cell_type": "markdown", "source": "# A"}]
    >>> row("book/a", json.dumps({"cells": cells}), 1.5)
    '| [A](/book/a) | 1 | 1 | 1.5 |'
    """
    cells = json.loads(notebook)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    free = sum("nbval-ignore-output" in cell["metadata"].get("tags", ()) for cell in code)
    title = next("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    title = title.split("\n")[0].removeprefix("# ")
    time = "not yet timed" if seconds is None else f"{seconds:.1f}"
    return f"| [{title}](/{name}) | {len(code)} | {len(code) - free} | {time} |"


def made(kept):
    """Say in a sentence where and with what something was computed.

    >>> made({"processor": "A 1", "versions": {"python": "3.11.7"}, "date": "2026-01-31"})
    'Computed on one core of A 1 with python 3.11.7, on 2026-01-31.'
    """
    versions = ", ".join(f"{name} {version}" for name, version in kept["versions"].items())
    return f"Computed on one core of {kept['processor']} with {versions}, on {kept['date']}."


class Results(SphinxDirective):
    """One row for each kept result: the command, its time, NumPy and the processor."""

    def run(self):
        """Build the table; the page is built again when a kept result changes."""
        lines = ["| result | minutes | NumPy | processor |", "|---|---|---|---|"]
        for file in sorted(results.files(results.__name__).iterdir(), key=lambda f: f.name):
            if file.name.endswith(".json"):
                self.env.note_dependency(str(file))
                found = json.loads(file.read_text("utf-8"))
                time = f"{found['seconds'] / 60:.1f}" if "seconds" in found else ""
                numpy, processor = found["versions"]["numpy"], found.get("processor", "not kept")
                command = found["command"].removeprefix("python -m experiments ")
                lines.append(f"| `{command}` | {time} | {numpy} | {processor} |")
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app):
    """Offer both directives."""
    app.add_directive("status", Status)
    app.add_directive("results", Results)
