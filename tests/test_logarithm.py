"""The logarithm: its functional equation, the known coefficients of its series, and its own bad input."""

from fractions import Fraction

import pytest

from relu_constructions.constructions.analytic import Series, truncated
from relu_constructions.constructions.logarithm import FUNCTION, logarithm


def test_logarithms_of_x_and_its_reciprocal_cancel():
    phi, eps = logarithm("1e-2"), Fraction(1, 100)
    assert abs(phi(1)) <= eps
    for x in (Fraction(3, 2), Fraction(7, 5), Fraction(2)):
        assert abs(phi(x) + phi(1 / x)) <= 2 * eps


def test_the_coefficients_are_those_of_the_known_series():
    """On [1/2, 2], where rho = 3, they are -2 (-1/3)^i/i; interpolation adds less than 3^(i - 2 n)."""
    side, n = (Fraction(1, 2), Fraction(2)), 20
    coefficients = truncated(Series(FUNCTION, "x", side, side, n, 60)).coefficients
    assert len(coefficients) == n + 1
    for i in range(1, n):
        exact = -2 * Fraction(-1, 3) ** i / i
        assert abs(coefficients[i] - exact) <= Fraction(1, 2**60) + Fraction(1, 3 ** (2 * n - i))


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ((0, 1), r"the domain of log\(x\) must have lo > 0, got lo = 0"),
        ((-1, 1), r"the domain of log\(x\) must have lo > 0, got lo = -1"),
        (("1e-7", 1), "degree must be at most 4000"),
    ],
)
def test_its_own_bad_input_is_refused_in_words(domain, words):
    with pytest.raises(ValueError, match=words):
        logarithm("1e-2", domain=domain)
