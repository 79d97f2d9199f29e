"""Make a green run of the cells mean that every output was compared.

    python -m pytest -p tools.cells --nbval ...

After a cell that takes too long, nbval expects all others of its notebook to fail,
and lets them.
"""

import pytest

from tools.notebooks import isolate


def pytest_configure(config):
    """Let no failure pass as an expected one, and kernels be as those of `make notebooks`."""
    config.option.runxfail = True
    isolate()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Fail the cell that took too long, even if it survived the interrupt, and all after it."""
    result = yield
    if item.parent.timed_out:
        limit = item.config.option.nbval_cell_timeout
        pytest.fail(f"this cell, or one before it, takes longer than {limit:g} s", pytrace=False)
    return result
