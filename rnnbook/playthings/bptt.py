"""The BPTT microscope: a run of `rnncore.bptt`, one calculation a frame, every number in place."""

from html import escape

import ipywidgets as widgets

from rnnbook.pictures.canvas import Canvas, Picture
from rnnbook.pictures.player import Frame, Guess, Player
from rnncore.arrays import instance
from rnncore.bptt import ScalarRNN
from rnncore.rounding import MINUS, rounded


def _presets():
    """Numbers for each example; in the last one only the last answer is wrong."""
    steady = ScalarRNN(3.0, 4.0).forward([1.0] * 5)
    return {
        "the lecture's two steps": {"w": 0.3, "g": 0.4, "x": (0.05, 0.1), "target": (0.6, 0.75)},
        "five steps": {
            "w": 0.5, "g": 0.8, "x": (1.0, 0.0, 0.5, 0.0, 1.0),
            "target": (0.6, 0.7, 0.6, 0.62, 0.9),
        },
        "saturated: the gradient dies": {
            "w": 3.0, "g": 4.0, "x": (1.0,) * 5, "target": (*steady[:4], 0.0),
        },
    }  # fmt: skip


PRESETS = _presets()
GUESS = Guess(
    "Guess first: in the example “saturated” only the last answer is wrong, by nearly 1."
    " How large is δ(1), four steps back, beside δ(5)?",
    ("about as large", "about a hundredth of it", "less than a millionth of it"),
    "less than a millionth of it",
    "Each step back multiplies by g and by f′, which is as small as 0.0009 there.",
    at=("saturated: the gradient dies", 15),
)

# Layout in pixels: from left to right y(0), then a card for each step; from top to bottom
# the error, the unit, its input.
MARGIN, START, GAP, CARD = 8, 42, 62, 84
ERROR, UNIT, INPUT, UPDATE = (8, 42), (84, 90), (238, 26), 290  # (top, height)
HEIGHT = 318
FORTH, BACK = UNIT[0] + 28, UNIT[0] + 42  # where the two arrows between copies run

WORDS = {
    "forward": "Forward",
    "error": "Error",
    "backward": "Backward",
    "increments": "Increments, each η times δ times what came in along the weight",
    "update": "Update, the increments of all copies added to the one weight that they share",
}


def microscope():
    """Show backpropagation through time as a player, from the first product to the new weights.

    In Jupyter it also has sliders and fields, for any weights, inputs and targets.
    """
    return Microscope()


def unfolded(network, x, target, y0=0.0):
    """Picture a `ScalarRNN` unfolded over the steps of a sequence, before anything is computed."""
    run = instance(network, ScalarRNN, "network").bptt(x, target, y0=y0)
    many = len(run.steps)
    return Picture(
        _Drawing(run).whole(height=UPDATE - 20),
        alt=f"{many} copies of the unit side by side, one for each moment."
        " An arrow labelled w leads up into each copy from its input."
        " An arrow labelled g leads from y(0) into the first copy, from each copy into the next."
        " From each copy an arrow leads up to its target.",
        caption=f"The network unfolded over {many} steps: time runs to the right,"
        " and every copy has the same w and g.",
    )


def folded(network):
    """Picture a `ScalarRNN` as it is built: one unit whose output comes back a step later."""
    instance(network, ScalarRNN, "network")
    drawing = Canvas()
    drawing.box(120, 60, CARD, 60, "output")
    drawing.text(160, 94, "unit")
    drawing.box(120, 172, CARD, 26, "input")
    drawing.text(160, 189, "x", "input")
    drawing.arrow([(160, 172), (160, 120)])
    drawing.text(153, 150, f"w {_s(network.w)}", anchor="end")
    drawing.arrow([(160, 60), (160, 22)])
    drawing.text(160, 14, "y", "output")
    drawing.arrow([(160, 44), (270, 30), (270, 92), (200, 90)])
    drawing.text(252, 66, f"g {_s(network.g)}, one step later", anchor="start")
    return Picture(
        drawing.svg(380, 204),
        alt="One unit. An arrow labelled w leads into it from the input x below, an arrow leads out"
        " of it to the output y above. From the output an arrow labelled g, one step later, leads"
        " back into the unit.",
        caption="The same network folded: one unit, and a loop that takes one step of time.",
    )


def frames(run):
    """Draw a `Run` as a list of `Frame`s: before it starts, then one for each calculation."""
    moments = {("start", None): []}
    for line in run.lines():
        moments.setdefault((line.phase, line.t), []).append(line.text)

    many = len(run.steps)
    start = (
        f"Before the run: {many} {'copy' if many == 1 else 'copies'} of one unit, and in each"
        f" the same two weights, w = {rounded(run.w)} and g = {rounded(run.g)}."
    )
    result, known = [], set()
    for (phase, t), lines in moments.items():
        known.add((phase, t))
        when = f", t = {t}" if t else ""
        sentence = f"{WORDS[phase]}{when}: {'; '.join(lines)}." if lines else start
        result.append(Frame(_Drawing(run, known, (phase, t)).whole(), sentence.replace("\n", "; ")))
    return result


class _Drawing(Canvas):
    """The network with the numbers that are `known`, those of `now` lit."""

    def __init__(self, run=None, known=(), now=("start", None)):
        super().__init__()
        self.run, self.known, self.now = run, known, now

    def whole(self, height=HEIGHT):
        """Draw everything that is known, and return the drawing."""
        self.start()
        for step in self.run.steps:
            self.error(step)
            self.unit(step)
            self.feedback(step)
            self.input(step)
        self.update()
        return self.svg(_left(len(self.run.steps)) + CARD + 30, height)

    # What stands where.

    def start(self):
        self.box(MARGIN, UNIT[0] + 12, START, 40, "output")
        self.text(MARGIN + START / 2, UNIT[0] + 28, "y(0)")
        self.text(MARGIN + START / 2, UNIT[0] + 44, _s(self.run.y_before[0]))

    def error(self, step):
        left, known, lit = self.place(step, "error")
        x = left + CARD / 2
        self.box(left, ERROR[0], CARD, ERROR[1], "error", lit=lit, faint=not known)
        self.text(x, ERROR[0] + 17, f"target {_s(step.target)}")
        if known:
            self.text(x, ERROR[0] + 34, f"e {_s(step.error)}", "error", lit=lit)
        bottom = ERROR[0] + ERROR[1]
        self.arrow([(x - 6, UNIT[0]), (x - 6, bottom)], lit=lit, faint=not known)
        if ("backward", step.t) in self.known:
            back = [(x + 6, bottom), (x + 6, UNIT[0])]
            self.arrow(back, "gradient", lit=self.lit("backward", step))

    def unit(self, step):
        left, known, lit = self.place(step, "forward")
        x, top = left + CARD / 2, UNIT[0]
        self.box(
            left,
            top,
            CARD,
            UNIT[1],
            "output",
            faint=not known,
            lit=lit or self.lit("backward", step),
        )
        if known:
            self.text(x, top + 19, f"z {_s(step.z)}", lit=lit)
            self.text(x, top + 38, f"y({step.t}) {_s(step.y)}", "output", lit=lit)
        else:
            self.text(x, top + 38, f"y({step.t})", "output")
        if ("backward", step.t) in self.known:
            lit = self.lit("backward", step)
            self.text(x, top + 58, f"f′ {_s(step.slope)}", lit=lit)
            self.text(x, top + 77, f"δ {_s(step.delta)}", "gradient", lit=lit)

    def feedback(self, step):
        """Draw the edge from the output before: g forth, g δ back, and the increment of g."""
        left, known, lit = self.place(step, "forward")
        x = left - GAP / 2
        self.arrow([(left - GAP, FORTH), (left, FORTH)], lit=lit, faint=not known)
        self.text(x, FORTH - 7, f"g {_s(self.run.g)}", lit=lit)
        earlier = self.lit("backward", step, shift=-1)
        if ("backward", step.t - 1) in self.known:
            self.arrow([(left, BACK), (left - GAP, BACK)], "gradient", lit=earlier)
            self.text(x, BACK + 13, "g δ", "gradient", lit=earlier)
            self.text(x, BACK + 26, _s(self.run.g * step.delta), "gradient", lit=earlier)
        if ("increments", step.t) in self.known:
            lit = self.lit("increments", step)
            self.text(x, BACK + 46, "Δg", "gradient", lit=lit)
            self.text(x, BACK + 59, _s(step.increment_g), "gradient", lit=lit)

    def input(self, step):
        left, known, lit = self.place(step, "forward")
        x, bottom = left + CARD / 2, UNIT[0] + UNIT[1]
        time = step.t - 1 if self.run.convention == "prediction" else step.t
        self.box(left, INPUT[0], CARD, INPUT[1], "input", lit=lit)
        self.text(x, INPUT[0] + 17, f"x({time}) {_s(step.x)}", "input", lit=lit)
        self.arrow([(x, INPUT[0]), (x, bottom)], lit=lit, faint=not known)
        self.text(x - 7, bottom + 36, f"w {_s(self.run.w)}", lit=lit, anchor="end")
        if ("increments", step.t) in self.known:
            lit = self.lit("increments", step)
            self.text(x + 7, bottom + 28, "Δw", "gradient", lit=lit, anchor="start")
            self.text(x + 7, bottom + 42, _s(step.increment_w), "gradient", lit=lit, anchor="start")

    def update(self):
        if self.now[0] == "update":
            for k, (name, old, new) in enumerate(
                (("w", self.run.w, self.run.w_new), ("g", self.run.g, self.run.g_new))
            ):
                sign = "\N{MINUS SIGN}" if new < old else "+"
                words = f"{name}: {_s(old)} {sign} {_s(abs(new - old))} = {rounded(new, 5)}"
                self.text(MARGIN, UPDATE + 18 * k, words, "gradient", lit=True, anchor="start")

    # What is known, and what is lit.

    def place(self, step, phase):
        return _left(step.t), (phase, step.t) in self.known, self.lit(phase, step)

    def lit(self, phase, step, shift=0):
        if phase == "increments" and self.now[0] == "update":
            return True
        return self.now == (phase, step.t + shift)


class Microscope(Player):
    """The player of the presets; with a kernel, sliders and fields for numbers of one's own."""

    OWN = "your own numbers"

    def __init__(self):
        first = next(iter(PRESETS.values()))
        self._controls = {
            "w": widgets.FloatSlider(first["w"], min=-8, max=8, step=0.1, description="w"),
            "g": widgets.FloatSlider(first["g"], min=-8, max=8, step=0.1, description="g"),
            "learning_rate": widgets.FloatSlider(0.5, min=0, max=20, step=0.1, description="η"),
            "x": widgets.Text(_list(first["x"]), description="inputs"),
            "target": widgets.Text(_list(first["target"]), description="targets"),
        }
        self._complaint = widgets.HTML()
        presets = {name: frames(_run(**numbers)) for name, numbers in PRESETS.items()}
        super().__init__(presets, "BPTT microscope, one calculation a frame", 2500, guess=GUESS)
        for control in self._controls.values():
            control.continuous_update = False
            control.observe(lambda change: self._recompute(), "value")
        self.children = (*self.children, *self._controls.values(), self._complaint)

    def _recompute(self):
        """Run with the reader's numbers; where they do not fit, say why and keep the picture."""
        numbers = {name: control.value for name, control in self._controls.items()}
        for name in ("x", "target"):
            numbers[name] = [_typed(word) for word in numbers[name].replace(",", " ").split()]
        try:
            own = frames(_run(**numbers))
        except (TypeError, ValueError) as error:
            self._complaint.value = escape(str(error))
            return
        self._complaint.value = ""
        step = self._slider.value
        self.load({**self.presets, self.OWN: own}, choose=self.OWN)
        self._slider.value = min(step, len(own) - 1)


def _run(w, g, x, target, learning_rate=0.5):
    return ScalarRNN(w, g).bptt(x, target, learning_rate=learning_rate)


def _left(t):
    """Left edge of the card of step t."""
    return MARGIN + START + GAP + (t - 1) * (CARD + GAP)


def _typed(word):
    """Read a number of a text field; what is none stays as it is, for the run to name it."""
    try:
        return float(word)
    except ValueError:
        return word


def _list(numbers):
    return ", ".join(f"{number:g}" for number in numbers)


def _s(value):
    """Four digits, but no more than five decimals: short enough for its place in the picture."""
    if 0 < abs(value) < 1e-4:
        return rounded(value, 2, minus=MINUS)
    return rounded(value, 4, decimals=5, minus=MINUS)
