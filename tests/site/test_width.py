"""On a phone, nothing scrolls sideways and nothing is cut off."""

import pytest
from probes.player import Player
from probes.watch import open_all
from probes.width import too_wide

phones = pytest.mark.parametrize("width", [390, 320])


@phones
def test_fits(visit, path, width):
    page = visit(path, width=width)
    assert not too_wide(page)
    open_all(page)
    assert not too_wide(page), "with every drop-down open"


@phones
def test_every_frame_of_a_player_fits(visit, player_at, width):
    path, number = player_at
    page = visit(path, width=width)
    player = Player(page, number)
    player.root.evaluate("player => { player.id = 'looked-at' }")
    wrong = {}
    for preset in player.presets:
        player.choose(preset)
        player.range.focus()
        for frame in range(player.last + 1):
            for what in too_wide(page, within="#looked-at"):
                wrong.setdefault(what, f"example {preset}, frame {frame}")
            page.keyboard.press("ArrowRight")
    assert not wrong
