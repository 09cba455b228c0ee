"""How many levels of the square an accuracy needs, and the published statements with their constants.

Statement. The least m >= 1 for which the network of m levels on [0, B] or [-B, B] has value and derivative
error at most eps is the maximum of 1, ceil(log_k(B/eps)) and ceil(log_{k^2}(B^2/4 eps)); the last one can
be left out for eps <= 4. With lam = log2(1/eps) and k = 2, B = 1 this gives explicit constants:

    Guehring-Kutyniok-Petersen (W^{1,inf}), form `sparse`, 0 < eps < 1/2:
        depth < lam + 2 <= 3 lam,    neurons < 3 lam + 1 <= 4 lam,    connectivity < 7 lam + 3 <= 10 lam,
        R(Phi)(0) = 0, |R(Phi)'| <= 2 - 2^-m (`theorem_slopes` in `proofs/square.py`);
        connectivity <= 7 lam + 3 holds exactly for eps <= 2^(-2/7), depth < lam + 2 for every eps < 1;
    Yarotsky (L^inf), form `yarotsky`, 0 < eps < 1/4, m = ceil(lam/2) - 1:
        depth < lam/2 + 1,    units < 2 lam,    weights < 7.5 lam - 5;
    Elbraechter et al. (L^inf), form `epgb`, 0 < eps < 1/4, depth L = ceil(lam/2) = m + 1:
        L <= lam,    connectivity = 8L - 9,    width 3,    magnitude 1,    R(Phi)(0) = 0,
        where C = 1 is the best constant in L <= C lam on (0, 1/2); for 1/4 <= eps < 1/2 the network x with
        one layer has error 1/4.

Notation. A ceiling is lam + 1 - g with a gap 0 < g <= 1; logarithms are exponents, and powers are compared
by their exponents (`lemma_powers_increase`). All sizes and errors are the formulas of the package.

Overview. `lemma_ceiling`, `lemma_powers_increase`; `theorem_least_levels`,
`theorem_the_derivative_decides`; then `theorem_guehring_kutyniok_petersen`,
`theorem_range_of_the_constants`, `theorem_yarotsky`, `theorem_elbraechter_et_al`,
`theorem_smaller_than_published`.

References. Yarotsky, Neural Networks 94 (2017), Proposition 2: depth, weights and units are O(ln(1/eps)).
Elbraechter, Perekrestenko, Grohs, Boelcskei, IEEE Trans. Inf. Theory 67 (2021), Proposition III.2: L <= C
log(1/eps), width 3, weights at most 1 and value 0 at 0, for eps in (0, 1/2). Guehring, Kutyniok, Petersen,
Anal. Appl. 18 (2020): four constants that are not given. Contents known by way of secondary sources.
"""

import sympy
from sympy import Rational, S

from relu_constructions.constructions.square import LEVELS, THEOREMS
from relu_constructions.theorem import sympy_formula

lam = sympy.Symbol("lam", real=True)
mu, gap, B, eps = sympy.symbols("mu g B eps", positive=True)
rest, more = sympy.symbols("f d", nonnegative=True)
m = sympy.Symbol("m", integer=True, positive=True)


def claimed(form, quantity, levels, least=1, **parameters):
    """Return a formula of the package at `levels`, which may be any expression that is at least `least`."""
    values = {"B": S(1), "s": S(0), "c": S(0), "k": S(2)} | parameters
    spare = sympy.Symbol("spare", integer=True, nonnegative=True)
    formula = THEOREMS[form].formula(quantity, m=least + spare, **values)
    return sympy.expand(formula.subs(spare, levels - least))


def exponent(error, base):
    """Return the logarithm of an error that is a power."""
    return sympy.expand(sympy.simplify(sympy.expand_log(sympy.log(error), force=True) / sympy.log(base)))


def lemma_ceiling():
    """ceil(lam) = lam + f with 0 <= f < 1, so it is lam + 1 - g with the gap g = 1 - f > 0."""
    fraction = sympy.ceiling(lam).rewrite(sympy.frac) - lam
    assert fraction == sympy.frac(-lam)
    assert (fraction >= 0) is S.true
    assert (fraction < 1) is S.true


def lemma_powers_increase():
    """t -> k^t increases for every k >= 2, so powers of k compare like their exponents."""
    k = 2 + sympy.Symbol("k", integer=True, nonnegative=True)
    assert sympy.diff(k**lam, lam) == k**lam * sympy.log(k)
    assert (k**lam).is_positive
    assert (k - 1).is_positive


def theorem_least_levels():
    """The errors of m levels are at most eps if and only if m >= log_k(B/eps) and m >= log_{k^2} of
    (value error of no level)/eps; so the least m >= 1 is what the package computes from eps."""
    parts = sympy.Symbol("k", integer=True, positive=True) + 1
    for c in (S(0), S(1)):
        values = {"B": B, "c": c, "k": parts}
        slope, value = (B / eps), B**2 / (4 * (1 + c) * eps)
        derivative_error = claimed("folded", "derivative_error", m, **values)
        value_error = claimed("folded", "value_error", m, **values)
        by_slope, by_value = sympy.log(slope, parts), sympy.log(value, parts**2)
        assert sympy.simplify(exponent(derivative_error / eps, parts) - (by_slope - m)) == 0
        assert sympy.simplify(exponent(value_error / eps, parts**2) - (by_value - m)) == 0
        least = [S(1), sympy.ceiling(by_value), sympy.ceiling(by_slope)]
        for norm, conditions in {"Linf": least[:2], "W1inf": least}.items():
            assert sympy_formula(LEVELS[norm], (*values, "eps"), values | {"eps": eps}) == sympy.Max(
                *conditions
            )


def theorem_the_derivative_decides():
    """With m = log_k(B/eps) + f levels, f >= 0, the value error is eps^2 k^-2f / 4, half of it if shifted; so
    it is at most eps for eps <= 4, or eps <= 8, whatever B is, and the derivative alone decides."""
    parts = sympy.Symbol("k", integer=True, positive=True) + 1
    for c, largest in ((S(0), 4), (S(1), 8)):
        error = claimed("folded", "value_error", lam + rest, k=parts, B=B, c=c).subs(B, eps * parts**lam)
        assert exponent(error * largest / eps**2, parts) == -2 * rest
        assert (1 - (eps / largest).subs(eps, largest / (1 + more))).factor().is_nonnegative


def theorem_guehring_kutyniok_petersen():
    """The form `sparse` proves the squaring proposition in W^{1,inf} for 0 < eps < 1/2, lam = 1 + mu, with
    the constants 10, 3, 4 in front of lam; 7 lam + 3, lam + 2, 3 lam + 1 cannot be lowered."""
    levels = lam + 1 - gap
    for quantity, precise, plain in (
        ("connectivity", 7 * lam + 3, 10 * lam),
        ("depth", lam + 2, 3 * lam),
        ("neurons", 3 * lam + 1, 4 * lam),
    ):
        size = claimed("sparse", quantity, levels, least=2)
        assert sympy.expand(precise - size).is_positive, quantity
        assert sympy.expand((plain - precise).subs(lam, 1 + mu)).is_positive, quantity
        assert sympy.limit(precise - size, gap, 0) == 0, quantity
    assert exponent(claimed("sparse", "derivative_error", lam + rest), 2) == -lam - rest


def theorem_range_of_the_constants():
    """For 1/2 <= eps < 1 the form `sparse` has one level, depth 2, connectivity 5: depth < lam + 2 holds, but
    5 <= 7 lam + 3 exactly for lam >= 2/7; with 7 lam + 5 there is no exception in (0, 1)."""
    depth, connectivity = (claimed("sparse", quantity, S(1)) for quantity in ("depth", "connectivity"))
    assert (depth, connectivity) == (2, 5)
    assert (mu + 2 - depth).is_positive
    assert sympy.expand(7 * (Rational(2, 7) + more) + 3 - connectivity).is_nonnegative
    assert sympy.expand(7 * (Rational(2, 7) - mu) + 3 - connectivity).is_negative
    assert (7 * mu + 5 - connectivity).is_positive
    assert sympy.expand(7 * lam + 5 - claimed("sparse", "connectivity", lam + 1 - gap, least=2)).is_positive


def theorem_yarotsky():
    """The form `yarotsky` proves Proposition 2 for 0 < eps < 1/4 (lam = 2 + mu), in the supremum norm, with
    m = ceil(lam/2) - 1 >= 1: depth < lam/2 + 1, units < 2 lam, weights < 7.5 lam - 5; m - 1 fails."""
    levels = lam / 2 - gap
    bounds = {"depth": lam / 2 + 1, "neurons": 2 * lam, "connectivity": Rational(15, 2) * lam - 5}
    for quantity, size in bounds.items():
        assert sympy.expand(size - claimed("yarotsky", quantity, levels)).is_positive, quantity
    enough = claimed("yarotsky", "value_error", lam / 2 - 1 + rest)
    assert exponent(enough, 2) == -lam - 2 * rest
    assert exponent(claimed("yarotsky", "value_error", levels - 1), 2) == -lam + 2 * gap
    assert ((2 + mu) / 2 - 1).is_positive


def theorem_elbraechter_et_al():
    """The form `epgb` proves Proposition III.2 for 0 < eps < 1/4, with depth L = ceil(lam/2) = m + 1 <= lam,
    connectivity 8L - 9, value error 4^-L <= eps, width 3, magnitude 1; at lam -> 1 even L = 1 needs C = 1."""
    L = sympy.Symbol("L", integer=True, positive=True)
    assert claimed("epgb", "depth", L - 1) == L
    assert sympy.expand(claimed("epgb", "connectivity", L - 1) - (8 * L - 9)) == 0
    assert exponent(claimed("epgb", "value_error", L - 1), 2) == -2 * L
    assert (claimed("epgb", "width", L - 1), claimed("epgb", "magnitude", L - 1)) == (3, 1)
    assert sympy.expand((lam - (lam / 2 + 1 - gap)).subs(lam, 2 + mu)).is_positive
    assert exponent(claimed("epgb", "value_error", lam / 2 + rest - 1), 2) == -lam - 2 * rest
    assert sympy.limit(1 / lam, lam, 1) == 1


def theorem_smaller_than_published():
    """`sparse` and `unit_weights` have fewer nonzeros than every published network with the same errors, for
    all m, with |x| in front or not."""
    spare = sympy.Symbol("d", integer=True, nonnegative=True)
    for form in ("sparse", "unit_weights"):
        for source, formula in THEOREMS[form].published.items():
            for levels, s in ((S(1), S(0)), (S(1), S(1)), (2 + spare, S(0)), (2 + spare, S(1))):
                values = {"m": levels, "s": s, "c": S(0), "B": B}
                own = THEOREMS[form].formula("connectivity", **values)
                theirs = sympy_formula(formula, THEOREMS[form].parameters, values)
                assert sympy.expand(theirs - own).is_positive, (form, source, levels)
