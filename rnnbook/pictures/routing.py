"""Where the lines of a diagram run, around its boxes, and where their labels stand.

A line is the shortest of many curves that passes no box; a label stands where the least is
hidden by it.  Pictures that repeat themselves from column to column are routed once.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from math import dist
from typing import NamedTuple

import numpy as np

# How a line leaves a side of a box, or arrives at it.
OUTWARD = {"top": (0, -1), "bottom": (0, 1), "left": (-1, 0), "right": (1, 0)}
PULLS = (0, 25, 50, 90, 140, 210, 300)  # how far a curve goes straight out before it turns
SAMPLES = 48
_SHARES = [
    ((1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s * s * (1 - s), s**3)
    for s in (k / SAMPLES for k in range(SAMPLES + 1))
]


class Box(NamedTuple):
    """A rectangle by its middle and its size, in pixels, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self):
        """The x of its left side."""
        return self.x - self.width / 2

    @property
    def right(self):
        """The x of its right side."""
        return self.x + self.width / 2

    @property
    def top(self):
        """The y of its upper side."""
        return self.y - self.height / 2

    @property
    def bottom(self):
        """The y of its lower side."""
        return self.y + self.height / 2

    def moved(self, dx, dy=0.0):
        """Return the box moved to the right and down."""
        return self._replace(x=self.x + dx, y=self.y + dy)

    def port(self, side, shift=0.0):
        """Return the point on a side, `shift` pixels from its middle."""
        dx, dy = OUTWARD[side]
        return (
            self.x + dx * self.width / 2 + abs(dy) * shift,
            self.y + dy * self.height / 2 + abs(dx) * shift,
        )

    def holds(self, point, margin=0.0):
        """Tell whether the point is inside, or within the margin."""
        return (
            abs(point[0] - self.x) < self.width / 2 + margin
            and abs(point[1] - self.y) < self.height / 2 + margin
        )

    def overlaps(self, other, margin=0.0):
        """Tell whether two boxes overlap, or come nearer than the margin."""
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2 + margin
            and abs(self.y - other.y) < (self.height + other.height) / 2 + margin
        )


@dataclass
class Line:
    """A line to be routed from one box to another, and what becomes of it."""

    source: Box
    target: Box
    ends: tuple  # what stands at either end: lines share the sides of a box by this name
    around: bool = False  # it goes around the right side, as feedback is drawn
    words: str = ""
    sides: tuple = ()
    pulls: tuple = (0, 0)
    shifts: tuple = (0.0, 0.0)
    loop: int = 0  # 1 for the first loop of its box, 2 for the next
    label: Box | None = None

    @property
    def path(self):
        """Two points of a straight line, or four of a Bézier curve."""
        start = self.source.port(self.sides[0], self.shifts[0])
        end = self.target.port(self.sides[1], self.shifts[1])
        if self.pulls == (0, 0):
            return [start, end]
        out, back = (
            (x + OUTWARD[side][0] * pull, y + OUTWARD[side][1] * pull)
            for (x, y), side, pull in zip((start, end), self.sides, self.pulls, strict=True)
        )
        if self.loop:  # round, not flat
            out, back = (
                (out[0], out[1] + 10 + 6 * self.loop),
                (back[0], back[1] - 10 - 6 * self.loop),
            )
        return [start, out, back, end]

    @property
    def points(self):
        """Points along the line, from end to end."""
        return along(self.path)

    def moved(self, dx):
        """Return the line with its label, moved to the right."""
        source, target = self.source.moved(dx), self.target.moved(dx)
        return replace(self, source=source, target=target, label=self.label.moved(dx))


def along(path):
    """List points along a straight line (two points) or a Bézier curve (four)."""
    a, *between, d = path
    b, c = between or (
        (a[0] + (d[0] - a[0]) / 3, a[1] + (d[1] - a[1]) / 3),
        (a[0] + (d[0] - a[0]) * 2 / 3, a[1] + (d[1] - a[1]) * 2 / 3),
    )
    return [
        (p * a[0] + q * b[0] + r * c[0] + s * d[0], p * a[1] + q * b[1] + r * c[1] + s * d[1])
        for p, q, r, s in _SHARES
    ]


def route(lines, boxes, *, columns=(0.0,), spread=12.0):
    """Find the way of every line and the place of every label; they are written into the lines.

    Parameters
    ----------
    lines : list of Line
    boxes : iterable of Box
        What no line may pass, and no label may cover.
    columns : iterable of float
        By how much the picture is repeated to the right, 0 among them.
    spread : float
        How far lines stand apart that meet at one side of a box.
    """
    columns, taken, loops, sides = np.array(columns), np.empty((0, 2)), Counter(), {}
    boxes = list(boxes)
    for line in sorted(lines, key=_span):
        if line.source == line.target:
            line.loop = loops[line.ends[0]] = loops[line.ends[0]] + 1
            _loop(line, boxes)
        elif (line.source, line.target) in sides:  # beside its parallel
            line.sides, line.pulls = sides[line.source, line.target]
            if line.around:
                line.pulls = tuple(pull + 48 * loops[line.ends] for pull in line.pulls)
        else:
            line.sides, line.pulls, line.shifts = _best(line, boxes, taken, columns)
            sides[line.source, line.target] = line.sides, line.pulls
        loops[line.ends] += 1
        taken = np.concatenate([taken, _repeated(line.points[6:-6], columns)])
    _spread(lines, boxes, spread)
    _label(lines, boxes, columns)


def free(line, boxes, margin=5.0):
    """Tell whether a line passes no box, and leaves and reaches its own from outside."""
    path = line.path
    if len(path) == 2:
        way = np.subtract(path[1], path[0])
        away = [np.dot(way, OUTWARD[side]) for side in line.sides]
        if min(away[0], -away[1]) < 0.15 * np.hypot(*way):
            return False
    points = np.array(along(path))
    middles = np.array([(box.x, box.y) for box in boxes])
    own = np.array([box in (line.source, line.target) for box in boxes])
    room = np.array([(box.width / 2, box.height / 2) for box in boxes])
    room = room + np.where(own, -0.5, margin)[:, np.newaxis]
    return not (abs(points[:, np.newaxis] - middles) < room).all(axis=2).any()


def _span(line):
    return dist(line.source[:2], line.target[:2])


def _best(line, boxes, taken, columns):
    """Choose sides and pulls: the shortest way that is free, and runs along no other line."""
    up = line.target.y < line.source.y - 1
    level = abs(line.target.y - line.source.y) <= 1
    ranked = []
    for sides, pulls in product(product(OUTWARD, OUTWARD), product(PULLS, PULLS)):
        if (pulls[0] == 0) != (pulls[1] == 0):
            continue
        line.sides, line.pulls = sides, pulls
        path = line.path
        length = sum(map(dist, path, path[1:])) * (1.0 if len(path) == 2 else 1.1)
        if line.around:
            length += 400 * sum(side != "right" for side in sides) - 100 * (sides[0] == sides[1])
        elif not level:
            natural = ("top", "bottom") if up else ("bottom", "top")
            length += 40 * sum(a != b for a, b in zip(sides, natural, strict=True))
        ranked.append((length, sides, pulls))
    ranked.sort()
    copies = columns[columns != 0]  # of this very line, which is to keep clear of them as well
    for margin, shifts in ((5.0, (0.0,)), (3.0, (-14.0, 0.0, 14.0))):
        found = []
        for (length, sides, pulls), line.shifts in product(ranked, product(shifts, shifts)):
            if found and (length > found[0][0] + 160 or len(found) == 16):
                break
            line.sides, line.pulls = sides, pulls
            if free(line, boxes, margin):
                own = np.array(line.points[6:-6])
                other = np.concatenate([taken, _repeated(own, copies)])
                near = (abs(own[:, np.newaxis] - other) < 5).all(axis=2).any(axis=1).sum()
                alongside = max(0, int(near) - 5)  # a crossing is no harm
                found.append((length + 6 * alongside, sides, pulls, line.shifts))
        if found:
            return min(found)[1:]
    return *ranked[0][1:], (0.0, 0.0)  # where no way is free, the shortest


def _loop(line, boxes):
    """Lead a line from a box back to itself, outside the other loops, where there is room."""
    out, apart = 56.0 * line.loop, 7.0
    line.sides, line.pulls, line.shifts = ("right", "right"), (out, out), (apart, -apart)
    if not free(line, boxes):
        line.sides = ("left", "left")


def _spread(lines, boxes, spread):
    """Let lines that meet at one side of a box stand apart, in the order of where they go."""
    meeting = {}
    for line in lines:
        for end in (0, 1):
            meeting.setdefault((line.ends[end], line.sides[end]), []).append((line, end))
    for (_, side), ends in meeting.items():
        across = 0 if side in ("top", "bottom") else 1
        first, k = ends[0]
        box = (first.source, first.target)[k]
        room = (box.width if across == 0 else box.height) - 12
        step = min(spread if across == 0 else 14.0, room / max(1, len(ends) - 1))

        def goes(item, across=across):
            line, end = item
            here, there = (line.source, line.target)[:: 1 - 2 * end]
            return there[across] - here[across], line.loop * (1 - 2 * end), lines.index(line)

        for place, (line, end) in enumerate(sorted(ends, key=goes)):
            _shift(line, end, step * (place - (len(ends) - 1) / 2), boxes)
    for ends in meeting.values():  # where one stands alone, it may as well be upright
        line, end = ends[0]
        if len(ends) == 1 and line.pulls == (0, 0) and {*line.sides} == {"top", "bottom"}:
            boxed = (line.source, line.target)
            aim = boxed[1 - end].x + line.shifts[1 - end] - boxed[end].x
            if abs(aim) < boxed[end].width / 2 - 6:
                _shift(line, end, aim, boxes)


def _shift(line, end, shift, boxes):
    """Move one end of a line along its side, unless it would then pass a box."""
    before = line.shifts
    line.shifts = (shift, before[1]) if end == 0 else (before[0], shift)
    if not free(line, boxes, margin=4.0):
        line.shifts = before


def _label(lines, boxes, columns):
    """Put each label beside its line, where it covers no box, no label and the fewest lines."""
    points = np.concatenate(
        [np.empty((0, 2)), *(_repeated(line.points, columns) for line in lines)]
    )
    owner = np.repeat(np.arange(len(lines)), (SAMPLES + 1) * len(columns))
    here = np.tile(np.repeat(columns == 0, SAMPLES + 1), len(lines))
    placed, crowded = [], len(columns) > 1
    for line in sorted(lines, key=_span):
        size = text_width(line.words), 13.0
        way, best = line.points, None
        mine = here & (owner == lines.index(line))
        for k in range(8, SAMPLES - 7, 2):
            (x0, y0), (x, y), (x1, y1) = way[k - 1], way[k], way[k + 1]
            length = dist((x0, y0), (x1, y1)) or 1.0
            dx, dy = (x1 - x0) / length, (y1 - y0) / length
            for sign in (1, -1, 0) if crowded else (1, -1):
                # Beside the line: to its right or left, or above or below where it is level;
                # in a crowd also on the line, so that nobody asks to which it belongs.
                nx, ny = -dy * sign, dx * sign
                far = abs(nx) * size[0] / 2 + abs(ny) * size[1] / 2 + 5 * abs(sign)
                label = Box(x + nx * far, y + ny * far, *size)
                away = abs(points - label[:2]) - np.array(size) / 2
                under, next_to = (away < 0).all(axis=1), (away < 5).all(axis=1)
                cost = abs(k / SAMPLES - 0.45) * 8 + (0.3 if nx < 0 else 0.0)
                cost += int((under & ~mine).sum())
                if crowded:
                    cost += int((next_to & ~mine).sum()) / 2 + (0 if sign else 3)
                if sign:
                    cost += int((under & mine).sum()) / 2
                if any(label.overlaps(box, 1.0) for box in boxes) or any(
                    label.moved(dx).overlaps(other, 2.0) for dx in columns for other in placed
                ):
                    cost += 1000
                if best is None or cost < best[0]:
                    best = cost, label
        line.label = best[1]
        placed.append(line.label)


def _repeated(points, columns):
    """Return points (N, 2) again for each column, (columns N, 2)."""
    shifts = np.stack([columns, np.zeros(len(columns))], axis=1)
    return (np.array(points) + shifts[:, np.newaxis]).reshape(-1, 2)


def text_width(words):
    """Estimate how wide words are, in pixels, in letters of 11.5 pixels.

    >>> text_width("W") < text_width("context(1)") < 80
    True
    """
    small = sum(letter in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹" for letter in words)
    return 6.6 * (len(words) - small) + 4.2 * small
