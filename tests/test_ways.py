"""The ways to run a chapter: what the menu names, what is asked each week, what Binder is told."""

import json
import runpy
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import nbformat
import pytest

from theme.address import PLACEHOLDER
from theme.ways import command
from theme.ways import ways as menu
from tools import ways
from tools.notebooks import ROOT

RUNTIME = "/_static/runtime"
NOTEBOOK = f"/github/o/n/blob/main/{ways.CHAPTER}.ipynb"


@pytest.fixture
def host():
    """Serve what is put into `answers`; note what was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = served.answers.get(self.path)
            served.asked.append((self.command, self.path, self.headers["Authorization"]))
            self.send_response(404 if found is None else 200)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write((found or "").encode())

        do_HEAD = do_POST = do_GET

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = SimpleNamespace(answers={}, asked=[])
        served.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield served
        server.shutdown()


def test_a_page_is_open_when_all_that_it_loads_is_there(host):
    files = {"sizes": {"pyodide.asm.wasm": [9, 3], "book.zip": [5, 5]}}
    host.answers = {f"/{ways.CHAPTER}.html": "", f"{RUNTIME}/files.json": json.dumps(files)}
    host.answers |= {f"{RUNTIME}/{name}": "" for name in files["sizes"]}
    ways.in_the_page(host.url)
    del host.answers[f"{RUNTIME}/book.zip"]
    with pytest.raises(ways.Shut, match=r"book\.zip: HTTP Error 404"):
        ways.in_the_page(host.url)


def test_colab_is_open_when_it_shows_the_notebook(host):
    with pytest.raises(ways.Shut, match="404"):
        ways.in_colab("o/n", "main", host.url)
    host.answers[NOTEBOOK] = "the notebook"
    ways.in_colab("o/n", "main", host.url)


def events(*said):
    return "".join(f":keep\n\ndata: {json.dumps(event)}\n\n" for event in said)


def test_binder_is_open_when_it_gives_a_server_which_is_given_back(host):
    ready = {"phase": "ready", "message": "here", "url": f"{host.url}/user/", "token": "abc"}
    host.answers = {
        "/build/gh/o/n/main": events({"phase": "building", "message": "…"}, ready),
        "/user/api/shutdown": "",
    }
    ways.in_binder("o/n", "main", host.url)
    assert host.asked[-1] == ("POST", "/user/api/shutdown", "token abc")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (events({"phase": "failed", "message": "no space\n"}), "no space"),
        (events({"phase": "waiting", "message": "in a queue"}), "in a queue"),
        ("data: <html>", "Expecting value"),
        (None, "404"),
    ],
)
def test_binder_is_shut_and_says_why(host, answer, said):
    host.answers = {"/build/gh/o/n/main": answer}
    with pytest.raises(ways.Shut, match=said):
        ways.in_binder("o/n", "main", host.url)


def test_jupyterlab_opens_at_home():
    assert b"JupyterLab" in ways.at_home()


def test_each_is_asked_and_one_that_is_shut_fails(host, monkeypatch, capsys):
    monkeypatch.setattr(ways, "at_home", lambda: None)
    assert ways.main() == 0
    monkeypatch.setenv("BOOK_URL", host.url)
    assert ways.main() == 1
    first, second = capsys.readouterr().out.split("in Binder: no address given\n")[:2]
    assert first == "in the page: no address given\nat home: open\nin Colab: no address given\n"
    assert second.startswith("in the page: SHUT: ")


def menu_of(body, url, *links):
    group = {"label": "launch-buttons", "buttons": [{"text": n, "url": n} for n in links]}
    context = {"body": body, "header_buttons": [{"label": "other"}, *([group] if links else [])]}
    app = SimpleNamespace(config=SimpleNamespace(html_theme_options={"repository_url": url}))
    menu(app, "page", "page.html", context, None)
    assert context["header_buttons"] == [{"label": "other"}]
    return context.get("ways")


def test_a_menu_names_what_always_works_and_then_what_has_an_address():
    cell, real = '<div class="cell docutils">', "https://github.com/owner/course"
    assert menu_of("<p>", real, "Binder", "Colab") is None
    found = menu_of(cell, real, "Binder", "Colab")
    assert found == {
        "command": command(real),
        "elsewhere": [("Colab", "Colab"), ("Binder", "Binder")],
    }
    found = menu_of(cell, f"{PLACEHOLDER}course")
    assert found == {"command": "make lab", "elsewhere": []}


def test_on_binder_every_notebook_says_how_to_keep_ones_work(tmp_path):
    """The image's notebooks alone; the words are written once, and all else stays."""
    source = ROOT / "book" / "training" / "bptt.ipynb"
    copy = tmp_path / "part" / "bptt.ipynb"
    copy.parent.mkdir()
    shutil.copyfile(source, copy)
    keep = runpy.run_path(str(ROOT / ".binder" / "keep.py"))["main"]
    keep(tmp_path)
    keep(tmp_path)
    before, after = (nbformat.read(path, as_version=4) for path in (source, copy))
    nbformat.validate(after)
    assert after.cells[1:] == before.cells
    assert "*File*, *Download*" in after.cells[0].source
    assert ".binder/keep.py book" in (ROOT / ".binder" / "postBuild").read_text()
