"""Weigh what one reader's browser asks for: every chapter once, then Python for the pages.

    python -m tools.weigh

It opens the built pages in Chromium, from a server on loopback that compresses as a static host
does, one after the other with the browser's cache kept, and then runs a cell with figures.  What it
finds is kept in rnnbook/results/site_weight.json: for the `reading` and for `python`, how many
`requests` reached the host and how many `bytes` it sent.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from experiments import machine
from experiments.__main__ import keep
from tools.notebooks import ROOT

sys.path.insert(0, str(ROOT / "tests" / "site"))
from probes import book
from probes.cells import cells
from probes.server import Server

TARGET = ROOT / "rnnbook" / "results" / "site_weight.json"
COMPUTING = "book/foundations/networks.html"  # its cells want NumPy and Matplotlib
CHROMIUM = next(filter(Path.exists, map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser"))))


def weighed(answers):
    """Return how many answers there were and how many bytes were sent."""
    return {"requests": len(answers), "bytes": sum(answer.size for answer in answers)}


def main():
    """Open every chapter, run the cells of one, and keep what that took."""
    with Server(book.HTML) as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        for chapter in book.CHAPTERS:
            page.goto(server.url(chapter), wait_until="networkidle")
        page.goto(server.url(COMPUTING), wait_until="networkidle")
        reading = len(server.answers)
        for cell in cells(page)[:12]:
            cell.run()
        made = server.answers
        browser.close()
    processor, versions = machine()
    found = {
        "command": "python -m tools.weigh", "processor": processor, "versions": versions,
        "settings": {"pages": len(book.CHAPTERS)},
        "reading": weighed(made[:reading]), "python": weighed(made[reading:]),
    }  # fmt: skip
    print(found)
    keep(found, TARGET)


if __name__ == "__main__":
    main()
