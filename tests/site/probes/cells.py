"""The code cells of a page, as its reader runs and changes them."""

from playwright.sync_api import expect

FIRST = 120_000  # milliseconds until Python is there, on a machine with other work
SHOWN = """cell => {
    cell.scrollIntoView();
    for (const folded of cell.querySelectorAll("details")) folded.open = true;
}"""


class Cell:
    """The cell with the given number on an open page, counted from 0."""

    def __init__(self, page, number):
        self.page, self.number = page, number + 1
        self.root = page.locator(".bd-article .cell:has(.cell_input pre)").nth(number)
        self.button = self.root.locator(".run-bar .run")
        self.note = self.root.locator(".run-bar:has(> .run) > span")
        self.editor = self.root.locator("textarea")
        self.undo = self.root.get_by_role("button", name="Undo changes")

    @property
    def output(self):
        """What stands below the cell, without the spaces at line ends."""
        self.root.evaluate(SHOWN)  # what is off a phone's screen has no text yet
        self.page.wait_for_timeout(50)
        parts = self.root.locator(".cell_output").all_inner_texts()
        return [line.rstrip() for line in "\n".join(parts).strip().splitlines()]

    def press(self):
        """Press Run, Check or Stop."""
        self.button.click()

    def run(self):
        """Press Run, and wait until it is done."""
        self.press()
        expect(self.button).not_to_have_text("Stop", timeout=FIRST)
        return self

    def type(self, code):
        """Put other code into the cell."""
        if not self.editor.count():
            self.root.get_by_role("button", name="Edit").click()
        self.editor.fill(code)
        return self


def cells(page):
    """Return all cells of an open page, with everything that hides one opened."""
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    count = page.locator(".bd-article .cell:has(.cell_input pre)").count()
    return [Cell(page, number) for number in range(count)]
