"""A page in Firefox, with as much of Playwright's ways as the probes use.

Playwright cannot drive the Firefox of a distribution; puppeteer can, and speaks JavaScript only.
"""

import json
import subprocess
import time
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".mjs")


class Firefox:
    """Firefox with one page, while a `with` block runs."""

    def __init__(self, executable):
        self.process = subprocess.Popen(
            ["node", SCRIPT, executable], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline() == "ready\n", "Firefox does not start"
        self.keyboard = self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.communicate()  # which ends its input, and with it the browser

    def _ask(self, *command):
        print(json.dumps(command), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def goto(self, url, *, width=1280):
        """Open a page in place of the one before."""
        self._ask("open", url, width)

    @property
    def foreign(self):
        """What the page has asked of other hosts."""
        return self._ask("heard")["foreign"]

    @property
    def complaints(self):
        """What has failed on the page, and its errors."""
        return self._ask("heard")["complaints"]

    def evaluate(self, code):
        """Give the value of an expression, or of a function without arguments."""
        return self._ask("evaluate", f"({code})()" if code.startswith("()") else code)

    def press(self, key):
        """Press a key, with the focus where it is."""
        self._ask("press", key)

    def type(self, text):
        """Type some text."""
        self._ask("type", text)

    def click(self, expression):
        """Click on an element."""
        self._ask("click", expression)

    def wait_for(self, selector):
        """Wait for an element to come."""
        self._ask("waitFor", selector)

    def wait_for_timeout(self, milliseconds):
        """Wait."""
        time.sleep(milliseconds / 1000)

    def locator(self, selector):
        """Find parts of the page."""
        return Part(self, "[document]").locator(selector)


class Part:
    """Elements of the page, as the expression that lists them; all but `count` is of the first."""

    def __init__(self, page, listed):
        self.page, self.listed = page, listed

    def locator(self, selector):
        """Find what is within."""
        selected = f"[...e.querySelectorAll({json.dumps(selector)})]"
        return Part(self.page, f"{self.listed}.flatMap(e => {selected})")

    def get_by_role(self, role, *, name, exact=False):
        """Find a button by its name."""
        pattern = getattr(name, "pattern", f"^{name}$")
        matches = f"/{pattern}/.test((e.ariaLabel || e.textContent).trim())"
        return Part(self.page, f"{self.locator(role).listed}.filter(e => {matches})")

    def nth(self, number):
        """Take one of them."""
        return Part(self.page, f"[{self.listed}[{number}]]")

    def count(self):
        """Count them."""
        return self.page.evaluate(f"{self.listed}.length")

    def evaluate(self, function):
        """Give the value of a function of the element."""
        return self.page.evaluate(f"[{self.listed}[0]].map({function})[0]")

    def focus(self):
        """Give the element the focus."""
        self.evaluate("e => e.focus()")

    def press(self, key):
        """Press a key in the element."""
        self.focus()
        self.page.press(key)

    def click(self):
        """Click on the element."""
        self.page.click(f"{self.listed}[0]")

    def inner_text(self):
        """Read what is to be seen."""
        return self.evaluate("e => e.innerText")

    def select_option(self, value):
        """Choose as a reader does."""
        choose = f"e.value = {json.dumps(value)}; e.dispatchEvent(new Event('change'))"
        self.evaluate(f"e => {{ {choose} }}")
