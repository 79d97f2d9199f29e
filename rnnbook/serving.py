"""What many readers cost: pages that compute in the browser, or a hub that computes for all.

Both are simulations: what was measured of one reader, times the readers.
"""

GB = 1e9


def pages_cost(readers, weighed, *, computing=1.0):
    """Tell what a host of the pages sends, when each reader reads the whole book once.

    Parameters
    ----------
    readers : int
    weighed : dict
        `kept("site_weight")`: what one reader's browser asked for.
    computing : float
        The part of the readers who run code in the pages; from 0 to 1.

    Returns
    -------
    dict
        `requests`, and `sent` in GB. Memory and processors of the host are not asked for.

    Raises
    ------
    ValueError
        Where readers is negative, or computing is no part.

    Examples
    --------
    >>> part = {"requests": 100, "bytes": 1_000_000}
    >>> pages_cost(1000, {"reading": part, "python": part}, computing=0.5)
    {'requests': 150000.0, 'sent': 1.5}
    """
    _check(readers)
    if not 0 <= computing <= 1:
        raise ValueError(f"computing must be a part from 0 to 1, got {computing}")
    reading, python = weighed["reading"], weighed["python"]
    return {
        "requests": readers * (reading["requests"] + computing * python["requests"]),
        "sent": readers * (reading["bytes"] + computing * python["bytes"]) / GB,
    }


def hub_cost(readers, trial, *, within=600):
    """Tell what a hub needs, when all readers are in one lesson at once.

    Parameters
    ----------
    readers : int
    trial : dict
        `kept("hub_trial")`: what a student took there.
    within : float
        Seconds within which all of them start and run one chapter.

    Returns
    -------
    dict
        `memory` in GB, `processors`, and `hours` of a processor for the one chapter.

    Raises
    ------
    ValueError
        Where readers is negative, or within is not positive.

    Examples
    --------
    >>> use = [{"what": "student", "memory": 200, "seconds": 6},
    ...        {"what": "hub and proxy", "memory": 200, "seconds": 3}]
    >>> trial = {"use": use, "settings": {"students": 30}}
    >>> hub_cost(1000, trial, within=610)
    {'memory': 200.2, 'processors': 10.0, 'hours': 1.6944444444444444}
    """
    _check(readers)
    if not within > 0:
        raise ValueError(f"within must be a positive number of seconds, got {within}")
    use = {row["what"]: row for row in trial["use"]}
    hub = use["hub and proxy"]
    seconds = use["student"]["seconds"] + hub["seconds"] / trial["settings"]["students"]
    return {
        "memory": (readers * use["student"]["memory"] + hub["memory"]) * 1e6 / GB,
        "processors": readers * seconds / within,
        "hours": readers * seconds / 3600,
    }


def _check(readers):
    if readers < 0:
        raise ValueError(f"readers must not be negative, got {readers}")
