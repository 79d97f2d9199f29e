"""Where the lines of a diagram run, and where their labels stand: by rule, for a few boxes.

A line runs straight from middle to middle; where a box is in its way, it bows around that.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

SIDES = {"left": (0, -1), "right": (0, 1), "top": (1, -1), "bottom": (1, 1)}  # axis, direction
PARALLEL = 50.0  # pixels between lines that join the same two boxes, where there is room
REACHES = 27, 80, 150, 230  # pixels from boxes to where a bow is pulled; it goes 3/4 of the way


class Box(NamedTuple):
    """A rectangle by its middle and its size, in pixels, y downwards."""

    x: float
    y: float
    width: float
    height: float

    def edge(self, side):
        """Return the coordinate of a side: x of the left one, y of the top."""
        axis, sign = SIDES[side]
        return self[axis] + sign * self[axis + 2] / 2

    def moved(self, dx):
        """Return the box moved to the right."""
        return self._replace(x=self.x + dx)

    def touches(self, others, margin=0.0):
        """Tell which points (N, 2), or which boxes (N, 4), overlap or are within the margin."""
        others = np.array(others)
        gap = abs(others[:, :2] - self[:2]) - np.array(self[2:]) / 2
        gap = gap - others[:, 2:] / 2 if others.shape[1] == 4 else gap
        return (gap < margin).all(axis=1)


def along(path):
    """Return 61 points along a straight path (2, 2) or a Bézier curve (4, 2)."""
    points, shares = path[:, np.newaxis], np.linspace(0, 1, 61)[:, np.newaxis]
    while len(points) > 1:  # de Casteljau's construction
        points = points[:-1] + shares * (points[1:] - points[:-1])
    return points[0]


def route(pairs, widths, boxes, *, back=(), columns=(0.0,)):
    """Return a path for each pair of boxes (source, target), and a label of its width.

    Paths and labels keep clear of all `boxes`.  Pairs in `back` are led around the right side, as
    feedback is drawn.  `columns` says how far copies of the picture stand to the right, 0 too.
    """
    joined = [(frozenset(pair), pair in back) for pair in pairs]
    paths, labels, here = [], [], list(columns).index(0)
    for k, pair in enumerate(pairs):
        nth, many = joined[:k].count(joined[k]), joined.count(joined[k])
        ways = list(_ways(*pair, pair in back, nth, many))
        inside = [
            sum(box.touches(along(way), -1 if box in pair else 4).sum() for box in boxes)
            for way in ways
        ]
        paths.append(ways[np.argmin(inside)])
    points = np.array([np.add(along(path), (dx, 0)) for path in paths for dx in columns])
    for k, (path, width) in enumerate(zip(paths, widths, strict=True)):
        taken = [*boxes, *(label.moved(dx) for label in labels for dx in columns)]
        lines = np.delete(points, k * len(columns) + here, axis=0).reshape(-1, 2)  # but its own
        places = list(_places(along(path), (width, 13.0)))
        covered = [
            [place.touches(*what).sum() for what in ((taken, 1), (lines, 1), (lines, 4))]
            for place in places
        ]
        labels.append(places[np.argmin(np.dot(covered, (100, 2, 1)))])
    return list(zip(paths, labels, strict=True))


def _ways(source, target, back, nth, many):
    """Yield the paths that the nth of many lines between two boxes may take, the best first."""
    sides, level = ("right", "left"), int(source.y == target.y)  # else one stands higher
    if not back and source != target:
        room = min(PARALLEL, min(source[2 + level], target[2 + level]) / many)
        aside = room * (nth - (many - 1) / 2) * np.eye(2)[level]
        for corner in (0.0, np.sign(target.x - source.x) * source.width / 2):
            start, end = source[:2] + aside + (corner, 0.0), target[:2] + aside
            yield np.array([_leave(source, start, end), _leave(target, end, start)])
        sides = ("top", "bottom") if level else ("left", "right")
    for side, reach in product(sides, REACHES):
        yield _bow(source, target, side, reach, nth)


def _leave(box, start, end):
    """Return the point at which the way from a point within a box to another leaves the box."""
    way = end - start
    room = np.divide(box[2:], 2) + np.sign(way) * (box[:2] - start)
    return start + way * min(room / np.maximum(abs(way), 1e-9))


def _bow(source, target, side, reach, nth):
    """Lead a curve from a side of a box, so far out, to the same side of another or the same."""
    (axis, sign), loop = SIDES[side], source == target
    out, across = np.eye(2)[[axis, 1 - axis]]
    toward = np.sign(target[1 - axis] - source[1 - axis])
    shift = (0.3 + 0.3 * nth if loop else (0.7 - 0.2 * nth) * toward) / 2  # of a side
    start = source.edge(side) * out + (source[:2] + shift * source[3 - axis] * across) * across
    end = target.edge(side) * out + (target[:2] - shift * target[3 - axis] * across) * across
    far = max(sign * start[axis], sign * end[axis]) + reach * (1 + loop) + 1.5 * PARALLEL * nth
    first, second = (sign * far * out + point * across for point in (start, end))
    if loop:  # round, not flat
        first, second = 2 * first - second, 2 * second - first
    return np.array([start, first, second, end])


def _places(way, size):
    """Yield places for a label: to the right of a way or above it, on the other side, or on it."""
    for side, k in product((1, -1, 0), (30, 20, 40, 15, 45)):  # of 61 points, the middle first
        dx, dy = way[k + 1] - way[k - 1]
        away = np.array([-dy, dx]) / np.hypot(dx, dy) * np.sign(-dy - dx or 1)
        yield Box(*(way[k] + side * away * (abs(away) @ size / 2 + 6)), *size)
