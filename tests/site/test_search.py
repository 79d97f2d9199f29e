"""Search finds the chapters by their words."""

import re

import pytest
from playwright.sync_api import expect
from probes import book
from probes.text import longest_word
from sphinx.search.en import SearchEnglish

HERE = [  # one in nine here, the others by `make elsewhere`
    pytest.param(chapter, marks=[pytest.mark.elsewhere] * (number % 9 > 0))
    for number, chapter in enumerate(book.CHAPTERS)
]


@pytest.mark.parametrize("chapter", HERE)
def test_search(visit, chapter):
    page = visit(chapter)
    # The index knows words by their stems, and the excerpt may show another word of the same stem;
    # a stem that is written otherwise, as "probabl" of "probabilities", is in no excerpt.
    stem = SearchEnglish({}).stem
    word = longest_word(page, fits=lambda word: word.startswith(stem(word)))
    page.get_by_role("button", name="Search").locator("visible=true").first.click()
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/search.html?q={word}*")  # which is an address to give to others
    result = page.locator("#search-results li").filter(has=page.locator(f'a[href*="{chapter}"]'))
    expect(result.first).to_be_visible()
    expect(result.first).to_contain_text(re.compile(re.escape(stem(word)), re.IGNORECASE))
    assert not page.watch.complaints
    result.locator(f'a[href*="{chapter}"]').first.click()
    page.wait_for_url(f"**/{chapter}*")
