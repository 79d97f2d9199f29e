"""The same digits elsewhere: what is kept, what the page shows and what is installed agree."""

import re

import numpy as np
import pytest

from rnnbook.results import kept
from tools import elsewhere, notebooks

FOUND = kept("elsewhere")
KINDS = sorted(elsewhere.LAYERS)


def apart(values, kind, library):
    """Return the largest difference from what was kept of a library."""
    layers = FOUND["layers"][kind][library]
    assert values.keys() == layers.keys()
    return max(np.abs(np.ravel(values[name]) - layers[name]).max() for name in layers)


def test_how_it_was_made_is_kept():
    assert FOUND["command"] == "python -m tools.elsewhere"
    assert FOUND["processor"]
    assert FOUND["versions"].keys() == {"python", "numpy", "rnncore", "torch", "keras"}
    pinned = (notebooks.ROOT / "tests" / "oracles.txt").read_text()
    for name in ("torch", "keras"):
        assert f"{name}=={FOUND['versions'][name]}" in pinned


def test_code_on_the_page_is_what_ran():
    page = (notebooks.ROOT / "book" / "elsewhere.ipynb").read_text("utf-8")
    source = (notebooks.ROOT / "tools" / "elsewhere.py").read_text("utf-8")
    text = "".join(cell.source for cell in notebooks.read(page).cells)
    shown = re.findall(r"```python\n(.*?)\n```", text, re.S)
    assert len(shown) == 2
    for function in (part for block in shown for part in block.split("\n\n")):
        assert f"\n{function}\n" in source


@pytest.mark.parametrize("kind", KINDS)
def test_ours_and_pytorch_s_are_as_kept(kind):
    layer, x = elsewhere.made(kind)
    assert apart(elsewhere.in_rnncore(layer, x), kind, "rnncore") < 1e-13
    assert apart(elsewhere.in_rnncore(layer, x), kind, "PyTorch") < 1e-13
    pytest.importorskip("torch", reason="make oracles")
    assert apart(elsewhere.in_torch(kind, layer, x), kind, "PyTorch") < 1e-13


@pytest.mark.parametrize("kind", KINDS)
def test_keras_s_are_as_kept(kind):
    layer, x = elsewhere.made(kind)
    small = 1e-6 if kind == "RNN" else 1e-13
    assert apart(elsewhere.in_rnncore(layer, x), kind, "Keras") < small
    pytest.importorskip("torch", reason="make oracles")
    pytest.importorskip("keras", reason="make oracles")
    assert apart(elsewhere.in_keras(kind, layer, x), kind, "Keras") < small


def test_gates_are_exchanged_and_back():
    rzn = np.arange(6)
    assert elsewhere.in_order(rzn).tolist() == [2, 3, 0, 1, 4, 5]
    assert (elsewhere.in_order(elsewhere.in_order(rzn)) == rzn).all()
