"""What the templates are given: scripts, buttons, description, and the security policy."""

import re
import textwrap
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.errors import ExtensionError

from . import stylesheet

HERE = Path(__file__).parent

SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # equations and figures have style attributes
        "img-src 'self' data:",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
)

# Inline scripts that the theme adds and the book does without: a policy of script-src 'self'
# would block them. Any other must be looked at first.
UNUSED_INLINE = re.compile(r"DOCUMENTATION_OPTIONS\.(pagename = '.*'|search_as_you_type = false);")

# The theme's buttons that run a script, and the names under which book.js knows them.
ACTIONS = {"window.print()": "print"}


# Scripts that a page loads only if its text holds this.
NEEDED_BY = {
    "clipboard.min.js": '<div class="highlight',
    "copybutton.js": '<div class="highlight',
    "design-tabs.js": '<div class="sd-tab-set',
    "player.js": '<div class="player',
    "listen.js": ' data-notes="',
    "sheet.js": '<form class="sheet',
    "run.js": '<div class="cell ',
    "own.js": '<form class="own',
    "record.js": '<div class="exercise',
}

THEME_OPTIONS = {
    "use_fullscreen_button": False,
    "navbar_persistent": [],  # the search stands in the sidebar and in the article's header
    "toc_title": "On this page",
    "show_toc_level": 2,  # all that is shown, as one scrolls
    "back_to_top_button": False,
}


def scripts(files, body):
    """Return those of Sphinx's scripts that a page needs; refuse inline ones and other hosts'."""
    kept = []
    for script in files:
        name, inline = str(script.filename or ""), script.attributes.get("body", "")
        if name.startswith(("http:", "https:", "//")):
            raise ExtensionError(f"A page would load a script from another host: {name}")
        if name:
            if NEEDED_BY.get(name.rpartition("/")[2], "") in body:
                kept.append(script)
        elif not UNUSED_INLINE.fullmatch(inline.strip()):
            raise ExtensionError(
                "A page would hold an inline script, which its security policy blocks. "
                f"Put it into theme/static/ or add it to UNUSED_INLINE: {inline.strip()}"
            )
    return kept


def name_action(button):
    """Give a theme's button an action of book.js in place of its inline script."""
    if button["type"] == "group":
        for inner in button["buttons"]:
            name_action(inner)
    elif button["type"] == "javascript":
        script = button.pop("javascript")
        if script not in ACTIONS:
            raise ExtensionError(f"The theme has a button that book.js does not know: {script}")
        button["action"] = ACTIONS[script]


def described(app):
    """Return what book/descriptions.yml says of each page, by its name."""
    file = Path(app.srcdir) / "book" / "descriptions.yml"
    lines = yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}
    return {f"book/{name}": words for name, words in lines.items()}


def description(doctree):
    """Return the page's first paragraph of plain text, cut to what a search engine shows."""
    for paragraph in doctree.findall(nodes.paragraph):
        in_text = isinstance(paragraph.parent, nodes.section)
        if in_text and next(paragraph.findall(nodes.math), None) is None:
            return textwrap.shorten(paragraph.astext(), 155, placeholder=" …")
    return None


def add_context(app, pagename, templatename, context, doctree):
    """Add to a page's context what the templates in theme/templates use."""
    context["security_policy"] = SECURITY_POLICY
    context["maths"] = stylesheet.MATHS
    context["site_url"] = app.config.html_baseurl
    context["script_files"] = scripts(context["script_files"], context.get("body", ""))
    for button in context["header_buttons"]:
        name_action(button)
    known = described(app).get(pagename)
    context["description"] = known or (description(doctree) if doctree else None)


def configure(app, config):
    """Set what the book does not leave to _config.yml."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.insert(0, str(HERE / "static"))
    config.html_additional_pages["404"] = "404.html"
    config.html_theme_options |= THEME_OPTIONS


def setup(app):
    """Join last, so that every other extension has added its own."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", add_context, priority=900)
    app.add_js_file("player.js", loading_method="defer")
    app.add_js_file("listen.js", loading_method="defer")
    app.add_js_file("sheet.js", loading_method="defer")
    app.add_js_file("run.js", loading_method="defer")
    app.add_js_file("own.js", loading_method="defer")  # after run.js, whose Python it takes
    app.add_js_file("record.js", loading_method="defer")
    app.add_js_file("book.js", loading_method="defer")
