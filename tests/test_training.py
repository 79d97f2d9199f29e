"""The training loop."""

import pickle
import signal

import numpy as np
import pytest
from kinds import close

from rnncore.deep import Dropout, Stack
from rnncore.gated import GRU, LSTM
from rnncore.gradients import (
    clip_by_norm,
    norm,
)
from rnncore.losses import cross_entropy, mean_squared_error, weights
from rnncore.optimizers import SGD, Adam
from rnncore.tasks import delayed_bits
from rnncore.training import Diverged, fit
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import ReadOut, VanillaRNN


def net(hidden=4, seed=0, outputs=1, **rest):
    rng = np.random.default_rng(seed)
    return Stack(VanillaRNN(1, hidden, rng=rng, **rest), ReadOut(hidden, outputs, rng=rng))


def batches(seed=0, delay=1):
    rng = np.random.default_rng(seed)
    while True:
        yield delayed_bits(delay, 10, 16, rng)


def test_fit_takes_the_steps_that_one_would_take_by_hand():
    ours, by_hand = net(), net()
    history = fit(ours, batches(), optimizer=Adam(ours.params, 0.01), steps=20, clip=0.5)
    optimizer, losses, lengths = Adam(by_hand.params, 0.01), [], []
    for _, (x, target, mask) in zip(range(20), batches(), strict=False):
        y, tape = by_hand.forward(x)
        loss, dy = mean_squared_error(y, target, mask)
        _, gradients, _ = by_hand.backward(dy, tape)
        losses.append(loss)
        lengths.append(norm(gradients))
        optimizer.step(clip_by_norm(gradients, 0.5))
    close(ours.params, by_hand.params, 0)
    assert (history.loss, history.norm) == (losses, lengths)
    assert max(lengths) > 0.5  # so that clipping had something to do
    assert history.stopped == "all steps taken"


@pytest.mark.parametrize("layer", [VanillaRNN, LSTM, GRU])
@pytest.mark.parametrize("loss", [mean_squared_error, cross_entropy])
def test_single_precision_stays_single_from_loss_to_gradients(layer, loss):
    rng = np.random.default_rng(0)
    model = Stack(layer(1, 3, rng=rng, dtype=np.float32), ReadOut(3, 2, rng=rng, dtype=np.float32))
    y, tape = model.forward(rng.normal(size=(4, 5, 1)).astype(np.float32))
    target = rng.normal(size=y.shape) if loss is mean_squared_error else np.ones((4, 5), int)
    _, dy = loss(y, target, np.ones((4, 5)))
    dx, gradients, _ = model.backward(dy, tape)
    assert {a.dtype for a in (y, dy, dx, *gradients.values())} == {np.dtype("f4")}


@pytest.mark.parametrize("layer", [VanillaRNN, LSTM, GRU])
def test_fit_learns_to_remember(layer):
    rng = np.random.default_rng(0)
    model = Stack(layer(1, 8, rng=rng), ReadOut(8, 1, rng=rng))
    history = fit(model, batches(delay=2), optimizer=Adam(model.params, 0.02), steps=400)
    assert history.loss[0] > 0.2 and history.loss[-1] < 0.05


def test_fit_with_k2_is_truncated_bptt_with_steps_between():
    ours, by_hand = net(), net()
    x, target, mask = delayed_bits(1, 40, 8, np.random.default_rng(0))
    fit(ours, chunks(5, x, target, mask), optimizer=SGD(ours.params, 0.1), steps=99, k2=10)
    optimizer = SGD(by_hand.params, 0.1)
    for chunk in truncated(by_hand, chunks(5, x, target, mask), mean_squared_error, k2=10):
        optimizer.step(chunk.gradients)
    close(ours.params, by_hand.params, 0)


def test_fit_stops_early_and_keeps_the_best():
    layer = net(hidden=8)
    x, target, mask = delayed_bits(1, 8, 6, np.random.default_rng(0))
    held_out = delayed_bits(1, 8, 50, np.random.default_rng(1))
    noisy = (x, np.random.default_rng(2).normal(size=target.shape), mask)
    history = fit(
        layer, iter(lambda: noisy, None), optimizer=Adam(layer.params, 0.05), steps=5000,
        validation=held_out, every=5, patience=3,
    )  # fmt: skip
    assert history.stopped == "no better for so long" and len(history.loss) < 5000
    assert history.best == min(history.validation, key=history.validation.get)
    assert len(history.loss) == history.best + 15
    loss, _ = mean_squared_error(layer.forward(held_out[0])[0], *held_out[1:])
    assert loss == history.validation[history.best]
    assert f"after {history.best} steps, kept" in str(history)


def test_metric_is_kept_with_each_validation_and_judges_nothing():
    layer, held_out = net(), next(batches(1))

    def worst(y, target, mask):
        return abs((y - target) * mask[..., None] if mask.ndim < y.ndim else y - target).max()

    history = fit(
        layer, batches(), optimizer=Adam(layer.params, 0.02), steps=20, validation=held_out,
        metric=worst, every=5,
    )  # fmt: skip
    assert history.metric.keys() == history.validation.keys() == {0, 5, 10, 15, 20}
    assert history.best == min(history.validation, key=history.validation.get)
    assert history.metric[history.best] == worst(layer.forward(held_out[0])[0], *held_out[1:])


def test_rate_is_set_before_each_step_and_adam_keeps_its_memory():
    ours, by_hand = net(), net()
    rate = lambda step: 0.02 / (1 + step)  # noqa: E731
    optimizer = Adam(ours.params, 1.0)
    fit(ours, batches(), optimizer=optimizer, steps=6, rate=rate)
    other = Adam(by_hand.params, 1.0)
    for step, (x, target, mask) in zip(range(6), batches(), strict=False):
        other.rate = rate(step)
        y, tape = by_hand.forward(x)
        other.step(by_hand.backward(mean_squared_error(y, target, mask)[1], tape)[1])
    close(ours.params, by_hand.params, 0)
    assert optimizer.steps == 6 and optimizer.rate == rate(5)


def test_loss_of_ones_own_with_a_mask():
    """The likelihood of a variance, as a forecast of volatility needs it."""

    def surprise(log_variance, target, mask=None):
        share = weights(mask, target.shape)
        scaled = target**2 * np.exp(-log_variance)
        return 0.5 * (share * (log_variance + scaled)).sum(), 0.5 * share * (1 - scaled)

    layer, rng = net(), np.random.default_rng(0)
    x, mask = np.ones((10, 40, 1)), np.ones((10, 40, 1))
    target = 3 * rng.normal(size=x.shape)
    mask[:, 20:], target[:, 20:] = 0, 1e6  # what is masked has no say
    optimizer = Adam(layer.params, 0.03)
    fit(layer, [(x, target, mask)] * 300, optimizer=optimizer, steps=300, loss=surprise)
    found = np.exp(layer.forward(x)[0][-1, 0, 0])
    assert found == pytest.approx((target[:, :20] ** 2).mean(), rel=0.3)


def test_fit_says_where_it_left_the_numbers():
    layer = net(activation="identity")
    layer.params["0.W"][:] = 30 * np.eye(4)
    x, target = np.ones((300, 2, 1)), np.zeros((300, 2, 1))
    before = {name: value.copy() for name, value in layer.params.items()}
    with pytest.raises(Diverged, match=r"no longer a number at step 1; .* not known") as raised:
        fit(layer, [(x, target)] * 5, optimizer=SGD(layer.params, 0.1), steps=5)
    assert raised.value.step == 1 and "clip=1.0" in str(raised.value)
    close(layer.params, before, 0)

    layer = net(activation="identity")
    with pytest.raises(Diverged, match=r"at step \d+; the gradient of .* norm \d.*smaller learn"):
        fit(layer, batches(), optimizer=SGD(layer.params, 100.0), steps=5000)


def test_fit_does_not_call_bad_data_divergence():
    layer = net()
    x = np.ones((3, 2, 1))
    with pytest.raises(ValueError, match="x of a batch holds NaN or infinity"):
        fit(layer, [(x * np.nan, x)], optimizer=SGD(layer.params, 0.1), steps=1)
    with pytest.raises(ValueError, match=r"target must have the shape of y, \(3, 2, 1\)"):
        fit(layer, [(x, x[:2])], optimizer=SGD(layer.params, 0.1), steps=1)


def test_fit_returns_what_it_has_when_it_is_interrupted(interruptible):
    layer = net()

    def interrupted():
        yield from (next(batches()) for _ in range(7))
        signal.raise_signal(signal.SIGINT)
        yield next(batches())

    history = fit(layer, interrupted(), optimizer=SGD(layer.params, 0.1), steps=50)
    assert history.stopped == "interrupted" and len(history.loss) == 7


def test_fit_says_when_the_batches_end(capsys):
    layer = net()
    history = fit(layer, [next(batches())] * 3, optimizer=SGD(layer.params, 0.1), steps=50)
    assert history.stopped == "no more batches" and len(history.loss) == 3
    assert str(history).startswith("3 steps, stopped: no more batches; loss ")
    assert capsys.readouterr() == ("", "")  # no bar where there is no terminal
    fit(layer, batches(), optimizer=SGD(layer.params, 0.1), steps=3, progress=True)
    assert "3/3" in capsys.readouterr().err


def test_dropout_works_while_training_and_not_while_judging():
    seen = []

    class Spy(Dropout):
        def forward(self, x, state=None):
            seen.append(self.dropping)
            return super().forward(x, state)

    rng = np.random.default_rng(0)
    layer = Stack(VanillaRNN(1, 3, rng=rng), Spy(0.5, rng=rng), ReadOut(3, 1, rng=rng))
    fit(
        layer, batches(), optimizer=SGD(layer.params, 0.1), steps=4,
        validation=next(batches()), every=2,
    )  # fmt: skip
    assert seen == [False, True, True, False, True, True, False]
    assert not layer.dropping


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"steps": 1, "every": 0}, "every must be at least 1, got 0"),
        ({"steps": 1, "patience": 2}, "patience must come with validation"),
        ({"steps": 1, "metric": max}, "metric must come with validation"),
        ({"steps": 1, "rate": lambda step: -1}, "rate must be greater than 0, got -1"),
        ({"steps": 1, "clip": -1.0}, "clip must be greater than 0, got -1.0"),
        ({"steps": 1, "clip": 0}, "clip must be greater than 0, got 0"),
        ({"steps": 1, "k2": np.nan}, "k2 must be a whole number, got nan"),
        ({"steps": 1, "every": 2.5}, "every must be a whole number, got 2.5"),
        ({"steps": 1, "patience": "5"}, "patience must be a whole number, got '5'"),
    ],
)
def test_bad_settings_of_fit_are_named(options, message):
    layer, steps = net(), batches()
    before = {name: value.copy() for name, value in layer.params.items()}
    with pytest.raises((TypeError, ValueError), match=message):
        fit(layer, steps, optimizer=SGD(layer.params, 0.1), **options)
    close(dict(layer.params), before, 0)


def test_the_end_is_validated_and_the_best_of_all_is_kept():
    layer = net()
    held = delayed_bits(1, 10, 50, np.random.default_rng(9))
    history = fit(layer, batches(), optimizer=Adam(layer.params, 0.05), steps=50, validation=held)
    assert list(history.validation) == [0, 50] and history.best == 50
    loss, _ = mean_squared_error(layer.forward(held[0])[0], *held[1:])
    assert loss == history.validation[50] < history.validation[0]


def test_an_optimizer_of_other_arrays_is_refused():
    layer, other = net(), net(seed=1)
    before = {name: value.copy() for name, value in layer.params.items()}
    with pytest.raises(ValueError, match="optimizer must hold the layer's own arrays"):
        fit(layer, batches(), optimizer=Adam(other.params, 0.1), steps=1)
    close(dict(layer.params), before, 0)


def test_a_matrix_set_after_the_optimizer_was_made_is_trained_and_another_layer_refused():
    layer, held = net(), next(batches())
    optimizer = SGD(layer.params, 0.1)
    layer.layers[0].params["W"] = 0.1 * np.eye(4)
    fit(layer, [held], optimizer=optimizer, steps=1)
    assert not np.array_equal(layer.layers[0].params["W"], 0.1 * np.eye(4))
    with pytest.raises(TypeError, match="does not support item assignment"):
        layer.layers[0] = net(seed=1).layers[0]
    layer.parts[0] = net(seed=1).layers[0]
    with pytest.raises(ValueError, match="optimizer must hold the layer's own arrays"):
        fit(layer, [held], optimizer=optimizer, steps=1)


@pytest.mark.parametrize("thing", ["history", "error", "optimizer"])
def test_what_training_gives_travels(thing):
    layer = net()
    optimizer = Adam(layer.params, 0.1)
    history = fit(layer, batches(), optimizer=optimizer, steps=3)
    given = {"history": history, "error": Diverged(history), "optimizer": optimizer}[thing]
    again = pickle.loads(pickle.dumps(given))
    if thing == "optimizer":
        close((again.params, again.m, again.steps), (given.params, given.m, given.steps), 0)
    else:
        assert str(again) == str(given)
        assert getattr(again, "history", again).loss == history.loss
