"""The unfolding player: its sentences count what its graphs hold, and the way is drawn strongly."""

import re

import pytest

from rnnbook.playthings.unfolding import GUESS, frames, networks, unfolder
from rnncore.unfolding import unfold

NETWORKS = networks()


@pytest.mark.parametrize("name", NETWORKS)
def test_each_frame_counts_what_is_drawn(name):
    for steps, frame in enumerate(frames(NETWORKS[name]), start=1):
        unfolded = unfold(NETWORKS[name], steps)
        boxes, arrows, matrices = map(
            int, re.search(r"(\d+) boxes.* (\d+) arrows.* (\d+) matrices", frame.sentence).groups()
        )
        assert boxes == frame.svg.count("<rect") == len(unfolded.copies)
        assert arrows == len(unfolded.network.edges)
        assert matrices == len(unfolded.sharing)
        for start in unfolded.start:
            assert start.name in frame.sentence


@pytest.mark.parametrize(
    ("name", "ways"),
    [("Elman", [2, 4, 6, 8, 10]), ("Jordan", [2, 5, 8, 11, 14]),
     ("TDNN, window 3", [2, 2, 2, 0, 0]), ("one unit", [1, 2, 3, 4, 5])],
)  # fmt: skip
def test_the_shortest_way_is_said_and_drawn(name, ways):
    for steps, (frame, many) in enumerate(zip(frames(NETWORKS[name]), ways, strict=True), start=1):
        strong = len(re.findall(r'<rect[^>]* stroke-width="2.5"', frame.svg))
        followed = re.findall(r"<rect data-lit[^>]*><text[^>]* data-lit[^>]*>([^<]*)<", frame.svg)
        if many:
            arrows = f"{many} arrow{'s' * (many > 1)}."
            assert frame.sentence.endswith(f"from x(1) to y({steps}) has {arrows}")
            assert strong == many + 1 and frame.svg.count(" data-lit") == 2
            assert followed == [f"y({steps})"]
        else:
            assert frame.sentence.endswith(f"No way leads from x(1) to y({steps}).")
            assert strong == 0 and followed == []


def test_what_is_guessed_is_what_the_last_frames_say():
    def last(name):
        return int(re.search(r"has (\d+) arrow", frames(NETWORKS[name])[-1].sentence)[1])

    assert last("Jordan") > last("Elman") > last("Jordan, decay 0.5")
    assert GUESS.right == "in Jordan’s, without decay"


def test_frames_of_a_network_have_one_view():
    for shown in unfolder().presets.values():
        assert len({re.search(r'viewBox="[^"]*"', frame.svg)[0] for frame in shown}) == 1
