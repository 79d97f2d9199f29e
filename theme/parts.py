"""Parts of a page that need other HTML than their extensions write."""

import re
from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from pygments.formatters import HtmlFormatter
from pygments.token import Name, Operator, Punctuation, String, Text, Whitespace
from sphinx.errors import ExtensionError
from sphinx.highlighting import PygmentsBridge
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx_design.shared import create_component

# What has the colour of the text: what the theme's colours leave in it, signs, and names that
# Python brings along.
BARE = {
    Operator,
    *(Name, Name.Builtin, Name.Namespace, Name.Other),
    *(Punctuation, Punctuation.Marker),
    *(Text, Whitespace),
}
LOGGER = logging.getLogger(__name__)


class FoldedAdmonitions(SphinxPostTransform):
    """Admonitions of class dropdown as <details>: they open without a script, and print."""

    default_priority = 190  # before sphinx-design writes its drop-downs
    formats = ("html",)

    def run(self):
        """Replace each by a drop-down of sphinx-design."""
        for node in list(self.document.findall(nodes.Admonition)):
            if "dropdown" not in node["classes"]:
                continue
            title, *content = node.children
            for reference in list(title.findall(nodes.reference)):
                reference.replace_self(reference.children)  # a summary may hold no link
            classes = [name for name in node["classes"] if name != "dropdown"]
            folded = create_component(
                "dropdown",
                children=[nodes.rubric("", "", *title.children), *content],
                opened="toggle-shown" in classes,
                has_title=True,
                icon=None,
                chevron=None,
                container_classes=["sd-mb-3", "folded-admonition", *classes],
                title_classes=[],
                body_classes=[],
            )
            folded["ids"] = node["ids"]
            node.replace_self(folded)


class PlainLinks(SphinxPostTransform):
    """A link as one element, without those in it and around it that only say how it came about."""

    default_priority = 200  # when all links are resolved
    formats = ("html",)

    def run(self):
        """Unwrap the words of each, and the link itself."""
        for link in list(self.document.findall(nodes.reference)):
            words, around = link.children, link.parent
            if len(words) == 1 and isinstance(words[0], nodes.inline):
                link["classes"] += set(words[0]["classes"]) & {"std-term"}
                link.children = []
                link += words[0].children
            if type(around) is nodes.inline and len(around) == 1 and not around["classes"]:
                link["ids"] += around["ids"]
                around.replace_self(link)


def visit_hidden(self, node):
    """Open the <details> of a hidden cell, named by its prompt alone."""
    classes = " ".join(["hide", *node["classes"]])
    self.body.append(
        f'<details class="{classes}"><summary>'
        f'<span class="collapsed">{escape(node["prompt_show"])}</span>'
        f'<span class="expanded">{escape(node["prompt_hide"])}</span></summary>\n'
    )


def depart_hidden(self, node):
    """Close it."""
    self.body.append("</details>\n")


def visit_citation(self, node):
    """Write an entry of the bibliography as an item of its list; its ARIA role is deprecated."""
    type(self).visit_citation(self, node)
    old, new = 'role="doc-biblioentry"', 'role="listitem"'
    if old not in self.body[-1]:
        raise ExtensionError(f"docutils no longer writes {old}: see visit_citation in theme/")
    self.body[-1] = self.body[-1].replace(old, new)


def depart_citation(self, node):
    """Leave it."""
    type(self).depart_citation(self, node)


class Bare(HtmlFormatter):
    """Code in which only what has a colour of its own is an element: one in four of all."""

    def _get_css_class(self, ttype):
        if ttype in BARE:
            return ""
        return super()._get_css_class(String.Double if ttype in String else ttype)

    def _wrap_pre(self, inner):
        for number, line in super()._wrap_pre(inner):
            yield number, line.removesuffix("<span></span>")  # which would keep an empty first line


def visit_literal(self, node):
    """Write a single word of code as one element."""
    word = node.astext()
    if node.get("language") or "kbd" in node["classes"] or not re.fullmatch(r"\S+", word):
        return type(self).visit_literal(self, node)
    self.body.append(self.starttag(node, "code", "", CLASS="docutils literal notranslate"))
    self.body.append(f"{escape(word)}</code>")
    raise nodes.SkipNode


def depart_literal(self, node):
    """Leave it."""
    type(self).depart_literal(self, node)


def refuse_math_in_titles(app, env):
    """Titles also stand in the sidebar and in <title>, where equations cannot."""
    for name, title in env.titles.items():
        if next(title.findall(nodes.math), None):
            LOGGER.warning("the page's title holds math", location=name)


def setup(app):
    """Replace what the extensions registered."""
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden, depart_hidden))
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    app.add_node(nodes.literal, override=True, html=(visit_literal, depart_literal))
    app.add_post_transform(FoldedAdmonitions)
    app.add_post_transform(PlainLinks)
    PygmentsBridge.html_formatter = Bare
    app.connect("env-updated", refuse_math_in_titles)
