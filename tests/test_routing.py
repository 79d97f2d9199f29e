"""Lines between boxes: straight, around what is in their way, apart where they are parallel."""

import numpy as np
import pytest

from rnnbook.pictures.routing import Box, along, route

A, B = Box(0, 0, 40, 30), Box(200, 0, 40, 30)  # beside each other
HIGH = Box(0, -300, 40, 30)  # above A


def test_neighbours_are_joined_by_a_straight_line():
    ((path, label),) = route([(A, B)], [10], [A, B])
    assert path.tolist() == [[20, 0], [180, 0]]
    assert label.x == 100 and label.edge("bottom") < 0  # its label above it


def test_straight_lines_aim_at_the_middle():
    aside = Box(150, -300, 40, 30)
    ((path, _),) = route([(A, aside)], [10], [A, aside])
    np.testing.assert_allclose(path, [[7.5, -15], [142.5, -285]])


@pytest.mark.parametrize(
    ("target", "wall"), [(B, Box(100, 0, 40, 30)), (HIGH, Box(0, -150, 90, 30))]
)
def test_a_line_bows_around_what_is_in_its_way(target, wall):
    ((path, label),) = route([(A, target)], [10], [A, target, wall])
    assert len(path) == 4
    assert not wall.touches(along(path), 4).any()
    assert not wall.touches([label]).any()


def test_what_leads_back_bows_at_the_right():
    ((path, label),) = route([(HIGH, A)], [10], [A, HIGH], back={(HIGH, A)})
    assert along(path)[:, 0].min() >= 20 and path[0, 1] < path[-1, 1]
    assert label.edge("left") > along(path)[:, 0].max()


def test_loops_stand_at_the_right_one_around_the_other():
    inner, outer = (along(path) for path, _ in route([(A, A), (A, A)], [10, 10], [A]))
    assert inner[:, 0].min() >= 20 and inner[:, 0].max() < outer[:, 0].max()
    assert outer[:, 1].min() < inner[:, 1].min() < inner[:, 1].max() < outer[:, 1].max()


def test_a_loop_is_at_the_left_where_there_is_no_room_at_the_right():
    wall = Box(60, 0, 40, 30)
    ((path, _),) = route([(A, A)], [10], [A, wall])
    assert along(path)[:, 0].max() <= -20


@pytest.mark.parametrize("pairs", [[(A, HIGH)] * 3, [(A, B), (B, A)]])
def test_parallel_lines_stand_apart(pairs):
    paths = [path for path, _ in route(pairs, [10] * len(pairs), [A, B, HIGH])]
    across = 0 if HIGH in pairs[0] else 1
    places = sorted(path[0, across] for path in paths)
    assert min(np.diff(places)) >= 10 and sum(places) == pytest.approx(0)
    assert all(path[0, across] == path[1, across] for path in paths)


def test_labels_keep_clear_of_what_stands_in_the_next_column():
    step = 60.0  # so near that a line to the right of this one is in the way
    ((_, label),) = route([(A, HIGH)], [30], [A, HIGH], columns=(-step, 0.0, step))
    copies = [label.moved(dx) for dx in (-step, step)]
    assert not label.touches(copies).any()
    assert not any(copy.touches(along(np.array([[0, -15], [0, -285]]))).any() for copy in copies)
