"""The picture that a link to a page shows elsewhere (Open Graph), drawn while the book is built."""

import hashlib
import textwrap
from math import sin
from pathlib import Path

from matplotlib.figure import Figure

SIZE = (1200, 630)  # pixels, as Open Graph asks for
PAPER, INK, MUTED, INPUT, OUTPUT = "#fbfaf7", "#1f2933", "#52606d", "#0068a8", "#00785a"

MOTTO = "Pictures that move, code that runs"  # on the first page, whose title is the book's


def drawn(title, book):
    """Draw the title of a page above a series that goes on, and return the figure."""
    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor=PAPER)
    lines = textwrap.wrap(title, 26)
    figure.text(0.07, 0.86, book, color=MUTED, fontsize=25, va="top")
    figure.text(0.07, 0.72, "\n".join(lines), color=INK, fontsize=50 if len(lines) < 3 else 40,
                va="top", weight="bold", linespacing=1.25)  # fmt: skip
    axes = figure.add_axes((0, 0.02, 1, 0.26))
    axes.set_axis_off()
    points = [sin(0.2 * k) + 0.35 * sin(0.57 * k + 1) for k in range(121)]
    axes.plot(range(85), points[:85], color=INPUT, linewidth=5)
    axes.plot(range(84, 121), points[84:], color=OUTPUT, linewidth=5, linestyle=(0, (1, 1.4)))
    axes.set_xlim(0, 120)
    return figure


def preview(app, pagename, templatename, context, doctree):
    """Draw the picture of a page, unless it is there, and tell the template where it is."""
    if not doctree or app.builder.format != "html" or not app.config.html_baseurl:
        return  # a preview needs a full address
    title = (
        context["title"]
        if pagename != app.config.root_doc
        else "Pictures that move, code that runs"
    )
    key = hashlib.sha256(f"{title}{SIZE}".encode()).hexdigest()[:10]
    name = f"_static/preview/{pagename.replace('/', '-')}-{key}.png"
    target = Path(app.outdir) / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        drawn(title, context["docstitle"]).savefig(target, metadata={"Software": None})
    context["preview"] = app.config.html_baseurl + name


def setup(app):
    """Draw before the template is filled in."""
    app.connect("html-page-context", preview)
