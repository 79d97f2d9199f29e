"""No rule of WCAG 2.2 AA or of good practice is broken, whatever the colours and the width."""

import pytest
from probes.axe import violations
from probes.watch import open_all


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, path, scheme, width):
    page = visit(path, scheme=scheme, width=width)
    assert not violations(page)
    open_all(page)
    assert not violations(page, within="details"), "with every drop-down open"
