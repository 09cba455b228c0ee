"""The default squaring network at its kinks: D(Phi) is right there for every convention c in [0, 1], every m.

Statement.  Let Phi = square(m=m): f_m = 2^-m x_0 + sum_j w_j t_j with w_j = 2^(1-j) - 2^(1-m), x_0 = rho(x),
t_j = rho(x_j - 2^(-j-1)), x_(j+1) = rho(x_j - 2 t_j), j = 0, ..., m - 1, where t_(j+1) reads x_j and t_j, x_j
is a neuron for j < m - 1 only, and the sum is carried by neurons.  At every real x, D(Phi)(x) lies in the
Clarke set of f_m if 0 <= c <= 1: at the inner knots it is affine in c between the two slopes, at 0, where the
slopes are 0 and 2^-m, it is (c/2)^m, and at 1 the derivative 2 - 2^-m.

Notation.  sigma is the slope of x_j, which is 1 or -1.

Overview.  `lemma_values_after_a_knot`, `lemma_slopes_after_a_knot`, `theorem_inner_knots`,
`theorem_last_level`, `theorem_ends`; `theorem_on_built_networks` looks at the networks themselves, m <= 7.

Prose.  Every k/2^m with 0 < k < 2^m is an odd multiple of 2^(-j-1) for exactly one j < m.  There x_j is
2^(-j-1) and t_j at zero, and no earlier neuron is, because x_i is zero at multiples of 2^(1-i) only and t_i
at odd multiples of 2^(-i-1).  From x_(j+2) on all x are zero and all later t negative
(`lemma_values_after_a_knot`, and then x_(i+1) = x_i, by induction), so nothing of them reaches the output;
the neurons that carry the sum are positive for x > 0.  For x < 0 x_0 and all t are negative, for x > 1 x_1
and all t but t_0; all other neurons that are zero there are zero around x, so there are no kinks.
"""

from fractions import Fraction

import sympy

from relu_constructions import derivative, kinks, square

j, m = sympy.symbols("j m", integer=True, positive=True)
c = sympy.Symbol("c", real=True)
sigma = sympy.Symbol("sigma", real=True)


def weight(i):
    """The weight of t_i in the output."""
    return 2 ** (1 - i) - 2 ** (1 - m)


def lemma_values_after_a_knot():
    """x_j = 2^(-j-1): then t_j = 0, x_(j+1) = 2^(-j-1), t_(j+1) = 2^(-j-2), x_(j+2) = 0, and t_(j+2) < 0."""
    x = 2 ** (-j - 1)
    t = x - 2 ** (-j - 1)
    assert sympy.simplify(t) == 0
    x_next = sympy.simplify(x - 2 * t)
    t_next = sympy.simplify(x_next - 2 ** (-j - 2))
    assert sympy.simplify(t_next - 2 ** (-j - 2)) == 0
    assert x_next.is_positive
    assert t_next.is_positive
    x_second = sympy.simplify(x_next - 2 * t_next)
    assert x_second == 0
    assert (x_second - 2 ** (-j - 3)).is_negative


def slopes(gate):
    """The slopes of t_j and t_(j+1), where t_j has the gate c, or 0 or 1 on either side."""
    t = gate * sigma
    return t, sigma - 2 * t


def lemma_slopes_after_a_knot():
    """On the side where t_j is negative x_(j+1) goes on with the slope of x_j, on the other it turns."""
    assert slopes(0) == (0, sigma)
    assert slopes(1) == (sigma, -sigma)


def output(gate):
    """What t_j and t_(j+1) give to the slope of the output."""
    here, above = slopes(gate)
    return sympy.expand(weight(j) * here + weight(j + 1) * above)


def theorem_inner_knots():
    """For j < m - 1, D is (1 - c) times the slope on one side plus c times that on the other."""
    assert sympy.expand(output(c) - (1 - c) * output(0) - c * output(1)) == 0
    jump = sympy.simplify(output(1) - output(0))
    assert sympy.simplify(jump - sigma * 2 ** (1 - m)) == 0


def theorem_last_level():
    """For j = m - 1 there is no t_(j+1), and the same is true."""
    last = [weight(m - 1) * slopes(gate)[0] for gate in (0, 1, c)]
    assert sympy.expand(last[2] - (1 - c) * last[0] - c * last[1]) == 0
    assert sympy.simplify(last[1] - last[0] - sigma * 2 ** (1 - m)) == 0


def theorem_ends():
    """At 0 the way of 2^-m x meets the gate c in all m hidden layers: (c/2)^m, in [0, 2^-m] for 0 <= c <= 1.
    At 1 the slope is 2^-m + w_0: x_1 = 1 - 2 (1 - 1/2) = 0 is zero, but all t but t_0 are negative."""
    share = sympy.Symbol("share", nonnegative=True)
    assert sympy.simplify(2**-m * c * c ** (m - 1) / (c / 2) ** m) == 1
    below_one = 1 / (1 + share)
    assert (1 - below_one).factor().is_nonnegative
    assert (below_one**m).is_positive
    assert sympy.simplify(2**-m + weight(0) - (2 - 2**-m)) == 0


def theorem_on_built_networks():
    """The polynomials of the networks for m <= 7, at every k/2^m, and the set of all c that are right."""
    for levels in range(1, 8):
        phi, unit = square(m=levels), Fraction(1, 2**levels)
        found = kinks(phi)
        inner = [k * unit for k in range(1, 2**levels)]
        assert [kink.x for kink in found] == [0, *inner, *([1] if levels > 2 else [])]
        for kink in found[1 : 1 + len(inner)]:
            ends = [sympy.Rational(s.numerator, s.denominator) for s in (kink.left, kink.right)]
            lines = [sympy.expand((1 - c) * a + c * b) for a, b in (ends, ends[::-1])]
            assert derivative(phi, kink.x, at_kink=c) in lines
        assert derivative(phi, 0, at_kink=c) == (c / 2) ** levels
        assert derivative(phi, 1, at_kink=c) == 2 - sympy.Rational(1, 2**levels)
        assert found.right_conventions() == sympy.Interval(0, 1)
