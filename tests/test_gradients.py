"""Gradients: through time, clipped, checked."""

import numpy as np
import pytest
from kinds import close, made

from rnncore.gradients import (
    central_differences,
    clip_by_norm,
    clip_by_value,
    complex_step,
    jacobians,
    norm,
    numeric,
    orthogonal,
    spectral_radius,
    through_time,
)


def test_gradient_through_time_is_the_product_of_jacobians():
    layer, x, _, state, dstate = made("vanilla", (7, 3, 2, 4))
    _, tape = layer.forward(x, state)
    lengths = through_time(layer, x, np.zeros((7, 3, 4)), state, dstate)
    assert lengths.shape == (7, 3)
    for b in range(3):
        J, row = jacobians(layer, tape, b), dstate[b]
        for t in reversed(range(7)):
            row = row @ J[t]
            close(lengths[t, b], np.linalg.norm(row))


def test_jacobians_are_slopes_of_the_next_state():
    layer, x, _, state, _ = made("logistic", (3, 1, 2, 4))
    _, tape = layer.forward(x, state)
    J = jacobians(layer, tape)
    for t in range(3):
        for unit in range(4):
            slope = complex_step(
                lambda s, t=t, u=unit: layer.forward(x[t : t + 1], s)[0][0, 0, u], tape.h[t]
            )
            close(J[t, unit], slope[0])


def test_gradient_through_time_counts_the_whole_state():
    layer, x, dy, state, dstate = made("stack", (4, 2, 2, 3))
    lengths = through_time(layer, x, dy, state, dstate)
    _, tape = layer.forward(x, state)
    _, _, (h, (h2, c2), h3) = layer.backward(dy, tape, dstate)
    first = np.sqrt(sum((part**2).sum(axis=1) for part in (h, h2, c2, h3)))
    close(lengths[0], first)


def test_spectral_radius_takes_the_modulus():
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    assert spectral_radius(2 * turn) == pytest.approx(2.0)
    assert spectral_radius(np.array([[0.0, 9.0], [0.0, 0.0]])) == 0.0


def test_orthogonal_matrices_of_either_kind():
    drawn_ones = [orthogonal(3, np.random.default_rng(seed), 2.0) for seed in range(20)]
    for Q in drawn_ones:
        close(Q @ Q.T, 4 * np.eye(3), 1e-12)
    assert {round(np.linalg.det(Q)) for Q in drawn_ones} == {8, -8}


def test_clipping_by_norm_keeps_the_direction():
    gradients = {"w": np.array([3.0, 0.0]), "b": np.array([[4.0]])}
    clipped = clip_by_norm(gradients, 0.5)
    assert norm(clipped) == pytest.approx(0.5)
    close({name: 10 * g for name, g in clipped.items()}, gradients)
    assert clip_by_norm(gradients, 5.0) is gradients
    close(clip_by_value(gradients, 3.5), {"w": np.array([3.0, 0.0]), "b": np.array([[3.5]])}, 0)
    for clip in (clip_by_norm, clip_by_value):
        with pytest.raises(ValueError, match="limit must be greater than 0, got 0"):
            clip(gradients, 0)


def test_two_ways_to_check_a_gradient():
    f = lambda x: (np.sin(x) * np.exp(x)).sum()  # noqa: E731
    x = np.random.default_rng(0).normal(size=(2, 3))
    exact = np.exp(x) * (np.sin(x) + np.cos(x))
    close(complex_step(f, x), exact, 1e-15)
    close(central_differences(f, x), exact, 1e-8)
    assert np.abs(central_differences(f, x) - exact).max() > 1e-14


def test_numeric_gradients_by_central_differences():
    layer, x, dy, state, dstate = made("gru", (3, 2, 2, 2))
    exact = numeric(layer, x, dy, state, dstate)
    close(numeric(layer, x, dy, state, dstate, central_differences), exact, 1e-7)


def test_long_gradients_in_single_precision_are_cut_to_their_limit():
    clipped = clip_by_norm({"w": np.array([3e20, 4e20], np.float32)}, 1.0)
    assert clipped["w"].tolist() == pytest.approx([0.6, 0.8])
