"""A student, as a browser is one: logs in, starts a server, runs the cells, saves."""

import asyncio
import json
import time
import uuid
from collections import defaultdict
from contextlib import contextmanager

import aiohttp
from yarl import URL

HELD_UP = (aiohttp.ClientError, ConnectionError, asyncio.TimeoutError)
BUSY = {424, 429, 502, 503, 504}  # a hub that is away, or has not found its servers again yet
PATIENCE = 180  # seconds until one gives up


class Refused(Exception):
    """An answer other than the one that was asked for; the argument is its number."""


class Times:
    """How long things took, by name; what a restart held up stands apart."""

    def __init__(self):
        self.taken, self.held_up = defaultdict(list), defaultdict(list)

    @contextmanager
    def of(self, what, student):
        """Take the time of a block."""
        begun, before = time.perf_counter(), student.interruptions
        yield
        kept = self.taken if student.interruptions == before else self.held_up
        kept[what].append(time.perf_counter() - begun)


class Student:
    """One of the class, with cookies of their own.

    Parameters
    ----------
    name, password : str
    url : str
        Of the hub.
    times : Times
        Where it is written how long things took.
    """

    Refused = Refused

    def __init__(self, name, password, url, times):
        self.name, self.password, self.url, self.times = name, password, url, times
        self.server = f"{url}/user/{name}"
        self.cookies = aiohttp.CookieJar(unsafe=True)  # unsafe: that of an address without a name
        self.http = aiohttp.ClientSession(
            cookie_jar=self.cookies, timeout=aiohttp.ClientTimeout(total=PATIENCE)
        )
        self.socket = self.kernel = None
        self.saved = self.sent = None  # what the server has said it kept; what was sent last
        self.interruptions = 0
        self.mark = f"of {name}, {uuid.uuid4().hex}"  # by which what is one's own is known

    async def close(self):
        """Go without a word, as browsers do."""
        await self.http.close()

    def _xsrf(self, url):
        cookies = self.cookies.filter_cookies(URL(url))
        return cookies["_xsrf"].value if "_xsrf" in cookies else ""

    async def ask(self, method, url, *, good=(200, 201, 204), **more):
        """Return the text of an answer; where hub or proxy are away, ask again until they are back.

        Raises
        ------
        Refused
            Where the answer is none of the good ones.
        """
        until = time.monotonic() + PATIENCE
        while True:
            headers = {"X-XSRFToken": self._xsrf(url)}
            try:
                async with self.http.request(method, url, headers=headers, **more) as answer:
                    if answer.status not in BUSY:
                        text = await answer.text()
                        if answer.status not in good:
                            raise Refused(answer.status, text[:300])
                        return text
            except HELD_UP:
                if time.monotonic() > until:
                    raise
            if time.monotonic() > until:
                raise Refused("busy")
            self.interruptions += 1
            await asyncio.sleep(0.5)

    async def log_in(self):
        """Log in with name and password."""
        with self.times.of("log in", self):
            page = f"{self.url}/hub/login"
            await self.ask("GET", page)
            form = {"username": self.name, "password": self.password, "_xsrf": self._xsrf(page)}
            await self.ask("POST", page, data=form, allow_redirects=False, good=[302])

    async def start_server(self):
        """Ask for the server, wait as its page does, and open JupyterLab."""
        with self.times.of("start the server", self):
            await self.ask("GET", f"{self.url}/hub/spawn")
            progress = f"{self.url}/hub/api/users/{self.name}/server/progress"
            said = await self.ask("GET", progress, params={"_xsrf": self._xsrf(progress)})
            if '"ready": true' not in said:
                raise Refused("no server", said[-300:])
            await self.ask("GET", f"{self.server}/lab")

    async def open_notebook(self, path):
        """Read a notebook, and start a kernel for it."""
        with self.times.of("open the notebook", self):
            notebook = json.loads(await self.ask("GET", f"{self.server}/api/contents/{path}"))
            wanted = {"path": path, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
            session = await self.ask("POST", f"{self.server}/api/sessions", json=wanted)
            self.kernel = json.loads(session)["kernel"]["id"]
            await self._connect()
        self.saved = self.sent = notebook["content"]
        return notebook["content"]

    async def _connect(self, within=PATIENCE):
        """Open the kernel's channels; the first answer tells that it has started."""
        self.session = uuid.uuid4().hex
        if self.socket:
            await self.socket.close()
        url = f"{self.server}/api/kernels/{self.kernel}/channels"
        given = {"session_id": self.session, "_xsrf": self._xsrf(url)}
        opening = self.http.ws_connect(url, params=given, max_msg_size=0)
        self.socket = await asyncio.wait_for(opening, within)

    async def _connect_again(self):
        until = time.monotonic() + PATIENCE
        while True:
            self.interruptions += 1
            await asyncio.sleep(0.5)
            try:
                # A proxy that does not know the server yet says nothing at all.
                return await self._connect(within=5)
            except HELD_UP:
                if time.monotonic() > until:
                    raise

    async def run(self, source, what="run a cell"):
        """Run a cell; return what it printed, and the error or None.

        Where the connection breaks, it is made again and the cell is run again, as one would.
        """
        with self.times.of(what, self):
            while True:
                try:
                    return await self._run(source)
                except HELD_UP:
                    await self._connect_again()

    async def _run(self, source):
        number = uuid.uuid4().hex
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        header = {"msg_id": number, "msg_type": "execute_request", "version": "5.3",
                  "session": self.session, "username": self.name}  # fmt: skip
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content,
                   "channel": "shell", "buffers": []}  # fmt: skip
        await self.socket.send_str(json.dumps(message))
        printed, error, open_ends = [], None, {"reply", "idle"}
        while open_ends:
            frame = await self.socket.receive(PATIENCE)
            if frame.type is not aiohttp.WSMsgType.TEXT:
                raise ConnectionError("the connection to the kernel is closed")
            said = json.loads(frame.data)
            kind, content = said["header"]["msg_type"], said["content"]
            if kind == "status" and content["execution_state"] in ("restarting", "dead"):
                return "".join(printed), "the kernel was ended"
            if said["parent_header"].get("msg_id") != number:
                continue
            if kind == "stream":
                printed.append(content["text"])
            elif kind == "execute_reply":
                open_ends.discard("reply")
                if content["status"] != "ok":
                    error = f"{content.get('ename')}: {content.get('evalue')}"
            elif kind == "status" and content["execution_state"] == "idle":
                open_ends.discard("idle")
        return "".join(printed), error

    async def save(self, path, notebook):
        """Save a notebook; from then on it is known what the server has promised to keep."""
        with self.times.of("save", self):
            self.sent = json.loads(json.dumps(notebook))
            model = {"type": "notebook", "format": "json", "content": notebook}
            await self.ask("PUT", f"{self.server}/api/contents/{path}", json=model)
            self.saved = self.sent

    async def interrupt(self):
        """Stop what the kernel is doing."""
        await self.ask("POST", f"{self.server}/api/kernels/{self.kernel}/interrupt")
