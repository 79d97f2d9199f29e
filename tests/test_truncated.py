"""The experiments on truncated BPTT: the scripts do what they say, and the files are theirs."""

import json

import numpy as np
import pytest

from experiments import truncated_angle, truncated_cost, truncated_delay
from rnncore.losses import mean_squared_error
from rnncore.tasks import delayed_bits
from rnncore.truncated import chunks, truncated


def bits(lag=3, steps=20):
    return delayed_bits(lag, steps, 2, np.random.default_rng(1))


def test_old_states_give_the_same_gradient_while_nothing_is_updated():
    net = truncated_delay.made(np.random.default_rng(0), 4)
    anew = [c.gradients for c in truncated(net, chunks(1, *bits()), mean_squared_error, k2=5)]
    kept = list(truncated_delay.remembered(net, chunks(1, *bits()), mean_squared_error, k2=5))
    assert len(anew) == len(kept) == 17  # the first three steps ask for nothing
    for a, b in zip(anew, kept, strict=True):
        assert a.keys() == b.keys()
        for name in a:
            np.testing.assert_allclose(a[name], b[name], atol=1e-12)


def test_old_states_take_one_step_forward_and_k2_back(monkeypatch, steps=20, k2=5):
    net = truncated_delay.made(np.random.default_rng(0), 4)
    layer, ran = net.layers[0], {"forward": 0, "backward": 0}

    def count(way, run):
        def counted(first, *others):
            ran[way] += len(first)
            return run(first, *others)

        monkeypatch.setattr(layer, way, counted)

    for way in ran:
        count(way, getattr(layer, way))
    list(truncated_delay.remembered(net, chunks(1, *bits(0, steps)), mean_squared_error, k2=k2))
    assert ran["forward"] == steps
    assert ran["backward"] == steps * k2 - sum(range(k2))  # the first ways are shorter


def test_gradient_of_one_chunk_is_that_of_the_mean_loss():
    net = truncated_delay.made(np.random.default_rng(0), 4)
    x, target, mask = data = bits()
    y, tape = net.forward(x)
    wanted = net.backward(mean_squared_error(y, target, mask)[1], tape)[1]
    below = np.concatenate([wanted[name].ravel() for name in ("0.U", "0.W", "0.b")])
    np.testing.assert_allclose(truncated_angle.gradient(net, data, 20, 20), below, atol=1e-12)
    assert truncated_angle.cosine(below, -below) == pytest.approx(-1)


def test_cue_asks_once_for_the_first_bit():
    x, target, mask = truncated_delay.cue(10, 5, np.random.default_rng(0), bits=False)
    assert x.shape == (11, 5, 1) and not x[1:].any()
    assert mask.sum() == 5 and mask[-1].all()
    np.testing.assert_array_equal(x[0] > 0, target[-1] > 0)
    assert np.abs(truncated_delay.cue(10, 5, np.random.default_rng(0), bits=True)[0]).all()


def test_the_sequence_lies_on_disk(tmp_path):
    x, target = truncated_cost.on_disk(tmp_path, 2500, 3)
    assert isinstance(x, np.memmap) and x.shape == (2500, 1, 3) and target.shape == (2500, 1, 1)
    assert x[-1].all()


@pytest.mark.parametrize("script", [truncated_angle, truncated_cost, truncated_delay])
def test_file_is_that_of_the_script(script):
    kept = json.loads(script.RESULT.read_text())
    assert script.__name__.split(".")[-1] in kept["command"]
    if script is truncated_angle:
        assert kept["settings"]["k"] == list(script.KS)
        assert len(kept["rows"]) == 4 * kept["settings"]["seeds"]
    else:
        assert script.SETTINGS.items() <= kept["settings"].items()
