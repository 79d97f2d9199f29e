"""Write the built book as an EPUB 3: a file for each chapter, equations in MathML.

    python -m tools.paper.epub

The same site gives the same bytes.
"""

import re
import uuid
import zipfile
from html import escape

from tools import paper

TARGET = paper.HTML.parent / "release" / "rnn-unfolded.epub"
CONTAINER = (
    '<?xml version="1.0"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
KINDS = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg"}


def document(title, body, kind=""):
    """Write a file of the book as XHTML."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="en" xml:lang="en"><head><title>{escape(title)}</title>'
        f'<link rel="stylesheet" href="style.css"/></head><body{kind}>\n{body}\n</body></html>\n'
    )


def coloured(xhtml):
    """Write the colours of pictures as they are: readers of books know no names for them.

    >>> coloured('fill:var(--rnn-input, #0068a8)')
    'fill:#0068a8'
    """
    return re.sub(r"var\(--[\w-]+,\s*([^()]*)\)", r"\1", xhtml)


def to_answers(xhtml, names):
    """Have the links to what stands among the answers lead there.

    >>> to_answers('href="a.xhtml#a--solution-1"', {"a--solution-1"})
    'href="answers.xhtml#a--solution-1"'
    """

    def lead(match):
        return f'href="answers.xhtml#{match[1]}"' if match[1] in names else match[0]

    return re.sub(r'href="[\w-]+\.xhtml#([^"]+)"', lead, xhtml)


def title_page(book):
    """Write the first page."""
    return document(
        "Title page",
        f'<section epub:type="titlepage" class="title-page"><h1>{book["title"]}</h1>'
        f"<p>{book['abstract']}</p><p>{book['authors']}<br/>"
        f"Version {book['version']}, {book['date']}</p>{paper.imprint(book)}</section>",
    )


def contents(titles):
    """Write the contents, which are also what a reader's menu shows."""
    lines = ['<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>']
    for part in paper.parts():
        names = [name for name in map(paper.name_of, part.files) if name in titles]
        if not names:
            continue
        lines.append(f"<li><span>{escape(part.title)}</span><ol>")
        lines += [_item(name, titles[name]) for name in names]
        lines.append("</ol></li>")
    lines += [_item("answers", "Answers"), _item("index", "Index"), "</ol></nav>"]
    return document("Contents", "\n".join(lines))


def _item(name, title):
    return f'<li><a href="{name}.xhtml">{escape(title)}</a></li>'


def index_page(entries):
    """Write the index: of each term the places, by the titles of their chapters."""
    lines = ['<section epub:type="index"><h1>Index</h1>']
    for term, places in entries:
        links = ", ".join(
            f'<a href="{place.partition("--")[0]}.xhtml#{place}">{title}</a>'
            for place, title in places
        )
        lines.append(f'<p class="entry">{term}: {links}</p>')
    return document("Index", "\n".join([*lines, "</section>"]))


def package(book, files):
    """Write the list of what is in the book, and in which order it is read."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{book['title']} {book['version']}")
    items, spine = [], []
    for file, content in files.items():
        kind = "application/xhtml+xml" if file.endswith(".xhtml") else "text/css"
        kind = KINDS.get(file[file.rfind(".") :], kind)
        marks = [m for m in ("math", "svg") if f"<{m} " in str(content)]
        marks = ["mathml" if m == "math" else m for m in marks] + ["nav"] * (file == "nav.xhtml")
        has = f' properties="{" ".join(marks)}"' if marks else ""
        short = re.sub(r"\W", "-", file)
        items.append(f'<item id="{short}" href="{file}" media-type="{kind}"{has}/>')
        if kind == "application/xhtml+xml":
            spine.append(f'<itemref idref="{short}"/>')
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"'
        ' xml:lang="en"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:uuid:{name}</dc:identifier><dc:title>{book["title"]}'
        f"</dc:title><dc:creator>{book['authors']}</dc:creator><dc:language>en</dc:language>"
        f"<dc:description>{book['abstract']}</dc:description><dc:rights>{paper.LICENCE}</dc:rights>"
        f'<meta property="dcterms:modified">{book["date"]}T00:00:00Z</meta>'
        '<meta property="schema:accessMode">textual</meta>'
        '<meta property="schema:accessMode">visual</meta>'
        '<meta property="schema:accessModeSufficient">textual</meta>'
        '<meta property="schema:accessibilityFeature">alternativeText</meta>'
        '<meta property="schema:accessibilityFeature">MathML</meta>'
        '<meta property="schema:accessibilityFeature">tableOfContents</meta>'
        '<meta property="schema:accessibilityFeature">index</meta>'
        '<meta property="schema:accessibilityHazard">none</meta>'
        '<meta property="schema:accessibilitySummary">Every figure has a text that says what it'
        " shows; equations are MathML.</meta></metadata>\n<manifest>"
        + "\n".join(items) + "</manifest>\n<spine>" + "\n".join(spine) + "</spine></package>\n"
    )  # fmt: skip


def assembled(book, found, entries, html=paper.HTML):
    """Return the files of the book by their names, in the order in which they are read."""
    titles = {one.name: one.title for one in found}
    files = {"title.xhtml": title_page(book), "nav.xhtml": contents(titles)}
    end = coloured(paper.answers(found))
    for one in found:
        files[f"{one.name}.xhtml"] = document(one.title, coloured(one.body))
    files["answers.xhtml"] = document("Answers", f"<h1>Answers</h1>\n{end}")
    files["index.xhtml"] = index_page(entries)
    moved = set(re.findall(r' id="([^"]+)"', end))
    files = {name: to_answers(text, moved) for name, text in files.items()}
    images = {}
    for name, text in files.items():
        for path in re.findall(r'src="\.\./html/([^"]*)"', text):
            images["image-" + path.replace("/", "-")] = (html / path).read_bytes()
        files[name] = re.sub(
            r'src="\.\./html/([^"]*)"', lambda m: f'src="image-{m[1].replace("/", "-")}"', text
        )
    return files | {"style.css": (paper.HERE / "epub.css").read_text("utf-8")} | images


def packed(book, files, target):
    """Write the archive: first what it is, as the standard asks, and no dates."""
    target.parent.mkdir(parents=True, exist_ok=True)
    inside = {"META-INF/container.xml": CONTAINER, "book/package.opf": package(book, files)}
    inside |= {f"book/{name}": content for name, content in files.items()}
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(_entry("mimetype"), "application/epub+zip", zipfile.ZIP_STORED)
        for name, content in inside.items():
            archive.writestr(_entry(name), content, zipfile.ZIP_DEFLATED, 9)


def _entry(name):
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def main(target=TARGET):
    """Write the book, and say where it is."""
    with paper.chromium() as browser:
        found, entries = paper.whole(browser, linked=True)
    book = paper.about()
    packed(book, assembled(book, found, entries), target)
    print(f"{target.relative_to(paper.ROOT)}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
