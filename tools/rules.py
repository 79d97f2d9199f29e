"""The rules that every notebook of the book keeps: each takes a page and says what is amiss.

CONTRIBUTING.md says why they are; tests/test_notebooks.py holds the book to them.
"""

import ast
import random
import re
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import zip_longest
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup

from tools.notebooks import Failure, canonical, read, setup_source

MEGABYTE = 1_000_000
EVASIVE = {"nbval-skip", "nbval-raises-exception", "raises-exception", "skip-execution"}
PROBLEMS = {"prediction", "classification", "generation", "seq2seq"}  # parts of one module each
CASES = {"bugs"}  # chapters that have their cases in rnnbook/exercises, and no module of rnncore
UNSEEN = {"hide-input", "hide-cell", "remove-cell", "remove-input"}  # code that is not in sight
PHONE = 46  # characters of code that a phone shows in a line
MINUTES = {True: 15, False: 35}  # that an application may take, and another chapter
CLAIMS = 3  # asserts that may stand in sight, since they teach
RULES = []


@dataclass
class Page:
    """A notebook as it is on disk."""

    path: Path
    text: str

    def __post_init__(self):
        self.notebook = nbformat.v4.reads(self.text)

    @property
    def code(self):
        """The code cells."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @property
    def prose(self):
        """The Markdown cells."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "markdown"]

    @property
    def is_chapter(self):
        """Whether it stands in the folder of a part, rather than in book/ itself."""
        return self.path.parent.name != "book"

    @property
    def is_application(self):
        """Whether it stands in one of the parts on the four problems."""
        return self.path.parent.name in PROBLEMS


def rule(function):
    """Add the function to the rules."""
    RULES.append(function)
    return function


def tags(cell):
    """Return the tags of a cell as a set."""
    return set(cell.metadata.get("tags", ()))


def tree(cell):
    """Parse the Python of a cell, leaving out IPython's magics."""
    lines = (re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in cell.source.split("\n"))
    return ast.parse("\n".join(lines))


def asserts(cell):
    """Whether a cell asserts its claim itself."""
    return any(isinstance(node, ast.Assert) for node in ast.walk(tree(cell)))


def streams(cell, name="stdout"):
    """Join what a cell has printed."""
    return "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == name)


def shown(cell, kind):
    """Yield what a cell displays of one media type."""
    for output in cell.outputs:
        if kind in output.get("data", {}):
            yield output.data[kind]


def parsed(html):
    """Parse HTML, with each frame of a player as the figure that the page's script makes of it."""
    soup = BeautifulSoup(html, "html.parser")
    for player in soup.find_all(class_="player"):
        parts = re.findall("[^>]*>", player.script.extract().string or "")
        for frame in player.find_all("li"):
            drawing = "".join(parts[int(k)] for k in frame["data-parts"].split())
            caption = f"<figcaption>{escape(frame.text)}</figcaption>"
            frame.replace_with(BeautifulSoup(f"<figure>{drawing}{caption}</figure>", "html.parser"))
    return soup


@rule
def executed_in_order(page):
    """All cells are executed, from 1 on."""
    for count, cell in enumerate(page.code, start=1):
        if cell.execution_count != count:
            yield f"{cell.id}: must have been executed as number {count}"


@rule
def nothing_fails(page):
    """No cell ends in an error or writes to stderr."""
    for cell in page.code:
        if any(output.output_type == "error" for output in cell.outputs):
            yield f"{cell.id}: ends in an error"
        if streams(cell, "stderr"):
            yield f"{cell.id}: writes to stderr: {streams(cell, 'stderr')[:80]}"


@rule
def nothing_escapes(page):
    """Few cells are exempt from comparison, and these assert their claim themselves."""
    exempt = [cell for cell in page.code if "nbval-ignore-output" in tags(cell)]
    if len(exempt) > max(1, len(page.code) // 5):
        yield f"{len(exempt)} of {len(page.code)} cells are not compared, which is too many"
    for cell, below in zip_longest(page.code, page.code[1:]):
        checked = asserts(cell) or (below and "remove-cell" in tags(below) and asserts(below))
        if cell in exempt and not checked:
            yield f"{cell.id}: is not compared, and neither it nor a hidden cell below asserts"
    for cell in page.code:
        other = tags(cell) & {"nbval-skip", "nbval-raises-exception", "raises-exception"}
        if other | tags(cell) & {"skip-execution"} or re.search(
            r"#\s*(NBVAL|PYTEST)_", cell.source
        ):
            yield f"{cell.id}: is kept from the tests by a tag or a comment"


@rule
def same_every_time(page):
    """Outputs hold nothing that changes from run to run or from version to version."""
    for cell in page.code:
        texts = [streams(cell), *shown(cell, "text/plain"), *shown(cell, "text/html")]
        for text in texts:
            if found := re.search(r"\bat 0x[0-9a-f]+|\bnp\.(float|int)\d+\(", text):
                yield f"{cell.id}: its output holds {found[0]}"


@rule
def one_form(page):
    """The file is as tools/notebooks.py writes it."""
    try:
        if canonical(read(page.text), page.code[0].source) != page.text:
            yield "is not in its one form: `make notebooks` brings it there"
    except (Failure, IndexError) as error:
        yield f"is not a sound notebook: {error}"


@rule
def small(page):
    """At most a megabyte."""
    size = len(page.text.encode())
    if size > MEGABYTE:
        yield f"has {size} bytes, more than {MEGABYTE}"


@rule
def sets_up(page):
    """The first code cell installs rnncore from the book's address, and is not on the page."""
    if page.code[0].source != setup_source() or tags(page.code[0]) != {"remove-cell"}:
        yield "the first code cell must be the setup cell that `make notebooks` writes"


def module_of(path):
    """Name the module of a chapter: its folder's in the parts on problems, else its own."""
    if path.stem in CASES:
        return f"rnnbook.exercises.{path.stem}"
    folder = path.parent.name
    return f"rnncore.{folder if folder in PROBLEMS else path.stem}"


@rule
def imports_its_module(page):
    """A chapter imports its module."""
    module = module_of(page.path)
    imported = set()
    for cell in page.code:
        for node in ast.walk(tree(cell)):
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module)
                imported.update(f"{node.module}.{alias.name}" for alias in node.names)
    if page.is_chapter and module not in imported:
        yield f"must import {module}"


@rule
def asserts_a_claim(page):
    """At least one cell asserts what the text claims."""
    if not any(map(asserts, page.code)):
        yield "no cell asserts its claim"


@rule
def figures_in_words(page):
    """Every figure has a caption, and says in words what it shows."""
    for cell in page.code:
        for html in shown(cell, "text/html"):
            for svg in parsed(html).find_all("svg"):
                figure = svg.find_parent("figure")
                caption = figure and figure.find("figcaption")
                if not caption or not "".join(caption.find_all(string=True)).strip():
                    yield f"{cell.id}: an <svg> without a caption"
                elif svg.find_parent(class_="player"):
                    continue  # there the caption is the sentence that says it all
                elif "picture" not in figure.get("class", ()):
                    yield f'{cell.id}: an <svg> that is not in <figure class="picture">'
                elif svg.get("role") != "img" or not svg.get("aria-label", "").strip():
                    yield f"{cell.id}: an <svg> without alternative text"
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        for kind in ("image/png", "image/jpeg", "image/svg+xml"):
            if any(shown(cell, kind)) and not alt.strip():
                yield f"{cell.id}: an image needs its alternative text in mystnb.image.alt"
    for cell in page.prose:
        if re.search(r"!\[\s*\]\(", cell.source):
            yield f"{cell.id}: an image without alternative text"


HEADING = re.compile(r"^(#{1,6})\s+(.*)")


@rule
def headings_plain(page):
    """One title, in front of all else, and no math in headings."""
    headings = [
        HEADING.match(line)
        for cell in page.prose
        for line in outside_fences(cell.source)
        if HEADING.match(line)
    ]
    levels = [len(heading[1]) for heading in headings]
    if not levels or levels[0] != 1 or levels.count(1) != 1:
        yield f"must have one title, as its first heading, got levels {levels}"
    if page.notebook.cells[0].cell_type != "markdown" or not HEADING.match(
        page.notebook.cells[0].source
    ):
        yield "must begin with its title"
    for heading in headings:
        if re.search(r"\$|\\\(|\{math\}", heading[2]):
            yield f"math in the heading {heading[2]!r}"


FENCE = re.compile(r"\s*(`{3,}|:{3,}|~{3,})\s*(?:\{([\w:-]+)\})?(.*)")
VERBATIM = {"bibliography", "code-block", "code-cell", "csv-table", "figure", "image", "math"}


def outside_fences(source):
    """Yield the lines of Markdown that are text, empty where something else stands.

    The body of an admonition or a drop-down is text; code, equations and tables are not.
    """
    fences, verbatim, equation = [], None, False
    for line in source.split("\n"):
        fence = FENCE.fullmatch(line)
        if verbatim:
            if fence and fence[1].startswith(verbatim) and not (fence[2] or fence[3].strip()):
                verbatim = None
            yield ""
        elif fence:
            if fences and not fence[2] and fence[1].startswith(fences[-1]):
                fences.pop()
            elif not fence[2] or fence[2] in VERBATIM:
                verbatim = fence[1]
            else:
                fences.append(fence[1])
            yield ""
        elif equation or line.lstrip().startswith("$$"):
            equation ^= line.count("$$") % 2
            yield ""
        elif re.match(r"\s*(\||:[\w-]+:|<|%|\([\w-]+\)=|-{3,}$)", line):
            yield ""
        else:
            yield line


ITEM = re.compile(r"\s*(?:>\s*)?(?:[-*+]\s+|\*{0,2}\d+[.)]\s+)?")
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|etc|vs|al|Eq|Fig|Sec|pp?|[A-Z])\.")
SENTENCE_ENDS = re.compile(r"[.!?][)\"”’*_]*\s+[(\"“‘*_]*[A-Z]")
LINE_ENDS = re.compile(r"[.!?:;][)\"”’*_]*$")


@rule
def one_sentence_a_line(page):
    """Each line of text is one sentence, so that a change shows what it changes."""
    for cell in page.prose:
        before = ""
        for line in outside_fences(cell.source):
            text = ITEM.sub("", line, count=1).rstrip()
            text = re.sub(r"(\{[\w:]+\})?`[^`]*`|\$[^$]*\$", "Xx", text)
            text = ABBREVIATION.sub("Xx", re.sub(r"\]\([^)]*\)", "]", text))
            heading = HEADING.match(line)
            starts_anew = not text or heading or (ITEM.match(line)[0].strip())
            if before and not starts_anew and not LINE_ENDS.search(before):
                yield f"{cell.id}: a sentence is broken off: {line.strip()[:60]!r}"
            if not heading and SENTENCE_ENDS.search(text):
                yield f"{cell.id}: more than one sentence on the line {line.strip()[:60]!r}"
            before = "" if heading else text


NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]*\d)")


@rule
def numbers_computed(page):
    """A decimal number in the text stands in an output, or as a literal in the code."""
    known = set()
    for cell in page.code:
        known.update(
            Decimal(str(node.value))
            for node in ast.walk(tree(cell))
            if isinstance(node, ast.Constant) and type(node.value) in (int, float)
        )
        texts = [streams(cell), *shown(cell, "text/plain")]
        for html in shown(cell, "text/html"):
            soup = parsed(html)
            texts += soup.find_all(string=True)
            texts += [tag["aria-label"] for tag in soup.find_all(attrs={"aria-label": True})]
        for text in texts:
            known.update(map(Decimal, re.findall(r"\d+(?:\.\d+)?", text)))
    for cell in page.prose:
        text = re.sub(r"https?://\S+|\]\([^)]*\)|\bdoi:\S+", " ", cell.source)
        for number in NUMBER.findall(text):
            if Decimal(number) not in known:
                yield f"{cell.id}: {number} is typed into the text, and no cell computes it"


LABEL = re.compile(r"\{exercise\}.*\n(?:\s*:.*\n)*?\s*:label:\s*(\S+)")


@rule
def exercises_answered(page):
    """Each exercise has one stub, met with a hint, and one hidden solution, found right."""
    labels = [label for cell in page.prose for label in LABEL.findall(cell.source)]
    directives = sum(cell.source.count("{exercise}") for cell in page.prose)
    if len(set(labels)) != directives:
        yield f"{directives} exercises must have as many labels, got {labels}"
    found = {"exercise": [], "solution": []}
    for cell in page.code:
        for kind in tags(cell) & set(found):
            label = checked(cell)
            found[kind].append(label)
            said = streams(cell)
            if kind == "exercise" and not said.startswith("Not yet"):
                yield f"{cell.id}: the stub of {label} must be met with 'Not yet'"
            if kind == "solution":
                if not re.search(r"^Right", said, re.M) or re.search(r"^Not yet", said, re.M):
                    yield f"{cell.id}: the solution of {label} must be found 'Right'"
                if not cell.metadata.get("jupyter", {}).get("source_hidden"):
                    yield f"{cell.id}: the solution of {label} must be hidden in Jupyter"
                if not tags(cell) & {"hide-input", "hide-cell"}:
                    yield f"{cell.id}: the solution of {label} must be hidden on the page"
    for kind, given in found.items():
        if sorted(given, key=str) != sorted(labels):
            yield f"the {kind} cells check {given}, but the exercises are {labels}"


def checked(cell):
    """Return the label that a cell gives to `check`."""
    for node in ast.walk(tree(cell)):
        match node:
            case ast.Call(func=ast.Name("check"), args=[ast.Constant(label), *_]):
                return label
    return None


def minutes(page):
    """Return how long a chapter takes to read, the exercises apart: 200 words, 10 lines a minute.

    What counts is the text outside tables and equations, and the code in sight.
    """
    words = lines = 0
    exercises = False
    for cell in page.notebook.cells:
        if cell.cell_type == "code":
            if not exercises and not tags(cell) & UNSEEN:
                lines += sum(bool(line.strip()) for line in cell.source.split("\n"))
            continue
        for line in outside_fences(cell.source):
            if heading := HEADING.match(line):
                exercises = heading[2].startswith(("Exercises", "Quick questions"))
            if not exercises:
                text = re.sub(r"\]\([^)]*\)|\{[\w:]+\}`[^`]*`|\$[^$]*\$", " ", line)
                words += len(re.findall(r"[^\W_][\w'’-]*", text))
    return words / 200 + lines / 10


@rule
def time_said(page):
    """A chapter says how long it takes, which is true, and not too long."""
    if not page.is_chapter:
        return
    text = " ".join(cell.source for cell in page.prose)
    said = re.search(r"takes about (\d+) minutes", text)
    taken = minutes(page)
    if taken > MINUTES[page.is_application] + 0.5:
        yield f"takes {taken:.1f} minutes, more than {MINUTES[page.is_application]}"
    if not said or abs(int(said[1]) - taken) > 1:
        yield f"must say 'takes about {taken:.0f} minutes', got {said and said[1]}"


@rule
def fits_a_phone(page):
    """No line of code in sight, and none that is printed, is too wide."""
    if not page.is_chapter:
        return
    for cell in page.code:
        if "remove-cell" in tags(cell):
            continue
        source = "" if tags(cell) & UNSEEN else cell.source
        for line in [*source.split("\n"), *streams(cell).split("\n")]:
            if len(line) > PHONE:
                yield f"{cell.id}: {len(line)} characters, more than {PHONE}: {line[:60]!r}"


@rule
def claims_out_of_sight(page):
    """What only the machine needs to assert stands in cells that the page leaves out."""
    seen = [cell for cell in page.code if "remove-cell" not in tags(cell)]
    count = sum(isinstance(node, ast.Assert) for cell in seen for node in ast.walk(tree(cell)))
    if page.is_chapter and count > CLAIMS:
        yield f"{count} asserts are on the page, more than {CLAIMS}: use the tag remove-cell"


@rule
def asks_for_a_guess(page):
    """A plaything asks for a guess before it moves."""
    if page.is_chapter and not any(
        'class="player-guess"' in html for cell in page.code for html in shown(cell, "text/html")
    ):
        yield "no player asks for a guess"


QUESTION = re.compile(r"^\*\*(\d+)\. ", re.M)


@rule
def questions_in_drawn_order(page):
    """A quick question has three choices, one of them right, in an order that was drawn."""
    text = "\n".join(cell.source for cell in page.prose)
    section = re.search(r"^## Quick questions\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    if not section or not page.is_chapter:
        return
    _, *parts = QUESTION.split(section[1])
    for number, part in zip(parts[::2], parts[1::2], strict=True):
        answers = re.findall(r"\{dropdown\}.*\n(Yes|No)\b", part)
        place = drawn(page.path.stem, int(number))
        if answers != ["Yes" if k == place else "No" for k in range(3)]:
            yield f"question {number}: of three choices the right one is number {place + 1}"


def drawn(chapter, number):
    """Return the place, 0 to 2, at which the right choice of a quick question stands.

    >>> [drawn("bptt", number) for number in (1, 2, 3)]
    [0, 2, 0]
    """
    return random.Random(f"{chapter} {number}").randrange(3)
