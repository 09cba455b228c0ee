"""The logarithm on [lo, hi], lo > 0: the largest ellipse without the singularity at 0.

Statement. The ellipse around [lo, hi] whose end is 0 has the parameter

    rho = (sqrt(hi) + sqrt(lo))/(sqrt(hi) - sqrt(lo)),

and log(rho) >= 2 sqrt(lo/hi), so a degree of the order sqrt(hi/lo) log(1/eps) is enough.

Notation. a = sqrt(lo), b = sqrt(hi), c = (lo + hi)/2, r = (hi - lo)/2.

Overview. `theorem_ellipse`, `lemma_logarithm_of_rho`, `lemma_series`.

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


def lemma_series():
    """log(c + r y) = log(r rho/2) - 2 sum (-1/rho)^i T_i(y)/i, as log(1 + 2 q y + q^2) has the derivative in
    q of 2 (y + q)/(1 + 2 q y + q^2), whose coefficients are -2 (-1)^i T_i(y) of q^(i-1)."""
    q, y = sympy.symbols("q y", real=True)
    terms = 8
    given = sum(-2 * (-1) ** i * sympy.chebyshevt(i, y) * q ** (i - 1) for i in range(1, terms))
    rest = sympy.expand(given * (1 + 2 * q * y + q**2) - 2 * (y + q))
    assert all(sympy.expand(rest.coeff(q, i)) == 0 for i in range(terms - 1))
    R = sympy.Symbol("R", positive=True)
    c, r = (R + 1 / R) / 2, 1
    assert sympy.expand(R / 2 * (1 + 2 * y / R + 1 / R**2) - (c * r + y)) == 0
