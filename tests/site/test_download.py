"""The notebook behind a chapter can be saved."""

import json
from pathlib import Path

import pytest
from probes import book

NOTEBOOKS = [page for page in book.CHAPTERS if book.source(page).suffix == ".ipynb"]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_saves_the_notebook(visit, notebook):
    page = visit(notebook)
    page.locator('summary[aria-label="Download this page"]').click()
    with page.expect_download() as download:
        page.locator('.header-menu a[download][href$=".ipynb"]').click()
    assert download.value.suggested_filename == Path(notebook).with_suffix(".ipynb").name
    saved = Path(download.value.path()).read_bytes()
    assert json.loads(saved)["nbformat"] == 4
    assert saved == book.source(notebook).read_bytes()
