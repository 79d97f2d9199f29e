"""Make a deck of slides for each chapter that has cells tagged for it, as Reveal shows them.

    python -m tools.slides

A cell's metadata say what becomes of it, as in Jupyter's own slides: `{"slideshow": {"slide_type":
"slide"}}` begins a slide, "fragment" goes on with it, and a cell without goes untold.
Of a text the deck shows the headings, each on a slide of its own, with the beginning of the first
paragraph, sentences with bold words, equations, tables, the first sentence of each item of a list,
a long one up to its semicolon, and what leads to a list or to a cell that begins a slide; all of it
stands in the speaker's notes (press S).  Code is shown where a slide has room.  Figures are the
stored outputs, without their code, and playthings move.
"""

import re
import shutil
from functools import cache
from html import escape
from itertools import accumulate, zip_longest
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from theme import equations
from theme.npm import package
from tools.notebooks import ROOT, chapters

HERE = Path(__file__).parent
TARGET = ROOT / "_build" / "slides"
BEGINS, GOES_ON = "slide", "fragment"
LISTS = {"bullet_list_open", "ordered_list_open"}
KEPT = {"heading_open", "paragraph_open", "math_block", "table_open", *LISTS}
WORDS = 35  # of the beginning of a section, and half as many of an item of a list
LINES = 13  # of code on a slide
ITEM = re.compile(r"([-*]|\d+\.) ")
AFTER = re.compile(r"(?<!\\); [^)]*$")  # what comes after a semicolon, not in brackets
MARK = "<!--end-->"
TOUCHES = re.compile(rf"{MARK}</span>([.,;:!?)\]”’…]*)")
HEADING = re.compile(r"^#{1,3} (.*)$", re.M)
APART = re.compile(r"#+ (Common confusions|Quick questions|Exercises|Further reading)")
OWN = ["theme/static/book.css", "theme/static/player.css", "theme/static/player.js"]


class Deck:
    """Turns the tagged cells of a notebook into slides."""

    def __init__(self):
        self.typesetter = equations.Typesetter()
        self.markdown = MarkdownIt("commonmark").enable("table").use(
            dollarmath_plugin, renderer=self.equation, allow_labels=False
        )  # fmt: skip

    def equation(self, tex, options):
        """Set an equation by Temml; one in a line has a mark behind it."""
        set_ = self.typesetter.set(tex.strip(), options["display_mode"])
        return set_ if options["display_mode"] else set_ + MARK

    def render(self, text):
        """Write a text as HTML, what touches an equation in a line on the same line."""
        return TOUCHES.sub(r"\1</span>", self.markdown.render(text))

    def slides(self, notebook):
        """Return the slides, each as HTML; one that has no heading bears that of its section."""
        found, heading, before, room = [], "", "", LINES
        for cell in notebook.cells:
            kind = cell.metadata.get("slideshow", {}).get("slide_type")
            text = cell.cell_type == "markdown"
            if kind in (BEGINS, GOES_ON):
                pieces = self.told(cell.source) if text else [None]
                for number, piece in enumerate(pieces):
                    titled = text and piece.startswith("<h")
                    if not found or titled or (kind == BEGINS and number == 0):
                        found.append("" if titled else f"<h2>{heading}</h2>\n")
                        room = LINES
                    if not text:
                        piece, room = shown(cell, room)
                        if kind == BEGINS:
                            piece = self.render(leading(before)) + piece
                    found[-1] += piece
            for title in HEADING.findall(cell.source) if text else ():
                heading = escape(title)
            before = cell.source if text else ""
        return found

    def told(self, text):
        """Return a text by its headings, each piece with what a slide shows and the notes."""
        pieces = re.split(r"^(?=#{1,3} )", without_directives(text), flags=re.M)
        return [self.piece(piece) for piece in pieces if piece.strip() and not APART.match(piece)]

    def piece(self, text):
        """Write one piece: what of it a slide shows, and all of it as notes."""
        lines, shown_lines = text.splitlines(), []
        words = WORDS
        blocks = [t for t in self.markdown.parse(text) if t.map and not t.level]
        for token, after in zip_longest(blocks, blocks[1:]):
            block = lines[slice(*token.map)]
            if token.type == "paragraph_open":
                leads = [block[-1]] if after and after.type in LISTS else []
                block, words = gist(block, words, text.startswith("#")) or leads, 0
            if token.type in LISTS:
                block = [shorter(line) for line in block if ITEM.match(line)]
            if token.type in KEPT:
                shown_lines += [*block, ""]
        shown_part = self.render("\n".join(shown_lines))
        return f'{shown_part}<aside class="notes">{self.render(text)}</aside>'


def gist(sentences, words, opens):
    """Return what a slide shows of a paragraph that has one sentence a line.

    That is the sentences with bold words, and the beginning, up to so many words, where the
    paragraph opens a section or nothing in it is bold.

    >>> gist(["One.", "**Two", "lines.**", "Three."], 2, False)
    ['**Two', 'lines.**']
    >>> gist(["One.", "Two.", "**Three.**"], 1, True), gist(["One.", "Two."], 0, False)
    (['One.', '**Three.**'], [])
    """
    bold = "\n".join(re.findall(r"^.*\*\*[^*]+\*\*.*$", "\n".join(sentences), re.M)).splitlines()
    if bold and not opens:
        words = 0
    so_far = accumulate(len(sentence.split()) for sentence in sentences)
    kept = [s for s, n in zip(sentences, so_far, strict=True) if n <= words or s in bold]
    return kept or sentences[: 1 if words else 0]


def leading(text):
    r"""Return the sentence with which a text leads to the cell behind it, if it does.

    >>> leading(":::{tip}\nNothing fails.\nThe sum:\n:::")
    'The sum:'
    """
    lines = [line for line in text.splitlines() if line and not line.startswith(":::")]
    return without_directives(lines[-1]) if lines and lines[-1].endswith(":") else ""


def shorter(item):
    """Return an item of a list, up to a semicolon if it has more than half of `WORDS`."""
    return AFTER.sub(".", item) if len(item.split()) > WORDS / 2 else item


@cache
def sources():
    """Return who wrote what is cited, and when, by its key."""
    found = {}
    for entry in re.split(r"^@", (ROOT / "book" / "references.bib").read_text("utf-8"), flags=re.M):
        fields = dict(
            re.findall(r"^\s*(author|editor|year|date)\s*=\s*[{\"]+(.*)[}\"]", entry, re.M)
        )
        names = [
            n.split(",")[0] for n in re.sub(r"[{}]", "", fields.get("author", "")).split(" and ")
        ]
        who = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
        found[entry.partition("{")[2].partition(",")[0]] = who, fields.get("year", "no date")
    return found


def cited(role):
    """Write a citation as text: Elman (1990), or in brackets."""
    all_of = [sources()[key.strip()] for key in role[2].split(",")]
    if role[1] == "t":
        return ", ".join(f"{who} ({year})" for who, year in all_of)
    return "(" + "; ".join(f"{who}, {year}" for who, year in all_of) + ")"


def without_directives(text):
    r"""Leave out boxes, and write what a role holds as text.

    >>> without_directives("a {term}`b <c>`\n:::{tip}\nd\n:::\ne")
    'a b\ne'
    """
    text = re.sub(r"^(:{3,})\{.*?^\1$\n?", "", text, flags=re.M | re.S)
    text = re.sub(r"\{cite(?::(\w))?\}`([^`]*)`", cited, text)
    text = re.sub(r"\{[\w:-]+\}`([^`<]*?)(?: <[^`]*>)?`", r"\1", text)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)


def shown(cell, room):
    """Write a code cell: its outputs, and its code unless it is folded, draws, or finds no room.

    Return it with the room that is left, in lines.
    """
    parts, lines = [], cell.source.count("\n") + 1
    draws = any("text/html" in output.get("data", {}) for output in cell.outputs)
    folded = "hide-input" in cell.metadata.get("tags", ())
    if not (draws or folded) and lines <= room:
        parts.append(highlight(cell.source, PythonLexer(), HtmlFormatter(noclasses=True)))
        room -= lines
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/html" in data:
            parts.append(f'<div class="shown">{data["text/html"]}</div>')
        else:
            text = output.get("text") or data.get("text/plain", "")
            parts.append(f'<pre class="printed">{escape(text.rstrip())}</pre>')
    return "\n".join(parts), room


def page(title, slides):
    """Write a deck as a page that needs nothing but the files beside it."""
    body = "\n".join(f"<section>{slide}</section>" for slide in slides)
    sheets = ["reveal.css", equations.stylesheet().name, "book.css", "player.css", "slides.css"]
    scripts = ["player.js", "reveal.js", "notes.js", "slides.js"]
    return "\n".join([
        '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<title>{escape(title)}: slides</title><link rel="icon" href="data:,">',
        *(f'<link rel="stylesheet" href="files/{name}">' for name in sheets),
        f'</head><body><div class="reveal"><div class="slides">\n{body}\n</div></div>',
        *(f'<script src="files/{name}"></script>' for name in scripts),
        "</body></html>\n",
    ])  # fmt: skip


def lay_out(folder):
    """Put the files beside the decks: Reveal, the font of equations, players, the deck's own."""
    folder.mkdir(parents=True, exist_ok=True)
    reveal = package("reveal.js") / "dist"
    files = [reveal / "reveal.css", reveal / "reveal.js", reveal / "plugin" / "notes.js"]
    files.append(equations.stylesheet())
    for path in [*files, *map(ROOT.joinpath, OWN), HERE / "slides.css", HERE / "slides.js"]:
        shutil.copy(path, folder)
    shutil.copy(equations.font(), folder / "STIXTwoMath.woff2")
    shutil.copy(equations.licence(), folder)


def main(folder=TARGET):
    """Write a deck for every chapter that has slides, and a list of them."""
    lay_out(folder / "files")
    deck, lines = Deck(), []
    for path in chapters():
        notebook = nbformat.read(path, as_version=4)
        slides = deck.slides(notebook)
        if slides:
            title = notebook.cells[0].source.split("\n")[0].removeprefix("# ")
            (folder / f"{path.stem}.html").write_text(page(title, slides), "utf-8")
            lines.append(f'<li><a href="{path.stem}.html">{escape(title)}</a>, {len(slides)}</li>')
            print(f"{path.stem}.html: {len(slides)} slides")
    deck.typesetter.stop()
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Slides</title>'
        f"<h1>Slides</h1><ul>{''.join(lines)}</ul></html>\n",
        "utf-8",
    )
    print(f"The list of them is {folder / 'index.html'}")


if __name__ == "__main__":
    main()
