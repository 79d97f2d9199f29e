"""Run every cell of the pages under Pyodide, in node; compare, and keep how long each takes.

    python -m tools.inpage                         all notebooks
    python -m tools.inpage book/training/bptt.ipynb

What nbval compares is compared here too.  Cells that take over three seconds are kept in
`theme/inpage/seconds.json`, with their time in this Python, and the pages say so before they run.
The built book must lie in `_build/html`.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from theme.npm import node
from theme.runtime import SECONDS, key
from tools.notebooks import ROOT, chapters
from tools.rules import Page, streams, tags

RUNTIME = ROOT / "_build" / "html" / "_static" / "runtime"
LONG = 3  # seconds
NATIVE = """
import json, sys, time
sys.path.insert(0, "theme/inpage")
import cells, io, contextlib
for k, source in enumerate(json.load(sys.stdin)):
    begin = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        cells.run(source, f"cell {k + 1}")
    print(time.process_time() - begin, flush=True)
"""


def on_page(page):
    """Return the code cells that the page shows, in order."""
    return [cell for cell in page.code if "remove-cell" not in tags(cell)]


def visible(text):
    """Return what is left of a text when progress bars have drawn over themselves."""
    return re.sub(r"^.*\r(?!\n)", "", text, flags=re.M).strip()


def differs(cell, result):
    """Say in what a result differs from what is stored, or nothing."""
    if result.get("error"):
        return result["error"].strip().splitlines()[-1]
    if tags(cell) & {"nbval-ignore-output", "exercise"}:
        return ""
    if visible(result["written"]) != visible(streams(cell)):
        return f"wrote {visible(result['written'])!r} instead of {visible(streams(cell))!r}"
    return ""


def run(path):
    """Run the cells of one notebook; return how many differ, and the times of the long ones."""
    shown = on_page(Page(path, path.read_text(encoding="utf-8")))
    sources = json.dumps([cell.source for cell in shown])
    command = [node(), str(ROOT / "tools" / "inpage.mjs"), str(RUNTIME)]
    here = subprocess.run(command, input=sources, capture_output=True, encoding="utf-8", cwd=ROOT)
    if here.returncode:
        raise RuntimeError(f"{path.name}: {here.stderr[-2000:]}")
    results = [json.loads(line) for line in here.stdout.splitlines()]
    native = subprocess.run(
        [sys.executable, "-c", NATIVE], input=sources, capture_output=True, encoding="utf-8",
        cwd=ROOT, check=True,
    ).stdout.split()  # fmt: skip
    different, long = 0, {}
    for k, (cell, result, there) in enumerate(zip(shown, results, native, strict=True), start=1):
        if problem := differs(cell, result):
            different += 1
            print(f"{path.stem}, cell {k}: {problem}")
        if result["seconds"] > LONG:
            long[key(cell.source)] = [round(result["seconds"]), max(1, round(float(there)))]
    total = sum(result["seconds"] for result in results)
    print(f"{path.stem}: {len(results)} cells, {different} differ, {total:.0f} s", flush=True)
    return different, long


def main(paths):
    """Run these notebooks; keep the times."""
    kept = json.loads(SECONDS.read_text()) if SECONDS.exists() else {}
    different = 0
    for path in map(Path, paths or chapters()):
        some, kept[path.stem] = run(path)
        different += some
        SECONDS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    return min(different, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
