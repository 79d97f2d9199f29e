"""Each player on each page: by keyboard, mouse, touch, button and ear, through all its frames."""

import re

import pytest
from probes import book, player
from probes.player import Player

VISITS = {
    "desk": ({}, [player.by_keyboard, player.by_steps, player.by_mouse]),
    "clock": ({"clock": True}, [player.by_play, player.by_ear]),
    "small phone": ({"width": 320}, [player.every_frame]),
    "touch": ({"width": 390, "has_touch": True, "is_mobile": True}, [player.by_touch]),
}
HERE = [pytest.param(kind, marks=[pytest.mark.elsewhere] * (kind != "desk")) for kind in VISITS]


def test_every_player_of_a_notebook_is_on_its_page(chapter):
    stored = book.source(chapter).read_text(encoding="utf-8")
    written = len(re.findall(r'<div class=\\?"player\\?"', stored))
    assert book.players().get(chapter, 0) == written


def test_the_book_has_a_player():
    assert book.players()


@pytest.mark.parametrize("kind", HERE)
@pytest.mark.parametrize("path", book.players())
def test_players(visit, subtests, path, kind):
    options, ways = VISITS[kind]
    page = visit(path, **options)
    for number in range(book.players()[path]):
        for way in ways:
            with subtests.test(way.__name__, player=number):
                shown = Player(page, number)
                if shown.still and way is not player.every_frame:
                    continue
                shown.rewind()
                way(shown)


def test_a_guess_is_answered_at_its_frame_or_else_after_the_first_move(visit, chapter):
    page = visit(chapter)
    for number in range(book.players().get(chapter, 0)):
        shown = Player(page, number)
        guess = shown.root.locator(".player-guess")
        if not guess.count():
            continue
        choice = guess.locator("input").last
        choice.check()
        assert not shown.told
        if example := guess.get_attribute("data-example"):
            to_its_frame(shown, example.split(","), guess.get_attribute("data-frame"))
        elif shown.still:
            shown.choice.first.select_option(index=1)
        else:
            shown.next.click()
        assert shown.told == choice.get_attribute("value")
        assert choice.is_disabled()
        if example and shown.choice.count():
            shown.choice.last.select_option(index=int(example.endswith("0")))
            assert not shown.told, "another example"


def to_its_frame(shown, example, frame):
    """Go to the end of another example, then to a frame; nothing is told before it."""
    for select, index in zip(shown.choice.all(), map(int, example), strict=False):
        select.select_option(index=int(index == 0))
        shown.range.press("End")
        assert not shown.told, "another example"
        shown.rewind()
        select.select_option(index=index)
    shown.range.fill(str(int(frame) - 1))
    assert not shown.told, "an earlier frame"
    shown.range.fill(frame)
