"""One stylesheet and one icon font, made from those of the theme when all pages are written.

A page then waits for one request where the theme makes eleven. The stylesheet holds the rules
that the pages and scripts can use (73 KB become 33), the icon font the glyphs that it shows.
"""

import functools
import logging
import posixpath
import re
import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from .equations import katex_folder

# The theme's own, which its layout links by itself and not through Sphinx.
THEME = ["basic.css", "styles/pydata-sphinx-theme.css"]
# Linked by Sphinx, and not wanted: the first is in THEME, the second only imports basic.css.
SKIPPED = {"styles/pydata-sphinx-theme.css", "styles/theme.css"}
OWN = ["book.css", "player.css"]
NAME = "pages.css"  # as layout.html links it
ICON_FONTS = "vendor/fontawesome/webfonts"
logging.getLogger("fontTools").setLevel(logging.WARNING)
COMPOSED = ("bs-",)  # classes that a script puts together, as Bootstrap does for its tooltips
PRIVATE_USE = range(0xE000, 0xF900)  # where the icons lie


def remember(app, pagename, templatename, context, doctree):
    """Keep the list of stylesheets, which must be the same for every page."""
    sheets = []
    for sheet in context["css_files"]:
        name = str(getattr(sheet, "filename", sheet)).split("?")[0]
        if not name.startswith("_static/"):
            raise ExtensionError(f"A page would load a stylesheet from elsewhere: {name}")
        sheets.append(name.removeprefix("_static/"))
    known = app.__dict__.setdefault("book_stylesheets", sheets)
    if sheets != known:
        raise ExtensionError(
            f"{pagename} has other stylesheets than the pages before it: {set(sheets) ^ set(known)}"
        )


def katex(static):
    """Copy KaTeX's fonts, and return its stylesheet without the formats that no browser needs."""
    dist = katex_folder() / "dist"
    shutil.copytree(
        dist / "fonts",
        static / "katex" / "fonts",
        ignore=shutil.ignore_patterns("*.ttf", "*.woff"),
        dirs_exist_ok=True,
    )
    css = (dist / "katex-swap.min.css").read_text()
    css, count = re.subn(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)', "", css)
    if not count:
        raise ExtensionError("KaTeX's stylesheet no longer lists woff and ttf fonts.")
    return rebased(css, "katex")


def rebased(css, folder):
    """Return the CSS of a file in this folder of _static as it reads in _static itself."""

    def move(match):
        return f'url("{posixpath.normpath(posixpath.join(folder, match[1]))}")'

    return re.sub(r"""url\(["']?(?!data:|#|https?:)([^)'"]+)["']?\)""", move, css)


def pruned(css, names):
    """Return the CSS without the rules for classes that no page and no script names.

    The theme carries all of Bootstrap and two thousand icons. A rule goes only if each of its
    selectors asks for a class outside `names`; what stands inside :not() or :is() does not count.
    """

    def keep(match):
        before, _, prelude = match[1].rpartition(";")  # an @import or the like may stand before
        if "@" in prelude:
            return match[0]
        selectors = [s for s in split_selectors(prelude) if required(s) <= names]
        rule = ",".join(selectors) + "{" + match[2] + "}" if selectors else ""
        return before + ";" + rule if before else rule

    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    short = re.sub(r"([^{}]+)\{([^{}]*)\}", keep, css)
    if len(short) > 0.7 * len(css) or short.count("{") != short.count("}"):
        raise ExtensionError("The theme's stylesheet is no longer written as theme/ expects.")
    return re.sub(r"@media[^{};]*\{\s*\}", "", short)


def split_selectors(prelude):
    """Split at the commas outside of parentheses."""
    return re.split(r",(?![^()]*\))", prelude)


def required(selector):
    """Return the classes without which this selector matches nothing."""
    selector = re.sub(r"\[[^\]]*\]", "", selector)
    nested = 1
    while nested:
        selector, nested = re.subn(r"\([^()]*\)", "", selector)
    if "\\" in selector:
        return set()  # an escaped name: rare, and not worth reading
    names = set(re.findall(r"\.([A-Za-z][\w-]*)", selector))
    return {name for name in names if not name.startswith(COMPOSED)}


def glyphs(css):
    """Return the code points of the icons that this CSS shows."""
    points = {ord(char) for char in css}
    points |= {int(code, 16) for code in re.findall(r'"\\([0-9a-f]+)"', css)}
    return points & set(PRIVATE_USE)


def cut_fonts(folder, css):
    """Cut the theme's icon fonts to the icons that this CSS shows."""
    points = glyphs(css)
    fonts = sorted(folder.glob("*.woff2"))
    if not points or not fonts:
        raise ExtensionError(f"No icons to cut out of {folder}: the theme's icon font has changed.")
    for path in fonts:
        font = TTFont(path.with_suffix(".ttf"))
        cutter = subset.Subsetter(subset.Options(layout_features=[]))
        cutter.populate(unicodes=points)
        cutter.subset(font)
        font.flavor = "woff2"
        font.save(path)


def class_names(html):
    """Return every class that stands in the pages, and every word that stands in their scripts."""
    names = set()
    for page in html.rglob("*.html"):
        if "_static" in page.parts:
            continue  # the theme leaves templates there
        text = page.read_text(encoding="utf-8")
        for _, quoted in re.findall(r"""class=(["'])(.*?)\1""", text):
            names.update(quoted.split())
        for script in re.findall(r'<script[^>]* src="([^"?]*)', text):
            names.update(script_words((page.parent / script).resolve()))
    return names


@functools.cache
def script_words(path):
    """Return the words of a script, since some of them are classes that it sets."""
    return frozenset(re.findall(r"[\w-]+", path.read_text(encoding="utf-8")))


def write(app, exception):
    """Write the one stylesheet that the pages link, and the icon fonts it needs."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    sheets = [*THEME, *(s for s in app.book_stylesheets if s not in SKIPPED)]
    read = [rebased((static / s).read_text(encoding="utf-8"), posixpath.dirname(s)) for s in sheets]
    own = [(static / s).read_text(encoding="utf-8") for s in OWN]
    # In a layer, so that the book's own rules win without fighting over specificity.
    css = "@layer theme {\n" + "\n".join([*read, katex(static)]) + "}\n" + "\n".join(own)
    css = css.replace('@charset "UTF-8";', "")
    css = pruned(css, class_names(Path(app.outdir)))
    (static / NAME).write_text('@charset "UTF-8";\n' + css, encoding="utf-8")
    cut_fonts(static / ICON_FONTS, css)


def setup(app):
    """Come after every extension that adds or rewrites a stylesheet."""
    app.connect("html-page-context", remember, priority=900)
    app.connect("build-finished", write, priority=900)
