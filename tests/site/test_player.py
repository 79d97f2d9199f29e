"""Each player on each page: by keyboard, mouse, touch, button and ear, through all its frames."""

import re

import pytest
from probes import book, player
from probes.player import Player

VISITS = {
    "desk": ({}, [player.by_keyboard, player.by_steps, player.by_mouse]),
    "small phone": ({"width": 320}, [player.every_frame]),
    "touch": ({"width": 390, "has_touch": True, "is_mobile": True}, [player.by_touch]),
    "clock": ({"clock": True}, [player.by_play, player.by_ear]),
}


def test_every_player_of_a_notebook_is_on_its_page(chapter):
    stored = book.source(chapter).read_text(encoding="utf-8")
    written = len(re.findall(r'<div class=\\?"player\\?"', stored))
    assert book.players().get(chapter, 0) == written


def test_the_book_has_a_player():
    assert book.players()


@pytest.mark.parametrize("kind", VISITS)
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


def test_a_guess_is_shown_back_after_the_first_move(visit, chapter):
    page = visit(chapter)
    for guess in page.locator(".player-guess").all():
        shown = guess.locator("xpath=..")
        choice = guess.locator("input").last
        choice.check()
        assert not shown.locator(".player-told").count()
        if shown.locator(".player-still").count():
            shown.locator("select").first.select_option(index=1)
        else:
            shown.get_by_role("button", name="Next", exact=True).click()
        assert shown.locator(".player-told").inner_text() == choice.get_attribute("value")
        assert choice.is_disabled()
