"""The checks at the door: what they return, and how they refuse."""

import math

import numpy as np
import pytest

from rnncore import arrays


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: arrays.whole(True, "n"), "n must be a whole number, got True"),
        (lambda: arrays.whole(2.0, "n"), "n must be a whole number, got 2.0"),
        (lambda: arrays.whole(0, "n"), "n must be at least 1, got 0"),
        (lambda: arrays.whole(9, "n", most=3), "n must be at most 3, got 9"),
        (lambda: arrays.whole(10**400, "n"), "n must be at most .* integer of more than 20 digits"),
        (lambda: arrays.number("1", "r"), "r must be a number, got '1'"),
        (lambda: arrays.number(math.nan, "r"), "r must be finite, got nan"),
        (lambda: arrays.number(10**400, "r", above=0), "r must be greater than 0, got an integer"),
        (lambda: arrays.number(1, "r", least=0, below=1), "r must be at least 0 and less than 1"),
        (lambda: arrays.choice(["a"], "c", ("a", "b")), "c must be one of a, b; got .'a'."),
        (lambda: arrays.function(3, "f"), "f must be a function, got 3"),
        (lambda: arrays.integers([0.5], "k", most=2), "k must be integers from 0 to 2"),
        (lambda: arrays.integers([0, 3], "k", most=2), "k must be integers from 0 to 2, got 3"),
        (lambda: arrays.mask([-1.0, 1.0], (2,)), "mask must not be negative, got -1.0"),
        (lambda: arrays.mask([0.0, 0.0], (2,)), "mask must be 1 somewhere"),
        (lambda: arrays.finite([1e39], "x", np.float32), "x holds numbers that are too large for"),
        (lambda: arrays.finite([1j], "x", np.float64), "x must be real, got"),
        (lambda: arrays.numbers([{}], "x"), "x must hold numbers"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(call, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        call()


def test_small_integers_become_numbers_that_do_not_wrap_around():
    assert arrays.array(np.array([200], np.uint8), "x").dtype == np.float32
    assert arrays.array([2**40], "x").dtype == np.float64
    assert arrays.array([True], "x", np.float64).tolist() == [1.0]


def test_frozen_arrays_are_kept_and_others_copied():
    x = np.zeros(3)
    assert arrays.own(x) is not x
    view = x[1:]
    view.setflags(write=False)  # its owner can still write
    assert not np.shares_memory(arrays.own(view), x)
    x.setflags(write=False)
    assert arrays.own(x) is x and arrays.own(x[1:]).base is x


def test_whatever_was_given_can_be_said():
    class Awkward:
        def __repr__(self):
            raise RuntimeError

    assert arrays.said(Awkward()) == "a Awkward"
    assert arrays.said(np.zeros(2)) == "an array (2,) of float64"
