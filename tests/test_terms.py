"""The glossary: each term is explained where it says, and found on the pages."""

import re
from pathlib import Path

import pytest

from theme.terms import listed, pattern
from tools.notebooks import ROOT

TEXT = (ROOT / "book" / "glossary.md").read_text("utf-8")
TERMS = listed(TEXT)


def test_terms_with_one_explanation_belong_together():
    text = "x\n:::{glossary}\nBPTT\nbackpropagation\n  Errors go back.\n\nbatch\n  Many.\n:::\n"
    assert listed(text) == {"BPTT": "BPTT", "backpropagation": "BPTT", "batch": "batch"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hidden states carry it.", "Hidden state"),
        ("the GRU", "GRU"),
        ("the gru", None),
        ("a sub-batch", None),
        ("batches", None),
        ("truncated BPTT", "truncated BPTT"),
    ],
)
def test_a_term_is_found_as_it_may_stand_in_a_sentence(text, found):
    match = pattern(["hidden state", "GRU", "batch", "BPTT", "truncated BPTT"]).search(text)
    assert (match and match[1]) == found


def test_terms_stand_in_the_order_of_the_alphabet():
    first = list(dict.fromkeys(TERMS.values()))
    assert first == sorted(first, key=str.lower)


@pytest.mark.parametrize("term", dict.fromkeys(TERMS.values()))
def test_a_term_stands_in_the_chapter_that_explains_it(term):
    entry = re.search(rf"^{re.escape(term)}\n(.*?)(\n\n|\n:::)", TEXT, re.M | re.S)[1]
    explained = re.search(r"Explained in \[[^]]+\]\(([^)]+)\)\.$", entry)
    assert explained, f"{term}: say where it is explained"
    chapter = Path(ROOT / "book" / explained[1]).read_text("utf-8")
    same = [name for name, first in TERMS.items() if first == term]
    assert pattern(same).search(chapter), f"{term} does not stand in {explained[1]}"
