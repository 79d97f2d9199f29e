"""Ask whether a chapter still opens in each of the ways that its menu names (`theme.ways`).

    python -m tools.ways

The addresses are those of BOOK_REPOSITORY, BOOK_BRANCH and BOOK_URL, as the pages are built with.
Without them only JupyterLab is tried, on this machine.
"""

import json
import os
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import Request, urlopen

from tools.notebooks import ROOT

CHAPTER = "book/training/bptt"
COLAB = "https://colab.research.google.com"
BINDER = "https://mybinder.org"
PATIENCE = 60  # seconds for JupyterLab to start; Binder may build for half an hour
BUILD = 1800


class Shut(Exception):
    """Why a way is not open."""


def in_the_page(site):
    """Ask for the chapter, for the list of what its Python loads, and for each file of it."""
    _answer(f"{site}/{CHAPTER}.html")
    runtime = f"{site}/_static/runtime"
    for name in json.loads(_answer(f"{runtime}/files.json"))["sizes"]:
        _answer(f"{runtime}/{name}", method="HEAD")


def at_home():
    """Start JupyterLab on a free port, and wait until it shows its page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"--no-browser --allow-root --ServerApp.port={port} --IdentityProvider.token="
    lab = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options.split()],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return _answer(f"http://127.0.0.1:{port}/lab/tree/{CHAPTER}.ipynb")
            except Shut as shut:
                if lab.poll() is not None or time.monotonic() > until:
                    raise Shut(f"JupyterLab does not start: {shut}") from None
                time.sleep(0.5)
    finally:
        lab.terminate()
        lab.wait()


def in_colab(name, branch, host=COLAB):
    """Ask for the page in which Colab opens the notebook."""
    _answer(f"{host}/github/{name}/blob/{branch}/{CHAPTER}.ipynb")


def in_binder(name, branch, host=BINDER):
    """Follow Binder's messages until it has a server for the repository; then give it back."""
    said = "nothing"
    try:
        with urlopen(f"{host}/build/gh/{name}/{branch}", timeout=BUILD) as messages:
            for line in messages:
                if not line.startswith(b"data:"):
                    continue
                event = json.loads(line.removeprefix(b"data:"))
                said = event.get("message", said).strip()
                if event.get("phase") == "failed":
                    break
                if event.get("phase") == "ready":
                    token = {"Authorization": f"token {event['token']}"}
                    return _answer(f"{event['url']}api/shutdown", method="POST", headers=token)
    except (URLError, OSError, ValueError) as error:
        said = error
    raise Shut(f"it says: {said}")


def _answer(address, **request):
    """Return what an address answers, or say why it does not."""
    try:
        with urlopen(Request(address, **request), timeout=30) as answer:
            return answer.read()
    except (URLError, OSError) as error:
        raise Shut(f"{address}: {error}") from None


def main():
    """Try all that there is an address for; fail if one is shut."""
    site = os.environ.get("BOOK_URL", "").rstrip("/")
    name = "/".join(os.environ.get("BOOK_REPOSITORY", "").rstrip("/").split("/")[-2:])
    branch = os.environ.get("BOOK_BRANCH") or "main"
    shut = 0
    for place, known, way, *where in (
        ("in the page", site, in_the_page, site),
        ("at home", True, at_home),
        ("in Colab", name, in_colab, name, branch),
        ("in Binder", name, in_binder, name, branch),
    ):
        said = "open" if known else "no address given"
        try:
            if known:
                way(*where)
        except Shut as reason:
            said, shut = f"SHUT: {reason}", 1
        print(f"{place}: {said}", flush=True)
    return shut


if __name__ == "__main__":
    sys.exit(main())
