"""A player as its reader meets it: a range to move, a button to press, a choice to make."""

import re
from typing import NamedTuple

from probes.width import too_wide

PATIENCE = 3000  # milliseconds in which a frame must have come

# Everything in one look, so that no part of it is older than another.
_STATE = """(player) => {
    const range = player.querySelector("input[type=range]");
    const told = player.querySelector(".player-told:not([hidden])");
    const answer = told ? told.offsetHeight + parseFloat(getComputedStyle(told).marginTop) : 0;
    const figures = [...player.querySelectorAll("figure")].filter((f) => f.checkVisibility());
    return {
        value: range.valueAsNumber,
        last: +range.max,
        words: range.getAttribute("aria-valuetext"),
        presets: [...player.querySelectorAll("select")].map((s) => [...s].map((o) => o.value)),
        told: told?.innerText ?? "",
        height: player.getBoundingClientRect().height - answer,
        figures: figures.map((figure) => [
            figure.querySelector("svg")?.outerHTML,
            figure.querySelector("figcaption")?.innerText.trim(),
        ]),
    };
}"""
_LIVE = "[aria-live=polite], output:not([aria-live=off]), [role=status]"


class Shown(NamedTuple):
    """What a player shows: its drawing, freed of the ids that differ with no change to see."""

    drawing: str
    sentence: str


class Player:
    """The player with the given number on an open page."""

    def __init__(self, page, number=0):
        self.page = page
        self.root = page.locator(".player").nth(number)
        self.range = self.root.locator("input[type=range]")
        self.button = self.root.get_by_role("button", name=re.compile("^(Play|Pause)$"))
        self.back = self.root.get_by_role("button", name="Back", exact=True)
        self.next = self.root.get_by_role("button", name="Next", exact=True)
        self.choice = self.root.locator("select")

    @property
    def value(self):
        """Where the range stands."""
        return self._read()["value"]

    @property
    def last(self):
        """Where the range ends."""
        return self._read()["last"]

    @property
    def presets(self):
        """The values to choose, one of each list: all of one list, with the first of the others."""
        lists = self._read()["presets"]
        first = [values[0] for values in lists]
        others = [
            [*first[:k], value, *first[k + 1 :]]
            for k, values in enumerate(lists)
            for value in values[1:]
        ]
        return [first, *others]

    @property
    def still(self):
        """Whether there is nothing to slide through."""
        return self.root.locator(".player-still").count() == 1

    @property
    def told(self):
        """What is said to the reader's guess, once it is answered."""
        return self._read()["told"]

    def shown(self):
        """Read the one figure that is shown."""
        return self._figure(self._read())

    def changed(self, before):
        """Wait until all that tells of the frame tells of another one than `before`."""
        return self._figure(self._changed(before))

    def _changed(self, before):
        return self._wait(lambda state: self._unchanged(state, before))

    def walk(self):
        """Go from frame to frame by the arrow key; of each give how high the player is."""
        state = self._read()
        self.range.focus()
        yield state["height"]
        for _ in range(state["last"]):
            self.page.keyboard.press("ArrowRight")
            state = self._changed(self._figure(state))
            yield state["height"]

    def _unchanged(self, state, before):
        shown = self._figure(state)
        for part in Shown._fields:
            if getattr(shown, part) == getattr(before, part):
                return f"the {part} stands still"
        if state["words"] != f"{state['value'] + 1} of {state['last'] + 1}":
            return f"aria-valuetext does not follow: {state['words']}"
        return ""

    def rewind(self):
        """Go to the first frame, from wherever the last look at the player has left it."""
        if self.still:
            return
        self.range.press("Home")
        self._wait(lambda state: "Home does nothing" if state["value"] else "")

    def choose(self, preset):
        """Choose an example, and go to its first frame."""
        for number, value in enumerate(preset):
            self.choice.nth(number).select_option(value)
        self.rewind()

    def at(self, fraction):
        """Give the point of the page at this fraction of the range's width."""
        self.range.scroll_into_view_if_needed()
        box = self.range.bounding_box()
        return box["x"] + box["width"] * fraction, box["y"] + box["height"] / 2

    def _read(self):
        return self.root.evaluate(_STATE)

    def _figure(self, state):
        assert len(state["figures"]) == 1, f"{len(state['figures'])} frames are shown at once"
        drawing, sentence = state["figures"][0]
        assert drawing, "the frame has no drawing"
        assert sentence, "the frame has no sentence"
        return Shown(re.sub(r"""\bid="[^"]*"|(?:url\(|href=")#[^)"]*""", "", drawing), sentence)

    def _wait(self, complaint):
        waited, pause = 0, 30
        while text := complaint(state := self._read()):
            assert waited < PATIENCE, f"{text}, at {state['value']} of {state['last']}"
            self.page.wait_for_timeout(pause)
            waited += pause
        return state


def by_keyboard(player):
    """Go one step on, to the end, and back home."""
    first = player.shown()
    player.range.focus()
    player.page.keyboard.press("ArrowRight")
    assert player.value == 1, "an arrow key does not move the range by one"
    second = player.changed(first)
    player.page.keyboard.press("End")
    assert player.value == player.last, "End does not lead to the last frame"
    player.changed(second)
    player.page.keyboard.press("Home")
    player.changed(second)
    assert player.shown() == first, "Home does not lead back to the first frame"


def by_steps(player):
    """Go one step on and one step back by the buttons for it, and no further than the start."""
    first = player.shown()
    player.next.click()
    assert player.value == 1, "the button for the next frame does not move the range by one"
    second = player.changed(first)
    player.back.click()
    player.changed(second)
    assert player.shown() == first, "the button back does not lead to the first frame"
    player.back.click()
    assert player.shown() == first


def by_mouse(player):
    """Drag the range's thumb from its start to its end, and half of the way back."""
    mouse, first = player.page.mouse, player.shown()
    mouse.move(*player.at(0.01))
    mouse.down()
    mouse.move(*player.at(0.99), steps=8)
    assert player.value == player.last, "the thumb does not follow the mouse"
    end = player.changed(first)
    mouse.move(*player.at(0.5), steps=4)
    mouse.up()
    assert 0 < player.value < player.last
    player.changed(end)


def by_touch(player):
    """Tap the range near its end, then the button."""
    first = player.shown()
    player.page.touchscreen.tap(*player.at(0.75))
    assert player.value > 0, "a tap does not move the range"
    tapped = player.changed(first)
    player.button.tap()
    for _ in range(10):
        if player.button.inner_text() == "Pause":
            break
        player.page.wait_for_timeout(30)
    else:  # a tap may only have ended a scroll, as on a phone
        player.button.tap()
    player.changed(tapped)
    player.button.tap()


def by_play(player):
    """Play to the end under the page's own clock, which the test winds on; pause on the way."""
    clock, interval = player.page.clock, int(player.root.get_attribute("data-interval"))
    assert player.button.inner_text() == "Play"
    shown = player.shown()
    player.button.click()
    assert player.button.inner_text() == "Pause", "the button does not say that it pauses now"
    clock.run_for(interval + 50)
    assert player.value == 1, f"after one interval the range stands at {player.value}"
    shown = player.changed(shown)
    player.button.click()
    assert player.button.inner_text() == "Play"
    clock.run_for(5 * interval)
    assert player.value == 1, "it goes on playing when paused"
    player.button.click()
    clock.run_for((player.last + 2) * interval)
    assert player.value == player.last, f"it stopped at {player.value} of {player.last}"
    player.changed(shown)
    assert player.button.inner_text() == "Play", "the button does not offer to play again"
    last = player.shown()
    player.button.click()
    clock.run_for(interval + 50)
    assert player.value < player.last, "played to its end, it cannot be played again"
    player.changed(last)


def by_ear(player):
    """Read out the sentence on which the reader rests, nothing else, and nothing while it plays."""
    clock, live = player.page.clock, player.root.locator(_LIVE)
    assert live.count() == 1, "more than the sentence is read out"
    player.range.press("ArrowRight")
    clock.run_for(2000)
    sentence = player.shown().sentence
    answered = f"{player.told} {sentence}"  # where this frame answers a guess
    assert live.inner_text() in (sentence, answered), "it does not say the sentence"
    player.button.click()
    quiet = live.inner_text()
    clock.run_for(int(player.root.get_attribute("data-interval")) + 50)
    assert live.inner_text() in ("", quiet), "it talks while it plays"


def every_frame(player):
    """Walk through every example: each frame is another, none jumps in height, each fits."""
    for preset in player.presets:
        player.choose(preset)
        heights, cut_off = [], {}
        for frame, height in enumerate(player.walk()):
            heights.append(height)
            cut_off |= dict.fromkeys(too_wide(player.page, player.root), frame)
        assert len(heights) > 1 or player.still, f"example {preset} has a single frame"
        assert max(heights) - min(heights) <= 1, f"example {preset} is {heights} px high"
        assert not cut_off, f"example {preset} does not fit"
