"""Whatever makes no sense is refused in words, by every function, class and method of `rnncore`.

`GOOD` has a good call of each; a test fails where one is missing, so what is added later is
covered too.  One argument at a time is then spoiled, by what the good call has there.
"""

import importlib
import inspect
import pkgutil
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import rnncore
from rnncore import (
    activations,
    arrays,
    batches,
    bptt,
    classification,
    datasets,
    deep,
    elman,
    embedding,
    gated,
    generation,
    gradients,
    jordan,
    losses,
    measures,
    networks,
    notes,
    optimizers,
    parameters,
    prediction,
    seq2seq,
    sequences,
    sweep,
    tasks,
    tdnn,
    training,
    truncated,
    unfolding,
    vanilla,
)

MODULES = {
    name: importlib.import_module(f"rnncore.{name}")
    for _, name, _ in pkgutil.iter_modules(rnncore.__path__)
}

# Not called with what comes from outside: the checks themselves, what writes numbers that have
# been checked, and what takes no more than the records of the package.
INNER = {"arrays", "rounding", "worked", "layers"}
# Methods that layers and optimizers have for other modules; those with a tape are in test_layers.
HOOKS = {
    "state_shape", "first_state", "hold", "holds", "named", "backward", "Stack.forward",
    "EncoderDecoder.forward",
    "dropping", "clear", "pop", "popitem", "setdefault",
}  # fmt: skip
# Records that functions hand out; nobody makes one, and their constructors check nothing.
RECORDS = {
    "History", "Diverged", "Classification", "Copy", "Unfolded", "Table", "Schedule", "Run", "Step",
    "Parameters", "Optimizer", "Composed",
}  # fmt: skip


def rng():
    return np.random.default_rng(0)


def layer():
    return vanilla.VanillaRNN(1, 1, rng=rng())


def loop():
    x, y = networks.Node("x", 1, "input"), networks.Node("y", 1, "output")
    edges = [networks.Edge("x", "y", weight="w"), networks.Edge("y", "y", delay=1, weight="g")]
    return networks.Network([x, y], edges)


def unfolded():
    return unfolding.unfold(loop(), 2)


def reader():
    part = embedding.Embedding(4, 1, rng=rng()), layer()
    read_out = vanilla.ReadOut(1, 4, rng=rng())
    return seq2seq.EncoderDecoder(layer(), deep.Stack(*part, read_out))


SAID = [(["1", "day"], ["1", "jour"]), (["3", "days"], ["3", "jours"])]
ANSWERING = {
    "source": np.ones((3, 2, 1)), "there": np.ones((3, 2)), "start": 0, "end": 1, "steps": 3,
}  # fmt: skip


def table():
    return sweep.sweep(pow, [{"base": 2, "exp": n} for n in (1, 2)])


def two_of_one(symbols):
    return np.ones((1, 2, 1)) * (symbols[..., np.newaxis] == 0)


def square(w, seed):
    return w * w + seed


def last(past):
    return past[:, -1]


X, FEW = np.ones((4, 2, 1)), np.ones((4, 2, 1)) / 2
SIZES = {"inputs": 2, "hidden": 3, "outputs": 1}
STEPPED = {"gradients": {"w": np.ones(2)}}


def params():
    return {"w": np.zeros(2)}


def optimizer(kind):
    return (
        kind,
        lambda: (
            {"params": params(), "rate": 0.1}
            | {
                name: p.default
                for name, p in inspect.signature(kind).parameters.items()
                if p.default is not p.empty
            }
        ),
    )


def fitting():
    net = layer()
    return {
        "layer": net, "batches": [(X, FEW)], "optimizer": optimizers.SGD(net.params, 0.1),
        "steps": 2, "clip": 1.0, "k2": 4, "validation": (X, FEW), "every": 2, "patience": 3,
        "loss": losses.mean_squared_error,
    }  # fmt: skip


TWO = {"hidden_activation": "tanh", "output_activation": "tanh", "dtype": np.float64}

# What is called (a function, or how to get a method), and the arguments of a good call.
GOOD = {
    "activations.logistic": lambda: (activations.logistic, {"z": np.ones(2)}),
    "activations.relu": lambda: (activations.relu, {"z": np.ones(2)}),
    "activations.softmax": lambda: (activations.softmax, {"logits": np.ones(2)}),
    "activations.activation": lambda: (activations.activation, {"name": "tanh"}),
    "batches.batch": lambda: (batches.batch, {"given": (X, FEW)}),
    "batches.parted": lambda: (batches.parted, {"given": (X, FEW)}),
    "batches.minibatches": lambda: (
        batches.minibatches, {"x": X, "target": FEW, "mask": X[..., 0], "size": 1, "rng": rng()}
    ),
    "batches.at_end": lambda: (batches.at_end, {"answers": X[0], "there": X[..., 0] ** 0}),
    "batches.at_every_step": lambda: (
        batches.at_every_step, {"answers": X[0], "there": X[..., 0] ** 0}
    ),
    "batches.padded": lambda: (batches.padded, {"sequences": [X[:, 0], X[:2, 0]]}),
    "bptt.logsig": lambda: (bptt.logsig, {"z": 0.5}),
    "bptt.tanh": lambda: (bptt.tanh, {"z": 0.5}),
    "bptt.ScalarRNN": lambda: (bptt.ScalarRNN, {"w": 0.3, "g": 0.4, "activation": "tanh"}),
    "bptt.ScalarRNN.forward": lambda: (
        bptt.ScalarRNN(0.3, 0.4).forward, {"x": [0.1, 0.2], "y0": 0.5}
    ),
    "bptt.ScalarRNN.bptt": lambda: (
        bptt.ScalarRNN(0.3, 0.4).bptt,
        {"x": [0.1, 0.2], "target": [0.5, 0.6], "y0": 0.5, "learning_rate": 0.5,
         "convention": "prediction"},
    ),
    "bptt.outputs": lambda: (
        bptt.outputs, {"w": 0.3, "g": 0.4, "x": [0.1, 0.2], "y0": 0.5, "activation": "tanh"}
    ),
    "bptt.loss": lambda: (
        bptt.loss,
        {"w": 0.3, "g": 0.4, "x": [0.1, 0.2], "target": [0.5, 0.6], "y0": 0.5,
         "activation": "tanh"},
    ),
    "classification.words_of": lambda: (classification.words_of, {"sentence": "A film!"}),
    "classification.vocabulary": lambda: (
        classification.vocabulary, {"bags": [["bad", "film"], ["bad"]], "least": 1}
    ),
    "classification.numbered": lambda: (
        classification.numbered, {"bags": [["bad", "film"], ["bad"]], "names": ["bad", "film"]}
    ),
    "classification.kmers": lambda: (classification.kmers, {"sequence": "ACGT", "k": 2}),
    "classification.counts": lambda: (
        classification.counts, {"bags": [["bad", "film"], ["bad"]], "names": ["bad", "film"]}
    ),
    "classification.confusion": lambda: (
        classification.confusion,
        {"right": np.array([0, 1]), "given": np.array([1, 1]), "classes": 2},
    ),
    "classification.roc": lambda: (
        classification.roc, {"scores": np.arange(3.0), "positive": np.array([True, False, True])}
    ),
    "datasets.text_of": lambda: (datasets.text_of, {"name": "splice.txt"}),
    "datasets.weather": lambda: (datasets.weather, {"place": "Seattle"}),
    "datasets.weeks": lambda: (datasets.weeks, {"first": 2012, "last": 2013}),
    "datasets.linked": lambda: (datasets.linked, {"sequences": ["ACGT", "CGTA"], "length": 2}),
    "deep.Dropout": lambda: (deep.Dropout, {"rate": 0.5, "rng": rng()}),
    "deep.Stack": lambda: (lambda layers: deep.Stack(layers), {"layers": [layer(), layer()]}),
    "deep.Stack.network": lambda: (deep.Stack(layer(), layer()).network, {"output": "o"}),
    "elman.Elman": lambda: (elman.Elman, SIZES | {"rng": rng()} | TWO),
    "elman.train_online": lambda: (
        elman.train_online,
        {"nets": [elman.Elman(1, 2, 1, rng=rng()), elman.Elman(1, 2, 1, rng=rng())],
         "x": X, "target": FEW, "rate": 0.1, "passes": 1},
    ),
    "embedding.Embedding": lambda: (
        embedding.Embedding, {"count": 3, "size": 2, "rng": rng(), "dtype": np.float64}
    ),
    "embedding.Embedding.forward": lambda: (
        embedding.Embedding(3, 2, rng=rng()).forward,
        {"x": np.array([[0, 2], [1, 1]]), "state": None},
    ),
    "gated.LSTM": lambda: (
        gated.LSTM, {"inputs": 2, "hidden": 3, "rng": rng(), "forget": 1.0, "dtype": np.float64}
    ),
    "gated.GRU": lambda: (
        gated.GRU, {"inputs": 2, "hidden": 3, "rng": rng(), "dtype": np.float64}
    ),
    "generation.greedy": lambda: (generation.greedy, {"logits": X[0]}),
    "generation.sampling": lambda: (
        generation.sampling, {"temperature": 0.5, "rng": rng()}
    ),
    "generation.generate": lambda: (
        generation.generate,
        {"model": layer(), "first": np.array([[0, 0]]), "steps": 2, "choose": generation.greedy,
         "state": np.ones((2, 1)), "encode": two_of_one},
    ),
    "generation.onehot": lambda: (
        generation.onehot, {"symbols": np.array([[0, 1]]), "count": 2, "dtype": np.float64}
    ),
    "generation.bits": lambda: (
        generation.bits, {"model": layer(), "x": X, "target": np.zeros((4, 2), int)}
    ),
    "generation.copied": lambda: (generation.copied, {"made": "abc", "source": "bcd"}),
    "generation.NGrams": lambda: (
        generation.NGrams, {"sequences": [np.array([0, 1, 0])], "order": 2, "symbols": 2}
    ),
    "generation.NGrams.forward": lambda: (
        generation.NGrams([[0, 1, 0]], 2, 2).forward,
        {"x": np.array([[0, 1]]), "state": np.array([[0, 2], [1, 2]])},
    ),
    "gradients.through_time": lambda: (
        gradients.through_time,
        {"layer": layer(), "x": X, "dy": FEW, "state": np.ones((2, 1)), "dstate": np.ones((2, 1))},
    ),
    "gradients.jacobians": lambda: (
        gradients.jacobians, {"layer": (net := layer()), "tape": net.forward(X)[1], "sequence": 1}
    ),
    "gradients.spectral_radius": lambda: (gradients.spectral_radius, {"W": np.eye(2)}),
    "gradients.orthogonal": lambda: (
        gradients.orthogonal, {"size": 2, "rng": rng(), "scale": 1.0}
    ),
    "gradients.norm": lambda: (gradients.norm, STEPPED),
    "gradients.clip_by_norm": lambda: (gradients.clip_by_norm, STEPPED | {"limit": 1.0}),
    "gradients.clip_by_value": lambda: (gradients.clip_by_value, STEPPED | {"limit": 1.0}),
    "gradients.central_differences": lambda: (
        gradients.central_differences, {"f": np.sum, "x": np.ones(2), "step": 1e-5}
    ),
    "gradients.complex_step": lambda: (
        gradients.complex_step, {"f": np.sum, "x": np.ones(2), "step": 1e-30}
    ),
    "gradients.numeric": lambda: (
        gradients.numeric,
        {"layer": layer(), "x": X, "dy": FEW, "state": np.ones((2, 1)), "dstate": np.ones((2, 1)),
         "method": gradients.complex_step},
    ),
    "jordan.trace": lambda: (jordan.trace, {"y": X, "decay": 0.5}),
    "jordan.Jordan": lambda: (jordan.Jordan, SIZES | {"decay": 0.5, "rng": rng()} | TWO),
    "jordan.Jordan.forward": lambda: (
        jordan.Jordan(1, 2, 1, rng=rng()).forward,
        {"x": X, "state": np.ones((2, 1)), "teacher": FEW},
    ),
    "losses.mean_squared_error": lambda: (
        losses.mean_squared_error, {"y": X, "target": FEW, "mask": X[..., 0]}
    ),
    "losses.cross_entropy": lambda: (
        losses.cross_entropy,
        {"logits": X, "classes": np.zeros((4, 2), int), "mask": X[..., 0]},
    ),
    "losses.weights": lambda: (losses.weights, {"mask": X, "shape": (4, 2, 1)}),
    "measures.auc": lambda: (
        measures.auc, {"scores": np.arange(3.0), "positive": np.array([True, False, True])}
    ),
    "measures.surprise_by_counts": lambda: (
        measures.surprise_by_counts, {"seen": "abab", "text": "abb", "before": 1}
    ),
    "networks.Node": lambda: (
        networks.Node,
        {"name": "h", "size": 2, "kind": "hidden", "activation": "tanh", "bias": "b"},
    ),
    "networks.Edge": lambda: (
        networks.Edge, {"source": "h", "target": "y", "delay": 1, "weight": "w"}
    ),
    "networks.Network": lambda: (networks.Network, {"nodes": loop().nodes, "edges": loop().edges}),
    "networks.Network.of_kind": lambda: (loop().of_kind, {"kind": "input"}),
    "networks.Network.into": lambda: (loop().into, {"name": "y"}),
    "networks.classify": lambda: (networks.classify, {"network": loop()}),
    "networks.reach": lambda: (networks.reach, {"network": loop()}),
    "networks.run": lambda: (
        networks.run,
        {"network": loop(), "weights": {"w": np.ones((1, 1)), "g": np.ones((1, 1))}, "x": X,
         "initial": {"y": np.ones((1, 2, 1))}},
    ),
    "notes.bars": lambda: (notes.bars, {"abc": "A2|B", "key": "G"}),
    "notes.eighths": lambda: (notes.eighths, {"abc": "A2|B"}),
    "optimizers.Optimizer.step": lambda: (optimizers.SGD(params(), 0.1).step, STEPPED),
    **{
        f"optimizers.{kind.__name__}": lambda kind=kind: (kind, optimizer(kind)[1]())
        for kind in (optimizers.SGD, optimizers.Adagrad, optimizers.RMSProp, optimizers.Adam)
    },
    "parameters.save": lambda: (parameters.save, {"path": "net.npz", "layer": layer()}),
    "parameters.load": lambda: (parameters.load, {"path": "net.npz", "layer": layer()}),
    "parameters.replaced": lambda: (
        parameters.replaced, {"layer": (net := layer()), "params": dict(net.params)}
    ),
    "parameters.Parameters.update": lambda: (
        lambda values: parameters.Parameters(params()).update(values), {"values": params()}
    ),
    "parameters.params_of": lambda: (parameters.params_of, {"layer": layer()}),
    "seq2seq.EncoderDecoder": lambda: (
        seq2seq.EncoderDecoder, {"encoder": layer(), "decoder": layer()}
    ),
    "seq2seq.EncoderDecoder.decode": lambda: (
        reader().decode, ANSWERING | {"choose": generation.greedy}
    ),
    "seq2seq.EncoderDecoder.beam": lambda: (reader().beam, ANSWERING | {"width": 2}),
    "seq2seq.dictionary": lambda: (seq2seq.dictionary, {"pairs": SAID}),
    **{
        f"seq2seq.{simple.__name__}": lambda simple=simple: (
            simple, {"sources": [["2", "days"]], "pairs": SAID}
        )
        for simple in (seq2seq.word_for_word, seq2seq.nearest, seq2seq.by_example)
    },
    "seq2seq.forced": lambda: (seq2seq.forced, {"answers": [[2, 3], [2]], "start": 0, "end": 1}),
    "prediction.split": lambda: (
        lambda when, starts, lags, ahead: prediction.split(when, starts, lags=lags, ahead=ahead),
        {"when": np.arange(9.0), "starts": 5.0, "lags": 2, "ahead": 2},
    ),
    "prediction.windows": lambda: (
        prediction.windows, {"series": np.arange(9.0), "at": np.array([3, 4]), "lags": 2}
    ),
    "prediction.flattened": lambda: (prediction.flattened, {"x": X}),
    "prediction.following": lambda: (
        prediction.following, {"series": np.arange(9.0), "at": np.array([3, 4]), "ahead": 2}
    ),
    "prediction.persistence": lambda: (
        prediction.persistence, {"series": np.arange(9.0), "at": np.array([3, 4]), "ahead": 2}
    ),
    "prediction.seasonal_naive": lambda: (
        prediction.seasonal_naive,
        {"series": np.arange(9.0), "at": np.array([3, 4]), "period": 2, "ahead": 2},
    ),
    "prediction.season": lambda: (
        prediction.season, {"dates": np.array(["2015-01-01"], "M8[D]"), "harmonics": 2}
    ),
    "prediction.ridge": lambda: (
        prediction.ridge, {"x": np.eye(3), "y": np.arange(3.0), "penalty": 0.1}
    ),
    "prediction.iterated": lambda: (
        prediction.iterated, {"model": last, "past": np.ones((2, 3)), "ahead": 2}
    ),
    "prediction.mean_absolute_error": lambda: (
        prediction.mean_absolute_error, {"forecast": np.ones(3), "truth": np.zeros(3)}
    ),
    "prediction.gain": lambda: (
        prediction.gain,
        {"forecast": np.ones(3), "other": np.ones(3), "truth": np.zeros(3), "block": 1},
    ),
    "sequences.schedule": lambda: (
        sequences.schedule, {"wiring": "encoder-decoder", "length": 3, "answers": 2}
    ),
    "sequences.masks": lambda: (
        sequences.masks, {"wiring": "encoder-decoder", "lengths": [3], "answers": [2]}
    ),
    "sequences.shapes": lambda: (
        sequences.shapes,
        {"problem": "classification", "length": 4, "batch": 2, "inputs": 3, "outputs": 2,
         "wiring": "many-to-one"},
    ),
    "sweep.grid": lambda: (sweep.grid, {"w": [1, 2]}),
    "sweep.sweep": lambda: (
        sweep.sweep, {"function": square, "settings": [{"w": 1, "seed": 0}], "executor": None}
    ),
    "sweep.Table.over": lambda: (lambda names: table().over(names), {"names": "exp"}),
    "tasks.report": lambda: (tasks.report, {"week": [(day, "sun") for day in tasks.DAYS]}),
    "tasks.made_weeks": lambda: (
        tasks.made_weeks,
        {"weeks": [[(day, "sun") for day in tasks.DAYS]], "count": 2, "rng": rng(), "chance": 0.5},
    ),
    "tasks.delayed_bits": lambda: (
        tasks.delayed_bits, {"delay": 1, "steps": 4, "batch": 2, "rng": rng()}
    ),
    "tasks.recall": lambda: (tasks.recall, {"delay": 2, "echo": True}),
    "tasks.plans": lambda: (tasks.plans, {"words": ["AB", "BA"]}),
    "tasks.spelled": lambda: (
        tasks.spelled, {"y": np.ones((2, 1, 2)), "letters": "AB", "silence": 0.5}
    ),
    "tasks.temporal_xor": lambda: (tasks.temporal_xor, {"triples": 2, "batch": 2, "rng": rng()}),
    "tasks.run_together": lambda: (
        tasks.run_together, {"words": ["a", "sea"], "count": 2, "rng": rng()}
    ),
    "tasks.glides": lambda: (
        tasks.glides,
        {"kinds": [0, 1], "onsets": [1, 0], "rng": rng(), "steps": 4, "bands": 3, "noise": 0.1},
    ),
    "tasks.in_binary": lambda: (tasks.in_binary, {"numbers": [2, 3], "steps": 2}),
    "tasks.from_binary": lambda: (tasks.from_binary, {"bits": np.array([0.0, 1.0])}),
    "tasks.additions": lambda: (tasks.additions, {"bits": 2, "batch": 2, "rng": rng()}),
    "tasks.latching": lambda: (
        tasks.latching, {"steps": 2, "batch": 2, "rng": rng(), "variance": 0.1}
    ),
    "tasks.switching": lambda: (
        tasks.switching,
        {"lexicons": [["ab"], ["ba"]], "count": 3, "stay": 0.5, "rng": rng()},
    ),
    "tasks.adding": lambda: (tasks.adding, {"steps": 2, "batch": 2, "rng": rng()}),
    "tasks.latest": lambda: (
        tasks.latest, {"steps": 2, "batch": 2, "rng": rng(), "share": 0.5}
    ),
    "tasks.opinions": lambda: (
        tasks.opinions, {"count": 2, "rng": rng(), "never_negated": ["good", "bad"]}
    ),
    "tasks.deciding": lambda: (tasks.deciding, {"sentence": ["good", "but", "slow"]}),
    "tasks.digit_pairs": lambda: (
        tasks.digit_pairs,
        {"images": np.ones((2, 2, 2)), "labels": np.array([3, 8]), "pairs": [[3, 8, 0], [8, 8, 1]],
         "rng": rng()},
    ),
    "tasks.caption": lambda: (tasks.caption, {"first": 3, "second": 8, "above": 1}),
    "tdnn.TDNN": lambda: (tdnn.TDNN, SIZES | {"window": 2, "rng": rng()} | TWO),
    "training.fit": lambda: (training.fit, fitting()),
    "truncated.chunks": lambda: (truncated.chunks, {"k": 2, "x": X}),
    "truncated.truncated": lambda: (
        truncated.truncated,
        {"layer": layer(), "pieces": [(X, FEW)], "loss": losses.mean_squared_error, "k2": 4,
         "state": np.ones((2, 1))},
    ),
    "truncated.window": lambda: (truncated.window, {"step": 2, "k1": 2, "k2": 4, "steps": 8}),
    "unfolding.at": lambda: (unfolding.at, {"name": "h", "time": 2}),
    "unfolding.unfold": lambda: (unfolding.unfold, {"network": loop(), "steps": 2}),
    "unfolding.Unfolded.inputs": lambda: (
        unfolded().inputs, {"x": {"x": X[:2]}, "initial": {"y": X[:1]}}
    ),
    "unfolding.Unfolded.outputs": lambda: (
        (net := unfolded()).outputs,
        {"values": networks.run(
            net.network, {"w": np.ones((1, 1)), "g": np.ones((1, 1))}, net.inputs({"x": X[:2]})
        )},
    ),
    "unfolding.Unfolded.arriving": lambda: (unfolded().arriving, {"time": 1}),
    "unfolding.Unfolded.way": lambda: (unfolded().way, {"source": "x(1)", "target": "y(2)"}),
    "vanilla.VanillaRNN": lambda: (
        vanilla.VanillaRNN,
        {"inputs": 1, "hidden": 2, "rng": rng(), "activation": "tanh", "dtype": np.float64},
    ),
    "vanilla.AugmentedRNN": lambda: (vanilla.AugmentedRNN, {"layer": layer()}),
    "vanilla.ReadOut": lambda: (
        vanilla.ReadOut,
        {"hidden": 1, "outputs": 2, "rng": rng(), "activation": "tanh", "dtype": np.float64},
    ),
}  # fmt: skip

# What an argument is called in words, where a message does not have its name in the code.
WORDS = {
    ("batches", "given"): "a batch", ("training", "batches"): "batches|a batch",
    ("truncated", "pieces"): "pieces|a batch|a chunk", ("batches", "sequences"): "sequence",
    ("gradients", "gradients"): "gradient", ("optimizers", "gradients"): "gradient",
    ("parameters", "values"): "params|w", ("parameters", "params"): "params|U|W|b",
    ("activations", "name"): "activation", ("losses", "logits"): "logits|classes",
}  # fmt: skip


def spoiled(good):
    """List nonsense for a place that has a good value, by what the good value is."""
    none, odd = [None], [object(), lambda: 0, {1: 2}, {1, 2}, 1j, np.ma.masked, b"3"]
    if isinstance(good, bool):
        return [None, "yes", 2, object()]
    if isinstance(good, int):
        return [
            *none, *odd, "3", True, np.nan, np.inf, -1, -10, 2.5, 3.0, 10**400, -(10**400), [1],
            np.ones(2), np.float64(1),
        ]  # fmt: skip
    if isinstance(good, float):
        return [
            *none, *odd, "0.5", True, np.nan, np.inf, -np.inf, 10**400, [0.5], np.ones(2)
        ]  # fmt: skip
    if isinstance(good, str):
        return [*none, 3, True, np.nan, ["a"], object(), b"tanh", {}, lambda: 0]
    if isinstance(good, np.random.Generator):
        return [*none, 0, "0", object(), np.random.RandomState(0), np.random, np.random.default_rng]
    if isinstance(good, np.ndarray):
        wrong = [np.full(good.shape, np.nan), np.full(good.shape, np.inf)] if good.size else []
        other = "f8" if good.dtype.kind == "M" else "M8[s]"
        return [
            *odd, "text", [[1], [1, 2]], np.array("text"), np.full(good.shape, None),
            np.ma.masked_array(np.ones(good.shape), True), np.ones((2, 1, 3, 1, 5)), ["a"],
            np.full(good.shape, "1"), np.zeros(good.shape, other), *wrong,
        ]  # fmt: skip
    if isinstance(good, list | tuple):
        first = good[0]
        inside = [[bad] for bad in (None, object(), np.nan, "\0", {}, 1j, -1.5)]
        return [*none, *odd, 3, True, np.nan, [], *(inside if len(good) else []), [first, None]]
    if isinstance(good, dict):
        return [
            *none, 3, "text", object(), [1], {1: 2}, {"no": np.ones(2)}, np.ones(2), lambda: 0,
            *({**good, name: bad} for name in good for bad in (
                None, "text", object(), np.ones((5, 5, 5, 5)), np.array([None]), [[1], [1, 2]],
            )),
        ]  # fmt: skip
    if isinstance(good, type | np.dtype):
        return [*none, int, "text", 3, object(), complex, np.float16, [1], {}]
    if callable(good) and inspect.isroutine(good):
        return [*none, 3, "text", object(), [1], np.ones(2)]
    return [*none, 3, "text", object(), {}, np.ones(2), 1j, ["a"], True]


def public():
    """Every public function, class and method of `rnncore`, module.name by module.name."""
    found = set()
    for module, code in MODULES.items():
        if module in INNER:
            continue
        for name, thing in vars(code).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != code.__name__:
                continue
            if inspect.isfunction(thing) and inspect.signature(thing).parameters:
                found.add(f"{module}.{name}")
            elif inspect.isclass(thing) and not issubclass(thing, tuple):
                if name not in RECORDS:
                    found.add(f"{module}.{name}")
                found |= {
                    f"{module}.{name}.{method}"
                    for method, body in vars(thing).items()
                    if inspect.isfunction(body) and not method.startswith("_")
                    and len(inspect.signature(body).parameters) > 1
                }  # fmt: skip
    return {name for name in found if not any(name.endswith(f".{hook}") for hook in HOOKS)}


def arrays_in(value):
    """List the arrays in arguments, to see whether a refused call has changed one."""
    if isinstance(value, np.ndarray):
        return [value.copy()]
    if isinstance(value, dict):
        return [a for part in value.values() for a in arrays_in(part)]
    if isinstance(value, list | tuple):
        return [a for part in value for a in arrays_in(part)]
    return arrays_in(dict(value.params)) if hasattr(value, "params") else []


def same(bad, value):
    """Say whether two values of plain types are equal; arrays are not compared."""
    return type(bad) is type(value) and not isinstance(bad, np.ndarray) and bad == value


def harmless(name, argument, parameter, good, bad):
    """Say whether a value is no nonsense here: what is meant is plain, so it may be accepted."""
    default = parameter.default if parameter else inspect.Parameter.empty
    return any((
        bad is None and default is None,  # as if it were left out
        FREE.get((name, argument), lambda bad: False)(bad),
        (name.split(".")[0], argument) in ELEMENTWISE and _shape_or_kind(bad),
        name in ("bptt.outputs", "bptt.ScalarRNN.forward") and same(bad, [-1.5]),
        same(bad, ["\0"]) and isinstance(good[0], str),  # a letter like any other
        argument in ("batches", "edges", "pieces") and same(bad, []),
        argument == "settings" and same(bad, [{}]),
        name.startswith("optimizers") and argument == "params" and _shape_or_kind(bad),
        argument == "gradients" and same(bad, {1: 2}),  # names are free
        (argument in ("batches", "pieces") or name == "batches.parted")
        and isinstance(bad, list) and len(bad) == 2,  # what is in them is seen late
        name == "unfolding.at" and (same(bad, -1) or same(bad, -10)),  # before the first step
    ))  # fmt: skip


# What only looks like nonsense, by function and argument.
FREE = {
    ("sweep.grid", "w"): lambda bad: isinstance(bad, list),  # choices are of any kind
    ("bptt.outputs", "w"): lambda bad: same(bad, 1j),  # complex steps are taken
    ("bptt.outputs", "g"): lambda bad: same(bad, 1j),
    ("bptt.loss", "w"): lambda bad: same(bad, 1j),
    ("bptt.loss", "g"): lambda bad: same(bad, 1j),
    ("batches.at_end", "answers"): lambda bad: (
        getattr(bad, "ndim", 0) == 5
    ),  # an answer has any shape
    ("batches.at_every_step", "answers"): lambda bad: getattr(bad, "ndim", 0) == 5,
    ("prediction.season", "dates"): lambda bad: getattr(bad, "dtype", "?") == "<U1",  # "1", a year
    # Whatever can be sliced is cut, and looked at where it is used.
    ("truncated.chunks", "x"): lambda bad: isinstance(bad, np.ndarray) and bad.ndim,
}
# Of any shape, and NaN stays NaN.
ELEMENTWISE = {
    ("activations", "z"), ("activations", "logits"), ("bptt", "z"), ("gradients", "gradients"),
    ("gradients", "x"),
}  # fmt: skip


def _shape_or_kind(bad):
    if isinstance(bad, dict):
        return len(bad) > 0 and all(_shape_or_kind(part) for part in bad.values())
    plain = type(bad) is np.ndarray and bad.dtype == np.float64
    return isinstance(bad, float | complex) or plain


def calls(module):
    """Yield what to call, with one argument spoiled, of a module."""
    for name in sorted(n for n in GOOD if n.split(".")[0] == module):
        for argument in GOOD[name]()[1]:
            for k in range(len(spoiled(GOOD[name]()[1][argument]))):
                call, arguments = GOOD[name]()
                arguments = dict(arguments)
                good = arguments[argument]
                bad = arguments[argument] = spoiled(good)[k]
                parameter = inspect.signature(call).parameters.get(argument)
                if not harmless(name, argument, parameter, good, bad):
                    yield name, argument, bad, call, arguments


def outcome(name, argument, call, arguments):
    """Call; return None where it was refused well, else what was wrong."""
    before = arrays_in({k: v for k, v in arguments.items() if k != argument})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = call(**arguments)
            if inspect.isgenerator(result) or hasattr(result, "__next__"):
                next(result)
    except (ValueError, TypeError) as error:
        last = error.__traceback__
        while last.tb_next:
            last = last.tb_next
        here = Path(last.tb_frame.f_code.co_filename).parent == Path(rnncore.__file__).parent
        words = WORDS.get((name.split(".")[0], argument), argument)
        if not here or not re.search(rf"\b({words})", str(error)):
            return f"unclear: {type(error).__name__}: {str(error)[:90]}"
    except Exception as error:
        return f"unclear: {type(error).__name__}: {str(error)[:90]}"
    else:
        return "accepted"
    after = arrays_in({k: v for k, v in arguments.items() if k != argument})
    same = all(np.array_equal(a, b, equal_nan=True) for a, b in zip(before, after, strict=True))
    return None if same else "another argument was changed"


def test_every_public_function_has_a_good_call():
    assert public() == set(GOOD)


@pytest.mark.parametrize("name", GOOD)
def test_the_good_calls_are_good(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parameters.save("net.npz", layer())
    call, arguments = GOOD[name]()
    result = call(**arguments)
    if hasattr(result, "__next__"):
        next(result)


@pytest.mark.parametrize("module", sorted({name.split(".")[0] for name in GOOD}))
def test_nonsense_is_refused_in_words(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parameters.save("net.npz", layer())
    wrong = [
        f"{name}({argument}={arrays.said(bad)}): {found}"
        for name, argument, bad, call, arguments in calls(module)
        if (found := outcome(name, argument, call, arguments))
    ]
    assert not wrong, "\n".join([f"{len(wrong)} calls", *wrong])
