"""Folds at the entrance: errors behind them, and what they become in front.

Statement. Let z_1, ..., z_K be exact piecewise linear functions of x with values in a box, |d_j z_k| <= L_kj
almost everywhere. If e is Lipschitz on that box, |e| <= E and |d_k e| <= G_k almost everywhere there, then
|e(z(x))| <= E and |d_j e(z(x))| <= sum_k L_kj G_k for almost every x.

1. h_n(|u|) has slopes of modulus 2^n |d_j u|, and the largest value 1 is reached from |u| = 2^-n on.
2. The bounds of the package behind folds of one input are 2^n times those of the rest.
3. u = +-(2k + z)/2^n and +-(2k + 2 - z)/2^n are the preimages of z under h_n(|u|).

Overview. `lemma_teeth`, `lemma_range_of_a_fold`, `lemma_preimages`, `theorem_travels_of_the_package`,
`theorem_chain_rule`, `lemma_almost_everywhere`.

Prose (null-set lemma of `proofs/chain_rule.py`). z may stay in kinks of e, or on the boundary of the box, for
a set of x of positive measure. Along such a set e(z(x)) is still Lipschitz in x, and at almost every of its
points the derivative is the limit of difference quotients along z(x), z(x + h); e is G-Lipschitz in the
weighted sense |e(z) - e(w)| <= sum_k G_k |z_k - w_k| on the box, because the box is convex, and the bound
follows without the gradient of e at z(x) itself.

References. The null-set lemma is that of Berner, Elbraechter, Grohs, Jentzen (2019).
"""

from fractions import Fraction

import sympy
from chain_rule import bound, total
from sympy import Rational

from relu_constructions.circuit import Wiring
from relu_constructions.entrance import behind_folds
from relu_constructions.gate import Gate, gate_range
from relu_constructions.worst_case import worst_case

n, k = sympy.symbols("n k", integer=True, nonnegative=True)
u, x, z = sympy.symbols("u x z", real=True)
TEETH = (2**n * u - 2 * k, 2 * k + 2 - 2**n * u)
"""h_n on its k-th pair of teeth, for u >= 0."""


def lemma_teeth():
    """Both slopes have the modulus 2^n, and one more hat doubles it, rising or falling."""
    for tooth in TEETH:
        assert abs(sympy.diff(tooth, u)) == 2**n
        for hat in (2 * tooth, 2 - 2 * tooth):
            assert sympy.simplify(abs(sympy.diff(hat, u)) - 2 ** (n + 1)) == 0


def lemma_range_of_a_fold():
    """h_n(u) = 2^n u up to u = 2^-n, where it is 1; so a reach up to t has the values [0, 2^n t] if 2^n t
    <= 1 and [0, 1] otherwise, as in the package."""
    first = TEETH[0].subs(k, 0)
    assert first.subs(u, 2**-n) == 1
    for t, levels in ((Fraction(1, 8), 2), (Fraction(1, 4), 2), (Fraction(1, 3), 2), (Fraction(1), 0)):
        gate = Gate("fold", (), levels, Fraction(1), ((-t, Fraction(0)),), (-t, Fraction(0)))
        assert gate_range(gate) == (0, min(1, 2**levels * t))


def lemma_preimages():
    """The two teeth at (2k + z)/2^n and (2k + 2 - z)/2^n have the value z."""
    for tooth, place in zip(TEETH, ((2 * k + z) / 2**n, (2 * k + 2 - z) / 2**n), strict=True):
        assert sympy.simplify(tooth.subs(u, place) - z) == 0


def lemma_almost_everywhere():
    """z_1 = z_2 = x stays in the kink of e = |z_1 - z_2| for all x: e(z(x)) = 0 has the slope 0, which is
    within L_1 G_1 + L_2 G_2 = 2, while a formal product of one-sided slopes may be -2, 0 or 2."""
    composed = sympy.Abs(x - x)
    assert sympy.diff(composed, x) == 0
    assert {s * (1 - 1) for s in (1, -1)} == {0}
    assert {s + t for s in (1, -1) for t in (1, -1)} == {-2, 0, 2}


def theorem_chain_rule():
    """|e(z) - e(w)| <= sum G_k |z_k - w_k|, from e(z1, z2) by e(w1, z2) to e(w1, w2), and |z_k(x + h) -
    z_k(x)|
    <= L_k |h|: the quotient is at most sum L_k G_k."""
    G, L = sympy.symbols("G1 G2", nonnegative=True), sympy.symbols("L1 L2", nonnegative=True)
    first, middle, last = sympy.symbols("first middle last", commutative=False)
    h = sympy.Symbol("h", positive=True)
    terms = [(first - middle,), (middle - last,)]
    assert sympy.expand(total(terms) - (first - last)) == 0
    norms = {first - middle: G[0] * L[0] * h, middle - last: G[1] * L[1] * h}
    assert sympy.expand(bound(terms, norms) / h - sum(g * step for g, step in zip(G, L, strict=True))) == 0


def theorem_travels_of_the_package():
    """Chains of folds multiply their 2^n, affine maps by their factor, sums add up; bounds behind one fold
    are multiplied by its travel, and those of values stay."""
    wiring = Wiring(((Fraction(-1), Fraction(1)),), 5)
    (t,) = wiring.inputs
    inner = wiring.fold(t * Fraction(1, 3), 3)
    outer = wiring.fold(inner * Fraction(-1, 2) + t * Fraction(1, 2), 2)
    circuit = wiring.circuit([wiring.square(outer)])
    rest, travels, _ = behind_folds(circuit)
    assert travels == ({0: 4 * (Fraction(8, 3) / 2 + Fraction(1, 2))},)
    before, after = worst_case(circuit), worst_case(rest)
    assert before.value_error == after.value_error
    assert before.derivative_error == travels[0][0] * after.derivative_error
    assert Rational(1, 2**5) == after.derivative_error
