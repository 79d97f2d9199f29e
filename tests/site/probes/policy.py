"""The Content-Security-Policy of a page, and what in the page would need a laxer one."""

from html.parser import HTMLParser

DATA_TYPES = ("application/json", "application/ld+json", "text/plain")


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.policy = None
        self.wrong = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        line = self.getpos()[0]
        if tag == "meta" and attributes.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = attributes["content"]
        elif tag in ("script", "link", "style") and self.policy is None:
            self.wrong.append(f"line {line}: <{tag}> before the policy, so not bound by it")
        if tag == "script" and "src" not in attributes and attributes.get("type") not in DATA_TYPES:
            self.wrong.append(f"line {line}: a script in the page")
        for name, value in attrs:
            if name.startswith("on") or (value or "").lower().lstrip().startswith("javascript:"):
                self.wrong.append(f"line {line}: script in {name}={value!r}")


def breaches(html):
    """Say where a page falls short of a strict policy."""
    reader = _Reader()
    reader.feed(html)
    if reader.policy is None:
        return ["no Content-Security-Policy"]
    directives = {}
    for directive in reader.policy.split(";"):
        name, *sources = directive.split() or [""]
        directives.setdefault(name, sources)
    wrong = list(reader.wrong)
    for name in ("default-src", "script-src"):
        if directives.get(name) != ["'self'"]:
            wrong.append(f"{name} is {directives.get(name)}, not 'self' alone")
    for name, sources in directives.items():
        wrong += [f"{name} allows {s}" for s in sources if s == "*" or "//" in s or ":" in s[:-1]]
        # An inline style runs nothing; everything else inline, and any eval, does.
        lax = {"'unsafe-eval'", "'wasm-unsafe-eval'", "'unsafe-hashes'"}
        lax |= set() if name.startswith("style-src") else {"'unsafe-inline'"}
        wrong += [f"{name} allows {s}" for s in sources if s in lax]
    for name in ("object-src", "base-uri"):
        if directives.get(name) not in (["'none'"], ["'self'"]):
            wrong.append(f"{name} is {directives.get(name)}, neither 'none' nor 'self'")
    return wrong
