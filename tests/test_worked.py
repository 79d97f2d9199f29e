"""rnncore.worked: the table and the lines of a run can be followed by hand."""

import pytest

from rnncore.bptt import ScalarRNN, logsig
from rnncore.worked import lines


def lecture(convention="prediction"):
    return ScalarRNN(w=0.3, g=0.4).bptt(
        x=[0.05, 0.10], target=[0.60, 0.75], learning_rate=0.5, convention=convention
    )


def test_table_can_be_followed_by_hand():
    """Every printed number follows from the printed numbers above it, to what four digits allow."""
    table = {line[:24].strip(): line[24:].split() for line in str(lecture()).splitlines()}
    value = {label: [float(cell) for cell in row] for label, row in table.items() if "new" not in
             label and label != ""}  # fmt: skip
    x, before, z, y, slope, target, error, later, delta, dw, dg = value.values()
    for t in range(2):
        assert z[t] == pytest.approx(0.3 * x[t] + 0.4 * before[t], rel=1e-3)
        assert y[t] == pytest.approx(logsig(z[t]), rel=1e-3)
        assert slope[t] == pytest.approx(y[t] * (1 - y[t]), rel=1e-3)
        assert error[t] == pytest.approx(target[t] - y[t], rel=1e-3)
        assert delta[t] == pytest.approx(slope[t] * (error[t] + later[t]), rel=1e-3)
        assert dw[t] == pytest.approx(0.5 * delta[t] * x[t], rel=1e-3)
        assert dg[t] == pytest.approx(0.5 * delta[t] * before[t], rel=1e-3)
    assert before == [0, y[0]]
    assert later == [pytest.approx(0.4 * delta[1], rel=1e-3), 0]
    assert str(lecture()).endswith("new g = 0.4 + 0 + 0.01195 = 0.41195")


def test_worked_calculation_has_every_phase_in_order():
    text = lecture().worked()
    phases = ["FORWARD", "ERROR", "BACKWARD", "INCREMENTS", "UPDATE"]
    assert [line for line in text.splitlines() if line.isupper()] == phases
    assert text.index("δ(2) =") < text.index("δ(1) =")


def test_negative_numbers_are_written_so_that_they_can_be_read():
    run = ScalarRNN(1, -2).bptt([1, 0], [0.5, 0.5], y0=0.5, learning_rate=1)
    assert "= f(1 × 1 + (-2) × 0.5)" in run.worked()
    assert "new w = 1 - 0.02271 + 0\n      = 0.97729" in run.worked()


def test_every_line_says_its_phase_and_its_step():
    found = [(line.phase, line.t) for line in lines(lecture())]
    assert found == [
        ("forward", 1), ("forward", 2), ("error", 1), ("error", 2),
        ("backward", 2), ("backward", 1),
        ("increments", 2), ("increments", 2), ("increments", 1), ("increments", 1),
        ("update", None), ("update", None),
    ]  # fmt: skip
    assert lines(lecture())[4].text == (
        "δ(2) = f'(z(2)) (e(2) + g δ(3)) = 0.2467 × (0.1924 + 0.4 × 0) = 0.04746"
    )


def test_conventions_count_the_inputs_in_their_own_way():
    prediction, translation = lecture(), lecture("translation")
    assert "x(t-1)" in str(prediction) and "x(t-1)" not in str(translation)
    assert "y(2) = f(w x(1) + g y(1))" in prediction.worked()
    assert "y(2) = f(w x(2) + g y(1))" in translation.worked()
