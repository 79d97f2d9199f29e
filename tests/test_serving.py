"""What many readers cost: by hand, and with what is kept."""

import pytest

from rnnbook.results import kept
from rnnbook.serving import hub_cost, pages_cost

WEIGHED = {"reading": {"requests": 7, "bytes": 3e6}, "python": {"requests": 2, "bytes": 10e6}}
TRIAL = {
    "settings": {"students": 10},
    "use": [
        {"what": "student", "memory": 150, "seconds": 4},
        {"what": "hub and proxy", "memory": 500, "seconds": 20},
    ],
}


def test_pages_by_hand():
    assert pages_cost(100, WEIGHED, computing=0) == {"requests": 700, "sent": 0.3}
    assert pages_cost(100, WEIGHED) == pytest.approx({"requests": 900, "sent": 1.3})
    assert pages_cost(0, WEIGHED) == {"requests": 0, "sent": 0}


def test_hub_by_hand():
    # 4 s each, and 2 s of the hub for each: 6 s times 100 within 300 s.
    found = hub_cost(100, TRIAL, within=300)
    assert found == pytest.approx({"memory": 15.5, "processors": 2, "hours": 1 / 6})


def test_nonsense_is_refused_in_words():
    with pytest.raises(ValueError, match="readers must not be negative, got -1"):
        pages_cost(-1, WEIGHED)
    with pytest.raises(ValueError, match="readers must not be negative, got -1"):
        hub_cost(-1, TRIAL)
    with pytest.raises(ValueError, match="computing must be a part from 0 to 1, got 2"):
        pages_cost(1, WEIGHED, computing=2)
    with pytest.raises(ValueError, match="within must be a positive number of seconds, got 0"):
        hub_cost(1, TRIAL, within=0)


def test_a_thousand_readers_cost_a_host_bytes_and_a_hub_machines():
    pages, hub = pages_cost(1000, kept("site_weight")), hub_cost(1000, kept("hub_trial"))
    assert 1 < pages["sent"] < 100
    assert hub["memory"] > 20 and hub["processors"] > 2
