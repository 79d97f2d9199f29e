"""Write pencil sheets for a class, and their keys, as PDF and as notebooks.

    python -m tools.paper.sheets SEED [COUNT]

The sheets SEED, SEED + 1, ... are in `sheets-SEED.pdf`, a sheet on two pages, and their keys in
`keys-SEED.pdf`; each is a notebook too, which judges the answers that are written into it.
The same seed gives the same bytes.
"""

import sys
from html import escape

import nbformat

from rnnbook.problems import lowered, problems
from tools.notebooks import METADATA, ROOT, setup_source
from tools.paper import HERE, chromium
from tools.paper.pdf import printed

TARGET = ROOT / "_build" / "sheets"
HEAD = "Recurrent networks, by pencil"


def page(seed, *, key):
    """Write a sheet, or its key, as HTML."""
    parts = [f"<section><h1>{HEAD}: {'key to ' if key else ''}sheet {seed}</h1>"]
    if not key:
        parts.append('<p class="who">Name <span></span> Date <span></span></p>')
    for number, problem in enumerate(problems(seed), start=1):
        given = "" if key else "".join(map(_block, problem.given))
        end = _way(problem) if key else _blanks(problem)
        parts.append(f"<article><h2>{number}. {problem.title}</h2>{given}{end}</article>")
    return "\n".join([*parts, "</section>"])


def _block(text):
    if text.startswith("  "):
        return f"<pre>{escape(text)}</pre>"
    return f"<p>{lowered(text)}</p>"


def _blanks(problem):
    return (
        '<p class="asked">'
        + "".join(f"<span>{lowered(name)} <i></i></span>" for name in problem.asked)
        + "</p>"
    )


def _way(problem):
    return "<pre>" + lowered("\n".join(problem.way)) + "</pre>"


def whole(seeds, *, key):
    """Write the sheets of a class, or their keys, as one page of HTML."""
    style = (HERE / "sheets.css").read_text("utf-8")
    body = "\n".join(page(seed, key=key) for seed in seeds)
    title = f"{HEAD}: {'keys' if key else 'sheets'} from {seeds[0]} on"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head><body>{body}</body></html>"
    )


def notebook(seed, *, key):
    """Return a sheet, or its key, as the text of a notebook."""
    new = nbformat.v4
    cells = [new.new_markdown_cell(f"# {HEAD}: {'key to ' if key else ''}sheet {seed}")]
    if not key:
        cells.append(new.new_code_cell(setup_source(), metadata={"tags": ["remove-cell"]}))
        cells.append(new.new_code_cell("from rnnbook.problems import check"))
        cells.append(new.new_markdown_cell(
            "Work with a pencil, write each answer in place of the three dots, and run the cell."
            "\nA shape is written as `(3, 4)`, several names as `[\"x(1)\", \"h(1)\"]`."
        ))  # fmt: skip
    for number, problem in enumerate(problems(seed), start=1):
        title, given = f"## {number}. {problem.title}", "\n\n".join(map(_fenced, problem.given))
        if key:
            lines = "\n".join(problem.way)
            cells.append(new.new_markdown_cell(f"{title}\n\n```text\n{lines}\n```"))
            continue
        cells.append(new.new_markdown_cell(f"{title}\n\n{given}"))
        asked = "\n".join(f'    "{name}": ...,' for name in problem.asked)
        cells.append(new.new_code_cell(f"check({seed}, {number}, {{\n{asked}\n}})"))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03}"
    return nbformat.writes(new.new_notebook(cells=cells, metadata=METADATA)) + "\n"


def _fenced(text):
    return f"```text\n{text}\n```" if text.startswith("  ") else text


def main(seed, count=1):
    """Write all of them, and say where they are."""
    seeds = range(seed, seed + count)
    TARGET.mkdir(parents=True, exist_ok=True)
    for each in seeds:
        for key, name in ((False, "sheet"), (True, "key")):
            (TARGET / f"{name}-{each}.ipynb").write_text(notebook(each, key=key), "utf-8")
    with chromium() as browser:
        for key, name in ((False, "sheets"), (True, "keys")):
            printed(browser, whole(seeds, key=key), TARGET / f"{name}-{seed}.pdf")
    print(f"{count} sheets and their keys are in {TARGET.relative_to(ROOT)}/")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
