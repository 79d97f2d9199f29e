"""The state of the book: what is timed is there, and takes no longer than it may."""

import json
import re

from theme.status import KEPT
from tools import notebooks

FOUND = json.loads(KEPT.read_text("utf-8"))


def test_what_is_timed_is_a_notebook_and_takes_a_minute_at_most():
    names = [
        path.relative_to(notebooks.ROOT).with_suffix("").as_posix() for path in notebooks.chapters()
    ]
    assert FOUND["seconds"].keys() <= set(names)
    assert max(FOUND["seconds"].values()) <= 60


def test_how_it_was_timed_is_kept():
    assert FOUND["processor"]
    assert {"python", "numpy", "rnncore", "matplotlib"} <= FOUND["versions"].keys()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", FOUND["date"])
