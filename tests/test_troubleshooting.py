"""Troubleshooting: what it quotes is said somewhere in the repository."""

import re

import numpy as np
import pytest

from rnncore.vanilla import VanillaRNN
from tools import environment
from tools.notebooks import ROOT

TEXT = (ROOT / "book" / "troubleshooting.md").read_text("utf-8")


def test_what_make_says_is_quoted_as_it_says_it():
    source = (ROOT / "tools" / "environment.py").read_text()
    make = (ROOT / "Makefile").read_text()
    oldest, newest = (".".join(map(str, v)) for v in (environment.OLDEST, environment.NEWEST))
    assert f"the book needs Python {oldest} to {newest}." in TEXT
    assert f"the book needs Python {oldest} to {newest}." in make
    for said in ("Python's venv module is missing", "The book needs Python"):
        assert said in source
        assert said in TEXT


def test_targets_of_make_are_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make ([a-z-]+)", TEXT)) <= targets


def test_a_refusal_is_quoted_as_it_is_said():
    layer = VanillaRNN(3, 2, rng=np.random.default_rng(0))
    with pytest.raises(ValueError) as refused:
        layer.forward(np.ones((10, 3)))
    assert f"`{refused.value}`" in TEXT
