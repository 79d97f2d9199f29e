"""Each player on each page: by keyboard, mouse, touch, button and ear, through all its frames."""

import re

import pytest
from probes import book, player
from probes.player import Player

VISITS = {
    "desk": ({}, [player.by_keyboard, player.by_steps, player.by_mouse, player.every_frame]),
    "phone": ({"width": 390}, [player.every_frame]),
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
                shown.rewind()
                way(shown)
