"""The course: every exercise is for something, and no session asks for what is not there."""

import doctest
import importlib
import pkgutil
import re

import pytest
from sphinx.errors import ExtensionError

from rnnbook import course, playthings, quiz
from rnnbook.exercises import CHAPTERS
from theme import course as theme
from tools import notebooks

KNOWN = {
    path.stem: theme.read(
        path.relative_to(notebooks.ROOT).with_suffix("").as_posix(), path.read_text("utf-8")
    )
    for path in notebooks.chapters()
    if path.stem in CHAPTERS
}
SESSIONS = [one for plan in course.PLANS.values() for one in plan]
PLAYTHINGS = {module.name for module in pkgutil.iter_modules(playthings.__path__)}


def test_examples():
    assert not doctest.testmod(course).failed


def test_every_chapter_says_which_exercises_try_what():
    assert course.OBJECTIVES.keys() == KNOWN.keys() == CHAPTERS


@pytest.mark.parametrize("name", KNOWN)
def test_every_objective_is_tried_by_an_exercise_and_every_exercise_tries_one(name):
    chapter = KNOWN[name]
    tried = course.tried(name)
    assert len(tried) == len(chapter.objectives), chapter.objectives
    for words, labels in zip(chapter.objectives, tried, strict=True):
        assert labels, f"no exercise tries: {words}"
        assert set(labels) <= set(chapter.exercises), words
    idle = set(chapter.exercises) - {label for labels in tried for label in labels}
    assert not idle, "these exercises serve no objective"


@pytest.mark.parametrize("name", KNOWN)
def test_exercises_are_those_of_the_package(name):
    package = importlib.import_module(f"rnnbook.exercises.{name}").EXERCISES
    assert set(KNOWN[name].exercises) == set(package)


def amiss(session):
    """Yield what a session asks for and the book does not have, and what takes too long."""
    for name in session.read.split():
        if name not in KNOWN:
            yield f"no chapter {name}"
    if sum(KNOWN[name].minutes for name in session.read.split() if name in KNOWN) > course.READING:
        yield "too much to read before"
    if not course.SPARE[0] <= course.spare(session) <= course.SPARE[1]:
        yield f"{course.spare(session)} minutes are left for questions"
    exercises = session.after.split()
    for minutes, kind, name in map(course.parts, session.steps):
        if minutes < 5 or kind not in {"ask", "show", "play", "exercise", "test"}:
            yield f"{minutes} {kind}"
        if kind == "exercise":
            exercises.append(name)
        elif kind == "test":
            if name not in quiz.TESTS:
                yield f"no test {name}"
        elif name not in KNOWN or name not in course.LESSONS:
            yield f"no chapter {name}"
        elif kind == "play" and not (name in PLAYTHINGS and KNOWN[name].guess):
            yield f"no plaything {name}"
        elif name not in session.read.split():
            yield f"{name} is not read before"
    every = {label for chapter in KNOWN.values() for label in chapter.exercises}
    yield from (f"no exercise {label}" for label in exercises if label not in every)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda one: one.title)
def test_session_asks_for_what_is_there(session):
    assert list(amiss(session)) == []


SOUND = course.BY_HAND


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"read": "unfolding bptt nets"}, "no chapter nets"),
        ({"read": "unfolding bptt gradients"}, "too much to read before"),
        ({"steps": (*SOUND.steps, "20 play bptt")}, "-10 minutes are left for questions"),
        ({"steps": SOUND.steps[:2]}, "75 minutes are left for questions"),
        ({"steps": (*SOUND.steps, "5 sing bptt")}, "5 sing"),
        ({"steps": (*SOUND.steps, "5 play nets")}, "no chapter nets"),
        ({"steps": (*SOUND.steps, "5 test second")}, "no test second"),
        ({"steps": (*SOUND.steps, "5 play gated")}, "gated is not read before"),
        ({"steps": (*SOUND.steps, "5 exercise bptt-none")}, "no exercise bptt-none"),
        ({"after": "bptt-none"}, "no exercise bptt-none"),
    ],
)
def test_a_session_that_asks_for_more_is_refused(changed, said):
    assert said in amiss(SOUND._replace(**changed))


def test_plans_have_their_number_of_sessions_and_read_no_chapter_twice():
    for number, sessions in course.PLANS.items():
        read = " ".join(session.read for session in sessions).split()
        assert len(sessions) == number
        assert len(read) == len(set(read))


def test_lessons_are_those_of_the_plans_and_name_sections():
    read = {name for session in SESSIONS for name in session.read.split()}
    assert course.LESSONS.keys() == read
    for name, lesson in course.LESSONS.items():
        assert {lesson.show, *lesson.skip} <= set(KNOWN[name].headings), name
        assert lesson.ask.endswith("?")
        assert lesson.show not in lesson.skip


def test_session_is_written_with_what_the_chapters_say():
    text = theme.session(KNOWN, 2, course.BY_HAND)
    minutes = KNOWN["unfolding"].minutes + KNOWN["bptt"].minutes
    assert f"{minutes} min to read" in text
    assert 'href="training/unfolding.html#one-copy-for-each-step"' in text
    assert KNOWN["bptt"].guess in text
    assert f"{course.spare(course.BY_HAND)} min: questions" in text


def test_what_a_chapter_lacks_is_refused():
    with pytest.raises(ExtensionError, match="no section 'Nothing'"):
        theme.section(KNOWN["bptt"], "Nothing")
    with pytest.raises(ExtensionError, match="must say what one can do"):
        theme.read("book/a/b", '{"cells": [{"cell_type": "markdown", "source": ["# B"]}]}')


def test_the_session_minute_by_minute_has_no_gap_and_lasts_as_long():
    text = (notebooks.ROOT / "book/teaching.ipynb").read_text("utf-8")
    spans = [(int(a), int(b)) for a, b in re.findall(r"\*\*(\d+) to (\d+)\*\*", text)]
    assert [a for a, _ in spans] == [0, *(b for _, b in spans[:-1])]
    assert spans[-1][1] == course.SESSION
