"""The made sequences: what is put out belongs to what went in."""

import numpy as np
import pytest

from rnncore.datasets import delayed_bits, plans, recall, spelled


@pytest.mark.parametrize("delay", [0, 1, 5])
def test_bits_come_again_after_the_delay(delay):
    x, target, mask = delayed_bits(delay, 9, 4, np.random.default_rng(1))
    assert x.shape == target.shape == mask.shape == (9, 4, 1)
    assert set(np.unique(x)) == {-1.0, 1.0}
    assert (target[delay:] == (x[: 9 - delay] > 0)).all()
    assert (mask[:delay] == 0).all() and (mask[delay:] == 1).all()


@pytest.mark.parametrize("delay", [1, 2, 7])
@pytest.mark.parametrize("echo", [True, False])
def test_recall_asks_for_what_came_first(delay, echo):
    x, target = recall(delay, echo=echo)
    assert spelled(x, "AB-?") == [f"{symbol}{'-' * (delay - 1)}?" for symbol in "AB"]
    first = "AB" if echo else ".."
    dots = "." * (delay - 1)
    assert spelled(target, "AB") == [f"{first[k]}{dots}{'AB'[k]}" for k in range(2)]


def test_a_plan_does_not_change():
    x, target, letters = plans(["ONE", "TWO", "SIX"])
    assert (x == x[0]).all() and (x.sum(axis=-1) == 1).all()
    assert spelled(target, letters) == ["ONE", "TWO", "SIX"]
    assert letters == "EINOSTWX"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: delayed_bits(9, 9, 1, np.random.default_rng(0)), "less than steps, 9, got 9"),
        (lambda: delayed_bits(-1, 9, 1, np.random.default_rng(0)), "at least 0 .* got -1"),
        (lambda: recall(0, echo=True), "delay must be at least 1, got 0"),
        (lambda: plans(["AB", "A"]), r"of one length, got \['AB', 'A'\]"),
        (lambda: plans([]), r"must be some, of one length, got \[\]"),
    ],
)
def test_bad_setting_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
