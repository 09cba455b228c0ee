"""Suprema against smooth targets: known numbers, an independent bisection by balls, and every way to stop."""

import math
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest

from relu_constructions import Enclosure, Parametrization, square
from relu_constructions.elementary import Elementary
from relu_constructions.pieces import Pieces
from relu_constructions.smooth_groups import ExactPieces
from relu_constructions.smooth_supremum import Descending, smooth_suprema
from relu_constructions.supremum import suprema
from relu_constructions.sweep import sweep

THOUSANDTH = Fraction(1, 1000)
FUNCTIONS = {
    "cos(2*pi*x)": lambda x: (2 * mpmath.pi * x, mpmath.cos, lambda y: -mpmath.sin(y) * 2 * mpmath.pi),
    "sin(x)": lambda x: (x, mpmath.sin, mpmath.cos),
    "exp(x)": lambda x: (x, mpmath.exp, mpmath.exp),
}


def function(name):
    def value(x):
        inner, f, _ = FUNCTIONS[name](x)
        return f(inner)

    def derivative(x):
        inner, _, f = FUNCTIONS[name](x)
        return f(inner)

    return value, derivative


def of(number):
    return mpmath.mpf(number.numerator) / number.denominator


def interpolant(name, n, bits=60, start=Fraction(0), width=Fraction(1)):
    """The interpolant at n + 1 points, its vertices rounded; in int64 where that is possible."""
    f, _ = function(name)
    x = [start + width * k / n for k in range(n + 1)]
    with mpmath.workprec(bits + 200):
        V = [int(mpmath.nint(f(of(t)) * mpmath.mpf(2) ** bits)) for t in x]
    if width == 1 and start == 0 and bits <= 60:
        return Pieces(np.arange(n + 1), n, np.array(V), 2**bits, "int64")
    X, Q = ([getattr(t, part) for t in x] for part in ("numerator", "denominator"))
    return Pieces(
        np.array(X, dtype=object), np.array(Q, dtype=object), np.array(V, dtype=object), 2**bits, "integers"
    )


def supremum_on(name, piece):
    """The suprema of both errors on a piece by a zero of e', which is unique as f'' has one sign there."""
    f, g = function(name)
    a, b, s, t = map(of, piece)
    points = [a, b]
    if (g(a) - s) * (g(b) - s) < 0:
        points.append(
            mpmath.findroot(lambda x: g(x) - s, (a, b), solver="anderson", tol=mpmath.mpf(10) ** -90)
        )
    return max(abs(f(x) - s * x - t) for x in points), max(abs(g(x) - s) for x in (a, b))


@pytest.mark.parametrize("n", [8, 64, 1024])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_interpolants_have_the_suprema_that_root_finding_gives(name, n):
    given = interpolant(name, n)
    with mpmath.workdps(60):
        exact = [max(column) for column in zip(*(supremum_on(name, piece) for piece in given), strict=True)]
        for tolerance in (THOUSANDTH, Fraction(1, 10**6), Fraction(1, 10**12)):
            for found, number in zip(suprema(Elementary.of(name), given, tolerance), exact, strict=True):
                lower, upper = found.enclosure.lower, found.enclosure.upper
                assert (
                    of(lower) * (1 - mpmath.mpf(10) ** -50)
                    <= number
                    <= of(upper) * (1 + mpmath.mpf(10) ** -50)
                )
                assert upper <= lower * (1 + tolerance)
                assert n < 1024 or of(upper) <= number * (1 + mpmath.mpf(10) ** -6)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_lower_end_is_attained_where_it_is_said(name):
    given = interpolant(name, 50)
    f, g = function(name)
    value, slope = suprema(Elementary.of(name), given, THOUSANDTH)
    with mpmath.workdps(60):
        errors = [
            (abs(f(of(value.at)) - of(p.slope * value.at + p.intercept)), abs(g(of(slope.at)) - of(p.slope)))
            for p in given
        ]
        inside = [[p.lower <= s.at <= p.upper for p in given] for s in (value, slope)]
        for order, found in enumerate((value, slope)):
            there = max(e[order] for e, at in zip(errors, inside[order], strict=True) if at)
            assert of(found.enclosure.lower) <= there * (1 + mpmath.mpf(10) ** -40)
            assert there <= of(found.enclosure.upper) * (1 + mpmath.mpf(10) ** -40)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("flipped", [1, 700, 4095])
def test_a_single_wrong_vertex_is_found(name, flipped):
    given = interpolant(name, 4096)
    V = given.V.copy()
    V[flipped] += 2**40
    wrong = Pieces(given.X, given.Q, V, given.S, "int64")
    value, slope = suprema(Elementary.of(name), wrong, THOUSANDTH)
    assert abs(value.at - Fraction(flipped, 4096)) <= Fraction(1, 4096)
    assert abs(slope.at - Fraction(flipped, 4096)) <= Fraction(1, 4096)
    assert value.enclosure.lower > 2 * suprema(Elementary.of(name), given, THOUSANDTH).value.enclosure.upper


def by_bisection(target, given, order, width, bits=100):
    """Enclose a supremum by plain balls: the value at the midpoint and the next derivative on a part."""
    lower, upper = Fraction(0), Fraction(0)
    for piece in given:
        parts = [(piece.lower, piece.upper)]
        while parts:
            a, b = parts.pop()
            middle = (a + b) / 2
            with flint.ctx.workprec(bits):
                found = target.taylor(a, b, middle, order + 1, bits)
                line = piece.slope if order else piece.slope * middle + piece.intercept
                y = abs(found[order] - flint.arb(flint.fmpq(line.numerator, line.denominator)))
                drift = found[order + 1] * (order + 1) - (
                    0 if order else flint.arb(flint.fmpq(piece.slope.numerator, piece.slope.denominator))
                )
                bound = y + abs(drift) * flint.arb(flint.fmpq((b - a).numerator, (b - a).denominator))
            low, high = (Fraction(int(q.p), int(q.q)) for q in (y.lower().fmpq(), bound.upper().fmpq()))
            lower = max(lower, low)
            if high > max(upper, lower * (1 + width)):
                parts += [(a, middle), (middle, b)]
            elif high > upper:
                upper = high
    return lower, max(upper, lower)


TARGETS = ["sin(5*x)", "exp(-3*x^2)", "1/(1 + x^2)", "log(2 + x)*cos(7*x)", "sqrt(x + 3/2)", "tanh(4*x)"]


@pytest.mark.parametrize("name", TARGETS)
def test_random_functions_agree_with_plain_bisection(name):
    rng, target = random.Random(name), Elementary.of(name)
    for size in (1, 2, 5, 12, 30):
        x = sorted({rng.randint(-500, 500) for _ in range(size + 1)})
        x = [-501, *x, 501]
        given = Pieces(np.array(x), 501, np.array([rng.randint(-50, 50) for _ in x]), 40, "int64")
        found = suprema(target, given, THOUSANDTH)
        for order in (0, 1):
            lower, upper = by_bisection(target, given, order, Fraction(1, 50))
            enclosure = found[order].enclosure
            assert lower <= enclosure.upper
            assert enclosure.lower <= upper
            assert enclosure.upper <= enclosure.lower * (1 + THOUSANDTH)


@pytest.mark.parametrize("exponent", [15, 75, 150, 400])
def test_errors_of_any_size_keep_their_relative_width(exponent):
    """On [1/3, 1/3 + w] the error of 9 pieces is about (w/9)^2 sin(1/3)/8: 1e-30, 1e-150, 1e-300, 1e-800."""
    width = Fraction(1, 10**exponent)
    given = interpolant("sin(x)", 9, bits=8 * exponent + 100, start=Fraction(1, 3), width=width)
    value, slope = suprema(Elementary.of("sin(x)"), given, THOUSANDTH)
    expected = width**2 / 81 / 8, width / 9 / 2
    for found, scale in zip((value, slope), expected, strict=True):
        assert scale * Fraction(327, 1000) <= found.enclosure.lower
        assert found.enclosure.upper <= min(
            scale * Fraction(328, 1000), found.enclosure.lower * (1 + THOUSANDTH)
        )


def line(slope=1, intercept=0, domain=(0, 1)):
    y = [slope * Fraction(x) + intercept for x in domain]
    return Pieces(np.array(domain), 1, np.array([int(v * 4) for v in y]), 4, "int64")


def test_an_error_that_is_0_is_enclosed_in_something_tiny():
    target = Elementary.of("sin(x)^2 + cos(x)^2 + x - 1")
    for found in suprema(target, line(), THOUSANDTH):
        assert found.enclosure.lower == 0
        assert 0 < found.enclosure.upper < Fraction(1, 10**12)


@pytest.mark.parametrize("name", ["1/x", "sqrt(x)"])
def test_unbounded_derivatives_are_refused(name):
    with pytest.raises(
        ValueError, match="derivatives of the target must be bounded, but the error of its value"
    ):
        suprema(Elementary.of(name), line(), THOUSANDTH)


class Limited:
    """A function of which only some orders are known; a look may be interrupted."""

    def __init__(self, name, orders, calls=10**9):
        self.function, self.orders, self.calls = Elementary.of(name), orders, calls

    def taylor(self, lo, hi, at, order, bits):
        assert 1 <= order <= self.orders
        assert lo <= at <= hi
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return self.function.taylor(lo, hi, at, order, bits)


@pytest.mark.parametrize("orders", [1, 2, 3, 4, 5, 8])
def test_few_known_derivatives_suffice(orders):
    for n in (1, 12):
        given = interpolant("sin(x)", n)
        exact = suprema(Elementary.of("sin(x)"), given, Fraction(1, 10**9))
        tolerance = Fraction(1, 20) if orders == 1 else THOUSANDTH
        for found, known in zip(suprema(Limited("sin(x)", orders), given, tolerance), exact, strict=True):
            assert found.enclosure.lower <= known.enclosure.upper
            assert known.enclosure.lower <= found.enclosure.upper
            assert found.enclosure.upper <= found.enclosure.lower * (1 + tolerance)


@pytest.mark.parametrize("calls", [0, 5, 16])
def test_an_interrupt_passes(calls):
    with pytest.raises(KeyboardInterrupt):
        suprema(Limited("sin(x)", 12, calls), interpolant("sin(x)", 512), THOUSANDTH)


def test_an_extremum_of_the_slope_inside_a_piece_is_enclosed():
    """For sin on [-1, 1] against 0, both errors are largest inside or at an end: sin 1 and cos 0 = 1."""
    given = line(0, 0, (-1, 1))
    value, slope = suprema(Elementary.of("sin(x)"), given, Fraction(1, 10**12))
    with mpmath.workdps(50):
        assert of(value.enclosure.lower) <= mpmath.sin(1) <= of(value.enclosure.upper)
    assert 1 in slope.enclosure
    assert slope.enclosure.upper <= slope.enclosure.lower * (1 + Fraction(1, 10**12))


def test_many_periods_on_one_piece():
    """sin(100 x) against 0 on [0, 3] attains 1, and its slope 100."""
    value, slope = suprema(Elementary.of("sin(100*x)"), line(0, 0, (0, 3)), Fraction(1, 10**6))
    for found, exact in ((value, 1), (slope, 100)):
        assert exact in found.enclosure
        assert found.enclosure.upper <= found.enclosure.lower * (1 + Fraction(1, 10**6))


def test_pieces_on_the_whole_line_are_refused():
    given = Pieces(np.array([0]), 1, np.array([0]), 1, "integers", (Fraction(0), Fraction(1)))
    with pytest.raises(ValueError, match="on a bounded interval"):
        suprema(Elementary.of("sin(x)"), given, THOUSANDTH)


def test_targets_of_several_variables_are_refused(naive):
    from relu_constructions import pieces
    from relu_constructions.multivariate import read_polynomial

    with pytest.raises(ValueError, match="a function of one variable"):
        suprema(read_polynomial("x*y", None, 2), pieces(naive.network(1), (0, 1)), THOUSANDTH)


def test_descending_lists_everything_once_in_order():
    rng = np.random.default_rng(3)
    for size in (1, 15, 16, 17, 1000):
        numbers = rng.integers(0, 40, size).astype(float)
        numbers[rng.integers(0, size, size // 3)] = np.inf
        waiting, taken = Descending(numbers), []
        while waiting.largest >= 0:
            taken.append(waiting.pop())
        assert [bound for bound, _ in taken] == sorted(numbers.tolist(), reverse=True)
        assert sorted(index for _, index in taken) == list(range(size))
        assert all(numbers[index] == bound for bound, index in taken)


def test_threads_do_not_disturb_each_other():
    """Precision and length of power series are global in flint; parts of a domain may run in threads."""
    name, before = "exp(x)*sin(3*x) + x/7", (flint.ctx.prec, flint.ctx.cap)
    target, given = Elementary.of(name), interpolant("sin(x)", 20)
    alone = suprema(target, given, THOUSANDTH)
    interval = sys.getswitchinterval()
    try:
        sys.setswitchinterval(1e-6)
        with ThreadPoolExecutor(4) as executor:
            found = list(executor.map(lambda _: suprema(target, given, THOUSANDTH), range(24)))
    finally:
        sys.setswitchinterval(interval)
    assert found == [alone] * 24
    assert (flint.ctx.prec, flint.ctx.cap) == before


def test_sweeps_of_networks_use_the_pieces_that_are_cheapest(naive):
    """A network of foldings is listed exactly, one with long rationals filtered; parts agree with all."""
    unit, target = (Fraction(0), Fraction(1)), Elementary.of("cos(x)")
    rng = np.random.default_rng(4)
    weights = [(rng.normal(size=(n, m)), rng.normal(size=n)) for m, n in ((1, 9), (9, 9), (9, 1))]
    for phi, kernel in ((square(m=4), "int64"), (Parametrization.from_floats(weights), "filtered")):
        found, count, used = sweep(phi, target, unit, THOUSANDTH)
        assert used == kernel
        with ThreadPoolExecutor(2) as executor:
            parts, again, _ = sweep(phi, target, unit, THOUSANDTH, executor)
        assert count == again
        for whole, part in zip(found, parts, strict=True):
            assert whole.enclosure.lower <= part.enclosure.upper
            assert part.enclosure.lower <= whole.enclosure.upper
        f = abs(Fraction(math.cos(float(found.value.at))) - naive.value(phi, found.value.at))
        assert abs(f - found.value.enclosure.lower) < Fraction(1, 2**40)


def test_the_entry_point_takes_groups():
    given = ExactPieces(interpolant("exp(x)", 16))
    found = smooth_suprema(Elementary.of("exp(x)"), given, THOUSANDTH)
    assert found == suprema(Elementary.of("exp(x)"), interpolant("exp(x)", 16), THOUSANDTH)
    assert isinstance(found.value.enclosure, Enclosure)
