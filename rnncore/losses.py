"""Losses: how wrong outputs are, as one number, and its gradient, which goes to `backward`.

    mean squared error    L = mean of (y - target)^2
    cross-entropy         L = mean of -log p[class],   p = softmax(logits)

The mean goes over what counts: where a mask is given, over the places where it is 1.
"""

import math

import numpy as np

from rnncore.arrays import finite, integers, numbers, said, whole
from rnncore.arrays import mask as counted


def mean_squared_error(y, target, mask=None):
    """Return the mean of (y - target)^2 and its gradient with respect to y.

    Parameters
    ----------
    y, target : arrays of one shape
        For instance (T, B, O).
    mask : array, optional
        1 where an entry counts, 0 where it does not; its shape fits that of y, for instance
        (T, B, 1).  A mask (T, B) is taken as (T, B, 1).

    Returns
    -------
    loss : float
    dy : array of the shape of y

    Raises
    ------
    ValueError
        Where shapes do not fit, nothing counts, or y or target holds NaN or infinity.

    Examples
    --------
    >>> loss, dy = mean_squared_error(np.array([[[3.0]], [[5.0]]]), np.array([[[1.0]], [[5.0]]]))
    >>> loss, dy.ravel()
    (2.0, array([2., 0.]))
    """
    y, target = finite(y, "y"), finite(target, "target")
    if target.shape != y.shape:
        raise ValueError(f"target must have the shape of y, {y.shape}, got {target.shape}")
    if mask is not None and np.ndim(mask := numbers(mask, "mask")) == y.ndim - 1:
        mask = mask[..., np.newaxis]
    share = _weights(mask, y.shape)
    error = y - target
    return (share * error**2).sum().item(), (2 * share * error).astype(y.dtype, copy=False)


def cross_entropy(logits, classes, mask=None):
    """Return the mean of -log p[class], p = softmax(logits), and its gradient, (p - onehot) / n.

    Parameters
    ----------
    logits : array (..., K)
        The outputs before the softmax, for instance (T, B, K); K is the number of classes.
    classes : array (...) of int
        The right class at each place, 0 to K - 1, for instance (T, B).
    mask : array, optional
        1 where a place counts, 0 where it does not; its shape fits that of `classes`.

    Returns
    -------
    loss : float
        In nats: log K for a network that does not know anything.
    dlogits : array (..., K)

    Raises
    ------
    ValueError
        Where shapes do not fit, nothing counts, there is no such class, or a logit is NaN.

    Examples
    --------
    >>> loss, dlogits = cross_entropy(np.zeros((1, 1, 4)), np.array([[2]]))
    >>> bool(np.isclose(loss, np.log(4))), dlogits.ravel()
    (True, array([ 0.25,  0.25, -0.75,  0.25]))
    """
    logits = finite(logits, "logits")
    if not logits.ndim:
        raise ValueError(f"logits must have shape (..., K), got {said(logits)}")
    classes = integers(classes, "classes", most=logits.shape[-1] - 1)
    if classes.shape != logits.shape[:-1]:
        raise ValueError(f"classes must have shape {logits.shape[:-1]}, got {classes.shape}")
    share = _weights(mask, classes.shape)
    shifted = logits - logits.real.max(axis=-1, keepdims=True)  # so that exp cannot overflow
    exp = np.exp(shifted)
    total = exp.sum(axis=-1, keepdims=True)
    right = (*np.indices(classes.shape, sparse=True), classes)
    loss = -(share * (shifted[right] - np.log(total[..., 0]))).sum()
    dlogits = exp * (share[..., np.newaxis] / total)
    dlogits[right] -= share
    return loss.item(), dlogits.astype(logits.dtype, copy=False)


def weights(mask, shape):
    """Return what each place contributes to a mean: 1/n where it counts, of the n that do.

    With it, a loss of one's own treats masks as those above do.

    Parameters
    ----------
    mask : array or None
        0 where a place does not count; None where all do.
    shape : tuple of int
        Of the places.

    Returns
    -------
    array that fits `shape`
        Its sum over all places is 1.

    Examples
    --------
    >>> weights([[1, 0, 1]], (1, 3))
    array([[0.5, 0. , 0.5]])
    """
    if not isinstance(shape, tuple):
        raise TypeError(f"shape must be a tuple of whole numbers, got {said(shape)}")
    return _weights(mask, tuple(whole(n, "shape", least=0) for n in shape))


def _weights(mask, shape):
    if mask is None:
        return np.full((1,) * len(shape), 1 / max(1, math.prod(shape)))
    mask = counted(mask, shape)
    return mask / mask.sum()
