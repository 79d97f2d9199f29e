"""A player's frames are drawn when they are asked for, and what they say is there before."""

from probes.player import Player


def test_only_the_first_frame_is_drawn_before_it_is_touched(visit, player_at):
    path, number = player_at
    player = Player(visit(path), number)
    assert player.root.locator("svg").count() == 1
    first = player.shown()
    player.next.click()
    player.changed(first)
    assert player.root.locator("svg").count() == 1, "a frame that was shown stays in the page"
    player.back.click()
    assert player.shown() == first


def test_every_sentence_can_be_searched_for(visit, player_at):
    path, number = player_at
    frames = Player(visit(path), number).root.locator("ol > li")
    assert all(sentence.strip() for sentence in frames.all_text_contents())
    assert not frames.first.is_visible()
