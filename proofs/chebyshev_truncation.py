"""An analytic function is within the bounds of the package of its rounded, truncated Chebyshev interpolant.

Statement. Let f be real on [lo, hi], r = (hi - lo)/2, c = (lo + hi)/2, and let F be analytic on the filled
ellipse with half axes r (rho + 1/rho)/2 and r (rho - 1/rho)/2 around c, rho > 1, |F| <= M, F = f on [lo, hi].
Then f = sum c_k T_k((x - c)/r) with |c_k| <= 2 M rho^-k. The interpolant p_N in the points c + r cos(pi j/N),
j = 0, ..., N, has the coefficients

    C_k = (w_k/N) (f_0/2 + sum_{0 < j < N} f_j cos(pi j k/N) + (-1)^k f_N/2),  w_0 = w_N = 1, else w_k = 2,

and with u = 1/(rho - 1) the errors

    |f - p_N| <= 4 M rho^-N u,
    |f' - p_N'| <= (2 M rho^-N u/r) (2 N^2 + 2 N (1 + u) + (1 + u)(1 + 2u)).

Errors e_k of the coefficients change the value by at most sum e_k and the derivative by sum k^2 e_k/r. It is
enough to bound f on the upper half of the ellipse.

Notation. t = (x - c)/r in [-1, 1], T_k(cos theta) = cos(k theta), z = e^(i theta), q = 1/rho.

Overview. `lemma_half_axes`, `lemma_upper_half`, `lemma_coefficients`, `lemma_aliases`, `theorem_interpolant`,
`lemma_derivative_of_a_term`, `lemma_sums`, `theorem_tail`, `theorem_coefficients_of_the_transform`,
`theorem_accuracy`.

Prose. F((z + 1/z)/2) is analytic in the annulus 1/rho <= |z| <= rho, on whose circles (z + 1/z)/2 runs
through the ellipses, and symmetric in z and 1/z: its Laurent series is sum c_k (z^k + z^-k)/2. Cauchy's
integral over |z| = rho bounds its coefficients by M rho^-k, and c_k is twice the coefficient of z^k, for k
= 0 the coefficient itself. Since sum k^2 |c_k| is finite, the series may be differentiated term by term,
and interpolation, which is linear and bounded in the values, may be applied to every term: f - p_N = sum_{k
> N} c_k (T_k - T_{a(k)}) with the alias a(k) <= N of `lemma_aliases`. The largest |F| on the filled ellipse
is taken on its boundary.

Upper half: a function f that is analytic on a neighbourhood of the closed upper half of the ellipse, and
real on [lo, hi], is real on the whole axis inside it, because f(z) and the conjugate of f(conj z) agree on
[lo, hi]. So F = f above and F(z) = conj f(conj z) below is analytic, with the same bound. A union of
rectangles that covers the half, on a neighbourhood of each of which f is analytic, is such a neighbourhood.
What a ball evaluation returns encloses the values, which is what is asked of f; the numbers k/2^l that cut
s and t into rectangles are exact, and so are comparisons of upper ends of balls.

References. Trefethen, Approximation Theory and Approximation Practice (2013), theorems 4.1, 8.1, 8.2.
"""

from fractions import Fraction

import sympy
from sympy import Rational, cos, exp, pi, sin

from relu_constructions.chebyshev_errors import tail
from relu_constructions.chebyshev_series import MAX_RADIUS, smooth_length
from relu_constructions.chebyshev_truncation import TAIL, TERMS
from relu_constructions.ellipse import PI, Ellipse

s, t, theta = sympy.symbols("s t theta", real=True)
u, M = sympy.symbols("u M", positive=True)
q = sympy.Symbol("q", positive=True)
k, m, j, N, i = sympy.symbols("k m j N i", integer=True, positive=True)
rho = 1 + 1 / u
SERIES = (u, u * (1 + u), u * (1 + u) * (1 + 2 * u))
"""The sums of rho^-i, i rho^-i and i^2 rho^-i over i >= 1."""


def vanishes(expression):
    """Decide whether a rational expression is zero."""
    return sympy.cancel(sympy.together(expression)) == 0


def lemma_half_axes():
    """cosh(s + it) = cosh s cos t + i sinh s sin t, for s = log(rho) with the half axes of the statement;
    in the upper half t <= pi, and the rectangles reach a little beyond."""
    point = sympy.cosh(s + sympy.I * t).rewrite(exp)
    split = (sympy.cosh(s) * cos(t) + sympy.I * sympy.sinh(s) * sin(t)).rewrite(exp)
    assert sympy.expand(sympy.expand(point - split, power_exp=True)) == 0
    R = sympy.Symbol("R", positive=True)
    assert vanishes(sympy.cosh(sympy.log(R)).rewrite(exp) - (R + 1 / R) / 2)
    assert vanishes(sympy.sinh(sympy.log(R)).rewrite(exp) - (R - 1 / R) / 2)
    man, exponent = PI
    assert pi < man * Rational(2) ** exponent < pi + Rational(1, 10**6)


def lemma_upper_half():
    """The map that takes z to its conjugate keeps the ellipse and exchanges its halves: -t for t."""
    z = sympy.cosh(s) * cos(t) + sympy.I * sympy.sinh(s) * sin(t)
    assert sympy.expand(sympy.conjugate(z) - z.subs(t, -t)) == 0


def lemma_coefficients():
    """T_k((z + 1/z)/2) = (z^k + z^-k)/2, by T_{k+1} = 2 t T_k - T_{k-1}: so a Laurent series that is
    symmetric is a Chebyshev series with twice its coefficients, |c_k| <= 2 M rho^-k for k >= 1 and |c_0|
    <= M."""
    z = sympy.Symbol("z", positive=True)
    T = [(z**n + z**-n) / 2 for n in (k - 1, k, k + 1)]
    assert sympy.simplify(sympy.expand((z + 1 / z) * T[1] - T[0] - T[2])) == 0
    assert [sympy.expand((z**n + z**-n) / 2) for n in (0, 1)] == [1, z / 2 + 1 / (2 * z)]


def lemma_aliases():
    """At the points cos(pi j/N), T_{2 N m + a} and T_{2 N m - a} are T_a: every k > N is of one of these
    forms with 0 <= a <= N, since the numbers 2 N m - N, ..., 2 N m + N are all numbers."""
    a = sympy.Symbol("a", integer=True, nonnegative=True)
    angle = pi * j / N
    for sign in (1, -1):
        aliased = sympy.expand((2 * N * m + sign * a) * angle)
        assert aliased == 2 * pi * m * j + sign * a * pi * j / N
        assert sympy.expand_trig(cos(aliased)) == cos(a * pi * j / N)
    assert sympy.expand((2 * N * (m + 1) - N) - (2 * N * m + N)) == 0


def lemma_derivative_of_a_term():
    """|T_k| <= 1 and |T_k'| <= k^2: T_k' = k sin(k theta)/sin(theta), and |sin((k + 1) theta)| <= |sin(k
    theta)| + |sin(theta)| by the addition theorem, so |sin(k theta)| <= k |sin(theta)| by induction
    (prose)."""
    chain = sympy.diff(cos(k * theta), theta) / sympy.diff(cos(theta), theta)
    assert sympy.simplify(chain - k * sin(k * theta) / sin(theta)) == 0
    addition = sin(k * theta) * cos(theta) + cos(k * theta) * sin(theta)
    assert sympy.simplify(sympy.expand_trig(sin(k * theta + theta)) - addition) == 0
    assert sympy.expand(k * k - k * (k - 1) - k) == 0
    for degree in range(1, 12):
        slope = sympy.diff(sympy.chebyshevt(degree, t), t)
        assert slope.subs(t, 1) == degree**2


def lemma_sums():
    """With rho = 1 + 1/u the three sums are u, u + u^2, u + 3 u^2 + 2 u^3: S(q) = q/(1 - q), and q d/dq
    puts the factor i before q^i."""
    S = [q / (1 - q)]
    assert sympy.simplify(sympy.Sum(q**i, (i, 1, sympy.oo)).doit().args[0][0] - S[0]) == 0
    for _ in range(2):
        S.append(q * sympy.diff(S[-1], q))
    for found, claimed in zip(S, SERIES, strict=True):
        assert vanishes(found.subs(q, 1 / rho) - claimed)


def theorem_interpolant():
    """|f - p_N| <= sum_{k > N} |c_k| (|T_k| + |T_a|) <= sum 2 (2 M rho^-k) = 4 M rho^-N u."""
    assert vanishes(2 * 2 * M * SERIES[0] - 4 * M * u)


def theorem_tail():
    """sum_{k > N} 2 M rho^-k (k^2 + N^2), k = N + i, is the bound of the derivative, since a(k) <= N; the
    package computes both bounds, rounded up by less than 2^-30 of them."""
    coefficients = sympy.Poly(sympy.expand((N + i) ** 2 + N**2), i).all_coeffs()[::-1]
    bound = sum(c * S for c, S in zip(coefficients, SERIES, strict=True))
    assert vanishes(bound - u * (2 * N**2 + 2 * N * (1 + u) + (1 + u) * (1 + 2 * u)))
    for ratio, half, degree in ((Fraction(3), Fraction(1), 5), (Fraction(9, 8), Fraction(1, 3), 40)):
        found = tail(Ellipse(ratio, Fraction(7)), (-half, half), degree)
        U, factor = 1 / (ratio - 1), 2 * 7 / ratio**degree
        slope = factor / half * U * (2 * degree**2 + 2 * degree * (1 + U) + (1 + U) * (1 + 2 * U))
        for claimed, exact in zip(found, (2 * factor * U, slope), strict=True):
            assert exact <= claimed <= exact * (1 + Fraction(1, 2**30))


def theorem_coefficients_of_the_transform():
    """The coefficients of T_a, 0 <= a <= N, in the points are 1 at a and 0 elsewhere, exactly, for N <= 5;
    for all N this is the orthogonality of the cosines (prose: a geometric series of roots of unity). A
    discrete Fourier transform of f_0, ..., f_N, ..., f_1, of length 2N, is the sum of `transform`."""
    for number in range(1, 6):
        points = [cos(pi * j / number) for j in range(number + 1)]
        for degree in range(number + 1):
            values = [sympy.chebyshevt(degree, x) for x in points]
            found = [transform(values, index) for index in range(number + 1)]
            assert [sympy.simplify(value) for value in found] == [int(a == degree) for a in range(number + 1)]


def transform(values, index):
    """Return C_index of values at N + 1 points, as the package computes it from values of period 2N."""
    number = len(values) - 1
    around = [*values, *values[number - 1 : 0 : -1]]
    total = sum(value * cos(pi * place * index / number) for place, value in enumerate(around))
    return total / (2 * number if index in (0, number) else number)


def theorem_accuracy():
    """The parts of eps are at most eps, and something is left for the rounding.

    The degree N for which the tail has at most TAIL is rounded up to at most 5/4 N, by which the bounds
    grow at most by the square of that. Of what is left the terms left out have TERMS. The enclosures have
    at most eps/2^14: N + 1 errors of 16 units of r eps/(2^18 (N + 1)^3), each times at most (N + 1)^2/r, or
    without 1/r for r > 1. Rounding every bound up costs less than 2^-30 of it.
    """
    for degree in range(1, 5000):
        assert degree <= smooth_length(degree) <= Fraction(5, 4) * degree
    terms, enclosures = (1 - 2 * TAIL) * TERMS, Fraction(MAX_RADIUS, 2**18)
    assert Fraction(5, 4) ** 2 <= 2
    assert (terms + enclosures) * (1 + Fraction(1, 2**30)) + 2 * TAIL < 1 - Fraction(1, 2**13)
