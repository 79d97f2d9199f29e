"""Accessibility by the rules of axe-core."""

from probes.book import AXE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page, within="html"):
    """Say which elements of the page as it stands break which rule."""
    if not page.locator(within).count():
        return []
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async ([tags, within]) => (await axe.run({ include: [[within]] }, {
            runOnly: tags, resultTypes: ["violations"],
        })).violations""",
        [TAGS, within],
    )
    return [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found
        for node in rule["nodes"]
    ]
