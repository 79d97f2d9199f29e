"""What a network and a table write, by temperature, and by how long the network has learned."""

from rnnbook.pictures.canvas import Canvas
from rnnbook.pictures.player import Frame, Guess, player

ROW, LETTER, WIDE = 17, 7.0, 42  # pixels of a line and of a letter, letters of a line
LEFT = 8
GUESS = Guess(
    "At temperature 0.2, what will the trained network write?",
    ("letters without sense", "the commonest words, again and again", "rare words"),
    "the commonest words, again and again",
    "A low temperature leaves only what is most probable, and soon that is the same again.",
    at=-1,
)


def writing(growing, letters, temperatures, *, label="What is written, while a network learns"):
    """Show what a network writes after so many steps, at each temperature, beside a table.

    Parameters
    ----------
    growing : list of dict
        The rows of the table and of the network, as `experiments.generation_text` keeps them.
    letters : sequence of str
        The alphabet, in which `symbols` are places.
    temperatures : list of float
    label : str
        What the player is, for those who cannot see it.
    """
    table, network = growing
    presets = {f"{t:g}": frames(table, network, letters, k, t) for k, t in enumerate(temperatures)}
    return player(
        presets, label=label, interval=1200, handle="steps", guess=GUESS, choices=("temperature",)
    )


def frames(table, network, letters, k, temperature):
    """Draw a `Frame` for each moment of the training, at the temperature of the k-th entry."""
    other = _text(table["symbols"][0][k], letters)
    result = []
    for m, after in enumerate(network["after"]):
        canvas = Canvas()
        title = f"the network, after {after:,} steps"
        below = _paragraph(canvas, 14, title, "output", _text(network["symbols"][m][k], letters))
        height = _paragraph(canvas, below + 10, "the table", "input", other)
        svg = canvas.svg(LEFT + WIDE * LETTER + 8, height, least=1, most=1.5)
        words, theirs = (round(100 * row["words"][i][k]) for row, i in ((network, m), (table, 0)))
        sentence = (
            f"Temperature {temperature:g}: after {after:,} steps {words} of 100 words are in the"
            f" pages that were read, of the table's {theirs}; the network needs"
            f" {network['bits'][m]:.2f} bits a character, the table {table['bits'][0]:.2f}."
        )
        result.append(Frame(svg, sentence))
    return result


def _text(symbols, letters):
    """Return what was written, in lines; the sign ¶ stands for the end of a paragraph."""
    text = "".join(letters[s] for s in symbols).replace("\n", "¶")
    return [text[start : start + WIDE] for start in range(0, len(text), WIDE)]


def _paragraph(canvas, top, title, colour, lines):
    """Write a title and lines below it; return where the next may begin."""
    canvas.text(LEFT, top, title, colour, lit=True, anchor="start")
    for k, line in enumerate(lines, start=1):
        canvas.typed(LEFT, top + ROW * k, line, LETTER)
    return top + ROW * (len(lines) + 1)
