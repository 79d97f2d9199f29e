"""One day of a week under other skies: what is drawn and said is what was written."""

import re

from rnnbook.playthings.reports import GUESS, changes, frames
from rnncore.tasks import DAYS, SKIES, report

WEEK = list(zip(DAYS, ["rain", "fog", "fog", "sun", "sun", "fog", "snow"], strict=True))
RIGHT = [
    report([*WEEK[:k], (day, sky), *WEEK[k + 1 :]])
    for k, (day, _) in enumerate(WEEK)
    for sky in SKIES
]


def test_the_week_as_it_was_comes_first_and_every_sky_once():
    drawn = frames(WEEK, RIGHT, 3)
    assert len(drawn) == len(SKIES)
    assert drawn[0].sentence == (
        "As it was, thursday sun: “mixed, two wet days, monday to sunday”, as the rule has it."
    )
    assert drawn[2].sentence == (
        "Thursday fog in place of sun: “mostly fog, two wet days, monday to sunday”,"
        " as the rule has it."
    )


def test_a_word_that_is_wrong_is_said_and_marked():
    said = list(RIGHT)
    said[3 * len(SKIES) + SKIES.index("fog")] = RIGHT[3 * len(SKIES) + SKIES.index("sun")]
    frame = frames(WEEK, said, 3)[2]
    assert frame.sentence.endswith(
        "“mixed, two wet days, monday to sunday”, but the rule has “mostly fog, two wet days,"
        " monday to sunday”."
    )
    assert frame.svg.count("--rnn-error") and not frames(WEEK, said, 3)[0].svg.count("--rnn-error")


def test_wet_days_and_new_words_are_filled():
    drawn = frames(WEEK, RIGHT, 3)
    assert len(re.findall("data-lit", drawn[0].svg)) == 2  # Monday and Sunday
    (three,) = [frame for frame in drawn if frame.sentence.startswith("Thursday snow")]
    assert len(re.findall("data-lit", three.svg)) == 3 + 1  # and "three wet days"


def test_a_list_for_each_week_and_day():
    shown = changes({"one": (WEEK, RIGHT), "other": (WEEK[2:] + WEEK[:2], RIGHT[10:] + RIGHT[:10])})
    assert len(shown.presets) == 14 and ("other", "sunday") in shown.presets
    assert shown.presets["other", "monday"][0].sentence.startswith("As it was, monday rain")
    assert GUESS.right in GUESS.choices
