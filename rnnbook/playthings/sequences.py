"""Pictures of wirings, from the schedule itself, and a player that goes through their steps."""

from rnnbook.pictures.canvas import Canvas, Picture
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import instance, text
from rnncore.sequences import PROBLEMS, Schedule, schedule

# What each preset reads and gives, word for word: examples of what should be put out.
PRESETS = {
    "sequence-to-sequence": (
        "sequence-to-sequence", "encoder-decoder", "I am cold", "j’ai froid",
    ),
    "sequence-to-sequence, aligned": (
        "sequence-to-sequence", "aligned", "she reads old books", "pron. verb adj. noun",
    ),
    "prediction, at the end": (
        "prediction", "many-to-one", "sun sun rain rain sun", "sun",
    ),
    "prediction, at every step": (
        "prediction", "aligned", "the cat sat on the", "cat sat on the mat",
    ),
    "classification": (
        "classification", "many-to-one", "not bad at all", "good",
    ),
    "generation": (
        "generation", "one-to-many", "picture", "a dog on a beach",
    ),
}  # fmt: skip
GUESS = Guess(
    "Guess first: the encoder-decoder below puts “I am cold” into French, “j’ai froid”. After how"
    " many of the three English words does “j’ai” come?",
    ("one", "two", "three"),
    "three",
    "After two words it might still be “je suis”; only “cold” makes it “j’ai”. And this wiring"
    " reads everything before it answers.",
    at=4,
)

# Layout in pixels: a column for each step; from top to bottom output, hidden state, input, time.
MARGIN, BOX, GAP = 8, (52, 30), 12
OUTPUT, HIDDEN, INPUT, TIME = 8, 80, 152, 202
HEIGHT = 212


def picture(plan, *, caption=None):
    """Picture a `Schedule` unfolded over its steps: what is read below, what is given above."""
    instance(plan, Schedule, "plan")
    words = f"{plan.wiring}." if caption is None else text(caption, "caption")
    return Picture(_Drawing(plan).whole(), describe(plan), words[0].upper() + words[1:])


def describe(plan):
    """Say in words what the picture of a schedule shows."""
    reads = [t for t, read in enumerate(plan.reads, start=1) if read]
    gives = [t for t, given in enumerate(plan.gives, start=1) if given]
    back = [t for t, fed in enumerate(plan.feeds_back, start=1) if fed]
    said = (
        f"{plan.steps} hidden states in a row, with an arrow from each to the next."
        f" An input leads into {_steps(reads)}. An answer leaves {_steps(gives)}."
    )
    return said + (f" The answer before leads into {_steps(back)}." if back else "")


def frames(plan, reads, gives):
    """Draw a schedule as a list of `Frame`s: before it starts, then one for each step.

    Parameters
    ----------
    plan : rnncore.sequences.Schedule
    reads, gives : sequences of str
        What each input and each answer is, in a short word.

    Raises
    ------
    ValueError
        Where there are not as many words as inputs, or as answers.
    """
    for name, given, wanted in ("reads", reads, plan.inputs), ("gives", gives, plan.answers):
        if len(given) != wanted:
            raise ValueError(f"{name} must hold {wanted} words, got {len(given)}")
    drawn = [_Drawing(plan, reads, gives, now=t).whole() for t in range(plan.steps + 1)]
    said = [_start(plan), *(_sentence(plan, reads, gives, t) for t in range(1, plan.steps + 1))]
    return [Frame(svg, sentence) for svg, sentence in zip(drawn, said, strict=True)]


def stepper():
    """Show the wirings as a player: choose a problem, go through its steps."""
    presets = {}
    for name, (problem, wiring, reads, gives) in PRESETS.items():
        reads, gives = reads.split(), gives.split()
        assert wiring in PROBLEMS[problem].wirings
        length = len(gives) if wiring == "one-to-many" else len(reads)
        plan = schedule(wiring, length, len(gives) if wiring == "encoder-decoder" else None)
        presets[name] = frames(plan, reads, gives)
    return player(
        presets, label="What is read and what is given, step by step", interval=1800,
        handle="step", guess=GUESS,
    )  # fmt: skip


class _Drawing(Canvas):
    """A schedule with the words that are known up to step `now`; without words, all of it."""

    def __init__(self, plan, reads=None, gives=None, now=None):
        super().__init__()
        self.plan, self.reads, self.gives, self.now = plan, reads, gives, now

    def whole(self):
        """Draw every step, and return the drawing."""
        for t in range(1, self.plan.steps + 1):
            self.step(t)
        width = 2 * MARGIN + self.plan.steps * (BOX[0] + GAP) - GAP
        return self.svg(width, HEIGHT)

    def step(self, t):
        plan, left = self.plan, _left(t)
        x = left + BOX[0] / 2
        style = {"lit": t == self.now, "faint": self.now is not None and t > self.now}
        if t > 1:
            y = HIDDEN + BOX[1] / 2
            self.arrow([(left - GAP, y), (left, y)], **style)
        self.box(left, HIDDEN, *BOX, "hidden", **style)
        self.words(x, HIDDEN, f"h({t})", "hidden", style)
        if plan.reads[t - 1]:
            self.arrow([(x, INPUT), (x, HIDDEN + BOX[1])], **style)
            self.box(left, INPUT, *BOX, "input", **style)
            word = self.reads[t - 1] if self.reads else f"x({t})"
            self.words(x, INPUT, word, "input", style)
        if plan.gives[t - 1]:
            self.arrow([(x, HIDDEN), (x, OUTPUT + BOX[1])], **style)
            self.box(left, OUTPUT, *BOX, "output", **style)
            word = self.gives[t - plan.first] if self.gives else f"y({t})"
            self.words(x, OUTPUT, "?" if style["faint"] else word, "output", style)
        if plan.feeds_back[t - 1]:
            start = (left - GAP - 10, OUTPUT + BOX[1])
            self.arrow([start, (left + 10, HIDDEN)], "output", **style)
        self.text(x, TIME, f"t = {t}", lit=style["lit"])

    def words(self, x, top, words, colour, style):
        self.text(x, top + BOX[1] / 2 + 4, words, colour, lit=style["lit"])


def _left(t):
    """Left edge of the boxes of step t."""
    return MARGIN + (t - 1) * (BOX[0] + GAP)


def _steps(steps):
    """Name steps: "step 2", "steps 2 to 5"."""
    return f"step {steps[0]}" if len(steps) == 1 else f"steps {steps[0]} to {steps[-1]}"


def _start(plan):
    many, few = plan.inputs, plan.answers
    name = plan.wiring.name
    return (
        f"{name[0].upper() + name[1:]}. Before the first step: h(0) is zero, nothing has been read."
        f" There will be {many} input{'s' * (many > 1)} and {few} answer{'s' * (few > 1)}."
    )


def _sentence(plan, reads, gives, t):
    """Say what happens at step t."""
    if plan.reads[t - 1]:
        before = f" and the hidden state h({t - 1})" if t > 1 else ""
        source = f"reads “{reads[t - 1]}”{before}"
    elif plan.feeds_back[t - 1]:
        last = gives[t - 1 - plan.first]
        source = f"no input; it has h({t - 1}), and may read its last answer, “{last}”"
    else:
        source = f"all is read; what it knows is in h({t - 1})"
    answer = f"gives “{gives[t - plan.first]}”" if plan.gives[t - 1] else "its output is not used"
    return f"Step {t} of {plan.steps}: {source}; {answer}."
