"""The address of the repository and of the site: from _config.yml, or from the environment.

A fork's Pages build sets the variables, so that its buttons open the fork.
"""

import os
import re

from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

PLACEHOLDER = "https://github.com/example/"  # until the book has an address of its own
# No button leads there; the cells run in the page, and a notebook can be saved.
NOWHERE = {"launch_buttons": {}, "use_repository_button": False, "use_issues_button": False}


def override(app, config):
    """Put BOOK_REPOSITORY, BOOK_BRANCH and BOOK_URL in place of what _config.yml says."""
    repository = _url("BOOK_REPOSITORY")
    branch = os.environ.get("BOOK_BRANCH")
    site = _url("BOOK_URL")
    if repository:
        if not re.fullmatch(r"https://[^/]+/[^/]+/[^/]+", repository):
            raise ConfigError(
                f"BOOK_REPOSITORY must be like https://github.com/owner/name, got {repository}"
            )
        config.html_theme_options["repository_url"] = repository
    if config.html_theme_options.get("repository_url", "").startswith(PLACEHOLDER):
        config.html_theme_options |= NOWHERE
    if branch:
        config.html_theme_options["repository_branch"] = branch
    if site:
        config.html_baseurl = site + "/"


class Releases(SphinxDirective):
    """What is said of the releases, with `RELEASES` for their address; nothing without one."""

    has_content = True

    def run(self):
        """Put the address in."""
        found = releases(self.config.html_theme_options)
        text = "\n".join(self.content)
        return self.parse_text_to_nodes(text.replace("RELEASES", found)) if found else []


def releases(options):
    """Return the address of the releases, empty while the repository's is a placeholder."""
    repository = options.get("repository_url", PLACEHOLDER)
    return "" if repository.startswith(PLACEHOLDER) else f"{repository}/releases"


def _url(variable):
    value = os.environ.get(variable, "").rstrip("/").removesuffix(".git")
    if value and not value.startswith("https://"):
        raise ConfigError(f"{variable} must start with https://, got {value}")
    return value


def setup(app):
    """Override before anything reads the options, and add the directive."""
    app.add_directive("releases", Releases)
    app.connect("config-inited", override, priority=400)
