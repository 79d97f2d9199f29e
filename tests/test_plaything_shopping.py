"""The shelf: prices, bars and sentences are those of the chances that are shown."""

import re

import numpy as np
import pytest

from rnnbook.playthings.shopping import WIDE, frames, shelf

BRANDS = [f"brand {letter}" for letter in "abcdefghij"]
USUAL = np.linspace(0.5, 1.4, 10)
FACTORS = np.array([0.9, 1.0, 1.1])
CHANCES = np.random.default_rng(0).dirichlet(np.ones(10), size=3)
SHOWN = frames({("one", 2): CHANCES, ("two", 2): CHANCES[::-1]}, USUAL, FACTORS, BRANDS)


def test_a_frame_for_each_household_brand_and_price():
    assert list(SHOWN) == [("one", "brand c"), ("two", "brand c")]
    assert {len(some) for some in SHOWN.values()} == {3}
    presets = shelf({("one", 2): CHANCES}, USUAL, FACTORS, BRANDS).presets
    assert presets == {("one", "brand c"): SHOWN["one", "brand c"]}


def test_the_sentence_has_the_price_and_the_three_likeliest():
    first, second, third = np.argsort(-CHANCES[0])[:3]
    assert SHOWN["one", "brand c"][0].sentence == (
        "brand c costs $0.63, 10 % less than usual. The three likeliest:"
        f" {BRANDS[first]} {CHANCES[0, first]:.0%}, {BRANDS[second]} {CHANCES[0, second]:.0%},"
        f" {BRANDS[third]} {CHANCES[0, third]:.0%}."
    )
    assert "as usual" in SHOWN["one", "brand c"][1].sentence


def test_a_chance_that_is_hardly_any_is_not_called_none():
    chances = [[0.9, 0.096, 0.004, *[0] * 7]] * 3
    (shown,) = frames({("one", 2): chances}, USUAL, FACTORS, BRANDS).values()
    assert shown[0].sentence.endswith(": brand a 90%, brand b 10%, brand c under 1 %.")


def test_bars_are_as_long_as_the_chances():
    for frame, chances in zip(SHOWN["one", "brand c"], CHANCES, strict=True):
        lengths = [int(n) for n in re.findall(r'd="M[\d.]+ [\d.]+h(\d+)v', frame.svg)]
        assert lengths == [max(1, round(WIDE * chance)) for chance in chances]


def test_only_the_price_of_one_brand_moves():
    prices = [
        [float(price) for price in re.findall(r">(\d+\.\d\d)<", frame.svg)]
        for frame in SHOWN["one", "brand c"]
    ]
    assert [row[2] for row in prices] == [0.63, 0.7, 0.77]
    others = [row[:2] + row[3:] for row in prices]
    assert others[0] == others[1] == others[2]


def test_chances_of_another_number_of_brands_are_refused():
    with pytest.raises(ValueError, match="chances must have shape"):
        frames({("one", 2): CHANCES[:, :9]}, USUAL, FACTORS, BRANDS)
