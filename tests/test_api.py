"""The API's pages, and the links that lead there from the cells."""

import re

import pytest

from theme.api import linked, marked, names, readable
from tools.notebooks import ROOT

PAGES = sorted((ROOT / "book" / "api").glob("*.md"))


def test_each_module_stands_on_one_page_and_in_the_list():
    modules = {path.stem for path in (ROOT / "rnncore").glob("*.py")} - {"__init__"}
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert sorted(re.findall(r"automodule:: rnncore\.(\w+)", text)) == sorted(modules)
    assert re.findall("## rnncore\\.(.*)", text) == re.findall(r"automodule:: rnncore\.(.*)", text)
    listed = (ROOT / "book" / "api.md").read_text("utf-8")
    for page in PAGES:
        row = next(line for line in listed.split("\n") if f"(api/{page.name})" in line)
        held = re.findall(r"## rnncore\.(\w+)", page.read_text("utf-8"))
        assert re.findall(r"`(\w+)`", row) == held


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("|x|^2 of `a`", r"\|x\|^2 of ``a``"),
        ("two `Line`s", r"two ``Line``\ s"),
        ("x_ and x_t", r"x\_ and x_t"),
        ("x * y", r"x \* y"),
    ],
)
def test_signs_are_no_markup(text, result):
    assert marked(text) == result


def test_sections_of_a_docstring_stay_as_they_are():
    lines = ["It.", "", "Parameters", "----------", "x : array (T, B)", "    What *comes* in.", ""]
    lines += ["Examples", "--------", ">>> a * b", "6", "", "And `c`."]
    result = readable(lines)
    assert result[5] == r"    What \*comes\* in."
    assert result[2:5] == lines[2:5]
    assert result[7:] == [*lines[7:12], "And ``c``."]


@pytest.mark.parametrize(
    ("source", "known"),
    [
        ("from rnncore.gated import LSTM, GRU as G", {"LSTM": "gated.LSTM", "G": "gated.GRU"}),
        ("%pip install x\nfrom rnncore import losses", {"losses": "losses"}),
        ("def f(loss):\n    pass", {}),
        ("for loss in (1, 2):\n    pass", {}),
        ("from rnncorelike import loss\nimport numpy", {"loss": "losses.loss"}),
    ],
)
def test_names_are_those_that_the_cells_above_have_imported(source, known):
    before = {} if "import" in source and "like" not in source else {"loss": "rnncore.losses.loss"}
    assert names(source, before) == {name: f"rnncore.{full}" for name, full in known.items()}


def test_links_stand_on_names_only_and_on_the_first_mention():
    html = '<pre>loss.loss(<span class="s1">loss</span>, losses.loss) + loss</pre>'
    assert linked(html, {"losses.loss": "a"}) == html.replace(
        "losses.loss", '<a href="a">losses.loss</a>'
    )
    assert linked(html, {"loss": "b"}).count("<a ") == 1
    assert linked(html, {}) == html
