"""The gradient on its way back: the numbers, the curve in its frame, and what is said of it."""

import re

import numpy as np
import pytest

from rnnbook.exercises import verdict
from rnnbook.playthings import gradients as module
from rnnbook.playthings.gradients import (
    EXAMPLES,
    HIGH,
    LOW,
    RADII,
    STEEPEST,
    frame,
    lengths,
    vanishing,
)
from rnncore.gradients import spectral_radius


def curve(shown, marks='"2.5"'):
    """The points of a drawn line: the gradient's, or with a dash pattern that of the bound."""
    (path,) = re.findall(rf'<path d="M([^"]*)" fill="none"[^>]*{marks}', shown.svg)
    return np.array([point.split() for point in path.split("L")], float)


def test_linear_lengths_are_those_of_the_powers_of_W():
    found, stretch = lengths("identity", 0.8, hidden=5, steps=7)
    rng = np.random.default_rng(0)
    W = rng.normal(size=(5, 5))
    W *= 0.8 / spectral_radius(W)
    rng.uniform(size=(2, 5, 5))  # what the layer draws
    last = rng.normal(size=(2, 1, 5))[1, 0]
    last /= np.linalg.norm(last)
    powers = [np.linalg.matrix_power(W.T, 7 - t) @ last for t in range(8)]
    assert found == pytest.approx(np.linalg.norm(powers, axis=1))
    assert stretch == pytest.approx(np.linalg.norm(W, 2))


@pytest.mark.parametrize(("activation", "noise", "steps"), EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
def test_no_gradient_is_longer_than_the_bound(activation, noise, steps, radius):
    found, stretch = lengths(activation, radius, noise, steps=steps)
    bound = (STEEPEST[activation] * stretch) ** np.arange(len(found))[::-1]
    assert found.shape == (steps + 1,) and found[-1] == 1
    assert (found <= bound * (1 + 1e-9)).all()


def test_steepest_slopes_are_reached_and_not_passed():
    z = np.linspace(-3, 3, 601)
    for name, most in STEEPEST.items():
        f = module.VanillaRNN(1, 1, rng=np.random.default_rng(0), activation=name).f
        assert np.abs(f.slope(f.f(z))).max() == pytest.approx(most)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (("logistic", 0.5), "vanishes"),
        (("logistic", 0.5), "so it had to vanish"),
        (("identity", 5.0), "explodes"),
        (("identity", 1.0), "arrives"),
        (("identity", 1.0), "so it may vanish, arrive or explode"),
        (("tanh", 0.5), "so it cannot explode, and in many more steps it has to vanish"),
        (("identity", 5.0), "at step 0: it leaves the picture."),
        (("logistic", 0.5), "at step 0: it leaves the picture."),
    ],
)
def test_sentence_says_what_came(case, said):
    assert said in frame(*case).sentence


def test_what_stays_in_the_picture_is_not_said_to_leave_it():
    assert "leaves" not in frame("identity", 1.0).sentence


@pytest.mark.parametrize("example", EXAMPLES)
def test_curves_stay_in_the_frame_and_go_back_in_time(example):
    activation, noise, steps = EXAMPLES[example]
    for radius in RADII:
        shown = frame(activation, radius, noise, steps=steps)
        for marks in ('"2.5"', "stroke-dasharray"):
            x, y = curve(shown, marks).T
            assert (np.diff(x) < 0).all() and x[0] == pytest.approx(module.LEFT + module.WIDE)
            assert module._height(HIGH) <= y.min() and y.max() <= module._height(LOW)


def test_curve_is_where_the_numbers_are():
    found, _ = lengths("tanh", 0.9)
    x, y = curve(frame("tanh", 0.9)).T
    assert len(x) == 51
    powers = HIGH - (y[::-1] - module.TOP) / module.DECADE
    assert powers == pytest.approx(np.log10(found), abs=0.02)


def test_gradient_of_nothing_falls_to_the_floor():
    shown = frame("relu", 0.5, hidden=1, steps=3, seed=2)
    assert "and 0 at step 0: it leaves the picture." in shown.sentence
    assert curve(shown)[-1, 1] == module._height(LOW)


def test_player_has_a_frame_for_each_radius():
    play = vanishing(radii=(0.5, 2.0), hidden=8)
    assert list(play.presets) == list(EXAMPLES)
    assert all(len(frames) == 2 for frames in play.presets.values())
    own = vanishing({"mine": ("tanh", 1.0, 10)}, radii=(1.0,), hidden=4)
    assert list(own.presets) == ["mine"]


def at_the_start(example, radius):
    activation, noise, steps = EXAMPLES[example]
    return lengths(activation, radius, noise, steps=steps)[0][0]


def test_what_the_chapter_asks_the_reader_to_look_for():
    assert at_the_start("linear", 0.95) < 0.1 < 1 < at_the_start("linear", 1.05)
    assert at_the_start("tanh, noisy input", 1.0) < 1e-3 < at_the_start("tanh", 1.0)
    assert all(at_the_start("logistic", radius) < 1e-3 for radius in RADII)
    assert at_the_start("tanh", 5.0) > 1e3
    arrives = {
        example: [radius for radius in RADII if 1e-3 <= at_the_start(example, radius) <= 1e3]
        for example in ("tanh, 10 steps", "tanh", "tanh, 200 steps")
    }
    assert [(r[0], r[-1]) for r in arrives.values()] == [(0.7, 5.0), (0.95, 2.0), (1.0, 1.5)]
    assert lengths("logistic", 2.0)[1] / 4 < 1 < lengths("logistic", 3.0)[1] / 4
    assert all(at_the_start("relu", r) < at_the_start("linear", r) for r in RADII)


@pytest.mark.parametrize(
    ("radius", "said"),
    [(r, "larger") for r in (0.3, 0.5, 0.8, 1.2, 1.5)]
    + [(r, "smaller") for r in (1.9, 2, 2.5, 3, 5, 50)],
)
def test_wrong_radius_is_tried_and_its_side_is_said(radius, said):
    assert f"a {said} radius" in verdict("gradients-balance", radius)


@pytest.mark.parametrize("radius", [-1, 0, 1e-9, 0.2, 1, 9, 300, 1e300])
def test_no_wrong_radius_is_called_close(radius):
    said = verdict("gradients-balance", radius)
    assert said.startswith("Not yet") and "close" not in said
