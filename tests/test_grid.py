"""The int64 kernel at its limits: it answers exactly or refuses, it never wraps."""

from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import Parametrization, pieces, square
from relu_constructions.grid import LIMIT, OffGrid, grid_pieces
from relu_constructions.projective import projective_pieces


def hinge_network(scale, kink):
    """scale * rho(x - kink)."""
    return Parametrization([([[1]], [-kink]), ([[scale]], [0])])


@pytest.mark.parametrize("bits", range(56, 66))
@pytest.mark.parametrize("kind", ["large weight", "fine kink"])
def test_hinges_are_exact_or_refused(kind, bits):
    weight, kink = (2**bits + 1, Fraction(1, 2)) if kind == "large weight" else (1, Fraction(1, 2**bits))
    phi = hinge_network(weight, kink)
    expected = pieces(phi, (0, 1), kernel="integers")
    if bits < 60:
        assert pieces(phi, (0, 1), kernel="int64") == expected
    if bits > 61:
        with pytest.raises(OffGrid):
            pieces(phi, (0, 1), kernel="int64")
    assert pieces(phi, (0, 1)) == expected


@pytest.mark.parametrize("bits", range(57, 65))
def test_sums_of_large_neurons_are_exact_or_refused(bits):
    big = 2**bits
    phi = Parametrization([([[1], [1], [1]], [0, "-1/2", "-1/4"]), ([[big, big, big]], [big - 1])])
    expected = pieces(phi, (0, 1), kernel="integers")
    try:
        assert pieces(phi, (0, 1), kernel="int64") == expected
        assert bits < 61
    except OffGrid:
        assert bits > 57


@pytest.mark.parametrize("end", [2**58, 2**60, 2**61, 2**62, 2**70])
def test_wide_domains_are_exact_or_refused(end):
    phi = hinge_network(1, Fraction(1, 3))
    try:
        assert pieces(phi, (-end, end), kernel="int64") == pieces(phi, (-end, end), kernel="integers")
        assert end < LIMIT
    except OffGrid:
        assert end >= 2**58


def test_denominators_of_kinks_multiply_until_the_grid_gives_up():
    primes = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61]
    for count in range(1, len(primes) + 1):
        kinks = [Fraction(1, p) for p in primes[:count]]
        phi = Parametrization([([[1]] * count, [-t for t in kinks]), ([[1] * count], [0])])
        expected = pieces(phi, (0, 1), kernel="integers")
        try:
            assert pieces(phi, (0, 1), kernel="int64") == expected
            assert count <= 16
        except OffGrid:
            assert count >= 9


@pytest.mark.parametrize("m", [23, 24])
def test_no_integer_beyond_the_limit_is_stored(m):
    x, y = grid_pieces(square(m=10).layers, (Fraction(0), Fraction(2) ** (m - 20)), 2**20)
    assert max(x.largest, y.largest) <= LIMIT
    assert x.numerators.dtype == y.numerators.dtype == np.int64


@pytest.mark.parametrize("form", ["sparse", "unit_weights", "yarotsky", "epgb"])
def test_thirty_levels_near_zero_are_exact_on_a_narrow_domain(form):
    """The accumulator of 30 levels needs 60 bits: at the threshold, exact or refused."""
    phi, domain = square(m=30, form=form), (Fraction(0), Fraction(1, 2**24))
    Q, X, V, S = projective_pieces(phi.layers, domain, 2**10)
    expected = [Fraction(v, q * S) for v, q in zip(V, Q, strict=True)]
    try:
        x, y = grid_pieces(phi.layers, domain, 2**10)
    except OffGrid:
        return
    assert [Fraction(int(n), y.denominator) for n in y.numerators] == expected
    assert [Fraction(int(n), x.denominator) for n in x.numerators] == [
        Fraction(n, q) for n, q in zip(X, Q, strict=True)
    ]


def test_intermediate_values_may_cancel_but_are_bounded_before():
    big = 2**61
    phi = Parametrization([([[1], [1]], [0, 0]), ([[big, -big]], [1])])
    with pytest.raises(OffGrid, match="bits"):
        pieces(phi, (0, 1), kernel="int64")
    assert pieces(phi, (0, 1)).values == [1, 1]
