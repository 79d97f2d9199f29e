"""Arrays in time-major order, (T, B, features), and the checks of all that comes in from outside.

One function for each kind of argument.  Each returns the value in the form that the package
computes with, or raises a TypeError or ValueError that names the argument, what was given, and
what was expected.

Layers write `a.dot(b)` for `a @ b`: between small matrices it takes a third of the time.
"""

import contextlib
import math
import sys
from collections.abc import Mapping, Set
from numbers import Integral, Real

import numpy as np

MAX = sys.float_info.max
MOST = 2**31 - 1  # of what is counted: anything larger is a slip


class NotFinite(ValueError):
    """There is a NaN or an infinity where a number was expected."""


# Single values


def whole(value, name, least=1, most=MOST):
    """Return a count as an int, `least` to `most`.

    >>> whole(np.int64(3), "steps")
    3
    """
    if isinstance(value, (bool, np.bool)) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {said(value)}")
    if not least <= value <= most:
        bounds = f"at least {least}" if value < least else f"at most {most}"
        raise ValueError(f"{name} must be {bounds}, got {said(value)}")
    return int(value)


def number(value, name, *, above=-math.inf, least=-math.inf, below=math.inf, most=math.inf):
    """Return a finite number as a float, within the bounds that are given.

    >>> number(1, "rate", above=0)
    1.0
    """
    if isinstance(value, (bool, np.bool)) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {said(value)}")
    bounds = (("greater than", above), ("at least", least), ("less than", below), ("at most", most))
    if not (-MAX <= value <= MAX and above < value < below and least <= value <= most):
        wanted = " and ".join(f"{words} {bound}" for words, bound in bounds if math.isfinite(bound))
        raise ValueError(f"{name} must be {wanted or 'finite'}, got {said(value)}")
    return float(value)


def choice(value, name, allowed):
    """Return a text that is one of those allowed.

    >>> choice("tanh", "activation", ["tanh", "relu"])
    'tanh'
    """
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}; got {said(value)}")
    return value


def text(value, name):
    """Return a text.

    >>> text("h", "name")
    'h'
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, got {said(value)}")
    return value


def listed(values, name, least=1):
    """Return what is in a sequence, no text, of one or more as a list; `least` may be 0.

    >>> listed((1, 2), "lengths")
    [1, 2]
    """
    if isinstance(values, str | bytes | Mapping | Set) or not np.iterable(values):
        raise TypeError(f"{name} must be a sequence, got {said(values)}")
    values = list(values)
    if len(values) < least:
        raise ValueError(f"{name} must hold at least one entry, got none")
    return values


def instance(value, kind, name):
    """Return a value of a kind, a class.

    >>> instance(3, int, "k")
    3
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, got {said(value)}")
    return value


def generator(rng, name="rng"):
    """Return a random generator of NumPy.

    >>> generator(np.random.default_rng(0)).integers(10)
    np.int64(8)
    """
    if not isinstance(rng, np.random.Generator):
        wanted = "a numpy.random.Generator, such as np.random.default_rng(0)"
        raise TypeError(f"{name} must be {wanted}; got {said(rng)}")
    return rng


def function(value, name):
    """Return a value that can be called.

    >>> function(len, "loss")
    <built-in function len>
    """
    if not callable(value):
        raise TypeError(f"{name} must be a function, got {said(value)}")
    return value


def precision(dtype):
    """Return float64 or float32, the types in which layers compute.

    >>> precision("float32")
    dtype('float32')
    """
    try:
        kind = np.dtype(dtype)
    except TypeError:
        kind = None
    if dtype is None or kind not in (np.float64, np.float32):
        raise ValueError(f"dtype must be float64 or float32, got {said(dtype)}")
    return kind


def said(value):
    """Say in an error what was given, in few words.

    >>> said(np.zeros((300, 2))), said("a" * 99)
    ('an array (300, 2) of float64', "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...")
    """
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} of {value.dtype}"
    if isinstance(value, Integral) and abs(value) > 10**20:
        return "an integer of more than 20 digits"
    try:
        text = repr(value)
    except Exception:  # whatever it is, its type has a name
        text = f"a {type(value).__name__}"
    return text if len(text) <= 42 else f"{text[:38]}..."


# Arrays


def plain(value, name):
    """Return entries of any kind as a plain array.

    >>> plain([["a", "b"]], "table").shape
    (1, 2)
    """
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a plain array: give the mask of a masked one on its own")
    try:
        return np.asarray(value)
    except Exception:  # whatever it is, it is no array
        raise TypeError(f"{name} must be in rows of one length, got {said(value)}") from None


def numbers(value, name):
    """Return numbers as a plain array of the type that they have.

    >>> numbers([[1, 2]], "x")
    array([[1, 2]])
    """
    found = plain(value, name)
    if found.dtype.kind not in "biufc":
        raise TypeError(f"{name} must hold numbers, got {said(value)}")
    return found


def array(value, name, dtype=None):
    """Return numbers as an array: of `dtype` where it is given, else of a type that is as exact.

    Whole numbers become floating-point numbers, in which nothing wraps around.

    >>> array([[1, 2]], "x"), array(np.uint8(3), "x", dtype="float32").dtype
    (array([[1., 2.]]), dtype('float32'))
    """
    found = numbers(value, name)
    if dtype is None:
        dtype = np.result_type(found, np.float32)
    if found.dtype == dtype:
        return found
    if found.dtype.kind == "c" and np.dtype(dtype).kind != "c":
        raise TypeError(f"{name} must be real, got {said(value)}")
    with np.errstate(over="ignore", invalid="ignore"):
        kept = found.astype(dtype, copy=False)
    if not all_finite(kept) and all_finite(found):
        raise ValueError(f"{name} holds numbers that are too large for {kept.dtype}")
    return kept


def all_finite(value):
    """Say whether an array is free of NaN and infinity; of all ways, this is the fastest.

    >>> all_finite(np.array([1.0, np.inf]))
    False
    """
    return 0 not in np.isfinite(value).tobytes()


def finite(value, name, dtype=None):
    """Return numbers as an array without NaN and infinity.

    >>> finite([1, 2], "x")
    array([1., 2.])
    """
    return _finite(array(value, name, dtype), name)


def _finite(value, name):
    if 0 in np.isfinite(value).tobytes():
        raise NotFinite(f"{name} holds NaN or infinity")
    return value


def shaped(value, shape, name, dtype=None):
    """Return numbers as a finite array of just this shape.

    >>> shaped([[0, 1]], (1, 2), "dy").shape
    (1, 2)
    """
    if type(value) is not np.ndarray or value.dtype is not dtype:
        value = array(value, name, dtype)
    if value.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {value.shape}")
    return _finite(value, name)


def row(value, name):
    """Return numbers as a finite array (N,) of one or more.

    >>> row([1, 2], "series")
    array([1., 2.])
    """
    value = finite(value, name)
    if value.ndim != 1 or not value.size:
        raise ValueError(f"{name} must have shape (N,), N at least 1, got {value.shape}")
    return value


def truths(value, shape, name):
    """Return an array of bool, of this shape, in which there are both.

    >>> truths([True, False], (2,), "positive")
    array([ True, False])
    """
    value = plain(value, name)
    if value.dtype != bool or value.shape != shape:
        raise ValueError(f"{name} must be an array {shape} of bool, got {said(value)}")
    if value.all() or not value.any():
        raise ValueError(f"{name} must hold both True and False")
    return value


def times(value, name, unit=None):
    """Return times (N,), finite numbers or dates; of a unit, a type of datetime64, if it is given.

    >>> times(["2015-01-31"], "starts", "datetime64[M]")
    array(['2015-01'], dtype='datetime64[M]')
    """
    found = plain(value, name)
    if found.ndim != 1:
        raise ValueError(f"{name} must have shape (N,), got {found.shape}")
    if unit is not None and found.dtype.kind in "MUO":
        with contextlib.suppress(TypeError, ValueError):
            found = found.astype(unit)
    if found.dtype.kind != "M" and unit is not None:
        raise TypeError(f"{name} must be datetime64, got {said(value)}")
    return _finite(found if found.dtype.kind == "M" else array(found, name), name)


def sequence(x, features=None, name="x", dtype=None):
    """Return a finite array (T, B, features) of at least one step and one sequence.

    >>> sequence([[[1.0, 2.0]]], features=2).shape
    (1, 1, 2)
    """
    if type(x) is not np.ndarray or x.dtype is not dtype:
        x = array(x, name, dtype)
    if x.ndim != 3 or (features is not None and x.shape[2] != features):
        wanted = "features" if features is None else features
        raise ValueError(f"{name} must have shape (T, B, {wanted}), got {x.shape}")
    if not x.size:
        missing = ("step", "sequence", "feature")[x.shape.index(0)]
        raise ValueError(f"{name} must have at least one {missing}, got shape {x.shape}")
    return _finite(x, name)


def integers(value, name, most, least=0):
    """Return whole numbers, `least` to `most`, as an array of np.intp, which may be an index.

    >>> integers([2, 0], "classes", most=2)
    array([2, 0])
    """
    found = numbers(value, name) if isinstance(value, list | tuple) else np.asarray(value)
    if isinstance(value, np.ma.MaskedArray) or found.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integers from {least} to {most}, got {said(value)}")
    if found.size and not least <= found.min() <= found.max() <= most:
        wrong = found[(found < least) | (found > most)][0]
        raise ValueError(f"{name} must be integers from {least} to {most}, got {wrong}")
    return found.astype(np.intp, copy=False)


def mask(value, shape, name="mask"):
    """Return how much each place of `shape` counts, 0 or more, and somewhere more than 0.

    >>> mask([[1], [0]], (2, 3))
    array([[1., 1., 1.],
           [0., 0., 0.]])
    """
    value = finite(value, name, np.float64)
    try:
        value = np.broadcast_to(value, shape)
    except ValueError:
        raise ValueError(f"{name} must fit the shape {shape}, got {value.shape}") from None
    if value.min(initial=0) < 0:
        raise ValueError(f"{name} must not be negative, got {value.min()}")
    if not value.any():
        raise ValueError(f"{name} must be 1 somewhere, or there is nothing to take the mean of")
    return value


def own(a):
    """Return an array that nobody else can change: itself where it is frozen, else a copy.

    >>> x = np.zeros(2)
    >>> own(x) is x
    False
    """
    if a.flags.writeable:
        return a.copy()
    part = a.base
    while part is not None:
        if not isinstance(part, np.ndarray) or part.flags.writeable:
            return a.copy()
        part = part.base
    return a


def flat(a):
    """Return a (T, B, N) as (T B, N): one row for each step of each sequence.

    >>> flat(np.zeros((4, 3, 2))).shape
    (12, 2)
    """
    return a.reshape(-1, a.shape[-1])


def uniform(rng, *shape, dtype=np.float64):
    """Draw weights uniformly from +-1/sqrt(n), where n inputs, the last axis, lead to a unit.

    >>> float(abs(uniform(np.random.default_rng(0), 100, 25)).max()) < 1 / 5
    True
    """
    rng, dtype = generator(rng), precision(dtype)
    bound = 1 / np.sqrt(shape[-1])
    return rng.uniform(-bound, bound, shape).astype(dtype)
