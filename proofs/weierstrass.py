"""The Weierstrass function sum_k p^k cos(a^k pi x): its tails, and bounds that are sums over its terms.

Statement. Let 0 < |p| < 1, a > 0 and w(x) = sum_{k >= 0} p^k cos(a^k pi x).

1. The terms from k = n on are together at most |p|^n/(1 - |p|), attained at x = 0 for p > 0.
2. If |a p| < 1, their derivatives -pi (a p)^k sin(a^k pi x) are together at most pi |a p|^n/(1 - |a p|); the
   series of the derivatives converges uniformly, so it is w'.
3. With the k-th cosine off by e_k, and its slope by d_k, the partial sum is off by sum |p|^k e_k, and its
   slope by sum |p|^k d_k; so every part of the errors of the terms may be added up by itself.
4. A term is cos(pi h_s(|y|)) with 2^s y = a^k x; its slope is that of cos(pi z), which is off by d behind
   the folds, times |z'| = a^k. Where a = 2^j the folds of a term are those of the term before, and j more.

Notation. e, d as in the statement; k and n are any numbers of terms. The package takes 22/7 for pi.

Overview. `theorem_tail_of_the_value`, `theorem_tail_of_the_slope`, `theorem_tails_of_the_package`,
`lemma_derivative_of_a_term`, `theorem_sums`, `theorem_slopes_behind_folds`, `theorem_folds_are_a_chain`,
`theorem_lines_of_the_package`, `lemma_the_derivative_diverges`. The fold identity is in `proofs/cosine.py`,
the versine in `proofs/versine.py`.

Prose: Weierstrass's test, by which a series with a convergent majorant converges uniformly and may be
differentiated term by term if this holds for the derivatives; that slopes hold almost everywhere.

References. Weierstrass (1872); Elbraechter, Perekrestenko, Grohs, Boelcskei, IEEE Trans. Inf. Theory 67
(2021), for networks (|p| < 1/2; from memory).
"""

from fractions import Fraction

import sympy
from sympy import S

from relu_constructions.constructions.weierstrass import _lines, _tails
from relu_constructions.cosine_series import Term, part_errors, series
from relu_constructions.derivation import Known, affine_rule
from relu_constructions.versine import PI_ABOVE, Shape
from relu_constructions.wave import turn_of

x, p, a = sympy.symbols("x p a", positive=True)
k, n = sympy.symbols("k n", integer=True, nonnegative=True)


def geometric(ratio):
    """The sum of ratio^k from k = n on, for 0 < ratio < 1."""
    return sympy.summation(ratio**k, (k, n, sympy.oo))


def theorem_tail_of_the_value():
    """sum_{k >= n} p^k = p^n/(1 - p) for 0 < p < 1, and cos(0) = 1 attains it; it telescopes."""
    closed = p**n / (1 - p)
    assert sympy.simplify(closed - p ** (n + 1) / (1 - p) - p**n) == 0
    assert sympy.limit(closed.subs(p, S(5) / 6), n, sympy.oo) == 0
    assert geometric(S(1) / 3).equals((S(1) / 3) ** n / (1 - S(1) / 3))
    assert sympy.cos(a**k * sympy.pi * 0) == 1


def lemma_derivative_of_a_term():
    """(p^k cos(a^k pi x))' = -pi (a p)^k sin(a^k pi x), at most pi (a p)^k in modulus."""
    found = sympy.diff(p**k * sympy.cos(a**k * sympy.pi * x), x)
    assert sympy.simplify(found + sympy.pi * (a * p) ** k * sympy.sin(a**k * sympy.pi * x)) == 0


def theorem_tail_of_the_slope():
    """sum_{k >= n} pi r^k = pi r^n/(1 - r) for r = |a p| < 1, and 22/7 > pi."""
    r = sympy.Symbol("r", positive=True)
    closed = sympy.pi * r**n / (1 - r)
    assert sympy.simplify(closed - closed.subs(n, n + 1) - sympy.pi * r**n) == 0
    assert sympy.limit(closed.subs(r, S(5) / 6), n, sympy.oo) == 0
    assert sympy.Rational(PI_ABOVE.numerator, PI_ABOVE.denominator) > sympy.pi


def lemma_the_derivative_diverges():
    """For |a p| >= 1 the summands of the slopes do not tend to 0; then the package leaves their tail out."""
    assert sympy.limit((S(3) / 2) ** n, n, sympy.oo) == sympy.oo
    assert _tails(Fraction(1, 2), Fraction(3), 7)[1] == 0 < _tails(Fraction(1, 2), Fraction(3), 7)[0]


def theorem_tails_of_the_package():
    """The package takes these two sums, a little larger, for both signs of p."""
    slight = 1 + Fraction(1, 2**30)
    for ratio, base in (
        (Fraction(1, 4), Fraction(2)),
        (Fraction(-2, 5), Fraction(9, 4)),
        (Fraction(1, 2), Fraction(1)),
    ):
        size, steep = abs(ratio), abs(base * ratio)
        for first in (1, 2, 9):
            value, slope = _tails(ratio, base, first)
            exact = size**first / (1 - size), PI_ABOVE * steep**first / (1 - steep)
            assert exact[0] <= value <= exact[0] * slight
            assert exact[1] <= slope <= exact[1] * slight


def theorem_sums():
    """sum p^k c_k is off by sum |p|^k e_k, and so are slopes, with signed p; parts of e_k add up."""
    q = sympy.Symbol("q", real=True)
    e, d = sympy.symbols("e:3", nonnegative=True), sympy.symbols("d:3", nonnegative=True)
    parts = [(q**i, Known(S(1), {0: S(1)}, e[i], {0: d[i]})) for i in range(3)]
    known = affine_rule(0, parts)
    assert sympy.expand(known.value - sum(abs(q**i) * e[i] for i in range(3))) == 0
    assert sympy.expand(known.slopes[0] - sum(abs(q**i) * d[i] for i in range(3))) == 0
    f = sympy.symbols("f:3", nonnegative=True)
    both = affine_rule(0, [(c, u._replace(value=u.value + f[i])) for i, (c, u) in enumerate(parts)])
    assert sympy.expand(both.value - known.value - sum(abs(q**i) * f[i] for i in range(3))) == 0


def theorem_slopes_behind_folds():
    """d/dx C(z(x)) - d/dx cos(pi z(x)) = (C'(z) + pi sin(pi z)) z', and |z'| = 2^s |y'| = a^k."""
    z, C = sympy.Function("z")(x), sympy.Function("C")
    u = sympy.Symbol("u", real=True)
    error = sympy.diff(C(z) - sympy.cos(sympy.pi * z), x)
    outer = sympy.diff(C(u) - sympy.cos(sympy.pi * u), u).subs(u, z).doit()
    assert sympy.simplify(error - outer * sympy.diff(z, x)) == 0
    s = sympy.Symbol("s", integer=True, nonnegative=True)
    assert sympy.simplify(2**s * sympy.diff(a**k * x / 2**s, x) - a**k) == 0


TERMS = [Term(Shape(2, 2, 20), 6), Term(Shape(1, 3, 24), 5), Term(Shape(0, 4, 24), 5)]


def theorem_folds_are_a_chain():
    """Every term has the frequency a^k, exactly, and no phase; for a = 2 one fold follows the other."""
    for base in (Fraction(2), Fraction(4), Fraction(5, 2), Fraction(1, 3), Fraction(1)):
        made = series(Fraction(1, 5), base, Fraction(-1), Fraction(1), TERMS)
        for i, (z, _) in enumerate(made.parts):
            turn = turn_of(made.circuit, z)
            assert (turn.frequency, turn.p) == (base**i, 0)


def theorem_lines_of_the_package():
    """The line of the gates is sum |p|^k e_k and sum |p|^k d_k, a little larger, as in `theorem_sums`."""
    ratio, base = Fraction(-1, 5), Fraction(5, 2)
    made = series(ratio, base, Fraction(-1), Fraction(1), TERMS)
    parts = [part_errors(made, i, term) for i, term in enumerate(TERMS)]
    exact = [
        sum(abs(ratio) ** i * number for i, number in enumerate(numbers))
        for numbers in zip(*((q.value, q.slope) for q in parts), strict=True)
    ]
    found = _lines(made, ratio, base, TERMS)
    for number, bound in zip(exact, (found[0].value_error, found[0].derivative_error), strict=True):
        assert number <= bound <= number * (1 + Fraction(1, 2**30))
