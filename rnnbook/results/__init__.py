"""What the experiments found: a file each, made by `python -m experiments <name>`."""

import json
from importlib.resources import files


def kept(name):
    """Read the kept result of an experiment.

    Parameters
    ----------
    name : str
        That of its script in `experiments/`, whose docstring says what the rows hold.

    Returns
    -------
    dict
        `command`, `processor` and `versions`: how it was made; `settings`; `seeds`, how many; and
        the rows, one list for each part of the experiment.

    Raises
    ------
    ValueError
        Where there is none of this name; the message says which there are.

    Examples
    --------
    >>> kept("gated_stream")["settings"]["hidden"]
    16
    """
    names = sorted(f.name.removesuffix(".json") for f in files(__name__).iterdir()
                   if f.name.endswith(".json"))  # fmt: skip
    if name not in names:
        raise ValueError(f"name must be one of {', '.join(names)}; got {name!r}")
    return json.loads((files(__name__) / f"{name}.json").read_text(encoding="utf-8"))
