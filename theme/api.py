"""The API of `rnncore`: its docstrings as pages, and links to them from the cells that use it.

A docstring is written to be read as plain text; here it becomes what Sphinx reads.
In each cell the first mention of a name that was imported from `rnncore` leads to its entry.
"""

import ast
import re
from html import escape

from docutils import nodes
from sphinx.transforms import SphinxTransform

PACKAGE = "rnncore"
CONFIG = {
    "autodoc_default_options": {"members": True, "member-order": "bysource", "no-value": True},
    "autodoc_typehints": "none",
    "add_module_names": False,
    "autodoc_preserve_defaults": True,  # by their names, where they have one
    "napoleon_google_docstring": False,
    "napoleon_use_param": False,
    "napoleon_use_rtype": False,
    "napoleon_custom_sections": [("Attributes", "params_style")],  # a property is there already
    "nitpick_ignore_regex": [("py:.*", ".*")],  # types are said in words
}


def readable(lines):
    r"""Return a docstring as reStructuredText: what is indented is literal, and so is each sign.

    >>> readable(["The sum |x|_1:", "", "    y = a * b", "", "It is `y`."])
    ['The sum \\|x\\|_1:', '', '::', '', '    y = a * b', '', 'It is ``y``.']
    """
    result, kind = [], "text"
    for line, below in zip(lines, [*lines[1:], ""], strict=False):
        if line.startswith(">>>") or (kind == "doctest" and line):
            kind = "doctest"
        elif re.fullmatch("-{3,}", below):
            kind = "heading"
        elif re.fullmatch("-{3,}", line):
            kind = "entries" if result[-1] not in ("Examples", "Notes") else "text"
        elif kind == "doctest" or (line and line[0] != " " and kind == "literal"):
            kind = "text"
        elif line.startswith("    ") and kind == "text" and not result[-1]:
            result += ["::", ""]
            kind = "literal"
        plain = kind in ("doctest", "literal", "heading") or line.startswith("---")
        result.append(line if plain else marked(line))
    return result


def marked(line):
    """Escape what would be markup, and have a name in backticks stand as code."""

    def sign(match):
        code, plural = match[1], "\\ s" if match[2] else ""
        return f"``{code}``{plural}" if code else "\\" + match[0]

    return re.sub(r"`([^`]+)`(s?)|[\\*|`]|_(?!\w)", sign, line)


def rewrite(app, what, name, thing, options, lines):
    """Have autodoc read the docstring so.

    Napoleon takes what stands before a colon in a property's first line for its type; an empty
    comment has none.
    """
    lines[:] = ["..", "", *readable(lines)] if what == "property" else readable(lines)


def skip(app, what, name, thing, skipped, options):
    """Leave out the fields of named tuples, of which Python says only their number."""
    return True if (getattr(thing, "__doc__", "") or "").startswith("Alias for field") else None


def names(source, known):
    r"""Return what the names of a cell stand for in `rnncore`, given those of the cells above.

    >>> names("from rnncore.gated import LSTM as L\nfrom rnncore import losses", {})
    {'L': 'rnncore.gated.LSTM', 'losses': 'rnncore.losses'}
    >>> names("losses = [1, 2]", {"losses": "rnncore.losses"})
    {}
    """
    tree = ast.parse(re.sub(r"^(\s*)[%!].*", r"\1pass", source, flags=re.M))
    imported, own = {}, set()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] == PACKAGE:
                imported |= {n.asname or n.name: f"{module}.{n.name}" for n in node.names}
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                own.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                own.add(name)
    return {name: full for name, full in (known | imported).items() if name not in own}


class Names(SphinxTransform):
    """Note on the code of each cell what its names stand for."""

    default_priority = 600

    def apply(self):
        """Go through the cells from the top."""
        known = {}
        for code in self.document.findall(nodes.literal_block):
            if "cell_input" in code.parent.get("classes", ()):
                known = names(code.astext(), known)
                code["imported"] = known


def linked(html, targets):
    """Make a link of the first mention of each name in coloured code, but not in a text or remark.

    >>> linked('<pre>LSTM(<span class="s1">LSTM</span>) + LSTM', {"LSTM": "api#LSTM"})
    '<pre><a href="api#LSTM">LSTM</a>(<span class="s1">LSTM</span>) + LSTM'
    """
    left = dict(targets)
    pieces = re.split(r"(<span.*?</span>|<[^>]*>)", html)
    for k, piece in enumerate(pieces):
        if piece.startswith("<") or not left:
            continue
        either = "|".join(re.escape(name) for name in sorted(left, key=len, reverse=True))

        def link(match):
            target = left.pop(match[0], None)
            return f'<a href="{escape(target)}">{match[0]}</a>' if target else match[0]

        pieces[k] = re.sub(rf"(?<![\w.])(?:{either})(?!\w)", link, piece)
    return "".join(pieces)


def visit_code(self, node):
    """Write code as ever, with its links."""
    try:
        type(self).visit_literal_block(self, node)
    except nodes.SkipNode:
        if found := addresses(self.builder, node):
            self.body[-1] = linked(self.body[-1], found)
        raise


def depart_code(self, node):
    """Leave it."""
    type(self).depart_literal_block(self, node)


def addresses(builder, node):
    """Return where the entries of the names are that the code of a cell holds."""
    entries = builder.env.get_domain("py").objects
    found = {}
    for name, full in node.get("imported", {}).items():
        inside = {name: full}
        for attribute in re.findall(rf"\b{name}\.(\w+)", node.astext()):
            inside[f"{name}.{attribute}"] = f"{full}.{attribute}"
        for mention, entry in inside.items():
            if entry in entries and entries[entry].objtype != "module":
                page = builder.get_relative_uri(builder.current_docname, entries[entry].docname)
                found[mention] = f"{page}#{entries[entry].node_id}"
    return found


def configure(app, config):
    """Set what the book does not leave to _config.yml."""
    for name, value in CONFIG.items():
        config[name] = value


def setup(app):
    """Connect both to Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.connect("config-inited", configure)
    app.connect("autodoc-process-docstring", rewrite, priority=400)  # before napoleon
    app.connect("autodoc-skip-member", skip)
    app.add_transform(Names)
    app.add_node(nodes.literal_block, override=True, html=(visit_code, depart_code))
