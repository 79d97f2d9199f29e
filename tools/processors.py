"""Execute the book's notebooks as other processors would, and say which outputs differ.

    python -m tools.processors [--jobs 2] [notebook ...]

NumPy and OpenBLAS choose their loops by the processor, and the last bits of a sum by the loop.
Here they are told which to take; the stored outputs have to come out under each.
Nothing is written.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

from tools.notebooks import Failure, canonical, chapters, execute, read, setup_source

PROCESSORS = {
    "this one": {},
    "no AVX": {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"},
    "Nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
    "Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "Zen": {"OPENBLAS_CORETYPE": "Zen"},
}
UNCOMPARED = "nbval-ignore-output"


def differences(path, processor):
    """Return a line for each cell that shows something else than is stored."""
    stored = read(path.read_text(encoding="utf-8"))
    notebook = read(path.read_text(encoding="utf-8"))
    try:
        execute(notebook, path.parent, PROCESSORS[processor])
    except Failure as failure:
        return [str(failure)]
    source = setup_source()
    stored, notebook = (read(canonical(each, source)) for each in (stored, notebook))
    return [
        f"cell {number} ({new.id}): {first_difference(new.outputs, old.outputs)}"
        for number, (new, old) in enumerate(zip(notebook.cells, stored.cells, strict=True))
        if new.cell_type == "code"
        and UNCOMPARED not in new.metadata.get("tags", ())
        and new.outputs != old.outputs
    ]


def first_difference(new, old):
    """Return the first lines in which two lists of outputs differ."""
    pairs = zip(lines(new), lines(old), strict=False)
    return next((f"{a!r} for {b!r}" for a, b in pairs if a != b), "more lines, or fewer")


def lines(outputs):
    """Yield the lines of all outputs; of a long line that is drawn, the pieces."""
    for output in outputs:
        for text in [output.get("text", ""), *output.get("data", {}).values()]:
            yield from str(text).replace(" L ", "\nL ").replace("><", ">\n<").splitlines()


def main():
    """Compare the notebooks that are asked for, or all; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebook", nargs="*", type=Path, help="all of _toc.yml unless named")
    parser.add_argument("--jobs", type=int, default=2, help="how many are run at a time")
    arguments = parser.parse_args()
    tasks = list(product(arguments.notebook or chapters(), PROCESSORS))
    status = 0
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for (path, processor), found in zip(
            tasks, pool.map(differences, *zip(*tasks, strict=True)), strict=True
        ):
            print(f"{path.stem}, {processor}: {len(found) or 'no'} differences", flush=True)
            for line in found:
                print(f"    {line}", flush=True)
            status |= bool(found)
    return status


if __name__ == "__main__":
    sys.exit(main())
