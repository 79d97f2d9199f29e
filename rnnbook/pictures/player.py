"""Playthings: frames drawn beforehand, moved by a slider on the plain page and in Jupyter alike.

On a page the player's HTML is shown and a few lines of script move it, with no kernel behind it.
In Jupyter the same object is an ipywidgets player.
"""

import re
from html import escape
from typing import NamedTuple

import ipywidgets as widgets


class Frame(NamedTuple):
    """One picture of a player, and what it shows in words."""

    svg: str
    sentence: str


class Player(widgets.VBox):
    """A slider over frames; see `player`."""

    def __init__(self, presets, label, interval, handle="frame"):
        self._label, self._interval, self._handle = label, interval, handle
        self._choice = widgets.Dropdown(description="example")
        self._play = widgets.Play(interval=interval)
        self._slider = widgets.IntSlider(description=handle)
        self._screen = widgets.HTML()
        widgets.jslink((self._play, "value"), (self._slider, "value"))
        self._choice.observe(lambda change: self._start(), "value")
        self._slider.observe(lambda change: self._show(), "value")
        self.load(presets)
        several = [self._choice] if len(presets) > 1 else []
        super().__init__([widgets.HBox([*several, self._play, self._slider]), self._screen])

    def load(self, presets, choose=None):
        """Take other frames, `presets` as in `player`, and show `choose` or the first of them."""
        self.presets = presets
        self._choice.options = list(presets)
        self._choice.value = choose or next(iter(presets))
        self._start()

    def _start(self):
        self._slider.value = self._play.value = 0
        self._slider.max = self._play.max = len(self._frames) - 1
        self._show()

    @property
    def _frames(self):
        return self.presets[self._choice.value]

    def _show(self):
        self._screen.value = _figure(self._frames[self._slider.value])

    def __repr__(self):
        return f"Player: {self._label}"

    def _repr_mimebundle_(self, **options):
        return {**super()._repr_mimebundle_(**options), "text/html": self._page()}

    def _page(self):
        """Write the player for a page without a kernel; the script of the page moves it."""
        names = list(self.presets)
        choice = "".join(f'<option value="{k}">{escape(n)}</option>' for k, n in enumerate(names))
        choice = f"<label>example <select>{choice}</select></label>" if len(names) > 1 else ""
        last = len(self.presets[names[0]]) - 1
        bar = (
            f'<div class="player-bar" hidden><button type="button">Play</button>{choice}'
            f"<label>{escape(self._handle)} "
            f'<input type="range" min="0" max="{last}" value="0"></label>'
            '<button type="button" data-move="-1" aria-label="Back">‹</button>'
            '<button type="button" data-move="1" aria-label="Next">›</button>'
            f"<output>1 of {last + 1}</output></div>"
        )
        parts = {}  # of the drawings, each once: a frame is much like the one before
        frames = "\n".join(
            f'<li data-preset="{k}" data-parts="{_packed(frame.svg, parts)}">'
            f"{escape(frame.sentence)}</li>"
            for k, name in enumerate(names)
            for frame in self.presets[name]
        )
        # Without script, the first frame is what there is to see.
        return (
            f'<div class="player" role="group" aria-label="{escape(self._label)}"'
            f' data-interval="{self._interval}">\n{bar}\n{_figure(self.presets[names[0]][0])}\n'
            f'<script type="text/plain">{"".join(parts)}</script>\n'
            f"<ol hidden>\n{frames}\n</ol></div>"
        )


def player(presets, *, label, interval=1500, handle="frame"):
    """Make a player of frames: by mouse, touch and keyboard, with a kernel or without.

    Parameters
    ----------
    presets : dict of str to list of Frame
        One list of frames for each example that the reader may choose.
    label : str
        What the player is, for those who cannot see it.
    interval : int
        Milliseconds from frame to frame while it plays.
    handle : str
        What the slider moves through.

    Raises
    ------
    ValueError
        Where there are no frames, or a frame has no sentence.
    """
    if not presets or not all(presets.values()):
        raise ValueError("presets must name at least one example, each with at least one frame")
    for name, frames in presets.items():
        for k, frame in enumerate(frames):
            if not frame.sentence.strip():
                raise ValueError(f"frame {k} of {name!r} must have a sentence")
    return Player(presets, label, interval, handle)


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
