"""The box in which a page trains a network on the reader's own data.

It stands in front of the cell with the tag `own-data`, which does the same in a notebook, by
`own_series` or `own_text` of `rnnbook.owndata`; theme/static/own.js makes it work.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform

from rnnbook import pasted

SERIES = f"""\
<label for="own-text">Paste a column of {pasted.FEWEST:,} to {pasted.MOST:,} numbers</label>
<textarea id="own-text" rows="6" spellcheck="false" autocomplete="off"></textarea>
<div><label for="own-file">or choose a file, text or CSV</label>
<input type="file" id="own-file" accept=".csv,.tsv,.txt,.dat,text/*"></div>
<div><label for="own-period">Period, if there is one: 24 for hours in a day, 7 for days in a week
</label><input type="number" id="own-period" min="2" step="1" inputmode="numeric"></div>
<div hidden><label for="own-column">Column</label><select id="own-column"></select></div>
"""
TEXT = f"""\
<label for="own-text">Paste a text of {pasted.SHORTEST:,} to {pasted.LONGEST:,} characters</label>
<textarea id="own-text" rows="6" spellcheck="false" autocomplete="off"></textarea>
<div><label for="own-file">or choose a file of plain text</label>
<input type="file" id="own-file" accept=".txt,.md,.csv,text/*"></div>
"""
FORM = """\
<form class="own" data-kind="{kind}" aria-label="Your own data">
<noscript><div>This box needs JavaScript.</div></noscript>
<div class="own-body" hidden>
{fields}
<div class="own-bar run-bar"><button type="submit" class="run">Check the data</button>
<button type="button" class="run own-train" hidden>Train</button></div>
<div class="own-status" role="status"></div>
<div class="own-found"></div>
</div></form>
"""


class OwnData(SphinxTransform):
    """Put the box in front of the cell that does the same."""

    default_priority = 500

    def apply(self):
        """Read from the cell which of the two it is; build the page anew when limits change."""
        for cell in list(self.document.findall(nodes.container)):
            if "tag_own-data" in cell["classes"]:
                self.env.note_dependency(pasted.__file__)
                kind = "series" if "own_series" in cell.astext() else "text"
                cell.parent.insert(
                    cell.parent.index(cell), nodes.raw("", form(kind), format="html")
                )


def form(kind):
    """Write the box for a series or a text.

    >>> "10,000 to 200,000 characters" in form("text")
    True
    """
    return FORM.format(kind=kind, fields={"series": SERIES, "text": TEXT}[kind])


def setup(app):
    """Have Sphinx apply it to every page it reads."""
    app.add_transform(OwnData)
