"""The book's pages: the sphinx-book-theme with everything served from the book itself.

One Sphinx extension, listed in _config.yml. Its parts:

- `api`: the docstrings of `rnncore` as pages, and links to them from the cells.
- `address`: the repository's address, which the environment may override in a fork.
- `cards`: the parts of the book on its first page.
- `course`: plans and objectives on the page for teachers.
- `equations`: TeX to MathML while the book is built, by Temml.
- `own`: the box for the reader's own data.
- `parts`: the theme's and the notebooks' parts that need other HTML.
- `exercises`: their numbers and their hints.
- `pages`: what the templates in `templates/` are given, and what they refuse.
- `preview`: the picture that a link to a page shows elsewhere.
- `runtime`: Python and the book's modules, for the cells that are run in a page.
- `scoreboard`: the table of the applications.
- `status`: what the build holds, and how it was made.
- `stylesheet`: one stylesheet and small fonts, made when all pages are written.
- `terms`: links to the glossary and back, and the index.
- `ways`: the menu of the places where a chapter runs.
- `npm`: where the packages are of which `equations` and `stylesheet` make use.
"""

from importlib import import_module

PARTS = (
    *("address", "api", "cards", "course", "equations", "exercises", "own", "parts", "pages"),
    *("runtime", "preview", "scoreboard", "status", "terms", "ways", "stylesheet"),
)


def setup(app):
    """Connect the parts to Sphinx."""
    for part in PARTS:
        import_module(f".{part}", __name__).setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
