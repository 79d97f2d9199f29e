"""The experiments: how they run and are kept, that each runs, and that what is kept is theirs."""

import importlib
import json
import os
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from experiments import ROOT, Experiment, Part, __main__, machine
from rnnbook.results import kept
from rnncore.sweep import grid

NAMES = [
    name
    for name in __main__.NAMES
    if "= Experiment(" in (ROOT / f"experiments/{name}.py").read_text()
]


def experiment(name):
    return importlib.import_module(f"experiments.{name}").experiment


# How an experiment runs.  Trials stand at the top of a module, so that other processes can import.


def alone(lag, seed, *, steps):
    return {"loss": np.float64(lag) / 3 + seed, "curve": np.arange(steps) / 7}


def together(lag, seeds):
    return {"loss": [lag * seed for seed in seeds]}


def baseline(lag):
    return lag + 1


def fragile(lag, seed):
    if lag == seed == 1:
        raise ValueError("broken")
    return lag + seed


def small():
    return Experiment(
        networks=Part(alone, grid(lag=[1, 2]), seeds=2),
        side_by_side=Part(together, grid(lag=[3])),
        baselines=Part(baseline, grid(lag=[4, 5])),
        settings={"steps": 3},
        quick={"steps": 1, "lag": 6},
    )


def without_seconds(found):
    """Drop the times of the rows, each of which is there and positive."""
    for row in [row for part in found.values() if isinstance(part, list) for row in part]:
        assert np.all(np.array(row.pop("seconds")) >= 0)
    return found


WANTED = {
    "settings": {"steps": 3},
    "seeds": {"networks": 2, "side_by_side": 3},
    "networks": [
        {"lag": 1, "loss": [0.33333, 1.3333], "curve": [[0, 0.14286, 0.28571]] * 2},
        {"lag": 2, "loss": [0.66667, 1.6667], "curve": [[0, 0.14286, 0.28571]] * 2},
    ],
    "side_by_side": [{"lag": 3, "loss": [0, 3, 6]}],
    "baselines": [{"lag": 4, "result": 5}, {"lag": 5, "result": 6}],
}


def test_rows_are_the_cases_with_a_list_over_the_seeds():
    assert without_seconds(small().run()) == WANTED
    with ThreadPoolExecutor(2) as pool:
        assert without_seconds(small().run(executor=pool)) == WANTED


def test_quick_is_one_seed_and_each_case_once():
    found = without_seconds(small().run(quick=True))
    assert found["settings"] == {"steps": 1} and set(found["seeds"].values()) == {1}
    assert found["networks"] == [{"lag": 6, "loss": [2], "curve": [[0]]}]
    assert found["baselines"] == [{"lag": 6, "result": 7}]


def test_what_measures_time_takes_no_executor():
    class Never(ThreadPoolExecutor):
        def submit(self, *args):
            raise AssertionError

    timed = Experiment(rows=Part(baseline, grid(lag=[4])), alone=True)
    assert timed.run(executor=Never(1))["rows"][0]["result"] == 5


def test_a_trial_names_its_own_seconds():
    timed = Experiment(rows=Part(lambda lag: {"seconds": lag}, grid(lag=[4])))
    assert timed.run()["rows"] == [{"lag": 4, "seconds": 4}]


@pytest.mark.parametrize(
    ("parts", "kind", "message"),
    [
        ({}, ValueError, "rows: the trial asks for steps; none is given"),
        ({"settings": {"steps": 1, "rate": 2}}, ValueError, "no trial asks for the setting rate"),
        ({"settings": {"steps": 1}, "quick": {"rate": 2}}, ValueError, "quick names rate, which"),
        ({"settings": {"steps": alone}}, TypeError, "not JSON serializable"),
        (
            {"rows": Part(baseline, grid(lag=[1], rate=[2]))},
            ValueError,
            "rows: the trial does not ask for rate",
        ),
    ],
)
def test_what_does_not_fit_is_named(parts, kind, message):
    with pytest.raises(kind, match=message):
        Experiment(**{"rows": Part(alone, grid(lag=[1]))} | parts)


# The command.


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Give the command an experiment of our own, and a folder in which it keeps what is found."""

    def run(experiment, *options):
        monkeypatch.setitem(
            sys.modules, "experiments.ours", types.SimpleNamespace(experiment=experiment)
        )
        return __main__.main(["ours", *options])

    monkeypatch.setattr(__main__, "NAMES", ["ours"])
    monkeypatch.setattr(__main__, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(__main__, "ASIDE", tmp_path / "aside")
    return run


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


@pytest.mark.parametrize("options", [[], ["--pool", "1"]])
def test_a_whole_run_is_kept_and_says_how_it_was_made(command, tmp_path, options):
    assert command(small(), *options) == 0
    assert files(tmp_path) == ["results/ours.json"]
    text = (tmp_path / "results/ours.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found.pop("command") == " ".join(["python -m experiments ours", *options])
    assert (found.pop("processor"), found.pop("versions")) == machine()
    assert found.pop("seconds") >= 0
    assert without_seconds(found) == WANTED
    assert sum(line.startswith('  {"lag"') for line in text.splitlines()) == 5


@pytest.mark.parametrize(
    ("options", "there"), [(["--quick"], []), (["--seeds", "1"], ["aside/ours.json"])]
)
def test_a_part_of_a_run_replaces_nothing(command, tmp_path, options, there):
    assert command(small(), *options) == 0
    assert files(tmp_path) == there


def test_a_failure_stays_in_its_row_and_in_the_status(command, tmp_path):
    broken = Experiment(rows=Part(fragile, grid(lag=[0, 1]), seeds=2))
    assert command(broken) == 1
    assert files(tmp_path) == ["aside/ours.json"]
    whole, row = json.loads((tmp_path / "aside/ours.json").read_text())["rows"]
    assert whole["result"] == [0, 1] and "error" not in whole
    assert row["result"] == [1, None] and row["error"] == [None, "ValueError: broken"]


def test_an_interrupt_ends_the_command_and_keeps_the_old_file(command, tmp_path, capsys):
    def stopped(lag, seed):
        if seed == 1:
            raise KeyboardInterrupt
        return lag

    with pytest.raises(KeyboardInterrupt):
        command(Experiment(rows=Part(stopped, grid(lag=[7]), seeds=3), more=Part(fragile, [])))
    assert not files(tmp_path)
    assert "2 of 3 fail" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["theirs"], "name must be one of ours, got theirs"),
        (["--seeds", "0"], "--seeds: must be a whole number from 1, got 0"),
        (["--pool", "two"], "--pool: must be a whole number from 1, got two"),
        (["--pool", "2", "--cluster", "tcp://127.0.0.1:1"], "not allowed with argument --pool"),
    ],
)
def test_wrong_options_are_named(command, capsys, options, message):
    with pytest.raises(SystemExit):
        command(small(), *options)
    assert message in capsys.readouterr().err


def test_a_cluster_gives_the_same_and_its_address_stays_private(command, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address=None, scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:  # fmt: skip
        assert command(small(), "--cluster", cluster.scheduler_address) == 0
        text = (tmp_path / "results/ours.json").read_text()
        found = json.loads(text)
        assert cluster.scheduler_address not in text
    assert found["command"] == "python -m experiments ours --cluster ADDRESS"
    assert found["processor"] == machine()[0]
    assert without_seconds({name: found[name] for name in WANTED}) == WANTED


def test_one_thread_adds_up_unless_told_otherwise():
    code = "import experiments, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    for threads, heard in ((None, "1"), ("2", "2")):
        given = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
        given |= {"OPENBLAS_NUM_THREADS": threads} if threads else {}
        ran = subprocess.run(
            [sys.executable, "-c", code], env=given, cwd=ROOT, capture_output=True, check=True
        )
        assert ran.stdout.decode().strip() == heard


# Each experiment, and what was kept of it.


@pytest.mark.parametrize("name", NAMES)
def test_each_runs_with_few_steps(name):
    ours = experiment(name)
    found = ours.run(quick=True)
    assert found.keys() == {"settings", "seeds", *ours.parts}
    for part in ours.parts:
        assert found[part] and not [row["error"] for row in found[part] if "error" in row]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_is_that_of_its_script(name):
    ours, found = experiment(name), kept(name)
    assert found["command"].startswith(f"python -m experiments {name}")
    assert "--seeds" not in found["command"] and found["processor"]
    assert {"python", "numpy", "rnncore"} == found["versions"].keys()
    assert found["settings"] == as_kept(ours.settings)
    assert found["seeds"] == {
        name: part.seeds for name, part in ours.parts.items() if part.asks & {"seed", "seeds"}
    }
    for name, part in ours.parts.items():
        rows = found[name]
        assert [{key: row[key] for key in part.cases[0]} for row in rows] == as_kept(part.cases)
        for row in rows:
            results = row.keys() - part.cases[0].keys()
            assert results and "error" not in results
            if name in found["seeds"]:
                assert all(len(row[result]) == part.seeds for result in results - {"seconds"})


def as_kept(value):
    """Give what comes back from a file of JSON."""
    return json.loads(json.dumps(value))
