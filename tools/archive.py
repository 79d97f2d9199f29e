"""Pack the built site as one archive that opens from disk: the same bytes for the same site.

    python -m tools.archive

Python for the pages is left out, since no browser runs it from a file: a cell says so.
"""

import zipfile
from pathlib import Path

from tools.notebooks import ROOT

HTML = ROOT / "_build" / "html"
TARGET = ROOT / "_build" / "release" / "rnn-unfolded.zip"
FOLDER = "rnn-unfolded"
LEFT_OUT = ("_static/runtime/", ".buildinfo", ".doctrees/", ".nojekyll")
READ_ME = """\
Recurrent Neural Networks, Unfolded: the pages of the book, to read without a connection.

Open index.html in a browser.
The pages, their figures and playthings, and the search work from a file.
These need a server, and so do not:
- running a cell, or an exercise's check: a button says so when it is pressed;
- the excerpts beside what the search finds.
The text and the figures are under CC BY 4.0, the code is under the BSD 3-Clause License.
"""


def packed(html=HTML, target=TARGET):
    """Write the archive, names sorted and without dates; return how many files are in it."""
    paths = {path.relative_to(html).as_posix(): path for path in html.rglob("*") if path.is_file()}
    kept = {name: paths[name] for name in sorted(paths) if not name.startswith(LEFT_OUT)}
    files = ((name, path.read_bytes()) for name, path in kept.items())
    pack(target, FOLDER, [("READ-ME.txt", READ_ME.encode()), *files])
    return len(kept)


def pack(target, folder, files):
    """Write pairs of a name and its bytes into the archive `target`, under one folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(f"{folder}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    count = packed()
    print(f"{Path(TARGET).relative_to(ROOT)}: {count} files, {TARGET.stat().st_size:,} bytes")
