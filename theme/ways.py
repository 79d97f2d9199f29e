"""The ways to run a chapter, in a menu at its top; those that always work come first.

In the page, and at home by one command, it runs anywhere.  Colab and Binder are other people's
machines: they stand there only where the book has an address that these can reach.
"""

from .address import PLACEHOLDER

ELSEWHERE = ("Colab", "Binder")


def command(url):
    """Write what one types to have the book at home, in JupyterLab.

    >>> command("https://github.com/owner/course")
    'git clone https://github.com/owner/course && make -C course lab'
    """
    if url.startswith(PLACEHOLDER):  # whoever reads these pages has made them
        return "make lab"
    return f"git clone {url} && make -C {url.rpartition('/')[2]} lab"


def ways(app, pagename, templatename, context, doctree):
    """Put the menu in place of the theme's, which knows the links, on every page with cells."""
    buttons = context["header_buttons"]
    groups = [button for button in buttons if button.get("label") == "launch-buttons"]
    context["header_buttons"] = [button for button in buttons if button not in groups]
    if '<div class="cell ' in context.get("body", ""):
        links = {link["text"]: link["url"] for group in groups for link in group["buttons"]}
        context["ways"] = {
            "command": command(app.config.html_theme_options["repository_url"]),
            "elsewhere": [(name, links[name]) for name in ELSEWHERE if name in links],
        }


def setup(app):
    """Come after the theme, and before the buttons get their actions."""
    app.connect("html-page-context", ways, priority=800)
