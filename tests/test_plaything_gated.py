"""The player of the gates, and the pictures of the way of the cell."""

import re

import numpy as np
import pytest

from rnnbook.playthings import gated as gates
from rnnbook.results import kept
from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.tasks import adding
from rnncore.vanilla import ReadOut, VanillaRNN


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
    example = {"net": by_hand(), "x": X, "target": TARGET, "intro": "Keep."}
    shown = gates.gates({"one": example}, guess=None)
    assert list(shown.presets) == ["one"] and len(shown.presets["one"]) == 4


def test_guess_is_about_what_the_trained_cell_does():
    """The guess is right for the network that the chapter shows first."""
    (row,) = [
        r for r in kept("gated_weights")["rows"] if (r["layer"], r["task"]) == ("LSTM", "add")
    ]
    net, best = made(LSTM), np.argmin(np.round(row["loss"], 5))
    for name, value in net.params.items():
        value[...] = row[name][best]
    x, _, _ = adding(12, 200, np.random.default_rng(0))
    f = net.forward(x)[1].tapes[0].gates[:, :, 1, 0]
    second = f[6:][x[6:, :, 1] > 0]
    assert 0.25 < np.median(second) < 0.65 and gates.GUESS.right == "near one half"


def words(picture):
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_layers_unfolded_name_each_gate_and_state(steps):
    lstm, gru = gates.way(steps), gates.gru(steps)
    for t in "₁₂₃"[:steps]:
        assert {f"{letter}{t}" for letter in "xfigoch"} <= set(words(lstm))
        assert {f"{letter}{t}" for letter in "xzrnh"} <= set(words(gru))
    assert words(lstm).count("×") == 3 * steps and words(gru).count("×") == 2 * steps
    assert all(picture.alt.startswith(f"{steps} steps") for picture in (lstm, gru))


def test_folded_has_one_step():
    seen = words(gates.folded())
    once = ["c", "f", "i", "g", "o", "tanh", "h", "x", "+"]
    assert sorted(seen) == sorted([*once, *["×"] * 3, *["one step later"] * 2])
