"""The exercises of the chapter on sequences."""

import math

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.sequences import masks


def _counts():
    reads, gives = masks("many-to-one", [5, 2, 4])
    return len(reads), int(reads.sum()), int(gives.sum())


def _pairs(series, ahead):
    return tuple(series[:-ahead]), tuple(series[ahead:])


def _best_aligned(letters=4, steps=5):
    """Step t has to name letter steps + 1 - t, which has been read if that is at most t."""
    known = [steps + 1 - t <= t for t in range(1, steps + 1)]
    return sum(1 if k else 1 / letters for k in known) / steps


EXERCISES = {
    "sequences-which": Exercise(
        right=lambda: (3, 4, 1, 2),
        praise="The wristband answers while it measures, the robot has to hear the command to its"
        " end, the tune has one thing to start from, and the page gets one verdict.",
        hints=(
            "Look at what goes in and what comes out of each: one thing, or many?",
            "One in is 1, one out is 2. Where both are many, ask whether an answer comes with each"
            " input or only after the last.",
            "For (a), many measurements go in and many verdicts come out: may the wristband wait"
            " with the first verdict until the last measurement?",
        ),
        mistakes=(
            (
                lambda: (4, 4, 1, 2),
                "look at (a) again: the wristband says something every second, and does not wait"
                " for the end of the night.",
            ),
            (
                lambda: (3, 3, 1, 2),
                "look at (b) again: may the robot move after the first word of the command?",
            ),
            (
                lambda: (4, 3, 1, 2),
                "(a) and (b) are the other way round. Which of the two has to wait for the end?",
            ),
            (
                lambda: (2, 4, 1, 2),
                "look at (a) again: there is an answer every second, not one in all.",
            ),
            (
                lambda: (3, 4, 2, 1),
                "(c) and (d) are the other way round: one-to-many has one input.",
            ),
        ),
        tolerance=0.0,
        places=("(a)", "(b)", "(c)", "(d)"),
    ),
    "sequences-count": Exercise(
        right=_counts,
        praise="The longest review makes T; each word is read once, and each review gets one"
        " answer. So of the 15 places of each mask most of those in gives are 0.",
        hints=(
            "The masks have a column for each review and a row for each step of the batch.",
            "T is common to the three reviews. Ones in reads are words that are read, ones in gives"
            " are answers; padding counts nowhere.",
            "Draw a column for each review, and mark in the second one the two words of the second"
            " review.",
        ),
        mistakes=(
            (lambda: (5, 15, 3), "T and gives are right. Is the padding read as well?"),
            (lambda: (5, 11, 5), "T and reads are right. How many answers has each review?"),
            (lambda: (5, 11, 11), "T and reads are right. How many answers has each review?"),
            (lambda: (5, 11, 1), "T and reads are right. Each review has an answer of its own."),
            (
                lambda: (11, 11, 3),
                "the masks are right. The reviews lie side by side, not one after the other:"
                " which of them makes T?",
            ),
        ),
        tolerance=0.0,
    ),
    "sequences-ahead": FunctionExercise(
        right=_pairs,
        praise="Input and target stand at the same place of their lists, and in the series they"
        " are `ahead` steps apart. The last values have no target yet.",
        hints=(
            "Which is the first value that can be a target, and which is the last that has one?",
            "Both lists are the series with `ahead` values left out, at one of its ends.",
            "With ahead = 2, the first input is series[0] and its target series[2].",
        ),
        cases=(
            ([1.0, 2.0, 3.0, 5.0], 1),
            ([4.0, 3.0, 8.0, 1.0, 7.0], 2),
            ([0.5, 0.1, 0.9, 0.4, 0.2], 4),
        ),
        mistakes=(
            (
                lambda series, ahead: (tuple(series[ahead:]), tuple(series[:-ahead])),
                "this predicts the past from the future: inputs and targets change places.",
            ),
            (
                lambda series, ahead: (tuple(series[:-1]), tuple(series[1:])),
                "this is right for one step ahead only. Where does ahead come in?",
            ),
            (
                lambda series, ahead: (tuple(series), tuple(series[ahead:])),
                "the targets are right. The lists must have the same length: which inputs have"
                " no target?",
            ),
            (
                lambda series, ahead: tuple(zip(series[:-ahead], series[ahead:], strict=True)),
                "these are the right pairs. Give two lists: all the inputs, and all the targets.",
            ),
            (
                lambda series, ahead: (tuple(series), tuple(series)),
                "here the network is asked for what it has just read.",
            ),
        ),
        tolerance=1e-9,
        tells=True,
    ),
    "sequences-early": Exercise(
        right=_best_aligned,
        praise="The first two steps can only guess, right once in four; the middle letter has been"
        " read at the very step where it is asked for, and the last two are remembered.",
        hints=(
            "Ask of each answer whether its letter has been read by the step at which it is due.",
            "A letter that has been read, at this very step or before, can be right every time; one"
            " that has not is a guess among four. Take the mean over the five.",
            "At step 1 the fifth letter is asked for, and only the first has been read.",
        ),
        mistakes=(
            (lambda: 3 / 5, "that is the share it can know. The rest it may still guess."),
            (
                lambda: (3 / 4 + 2) / 5,
                "at step 3 the third letter is asked for, and that is the letter just read.",
            ),
            (
                lambda: _best_aligned(steps=4),
                "that is for words of four letters. Here they have five.",
            ),
            (
                lambda: (2 / 4 + 2) / 5,
                "that counts the letter in the middle as wrong every time. What has been read when"
                " it is due?",
            ),
            (
                lambda: (1 / 4 + 4) / 5,
                "that is with one guess. At how many steps has the letter not been read yet?",
            ),
            (
                lambda: 100 * _best_aligned(),
                "a share lies between 0 and 1; yours is in per cent.",
            ),
            (lambda: 2 / 5, "mind the letter in the middle; and the others may be guessed."),
            (lambda: 1 / 4, "that is for one who only guesses. Some letters have been read."),
            (lambda: 1.0, "how would it know the last letter, at the first step?"),
            (
                lambda: (2 / 5 + 3) / 5,
                "that is a guess among five letters. Here there are four.",
            ),
        ),
    ),
    "sequences-horizon": Exercise(
        right=lambda: math.sqrt(16),
        praise="The error grows with the square root of the time: the steps of a random walk point"
        " this way and that, and partly cancel. Four times as far ahead, twice the error.",
        hints=(
            "Persistence says that s[t + ahead] will be s[t]; how far is it off?",
            "All errors at once are s[ahead:] - s[:-ahead]. Take the root of the mean of their"
            " squares, for ahead = 1 and for ahead = 16, and divide the second by the first.",
            "For ahead = 1: np.sqrt(np.mean((s[1:] - s[:-1]) ** 2)), which is close to 1.",
        ),
        mistakes=(
            (
                lambda: 16,
                "that is the ratio of the mean squared errors, or what you would get if all steps"
                " went the same way. Take the root.",
            ),
            (lambda: 1, "the forecast is the same, and its error grows: compute it for both."),
            (
                lambda: 2,
                "that is for 4 steps ahead, or else the root has been taken twice.",
            ),
        ),
        tolerance=0.1,  # what is measured, 4.03 or 3.98, will do as well
    ),
}
