"""Accessibility: axe-core's rules, and the contrast of text in drawings, which axe leaves out."""

from probes.book import AXE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page):
    """Say which elements of the page as it stands break which rule."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async (tags) => (await axe.run(document, {
            runOnly: tags, resultTypes: ["violations"],
        })).violations""",
        TAGS,
    )
    return [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found
        for node in rule["nodes"]
    ]
