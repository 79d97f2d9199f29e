"""Deep recurrent networks: layers one above the other, which together are a layer again."""

from typing import NamedTuple

import numpy as np

from rnncore.arrays import sequence, shaped
from rnncore.parameters import replaced


class StackTape(NamedTuple):
    """The tapes of the layers of a stack, from the lowest to the highest."""

    tapes: tuple

    @property
    def state(self):
        """The last states of the layers, one entry for each layer."""
        return tuple(tape.state for tape in self.tapes)


class Stack:
    """Layers one above the other: each reads what the one below puts out, at the same step.

    It obeys the contract of the layers, so that a stack may stand in a stack.

    Schmidhuber, J. (1992). Learning complex, extended sequences using the principle of history
    compression. Neural Computation 4, 234-242; El Hihi, S. and Bengio, Y. (1995). Hierarchical
    recurrent neural networks for long-term dependencies. NIPS 8, 493-499.

    Parameters
    ----------
    *layers : layers
        From the lowest to the highest; the features that go out of one go into the next.

    Attributes
    ----------
    layers : list
    params : dict
        The arrays of all layers themselves, named "0.U", "0.W", ..., "1.U", ...
    dropping : bool
        Whether the `Dropout` layers of the stack are at work.

    Examples
    --------
    >>> from rnncore.vanilla import ReadOut, VanillaRNN
    >>> rng = np.random.default_rng(0)
    >>> net = Stack(VanillaRNN(3, 5, rng=rng), VanillaRNN(5, 4, rng=rng), ReadOut(4, 2, rng=rng))
    >>> y, tape = net.forward(np.ones((7, 6, 3)))
    >>> y.shape, [None if s is None else s.shape for s in tape.state]
    ((7, 6, 2), [(6, 5), (6, 4), None])
    >>> list(net.params)
    ['0.U', '0.W', '0.b', '1.U', '1.W', '1.b', '2.V', '2.c']
    """

    def __init__(self, *layers):
        if not layers:
            raise ValueError("layers must be at least one layer, got none")
        self.layers = list(layers)

    @property
    def params(self):
        """The arrays of all layers, named by the number of the layer and their name in it."""
        return {
            f"{k}.{name}": value
            for k, layer in enumerate(self.layers)
            for name, value in layer.params.items()
        }

    @params.setter
    def params(self, params):
        self.layers = [
            replaced(layer, _part(params, k)) if layer.params else layer
            for k, layer in enumerate(self.layers)
        ]

    @property
    def dropping(self):
        """Whether the `Dropout` layers are at work: during training, and not afterwards."""
        return any(getattr(layer, "dropping", False) for layer in self.layers)

    @dropping.setter
    def dropping(self, at_work):
        for layer in self.layers:
            if hasattr(layer, "dropping"):
                layer.dropping = at_work

    def forward(self, x, state=None):
        """Run over x (T, B, I); return the outputs of the highest layer and the tape.

        `state` has one entry for each layer; None, for a layer or for all, means zeros.
        """
        tapes = []
        for layer, first in zip(self.layers, self._split(state, "state"), strict=True):
            x, tape = layer.forward(x, first)
            tapes.append(tape)
        return x, StackTape(tuple(tapes))

    def backward(self, dy, tape, dstate=None):
        """Send dL/dy back through the layers, from the highest to the lowest.

        Returns dL/dx, the gradients of all parameters, and one dL/d(initial state) a layer.
        """
        gradients, dfirst = {}, []
        dlast = self._split(dstate, "dstate")
        for k in reversed(range(len(self.layers))):
            dy, own, first = self.layers[k].backward(dy, tape.tapes[k], dlast[k])
            gradients |= {f"{k}.{name}": value for name, value in own.items()}
            dfirst.insert(0, first)
        return dy, {name: gradients[name] for name in self.params}, tuple(dfirst)

    def _split(self, state, name):
        if state is None:
            return (None,) * len(self.layers)
        if not isinstance(state, tuple | list) or len(state) != len(self.layers):
            raise ValueError(f"{name} must have one entry for each of {len(self.layers)} layers")
        return state


class DropoutTape(NamedTuple):
    """What `Dropout` has to remember: what each value was multiplied with."""

    factor: np.ndarray  # (T, B, I)
    state: None = None


class Dropout:
    """Dropout: in training, a random share of what passes is set to 0, and the rest is raised.

        y = x * m / (1 - rate),   m = 0 with probability `rate`, else 1

    It stands between layers: in the path of a state it would act again at each step on what is
    to be remembered.

    Srivastava, N. et al. (2014). Dropout: a simple way to prevent neural networks from
    overfitting. JMLR 15, 1929-1958; Zaremba, W., Sutskever, I. and Vinyals, O. (2014).
    Recurrent neural network regularization. arXiv:1409.2329.

    Parameters
    ----------
    rate : float
        What share is dropped, 0 <= rate < 1.
    rng : numpy.random.Generator
        Draws what is dropped, anew at each forward pass.

    Attributes
    ----------
    dropping : bool
        False until it is set: then everything passes unchanged, as it should after training.

    Examples
    --------
    >>> layer = Dropout(0.5, rng=np.random.default_rng(0))
    >>> layer.dropping = True
    >>> layer.forward(np.ones((1, 1, 6)))[0]
    array([[[2., 0., 0., 0., 2., 2.]]])
    """

    def __init__(self, rate, *, rng):
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be at least 0 and less than 1, got {rate!r}")
        self.rate, self.rng, self.dropping, self.params = rate, rng, False, {}

    def forward(self, x, state=None):
        """Return x (T, B, I), some of it dropped, and the tape."""
        x = sequence(x, features=np.shape(x)[-1] if np.ndim(x) else 0)
        factor = np.ones(x.shape, np.result_type(x, np.float32))  # single precision stays single
        if self.dropping:
            factor *= (self.rng.random(x.shape) >= self.rate) / (1 - self.rate)
        return x * factor, DropoutTape(factor)

    def backward(self, dy, tape, dstate=None):
        """Send dL/dy (T, B, I) back through what has passed; there are no parameters."""
        return shaped(dy, tape.factor.shape, "dy") * tape.factor, {}, None


def _part(params, k):
    """Return the parameters of layer k, by their name in it."""
    start = f"{k}."
    return {name.removeprefix(start): v for name, v in params.items() if name.startswith(start)}
