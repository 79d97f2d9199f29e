"""The command of the experiments; see the docstring of `experiments`."""

import argparse
import functools
import importlib
import json
import os
import pkgutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import experiments
from experiments import ROOT, machine

MODULES = [module.name for module in pkgutil.iter_modules(experiments.__path__)]
NAMES = [name for name in MODULES if not name.startswith("_")]
RESULTS, ASIDE = ROOT / "rnnbook" / "results", ROOT / "_build" / "experiments"


def main(argv=None):
    """Run experiments by their names; return 1 where a trial failed, else 0."""
    options = _options(argv)
    failed = False
    for name in options.names or NAMES:
        print(name, flush=True)
        experiment = importlib.import_module(f"experiments.{name}").experiment
        start = time.perf_counter()
        with _executor(options) as (executor, processor, versions):
            found = experiment.run(
                executor=executor, seeds=options.seeds, quick=options.quick, show=_show
            )
        made = {
            "command": " ".join(["python -m experiments", name, *_how(options)]),
            "seconds": round(time.perf_counter() - start), "processor": processor,
            "versions": versions,
        }  # fmt: skip
        wrong = any("error" in row for part in experiment.parts for row in found[part])
        failed |= wrong
        if not options.quick:
            aside = wrong or options.seeds is not None
            keep(made | found, (ASIDE if aside else RESULTS) / f"{name}.json")
    return int(failed)


def keep(result, path):
    """Write a result, each row in a line of its own; a reader finds the old file or the new one."""
    lines = []
    for name, value in result.items():
        text = _json(value)
        if isinstance(value, list):
            text = "[\n  " + ",\n  ".join(map(_json, value)) + "\n ]"
        lines.append(f" {_json(name)}: {text}")
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    os.replace(new, path)
    print(f"kept in {os.path.relpath(path, ROOT)}", flush=True)


_json = functools.partial(json.dumps, ensure_ascii=False)


def _options(argv):
    parser = argparse.ArgumentParser(
        prog="python -m experiments", description="Run experiments, and keep what they find."
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="one seed, few steps, no file")
    parser.add_argument("--seeds", type=_count, help="how many; the result is laid aside")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--pool", type=_count, metavar="N", help="on so many processes")
    where.add_argument("--cluster", metavar="ADDRESS", help="on a Dask cluster, tcp://…")
    options = parser.parse_args(argv)
    for name in options.names:
        if name not in NAMES:
            parser.error(f"name must be one of {', '.join(NAMES)}, got {name}")
    return options


def _count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text}")
    return int(text)


def _how(options):
    """Say the options again, but for the address of a cluster, which is nobody else's."""
    yield from ["--pool", str(options.pool)] if options.pool else []
    yield from ["--cluster", "ADDRESS"] if options.cluster else []
    yield from ["--seeds", str(options.seeds)] if options.seeds else []


@contextmanager
def _executor(options):
    """Yield where to run, and the processor and versions there."""
    here = machine()
    if options.pool:
        with ProcessPoolExecutor(options.pool, mp_context=get_context("spawn")) as pool:
            yield pool, *here
    elif options.cluster:
        from distributed import Client

        with Client(options.cluster) as client:
            workers = client.run(machine).values()
            for _, versions in workers:
                if versions != here[1]:
                    raise SystemExit(f"the cluster has {versions}, this process has {here[1]}")
            yield client.get_executor(), ", ".join(sorted({cpu for cpu, _ in workers})), here[1]
    else:
        yield None, *here


def _show(table):
    print(table, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped; nothing was kept of this experiment")
