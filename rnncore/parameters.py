"""Parameters on their own: kept in a file, read back, put into a copy of a layer."""

import copy
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from rnncore.arrays import finite


def save(path, layer):
    """Write the parameters of a layer to a file of NumPy's .npz format.

    A file that is there already is replaced only when the new one is complete.

    Parameters
    ----------
    path : str or path
    layer : any layer
        Has `params`, a dict of arrays.

    Examples
    --------
    >>> from types import SimpleNamespace as Layer
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(folder + "/net.npz", Layer(params={"b": np.array([1.0, 2.0])}))
    ...     net = Layer(params={"b": np.zeros(2)})
    ...     load(folder + "/net.npz", net)
    >>> net.params["b"]
    array([1., 2.])
    """
    path = Path(path)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as draft:
        try:
            np.savez(draft, **layer.params)
        except BaseException:
            draft.close()
            os.unlink(draft.name)
            raise
    os.replace(draft.name, path)


def load(path, layer):
    """Read parameters from a file into the arrays of a layer, all of them or none.

    Parameters
    ----------
    path : str or path
        A file that `save` has written; nothing in it is ever executed (no pickle).
    layer : any layer
        Its arrays take the numbers in place, and keep their own type.

    Raises
    ------
    ValueError
        Where the file is of another kind, or its names or shapes are not those of the layer;
        the message names both, and the layer stays as it was.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: finite(file[name], f"{name} in {path}") for name in file.files}
    except (zipfile.BadZipFile, EOFError, AttributeError, TypeError) as error:
        raise ValueError(f"{path} must be an .npz file of parameters: {error}") from None
    wanted = {name: value.shape for name, value in layer.params.items()}
    shapes = {name: value.shape for name, value in found.items()}
    if shapes != wanted:
        raise ValueError(f"{path} must hold {_listed(wanted)}, got {_listed(shapes)}")
    for name, value in layer.params.items():
        value[...] = found[name]


def replaced(layer, params):
    """Return a copy of a layer with other parameters; the layer itself stays as it is.

    Parameters
    ----------
    layer : any layer
    params : dict
        The names of `layer.params`; the arrays may be of another type, for instance complex.
    """
    if params.keys() != layer.params.keys():
        raise ValueError(f"params must be {', '.join(layer.params)}, got {', '.join(params)}")
    other = copy.copy(layer)
    other.params = {name: params[name] for name in layer.params}
    return other


def _listed(shapes):
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items()) or "nothing"
