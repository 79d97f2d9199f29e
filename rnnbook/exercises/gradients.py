"""The exercises of the chapter on vanishing and exploding gradients."""

from functools import cache

import numpy as np

from rnnbook.answers import is_number
from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.gradients import clip_by_norm, clip_by_value, spectral_radius, through_time
from rnncore.vanilla import VanillaRNN


def _diagonal(steps=20):
    return tuple(float(n) for n in np.linalg.matrix_power(np.diag([0.9, 1.1]), steps).diagonal())


W_TURNING = np.array([[0.9, -0.6], [0.6, 0.9]])


def _eigenvalue():
    return complex(np.linalg.eigvals(W_TURNING)[0])


def _turned(clip=clip_by_value):
    """Return by how many degrees clipping at 1 turns the gradient (8, 1)."""
    before = {"w": np.array([8.0, 1.0])}
    a, b = before["w"], clip(before, 1.0)["w"]
    return float(np.degrees(np.arctan2(*b[::-1]) - np.arctan2(*a[::-1])))


def _back(g, slopes):
    """Return dh_0, ..., dh_{T-1} of a unit with the loop weight g, where dh_T = 1."""
    result, dh = [], 1.0
    for slope in slopes[::-1]:
        dh *= slope * g
        result.insert(0, dh)
    return tuple(result)


def _back_reversed(g, slopes):
    return _back(g, slopes)[::-1]


def _back_without_g(g, slopes):
    return _back(1.0, slopes)


def _back_without_slopes(g, slopes):
    return _back(g, [1.0] * len(slopes))


def _back_from_the_front(g, slopes):
    return _back(g, slopes[::-1])[::-1]


def _back_with_the_last(g, slopes):
    return (*_back(g, slopes), 1.0)


@cache
def _balanced():
    """Find the radius at which the median of log10 |dh_0| over ten networks is 0."""
    low, high = 0.5, 4.0
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (low, middle) if _median(middle) > 0 else (middle, high)
    return (low + high) / 2


def _median(radius):
    return float(np.median([came_back(radius, seed) for seed in range(10)]))


def came_back(radius, seed, *, noise=0.5, hidden=50, steps=50):
    """Return log10 |dh_0| of a random tanh network, for a gradient of length 1 at the end."""
    rng = np.random.default_rng(seed)
    layer = VanillaRNN(hidden, hidden, rng=rng)
    W = rng.normal(size=(hidden, hidden))
    layer.params["U"][:] = np.eye(hidden)
    layer.params["W"][:] = radius / spectral_radius(W) * W
    x = noise * rng.normal(size=(steps, 1, hidden))
    last = rng.normal(size=(1, hidden))
    last /= np.linalg.norm(last)
    return float(np.log10(through_time(layer, x, np.zeros_like(x), dstate=last)[0, 0]))


class _Balance(Exercise):
    """A radius that is not right is tried out, and the reader hears what the gradient did."""

    def unknown(self, answer):
        """Say on which side of the balance the radius is."""
        if not is_number(answer) or not 0.2 <= answer <= 50:
            return super().unknown(answer)
        power = _median(answer)
        did, other = ("grows", "smaller") if power > 0 else ("shrinks", "larger")
        return (
            f"Not yet: there the gradient {did}, to the length {10**power:.2g} in the median."
            f" Try a {other} radius."
        )


EXERCISES = {
    "gradients-diagonal": Exercise(
        right=_diagonal,
        praise="Without f, and with a diagonal W, each unit is alone with its own factor: one part"
        " of the gradient vanishes while the other grows, in one and the same network.",
        hints=(
            "Write down W as a matrix. What does a step back do to the first number of a gradient,"
            " and what to the second?",
            "A step back multiplies by the transposed W, and there is no f. A diagonal matrix"
            " leaves each number alone with its own factor, the same at every step.",
            "One step back, at step 19, the gradient is (0.9, 1.1).",
        ),
        mistakes=(
            (lambda: _diagonal()[::-1], "the numbers are right; the component with 0.9 is first."),
            (lambda: _diagonal(19), "from step 20 to step 0 there is one factor more."),
            (lambda: _diagonal(21), "from step 20 to step 0 there is one factor less."),
            (lambda: (20 * 0.9, 20 * 1.1), "the factors are multiplied, and not added."),
            (
                lambda: _diagonal(-20),
                "those are the inverse factors. Going back undoes nothing: a step back multiplies"
                " by the transposed W.",
            ),
            (lambda: (0.9, 1.1), "that is the gradient one step back, at step 19."),
        ),
        tolerance=0.005,
    ),
    "gradients-turning": Exercise(
        right=lambda: abs(_eigenvalue()),
        praise="The eigenvalues are 0.9 ± 0.6 i. Their real part is less than 1, and yet every"
        " gradient grows, because it is turned and stretched: the modulus counts.",
        hints=(
            "The matrix has the form of the turning one in the text.",
            "Its eigenvalues are complex, a + i b and a - i b; what counts is their modulus, the"
            " length in the plane of a and b.",
            "a stands on the diagonal and b beside it.",
        ),
        mistakes=(
            (lambda: _eigenvalue().real, "that is the real part. What does the other part do?"),
            (lambda: abs(_eigenvalue().imag), "that is the imaginary part alone."),
            (lambda: abs(_eigenvalue()) ** 2, "that is a² + b². One step is missing."),
            (
                lambda: _eigenvalue().real + abs(_eigenvalue().imag),
                "the two parts stand at a right angle, so they do not add up like this.",
            ),
            (lambda: 1.2, "too large. If that is a² + b², rounded: one step is missing."),
            (lambda: 1.0, "then it would keep every length. Try it on the gradient (1, 0)."),
        ),
        tolerance=0.005,
    ),
    "gradients-clip": Exercise(
        right=_turned,
        praise="Cut at 1, (8, 1) becomes (1, 1): the weight that was asked to move an eighth as"
        " far as the other now moves as far. Clipping by norm would not have turned it.",
        hints=(
            "Draw the gradient as an arrow in the plane of the two weights. What does (8, 1) become"
            " if each number is cut at 1?",
            "Take the angle of each arrow above the first axis, np.degrees(np.arctan2(second,"
            " first)), and the difference of the two.",
            "After clipping, both numbers are 1.",
        ),
        mistakes=(
            (lambda: _turned(clip_by_norm), "that is clipping by norm, which keeps the direction."),
            (lambda: 45.0, "that is the angle after clipping. Which one was it before?"),
            (lambda: 45.0 - _turned(), "that is the angle before clipping. How large is it after?"),
            (lambda: float(np.radians(_turned())), "that is in radians; asked for are degrees."),
            (lambda: -_turned(), "the size is right; give it without the sign."),
        ),
        tolerance=0.003,
    ),
    "gradients-back": FunctionExercise(
        right=_back,
        praise="Each step back brings one more factor f' g, so that T numbers cost T products.",
        hints=(
            "Begin at the end, where dh_T = 1, and go back as in the section on the way back.",
            "Each step back multiplies by the slope of that step and by g. Keep what comes out, and"
            " put it in front of what you have.",
            "The last entry of the list, dh_{T-1}, is the last slope times g.",
        ),
        cases=(
            (0.5, [1.0, 1.0, 1.0]),
            (2.0, [0.25, 0.1, 0.2]),
            (-3.0, [0.5, 0.2]),
            (1.5, [0.9]),
        ),
        mistakes=(
            (_back_reversed, "the numbers are right. The list should begin with the first state."),
            (_back_without_g, "the slopes are there. Each step back also brings a factor g."),
            (_back_without_slopes, "g is there. Each step back also brings the slope of its step."),
            (
                _back_from_the_front,
                "you multiply from the first step on. The way back begins with the last slope.",
            ),
            (
                _back_with_the_last,
                "right, and then one too many: leave out dh_T, which is 1.",
            ),
        ),
        tolerance=1e-9,
    ),
    "gradients-balance": _Balance(
        right=_balanced,
        praise="The noise moves the units to where the slope is less than 1, and the weights have"
        " to make up for it. Near this radius it comes out even, in the median; single networks"
        " differ.",
        hints=(
            "At the radius 1 the player showed the noisy network's gradient vanish. In which"
            " direction do you have to go?",
            "Take the median of came_back(radius, seed) for ten seeds, at a radius where it is"
            " below 0 and at one where it is above. Halve the distance again and again, so that the"
            " two ends keep their signs.",
            "np.median([came_back(1.0, seed) for seed in range(10)]) is far below 0. Try 3.",
        ),
        mistakes=(
            (
                lambda: 1.0,
                "that would be even in the long run without f. What do the slopes of f do to it?",
            ),
        ),
        tolerance=0.04,
    ),
}
