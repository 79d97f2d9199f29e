"""The code cells of a page, as its reader runs and changes them."""

FIRST = 120_000  # milliseconds until Python is there, on a machine with other work
# What is off a phone's screen has no text before it is laid out.
OUTPUT = """async (cell) => {
    cell.scrollIntoView();
    for (const folded of cell.querySelectorAll("details")) folded.open = true;
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    return [...cell.querySelectorAll(".cell_output")].map((part) => part.innerText).join("\\n");
}"""
DONE = """(button, patience) => new Promise((done, failed) => {
    setTimeout(() => failed(new Error("it runs on and on")), patience);
    const look = () => (button.textContent === "Stop" ? requestAnimationFrame(look) : done());
    look();
})"""


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
        return [line.rstrip() for line in self.root.evaluate(OUTPUT).strip().splitlines()]

    def press(self):
        """Press Run, Check or Stop."""
        self.button.click()

    def run(self):
        """Press Run, and wait until it is done."""
        self.press()
        self.button.evaluate(DONE, FIRST)
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
