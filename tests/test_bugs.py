"""The museum of bugs: the tool of each exhibit finds its fault, and is silent once it is mended."""

import ast
import inspect

import nbformat
import numpy as np
import pytest

from rnnbook.exercises import bugs
from rnncore.gradients import complex_step
from tools.notebooks import ROOT
from tools.rules import tags, tree

EXHIBITS = [
    *("states", "loss", "slope", "bptt", "backward", "lstm_step", "lstm", "in_chunks"),
    *("last_states", "mean_error", "answers", "network", "cross_entropy"),
]


def draw(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


@pytest.mark.parametrize("name", EXHIBITS)
def test_the_chapter_shows_the_code_that_is_tested(name):
    text = (ROOT / "book/training/bugs.ipynb").read_text(encoding="utf-8")
    shown = [
        ast.unparse(node)
        for cell in nbformat.reads(text, 4).cells
        if cell.cell_type == "code" and "solution" not in tags(cell)
        for node in tree(cell).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    assert shown == [ast.unparse(ast.parse(inspect.getsource(getattr(bugs, name))))]


# The tools: each says how far a function is from what must hold.


def complex_steps(slope, steps=5):
    W, x, target = draw(0, (2, 2), (steps, 2), (steps, 2))
    exact = complex_step(lambda M: bugs.loss(M, x, target), W)
    return abs(slope(W, x, target) - exact).max()


def one_step(bptt):
    """Return the slope along g, where nothing came in."""
    return bptt(0.3, 0.4, [0.05], [0.6])[1]


def errors_across(backward, k=3):
    """Return what the errors of the second chunk are in the first."""
    dh = np.zeros((2 * k, 1))
    dh[k:] = 1
    return backward(dh, np.zeros((2 * k + 1, 1)), np.ones((1, 1)), k)[:k].sum()


def idle_biases(lstm_step):
    """Count the biases that do nothing."""
    x, h, c, U, W = draw(1, 3, 2, 2, (4, 3, 2), (4, 2, 2))
    none = bugs.Gates(0, 0, 0, 0)
    first, *others = (
        lstm_step(x, h, c, bugs.Gates(*U), bugs.Gates(*W), b)[0]
        for b in (none, *(none._replace(**{gate: 1}) for gate in none._fields))
    )
    return sum(np.array_equal(first, other) for other in others)


def shut_gates(lstm):
    """Return how far cells depend on W where h is 0."""
    x, U, W = draw(2, (5, 3), (8, 3), (8, 2))
    b = np.repeat([0, 0, 0, -1000], 2)
    return abs(lstm(x, U, W, b)[1] - lstm(x, U, 2 * W, b)[1]).max()


def splits(in_chunks):
    x, U, W, b = draw(3, (6, 3), (2, 3), (2, 2), 2)
    return abs(in_chunks(x, 2, U, W, b) - in_chunks(x, 6, U, W, b)).max()


def company_moves(last_states):
    """Return how far other sequences move with the first."""
    x, U, W, b = draw(4, (3, 4, 2), (2, 2), (2, 2), 2)
    before = last_states(x, U, W, b)
    x[0] += 1
    return abs(last_states(x, U, W, b) - before)[1:].max()


def nonsense(mean_error):
    """Return how far the mean of ones is from 1, with a 9 wherever there is padding."""
    lengths = np.array([4, 1, 2, 3])
    padding = np.arange(4)[:, np.newaxis] >= lengths
    return abs(mean_error(np.where(padding, 9, 1), lengths) - 1)


def alone(answers):
    x, U, W, b = draw(5, (5, 2, 3), (2, 3), (2, 2), 2)
    x[2:, 0] = 0
    both, one = (answers(x[:T, :B], np.array([2, 5])[:B], U, W, b)[0] for T, B in ((5, 2), (2, 1)))
    return abs(both - one).max()


TOOLS = {
    "blame": (one_step, bugs.bptt),
    "cut": (errors_across, bugs.backward),
    "gate": (idle_biases, bugs.lstm_step),
    "peephole": (shut_gates, bugs.lstm),
    "carried": (splits, bugs.in_chunks),
    "exchange": (company_moves, bugs.last_states),
    "mask": (nonsense, bugs.mean_error),
    "padding": (alone, bugs.answers),
}


@pytest.mark.parametrize("label", TOOLS)
def test_the_tool_finds_the_fault_and_nothing_else(label):
    tool, faulty = TOOLS[label]
    assert abs(tool(faulty)) > 1e-3
    assert abs(tool(bugs.EXERCISES[f"bugs-{label}"].right)) < 1e-12


def test_complex_steps_find_the_derivative_that_forgets_from_the_third_step_on():
    assert max(complex_steps(bugs.slope, steps) for steps in (1, 2)) < 1e-12
    assert complex_steps(bugs.slope, 3) > 0.01
    assert complex_steps(bugs.mended_slope) < 1e-12


def test_two_softmaxes_have_a_floor():
    right = bugs.EXERCISES["bugs-softmax"].right()
    sure = bugs.network(100 * np.eye(10), np.eye(10), np.zeros(10))
    assert np.isclose(bugs.cross_entropy(sure, np.arange(10)), right, rtol=1e-12)
    assert -np.log(sure.diagonal()).max() < 1e-12  # once is enough


def test_every_exhibit_with_an_exercise_has_a_tool():
    assert {f"bugs-{label}" for label in TOOLS} | {"bugs-softmax"} == set(bugs.EXERCISES)
