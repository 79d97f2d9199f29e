"""Bring the wheels that the pages' Python loads: NumPy, Matplotlib, scikit-learn, for Pyodide.

    RUNTIME_WHEELS=../wheels python -m tools.runtime

Each file is named, with its SHA-256, in the list that Pyodide brings.  It is taken from the folder
`.runtime/`, where it stays, else from the folder in RUNTIME_WHEELS, else from Pyodide's public
address; one with another checksum is refused.

Then the modules that the pages import are compiled, which more than halves the time that they take,
and what no page comes to is left out; the result is in `.runtime/compiled/`.
"""

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from theme.npm import node
from theme.runtime import (
    COMPILED,
    WHEELS,
    archives,
    is_sound,
    lay_out,
    lock,
    origins,
    pack,
    there,
    wanted,
)

ADDRESS = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{file}"
# Fonts for files of PDF and PostScript and another set for mathematics, and samples of data.
LEFT_OUT = re.compile(r"^matplotlib/mpl-data/(fonts/(afm|pdfcorefonts|ttf/STIX)|sample_data)")


def fetch(entry, version, folder, source=None):
    """Bring one file into the folder; return whence, or raise ValueError where it is not right."""
    name, sha256 = entry["file_name"], entry["sha256"]
    target = folder / name
    if is_sound(target, sha256):
        return "was there"
    draft = target.with_suffix(".part")
    if source and (Path(source) / name).exists():
        shutil.copyfile(Path(source) / name, draft)
        whence = source
    else:
        whence = ADDRESS.format(version=version, file=name)
        with urlopen(whence, timeout=20) as answer, draft.open("wb") as file:
            shutil.copyfileobj(answer, file)
    if not is_sound(draft, sha256):
        draft.unlink()
        raise ValueError(
            f"{name} from {whence} is not the file that Pyodide names: SHA-256 differs"
        )
    draft.replace(target)
    return whence


def compiled(wheels=WHEELS):
    """Compile what the pages import, and write every archive anew with that in it."""
    target = wheels / COMPILED
    shutil.rmtree(target, ignore_errors=True)
    with TemporaryDirectory() as folder:
        runtime, modules = Path(folder, "runtime"), Path(folder, "modules")
        modules.mkdir()
        lay_out(runtime, wheels)
        subprocess.run(
            [node(), Path(__file__).with_name("compile.mjs"), runtime, modules], check=True
        )
        target.mkdir()
        files = archives(there(lock()["packages"], wheels), wheels)
        for name, path in files.items():
            repack(path, target / name, modules)
    (target / "origins.json").write_text(json.dumps(origins(files)), "utf-8")


def repack(archive, target, modules):
    """Write an archive anew with the compiled modules in place of their sources."""
    with TemporaryDirectory() as folder:
        with zipfile.ZipFile(archive) as old:
            old.extractall(folder)
        paths = {}
        for path in filter(Path.is_file, Path(folder).rglob("*")):
            name = path.relative_to(folder).as_posix()
            module = modules / f"{name}c"
            if module.exists():
                paths[f"{name}c"] = module
            elif not LEFT_OUT.match(name):
                paths[name] = path
        pack(target, paths)


def main():
    """Bring all of them; say what could not be had."""
    whole, failed, source = lock(), 0, os.environ.get("RUNTIME_WHEELS")
    WHEELS.mkdir(exist_ok=True)
    for name in wanted(whole["packages"]):
        entry = whole["packages"][name]
        try:
            whence = fetch(entry, whole["info"]["version"], WHEELS, source)
        except URLError as error:  # then the next will be no better
            print(f"{entry['file_name']} could not be had: {error.reason}")
            failed = True
            break
        except (OSError, ValueError) as error:
            whence, failed = f"not taken: {error}", True
        print(f"{entry['file_name']}: {whence}")
    if failed:
        print("The book can be built; a cell that wants what is missing will say so.")
    else:
        compiled()


if __name__ == "__main__":
    main()
