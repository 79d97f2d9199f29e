"""The layers as a jitted `jax.lax.scan`, on one thread, with the gradients that ours give."""

import os

import numpy as np

from rnncore.gated import GRU, LSTM
from rnncore.vanilla import VanillaRNN


def scan(layer, x, dy):
    """Return a call that runs a layer forward and backward in JAX, or None without JAX.

    Gradients of x, of the first state and of the parameters, in the type of x.
    """
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    try:
        import jax
    except ModuleNotFoundError:
        return None
    jax.config.update("jax_enable_x64", True)
    jnp, hidden = jax.numpy, layer.outputs
    sigma = jax.nn.sigmoid

    def vanilla(params, h, drive):
        h = jnp.tanh(drive + h @ params["W"].T)
        return h, h

    def lstm(params, state, drive):
        h, c = state
        i, f, g, o = jnp.split(drive + h @ params["W"].T, 4, axis=1)
        c = sigma(f) * c + sigma(i) * jnp.tanh(g)
        h = sigma(o) * jnp.tanh(c)
        return (h, c), h

    def gru(params, h, drive):
        from_x, from_h = jnp.split(drive, 3, axis=1), jnp.split(h @ params["W"].T, 3, axis=1)
        r, z = (sigma(a + b) for a, b in zip(from_x[:2], from_h[:2], strict=True))
        n = jnp.tanh(from_x[2] + r * (from_h[2] + params["d"]))
        h = (1 - z) * n + z * h
        return h, h

    step = {VanillaRNN: vanilla, LSTM: lstm, GRU: gru}[type(layer)]

    def outputs(params, state, x):
        drive = x @ params["U"].T + params["b"]  # one product for all inputs, as in ours
        _, y = jax.lax.scan(lambda s, now: step(params, s, now), state, drive)
        return y

    @jax.jit
    def gradients(params, state, x, dy):
        y, back = jax.vjp(outputs, params, state, x)
        return y, back(dy)

    zeros = np.zeros((x.shape[1], hidden), x.dtype)
    state = (zeros, zeros) if isinstance(layer, LSTM) else zeros
    params, state, x, dy = jax.device_put((dict(layer.params), state, x, dy))
    return lambda: jax.block_until_ready(gradients(params, state, x, dy))
