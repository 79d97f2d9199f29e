"""The tests of the backward passes are tested: a backward pass with a slip in any line fails them.

Each backward pass is spoiled in every way that `mutants` knows, one at a time: an operator
exchanged, a number raised by one, a statement left out. `found_wrong` is what a test asks.
"""

import ast
import copy
import inspect
import sys
import types

import numpy as np
import pytest
from kinds import MAKE, Taught, close, drawn, one_step_back, slopes_of_state

from rnncore.elman import Elman
from rnncore.gradients import numeric
from rnncore.jordan import Jordan

OPERATORS = {
    ast.Add: [ast.Sub, ast.Mult],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
}

# Of each class one layer is enough: it is the source that is spoiled.
LAYERS = {type(m(3, 2, rng=np.random.default_rng(0))): m for m in reversed(MAKE.values())}


def backward_of(tree, layer):
    """Find the method `_backward` of a class in the tree of its module."""
    (cls,) = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == layer)
    (method,) = (n for n in cls.body if isinstance(n, ast.FunctionDef) and n.name == "_backward")
    return method


def documented(method):
    """How many statements its docstring is: 1 or 0."""
    return 0 if ast.get_docstring(method) is None else 1


def places(method):
    """List the nodes of a method that can be spoiled: all but a docstring.

    An empty array has no numbers yet, and any negative length says "as many as there are", so
    what stands in `np.empty_like(...)` and behind a minus sign is left as it is.
    """
    found, waiting = [], method.body[documented(method) :]
    while waiting:
        node = waiting.pop(0)
        found.append(node)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.empty_like":
            continue
        if not isinstance(node, ast.UnaryOp):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def blocks(method):
    """List the blocks of statements of a method: its own, and those of its loops."""
    return [node.body for node in ast.walk(method) if isinstance(node, ast.FunctionDef | ast.For)]


def mutants(module, layer):
    """Yield a description and the tree of the module, for each way to spoil `backward`."""
    source = inspect.getsource(module)
    method = backward_of(ast.parse(source), layer)
    for k, node in enumerate(places(method)):
        if isinstance(node, ast.BinOp | ast.AugAssign):
            for other in OPERATORS.get(type(node.op), ()):
                yield spoiled(source, layer, k, lambda n, o=other: setattr(n, "op", o()))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            raised = node.value + 1
            yield spoiled(source, layer, k, lambda n, v=raised: setattr(n, "value", v))
        elif isinstance(node, ast.UnaryOp):
            yield spoiled(source, layer, k, lambda n: setattr(n, "op", ast.UAdd()))
    for number, block in enumerate(blocks(method)):
        for k in range(documented(method) if number == 0 else 0, len(block)):
            tree = ast.parse(source)
            less = blocks(backward_of(tree, layer))[number]
            statement, less[k] = less[k], ast.Pass()
            yield f"without {ast.unparse(statement)}", ast.fix_missing_locations(tree)


def spoiled(source, layer, k, spoil):
    """Parse the module once more and spoil node k of `backward`."""
    tree = ast.parse(source)
    node = places(backward_of(tree, layer))[k]
    before = ast.unparse(node)
    spoil(node)
    return f"line {node.lineno}: {before} -> {ast.unparse(node)}", ast.fix_missing_locations(tree)


def loaded(tree, name):
    """Run a spoiled module under another name."""
    module = types.ModuleType(name)
    sys.modules[name] = module  # named tuples look for their module
    try:
        exec(compile(tree, name, "exec"), module.__dict__)
    finally:
        del sys.modules[name]
    return module


def found_wrong(layer, backward=None):
    """Say whether a layer whose forward pass is right is found to have a wrong backward pass."""
    if backward:
        layer._backward = types.MethodType(backward, layer)
    rng = np.random.default_rng(1)
    for value in layer.params.values():
        value += rng.normal(size=value.shape) / 2
    x = rng.normal(size=(4, 3, 3))
    y, tape = layer.forward(x)
    dy, state, dstate = drawn(rng, y), drawn(rng, tape.state), drawn(rng, tape.state)
    _, tape = layer.forward(x, state)
    kept = copy.deepcopy((tape, dy, dstate, dict(layer.params)))
    try:
        dx, gradients, dfirst = layer.backward(dy, tape, dstate)
        close((dx, gradients), numeric(layer, x, dy, state, dstate))
        close(dfirst, slopes_of_state(layer, x, dy, state, dstate))
        close((tape, dy, dstate, dict(layer.params)), kept, 0)
        if isinstance(layer, Elman):
            close(
                layer.backward(dy, tape, through_time=False)[1], one_step_back(layer, x, dy, state)
            )
        if isinstance(layer, Jordan):
            teacher = rng.normal(size=y.shape)
            forced = Taught(layer, teacher)
            _, tape = layer.forward(x, state, teacher=teacher)
            dx, gradients, dfirst = layer.backward(dy, tape, dstate)
            close((dx, gradients), numeric(forced, x, dy, state, dstate))
            close(dfirst, slopes_of_state(forced, x, dy, state, dstate))
    except (Exception, pytest.fail.Exception):
        return True
    return False


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
def test_a_slip_in_any_line_of_a_backward_pass_is_found(kind):
    make = lambda: LAYERS[kind](3, 2, rng=np.random.default_rng(0))  # noqa: E731
    assert not found_wrong(make())
    survivors, count = [], 0
    for description, tree in mutants(inspect.getmodule(kind), kind.__name__):
        count += 1
        spoiled_class = vars(loaded(tree, "spoiled"))[kind.__name__]
        if not found_wrong(make(), vars(spoiled_class)["_backward"]):
            survivors.append(description)
    assert count >= 4
    assert not survivors, "\n".join(survivors)
