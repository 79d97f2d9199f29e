"""Weigh the book's pages beside those of a default Jupyter Book, in one interleaved run.

Run by `make bench-site`. Each page of the table of contents is opened by Lighthouse as on a phone,
three times in each build, the builds in turn, since a machine has its moods; the table holds the
medians. Nothing is judged: the budgets stand below the figures.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests" / "site"))
from probes import book  # noqa: E402  the pages and the server of the site tests
from probes.server import Server  # noqa: E402

ROUNDS = 3
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
COLUMNS = ["KB gzip", "requests", "lost", "HTML KB", "perf.", "access.", "practice", "SEO", "LCP s"]
BUDGETS = ["", "", "0", "", "97", "100", "100", "100", "1.6"]  # tests/site holds the KB
DIGITS = [0, 0, 0, 0, 0, 0, 0, 0, 1]


def build_default(folder):
    """Build the same pages with Jupyter Book's own looks: settings that say what, and none how."""
    ours = yaml.safe_load((book.ROOT / "_config.yml").read_text(encoding="utf-8"))
    said = "title author only_build_toc_files exclude_patterns bibtex_bibfiles execute repository"
    config = {key: ours[key] for key in [*said.split(), "launch_buttons"] if key in ours}
    config["sphinx"] = {"extra_extensions": ["sphinx_exercise"]}
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    shutil.copy(book.ROOT / "_toc.yml", folder)
    shutil.copytree(book.ROOT / "book", folder / "book")
    command = ["jupyter-book", "build", "--quiet", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "_build" / "html"


def measure(url, chromium):
    """Open a page in Lighthouse once; the figures are in the order of COLUMNS."""
    done = subprocess.run(
        [
            *("node", str(HERE / "node_modules" / "lighthouse" / "cli" / "index.js"), url),
            *("--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"),
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
            " --disable-background-networking",
        ],
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        sys.exit(f"Lighthouse failed at {url}:\n{done.stderr}")
    report = json.loads(done.stdout)
    audits = report["audits"]
    requests = audits["network-requests"]["details"]["items"]
    requests = [r for r in requests if urlsplit(r["url"]).scheme in ("http", "https")]
    answered = [r for r in requests if r.get("statusCode", -1) >= 200]
    return [
        sum(r["transferSize"] for r in answered) / 1024,
        len(answered),
        len(requests) - len(answered),
        next(r["transferSize"] for r in answered if r["resourceType"] == "Document") / 1024,
        *(100 * report["categories"][name]["score"] for name in CATEGORIES),
        audits["largest-contentful-paint"]["numericValue"] / 1000,
    ]


def main():
    """Build, measure, print."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not chromium:
        sys.exit("There is no Chromium to measure with (on Debian: apt install chromium).")
    if not all((book.HTML / page).exists() for page in book.CHAPTERS):
        sys.exit("The book is not built: run `make book`.")
    if not (HERE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    with tempfile.TemporaryDirectory() as folder:
        builds = {"this book": book.HTML, "default": build_default(Path(folder))}
        runs = {(page, name): [] for page in book.CHAPTERS for name in builds}
        for k in range(ROUNDS):
            for page, name in runs:
                print(f"round {k + 1} of {ROUNDS}: {page}, {name}", file=sys.stderr)
                with Server(builds[name]) as server:
                    runs[page, name].append(measure(server.url(page), chromium))
    print_table(
        {key: [median(column) for column in zip(*r, strict=True)] for key, r in runs.items()}
    )


def print_table(figures):
    """Print a line for each page and build, and the budgets."""

    def line(page, name, cells):
        print(f"{page:28} {name:10}" + "".join(f"{cell:>9}" for cell in cells))

    line("page", "build", COLUMNS)
    for (page, name), row in figures.items():
        line(page, name, [f"{x:.{d}f}" for x, d in zip(row, DIGITS, strict=True)])
    line("budget", "", BUDGETS)
    print(
        f"Lighthouse on a simulated phone, medians of {ROUNDS}; KB and LCP: at most, else at least."
        "\n'lost': requests that got no answer, so that the page is heavier than it says where the"
        "\nservers of others cannot be reached."
    )


if __name__ == "__main__":
    main()
