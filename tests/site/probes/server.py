"""A small web server on loopback that answers as GitHub Pages does: compressed, and cacheable."""

import gzip
import mimetypes
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ipynb", ".ttf"}


class Answer(NamedTuple):
    """One request as it was answered: the path, the status and the size of the body sent."""

    path: str
    status: int
    size: int


class Server(ThreadingHTTPServer):
    """Serves a folder in a thread while a `with` block runs; `answers` is its log."""

    daemon_threads = True

    def __init__(self, folder, age=600):
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
        self.answers = []
        self.age = age  # seconds for which a browser need not ask again

    def url(self, page=""):
        """Give the address of a page."""
        return f"http://127.0.0.1:{self.server_port}/{page}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Keep quiet about a browser that went away in the middle of an answer."""


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        file = Path(self.translate_path(self.path))
        if file.is_dir():
            file /= "index.html"
        found = file.is_file()
        body = file.read_bytes() if found else b"not found"
        packed = found and file.suffix in COMPRESSED
        if packed:
            body = gzip.compress(body, 6)
        status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
        self.server.answers.append(Answer(self.path, status, len(body)))
        self.send_response(status)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.send_header("Content-Type", kind + "; charset=utf-8" * kind.startswith("text/"))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", f"max-age={self.server.age}")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass
