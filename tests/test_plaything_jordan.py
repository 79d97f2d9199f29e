"""The player of the state units: what is drawn, said and asked."""

import pytest

from rnnbook.playthings import jordan as traces


def test_a_frame_for_each_step_and_one_for_the_end():
    shown = traces.frames("ANANAS", 0.5)
    assert len(shown) == 7
    assert "A 1.25, N 0.5, S 0." in shown[3].sentence
    assert "The nearest before was step 4, where N came" in shown[5].sentence
    assert shown[6].sentence.startswith("After the last step")


def test_without_decay_nobody_can_know():
    shown = traces.frames("ANANAS", 0.0)
    assert "Exactly this was held before step 2, where N came: the same letter" in shown[3].sentence
    assert "before steps 2 and 4, where N came" in shown[5].sentence
    assert shown[5].sentence.endswith("nobody can know that it is S now.")


def test_player_has_an_example_for_each_decay():
    shown = traces.traces("ABAC", (0.0, 0.25))
    assert list(shown.presets) == ["decay 0", "decay 0.25"]
    heights = {f.svg.split('viewBox="')[1].split('"')[0] for p in shown.presets.values() for f in p}
    assert len(heights) == 1  # so that nothing jumps


@pytest.mark.parametrize("decays", [(0.0, 0.5, 0.9), (0.9, 0.2)])
def test_the_guess_is_about_the_last_step(decays):
    page = traces.traces("ANANAS", decays)._page()
    assert "player-guess" in page and "It is: decay 0.9." in page
    assert "0.9 to the power" not in page


def test_nothing_is_asked_where_there_is_no_choice():
    assert "player-guess" not in traces.traces("ANANAS", (0.5,))._page()
    assert "player-guess" not in traces.traces("AB", (0.0, 0.5))._page()
