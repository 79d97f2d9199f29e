"""What a class got wrong: two hundred records, some of them broken, and the page that they give."""

import json
import os
import random
import re
from importlib import import_module

import pytest
from bs4 import BeautifulSoup
from docutils.nodes import make_id

from rnnbook import classpage, classroom, records
from rnnbook.classroom import main, read
from rnnbook.exercises import CHAPTERS
from rnnbook.exercises.bptt import EXERCISES
from rnnbook.sections import SECTIONS, anchor
from tools.notebooks import chapters
from tools.notebooks import read as read_notebook

ATTACK = "<script>alert(1)</script>"


def learner(rng, chapters=("bptt", "unfolding", "vanilla")):
    """Make up a record: some exercises tried, some mistakes made, most passed."""
    record = {"record": 1, "id": f"{rng.getrandbits(64):016x}", "book": "0.1.0", "name": ""}
    record["exercises"] = {}
    for chapter in chapters:
        for label, exercise in import_module(f"rnnbook.exercises.{chapter}").EXERCISES.items():
            if rng.random() < 0.2:
                continue
            said = [records.mistake(words) for _, words in exercise.mistakes]
            said = [said[0], *said, records.OTHER, records.CLOSE]
            for verdict in [records.UNTOUCHED, *rng.choices(said, k=rng.choice([0, 0, 1, 2, 5]))]:
                records.add(record, label, verdict)
            if rng.random() < 0.8:
                records.add(record, label, records.RIGHT)
    return record


def broken(record, rng):
    """Yield ways in which a file may not be a record, by its name."""
    text = json.dumps(record).encode()
    yield "cut.json", text[: rng.randrange(1, len(text))]
    yield "empty.json", b""
    yield "binary.json", bytes(rng.randrange(256) for _ in range(500))
    yield "photo.jpg", b"\xff\xd8"
    yield "other.json", b'{"cells": []}'
    yield "deep.json", b"[" * 100_000
    yield "huge.json", b" " * (classroom.LARGEST + 1)
    yield "older.json", json.dumps(record | {"record": 0}).encode()
    yield "types.json", json.dumps(record | {"exercises": {"bptt-sixteen": ["right"]}}).encode()
    yield "attack.json", json.dumps(record | {"exercises": {ATTACK: {"right": 1}}}).encode()
    yield f"{ATTACK.replace('/', '|')}.json", b"no"


def a_class(folder, seed=12, learners=180):
    """Write about 200 files into a folder, as a class hands them in; return the sound records."""
    rng = random.Random(seed)
    every = [learner(rng) for _ in range(learners)]
    for k, record in enumerate(every):
        place = folder / f"group {k % 4}" / "handed in" if k % 3 else folder
        place.mkdir(parents=True, exist_ok=True)
        (place / f"record-{record['id'][:8]}.json").write_text(records.written(record), "utf-8")
    for name, content in broken(every[0], rng):
        (folder / name).write_bytes(content)
    again = every[1] | {"exercises": every[1]["exercises"] | {"elman-count": {"right": 1}}}
    for k, record in enumerate((every[2], every[2], again)):  # doubled, and handed in again later
        (folder / f"again {k}.json").write_text(records.written(record), "utf-8-sig")
    other = every[3] | {"id": "f" * 16, "book": "9.9", "name": f"{ATTACK} ‮"}
    other["exercises"] = {"new-one": {"right": 1}, "bptt-sixteen": {"mistake-00000000": 1}}
    (folder / "other.JSON").write_text(records.written(other), "utf-8")
    (folder / "link.json").symlink_to(folder / "again 0.json")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe.json")
    return [every[0], again, *every[2:], other]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    every = a_class(folder)
    return folder, every, read(folder)


def test_every_sound_record_counts_once_the_latest_of_each_learner(handed_in):
    _, every, found = handed_in
    key = lambda record: record["id"]  # noqa: E731
    assert sorted(found.records, key=key) == sorted(every, key=key)
    assert found.doubled == 3


def test_every_other_file_is_said_with_its_reason(handed_in):
    found = handed_in[2]
    reasons = dict(found.remarks)
    assert len(reasons) == len(found.remarks)
    expected = {
        "cut.json": "not JSON", "empty.json": "not JSON", "binary.json": "not text",
        "photo.jpg": "does not end in .json", "other.json": "no record", "deep.json": "not JSON",
        "huge.json": "larger than", "older.json": "of another form", "types.json": "no table",
        "attack.json": "a name", f"{ATTACK.replace('/', '|')}.json": "not JSON",
        "link.json": "a link", "round": "a link", "pipe.json": "not a file",
    }  # fmt: skip
    assert reasons.keys() == expected.keys()
    for name, words in expected.items():
        assert words in reasons[name], name


def test_a_folder_that_cannot_be_read_is_said(tmp_path, monkeypatch):
    """As root one reads everything, so the refusal is made here."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.json").touch()
    scan = os.scandir

    def refuses(path):
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuses)
    monkeypatch.setattr(classroom.Path, "read_text", lambda *a: os.stat("/nowhere/at/all"))
    assert dict(read(tmp_path).remarks) == {
        "closed": "cannot be read: Permission denied",
        "a.json": "cannot be read: No such file or directory",
    }


def test_counts_are_those_of_the_records(handed_in):
    _, every, found = handed_in
    by_chapter, unknown = classpage.results(found)
    assert unknown == {"new-one": 1}
    rows = {row.label: row for rows in by_chapter.values() for row in rows}
    for label in EXERCISES:
        told = [
            r["exercises"][label] for r in every if records.tries(r["exercises"].get(label, {}))
        ]
        assert len(rows[label].told) == len(told)
        assert rows[label].passed == sum("right" in one for one in told)
        mistakes = dict(rows[label].mistakes)
        for verdict in mistakes:
            assert mistakes[verdict] == sum(verdict in one for one in told)
        assert not {"right", "not yet"} & set(mistakes)


def test_three_learners_by_hand():
    found = classroom.Class()
    name = "bptt-sixteen"
    four = records.mistake(EXERCISES[name].mistakes[1][1])
    found.records = [
        {"book": "0.1.0", "name": "", "id": "", "exercises": {name: told}}
        for told in ({four: 3, "right": 1}, {four: 1, "right": 1}, {four: 5}, {"not yet": 2})
    ]
    rows = [row for rows in classpage.results(found)[0].values() for row in rows]
    row = next(row for row in rows if row.label == name)
    assert (len(row.told), row.passed, row.tries, row.stuck) == (3, 2, [2, 4], 2)
    assert row.mistakes == [(four, 3)]
    text = " ".join(BeautifulSoup(classpage.page(found), "html.parser").main.text.split())
    assert "3 of 3 that gives a factor of 4 for each step" in text
    assert "2 of 3 passed, in 2 tries (median)." in text


def test_the_page_runs_nothing_and_asks_nobody(handed_in):
    text = classpage.page(handed_in[2], "https://example.org/book/")
    soup = BeautifulSoup(text, "html.parser")
    assert not soup(["script", "img", "iframe", "object", "link", "form"])
    assert not [tag for tag in soup(True) if any(key.startswith("on") for key in tag.attrs)]
    assert {a["href"].split("/")[2] for a in soup("a")} == {"example.org"}
    assert "default-src 'none'" in soup.find("meta", {"http-equiv": True})["content"]
    assert "alert(1)" in soup.text and "url(" not in text
    assert soup.find("bdi", string=re.compile("alert")), "a name cannot turn the text around it"


def test_links_lead_to_the_exercises_on_their_pages(handed_in):
    text = classpage.page(handed_in[2], "https://example.org")
    links = {a["href"] for a in BeautifulSoup(text, "html.parser")("a")}
    assert "https://example.org/book/training/bptt.html#bptt-sixteen" in links


def test_every_chapter_is_found_with_its_title_in_the_order_of_the_book():
    found = classpage.chapters()
    assert {*found} == CHAPTERS and next(iter(found)) == "networks"
    for name, (page, title) in found.items():
        assert page.endswith(f"/{name}.html") and len(title) > 3
        assert not set("#`$*") & set(title), title


def test_every_exercise_has_a_section_of_its_chapter_that_answers_it():
    labels = {
        label: path
        for name, path in ((path.stem, path) for path in chapters())
        if name in CHAPTERS
        for label in import_module(f"rnnbook.exercises.{name}").EXERCISES
    }
    assert SECTIONS.keys() == labels.keys()
    for label, heading in SECTIONS.items():
        texts = [cell.source for cell in read_notebook(labels[label].read_text("utf-8")).cells]
        assert re.search(rf"^##+ {re.escape(heading)}$", "\n".join(texts), re.M), heading
        assert anchor(heading) == make_id(heading)


def test_without_the_notebooks_there_are_names_and_no_links(monkeypatch, tmp_path, handed_in):
    monkeypatch.setattr(classpage, "ROOT", tmp_path)
    soup = BeautifulSoup(classpage.page(handed_in[2]), "html.parser")
    assert not soup("a") and soup.find("h2", string="bptt")


def test_from_a_command(handed_in, capsys):
    folder, every, _ = handed_in
    target = folder / "target"
    target.write_text("not yours")
    page = folder / classpage.FILE
    page.symlink_to(target)
    assert main([str(folder), "--book", "https://example.org"]) == 0
    assert f"{len(every)} learners, 15 files set aside: {page}" in capsys.readouterr().out
    assert target.read_text() == "not yours" and not page.is_symlink()
    first = page.read_bytes()
    main([str(folder), "--book", "https://example.org"])
    assert page.read_bytes() == first, "its own page is no file of the class"
    target.unlink()
    page.unlink()


def test_an_empty_folder_gives_an_empty_page(tmp_path, capsys):
    assert main([str(tmp_path)]) == 0
    assert "0 learners" in capsys.readouterr().out
    assert "0 learners" in (tmp_path / classpage.FILE).read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["/nowhere"], "FOLDER must be a folder"),
        ([".", "--book", "javascript:alert(1)"], "ADDRESS must begin with https://"),
    ],
)
def test_a_wrong_command_is_said(arguments, said, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert said in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_said(tmp_path, capsys):
    assert main([str(tmp_path), "--page", str(tmp_path / "no" / "page.html")]) == 1
    assert "cannot be written: No such file" in capsys.readouterr().err
