"""Data on its way to a network: batches of sequences, and sequences of different lengths."""

import numpy as np


def minibatches(x, target, mask=None, *, size, rng):
    """Draw batches without end: every sequence comes once before any comes again.

    Parameters
    ----------
    x, target : arrays (T, N, ...)
        N sequences.
    mask : array (T, N), optional
        1 where a step counts, as `padded` makes it.  A batch ends with its last step that counts.
    size : int
        B sequences a batch, 1 to N; where N is no multiple of it, the last ones wait a turn.
    rng : numpy.random.Generator
        Shuffles.

    Yields
    ------
    tuple
        (x, target, mask) of the batch.

    Examples
    --------
    >>> x = np.arange(4.0).reshape(1, 4, 1)
    >>> batch = next(minibatches(x, x, size=3, rng=np.random.default_rng(0)))
    >>> batch[0].shape, batch[2] is None
    ((1, 3, 1), True)
    """
    count = np.shape(x)[1]
    if not 1 <= size <= count:
        raise ValueError(f"size must be 1 to {count}, the number of sequences, got {size}")
    for name, part in ("target", target), ("mask", mask):
        if part is not None and np.shape(part)[:2] != np.shape(x)[:2]:
            raise ValueError(f"{name} must begin with {np.shape(x)[:2]}, got {np.shape(part)}")
    while True:
        order = rng.permutation(count)
        for start in range(0, count - size + 1, size):
            chosen = order[start : start + size]
            if mask is None:
                yield x[:, chosen], target[:, chosen], None
                continue
            part = mask[:, chosen]
            end = 1 + np.flatnonzero(part.reshape(len(part), -1).any(axis=1)).max(initial=0)
            yield x[:end, chosen], target[:end, chosen], part[:end]


def padded(sequences):
    """Lay sequences of different lengths side by side, zeros behind the shorter ones.

    Parameters
    ----------
    sequences : list of arrays (T_n, ...)
        N sequences; what follows the first axis has one shape for all.

    Returns
    -------
    x : array (T, N, ...)
        T is the length of the longest.
    mask : array (T, N)
        1 where there is a step, 0 behind the end.

    Examples
    --------
    >>> x, mask = padded([np.array([[1.0], [2.0]]), np.array([[3.0]])])
    >>> x[:, :, 0], mask
    (array([[1., 3.],
           [2., 0.]]), array([[1., 1.],
           [1., 0.]]))
    """
    sequences = [np.asarray(sequence) for sequence in sequences]
    if len({sequence.shape[1:] for sequence in sequences}) != 1:
        raise ValueError("sequences must be some, with features of one shape")
    steps = max(map(len, sequences))
    mask = np.zeros((steps, len(sequences)))
    x = np.zeros((steps, len(sequences), *sequences[0].shape[1:]), np.result_type(*sequences))
    for n, sequence in enumerate(sequences):
        x[: len(sequence), n] = sequence
        mask[: len(sequence), n] = 1.0
    return x, mask
