"""Networks for truncated series: the errors of the series and of the gates add up, also on a part.

Statement. Let |f - p| <= a and |f' - p'| <= b on [s, t] containing [lo, hi], let the ideal gates of a circuit
compute p(x) for all x, and let its network R satisfy |p - R| <= c and |p' - R'| <= d almost everywhere on
[lo, hi]. Then |f - R| <= a + c and |f' - R'| <= b + d there. If p is computed as q((x - center)/radius) with
q = sum b_i T_i, equality of the polynomials in y with x = center + radius y is equality of the functions.

If f is analytic off the negative half axis and 0 < lo < hi, the largest ellipse around [lo, hi] without the
singularity at 0 is that whose end is 0. It has the parameter

    rho = (sqrt(hi) + sqrt(lo))/(sqrt(hi) - sqrt(lo)),

and log(rho) >= 2 sqrt(lo/hi), so a degree of the order sqrt(hi/lo) log(1/eps) is enough.

Notation. y = (2x - s - t)/(t - s); A = sqrt(lo), B = sqrt(hi), center = (lo + hi)/2, radius = (hi - lo)/2.

Overview. `theorem_errors`, `lemma_variable`, `lemma_shares`; `theorem_ellipse`, `lemma_logarithm_of_rho`.

Prose. Two polynomials that agree as functions on an interval have the same coefficients, and conversely; the
check of the package compares coefficients exactly. Inside an ellipse with a smaller parameter the real part
is positive on the axis, so that 0 is outside.

References. The truncation is proved in `proofs/chebyshev_truncation.py`, the network in
`proofs/derivation.py`; for ellipses, Trefethen, Approximation Theory and Approximation Practice (2013),
chapter 8.
"""

import sympy

from relu_constructions.constructions.analytic import SHARE

A, gap = sympy.symbols("A gap", positive=True)
B = A + gap
center, radius = (A**2 + B**2) / 2, (B**2 - A**2) / 2
rho = (B + A) / (B - A)


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


def theorem_ellipse():
    """center - radius (rho + 1/rho)/2 = 0."""
    assert sympy.simplify(center - radius * (rho + 1 / rho) / 2) == 0
    assert sympy.simplify(rho - 1).is_positive


def lemma_logarithm_of_rho():
    """With q = A/B in (0, 1), log((1 + q)/(1 - q)) - 2 q is 0 at 0 and has the derivative 2 q^2/(1 - q^2)."""
    q = sympy.Symbol("q", positive=True)
    difference = sympy.log(1 + q) - sympy.log(1 - q) - 2 * q
    assert difference.subs(q, 0) == 0
    assert sympy.simplify(sympy.diff(difference, q) - 2 * q**2 / (1 - q**2)) == 0
    assert sympy.simplify(rho - (1 + A / B) / (1 - A / B)) == 0
