"""|x| on the whole line."""

from fractions import Fraction

from relu_constructions import absolute_value, certify, pieces


def test_absolute_value_is_exact_everywhere():
    phi = absolute_value()
    assert all(phi(Fraction(k, 7)) == abs(Fraction(k, 7)) for k in range(-50, 51))
    line = pieces(phi)
    assert (line.breakpoints, line.values, line.slopes) == ([0], [0], [-1, 1])


def test_absolute_value_is_certified_on_its_interval():
    found = certify(absolute_value())
    assert found.error.exact() == 0
    assert found.domain == (-1, 1)
