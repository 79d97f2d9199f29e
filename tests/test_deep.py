"""The experiments with stacks: their networks, their probes, and what was kept of them."""

import json

import numpy as np
import pytest

from experiments import deep_dropout, deep_layers
from rnnbook.exercises import verdict
from rnncore.gradients import complex_step
from rnncore.parameters import replaced

KEPT = {
    module.__name__: json.loads(module.RESULT.read_text()) for module in (deep_layers, deep_dropout)
}


@pytest.mark.parametrize(
    ("label", "answer", "said"),
    [
        ("deep-count", (152, 372), "the second is right. Look at layer 1"),
        ("deep-count", (162, 350), "the first is right. Add up U, W and b of layer 2"),
        ("deep-ways", (8, 35), "the ways are right. Count the arrows again"),
        ("deep-ways", (9, 36), "the arrows are right. In how many orders"),
        ("deep-ways", (8, 36), "How often must a way go to the right"),
        ("deep-corner", 1.25, "h1(2), on the right, has its part through U too"),
        ("deep-corner", 2.75, "the outputs ask layer 2 only"),
    ],
)
def test_an_answer_hears_what_is_right_of_it(label, answer, said):
    assert verdict(label, answer).startswith(f"Not yet: {said}")


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
    assert deep_layers.fitted(h, mixed[0], fresh, mixed[1])[0] == 1.0
    noise = [rng.normal(size=(300, 1)) for _ in range(2)]
    r2, right = deep_layers.fitted(h, noise[0], fresh, noise[1])
    assert r2 < 0.05 and 0.35 < right < 0.65


def test_probes_of_the_input_see_the_newest_bit_only():
    job = deep_layers.task("delay")
    net = deep_layers.stack((24, 24), 1, 2, np.random.default_rng(0))
    first, *layers = deep_layers.probe(net, job)
    assert first["r2"][0] == 1.0 and max(first["r2"][1:]) < 0.01
    assert len(layers) == 2
    kept = KEPT[deep_layers.__name__]["probes"]["delay"][0]
    for layer, then in zip(layers, kept["untrained"], strict=True):
        assert np.allclose(layer["r2"], then["r2"], atol=0.01)


def test_parity_is_that_of_the_last_bits():
    x, even, mask, _ = deep_layers.task("parity").batch(np.random.default_rng(0), 12, 3)
    for t in range(5, 12):
        assert (even[t] == ((x[t - 5 : t + 1, :, 0] < 0).sum(axis=0) % 2 == 0)).all()
    assert (mask[:5] == 0).all() and (mask[5:] == 1).all()


@pytest.mark.parametrize("name", ["words", "lexicons"])
def test_next_letters_are_the_next_and_held_out_ones_are_others(name):
    job = deep_layers.task(name)
    for fresh in (False, True):
        x, following, _, _ = job.batch(np.random.default_rng(0), 20, 8, fresh)
        assert (x[1:].argmax(axis=-1) == following[:-1]).all()
    assert 0 < job.split < len(job.code)


def test_kinds_have_nearly_equal_numbers_of_weights():
    rows = KEPT[deep_layers.__name__]["equal"]
    assert {row["task"] for row in rows} == set(deep_layers.KINDS)
    for name, kinds in deep_layers.KINDS.items():
        job = deep_layers.task(name)
        counts = [
            sum(
                value.size
                for value in deep_layers.stack(
                    sizes, job.inputs, job.outputs, np.random.default_rng(0)
                ).params.values()
            )
            for sizes in kinds
        ]
        assert max(counts) / min(counts) < 1.07
        kept = {tuple(row["sizes"]): row["weights"] for row in rows if row["task"] == name}
        assert kept == dict(zip(kinds, counts, strict=True))


def test_what_was_kept_has_every_setting_and_seed():
    layers, dropout = KEPT.values()
    assert all(len(runs) == deep_layers.PROBE_SEEDS for runs in layers["probes"].values())
    assert all(len(row["loss"]) == deep_layers.EQUAL_SEEDS for row in layers["equal"])
    for part, settings, seeds in (
        ("few", deep_dropout.FEW, "few seeds"),
        ("places", deep_dropout.PLACES, "place seeds"),
    ):
        assert [(row["place"], row["rate"]) for row in dropout[part]] == settings
        for row in dropout[part]:
            scores = row["runs"] if part == "few" else row["accuracy"]
            assert len(scores) == deep_dropout.SETTINGS[seeds] == dropout["settings"][seeds]


def test_texts_are_three_and_the_short_one_is_short():
    short, chooses, long = deep_dropout.texts(0)
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
