"""rnnbook.answers: whatever a reader hands in, it ends, and it can be compared and shown."""

import contextlib
import itertools
import threading
import time

import numpy as np
import pytest

from rnnbook import answers
from rnnbook.answers import Stopped, limited, plain, told, written


def test_work_has_its_result_also_off_the_main_thread():
    assert limited(lambda: 5, 10) == 5
    found = []
    thread = threading.Thread(target=lambda: found.append(limited(lambda: 6, 10)))
    thread.start()
    thread.join()
    assert found == [6]


def test_work_sees_the_settings_of_its_caller():
    with np.errstate(divide="raise"), pytest.raises(Stopped, match="FloatingPointError"):
        limited(lambda: np.ones(1) / 0, 10)


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, MemoryError, GeneratorExit])
def test_failed_work_says_how(error):
    def fails():
        raise error("so")

    with pytest.raises(Stopped, match=f"stops with {error.__name__}: so"):
        limited(fails, 10)


def stubborn():
    """Catch whatever comes, and go on."""
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(0.001)


@pytest.mark.parametrize("work", [stubborn, lambda: time.sleep(5)])
def test_work_that_does_not_end_is_given_up(work):
    with pytest.raises(Stopped, match=r"not come to an end after 0\.1 seconds"):
        limited(work, 0.1)


def test_a_loop_does_not_run_on_after_it_was_given_up():
    turns = itertools.count()
    with pytest.raises(Stopped):
        limited(lambda: [None for _ in turns if False], 0.1)
    assert next(turns) + 1 == next(turns)


def test_without_threads_work_runs_in_place_and_can_be_stopped(monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    def fails(error):
        raise error

    monkeypatch.setattr(answers.Thread, "start", start)
    assert limited(lambda: 5, 10) == 5
    with pytest.raises(Stopped, match="stops with SystemExit"):
        limited(lambda: fails(SystemExit), 10)
    with pytest.raises(KeyboardInterrupt):
        limited(lambda: fails(KeyboardInterrupt), 10)


def test_plain_numbers_are_pythons_own():
    found = plain([np.float32(0.5), np.int64(2), np.array([[1, 2]]), np.array(3), 10**400, True])
    assert found == (0.5, 2, ((1, 2),), 3, float("inf"), True)
    assert [type(entry) for entry in found] == [float, int, tuple, int, float, bool]
    assert len(plain(itertools.count())) == answers.MOST
    for answer in ("ab", b"ab", {1: 2}, {1}, 1j, None, ...):
        assert plain(answer) is answer


def test_what_is_written_is_short():
    assert written(plain(np.array([0.1 + 0.2, 1e-9, 1.0]))) == "[0.3, 1e-9, 1]"
    assert written(tuple(range(9))) == "[0, 1, 2, 3, 4, 5, 6, 7, ...]"
    assert written("a" * 99) == f"'{'a' * 56}..."
    assert written(float("nan")) == "nan"


def test_an_error_that_cannot_be_shown_is_named():
    class Mute(Exception):
        def __str__(self):
            raise ValueError

    assert told(Mute()) == "Mute"
