"""The versine by Taylor's polynomial and doubling: what its errors become, in value and slope.

Statement. Let v_j = 1 - cos(pi z/2^(r-j)) for |z| <= Z <= 1, so that v_{j+1} = 4 v_j - 2 v_j^2, and let w_0
in [0, 2] be off v_0 by e_0 and its slope in z by d_0, at most, w_{j+1} = 4 w_j - 2 w_j^2. Then

1. w_j is in [0, 2], e_{j+1} <= 4 e_j, d_{j+1} <= 4 d_j + 4 e_j |v_j'|;
2. e_r <= 4^r e_0 and d_r <= 4^r (d_0 + pi e_0).
3. Taylor's polynomial with K terms has e_0 <= t^(2K+2)/(2K+2)! and d_0 <= (pi/2^r) t^(2K+1)/(2K+1)! for t =
   pi Z/2^r; coefficients that are off by e_1, ..., e_K add sum e_k Z^(2k) and sum 2 k e_k Z^(2k-1).
4. Both are linear in the errors, so that the parts may be doubled one by one, with 22/7 for pi.

Notation. e, d are the errors w - v and w' - v'; t stands for the angle.

Overview. `lemma_doubling`, `lemma_stays_in_the_interval`, `lemma_value_recursion`, `lemma_slope_recursion`,
`theorem_closed_form`, `lemma_taylor_remainder`, `lemma_rounded_coefficients`, `lemma_pi`,
`theorem_lines_of_the_package`, `theorem_joint_range`, `theorem_first_stage_in_the_interval`.

Prose: the induction over j, whose steps are 1 and `theorem_closed_form`; Lagrange's form of the
remainder, by which Taylor's polynomial is off by at most its first missing term, because all derivatives of
sine and cosine are at most 1.

References. The doubling formula is classical; that few doublings and few terms are enough, sqrt(log(1/eps))
of either, is the well-known way to compute cosines to many digits (Brent, 1976).
"""

import math
from fractions import Fraction

import sympy
from sympy import Rational, cos, pi

from relu_constructions.circuit import Wiring
from relu_constructions.versine import PI_ABOVE, Shape, coefficients, truncation_lines

t = sympy.Symbol("t", real=True)
v, w, e, d, slope, c = sympy.symbols("v w e d slope c", real=True)
r, j = sympy.symbols("r j", integer=True, nonnegative=True)


def doubled(value):
    """Return 4 v - 2 v^2."""
    return 4 * value - 2 * value**2


def lemma_doubling():
    """1 - cos(2t) = 4 v - 2 v^2 for v = 1 - cos t; with 4 v - v^2 it is false."""
    first, second = 1 - cos(t), 1 - sympy.expand_trig(cos(2 * t))
    assert sympy.expand(doubled(first) - second) == 0
    assert sympy.expand(4 * first - first**2 - second) != 0


def lemma_stays_in_the_interval():
    """4 w - 2 w^2 = 2 - 2 (1 - w)^2 <= 2, and it is 2 w (2 - w) >= 0 for 0 <= w <= 2; beyond 2 it is not."""
    below, rest = sympy.symbols("below rest", nonnegative=True)
    assert sympy.expand(doubled(w) - (2 - 2 * (1 - w) ** 2)) == 0
    assert sympy.expand(doubled(w) - 2 * w * (2 - w)) == 0
    assert (2 * below * rest).is_nonnegative
    assert doubled(Rational(5, 2)) < 0


def lemma_value_recursion():
    """The error of the doubled value is e (4 - 2 (v + w)), and |4 - 2 (v + w)| <= 4 for v, w in [0, 2]."""
    assert sympy.expand(doubled(v + e) - doubled(v) - e * (4 - 2 * (v + v + e))) == 0
    assert [abs(4 - 2 * (a + b)) for a in (0, 2) for b in (0, 2)] == [4, 0, 0, 4]


def lemma_slope_recursion():
    """With w = v + e the slope's error becomes (4 - 4 w) d - 4 e v', at most 4 |d| + 4 |e| |v'|; without the
    second term it is false."""
    error = (4 - 4 * (v + e)) * (slope + d) - (4 - 4 * v) * slope
    assert sympy.expand(error - ((4 - 4 * (v + e)) * d - 4 * e * slope)) == 0
    assert sympy.expand(error - (4 - 4 * (v + e)) * d) != 0
    assert [abs(4 - 4 * a) for a in (0, 2)] == [4, 4]


def theorem_closed_form():
    """D_j = 4^j (d_0 + pi e_0 (2^(j-r) - 2^-r)) solves D_{j+1} = 4 D_j + 4 (4^j e_0) (pi 2^(j-r)), where
    |v_j'| <= pi 2^(j-r); at j = r it is at most 4^r (d_0 + pi e_0), with less to spare for larger r."""
    e0, d0 = sympy.symbols("e0 d0", nonnegative=True)

    def solved(index):
        return 4**index * (d0 + pi * e0 * (2 ** (index - r) - 2**-r))

    step = 4 * solved(j) + 4 * 4**j * e0 * pi * 2 ** (j - r)
    assert sympy.simplify(solved(j + 1) - step) == 0
    assert solved(sympy.S(0)).expand() == d0
    spare = sympy.simplify(4**r * (d0 + pi * e0) - solved(r))
    assert sympy.simplify(spare - 2**r * pi * e0) == 0
    slope_of_stage = sympy.diff(1 - cos(pi * t * 2 ** (j - r)), t)
    assert sympy.simplify(slope_of_stage - pi * 2 ** (j - r) * sympy.sin(pi * t * 2 ** (j - r))) == 0


def lemma_taylor_remainder():
    """The next terms of 1 - cos t and of its derivative sin t, for K up to 6: t^(2K+2)/(2K+2)! and
    t^(2K+1)/(2K+1)!, which bound |cos^(2K+2)|/(2K+2)! t^(2K+2) and its like."""
    for K in range(1, 7):
        polynomial = sum((-1) ** (k + 1) * t ** (2 * k) / sympy.factorial(2 * k) for k in range(1, K + 1))
        for f, p, order in (
            (1 - cos(t), polynomial, 2 * K + 2),
            (sympy.sin(t), sympy.diff(polynomial, t), 2 * K + 1),
        ):
            series = sympy.series(f - p, t, 0, order + 1).removeO()
            assert abs(series.coeff(t, order)) == Rational(1, math.factorial(order))
            assert sympy.expand(series - series.coeff(t, order) * t**order) == 0
            assert sympy.diff(f, t, order) in (cos(t), -cos(t), sympy.sin(t), -sympy.sin(t))


def lemma_rounded_coefficients():
    """A coefficient of z^(2k) that is off by e changes the value by e z^(2k), the slope by 2 k e z^(2k-1)."""
    k, z = sympy.symbols("k z", positive=True)
    assert sympy.simplify(sympy.diff(e * z ** (2 * k), z) - 2 * k * e * z ** (2 * k - 1)) == 0
    for r_, K, bits in ((0, 4, 20), (3, 3, 40), (5, 2, 8)):
        values, errors = coefficients(r_, K, bits)
        for number, (value, error) in enumerate(zip(values, errors, strict=True), start=1):
            exact = (-1) ** (number + 1) * (pi / 2**r_) ** (2 * number) / sympy.factorial(2 * number)
            away = abs(sympy.Rational(value.numerator, value.denominator) - exact)
            assert (value * 2**bits).denominator == 1
            assert away.evalf(60) <= sympy.Rational(error.numerator, error.denominator)
            assert error <= Fraction(1, 2 ** (bits + 1)) + Fraction(1, 2 ** (bits + 40))


def lemma_pi():
    """pi < 22/7: the integral of x^4 (1 - x)^4/(1 + x^2) over [0, 1] is positive, and it is 22/7 - pi."""
    x = sympy.Symbol("x", nonnegative=True)
    integrand = x**4 * (1 - x) ** 4 / (1 + x**2)
    assert sympy.simplify(sympy.integrate(sympy.apart(integrand, x), (x, 0, 1)) - (Rational(22, 7) - pi)) == 0
    assert integrand.subs(x, Rational(1, 2)) > 0
    assert Fraction(22, 7) == PI_ABOVE


def theorem_lines_of_the_package():
    """The two lines are 4^r e_0 and 4^r (d_0 + pi e_0) times the travel, with 22/7 for pi, rounded upwards by
    less than 2^-60 of it."""
    for r_, K, bits, Z, travel in ((0, 5, 30, 1, 1), (3, 2, 30, 1, 8), (4, 3, 50, Fraction(1, 3), 5)):
        shape, bent = Shape(r_, K, bits), PI_ABOVE * Z / 2**r_
        taylor = (
            bent ** (2 * K + 2) / math.factorial(2 * K + 2),
            PI_ABOVE / 2**r_ * bent ** (2 * K + 1) / math.factorial(2 * K + 1),
        )
        pairs = list(enumerate(coefficients(r_, K, bits).errors, start=1))
        rounding = (
            sum(error * Fraction(Z) ** (2 * k) for k, error in pairs),
            sum(2 * k * error * Fraction(Z) ** (2 * k - 1) for k, error in pairs),
        )
        lines = truncation_lines(shape, Fraction(Z), Fraction(travel))
        for line, (e0, d0) in zip(lines, (taylor, rounding), strict=True):
            exact = 4**r_ * e0, 4**r_ * (d0 + PI_ABOVE * e0) * travel
            for found, wanted in zip(line[1:], exact, strict=True):
                assert wanted <= found <= wanted * (1 + Fraction(1, 2**60))


def theorem_first_stage_in_the_interval():
    """c_1 z^2 + ... is at least z^2 (c_1 - the moduli of the negative ones), for |z| <= 1, and at most the
    sum of the moduli; for a power z^(2k), k >= 1, z^(2k) <= z^2. From one doubling on, theta <= pi/2, they
    add up to less than cosh(pi/2) - 1 < 2, and the first outweighs the others."""
    k, q = sympy.symbols("k q", positive=True)
    z = 1 / (1 + q)
    assert sympy.simplify(z**2 - z ** (2 * k) - z**2 * (1 - z ** (2 * k - 2))) == 0
    bent = pi / 2
    assert (sympy.cosh(bent) - 1).evalf(50) < 2
    assert (bent**2 / 2 - (sympy.cosh(bent) - 1 - bent**2 / 2)).evalf(50) > 0
    for r_, K in ((1, 1), (1, 9), (4, 3)):
        values = coefficients(r_, K, 40).values
        negative = sum(-value for value in values if value < 0)
        assert negative <= values[0] <= sum(map(abs, values)) <= 2


def theorem_joint_range():
    """g(t) = a t + c F(t) with a convex F, t^2 <= F(t) <= t^2 + more: for c < 0 it is concave, so least at an
    end, and at most a t + c t^2, whose vertex is -a/(2c); for c > 0 the other way round."""
    a, size, more = sympy.symbols("a size more", positive=True)
    for sign in (-1, 1):
        parabola = a * t + sign * size * t**2
        vertex = -a / (2 * sign * size)
        assert sympy.diff(parabola, t).subs(t, vertex).simplify() == 0
        assert sympy.diff(parabola, t, 2) == 2 * sign * size
        gap = sympy.expand(a * t + sign * size * (t**2 + more) - parabola)
        assert (gap * sign).is_nonnegative
    wiring = Wiring(((Fraction(0), Fraction(2)),), 6)
    (x,) = wiring.inputs
    lo, hi = wiring.range(x * 4 - wiring.square(x) * 2)
    assert hi == 2
    assert -Fraction(1, 1000) < lo <= 0
