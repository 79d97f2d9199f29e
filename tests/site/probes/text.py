"""The words of a page, and whether they are there to be read."""

import re

# What is shut away in a drop-down or in a player's bar is not looked at.
_UNSEEN = """() => {
    const wrong = [];
    const parts = "h1, h2, h3, h4, p, li, td, th, pre, figcaption, summary, math, img, svg";
    const within = (e) => e.matches("summary") ? e.parentElement.parentElement : e;
    for (const element of document.querySelectorAll(`article :is(${parts})`)) {
        if (within(element).closest("details:not([open]), [hidden], noscript")) continue;
        if (!element.matches("img, svg") && !element.textContent.trim()) continue;
        const box = element.getBoundingClientRect();
        const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
        if (!seen || box.width < 1 || box.height < 1)
            wrong.push(`<${element.tagName}> ${element.textContent.trim().slice(0, 60)}`);
    }
    return wrong;
}"""
_PARAGRAPHS = """() => [...document.querySelectorAll("article p:not([aria-live])")].map((p) => {
    const copy = p.cloneNode(true);
    copy.querySelectorAll("math, code, a").forEach((e) => e.remove());
    return copy.textContent.trim();
})"""


def unseen(page):
    """Say which parts of the page's text, equations and figures do not show."""
    return page.evaluate(_UNSEEN)


def paragraphs(page):
    """Read the page's paragraphs, without their equations, code and links."""
    return page.evaluate(_PARAGRAPHS)


def longest_word(page, fits=bool):
    """Pick a word to search for: the longest of the page's paragraphs of those that fit."""
    words = re.findall(r"(?<![\w'’-])[a-z]+(?![\w'’-])", " ".join(paragraphs(page)))
    return max(filter(fits, words), key=len)
