"""A tune sounds when it is asked for, and stops: nothing plays by itself."""

import pytest
from probes import book
from probes.player import Player

HEARD = [page for page in book.players() if ' data-notes="' in book.read(book.HTML / page)]
COUNTING = """() => {
    window.sounds = [];
    const Plain = window.AudioContext;
    window.AudioContext = class extends Plain {
        constructor() {
            super();
            window.sounds.push(this);
        }
    };
}"""


@pytest.mark.parametrize("path", HEARD)
def test_a_tune_sounds_when_it_is_asked_for_and_stops(visit, path):
    page = visit(path)
    page.evaluate(COUNTING)
    player = Player(page)
    button = player.root.get_by_role("button", name="Listen")
    player.next.click()
    assert page.evaluate("sounds.length") == 0
    button.click()
    stop = player.root.get_by_role("button", name="Stop")
    assert page.evaluate("sounds.map((sound) => sound.state)") != ["closed"]
    stop.click()
    assert page.evaluate("sounds.map((sound) => sound.state)") == ["closed"]
    button.click()
    player.back.click()  # another tune
    button.wait_for()
    assert page.evaluate("sounds.map((sound) => sound.state)") == ["closed", "closed"]
