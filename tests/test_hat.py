"""The hat, on its interval and off it."""

from fractions import Fraction

import pytest

from relu_constructions import hat, pieces

GRID = [Fraction(k, 16) for k in range(-40, 41)]


def tent(x):
    return max(Fraction(0), 1 - abs(2 * x - 1))


def test_three_neurons_are_the_hat_on_the_whole_line():
    assert [hat("three_neurons")(x) for x in GRID] == [tent(x) for x in GRID]
    assert pieces(hat("three_neurons")).slopes == [0, 2, -2, 0]


def test_two_neurons_are_the_hat_up_to_one():
    assert all(hat()(x) == tent(x) for x in GRID if x <= 1)
    assert hat()(2) == -2


def test_other_forms_are_refused():
    with pytest.raises(ValueError, match="two_neurons, three_neurons"):
        hat("four_neurons")
