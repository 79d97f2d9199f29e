"""The contract of all layers, and what each of them has from it."""

import numpy as np

from rnncore.arrays import own, said, sequence, shaped
from rnncore.parameters import Parameters, named


class Layer:
    """y, tape = forward(x, state); dx, gradients, dstate = backward(dy, tape, dstate).

    A layer has two methods of its own, which get arrays that have been checked:
    `_forward(x, state)` returns the tape, a tuple of arrays that knows its `x`, `y` and `state`,
    and `_backward(dy, tape, dstate)` returns what `backward` does.
    The rest is the same for all and stands here, once.

    What a layer hands out cannot change a gradient later: the tape and the outputs, which are part
    of it, are read-only, and an input that its owner may still write to is copied.

    Attributes
    ----------
    inputs, outputs : int
        Features of x and of y; None where any number will do.
    params : Parameters
        Arrays by name, in the letters of the equations.  Setting one copies numbers into it.
    dtype : numpy dtype
        In which it computes; real inputs are converted.  A complex input or parameter, as in
        `rnncore.gradients.complex_step`, makes everything complex.
    size : int
        How many numbers the parameters hold.
    """

    Tape = ()  # what `_forward` returns

    def __init__(self, inputs, outputs, **params):
        self.inputs, self.outputs = inputs, outputs
        self.hold(params)

    def hold(self, params):
        """Take other arrays in place of the parameters; `rnncore.parameters.replaced` does it."""
        self._params = Parameters(params)
        self.dtype = np.result_type(*params.values()) if params else None

    @property
    def params(self):
        """The arrays by name; see the class."""
        return self._params

    @params.setter
    def params(self, values):
        self.params.update(named(values, self.params))

    @property
    def size(self):
        """How many numbers the parameters hold."""
        return sum(value.size for value in self.params.values())

    @property
    def title(self):
        """Kind and sizes: LSTM(3 -> 5)."""
        return f"{type(self).__name__}({self.inputs} -> {self.outputs})"

    def __repr__(self):
        shapes = ", ".join(f"{name} {value.shape}" for name, value in self.params.items())
        return f"{self.title}, {self.size:,} numbers: {shapes}"

    def forward(self, x, state=None, *options):
        """Run over a sequence.

        Parameters
        ----------
        x : array (T, B, I)
            T steps of B sequences.
        state : optional
            What `tape.state` was at the end of the steps before; zeros where it is None.

        Returns
        -------
        y : array (T, B, O)
        tape
            What `backward` needs; `tape.state` is the state after the last step.

        Raises
        ------
        TypeError, ValueError
            Where an argument is no finite array of the right shape, naming both shapes.
        """
        kind = _kind(self.dtype, x, state)
        x = own(sequence(x, self.inputs, "x", kind))
        tape = self._forward(x, self._state(state, x.shape[1], "state", kind), *options)
        for part in tape:
            if isinstance(part, np.ndarray):
                part.setflags(False)  # write
        return tape.y, tape

    def backward(self, dy, tape, dstate=None, *options):
        """Send the gradient of a loss L back through time.

        Parameters
        ----------
        dy : array (T, B, O)
            dL/dy.
        tape
            From the forward pass.
        dstate : optional
            dL/d(last state), from whatever came after; zeros where it is None.

        Returns
        -------
        dx : array (T, B, I)
            dL/dx.
        gradients : dict
            dL/d(parameter), the names of `params`.
        dstate
            dL/d(initial state).

        Raises
        ------
        TypeError, ValueError
            Where `dy` or `dstate` is no finite array of the shape that the tape asks for, or the
            tape is not one of this layer.
        """
        if not isinstance(tape, self.Tape):
            got = f"a {type(tape).__name__}"
            raise TypeError(f"tape must be from the forward pass of {self.title}, got {got}")
        y, inputs = tape.y, tape.x.shape[2]
        if self.inputs not in (None, inputs) or self.outputs not in (None, y.shape[2]):
            got = f"one of {inputs} -> {y.shape[2]}"
            raise ValueError(f"tape must be from the forward pass of {self.title}, got {got}")
        dy = shaped(dy, y.shape, "dy", y.dtype)
        dstate = self._state(dstate, y.shape[1], "dstate", y.dtype)
        return self._backward(dy, tape, dstate, *options)

    def network(self):
        """Describe the layer as a graph of weighted sums (`rnncore.networks`), where it is one."""
        raise TypeError(f"{self.title} is no graph of weighted sums, so it has no network")

    def weights(self):
        """Name the parameters as in the graph."""
        return dict(self.params)

    def state_shape(self, batch):
        """Return the shape of a state of `batch` sequences, or None for a layer without."""
        return None

    def first_state(self, batch):
        """Return the state that None stands for, zeros; or None for a layer without."""
        return self._state(None, batch, "state", self.dtype)

    def _state(self, state, batch, name, dtype):
        """Return a state, or its gradient, that has been checked; zeros where it is None."""
        shape = self.state_shape(batch)
        if state is None:
            return None if shape is None else np.zeros(shape, dtype)
        if shape is None:
            raise ValueError(f"{name} must be None, since {self.title} has none; got {said(state)}")
        return shaped(state, shape, name, dtype)


def _kind(dtype, x, state):
    """Return the type in which to compute: the layer's own, or complex where an input is."""
    if state is None and getattr(x, "dtype", None) is dtype:
        return dtype
    for value in (x, *state) if isinstance(state, (tuple, list)) else (x, state):
        if isinstance(value, np.ndarray) and value.dtype.kind == "c":
            dtype = value.dtype if dtype is None else np.result_type(dtype, value)
    return dtype
