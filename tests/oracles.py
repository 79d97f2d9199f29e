"""The same layers, computed by others: PyTorch, and the reference operators of ONNX."""

import numpy as np

from rnncore.deep import Dropout, Stack
from rnncore.elman import Elman
from rnncore.gated import GRU, LSTM
from rnncore.jordan import Jordan
from rnncore.tdnn import TDNN
from rnncore.vanilla import AugmentedRNN, ReadOut, VanillaRNN

# PyTorch and ours have the gates in one order; ONNX has them in its own.
ONNX_ORDER = {VanillaRNN: [0], LSTM: [0, 3, 1, 2], GRU: [1, 0, 2]}
ONNX_NAMES = {"tanh": "Tanh", "identity": "Affine"}  # its reference operator knows no others


def by_torch(torch, layer, x, dy, state, dstate, lengths=None):
    """Run PyTorch; return y, the last state, dx, gradients and dstate as our layers do.

    Where `lengths` are given, the sequences are packed, and end there.
    """
    made = []

    def leaf(a):
        if isinstance(a, tuple | list):
            return tuple(map(leaf, a))
        if a is None:
            return None
        made.append(torch.from_numpy(np.array(a)).requires_grad_())
        return made[-1]

    def numpy_of(a, part):
        if isinstance(a, tuple | list):
            return tuple(numpy_of(one, part) for one in a)
        return None if a is None else part(a)

    def dot(d, s):
        if isinstance(d, tuple | list):
            return sum(map(dot, d, s))
        return 0.0 if d is None else (torch.from_numpy(np.array(d)) * s).sum()

    params = {name: leaf(value) for name, value in layer.params.items()}
    x, first = leaf(x), leaf(state)
    y, last = run(torch, layer, params, x, first, lengths)
    (dot(dy, y) + dot(dstate, last)).backward()
    slope = lambda a: np.zeros(a.shape) if a.grad is None else a.grad.numpy()  # noqa: E731
    value = lambda a: a.detach().numpy()  # noqa: E731
    gradients = {name: slope(p) for name, p in params.items()}
    return value(y), numpy_of(last, value), slope(x), gradients, numpy_of(first, slope)


def run(torch, layer, params, x, state, lengths=None):
    """Compute a layer by PyTorch's modules and functions; return y and the last state."""
    linear = torch.nn.functional.linear
    f = lambda name: {  # noqa: E731
        "tanh": torch.tanh, "relu": torch.relu, "logistic": torch.sigmoid, "identity": lambda z: z,
    }[name]  # fmt: skip
    match layer:
        case Stack():
            last = []
            for k, part in enumerate(layer.layers):
                start = f"{k}."
                own = {n.removeprefix(start): p for n, p in params.items() if n.startswith(start)}
                x, end = run(torch, part, own, x, state[k])
                last.append(end)
            return x, tuple(last)
        case Dropout():
            return x, None
        case ReadOut():
            return f(layer.activation)(linear(x, params["V"], params["c"])), None
        case Elman():
            U, W, b, V, c = params.values()
            h, last = unrolled(torch, f(layer.names[0]), U, W, b, x, state)
            return f(layer.names[1])(linear(h, V, c)), last
        case Jordan():
            U, W, b, V, c = params.values()
            y = []
            for now in x:
                h = f(layer.names[0])(linear(now, U, b) + linear(state, W))
                y.append(f(layer.names[1])(linear(h, V, c)))
                state = layer.decay * state + y[-1]
            return torch.stack(y), state
        case TDNN():
            U, b, V, c = params.values()
            line = torch.cat([state, x])
            # A convolution in time: (B, I, T) and kernels (H, I, w), the newest input last.
            h = torch.nn.functional.conv1d(line.permute(1, 2, 0), U.flip(0).permute(1, 2, 0), b)
            h = f(layer.names[0])(h.permute(2, 0, 1))
            return f(layer.names[1])(linear(h, V, c)), line[len(x) :]
        case AugmentedRNN():
            hidden = layer.outputs
            W, U, b = params["W_b"].split([hidden, layer.inputs, 1], dim=1)
            return unrolled(torch, torch.tanh, U, W, b[:, 0], x, state)
        case VanillaRNN() if layer.activation not in ("tanh", "relu"):
            return unrolled(torch, f(layer.activation), *params.values(), x, state)
    return module(torch, layer, params, x, state, lengths)


def unrolled(torch, f, U, W, b, x, state):
    """Go through the steps of a vanilla layer one by one."""
    h = []
    for now in x:
        state = f(torch.nn.functional.linear(now, U, b) + torch.nn.functional.linear(state, W))
        h.append(state)
    return torch.stack(h), state


def module(torch, layer, params, x, state, lengths):
    """Compute VanillaRNN, LSTM or GRU by PyTorch's module of the kind."""
    kind = {VanillaRNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}[type(layer)]
    rest = {"nonlinearity": layer.activation} if isinstance(layer, VanillaRNN) else {}
    net = kind(layer.inputs, layer.outputs, dtype=x.dtype, **rest)
    own = torch.zeros_like(params["b"])  # PyTorch has a second bias, on the side of the state
    if "d" in params:
        own = torch.cat([own[: -len(params["d"])], params["d"]])
    values = {
        "weight_ih_l0": params["U"], "weight_hh_l0": params["W"], "bias_ih_l0": params["b"],
        "bias_hh_l0": own,
    }  # fmt: skip
    pairs = isinstance(layer, LSTM)
    first = tuple(part[None] for part in state) if pairs else state[None]
    steps = len(x)
    if lengths is not None:
        x = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    y, last = torch.func.functional_call(net, values, (x, first))
    if lengths is not None:
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=steps)
    return y, tuple(part[0] for part in last) if pairs else last[0]


def by_onnx(layer, x, state):
    """Run ONNX's reference operator; return y and the last state."""
    from onnx import helper
    from onnx.reference import ReferenceEvaluator

    U, W, b, *d = (layer.params[name] for name in layer.params)
    hidden, order = W.shape[1], ONNX_ORDER[type(layer)]
    arranged = lambda a: np.concatenate([np.split(a, len(order))[k] for k in order])  # noqa: E731
    own = np.zeros_like(b)
    if d:
        own[-hidden:] = d[0]
    feeds = {
        "X": x,
        "W": arranged(U)[np.newaxis],
        "R": arranged(W)[np.newaxis],
        "B": np.concatenate([arranged(b), arranged(own)])[np.newaxis],
    }
    names, results = ["X", "W", "R", "B", ""], ["Y", "Y_h"]
    parts = state if isinstance(layer, LSTM) else (state,)
    for name, part in zip(("initial_h", "initial_c"), parts, strict=False):
        names.append(name)
        feeds[name] = part[np.newaxis]
    if isinstance(layer, LSTM):
        results.append("Y_c")
    extra = {"linear_before_reset": 1} if isinstance(layer, GRU) else {}
    if isinstance(layer, VanillaRNN):
        extra = {"activations": [ONNX_NAMES[layer.activation]]}
        extra |= {"activation_alpha": [1.0], "activation_beta": [0.0]}
    kind = {VanillaRNN: "RNN", LSTM: "LSTM", GRU: "GRU"}[type(layer)]
    node = helper.make_node(kind, names, results, hidden_size=hidden, **extra)
    kind_of_number = helper.np_dtype_to_tensor_dtype(x.dtype)
    value = lambda name: helper.make_tensor_value_info(name, kind_of_number, None)  # noqa: E731
    graph = helper.make_graph([node], kind, [value(n) for n in feeds], [value(n) for n in results])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])
    y, *last = ReferenceEvaluator(model).run(None, feeds)
    last = [part[0] for part in last]
    return y[:, 0], last if isinstance(layer, LSTM) else last[0]
