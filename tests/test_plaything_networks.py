"""The builder of networks: each frame says what its graph is, and bad graphs are answered."""

import re
from itertools import pairwise

import pytest

from rnnbook.pictures import graph
from rnnbook.playthings.networks import GUESS, LETTERS, PRESETS, builder, frames, sketched
from rnncore.networks import Edge, Network, Node, classify


def words(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def delays(sketch):
    return {(pair, delay) for pair, many in sketch.items() for delay in many}


@pytest.mark.parametrize("sketches", PRESETS.values(), ids=PRESETS)
def test_one_edge_changes_at_a_time(sketches):
    for before, now in pairwise(map(delays, sketches)):
        assert len({pair for pair, _ in before ^ now}) == 1
        assert len(before - now) <= 1 and len(now - before) == 1


@pytest.mark.parametrize("sketches", PRESETS.values(), ids=PRESETS)
def test_each_frame_says_the_class_and_the_reason(sketches):
    for sketch, frame in zip(sketches, frames(sketches), strict=True):
        try:
            said = str(classify(sketched(sketch)))
        except ValueError as error:
            said = f"Refused: {error}"
        assert said.replace("->", "→").lower() in frame.sentence.lower()


def test_all_classes_and_a_refusal_are_seen():
    said = " ".join(frame.sentence for sketches in PRESETS.values() for frame in frames(sketches))
    for kind in ("Static", "Dynamic feed-forward", "Recurrent", "Refused"):
        assert f"{kind}: " in said


def test_what_is_new_is_lit_and_what_is_refused_has_the_colour_of_an_error():
    _, refused, mended, _ = frames(PRESETS["a loop at h"])
    assert "stroke:var(--rnn-error" in refused.svg and "stroke:var(--rnn-error" not in mended.svg
    lit = re.findall(r'font-weight="700"[^>]*>([^<]*)<', mended.svg)
    assert lit == ["z⁻¹ W"]
    _, added, *_ = frames(PRESETS["a delay line"])
    assert re.findall(r'font-weight="700"[^>]*>([^<]*)<', added.svg) == ["z⁻¹ U1"]


@pytest.mark.parametrize("sketches", PRESETS.values(), ids=PRESETS)
def test_what_stays_the_same_stays_in_place(sketches):
    assert len({frame.svg.partition(">")[0] for frame in frames(sketches)}) == 1
    places = [re.findall(r'<rect x="([^"]*)" y="([^"]*)" width="([^"]*)"', frame.svg)
              for frame in frames(sketches)]  # fmt: skip
    middles = [[(float(x) + float(w) / 2, y) for x, y, w in boxes] for boxes in places]
    assert all(boxes == middles[0] for boxes in middles)


def test_unknown_connections_are_named():
    with pytest.raises(ValueError, match=r"must be among x h, .*; got 'h x'"):
        sketched({"h x": (1,)})


def test_sentences_say_how_far_and_how_long():
    pairs = {
        "No path leads from x to y.": {"x h": (0,)},
        "Only the present input can matter to y.": {"x y": (0,)},
        "y can look back one step, and no further.": {"x y": (1,)},
        "Once around takes 3 steps. y can look back without end.":
            {"x y": (0,), "y h": (2,), "h y": (1, 4)},
    }  # fmt: skip
    for said, sketch in pairs.items():
        assert frames([sketch])[0].sentence.endswith(f". {said}")


def test_own_networks_are_classified_and_bad_ones_are_answered_in_words():
    shown = builder()
    fields = shown._fields
    assert fields.keys() == LETTERS.keys()
    fields["x h"].value = "0, 2"
    assert shown._choices[0].value == shown.OWN
    assert "Add x → h with delay 2. Dynamic feed-forward" in shown._screen.value
    fields["h h"].value = "0"
    assert "Refused: a cycle without a delay cannot be computed: h → h" in shown._screen.value
    before = shown._screen.value
    fields["h h"].value = "one"
    assert "The delays of h → h must be numbers" in shown._complaint.value
    assert shown._screen.value == before
    fields["h h"].value = "1 2"
    assert shown._complaint.value == ""
    assert "Add h → h with delay 2. Recurrent: h → h is a cycle" in shown._screen.value
    assert {"z⁻¹ W1", "z⁻² W2"} <= set(words(shown._screen.value))
    for field in fields.values():
        field.value = ""
    assert "No path leads from x to y" in shown._screen.value


def test_the_guess_is_right_of_the_network_that_it_names():
    sketches = next(iter(PRESETS.values()))
    third = sketched(sketches[GUESS.at])
    assert classify(third).kind == GUESS.right
    assert {(e.source, e.target, e.delay) for e in third.edges if e.source == "h"} == {
        ("h", "h", 1)
    }
    assert frames(sketches)[GUESS.at].sentence.endswith("Only the present input can matter to y.")
    assert GUESS.question in builder()._repr_mimebundle_()["text/html"]


def test_a_page_has_every_frame():
    html = builder()._repr_mimebundle_()["text/html"]
    for k, sketches in enumerate(PRESETS.values()):
        assert html.count(f'data-preset="{k}"') == len(sketches)


def test_rows_decide_who_stands_higher():
    net = Network([Node("x", 1, "input"), Node("y", 1, "output")], [Edge("x", "y", weight="w")])

    def height(picture, name):
        found = re.search(rf'y="([\d.]+)"[^>]*>{name}<', picture.svg)
        return -float(found[1])

    usual, turned = graph.folded(net), graph.folded(net, rows=[["y"], ["x"]])
    assert height(usual, "y") > height(usual, "x")
    assert height(turned, "y") < height(turned, "x")


def test_refused_edges_are_in_the_words_too():
    net = Network([Node("x", 1, "input"), Node("y", 1, "output")], [Edge("x", "y", weight="w")])
    picture = graph.folded(net, refused=[Edge("y", "y", weight="g")])
    assert picture.alt.endswith("Refused: from y to y by weights g.")
