"""The reciprocal by Newton's iteration: why its size is linear in log(1/eps), and what a level costs.

Statement. Let lam = log2(1/eps), and let both products of step K - i have at most (lam + c)/2^i + d levels,
for 0 <= i < K. Then there are M <= 4 (lam + c) + 2 d K levels in all, and the claims

    depth <= M + 2 K + 1,    connectivity <= 15 M + 20 K + 10

of the package make depth and connectivity at most 4 lam and 60 lam, up to terms of order K = O(log lam).
With the same number lam + c + d of levels in every step there would be 2 K (lam + c + d), which is larger by
the factor K/2.

Levels may be halved from step to step backwards, because the residual is squared: if rho <= 2^-n and a step
adds at most 2^-2n, then rho+ <= 2^(1 - 2n), and slopes are multiplied by 2^(1 - n)
(`theorem_digits_double`).

Notation. q, rho, gamma as in `proofs/newton.py`, where the bounds of a step are proved.

Overview. `theorem_levels_in_all`, `theorem_equal_levels_cost_more`, `theorem_digits_double`,
`theorem_sizes_are_linear`. That a level costs at most 15 nonzeros and exactly one layer is observed on built
networks, level by level: `lemma_a_level_more`; for all numbers of levels this is prose (the layers repeat).
That the target and -1/x^2 are what `Residual.errors` compares with: `theorem_target`.

References. Newton's iteration with growing precision is classical in multiple precision arithmetic; for
networks in W^{1,inf} it was not found in the literature.
"""

from fractions import Fraction

import sympy
from sympy import S

from relu_constructions.constructions.reciprocal import TARGET, THEOREM, fewest, reciprocal
from relu_constructions.newton import newton
from relu_constructions.schedule import network

lam, c, d = sympy.symbols("lam c d", nonnegative=True)
K = sympy.Symbol("K", integer=True, positive=True)
i = sympy.Symbol("i", integer=True, nonnegative=True)


def claimed(quantity, levels, steps):
    """Return a formula of the package."""
    M, number = sympy.symbols("M K", integer=True, positive=True)
    formula = THEOREM.formula(quantity, M=M, K=number)
    return formula.subs({M: levels, number: steps}, simultaneous=True)


def theorem_levels_in_all():
    """2 sum_{i < K} ((lam + c)/2^i + d) = 4 (lam + c)(1 - 2^-K) + 2 d K, less than 4 (lam + c) + 2 d K."""
    total = sympy.summation(2 * ((lam + c) / 2**i + d), (i, 0, K - 1))
    closed = 4 * (lam + c) * (1 - S(2) ** -K) + 2 * d * K
    assert sympy.simplify(total - closed) == 0
    assert sympy.expand(4 * (lam + c) + 2 * d * K - closed).is_nonnegative


def theorem_equal_levels_cost_more():
    """K equal steps have 2 K (lam + c + d) levels: the ratio of the leading terms is K/2."""
    equal, growing = 2 * K * (lam + c + d), 4 * (lam + c) + 2 * d * K
    assert sympy.limit((equal / growing).subs({c: 0, d: 0}), lam, sympy.oo) == K / 2


def theorem_digits_double():
    """2^-2n + 2^-2n = 2^(1 - 2n) for the residual; for slopes 2 rho gamma <= 2^(1 - n) gamma."""
    n = sympy.Symbol("n", positive=True)
    rho, gamma = S(2) ** -n, sympy.Symbol("gamma", positive=True)
    assert sympy.simplify(rho**2 + S(2) ** (-2 * n) - S(2) ** (1 - 2 * n)) == 0
    assert sympy.simplify(2 * rho * gamma - S(2) ** (1 - n) * gamma) == 0


def theorem_sizes_are_linear():
    """With the levels above, depth and connectivity are at most 4 lam and 60 lam and terms without lam."""
    levels = 4 * (lam + c) + 2 * d * K
    for quantity, slope in (("depth", 4), ("connectivity", 60)):
        size = sympy.expand(claimed(quantity, levels, K))
        assert sympy.diff(size, lam) == slope
        assert lam not in (size - slope * lam).expand().free_symbols


def theorem_target():
    """1/x has the derivative -1/x^2, and that is what the package compares with."""
    x = sympy.Symbol("x", positive=True)
    assert str(TARGET) == "1/x"
    assert sympy.diff(1 / x, x) == -(x**-2)
    for point in (Fraction(1, 3), Fraction(7, 2)):
        found = TARGET.enclosure((point, point * (1 + Fraction(1, 10**9))), 1)
        assert found.lower <= -1 / point**2 <= found.upper


def sizes(levels, late):
    """Depth and connectivity of the network of given levels on [1/2, 1]."""
    phi = network(newton(Fraction(1, 2), Fraction(1), levels).circuit, late)
    return phi.depth, phi.connectivity


def lemma_a_level_more():
    """One level more in any product adds one layer and at most 15 nonzeros, for one to three steps."""
    for levels in ([(7, 5)], [(7, 5), (9, 8)], [(7, 5), (9, 8), (12, 11)]):
        for late in (False, True):
            depth, connectivity = sizes(levels, late)
            assert depth <= claimed("depth", sum(map(sum, levels)), len(levels))
            assert connectivity <= claimed("connectivity", sum(map(sum, levels)), len(levels))
            for k, (m1, m2) in enumerate(levels):
                for pair in ((m1 + 1, m2), (m1, m2 + 1)):
                    deeper, larger = sizes([*levels[:k], pair, *levels[k + 1 :]], late)
                    assert deeper == depth + 1
                    assert 0 < larger - connectivity <= 15


def lemma_the_package_chooses_growing_levels():
    """At 1e-50 on [1/2, 1] the levels more than double over two steps, and all of them fit the statement."""
    eps = Fraction(1, 10**50)
    chosen = fewest(Fraction(1, 2), Fraction(1), eps)
    bits = 50 * Fraction(332193, 100000)
    for step, pair in enumerate(reversed(chosen)):
        assert max(pair) <= (bits + 16) / 2**step + 16
    for early, late in zip(chosen, chosen[2:], strict=False):
        assert sum(late) > 2 * sum(early)
    phi = reciprocal(eps)
    assert phi.connectivity <= 60 * (bits + 16)
