"""Gradients: how they grow and shrink through time, how they are clipped, how they are checked.

    dL/dh_t = J_{t+1}^T ... J_T^T dL/dh_T,   J_t = dh_t/dh_{t-1}

For the vanilla layer J_t = diag(f'(z_t)) W.

Bengio, Y., Simard, P. and Frasconi, P. (1994). Learning long-term dependencies with gradient
descent is difficult. IEEE Transactions on Neural Networks 5, 157-166.
Pascanu, R., Mikolov, T. and Bengio, Y. (2013). On the difficulty of training recurrent neural
networks. ICML, 1310-1318.
"""

import math
from collections.abc import Mapping

import numpy as np

from rnncore.arrays import (
    array,
    finite,
    function,
    generator,
    instance,
    number,
    said,
    sequence,
    shaped,
    whole,
)
from rnncore.layers import Layer
from rnncore.parameters import params_of, replaced


def through_time(layer, x, dy, state=None, dstate=None):
    """Return the length of the gradient that comes back to each state, |dL/dh_t|.

    Parameters
    ----------
    layer : any layer with a state
        What counts is its whole state: h and c of an LSTM, the states of all layers of a stack.
    x : array (T, B, I)
    dy : array (T, B, O)
        dL/dy at each step; zeros where nothing is asked of an output.
    state, dstate : optional
        The first state, and dL/d(last state) from whatever comes after; zeros where None.

    Returns
    -------
    array (T, B)
        Entry t is for the state after t steps: entry 0 for the first state, the last entry for
        the state before the last step.  What an output asks of the state of its own step is not
        in it: it counts what comes back from later steps.

    Examples
    --------
    A linear unit with the weight 1/2 halves a gradient at each step back.

    >>> from rnncore.vanilla import VanillaRNN
    >>> layer = VanillaRNN(1, 1, rng=np.random.default_rng(0), activation="identity")
    >>> layer.params["W"][:] = 0.5
    >>> dy = np.zeros((4, 1, 1))
    >>> dy[-1] = 1.0
    >>> through_time(layer, np.zeros((4, 1, 1)), dy)[:, 0]
    array([0.0625, 0.125 , 0.25  , 0.5   ])
    """
    instance(layer, Layer, "layer")
    x, dy = sequence(x, layer.inputs), sequence(dy, layer.outputs, "dy")
    if dy.shape[:2] != x.shape[:2]:
        raise ValueError(f"dy must begin with {x.shape[:2]}, as x, got {dy.shape}")
    tapes = []
    for t in range(len(x)):  # in chunks of one step: between two of them the state can be seen
        tapes.append(layer.forward(x[t : t + 1], state)[1])
        state = tapes[-1].state
    norms = []
    for t in reversed(range(len(x))):
        _, _, dstate = layer.backward(dy[t : t + 1], tapes[t], dstate)
        norms.append(np.sqrt(_sum_of_squares(dstate)))
    return np.array(norms[::-1])


def jacobians(layer, tape, sequence=0):
    """Return dh_t/dh_{t-1} = diag(f'(z_t)) W of a vanilla layer, for each step of one sequence.

    Parameters
    ----------
    layer : VanillaRNN
    tape : Tape
        From its forward pass.
    sequence : int
        Which sequence of the batch.

    Returns
    -------
    array (T, H, H)
        The product of entries T-1, ..., 0, in this order, is dh_T/dh_0.

    Examples
    --------
    >>> from rnncore.vanilla import VanillaRNN
    >>> layer = VanillaRNN(2, 3, rng=np.random.default_rng(0))
    >>> _, tape = layer.forward(np.ones((5, 1, 2)))
    >>> J = jacobians(layer, tape)
    >>> np.linalg.multi_dot(J[::-1]).shape
    (3, 3)
    """
    if not isinstance(layer, Layer) or not hasattr(layer, "f") or "W" not in layer.params:
        raise TypeError(f"layer must be a VanillaRNN, got {said(layer)}")
    if not isinstance(tape, layer.Tape):
        raise TypeError(f"tape must be from the forward pass of {layer.title}, got {said(tape)}")
    sequence = whole(sequence, "sequence", least=0, most=tape.h.shape[1] - 1)
    return layer.f.slope(tape.h[1:, sequence])[:, :, np.newaxis] * layer.params["W"]


def spectral_radius(W):
    """Return the greatest modulus of the eigenvalues of W (H, H), complex ones among them.

    >>> spectral_radius(np.array([[0.0, -2.0], [0.5, 0.0]]))
    1.0
    """
    W = finite(W, "W")
    if W.ndim != 2 or W.shape[0] != W.shape[1] or not W.size:
        raise ValueError(f"W must have shape (H, H), got {W.shape}")
    return float(np.abs(np.linalg.eigvals(W)).max())


def orthogonal(size, rng, scale=1.0):
    """Draw an orthogonal matrix (H, H), each as likely as any other, times `scale`.

    It turns and mirrors, and keeps every length; with it as W, a linear network neither
    stretches nor shrinks a gradient.

    Saxe, A. M., McClelland, J. L. and Ganguli, S. (2014). Exact solutions to the nonlinear
    dynamics of learning in deep linear neural networks. ICLR.

    >>> Q = orthogonal(3, np.random.default_rng(0))
    >>> bool(np.allclose(Q @ Q.T, np.eye(3)))
    True
    """
    size, rng, scale = whole(size, "size"), generator(rng), number(scale, "scale")
    Q, R = np.linalg.qr(rng.normal(size=(size, size)))
    return scale * Q * np.sign(np.diag(R))  # without the signs, some would be more likely


def norm(gradients):
    """Return the length of all gradients taken together as one vector.

    >>> norm({"w": np.array([3.0]), "b": np.array([[4.0]])})
    5.0
    """
    arrays = list(_arrays(gradients).values())
    largest = max((float(np.abs(g).max(initial=0)) for g in arrays), default=0.0)
    if not 0 < largest < math.inf:
        return largest
    # In shares of the largest number, squares neither overflow nor vanish.
    return largest * math.sqrt(sum(np.vdot(g / largest, g / largest).real for g in arrays))


def clip_by_norm(gradients, limit):
    """Shorten the gradients to the length `limit` where they are longer, and keep the direction.

    Pascanu, Mikolov and Bengio (2013).

    Parameters
    ----------
    gradients : dict of str to array
    limit : float
        Greater than 0.

    Returns
    -------
    dict of str to array

    Examples
    --------
    >>> clip_by_norm({"w": np.array([3.0, 4.0])}, limit=1.0)
    {'w': array([0.6, 0.8])}
    """
    limit, length = number(limit, "limit", above=0), norm(gradients)
    if not limit < length:
        return gradients
    gradients = _arrays(gradients)
    return {name: g * (limit / length) for name, g in gradients.items()}


def clip_by_value(gradients, limit):
    """Cut each number of the gradients at +-`limit`; the direction may change.

    Mikolov, T. (2012). Statistical language models based on neural networks. PhD thesis, Brno.

    Examples
    --------
    >>> clip_by_value({"w": np.array([3.0, -0.5])}, limit=1.0)
    {'w': array([ 1. , -0.5])}
    """
    limit = number(limit, "limit", above=0)
    return {name: np.clip(g, -limit, limit) for name, g in _arrays(gradients).items()}


def central_differences(f, x, step=1e-5):
    """Return the gradient of f at x from two nearby points for each number.

        df/dx_i = (f(x + step e_i) - f(x - step e_i)) / (2 step) + O(step^2)

    Parameters
    ----------
    f : callable
        f(array) returns a number.
    x : array of any shape
    step : float
        Too large and the curve bends in between; too small and the difference drowns in rounding.

    Examples
    --------
    >>> central_differences(lambda x: (x**2).sum(), np.array([1.0, 2.0])).round(6)
    array([2., 4.])
    """
    f, step = function(f, "f"), number(step, "step", above=0)
    return _one_by_one(x, float, lambda there: f(there(step)) - f(there(-step))) / (2 * step)


def complex_step(f, x, step=1e-30):
    """Return the gradient of f at x by a step into the complex plane for each number.

        df/dx_i = Im f(x + i step e_i) / step

    Nothing is subtracted, so nothing is lost: it is exact to rounding.
    Squire, W. and Trapp, G. (1998). Using complex variables to estimate derivatives of real
    functions. SIAM Review 40, 110-112.

    Parameters
    ----------
    f : callable
        f(array) returns a number; it must take complex arrays, and be analytic: no abs, no max.
    x : array of any shape

    Examples
    --------
    >>> complex_step(lambda x: np.sin(x).sum(), np.array([0.0, 1.0])) - np.cos([0.0, 1.0])
    array([0., 0.])
    """
    f, step = function(f, "f"), number(step, "step", above=0)
    return _one_by_one(x, complex, lambda there: f(there(step * 1j)).imag) / step


def numeric(layer, x, dy, state=None, dstate=None, method=complex_step):
    """Return the gradients of a layer without its `backward`, from forward passes only.

    They are those of L = sum(dy y) + sum(dstate last state), so that they must agree with
    `layer.backward(dy, tape, dstate)`.

    Parameters
    ----------
    layer : any layer
    x, dy : arrays (T, B, I) and (T, B, O)
    state, dstate : optional
        As in `forward` and `backward`.
    method : callable
        `complex_step` or `central_differences`.

    Returns
    -------
    dx : array (T, B, I)
    gradients : dict
        The names of `layer.params`.

    Examples
    --------
    >>> from rnncore.vanilla import VanillaRNN
    >>> layer = VanillaRNN(1, 2, rng=np.random.default_rng(0))
    >>> x, dy = np.ones((4, 1, 1)), np.ones((4, 1, 2))
    >>> _, tape = layer.forward(x)
    >>> _, gradients, _ = layer.backward(dy, tape)
    >>> bool(np.allclose(gradients["W"], numeric(layer, x, dy)[1]["W"], rtol=1e-14))
    True
    """

    def loss(x, params):
        y, tape = replaced(layer, params).forward(x, state)
        return np.sum(dy * y) + _dot(dstate, tape.state)

    params, method = params_of(layer), function(method, "method")
    y, tape = layer.forward(x, state)
    x, dy = sequence(x), shaped(dy, y.shape, "dy")
    if isinstance(layer, Layer):
        layer.backward(dy, tape, dstate)  # which checks dstate
    gradients = {
        name: method(lambda value, name=name: loss(x, params | {name: value}), array)
        for name, array in params.items()
    }
    return method(lambda x: loss(x, params), x), gradients


def _one_by_one(x, kind, difference):
    """Call `difference` for each number of x; it gets a function that nudges this number."""
    x = finite(x, "x")
    result = np.empty(x.shape)
    for place in np.ndindex(*x.shape):

        def there(nudge, place=place):
            nudged = x.astype(kind)
            nudged[place] += nudge
            return nudged

        result[place] = difference(there)
    return result


def _sum_of_squares(state):
    """Sum over the features of a state (B, H), or of all states of a tuple: (B,)."""
    if isinstance(state, np.ndarray):
        return (np.abs(state) ** 2).sum(axis=-1)
    return sum(_sum_of_squares(part) for part in state if part is not None)


def _dot(dstate, state):
    """Sum of the products of two states, which may be tuples of states."""
    if dstate is None:
        return 0.0
    if isinstance(dstate, np.ndarray):
        return np.sum(dstate * state)
    return sum(_dot(d, s) for d, s in zip(dstate, state, strict=True))


def _arrays(gradients):
    if not isinstance(gradients, Mapping):
        raise TypeError(f"gradients must be a dict of arrays, got {said(gradients)}")
    return {name: array(g, f"gradient of {name}") for name, g in gradients.items()}
