"""A player's frames are drawn when they are asked for, and what they say is there before."""

import pytest
from probes import book
from probes.player import Player


@pytest.mark.parametrize("path", book.players())
def test_frames_come_when_they_are_asked_for(visit, subtests, path):
    page = visit(path)
    for number in range(book.players()[path]):
        player = Player(page, number)
        if player.still:
            continue
        with subtests.test("only the first is drawn before it is touched", player=number):
            assert player.root.locator("svg").count() == 1
            first = player.shown()
            player.next.click()
            player.changed(first)
            assert player.root.locator("svg").count() == 1, "a frame that was shown stays there"
            player.back.click()
            assert player.shown() == first
        with subtests.test("every sentence can be searched for", player=number):
            frames = player.root.locator("ol > li")
            assert all(sentence.strip() for sentence in frames.all_text_contents())
            assert not frames.first.is_visible()
