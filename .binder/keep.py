"""Put in front of every notebook of this image how to keep what is done here.

    python .binder/keep.py book

In the repository the notebooks stay as they are.
"""

import sys
from pathlib import Path

import nbformat

WORDS = """\
> **This copy is on Binder, and Binder keeps nothing.**
> It ends a few minutes after you stop working, and what you changed is gone then.
> To keep it, choose *File*, *Download* before you leave.
> To go on, open Binder again and drop the file into the list of files on the left."""


def main(folder):
    """Write it into each, once."""
    for path in sorted(Path(folder).rglob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        if notebook.cells[0].id != "on-binder":
            notebook.cells.insert(0, nbformat.v4.new_markdown_cell(WORDS, id="on-binder"))
            nbformat.write(notebook, path)


if __name__ == "__main__":
    main(sys.argv[1])
