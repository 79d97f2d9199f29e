"""Each page in light and dark, on a desk and on phones, is opened once and asked everything."""

import pytest
from probes.axe import violations
from probes.names import nameless
from probes.watch import lay_out, open_all, use
from probes.width import too_wide

LOOKS = [  # colours and widths do not meddle
    ("dark", 390),
    pytest.param("light", 1280, marks=pytest.mark.elsewhere),
    pytest.param("light", 320, marks=pytest.mark.elsewhere),
]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_looks(visit, subtests, path, scheme, width):
    page = visit(path, scheme=scheme, width=width)
    lay_out(page)
    with subtests.test("names of pictures"):
        assert not nameless(page)
    with subtests.test("what is cut off or too wide"):
        assert not too_wide(page)
    (open_all if width > 320 else use)(page)
    with subtests.test("what is cut off or too wide with every drop-down open"):
        assert not too_wide(page)
    if width > 320:  # the rules take most of the time, and then the way through all of the page
        with subtests.test("accessibility"):
            assert not violations(page)
    with subtests.test("requests and errors"):
        assert not page.watch.foreign + page.watch.complaints
