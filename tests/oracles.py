"""The same layers, computed by others: PyTorch, and the reference operators of ONNX."""

import numpy as np

from rnncore.gated import GRU, LSTM
from rnncore.vanilla import VanillaRNN

# PyTorch and ours have the gates in one order; ONNX has them in its own.
ONNX_ORDER = {VanillaRNN: [0], LSTM: [0, 3, 1, 2], GRU: [1, 0, 2]}


def torch_layer(torch, layer):
    """Make PyTorch's layer with the parameters of ours."""
    U, W, b, *d = layer.params.values()
    kind = {VanillaRNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}[type(layer)]
    net = kind(U.shape[1], W.shape[1], dtype=getattr(torch, str(U.dtype)))
    own = np.zeros_like(b)  # PyTorch has a second bias, on the side of the state
    if d:
        own[-len(d[0]) :] = d[0]
    with torch.no_grad():
        values = {"weight_ih": U, "weight_hh": W, "bias_ih": b, "bias_hh": own}
        for name, value in values.items():
            getattr(net, f"{name}_l0").copy_(torch.from_numpy(value))
    return net


def by_torch(torch, layer, x, dy, state, dstate, lengths=None):
    """Run PyTorch; return y, the last state, dx, gradients and dstate as our layers do.

    Where `lengths` are given, the sequences are packed, and end there.
    """
    net = torch_layer(torch, layer)
    pairs = isinstance(layer, LSTM)
    leaf = lambda a: torch.from_numpy(np.array(a)).requires_grad_()  # noqa: E731
    x = leaf(x)
    first = [leaf(part[np.newaxis]) for part in (state if pairs else (state,))]
    into = x
    if lengths is not None:
        into = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    y, last = net(into, tuple(first) if pairs else first[0])
    if lengths is not None:
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=len(x))
    lasts, dlasts = (last, dstate) if pairs else ((last,), (dstate,))
    loss = (y * torch.from_numpy(dy)).sum()
    for part, dpart in zip(lasts, dlasts, strict=True):
        loss = loss + (part[0] * torch.from_numpy(dpart)).sum()
    loss.backward()

    array = lambda t: t.detach().numpy()  # noqa: E731
    gradients = {"U": net.weight_ih_l0, "W": net.weight_hh_l0, "b": net.bias_ih_l0}
    gradients = {name: array(p.grad) for name, p in gradients.items()}
    if isinstance(layer, GRU):
        gradients["d"] = array(net.bias_hh_l0.grad)[-len(layer.params["d"]) :]
    give = tuple if pairs else lambda parts: next(iter(parts))
    return (
        array(y),
        give(array(part)[0] for part in lasts),
        array(x.grad),
        gradients,
        give(array(part.grad)[0] for part in first),
    )


def by_onnx(layer, x, state, lengths=None):
    """Run ONNX's reference operator; return y and the last state."""
    from onnx import TensorProto, helper
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
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.DOUBLE, None)  # noqa: E731
    graph = helper.make_graph([node], kind, [value(n) for n in feeds], [value(n) for n in results])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])
    y, *last = ReferenceEvaluator(model).run(None, feeds)
    last = [part[0] for part in last]
    return y[:, 0], last if isinstance(layer, LSTM) else last[0]
