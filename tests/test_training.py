"""The training loop, truncated BPTT, files of parameters, clipping."""

import signal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_recurrent import MAKE, close, made

from rnncore.datasets import minibatches, padded
from rnncore.deep import Dropout, Stack
from rnncore.elman import Elman
from rnncore.gated import GRU, LSTM
from rnncore.gradients import (
    central_differences,
    clip_by_norm,
    clip_by_value,
    complex_step,
    jacobians,
    norm,
    numeric,
    orthogonal,
    spectral_radius,
    through_time,
)
from rnncore.losses import cross_entropy, mean_squared_error
from rnncore.optimizers import SGD, Adagrad, Adam, RMSProp
from rnncore.parameters import load, replaced, save
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


# Truncated BPTT


@pytest.mark.parametrize("name", [n for n in MAKE if n != "read-out"])
def test_one_chunk_of_all_steps_is_full_bptt(name):
    layer, x, dy, state, _ = made(name, (6, 3, 2, 4))
    y, tape = layer.forward(x, state)
    loss, dy = mean_squared_error(y, np.zeros_like(y))
    (chunk,) = truncated(layer, [(x, np.zeros_like(y))], mean_squared_error, k2=6, state=state)
    close((chunk.y, chunk.loss, chunk.gradients), (y, loss, layer.backward(dy, tape)[1]), 0)
    close(chunk.state, tape.state, 0)


@given(
    k1=st.integers(1, 4), more=st.integers(0, 5), steps=st.integers(1, 12), seed=st.integers(0, 9)
)
def test_gradients_reach_back_k2_steps(k1, more, steps, seed):
    """Against the definition: each chunk's errors, sent back from its end over k2 steps."""
    k2 = k1 + more
    layer, x, target, state, _ = made("stack", (steps, 2, 2, 3), seed)
    y, _ = layer.forward(x, state)
    ends = []
    given_pieces = chunks(k1, x, target)
    for chunk in truncated(layer, given_pieces, mean_squared_error, k2=k2, state=state):
        start = sum(ends)
        ends.append(len(chunk.y))
        end = sum(ends)
        first = max(0, end - k2)
        before = layer.forward(x[:first], state)[1].state if first else state
        y_window, tape = layer.forward(x[first:end], before)
        dy = np.zeros_like(y_window)
        loss, dy[start - first :] = mean_squared_error(y[start:end], target[start:end])
        close((chunk.y, chunk.loss), (y[start:end], loss), 1e-10)
        close(chunk.gradients, layer.backward(dy, tape)[1], 1e-10)
    assert sum(ends) == steps


def test_elmans_procedure_is_truncation_to_one_step():
    rng = np.random.default_rng(0)
    elman = Elman(2, 3, 1, rng=rng)
    x, target = rng.normal(size=(7, 4, 2)), rng.normal(size=(7, 4, 1))
    y, tape = elman.forward(x)
    _, dy = mean_squared_error(y, target)
    _, wanted, _ = elman.backward(dy, tape, through_time=False)
    total = dict.fromkeys(wanted, 0.0)
    for chunk in truncated(elman, chunks(1, x, target), mean_squared_error, k2=1):
        total = {name: total[name] + chunk.gradients[name] / 7 for name in total}
    close(total, wanted)


def test_chunks_without_anything_to_learn_move_the_state():
    layer, x, target, _, _ = made("lstm", (6, 2, 3, 2))
    mask = np.ones((6, 2))
    mask[:2] = 0
    found = list(truncated(layer, chunks(2, x, target, mask), mean_squared_error, k2=4))
    assert len(found) == 2
    close(np.concatenate([chunk.y for chunk in found]), layer.forward(x)[0][2:])


def test_a_sequence_need_not_fit_into_memory(tmp_path):
    file = np.memmap(tmp_path / "x", float, "w+", shape=(1000, 1, 1))
    file[:] = np.random.default_rng(0).normal(size=file.shape)
    found = list(truncated(net(), chunks(64, file, file), mean_squared_error, k2=64))
    assert [len(chunk.y) for chunk in found] == [64] * 15 + [40]
    endless = ((np.ones((3, 1, 1)), np.ones((3, 1, 1))) for _ in iter(int, 1))
    first = next(truncated(net(), endless, mean_squared_error, k2=3))
    assert first.y.shape == (3, 1, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: list(chunks(0, x)), "k must be at least 1, got 0"),
        (lambda x: list(chunks(2, x, x[1:])), "all must have as many steps as x, 6, got 5"),
        (lambda x: list(truncated(net(), [(x, x)], mean_squared_error, k2=5)),
         "k2 must be at least the steps of a chunk, 6, got 5"),
    ],
)  # fmt: skip
def test_bad_chunks_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.ones((6, 1, 1)))


# The training loop


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
        ({"steps": 1, "clip": -1.0}, "limit must be greater than 0, got -1.0"),
    ],
)
def test_bad_settings_of_fit_are_named(options, message):
    layer = net()
    with pytest.raises(ValueError, match=message):
        fit(layer, batches(), optimizer=SGD(layer.params, 0.1), **options)


# Batches


def test_minibatches_bring_everything_once_a_turn():
    x = np.arange(6.0).reshape(1, 6, 1)
    drawn_batches = minibatches(x, -x, size=2, rng=np.random.default_rng(0))
    for _ in range(3):
        turn = [next(drawn_batches) for _ in range(3)]
        assert sorted(np.concatenate([b[0].ravel() for b in turn])) == list(range(6))
        assert all((batch[1] == -batch[0]).all() for batch in turn)


def test_padded_sequences_train_like_sequences_of_their_own():
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(steps, 1)) for steps in (5, 2, 3)]
    x, mask = padded(sequences)
    layer = net(outputs=3)
    classes = rng.integers(3, size=x.shape[:2])
    y, tape = layer.forward(x)
    loss, dy = cross_entropy(y, classes, mask)
    together = layer.backward(dy, tape)[1]
    total, losses = dict.fromkeys(together, 0.0), []
    for n, sequence in enumerate(sequences):
        y, tape = layer.forward(sequence[:, np.newaxis])
        alone, dy = cross_entropy(y, classes[: len(sequence), n : n + 1])
        share = len(sequence) / 10
        gradients = layer.backward(dy * share, tape)[1]
        total = {name: total[name] + gradients[name] for name in total}
        losses.append(alone * share)
    close(loss, sum(losses))
    close(together, total)


def test_a_batch_ends_with_its_longest_sequence():
    x, mask = padded([np.ones((5, 1)), np.ones((2, 1)), np.ones((3, 1))])
    source = minibatches(x, x, mask, size=1, rng=np.random.default_rng(0))
    assert sorted(len(next(source)[0]) for _ in range(3)) == [2, 3, 5]


def test_mask_of_steps_serves_every_output():
    y, target = np.random.default_rng(0).normal(size=(2, 4, 3, 2))
    mask = np.ones((4, 3))
    mask[2:, 1] = 0
    close(mean_squared_error(y, target, mask), mean_squared_error(y, target, mask[..., None]), 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: next(minibatches(x, x, size=4, rng=None)), "size must be 1 to 3"),
        (lambda x: next(minibatches(x, x[1:], size=1, rng=None)), r"target must begin with \(2, 3"),
        (lambda x: next(minibatches(x, x, x[0], size=1, rng=None)), r"mask must begin with \(2, 3"),
        (lambda x: padded([]), "sequences must be some"),
        (lambda x: padded([x, x[0]]), "sequences must be some, with features of one shape"),
    ],
)
def test_bad_batches_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.ones((2, 3, 1)))


# Files


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
    save(path, layer)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: save(path, VanillaRNN(2, 4, rng=np.random.default_rng(0))),
         r"must hold U \(3, 2\), W \(3, 3\), b \(3,\), got U \(4, 2\), W \(4, 4\), b \(4,\)"),
        (lambda path: save(path, GRU(2, 3, rng=np.random.default_rng(0))), r"must hold .* d \(3,"),
        (lambda path: np.save(path.open("wb"), np.zeros(3)), "must be an .npz file of parameters"),
        (text, "must be an .npz file of parameters|pickle"),
        (pickled, "Object arrays cannot be loaded"),
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
    with pytest.raises(ValueError, match=r"params must be 0.U, .*, got W"):
        replaced(layer, {"W": 0})


# Gradients


def test_gradient_through_time_is_the_product_of_jacobians():
    layer, x, _, state, dstate = made("vanilla", (7, 3, 2, 4))
    _, tape = layer.forward(x, state)
    lengths = through_time(layer, x, np.zeros((7, 3, 4)), state, dstate)
    assert lengths.shape == (7, 3)
    for b in range(3):
        J, row = jacobians(layer, tape, b), dstate[b]
        for t in reversed(range(7)):
            row = row @ J[t]
            close(lengths[t, b], np.linalg.norm(row))


def test_jacobians_are_slopes_of_the_next_state():
    layer, x, _, state, _ = made("logistic", (3, 1, 2, 4))
    _, tape = layer.forward(x, state)
    J = jacobians(layer, tape)
    for t in range(3):
        for unit in range(4):
            slope = complex_step(
                lambda s, t=t, u=unit: layer.forward(x[t : t + 1], s)[0][0, 0, u], tape.h[t]
            )
            close(J[t, unit], slope[0])


def test_gradient_through_time_counts_the_whole_state():
    layer, x, dy, state, dstate = made("stack", (4, 2, 2, 3))
    lengths = through_time(layer, x, dy, state, dstate)
    _, tape = layer.forward(x, state)
    _, _, (h, (h2, c2), h3) = layer.backward(dy, tape, dstate)
    first = np.sqrt(sum((part**2).sum(axis=1) for part in (h, h2, c2, h3)))
    close(lengths[0], first)


def test_spectral_radius_takes_the_modulus():
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    assert spectral_radius(2 * turn) == pytest.approx(2.0)
    assert spectral_radius(np.array([[0.0, 9.0], [0.0, 0.0]])) == 0.0


def test_orthogonal_matrices_of_either_kind():
    drawn_ones = [orthogonal(3, np.random.default_rng(seed), 2.0) for seed in range(20)]
    for Q in drawn_ones:
        close(Q @ Q.T, 4 * np.eye(3), 1e-12)
    assert {round(np.linalg.det(Q)) for Q in drawn_ones} == {8, -8}


def test_clipping_by_norm_keeps_the_direction():
    gradients = {"w": np.array([3.0, 0.0]), "b": np.array([[4.0]])}
    clipped = clip_by_norm(gradients, 0.5)
    assert norm(clipped) == pytest.approx(0.5)
    close({name: 10 * g for name, g in clipped.items()}, gradients)
    assert clip_by_norm(gradients, 5.0) is gradients
    close(clip_by_value(gradients, 3.5), {"w": np.array([3.0, 0.0]), "b": np.array([[3.5]])}, 0)
    for clip in (clip_by_norm, clip_by_value):
        with pytest.raises(ValueError, match="limit must be greater than 0, got 0"):
            clip(gradients, 0)


def test_two_ways_to_check_a_gradient():
    f = lambda x: (np.sin(x) * np.exp(x)).sum()  # noqa: E731
    x = np.random.default_rng(0).normal(size=(2, 3))
    exact = np.exp(x) * (np.sin(x) + np.cos(x))
    close(complex_step(f, x), exact, 1e-15)
    close(central_differences(f, x), exact, 1e-8)
    assert np.abs(central_differences(f, x) - exact).max() > 1e-14


def test_numeric_gradients_by_central_differences():
    layer, x, dy, state, dstate = made("gru", (3, 2, 2, 2))
    exact = numeric(layer, x, dy, state, dstate)
    close(numeric(layer, x, dy, state, dstate, central_differences), exact, 1e-7)


# Optimizers, against their papers by way of PyTorch's where it is installed


@pytest.mark.parametrize(
    ("ours", "theirs", "options", "their_options"),
    [
        (SGD, "SGD", {"momentum": 0.8}, {"momentum": 0.8}),
        (Adagrad, "Adagrad", {"epsilon": 1e-3}, {"eps": 1e-3}),
        (RMSProp, "RMSprop", {"decay": 0.7, "epsilon": 1e-3}, {"alpha": 0.7, "eps": 1e-3}),
        (Adam, "Adam", {"beta1": 0.7, "epsilon": 1e-3}, {"betas": (0.7, 0.999), "eps": 1e-3}),
    ],
)
def test_optimizer_agrees_with_pytorch(ours, theirs, options, their_options):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    w = rng.normal(size=(3, 2))
    parameter = torch.nn.Parameter(torch.from_numpy(w.copy()))
    optimizer = ours({"w": w}, rate=0.05, **options)
    reference = getattr(torch.optim, theirs)([parameter], lr=0.05, **their_options)
    for _ in range(10):
        gradient = rng.normal(size=(3, 2))
        optimizer.step({"w": gradient})
        parameter.grad = torch.from_numpy(gradient)
        reference.step()
    close(w, parameter.detach().numpy())
