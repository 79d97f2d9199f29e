"""Figures for the page and for Jupyter: one SVG that takes the reader's colours, light or dark.

Every figure carries its alternative text and its caption, or it cannot be made.
Curves are drawn by Matplotlib, here; diagrams of networks in `rnnbook.pictures.graph`.
"""

import io
import re

import matplotlib.pyplot as plt
import numpy as np

from rnnbook.pictures.canvas import COLOURS, Picture, ink
from rnncore.arrays import function, instance, listed, row, shaped, whole
from rnncore.training import History

INK = "#010203"  # stands for the page's text colour until the figure is written

STYLE = {
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.prop_cycle": plt.cycler(color=COLOURS.values()),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "figure.figsize": (4.8, 3.3),  # inches: 346 px wide, so that a phone need not shrink the text
    "figure.dpi": 72,
    "font.family": "sans-serif",
    "font.size": 11,
    "grid.alpha": 0.25,
    "grid.color": INK,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "savefig.transparent": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "rnncore",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def use_style():
    """Let Matplotlib draw in the book's style from here on."""
    plt.rcParams.update(STYLE)


def picture(figure, *, alt, caption):
    """Turn a Matplotlib figure into a `Picture` and close it."""
    return Picture(svg(figure), alt, caption)


def history(history, axes=None, *, smooth=1):
    """Draw the losses of a training run on Matplotlib axes, new ones unless given; return the axes.

    Parameters
    ----------
    history : rnncore.training.History
    axes : matplotlib.axes.Axes, optional
    smooth : int
        With more than 1, each point is the mean of so many steps.

    Raises
    ------
    ValueError
        Where the run has fewer steps than `smooth`, which must be at least 1.
    """
    many = len(instance(history, History, "history").loss)
    smooth = whole(smooth, "smooth", most=many)
    axes = axes or plt.figure().add_subplot()
    used = many // smooth * smooth
    steps = np.arange(smooth, used + 1, smooth)
    axes.plot(steps, np.reshape(history.loss[:used], (-1, smooth)).mean(axis=1), label="training")
    if history.validation:
        axes.plot(*zip(*history.validation.items(), strict=True), label="held out")
        axes.legend()
    axes.set(xlabel="step", ylabel="loss", yscale="log")
    return axes


def error_surface(loss, first, second, *, levels, path, marks):
    """Draw contour lines of a loss over two weights, and the path that training took.

    Parameters
    ----------
    loss : callable
        loss(first weight, second weight), a float.
    first, second : sequence of float
        The grid, along the horizontal and the vertical axis.
    levels : sequence of float
        The values of the loss that get a line, in increasing order.
    path : sequence of (float, float)
        The weights before each update.
    marks : sequence of int
        The updates that are marked on the path with their number.

    Returns
    -------
    (matplotlib.figure.Figure, matplotlib.axes.Axes)

    Raises
    ------
    ValueError
        Where a mark is no update of the path.
    """
    function(loss, "loss")
    for name, values in {"first": first, "second": second, "levels": levels}.items():
        row(values, name)
    last = len(shaped(path, (len(path), 2), "path")) - 1
    marks = [whole(mark, "marks", least=0, most=last) for mark in listed(marks, "marks", least=0)]
    figure, axes = plt.subplots()
    heights = [[loss(a, b) for a in first] for b in second]
    lines = axes.contour(
        first, second, heights, levels=levels, colors=INK, linewidths=0.8, alpha=0.6
    )
    axes.clabel(lines, fmt="%g", fontsize=9)

    few = path[:: max(1, len(path) // 2000)]
    axes.plot(*zip(*few, strict=True), color=COLOURS["gradient"])
    for mark in marks:
        axes.plot(*path[mark], "o", markersize=5, color=COLOURS["gradient"])
        axes.annotate(f"{mark:,}", path[mark], xytext=(6, 6), textcoords="offset points")
    return figure, axes


def svg(figure):
    """Write a Matplotlib figure as one <svg> in the page's colours, and close it."""
    instance(figure, plt.Figure, "figure")
    text = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Type", "Format"))
    figure.savefig(text, format="svg", bbox_inches="tight", metadata=nothing)
    plt.close(figure)

    text = text.getvalue()
    text = text[text.index("<svg") :].strip()
    width = float(re.search(r'width="([\d.]+)pt"', text)[1])
    for noise in (
        r"<defs>\s*<style.*?</defs>",
        r' (width|height)="[\d.]+pt"',
        r' transform="rotate\(-0 [^"]*"',
        r"font-family: [^;]*; ",  # the page's own
        r' id="[a-z]\w*_\d+"',  # the same in every figure; nothing refers to them
    ):
        text = re.sub(noise, "", text, flags=re.S)
    # Two decimals of a pixel are enough; what is written between the tags stays as it is.
    text = re.sub(r"<[^>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", _short, tag[0]), text)
    text = re.sub(r">\s+<", "><", text)
    text = re.sub(r"\s+", " ", text)
    text = text.replace(INK, "currentColor")
    for name, colour in COLOURS.items():
        text = text.replace(colour, ink(name))
    style = f"width:100%;max-width:{width * 1.45:.0f}px;height:auto;stroke-linejoin:round"
    return text.replace("<svg ", f'<svg style="{style}" ', 1)


def _short(number):
    return f"{float(number[0]) + 0.0:.2f}"
