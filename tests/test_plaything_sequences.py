"""Pictures of wirings and their player: what is read and given is where the schedule says."""

import re

import pytest

from rnnbook.playthings.sequences import GUESS, PRESETS, describe, frames, picture, stepper
from rnncore.sequences import PROBLEMS, WIRINGS, schedule


def words(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("wiring", WIRINGS)
def test_picture_shows_what_is_read_and_given(wiring):
    plan = schedule(wiring, 3, 2 if wiring == "encoder-decoder" else None)
    shown = words(picture(plan).svg)
    for letter, marks in ("x", plan.reads), ("h", [True] * plan.steps), ("y", plan.gives):
        expected = [f"{letter}({t})" for t, mark in enumerate(marks, start=1) if mark]
        assert [word for word in shown if word[0] == letter] == expected
    arrows = picture(plan).svg.count('stroke="none"')
    edges = plan.steps - 1 + plan.inputs + plan.answers + sum(plan.feeds_back)
    assert arrows == edges


def test_description_names_the_steps():
    said = describe(schedule("encoder-decoder", 3, 2))
    assert said.startswith("5 hidden states in a row")
    assert "An input leads into steps 1 to 3. An answer leaves steps 4 to 5." in said
    assert said.endswith("The answer before leads into step 5.")
    assert "The answer before" not in describe(schedule("aligned", 2))


def test_answers_are_hidden_until_their_step():
    shown = frames(schedule("encoder-decoder", 2, 2), ["a", "b"], ["c", "d"])
    assert len(shown) == 5
    for t, frame in enumerate(shown):
        assert words(frame.svg).count("?") == 2 - max(0, t - 2)
        assert ("c" in words(frame.svg)) == (t >= 3)
        assert frame.svg.count("data-lit") > 0 or t == 0
    assert shown[3].sentence == "Step 3 of 4: all is read; what it knows is in h(2); gives “c”."


def test_frames_want_a_word_for_each_input_and_answer():
    with pytest.raises(ValueError, match="reads must hold 2 words, got 1"):
        frames(schedule("many-to-one", 2), ["a"], ["b"])
    with pytest.raises(ValueError, match="gives must hold 1 words, got 2"):
        frames(schedule("many-to-one", 2), ["a", "b"], ["c", "d"])


def test_player_shows_every_wiring_and_every_problem():
    assert {problem for problem, *_ in PRESETS.values()} == set(PROBLEMS)
    assert {wiring for _, wiring, *_ in PRESETS.values()} == set(WIRINGS)
    assert list(stepper().presets) == list(PRESETS)


def test_what_is_guessed_is_what_the_first_example_shows():
    first, *_ = stepper().presets.values()
    (answered,) = [k for k, frame in enumerate(first) if "gives “j’ai”" in frame.sentence]
    read = sum("reads" in frame.sentence for frame in first[:answered])
    assert GUESS.choices[read - 1] == GUESS.right
