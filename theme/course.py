"""The page for teachers, made while it is built from `rnnbook.course` and the chapters.

`{plan} 4` is a plan of four sessions; `{objectives}` has, for each chapter, what one can do
afterwards, and the exercises that try it; `{quiz}` has both tests and their keys.
"""

import json
import re
from html import escape, unescape
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from rnnbook import course, quiz
from rnnbook.problems import lowered


class Chapter(NamedTuple):
    """What the page for teachers needs of a chapter."""

    file: str  # as _toc.yml names it
    title: str
    minutes: int
    objectives: list
    exercises: list  # labels
    headings: list
    play: str  # the heading above its first plaything
    guess: str  # what that asks first


def read(file, text):
    """Read a chapter from the text of its notebook."""
    cells = json.loads(text)["cells"]
    prose = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] != "code")
    can = re.search(r"After this chapter you can\n\n((?:[- ] .*\n)+)", prose)
    minutes = re.search(r"takes about (\d+) minutes", prose)
    if not can or not minutes:
        raise ExtensionError(f"{file} must say what one can do afterwards, and its minutes")
    play, guess = plaything(cells)
    return Chapter(
        file,
        re.match("# (.*)", prose)[1],
        int(minutes[1]),
        re.findall(r"- (.*?)[;.]?$", can[1], re.M),
        re.findall(r"^:label: (\S+)", prose, re.M),
        re.findall(r"^##+ (.*)", prose, re.M),
        play,
        guess,
    )


def plaything(cells):
    """Return the heading above the first plaything that asks for a guess, and what it asks."""
    heading = ""
    for cell in cells:
        heading = [heading, *re.findall(r"^##+ (.*)", "".join(cell["source"]), re.M)][-1]
        for output in cell.get("outputs", ()):
            html = "".join(output.get("data", {}).get("text/html", ""))
            if asked := re.search('class="player-guess".*?<legend>(.*?)</legend>', html, re.S):
                words = (
                    unescape(asked[1]).removeprefix("Guess first: ").removeprefix("Guess first, ")
                )
                return heading, words[0].upper() + words[1:]
    return "", ""


def chapters(env):
    """Read the chapters of the book, by their names; the page is built again when one changes."""
    found = {}
    for file in env.app.config.external_site_map:
        path = Path(env.doc2path(file))
        if path.suffix == ".ipynb" and path.stem in course.OBJECTIVES:
            env.note_dependency(str(path))
            found[path.stem] = read(file, path.read_text("utf-8"))
    return found


def section(chapter, heading):
    """Write a link from book/ to a section of a chapter, as HTML, which Markdown lets pass."""
    if heading not in chapter.headings:
        raise ExtensionError(f"{chapter.file} has no section {heading!r}")
    place = f"{chapter.file.removeprefix('book/')}.html#{nodes.make_id(heading)}"
    return f'<a class="reference internal" href="{place}">{escape(heading, quote=False)}</a>'


def step(known, one):
    """Write a step of a session as an item in Markdown."""
    minutes, kind, name = course.parts(one)
    if kind == "test":
        return f"- {minutes} min: **The {name} test**, on paper."
    chapter = known[name.split("-")[0]]
    lesson = course.LESSONS[name.split("-")[0]]
    words = {
        "ask": lambda: f"**Ask.** {lesson.ask}",
        "show": lambda: f"**Show** {section(chapter, lesson.show)}.",
        "play": lambda: f"**Play** with {section(chapter, chapter.play)}: “{chapter.guess}”",
        "exercise": lambda: f"**Do** {{ref}}`{name}` of *{chapter.title}*.",
    }[kind]()
    return f"- {minutes} min: {words}"


def session(known, number, one):
    """Write a session as a drop-down in Markdown."""
    before = [known[name] for name in one.read.split()]
    read = sum(chapter.minutes for chapter in before)
    used = dict.fromkeys(course.parts(s)[2].split("-")[0] for s in one.steps if " test " not in s)
    wrong = [f"  - *{known[name].title}*: {course.LESSONS[name].wrong}" for name in used]
    skip = [
        section(known[name], heading)
        for name in one.read.split()
        for heading in course.LESSONS[name].skip
    ]
    after = ", ".join(f"{{ref}}`{label}` of *{known[label.split('-')[0]].title}*"
                      for label in one.after.split())  # fmt: skip
    links = ", ".join(f"[{c.title}](/{c.file}), {c.minutes} min" for c in before)
    return "\n".join([
        f":::{{dropdown}} {number}. {one.title}: {read} min to read",
        f"**Before:** {links}.\n",
        *(step(known, each) for each in one.steps),
        f"- {course.spare(one)} min: questions, and what comes next.",
        f"\n**After:** {after}.\n",
        "**What goes wrong:**\n",
        *(line[2:] for line in wrong),
        f"\n**Skip if time is short:** {', '.join(skip)}.",
        ":::",
    ])  # fmt: skip


class Plan(SphinxDirective):
    """The sessions of a plan, and what it leaves out."""

    required_arguments = 1

    def run(self):
        """Build the drop-downs."""
        known = chapters(self.env)
        sessions = course.PLANS[int(self.arguments[0])]
        read = set(" ".join(one.read for one in sessions).split())
        hours = sum(known[name].minutes for name in read) / 60
        left = [f"[{c.title}](/{c.file})" for name, c in known.items() if name not in read]
        lines = [
            f"{len(read)} chapters, {hours:.1f} hours of reading,"
            f" {len(sessions) * course.SESSION / 60:g} hours together.\n",
            *(session(known, k, one) for k, one in enumerate(sessions, start=1)),
            f"\nNot in this plan, for projects or for reading on: {', '.join(left)}.",
        ]
        return self.parse_text_to_nodes("\n".join(lines))


class Objectives(SphinxDirective):
    """For each chapter, a drop-down with its objectives and the exercises that try them."""

    def run(self):
        """Build the drop-downs."""
        known = chapters(self.env)
        lines = chain.from_iterable(objectives(name, chapter) for name, chapter in known.items())
        return self.parse_text_to_nodes("\n".join(lines))


def objectives(name, chapter):
    """Write what one can do after a chapter, each with its exercises, as lines of Markdown."""
    many = len(chapter.exercises)
    yield f":::{{dropdown}} {chapter.title}: {chapter.minutes} min, {many} exercises"
    yield f"After [the chapter](/{chapter.file}) one can\n"
    for words, labels in zip(chapter.objectives, course.tried(name), strict=True):
        links = ", ".join(f"{{ref}}`{label}`" for label in labels)
        yield f"- {words}: {links}"
    yield ":::"


class Quiz(SphinxDirective):
    """Both tests, and the key to each."""

    def run(self):
        """Build the drop-downs; the page is built again when a question changes."""
        self.env.note_dependency(quiz.__file__)
        known = chapters(self.env)
        lines = chain.from_iterable(
            part(test, known) for test in quiz.TESTS for part in (questions, key)
        )
        return self.parse_text_to_nodes("\n".join(lines))


def questions(test, _):
    """Write a test as lines of Markdown."""
    yield f":::{{dropdown}} The {test} test"
    for number, one in enumerate(quiz.questions(test), start=1):
        choices = f" ({'; '.join(one.choices)})" if one.choices else ""
        yield f"{number}. {lowered(one.text + choices)}"
    yield ":::"


def key(test, known):
    """Write the key to a test as lines of Markdown: what is right, why, and what it tries."""
    yield f":::{{dropdown}} The key to the {test} test, with reasons"
    for number, one in enumerate(quiz.questions(test), start=1):
        chapter = known[one.chapter]
        words = chapter.objectives[one.objective - 1]
        yield f"{number}. **{lowered(one.right)}**. {lowered(one.reason)}"
        yield f"   [{chapter.title}](/{chapter.file}): *{words}*."
    yield ":::"


def setup(app):
    """Offer the directives."""
    app.add_directive("plan", Plan)
    app.add_directive("objectives", Objectives)
    app.add_directive("quiz", Quiz)
