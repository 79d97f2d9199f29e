"""The cells of a page: what each needs of those above, what it gives, and what it loads."""

import importlib.util
import json
import re
import subprocess
import sys
import zipfile

import pytest

from rnnbook import records
from theme import runtime
from tools import runtime as fetching
from tools.notebooks import ROOT, chapters
from tools.rules import Page, tags

SPEC = importlib.util.spec_from_file_location("cells", ROOT / "theme" / "inpage" / "cells.py")
cells = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(cells)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(records, "unkept", [])
    cells.namespace.clear()
    cells.namespace["__name__"] = "__main__"


def planned(*sources, ran=()):
    return cells.plan(list(sources), len(sources) - 1, [(k, sources[k]) for k in ran])[:-1]


@pytest.mark.parametrize(
    ("sources", "needs"),
    [
        (("a = 1", "b = 2", "print(b)"), [1]),
        (("a = 1", "b = a", "c = 3", "print(b)"), [0, 1]),
        (("import math as m", "def f(x): return m.sin(x)", "f(1)"), [0, 1]),
        (("k = 2", "def f(x): return k * x", "k = 3", "f(1)"), [0, 1, 2]),
        (("a = 1", "a = 2\nprint(a)", "a = 3\nprint(a)"), []),
        (("net = make()", "fit(net, steps=9)", "print(net.size)"), [0, 1]),
        (("net = make()", "h = net.forward(1)", "print(net.size)"), [0]),
        (("seen = []", "seen.append(1)", "print(seen)"), [0, 1]),
        (("x = {}", "x['a'] = 1", "print(x)"), [0, 1]),
        (("net = make()", "net.params['W'][0] = 1", "print(net)"), [0, 1]),
        (("rng = make()", "a = draw(rng)", "b = draw(rng)"), [0, 1]),
        (("import numpy as np", "np.set(1)", "print(np.pi)"), [0]),
        (("def broken(:", "a = 1", "print(a)"), [1]),
        (("[x for x in y]", "print(x)"), []),
        (("x = 1", "print([x for x in 'ab'])"), []),
        (("x = 1", "a = {x: {x for x in b} for b in 'ab'}", "print(a, x)"), [0, 1]),
        (("x = 1", "print([[x + y for y in 'ab'] for z in 'ab'])"), [0]),
        (("a = 1", None, "print(a)"), [0]),
        (
            ("def f():\n    a = []\n    a.append(1)", "def g():\n    a = {}\n    a[0] = 1", "g()"),
            [1],
        ),
        (("a = []", "def f():\n    a.append(1)", "f()", "print(a)"), [0, 1]),
        (("row = 1", "for row in (1, 2):\n    low = row\n    print(low)"), []),
        (("low = 1", "with open(low) as file:\n    print(file)"), [0]),
        (("a = 1", "if a:\n    b = 2\nelse:\n    b = 3", "while b:\n    b -= 1"), [0, 1]),
        (("e = 1", "try:\n    f = e\nexcept ValueError:\n    f = 2\nprint(f)"), [0]),
    ],
)
def test_a_cell_needs_what_makes_or_changes_its_names(sources, needs):
    assert planned(*sources) == needs


def test_what_has_run_does_not_run_again_but_what_depends_on_a_change_does():
    sources = ("a = 1", "b = a", "c = b", "print(c)")
    assert planned(*sources, ran=[0, 1, 2]) == []
    assert planned(*sources, ran=[1, 2]) == [0, 1, 2]
    assert planned(*sources, ran=[0, 1]) == [2]
    assert cells.plan(list(sources), 3, [(0, "a = 1"), (1, "b = 9"), (2, "c = b")]) == [1, 2, 3]


@pytest.mark.parametrize(
    ("ran", "runs"),
    [
        ([(0, "a = 1"), (3, "a = 2")], [0, 1]),  # a later cell gave the name another value
        ([(3, "a = 2"), (0, "a = 1")], [1]),
        ([(0, "a = 1"), (2, "a = 3")], [0, 1]),  # and so does a reader's answer
        ([(0, "a = 1"), (2, "a.append(3)")], [0, 1]),
        ([(0, "a = 1"), (3, "a.append(3)")], [1]),  # as in a notebook, a cell goes on with what is
        ([(0, "a = 1"), (3, "import a")], [0, 1]),
    ],
)
def test_a_name_that_has_another_value_by_now_gets_its_own_again(ran, runs):
    assert cells.plan(["a = 1", "b = a", None, "a = 2"], 1, ran) == runs


def test_a_name_that_every_cell_imports_is_nobodys():
    sources = ["import numpy as np", "a = np.pi", "import numpy as np\nb = np.e"]
    assert cells.plan(sources, 1, [(0, sources[0]), (2, sources[2])]) == [1]


def test_what_is_made_again_is_changed_again():
    sources = ["net = make()", "fit(net, steps=9)", "print(net)", "net = make(2)"]
    assert cells.plan(sources, 2, list(enumerate(sources))) == [0, 1, 2]
    assert cells.plan(sources, 2, list(enumerate(sources[:3]))) == [2]


def given(source, name="cell 1"):
    return json.loads(cells.run(source, name))


def test_a_cell_gives_the_value_of_its_last_line(capsys):
    assert given("a = 2\nprint('said')\na + 1") == {"text": "3"}
    assert capsys.readouterr().out == "said\n"
    assert given("a") == {"text": "2"}, "one namespace for all cells"
    assert given("a = None\na") == {}


def test_a_picture_and_a_figure_are_html():
    assert (
        "<figcaption>It.</figcaption>"
        in given(
            "from rnnbook.pictures.canvas import Canvas, Picture\n"
            "canvas = Canvas()\ncanvas.text(1, 1, 'a')\n"
            "Picture(canvas.svg(9, 9), 'A dot.', 'It.')"
        )["html"]
    )
    figure = given("import matplotlib.pyplot as plt\nplt.subplots()[1].plot([1, 2])\nNone")
    assert figure["html"].startswith("<svg")


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("a = 1\nb = a / 0", 2, "ZeroDivisionError: division by zero"),
        ("a = 1\n\nb = = 2", 3, "SyntaxError: invalid syntax"),
        ("def f():\n    return c\n\nf()", 2, "NameError: name 'c' is not defined"),
        ("raise SystemExit", 1, "SystemExit"),
    ],
)
def test_an_error_names_the_line(source, line, said):
    result = given(source)
    assert result["line"] == line
    assert result["error"].strip().split("\n")[-1] == said
    assert "cells.py" not in result["error"]


def test_an_exercise_can_be_checked_before_the_one_that_imports_check(capsys):
    assert not given('check("elman-count", ...)').get("error")
    assert capsys.readouterr().out.startswith("Not yet")


def test_what_a_cell_loads_is_read_from_its_imports():
    assert not {"numpy", "matplotlib"} & set(cells.reached("from rnncore.bptt import ScalarRNN"))
    assert "matplotlib" in cells.reached("from rnnbook.pictures import curves")
    assert set(runtime.READERS) & set(cells.reached("from rnncore.datasets import weather"))
    assert "numpy" in cells.reached('from rnnbook.exercises import check\ncheck("elman-auc", 1)')
    assert cells.reached("import (") == []


def test_what_a_cell_loads_is_read_without_loading_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "rnncore.datasets", raising=False)
    cells._inside.cache_clear()
    assert "numpy" in cells.reached("from rnncore.datasets import weather")
    assert "rnncore.datasets" not in sys.modules


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_no_cell_needs_one_that_is_not_on_the_page(path):
    """What is bound only in cells that the page leaves out is used in none that it shows."""
    code = Page(path, path.read_text(encoding="utf-8")).code
    shown = [cell for cell in code if "remove-cell" not in tags(cell)]
    hidden = {n for cell in code[1:] if cell not in shown for n in cells.Cell(cell.source).binds}
    bound = set(dir(__builtins__)) | {n for c in shown for n in cells.Cell(c.source).binds}
    for cell in shown:
        assert not (cells.Cell(cell.source).uses & hidden) - bound, cell.source


def test_stand_in_makes_the_players_page():
    code = f"""
import sys
sys.path.insert(0, {str(ROOT / "theme" / "inpage")!r})
from rnnbook.playthings.bptt import microscope
shown = microscope()
print(len(shown._repr_mimebundle_()["text/html"]), type(shown).__mro__[2].__module__)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    size, module = ran.stdout.split()
    assert int(size) > 10_000 and module == "ipywidgets"


# What the pages load.


def test_runtime_is_the_same_every_time(tmp_path):
    absent = [runtime.lay_out(tmp_path / name, wheels=tmp_path / "none") for name in "ab"]
    assert absent == [sorted(runtime.PACKAGES.values())] * 2
    names = [sorted(path.name for path in (tmp_path / name).iterdir()) for name in "ab"]
    assert names[0] == names[1]
    files = json.loads((tmp_path / "a" / "files.json").read_text())
    assert files == json.loads((tmp_path / "b" / "files.json").read_text())
    assert re.fullmatch(r"book-\w{12}\.zip", files["book"])
    assert files["absent"] == absent[0]


def test_a_package_needs_all_that_it_depends_on(tmp_path):
    packages = {
        "numpy": {"file_name": "n.whl", "sha256": "?", "depends": []},
        "matplotlib": {"file_name": "m.whl", "sha256": "?", "depends": ["numpy"]},
    }
    (tmp_path / "m.whl").write_bytes(b"m")
    packages["matplotlib"]["sha256"] = runtime.hashlib.sha256(b"m").hexdigest()
    assert runtime.there(packages, tmp_path) == {}, "numpy is not there"
    (tmp_path / "n.whl").write_bytes(b"n")
    packages["numpy"]["sha256"] = runtime.hashlib.sha256(b"n").hexdigest()
    assert list(runtime.there(packages, tmp_path)) == ["matplotlib", "numpy"]
    (tmp_path / "n.whl").write_bytes(b"altered")
    assert runtime.there(packages, tmp_path) == {}


def test_an_altered_wheel_is_refused_and_a_good_one_kept(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    entry = {"file_name": "a.whl", "sha256": runtime.hashlib.sha256(b"good").hexdigest()}
    (source / "a.whl").write_bytes(b"bad")
    with pytest.raises(ValueError, match=r"a\.whl from .* is not the file that Pyodide names"):
        fetching.fetch(entry, "0", target, source)
    assert list(target.iterdir()) == []
    (source / "a.whl").write_bytes(b"good")
    assert fetching.fetch(entry, "0", target, source) == source
    assert fetching.fetch(entry, "0", target) == "was there"


def test_an_archive_has_its_modules_compiled_and_not_what_no_page_comes_to(tmp_path):
    modules = tmp_path / "modules"
    (modules / "a").mkdir(parents=True)
    (modules / "a" / "quick.pyc").write_bytes(b"compiled")
    left_out = "matplotlib/mpl-data/sample_data/stocks.csv"
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        for name in ("a/quick.py", "a/slow.py", left_out):
            archive.writestr(name, name)
    fetching.repack(tmp_path / "a.whl", tmp_path / "b.whl", modules)
    with zipfile.ZipFile(tmp_path / "b.whl") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {"a/quick.pyc": b"compiled", "a/slow.py": b"a/slow.py"}


def test_what_was_compiled_from_other_files_is_not_taken(tmp_path):
    came, folder = tmp_path / "a.whl", tmp_path / "compiled"
    came.write_bytes(b"as it came")
    folder.mkdir()
    files = {"a.whl": came}
    assert runtime.quickest(files, folder) == files, "nothing was compiled"
    (folder / "origins.json").write_text(json.dumps(runtime.origins(files)))
    assert runtime.quickest(files, folder) == {"a.whl": folder / "a.whl"}
    came.write_bytes(b"another version")
    assert runtime.quickest(files, folder) == files
