"""Show the built book at a port of this machine, compressed, as a host of pages does.

python -m tools.serve 8000
"""

import gzip
import sys
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HTML = Path(__file__).parents[1] / "_build" / "html"
PACKED = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".txt", ".ipynb", ".wasm"}


@lru_cache(maxsize=200)
def packed(path, changed):
    """Compress a file; `changed` is when it was written, so that a new one is read."""
    return gzip.compress(Path(path).read_bytes(), 6)


class Handler(SimpleHTTPRequestHandler):
    """Answers with types that browsers run, and compressed where that helps."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm",
        ".json": "application/json", ".whl": "application/octet-stream",
    }  # fmt: skip

    def do_GET(self):
        """Send a file, or what SimpleHTTPRequestHandler sends in its place."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        asked = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (asked and path.is_file() and path.suffix in PACKED):
            return super().do_GET()
        body = packed(str(path), path.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(port):
    """Serve until Ctrl+C."""
    handler = partial(Handler, directory=str(HTML))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"The book is at http://127.0.0.1:{server.server_port}/ until Ctrl+C.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8000)
