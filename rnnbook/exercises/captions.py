"""The exercises of the chapter on digits and captions."""

from functools import cache

from rnnbook.exercises import Exercise
from rnncore.datasets import digits

# What is read at a step: a picture of 16 by 16, and one of 28 words or the end, one-hot.
STEPS, BATCH, PIXELS, WORDS = 7, 32, 256, 28

# How often a logistic regression is right about a single digit of another writer.
SINGLE = 0.908
LEFT_OUT = 0.881  # of the digits in pairs that no training picture had


@cache
def _nearest(start=0, stop=4):
    """Return how often the nearest of 1,100 is right about the next 197, by some of the rows."""
    image, label = digits()
    rows = image[:, start:stop].reshape(len(image), -1).astype(int)
    seen, asked = rows[:1100], rows[1100:1297]
    distance = ((asked[:, None] - seen[None]) ** 2).sum(axis=2)
    return float((label[distance.argmin(axis=1)] == label[1100:1297]).mean())


EXERCISES = {
    "captions-shape": Exercise(
        right=lambda: (STEPS, BATCH, PIXELS + WORDS + 1),
        praise="The picture comes at each step, and the word before takes 29 places: the end is a"
        " symbol, too.",
        hints=(
            "The order is that of all layers here: steps, batch, features.",
            "A step is a word that is put out, and the end is put out, too. The features are the"
            " pixels and the word before.",
            "The longest captions are those such as “a two left of a five”: count their words.",
        ),
        mistakes=(
            (
                lambda: (STEPS, BATCH, PIXELS + WORDS),
                "steps and batch are right. Is there a place for the end among the words?",
            ),
            (
                lambda: (BATCH, STEPS, PIXELS + WORDS + 1),
                "these are the right numbers, but time comes first.",
            ),
            (
                lambda: (STEPS - 1, BATCH, PIXELS + WORDS + 1),
                "batch and features are right. After the last word the end is put out.",
            ),
            (
                lambda: (STEPS, BATCH, PIXELS),
                "steps and batch are right. What is read besides the picture?",
            ),
        ),
        tolerance=0.0,
    ),
    "captions-both": Exercise(
        right=lambda: SINGLE**2,
        praise="What was filled in is close to this on known pairs, 81.0 %. On those left out, the"
        f" digits are read with 88.1 %: that squared is {100 * LEFT_OUT**2:.1f} %, near the 76.9 %"
        " there.",
        hints=(
            "A caption is exact only where both digits are right.",
            "If being right about the one says nothing about the other, probabilities multiply.",
            "Of 100 first digits 90.8 are right; of these captions, the same share of the second.",
        ),
        mistakes=(
            (
                lambda: 1 - 2 * (1 - SINGLE),
                "that counts twice the captions in which both are wrong.",
            ),
            (lambda: 1 - (1 - SINGLE) ** 2, "that is for at least one of the two right."),
            (lambda: SINGLE, "so often is one digit right. A caption has two."),
        ),
        tolerance=0.002,
    ),
    "captions-half": Exercise(
        right=_nearest,
        praise="Half of the rows is enough for most digits: the pixels of a picture say much of it"
        " twice.",
        hints=(
            "The nearest picture is KNeighborsClassifier(1), of sklearn.neighbors: it has fit and"
            " score.",
            "data.image[:, :4] has the upper halves; as the rows of a table they are"
            " data.image[:, :4].reshape(1797, 32).",
            "Begin with half = data.image[:, :4].reshape(1797, 32), and fit on half[:1100].",
        ),
        mistakes=(
            (lambda: _nearest(4, 8), "that is for the lower half."),
            (lambda: _nearest(0, 8), "that is for whole pictures."),
        ),
        tolerance=0.008,  # two neighbours may be equally near
    ),
}
