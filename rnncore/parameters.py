"""Parameters: arrays under fixed names, kept in a file, read back, put into a copy of a layer."""

import copy
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rnncore.arrays import array, finite, said, shaped


class Parameters(dict):
    """The arrays of a layer by their names, which are fixed, as are the shapes.

    To set one copies numbers into the array that is there: so the layer, an optimizer and a stack
    that hold it all see them.  What another function returns, such as `a | b`, is a plain dict.

    Examples
    --------
    >>> params = Parameters(b=np.zeros(2))
    >>> b = params["b"]
    >>> params["b"] = [1.0, 2.0]
    >>> b
    array([1., 2.])
    """

    def __setitem__(self, name, value):
        self.update({name: value})

    def update(self, values=(), /, **more):
        """Copy numbers into several arrays: into all of them, or, where one does not fit, none."""
        if not isinstance(values, Mapping | tuple):
            raise TypeError(f"params must be a dict of arrays, got {said(values)}")
        values = dict(values, **more)
        unknown = [name for name in values if name not in self]
        if unknown:
            raise ValueError(f"params must be among {', '.join(self)}; got {said(unknown[0])}")
        checked = {
            name: shaped(value, self[name].shape, name, self[name].dtype)
            for name, value in values.items()
        }
        for name, value in checked.items():
            if value is not self[name]:
                self[name][...] = value

    def __ior__(self, values):
        self.update(values)
        return self

    def _refuse(self, *arguments):
        raise TypeError(f"the names of the parameters are fixed: {', '.join(self)}")

    __delitem__ = pop = popitem = clear = setdefault = _refuse

    def __reduce__(self):
        return type(self), (dict(self),)


def save(path, layer):
    """Write the parameters of a layer to a file of NumPy's .npz format.

    A file that is there already is replaced only when the new one is complete.

    Parameters
    ----------
    path : str or path
        Where it is a link, the file that it leads to is replaced.
    layer : any layer
        Has `params`, a dict of arrays.

    Raises
    ------
    ValueError
        Where a parameter is NaN or infinite, which `load` would refuse; nothing is written.

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
    path = Path(os.path.realpath(_path(path)))
    params = {name: finite(value, name, value.dtype) for name, value in params_of(layer).items()}
    draft = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            draft = file.name
            np.savez(file, **params)
        os.chmod(draft, _mode(path))
        os.replace(draft, path)
    except BaseException:
        if draft and os.path.exists(draft):
            os.unlink(draft)
        raise


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
    OSError
        Where the file cannot be read.
    """
    path, params = _path(path), params_of(layer)
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
    except (zipfile.BadZipFile, EOFError, AttributeError, TypeError, ValueError, KeyError):
        raise ValueError(
            f"{path} must be an .npz file of parameters, as `save` writes it"
        ) from None
    wanted = {name: value.shape for name, value in params.items()}
    shapes = {name: value.shape for name, value in found.items()}
    if shapes != wanted:
        raise ValueError(f"{path} must hold {_listed(wanted)}, got {_listed(shapes)}")
    found = {
        name: finite(value, f"{name} in {path}", params[name].dtype)
        for name, value in found.items()
    }
    for name, value in params.items():
        value[...] = found[name]


def replaced(layer, params):
    """Return a copy of a layer with other parameters; the layer itself stays as it is.

    Parameters
    ----------
    layer : any layer
    params : dict
        The names and shapes of `layer.params`; the arrays may be of another type, for instance
        complex.
    """
    own, params = params_of(layer), named(params, params_of(layer))
    params = {name: array(params[name], name) for name in own}
    for name, value in own.items():
        if params[name].shape != value.shape:
            raise ValueError(f"{name} must have shape {value.shape}, got {params[name].shape}")
    other = copy.copy(layer)
    other.hold(params)
    return other


def named(values, wanted, argument="params"):
    """Return a dict that has just the names of another, or raise an error that says both.

    >>> named({"b": 1}, {"b": 0})
    {'b': 1}
    """
    if not isinstance(values, Mapping):
        raise TypeError(f"{argument} must be a dict of {', '.join(wanted)}; got {said(values)}")
    if values.keys() != wanted.keys():
        got = ", ".join(map(str, values)) or "none"
        raise ValueError(f"{argument} must be of {', '.join(wanted)}; got {got}")
    return values


def params_of(layer):
    """Return the parameters of a layer, or raise a TypeError that says what a layer is.

    >>> params_of(3)
    Traceback (most recent call last):
        ...
    TypeError: layer must have params, a dict of arrays; got 3
    """
    params = getattr(layer, "params", None)
    if not isinstance(params, Mapping):
        raise TypeError(f"layer must have params, a dict of arrays; got {said(layer)}")
    return params


def _path(path):
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path must be a path, got {said(path)}")
    return path


def _mode(path):
    """Return the permissions of a file: those it has, or those that a new one would get."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask | 0o600  # in a page the umask is 0o777


def _listed(shapes):
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items()) or "nothing"
