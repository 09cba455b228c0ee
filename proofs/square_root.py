"""The square root on [lo, hi], lo > 0: it is bounded on the whole ellipse that touches 0.

Statement. With rho and the ellipse of `proofs/analytic.py`, whose end is the singularity at 0,
|sqrt(z)| <= sqrt(lo + hi) on and inside the ellipse.

Notation. c = (lo + hi)/2, r = (hi - lo)/2.

Overview. `theorem_bound`, `lemma_other_end`.

Prose. |z| is largest at the end of the ellipse that is farther from 0, as |z - c| <= r (rho + 1/rho)/2.

References. Trefethen, Approximation Theory and Approximation Practice (2013), chapter 8.
"""

import sympy
from analytic import A, B, center, radius, rho


def theorem_bound():
    """On the ellipse |sqrt(z)|^2 = |z| <= 2 c = lo + hi."""
    assert sympy.expand(2 * center - A**2 - B**2) == 0


def lemma_other_end():
    """c + r (rho + 1/rho)/2 = 2 c."""
    assert sympy.simplify(center + radius * (rho + 1 / rho) / 2 - 2 * center) == 0
