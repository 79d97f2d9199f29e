"""Each player on each page: by keyboard, mouse, touch and button, through all its frames."""

import re

import pytest
from probes import book, player
from probes.player import Player


def test_every_player_of_a_notebook_is_on_its_page(chapter):
    stored = book.source(chapter).read_text(encoding="utf-8")
    written = len(re.findall(r'<div class=\\?"player\\?"', stored))
    assert [page for page, _ in book.players()].count(chapter) == written


def test_the_book_has_a_player():
    assert book.players()


def test_moves_by_keyboard(visit, player_at):
    player.by_keyboard(_open(visit, player_at))


def test_moves_by_steps(visit, player_at):
    player.by_steps(_open(visit, player_at))


def test_moves_by_mouse(visit, player_at):
    player.by_mouse(_open(visit, player_at))


def test_moves_by_touch(visit, player_at):
    player.by_touch(_open(visit, player_at, width=390, has_touch=True, is_mobile=True))


def test_plays_and_pauses(visit, player_at):
    player.by_play(_open(visit, player_at, clock=True))


@pytest.mark.parametrize("width", [1280, 390])
def test_every_frame_of_every_example(visit, player_at, width):
    player.every_frame(_open(visit, player_at, width=width))


def test_tells_its_sentence_when_still(visit, player_at):
    shown = _open(visit, player_at, clock=True)
    live = shown.root.locator("[aria-live=polite], output:not([aria-live=off]), [role=status]")
    assert live.count() == 1, "more than the sentence is read out"
    shown.range.press("ArrowRight")
    shown.page.clock.run_for(2000)
    assert live.inner_text() == shown.shown().sentence
    shown.button.click()
    quiet = live.inner_text()
    shown.page.clock.run_for(int(shown.root.get_attribute("data-interval")) + 50)
    assert live.inner_text() in ("", quiet), "it talks while it plays"


def _open(visit, player_at, **options):
    path, number = player_at
    return Player(visit(path, **options), number)
