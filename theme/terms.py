"""Terms: the first mention on a page leads to the glossary, and the glossary leads back.

The glossary names its terms; no page marks them. Each mention stands in the index too.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

GLOSSARY = "book/glossary"
API = "book/api"  # where terms are not counted
APART = (
    *(nodes.reference, nodes.title, nodes.literal, nodes.math, nodes.FixedTextElement),
    *(nodes.raw, nodes.caption, nodes.term, nodes.rubric, addnodes.pending_xref),
)


def listed(text):
    """Return the terms of a glossary, each with the first that has the same explanation."""
    terms = {}
    for entry in text.partition("{glossary}\n")[2].split("\n\n"):
        names = [line for line in entry.split("\n") if line and not line.startswith((" ", ":"))]
        terms.update((name, names[0]) for name in names)
    return terms


def pattern(terms):
    """Return what finds a term in a text: also with an s, and with a capital where it has none."""
    either = "|".join(
        re.sub("^[a-z]", lambda first: f"[{first[0].upper()}{first[0]}]", re.escape(term))
        for term in sorted(terms, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w-])({either})s?(?![\w-])")


class Terms(SphinxTransform):
    """Link the first mention of each term on a page."""

    default_priority = 600

    def apply(self):
        """Look through the text of the page, from the top."""
        source = Path(self.env.doc2path(GLOSSARY))
        docname = self.env.docname
        if docname.startswith((GLOSSARY, API)) or not source.exists():
            return
        self.env.note_dependency(str(source))
        terms = listed(source.read_text("utf-8"))
        self.names = {name.lower(): name for name in terms}
        self.first, self.used = terms, []
        self.finder = pattern(terms)
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, nodes.TextElement) and not _apart(text):
                self.link(text)
        uses(self.env)[docname] = self.used

    def link(self, text):
        """Put a link in place of each first mention in a piece of text."""
        parts, end = [], 0
        for match in self.finder.finditer(text):
            name = self.names[match[1].lower()]
            if self.first[name] in self.used:
                continue
            self.used.append(self.first[name])
            parts += [nodes.Text(text[end : match.start()]), *self.mention(name, match[0])]
            end = match.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(text[end:])])

    def mention(self, name, words):
        """Yield the entry in the index and the link."""
        place = "term-" + nodes.make_id(self.first[name])
        page = next(self.document.findall(nodes.title)).astext()
        yield addnodes.index(entries=[("single", f"{self.first[name]}; {page}", place, "", None)])
        link = addnodes.pending_xref(
            "", nodes.inline("", words, classes=["std-term"]), refdomain="std", reftype="term",
            reftarget=name, refexplicit=True, refwarn=True, refdoc=self.env.docname,
        )  # fmt: skip
        yield nodes.inline("", "", link, ids=[place])


def _apart(node):
    while node := node.parent:
        if isinstance(node, APART):
            return True
    return False


def uses(env):
    """Return the terms that each page mentions."""
    return env.__dict__.setdefault("book_terms", {})


def purge(app, env, docname):
    """Forget a page that is read anew."""
    uses(env).pop(docname, None)


def merge(app, env, docnames, other):
    """Take over what a process of its own has read."""
    uses(env).update((name, uses(other)[name]) for name in docnames if name in uses(other))


def outdated(app, env):
    """Have the glossary written again when other pages mention its terms."""
    now = {name: list(terms) for name, terms in uses(env).items()}
    before, env.book_terms_shown = env.__dict__.get("book_terms_shown"), now
    return [GLOSSARY] if GLOSSARY in env.all_docs and now != before else []


def lead_back(app, doctree, docname):
    """Add to each explanation the pages that mention its term."""
    if docname != GLOSSARY:
        return
    order = list(app.env.toctree_includes.get(app.config.root_doc, []))
    for item in doctree.findall(nodes.definition_list_item):
        term = item[0].astext()
        pages = [page for page in order if term in uses(app.env).get(page, ())]
        if pages:
            item[-1] += _pages(app, pages, "term-" + nodes.make_id(term))


def _pages(app, pages, place):
    line = nodes.paragraph("", "Mentioned in ", classes=["mentioned"])
    for number, page in enumerate(pages):
        title = app.env.titles[page].astext()
        uri = app.builder.get_relative_uri(GLOSSARY, page) + "#" + place
        line += nodes.Text(", " if number else "")
        line += nodes.reference("", title, internal=True, refuri=uri)
    return line


def setup(app):
    """Connect them to Sphinx."""
    app.add_transform(Terms)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-get-updated", outdated)
    app.connect("doctree-resolved", lead_back)
