"""Print the first and the last test, a page each, and their key.

    python -m tools.paper.quiz

They are `first-test.pdf`, `last-test.pdf` and `key-to-both.pdf` in _build/quiz.
"""

from html import escape

from rnnbook.problems import lowered
from rnnbook.quiz import TESTS, questions
from tools.notebooks import ROOT
from tools.paper import HERE, chromium
from tools.paper.pdf import printed

TARGET = ROOT / "_build" / "quiz"
HEAD = "Recurrent networks: {} test"


def sheet(test):
    """Write a test as HTML, to be filled in."""
    items = "".join(f"<li>{lowered(one.text)}{_answer(one)}</li>" for one in questions(test))
    return (
        f"<section><h1>{HEAD.format(f'the {test}')}</h1>"
        '<p class="who">Name <span></span> Date <span></span></p>'
        "<p>Tick one box, or write a number. Who does not know leaves the line empty.</p>"
        f'<ol class="quiz">{items}</ol></section>'
    )


def _answer(one):
    if not one.choices:
        return '<p class="asked"><span>Number <i></i></span></p>'
    boxes = "".join(f"<span>☐ {escape(choice)}</span>" for choice in one.choices)
    return f'<p class="asked">{boxes}</p>'


def key(test):
    """Write the answers of a test as HTML, each with its reason."""
    items = "".join(
        f"<li><b>{escape(one.right)}</b>. {lowered(one.reason)}</li>" for one in questions(test)
    )
    head = HEAD.format(f"key to the {test}")
    return f'<section><h1>{head}</h1><ol class="quiz">{items}</ol></section>'


def whole(body):
    """Put sections on paper."""
    style = (HERE / "sheets.css").read_text("utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Recurrent networks:'
        f" tests</title><style>{style}</style></head><body>{body}</body></html>"
    )


def main():
    """Print all three, and say where they are."""
    with chromium() as browser:
        for test in TESTS:
            printed(browser, whole(sheet(test)), TARGET / f"{test}-test.pdf")
        printed(browser, whole("".join(map(key, TESTS))), TARGET / "key-to-both.pdf")
    print(f"Both tests and their key are in {TARGET.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
