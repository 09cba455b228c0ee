"""The square root: its values at squares, and its own bad input."""

from fractions import Fraction

import pytest

from relu_constructions import derivative
from relu_constructions.constructions.square_root import square_root


def test_values_and_derivatives_at_squares():
    phi, eps = square_root("1e-3", domain=("1/5", 5)), Fraction(1, 1000)
    for root in (Fraction(1, 2), Fraction(2, 3), Fraction(1), Fraction(7, 5), Fraction(2)):
        assert abs(phi(root**2) - root) <= eps
        assert abs(derivative(phi, root**2) - 1 / (2 * root)) <= eps


@pytest.mark.parametrize("lo", [0, -1])
def test_its_own_bad_input_is_refused_in_words(lo):
    with pytest.raises(ValueError, match=rf"the domain of sqrt\(x\) must have lo > 0, got lo = {lo}"):
        square_root("1e-2", domain=(lo, 1))
