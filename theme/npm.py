"""The npm packages that the build uses, and the node that runs them."""

import json
import shutil
from pathlib import Path

from sphinx.errors import ExtensionError

ROOT = Path(__file__).parents[1]


def package(name, root=ROOT):
    """Return the folder of an installed package, which must be the one that package.json names."""
    folder = root / "node_modules" / name
    wanted = json.loads((root / "package.json").read_text())["dependencies"][name]
    if not folder.is_dir():
        raise ExtensionError(f"{name} is not installed: run `npm ci` in the book's root folder.")
    found = json.loads((folder / "package.json").read_text())["version"]
    if found != wanted:
        raise ExtensionError(
            f"package.json asks for {name} {wanted}, but {found} is installed: run `npm ci`."
        )
    return folder


def node():
    """Return the path of node."""
    found = shutil.which("node")
    if found is None:
        raise ExtensionError(
            "node is needed to build the pages: put .venv/bin on the path, or `make book`."
        )
    return found
