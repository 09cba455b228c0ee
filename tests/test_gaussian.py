"""The Gaussian: its series around the mean, its top, and its own bad input."""

from fractions import Fraction

import pytest

from relu_constructions import derivative
from relu_constructions.constructions.chebyshev import chebyshev
from relu_constructions.constructions.gaussian import gaussian


@pytest.mark.parametrize("domain", [(0, 5), (-1, 5)], ids=str)
def test_a_series_around_the_mean_is_smaller(domain):
    around_mean = gaussian("1e-6", domain=domain)
    assert around_mean.connectivity < chebyshev("exp(-x^2/2)", "1e-6", domain=domain).connectivity


def test_value_at_the_mean_and_derivative_beside_it():
    """The derivative of exp(-((x - mean)/2)^2/2) is at most |x - mean|/4."""
    phi, eps = gaussian("1e-2", mean="1/3", width=2), Fraction(1, 100)
    assert phi.derivation.domain == ((Fraction(-2, 3), Fraction(4, 3)),)
    assert abs(phi(Fraction(1, 3)) - 1) <= eps
    for step in (Fraction(-1, 1000), Fraction(1, 1000)):
        assert abs(derivative(phi, Fraction(1, 3) + step)) <= eps + abs(step) / 4


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"width": 0}, ValueError, "width must be positive"),
        ({"width": 0.5}, TypeError, "width must be exact"),
        ({"bound": 0}, ValueError, "bound must be positive"),
        ({"bound": 1, "domain": (0, 1)}, TypeError, "not both"),
    ],
)
def test_its_own_bad_input_is_refused_in_words(given, error, words):
    with pytest.raises(error, match=words):
        gaussian("1e-2", **given)
