"""A run of `rnncore.bptt` written out as one writes it on paper: as a table, or line by line.

The standard library only.
"""

from functools import partial

from rnncore.rounding import factor, rounded

# A number that is given stands as it is; one that was computed keeps all four digits.
computed = partial(rounded, zeros=True)


class Line:
    """One line of the calculation: its phase, its step (None for the update), and its equations."""

    def __init__(self, phase, t, *sides):
        self.phase, self.t, self.sides = phase, t, sides

    def __str__(self):
        """One side under the other, the equality signs in a column, as one writes on paper."""
        indent = " " * self.sides[0].index("=")
        return f"\n{indent}= ".join(self.sides)

    @property
    def text(self):
        """All in one line."""
        return " = ".join(self.sides)


def lines(run):
    """List the calculation of a `Run` as `Line`s, in the order in which one does it by hand."""
    w, g, eta = (factor(v) for v in (run.w, run.g, run.learning_rate))
    shift, backward = run.shift, run.steps[::-1]
    result = [
        Line("forward", s.t,
             f"y({s.t}) = f(w x({s.t + shift}) + g y({s.t - 1}))",
             f"f({w} × {factor(s.x)} + {g} × {factor(s.y_before)})",
             f"f({computed(s.z)}) = {computed(s.y)}")
        for s in run.steps
    ] + [
        Line("error", s.t,
             f"e({s.t}) = target - y({s.t})",
             f"{rounded(s.target)} - {computed(s.y)} = {computed(s.error)}")
        for s in run.steps
    ]  # fmt: skip
    later = 0.0  # δ(t+1): nothing comes after the last step
    for s in backward:
        result.append(
            Line("backward", s.t,
                 f"δ({s.t}) = f'(z({s.t})) (e({s.t}) + g δ({s.t + 1}))",
                 f"{computed(s.slope)} × ({computed(s.error)} + {g} × {factor(later)})",
                 computed(s.delta))
        )  # fmt: skip
        later = s.delta
    for s in backward:
        for name, source, value, increment in (
            ("w", f"x({s.t + shift})", s.x, s.increment_w),
            ("g", f"y({s.t - 1})", s.y_before, s.increment_g),
        ):
            result.append(
                Line("increments", s.t,
                     f"Δ{name}({s.t}) = η δ({s.t}) {source}",
                     f"{eta} × {factor(s.delta)} × {factor(value)} = {computed(increment)}")
            )  # fmt: skip
    for name, old, increments, new in (
        ("w", run.w, run.increment_w, run.w_new),
        ("g", run.g, run.increment_g, run.g_new),
    ):
        total = " ".join(f"{'-' if v < 0 else '+'} {computed(abs(v))}" for v in increments)
        result.append(Line("update", None, f"new {name} = {rounded(old)} {total}", rounded(new, 5)))
    return result


def text(run):
    """Write the calculation of a `Run` out, phase by phase."""
    written, phase = [], None
    for line in lines(run):
        if line.phase != phase:
            phase = line.phase
            written += ["", phase.upper()]
        written.append(str(line))
    return "\n".join(written[1:])


def table(run):
    """Write a `Run` as a table with a column for each step, and the update below it."""
    x, before = f"x({_time(run.shift)})", f"y({_time(-1)})"
    rows = [
        (x, "x", rounded),
        (before, "y_before", computed),
        (f"z = w {x} + g {before}", "z", computed),
        ("y = f(z)", "y", computed),
        ("f'(z)", "slope", computed),
        ("target", "target", rounded),
        ("e = target - y", "error", computed),
        ("g δ(t+1)", "from_later", computed),
        ("δ = f' (e + g δ(t+1))", "delta", computed),
        (f"Δw = η δ {x}", "increment_w", computed),
        (f"Δg = η δ {before}", "increment_g", computed),
    ]
    written = [" " * 24 + "".join(f"{f't = {s.t}':>10}" for s in run.steps)]
    for label, name, write in rows:
        values = (f"{write(getattr(s, name)):>10}" for s in run.steps)
        written.append(f"{label:24}{''.join(values)}")
    return "\n".join(written + [line.text for line in lines(run)[-2:]])


def _time(offset):
    """'t' for 0, 't-1' for -1."""
    return f"t{offset:+d}" if offset else "t"
