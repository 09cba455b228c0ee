"""Networks for truncated series: the errors of the series and of the gates add up, also on a part.

Statement. Let |f - p| <= a and |f' - p'| <= b on [s, t] containing [lo, hi], let the ideal gates of a circuit
compute p(x) for all x, and let its network R satisfy |p - R| <= c and |p' - R'| <= d almost everywhere on
[lo, hi]. Then |f - R| <= a + c and |f' - R'| <= b + d there. If p is computed as q((x - center)/radius) with
q = sum b_i T_i, equality of the polynomials in y with x = center + radius y is equality of the functions.

Notation. y = (2x - s - t)/(t - s).

Overview. `theorem_errors`, `lemma_variable`, `lemma_shares`.

Prose. Two polynomials that agree as functions on an interval have the same coefficients, and conversely; the
check of the package compares coefficients exactly.

References. The truncation is proved in `proofs/chebyshev_truncation.py`, the network in
`proofs/derivation.py`.
"""

import sympy

from relu_constructions.constructions.analytic import SHARE


def theorem_errors():
    """f - R = (f - p) + (p - R), with equality of the bounds when both have one sign."""
    f, p, R = sympy.symbols("f p R", real=True)
    assert sympy.expand((f - p) + (p - R) - (f - R)) == 0
    a, c = sympy.symbols("a c", positive=True)
    assert sympy.Abs(a + c) == a + c


def lemma_variable():
    """The affine map to [-1, 1] and back."""
    x, y, s, t = sympy.symbols("x y s t", real=True)
    to = (x - (s + t) / 2) * (2 / (t - s))
    back = (s + t) / 2 + (t - s) / 2 * y
    assert sympy.simplify(to.subs(x, back) - y) == 0
    assert [sympy.simplify(to.subs(x, end)) for end in (s, t)] == [-1, 1]


def lemma_shares():
    """What the series takes is less than eps, so that something is left for the gates."""
    assert 0 < SHARE < 1
