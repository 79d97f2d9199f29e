"""A sweep: one function run over many settings, and what came of each in a table.

It runs in this process, or on any executor of `concurrent.futures`: a pool of processes on one
machine or, through Dask, a cluster of many.

    sweep(train_one, grid(lag=[5, 10], seed=range(3)))
    sweep(..., executor=ProcessPoolExecutor())
    sweep(..., executor=Client(address).get_executor())
"""

import itertools
import math
import statistics
import uuid
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from numbers import Integral, Real

from tqdm import tqdm

from rnncore.arrays import listed, text
from rnncore.rounding import rounded

WIDTH = 48  # characters: what a line of output has on a phone
STOPPED = "CancelledError: stopped before it was done"  # the error of what Ctrl-C has ended


def grid(**choices):
    """Return every combination of the choices, the last name changing fastest.

    Examples
    --------
    >>> grid(lag=[5, 10], seed=range(2))
    [{'lag': 5, 'seed': 0}, {'lag': 5, 'seed': 1}, {'lag': 10, 'seed': 0}, {'lag': 10, 'seed': 1}]
    """
    choices = {name: listed(values, name) for name, values in choices.items()}
    combinations = itertools.product(*choices.values())
    return [dict(zip(choices, values, strict=True)) for values in combinations]


@dataclass(frozen=True, repr=False)
class Table:
    """What came of each setting.  Printed, it is aligned and has four significant digits.

    Attributes
    ----------
    names : tuple of str
        The columns that make up the setting.
    rows : list of dict
        The setting, the results (None where there is none), and `error` (None where there is none).
    """

    names: tuple
    rows: list

    @property
    def failures(self):
        """The rows with an error, as a table."""
        return Table(self.names, [row for row in self.rows if row["error"]])

    def over(self, *names):
        """Return mean and spread of the results over the rows that differ in these names only.

        The spread is the standard deviation of the runs, sqrt(sum (x - mean)^2 / (runs - 1)).
        A run that failed counts in neither of them nor in `runs`; `error` tells of it.
        Results that are lists have neither, and are left out.

        Examples
        --------
        >>> def loss(rate, seed):
        ...     return rate * (10 + seed)
        >>> sweep(loss, grid(rate=[0.5, 1.0], seed=range(3))).over("seed")
        rate  runs  result  result spread
         0.5     3     5.5            0.5
           1     3      11              1
        """
        for name in names:
            text(name, "names")
        if not names or not set(names) <= set(self.names):
            raise ValueError(f"names must be among {', '.join(self.names)}, got {names}")
        kept = tuple(name for name in self.names if name not in names)
        groups = {}
        if any("runs" in row for row in self.rows):
            raise ValueError("over makes a column runs, and the table has one already")
        for row in self.rows:
            # By what it prints as, since a choice may be a list, which is no key.
            groups.setdefault(tuple(repr(row[name]) for name in kept), []).append(row)
        lists = {name for row in self.rows for name in row if isinstance(row[name], list)}
        apart = {*self.names, *lists, "error"}
        return Table(kept, [_summary(group, kept, apart) for group in groups.values()])

    def __len__(self):
        return len(self.rows)

    def __repr__(self):
        if not self.rows:
            return "no rows"
        columns = [name for name in self.rows[0] if name != "error"]
        cells = [columns] + [[_text(row[name]) for name in columns] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        room = max(WIDTH - sum(widths) - 2 * len(widths), 12)
        errors = ["error" if self.failures else "", *(row["error"] or "" for row in self.rows)]
        return "\n".join(
            "  ".join([*map(str.rjust, line, widths), _cut(error, room)]).rstrip()
            for line, error in zip(cells, errors, strict=True)
        )


def sweep(function, settings, *, executor=None, progress=None):
    """Call function(**setting) for each setting; return the table, in the order of the settings.

    An exception stays in the row of its setting, as its type and message.  So does the death of a
    worker, as the executor reports it: a process pool breaks, and all that was not done fails with
    BrokenProcessPool; Dask gives the work to another worker, and only a setting that loses one
    worker after another fails, with KilledWorker.

    Ctrl-C ends the sweep, not the program: what has not started is cancelled, what still runs on
    the executor is not waited for, and the table comes back with what is done.

    Parameters
    ----------
    function : callable
        Returns a number, which becomes the column `result`, or a dict of numbers.  A list or an
        array of numbers is one result too, such as a curve; it becomes a list.
        To reach another process it has to stand in a module, not in a notebook; Dask takes both.
    settings : list of dict
        All with the same names, such as `grid` makes.
    executor : concurrent.futures.Executor, optional
        None runs one setting after the other in this process.
    progress : bool, optional
        Whether to show a bar on stderr.  None shows it in a terminal only, so that no bar lands in
        the stored output of a notebook or in a log.

    Returns
    -------
    Table

    Examples
    --------
    >>> def half_life(w):
    ...     return math.log(0.5) / math.log(w)
    >>> table = sweep(half_life, grid(w=[0.9, 0.99, 0.0]))
    >>> table
       w  result  error
     0.9   6.579
    0.99   68.97
       0       -  ValueError: math domain error
    >>> table.failures.rows
    [{'w': 0.0, 'result': None, 'error': 'ValueError: math domain error'}]
    """
    if not callable(function):
        raise TypeError(f"function must be callable, got {function!r}")
    if executor is not None and not isinstance(executor, Executor):
        kind = type(executor).__name__
        raise TypeError(
            f"executor must be a concurrent.futures.Executor, got {kind}"
            " (of a Dask client, give client.get_executor())"
        )
    settings = _checked(settings)
    outcomes = [({}, STOPPED)] * len(settings)
    with tqdm(total=len(settings), disable=None if progress is None else not progress) as bar:
        if executor is None:
            _run_here(function, settings, outcomes, bar)
        else:
            _run_on(executor, function, settings, outcomes, bar)
    names = tuple(settings[0])
    columns = dict.fromkeys(name for results, _ in outcomes for name in results)
    rows = [
        {name: setting[name] for name in names}
        | {name: results.get(name) for name in columns}
        | {"error": error}
        for setting, (results, error) in zip(settings, outcomes, strict=True)
    ]
    return Table(names, rows)


def _run_here(function, settings, outcomes, bar):
    try:
        for k, setting in enumerate(settings):
            outcomes[k] = _attempt(function, setting)
            bar.update()
    except KeyboardInterrupt:
        pass


def _run_on(executor, function, settings, outcomes, bar):
    futures = []
    try:
        for setting in settings:
            futures.append(_submit(executor, function, setting))
        for _ in as_completed(futures):
            bar.update()
    except KeyboardInterrupt:
        for future in futures:
            future.cancel()
    for k, future in enumerate(futures):
        if future.done() and not future.cancelled():
            error = future.exception()  # of the executor; those of the function are in the result
            outcomes[k] = future.result() if error is None else ({}, _told(error))


def _submit(executor, function, setting):
    """Submit one call; where the executor refuses, as a broken pool does, that is its failure."""
    try:
        # Dask takes two calls with equal arguments for one, and would run two equal settings once.
        return executor.submit(_attempt, function, setting, uuid.uuid4().hex)
    except Exception as error:
        refused = Future()
        refused.set_exception(error)
        return refused


def _attempt(function, setting, call=None):
    """Return the results and None, or no results and the error.

    Only plain numbers and text go back to the process that asked, since not every exception can:
    one that cannot be unpickled there breaks the whole pool.
    """
    try:
        results = function(**setting)
        results = results if isinstance(results, dict) else {"result": results}
        for name in results:
            if not isinstance(name, str):
                raise TypeError(f"a result must have a name, got {name!r}")
            if name == "error" or name in setting:
                raise ValueError(f"a result is named {name!r}, as a setting or error column is")
        return {name: _plain(name, value) for name, value in results.items()}, None
    except (Exception, SystemExit) as error:
        return {}, _told(error)


def _plain(name, value):
    """Return numbers of NumPy as those of Python, and arrays as lists: every process reads them."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(name, one) for one in value]
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a number or a list of them, got {type(value).__name__}")
    return value


def _told(error):
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def _checked(settings):
    """Return the settings as a list of dicts with the same names."""
    settings = listed(settings, "settings")
    for setting in settings:
        if not isinstance(setting, dict) or not all(isinstance(name, str) for name in setting):
            raise TypeError(f"settings must be dicts with names as keys, got {setting!r}")
        if setting.keys() != settings[0].keys():
            first = ", ".join(settings[0])
            raise ValueError(f"settings must all be of {first}, got {', '.join(setting)}")
    if "error" in settings[0]:
        raise ValueError("settings must not use the name error, a column of the table")
    return settings


def _summary(group, kept, apart):
    """Return one row for a group of runs, of all columns but those apart; see `Table.over`."""
    done = [row for row in group if not row["error"]]
    summary = {name: group[0][name] for name in kept} | {"runs": len(done)}
    for name in group[0]:
        if name not in apart:
            values = [float(row[name]) for row in done if row[name] is not None]
            finite = all(map(math.isfinite, values))
            summary[name] = statistics.mean(values) if values else None
            spread = statistics.stdev(values) if finite and len(values) > 1 else None
            summary[f"{name} spread"] = spread
    errors = [row["error"] for row in group if row["error"]]
    told = f"{len(errors)} of {len(group)} failed, {errors[0]}" if errors else None
    return summary | {"error": told}


def _text(value):
    if value is None:
        return "-"
    if isinstance(value, Real) and not isinstance(value, Integral):
        return rounded(value)
    if isinstance(value, list | tuple):
        ends = value if len(value) <= 3 else [value[0], "…", value[-1]]
        count = f" ({len(value)})" if len(value) > 3 else ""
        return f"[{', '.join(map(_text, ends))}]{count}"
    return getattr(value, "__name__", str(value))  # a class or function by its name


def _cut(text, room):
    text = " ".join(text.split())
    return text if len(text) <= room else text[: room - 1] + "…"
