"""Accessibility by the rules of axe-core."""

from probes.book import AXE
from probes.watch import lay_out

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Most elements of a page are spans of code and equations, and most of axe's time goes into the
# contrast of each. Of those that look the same on the same ground, a few are enough.
# Who goes by keyboard has pressed Tab: then sections off the screen are asked what scrolls.
_RUN = """async ([tags, within, enough]) => {
    dispatchEvent(new KeyboardEvent("keydown", { key: "Tab" }));
    const grounds = new Map([[null, ""]]), seen = new Map();
    const ground = (element) => {
        if (!grounds.has(element)) {
            const s = getComputedStyle(element);
            const own = `${s.background} ${s.opacity} ${s.filter} ${s.mixBlendMode}`;
            const below = ground(element.parentElement);
            grounds.set(element, below.endsWith(own) ? below : `${below} > ${own}`);
        }
        return grounds.get(element);
    };
    const isAgain = (span) => {
        const s = getComputedStyle(span);
        const letter = span.textContent.trim().length < 2;  // of which axe is never sure
        const look = [letter, s.color, s.fontSize, s.fontWeight, s.textShadow, ground(span)].join();
        seen.set(look, (seen.get(look) ?? 0) + 1);
        return seen.get(look) > enough;
    };
    const isPlain = (span) => !span.childElementCount && span.checkVisibility()
        && [...span.attributes].every((a) => a.name === "class" || a.name === "style");
    const again = [...document.querySelectorAll("span")].filter(isPlain).filter(isAgain);
    for (const span of again) span.dataset.again = "";
    axe.configure({ rules: [{ id: "color-contrast", selector: ":not([data-again])" }] });
    const { violations } = await axe.run({ include: [[within]] },
        { runOnly: tags, resultTypes: ["violations"] });
    for (const span of again) delete span.dataset.again;
    return violations;
}"""


def violations(page, within="html", enough=5):
    """Say which elements of the page as it stands break which rule."""
    if not page.locator(within).count():
        return []
    lay_out(page)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_RUN, [TAGS, within, enough])
    return [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found
        for node in rule["nodes"]
    ]
