"""Sheets to fill in: right by the worked example, and every mistake is told from its neighbours."""

import json

import pytest
from bs4 import BeautifulSoup

from rnnbook.sheets import LECTURE, SHEETS, drawn, entries, near, sheets, told_apart
from rnncore.bptt import ScalarRNN


def test_first_sheet_is_the_lectures():
    right = {entry.name: round(entry.right, 4) for entry in entries(**LECTURE)}
    assert right == {
        "y(1)": 0.5037, "y(2)": 0.5576, "e(1)": 0.0963, "e(2)": 0.1924, "δ(2)": 0.0475,
        "δ(1)": 0.0288, "Δw at step 1": 0.0007, "Δw at step 2": 0.0024, "Δg at step 2": 0.012,
        "new w": 0.3031, "new g": 0.412,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(SHEETS))
def test_sheets_follow_the_network_and_their_mistakes_are_apart(seed):
    numbers = drawn(seed)
    found = {entry.name: entry.right for entry in entries(**numbers)}
    run = ScalarRNN(numbers["w"], numbers["g"]).bptt(numbers["x"], numbers["target"])
    assert (found["new w"], found["new g"]) == (run.w_new, run.g_new)
    for entry in entries(**numbers):
        known = [entry.right, *(number for number, _ in told_apart(entry))]
        for k, one in enumerate(known):
            for other in known[k + 1 :]:
                assert abs(one - other) > near(one) + near(other), (entry.name, known)


def test_every_mistake_is_named_on_some_sheet():
    every = [entry for seed in range(SHEETS) for entry in entries(**drawn(seed))]
    kinds = {(entry.name, words) for entry in every for _, words in entry.mistakes}
    assert {(entry.name, words) for entry in every for _, words in told_apart(entry)} == kinds


def test_sheets_differ():
    assert len({json.dumps(drawn(seed)) for seed in range(SHEETS)}) == SHEETS


def test_page_is_a_blank_sheet_with_its_key():
    page = BeautifulSoup(sheets()._repr_html_(), "html.parser")
    assert len(page.find_all("input")) == len(page.tbody.find_all("tr")) == 11
    assert "new w 0.30309" in page.find(class_="sheet-key").text
    data = json.loads(page.script.string)
    assert [len(one["entries"]) for one in data["sheets"]] == [11] * SHEETS
    assert len(str(page)) < 30_000
