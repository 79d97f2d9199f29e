"""Pairs of training curves: what is drawn and said is what was measured."""

import re

import numpy as np

from rnnbook.playthings.bugs import FAULTS, FAULTY, frames, pairs
from rnnbook.results import kept

KEPT = kept("bugs_curves")
CURVES = {"A": np.array([0.5, 0.3, 0.0]), "B": np.array([0.5, 0.3, 0.1])}


def test_sentences_say_both_shares_and_the_last_one_the_secret():
    said = [frame.sentence for frame in frames(CURVES, 12, "B is faulty.")]
    assert said == [
        "After 0 updates: A is wrong in 50.0 % of its answers, B in 50.0 %.",
        "After 12 updates: A is wrong in 30.0 % of its answers, B in 30.0 %.",
        "After 24 updates: A is wrong in 0.0 % of its answers, B in 10.0 %. B is faulty.",
    ]


def test_dots_stand_at_the_height_of_the_shares():
    for k, frame in enumerate(frames(CURVES, 12, "B is faulty.")):
        a, b = (int(y) for y in re.findall(r'cy="(\d+)"', frame.svg))
        assert b - a == round(300 * (CURVES["A"][k] - CURVES["B"][k]))  # 3 pixels for each percent


def test_each_pair_shows_the_measured_curves_and_names_the_faulty_one():
    made = pairs(KEPT["rows"], KEPT["settings"]["every"]).presets
    for (name, shown), fault, letter in zip(made.items(), FAULTS, FAULTY, strict=True):
        share = {
            row["program"]: np.mean(row["wrong"], axis=0)[-1]
            for row in KEPT["rows"]
            if row["fault"] == fault
        }
        a, b = ("wrong", "right") if letter == "A" else ("right", "wrong")
        said = shown[-1].sentence
        assert (
            f"A is wrong in {100 * share[a]:.1f} % of its answers, B in {100 * share[b]:.1f} %"
            in said
        )
        assert said.endswith(f"{letter} is faulty: {FAULTS[fault]}."), name
        assert all("faulty" not in frame.sentence for frame in shown[:-1])


def test_what_the_guess_says_was_measured():
    """All programs learn, and the wrong bias ends nearest to its twin."""
    ends = {}
    for row in KEPT["rows"]:
        wrong = np.array(row["wrong"])
        assert wrong[:, 0].min() > 0.3 and wrong[:, -1].max() < 0.25, row["fault"]
        ends.setdefault(row["fault"], []).append(wrong[:, -1].mean())
    behind = {fault: abs(a - b) for fault, (a, b) in ends.items()}
    assert min(behind, key=behind.get) == "gate"
