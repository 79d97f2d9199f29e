"""The made sequences: what is put out belongs to what went in."""

from itertools import pairwise

import numpy as np
import pytest

from rnncore.tasks import (
    BLAME,
    DAYS,
    PRAISE,
    SKIES,
    adding,
    additions,
    caption,
    deciding,
    delayed_bits,
    digit_pairs,
    from_binary,
    glides,
    in_binary,
    latching,
    latest,
    made_weeks,
    opinions,
    plans,
    recall,
    report,
    spelled,
    switching,
)


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
        (lambda: delayed_bits(9, 9, 1, np.random.default_rng(0)), "delay must be at most 8, got 9"),
        (
            lambda: delayed_bits(-1, 9, 1, np.random.default_rng(0)),
            "delay must be at least 0, got -1",
        ),
        (lambda: recall(0, echo=True), "delay must be at least 1, got 0"),
        (lambda: plans(["AB", "A"]), r"of one length, got \['AB', 'A'\]"),
        (lambda: plans([]), "words must hold at least one entry, got none"),
    ],
)
def test_bad_setting_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(("kind", "moves"), [(0, 1), (1, -1), (2, 0)])
def test_glides_move_one_band_a_step_or_none(kind, moves):
    x = glides([kind] * 3, [0, 5, 12], np.random.default_rng(0), steps=20, noise=0)
    assert not np.signbit(x).any()
    for b, onset in enumerate((0, 5, 12)):
        assert (x[:, b].sum(axis=1) == [onset <= t < onset + 8 for t in range(20)]).all()
        assert (np.diff(x[onset : onset + 8, b].argmax(axis=1)) == moves).all()


def test_glides_have_noise_everywhere():
    x = glides([0] * 500, [3] * 500, np.random.default_rng(0), noise=0.3)
    assert abs(x.std(axis=1) - 0.3).max() < 0.04
    assert abs(x.mean(axis=1).sum() - 8) < 1


@pytest.mark.parametrize(
    ("kinds", "onsets", "message"),
    [
        ([0], [23], "onsets must be integers from 0 to 22, got"),
        ([0], [-1], "onsets must be integers from 0 to 22, got"),
        ([3], [0], "kinds must be integers from 0 to 2, got"),
        ([0, 1], [0], r"must be \(B,\), got \(2,\) and \(1,\)"),
    ],
)
def test_glides_name_bad_input(kinds, onsets, message):
    with pytest.raises(ValueError, match=message):
        glides(kinds, onsets, np.random.default_rng(0))


@pytest.mark.parametrize("bits", [1, 6, 200])
def test_sums_are_those_of_python(bits):
    x, target = additions(bits, 50, np.random.default_rng(bits))
    assert x.shape == (bits + 1, 50, 2) and target.shape == (bits + 1, 50, 1)
    assert (x[-1] == 0).all()
    first, second, sums = (from_binary(part) for part in (x[..., 0], x[..., 1], target[..., 0]))
    assert (first + second == sums).all()
    assert all(type(n) is int for n in sums)


def test_binary_numbers_come_back():
    numbers = [0, 1, 2**70 - 1, 3**40]
    bits = in_binary(numbers, 70)
    assert bits.shape == (70, 4) and set(np.unique(bits)) == {0.0, 1.0}
    assert from_binary(bits).tolist() == numbers
    assert from_binary(bits[:, 3] * 0.2 + 0.4) == 3**40


@pytest.mark.parametrize("number", [-1, 8])
def test_number_without_room_is_named(number):
    with pytest.raises(ValueError, match=rf"numbers\[1\] must be at .* [07], got {number}"):
        in_binary([1, number], 3)


def test_words_come_from_one_list_at_a_time():
    lists = [["ab", "cd"], ["ba", "dc"], ["e"]]
    text, which = switching(lists, 300, 0.8, np.random.default_rng(0))
    assert len(text) == len(which) and which[0] == 0 and set(which) == {0, 1, 2}
    changes = np.flatnonzero(np.diff(which))
    assert ((which[changes] + 1) % 3 == which[changes + 1]).all()
    for start, end in zip([0, *changes + 1], [*changes + 1, len(text)], strict=True):
        rest = text[start:end]
        for word in lists[which[start]]:
            rest = rest.replace(word, " ") if len(word) == 1 else rest
        pairs = [rest[k : k + 2] for k in range(0, len(rest), 2)] if which[start] < 2 else []
        assert set(pairs) <= set(lists[which[start]])


@pytest.mark.parametrize(("stay", "lists"), [(1, {0}), (0, {0, 1})])
def test_lists_stay_or_take_turns(stay, lists):
    _, which = switching([["a"], ["b"]], 10, stay, np.random.default_rng(0))
    assert set(which) == lists and len(which) == 10


def test_impossible_chance_is_refused():
    with pytest.raises(ValueError, match=r"stay must be .* at most 1, got 2"):
        switching([["a"]], 3, 2, np.random.default_rng(0))


def test_latching_asks_at_the_end_for_the_bit_at_the_start():
    x, target, mask = latching(50, 400, np.random.default_rng(1))
    assert x.shape == target.shape == mask.shape == (50, 400, 1)
    assert set(np.unique(x[0])) == {-1.0, 1.0} and (target == x[0]).all()
    assert (mask[:-1] == 0).all() and (mask[-1] == 1).all()
    assert abs(x[1:].var() - 0.2) < 0.01 and abs(x[1:].mean()) < 0.01


def test_latching_needs_a_step():
    with pytest.raises(ValueError, match="steps must be at least 1, got 0"):
        latching(0, 4, np.random.default_rng(0))


@pytest.mark.parametrize("steps", [2, 3, 50])
def test_two_numbers_are_marked_one_in_each_half(steps):
    x, target, mask = adding(steps, 200, np.random.default_rng(steps))
    number, mark = x[..., 0], x[..., 1]
    assert x.shape == (steps, 200, 2) and target.shape == mask.shape == (steps, 200, 1)
    assert (mark[: steps // 2].sum(axis=0) == 1).all()
    assert (mark[steps // 2 :].sum(axis=0) == 1).all()
    assert np.allclose(target[-1, :, 0], (number * mark).sum(axis=0))
    assert (mask[-1] == 1).all() and mask.sum() == 200
    assert number.min() >= 0 and number.max() < 1


def test_latest_is_the_number_marked_last():
    x, target = latest(30, 40, np.random.default_rng(0), share=0.2)
    for b in range(40):
        now = 0.0
        for t in range(30):
            now = x[t, b, 0] if x[t, b, 1] else now
            assert target[t, b, 0] == now
    assert 0.15 < x[..., 1].mean() < 0.25


def test_impossible_marks_are_refused():
    with pytest.raises(ValueError, match="steps must be at least 2, got 1"):
        adding(1, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"share must be .* at most 1, got 2"):
        latest(3, 1, np.random.default_rng(0), share=2)


def test_opinions_are_decided_by_one_of_the_two():
    sentences, liked = opinions(300, np.random.default_rng(0))
    for words, answer in zip(sentences, liked, strict=True):
        text = " ".join(words)
        first, second = text.split(" but " if " but " in text else " although ")
        decides = second if " but " in text else first
        assert " ".join(deciding(words)) == decides
        assert answer == ((decides.split()[-1] in PRAISE) ^ (" not " in decides))
        assert first.split()[1] != second.split()[1]
    assert abs(liked.mean() - 0.5) < 0.1


def test_words_that_are_never_negated():
    sentences, _ = opinions(300, np.random.default_rng(0), never_negated=["good", "bad"])
    texts = [" ".join(words) for words in sentences]
    assert any("is good" in text for text in texts)
    assert not any("not good" in text or "not bad" in text for text in texts)
    assert all(
        any(f"not {word}" in t for t in texts) for word in {*PRAISE, *BLAME} - {"good", "bad"}
    )
    with pytest.raises(ValueError, match="never_negated must be one of"):
        opinions(1, np.random.default_rng(0), never_negated=["fine"])
    with pytest.raises(ValueError, match="sentence must have a but or an although"):
        deciding(["good"])


# Weeks of weather, and a sentence about each


def log(skies, first=0):
    return [(DAYS[(first + k) % 7], sky) for k, sky in enumerate(skies.split())]


@pytest.mark.parametrize(
    ("skies", "first", "sentence"),
    [
        ("sun sun sun sun sun sun sun", 3, "mostly sun , no wet days"),
        ("fog sun fog sun fog sun rain", 0, "mixed , one wet day , sunday"),
        (
            "rain snow rain rain sun rain sun",
            5,
            "mostly rain , five wet days , saturday to thursday",
        ),
        ("drizzle rain snow fog sun sun sun", 2, "mixed , three wet days , wednesday to friday"),
    ],
)
def test_a_week_is_reported_by_rule(skies, first, sentence):
    assert " ".join(report(log(skies, first))) == sentence


def test_skies_of_made_weeks_follow_as_in_real_ones():
    real = [log("sun rain sun rain sun rain sun"), log("sun sun sun sun sun sun rain")]
    weeks = made_weeks(real, 4000, np.random.default_rng(0), chance=0)
    assert {week[0][0] for week in weeks} == set(DAYS)
    pairs = [(a, b) for week in weeks for (_, a), (_, b) in pairwise(week)]
    assert {b for a, b in pairs if a == "rain"} == {"sun"}  # none follows rain but sun
    after_sun = [b for a, b in pairs if a == "sun"]
    assert after_sun.count("rain") / len(after_sun) == pytest.approx(4 / 9, abs=0.02)
    anything = made_weeks(real, 4000, np.random.default_rng(0), chance=1)
    skies = [sky for week in anything for _, sky in week[1:]]
    assert all(skies.count(sky) / len(skies) == pytest.approx(0.2, abs=0.02) for sky in SKIES)


@pytest.mark.parametrize(
    "wrong", [[], log("sun sun sun"), [*log("sun sun sun sun sun sun"), "sun"]]
)
def test_what_is_no_week_is_refused(wrong):
    with pytest.raises(ValueError, match="week"):
        report(wrong)


def test_two_digits_stand_where_the_caption_says():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(10), 2)
    images = labels[:, np.newaxis, np.newaxis] + np.full((20, 4, 4), 1.0)
    pairs = np.column_stack([rng.integers(10, size=(60, 2)), rng.integers(2, size=60)])
    pictures, captions = digit_pairs(images, labels, pairs, rng)
    assert pictures.shape == (60, 8, 8)
    for picture, (first, second, above), words in zip(pictures, pairs, captions, strict=True):
        picture = picture if above else picture.T  # the transpose of beside is above
        assert (picture[:4, 2:6] == first + 1).all() and (picture[4:, 2:6] == second + 1).all()
        assert (picture[:, [0, 1, 6, 7]] == 0).all()
        assert words == caption(first, second, above)
        assert ("above" in words) == above


def test_every_image_of_a_digit_is_drawn():
    images = np.arange(6.0).reshape(6, 1, 1) + 1
    pairs = np.tile([4, 7, 0], (200, 1))
    pictures, _ = digit_pairs(images, [7, 4, 4, 7, 4, 7], pairs, np.random.default_rng(0))
    assert set(pictures[:, 0, 0]) == {2.0, 3.0, 5.0} and set(pictures[:, 0, 1]) == {1.0, 4.0, 6.0}
    assert not pictures[:, 1].any()


def test_captions_are_english_and_all_different():
    texts = {" ".join(caption(a, b, r)) for a in range(10) for b in range(10) for r in (0, 1)}
    assert len(texts) == 200
    assert {"two sixes beside each other", "a zero left of an eight"} <= texts


@pytest.mark.parametrize(
    ("images", "labels", "pairs", "message"),
    [
        (np.ones((2, 2, 3)), [1, 2], [[1, 2, 0]], r"images must have shape \(N, H, H\)"),
        (np.ones((2, 2, 2)), [1], [[1, 1, 0]], r"labels must have shape \(2,\), got \(1,\)"),
        (np.ones((2, 2, 2)), [1, 2], [[1, 2, 2]], "the last of the three 0 or 1"),
        (np.ones((2, 2, 2)), [1, 2], [[1, 3, 0]], "labels must hold each digit of pairs, got no 3"),
    ],
)
def test_pairs_that_cannot_be_drawn(images, labels, pairs, message):
    with pytest.raises(ValueError, match=message):
        digit_pairs(images, labels, pairs, np.random.default_rng(0))
