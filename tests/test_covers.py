"""The pictures of the parts."""

import re

import pytest

from rnnbook.pictures.covers import COVERS, HEIGHT, WIDTH, cover
from tools.notebooks import ROOT


def test_each_part_of_chapters_has_its_picture():
    captions = re.findall(r"caption: (.*)", (ROOT / "_toc.yml").read_text("utf-8"))
    assert [part for part in captions if part in COVERS] == list(COVERS)


@pytest.mark.parametrize("part", COVERS)
def test_a_cover_says_nothing_and_stays_in_its_frame(part):
    svg = cover(part)
    assert svg.startswith('<svg class="cover" aria-hidden="true"') and "<text" not in svg
    for path in re.findall(r' d="([^"]+)"', svg):
        numbers = list(map(float, re.findall(r"-?\d+(?:\.\d+)?", path)))
        assert all(-1 <= x <= WIDTH + 1 for x in numbers[::2]), path
        assert all(-1 <= y <= HEIGHT + 1 for y in numbers[1::2]), path
    assert svg.count("<rect") + svg.count("<path") > 2
