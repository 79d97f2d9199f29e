"""A phrase is read and written word by word: the state between, and what else could be written."""

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player, steady

# Layout in pixels: a row of English words, one of French words, and what could be written.
LEFT, READ, WRITTEN, BARS, HIGH, LETTER, GAP, FULL = 8, 34, 106, 168, 26, 6.6, 10, 120
GUESS = Guess(
    "Guess first: one network never saw a phrase with “weeks ago”. It knows “days ago” and"
    " “weeks”. What will it make of “11 weeks ago”?",
    ("the right phrase", "a good phrase that says something else", "words in no order"),
    "a good phrase that says something else",
    "It writes “11 months ago”: what comes after “il y a 11” it has learned from phrases without"
    " weeks.",
    at=(("11 weeks ago", "two kinds left out"), -1),
)


def phrases(networks, words, *, label="Phrases, translated word by word"):
    """Show how phrases are translated, as a player.

    Parameters
    ----------
    networks : dict of str to dict
        By the name of a network and by the English phrase, the likeliest French words at each
        step, a list of (probability, word), the one that was written first.
    words : dict of str to str
        Which French word an English one stands for, such as `rnncore.seq2seq.dictionary` finds.
    label : str
        What the player is, for those who cannot see it.
    """
    presets = {
        (phrase, name): frames(phrase.split(), steps, words)
        for name, found in networks.items()
        for phrase, steps in found.items()
    }
    return player(
        presets, label=label, handle="word", guess=GUESS, choices=("phrase", "trained on")
    )


def frames(english, steps, words):
    """Draw a `Frame` for each word that is read, and one for each that is written."""
    french = [step[0][1] for step in steps]
    reading = [
        Frame(_drawn(english, k, [], [], words), _read(english[:k]))
        for k in range(1, len(english) + 1)
    ]
    writing = [
        Frame(
            _drawn(english, len(english), french[:t], steps[t - 1], words),
            _wrote(french[:t], steps[t - 1]),
        )
        for t in range(1, len(french) + 1)
    ]
    return steady(reading + writing)


def _read(words):
    if len(words) == 1:
        return f"The encoder has read “{words[0]}”; its state holds one word."
    return f"The encoder has read “{' '.join(words)}”; its state holds {len(words)} words."


def _wrote(words, step):
    (p, word), *others = step
    rest = ", ".join(f"“{other}” {_percent(q)}" for q, other in others if q >= 0.005)
    said = f"The decoder writes “{word}”, probability {_percent(p)}"
    said += f"; then {rest}." if rest else "."
    return f"{said} So far: {' '.join(words)}"


def _percent(p):
    return f"{100 * p:.0f} %"


def _drawn(english, read, french, step, words):
    """Draw one step: words read are lit, and lines join what stands for each other."""
    canvas = Canvas()
    above, below = _places(english), _places(french)
    canvas.text(LEFT, READ - 12, "English, read by the encoder", anchor="start")
    for k, (word, (left, width)) in enumerate(zip(english, above, strict=True)):
        canvas.box(left, READ, width, HIGH, "input", lit=k < read, faint=k >= read)
        canvas.text(left + width / 2, READ + 17, word)
    canvas.text(LEFT, WRITTEN + HIGH + 18, "French, written by the decoder", anchor="start")
    taken = set()
    for word, (left, width) in zip(french, below, strict=True):
        canvas.box(left, WRITTEN, width, HIGH, "output", lit=word is french[-1])
        canvas.text(left + width / 2, WRITTEN + 17, word)
        for k, source in enumerate(english):
            if words.get(source) == word and k not in taken:
                taken.add(k)
                start, wide = above[k]
                ends = (start + wide / 2, READ + HIGH), (left + width / 2, WRITTEN)
                canvas.line(ends, "hidden", width=1.4)
                break
    for row, (p, word) in enumerate(step):
        y = BARS + 18 * row
        canvas.text(LEFT + 74, y + 10, word, anchor="end")
        canvas.bars([(LEFT + 82, y, max(1, round(FULL * p)), 12)], "output", strength=0.7)
        canvas.text(LEFT + 90 + round(FULL * p), y + 10, _percent(p), anchor="start")
    return canvas.svg(340, BARS + 54, least=0.95, most=1.5)


def _places(words):
    """Return left edge and width of the box of each word."""
    found, left = [], LEFT
    for word in words:
        width = max(20, round(LETTER * len(word)) + 10)
        found.append((left, width))
        left += width + GAP
    return found
