"""The same layers, computed by others: PyTorch, and the reference operators of ONNX."""

import numpy as np

from rnncore.deep import Stack
from rnncore.gated import GRU, LSTM
from rnncore.vanilla import VanillaRNN

# PyTorch and ours have the gates in one order; ONNX has them in its own.
ONNX_ORDER = {VanillaRNN: [0], LSTM: [0, 3, 1, 2], GRU: [1, 0, 2]}


def parts_of(layer):
    """List the layers of a stack, or the one layer."""
    return layer.layers if isinstance(layer, Stack) else [layer]


def torch_layer(torch, layer):
    """Make PyTorch's layer with the parameters of ours, or its stack of such layers."""
    parts = parts_of(layer)
    U, W = parts[0].params["U"], parts[0].params["W"]
    kind = {VanillaRNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}[type(parts[0])]
    net = kind(U.shape[1], W.shape[1], len(parts), dtype=getattr(torch, str(U.dtype)))
    with torch.no_grad():
        for k, part in enumerate(parts):
            U, W, b, *d = part.params.values()
            own = np.zeros_like(b)  # PyTorch has a second bias, on the side of the state
            if d:
                own[-len(d[0]) :] = d[0]
            values = {"weight_ih": U, "weight_hh": W, "bias_ih": b, "bias_hh": own}
            for name, value in values.items():
                getattr(net, f"{name}_l{k}").copy_(torch.from_numpy(value))
    return net


def by_torch(torch, layer, x, dy, state, dstate, lengths=None):
    """Run PyTorch; return y, the last state, dx, gradients and dstate as our layers do.

    Where `lengths` are given, the sequences are packed, and end there.
    """
    net, parts = torch_layer(torch, layer), parts_of(layer)
    stacked, pairs = isinstance(layer, Stack), isinstance(parts[0], LSTM)
    leaf = lambda a: torch.from_numpy(np.array(a)).requires_grad_()  # noqa: E731

    def together(state):
        """Our states as PyTorch's: h, or h and c, of shape (layers, B, H) each."""
        layers = [s if pairs else (s,) for s in (state if stacked else (state,))]
        return [np.stack(part) for part in zip(*layers, strict=True)]

    def apart(arrays):
        """PyTorch's states as ours."""
        layers = zip(*(a.detach().numpy() for a in arrays), strict=True)
        states = tuple(s if pairs else s[0] for s in layers)
        return states if stacked else states[0]

    x, first = leaf(x), [leaf(part) for part in together(state)]
    into = x
    if lengths is not None:
        into = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    y, last = net(into, tuple(first) if pairs else first[0])
    if lengths is not None:
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=len(x))
    last = last if pairs else (last,)
    loss = (y * torch.from_numpy(dy)).sum()
    for part, dpart in zip(last, together(dstate), strict=True):
        loss = loss + (part * torch.from_numpy(dpart)).sum()
    loss.backward()

    gradients = {}
    for k, part in enumerate(parts):
        prefix = f"{k}." if stacked else ""
        found = {"U": "weight_ih", "W": "weight_hh", "b": "bias_ih", "d": "bias_hh"}
        for name, value in part.params.items():
            gradient = getattr(net, f"{found[name]}_l{k}").grad.numpy()
            gradients[prefix + name] = gradient[-len(value) :]
    return (
        y.detach().numpy(),
        apart(last),
        x.grad.numpy(),
        gradients,
        apart([p.grad for p in first]),
    )


def by_onnx(layer, x, state):
    """Run ONNX's reference operator; return y and the last state."""
    from onnx import helper
    from onnx.reference import ReferenceEvaluator

    U, W, b, *d = layer.params.values()
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
    kind = {VanillaRNN: "RNN", LSTM: "LSTM", GRU: "GRU"}[type(layer)]
    node = helper.make_node(kind, names, results, hidden_size=hidden, **extra)
    kind_of_number = helper.np_dtype_to_tensor_dtype(x.dtype)
    value = lambda name: helper.make_tensor_value_info(name, kind_of_number, None)  # noqa: E731
    graph = helper.make_graph([node], kind, [value(n) for n in feeds], [value(n) for n in results])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])
    y, *last = ReferenceEvaluator(model).run(None, feeds)
    last = [part[0] for part in last]
    return y[:, 0], last if isinstance(layer, LSTM) else last[0]
