"""The directive `{scoreboard}`: the table of the applications, made while the book is built."""

import numpy as np
from sphinx.util.docutils import SphinxDirective

from rnnbook import results, scoreboard

HEAD = ["problem", "measured", "best baseline", "network", "gain", "seconds", "verdict"]


class Scoreboard(SphinxDirective):
    """One row for each application, with a link to its chapter."""

    def run(self):
        """Build the table; the page is built again when a kept result changes."""
        self.env.note_dependency(scoreboard.__file__)
        for file in results.files(results.__name__).iterdir():
            self.env.note_dependency(str(file))
        lines = ["| " + " | ".join(HEAD) + " |", "|---|---|---|---|---|---|---|"]
        lines += [row(chapter, score()) for chapter, score in scoreboard.SCORES.items()]
        return self.parse_text_to_nodes("\n".join(lines))


def row(chapter, score):
    """Write one score as the row of a table in Markdown."""
    d = score.digits
    low, high = min(score.ours), max(score.ours)
    return (
        f"| [{score.title}](/book/{chapter}) | {score.metric}"
        f" | {score.baseline}: {score.theirs:.{d}f}"
        f" | {np.mean(score.ours):.{d}f} ({low:.{d}f} to {high:.{d}f})"
        f" | {score.gain:.{d}f} ± {score.error:.{d}f}"
        f" | {score.seconds:.0f} | **{score.verdict}** |"
    )


def setup(app):
    """Make the directive known."""
    app.add_directive("scoreboard", Scoreboard)
