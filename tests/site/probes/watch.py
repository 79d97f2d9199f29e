"""What a page asks for, and what it complains of, from its first byte on."""

from urllib.parse import urlsplit


class Watch:
    """Listens to a page: `foreign` requests, and `complaints` of every kind."""

    def __init__(self, page):
        self.forget()
        page.on("request", lambda request: self._address(request.url))
        page.on("websocket", lambda socket: self._address(socket.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"throws {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def forget(self):
        """Begin anew, with another page."""
        self.foreign = []
        self.complaints = []

    def _address(self, url):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.foreign.append(url)

    def _console(self, message):
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _failed(self, request):
        # A download takes the navigation over, which the browser calls an abort.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure}: {request.url}")

    def _response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


def use(page):
    """Open and scroll through everything, so that what is loaded late is asked for too."""
    open_all(page)
    page.evaluate(
        """async () => {
            for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
                scrollTo(0, y);
                await new Promise(requestAnimationFrame);
            }
        }"""
    )
    page.wait_for_load_state("networkidle")


def lay_out(page):
    """Lay out those sections too that are not near the screen, and end what fades in."""
    page.evaluate(
        """async () => {
            if (!window.whole) {
                window.whole = new CSSStyleSheet();
                whole.replaceSync("* { content-visibility: visible !important }");
                document.adoptedStyleSheets.push(whole);
            }
            for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
            for (const animation of document.getAnimations()) animation.finish();
        }"""
    )


def open_all(page):
    """Open every drop-down of the page, and do not wait for it to fade in."""
    page.evaluate(
        """() => {
            for (const details of document.querySelectorAll("details")) details.open = true;
            for (const button of document.querySelectorAll(".toggle-hidden button.toggle-button"))
                button.click();
        }"""
    )
    lay_out(page)
