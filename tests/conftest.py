"""Settings for all tests."""

import signal

import pytest
from hypothesis import settings

# No deadlines, since machines are noisy; the same examples everywhere, so that a failure repeats.
settings.register_profile("book", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("book")

# What builds, reads and serves, and leaves the computing to what other modules test: it is not
# tested once more as on another processor.
STILL = {
    *("classes", "classroom", "experiments", "hub", "notebooks"),
    *("project", "records", "sweep", "theme", "ways"),
}


def pytest_collection_modifyitems(items):
    """Mark the tests of what no processor changes."""
    for item in items:
        if item.path.stem.removeprefix("test_") in STILL:
            item.add_marker("still")


@pytest.fixture
def interruptible():
    """Have SIGINT interrupt, also where a script runs the tests in the background, ignoring it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
