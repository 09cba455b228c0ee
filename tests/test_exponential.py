"""The exponential: its value at 0, the signs of its series, and its own bad input."""

from fractions import Fraction
from itertools import pairwise

import pytest

from relu_constructions import derivative
from relu_constructions.constructions.analytic import truncated
from relu_constructions.constructions.exponential import exponential, series_of


@pytest.mark.parametrize("rate", [1, -2, "1/3"])
def test_value_and_derivative_at_zero(rate):
    phi, eps = exponential("1e-2", rate=rate, domain=(-1, "1/2")), Fraction(1, 100)
    assert abs(phi(0) - 1) <= eps
    assert abs(derivative(phi, 0) - Fraction(rate)) <= eps


def test_the_coefficients_are_positive_and_alternate_for_a_negative_rate():
    up, down = (
        truncated(series_of(Fraction(rate), Fraction(-1), Fraction(1), 12, 60)).coefficients
        for rate in (1, -1)
    )
    assert all(larger > smaller > 0 for larger, smaller in pairwise(up))
    assert list(down) == [(-1) ** i * b for i, b in enumerate(up)]


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"rate": 0}, ValueError, "rate must not be 0"),
        ({"rate": 0.5}, TypeError, "rate must be exact"),
        ({"bound": -1}, ValueError, "bound must be positive"),
        ({"bound": 1, "domain": (0, 1)}, TypeError, "not both"),
    ],
)
def test_its_own_bad_input_is_refused_in_words(given, error, words):
    with pytest.raises(error, match=words):
        exponential("1e-2", **given)
