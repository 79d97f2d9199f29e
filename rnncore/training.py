"""The training loop: batches in, gradients clipped, steps taken, what happened kept.

A batch is (x, target) or (x, target, mask), time-major; any iterable of batches will do.
Where a layer reads several arrays, as an encoder and a decoder do, x is a tuple of them.
"""

import copy
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from tqdm import tqdm

from rnncore.arrays import NotFinite, function, instance, number, said, whole
from rnncore.batches import batch
from rnncore.gradients import clip_by_norm, norm
from rnncore.layers import Layer
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Optimizer
from rnncore.truncated import truncated


@dataclass
class History:
    """What happened during training, one entry for each step.

    Attributes
    ----------
    loss : list of float
        Of the batch, before the step.
    norm : list of float
        Length of the gradient, before it was clipped.
    validation : dict of int to float
        After so many steps, the loss on what was held out.
    metric : dict of int to float
        The same of `metric`, where one was given.
    best : int or None
        The step count whose parameters were kept, where something was held out.
    stopped : str
        Why it ended.
    """

    loss: list = field(default_factory=list)
    norm: list = field(default_factory=list)
    validation: dict = field(default_factory=dict)
    metric: dict = field(default_factory=dict)
    best: int | None = None
    stopped: str = "not yet"

    def __str__(self):
        said = f"{len(self.loss)} steps, stopped: {self.stopped}"
        if self.loss:
            said += f"; loss {self.loss[0]:.4g} at first, {self.loss[-1]:.4g} at last"
        if self.best is not None:
            said += f"; held out {self.validation[self.best]:.4g} after {self.best} steps, kept"
        return said


class Diverged(RuntimeError):
    """Training has left the numbers; `history` holds what came before, `step` where it was."""

    def __init__(self, history):
        self.history, self.step = history, len(history.loss) + 1
        before = f"{history.norm[-1]:.3g}" if history.norm else "not known, it was the first"
        super().__init__(
            f"the loss is no longer a number at step {self.step}; the gradient of the step before"
            f" had the norm {before}. Try a smaller learning rate, clip=1.0, or smaller W."
        )

    def __reduce__(self):
        return type(self), (self.history,)


def fit(
    layer, batches, *, optimizer, steps, loss=mean_squared_error, clip=None, k2=None,
    validation=None, metric=None, rate=None, every=100, patience=None, progress=None,
):  # fmt: skip
    """Train a layer, a stack for instance, and return the history.

    Parameters
    ----------
    layer : any layer
        Its parameters are changed in place.
    batches : iterable of (x, target) or (x, target, mask)
        For instance `minibatches(...)`, or a generator that makes data as long as it is asked.
    optimizer : optimizer
        Made with `layer.params`.
    steps : int
        How many steps are taken, unless the batches end before, or patience.
    loss : callable
        loss(y, target, mask) returns the loss and dL/dy.  `rnncore.losses.weights` makes a mean
        over what a mask counts for one of your own.
    clip : float, optional
        Gradients longer than this are shortened to it.
    k2 : int, optional
        Unless given, each batch starts from zeros.  Where given, the batches are chunks of the
        same sequences, one after the other: the state is carried, and an error is sent back k2
        steps (`rnncore.truncated`).
    validation : batch, optional
        What is held out.  Its loss is taken before the first step, `every` so many steps, and at
        the end; then the layer has the parameters that were best on it.  It runs in one batch,
        from zeros, also where the training carries a state.
    metric : callable, optional
        metric(y, target, mask) returns a number, such as the share that is right, which is kept
        with each validation.  What is best is still judged by the loss.
    rate : callable, optional
        rate(step) returns the learning rate of each step, counted from 0.  The optimizer stays
        the same, and so does what it remembers of the gradients.
    patience : int, optional
        Stop when so many validations in a row brought nothing better.
    progress : bool, optional
        Show a bar; by default only on a terminal, so that none gets into a notebook.

    Returns
    -------
    History
        Also where it was interrupted from the keyboard.

    Raises
    ------
    Diverged
        Where the loss is no longer a number: it says at which step, how long the gradient was,
        and what to try.  The parameters are those before that step.
    ValueError
        What the layer, the loss and the optimizer refuse.

    Examples
    --------
    >>> from rnncore.batches import minibatches
    >>> from rnncore.optimizers import Adam
    >>> from rnncore.vanilla import VanillaRNN
    >>> rng = np.random.default_rng(0)
    >>> net = VanillaRNN(1, 1, rng=rng)
    >>> x = rng.normal(size=(20, 100, 1))
    >>> target = np.tanh(0.5 * x)
    >>> history = fit(net, minibatches(x, target, size=10, rng=rng),
    ...               optimizer=Adam(net.params, 0.01), steps=300)
    >>> len(history.loss), history.loss[-1] < 0.01 * history.loss[0]
    (300, True)

    A loss of one's own, the absolute error, and a rate that is a tenth at the end:

    >>> from rnncore.losses import weights
    >>> def absolute(y, target, mask=None):
    ...     share = weights(mask, y.shape)
    ...     return (share * abs(y - target)).sum().item(), share * np.sign(y - target)
    >>> history = fit(net, minibatches(x, target, size=10, rng=rng), loss=absolute,
    ...               optimizer=Adam(net.params, 0.01), steps=300,
    ...               rate=lambda step: 0.01 * 0.1 ** (step / 300))
    >>> history.loss[-1] < 0.01
    True
    """
    steps, every = whole(steps, "steps"), whole(every, "every")
    clip = clip if clip is None else number(clip, "clip", above=0)
    k2 = k2 if k2 is None else whole(k2, "k2")
    patience = patience if patience is None else whole(patience, "patience")
    if patience is not None and validation is None:
        raise ValueError("patience must come with validation, or there is nothing to wait for")
    if metric is not None and validation is None:
        raise ValueError("metric must come with validation, of which it is taken")
    metric = metric if metric is None else function(metric, "metric")
    rate = rate if rate is None else function(rate, "rate")
    _fitting(layer, optimizer)
    history, best = History(), None
    judge = (
        None if validation is None else _judge(layer, validation, function(loss, "loss"), metric)
    )

    def validate():
        nonlocal best
        count = len(history.loss)
        now, measured = judge()
        history.validation[count] = now
        if metric:
            history.metric[count] = measured
        if history.best is None or now < history.validation[history.best]:
            history.best, best = count, copy.deepcopy(dict(layer.params))

    if judge:
        validate()
    pieces = islice(_pieces(layer, batches, loss, k2), steps)
    bar = tqdm(total=steps, disable=None if progress is None else not progress)
    try:
        with bar, dropping(layer), np.errstate(over="ignore", invalid="ignore"):
            for value, gradients in pieces:
                length = norm(gradients)
                if not np.isfinite([value, length]).all():
                    raise NotFinite
                if rate:
                    optimizer.rate = rate(len(history.loss))
                optimizer.step(clip_by_norm(gradients, clip) if clip else gradients)
                history.loss.append(value)
                history.norm.append(length)
                bar.update()
                count = len(history.loss)
                if judge and count % every == 0:
                    validate()
                    bar.set_postfix(held_out=history.validation[count])
                    if patience is not None and (count - history.best) // every >= patience:
                        history.stopped = "no better for so long"
                        break
            else:
                full = len(history.loss) == steps
                history.stopped = "all steps taken" if full else "no more batches"
    except NotFinite as error:
        history.stopped = "diverged"
        raise Diverged(history) from error
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    if judge:
        if len(history.loss) not in history.validation:
            validate()  # the last state may be the best
        layer.params = best
    return history


def _fitting(layer, optimizer):
    """Refuse what cannot be trained, or would not be."""
    instance(layer, Layer, "layer")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer must be one of rnncore.optimizers, got {said(optimizer)}")
    if not optimizer.holds(layer.params):
        raise ValueError(
            "optimizer must hold the layer's own arrays: make it with layer.params, after the"
            " layer has its last form"
        )


def _judge(layer, validation, loss, metric):
    """Return a function that gives loss and metric on what was held out, without dropout."""
    x, target, mask = batch(validation, "validation")

    def judge():
        with dropping(layer, False):
            y = layer.forward(x)[0]
        measured = number(metric(y, target, mask), "metric(y, target, mask)") if metric else None
        return loss(y, target, mask)[0], measured

    return judge


def _pieces(layer, batches, loss, k2):
    """Yield loss and gradients of each batch; what the batches hold is checked before."""
    if not np.iterable(batches):
        raise TypeError(f"batches must be an iterable of (x, target, mask), got {said(batches)}")
    checked = map(batch, batches)
    if k2 is not None:
        return ((c.loss, c.gradients) for c in truncated(layer, checked, loss, k2=k2))
    return _whole_batches(layer, checked, loss)


def _whole_batches(layer, batches, loss):
    for x, target, mask in batches:
        y, tape = layer.forward(x)
        value, dy = loss(y, target, mask)
        yield value, layer.backward(dy, tape)[1]


@contextmanager
def dropping(layer, at_work=True):
    """Switch the `Dropout` layers of a stack on or off, and back afterwards.

    >>> from rnncore.deep import Dropout
    >>> layer = Dropout(0.5, rng=np.random.default_rng(0))
    >>> with dropping(layer):
    ...     print(layer.dropping)
    True
    >>> layer.dropping
    False
    """
    before = getattr(layer, "dropping", None)
    if before is None:
        yield
        return
    layer.dropping = at_work
    try:
        yield
    finally:
        layer.dropping = before
