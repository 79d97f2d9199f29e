"""Execute every notebook, and keep for the page on the book's state how long each took.

    python -m tools.status [notebook ...]

The time is that of the processor, so that it does not depend on what else the machine does.
Outputs are compared elsewhere, by `make cells`; here nothing is compared, and no notebook written.
"""

import json
import resource
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from experiments import machine
from tools import notebooks

TARGET = notebooks.ROOT / "theme" / "status.json"
SHOWN = ("matplotlib", "ipywidgets", "jupyter-book")  # versions that are said besides NumPy's


def seconds(path):
    """Execute a notebook; return the processor time that it took, with the start of its kernel."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    notebooks.execute(notebooks.read(path.read_text("utf-8")), path.parent)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)


def main(names):
    """Time the notebooks that are named, or all, and keep the times; return the exit status."""
    kept = json.loads(TARGET.read_text("utf-8"))["seconds"] if names else {}
    for path in map(Path, names) if names else notebooks.chapters():
        name = path.resolve().relative_to(notebooks.ROOT).with_suffix("").as_posix()
        kept[name] = seconds(path.resolve())
        print(name, kept[name], flush=True)
    processor, versions = machine()
    versions |= {name: version(name) for name in SHOWN}
    day = datetime.now(UTC).date().isoformat()
    found = {"date": day, "processor": processor, "versions": versions, "seconds": kept}
    TARGET.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
