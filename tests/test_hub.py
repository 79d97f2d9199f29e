"""What serves a class: the configuration holds together, and two students can work with it."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from hub import lesson, roster
from rnnbook.results import kept
from tools.classes import STUDENTS, page
from tools.notebooks import ROOT, SETUP

PYTHON = ROOT / ".venv-hub" / "bin" / "python"
HUB = ROOT / "hub"
SMALL = "--students 2 --arrive 0 --pause 0 --watch 1 --patience 0 --remembered 1"


def obstacle():
    """Return why the trial cannot be run here, or an empty text."""
    if not (PYTHON.exists() and (HUB / "node_modules").exists()):
        return "needs JupyterHub and its proxy: make hub-tools"
    if "NPY_DISABLE_CPU_FEATURES" in os.environ or "OPENBLAS_CORETYPE" in os.environ:
        return "does not hang on the processor"
    return "needs root, to make system users" if os.geteuid() else ""


def run_trial(target, group):
    """Let two students work, with the hub killed in between; return what was found."""
    if sentence := obstacle():
        pytest.skip(sentence)
    done = subprocess.run(
        [PYTHON, "-m", "hub.trial", *SMALL.split(), "--group", group, "--write", target],
        cwd=ROOT, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    if done.returncode == 2:
        pytest.skip(done.stderr.strip())
    assert target.exists(), done.stdout + done.stderr
    return json.loads(target.read_text())


def test_two_students_lose_nothing_and_nobody_gets_in(tmp_path):
    group = f"rnn-test-{os.getpid()}"
    found = run_trial(tmp_path / "found.json", group)
    assert found["failures"] == []
    counts = {row["what"]: row["count"] for row in found["latency"]}
    assert counts["log in"] == counts["start the server"] == 2
    (restart,) = found["restart"]
    assert restart["saved"] == 2 and restart["left"] == restart["processes"] >= 4
    # Who should not get in does not.
    assert [row for row in found["refused"] if not row["refused"]] == []
    assert {row["where"] for row in found["refused"]} == {"password", "address", "cell", "cookie"}
    assert len(found["refused"]) > 40
    # Who does harm harms nobody.
    kinds = {row["what"] for row in found["harm"]}
    assert {row["what"] for row in found["neighbours"]} == {"nothing", *kinds}
    assert all(row["count"] and row["longest"] < 30 for row in found["neighbours"])
    # Nothing is left behind.
    assert group not in Path("/etc/passwd").read_text() + Path("/etc/group").read_text()
    assert not list(Path("/home").glob(f"{group}*"))


def test_kept_trial_is_of_thirty_who_lost_nothing():
    trial = kept("hub_trial")
    assert trial["command"] == "make hub-trial"
    assert trial["settings"]["students"] == 30
    assert trial["failures"] == []
    assert trial["restart"][0]["lesson"] < 600
    assert trial["restart"][0]["left"] == trial["restart"][0]["processes"]
    assert all(row["refused"] for row in trial["refused"])
    pinned = (HUB / "requirements.txt").read_text()
    assert f"jupyterhub=={trial['versions']['jupyterhub']}\n" in pinned


def test_sizes_hold_what_was_measured():
    """What the configurations grant is at least twice what a student took in the trial."""
    (student,) = (row for row in kept("hub_trial")["use"] if row["what"] == "student")
    values = yaml.safe_load((HUB / "kubernetes/values.yaml").read_text())
    little = yaml.safe_load((HUB / "tljh/config.yaml").read_text())
    for granted in values["singleuser"]["memory"]["guarantee"], little["limits"]["memory"]:
        assert int(granted.removesuffix("M")) >= 2 * student["largest"]


def test_configurations_agree():
    """The same variables and the same first page in all three."""
    values = yaml.safe_load((HUB / "kubernetes/values.yaml").read_text())
    texts = [(HUB / name).read_text() for name in ("jupyterhub_config.py", "tljh/rnn.py")]
    first = "book/foundations/networks.ipynb"
    assert (ROOT / first).exists() and values["singleuser"]["defaultUrl"].endswith(first)
    for text in texts:
        assert f'"/lab/tree/{first}"' in text
        for name in values["singleuser"]["extraEnv"]:
            assert f'"{name}"' in text


def test_readme_names_what_is_there():
    text = (HUB / "README.md").read_text()
    named = re.findall(r"`(?:hub|\.binder)/[\w./-]+`", text)
    assert named
    assert [name for name in named if not (ROOT / name.strip("`")).exists()] == []


def test_without_root_the_trial_says_so_and_does_nothing():
    code = (
        "import os; os.geteuid = lambda: 1; from hub.trial import main; raise SystemExit(main([]))"
    )
    if not PYTHON.exists():
        pytest.skip("needs JupyterHub: make hub-tools")
    done = subprocess.run([PYTHON, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith("The trial makes system users")


def test_students_run_the_cells_of_the_students_set(tmp_path):
    solution = lesson.write_notebooks(tmp_path)
    assert lesson.EXERCISE in solution
    made = [json.loads((tmp_path / lesson.CHAPTER).read_text("utf-8"))]
    made.append(json.loads(page(ROOT / lesson.CHAPTER, STUDENTS)))
    for notebook in made:
        notebook["cells"] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    ours, theirs = map(lesson.sources, made)
    assert ours == [source for source in theirs if not source.startswith(SETUP)]
    assert solution not in ours


def test_names_that_are_no_user_s_are_refused():
    for name in ("", "Root", "a b", "../root", "-x", "a" * 40, "a:b", "a\nb"):
        with pytest.raises(ValueError, match="name must be small letters, digits and hyphens"):
            roster.add(name)
