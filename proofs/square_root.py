"""The square root on [lo, hi], lo > 0: the largest ellipse without the singularity at 0.

Statement. The ellipse around [lo, hi] whose end is 0 has the parameter

    rho = (sqrt(hi) + sqrt(lo))/(sqrt(hi) - sqrt(lo)),

and log(rho) >= 2 sqrt(lo/hi), so a degree of the order sqrt(hi/lo) log(1/eps) is enough.

Notation. a = sqrt(lo), b = sqrt(hi), c = (lo + hi)/2, r = (hi - lo)/2.

Overview. `theorem_ellipse`, `lemma_logarithm_of_rho`, `lemma_squares`.

Prose. The function is analytic off the negative half axis, and inside an ellipse with a smaller parameter the
real part is positive on the axis, so that 0 is outside.

References. Trefethen, Approximation Theory and Approximation Practice (2013), chapter 8.
"""

import sympy

a, gap = sympy.symbols("a gap", positive=True)
b = a + gap
rho = (b + a) / (b - a)


def theorem_ellipse():
    """c - r (rho + 1/rho)/2 = 0."""
    c, r = (a**2 + b**2) / 2, (b**2 - a**2) / 2
    assert sympy.simplify(c - r * (rho + 1 / rho) / 2) == 0
    assert sympy.simplify(rho - 1).is_positive


def lemma_logarithm_of_rho():
    """With q = a/b in (0, 1), log((1 + q)/(1 - q)) - 2 q is 0 at 0 and has the derivative 2 q^2/(1 - q^2)."""
    q = sympy.Symbol("q", positive=True)
    difference = sympy.log(1 + q) - sympy.log(1 - q) - 2 * q
    assert difference.subs(q, 0) == 0
    assert sympy.simplify(sympy.diff(difference, q) - 2 * q**2 / (1 - q**2)) == 0
    assert sympy.simplify(rho - (1 + a / b) / (1 - a / b)) == 0


def lemma_squares():
    """On the ellipse |sqrt(z)|^2 = |z| <= c + r (rho + 1/rho)/2 = 2 c, so |sqrt(z)| <= sqrt(lo + hi)."""
    c, r = (a**2 + b**2) / 2, (b**2 - a**2) / 2
    assert sympy.simplify(c + r * (rho + 1 / rho) / 2 - 2 * c) == 0
    assert sympy.expand(2 * c - a**2 - b**2) == 0
