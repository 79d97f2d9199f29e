"""The notation: each sign in the formulas of a chapter stands in book/notation.md."""

import re

import pytest

from tools import notebooks, rules

PAGE = (notebooks.ROOT / "book" / "notation.md").read_text("utf-8")
CHAPTERS = [path for path in notebooks.chapters() if path.parent.name != "book"]
# What every reader of formulas knows, and what only places them.
USUAL = set(
    re.findall(
        r"\\\w+",
        r"""
        \approx \binom \cdot \dots \cdots \vdots \exp \frac \tfrac \ge \le \ln \log \max \min \pm
        \sqrt \sum \prod \tanh \times \to \leftarrow \infty \mid \in
        \bigl \bigr \Bigl \Bigr \left \right \boxed \quad \qquad \small \textstyle \underbrace
        """,
    )
)


def formulas(text):
    """Return the formulas of a text in Markdown."""
    text = re.sub(r"`[^`\n]*`", "", text)
    return [a or b for a, b in re.findall(r"\$\$(.+?)\$\$|(?<!\\)\$([^$\n]+?)\$", text, re.S)]


def signs(tex):
    r"""Return the letters and the named signs of a formula, without indices below and words.

    >>> sorted(signs(r"h^{\text{out}}_{t-1} = \tanh(U x) \odot e^x \\[2pt] a"))
    ['U', '\\odot', 'a', 'h', 'x']
    """
    tex = re.sub(
        r"\\(text|mathrm|operatorname|begin|end)\{[^}]*\}|\\\\(\[[^\]]*\])?|\be(?=\^)", " ", tex
    )
    while (shorter := re.sub(r"_(\{[^{}]*\}|\\[A-Za-z]+|\w)", " ", tex)) != tex:
        tex = shorter
    return set(re.findall(r"\\[A-Za-z]+|[A-Za-z]", tex)) - USUAL


def of(text):
    """Return the signs of all formulas of a text."""
    return {sign for formula in formulas(text) for sign in signs(formula)}


def letters():
    """Return what stands for all chapters, and what for single ones, by their names."""
    everywhere, own = set(), {}
    for part in re.split(r"\n(?=\*\*|## )", PAGE):
        chapters = re.findall(r"\]\(\w+/(\w+)\.ipynb\)", part.split("\n")[0])
        for chapter in chapters:
            own.setdefault(chapter, set()).update(of(part))
        everywhere |= set() if chapters else of(part)
    return everywhere, own


EVERYWHERE, OWN = letters()


def used(path):
    """Return the signs in the formulas of a notebook."""
    page = rules.Page(path, path.read_text("utf-8"))
    return of("\n\n".join(cell.source for cell in page.prose))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_each_sign_of_a_chapter_stands_in_the_notation(path):
    missing = used(path) - EVERYWHERE - OWN.get(path.stem, set())
    assert not missing, "add it to the paragraph of its chapter in book/notation.md"


def test_what_stands_for_single_chapters_is_used_there():
    by_name = {path.stem: used(path) for path in CHAPTERS}
    assert set(OWN) <= set(by_name)
    for part in re.split(r"\n(?=\*\*|## )", PAGE):
        chapters = re.findall(r"\]\(\w+/(\w+)\.ipynb\)", part.split("\n")[0])
        if chapters:
            unused = of(part) - EVERYWHERE - set().union(*(by_name[name] for name in chapters))
            assert not unused, chapters


def test_words_and_indices_are_no_signs():
    assert of(r"$x_{t-1}$ and `$y$`: $\text{loss} = \tfrac12 \sum_t dz_t$") == {"x", "d", "z"}
    assert of(r"$$ \begin{aligned} a &= b_{ij} \\[2pt] c \end{aligned} $$") == {"a", "b", "c"}
