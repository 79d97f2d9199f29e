"""A lesson: all open the chapter, run it, solve an exercise and save; the hub is killed."""

import asyncio
import json
import random
import time
from pathlib import Path

import nbformat

from experiments import ROOT
from hub import running

CHAPTER = "book/foundations/networks.ipynb"
EXERCISE = '"networks-reach"'  # the one that all of them solve


def write_notebooks(folder):
    """Write the chapter as students have it; return the solution of one exercise.

    The set of `make class` has the same cells; to make it takes more than a hub has installed.
    """
    book = nbformat.read(ROOT / CHAPTER, 4)
    left_out, solution = {"remove-cell", "solution"}, None
    kept = []
    for cell in book.cells:
        if EXERCISE in cell.source and "solution" in cell.metadata.get("tags", []):
            solution = cell.source
        if not left_out & {*cell.metadata.get("tags", [])}:
            kept.append(cell)
    book.cells = kept
    target = folder / CHAPTER
    target.parent.mkdir(parents=True)
    nbformat.write(book, target)
    return solution


def sources(notebook):
    """Return the text of each cell, which a file holds line by line."""
    return ["".join(cell["source"]) for cell in notebook["cells"]]


class Lesson:
    """What the class does, with what went wrong in `failures`.

    Parameters
    ----------
    students : list of Student
    hub : Hub
    notebooks : Path
        Where `write_notebooks` has put the chapter.
    solution : str
        Of the exercise that each of them solves.
    arrive : float
        Seconds within which all come.
    pause : float
        Seconds between two cells, on average.
    """

    def __init__(self, students, hub, notebooks, solution, *, arrive, pause):
        self.students, self.hub, self.solution = students, hub, solution
        self.arrive, self.pause, self.ran, self.over, self.failures = arrive, pause, 0, False, []
        cells = json.loads((notebooks / CHAPTER).read_text("utf-8"))["cells"]
        self.cells = sum(cell["cell_type"] == "code" for cell in cells)

    async def hold(self):
        """Let all of them work; return what the restart in the middle did."""
        restart = asyncio.create_task(self._restart())
        work = [self._work(number, student) for number, student in enumerate(self.students)]
        errors = await asyncio.gather(*work, return_exceptions=True)
        self.over = True
        for student, error in zip(self.students, errors, strict=True):
            if error:
                self.failures.append(f"{student.name}: {type(error).__name__}: {error}")
        return await asyncio.wait_for(restart, 60)

    async def _work(self, number, student):
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, self.arrive))
        await student.log_in()
        await student.start_server()
        notebook = await student.open_notebook(CHAPTER)
        notebook["cells"][0]["source"] += f"\n\nThis copy is {student.mark}."
        await student.save(CHAPTER, notebook)
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            await asyncio.sleep(chance.uniform(0, 2 * self.pause))
            if EXERCISE in cell["source"]:
                cell["source"] = self.solution
            printed, error = await student.run(cell["source"])
            if error or (EXERCISE in cell["source"] and "Right" not in printed):
                self.failures.append(f"{student.name}: a cell ended with {error or printed}")
            self.ran += 1
        await student.save(CHAPTER, notebook)

    async def _restart(self):
        """Kill hub and proxy when half of all cells have been run, and start them again."""
        while self.ran < self.cells * len(self.students) / 2 and not self.over:
            await asyncio.sleep(0.05)
        servers = {pid for student in self.students for pid in running.owned(student.name)}
        await asyncio.to_thread(self.hub.kill)
        gone = time.perf_counter()
        saved = self.compare("while the hub was away")
        await asyncio.to_thread(self.hub.start)
        left = {pid for student in self.students for pid in running.owned(student.name)}
        return {
            "seconds": time.perf_counter() - gone,
            "saved": saved,
            "processes": len(servers),
            "left": len(servers & left),
        }

    def compare(self, when):
        """Compare what lies on the disk with what was saved; return how many have saved."""
        count = 0
        for student in self.students:
            if student.saved is not None:
                lies = (Path("/home") / student.name / "rnn" / CHAPTER).read_text("utf-8")
                # What was on its way when the hub went may have come, or not.
                if sources(json.loads(lies)) not in map(sources, (student.saved, student.sent)):
                    self.failures.append(f"{student.name}: {when}, what was saved is not there")
                count += 1
        return count
