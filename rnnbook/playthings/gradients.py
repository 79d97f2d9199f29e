"""The length of a gradient on its way back through time, one spectral radius a frame."""

from math import log10

import numpy as np

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.graph import SUPERSCRIPTS
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import number, whole
from rnncore.gradients import spectral_radius, through_time
from rnncore.rounding import rounded, scientific
from rnncore.vanilla import VanillaRNN

# What the reader chooses from: the activation, how strong the noise is that each unit hears, and T.
EXAMPLES = {
    "linear": ("identity", 0.0, 50),
    "tanh": ("tanh", 0.0, 50),
    "tanh, noisy input": ("tanh", 0.5, 50),
    "logistic": ("logistic", 0.0, 50),
    "relu": ("relu", 0.0, 50),
    "tanh, 10 steps": ("tanh", 0.0, 10),
    "tanh, 200 steps": ("tanh", 0.0, 200),
}
RADII = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0)
STEEPEST = {"identity": 1.0, "tanh": 1.0, "relu": 1.0, "logistic": 0.25}  # the bound on |f'|

# Layout in pixels: all steps together are WIDE, a factor of ten is DECADE high.
LEFT, TOP, WIDE, DECADE = 44, 30, 270, 4.8
LOW, HIGH = -24, 16  # powers of ten
VANISHES, EXPLODES = 1e-3, 1e3  # lengths at step 0 from which on one says so
GUESS = Guess(
    "Guess first: tanh, 50 steps, the spectral radius 5. What does the gradient do?",
    ("it vanishes", "it arrives", "it explodes"),
    "it explodes",
    "Many units are saturated, at the flat ends of tanh, but the slopes that are left, times"
    " weights of this size, come to more than 1.",
    at=("tanh", -1),
)


def vanishing(examples=None, radii=RADII, **sizes):
    """Show how long a gradient is at each step on its way back, as a player.

    Parameters
    ----------
    examples : dict of str to (str, float, int)
        For each example of the player an activation, the standard deviation of the input that
        each unit gets, and T; `EXAMPLES` unless given.
    radii : sequence of float
        The spectral radius of W, one frame for each.
    **sizes
        hidden and seed, as for `lengths`.
    """
    made = {
        name: [frame(activation, radius, noise, steps=steps, **sizes) for radius in radii]
        for name, (activation, noise, steps) in (EXAMPLES if examples is None else examples).items()
    }
    label = "The length of a gradient on its way back through time, one spectral radius a frame"
    guess = GUESS if examples is None else None  # it is about one of `EXAMPLES`
    return player(made, label=label, handle="spectral radius", guess=guess)


def lengths(activation, radius, noise=0.0, *, hidden=64, steps=50, seed=0):
    """Send a gradient of length 1 back through a random network.

    Parameters
    ----------
    activation : str
        f, a name in `rnncore.activations.ACTIVATIONS`.
    radius : float
        The spectral radius to which a matrix W of normal random numbers is scaled.
    noise : float
        Standard deviation of the normal noise that each unit gets as its own input.
    hidden, steps : int
        H and T.
    seed : int
        Of W, the first state, the noise and the gradient, which are the same for every radius.

    Returns
    -------
    array (T + 1,)
        |dh_t|, the length of the gradient with respect to h_t, for t = 0, ..., T; the last is 1.
    stretch : float
        The largest singular value of W.

    Examples
    --------
    >>> found, stretch = lengths("identity", 0.9)
    >>> bool(found[0] < 0.1 < 1 < stretch)
    True
    """
    radius, noise = number(radius, "radius", above=0), number(noise, "noise", least=0)
    hidden, steps = whole(hidden, "hidden"), whole(steps, "steps")
    rng = np.random.default_rng(whole(seed, "seed", least=0))
    W = rng.normal(size=(hidden, hidden))
    layer = VanillaRNN(hidden, hidden, rng=rng, activation=activation)
    layer.params["U"][:] = np.eye(hidden)
    layer.params["W"][:] = W = radius / spectral_radius(W) * W
    state, last = rng.normal(size=(2, 1, hidden))
    x = noise * rng.normal(size=(steps, 1, hidden))
    last /= np.linalg.norm(last)
    back = through_time(layer, x, np.zeros_like(x), state, last)[:, 0]
    return np.append(back, 1.0), float(np.linalg.norm(W, 2))


def frame(activation, radius, noise=0.0, **sizes):
    """Draw one `Frame`: the lengths over t, beside what the bound allows."""
    found, stretch = lengths(activation, radius, noise, **sizes)
    rate = STEEPEST[activation] * stretch
    return Frame(_drawn(radius, found, rate), _sentence(radius, found, rate))


def _drawn(radius, found, rate):
    steps = len(found) - 1
    right, bottom, column = LEFT + WIDE, _height(LOW), WIDE / steps
    canvas = Canvas()
    canvas.text(4, 14, "|dhₜ|", "gradient", anchor="start")
    canvas.text(right, 14, f"spectral radius {radius:g}", anchor="end", lit=True)
    for power in range(LOW, HIGH + 1, 8):
        y = _height(power)
        canvas.text(LEFT - 5, y + 4, _power(power), anchor="end")
        canvas.line([(LEFT, y), (right, y)], strength=0.6 if power == 0 else 0.2)
    for t in range(0, steps + 1, max(1, steps // 5)):
        canvas.text(LEFT + t * column, bottom + 16, str(t))
    canvas.text((LEFT + right) / 2, bottom + 32, "step t")
    canvas.line(_path([(steps, 0.0), (0, steps * log10(rate))], column), dashed=True)
    powers = [(t, log10(length) if length else -np.inf) for t, length in enumerate(found)]
    canvas.line(_path(powers[::-1], column), "gradient", width=2.5)
    return canvas.svg(right + 16, bottom + 38)


def _height(power):
    return TOP + (HIGH - power) * DECADE


def _path(powers, column):
    """Place points (t, power of ten), going back in time, up to where they leave the frame."""
    points, before = [], None
    for t, power in powers:
        if not LOW <= power <= HIGH:
            edge = LOW if power < LOW else HIGH
            if np.isfinite(power):
                share = (edge - before[1]) / (power - before[1])
                points.append((before[0] + share * (t - before[0]), edge))
            else:
                points.append((t, edge))
            break
        points.append(before := (t, power))
    return [(LEFT + t * column, _height(power)) for t, power in points]


def _sentence(radius, found, rate):
    """Say how long the gradient is at the start, and what the bound had to say about it."""
    steps, first = len(found) - 1, found[0]
    came = "explodes" if first > EXPLODES else "vanishes" if first < VANISHES else "arrives"
    seen = first and log10(min(found)) >= LOW and log10(max(found)) <= HIGH
    return (
        f"Spectral radius {radius:g}: the gradient {came}. Its length is 1 at step {steps}"
        f" and {_number(first)} at step 0{'' if seen else ': it leaves the picture'}."
        f" The bound (dashed) allows a factor {rate:.2f} a step, {_promise(rate, steps)}."
    )


def _promise(rate, steps):
    """Say what the bound leaves open.

    >>> for rate in (0.5, 0.98, 1.1, 2.0):
    ...     print(_promise(rate, steps=50))
    so it had to vanish
    so it cannot explode, and in many more steps it has to vanish
    so it cannot explode in these steps
    so it may vanish, arrive or explode
    """
    allowed = steps * log10(rate)
    if allowed < log10(VANISHES):
        return "so it had to vanish"
    if rate < 1:
        return "so it cannot explode, and in many more steps it has to vanish"
    if allowed <= log10(EXPLODES):
        return "so it cannot explode in these steps"
    return "so it may vanish, arrive or explode"


def _power(power):
    return "1" if power == 0 else "10" + str(power).translate(SUPERSCRIPTS)


def _number(value):
    """Two digits, and a power of ten where there are many.

    >>> _number(388.0), _number(2.13e-9), _number(0.0)
    ('390', '2.1 × 10⁻⁹', '0')
    """
    if value == 0 or 1e-2 <= value < 1e3:
        return rounded(value, 2)
    digits, power = scientific(value, 2, zeros=True)
    return f"{digits} × {_power(power)}"
