"""The same digits elsewhere: small layers of rnncore, and the same in PyTorch and in Keras.

    python -m tools.elsewhere

What comes out is kept in rnnbook/results/elsewhere.json, from which book/elsewhere.ipynb reads it.
The page shows `to_torch`, `to_keras` and `in_order` as they stand here, so their lines are short.
Keras computes with PyTorch underneath; both are there after `make oracles`.
"""

import json
import os
import sys

import numpy as np

from experiments import machine
from rnncore.gated import GRU, LSTM
from rnncore.vanilla import VanillaRNN
from tools.notebooks import ROOT

TARGET = ROOT / "rnnbook" / "results" / "elsewhere.json"
LAYERS = {"RNN": VanillaRNN, "LSTM": LSTM, "GRU": GRU}
T, B, I, H = 3, 2, 3, 2  # noqa: E741

# fmt: off
# The page shows what stands between here and the end of this.


def to_torch(torch, kind, params):
    """Make it with our parameters."""
    net = getattr(torch.nn, kind)(
        I, H, dtype=torch.float64)
    p = {name: torch.from_numpy(value.copy())
         for name, value in params.items()}
    net.weight_ih_l0.data = p["U"]
    net.weight_hh_l0.data = p["W"]
    net.bias_ih_l0.data = p["b"]
    net.bias_hh_l0.data.zero_()
    if kind == "GRU":
        net.bias_hh_l0.data[-H:] = p["d"]
    return net


def in_order(a):
    """Exchange reset and update gate."""
    r, z, n = np.split(a, 3)
    return np.concatenate([z, r, n])


def to_keras(keras, kind, params):
    """Make it with our parameters."""
    name = "SimpleRNN" if kind == "RNN" else kind
    net = getattr(keras.layers, name)(
        H, return_sequences=True)
    net.build((None, None, I))
    U, W, b = (params[name] for name in "UWb")
    if kind == "GRU":
        own = np.zeros(3 * H)
        own[-H:] = params["d"]
        U, W = in_order(U), in_order(W)
        b, own = in_order(b), in_order(own)
        b = np.stack([b, own])
    net.set_weights([U.T, W.T, b])
    return net


# fmt: on


def made(kind):
    """Make a layer and its inputs, all numbers random, the biases too; by NumPy's rule alone."""
    rng = np.random.default_rng(0)
    layer = LAYERS[kind](I, H, rng=rng)
    for value in layer.params.values():
        value += rng.normal(size=value.shape)
    return layer, rng.normal(size=(T, B, I))


def in_rnncore(layer, x):
    """Return outputs and gradients of the loss, half the sum of their squares."""
    y, tape = layer.forward(x)
    dx, gradients, _ = layer.backward(y, tape)
    return {"y": y, "dx": dx} | {f"d{name}": g for name, g in gradients.items()}


def in_torch(kind, layer, x):
    """Return the same by PyTorch, arranged as ours."""
    import torch

    net = to_torch(torch, kind, layer.params)
    x = torch.from_numpy(x.copy()).requires_grad_()
    y, _ = net(x)
    (y**2).sum().div(2).backward()
    found = {"y": y.detach(), "dx": x.grad, "dU": net.weight_ih_l0.grad}
    found |= {"dW": net.weight_hh_l0.grad, "db": net.bias_ih_l0.grad}
    if kind == "GRU":
        found["dd"] = net.bias_hh_l0.grad[-H:]
    return {name: value.numpy() for name, value in found.items()}


def in_keras(kind, layer, x):
    """Return the same by Keras, arranged as ours: there the batch comes first."""
    os.environ["KERAS_BACKEND"] = "torch"
    import keras
    import torch

    keras.config.set_floatx("float64")
    net = to_keras(keras, kind, layer.params)
    x = torch.from_numpy(x.swapaxes(0, 1).copy()).requires_grad_()
    y = net(x)
    (y**2).sum().div(2).backward()
    dU, dW, db = (weight.value.grad.numpy() for weight in net.weights)
    found = {"y": y.detach().numpy().swapaxes(0, 1), "dx": x.grad.numpy().swapaxes(0, 1)}
    if kind == "GRU":  # to change the first two places once more brings them back
        found |= {"dU": in_order(dU.T), "dW": in_order(dW.T), "db": in_order(db[0])}
        return found | {"dd": db[1][-H:]}
    return found | {"dU": dU.T, "dW": dW.T, "db": db}


def compared(kind):
    """Return what the three libraries give for a kind of layer, as lists of numbers."""
    layer, x = made(kind)
    found = {
        "rnncore": in_rnncore(layer, x),
        "PyTorch": in_torch(kind, layer, x),
        "Keras": in_keras(kind, layer, x),
    }
    return {
        library: {name: np.asarray(value).ravel().tolist() for name, value in values.items()}
        for library, values in found.items()
    }


def main():
    """Compare all layers and keep what was found."""
    found = {kind: compared(kind) for kind in LAYERS}
    import keras
    import torch

    processor, versions = machine()
    versions |= {"torch": torch.__version__.split("+")[0], "keras": keras.__version__}
    head = {"command": "python -m tools.elsewhere", "processor": processor, "versions": versions}
    TARGET.write_text(json.dumps(head | {"layers": found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
