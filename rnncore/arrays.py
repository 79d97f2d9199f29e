"""Arrays in time-major order, (T, B, features): checked at the door, flattened, drawn at random."""

import numpy as np


def sequence(x, features, name="x"):
    """Return x as an array (T, B, features), or raise a ValueError that says what is wrong.

    >>> sequence([[[1.0, 2.0]]], features=2).shape
    (1, 1, 2)
    """
    x = np.asarray(x)
    if x.ndim != 3 or x.shape[-1] != features or 0 in x.shape:
        raise ValueError(f"{name} must have shape (T, B, {features}), got {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError(f"{name} holds NaN or infinity")
    return x


def initial(value, shape, name="state"):
    """Return a state as an array of `shape`, zeros where it is None, or raise a ValueError.

    >>> initial(None, (1, 2))
    array([[0., 0.]])
    """
    value = np.zeros(shape) if value is None else np.asarray(value)
    if value.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {value.shape}")
    if not np.isfinite(value).all():
        raise ValueError(f"{name} holds NaN or infinity")
    return value


def flat(a):
    """Return a (T, B, N) as (T B, N): one row for each step of each sequence.

    >>> flat(np.zeros((4, 3, 2))).shape
    (12, 2)
    """
    return a.reshape(-1, a.shape[-1])


def uniform(rng, *shape):
    """Draw weights uniformly from +-1/sqrt(n), where n inputs, the last axis, lead to a unit.

    >>> float(abs(uniform(np.random.default_rng(0), 100, 25)).max()) < 1 / 5
    True
    """
    bound = 1 / np.sqrt(shape[-1])
    return rng.uniform(-bound, bound, shape)
