"""Print the built book into one PDF: title page, contents, chapters, answers, index.

    python -m tools.paper.pdf

Chromium prints it twice: where a page number is asked for, only the first print can tell.
"""

import re
from html import escape

from tools import paper

WORK = paper.HTML.parent / "paper"
TARGET = paper.HTML.parent / "release" / "rnn-unfolded.pdf"
DATE = re.compile(rb"/(CreationDate|ModDate) \(D:(\d{14})")


def title_page(book):
    """Write the title page, and the page behind it."""
    return f"""
<section class="title-page">
<p class="book-title">{book["title"]}</p>
<p class="abstract">{book["abstract"]}</p>
<p class="imprint">{book["authors"]}<br>Version {book["version"]}, {book["date"]}</p>
</section>
<section class="imprint-page">
{paper.imprint(book)}
</section>"""


def contents(titles):
    """Write the contents: `titles` has the title of every name that is listed."""
    lines = ['<nav class="book-contents"><h1 id="contents">Contents</h1>']
    for part in paper.parts():
        lines.append(f'<p class="part">{escape(part.title)}</p>')
        lines += [_line(name, titles[name]) for name in map(paper.name_of, part.files)]
    lines += [_line(name, titles[name]) for name in ("answers", "index")]
    return "\n".join([*lines, "</nav>"])


def _line(name, title):
    return (
        f'<p class="line"><a href="#{name}">{escape(title)}</a>'
        f'<span class="dots"></span><span class="number">{number(name)}</span></p>'
    )


def number(name):
    """Write a place for the number of a page, which `numbered` fills."""
    return f'<a class="page-number" href="#{name}">000</a>'


def numbered(html, pages):
    """Fill in the numbers of pages, by the names of what stands on them.

    >>> numbered('<a class="page-number" href="#a">000</a>', {"a": 12})
    '<a class="page-number" href="#a">12</a>'
    """

    def fill(match):
        return f"{match[1]}{pages[match[2]]}<"

    return re.sub(r'(<a class="page-number" href="#([^"]*)">)000<', fill, html)


def index_page(entries):
    """Write the index: of each term the pages that explain and mention it."""
    lines = ['<section class="index"><h1 id="index">Index</h1>']
    for term, places in entries:
        numbers = ", ".join(number(place) for place, _ in places)
        lines.append(f"<p>{term} {numbers}</p>")
    return "\n".join([*lines, "</section>"])


def without_doubles(html):
    """Write each page of an entry of the index once, in order.

    >>> a = '<a class="page-number" href="#a">{}</a>'.format
    >>> without_doubles(f'<p>Adam {a(7)}, {a(3)}, {a(7)}</p>') == f'<p>Adam {a(3)}, {a(7)}</p>'
    True
    """

    def settle(match):
        links = re.findall(r'<a class="page-number".*?>(\d+)</a>', match[2])
        whole = re.findall(r'<a class="page-number".*?</a>', match[2])
        once = dict(sorted(zip(map(int, links), whole, strict=True), key=lambda pair: pair[0]))
        return f"<p>{match[1]} {', '.join(once.values())}</p>"

    return re.sub(r'<p>([^<]*) ((?:<a class="page-number"[^<]*</a>(?:, )?)+)</p>', settle, html)


def assembled(book, chapters, entries):
    """Return the whole book as one page of HTML."""
    titles = {one.name: one.title for one in chapters}
    titles |= {"answers": "Answers", "index": "Index"}
    firsts = {paper.name_of(part.files[0]): part.title for part in paper.parts()}
    sheets, body = [], [title_page(book), contents(titles)]
    for one in chapters:
        part = f'<p class="part-label">{firsts[one.name]}</p>' if one.name in firsts else ""
        body.append(_chapter(one.name, part + _with_page_numbers(one.body)))
        sheets.append(_sheet(one.name, one.title))
    body.append(_chapter("answers", f'<h1 id="answers">Answers</h1>{paper.answers(chapters)}'))
    body.append(index_page(entries))
    sheets += [_sheet("answers", "Answers"), _sheet("index", "Index")]
    return "\n".join([
        '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">',
        f"<title>{book['title']}</title>",
        f'<meta name="author" content="{book["authors"]}">',
        '<link rel="stylesheet" href="../html/_static/pages.css">',
        f"<style>{(paper.HERE / 'paper.css').read_text('utf-8')}\n{''.join(sheets)}</style></head>",
        '<body><main class="bd-article">', *body, "</main></body></html>",
    ])  # fmt: skip


def _chapter(name, body):
    return f'<article class="bd-article chapter" style="page:{name}">\n{body}\n</article>'


def _sheet(name, title):
    words = title.replace('"', '\\"')
    return f'@page {name} {{ @top-center {{ content: "{words}"; }} }}\n'


def _with_page_numbers(body):
    """Have the link from an exercise to its solution say the page."""
    return re.sub(
        r'<a class="to-page" href="#([^"]*)">solution</a>',
        lambda link: f'<span class="to-page">solution on page {number(link[1])}</span>',
        body,
    )


def printed(browser, html, target):
    """Print a page of HTML, which is kept beside the site, as a PDF without dates."""
    WORK.mkdir(parents=True, exist_ok=True)
    source = WORK / f"{target.stem}.html"
    source.write_text(html, "utf-8")
    page = browser.new_page()
    page.set_default_timeout(600_000)
    page.goto(source.as_uri())
    page.evaluate("document.fonts.ready.then(() => 0)")
    target.parent.mkdir(parents=True, exist_ok=True)
    page.pdf(path=target, prefer_css_page_size=True, outline=True, tagged=True)
    page.close()
    target.write_bytes(dateless(target.read_bytes()))


def dateless(pdf):
    """Put one date in place of those in a PDF, so that the same book gives the same bytes.

    >>> dateless(b"/CreationDate (D:20261130053048+00'00')")
    b"/CreationDate (D:20000101000000+00'00')"
    """
    return DATE.sub(rb"/\1 (D:20000101000000", pdf)


def pages_of(pdf):
    """Return on which page each named place of a PDF is, counted from 1."""
    from pypdf import PdfReader

    reader = PdfReader(pdf)
    at = {page.indirect_reference.idnum: k for k, page in enumerate(reader.pages, start=1)}
    return {
        name.removeprefix("/"): at[place.raw_get("/Page").idnum]
        for name, place in reader.named_destinations.items()
    }


def main(target=TARGET):
    """Print, read the numbers of the pages, and print again."""
    from pypdf import PdfReader

    with paper.chromium() as browser:
        found, entries = paper.whole(browser)
        html = assembled(paper.about(), found, entries)
        printed(browser, html, target)
        pages = pages_of(target)
        printed(browser, without_doubles(numbered(html, pages)), target)
    print(f"{target.relative_to(paper.ROOT)}: {len(PdfReader(target).pages)} pages")


if __name__ == "__main__":
    main()
