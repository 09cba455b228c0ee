"""The suprema against brute force: evaluation on fine grids, an independent formula, and both kernels."""

import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import Enclosure, PiecewiseLinear, Polynomial, hat, identity, pieces, sawtooth, square
from relu_constructions.grid import OffGrid
from relu_constructions.piecewise_linear import Sawtooth
from relu_constructions.supremum import largest_ratio, suprema

TOLERANCE = Fraction(1, 10**6)


def polynomial(rng, degree):
    return Polynomial.of([Fraction(rng.randint(-9, 9), rng.randint(1, 4)) for _ in range(degree)] + [1])


def piece_errors(target, found, samples):
    """Exact errors in value and slope at `samples` points of every piece, ends included."""
    slope_of = target.derivative()
    for piece in found:
        for k in range(samples + 1):
            x = piece.lower + (piece.upper - piece.lower) * Fraction(k, samples)
            yield abs(target(x) - piece.slope * x - piece.intercept), abs(slope_of(x) - piece.slope)


def quadratic_suprema(target, found):
    """The same suprema for degree 2 by calculus in absolute coordinates."""
    values, slopes = [], []
    for piece in found:
        points = [piece.lower, piece.upper]
        slopes += [abs(target.derivative()(x) - piece.slope) for x in points]
        c1, c2 = target.coefficients[1], target.coefficients[2]
        vertex = (piece.slope - c1) / (2 * c2)
        points += [vertex] if piece.lower < vertex < piece.upper else []
        values += [abs(target(x) - piece.slope * x - piece.intercept) for x in points]
    return Enclosure(max(values), max(values)), Enclosure(max(slopes), max(slopes))


@pytest.mark.parametrize("kernel", ["int64", "integers"])
def test_quadratic_targets_are_exact_on_random_networks(naive, kernel):
    rng, served = random.Random(1), 0
    for seed in range(150):
        target = polynomial(rng, 2)
        try:
            found = pieces(naive.network(seed), ("-3/2", 2), kernel=kernel)
        except OffGrid:
            continue
        served += 1
        value, slope = suprema(target, found, TOLERANCE)
        assert (value.enclosure, slope.enclosure) == quadratic_suprema(target, found), seed
        assert abs(target(value.at) - naive.value(naive.network(seed), value.at)) == value.enclosure.exact()
    assert served >= 100


@pytest.mark.parametrize("degree", range(-1, 2))
def test_targets_of_low_degree_are_exact_at_the_breakpoints(naive, degree):
    target = Polynomial.of([3, Fraction(-1, 2)][: degree + 1])
    for seed in range(60):
        found = pieces(naive.network(seed), (-1, 2))
        value, slope = suprema(target, found, TOLERANCE)
        errors = list(piece_errors(target, found, 1))
        assert value.enclosure.exact() == max(e for e, _ in errors)
        assert slope.enclosure.exact() == max(s for _, s in errors)


@pytest.mark.parametrize("degree", [3, 4, 7])
def test_enclosures_of_higher_degree_are_two_sided_and_tight(naive, degree):
    rng = random.Random(degree)
    for seed in range(25):
        target, found = polynomial(rng, degree), pieces(naive.network(seed), (-1, 1))
        value, slope = suprema(target, found, TOLERANCE)
        errors = list(piece_errors(target, found, 16))
        for supremum, sampled in ((value, max(e for e, _ in errors)), (slope, max(s for _, s in errors))):
            lower, upper = supremum.enclosure.lower, supremum.enclosure.upper
            assert sampled <= upper <= lower * (1 + TOLERANCE)
        assert abs(target(value.at) - naive.value(naive.network(seed), value.at)) == value.enclosure.lower


def test_cubic_against_one_line_is_the_known_number():
    """|x^3 - x| on [0, 1] is largest at 1/sqrt(3), with value 2/(3 sqrt 3); its slope error is 2 at x = 1."""
    line = pieces(identity(1, 2), (0, 1))
    value, slope = suprema(Polynomial.of([0, 0, 0, 1]), line, Fraction(1, 10**12))
    lower, upper = value.enclosure.lower, value.enclosure.upper
    assert lower**2 * 27 < 4 < upper**2 * 27
    assert slope.enclosure == Enclosure(Fraction(2), Fraction(2))


@pytest.mark.parametrize("n", range(1, 8))
def test_piecewise_linear_targets_are_exact(n):
    found = pieces(sawtooth(n), (0, 1))
    assert [s.enclosure.exact() for s in suprema(Sawtooth(n), found, TOLERANCE)] == [0, 0]
    assert [s.enclosure.exact() for s in suprema(Sawtooth(n + 1), found, TOLERANCE)] == [
        1,
        3 * 2**n,
    ]


def test_piecewise_linear_target_must_cover_the_domain():
    target = PiecewiseLinear.through((0, 0), (1, 1))
    with pytest.raises(ValueError, match="is given on"):
        suprema(target, pieces(hat(), (-1, 1)), TOLERANCE)


@pytest.mark.parametrize("m", [20, 22, 26, 31])
def test_narrow_pieces_of_a_deep_square_stay_exact(m):
    """Beyond 62 bits the arithmetic moves to unbounded integers; the answer does not change."""
    phi, domain = square(m=m), (Fraction(1, 4), Fraction(1, 4) + Fraction(1, 2 ** (m - 4)))
    for kernel in ("auto", "integers"):
        value, slope = suprema(Polynomial.of([0, 0, 1]), pieces(phi, domain, kernel=kernel), TOLERANCE)
        assert value.enclosure.exact() == Fraction(1, 4 ** (m + 1))
        assert slope.enclosure.exact() == Fraction(1, 2**m)


def test_huge_coefficients_leave_int64_without_wrapping():
    target = Polynomial.of([10**30, -(10**25), 7**40])
    found = pieces(square(m=6), (0, 1))
    value, slope = suprema(target, found, TOLERANCE)
    assert (value.enclosure, slope.enclosure) == quadratic_suprema(target, found)


def test_largest_ratio_is_exact_among_near_ties():
    rng = random.Random(5)
    for _ in range(300):
        q = rng.randint(2**29, 2**30)
        pairs = [(rng.randint(1, 3) * q + rng.randint(-2, 2), q + rng.randint(-2, 2)) for _ in range(50)]
        p, d = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
        best, index = largest_ratio(p, d)
        assert best == max(Fraction(*pair) for pair in pairs) == Fraction(*pairs[index])


def test_largest_ratio_separates_what_floats_cannot():
    p, d = np.array([2**61 - 1, 2**61 - 3, 2**61]), np.array([2**61 - 2, 2**61 - 4, 2**61 - 1])
    best, index = largest_ratio(p, d)
    assert index == 1
    assert best == Fraction(2**61 - 3, 2**61 - 4)
