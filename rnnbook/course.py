"""The book as a course: what each exercise is for, and plans of ninety minutes a session.

Titles, minutes and what a plaything asks are read from the chapters when the page for teachers is
built (theme/course.py); tests/test_course.py refuses what the chapters do not have.
"""

from typing import NamedTuple

SESSION = 90  # minutes
READING = 60  # minutes that a session may ask for beforehand, at most
SPARE = 5, 20  # minutes of a session for questions, at least and at most

# Of each chapter, for each thing that one can do afterwards: the exercises that try it.
OBJECTIVES = {
    "networks": ("by-eye reach", "fade cancel", "every-second", "by-eye cancel"),
    "sequences": ("which", "count ahead", "early", "horizon"),
    "tdnn": ("respond", "count stack respond", "tunes", "window tunes"),
    "jordan": ("by-hand half state-units", "least-loss", "enough", "least-loss enough"),
    "elman": ("by-hand", "count", "by-hand", "auc on-no"),
    "unfolding": ("before loop", "arrows before", "way", "gigabyte"),
    "bptt": ("where-from steepest", "by-hand", "recursion sixteen"),
    "vanilla": ("shape", "loop", "step-back loop", "transpose", "subtract"),
    "gradients": ("diagonal back", "diagonal turning", "clip", "balance"),
    "truncated": ("cost", "by-hand cut reset", "cost by-hand", "reach"),
    "deep": ("ways", "corner rows", "count", "reach"),
    "gated": ("by-hand", "by-hand gru", "half bias", "count"),
    "bugs": (
        "softmax mask",
        "blame cut carried exchange padding",
        "blame cut gate peephole carried exchange mask padding softmax",
    ),
    "weather": ("gap", "ahead", "paired"),
    "stocks": ("returns", "walk", "coin"),
    "shopping": ("follows", "share", "cheapest"),
    "dna": ("chance", "rule", "confusion"),
    "anomalies": ("monday", "auc", "alarms"),
    "sentiment": ("pairs", "bayes pairs", "ceiling"),
    "text": ("temperature", "unseen short", "short"),
    "music": ("bar", "upbeats", "again"),
    "captions": ("shape", "both", "half"),
    "demand": ("begins", "level", "mape"),
    "dates": ("forced", "beam", "few"),
    "reports": ("by-hand", "words", "fog"),
}


class Lesson(NamedTuple):
    """What a teacher brings to a chapter.

    `show` and `skip` are headings of it, `ask` opens the hour, `wrong` is what usually goes wrong.
    """

    show: str
    ask: str
    wrong: str
    skip: tuple


LESSONS = {
    "networks": Lesson(
        "Three classes",
        "Two boxes get a single 1, and then zeros. Can you tell by watching which of them will"
        " never finish?",
        "*Recurrent* is taken for *reads sequences*. A time-delay network reads sequences too, and"
        " has no cycle.",
        ("Four networks, classified by their own plans",),
    ),
    "sequences": Lesson(
        "Four wirings",
        "Think of a problem of your own: what is read, what is given, and does the first answer"
        " come before the last input?",
        "The wiring is taken for a kind of network. It is only which inputs are read and which"
        " outputs are asked for; the weights do not know of it.",
        ("One example: words backwards",),
    ),
    "tdnn": Lesson(
        "One value after the other",
        "A pattern may come at any time. What would a fully connected network have to learn that"
        " this one has built in?",
        "A window is taken for a memory that only has to be made longer. Ask what lies one step"
        " before its edge.",
        ("A convolution in time",),
    ),
    "jordan": Lesson(
        "The network",
        "A B A C: you see only the letter that you called last. Where do you get stuck?",
        "State units are taken for hidden units. They hold what was put out, and nothing else.",
        ("A little of it, put out after all",),
    ),
    "elman": Lesson(
        "A copy of the hidden layer",
        "Elman's training treats the context as an ordinary input. What does the gradient then not"
        " know?",
        "A low error is taken for knowledge. Put the counts of letters beside it.",
        ("Three memories side by side",),
    ),
    "unfolding": Lesson(
        "One copy for each step",
        "Here is a network with a cycle. With which box do you begin?",
        "Copies are taken for new weights. Count the matrices for one step and for a hundred.",
        ("When the sequence never ends",),
    ),
    "bptt": Lesson(
        "The chain rule, backwards in time",
        "How strongly should the first step be corrected for the sake of the second answer?",
        "The factor g is forgotten on the way back, or an error of zero is taken for a δ of zero.",
        ("Beside the lecture's numbers", "Two ways to number the inputs"),
    ),
    "vanilla": Lesson(
        "Back through time, line by line",
        "Which shape has the gradient of W, and why does it not depend on the length of the"
        " sequence?",
        "Rows and columns: the text writes U x, the code `x @ U.T`. Have each shape said aloud.",
        ("The same, with one matrix",),
    ),
    "gradients": Lesson(
        "The way back",
        "A fifth more at every step: how much is that after fifty steps?",
        "A spectral radius above 1 is taken for an explosion. With a squashing function it need"
        " not be one: the plaything has a radius of 5.",
        ("The cliff", "Latching one bit"),
    ),
    "truncated": Lesson(
        "Carry the state, cut the gradient",
        "A stream has no end. What may be forgotten on the way forward, and what on the way back?",
        "*Cut* is heard as *set to zero*. The state crosses the cut, the gradient does not.",
        ("How near is the truncated gradient?",),
    ),
    "deep": Lesson(
        "Two depths",
        "How many ways lead from the first input to the last output?",
        "A better loss is put down to depth. Two layers also have more weights: compare at equal"
        " numbers of them.",
        ("What does each layer hold?",),
    ),
    "gated": Lesson(
        "Multiply, or add",
        "A cell is to keep a number for a hundred steps. What should its forget gate say?",
        "It is believed that an LSTM has no vanishing gradients. Only the direct path is kept"
        " alive, and only while the forget gate is near 1.",
        ("What comes back at the start",),
    ),
    "bugs": Lesson(
        "Three tools",
        "The loss falls nicely. What could still be wrong?",
        "One looks for the fault by reading. Have a test written first: another way to the same"
        " number.",
        ("Exhibit 5: a whole LSTM",),
    ),
    "weather": Lesson(
        "First without a network",
        "What would you say of tomorrow if you knew only today?",
        "A curve that looks right is taken for a good forecast. Draw that of the day before beside"
        " it, which looks as right.",
        ("Try it on your own data",),
    ),
    "dna": Lesson(
        "The test that tells",
        "Two stretches overlap, one in training and one in the test. What does the result mean?",
        "Without the rule of two pairs of letters beside it, every network looks clever.",
        ("What it gets wrong",),
    ),
    "text": Lesson(
        "First without a network",
        "How far back does one have to look to guess the next letter?",
        "A nice sample is taken for a good model. Samples persuade, bits measure.",
        ("Try it on your own data",),
    ),
    "dates": Lesson(
        "Two networks and a state",
        "Which phrases should be missing from training, so that a right answer proves something?",
        "In training the decoder is given the right word before, in use its own. Who mixes them up"
        " gets a fine loss and bad sentences.",
        ("What it gets wrong",),
    ),
}  # fmt: skip


class Session(NamedTuple):
    """Ninety minutes: chapters to read before, steps, and exercises for afterwards.

    A step is its minutes, what is done, and with what: "20 show networks" is the section that the
    lesson names, "10 play networks" the plaything, "10 exercise networks-fade" one exercise.
    """

    title: str
    read: str
    steps: tuple
    after: str


BEGIN = Session(
    "Networks with a past", "networks sequences",
    ("25 test first", "5 ask networks", "15 show networks", "10 play networks",
     "10 exercise networks-by-eye", "15 show sequences"),
    "networks-fade sequences-which",
)  # fmt: skip
BY_HAND = Session(
    "Unfolding, and backpropagation through time by hand", "unfolding bptt",
    ("5 ask unfolding", "10 show unfolding", "10 play unfolding", "25 show bptt",
     "20 exercise bptt-by-hand", "10 play bptt"),
    "unfolding-arrows bptt-recursion",
)  # fmt: skip
MATRICES = Session(
    "The layer in matrices", "vanilla",
    ("5 ask vanilla", "25 show vanilla", "10 play vanilla", "10 exercise vanilla-shape",
     "15 exercise vanilla-step-back", "15 exercise vanilla-transpose"),
    "vanilla-loop vanilla-subtract",
)  # fmt: skip
GATES = Session(
    "Gates", "gated",
    ("5 ask gated", "25 show gated", "15 play gated", "20 exercise gated-by-hand",
     "15 exercise gated-half"),
    "gated-gru gated-count",
)  # fmt: skip
MEASURED = Session(
    "A forecast and a verdict", "weather dna",
    ("5 ask weather", "15 show weather", "10 play weather", "10 exercise weather-paired",
     "5 ask dna", "15 show dna", "10 play dna", "10 exercise dna-confusion"),
    "weather-ahead dna-rule",
)  # fmt: skip
END = Session(
    "Letters and sentences", "text dates",
    ("5 ask text", "10 show text", "10 play text", "5 ask dates", "10 show dates",
     "10 play dates", "25 test last"),
    "text-unseen dates-beam",
)  # fmt: skip

PLANS = {
    4: (
        BEGIN,
        BY_HAND,
        Session(
            "Matrices, and what becomes of gradients", "vanilla gradients",
            ("15 show vanilla", "10 exercise vanilla-shape", "5 ask gradients",
             "20 show gradients", "15 play gradients", "15 exercise gradients-turning"),
            "vanilla-step-back gradients-clip",
        ),
        Session(
            "Gates, and an honest forecast", "gated weather",
            ("5 ask gated", "15 show gated", "10 play gated", "5 ask weather",
             "10 show weather", "10 play weather", "25 test last"),
            "gated-by-hand weather-paired",
        ),
    ),
    8: (
        BEGIN,
        Session(
            "Feedback from the output, and from within", "jordan elman",
            ("5 ask jordan", "10 show jordan", "10 play jordan", "10 exercise jordan-by-hand",
             "5 ask elman", "15 show elman", "10 play elman", "15 exercise elman-by-hand"),
            "jordan-least-loss elman-on-no",
        ),
        BY_HAND,
        MATRICES,
        Session(
            "A long way back, and where to cut it", "gradients truncated",
            ("5 ask gradients", "15 show gradients", "10 play gradients",
             "10 exercise gradients-turning", "5 ask truncated", "15 show truncated",
             "10 play truncated", "10 exercise truncated-by-hand"),
            "gradients-balance truncated-reach",
        ),
        GATES,
        MEASURED,
        END,
    ),
    12: (
        Session(
            "Static, dynamic, recurrent", "networks",
            ("25 test first", "5 ask networks", "20 show networks", "10 play networks",
             "10 exercise networks-by-eye", "10 exercise networks-reach"),
            "networks-fade networks-cancel",
        ),
        Session(
            "Four types of problems", "sequences",
            ("10 ask sequences", "20 show sequences", "10 play sequences",
             "10 exercise sequences-which", "10 exercise sequences-count",
             "20 exercise sequences-early"),
            "sequences-ahead sequences-horizon",
        ),
        Session(
            "A window, and feedback from the output", "tdnn jordan",
            ("5 ask tdnn", "15 show tdnn", "10 play tdnn", "10 exercise tdnn-window",
             "5 ask jordan", "10 show jordan", "10 play jordan", "15 exercise jordan-by-hand"),
            "tdnn-stack jordan-least-loss",
        ),
        Session(
            "Feedback from within", "elman",
            ("5 ask elman", "25 show elman", "15 play elman", "20 exercise elman-by-hand",
             "15 exercise elman-count"),
            "elman-auc elman-on-no",
        ),
        BY_HAND,
        MATRICES,
        Session(
            "A long way back", "gradients",
            ("5 ask gradients", "25 show gradients", "20 play gradients",
             "15 exercise gradients-turning", "15 exercise gradients-clip"),
            "gradients-back gradients-balance",
        ),
        Session(
            "Cuts and layers", "truncated deep",
            ("5 ask truncated", "15 show truncated", "10 play truncated",
             "10 exercise truncated-by-hand", "5 ask deep", "15 show deep", "10 play deep",
             "10 exercise deep-count"),
            "truncated-reach deep-corner",
        ),
        GATES,
        Session(
            "The museum of bugs", "bugs",
            ("5 ask bugs", "15 show bugs", "10 play bugs", "15 exercise bugs-blame",
             "15 exercise bugs-cut", "20 exercise bugs-mask"),
            "bugs-gate bugs-softmax",
        ),
        MEASURED,
        END,
    ),
}  # fmt: skip


def parts(step):
    """Take a step apart.

    >>> parts("10 exercise networks-fade")
    (10, 'exercise', 'networks-fade')
    """
    minutes, kind, name = step.split(" ")
    return int(minutes), kind, name


def spare(session):
    """Return the minutes that the steps of a session leave for questions.

    >>> spare(BY_HAND)
    10
    """
    return SESSION - sum(parts(step)[0] for step in session.steps)


def tried(chapter):
    """Return the labels of the exercises that try each objective of a chapter.

    >>> tried("weather")
    [['weather-gap'], ['weather-ahead'], ['weather-paired']]
    """
    return [[f"{chapter}-{name}" for name in names.split()] for names in OBJECTIVES[chapter]]
