"""Execute the book's notebooks and write them back in their one form.

    python tools/notebooks.py [--check] [notebook ...]

With --check nothing is executed or written: it only says which notebooks are not in that form.
The form keeps what a reader sees and a test compares, and nothing that differs from run to run.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
SETUP = "try:\n    import rnncore\n"  # how a setup cell begins, whatever the address
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
PAGE_METADATA = {"myst", "mystnb"}  # of the notebook, where it has them
CELL_METADATA = {"cellView", "jupyter", "mystnb", "slideshow", "tags"}
WIDGET = "application/vnd.jupyter.widget-view+json"
THREADS = ("OPENBLAS", "OMP", "MKL")
SETTINGS = ROOT / "_build" / ".settings"  # in place of those in a home
TIMEOUT = 60  # seconds for one cell
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Failure(Exception):
    """What went wrong in which cell, for whoever has to mend it."""


def documents(root=ROOT):
    """Return the files that the table of contents names, in its order."""

    def names(entry):
        for key in ("root", "file"):
            if key in entry:
                yield entry[key]
        for key in ("parts", "chapters", "sections", "entries", "subtrees"):
            for child in entry.get(key, ()):
                yield from names(child)

    def file(name):
        notebook = root / f"{name}.ipynb"
        return notebook if notebook.exists() else root / f"{name}.md"

    return [file(name) for name in names(yaml.safe_load((root / "_toc.yml").read_text()))]


def chapters(root=ROOT):
    """Return the notebooks among the `documents`."""
    return [path for path in documents(root) if path.suffix == ".ipynb"]


def setup_source(root=ROOT):
    """Write the cell that installs rnncore where it is missing, as on Colab."""
    repository = yaml.safe_load((root / "_config.yml").read_text())["repository"]
    where = "git+{url}@{branch}".format(**repository)
    return (
        f"{SETUP}except ModuleNotFoundError:\n"
        f'    %pip install --quiet "rnncore[notebooks] @ {where}"'
    )


def read(text):
    """Parse a notebook of format 4, giving each cell a valid id of its own."""
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise Failure(f"not JSON, so damaged or no notebook: {error}") from None
    version = raw.get("nbformat") if isinstance(raw, dict) else None
    if version != 4:
        raise Failure(f"must be a notebook of format 4, got {version}")
    cells = raw.get("cells")
    if not isinstance(cells, list) or not cells or not all(isinstance(c, dict) for c in cells):
        raise Failure("must be a notebook with cells, and has none")
    seen = set()
    for position, cell in enumerate(cells):
        name = cell.get("id", "")
        if not re.fullmatch(r"[\w-]{1,64}", name, re.ASCII) or name in seen:
            name = f"cell-{position}"
            while name in seen:
                name += "x"
        cell["id"] = name
        seen.add(name)
    raw["nbformat_minor"] = max(raw.get("nbformat_minor", 0), 5)
    try:
        nbformat.validate(raw)
    except nbformat.ValidationError as error:
        raise Failure(f"damaged, or no notebook: {error.message}") from None
    return nbformat.v4.reads(json.dumps(raw))


def with_setup(notebook, source):
    """Put the setup cell before all other code."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if not code or not code[0].source.startswith(SETUP):
        cell = nbformat.v4.new_code_cell(id="setup")
        first = notebook.cells.index(code[0]) if code else len(notebook.cells)
        notebook.cells.insert(first, cell)
        code.insert(0, cell)
    code[0].source = source
    code[0].metadata = nbformat.from_dict({"tags": ["remove-cell"]})


def canonical(notebook, source):
    """Bring a notebook into its one form, with `source` in its setup cell; return it as text."""
    with_setup(notebook, source)
    kept = {key: notebook.metadata[key] for key in PAGE_METADATA & set(notebook.metadata)}
    notebook.metadata = nbformat.from_dict(METADATA | kept)
    for cell in notebook.cells:
        cell.source = re.sub("\r\n?", "\n", cell.source).rstrip()
        cell.metadata = nbformat.from_dict(
            {key: value for key, value in cell.metadata.items() if key in CELL_METADATA and value}
        )
        if "tags" in cell.metadata:
            cell.metadata.tags = list(dict.fromkeys(cell.metadata.tags))
        if cell.cell_type == "code":
            cell.outputs = _merged(cell.outputs)
            for number, output in enumerate(cell.outputs):
                _settle(output, f"{cell.id}-{number}", cell.execution_count)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _merged(outputs):
    """Join neighbouring pieces of one stream: where they are cut is a matter of timing."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def _settle(output, name, count):
    """Replace what is drawn anew at every run by what follows from the cell."""
    if output.output_type == "execute_result":
        output.execution_count = count
    data = output.get("data", {})
    if "text/html" in data:
        data.pop(WIDGET, None)  # without a kernel it could only say that its model is missing
    elif WIDGET in data:
        data[WIDGET]["model_id"] = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def isolate():
    """Give the kernels of this process one thread, and settings that are no reader's own.

    So neither what a home holds nor whether it can be written to shows in an output.
    """
    os.environ.update({f"{library}_NUM_THREADS": "1" for library in THREADS})
    os.environ["IPYTHONDIR"] = str(SETTINGS / "ipython")
    os.environ["MPLCONFIGDIR"] = str(SETTINGS / "matplotlib")
    os.environ.pop("JPY_SESSION_NAME", None)  # nobody sits before them: see rnnbook/records.py
    if not SETTINGS.exists():  # Matplotlib lists the fonts now, rather than in a cell, saying so
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], check=True)


def execute(notebook, folder, environment=()):
    """Run every cell in order in a new kernel; a Failure names the one that failed or complained.

    The kernel has the environment of this process, with the variables of `environment` besides.
    """
    at = 0

    def remember(cell, cell_index):
        nonlocal at
        at = cell_index

    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    isolate()
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name=METADATA["kernelspec"]["name"],
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
        on_cell_start=remember,
    )
    try:
        client.execute(env={**os.environ, **dict(environment)})
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        cell = notebook.cells[at]
        reason = ANSI.sub("", str(error)).strip()
        raise Failure(f"cell {at} ({cell.id}) failed\n\n{reason}") from None
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                raise Failure(f"cell {number} ({cell.id}) wrote on stderr\n\n{output.text}")


def treat(path, check, source):
    """Bring the notebook at `path` into its form, or only check; return what to say of it."""
    text = path.read_bytes().decode("utf-8")  # with its line ends as they are
    notebook = read(text)
    if check:
        if canonical(notebook, source) != text:
            raise Failure("is not in its one form: `make notebooks` brings it there")
        return "as it should be"
    with_setup(notebook, source)
    execute(notebook, path.parent)
    new = canonical(notebook, source)
    if new == text:
        return "unchanged"
    draft = path.with_suffix(".tmp")
    draft.write_bytes(new.encode("utf-8"))
    draft.replace(path)
    return "written"


def main():
    """Treat the notebooks that are asked for, or all; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebook", nargs="*", type=Path, help="all of _toc.yml unless named")
    parser.add_argument("--check", action="store_true", help="execute and write nothing")
    arguments = parser.parse_args()
    status, source = 0, setup_source()
    for path in arguments.notebook or chapters():
        try:
            print(f"{path}: {treat(path, arguments.check, source)}", flush=True)
        except (Failure, OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            status = 1
            if not arguments.check:
                break
    return status


if __name__ == "__main__":
    sys.exit(main())
