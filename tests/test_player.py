"""Players, the BPTT microscope as an example: what they say, and what they refuse."""

import re

import pytest
from bs4 import BeautifulSoup

from rnnbook.pictures.player import Frame, Guess, player
from rnnbook.playthings.bptt import PRESETS, folded, frames, microscope, unfolded
from rnncore.bptt import ScalarRNN
from tools.rules import parsed


def lecture():
    return ScalarRNN(0.3, 0.4).bptt([0.05, 0.10], [0.60, 0.75])


def words(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_microscope_has_a_frame_for_every_calculation():
    run = ScalarRNN(0.5, 0.8).bptt([1.0] * 5, [0.5] * 5)
    shown = frames(run)
    assert len(shown) == 1 + 4 * 5 + 1
    phases = [frame.sentence.split()[0].strip(",") for frame in shown]
    assert phases == ["Before", *["Forward"] * 5, *["Error"] * 5, *["Backward"] * 5,
                      *["Increments"] * 5, "Update"]  # fmt: skip
    assert len({frame.svg for frame in shown}) == len(shown)


def test_first_frame_knows_nothing_and_last_frame_everything():
    first, *_, last = frames(lecture())
    results = {"y(1) 0.5037", "y(2) 0.5576", "e 0.09625", "e 0.1924", "z 0.015", "z 0.2315",
               "δ 0.02881", "δ 0.04746", "0.01898", "0.00072", "0.00237", "0.01195",
               "w: 0.3 + 0.00309 = 0.30309", "g: 0.4 + 0.01195 = 0.41195"}  # fmt: skip
    assert results <= set(words(last.svg))
    assert not results & set(words(first.svg))
    assert {"x(0) 0.05", "x(1) 0.1", "target 0.6", "w 0.3", "g 0.4"} <= set(words(first.svg))


def test_each_frame_lights_what_its_sentence_says():
    for frame in frames(lecture())[1:]:
        lit = re.findall(r'font-weight="700"[^>]*>([^<]*)<', frame.svg)
        assert lit, frame.sentence
    (backward,) = (f for f in frames(lecture()) if f.sentence.startswith("Backward, t = 1"))
    assert "δ 0.02881" in re.findall(r'font-weight="700"[^>]*>([^<]*)<', backward.svg)


def test_microscope_numbers_inputs_by_the_convention():
    run = ScalarRNN(0.3, 0.4).bptt([0.05], [0.6], convention="translation")
    assert "x(1) 0.05" in words(frames(run)[0].svg)


def test_pictures_of_the_network_show_its_weights():
    plan = unfolded(ScalarRNN(0.3, 0.4), [0.05, 0.10], [0.60, 0.75])
    assert {"w 0.3", "g 0.4", "x(0) 0.05"} <= set(words(plan.svg))
    assert {"w 0.3", "g 0.4, one step later"} <= set(words(folded(ScalarRNN(0.3, 0.4)).svg))


def test_page_has_every_frame_of_every_preset():
    html = microscope()._repr_mimebundle_()["text/html"]
    for k, numbers in enumerate(PRESETS.values()):
        assert html.count(f'<li data-preset="{k}"') == 2 + 4 * len(numbers["x"])
    assert html.count("<option") == len(PRESETS)


def test_page_gives_every_frame_back():
    shown = microscope()
    frames = [frame for preset in shown.presets.values() for frame in preset]
    first, *figures = parsed(shown._page()).find_all("figure")
    assert first == figures[0]
    assert [figure.figcaption.text for figure in figures] == [frame.sentence for frame in frames]
    for figure, frame in zip(figures, frames, strict=True):
        assert figure.svg.attrs.pop("aria-hidden") == "true"
        assert str(figure.svg) == str(BeautifulSoup(frame.svg, "html.parser"))


def test_slider_moves_the_picture_in_jupyter():
    shown = microscope()
    first = shown._screen.value
    shown._slider.value = 3
    assert shown._screen.value != first
    assert frames(lecture())[3].sentence.split(":")[0] in shown._screen.value
    shown._choices[0].value = "five steps"
    assert shown._slider.value == 0 and shown._slider.max == 21


def test_an_example_of_as_many_frames_is_shown_at_the_same_place():
    shown = player({"a": still("1.") + still("2."), "b": still("3.") + still("4.")}, label="two")
    shown._slider.value = 1
    shown._choices[0].value = "b"
    assert shown._slider.value == 1 and "4." in shown._screen.value


def test_own_numbers_are_run_and_bad_ones_are_refused_in_words():
    shown = microscope()
    shown._controls["w"].value = 1.5
    assert shown._choices[0].value == shown.OWN
    assert "w 1.5" in words(shown._screen.value)
    before = shown._screen.value

    shown._controls["x"].value = "1, two"
    assert "x[1] must be a number" in shown._complaint.value
    assert shown._screen.value == before

    shown._controls["x"].value = "1, 2, 3"
    assert "one entry a step" in shown._complaint.value
    shown._controls["target"].value = "0, 0, 1"
    assert shown._complaint.value == ""
    assert shown._slider.max == 13


def still(words):
    return [Frame('<svg viewBox="0 0 9 9"></svg>', words)]


GRID = {(a, b): still(f"{a} and {b}.") for a in ("one", "two") for b in ("left", "right")}
GUESS = Guess("Which is it?", ("this", "that"), "that", "For it is.")


def test_several_choices_have_a_list_each():
    shown = player(GRID, label="two lists", choices=("number", "side"))
    shown._choices[1].value = "right"
    shown._choices[0].value = "two"
    assert "two and right." in shown._screen.value
    page = BeautifulSoup(shown._page(), "html.parser")
    assert [select.find_all("option")[1].text for select in page.find_all("select")] == [
        "two", "right"
    ]  # fmt: skip
    (both,) = page.find_all("li", attrs={"data-preset": "1,1"})
    assert both.text == "two and right."
    assert page.find(class_="player-still"), "nothing to slide through"


def test_guess_is_asked_before_and_answered_after_the_first_move():
    shown = player({"it": still("First.") + still("Second.")}, label="a guess", guess=GUESS)
    question, asked, told = shown.children[:3]
    assert question.value == GUESS.question and asked.value is None and told.value == ""
    asked.value = "this"
    assert told.value == ""
    shown._slider.value = 1
    assert told.value == "You guessed: this. It is: that. For it is." and asked.disabled
    page = BeautifulSoup(shown._page(), "html.parser")
    assert [choice["value"] for choice in page.find_all("input", type="radio")] == [
        "You guessed: this. It is: that. For it is.", "You guessed: that. So it is. For it is."
    ]  # fmt: skip
    assert page.fieldset["data-unasked"] == "It is: that. For it is."


def test_who_has_not_guessed_is_told_at_the_last_frame():
    frames = still("First.") + still("Second.") + still("Third.")
    shown = player({"it": frames}, label="no guess", guess=GUESS)
    told = shown.children[2]
    shown._slider.value = 1
    assert told.value == ""
    shown._slider.value = 2
    assert told.value == "It is: that. For it is."


def test_a_guess_is_answered_by_its_example_and_frame_alone():
    frames = still("First.") + still("Second.") + still("Third.")
    presets = {(a, b): frames for a in ("one", "two") for b in ("left", "right")}
    guess = GUESS._replace(at=(("two", "left"), -2))
    shown = player(presets, label="an example", choices=("number", "side"), guess=guess)
    _, asked, told = shown.children[:3]
    asked.value = "that"
    shown._slider.value = 2
    assert told.value == "", "another example"
    shown._slider.value = 0
    shown._choices[0].value = "two"
    assert told.value == "", "an earlier frame"
    shown._slider.value = 1
    assert told.value == "You guessed: that. So it is. For it is."
    shown._choices[1].value = "right"
    assert told.value == "", "another example"
    shown._choices[1].value = "left"
    assert told.value.startswith("You guessed") and asked.disabled
    for at, written in ((guess.at, ("1,0", "1")), (-1, ("0,0", "2"))):
        shown = player(
            presets, label="an example", choices=("number", "side"), guess=GUESS._replace(at=at)
        )
        page = BeautifulSoup(shown._page(), "html.parser")
        assert (page.fieldset["data-example"], page.fieldset["data-frame"]) == written


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"choices": ("number",)}, "presets must have a name for each of the choices"),
        ({"presets": dict(list(GRID.items())[1:])}, "('one', 'left') is none"),
        ({"guess": GUESS._replace(right="it")}, "guess must have two or three choices"),
        ({"guess": GUESS._replace(choices=("that",))}, "guess must have two or three choices"),
        ({"guess": GUESS._replace(at=(("one", "up"), 0))}, "at of guess must be a frame, or an"),
        ({"guess": GUESS._replace(at=(("one", "left"), 1))}, "at of guess must be a frame, or an"),
        ({"guess": GUESS._replace(at="the end")}, "at of guess must be a frame, or an"),
    ],
)
def test_choices_and_guesses_that_do_not_fit_are_refused(changed, message):
    given = {"presets": GRID, "choices": ("number", "side"), "guess": GUESS} | changed
    with pytest.raises(ValueError, match=re.escape(message)):
        player(given.pop("presets"), label="anything", **given)


@pytest.mark.parametrize(
    ("presets", "message"),
    [
        ({}, "presets must name at least one example"),
        ({"empty": []}, "each with at least one frame"),
        ({"mute": [Frame("<svg ></svg>", " ")]}, "frame 0 of 'mute' must have a sentence"),
    ],
)
def test_player_without_frames_or_words_is_refused(presets, message):
    with pytest.raises(ValueError, match=message):
        player(presets, label="anything")
