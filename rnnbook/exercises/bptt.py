"""The exercises of the chapter on backpropagation through time."""

from functools import cache

from rnnbook.exercises import Exercise, FunctionExercise
from rnncore.bptt import ScalarRNN


@cache
def _five():
    x, target = [1.0, 0.0, 0.5, 0.0, 1.0], [0.6, 0.7, 0.6, 0.62, 0.9]
    return ScalarRNN(w=0.5, g=0.8).bptt(x, target)


@cache
def _by_hand(g=-2.0):
    return ScalarRNN(w=1.0, g=g).bptt([1.0, 0.0], [0.5, 0.5], y0=0.5, learning_rate=1.0)


@cache
def _three():
    return ScalarRNN(w=0.3, g=0.4).bptt([0.1] * 3, [0.75] * 3)


def _slopes_of_w():
    return [step.delta * step.x for step in _three().steps]


def _deltas(errors, slopes, g):
    """delta(t) = f'(z(t)) (e(t) + g delta(t+1)), from the last step to the first."""
    deltas, later = [], 0.0
    for error, slope in zip(reversed(errors), reversed(slopes), strict=True):
        later = slope * (error + g * later)
        deltas.append(later)
    return tuple(reversed(deltas))


def _deltas_backwards(errors, slopes, g):
    return _deltas(errors, slopes, g)[::-1]


def _deltas_from_the_front(errors, slopes, g):
    return _deltas(errors[::-1], slopes[::-1], g)[::-1]


def _deltas_without_future(errors, slopes, g):
    return _deltas(errors, slopes, 0.0)


def _deltas_slope_on_error_only(errors, slopes, g):
    weighted = [error * slope for error, slope in zip(errors, slopes, strict=True)]
    return _deltas(weighted, [1.0] * len(slopes), g)


EXERCISES = {
    "bptt-where-from": Exercise(
        right=lambda: _five().y[2],
        praise="The increment of a weight is η times δ times what came in along that weight."
        " Along g, y(3) came into the fourth copy.",
        hints=(
            "Look at the unfolded picture, with five copies: the arrow g that leads into copy 4.",
            "The slope of a weight is what comes in along its arrow. Which copy does this arrow"
            " come from, and what does that copy send?",
            "The increment is η δ(t) y(t-1). Put t = 4.",
        ),
        mistakes=(
            (lambda: _five().y[3], "that is y(4), which the fourth copy puts out."),
            (
                lambda: _five().x[3],
                "that is x(3), which comes in along w. The question is about g.",
            ),
            (
                lambda: _five().g,
                "that is the weight g itself. Its slope is what comes in along it.",
            ),
            (lambda: _five().delta[3], "that is δ(4), the factor before the dots."),
        ),
    ),
    "bptt-by-hand": Exercise(
        right=lambda: _by_hand().delta[0],
        praise="Nothing is wrong at the first step, and yet it has to move, for the sake of"
        " the second: y(2) is too low, and the negative g says that y(1) has to fall.",
        hints=(
            "The rule for δ needs the step after, so the whole forward pass comes first.",
            "Go in the order y(1), y(2), e(1), e(2), δ(2), and then δ(1), with"
            " δ(1) = y(1) (1 - y(1)) (e(1) + g δ(2)).",
            "The first net input is 1 · 1 + (-2) · 0.5 = 0. What is f there, and so y(1)?",
        ),
        mistakes=(
            (
                lambda: _by_hand().slope[0] * _by_hand().error[0],
                "that is what y(1) does to its own error. It also comes back into y(2).",
            ),
            (
                lambda: _by_hand().error[0] + _by_hand().from_later[0],
                "the sum in the brackets is right. It still has to pass f' of the first step.",
            ),
            (
                lambda: _deltas(_by_hand().error, [1.0, 1.0], -2.0)[0],
                "the errors are right, and both still have to pass the slope f' of their step.",
            ),
            (
                lambda: _by_hand(g=2.0).delta[0],
                "that is δ(1) of a network whose g is 2. Here g is -2, forwards too.",
            ),
            (lambda: -_by_hand().delta[0], "mind the sign of g."),
            (lambda: _by_hand().delta[1], "that is δ(2). One more step back."),
        ),
    ),
    "bptt-steepest": Exercise(
        right=lambda: 1 + max(range(3), key=_slopes_of_w().__getitem__),
        praise="Every input is 0.1, so the δ decide. δ(1) is the largest, because the first answer"
        " is furthest from its target and because it collects what all later steps ask.",
        hints=(
            "Along an arrow w the loss falls by δ(t) times the input that comes in there.",
            "The three inputs are equal, so compare the three δ: each has an error of its own and"
            " what comes back from the steps after it.",
            "Begin with three = net.bptt(x=[0.1] * 3, target=[0.75] * 3); it keeps every number.",
        ),
        mistakes=(
            (
                lambda: 3,
                "the last arrow feels one error only, and the smallest of the three.",
            ),
            (
                lambda: 2,
                "the second error is smaller than the first, and fewer steps come after it.",
            ),
            (lambda: 0, "the arrows are counted from 1 here."),
        ),
        tolerance=0.0,
    ),
    "bptt-recursion": FunctionExercise(
        right=_deltas,
        praise="This loop is backpropagation through time; the rest is multiplication.",
        hints=(
            "Each δ needs the δ of the step after it. For which step is that one known?",
            "Start with the last step, where nothing comes from later, and go back to the first;"
            " keep g times the last δ in a variable.",
            "Begin with later = 0.0 and a loop over reversed(range(len(errors))).",
        ),
        cases=(
            ([0.1, 0.2], [0.25, 0.24], 0.4),
            ([0.5, -0.3, 0.2, 0.9], [0.2, 0.25, 0.1, 0.22], -1.5),
            ([1.0], [0.5], 3.0),
        ),
        mistakes=(
            (
                _deltas_backwards,
                "the numbers are right and in the wrong order: give them from the first step on.",
            ),
            (
                _deltas_from_the_front,
                "this walks forward in time. δ(t) needs δ(t+1): begin at the end.",
            ),
            (
                _deltas_without_future,
                "this is right for the last step only. Where does g times δ(t+1) come in?",
            ),
            (
                _deltas_slope_on_error_only,
                "f' multiplies the whole bracket, what comes from later as well.",
            ),
        ),
        tolerance=1e-9,
    ),
    "bptt-sixteen": Exercise(
        right=lambda: 2.0,
        also_right=(lambda: -2.0,),
        praise="Four steps back are four factors g: 2⁴ = 16, and (-2)⁴ as well."
        " Ten more steps back would make it 16,384: so gradients explode.",
        hints=(
            "There is one error, at the end. What happens to δ from one step to the step before?",
            "With f(z) = z the slope f' is 1, so each step back multiplies δ by one number."
            " How many steps back is it from 5 to 1?",
            "Write δ(4), then δ(3), as δ(5) times something that has g in it.",
        ),
        mistakes=(
            (lambda: 16.0, "that would be so with one step back. Here there are four."),
            (lambda: 4.0, "that gives a factor of 4 for each step, and there are four of them."),
            (lambda: 16 ** (1 / 5), "that is for five steps back. From step 5 to step 1 is four."),
        ),
    ),
}
