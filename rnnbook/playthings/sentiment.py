"""A sentence read word by word: behind each word, how sure a network is that it is praise."""

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player
from rnncore.arrays import finite

# Layout in pixels: a row for each word, with a bar that goes from the middle to either side.
WORD, LINE, TOP, SIDE = 96, 22, 22, 110


def reading(read, *, label="A sentence, word by word"):
    """Show sentences in some orders as a player: the answer of a network behind each word.

    Parameters
    ----------
    read : dict of (str, str) to (list of str, array (T,))
        For a sentence and an order, as they are called: T words, and behind each the probability
        of praise.  Every sentence has every order; the second is another order of the first.
    label : str
        What the player is, for those who cannot see it.
    """
    presets = {names: frames(words, praise) for names, (words, praise) in read.items()}
    return player(
        presets, label=label, interval=700, handle="word", choices=("sentence", "order"),
        guess=Guess(
            "The words of the first review are put into another order. What becomes of the answer"
            " behind the last word?",
            ("it stays on its side", "it changes sides"), "it stays on its side",
            "Try every order of the three reviews, then those of the made sentences.",
            at=(list(presets)[1], -1),
        ),
    )  # fmt: skip


def frames(words, praise):
    """Draw a `Frame` behind each of the words; see `reading`."""
    praise = finite(praise, "praise")
    if praise.shape != (len(words),):
        raise ValueError(f"praise must have shape ({len(words)},), got {praise.shape}")
    return [Frame(_drawn(words, praise, k), _sentence(words, praise, k)) for k in range(len(words))]


def _drawn(words, praise, now):
    """Draw all words, and the bars of those that have been read."""
    canvas, middle, height = Canvas(), WORD + SIDE, TOP + LINE * len(words)
    canvas.text(WORD, TOP - 8, "blame", "error", anchor="start")
    canvas.text(WORD + 2 * SIDE, TOP - 8, "praise", "output", anchor="end")
    for k, (word, p) in enumerate(zip(words, praise, strict=True)):
        base = TOP + LINE * k + 15
        canvas.text(WORD - 10, base, word, anchor="end", lit=k == now)
        if k <= now:
            x = middle + 2 * SIDE * (p - 0.5)
            left, width = min(x, middle), abs(x - middle)
            colour, strength = ("output" if p > 0.5 else "error"), 1.0 if k == now else 0.45
            canvas.bars(
                [(round(left), base - 12, round(width), LINE - 6)], colour, strength=strength
            )
    canvas.line([(middle, TOP), (middle, height)], strength=0.5)
    return canvas.svg(WORD + 2 * SIDE + 6, height + 6, least=0.9, most=1.4)


def _sentence(words, praise, now):
    answer = "praise" if praise[now] > 0.5 else "blame"
    if now:
        before = " Before, it was " + ("praise." if praise[now - 1] > 0.5 else "blame.")
        changed = (praise[now] > 0.5) != (praise[now - 1] > 0.5)
    else:
        before, changed = "", False
    end = " This is the answer." if now == len(words) - 1 else ""
    return (
        f"Behind “{words[now]}”, word {now + 1} of {len(words)}: {praise[now]:.2f} for praise, so"
        f" {answer}.{before if changed else ''}{end}"
    )
