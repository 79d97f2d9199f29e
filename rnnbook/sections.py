"""Where the chapter explains what an exercise asks: the heading to read again after a mistake.

For the instructor's page on a class (`rnnbook.classpage`); the tests hold the headings to those of
the notebooks.
"""

import re
import unicodedata

_BY_HEADING = {
    "networks": """
        Three classes: by-eye
        A memory that ends, a memory that fades: reach fade
        Build one, edge by edge: every-second
        What “recurrent” means, and what it does not: cancel
        """,
    "sequences": """
        Four wirings: which
        A wiring is two masks: count
        Four types of problems: ahead
        One example: words backwards: early
        A baseline beside every result: horizon
        """,
    "tdnn": """
        The equation: count respond
        The window moves along: stack
        Where the window ends: window
        What a shift does: tunes
        """,
    "jordan": """
        A fading trace: by-hand half state-units
        What the decay is good for: least-loss
        Right when taught, wrong alone: enough
        """,
    "elman": """
        A copy of the hidden layer: count
        What Elman left out of the gradient: by-hand
        Where does a word begin?: auc
        Did it find the words?: on-no
        """,
    "unfolding": """
        Many arrows, few matrices: arrows
        The same answers: before loop
        Three networks side by side: way
        What unfolding costs: gigabyte
        """,
    "bptt": """
        One weight, two places: steepest
        The chain rule, backwards in time: recursion
        The whole example, on paper: by-hand
        Five steps, as the lecture writes them: where-from
        Where this leads: sixteen
        """,
    "vanilla": """
        The same, with one matrix: shape
        Back through time, line by line: step-back loop
        Checked from outside: transpose
        A puzzle: can a matrix add?: subtract
        """,
    "gradients": """
        The way back: diagonal back
        Two numbers of a matrix: turning
        Clipping: clip
        Play with the length: balance
        """,
    "truncated": """
        Carry the state, cut the gradient: by-hand cut reset
        Two numbers: cost
        Play: which copies does an error reach?: reach
        """,
    "deep": """
        Two depths: ways
        The way back: a grid of gradients: corner rows
        What a second layer costs: count
        What does each layer hold?: reach
        """,
    "gated": """
        One cell, four steps: by-hand
        The LSTM: count
        How long a cell remembers: half
        The GRU: two gates tied: gru
        What comes back at the start: bias
        """,
    "bugs": """
        Exhibit 2: one unit, two weights: blame
        Exhibit 3: a gradient in chunks: cut
        Exhibit 4: one step of an LSTM: gate
        Exhibit 5: a whole LSTM: peephole
        Exhibit 6: a stream in chunks: carried
        Exhibit 7: batch first: exchange
        Exhibit 8: a mean that leaves out the padding: mask
        Exhibit 9: the last answer: padding
        Exhibit 10: a network and its loss: softmax
        """,
    "weather": """
        From days to arrays: gap
        The test year: paired
        First without a network: ahead
        """,
    "stocks": """
        From prices to returns: returns
        The test years: coin
        The plot that deceives: walk
        """,
    "shopping": "First without a network: follows share cheapest",
    "dna": """
        Look at the data first: chance rule
        What it gets wrong: confusion
        """,
    "anomalies": """
        First without a network: monday
        The labels are opened: auc alarms
        """,
    "sentiment": """
        First without a network: bayes pairs
        Where order decides: ceiling
        """,
    "text": """
        First without a network: unseen short
        Play with the temperature: temperature
        """,
    "music": """
        Look at the data first: bar upbeats
        What it gets wrong: again
        """,
    "captions": """
        Two digits and a relation: shape
        First without a network: both
        A digit, row by row: half
        """,
    "demand": """
        From a series to forecasts: begins
        First without a network: mape level
        """,
    "dates": """
        Two networks and a state: forced beam
        First without a network: few
        """,
    "reports": """
        From a log to arrays: by-hand words
        What it gets wrong: fog
        """,
}


def _read():
    for chapter, text in _BY_HEADING.items():
        for line in filter(None, map(str.strip, text.splitlines())):
            heading, _, names = line.rpartition(": ")
            yield from ((f"{chapter}-{name}", heading) for name in names.split())


SECTIONS = dict(_read())


def anchor(heading):
    """Return the place of a section on its page, as docutils names it.

    >>> anchor("Which number is “right”?")
    'which-number-is-right'
    """
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
