"""The pages as one archive: all that a file can show, and the same bytes every time."""

import os
import zipfile

from tools import archive


def site(folder):
    for name in ("index.html", "_static/pages.css", "_static/runtime/python.zip", ".buildinfo"):
        path = folder / "html" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder / "html"


def test_all_but_what_no_file_can_run(tmp_path):
    target = tmp_path / "book.zip"
    assert archive.packed(site(tmp_path), target) == 2
    with zipfile.ZipFile(target) as packed:
        names = [name.removeprefix("rnn-unfolded/") for name in packed.namelist()]
        assert packed.testzip() is None
    assert names == ["READ-ME.txt", "_static/pages.css", "index.html"]


def test_same_pages_give_the_same_bytes(tmp_path):
    made = []
    for name in ("a", "b"):
        html = site(tmp_path / name)
        os.utime(html / "index.html", (0, 10**9 * (name == "b")))
        archive.packed(html, tmp_path / name / "book.zip")
        made.append((tmp_path / name / "book.zip").read_bytes())
    assert made[0] == made[1]
