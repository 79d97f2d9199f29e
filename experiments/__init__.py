"""What takes longer than a notebook: each script asks one question, and what it found is kept.

    python -m experiments                          all of them, in this process
    python -m experiments gated_stream --pool 2    one of them, on two processes
    python -m experiments --cluster tcp://…        on a Dask cluster, its workers started here
    python -m experiments --quick                  one seed and few steps, writes nothing

A script `experiments/<name>.py` is a docstring (the question, and what the rows hold), a trial, and
which trials there are:

    def trial(layer, lag, seed, *, steps, hidden):
        net = ...
        return {"accuracy": right.mean(), "curve": losses}  # numbers, or lists of numbers

    experiment = Experiment(
        rows=Part(trial, grid(layer=["LSTM", "GRU"], lag=[2, 6, 12]), seeds=3),
        settings={"steps": 5000, "hidden": 16},  # what all cases have in common
        quick={"steps": 10},                     # what --quick puts in the place of these
    )

Each part gives one row a case: the case, and each result as a list with one entry for each seed
(0, 1, 2, ...), among them `seconds`, of processor time.  A trial gets, by name, what its case has,
and of the settings those that it asks for; a case may have a setting of its own.  A trial that asks
for `seeds` is called once a case, with all of them, and gives the lists itself: for networks that
are trained side by side.  One that asks for neither, such as a baseline, is called once a case and
gives plain numbers.

The file `rnnbook/results/<name>.json`, read by `rnnbook.results.kept(name)`, holds

    command, seconds, processor, versions    how it was made
    settings                                 what all cases have in common
    seeds                                    for each part, how many
    rows, or what the parts are called       a list of rows; an `error` is in its row

It is replaced by a run with all seeds and no error only; what any other run found lies in
`_build/experiments/`.
"""

import os

# Sums are then added in the same order everywhere.  Before NumPy is imported, so that it is heard.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import functools
import inspect
import json
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import rnncore
from rnncore.sweep import STOPPED, sweep

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Part:
    """Trials of one kind: a function and its cases, each for as many seeds; see `experiments`."""

    trial: Callable
    cases: list
    seeds: int = 3

    @property
    def asks(self):
        """The names of what the trial is given."""
        return set(inspect.signature(self.trial).parameters)


class Experiment:
    """Parts, each with trials of one kind, and what they have in common; see `experiments`.

    Parameters
    ----------
    settings, quick : dict
        What all cases have in common, by name; what --quick puts in its place, or into the cases.
    alone : bool
        Whether it measures time, and so runs in this process, one trial after the other.
    **parts : Part
        By the names that their rows have in the file.

    Raises
    ------
    ValueError
        Where a trial is not given what it asks for, or something is given to no trial.
    TypeError
        Where settings or cases cannot stand in a file of JSON.
    """

    def __init__(self, *, settings=None, quick=None, alone=False, **parts):
        self.parts, self.alone = parts, alone
        self.settings, self.quick = settings or {}, quick or {}
        json.dumps([self.settings, *(part.cases for part in parts.values())])
        used = set()
        for name, part in parts.items():
            for case in part.cases:
                if missing := part.asks - case.keys() - self.settings.keys() - {"seed", "seeds"}:
                    raise ValueError(f"{name}: the trial asks for {_list(missing)}; none is given")
                if extra := case.keys() - part.asks:
                    raise ValueError(f"{name}: the trial does not ask for {_list(extra)}")
                used |= part.asks | case.keys()
        if extra := self.settings.keys() - used:
            raise ValueError(f"no trial asks for the setting {_list(extra)}")
        if extra := self.quick.keys() - used:
            raise ValueError(f"quick names {_list(extra)}, which is no setting and in no case")

    def run(self, *, executor=None, seeds=None, quick=False, show=lambda table: None):
        """Run all trials; return what the file holds, but for how it was made.

        Parameters
        ----------
        executor : concurrent.futures.Executor, optional
            As `rnncore.sweep.sweep` takes it; None runs all in this process.
        seeds : int, optional
            How many instead of those of the parts.
        quick : bool
            Whether to run one seed, with the settings of `quick`.
        show : callable
            Is given the table of each part when it is done.
        """
        settings, counts, rows = dict(self.settings), {}, {}
        if quick:
            settings |= {name: value for name, value in self.quick.items() if name in settings}
        for name, part in self.parts.items():
            cases, count = part.cases, 1 if quick else seeds or part.seeds
            if quick:
                cases = _distinct(case | _overlap(self.quick, case) for case in cases)
            if part.asks & {"seed", "seeds"}:
                counts[name] = count
            rows[name] = _rows(part, cases, count, settings, None if self.alone else executor, show)
        return {"settings": settings, "seeds": counts} | rows


def _rows(part, cases, seeds, settings, executor, show):
    """Run the trials of one part; return one row a case."""
    seeds = list(range(seeds))
    if "seed" in part.asks:
        tried = [case | {"seed": seed} for case in cases for seed in seeds]
    elif "seeds" in part.asks:
        tried = [case | {"seeds": seeds} for case in cases]
    else:
        tried = cases
    trial = functools.partial(_timed, part.trial, _overlap(settings, part.asks))
    table = sweep(trial, tried, executor=executor)
    show(table.over("seed") if "seed" in part.asks else table)
    if any(row["error"] == STOPPED for row in table.rows):
        raise KeyboardInterrupt
    each = len(tried) // len(cases)
    return [
        case | _gathered(table.rows[k * each : (k + 1) * each], table.names, "seed" in part.asks)
        for k, case in enumerate(cases)
    ]


def _timed(trial, settings, **case):
    start = time.thread_time()
    results = trial(**settings | case)
    results = results if isinstance(results, dict) else {"result": results}
    return {"seconds": time.thread_time() - start} | results


def _gathered(runs, names, seeded):
    """Return what came of the runs of one case: a list each, or what the one gave."""
    found = {name: [_rounded(run[name]) for run in runs] for name in runs[0] if name not in names}
    if any(found["error"]):
        return found
    found = {name: values for name, values in found.items() if values != [None] * len(runs)}
    return found if seeded else {name: value for name, (value,) in found.items()}


def _rounded(value):
    """Keep five digits, which is more than processors agree on."""
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value


def _overlap(values, names):
    return {name: value for name, value in values.items() if name in names}


def _distinct(cases):
    cases = list(cases)
    return [case for k, case in enumerate(cases) if case not in cases[:k]]


def _list(names):
    return ", ".join(sorted(names))


def machine():
    """Return processor and versions, by which two results can be compared."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [s for s in info.read_text(encoding="utf-8").splitlines() if "model name" in s]
        processor = models[0].partition(":")[2].strip() if models else processor
    versions = {
        "python": platform.python_version(), "numpy": np.__version__, "rnncore": rnncore.__version__
    }  # fmt: skip
    return processor, versions
