"""Pencil sheets: each key is right by a computation of its own, and seeds give sheets apart."""

import doctest
import json
import re
from fractions import Fraction
from itertools import pairwise

import nbformat
import pytest

from rnnbook import problems
from tools.paper import sheets

SEEDS = range(40)


def numbers(text):
    """Read the numbers of a text like "x(0) = −2, x(1) = 3" by their names."""
    pairs = re.findall(r"(\S+\(\d\)) = (−?[\d.]+)", text)
    return {name: Fraction(value.replace("−", "-")) for name, value in pairs}


def problem(seed, title):
    return next(one for one in problems.problems(seed) if one.title == title)


def row(text):
    return [int(value.replace("−", "-")) for value in text.split()]


@pytest.mark.parametrize("seed", SEEDS)
def test_forward(seed):
    one = problem(seed, "Forward")
    U, W, V = (
        [row(r) for r in re.search(rf"{name} = \[([^\]]*)\]", one.given[1])[1].split(";")]
        for name in "UWV"
    )
    h, found = [0, 0], {}
    for t, x in enumerate(numbers(one.given[2]).values(), start=1):
        h = [max(0, U[k][0] * x + W[k][0] * h[0] + W[k][1] * h[1]) for k in range(2)]
        found |= {f"h_{t}[{k + 1}]": h[k] for k in range(2)}
    assert one.asked == found | {"y_3": V[0][0] * h[0] + V[0][1] * h[1]}


@pytest.mark.parametrize("seed", SEEDS)
def test_backward(seed):
    one = problem(seed, "Backward")
    given = numbers(one.given[2])
    g = Fraction(re.search(r"g = (−?[\d.]+)", one.given[1])[1].replace("−", "-"))
    # By the definition: what a nudge of step t does to all later answers, and so to the loss.
    delta = {t: sum(given[f"e({s})"] * g ** (s - t) for s in range(t, 4)) for t in (1, 2, 3)}
    assert {t: one.asked[f"δ({t})"] for t in delta} == delta
    along = {"∂L/∂w": ("x", given), "∂L/∂g": ("y", given | {"y(0)": 0})}
    for name, (source, values) in along.items():
        slope = -sum(delta[t] * values[f"{source}({t - 1})"] for t in delta)
        assert one.asked[name] == slope


@pytest.mark.parametrize("seed", SEEDS)
def test_update(seed):
    one = problem(seed, "Update")
    given = numbers(one.given[1])
    for name, source in (("w", "x"), ("g", "y")):
        weight = Fraction(re.search(rf"{name} = (−?[\d.]+)", one.given[0])[1].replace("−", "-"))
        parts = [given[f"δ({t})"] * given[f"{source}({t - 1})"] / 10 for t in (1, 2, 3)]
        assert [one.asked[f"Δ{name} at step {t}"] for t in (1, 2, 3)] == pytest.approx(
            [float(part) for part in parts], abs=1e-12
        )
        assert one.asked[f"new {name}"] == pytest.approx(float(weight + sum(parts)))


@pytest.mark.parametrize("seed", SEEDS)
def test_shapes(seed):
    one = problem(seed, "Shapes")
    inputs, hidden, outputs, batch, steps = map(int, re.findall(r"\d+", one.given[0])[:5])
    assert one.asked == {
        "U": (hidden, inputs), "W": (hidden, hidden), "V": (outputs, hidden),
        "all hidden states": (steps, batch, hidden),
        "the state after the last step": (batch, hidden),
        "all outputs": (steps, batch, outputs), "dW": (hidden, hidden), "dV": (outputs, hidden),
    }  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_counting(seed):
    one = problem(seed, "Counting")
    (hidden, inputs), (outputs,) = (map(int, re.findall(r"\d+", one.given[k])) for k in (0, 2))
    block = hidden * (inputs + hidden + 1)
    assert one.asked == {
        "vanilla": block, "LSTM": 4 * block, "GRU": 3 * block + hidden,
        "read-out": outputs * (hidden + 1),
    }  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_unfolding(seed):
    one = problem(seed, "Unfolding")
    late = {"at once": 0, "one step later": 1, "two steps later": 2}
    edges = [
        (source, target, late[words])
        for source, target, words in re.findall(r"(\w) → (\w) +(.*)", one.given[1])
    ]
    steps = int(re.search(r"t = 1 to (\d)", one.given[2])[1])
    arrows = {
        (f"{source}({t - delay})", f"{target}({t})")
        for source, target, delay in edges
        for t in range(1, steps + 1)
    }
    starts = {source for source, _ in arrows if int(source[2:-1]) < 1}
    reached, length = {"x(1)"}, 0
    while f"y({steps})" not in reached and length < 20:
        reached |= {target for source, target in arrows if source in reached}
        length += 1
    first, nodes, count, into, shortest = one.asked.values()
    assert (set(first), len(first), nodes, count) == (
        starts, len(starts), 3 * steps + len(starts), len(arrows),
    )  # fmt: skip
    assert set(into) == {source for source, target in arrows if target == "h(3)"}
    assert shortest == (length if f"y({steps})" in reached else 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_way_ends_in_what_is_asked_and_every_sum_in_it_is_right(seed):
    for one in problems.problems(seed):
        text = "\n".join(one.way)
        for name, right in one.asked.items():
            if isinstance(right, float) and "step" not in name:
                assert f"{name} = " in text and f" = {problems._n(right)}" in text
        for line in one.way:
            sides = [side for side in line.split(" = ") if re.fullmatch(r"[\d.()·+− ]+", side)]
            values = [eval(s.replace("·", "*").replace("−", "-")) for s in sides]
            assert all(a == pytest.approx(b) for a, b in pairwise(values)), line


def test_sheets_of_a_class_differ():
    for number in range(6):
        kinds = {json.dumps([*problems.problems(seed)[number][1:]]) for seed in SEEDS}
        assert len(kinds) > (6 if number == 5 else 30), problems.KINDS[number]


def test_notebook_and_page_are_the_same_every_time_and_hold_no_key():
    for key in (False, True):
        text = sheets.notebook(7, key=key)
        nbformat.validate(nbformat.reads(text, as_version=4))
        assert text == sheets.notebook(7, key=key)
        assert sheets.page(7, key=key) == sheets.page(7, key=key)
        assert text != sheets.notebook(8, key=key)
        cells = "".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        assert all((one.way[-1] in cells) == key for one in problems.problems(7))


def test_check_judges_each_answer(capsys):
    right = problem(7, "Unfolding").asked
    given = {
        name: value[::-1] if isinstance(value, list) else value for name, value in right.items()
    }
    problems.check(7, 6, given)
    problems.check(7, 4, {"U": [6, 4], "W": 3, "V": ..., "Z": 1})
    said = capsys.readouterr().out.splitlines()
    assert said[:5] == [f"{name}: right" for name in right]
    assert said[5:] == ["U: right", "W: not right", "V: not yet", "Z: is not asked for"]


def test_examples():
    assert not doctest.testmod(sheets).failed
