"""Tries to get in where one should not: as a student with a password, and as nobody.

Each try gives a row: `where` it was made, what was `tried`, what one `got`, and whether that is a
refusal.  What the other keeps bears a mark; an answer in which the mark stands is no refusal.
"""

import asyncio
import http.client
from urllib.parse import urljoin, urlsplit

from yarl import URL

# From a cell.  Each line gets in, or raises.
LINES = {
    "list the other's home": "os.listdir('{home}')",
    "read the other's notebook": "open('{home}/rnn/{path}').read()",
    "write to the other's notebook": "open('{home}/rnn/{path}', 'a')",
    "read what the other's server was started with": "open('/proc/{pid}/environ').read()",
    "read the memory of the other's server": "open('/proc/{pid}/mem', 'rb').read(1)",
    "send a signal to the other's server": "os.kill({pid}, 0)",
    "read what the hub signs cookies with": "open('{state}/cookie_secret').read()",
    "read the hub's database": "open('{state}/jupyterhub.sqlite', 'rb').read()",
    "read the passwords of the system": "open('/etc/shadow').read()",
    "change the notebooks of the class": "open('{notebooks}/new', 'w')",
    "ask the other's server at its own port": "urlopen('{server}api/contents')",
    "the same, with one's own token": "urlopen(Request('{server}api/contents', {own}))",
    "ask the hub who there is, with one's own token": "urlopen(Request('{api}/users', {own}))",
    "have the hub end the other's server":
        "urlopen(Request('{api}/users/{other}/server', method='DELETE', {own}))",
    "ask the proxy where it leads": "urlopen('{proxy}/api/routes')",
    "raise one's own limits": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "become root": "os.setuid(0)",
}  # fmt: skip
OWN = "headers={'Authorization': 'token ' + os.environ['JUPYTERHUB_API_TOKEN']}"
CELL = """
import os, resource
from urllib.request import Request, urlopen
try:
    {line}
    print("got in")
except Exception as error:
    print(type(error).__name__, getattr(error, "code", ""))
"""

# With one's own cookies.  `own` and `other` are the two names, `path` is the other's notebook.
ADDRESSES = {
    "the other's notebook": "user/{other}/api/contents/{path}",
    "its download": "user/{other}/files/{path}",
    "the other's JupyterLab": "user/{other}/lab",
    "the other's terminals": "user/{other}/api/terminals",
    "two dots": "user/{own}/../{other}/api/contents/{path}",
    "encoded dots": "user/{own}/%2e%2e/{other}/api/contents/{path}",
    "dots encoded twice": "user/{own}/%252e%252e/{other}/api/contents/{path}",
    "two slashes": "/user//{other}/api/contents/{path}",
    "an encoded slash": "user%2f{other}/api/contents/{path}",
    "two dots in the path of a file": "user/{own}/api/contents/../../{other}/rnn/{path}",
    "encoded dots there": "user/{own}/api/contents/%2e%2e/%2e%2e/{other}/rnn/{path}",
    "encoded slashes too": "user/{own}/api/contents/..%2f..%2f{other}%2frnn%2f{path}",
    "encoded twice": "user/{own}/api/contents/%252e%252e%252f%252e%252e%252f{other}/rnn/{path}",
    "an absolute path": "user/{own}/api/contents//home/{other}/rnn/{path}",
    "two dots in a download": "user/{own}/files/..%2f..%2f{other}%2frnn%2f{path}",
    "the hub's word on the other": "hub/api/users/{other}",
    "the list of users": "hub/api/users",
    "the page of who runs the hub": "hub/admin",
}


def ask(url, cookies=""):
    """Ask once, the address as it is written; return number, where it leads, and text."""
    where = urlsplit(url)
    line = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
    line.request("GET", url.partition(where.netloc)[2], headers={"Cookie": cookies})
    answer = line.getresponse()
    text = answer.read().decode(errors="replace")
    line.close()
    return answer.status, answer.getheader("Location") or "", text


def cookies_of(student, url):
    """Return the cookies that a student's browser sends there, as it sends them."""
    kept = student.cookies.filter_cookies(URL(url)).values()
    return "; ".join(f"{one.key}={one.value}" for one in kept)


def _follow(student, url, cookies=None):
    """Ask and go where the answer leads, at most five times; return what one got, and its text."""
    for _ in range(5):
        sent = cookies_of(student, url) if cookies is None else cookies
        status, place, text = ask(url, sent)
        if not 300 <= status < 400:
            break
        url = urljoin(url, place)
        if "/hub/login" in url:
            return "led to the login", text
    return status, text


def _row(where, tried, got, inside):
    return {"where": where, "tried": tried, "got": got, "refused": not inside}


async def from_a_cell(student, facts):
    """Try the lines from a student's kernel; `facts` are what they speak of."""
    rows = []
    for tried, line in LINES.items():
        cell = CELL.format(line=line.format(**facts, own=OWN))
        printed, error = await student.run(cell, "try to get in")
        got = error or printed.strip()
        rows.append(_row("cell", tried, got, error or got.startswith("got in")))
    return rows


async def by_address(student, names, mark):
    """Try the addresses with a student's cookies, and one with none."""
    rows = []
    for tried, address in ADDRESSES.items():
        url = f"{student.url}/{address.format(**names)}"
        got, text = await asyncio.to_thread(_follow, student, url)
        inside = mark in text or (isinstance(got, int) and got < 300)
        rows.append(_row("address", tried, got, inside))
    url = f"{student.url}/user/{names['other']}/api/contents/{names['path']}"
    got, _, text = await asyncio.to_thread(ask, url)
    return [*rows, _row("address", "no cookie at all", got, mark in text or got < 300)]


async def by_password(student, other):
    """Try to log in with what is no password, and as one who is not of the class."""
    tries = {
        "a wrong password": (student.name, f"{student.password}x"),
        "no password": (student.name, ""),
        "one's own password and the other's name": (other.name, student.password),
        "a name that nobody has": ("nobody-of-this-name", student.password),
        "a user of the system who is not of the class": ("root", ""),
    }

    async def log_in(tried, name, password):
        guest = type(student)(name, password, student.url, student.times)
        try:
            await guest.log_in()
            got = "logged in"
        except guest.Refused as refused:
            got = refused.args[0]
        home, _ = await asyncio.to_thread(_follow, guest, f"{student.url}/hub/home")
        await guest.close()
        return _row("password", tried, got, got == "logged in" or home != "led to the login")

    # At once, since the system lets one wait after each wrong password.
    return await asyncio.gather(*(log_in(tried, *given) for tried, given in tries.items()))


def cookies_now(student):
    """Return a student's cookies, for the hub and for the server."""
    return {
        "hub": cookies_of(student, f"{student.url}/hub/home"),
        "server": cookies_of(student, f"{student.server}/api/contents"),
    }


async def by_old_cookies(student, cookies, tried):
    """Come with cookies that should no longer be good."""
    rows = []
    for what, url in {"hub": "/hub/home", "server": f"/user/{student.name}/api/contents"}.items():
        url = student.url + url
        got, _ = await asyncio.to_thread(_follow, student, url, cookies[what])
        inside = isinstance(got, int) and got < 300
        rows.append(_row("cookie", f"{tried}, at the {what}", got, inside))
    return rows
