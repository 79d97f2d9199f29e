"""Parameters: set by name, kept in files, read back, put into copies."""

import os

import numpy as np
import pytest
from kinds import MAKE, close, made

from rnncore.deep import Stack
from rnncore.gated import GRU
from rnncore.parameters import load, replaced, save
from rnncore.vanilla import ReadOut, VanillaRNN


def net(hidden=4, seed=0, outputs=1, **rest):
    rng = np.random.default_rng(seed)
    return Stack(VanillaRNN(1, hidden, rng=rng, **rest), ReadOut(hidden, outputs, rng=rng))


@pytest.mark.parametrize("name", MAKE)
def test_parameters_come_back_from_a_file(name, tmp_path):
    layer, x, *_ = made(name, (3, 2, 2, 3))
    other = made(name, (3, 2, 2, 3), seed=5)[0]
    save(tmp_path / "net.npz", layer)
    load(tmp_path / "net.npz", other)
    close(other.params, layer.params, 0)
    close(other.forward(x)[0], layer.forward(x)[0], 0)
    assert [path.name for path in tmp_path.iterdir()] == ["net.npz"]


def pickled(path):
    np.savez(path, U=np.array([{}], dtype=object))


def text(path):
    path.write_text("U W b")


def spoiled_number(path):
    layer = VanillaRNN(2, 3, rng=np.random.default_rng(0))
    layer.params["U"][0, 0] = np.nan
    np.savez(path, **layer.params)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: save(path, VanillaRNN(2, 4, rng=np.random.default_rng(0))),
         r"must hold U \(3, 2\), W \(3, 3\), b \(3,\), got U \(4, 2\), W \(4, 4\), b \(4,\)"),
        (lambda path: save(path, GRU(2, 3, rng=np.random.default_rng(0))), r"must hold .* d \(3,"),
        (lambda path: np.save(path.open("wb"), np.zeros(3)), "must be an .npz file of parameters"),
        (text, "must be an .npz file of parameters"),
        (pickled, "must be an .npz file of parameters"),
        (spoiled_number, "U in .* holds NaN or infinity"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_changes_nothing(write, message, tmp_path):
    path = tmp_path / "net.npz"
    write(path)
    layer = VanillaRNN(2, 3, rng=np.random.default_rng(1))
    before = {name: value.copy() for name, value in layer.params.items()}
    with pytest.raises(ValueError, match=message):
        load(path, layer)
    close(layer.params, before, 0)


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    layer = net()
    save(tmp_path / "net.npz", layer)
    monkeypatch.setattr(np, "savez", lambda *a, **k: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        save(tmp_path / "net.npz", net(seed=3))
    monkeypatch.undo()
    load(tmp_path / "net.npz", layer)
    assert len(list(tmp_path.iterdir())) == 1


def test_replaced_leaves_the_layer_alone():
    layer = net()
    before = {name: value.copy() for name, value in layer.params.items()}
    other = replaced(layer, {name: value + 1 for name, value in layer.params.items()})
    close(layer.params, before, 0)
    close(other.params, {name: value + 1 for name, value in before.items()}, 0)
    with pytest.raises(ValueError, match=r"params must be of 0.U, .*; got W"):
        replaced(layer, {"W": 0})


def test_a_file_gets_the_permissions_of_any_other_and_a_link_stays_one(tmp_path):
    layer, kept = net(), tmp_path / "kept.npz"
    before = os.umask(0o027)
    try:
        save(kept, layer)
    finally:
        os.umask(before)
    assert kept.stat().st_mode & 0o777 == 0o640
    link = tmp_path / "link.npz"
    link.symlink_to(kept)
    save(link, net(seed=1))
    assert link.is_symlink() and kept.stat().st_mode & 0o777 == 0o640
    load(kept, layer)
    close(dict(layer.params), dict(net(seed=1).params), 0)


def test_nothing_is_saved_that_could_not_be_loaded(tmp_path):
    layer = net()
    save(tmp_path / "net.npz", layer)
    layer.params["0.W"][0, 0] = np.nan  # behind the back of the checks
    with pytest.raises(ValueError, match=r"0\.W holds NaN"):
        save(tmp_path / "net.npz", layer)
    load(tmp_path / "net.npz", layer)
    assert np.isfinite(layer.params["0.W"]).all()
