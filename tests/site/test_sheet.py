"""The sheet to fill in: judged as it is left, with its mistakes, by keyboard, and on paper."""

import json
import re

from playwright.sync_api import expect

from rnnbook import quiz
from tools.paper import quiz as paper

CHAPTER = "book/training/bptt.html"


def test_sheet(visit, subtests):
    page = visit(CHAPTER, width=390)
    sheet = page.locator(".sheet")
    data = json.loads(sheet.locator("script").text_content())
    inputs, said = sheet.locator("input"), sheet.locator("output")
    with subtests.test("the lecture's numbers, rounded as the lecture rounds them"):
        for k, (right, *_) in enumerate(data["sheets"][0]["entries"]):
            inputs.nth(k).fill(f"{right:.4f}".replace(".", "," if k % 2 else "."))
            inputs.nth(k).press("Enter")
        expect(sheet.locator(".sheet-right")).to_have_count(inputs.count())
        expect(sheet.locator(".sheet-count")).to_have_text("11 of 11 right.")
    with subtests.test("fresh numbers, each known mistake by its words"):
        for one in data["sheets"][1:4]:
            sheet.get_by_role("button", name="Fresh numbers").click()
            assert inputs.first.input_value() == ""
            for k, (_, _, mistakes) in enumerate(one["entries"]):
                for number, _, words in mistakes:
                    inputs.nth(k).fill(str(number))
                    inputs.nth(k).blur()
                    expect(said.nth(k)).to_have_text(f"Not yet: {data['words'][words]}")
    with subtests.test("what is no number is said"):
        inputs.first.fill("two")
        inputs.first.blur()
        expect(said.first).to_have_text("That is not a number.")
    with subtests.test("the key is behind a button, and changes with the numbers"):
        key = sheet.locator(".sheet-key")
        assert not key.get_attribute("open")
        key.locator("summary").click()
        right = data["sheets"][3]["entries"][0][0]
        assert f"y(1) {right}" in key.inner_text()
    assert not page.watch.complaints


def test_each_test_for_a_class_is_one_page_of_a4(browser, subtests):
    for test in quiz.TESTS:
        page = browser.new_page()
        page.set_content(paper.whole(paper.sheet(test)))
        pdf = page.pdf(prefer_css_page_size=True)
        page.close()
        with subtests.test(test):
            assert re.findall(rb"/Type\s*/Page\b", pdf) == [b"/Type /Page"]
            width, height = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()
            assert (round(float(width)), round(float(height))) == (595, 842)
