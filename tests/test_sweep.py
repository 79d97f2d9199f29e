"""A sweep gives the same table wherever it runs, and keeps what is done whatever fails."""

import logging
import math
import multiprocessing
import os
import random
import signal
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

from rnncore.sweep import WIDTH, Table, grid, sweep

needs_posix = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of POSIX")


PATIENCE = (
    240  # seconds, for what is sure to come, however busy the machine; then it has gone wrong
)


def until(condition):
    """Wait for a condition that is sure to come."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("this never came")
        time.sleep(0.01)


def aside(function, *args, **options):
    """Call it in a thread for which nobody waits in the end; return the future of its result."""
    future = Future()

    def run():
        try:
            future.set_result(function(*args, **options))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


# What is swept.  It stands at the top of a module, so that other processes can import it.


class Awkward(Exception):
    """An exception that cannot be unpickled: that calls it with one argument."""

    def __init__(self, place, why):
        super().__init__(f"{why} at {place}")


def square(place):
    return place * place


def fragile(place):
    if place % 3 == 1:
        raise Awkward(place, "broken")
    return {"square": place**2, "root": np.sqrt(np.float32(place))}


def fatal(place):
    if place == 2:
        os._exit(1)
    return place * place


def held(place, folder):
    """Leave a file that says who runs this, and wait until the test lets go."""
    (folder / f"{place}-{os.getpid()}").touch()
    until((folder / "go").exists)
    return {"square": place * place, "pid": os.getpid()}


def chance(seed, workers, retries):
    return random.SystemRandom().random()


def processes(count):
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))


# The table, wherever it comes from.


def test_grid_is_in_order():
    made = grid(lag=[5, 10], rate=np.array([0.1, 0.2]), seed=range(3))
    assert [tuple(setting) for setting in made] == [("lag", "rate", "seed")] * 12
    assert [(s["lag"], s["rate"], s["seed"]) for s in made] == [
        (lag, rate, seed) for lag in (5, 10) for rate in (0.1, 0.2) for seed in (0, 1, 2)
    ]


@pytest.mark.parametrize(
    "executor", [lambda: None, lambda: ThreadPoolExecutor(3), lambda: processes(2)]
)
def test_rows_are_in_order_and_failures_beside_their_setting(executor):
    pool = executor()
    table = sweep(fragile, grid(place=range(8)), executor=pool)
    if pool:
        pool.shutdown()
    assert [row["place"] for row in table.rows] == list(range(8))
    for row in table.rows:
        k = row["place"]
        failed = {"square": None, "root": None, "error": f"Awkward: broken at {k}"}
        right = {"square": k * k, "root": pytest.approx(math.sqrt(k), rel=1e-6), "error": None}
        assert row == {"place": k} | (failed if k % 3 == 1 else right)
        assert list(row) == ["place", "square", "root", "error"]
        assert type(row["root"]) in (float, type(None)), "plain numbers, as a file of JSON has them"
    assert [row["place"] for row in table.failures.rows] == [1, 4, 7]


def test_one_finished_last_is_not_put_last():
    others = threading.Barrier(3)

    def slow_first(place):
        others.wait(60)
        if place == 0:
            until(lambda: finished == {1, 2})
        finished.add(place)
        return place

    finished = set()
    with ThreadPoolExecutor(3) as pool:
        table = sweep(slow_first, grid(place=range(3)), executor=pool)
    assert [row["result"] for row in table.rows] == [0, 1, 2]


@pytest.mark.parametrize(
    ("returned", "error"),
    [
        ("0.5", "TypeError: result must be a number or a list of them, got str"),
        (None, "TypeError: result must be a number or a list of them, got NoneType"),
        ([0.5, "1"], "TypeError: result must be a number or a list of them, got str"),
        (
            {"loss": [[1.0], [{}]]},
            "TypeError: loss must be a number or a list of them, got dict",
        ),
        (
            {"loss": np.ones(2, complex)},
            "TypeError: loss must be a number or a list of them, got complex",
        ),
        ({"loss": 1j}, "TypeError: loss must be a number or a list of them, got complex"),
        ({"lag": 1}, "ValueError: a result is named 'lag', as a setting or error column is"),
        ({"error": 1}, "ValueError: a result is named 'error', as a setting or error column is"),
        ({1: 1}, "TypeError: a result must have a name, got 1"),
    ],
)
def test_what_is_no_result_is_a_failure(returned, error):
    table = sweep(lambda lag: returned if lag else {"loss": 2}, grid(lag=[0, 5]))
    assert table.rows[0] == {"lag": 0, "loss": 2, "error": None}
    assert table.rows[1] == {"lag": 5, "loss": None, "error": error}


def test_exit_is_a_failure_and_a_bare_exception_has_its_name():
    def leave(place):
        raise (SystemExit, ValueError)[place]

    table = sweep(leave, grid(place=[0, 1]))
    assert [row["error"] for row in table.rows] == ["SystemExit", "ValueError"]


def test_numbers_come_out_plain():
    values = [True, np.True_, np.int64(3), np.float64(0.5), np.array(0.25), math.nan]
    table = sweep(lambda k: values[k], grid(k=range(len(values))))
    results = [row["result"] for row in table.rows]
    assert [type(value) for value in results] == [bool, bool, int, float, float, float]
    assert results[:5] == [1, 1, 3, 0.5, 0.25] and math.isnan(results[5])


def curves(length):
    return {
        "curve": np.arange(length, dtype=np.float32) / 4,
        "pair": (np.int64(length), [True, []]),
        "last": length / 4,
    }


@pytest.mark.parametrize("executor", [lambda: None, lambda: processes(1)])
def test_lists_and_arrays_come_out_as_plain_lists(executor):
    pool = executor()
    table = sweep(curves, grid(length=[2, 5]), executor=pool)
    if pool:
        pool.shutdown()
    assert table.rows[0]["curve"] == [0, 0.25] and table.rows[1]["curve"] == [0, 0.25, 0.5, 0.75, 1]
    assert {type(value) for value in table.rows[1]["curve"]} == {float}
    assert table.rows[0]["pair"] == [2, [True, []]] and type(table.rows[0]["pair"][0]) is int


def test_lists_print_shortly_and_have_no_mean():
    assert str(sweep(curves, grid(length=[2, 5]))).splitlines() == [
        "length          curve             pair  last",
        "     2      [0, 0.25]  [2, [True, []]]   0.5",
        "     5  [0, …, 1] (5)  [5, [True, []]]  1.25",
    ]

    def run(length, seed):
        if length == 5:
            raise ValueError("broken")  # in this group there are no lists to be seen
        return curves(length)

    row, failed = sweep(run, grid(length=[2, 5], seed=[0, 1])).over("seed").rows
    assert row == {"length": 2, "runs": 2, "last": 0.5, "last spread": 0, "error": None}
    assert failed.keys() == row.keys() and failed["last"] is None


SETTINGS = grid(lag=[5, 10])


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: grid(lag=5), TypeError, "lag must be a sequence, got 5"),
        (lambda: grid(net="elman"), TypeError, "net must be a sequence, got 'elman'"),
        (lambda: grid(lag=[]), ValueError, "lag must hold at least one entry"),
        (lambda: sweep(3, SETTINGS), TypeError, "function must be callable, got 3"),
        (lambda: sweep(square, []), ValueError, "settings must hold at least one entry"),
        (lambda: sweep(square, {"lag": 5}), TypeError, "settings must be a sequence, got {'l"),
        (lambda: sweep(square, 5), TypeError, "settings must be a sequence, got 5"),
        (lambda: sweep(square, [5]), TypeError, "settings must be dicts with names as keys, got 5"),
        (lambda: sweep(square, [{5: 1}]), TypeError, "settings must be dicts with names as keys"),
        (
            lambda: sweep(square, [{"lag": 5}, {"lag": 5, "seed": 0}]),
            ValueError,
            "settings must all be of lag, got lag, seed",
        ),
        (lambda: sweep(square, [{"error": 1}]), ValueError, "settings must not use the name error"),
        (
            lambda: sweep(square, SETTINGS, executor=object()),
            TypeError,
            r"executor must be a concurrent.futures.Executor, got object \(of a Dask client",
        ),
        (
            lambda: sweep(square, SETTINGS, executor=ThreadPoolExecutor),
            TypeError,
            "executor must be a concurrent.futures.Executor, got type",
        ),
        (
            lambda: sweep(lambda lag: lag, SETTINGS).over("seed"),
            ValueError,
            r"names must be among lag, got \('seed',\)",
        ),
        (lambda: sweep(lambda lag: lag, SETTINGS).over(), ValueError, "names must be among lag"),
        (
            lambda: sweep(lambda a, b: a, grid(a=[1], b=[1])).over("a").over("b"),
            ValueError,
            "over makes a column runs, and the table has one already",
        ),
    ],
)
def test_bad_input_is_named(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_nothing_runs_where_a_setting_does_not_fit():
    ran = []
    with pytest.raises(ValueError):
        sweep(lambda **setting: ran.append(setting), [{"a": 1}, {"b": 1}])
    assert ran == []


def test_mean_and_spread_over_seeds():
    drawn = np.random.default_rng(0).normal(size=(2, 3, 2))
    table = sweep(
        lambda hidden, seed, fold: {"loss": drawn[len(hidden) - 1, seed, fold], "size": 7},
        grid(hidden=[[8], [8, 4]], seed=range(3), fold=range(2)),
    )
    both = table.over("seed", "fold")
    assert both.names == ("hidden",)
    for k, row in enumerate(both.rows):
        assert row == {
            "hidden": [[8], [8, 4]][k],
            "runs": 6,
            "loss": pytest.approx(drawn[k].mean(), rel=1e-12),
            "loss spread": pytest.approx(drawn[k].std(ddof=1), rel=1e-12),
            "size": 7,
            "size spread": 0,
            "error": None,
        }
    folds = table.over("seed")
    assert [(row["hidden"], row["fold"]) for row in folds.rows] == [
        (hidden, fold) for hidden in ([8], [8, 4]) for fold in range(2)
    ]
    np.testing.assert_allclose(
        [row["loss"] for row in folds.rows], drawn.mean(axis=1).ravel(), rtol=1e-12
    )


def test_spread_says_what_failed_and_what_diverged():
    def run(lag, seed):
        if lag == 0 or (lag == 1 and seed):
            raise ValueError(f"no seed {seed}")
        return math.inf if lag == 2 and seed == 0 else float(seed)

    none, one, diverged, whole = sweep(run, grid(lag=range(4), seed=range(3))).over("seed").rows
    assert none["error"] == "3 of 3 failed, ValueError: no seed 0"
    assert (none["runs"], none["result"], none["result spread"]) == (0, None, None)
    assert one["error"] == "2 of 3 failed, ValueError: no seed 1"
    assert (one["runs"], one["result"], one["result spread"]) == (1, 0.0, None)
    assert (diverged["runs"], diverged["result"], diverged["result spread"]) == (3, math.inf, None)
    assert (whole["runs"], whole["result"], whole["result spread"]) == (3, 1.0, 1.0)


def test_table_prints_aligned_and_fits_a_phone():
    def run(rate, net):
        if rate == 2:
            raise ValueError("a message of two\nlines " + "and many words " * 9)
        return {"rmse": rate / 3, "steps": 100}

    table = sweep(run, grid(rate=[1e-4, 2], net=[Table, "elman"]))
    assert str(table).splitlines() == [
        "  rate    net      rmse  steps  error",
        "0.0001  Table  3.333e-5    100",
        "0.0001  elman  3.333e-5    100",
        "     2  Table         -      -  ValueError: a m…",
        "     2  elman         -      -  ValueError: a m…",
    ]
    assert max(map(len, str(table).splitlines())) <= WIDTH
    whole = sweep(run, grid(rate=[1e-4], net=["elman"]))
    assert str(whole).splitlines()[0] == "  rate    net      rmse  steps"
    assert str(whole.failures) == "no rows" and not whole.failures


def test_bar_is_on_stderr_and_only_where_it_is_wanted(capfd):
    sweep(square, grid(place=range(4)))
    sweep(square, grid(place=range(4)), progress=False)
    assert capfd.readouterr() == ("", "")
    with ThreadPoolExecutor(2) as pool:
        for executor in None, pool:
            sweep(square, grid(place=range(4)), progress=True, executor=executor)
            out, err = capfd.readouterr()
            assert out == "" and "4/4" in err


# What goes wrong on the way.


def test_worker_process_that_dies_takes_no_result_with_it():
    with processes(1) as pool:  # one worker, so that what comes before the death is done
        table = sweep(fatal, grid(place=range(5)), executor=pool)
        again = sweep(square, grid(place=[3]), executor=pool)
    assert [row["result"] for row in table.rows] == [0, 1, None, None, None]
    assert [row["place"] for row in table.failures.rows] == [2, 3, 4]
    for row in table.failures.rows + again.rows:
        assert row["error"].startswith("BrokenProcessPool: ")


def test_pool_that_breaks_while_work_is_handed_in():
    class Breaking(ThreadPoolExecutor):
        def submit(self, *args):
            if args[2]["place"] >= 2:
                raise BrokenProcessPool("a worker died")
            return super().submit(*args)

    with Breaking(1) as pool:
        table = sweep(square, grid(place=range(4)), executor=pool)
    assert [row["result"] for row in table.rows] == [0, 1, None, None]
    assert [row["error"] for row in table.rows[2:]] == ["BrokenProcessPool: a worker died"] * 2


def test_function_that_cannot_travel_is_told_in_its_row():
    with processes(1) as pool:
        (row,) = sweep(lambda place: place, grid(place=[1]), executor=pool).rows
    assert "<lambda>" in row["error"]


def test_interrupt_in_this_process_keeps_what_is_done():
    ran = []

    def run(place):
        ran.append(place)
        if place == 2:
            raise KeyboardInterrupt
        return place

    table = sweep(run, grid(place=range(5)))
    assert ran == [0, 1, 2]
    assert [row["result"] for row in table.rows] == [0, 1, None, None, None]
    assert {row["error"] for row in table.failures.rows} == {
        "CancelledError: stopped before it was done"
    }


@pytest.fixture
def interrupt():
    """Return what Ctrl-C does, to be called from any other thread; it comes back when it was felt.

    A signal that comes just before a thread begins to wait does not wake it, so it is sent again.
    """
    main, felt = threading.main_thread(), []
    assert threading.current_thread() is main

    def raised_once(number, frame):
        if not felt:
            felt.append(number)
            raise KeyboardInterrupt

    def interrupt():
        until(lambda: felt or signal.pthread_kill(main.ident, signal.SIGINT))

    before = signal.signal(signal.SIGINT, raised_once)
    yield interrupt
    signal.signal(signal.SIGINT, before)


@needs_posix
def test_interrupt_cancels_what_has_not_started(interrupt):
    ran, handed_in, let_go = [], [], threading.Event()

    class Counting(ThreadPoolExecutor):
        def submit(self, *args):
            handed_in.append(super().submit(*args))
            return handed_in[-1]

    def run(place):
        ran.append(place)
        if place == 1:
            until(lambda: len(handed_in) == 5)
            interrupt()
            let_go.wait(60)
        return place

    with Counting(1) as pool:
        try:
            table = sweep(run, grid(place=range(5)), executor=pool)
        finally:
            let_go.set()
    assert [row["result"] for row in table.rows] == [0, None, None, None, None]
    assert len(table.failures) == 4
    assert not {2, 3} & set(ran)  # the last may just have been on its way in


def fatal_when_told(place, last, folder):
    """Return for all places but the last, which waits to be told and takes its worker down."""
    if place == last:
        until((folder / "go").exists)
        os._exit(1)
    (folder / str(place)).touch()
    return place * place


def in_work(client):
    """Count the calls that the workers of a Dask cluster still have to do."""
    return client.run_on_scheduler(
        lambda dask_scheduler: sum(
            task.state == "processing" for task in dask_scheduler.tasks.values()
        )
    )


# A Dask cluster: two worker processes on this machine, each with a nanny that replaces it.


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        # Any free port; a setting fails with its second worker, so that few have to die.
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0", "allowed_failures": 1},
        silence_logs=logging.CRITICAL,  # it warns of each worker that dies
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with cluster.get_client() as client:
        client.wait_for_workers(2, timeout=PATIENCE)
        yield client


@needs_posix
def test_killed_dask_worker_costs_no_row(cluster, client, tmp_path):
    settings = grid(place=range(6), folder=[tmp_path])
    sweeping = aside(sweep, held, settings, executor=client.get_executor())
    until(lambda: len(list(tmp_path.iterdir())) == 2)  # each worker holds one
    lost, killed = map(int, min(path.name for path in tmp_path.iterdir()).split("-"))
    assert killed in {worker.pid for worker in cluster.workers.values()}
    os.kill(killed, signal.SIGKILL)
    until(lambda: killed not in {worker.pid for worker in cluster.workers.values()})
    (tmp_path / "go").touch()
    table = sweeping.result(PATIENCE)
    assert [row["place"] for row in table.rows] == list(range(6))
    assert [row["square"] for row in table.rows] == [0, 1, 4, 9, 16, 25]
    assert not table.failures
    assert killed not in {row["pid"] for row in table.rows}
    started = sorted(path.name for path in tmp_path.glob(f"{lost}-*"))
    assert started == sorted(f"{lost}-{pid}" for pid in (killed, table.rows[lost]["pid"]))


def test_setting_that_kills_every_dask_worker_fails_alone(client, tmp_path):
    settings = grid(place=range(4), last=[3], folder=[tmp_path])
    sweeping = aside(sweep, fatal_when_told, settings, executor=client.get_executor())
    # Dask blames a death on all that the worker had to do, so let it have nothing else to do.
    until(lambda: len(list(tmp_path.iterdir())) == 3 and in_work(client) == 1)
    (tmp_path / "go").touch()
    table = sweeping.result(PATIENCE)
    assert [row["result"] for row in table.rows] == [0, 1, 4, None]
    assert table.rows[3]["error"].startswith("KilledWorker: Attempted to run task")


def test_dask_runs_each_of_equal_settings_and_takes_no_name_for_its_own(client):
    settings = grid(seed=[0] * 4, workers=["nowhere"], retries=[-1])
    table = sweep(chance, settings, executor=client.get_executor())
    assert not table.failures
    assert len({row["result"] for row in table.rows}) == 4


def test_dask_takes_a_function_from_anywhere_and_its_failures(client):
    scale = 10

    def run(place):
        if place == 1:
            raise Awkward(place, "broken")
        return scale * place

    executor = client.get_executor()
    table = sweep(run, grid(place=range(3)), executor=executor)
    assert table == sweep(run, grid(place=range(3)))
    with pytest.raises(TypeError, match=r"got Client \(of a Dask client, give client.get_exec"):
        sweep(run, grid(place=range(3)), executor=client)
