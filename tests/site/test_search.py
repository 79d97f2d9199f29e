"""Search finds the chapters by their words."""

import re

from playwright.sync_api import expect
from probes.text import longest_word
from sphinx.search.en import SearchEnglish


def test_search(visit, chapter):
    page = visit(chapter)
    word = longest_word(page)
    page.get_by_role("button", name="Search").locator("visible=true").first.click()
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/search.html?q={word}*")  # which is an address to give to others
    result = page.locator("#search-results li").filter(has=page.locator(f'a[href*="{chapter}"]'))
    expect(result.first).to_be_visible()
    # The index knows words by their stems, and the excerpt may show another word of the same stem.
    stem = re.compile(re.escape(SearchEnglish({}).stem(word.lower())), re.IGNORECASE)
    expect(result.first).to_contain_text(stem)
    assert not page.watch.complaints
    result.locator(f'a[href*="{chapter}"]').first.click()
    page.wait_for_url(f"**/{chapter}*")
