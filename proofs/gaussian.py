"""The Gaussian around its mean is a series in one square, with half the degree.

Statement. On [mean - D, mean + D] the series of exp(-((x - mean)/width)^2/2) in y = (x - mean)/D has only
even terms, and T_(2i)(y) = T_i(2 y^2 - 1): with one square it is a series of half the degree. A part of the
interval that contains the mean has the same series, and its errors are at most those on the whole.

Notation. y = (x - mean)/D.

Overview. `lemma_even`, `theorem_half_the_degree`, `lemma_interval`.

Prose. The coefficients of odd terms are integrals of odd functions, hence 0. The interpolant in symmetric
points is even as well, and its odd coefficients, of which 0 is an enclosure, are rounded to 0.

References. None.
"""

from fractions import Fraction

import sympy
from sympy import chebyshevt

from relu_constructions.constructions.analytic import truncated
from relu_constructions.constructions.gaussian import around, series_of

y, D, width = sympy.symbols("y D width", positive=True)


def lemma_even():
    """The function in y is even, T_i has the parity of i; the odd coefficients of the package vanish."""
    f = sympy.exp(-((D * y / width) ** 2) / 2)
    assert f.subs(y, -y) == f
    for i in range(9):
        assert sympy.expand(chebyshevt(i, -y) - (-1) ** i * chebyshevt(i, y)) == 0
    found = truncated(series_of(Fraction(1, 2), Fraction(1, 3), Fraction(0), Fraction(2), 20, 60))
    assert not any(found.coefficients[1::2])


def theorem_half_the_degree():
    """T_(2i)(y) = T_i(2 y^2 - 1)."""
    for i in range(9):
        assert sympy.expand(chebyshevt(2 * i, y) - chebyshevt(i, 2 * y**2 - 1)) == 0


def lemma_interval():
    """The interval of the series contains the domain, and is symmetric around a mean in the domain."""
    for ends in ((0, 5), (-1, 5), (-5, 5), (-7, -1)):
        lo, hi = map(Fraction, ends)
        start, end = around(Fraction(0), lo, hi)
        assert start <= lo < hi <= end
        assert (start + end == 0) is (lo <= 0 <= hi)
