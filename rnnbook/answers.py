"""What a reader hands in: run within a time limit, made plain, and written into a hint.

It can be anything, and can do anything: here nothing of it is taken on trust.
The standard library and `rnncore.rounding` only.
"""

import ctypes
import math
from collections.abc import Iterable, Mapping, Set
from contextvars import copy_context
from decimal import Decimal
from itertools import islice
from numbers import Integral, Real
from threading import Thread

from rnncore.rounding import rounded

MOST = 1000  # entries of a list that are looked at: none of an exercise has so many


class Stopped(Exception):
    """What was run has failed, or has not come to an end; the message says which."""


def limited(work, seconds):
    """Return `work()`, or raise `Stopped` if it fails in any way or takes longer than `seconds`.

    It runs in a thread of its own, which can be given up everywhere: in a notebook, off the main
    thread, on any system.
    A page has no threads; there it runs in place, and the page's Stop ends it.
    Only what never ends within one operation of Python, as ``sum(repeat(1))``, is beyond it.
    """
    ended = []

    def run():
        try:
            ended.append((work(), None))
        except BaseException as error:  # exit() too
            ended.append((None, error))

    thread = Thread(target=copy_context().run, args=(run,), daemon=True)
    try:
        thread.start()
    except RuntimeError:
        run()
        if isinstance(ended[0][1], KeyboardInterrupt):
            raise ended[0][1] from None
    else:
        try:
            thread.join(seconds)
            late = thread.is_alive()
        finally:
            _end(thread)
        if late:
            raise Stopped(f"has not come to an end after {seconds} seconds")
    result, error = ended[0]
    if error is not None:
        raise Stopped(f"stops with {told(error)}")
    return result


def _end(thread):
    """Raise SystemExit in a thread that still runs, more than once, for its code may catch it."""
    for _ in range(50):
        if not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
        )
        thread.join(0.01)


def told(error):
    """Say what an error is, whatever it is.

    >>> told(ValueError("too late"))
    'ValueError: too late'
    """
    try:
        return f"{type(error).__name__}: {error}".removesuffix(": ")
    except Exception:  # an error that cannot say what it is
        return type(error).__name__


def plain(answer, depth=4):
    """Return numbers as Python's own, what can be gone through as a tuple, anything else as it is.

    A number beyond the range of floats becomes infinite.

    >>> plain([1, (k / 2 for k in range(2)), "a"])
    (1, (0.0, 0.5), 'a')
    """
    if isinstance(answer, bool | str | bytes | Mapping | Set) or not depth:
        return answer
    if isinstance(answer, Real | Decimal):
        try:
            number = float(answer)
        except OverflowError:
            return math.inf if answer > 0 else -math.inf
        return int(answer) if isinstance(answer, Integral) else number
    if not isinstance(answer, Iterable):
        return answer
    if getattr(answer, "ndim", None) == 0:  # an array without axes holds one number
        return plain(answer.item(), 1)
    return tuple(plain(entry, depth - 1) for entry in islice(answer, MOST))


def is_number(answer):
    """Say whether a plain answer is a finite number."""
    return type(answer) in (int, float) and math.isfinite(answer)


def written(answer):
    """Write a plain answer: numbers to six digits, lists of them, anything else in short.

    >>> written((0.1 + 0.2, (1, None)))
    '[0.3, [1, None]]'
    """
    if isinstance(answer, tuple):
        some = [written(entry) for entry in answer[:8]] + ["..."] * (len(answer) > 8)
        return f"[{', '.join(some)}]"
    if isinstance(answer, bool) or not isinstance(answer, Real):
        try:
            text = repr(answer)
        except Exception:  # an object that cannot be shown
            return f"a {type(answer).__name__}"
        return text if len(text) <= 60 else f"{text[:57]}..."
    return str(answer) if isinstance(answer, int) and abs(answer) < 1e15 else rounded(answer, 6)
