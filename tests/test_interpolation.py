"""Interpolants: where their vertices are, how far they are rounded, and the networks that they become."""

import random
from fractions import Fraction

import flint
import pytest

from relu_constructions import PiecewiseLinear, pieces
from relu_constructions.polynomial import Polynomial

CUBE = Polynomial.of([0, 0, 0, 1])


class Exponential:
    """exp, by balls: what a target without rational values has to offer."""

    def taylor(self, lo, hi, at, order, bits):
        assert lo == hi == at
        with flint.ctx.workprec(bits):
            value = flint.arb(flint.fmpq(at.numerator, at.denominator)).exp()
        return [value] * (order + 1)


class Vague(Exponential):
    """exp with an uncertainty that no precision removes."""

    def taylor(self, lo, hi, at, order, bits):
        return [flint.arb(0, 1)] * (order + 1)


def test_breakpoints_are_equally_spaced_or_given():
    assert [x for x, _ in PiecewiseLinear.interpolant(CUBE, 4).points] == [Fraction(k, 4) for k in range(5)]
    spread = PiecewiseLinear.interpolant(CUBE, 3, domain=(-1, "1/2"))
    assert [x for x, _ in spread.points] == [-1, Fraction(-1, 2), 0, Fraction(1, 2)]
    assert [x for x, _ in PiecewiseLinear.interpolant(CUBE, ["-1/3", 0, 5]).points] == [Fraction(-1, 3), 0, 5]
    tent = PiecewiseLinear.through((-1, 0), (0, 1), (3, 0))
    assert PiecewiseLinear.interpolant(tent, 4) == PiecewiseLinear.through(
        *((k, tent(Fraction(k))) for k in range(-1, 4))
    )


def test_values_are_exact_without_bits():
    f = PiecewiseLinear.interpolant("x**3 - x/3", 7)
    assert all(y == x**3 - x / 3 for x, y in f.points)


@pytest.mark.parametrize("bits", [0, 1, 10, 60, 300])
def test_values_are_rounded_to_the_digits_asked(bits):
    step = Fraction(1, 2**bits)
    for x, y in PiecewiseLinear.interpolant(CUBE, 9, bits=bits).points:
        assert y % step == 0
        assert abs(y - x**3) <= step / 2
    for x, y in PiecewiseLinear.interpolant(Exponential(), 9, bits=bits).points:
        assert y % step == 0
        with flint.ctx.workprec(bits + 100):
            error = abs(
                flint.arb(flint.fmpq(x.numerator, x.denominator)).exp()
                - flint.fmpq(y.numerator, y.denominator)
            )
        upper = error.upper().fmpq()
        assert Fraction(int(upper.p), int(upper.q)) < step


def test_elementary_functions_are_read():
    f = PiecewiseLinear.interpolant("exp(x)", 16, bits=40)
    assert f == PiecewiseLinear.interpolant(Exponential(), 16, bits=40)


@pytest.mark.parametrize(
    "f, points, options, words",
    [
        (CUBE, 0, {}, "points must be at least 1|at least 1"),
        (CUBE, [0, 1], {"domain": (0, 1)}, "a number of pieces where a domain is given"),
        (CUBE, 3, {"domain": (1, 0)}, "lo < hi"),
        (CUBE, [1, 0], {}, "breakpoints must increase"),
        (CUBE, 3, {"bits": -1}, "bits"),
        (Exponential(), 3, {}, "bits must be given"),
        (Vague(), 1, {"bits": 10}, "could not be computed to 10 binary digits"),
    ],
    ids=["none", "both", "reversed", "order", "bits", "no bits", "vague"],
)
def test_requests_that_make_no_sense_are_refused(f, points, options, words):
    with pytest.raises(ValueError, match=words):
        PiecewiseLinear.interpolant(f, points, **options)


def random_function(rng):
    x = sorted({Fraction(rng.randint(-60, 60), rng.randint(1, 12)) for _ in range(rng.randint(3, 60))})
    return PiecewiseLinear(tuple((t, Fraction(rng.randint(-3, 3), rng.randint(1, 3))) for t in x))


@pytest.mark.parametrize("seed", range(30))
def test_the_network_is_the_function(seed):
    f = random_function(random.Random(seed))
    phi, (lo, hi) = f.network(), f.domain
    assert phi.depth == 2
    found = pieces(phi, f.domain)
    vertices = dict(f.points)
    assert all(vertices[x] == y for x, y in zip(found.breakpoints, found.values, strict=True))
    assert [phi(x) for x, _ in f.points] == [y for _, y in f.points]
    assert phi(lo - 5) == f(lo)
    assert phi(hi + 5) == f(hi) + 5 * f.one_sided_derivative(hi, -1)


@pytest.mark.parametrize(
    "points, neurons, connectivity",
    [
        ([(0, 0), ("1/2", 1), (1, 0)], 2, 5),
        ([(1, 0), (2, 1), (3, 0)], 2, 6),
        ([(1, 7), (2, 8), (3, 7)], 2, 7),
        ([(1, 7), (2, 7), (3, 8)], 1, 4),
        ([(-1, 0), (0, 0), (3, 1)], 1, 2),
        ([(1, 0), (2, 1), (3, 2), (4, 2)], 2, 6),
        ([(1, 7), (2, 7)], 1, 3),
        ([(0, 0), (2, 0)], 1, 1),
    ],
)
def test_sizes_are_those_of_the_docstring(points, neurons, connectivity):
    f = PiecewiseLinear.through(*points)
    phi = f.network()
    assert (phi.neurons, phi.connectivity) == (neurons, connectivity)
    slopes = pieces(phi, f.domain).slopes
    kinks = len(slopes) - 1
    assert neurons == (max(kinks, 1) if slopes[0] == 0 else kinks + 1)
