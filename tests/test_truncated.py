"""Truncated BPTT, against full BPTT, its definition, and Elman's procedure."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinds import MAKE, close, made

from rnncore.deep import Stack
from rnncore.elman import Elman
from rnncore.losses import mean_squared_error
from rnncore.truncated import chunks, truncated
from rnncore.vanilla import ReadOut, VanillaRNN


def net(hidden=4, seed=0, outputs=1, **rest):
    rng = np.random.default_rng(seed)
    return Stack(VanillaRNN(1, hidden, rng=rng, **rest), ReadOut(hidden, outputs, rng=rng))


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


def test_what_is_held_does_not_grow_with_the_sequence(tmp_path):
    np.save(tmp_path / "x.npy", np.zeros((20_000, 1, 8)))
    long = np.load(tmp_path / "x.npy", mmap_mode="r")
    layer = VanillaRNN(8, 32, rng=np.random.default_rng(0))
    pieces = chunks(25, long, np.broadcast_to(0.0, (20_000, 1, 32)))
    tracemalloc.start()
    updates = sum(1 for _ in truncated(layer, pieces, mean_squared_error, k2=25))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert updates == 800 and most < 150_000


@pytest.mark.parametrize(("k1", "forward", "back"), [(15, 1, 1), (5, 4, 3), (1, 16, 15)])
def test_how_often_a_step_is_run(k1, forward, back):
    layer, ran = net(), {"forward": 0, "back": 0}

    class Counting:
        params = layer.params

        def forward(self, x, state=None):
            ran["forward"] += len(x) / 3000
            return layer.forward(x, state)

        def backward(self, dy, tape, dstate=None):
            ran["back"] += len(dy) / 3000
            return layer.backward(dy, tape, dstate)

    x = np.random.default_rng(0).normal(size=(3000, 1, 1))
    for _ in truncated(Counting(), chunks(k1, x, x), mean_squared_error, k2=15):
        pass
    assert ran == pytest.approx({"forward": forward, "back": back}, rel=0.01)


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


def test_a_buffer_that_is_filled_again_and_again_gives_what_copies_give():
    x = np.random.default_rng(0).normal(size=(24, 2, 1))

    def buffered():
        buffer = np.empty((4, 2, 1))
        for t in range(0, 24, 4):
            buffer[:] = x[t : t + 4]
            yield buffer, buffer

    own = truncated(net(), chunks(4, x, x), mean_squared_error, k2=8)
    for chunk, other in zip(
        own, truncated(net(), buffered(), mean_squared_error, k2=8), strict=True
    ):
        close((chunk.loss, chunk.gradients), (other.loss, other.gradients), 0)
