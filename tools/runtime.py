"""Bring the wheels that the pages' Python loads: NumPy, Matplotlib, scikit-learn, for Pyodide.

    RUNTIME_WHEELS=../wheels python -m tools.runtime

Each file is named, with its SHA-256, in the list that Pyodide brings.  It is taken from the folder
`.runtime/`, where it stays, else from the folder in RUNTIME_WHEELS, else from Pyodide's public
address; one with another checksum is refused.
"""

import os
import shutil
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from theme.runtime import WHEELS, is_sound, lock, wanted

ADDRESS = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{file}"


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


if __name__ == "__main__":
    main()
