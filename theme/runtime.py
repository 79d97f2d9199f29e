"""Python for the pages: Pyodide, the packages that its list names, and the book's own modules.

Where the wheels come from, `tools/runtime.py` says.  Without them the book is built all the same,
and a cell that wants one says that it is not there.
"""

import gzip
import hashlib
import html
import json
import re
import shutil
import zipfile
from importlib import resources
from importlib.metadata import files as files_of
from pathlib import Path

from sphinx.util import logging

from .npm import ROOT, package

WHEELS = ROOT / ".runtime"
SECONDS = Path(__file__).parent / "inpage" / "seconds.json"
COMPILED = "compiled"  # the folder in WHEELS where tools/runtime.py puts what it has compiled
CORE = ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm"]
LIBRARY = "python_stdlib.zip"
# What a cell may import, by the name that the list of Pyodide has for it.
PACKAGES = {"numpy": "numpy", "matplotlib": "matplotlib", "sklearn": "scikit-learn"}
# On what these depend by the list, though no cell comes to it: PDF, a page to draw on, time zones.
UNUSED = {"fonttools", "matplotlib-pyodide", "pytz"}
# Whoever imports these reads data or kept results.
READERS = ["rnncore.datasets", "rnnbook.results"]
DATA = ["rnncore/data", "rnnbook/results"]
LOGGER = logging.getLogger(__name__)


def lock():
    """Return Pyodide's list of packages, each with its file, its SHA-256 and what it depends on."""
    whole = json.loads((package("pyodide") / "pyodide-lock.json").read_text("utf-8"))
    for entry in whole["packages"].values():
        entry["depends"] = [name for name in entry["depends"] if name not in UNUSED]
    return whole


def wanted(packages):
    """Return the names of what PACKAGES need, with all that they depend on.

    >>> wanted({"numpy": {"depends": ["blas"]}, "blas": {"depends": []}, "x": {"depends": []}})
    ['blas', 'numpy']
    """
    found, todo = set(), [name for name in PACKAGES.values() if name in packages]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += packages[name]["depends"]
    return sorted(found)


def there(packages, folder):
    """Return the packages of which every file is in the folder, as the list has it."""
    sound = {
        name
        for name in wanted(packages)
        if is_sound(folder / packages[name]["file_name"], packages[name]["sha256"])
    }
    while missing := {n for n in sound if not sound.issuperset(packages[n]["depends"])}:
        sound -= missing
    return {name: packages[name] for name in sorted(sound)}


def checksum(path):
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_sound(path, sha256):
    """Say whether a file is there, and has this checksum."""
    return path.exists() and checksum(path) == sha256


def archives(packages, wheels):
    """Return Python's library and these packages, each as the name and the path of its file."""
    library = package("pyodide") / LIBRARY
    return {LIBRARY: library} | {
        entry["file_name"]: wheels / entry["file_name"] for entry in packages.values()
    }


def origins(files):
    """Return the checksums of what is compiled, so that nothing is taken for what it is not."""
    return {name: checksum(path) for name, path in files.items()}


def quickest(files, folder):
    """Return the files in that folder, if they were compiled from these; else these."""
    made_of = folder / "origins.json"
    if made_of.exists() and json.loads(made_of.read_text("utf-8")) == origins(files):
        return {name: folder / name for name in files}
    return files


def pack(target, paths):
    """Write files, by the names that they get, as one archive: the same bytes every time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(paths.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def installed(folder):
    """Return a folder of the book's packages, wherever they are installed."""
    package, _, inside = folder.partition("/")
    return Path(resources.files(package)) / inside


def book():
    """Return the book's modules, tqdm, and what runs the cells, by their names in the archive."""
    paths = {
        path.relative_to(folder.parent).as_posix(): path
        for folder in map(installed, ("rnncore", "rnnbook"))
        for path in folder.rglob("*.py")
    }
    paths |= {path.name: path for path in Path(__file__).with_name("inpage").glob("*.py")}
    return paths | {
        str(path): Path(path.locate())
        for path in files_of("tqdm")
        if path.parts[0] == "tqdm" and path.suffix == ".py"
    }


def data():
    """Return the files that the book's modules read, by their names in the archive."""
    return {
        f"{folder}/{path.name}": path
        for folder in DATA
        for path in installed(folder).iterdir()
        if path.suffix in {".json", ".csv", ".tsv", ".txt"}
    }


def named(folder, stem, paths):
    """Pack files under a name that changes with them; return it."""
    draft = folder / stem
    pack(draft, paths)
    name = f"{stem}-{hashlib.sha256(draft.read_bytes()).hexdigest()[:12]}.zip"
    draft.rename(folder / name)
    return name


def licences(info, packages):
    """Write what stands in this folder, and where the licence of each is."""
    lines = [
        f"Pyodide {info['version']}, with CPython {info['python']}: MPL-2.0 and PSF-2.0.",
        "rnncore and rnnbook: BSD-3-Clause; tqdm: MPL-2.0 and MIT.",
        "The data: each under its own licence, see rnncore/data/README.md of the book.",
        "Some of their modules may be compiled, fonts and samples of Matplotlib left out.",
        "Each of these has its licence in its own *.dist-info:",
        *(f"  {name} {entry['version']}: {entry['file_name']}" for name, entry in packages.items()),
    ]
    return "\n".join(lines) + "\n"


def lay_out(folder, wheels=WHEELS):
    """Write everything that a page loads when a cell is run; return what is absent."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copy(package("pyodide") / name, folder)
    whole = lock()
    packages = there(whole["packages"], wheels)
    for name, path in quickest(archives(packages, wheels), wheels / COMPILED).items():
        shutil.copy(path, folder / name)
    for entry in packages.values():
        entry["sha256"] = checksum(folder / entry["file_name"])
    trimmed = {"info": whole["info"], "packages": packages}
    (folder / "pyodide-lock.json").write_text(json.dumps(trimmed), "utf-8")
    names = {"book": named(folder, "book", book()), "data": named(folder, "data", data())}
    (folder / "LICENCES.txt").write_text(licences(whole["info"], packages), "utf-8")
    sizes = {
        path.name: (path.stat().st_size, len(gzip.compress(path.read_bytes(), 6, mtime=0)))
        for path in sorted(folder.iterdir())
        if path.suffix in {".wasm", ".zip", ".whl"}
    }
    absent = sorted(set(PACKAGES.values()) - packages.keys())
    text = json.dumps([sizes, names, sorted(entry["sha256"] for entry in packages.values())])
    listed = names | {
        "version": f"python-{hashlib.sha256(text.encode()).hexdigest()[:12]}",
        "packages": PACKAGES, "absent": absent, "readers": READERS, "sizes": sizes,
    }  # fmt: skip
    (folder / "files.json").write_text(json.dumps(listed), "utf-8")
    return absent


def timed(app, pagename, templatename, context, doctree):
    """Have each cell that takes long in a page say so, by the times that tools/inpage.py kept."""
    kept = json.loads(SECONDS.read_text("utf-8")).get(pagename.rpartition("/")[2], {})

    def marked(cell):
        source = html.unescape(re.sub(r"<[^>]*>", "", cell[2]))
        here, there = kept.get(key(source), (0, 0))
        return f'{cell[1]} data-here="{here}" data-there="{there}">{cell[2]}' if here else cell[0]

    if kept:
        cell = r'(<div class="cell [^>]*)>((?:(?!<div class="cell ).)*?<pre>.*?</pre>)'
        context["body"] = re.sub(cell, marked, context["body"], flags=re.S)


def key(source):
    """Return by what a cell is known among the kept times."""
    return hashlib.sha256(source.strip().encode()).hexdigest()[:12]


def write(app, exception):
    """Lay the runtime out beside the pages' other files."""
    if exception or app.builder.format != "html":
        return
    absent = lay_out(Path(app.outdir) / "_static" / "runtime")
    if absent:
        LOGGER.info(
            "Cells of the pages run without %s: `make runtime` brings them.", ", ".join(absent)
        )


def setup(app):
    """Come when a page is written, and when all are."""
    app.connect("html-page-context", timed, priority=950)
    app.connect("build-finished", write)
