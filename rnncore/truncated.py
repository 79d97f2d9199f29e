"""Truncated BPTT(k1, k2): every k1 steps, an error is sent back k2 steps and no further.

The state is carried on from chunk to chunk; the gradient is cut.
What has to be kept does not grow with the length of the sequence, which may be of any length.

Williams, R. J. and Peng, J. (1990). An efficient gradient-based algorithm for on-line training
of recurrent network trajectories. Neural Computation 2, 490-501.
"""

from typing import NamedTuple

import numpy as np

from rnncore.arrays import function, numbers, said, whole
from rnncore.batches import parted


class Chunk(NamedTuple):
    """What one chunk of a sequence gives."""

    y: np.ndarray  # (k1, B, O) the outputs of its steps
    loss: float
    gradients: dict  # of the loss, as far back as k2 steps
    state: object  # after its last step


def chunks(k, x, *others):
    """Cut sequences into chunks of k steps; the last chunk may be shorter.

    Parameters
    ----------
    k : int
        Steps of a chunk, at least 1.
    x, *others : arrays (T, ...)
        Whatever can be sliced along time, for instance a `numpy.memmap` of a file that is larger
        than the memory.  An entry that is None stays None.

    Returns
    -------
    iterator of tuple
        For each chunk the slice of x, and those of the others.

    Examples
    --------
    >>> [x.tolist() for x, _ in chunks(2, np.arange(5), None)]
    [[0, 1], [2, 3], [4]]
    """
    k = whole(k, "k")
    for part in (x, *others):
        if part is not None and not getattr(part, "ndim", 0):
            raise TypeError(f"x and what goes with it must be arrays, got {said(part)}")
        if part is not None and len(part) != len(x):
            raise ValueError(f"all must have as many steps as x, {len(x)}, got {len(part)}")
    return (
        tuple(None if part is None else part[t : t + k] for part in (x, *others))
        for t in range(0, len(x), k)
    )


def truncated(layer, pieces, loss, *, k2, state=None):
    """Go through a sequence chunk by chunk; give loss and gradients of each.

    The parameters may be changed between two chunks.  Where k2 is more than the steps of a
    chunk, the steps before it are run once more, with the parameters as they are now, from the
    state that was carried to there.

    Parameters
    ----------
    layer : any layer
    pieces : iterable of (x, target) or (x, target, mask)
        The chunks, k1 steps each, for instance `chunks(k1, x, target)` or any generator: only
        the last k2 steps are ever kept.
    loss : callable
        loss(y, target, mask) returns the loss and dL/dy, as those in `rnncore.losses`.
    k2 : int
        How many steps back an error is sent, counted with its own; at least k1.
    state : optional
        The state of the layer before the first step; zeros where it is None.

    Returns
    -------
    iterator of Chunk
        None of those in which the mask is 0 everywhere: they only move the state.

    Raises
    ------
    ValueError
        Where a chunk has more than k2 steps, or what the layer and the loss refuse.

    Examples
    --------
    >>> from rnncore.losses import mean_squared_error
    >>> from rnncore.vanilla import VanillaRNN
    >>> layer = VanillaRNN(1, 2, rng=np.random.default_rng(0))
    >>> x, target = np.ones((10, 4, 1)), np.zeros((10, 4, 2))
    >>> [chunk.y.shape for chunk in
    ...     truncated(layer, chunks(4, x, target), mean_squared_error, k2=8)]
    [(4, 4, 2), (4, 4, 2), (2, 4, 2)]
    """
    if not hasattr(layer, "forward"):
        raise TypeError(f"layer must be a layer, got {said(layer)}")
    if not hasattr(pieces, "__iter__") or getattr(pieces, "ndim", 1) == 0:
        raise TypeError(f"pieces must be an iterable of chunks, got {said(pieces)}")
    loss, k2 = function(loss, "loss"), whole(k2, "k2")
    return _truncated(layer, pieces, loss, k2, state)


def _truncated(layer, pieces, loss, k2, state):
    kept, carried = None, state  # the inputs before the chunk; the state after them
    for piece in pieces:
        x, target, mask = parted(piece)  # the layer and the loss look at what is in them
        if isinstance(x, tuple) or not (x := numbers(x, "x of a chunk")).ndim:
            raise TypeError(f"x of a chunk must be one array (k1, B, ...), got {said(x)}")
        if kept is not None and x.shape[1:] != kept.shape[1:]:
            wanted = ", ".join(["k1", *map(str, kept.shape[1:])])
            raise ValueError(f"x of a chunk must have shape ({wanted}), got {x.shape}")
        new, before = len(x), 0 if kept is None else len(kept)
        if new > k2:
            raise ValueError(f"k2 must be at least the steps of a chunk, {new}, got {k2}")
        if new + before > k2:  # the oldest steps are let go, and the state moves over them
            gone = new + before - k2
            all_gone = gone == before
            state = carried if all_gone else layer.forward(kept[:gone], state)[1].state
            kept = None if all_gone else kept[gone:]
        # A copy, for the next piece may come in the same array; frozen, so that it is the only one.
        kept = np.array(x) if kept is None else np.concatenate([kept, x])
        kept.setflags(write=False)
        y, tape = layer.forward(kept, state)
        carried, y = tape.state, y[-new:]
        if mask is not None and not np.any(mask):
            continue
        value, dy = loss(y, target, mask)
        earlier = len(kept) - new  # steps whose own errors have been sent back already
        if earlier:
            dy = np.concatenate([np.zeros((earlier, *dy.shape[1:]), dy.dtype), dy])
        yield Chunk(y, value, layer.backward(dy, tape)[1], carried)


def window(step, k1, k2, steps):
    """Say when the error of a step is sent back, and which is the first copy that it reaches.

    Parameters
    ----------
    step : int
        1 to `steps`.
    k1, k2 : int
        An update every k1 steps, errors sent back k2 steps, counted from the step of the update;
        1 <= k1 <= k2.
    steps : int
        T, the length of the sequence; the last chunk may be shorter.

    Returns
    -------
    (int, int)
        The step of the update, and the first copy.

    Examples
    --------
    >>> window(6, 4, 4, steps=12)
    (8, 5)
    >>> window(6, 1, 4, steps=12)
    (6, 3)
    """
    steps, k1 = whole(steps, "steps"), whole(k1, "k1")
    k2, step = whole(k2, "k2", least=k1), whole(step, "step", most=steps)
    update = min(-(-step // k1) * k1, steps)
    return update, max(1, update - k2 + 1)
