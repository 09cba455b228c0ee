"""The logarithm on [lo, hi], lo > 0: its Chebyshev series.

Statement. With rho and the ellipse of `proofs/analytic.py`, whose end is the singularity at 0, and y in
[-1, 1] the variable of [lo, hi],

    log(c + r y) = log(r rho/2) - 2 sum_(i >= 1) (-1/rho)^i T_i(y)/i,

so its coefficients fall like the powers of 1/rho that the ellipse gives, divided by the degree.

Notation. c = (lo + hi)/2, r = (hi - lo)/2, q = 1/rho.

Overview. `theorem_series`, `lemma_factor`.

Prose. For |q| < 1 the power series in q converges, as |T_i(y)| <= 1; at q = 0 both sides of
log(1 + 2 q y + q^2) = -2 sum (-q)^i T_i(y)/i are 0, and their derivatives in q agree.

References. Trefethen, Approximation Theory and Approximation Practice (2013), chapter 8.
"""

import sympy
from analytic import center, radius, rho

y = sympy.Symbol("y", real=True)


def theorem_series():
    """log(1 + 2 q y + q^2) has the derivative 2 (y + q)/(1 + 2 q y + q^2) in q, whose coefficients are
    -2 (-1)^i T_i(y) of q^(i-1): the first ones are compared, and the recursion of T_i gives all others."""
    q = sympy.Symbol("q", real=True)
    terms = 8
    given = sum(-2 * (-1) ** i * sympy.chebyshevt(i, y) * q ** (i - 1) for i in range(1, terms))
    rest = sympy.expand(given * (1 + 2 * q * y + q**2) - 2 * (y + q))
    assert all(sympy.expand(rest.coeff(q, i)) == 0 for i in range(terms - 1))


def lemma_factor():
    """c + r y = r rho/2 (1 + 2 y/rho + 1/rho^2)."""
    assert sympy.simplify(radius * rho / 2 * (1 + 2 * y / rho + 1 / rho**2) - (center + radius * y)) == 0
