"""The house: what stands where, and what may lean on what."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import venv

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import rnncore
from tools import environment, notebooks, rules

ROOT = notebooks.ROOT
MODULES = sorted([*(ROOT / "rnncore").rglob("*.py"), *(ROOT / "rnnbook").rglob("*.py")])
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# The plan of the house, from the ground to the roof, `rnnbook` above `rnncore`.
# A module imports from floors below its own only; a chapter, or its folder, bears the name of its
# module.
PLAN = """
    rnncore: arrays rounding
    rnncore: activations batches datasets losses measures parameters sequences sweep tasks worked
    rnncore: bptt classification layers networks notes optimizers prediction truncated
    rnncore: deep elman embedding gated generation gradients jordan tdnn unfolding vanilla
    rnncore: seq2seq training
    rnnbook: answers pasted pictures.player pictures.routing results
    rnnbook: course owndata problems quiz scoreboard serving sheets
    rnnbook: pictures.canvas
    rnnbook: pictures.covers pictures.curves pictures.graph
    rnnbook: playthings records sections
    rnnbook: exercises
    rnnbook: board classpage
    rnnbook: classroom
"""
FLOOR = {
    f"{package}.{name}": height
    for height, (package, names) in enumerate(re.findall(r"(\w+): (.*)", PLAN))
    for name in names.split()
}


def tracked():
    """Return the files that git knows; skip the test where it does not know the book."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("needs git")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"needs a repository that git reads: {error.stderr.strip()}")
    if not listed.stdout:
        pytest.skip("needs a repository: these files are in none")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def place(module):
    """Return the name under which a module, or what it holds, stands in the plan."""
    return next((name for name in FLOOR if f"{module}.".startswith(f"{name}.")), None)


def module_of(path):
    """Return the name of the module in a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path):
    """Yield every module that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level or path.is_relative_to(ROOT / "theme"), "import by full name"
            if not node.level:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


APART = (
    "tests/oracles.txt", "tools/data.txt", "tools/paper.txt", "tools/slides.txt",
    "benchmarks/layers.txt", "hub/requirements.txt",
)  # fmt: skip


def requirements(text):
    """Return the requirements among the lines of a requirements file, by name."""
    lines = (line.split(" #")[0].strip() for line in text.splitlines())
    found = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


DIRECT = requirements((ROOT / "requirements.txt").read_text())
LOCKED = requirements((ROOT / "requirements.lock").read_text())


def test_address_stands_in_one_place():
    owner_and_name = "/".join(CONFIG["repository"]["url"].split("/")[-2:])
    derived = {".ipynb"}  # their setup cell is written from _config.yml, and a rule compares it
    places = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.suffix not in derived and owner_and_name.encode() in path.read_bytes()
    ]
    assert places == ["_config.yml"]


PLACES = """
    README.md CONTRIBUTING.md CITATION.cff LICENSE LICENSE-TEXT
    .binder/runtime.txt .ci/run .github/workflows
    benchmarks book experiments hub rnnbook rnncore tests/site theme tools
"""


def test_everything_is_where_it_is_looked_for():
    assert [name for name in PLACES.split() if not (ROOT / name).exists()] == []


def test_readme_points_to_what_exists():
    text = (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"\]\((?!https?:)([\w./-]+)\)", text) + re.findall(r"`([\w./]+/)`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_contents_name_files_that_exist():
    assert notebooks.documents()
    assert [path for path in notebooks.documents() if not path.exists()] == []


def test_landing_page_has_a_card_for_every_part_of_chapters():
    """The cards list the chapters of their parts (theme/cards.py)."""
    landing = notebooks.read((ROOT / "book/index.ipynb").read_text("utf-8"))
    text = "\n".join(cell.source for cell in landing.cells)
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]:
        holds_chapters = part["chapters"][0]["file"].count("/") == 2
        assert (f"\n{part['caption']}: " in text) == holds_chapters, part["caption"]


def test_every_chapter_has_its_module():
    chapters = [path for path in notebooks.chapters() if path.parent.name != "book"]
    modules = {module_of(path) for path in MODULES}
    assert [path for path in chapters if rules.module_of(path) not in modules] == []


def test_the_plan_names_every_module_and_no_other():
    modules = {module_of(path): path for path in MODULES}
    assert [name for name in FLOOR if name not in modules] == []
    homeless = {
        name for name, path in modules.items() if not place(name) and path.name != "__init__.py"
    }
    assert not homeless, "give each module a floor in this file"


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_imports_only_go_down(path):
    own = place(module_of(path))
    for name in imports(path):
        if name.startswith(("rnncore.", "rnnbook.")) and place(name) != own:
            assert own, f"{module_of(path)} is a package and imports {name}"
            assert place(name), f"{name} has no floor"
            assert FLOOR[place(name)] < FLOOR[own], f"{own} must not import {name}: it is not below"


# What a file of tests may be about besides a module.
SUBJECTS = {
    "api",
    "archive",
    "bench",
    "classes",
    "elsewhere",
    "experiments",
    "graded",
    "hub",
    "inpage",
    "mutations",
    "notation",
    "notebooks",
    "paper",
    "project",
    "references",
    "refusals",
    "slides",
    "status",
    "summary",
    "terms",
    "theme",
    "troubleshooting",
    "ways",
}


def test_every_module_that_computes_has_its_tests_and_tests_bear_the_name_of_a_module():
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    assert {name.split(".")[1] for name in FLOOR if name.startswith("rnncore.")} <= tests
    names = {module_of(path).rpartition(".")[2] for path in MODULES}
    plaything = "plaything_"
    strays = {name for name in tests if name.removeprefix(plaything) not in names | SUBJECTS}
    assert not strays, "a file of tests bears the name of what it tests"


def test_what_computes_needs_numpy_and_tqdm_only():
    for path in MODULES:
        if module_of(path).startswith("rnncore"):
            tops = {name.partition(".")[0] for name in imports(path)}
            assert tops - sys.stdlib_module_names <= {"numpy", "tqdm", "rnncore"}, path.name


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("rnncore", {"numpy", "matplotlib", "ipywidgets"}),
        ("rnncore.bptt", {"numpy", "matplotlib", "ipywidgets"}),
        ("rnnbook.pictures.curves", {"ipywidgets"}),
        ("rnnbook.exercises", {"matplotlib", "ipywidgets"}),
    ],
)
def test_import_brings_nothing_heavy(module, heavy):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not heavy & set(loaded.stdout.split())


def test_versions_agree():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert rnncore.__version__ == PROJECT["version"] == citation["version"]
    assert importlib.metadata.version("rnncore") == rnncore.__version__


def test_python_versions_agree():
    oldest, newest = (".".join(map(str, v)) for v in (environment.OLDEST, environment.NEWEST))
    after = f"3.{environment.NEWEST[1] + 1}"
    assert PROJECT["requires-python"] == f">={oldest},<{after}"
    workflow = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text())
    tested = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert (tested[0], tested[-1]) == (oldest, newest)
    assert (ROOT / ".binder/runtime.txt").read_text() == "python-3.12\n"


def test_requirements_name_what_is_imported():
    homes = importlib.metadata.packages_distributions()
    apart = [(ROOT / name).read_text() for name in APART]
    named = {*DIRECT, *requirements("\n".join(apart)), "rnncore"}
    for path in tracked():
        if path.suffix != ".py":
            continue
        for module in imports(path):
            top = module.partition(".")[0]
            if top in sys.stdlib_module_names or top not in homes or (ROOT / top).is_dir():
                continue  # of Python, or of this repository
            owners = {canonicalize_name(owner) for owner in homes[top]}
            assert owners & named, f"{path.relative_to(ROOT)} imports {top} of {owners}"


def test_requirements_install_the_package_by_the_lock():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert {"-c requirements.lock", "-e .[notebooks]"} <= set(lines)
    binder = (ROOT / ".binder/requirements.txt").read_text()
    assert {"-c ../requirements.lock", "-e .[notebooks]"} <= set(binder.splitlines())
    assert {"jupyter-book", "sphinx", "pytest"}.isdisjoint(requirements(binder))


def test_lock_holds_one_version_of_everything_named():
    assert set(DIRECT) <= set(LOCKED)
    text = (ROOT / "requirements.lock").read_text()
    pinned = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(pinned) == len(LOCKED)
    assert all("==" in line and "://" not in line for line in pinned)
    for package, requirement in DIRECT.items():
        (pin,) = LOCKED[package].specifier
        assert requirement.specifier.contains(pin.version)


# The environment.


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Stand in for the folder of the book: no environment yet, and none that takes a minute."""

    def create(place, **_):
        python = tmp_path / ".venv" / "bin" / "python"
        python.parent.mkdir()
        python.symlink_to(sys.executable)

    monkeypatch.setattr(environment, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(environment, "ASIDE", str(tmp_path / ".venv-being-replaced"))
    monkeypatch.setattr(environment, "STAMP", str(tmp_path / ".venv" / "complete"))
    monkeypatch.setattr(environment, "run", lambda *_, **__: 0)
    monkeypatch.setattr(venv, "create", create)
    return tmp_path


def test_too_old_a_python_is_told_in_one_sentence(monkeypatch, folder):
    assert environment.obstacle() is None
    monkeypatch.setattr(environment, "OLDEST", (3, 98))
    monkeypatch.setattr(environment, "NEWEST", (3, 99))
    assert environment.obstacle().startswith("The book needs Python 3.98 to 3.99, but")
    assert environment.main() == 1
    assert list(folder.iterdir()) == []


def test_missing_venv_module_is_told_in_one_sentence(monkeypatch, folder):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert environment.obstacle().startswith("Python's venv module is missing")


def test_environment_is_made_and_then_mended(folder):
    assert environment.main() == 0
    assert [path.name for path in folder.iterdir()] == [".venv"]
    assert (folder / ".venv" / "complete").read_text() == environment.HOME
    (folder / ".venv" / "more").touch()
    assert environment.main() == 0
    assert (folder / ".venv" / "more").exists()


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_environment_that_is_somebody_s_own_is_left_alone(kind, folder, capsys):
    own, place = folder / "own", folder / ".venv"
    own.mkdir()
    (own / "mine").touch()
    if kind == "folder":
        own.rename(place)
    elif kind == "file":
        place.write_text("mine")
    else:
        place.symlink_to(own)
    before = sorted(folder.rglob("*"))
    assert environment.main() == 1
    assert "`make` did not make" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("moved", [True, False], ids=["moved", "lost its Python"])
@pytest.mark.parametrize("outcome", ["whole", "failed", "interrupted"])
def test_old_environment_stays_until_the_new_one_stands(outcome, moved, folder, monkeypatch):
    def run(*arguments, **_):
        if not (folder / ".venv" / "bin" / "python").exists():
            raise FileNotFoundError
        if "install" in arguments and outcome == "interrupted":
            raise KeyboardInterrupt
        return int("install" in arguments and outcome == "failed")

    monkeypatch.setattr(environment, "run", run)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "more").touch()
    (folder / ".venv" / "complete").write_text("elsewhere" if moved else environment.HOME)
    assert not environment.sound()
    if outcome == "interrupted":
        with pytest.raises(KeyboardInterrupt):
            environment.main()
    else:
        assert environment.main() == (outcome == "failed")
    assert [path.name for path in folder.iterdir()] == [".venv"]
    assert (folder / ".venv" / "more").exists() == (outcome != "whole")
    assert environment.sound() == (outcome == "whole")


def test_environment_that_was_killed_while_it_was_made_is_finished(folder):
    for name in (".venv", ".venv-being-replaced"):
        (folder / name).mkdir()
        (folder / name / "complete").write_text("elsewhere")
    environment.sign(environment.UNFINISHED)
    assert environment.sound()
    assert environment.main() == 0
    assert [path.name for path in folder.iterdir()] == [".venv"]
    assert environment.sound()
