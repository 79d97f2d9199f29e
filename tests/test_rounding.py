"""rnncore.rounding: what is written is near the number, and as short as it may be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.rounding import MINUS, factor, rounded, scientific

numbers = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("number", "how", "written"),
    [
        (0.50374993, {}, "0.5037"),
        (0.5, {}, "0.5"),
        (0.5, {"zeros": True}, "0.5000"),
        (0.0, {"zeros": True}, "0"),
        (-0.0, {}, "0"),
        (5, {"zeros": True}, "5.000"),
        (0.99996, {}, "1"),
        (388.0, {"digits": 2}, "390"),
        (123456, {}, "123500"),
        (1.5e6, {}, "1.5e6"),
        (-2.34567e-7, {}, "-2.346e-7"),
        (-2.34567e-7, {"decimals": 3}, "0"),
        (-0.5, {"minus": MINUS}, "\N{MINUS SIGN}0.5"),
        (0.00072016, {"decimals": 5}, "0.00072"),
        (12.3456, {"digits": 6, "decimals": 3}, "12.346"),
        (0, {"decimals": 2, "zeros": True}, "0.00"),
        (0.1, {"decimals": 2, "zeros": True}, "0.10"),
        (math.nan, {}, "nan"),
        (-math.inf, {"minus": MINUS}, "\N{MINUS SIGN}inf"),
    ],
)
def test_numbers_as_they_are_written(number, how, written):
    assert rounded(number, **how) == written


@given(numbers, st.integers(1, 9))
def test_what_is_written_is_the_number_to_so_many_digits(number, digits):
    assert float(rounded(number, digits)) == float(f"{number:.{digits - 1}e}")


@given(numbers, st.integers(1, 9), st.integers(0, 9))
def test_no_more_decimals_than_asked_for(number, digits, decimals):
    written = rounded(number, digits, decimals)
    assert len(written.partition(".")[2]) <= decimals
    error = max(10.0**-decimals, abs(number) * 10.0 ** (1 - digits))
    assert abs(float(written) - number) <= 0.5001 * error
    assert not written.startswith("-0") or float(written) < 0


def test_a_negative_factor_has_brackets():
    assert factor(-2, minus=MINUS) == "(\N{MINUS SIGN}2)"
    assert factor(-1e-9, decimals=3) == "0"
    assert factor(1e-9) == "1e-9"


@given(numbers.filter(bool))
def test_mantissa_and_power_make_the_number(number):
    mantissa, power = scientific(number, 5)
    assert float(f"{mantissa}e{power}") == pytest.approx(number, rel=1e-4)
    assert 1 <= abs(float(mantissa)) < 10
