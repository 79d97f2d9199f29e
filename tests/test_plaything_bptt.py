"""The BPTT microscope: what it asks for a guess holds; what every player keeps: test_player."""

from rnnbook.playthings.bptt import GUESS, PRESETS, frames, microscope
from rnncore.bptt import ScalarRNN


def saturated():
    numbers = dict(PRESETS["saturated: the gradient dies"])
    return ScalarRNN(numbers.pop("w"), numbers.pop("g")).bptt(**numbers)


def test_the_guess_is_about_what_the_frames_show():
    run = saturated()
    assert [abs(e) > 0.9 for e in run.error] == [False] * 4 + [True]
    assert 0 < run.delta[0] / run.delta[4] < 1e-6
    assert GUESS.right.startswith("less than a millionth")
    assert f"{run.slope[-1]:.4f}" in GUESS.reason
    assert microscope().children[0].value == GUESS.question


def test_the_error_can_be_followed_back_to_the_first_step():
    run = saturated()
    back = [frame for frame in frames(run) if frame.sentence.startswith("Backward")]
    assert len(back) == 5
    for frame, step in zip(back, reversed(run.steps), strict=True):
        assert f"t = {step.t}" in frame.sentence
        assert f"e{int(f'{step.delta:e}'.split('e')[1])}" in frame.sentence or step.t > 3
