"""The exercises with stacks: what they hear, and what they answer."""

import pytest

from rnnbook.exercises import verdict


@pytest.mark.parametrize(
    ("label", "answer", "said"),
    [
        ("deep-count", (152, 372), "the second is right. Look at layer 1"),
        ("deep-count", (162, 350), "the first is right. Add up U, W and b of layer 2"),
        ("deep-ways", (8, 35), "the ways are right. Count the arrows again"),
        ("deep-ways", (9, 36), "the arrows are right. In how many orders"),
        ("deep-ways", (8, 36), "How often must a way go to the right"),
        ("deep-corner", 1.25, "h1(2), on the right, has its part through U too"),
        ("deep-corner", 2.75, "the outputs ask layer 2 only"),
    ],
)
def test_an_answer_hears_what_is_right_of_it(label, answer, said):
    assert verdict(label, answer).startswith(f"Not yet: {said}")
