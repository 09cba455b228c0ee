"""Bounds on ellipses: known maxima, known singularities, and the search."""

from fractions import Fraction
from types import SimpleNamespace

import flint
import mpmath
import pytest

from relu_constructions.ellipse import MAX_BOXES, Uncovered, best_ellipse, ellipse

SYMMETRIC = Fraction(-1), Fraction(1)
RATIOS = [Fraction(9, 8), Fraction(2), Fraction(7), Fraction(1000)]


def function(ball, complex_ball=None):
    return SimpleNamespace(ball=ball, complex_ball=complex_ball or ball)


EXP = function(lambda x: x.exp())
SQRT = function(lambda x: x.sqrt(), lambda z: z.sqrt(analytic=True))


def half_axes(rho):
    return (rho + 1 / rho) / 2, (rho - 1 / rho) / 2


@pytest.mark.parametrize("rho", RATIOS)
def test_the_maximum_of_exp_is_at_the_right_end(rho):
    M = ellipse(EXP, SYMMETRIC, rho).M
    with mpmath.workdps(50):
        a = half_axes(rho)[0]
        ratio = mpmath.mpf(M.numerator) / M.denominator / mpmath.exp(mpmath.mpf(a.numerator) / a.denominator)
        assert 1 < ratio < 3


@pytest.mark.parametrize("rho", RATIOS)
def test_the_maximum_of_a_power_is_that_of_the_longer_half_axis(rho):
    M = ellipse(function(lambda x: x**5), SYMMETRIC, rho).M
    assert half_axes(rho)[0] ** 5 <= M <= 3 * half_axes(rho)[0] ** 5


@pytest.mark.parametrize("rho", RATIOS)
def test_the_maximum_of_cos_is_at_the_upper_end(rho):
    M = ellipse(function(lambda x: x.cos()), SYMMETRIC, rho).M
    with mpmath.workdps(50):
        b = half_axes(rho)[1]
        ratio = mpmath.mpf(M.numerator) / M.denominator / mpmath.cosh(mpmath.mpf(b.numerator) / b.denominator)
        assert 1 < ratio < 3


@pytest.mark.parametrize("scale", [0, 1, 10**400, Fraction(1, 10**400)])
def test_bounds_of_constants_are_rounded_up_to_sixteen_digits(scale):
    c = (1 + Fraction(1, 2**30)) * scale
    M = ellipse(function(lambda z: 0 * z + flint.fmpq(*c.as_integer_ratio())), SYMMETRIC, Fraction(2)).M
    assert c <= M <= c * (1 + Fraction(1, 2**15))


def test_every_value_inside_is_at_most_the_bound():
    f = function(lambda z: (3 * z).sin() / (z * z + 4))
    lo, hi = Fraction(-1, 3), Fraction(2)
    for rho in (Fraction(5, 4), Fraction(2)):
        M = ellipse(f, (lo, hi), rho).M
        for i in range(60):
            for scale in (1, Fraction(2, 3)):
                angle = flint.arb.pi() * i / 30
                w = (flint.acb(0, angle)).exp() * flint.fmpq(*(1 + (rho - 1) * scale).as_integer_ratio())
                z = (w + 1 / w) / 2 * flint.fmpq(7, 6) + flint.fmpq(5, 6)
                assert f.complex_ball(z).abs_lower() <= flint.fmpq(M.numerator, M.denominator)


@pytest.mark.parametrize(
    "f, domain, critical",
    [
        (function(lambda x: 1 / x), (Fraction(1), Fraction(3)), 2 + 3**0.5),
        (function(lambda x: 1 / (1 + x * x)), SYMMETRIC, 1 + 2**0.5),
        (SQRT, (Fraction(1, 4), Fraction(1)), 3),
        (function(lambda x: (1 / x).exp()), (Fraction(1), Fraction(3)), 2 + 3**0.5),
        (function(lambda x: x.tan()), SYMMETRIC, 2.7822),
    ],
    ids=["pole", "two poles", "cut", "essential", "tan"],
)
def test_ellipses_end_at_the_nearest_singularity(f, domain, critical):
    for factor in (Fraction(2, 10), Fraction(8, 10), Fraction(98, 100)):
        assert ellipse(f, domain, 1 + Fraction(critical - 1) * factor).M > 0
    for factor in (Fraction(102, 100), Fraction(3)):
        with pytest.raises(Uncovered):
            ellipse(f, domain, 1 + Fraction(critical - 1) * factor)


def test_a_singularity_inside_is_met_though_the_boundary_is_far_from_it():
    for place in (Fraction(0), Fraction(1, 3), Fraction(99, 100), Fraction(5, 4)):
        pole = function(lambda x, p=place: 1 / (x - flint.fmpq(p.numerator, p.denominator)))
        with pytest.raises(Uncovered, match="near"):
            ellipse(pole, SYMMETRIC, Fraction(8))


def test_domains_far_from_zero_and_far_beyond_floats():
    near = ellipse(EXP, SYMMETRIC, Fraction(2)).M
    for c in (10**3, 10**30, 10**400):
        moved = function(lambda x, c=c: (x - c).exp())
        domain = Fraction(c - 1), Fraction(c + 1)
        assert near == ellipse(moved, domain, Fraction(2)).M
        pole = function(lambda x, c=c: 1 / (x - c))
        with pytest.raises(ValueError, match="must be analytic"):
            best_ellipse(pole, domain, lambda found: found.M)


def test_the_number_of_evaluations_is_limited():
    calls = []

    def broken(z):
        calls.append(z)
        return z * flint.arb.nan() if len(calls) % 3 else z

    with pytest.raises(Uncovered):
        ellipse(function(broken), SYMMETRIC, Fraction(2))
    assert len(calls) <= MAX_BOXES


@pytest.mark.parametrize("n", [5, 20, 100])
def test_the_search_is_close_to_the_best_ellipse_of_exp(n):
    """The bound M/rho^n of exp is least near rho = 2n."""

    def cost(found):
        return found.M / found.rho**n

    found = best_ellipse(EXP, SYMMETRIC, cost)
    assert n <= found.rho <= 4 * n
    assert all(cost(found) <= 4 * cost(ellipse(EXP, SYMMETRIC, Fraction(rho))) for rho in (n, 2 * n, 4 * n))


def test_the_search_comes_close_to_a_singularity():
    for offset in (Fraction(2), Fraction(1, 10), Fraction(1, 1000)):
        pole = function(lambda x, p=1 + offset: 1 / (x - flint.fmpq(p.numerator, p.denominator)))
        found = best_ellipse(pole, SYMMETRIC, lambda found: found.M / found.rho**1000)
        closer = 1 + (found.rho - 1) * Fraction(10, 9)
        assert half_axes(found.rho)[0] < 1 + offset < half_axes(closer)[0]


@pytest.mark.parametrize("domain, rho", [((1, 1), 2), ((1, 0), 2), ((0, 1), 1), ((0, 1), Fraction(1, 2))])
def test_ellipses_that_are_none_are_refused(domain, rho):
    with pytest.raises(ValueError, match="lo < hi and rho > 1"):
        ellipse(EXP, tuple(map(Fraction, domain)), Fraction(rho))
