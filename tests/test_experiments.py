"""The experiments: how they run and are kept, that each runs, and that what is kept is theirs."""

import importlib
import json
import os
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from experiments import (
    ROOT,
    Experiment,
    Part,
    __main__,
    deep_dropout,
    deep_layers,
    gated_weights,
    machine,
    truncated_angle,
    truncated_cost,
    truncated_delay,
)
from rnnbook.results import kept
from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.gradients import complex_step
from rnncore.losses import mean_squared_error
from rnncore.parameters import replaced
from rnncore.sweep import grid
from rnncore.tasks import delayed_bits
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import ReadOut

NAMES = __main__.NAMES


def experiment(name):
    return importlib.import_module(f"experiments.{name}").experiment


# How an experiment runs.  Trials stand at the top of a module, so that other processes can import.


def alone(lag, seed, *, steps):
    return {"loss": np.float64(lag) / 3 + seed, "curve": np.arange(steps) / 7}


def together(lag, seeds):
    return {"loss": [lag * seed for seed in seeds]}


def baseline(lag):
    return lag + 1


def fragile(lag, seed):
    if lag == seed == 1:
        raise ValueError("broken")
    return lag + seed


def small():
    return Experiment(
        networks=Part(alone, grid(lag=[1, 2]), seeds=2),
        side_by_side=Part(together, grid(lag=[3])),
        baselines=Part(baseline, grid(lag=[4, 5])),
        settings={"steps": 3},
        quick={"steps": 1, "lag": 6},
    )


def without_seconds(found):
    """Drop the times of the rows, each of which is there and positive."""
    for row in [row for part in found.values() if isinstance(part, list) for row in part]:
        assert np.all(np.array(row.pop("seconds")) >= 0)
    return found


WANTED = {
    "settings": {"steps": 3},
    "seeds": {"networks": 2, "side_by_side": 3},
    "networks": [
        {"lag": 1, "loss": [0.33333, 1.3333], "curve": [[0, 0.14286, 0.28571]] * 2},
        {"lag": 2, "loss": [0.66667, 1.6667], "curve": [[0, 0.14286, 0.28571]] * 2},
    ],
    "side_by_side": [{"lag": 3, "loss": [0, 3, 6]}],
    "baselines": [{"lag": 4, "result": 5}, {"lag": 5, "result": 6}],
}


def test_rows_are_the_cases_with_a_list_over_the_seeds():
    assert without_seconds(small().run()) == WANTED
    with ThreadPoolExecutor(2) as pool:
        assert without_seconds(small().run(executor=pool)) == WANTED


def test_quick_is_one_seed_and_each_case_once():
    found = without_seconds(small().run(quick=True))
    assert found["settings"] == {"steps": 1} and set(found["seeds"].values()) == {1}
    assert found["networks"] == [{"lag": 6, "loss": [2], "curve": [[0]]}]
    assert found["baselines"] == [{"lag": 6, "result": 7}]


def test_what_measures_time_takes_no_executor():
    class Never(ThreadPoolExecutor):
        def submit(self, *args):
            raise AssertionError

    timed = Experiment(rows=Part(baseline, grid(lag=[4])), alone=True)
    assert timed.run(executor=Never(1))["rows"][0]["result"] == 5


def test_a_trial_names_its_own_seconds():
    timed = Experiment(rows=Part(lambda lag: {"seconds": lag}, grid(lag=[4])))
    assert timed.run()["rows"] == [{"lag": 4, "seconds": 4}]


@pytest.mark.parametrize(
    ("parts", "kind", "message"),
    [
        ({}, ValueError, "rows: the trial asks for steps; none is given"),
        ({"settings": {"steps": 1, "rate": 2}}, ValueError, "no trial asks for the setting rate"),
        ({"settings": {"steps": 1}, "quick": {"rate": 2}}, ValueError, "quick names rate, which"),
        ({"settings": {"steps": alone}}, TypeError, "not JSON serializable"),
        (
            {"rows": Part(baseline, grid(lag=[1], rate=[2]))},
            ValueError,
            "rows: the trial does not ask for rate",
        ),
    ],
)
def test_what_does_not_fit_is_named(parts, kind, message):
    with pytest.raises(kind, match=message):
        Experiment(**{"rows": Part(alone, grid(lag=[1]))} | parts)


# The command.


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Give the command an experiment of our own, and a folder in which it keeps what is found."""

    def run(experiment, *options):
        monkeypatch.setitem(
            sys.modules, "experiments.ours", types.SimpleNamespace(experiment=experiment)
        )
        return __main__.main(["ours", *options])

    monkeypatch.setattr(__main__, "NAMES", ["ours"])
    monkeypatch.setattr(__main__, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(__main__, "ASIDE", tmp_path / "aside")
    return run


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


@pytest.mark.parametrize("options", [[], ["--pool", "1"]])
def test_a_whole_run_is_kept_and_says_how_it_was_made(command, tmp_path, options):
    assert command(small(), *options) == 0
    assert files(tmp_path) == ["results/ours.json"]
    text = (tmp_path / "results/ours.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found.pop("command") == " ".join(["python -m experiments ours", *options])
    assert (found.pop("processor"), found.pop("versions")) == machine()
    assert found.pop("seconds") >= 0
    assert without_seconds(found) == WANTED
    assert sum(line.startswith('  {"lag"') for line in text.splitlines()) == 5


@pytest.mark.parametrize(
    ("options", "there"), [(["--quick"], []), (["--seeds", "1"], ["aside/ours.json"])]
)
def test_a_part_of_a_run_replaces_nothing(command, tmp_path, options, there):
    assert command(small(), *options) == 0
    assert files(tmp_path) == there


def test_a_failure_stays_in_its_row_and_in_the_status(command, tmp_path):
    broken = Experiment(rows=Part(fragile, grid(lag=[0, 1]), seeds=2))
    assert command(broken) == 1
    assert files(tmp_path) == ["aside/ours.json"]
    whole, row = json.loads((tmp_path / "aside/ours.json").read_text())["rows"]
    assert whole["result"] == [0, 1] and "error" not in whole
    assert row["result"] == [1, None] and row["error"] == [None, "ValueError: broken"]


def test_an_interrupt_ends_the_command_and_keeps_the_old_file(command, tmp_path, capsys):
    def stopped(lag, seed):
        if seed == 1:
            raise KeyboardInterrupt
        return lag

    with pytest.raises(KeyboardInterrupt):
        command(Experiment(rows=Part(stopped, grid(lag=[7]), seeds=3), more=Part(fragile, [])))
    assert not files(tmp_path)
    assert "2 of 3 fail" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["theirs"], "name must be one of ours, got theirs"),
        (["--seeds", "0"], "--seeds: must be a whole number from 1, got 0"),
        (["--pool", "two"], "--pool: must be a whole number from 1, got two"),
        (["--pool", "2", "--cluster", "tcp://127.0.0.1:1"], "not allowed with argument --pool"),
    ],
)
def test_wrong_options_are_named(command, capsys, options, message):
    with pytest.raises(SystemExit):
        command(small(), *options)
    assert message in capsys.readouterr().err


def test_a_cluster_gives_the_same_and_its_address_stays_private(command, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address=None, scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:  # fmt: skip
        assert command(small(), "--cluster", cluster.scheduler_address) == 0
        text = (tmp_path / "results/ours.json").read_text()
        found = json.loads(text)
        assert cluster.scheduler_address not in text
    assert found["command"] == "python -m experiments ours --cluster ADDRESS"
    assert found["processor"] == machine()[0]
    assert without_seconds({name: found[name] for name in WANTED}) == WANTED


def test_one_thread_adds_up_unless_told_otherwise():
    code = "import experiments, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    for threads, heard in ((None, "1"), ("2", "2")):
        given = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
        given |= {"OPENBLAS_NUM_THREADS": threads} if threads else {}
        ran = subprocess.run(
            [sys.executable, "-c", code], env=given, cwd=ROOT, capture_output=True, check=True
        )
        assert ran.stdout.decode().strip() == heard


# Each experiment, and what was kept of it.


@pytest.mark.parametrize("name", NAMES)
def test_each_runs_with_few_steps(name):
    ours = experiment(name)
    found = ours.run(quick=True)
    assert found.keys() == {"settings", "seeds", *ours.parts}
    for part in ours.parts:
        assert found[part] and not [row["error"] for row in found[part] if "error" in row]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_is_that_of_its_script(name):
    ours, found = experiment(name), kept(name)
    assert found["command"].startswith(f"python -m experiments {name}")
    assert "--seeds" not in found["command"] and found["processor"]
    assert {"python", "numpy", "rnncore"} == found["versions"].keys()
    assert found["settings"] == as_kept(ours.settings)
    assert found["seeds"] == {
        name: part.seeds for name, part in ours.parts.items() if part.asks & {"seed", "seeds"}
    }
    for name, part in ours.parts.items():
        rows = found[name]
        assert [{key: row[key] for key in part.cases[0]} for row in rows] == as_kept(part.cases)
        for row in rows:
            results = row.keys() - part.cases[0].keys()
            assert results and "error" not in results
            if name in found["seeds"]:
                assert all(len(row[result]) == part.seeds for result in results - {"seconds"})


def as_kept(value):
    """Give what comes back from a file of JSON."""
    return json.loads(json.dumps(value))


# What single experiments are made of: stacks, and dropout in the path of the state.


class SameAgain:
    """A generator that draws the same numbers each time, so that the masks stay as they are."""

    def random(self, shape):
        return np.random.default_rng(3).random(shape)


@pytest.mark.parametrize("one_mask", [False, True])
def test_gradients_pass_where_the_state_has_passed(one_mask):
    rng = np.random.default_rng(0)
    layer = deep_dropout.DroppedState(2, 3, rng=rng, rate=0.4, one_mask=one_mask)
    layer.rng, layer.dropping = SameAgain(), True
    x, dy, state = rng.normal(size=(5, 2, 2)), rng.normal(size=(5, 2, 3)), rng.normal(size=(2, 3))
    _, gradients, dstate = layer.backward(dy, layer.forward(x, state)[1])

    def loss(params, x, state):
        return np.sum(dy * replaced(layer, params).forward(x.astype(complex), state)[0])

    for name, value in layer.params.items():
        outside = complex_step(
            lambda value, name=name: loss(layer.params | {name: value}, x, state), value
        )
        assert np.allclose(gradients[name], outside, rtol=0, atol=1e-13)
    outside = complex_step(lambda state: loss(layer.params, x, state), state)
    assert np.allclose(dstate, outside, rtol=0, atol=1e-13)


def test_one_mask_drops_the_same_units_at_all_steps():
    for one_mask in (False, True):
        rng = np.random.default_rng(0)
        layer = deep_dropout.DroppedState(1, 50, rng=rng, rate=0.5, one_mask=one_mask)
        layer.dropping = True
        masks = layer.forward(np.ones((9, 4, 1)))[1].masks
        assert set(np.unique(masks)) == {0.0, 2.0}
        assert (masks == masks[0]).all() == one_mask


def test_a_probe_reads_what_is_there_and_nothing_else():
    rng = np.random.default_rng(0)
    h, fresh = rng.normal(size=(300, 4)), rng.normal(size=(300, 4))
    mixed = [a @ np.array([[1.0], [-2.0], [0.0], [3.0]]) + 5 for a in (h, fresh)]
    assert deep_layers.fitted(h, mixed[0], fresh, mixed[1])[0] == pytest.approx(1)
    noise = [rng.normal(size=(300, 1)) for _ in range(2)]
    r2, right = deep_layers.fitted(h, noise[0], fresh, noise[1])
    assert r2 < 0.05 and 0.35 < right < 0.65


def test_probes_of_the_input_see_the_newest_bit_only():
    net = deep_layers.stack((24, 24), 1, 2, np.random.default_rng(0))
    (first, *layers), which = deep_layers.probe(net, deep_layers.made("delay", 6), lags=15)
    assert first[0] == pytest.approx(1) and max(first[1:]) < 0.01
    assert which == []
    (row,) = [row for row in kept("deep_layers")["probes"] if row["task"] == "delay"]
    assert np.allclose(layers, row["untrained"][0], atol=0.01)


def test_parity_is_that_of_the_last_bits():
    x, even, mask, _ = deep_layers.made("parity", 6).batch(np.random.default_rng(0), 12, 3)
    for t in range(5, 12):
        assert (even[t] == ((x[t - 5 : t + 1, :, 0] < 0).sum(axis=0) % 2 == 0)).all()
    assert (mask[:5] == 0).all() and (mask[5:] == 1).all()


@pytest.mark.parametrize("name", ["words", "lexicons"])
def test_next_letters_are_the_next_and_held_out_ones_are_others(name):
    job = deep_layers.made(name, 6)
    for fresh in (False, True):
        x, following, _, _ = job.batch(np.random.default_rng(0), 20, 8, fresh)
        assert (x[1:].argmax(axis=-1) == following[:-1]).all()
    assert 0 < job.split < len(job.code)


def test_kinds_have_nearly_equal_numbers_of_weights():
    kept_counts = {
        (r["task"], *r["sizes"]): set(r["weights"]) for r in kept("deep_layers")["equal"]
    }
    for name, kinds in deep_layers.KINDS.items():
        job, counts = deep_layers.made(name, 12), []
        for sizes in kinds:
            net = deep_layers.stack(sizes, job.inputs, job.outputs, np.random.default_rng(0))
            counts.append(net.size)
            assert kept_counts[name, *sizes] == {counts[-1]}
        assert max(counts) / min(counts) < 1.07


def test_texts_are_three_and_the_short_one_is_short():
    short, chooses, long = deep_dropout.texts(0, 641)
    assert len(short) == len(chooses) == 641 and short != chooses and len(long) > 8000
    x, target = deep_dropout.letters(short, 40)
    assert x.shape == (40, 16, 19) and (x[1:].argmax(axis=-1) == target[:-1]).all()
    assert target[0, 0] == sorted(set("".join(deep_layers.WORDS))).index(short[1])


def test_each_place_has_its_dropout():
    rng = np.random.default_rng(0)
    kinds = {
        place: [
            type(layer).__name__ for layer in deep_dropout.placed(place, 0.5, (3, 4, 2), rng).layers
        ]
        for place, _ in deep_dropout.PLACES
    }
    assert kinds["between"] == ["VanillaRNN", "Dropout", "VanillaRNN", "Dropout", "ReadOut"]
    assert kinds["state, one mask"] == ["DroppedState", "DroppedState", "ReadOut"]


# Gates.


def test_kept_weights_do_what_their_file_says():
    rng = np.random.default_rng(0)
    for row in kept("gated_weights")["rows"]:
        net = Stack(gated_weights.LAYERS[row["layer"]](2, 1, rng=rng), ReadOut(1, 1, rng=rng))
        x, target = gated_weights.TASKS[row["task"]](20, 1000, np.random.default_rng(999))
        for seed, loss in enumerate(row["loss"]):
            for name, value in net.params.items():
                value[...] = row[name][seed]
            assert mean_squared_error(net.forward(x)[0], target)[0] == pytest.approx(loss, rel=1e-3)


def test_a_network_stops_when_it_has_solved_the_adding_problem():
    found = kept("gated_adding")
    enough, most = found["settings"]["solved"], found["settings"]["steps"]
    for row in found["rows"]:
        for taken, loss in zip(row["taken"], row["loss"], strict=True):
            assert (taken < most) <= (loss < enough)
        for taken, curve in zip(row["taken"], row.get("curve", []), strict="curve" in row):
            assert taken == 100 * len(curve)


@pytest.mark.parametrize("layer", [LSTM, GRU])
def test_turning_the_sign_changes_no_answer(layer):
    rng = np.random.default_rng(0)
    net = Stack(layer(2, 1, rng=rng), ReadOut(1, 1, rng=rng))
    rng = np.random.default_rng(5)
    for array in net.params.values():
        array[...] = rng.normal(size=array.shape)
    net.layers[1].params["V"][:] = -0.7
    x = rng.random((9, 4, 2))
    before, _ = net.forward(x)
    gated_weights.upright(net)
    assert net.layers[1].params["V"].item() == 0.7
    assert np.allclose(net.forward(x)[0], before, rtol=1e-12)
    gated_weights.upright(net)  # a second time it has nothing to do
    assert net.layers[1].params["V"].item() == 0.7


# Truncated BPTT.


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
