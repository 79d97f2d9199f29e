"""Press Run and Check under every cell of the built pages, in Chromium, and compare what comes.

    python tests/site/probes/press.py                                   all notebooks
    python tests/site/probes/press.py book/training/bptt.html:390       one page, on a phone

The site tests press the quick ones; this takes an hour, as `make runtime-check` does.
A stub is pressed, then its solution is typed into it: what stands in words under both is compared.
"""

import shutil
import sys
import time
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[3])]
from probes import book  # noqa: E402
from probes.cells import cells  # noqa: E402
from probes.server import Server  # noqa: E402
from tools.inpage import on_page  # noqa: E402
from tools.rules import Page, tags  # noqa: E402

LONGEST = 900_000  # milliseconds that a cell may take, on a machine with other work
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def pressed(page, code):
    """Press every button from the top; yield what went wrong, cell by cell."""
    solutions = {}
    for cell, source in zip(cells(page), code, strict=True):
        printed, kind = cell.output, tags(source)
        cell.press()
        expect(cell.button).not_to_have_text("Stop", timeout=LONGEST)
        said = cell.note.inner_text()
        if not said.startswith("Done in"):
            yield f"cell {cell.number}: {said}"
        elif "exercise" in kind:
            solutions["stub"] = cell
            if not cell.output[0].startswith("Not yet"):
                yield f"cell {cell.number}: the stub is met with {cell.output[0]!r}"
        elif "nbval-ignore-output" not in kind and cell.output != printed:
            yield f"cell {cell.number}: shows {cell.output} instead of {printed}"
        if "solution" in kind:
            stub = solutions.pop("stub")
            stub.type(source.source).press()
            expect(stub.button).not_to_have_text("Stop", timeout=LONGEST)
            if not stub.root.locator(".run-right").count():
                yield f"cell {stub.number}: its solution is met with {stub.output}"


def main(arguments):
    """Go through these pages; a page may be followed by a colon and the width of the screen."""
    notebooks = [path for path in book.CHAPTERS if book.source(path).suffix == ".ipynb"]
    wrong = 0
    with Server(book.HTML) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", ALONE]
        )
        for argument in arguments or notebooks:
            path, _, width = argument.partition(":")
            begin, file = time.monotonic(), book.source(path)
            code = on_page(Page(file, file.read_text(encoding="utf-8")))
            page = browser.new_page(viewport={"width": int(width or 1280), "height": 844})
            page.goto(server.url(path))
            problems = list(pressed(page, code))
            page.close()
            wrong += len(problems)
            print(*problems, sep="\n", end="\n" * bool(problems))
            took = time.monotonic() - begin
            print(f"{path}: {len(code)} cells, {len(problems)} differ, {took:.0f} s", flush=True)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
