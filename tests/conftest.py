"""Settings for all tests."""

from hypothesis import settings

# No deadlines, since machines are noisy; the same examples everywhere, so that a failure repeats.
settings.register_profile("book", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("book")
