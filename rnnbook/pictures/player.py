"""Playthings: frames drawn beforehand, moved by a slider on the plain page and in Jupyter alike.

On a page the player's HTML is shown and a few lines of script move it, with no kernel behind it.
In Jupyter the same object is an ipywidgets player.
"""

import itertools
import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

import ipywidgets as widgets

from rnncore.arrays import instance, listed, text, whole


class Frame(NamedTuple):
    """One picture of a player, and what it shows in words."""

    svg: str
    sentence: str


class Guess(NamedTuple):
    """What the reader is asked before a player moves; see `player`.

    The question, two or three choices, the right one of them, and the reason, a sentence that
    begins with a capital; then where the answer is seen: a frame of the first example, or an
    example and a frame of it.  Frames count from 0, or from the end, as in a list.
    """

    question: str
    choices: tuple
    right: str
    reason: str
    at: int | tuple | None = None

    def answered(self, choice):
        """Say whether a choice, or None, is the right one, and why."""
        if choice is None:
            return f"{self._answer}{self.reason}"
        if choice == self.right:
            return f"You guessed: {choice}. So it is. {self.reason}"
        return f"You guessed: {choice}. {self._answer}{self.reason}"

    @property
    def _answer(self):
        return f"It is: {self.right}. "


class Player(widgets.VBox):
    """A slider over frames; see `player`."""

    def __init__(self, presets, label, interval, handle="frame", guess=None, choices=("example",)):
        self._label, self._interval, self._handle, self._guess = label, interval, handle, guess
        self._choices = [widgets.Dropdown(description=name) for name in choices]
        self._play = widgets.Play(interval=interval)
        self._slider = widgets.IntSlider(description=handle)
        self._screen = widgets.HTML()
        widgets.jslink((self._play, "value"), (self._slider, "value"))
        self.load(presets)
        for choice in self._choices:
            choice.observe(lambda change: self._change(), "value")
        self._slider.observe(lambda change: self._show(), "value")
        several = self._choices if len(presets) > 1 else []
        moves = [self._play, self._slider] if self._moves else []
        super().__init__([*self._asking(), widgets.HBox([*several, *moves]), self._screen])

    def _asking(self):
        """Return the question and the place of its answer, which a move fills."""
        if not self._guess:
            return []
        question = widgets.HTML(escape(self._guess.question))
        asked = widgets.ToggleButtons(options=self._guess.choices, value=None)
        told = widgets.HTML()

        def moved(change):
            asked.disabled = asked.disabled or self._answers(asked.value)
            said = self._guess.answered(asked.value) if asked.disabled and self._asked_here else ""
            told.value = escape(said)

        for control in (self._slider, *self._choices):
            control.observe(moved, "value")
        return [question, asked, told]

    def _answers(self, guessed):
        """Say whether what is shown answers the guess; with no such frame, any move does."""
        if self._guess.at is None:
            return guessed is not None or self._slider.value == self._slider.max
        return self._asked_here and self._slider.value >= _answering(self._guess, self.presets)[1]

    @property
    def _asked_here(self):
        """Whether the guess is about the example that is shown."""
        if self._guess.at is None:
            return True
        return self._example == _answering(self._guess, self.presets)[0]

    def load(self, presets, choose=None):
        """Take other frames, `presets` as in `player`, and show `choose` or the first of them."""
        self.presets = presets
        shown = _key(next(iter(presets)) if choose is None else choose)
        options = zip(*map(_key, presets), strict=True)
        for choice, names, name in zip(self._choices, options, shown, strict=True):
            choice.options = list(dict.fromkeys(names))
            choice.value = name
        self._start()

    def _change(self):
        """Show another example, at the same place where it has as many frames."""
        alike = self._slider.max == len(self._frames) - 1
        self._show() if alike else self._start()

    def _start(self):
        self._slider.value = self._play.value = 0
        self._slider.max = self._play.max = len(self._frames) - 1
        self._show()

    @property
    def _example(self):
        key = tuple(choice.value for choice in self._choices)
        return key if len(key) > 1 else key[0]

    @property
    def _frames(self):
        return self.presets[self._example]

    @property
    def _moves(self):
        """Whether there is an example of more than one frame."""
        return any(len(frames) > 1 for frames in self.presets.values())

    def _show(self):
        self._screen.value = _figure(self._frames[self._slider.value])

    def __repr__(self):
        return f"Player: {self._label}"

    def _repr_mimebundle_(self, **options):
        return {**super()._repr_mimebundle_(**options), "text/html": self._page()}

    def _page(self):
        """Write the player for a page without a kernel; the script of the page moves it."""
        names = [choice.options for choice in self._choices]
        selects = "".join(
            f"<label>{escape(choice.description)} <select>"
            + "".join(f'<option value="{k}">{escape(n)}</option>' for k, n in enumerate(options))
            + "</select></label>"
            for choice, options in zip(self._choices, names, strict=True)
        )
        first, *others = self.presets.values()
        bar = (
            f'<div class="player-bar{"" if self._moves else " player-still"}" hidden>'
            f'<button type="button">Play</button>{selects if others else ""}'
            f"<label>{escape(self._handle)} "
            f'<input type="range" min="0" max="{len(first) - 1}" value="0"></label>'
            '<button type="button" data-move="-1" aria-label="Back">‹</button>'
            '<button type="button" data-move="1" aria-label="Next">›</button>'
            f"<output>1 of {len(first)}</output></div>"
        )
        parts = {}  # of the drawings, each once: a frame is much like the one before
        frames = "\n".join(
            f'<li data-preset="{_number(_key(name), names)}"'
            f' data-parts="{_packed(frame.svg, parts)}">{escape(frame.sentence)}</li>'
            for name, frames in self.presets.items()
            for frame in frames
        )
        # Without script, the first frame is what there is to see.
        return (
            f'<div class="player" role="group" aria-label="{escape(self._label)}"'
            f' data-interval="{self._interval}">\n{self._question(names)}{bar}\n'
            f"{_figure(first[0])}\n"
            f'<script type="text/plain">{"".join(parts)}</script>\n'
            f"<ol hidden>\n{frames}\n</ol></div>"
        )

    def _question(self, names):
        """Write the guess for the page; each choice carries what will be said to it."""
        if not self._guess:
            return ""
        at = ""
        if self._guess.at is not None:
            example, frame = _answering(self._guess, self.presets)
            at = f' data-example="{_number(_key(example), names)}" data-frame="{frame}"'
        choices = "".join(
            f'<label><input type="radio" name="{escape(self._label)}"'
            f' value="{escape(self._guess.answered(choice))}"> {escape(choice)}</label>'
            for choice in self._guess.choices
        )
        return (
            f'<fieldset class="player-guess" data-unasked="{escape(self._guess.answered(None))}"'
            f"{at} hidden><legend>{escape(self._guess.question)}</legend>{choices}</fieldset>\n"
        )


def player(
    presets, *, label, interval=1500, handle="frame", guess=None, choices=("example",)
):  # fmt: skip
    """Make a player of frames: by mouse, touch and keyboard, with a kernel or without.

    Parameters
    ----------
    presets : dict of str, or of tuple of str, to list of Frame
        One list of frames for each example that the reader may choose.
        With several `choices`, the keys are tuples, one for every combination.
    label : str
        What the player is, for those who cannot see it.
    interval : int
        Milliseconds from frame to frame while it plays.
    handle : str
        What the slider moves through.
    guess : Guess, optional
        Asked before it moves; at the frame that answers it, the reader's guess is shown again,
        and what holds, in this example only.  Where it names no frame, the first move answers,
        and who has not guessed is told at the last frame.
    choices : tuple of str
        What is chosen: a list to choose from for each.

    Raises
    ------
    ValueError
        Where there are no frames, a frame has no sentence, a combination of choices is missing,
        the right answer to the guess is none of its two or three choices, or the frame that
        answers it is none.
    """
    instance(presets, Mapping, "presets")
    presets = {name: listed(frames, "presets", least=0) for name, frames in presets.items()}
    if not presets or not all(presets.values()):
        raise ValueError("presets must name at least one example, each with at least one frame")
    for name, frames in presets.items():
        for k, frame in enumerate(frames):
            if not instance(frame, Frame, f"frame {k} of {name!r} in presets").sentence.strip():
                raise ValueError(f"frame {k} of {name!r} must have a sentence")
    text(label, "label"), text(handle, "handle"), whole(interval, "interval")
    keys = [_key(name) for name in presets]
    if any(len(key) != len(choices) for key in keys):
        raise ValueError(f"presets must have a name for each of the choices {choices}")
    for key in itertools.product(*(dict.fromkeys(names) for names in zip(*keys, strict=True))):
        if key not in keys:
            raise ValueError(f"presets must have every combination of the choices; {key} is none")
    if guess is not None:
        _answerable(guess, presets)
    return Player(presets, label, interval, handle, guess, choices)


def _answerable(guess, presets):
    """Refuse a guess that has no right answer, or nothing to say, or that nothing answers."""
    instance(guess, Guess, "guess")
    for name in ("question", "right", "reason"):
        text(getattr(guess, name), f"{name} of guess")
    choices = listed(guess.choices, "choices of guess")
    if guess.right not in choices or len(set(choices)) not in (2, 3):
        raise ValueError(f"guess must have two or three choices, one of them right; got {guess}")
    if guess.at is not None:
        try:
            _answering(guess, presets)
        except (KeyError, IndexError, TypeError, ValueError):
            raise ValueError(
                f"at of guess must be a frame, or an example and a frame of it, got {guess.at}"
            ) from None


def _answering(guess, presets):
    """Return the example in which the guess is answered, and the frame, counted from the start."""
    first = next(iter(presets))
    example, frame = guess.at if isinstance(guess.at, tuple) else (first, guess.at)
    return example, range(len(presets[example]))[frame]


def _key(name):
    return name if isinstance(name, tuple) else (name,)


def _number(key, names):
    """Write which options a key stands for.

    >>> _number(("b", "c"), [("a", "b"), ("c", "d")])
    '1,0'
    """
    return ",".join(str(options.index(one)) for options, one in zip(names, key, strict=True))


def steady(frames):
    """Give all frames one view, so that what stays the same from frame to frame stays in place.

    The pictures must have one origin, and a viewBox each; a wider view is shown wider.

    >>> for frame in steady([Frame('<svg viewBox="-5 0 10 8">', "a"),
    ...                      Frame('<svg viewBox="0 0 10 9">', "b")]):
    ...     print(frame.svg)
    <svg viewBox="-5 0 15 9">
    <svg viewBox="-5 0 15 9">
    """
    views = [[float(n) for n in _VIEW.search(frame.svg)[1].split()] for frame in frames]
    left, top = min(view[0] for view in views), min(view[1] for view in views)
    width = max(view[0] + view[2] for view in views) - left
    height = max(view[1] + view[3] for view in views) - top
    widths = {}  # of each kind, the widest
    for frame, view in zip(frames, views, strict=True):
        for kind, pixels in _WIDTH.findall(frame.svg.partition(">")[0]):
            widths[kind] = max(widths.get(kind, 0), round(float(pixels) * width / view[2]))
    result = []
    for frame in frames:
        head, end, rest = frame.svg.partition(">")
        head = _VIEW.sub(f'viewBox="{left:g} {top:g} {width:g} {height:g}"', head)
        head = _WIDTH.sub(lambda found: f"{found[1]}-width:{widths[found[1]]}px", head)
        result.append(frame._replace(svg=head + end + rest))
    return result


_WIDTH = re.compile(r"(min|max)-width:([\d.]+)px")
_VIEW = re.compile(r'viewBox="([^"]*)"')


def _figure(frame):
    return f"<figure>{_mute(frame.svg)}<figcaption>{escape(frame.sentence)}</figcaption></figure>"


def _mute(svg):
    """Keep a drawing from screen readers, which are told its sentence."""
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


def _packed(svg, parts):
    """Write a drawing as the numbers of its parts, each up to a ">"; `parts` learns new ones."""
    pieces = re.findall("[^>]*>", _mute(svg))
    return " ".join(str(parts.setdefault(piece, len(parts))) for piece in pieces)
