"""The canvas: it alone writes SVG, and what it draws is where it should be."""

import ast
import re
from pathlib import Path

import pytest

import rnnbook
from rnnbook.pictures.canvas import Canvas, ink

FLOORS = ["routing", "canvas", "graph curves"]  # of the pictures, from the lowest; the player apart
PLAYTHINGS = sorted((Path(rnnbook.__file__).parent / "playthings").glob("*.py"))


@pytest.fixture
def canvas():
    return Canvas()


@pytest.mark.parametrize("path", PLAYTHINGS, ids=lambda path: path.stem)
def test_no_plaything_writes_svg(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert not [
        word for word in words if re.search(r"</?(svg|g|path|rect|text|circle)\b|stroke", str(word))
    ]


def test_pictures_import_from_lower_floors_only():
    folder, below = Path(rnnbook.__file__).parent / "pictures", set()
    for floor in FLOORS:
        for name in floor.split():
            found = re.findall(
                r"from rnnbook\.pictures\.(\w+) import", (folder / f"{name}.py").read_text()
            )
            assert set(found) <= below
        below |= set(floor.split())


def test_a_line_joins_its_points(canvas):
    canvas.line([(1, 2), (3.04, 4.26), (5, -0.01)], "error", width=2, dashed=True, strength=0.5)
    (drawn,) = canvas.parts
    assert 'd="M1 2L3 4.3L5 0"' in drawn and ink("error") in drawn and "stroke-dasharray" in drawn
    assert 'stroke-width="2"' in drawn and 'stroke-opacity="0.5"' in drawn


def test_pieces_are_parts_of_their_own(canvas):
    canvas.pieces([[(0, 0), (1, 2)], [(1, 2), (3, 4), (5, 6)]], "output", width=2)
    assert re.findall(r'd="(.*?)"', canvas.parts[0]) == ["M0 0L1 2", "M1 2L3 4L5 6"]
    assert canvas.parts[0].count(ink("output")) == 1


def test_bars_are_one_shape_up_or_down(canvas):
    canvas.bars([(0, 10, 4, -8), (5, 10, 4, 3)], "input", strength=0.4)
    (drawn,) = canvas.parts
    assert 'd="M0 10h4v-8h-4zM5 10h4v3h-4z"' in drawn and 'fill-opacity="0.4"' in drawn
    canvas.bars([], "input")
    assert len(canvas.parts) == 1


def test_an_arrow_ends_at_its_last_point(canvas):
    canvas.arrow([(0, 0), (0, 20)])
    canvas.arrow([(0, 0), (10, 0), (20, 10), (20, 30)], "hidden", lit=True, faint=True, dashed=True)
    straight, bent = canvas.parts
    assert 'd="M0 0L0 13"' in straight and 'd="M0 20L' in straight
    assert 'd="M0 0C10 0 20 10 20 23"' in bent and 'd="M20 30L' in bent
    assert 'opacity="0.45"' in bent and "stroke-dasharray" in bent


def test_words_are_escaped_and_can_stand_on_a_ground(canvas):
    canvas.text(1, 2, "a < b", ground=True)
    assert ">a &lt; b</text>" in canvas.parts[0] and "--rnn-paper" in canvas.parts[0]


def test_small_boxes_are_less_round(canvas):
    canvas.box(0, 0, 40, 40, "hidden")
    canvas.box(0, 0, 16, 16, "hidden", lit=True)
    assert ['rx="6"' in part for part in canvas.parts] == [True, False]
    assert ["data-lit" in part for part in canvas.parts] == [False, True]


def test_a_frame_holds_what_was_drawn(canvas):
    canvas.dot(5, 5, "error")
    assert canvas.svg(30, 20).startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30')
