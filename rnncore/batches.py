"""Data on its way to a network: batches, and sequences of different lengths side by side."""

import numpy as np

from rnncore.arrays import all_finite, generator, listed, numbers, said, whole
from rnncore.arrays import mask as counted


def batch(given, name="a batch"):
    """Return (x, target, mask) of a batch that may come without a mask, all of finite numbers.

    Where x is a tuple, of what an encoder and a decoder read, it stays one.

    >>> x, target, mask = batch((np.zeros((5, 2, 1)), np.zeros((5, 2, 1))))
    >>> x.shape, mask is None
    ((5, 2, 1), True)
    """
    x, target, mask = parted(given, name)
    if isinstance(x, tuple):
        x = tuple(_finite(one, f"x[{k}] of {name}") for k, one in enumerate(x))
    else:
        x = _finite(x, f"x of {name}")
    target = _finite(target, f"target of {name}")
    return x, target, mask if mask is None else _finite(mask, f"mask of {name}")


def parted(given, name="a batch"):
    """Return (x, target, mask) of a batch as they are, for those who check them further on.

    >>> parted(("x", "target"))
    ('x', 'target', None)
    """
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        raise TypeError(f"{name} must be (x, target) or (x, target, mask), got {said(given)}")
    return (*given, None)[:3]


def _finite(part, name):
    part = numbers(part, name)
    if not all_finite(part):
        raise ValueError(f"{name} holds NaN or infinity")
    return part


def minibatches(x, target, mask=None, *, size, rng):
    """Draw batches without end: every sequence comes once before any comes again.

    Parameters
    ----------
    x, target : arrays (T, N, ...)
        N sequences.  A tuple of arrays x, each of steps of its own, gives batches of tuples.
    mask : array (T, N), optional
        1 where a step counts, as `padded` makes it.  A batch ends with its last step that counts,
        unless x is a tuple.
    size : int
        B sequences a batch, 1 to N; where N is no multiple of it, the last ones wait a turn.
    rng : numpy.random.Generator
        Shuffles.

    Returns
    -------
    iterator of tuple
        (x, target, mask) of each batch.

    Examples
    --------
    >>> x = np.arange(4.0).reshape(1, 4, 1)
    >>> batch = next(minibatches(x, x, size=3, rng=np.random.default_rng(0)))
    >>> batch[0].shape, batch[2] is None
    ((1, 3, 1), True)
    """
    x, target, mask = batch((x, target, mask), "the data")
    several = isinstance(x, tuple)
    first = (target if several else x).shape[:1] + target.shape[1:2]
    for part in x if several else (x,):
        if part.ndim < 2 or part.shape[1:2] != first[1:]:
            raise ValueError(f"x must have shape (T, N, ...), N as in target, got {part.shape}")
    for name, part in ("target", target), ("mask", mask):
        if part is not None and part.shape[:2] != first:
            raise ValueError(f"{name} must begin with {first}, got {part.shape}")
    size = whole(size, "size", most=first[1])
    return _minibatches(x, target, mask, size, generator(rng))


def _minibatches(x, target, mask, size, rng):
    count = target.shape[1]
    while True:
        order = rng.permutation(count)
        for start in range(0, count - size + 1, size):
            chosen = order[start : start + size]
            part = None if mask is None else mask[:, chosen]
            if isinstance(x, tuple):
                yield tuple(one[:, chosen] for one in x), target[:, chosen], part
                continue
            if part is None:
                yield x[:, chosen], target[:, chosen], None
                continue
            end = 1 + np.flatnonzero(part.reshape(len(part), -1).any(axis=1)).max(initial=0)
            yield x[:end, chosen], target[:end, chosen], part[:end]


def padded(sequences, *, front=False):
    """Lay sequences of different lengths side by side, zeros behind the shorter ones.

    Parameters
    ----------
    sequences : list of arrays (T_n, ...)
        N sequences; what follows the first axis has one shape for all.
    front : bool
        Put the zeros in front instead, so that all sequences end together.

    Returns
    -------
    x : array (T, N, ...)
        T is the length of the longest.
    mask : array (T, N)
        1 where there is a step, 0 where there is none.

    Examples
    --------
    >>> x, mask = padded([np.array([[1.0], [2.0]]), np.array([[3.0]])])
    >>> x[:, :, 0], mask
    (array([[1., 3.],
           [2., 0.]]), array([[1., 1.],
           [1., 0.]]))
    """
    sequences = listed(sequences, "sequences")
    sequences = [numbers(one, f"sequences[{n}]") for n, one in enumerate(sequences)]
    if len({one.shape[1:] for one in sequences}) != 1 or not all(s.ndim for s in sequences):
        raise ValueError("sequences must have features of one shape, (T_n, ...)")
    steps = max(map(len, sequences))
    mask = np.zeros((steps, len(sequences)))
    x = np.zeros((steps, len(sequences), *sequences[0].shape[1:]), np.result_type(*sequences))
    for n, sequence in enumerate(sequences):
        place = slice(steps - len(sequence), None) if front else slice(len(sequence))
        x[place, n] = sequence
        mask[place, n] = 1.0
    return x, mask


def at_end(answers, there):
    """Ask for an answer at the last step of each sequence, and at no other.

    Parameters
    ----------
    answers : array (B, ...)
        One for each sequence, for instance classes (B,).
    there : array (T, B)
        1 where a sequence has a step, 0 where it is padded, as `padded` returns it.

    Returns
    -------
    target : array (T, B, ...)
        The answers, at every step alike.
    mask : array (T, B)
        1 at the last step of each sequence, else 0.

    Examples
    --------
    >>> target, mask = at_end([5, 6], [[1, 1], [1, 0], [1, 0]])
    >>> target[-1], mask
    (array([5, 6]), array([[0., 1.],
           [0., 0.],
           [1., 0.]]))
    """
    target, there = at_every_step(answers, there)
    ends = np.zeros(there.shape)
    last = len(there) - 1 - (there[::-1] > 0).argmax(axis=0)
    ends[last, np.arange(there.shape[1])] = 1
    return target, ends


def at_every_step(answers, there):
    """Ask for the answer at each step that a sequence has: target and mask, as `at_end`.

    >>> at_every_step([5, 6], [[1, 1], [1, 0]])[0]
    array([[5, 6],
           [5, 6]])
    """
    answers, there = _finite(answers, "answers"), numbers(there, "there")
    if there.ndim != 2:
        raise ValueError(f"there must have shape (T, B), got {there.shape}")
    there = counted(there, there.shape, "there")
    if not there.any(axis=0).all():
        raise ValueError("there must be 1 at some step of every sequence")
    if answers.shape[:1] != there.shape[1:]:
        raise ValueError(f"answers must be {there.shape[1]}, one a sequence, got {said(answers)}")
    return np.broadcast_to(answers, (len(there), *answers.shape)).copy(), there
