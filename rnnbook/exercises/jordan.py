"""The exercises of the chapter on Jordan's network."""

from functools import cache

import numpy as np

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.jordan import Jordan, trace
from rnncore.losses import mean_squared_error
from rnncore.optimizers import Adam
from rnncore.tasks import plans, spelled


def _held(outputs, decay):
    """Return what one state unit holds before each step, and after the last."""
    return tuple(trace(np.reshape(outputs, (-1, 1, 1)), decay).ravel().tolist())


def _held_and_no_more(outputs, decay):
    return _held(outputs, decay)[:-1]


def _held_late(outputs, decay):
    return _held(outputs, decay)[1:]


def _held_faded_at_once(outputs, decay):
    return tuple(decay * value for value in _held(outputs, decay))


def _held_without_decay(outputs, decay):
    return (0.0, *outputs)


def _held_averaged(outputs, decay):
    return tuple((1 - decay) * value for value in _held(outputs, decay))


def _held_by_hand(decay=0.8):
    return _held([1.0, 0.0, 1.0, 0.0], decay)


def _least_loss(word):
    """Compute the least mean squared error of a network that sees its last output only."""
    _, target, _ = plans([word])
    error = 0.0
    before = ["", *word[:-1]]
    for last in set(before):
        steps = [t for t, letter in enumerate(before) if letter == last]
        error += ((target[steps] - target[steps].mean(axis=0)) ** 2).sum()
    return float(error / target.size)


@cache
def _enough():
    """Find the smallest number of steps after which ANANAS is spelled, with decay 0.4."""
    x, target, letters = plans(["ANANAS"])
    for steps in (250, 500, 1000, 2000):
        rng = np.random.default_rng(0)
        net = Jordan(1, 16, len(letters), decay=0.4, rng=rng, output_activation="logistic")
        optimizer = Adam(net.params, rate=0.01)
        for _ in range(steps):
            y, tape = net.forward(x, teacher=target)
            optimizer.step(net.backward(mean_squared_error(y, target)[1], tape)[1])
        if spelled(net.forward(x)[0], letters) == ["ANANAS"]:
            return steps
    return None


EXERCISES = {
    "jordan-by-hand": Exercise(
        right=lambda: _held_by_hand()[4],
        praise="The newer output, of step 3, has faded once, and the older one three times.",
        hints=(
            "The first of the three equations of the network says what a state unit holds.",
            "Go step by step: 0.8 times what it held, plus what was put out.",
            "Before step 1 it holds 0, before step 2 it holds 1, before step 3 it holds 0.8.",
        ),
        mistakes=(
            (
                lambda: _held_by_hand()[3],
                "that is what it holds before step 4. One more step, with an output of 0.",
            ),
            (
                lambda: 0.8 * _held_by_hand()[4],
                "an output comes in with weight 1 and does not fade on its way into the state"
                " unit. Only what the unit held itself is multiplied by the decay.",
            ),
            (
                lambda: _held([0.0, 0.0, 1.0, 0.0], 0.8)[4],
                "something of the output at step 1 is left too.",
            ),
            (
                lambda: 0.2 * _held_by_hand()[4],
                "that is a weighted mean. The state unit adds up, it does not take a mean.",
            ),
        ),
        tolerance=0.005,
    ),
    "jordan-half": Exercise(
        right=lambda: 0.5 ** (1 / 10),
        praise="Ten factors give one half, so each of them is the tenth root of it.",
        hints=(
            "Look at the sum of what was put out: which factor does an old output have there?",
            "Ten steps later the decay to the power of ten is left of it; set that to one half.",
            "The number that gives one half when it is multiplied by itself ten times is a root.",
        ),
        mistakes=(
            (lambda: 0.5**10, "that is what the decay 0.5 leaves after ten steps."),
            (
                lambda: 0.5 ** (1 / 9),
                "that is for nine steps. The question counts ten from where it stood in full.",
            ),
            (
                lambda: 0.5 ** (1 / 11),
                "that is for eleven steps. The question counts ten from where it stood in full.",
            ),
            (
                lambda: 1 - 0.5 / 10,
                "that takes the same amount away at each step. A trace loses the same share.",
            ),
            (lambda: 0.1**0.5, "the root and the number under it have changed places."),
        ),
        tolerance=0.001,
    ),
    "jordan-state-units": FunctionExercise(
        right=_held,
        praise="This is all the memory that the network has, and nothing of it is trained.",
        hints=(
            "It is the first of the three equations, for one unit.",
            "Keep a list, and for each output append one entry, made of the last entry, the decay"
            " and the output.",
            "Begin with held = [0.0]; the last entry is held[-1].",
        ),
        cases=(
            ([1.0, 0.0, 1.0], 0.5),
            ([0.25, 0.5, 0.75, 1.0], 0.9),
            ([1.0, 0.5], 0.0),
            ([0.5], 0.3),
        ),
        mistakes=(
            (_held_and_no_more, "one entry is missing: what is held after the last step."),
            (_held_late, "the first entry is missing: before step 1 the unit holds 0."),
            (
                _held_faded_at_once,
                "the output itself comes in with weight 1. The decay is for what was held.",
            ),
            (_held_without_decay, "that is right for decay 0. Where does the old trace stay?"),
            (_held_averaged, "that is a weighted mean. The state unit adds up."),
        ),
        tolerance=1e-9,
    ),
    "jordan-least-loss": Exercise(
        right=lambda: _least_loss("TATTOO"),
        praise="Three times the network holds a T and nothing else, and each time another letter"
        " is due: its best is to say one third of each.",
        hints=(
            "Write the letter before under each letter of TATTOO: where is it the same, and another"
            " letter due?",
            "At such steps the best output is the mean of the targets. Sum the squared errors over"
            " these steps and all outputs, and divide by 6 times 3.",
            "Three steps come after a T, and there A, T and O are due: the mean of each output's"
            " three targets is 1/3.",
        ),
        mistakes=(
            (
                lambda: 18 * _least_loss("TATTOO"),
                "that is the sum. The loss is the mean, over 6 steps and 3 outputs.",
            ),
            (
                lambda: 3 * _least_loss("TATTOO"),
                "that is the mean over the 6 steps of the sum over the outputs. The loss is the"
                " mean over the 3 outputs, too.",
            ),
            (
                lambda: 2 * _least_loss("TATTOO"),
                "that is the mean over the three steps after a T, and also what it costs to say"
                " one letter for sure. At the other three steps the network can be right, and"
                " after a T a doubtful answer costs less.",
            ),
            (
                lambda: _least_loss("TATTOO") / 3,
                "that counts one of the three steps after a T. All three have an error.",
            ),
            (
                lambda: _least_loss("ABAC"),
                "that is the value for A B A C. After a T, three different letters are due.",
            ),
            (
                lambda: 3 * (3 * 0.5**2) / 18,
                "one half is not the mean: of three targets, one is 1 and two are 0.",
            ),
        ),
        tolerance=0.005,
    ),
    "jordan-enough": Exercise(
        right=_enough,
        praise="It was a case of not yet: the loss goes down all the time, and the states before"
        " steps 4 and 6 differ by 0.4 to the power of 3 in N.",
        hints=(
            "It is what was done with A B A C for 1, 50, 100 and 500 steps.",
            "For each number of steps make a fresh network, train it with the targets, and print"
            " spelled(net.forward(x)[0], letters).",
            "x, target, letters = plans(['ANANAS']), and in the loop net = fresh(0.4, 0,"
            " ['ANANAS']).",
        ),
        mistakes=(
            (
                lambda: 500,
                "what does the network spell after 500 steps when it runs freely, by forward"
                " without a teacher?",
            ),
            (lambda: 2000, "it spells the word then, but it did so earlier."),
        ),
        tolerance=0.0,
    ),
}
