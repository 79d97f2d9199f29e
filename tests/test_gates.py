"""The player of the gates, and the pictures of the way of the cell."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import rnnbook
from experiments import gated_adding, gated_weights
from rnnbook.playthings import gated as gates
from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.losses import mean_squared_error
from rnncore.tasks import adding, latest
from rnncore.vanilla import ReadOut, VanillaRNN

RESULTS = Path(rnnbook.__file__).parent / "results"
KEPT = json.loads((RESULTS / "gated_weights.json").read_text())


def made(layer, inputs=2, hidden=1):
    rng = np.random.default_rng(0)
    return Stack(layer(inputs, hidden, rng=rng), ReadOut(hidden, 1, rng=rng))


def by_hand():
    """An LSTM whose gates are fully open or shut: it takes in what is marked, and keeps it."""
    net = made(LSTM)
    lstm, read = net.layers
    lstm.params["U"][:] = [[0, 200], [0, 0], [1, 0], [0, 0]]
    lstm.params["W"][:] = 0
    lstm.params["b"][:] = [-100, 100, 0, 100]
    read.params["V"][:] = 1
    return net


X, TARGET = [[0.5, 0], [0.8, 1], [0.3, 0]], [[0], [0.8], [0.8]]


def test_first_frame_knows_only_what_is_read():
    first, *steps = gates.frames(by_hand(), X, TARGET, "Keep it.")
    assert len(steps) == 3
    assert first.sentence.startswith("Keep it. The LSTM has read nothing yet; marked are")
    assert "steps 2." in first.sentence
    assert "0.66" not in first.svg and first.svg.count("fill-opacity") == 3  # what is read


def test_sentences_follow_the_numbers():
    _, first, second, third = gates.frames(by_hand(), X, TARGET, "Keep it.")
    assert first.sentence.startswith("Step 1 reads 0.50, not marked.")
    assert "it takes in 0.00: now the cell holds 0.00." in first.sentence
    c = np.tanh(0.8)
    assert (
        f"keeps the share 1.00; of the candidate, {c:.2f}, it takes in 1.00: now the cell holds"
        f" {c:.2f}. It shows 1.00 of its tanh. Answer {np.tanh(c):.2f}, wanted 0.80."
    ) in second.sentence
    assert f"Of the cell, {c:.2f}, it keeps the share 1.00" in third.sentence
    assert f">{c:.2f}</text>" in third.svg


def test_gru_says_what_it_keeps_and_takes_in():
    net = made(GRU)
    net.layers[0].params["b"][1] = 100
    shown = gates.frames(net, X, TARGET, "Keep it.")
    assert all("it keeps the share 1.00" in frame.sentence for frame in shown[1:])
    assert all("it takes in 0.00: now the state is 0.00" in frame.sentence for frame in shown[1:])


@pytest.mark.parametrize("layer", [LSTM, GRU])
def test_frames_keep_their_place_and_draw_sound_numbers(layer):
    x, target, _ = adding(12, 1, np.random.default_rng(0))
    shown = gates.frames(made(layer), x[:, 0], target[:, 0], "Add.")
    assert len({frame.svg.partition(">")[0] for frame in shown}) == 1
    assert len({frame.svg for frame in shown}) == 13
    assert not any(re.search(r"nan|inf|\d\.\d{3}", frame.svg) for frame in shown)


@pytest.mark.parametrize(
    ("net", "x", "message"),
    [
        (made(VanillaRNN), X, "net must begin with an LSTM or a GRU"),
        (made(LSTM, inputs=3), X, "net must begin with an LSTM or a GRU of two inputs"),
        (made(LSTM, hidden=2), X, "the layer must have one unit, got 2"),
        (made(GRU), [[1.0], [0.0], [1.0]], r"x must have shape \(3, 2\), got \(3, 1\)"),
    ],
)
def test_what_cannot_be_drawn_is_refused(net, x, message):
    with pytest.raises(ValueError, match=message):
        gates.frames(net, x, TARGET, "Keep it.")


def test_player_has_all_examples():
    shown = gates.gates({"one": {"net": by_hand(), "x": X, "target": TARGET, "intro": "Keep."}})
    assert list(shown.presets) == ["one"] and len(shown.presets["one"]) == 4


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_way_has_each_step(steps):
    picture = gates.way(steps)
    words = re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)
    assert [word for word in words if word.startswith("x(")] == [
        f"x({t})" for t in range(1, steps + 1)
    ]
    assert f"c({steps})" in words and picture.alt.startswith(f"{steps} steps")


def test_folded_has_one_step():
    assert re.findall(r">(x|f|i g|one step later)<", gates.folded().svg) == [
        "x", "f", "i g", "one step later",
    ]  # fmt: skip


@pytest.mark.parametrize("kept", KEPT["networks"], ids=lambda kept: kept["layer"] + kept["task"])
def test_kept_weights_do_what_their_file_says(kept):
    net = made({"LSTM": LSTM, "GRU": GRU}[kept["layer"]])
    for name, value in kept["weights"].items():
        net.params[name][...] = value
    make = {"add": adding, "latest": latest}[kept["task"]]
    x, target, *_ = make(KEPT["settings"]["T"], 1000, np.random.default_rng(999))
    error, _ = mean_squared_error(net.forward(x)[0], target)
    assert error == pytest.approx(kept["error"], abs=2e-5)
    assert kept["error"] == min(kept["errors"])


@pytest.mark.parametrize("layer", [LSTM, GRU])
def test_turning_the_sign_changes_no_answer(layer):
    net = made(layer)
    rng = np.random.default_rng(5)
    for array in net.params.values():
        array[...] = rng.normal(size=array.shape)
    net.layers[1].params["V"][:] = -0.7
    x = rng.random((9, 4, 2))
    before, _ = net.forward(x)
    gated_weights.upright(net)
    assert net.layers[1].params["V"].item() == 0.7
    assert np.allclose(net.forward(x)[0], before, rtol=1e-12)
    gated_weights.upright(net)  # a second time it has nothing to do
    assert net.layers[1].params["V"].item() == 0.7


def test_experiments_are_those_of_the_files():
    for script in (gated_adding, gated_weights):
        kept = json.loads(script.RESULT.read_text())
        assert kept["settings"] == script.SETTINGS
        assert (script.RESULT.parents[2] / kept["command"].split()[1]).exists()
    adding_rows = json.loads(gated_adding.RESULT.read_text())["rows"]
    assert [(row["layer"], row["T"]) for row in adding_rows] == [
        (layer, length) for layer in gated_adding.LAYERS for length in gated_adding.LENGTHS
    ]
    for row in adding_rows:
        for steps, error in zip(row["solved"], row["error"], strict=True):
            assert (steps is not None) == (error < 0.01)


def test_experiments_run():
    few = {"steps": 100, "seeds": 1, "hidden": 4, "held_out": 20}
    result, curves = gated_adding.row("GRU", 5, gated_adding.SETTINGS | few)
    assert len(curves) == 1 and result["error"] == [round(curves[0][-1], 4)]
    few = {"steps": 20, "seeds": 2}
    best = gated_weights.best("GRU", "latest", gated_weights.SETTINGS | few)
    assert best["error"] == min(best["errors"]) and len(best["errors"]) == 2
