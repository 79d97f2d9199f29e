"""One stylesheet, fonts cut to what it and the pages show, and scripts and drawings cut short.

All are made when all pages are written.

A page then waits for one request where the theme makes eleven, and for the rules that the book
uses where the theme carries all of Bootstrap and two thousand icons.
"""

import html
import logging
import posixpath
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from . import equations
from .npm import node, package

# The theme's own, which its layout links by itself and not through Sphinx.
THEME = ["basic.css", "styles/pydata-sphinx-theme.css"]
# Linked by Sphinx, and not wanted: the first is in THEME, the second only imports basic.css.
SKIPPED = {"styles/pydata-sphinx-theme.css", "styles/theme.css"}
OWN = ["book.css", "player.css", "run.css", "sheet.css", "own.css", "record.css"]
NAME = "pages.css"  # as layout.html links it
# The theme asks every box whether it scrolls, which lays out all of the page at once; book.js
# waits until a box comes near the screen.
TAB_STOPS = "e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1"
ICONS = range(0xE000, 0xF900)  # the private use area, where the icons lie
MATHS = "math/STIXTwoMath.woff2"  # as Temml's stylesheet names the font, in a folder of its own
# A browser draws the one letter of a variable as the sloping letter of another code point.
SLOPING = {
    unicodedata.normalize("NFKC", chr(point)): point
    for point in [*range(0x1D434, 0x1D468), 0x210E, *range(0x1D6E2, 0x1D71C)]
}
logging.getLogger("fontTools").setLevel(logging.ERROR)


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


def rebased(css, folder):
    """Return the CSS of a file in this folder of _static as it reads in _static itself."""

    def move(match):
        return f'url("{posixpath.normpath(posixpath.join(folder, match[1]))}")'

    return re.sub(r"""url\(["']?(?!data:|#|https?:)([^)'"]+)["']?\)""", move, css)


def joined(static, sheets):
    """Join the stylesheets and Temml's; those that are not the book's own in a layer.

    So the book's own rules win without fighting over specificity.
    """
    layer = [rebased((static / s).read_text("utf-8"), posixpath.dirname(s)) for s in sheets]
    maths = (
        equations.stylesheet()
        .read_text()
        .replace("@font-face {", "@font-face {font-display: swap;")
    )
    layer.append(rebased(maths, posixpath.dirname(MATHS)))
    own = [(static / name).read_text("utf-8") for name in OWN]
    css = "\n".join(["@layer theme {", *layer, "}", *own])
    return re.sub(r"/\*.*?\*/", "", css.replace('@charset "UTF-8";', ""), flags=re.S)


def purged(css, files):
    """Return the rules that the files can use: pages, and the scripts that they load."""
    return run("purgecss", "purge.cjs", files, css)


def run(name, script, files, text=""):
    """Run a script of this folder on the files, with the package of that name."""
    command = [node(), Path(__file__).with_name(script), package(name), *files]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise ExtensionError(f"{name} has failed:\n{done.stderr}")
    return done.stdout


def settled(css):
    """Return the CSS with the fonts that it uses, each in the one format that is written."""
    faces = re.compile(r"@font-face\s*\{[^}]*font-family:\s*[\"']?([^\"';}]+)[^}]*\}")
    rest = faces.sub("", css)
    css = faces.sub(lambda face: face[0] if face[1] in rest else "", css)
    return re.sub(r',\s*url\([^)]*\.(?:woff|ttf)"?\)\s*format\("[\w-]+"\)', "", css)


def cut(source, target, points):
    """Write those glyphs of a font that stand for these code points, tall and small ones too."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(hinting=False, name_IDs=[])
    options.layout_features += ["ssty", "ss04"]  # letters of indices, and primes
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    font.flavor = "woff2"
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)


def in_equations(page):
    """Return the code points that the equations of a page show."""
    pieces = re.findall(r">([^<]+)", "".join(re.findall(r"<math.*?</math>", page, re.S)))
    letters = set(html.unescape("".join(pieces)))
    letters |= set("√") if "<msqrt" in page else set()  # which stands in no text
    return {ord(letter) for letter in letters} | {SLOPING.get(letter, 32) for letter in letters}


def cut_fonts(static, css, pages):
    """Cut the fonts that the CSS names: icons to those it shows, that of equations to theirs."""
    icons = {int(code, 16) for code in re.findall(r'"\\([0-9a-f]{4})"', css)} | set(map(ord, css))
    icons &= set(ICONS)
    fonts = sorted(set(re.findall(r'url\("([^"]+\.woff2)"\)', css)))
    if not fonts or not icons:
        raise ExtensionError("The stylesheet names no fonts or no icons: the theme has changed.")
    for name in fonts:
        if name == MATHS:
            cut(equations.font(), static / name, set.union(*map(in_equations, pages)))
            shutil.copy(equations.licence(), (static / name).parent)
        else:
            cut((static / name).with_suffix(".ttf"), static / name, icons)


def without_tab_stops(script):
    """Return the theme's script without its question to every box whether it scrolls."""
    script = script.replace(TAB_STOPS, "0")
    if "scrollHeight" in script:
        raise ExtensionError("The theme's script asks for tab stops in another way: see TAB_STOPS.")
    return script


def write(app, exception):
    """Write the one stylesheet that the pages link, the fonts that it needs, and small scripts."""
    if exception or app.builder.format != "html" or "book_stylesheets" not in vars(app):
        return  # in the last case no page was written
    out, static = Path(app.outdir), Path(app.outdir) / "_static"
    pages = sorted(page for page in out.rglob("*.html") if "_static" not in page.parts)
    texts = [page.read_text("utf-8") for page in pages]
    scripts = {
        (page.parent / script).resolve()
        for page, text in zip(pages, texts, strict=True)
        for script in re.findall(r'<script[^>]* src="([^"?]*)', text)
    }
    sheets = [*THEME, *(sheet for sheet in app.book_stylesheets if sheet not in SKIPPED)]
    css = settled(purged(joined(static, sheets), [*pages, *sorted(scripts)]))
    (static / NAME).write_text('@charset "UTF-8";\n' + css, encoding="utf-8")
    cut_fonts(static, css, texts)
    theme = static / "scripts" / "pydata-sphinx-theme.js"
    theme.write_text(without_tab_stops(theme.read_text("utf-8")), encoding="utf-8")
    # But not the index of the search, which the next build reads.
    run("svgpath", "paths.cjs", pages)
    run("terser", "minify.cjs", sorted(script for script in scripts if static in script.parents))


def setup(app):
    """Come after every extension that adds or rewrites a stylesheet."""
    app.connect("html-page-context", remember, priority=900)
    app.connect("build-finished", write, priority=900)
