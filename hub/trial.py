"""Tries a hub: a class logs in, works and saves; the hub is killed; some do what they should not.

    python -m hub.trial                 thirty students; what was found is kept
    python -m hub.trial --students 2    two of them; nothing is kept

It runs the hub of jupyterhub_config.py on loopback, makes system users and removes them again, so
it needs root.  `make hub-trial` runs it in the environment that `make hub-tools` makes.
The file `rnnbook/results/hub_trial.json` holds

    latency      how long `what` took, in s: `count`, `median`, `high` (95 % are below), `longest`
    held_up      the same, of what the restart held up
    use          what each takes: MB of `memory` (PSS), the `largest`, `seconds` of the processor
    restart      how many `seconds` the hub was away, how many had `saved` by then, how many of the
                 students' `processes` were `left`
    neighbours   how long a small cell of all the others takes while one of them does harm
    harm         what came of it for who did the harm
    refused      what was tried to get in, and what one got
    failures     what went wrong, in words; none, if all is well
"""

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from experiments import ROOT, machine
from experiments.__main__ import keep
from hub import intruder, lesson, roster, running
from hub.student import Student, Times

TARGET = ROOT / "rnnbook" / "results" / "hub_trial.json"
SMALL = "print(sum(range(100_000)))"
# What one student does, while the others go on.
HARM = {
    "an endless loop": "while True: pass",
    "all memory": """
held = []
try:
    while True:
        held.append(bytearray(b"1") * 2**26)
except MemoryError:
    print(64 * len(held), "MB, then MemoryError")
held = []
""",
    "processes without end": """
import subprocess
begun = []
try:
    while len(begun) < 2000:
        begun.append(subprocess.Popen(["sleep", "60"]))
except OSError as error:
    print(len(begun), "processes, then", type(error).__name__)
for one in begun:
    one.kill()
    one.wait()
""",
}


async def trial(options, folder, students):
    """Run all of it, part after part; return what the file holds, but for how it was made."""
    state, notebooks = folder / "state", folder / "notebooks"
    state.mkdir(mode=0o700)
    solution = lesson.write_notebooks(notebooks)
    limits = {"cpu_seconds": options.cpu_seconds, "remembered": options.remembered}
    hub = running.Hub(state, notebooks=notebooks, group=options.group, **limits)
    times = Times()
    for number in range(options.students):
        name = f"{options.group}-{number + 1:02}"
        students.append(Student(name, roster.add(name, options.group), hub.url, times))
    try:
        hub.start()
        _log(f"{len(students)} students come")
        work = lesson.Lesson(
            students, hub, notebooks, solution, arrive=options.arrive, pause=options.pause
        )
        begun = time.perf_counter()
        restart = await work.hold()
        restart["lesson"] = time.perf_counter() - begun
        work.compare("at the end")
        latency = {"latency": _rows(times.taken), "held_up": _rows(times.held_up)}
        for failure in work.failures:
            _log(failure)
        used = use(students, hub)
        working = [student for student in students if student.socket]
        _log("some try to get in")
        refused = await break_in(working, hub, notebooks)
        _log("some do harm")
        neighbours, harm = await do_harm(working, options)
        refused += await old_cookies(working, hub)
        failures = work.failures + [f"got in: {row}" for row in refused if not row["refused"]]
        return latency | {
            "use": used, "restart": [_rounded(restart)], "neighbours": neighbours, "harm": harm,
            "refused": refused, "failures": failures,
        }  # fmt: skip
    finally:
        if options.log:
            Path(options.log).write_text(hub.log())
        for student in students:
            await student.close()
        hub.stop()


def use(students, hub):
    """Return what servers and kernels take, and what the hub and its proxy do."""
    uses = {"server": [], "kernel": [], "student": []}
    for student in students:
        own = running.owned(student.name)
        kernels = {pid for pid in own if running.is_kernel(pid)}
        for what, pids in zip(uses, (own - kernels, kernels, own), strict=True):
            uses[what].append(running.used(pids))
    uses["hub and proxy"] = [running.used(hub.own())]
    rows = []
    for what, each in uses.items():
        memory, seconds = zip(*each, strict=True)
        row = {"what": what, "memory": statistics.median(memory), "largest": max(memory)}
        rows.append(_rounded(row | {"seconds": statistics.median(seconds)}))
    return rows


async def break_in(students, hub, notebooks):
    """Let the first try to get in at the last."""
    student, other = students[0], students[-1]
    server = next(iter(running.owned(other.name, "singleuser")))
    api, proxy = (f"http://127.0.0.1:{port}" for port in hub.ports[1:])
    names = {"own": student.name, "other": other.name, "path": lesson.CHAPTER}
    facts = {
        "home": f"/home/{other.name}", "path": lesson.CHAPTER, "pid": server, "other": other.name,
        "server": running.variable(server, "JUPYTERHUB_SERVICE_URL"), "state": hub.folder,
        "notebooks": notebooks, "api": f"{api}/hub/api", "proxy": proxy,
    }  # fmt: skip
    return [
        *await intruder.by_password(student, other),
        *await intruder.by_address(student, names, other.mark),
        *await intruder.from_a_cell(student, facts),
    ]


async def do_harm(students, options):
    """Let one do harm, each kind in turn; return how the others fare, and what came of it."""
    culprit, *others = students
    neighbours, harm = [await _fare(others, "nothing", options.watch)], []
    for what, cell in HARM.items():
        begun = time.perf_counter()
        done = asyncio.create_task(culprit.run(cell, "do harm"))
        neighbours.append(await _fare(others, what, options.watch))
        try:
            printed, error = await asyncio.wait_for(done, options.patience)
            came = error or printed.strip()
        except TimeoutError:
            came = "went on until it was interrupted"
            await culprit.interrupt()
        row = {"what": what, "came": came, "seconds": time.perf_counter() - begun}
        harm.append(_rounded(row))
        await culprit.open_notebook(lesson.CHAPTER)
        await culprit.run(SMALL)  # one can go on oneself
    return neighbours, harm


async def _fare(students, what, seconds):
    """Let all of them run small cells for some seconds; return how long those took."""
    until, times = time.monotonic() + seconds, Times()

    async def go_on(student):
        while time.monotonic() < until:
            begun = time.perf_counter()
            await student.run(SMALL, "a small cell")
            times.taken[what].append(time.perf_counter() - begun)
            await asyncio.sleep(1)

    await asyncio.gather(*map(go_on, students))
    return _rows(times.taken)[0]


async def old_cookies(students, hub):
    """Come with the cookies of before a log-out, and of before the hub's secret was changed."""
    student, other = students[0], students[-1]
    before = intruder.cookies_now(student)
    await student.ask("GET", f"{hub.url}/hub/logout")
    await asyncio.sleep(hub.remembered + 2)
    rows = await intruder.by_old_cookies(student, before, "after a log-out")
    before = intruder.cookies_now(other)
    await asyncio.to_thread(hub.forget_sessions)
    await asyncio.sleep(hub.remembered + 2)
    return rows + await intruder.by_old_cookies(other, before, "after a change of the secret")


def _rows(times):
    """Return how many there were of each, and how long they took."""
    return [
        _rounded({
            "what": what, "count": len(took), "median": statistics.median(took),
            "high": sorted(took)[int(0.95 * (len(took) - 1) + 0.5)], "longest": max(took),
        })
        for what, took in times.items()
    ]  # fmt: skip


def _rounded(row):
    return {k: float(f"{v:.3g}") if isinstance(v, float) else v for k, v in row.items()}


def clean_up(students, group):
    """End what the students' users still run, and remove the users."""
    names = [student.name for student in students]
    for by in signal.SIGTERM, signal.SIGKILL:
        left = {pid for name in names for pid in running.owned(name)}
        for pid in left:
            running.end(pid, by)
        until = time.monotonic() + 10
        while left & set(running.processes()) and time.monotonic() < until:
            time.sleep(0.1)
    for name in names:
        roster.remove(name)
    with suppress(subprocess.CalledProcessError):
        subprocess.run(["groupdel", group], check=True, capture_output=True)


def _log(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def _options(argv):
    parser = argparse.ArgumentParser(prog="python -m hub.trial", description="Try a hub.")
    parser.add_argument("--students", type=int, default=30, help="30; then the result is kept")
    parser.add_argument("--arrive", type=float, default=60, help="seconds until all have come")
    parser.add_argument("--pause", type=float, default=3, help="seconds between cells, on average")
    parser.add_argument("--watch", type=float, default=20, help="seconds of each kind of harm")
    parser.add_argument("--patience", type=float, default=180, help="seconds for harm to end")
    parser.add_argument("--cpu-seconds", type=int, default=40, help="limit of each process")
    parser.add_argument(
        "--remembered", type=int, default=10, help="seconds until servers hear of a log-out"
    )
    parser.add_argument(
        "--group", default=f"rnn-trial-{os.getpid()}", help="what the students' users are called"
    )
    parser.add_argument("--log", help="where to write what the hub said")
    parser.add_argument("--write", type=Path, default=None, help="where to keep what was found")
    return parser.parse_args(argv)


def obstacle(folder):
    """Return one sentence on what stands in the way, or None."""
    if os.geteuid() != 0:
        return "The trial makes system users, so it needs root: `sudo make hub-trial`."
    command = [sys.executable, "-c", "import jupyterhub, rnncore"]
    nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    tried = subprocess.run(command, cwd=folder, env={}, capture_output=True, **nobody)
    if tried.returncode:
        return f"Other users cannot run {sys.executable}: put the book where all may read it."
    return None


def main(argv=None):
    """Run the trial; return 1 where anything went wrong, else 0."""
    options = _options(argv)
    students = []
    with tempfile.TemporaryDirectory(prefix="rnn-hub-") as folder:
        folder = Path(folder)
        folder.chmod(0o755)
        if sentence := obstacle(folder):
            print(sentence, file=sys.stderr)
            return 2
        begun = time.perf_counter()
        try:
            found = asyncio.run(trial(options, folder, students))
        finally:
            clean_up(students, options.group)
    settings = {name: getattr(options, name) for name in ("students", "arrive", "pause", "watch")}
    processor, versions = machine()
    versions |= {name: version(name) for name in ("jupyterhub", "jupyterlab", "ipykernel")}
    made = {
        "command": "make hub-trial", "seconds": round(time.perf_counter() - begun),
        "processor": processor, "versions": versions,
        "settings": settings | {"cores": os.cpu_count()},
    }  # fmt: skip
    show(found)
    if options.students == 30 or options.write:
        keep(made | found, options.write or TARGET)
    return int(bool(found["failures"]))


def show(found):
    """Print each part as a table."""
    for part, rows in found.items():
        print(f"\n{part}")
        for row in rows:
            print("  ", *(row.values() if isinstance(row, dict) else [row]), sep="  ")


if __name__ == "__main__":
    sys.exit(main())
