"""Polynomials of higher degree as smooth targets, against Bernstein coefficients in rationals."""

import heapq
import itertools
import math
import random
from fractions import Fraction

import flint
import numpy as np
import pytest

from relu_constructions import Polynomial
from relu_constructions.pieces import Pieces
from relu_constructions.smooth_target import SmoothPolynomial, SmoothTarget, greatest_order
from relu_constructions.supremum import suprema


def rational(number):
    return flint.fmpq(number.numerator, number.denominator)


def fraction(number):
    return Fraction(int(number.p), int(number.q))


def bernstein(error, left, right):
    """Bernstein coefficients of a polynomial on an interval: sum_{k <= i} C(i, k)/C(n, k) c_k at i.

    Here c_k are the coefficients of t -> error(left + (right - left) t).
    """
    n, local = error.degree(), error(flint.fmpq_poly([left, right - left]))
    scaled = [local[k] / math.comb(n, k) for k in range(n + 1)]
    return [sum((math.comb(i, k) * scaled[k] for k in range(1, i + 1)), scaled[0]) for i in range(n + 1)]


def halves(coefficients):
    """De Casteljau's subdivision at the midpoint."""
    rows = [coefficients]
    while len(rows[-1]) > 1:
        rows.append([(a + b) / 2 for a, b in itertools.pairwise(rows[-1])])
    return [row[0] for row in rows], [row[-1] for row in reversed(rows)]


def bernstein_supremum(target, given, tolerance, order):
    """Bisect the part with the largest coefficient; the outer coefficients are values at the ends."""
    f = flint.fmpq_poly([rational(c) for c in target.coefficients])
    queue = []
    for piece in given:
        left, right, slope, intercept = map(rational, piece)
        error = f - flint.fmpq_poly([intercept, slope])
        coefficients = bernstein(error.derivative() if order else error, left, right)
        heapq.heappush(queue, (-max(map(abs, coefficients)), left, right, coefficients))
    lower = max(abs(c) for part in queue for c in (part[3][0], part[3][-1]))
    while -queue[0][0] > lower * rational(1 + tolerance):
        _, left, right, coefficients = heapq.heappop(queue)
        middle = (left + right) / 2
        for a, b, half in zip((left, middle), (middle, right), halves(coefficients), strict=True):
            heapq.heappush(queue, (-max(map(abs, half)), a, b, half))
            lower = max(lower, abs(half[0]), abs(half[-1]))
    return fraction(lower), max(fraction(lower), fraction(-queue[0][0]))


def polynomial(rng, degree):
    return Polynomial.of([Fraction(rng.randint(-9, 9), rng.randint(1, 4)) for _ in range(degree)] + [1])


def pieces_near(rng, target, n, noise):
    x = [Fraction(k - n // 2, n) for k in range(n + 1)]
    V = [math.floor(target(t) * 2**30) + rng.randint(-noise, noise) for t in x]
    return Pieces(np.arange(n + 1) - n // 2, n, np.array(V), 2**30, "int64")


@pytest.mark.parametrize("degree", [3, 4, 5, 8, 20])
@pytest.mark.parametrize("noise", [1, 2**20, 2**29])
def test_enclosures_agree_with_bernstein_coefficients(degree, noise):
    rng = random.Random(f"{degree} {noise}")
    for n in (1, 2, 7, 30, 100):
        target = polynomial(rng, degree)
        given = pieces_near(rng, target, n, noise)
        for tolerance in (Fraction(1, 1000), Fraction(1, 10**9)):
            found = suprema(target, given, tolerance)
            for order in (0, 1):
                lower, upper = bernstein_supremum(target, given, tolerance, order)
                enclosure = found[order].enclosure
                assert lower <= enclosure.upper <= enclosure.lower * (1 + tolerance)
                assert enclosure.lower <= upper


def test_lower_ends_are_exact_errors_and_slopes_at_ends_are_points():
    rng, degree = random.Random(1), 6
    for n in (3, 40):
        target = polynomial(rng, degree)
        given = pieces_near(rng, target, n, 2**10)
        value, slope = suprema(target, given, Fraction(1, 1000))
        at = [p for p in given if p.lower <= value.at <= p.upper]
        assert value.enclosure.lower == abs(target(value.at) - at[0].slope * value.at - at[0].intercept)
        at = [p for p in given if p.lower <= slope.at <= p.upper]
        assert slope.enclosure.exact() in [abs(target.derivative()(slope.at) - p.slope) for p in at]


@pytest.mark.parametrize("order", [1, 2, 3, 5, 9])
def test_taylor_coefficients_of_a_polynomial(order):
    """Entry k of f at c is the k-th coefficient of f(c + t); the last holds at all points of the interval."""
    rng = random.Random(order)
    for degree in (3, 6):
        target = polynomial(rng, degree)
        lo, at, hi = sorted(Fraction(rng.randint(-30, 30), 7) for _ in range(3))
        found = SmoothPolynomial(target).taylor(lo, hi, at, order, 100)
        assert len(found) == order + 1
        for x, entries in [(at, range(order))] + [
            (lo + (hi - lo) * Fraction(j, 9), [order]) for j in range(10)
        ]:
            shifted = target
            for k in range(order + 1):
                if k in entries:
                    assert found[k].lower().fmpq() <= rational(shifted(x)) <= found[k].upper().fmpq()
                shifted = Polynomial.of([c / (k + 1) for c in shifted.derivative().coefficients])


def test_what_is_a_smooth_target_and_how_many_derivatives_it_has():
    cube = SmoothPolynomial(Polynomial.of([0, 0, 0, 1]))
    assert isinstance(cube, SmoothTarget)
    assert not isinstance(Polynomial.of([0, 1]), SmoothTarget)
    assert greatest_order(cube, 7) == 7
    cube.orders = 3
    assert greatest_order(cube, 7) == 3
    cube.orders = None
    assert greatest_order(cube, 7) == 7
