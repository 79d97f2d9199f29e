"""The pages' shell: what it writes, and that it says so when what it builds upon has changed."""

import gzip
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from docutils.core import publish_doctree
from fontTools.ttLib import TTFont
from sphinx.errors import ConfigError, ExtensionError

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from theme import address, equations, npm, pages, parts, preview, stylesheet  # noqa: E402
from tools.notebooks import METADATA, chapters  # noqa: E402

PAGE = r"""# A page

The formula $x^2$ stands here.

It has a description, and it is this sentence.

$$ y = \sum_{t} x_t $$ (eq-sum)

See {eq}`eq-sum` and {cite}`someone`.

```{admonition} Folded
:class: dropdown tip
See [this](https://example.org).
```

```{exercise} One
:label: one
Try.
```

```{releases}
All of it is [there](RELEASES).
```

```{bibliography}
```
"""

NOT_YET = nbformat.v4.new_output("stream", text="Not yet.\n")
STUB = nbformat.v4.new_code_cell(
    "answer = ...", id="stub", metadata={"tags": ["exercise"]}, outputs=[NOT_YET]
)
CHAPTER = nbformat.writes(
    nbformat.v4.new_notebook(
        metadata=METADATA,
        cells=[nbformat.v4.new_markdown_cell("# A chapter", id="title"), STUB],
    )
)


def build(folder, text=PAGE, **environment):
    """Build a book of one page in the book's own configuration; give the finished process."""
    for name in ("theme", "node_modules", "package.json"):
        (folder / name).symlink_to(ROOT / name)
    config = (ROOT / "_config.yml").read_text()
    config = re.sub(r"(?m)^( *)bibtex_bibfiles:.*$", r"\1bibtex_bibfiles: [some.bib]", config)
    (folder / "_config.yml").write_text(config)
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: page\nchapters:\n- file: part/chapter\n"
    )
    (folder / "part").mkdir()
    (folder / "part" / "chapter.ipynb").write_text(CHAPTER)
    (folder / "page.md").write_text(text)
    (folder / "some.bib").write_text("@misc{someone, author={A. One}, title={It}, year={1990}}\n")
    return subprocess.run(
        [Path(sys.executable).parent / "jupyter-book", "build", "-W", "-n", "--keep-going", "."],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,  # it ends only when nothing that the build started holds it
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    done = build(
        folder,
        BOOK_REPOSITORY="https://github.com/fork/course.git",
        BOOK_BRANCH="trunk",
        BOOK_URL="https://fork.example/course",
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def page(site):
    return (site / "page.html").read_text()


def test_page_has_a_policy_and_nothing_that_it_blocks(page):
    assert "script-src 'self';" in page
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert not re.search(r"<[^>]* on[a-z]+=", page)


def test_page_loads_nothing_from_elsewhere(page):
    loaded = re.findall(r'<(?:script|img)[^>]* src="([^"]*)"', page)
    loaded += re.findall(r'<link[^>]*rel="(?:stylesheet|icon|preload)"[^>]*href="([^"]*)"', page)
    assert loaded
    assert not [address for address in loaded if "//" in address]


def test_one_stylesheet(page):
    assert re.findall(r'rel="stylesheet" href="([^"]*)"', page) == ["_static/pages.css"]


def test_stylesheet_finds_what_it_names(site):
    static = site / "_static"
    css = (static / "pages.css").read_text()
    named = {name for name in re.findall(r'url\("([^":]*)"\)', css) if not name.endswith(".ttf")}
    assert stylesheet.MATHS in named and len(named) > 3
    assert not [name for name in named if not (static / name).is_file()]
    assert len(gzip.compress(css.encode())) < 25_000


def test_equation_and_its_number(page):
    assert page.count("<math ") >= 2
    assert f'<link rel="preload" href="_static/{stylesheet.MATHS}" as="font"' in page
    assert re.search(r'<span class="eqno">\(1\)', page)
    assert '<math alttext="y = \\sum_{t} x_t" display="block"' in page


def test_description_is_the_first_plain_sentence(page):
    assert '<meta name="description" content="It has a description, and it is this' in page


def test_folded_admonition_opens_without_script(page):
    assert re.search(r'<details class="[^"]*\btip\b[^"]*"', page)


def test_bibliography_is_a_list(page):
    assert 'role="listitem"' in page
    assert "doc-biblioentry" not in page


def test_fork_has_its_own_address(site, page):
    assert '<link rel="canonical" href="https://fork.example/course/page.html"' in page
    assert "https://github.com/fork/course/issues" in page
    assert "github.com/example" not in page
    assert 'href="https://github.com/fork/course/releases"' in page
    assert '<base href="https://fork.example/course/">' in (site / "404.html").read_text()


def test_ways_to_run_a_chapter(site, page):
    assert 'class="header-menu ways"' not in page, "it has no cells"
    chapter = (site / "part" / "chapter.html").read_text()
    menu = re.search(r'<details class="header-menu ways".*?</details>', chapter, re.S)[0]
    ways = ["In this page", "At home", "In Colab", "In Binder"]
    assert re.findall("|".join(ways), menu) == ways, "what always works comes first"
    assert "<code>git clone https://github.com/fork/course &amp;&amp; make -C course lab<" in menu
    assert re.findall(r'href="([^"]*)"', menu) == [
        "https://colab.research.google.com/github/fork/course/blob/trunk/part/chapter.ipynb",
        "https://mybinder.org/v2/gh/fork/course/trunk?urlpath=lab/tree/part/chapter.ipynb",
    ]
    assert menu.count("If it does not open, run the cells in this page.") == 2
    assert "fa-rocket" not in chapter


def test_nobody_is_judged_before_the_first_check(site):
    chapter = (site / "part" / "chapter.html").read_text()
    assert "tag_exercise" in chapter and "Not yet" not in chapter


def test_bad_tex_fails_the_build_and_says_where(tmp_path):
    done = build(tmp_path, "# A page\n\nHere: $\\frac{1}$ and more.\n")
    assert done.returncode != 0
    assert re.search(r"page\.md:3: .*\\frac", done.stdout)


def test_math_in_a_title_fails_the_build(tmp_path):
    done = build(tmp_path, "# The state $h_t$\n\nText.\n")
    assert done.returncode != 0
    assert "the page's title holds math" in done.stdout


def test_name_of_a_function_alone_has_no_room_behind_it():
    typesetter = equations.Typesetter()
    alone, with_value = (typesetter.set(tex, False) for tex in (r"\tanh", r"\tanh z"))
    assert "mspace" not in alone and "mspace" in with_value
    typesetter.stop()


def test_bad_tex_leaves_the_process_sound():
    typesetter = equations.Typesetter()
    assert "<msup>" in typesetter.set("x^2", False)
    with pytest.raises(ValueError, match="at end of input"):
        typesetter.set(r"\frac{1}", False)
    assert 'display="block"' in typesetter.set("x^2", True)
    process = typesetter.process
    typesetter.stop()
    assert process.returncode == 0


def test_node_that_died_is_said(monkeypatch):
    typesetter = equations.Typesetter()
    typesetter.set("x", False)
    typesetter.process.stdin.close()
    typesetter.process.wait(timeout=10)
    monkeypatch.setattr(typesetter.process, "stdin", SimpleNamespace(write=len, flush=dict))
    with pytest.raises(ExtensionError, match="died"):
        typesetter.set("y", False)


def test_missing_node_is_one_sentence(monkeypatch):
    monkeypatch.setattr(npm.shutil, "which", lambda name: None)
    with pytest.raises(ExtensionError, match=r"^node is needed"):
        equations.Typesetter().set("x", False)


def test_missing_or_other_package_is_one_sentence(tmp_path):
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": {"it": "1.0.0"}}))
    with pytest.raises(ExtensionError, match=r"^it is not installed: run `npm ci`"):
        npm.package("it", tmp_path)
    folder = tmp_path / "node_modules" / "it"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"version": "1.0.1"}))
    with pytest.raises(ExtensionError, match=r"asks for it 1\.0\.0, but 1\.0\.1 is installed"):
        npm.package("it", tmp_path)
    (folder / "package.json").write_text(json.dumps({"version": "1.0.0"}))
    assert npm.package("it", tmp_path) == folder


@pytest.mark.parametrize(
    ("before", "after", "wrapped"),
    [
        ("so ", ", and", "x,"),
        ("so (", ") and", "(x)"),
        ("so ", " and", None),
        ("so ", "-th", None),
    ],
)
def test_punctuation_stays_with_its_equation(before, after, wrapped):
    document = publish_doctree("")
    document += nodes.paragraph("", "", nodes.Text(before), nodes.math("", "x"), nodes.Text(after))
    equations.Unbroken(document).run()
    found = [node.astext() for node in document.findall(nodes.inline)]
    assert found == ([wrapped] if wrapped else [])
    assert document.astext() == f"{before}x{after}"


def test_an_equation_alone_is_left_alone():
    document = publish_doctree("")
    document += nodes.paragraph("", "", nodes.math("", "x"))
    equations.Unbroken(document).run()
    assert not list(document.findall(nodes.inline))


def script(filename=None, **attributes):
    return SimpleNamespace(filename=filename, attributes=attributes)


def test_scripts_of_the_book_are_kept():
    own, inline = script("_static/x.js"), script(body="DOCUMENTATION_OPTIONS.pagename = 'a/b';")
    assert pages.scripts([own, inline], "") == [own]


def test_a_script_is_loaded_where_the_page_has_use_for_it():
    player = script("_static/player.js")
    assert pages.scripts([player], '<p><div class="player" role="group">') == [player]
    assert pages.scripts([player], "<p>A player.</p>") == []
    listen = script("_static/listen.js")
    assert pages.scripts([listen], '<svg data-notes="69:1">') == [listen]
    assert pages.scripts([listen], '<div class="player">') == []


@pytest.mark.parametrize(
    ("unwanted", "message"),
    [
        (script(body="alert(1)"), "inline script"),
        (script(body="DOCUMENTATION_OPTIONS.search_as_you_type = true;"), "inline script"),
        (script("https://example.org/x.js"), "another host"),
        (script("//example.org/x.js"), "another host"),
    ],
)
def test_other_scripts_fail_the_build(unwanted, message):
    with pytest.raises(ExtensionError, match=message):
        pages.scripts([unwanted], "")


def test_buttons_get_names_for_their_scripts():
    known = {"type": "javascript", "javascript": "window.print()"}
    pages.name_action(group := {"type": "group", "buttons": [known, {"type": "link"}]})
    assert group["buttons"][0] == {"type": "javascript", "action": "print"}
    with pytest.raises(ExtensionError, match="does not know: launch"):
        pages.name_action({"type": "javascript", "javascript": "launch()"})


def test_every_action_is_in_the_script():
    source = (ROOT / "theme" / "static" / "book.js").read_text()
    assert all(f"{name}: () =>" in source for name in pages.ACTIONS.values())


def remember(app, *names):
    sheets = [SimpleNamespace(filename=name) for name in names]
    stylesheet.remember(app, "page", "page.html", {"css_files": sheets}, None)


def test_stylesheets_are_the_same_on_every_page():
    app = SimpleNamespace()
    remember(app, "_static/a.css?v=1")
    remember(app, "_static/a.css")
    assert app.book_stylesheets == ["a.css"]
    with pytest.raises(ExtensionError, match="other stylesheets than the pages before it"):
        remember(app, "_static/b.css")


def test_stylesheet_from_elsewhere_fails_the_build():
    with pytest.raises(ExtensionError, match="from elsewhere"):
        remember(SimpleNamespace(), "https://example.org/a.css")


def purged(tmp_path, css, page, script=""):
    (tmp_path / "a [1].html").write_text(page)
    (tmp_path / "a.js").write_text(script)
    return stylesheet.purged(css, [tmp_path / "a [1].html", tmp_path / "a.js"])


@pytest.mark.parametrize(
    "rule",
    [
        ".used{top:0}",
        "p{top:0}",
        "p:not(.unused){top:0}",
        'html[data-theme="dark"] p{top:0}',
        "details[open] p{top:0}",
        "*:focus-visible{top:0}",
        "@media print{.used{top:0}}",
        "@layer theme{.used{top:0}}",
        ".set-by-script{top:0}",
        ":root{--in-the-page:0}",
        ".used{--own:0;top:var(--own)}",
    ],
)
def test_purging_keeps(tmp_path, rule):
    page = '<html><p class="used" style="top:var(--in-the-page)"><details></details></html>'
    assert purged(tmp_path, rule, page, 'x.className = "set-by-script"') == rule


def test_purging_drops(tmp_path):
    css = ".used .unused,.used p{top:0} @media print{.unused{top:0}} p{--unused:0;top:0}"
    assert purged(tmp_path, css, '<p class="used">').split() == [".used", "p{top:0}", "p{top:0}"]


def test_css_that_cannot_be_read_fails_the_build(tmp_path):
    with pytest.raises(ExtensionError, match="purgecss has failed"):
        purged(tmp_path, "p{", "<p>")


def test_script_is_cut_to_what_runs(tmp_path):
    script = tmp_path / "a [1].js"
    script.write_text("// Says so.\nconst said = (it) => {\n  return it + 1;\n};\n")
    stylesheet.run("terser", "minify.cjs", [script])
    assert re.fullmatch(r"const said=(\w+)=>\1\+1;", script.read_text())
    script.write_text("const = 1")
    with pytest.raises(ExtensionError, match="terser has failed"):
        stylesheet.run("terser", "minify.cjs", [script])


def test_lines_are_drawn_from_point_to_point(tmp_path):
    page = tmp_path / "a.html"
    paths = ["M10 20.5L15.25 20.5L15 30", "M0 0A5 5 0 0 1 9 9Z"]
    page.write_text("".join(f'<path d="{path}"/>' for path in paths))
    for _ in range(2):  # a page that is not built anew is rewritten again
        stylesheet.run("svgpath", "paths.cjs", [page])
        lines = re.findall('path d="([^"]*)"', page.read_text())
        assert lines == ["M10 20.5l5.25 0-0.25 9.5", "M0 0a5 5 0 0 1 9 9z"]
    page.write_text('<path d="M here">')
    with pytest.raises(ExtensionError, match="svgpath has failed"):
        stylesheet.run("svgpath", "paths.cjs", [page])


def test_fonts_that_are_not_used_go():
    face = '@font-face{font-family:%s;src:url("%s.woff2") format("woff2"),'
    face += 'url("%s.ttf") format("truetype")}'
    css = face % (("A",) * 3) + face % (("B",) * 3) + "p{font:1em A,serif}"
    assert stylesheet.settled(css) == (
        '@font-face{font-family:A;src:url("A.woff2") format("woff2")}p{font:1em A,serif}'
    )


def test_icon_font_that_has_changed_fails_the_build(tmp_path):
    with pytest.raises(ExtensionError, match="no fonts or no icons"):
        stylesheet.cut_fonts(tmp_path, 'a{content:"\\f135"}', [])


def test_characters_of_equations():
    page = "<span>a</span><math alttext='c'><mi>h</mi><mo>&lt;</mo><msqrt>2</msqrt></math>d"
    assert stylesheet.in_equations(page) >= set(map(ord, "h\u210e<√2"))
    assert not stylesheet.in_equations(page) & set(map(ord, "acd"))


def test_fonts_have_what_is_shown_and_no_more(site):
    font, source = TTFont(site / "_static" / stylesheet.MATHS), TTFont(equations.font())
    assert font["head"].modified == source["head"].modified, "each build makes another file"
    shown = font.getBestCmap()
    assert set(map(ord, "∑=2𝑥")) <= set(shown)
    assert ord("Z") not in shown
    tall = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
    assert shown[ord("∑")] in tall, "a sum is as tall as what it sums"
    assert "Open Font License" in (site / "_static" / "math" / "LICENSE").read_text()
    icons = site / "_static" / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.woff2"
    assert 0xF019 in TTFont(icons).getBestCmap()  # the download
    assert icons.stat().st_size < 5000


def test_addresses_follow_their_file():
    css = "a{b:url(../x/y.svg)} a{b:url('z.png')} a{b:url(data:image/png;x)}"
    assert stylesheet.rebased(css, "styles") == (
        'a{b:url("x/y.svg")} a{b:url("styles/z.png")} a{b:url(data:image/png;x)}'
    )


def test_citation_that_has_changed_fails_the_build():
    class Translator:
        body = ()

        def visit_citation(self, node):
            self.body = ['<div role="doc-endnote">']

    with pytest.raises(ExtensionError, match="no longer writes role"):
        parts.visit_citation(Translator(), None)


def override(monkeypatch, **environment):
    for name in ("BOOK_REPOSITORY", "BOOK_BRANCH", "BOOK_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    config = SimpleNamespace(html_theme_options={"repository_url": "r"}, html_baseurl="")
    address.override(None, config)
    return config


def test_address_is_that_of_the_configuration(monkeypatch):
    config = override(monkeypatch)
    assert config.html_theme_options == {"repository_url": "r"}
    assert config.html_baseurl == ""


def test_no_button_leads_to_an_address_that_is_none_yet(monkeypatch):
    config = SimpleNamespace(
        html_theme_options={
            "repository_url": f"{address.PLACEHOLDER}book",
            "launch_buttons": {1: 2},
        },
        html_baseurl="",
    )
    address.override(None, config)
    assert not config.html_theme_options["launch_buttons"]
    assert not config.html_theme_options["use_repository_button"]


def test_preview_is_as_large_as_open_graph_asks_and_the_same_every_time(tmp_path):
    files = [tmp_path / "a.png", tmp_path / "b.png"]
    for file in files:
        preview.drawn(
            "A title that is so long that it takes three lines of the picture", "A book"
        ).savefig(file, metadata={"Software": None})
    assert files[0].read_bytes() == files[1].read_bytes()
    assert struct.unpack(">II", files[0].read_bytes()[16:24]) == preview.SIZE


def test_every_chapter_has_a_description_of_its_own():
    app = SimpleNamespace(srcdir=ROOT)
    said = pages.described(app)
    names = {str(path.relative_to(ROOT).with_suffix("")) for path in chapters()}
    assert {name for name in names if name.count("/") == 2} <= set(said)
    assert all(60 <= len(words) <= 155 for words in said.values())
    assert len(set(said.values())) == len(said)
    assert all((ROOT / f"{name}.md").exists() or name in names for name in said)


def test_releases_are_spoken_of_only_where_they_have_an_address():
    assert not address.releases({"repository_url": f"{address.PLACEHOLDER}book"})
    there = {"repository_url": "https://github.com/fork/course"}
    assert address.releases(there) == "https://github.com/fork/course/releases"


@pytest.mark.parametrize("name", ["BOOK_REPOSITORY", "BOOK_URL"])
@pytest.mark.parametrize("value", ["github.com/a/b", "http://github.com/a/b"])
def test_address_must_be_one(monkeypatch, name, value):
    with pytest.raises(ConfigError, match=name):
        override(monkeypatch, **{name: value})


def test_repository_must_have_an_owner_and_a_name(monkeypatch):
    with pytest.raises(ConfigError, match="owner/name"):
        override(monkeypatch, BOOK_REPOSITORY="https://github.com/fork")
