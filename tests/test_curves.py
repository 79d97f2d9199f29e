"""Curves: figures that say what they show, in the page's colours, and what is drawn on them."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from rnnbook.pictures import curves
from rnncore.training import History


def words(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def curve():
    with plt.rc_context(curves.STYLE):
        figure, axes = plt.subplots()
        axes.plot([0, 1, 4], color=curves.COLOURS["error"])
        axes.set(xlabel="time")
        return curves.picture(figure, alt='A "curve"', caption="It <rises>.")


def test_picture_says_what_it_shows():
    html = curve()._repr_html_()
    assert 'role="img" aria-label="A &quot;curve&quot;"' in html
    assert "<figcaption>It &lt;rises&gt;.</figcaption>" in html
    assert "time" in words(html)


def test_picture_takes_the_colours_of_the_page():
    svg = curve().svg
    assert "currentColor" in svg and "var(--rnn-error, #b84300)" in svg
    assert curves.INK not in svg and "#000000" not in svg


def test_picture_is_the_same_twice():
    assert curve().svg == curve().svg


def test_picture_leaves_no_figure_open():
    curve()
    assert plt.get_fignums() == []


@pytest.mark.parametrize("missing", ["alt", "caption"])
def test_picture_without_words_is_refused(missing):
    with pytest.raises(ValueError, match=f"{missing} must say something about the figure"):
        curves.Picture("<svg ></svg>", **({"alt": "a", "caption": "c"} | {missing: " "}))


def test_error_surface_draws_path_and_marks():
    with plt.rc_context(curves.STYLE):
        path = [(0.1 * k, 1.0) for k in range(11)]
        figure, axes = curves.error_surface(
            lambda a, b: a * a + b, [-1, 0, 1], [0, 1, 2], levels=[1, 2], path=path, marks=[0, 10]
        )
    assert [text.get_text() for text in axes.texts if text.get_text() in ("0", "10")] == ["0", "10"]
    line = axes.lines[0].get_xydata().tolist()
    assert line == [list(point) for point in path]
    plt.close(figure)


@pytest.mark.parametrize("mark", [-1, 11])
def test_marks_off_the_path_are_refused(mark):
    path = [(0.1 * k, 1.0) for k in range(11)]
    with pytest.raises(ValueError, match=r"marks must be at (least 0|most 10), got"):
        curves.error_surface(
            lambda a, b: a + b, [0, 1], [0, 1], levels=[1], path=path, marks=[mark]
        )
    assert plt.get_fignums() == []


def test_history_is_drawn_smoothly_beside_what_was_held_out():
    history = History(loss=[1 / k for k in range(1, 26)], validation={0: 1.0, 10: 0.5, 20: 0.25})
    axes = curves.history(history, smooth=10)
    training, held_out = axes.lines
    assert training.get_xdata().tolist() == [10, 20]
    np.testing.assert_allclose(training.get_ydata()[0], np.mean(history.loss[:10]))
    assert held_out.get_xydata().tolist() == [[0, 1], [10, 0.5], [20, 0.25]]
    assert [words.get_text() for words in axes.get_legend().get_texts()] == ["training", "held out"]
    assert curves.history(history, axes) is axes
    plt.close(axes.figure)


@pytest.mark.parametrize("smooth", [0, -1, 2.0, 4, None])
def test_smoothing_over_more_or_less_than_there_is_is_refused(smooth):
    with pytest.raises((TypeError, ValueError), match=r"smooth must be (a whole|at .* [13],)"):
        curves.history(History(loss=[3.0, 2.0, 1.0]), smooth=smooth)
