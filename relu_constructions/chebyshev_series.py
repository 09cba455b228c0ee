"""Chebyshev series: the interpolant in N + 1 Chebyshev points, and sums of Chebyshev polynomials.

On [lo, hi] the points are x_j = c + r cos(pi j/N), c = (lo + hi)/2, r = (hi - lo)/2, and T_k is taken of
(x - c)/r.  The coefficients of the interpolant come out of one Fourier transform of length 2N in balls and
leave as integers: middles and radii over a power of two.  The proofs are in proofs/chebyshev_truncation.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import flint

from relu_constructions.balls import working
from relu_constructions.ellipse import Analytic, Domain
from relu_constructions.polynomial import Polynomial
from relu_constructions.terms import refuse_degree

MAX_DOUBLINGS = 8
"""So often the precision is doubled before the values of a function are given up."""
MAX_RADIUS = 16
"""The largest radius of a coefficient, in units."""
LARGEST = flint.arb((1, 2**22))
"""A coefficient that may be larger is not turned into an integer."""


class Enclosed(NamedTuple):
    """Numbers between (middles[k] - radii[k])/2^bits and (middles[k] + radii[k])/2^bits."""

    middles: tuple[int, ...]
    radii: tuple[int, ...]
    bits: int


def smooth_length(N: int) -> int:
    """Return the least integer of at least N that is at most 7 times a power of two.

    Examples
    --------
    >>> smooth_length(5), smooth_length(9), smooth_length(100), smooth_length(1025)
    (5, 10, 112, 1280)
    """
    shift = max((N - 1).bit_length() - 3, 0)
    return -(-N >> shift) << shift


def interpolant(f: Analytic, domain: Domain, N: int, bits: int) -> Enclosed:
    """Enclose the Chebyshev coefficients of the interpolant in N + 1 points, with radii of a few units.

    A unit is 2^-bits.

    Parameters
    ----------
    f : Analytic
    domain : (Fraction, Fraction)
    N : int
        At least 1.
    bits : int
        At least 0.

    Raises
    ------
    ValueError
        If the values of f stay too wide at every precision that is tried.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> f = SimpleNamespace(ball=lambda x: x**3)
    >>> made = interpolant(f, (Fraction(-1), Fraction(1)), 4, 100)
    >>> [round(Fraction(m, 2**100), 9) for m in made.middles]
    [Fraction(0, 1), Fraction(3, 4), Fraction(0, 1), Fraction(1, 4), Fraction(0, 1)]
    """
    precision = bits + 32
    for _ in range(MAX_DOUBLINGS):
        with working(precision):
            coefficients = _transformed(_values(f, domain, N))
            if all(c.abs_upper() < LARGEST for c in coefficients):
                middles, radii = zip(*(_fixed(c, bits) for c in coefficients), strict=True)
                if max(radii) <= MAX_RADIUS:
                    return Enclosed(middles, radii, bits)
        precision *= 2
    raise ValueError(
        f"the values of the target must be known within 2^-{bits}, but they are wider at {precision // 2} "
        f"binary digits"
    )


def power_form(coefficients: Sequence[Fraction], domain: Domain, variable: str = "x") -> Polynomial:
    """Return the sum of c_k T_k((x - c)/r) by powers of x, exactly.

    Clenshaw's recurrence runs in integers for t = (x - c)/r, and x is put in once at the end.

    Examples
    --------
    >>> print(power_form([Fraction(1), Fraction(0), Fraction(1, 2)], (Fraction(0), Fraction(2))))
    x**2 - 2*x + 3/2
    """
    refuse_degree(len(coefficients) - 1)
    lo, hi = domain
    row = flint.fmpq_poly([flint.fmpq(c.numerator, c.denominator) for c in coefficients])
    scale, integers = row.denom(), row.numer()
    b1 = b2 = flint.fmpz_poly()
    for k in range(len(coefficients) - 1, 0, -1):
        b1, b2 = b1.left_shift(1) * 2 - b2 + integers[k], b1
    in_t = b1.left_shift(1) - b2 + (integers[0] if coefficients else 0)
    line = [_rational(-(lo + hi) / (hi - lo)), _rational(2 / (hi - lo))]
    in_x = (flint.fmpq_poly(in_t) / scale)(flint.fmpq_poly(line))
    return Polynomial(tuple(Fraction(int(c.p), int(c.q)) for c in in_x.coeffs()), variable)


def _values(f: Analytic, domain: Domain, N: int) -> list[Any]:
    """f at the points j = 0, ..., N."""
    lo, hi = domain
    c, r = flint.arb(_rational((lo + hi) / 2)), flint.arb(_rational((hi - lo) / 2))
    cosines = [flint.arb.cos_pi_fmpq(flint.fmpq(j, N)) for j in range(N // 2 + 1)]
    cosines += [-cosines[N - j] for j in range(N // 2 + 1, N + 1)]
    return [f.ball(c + r * cosine) for cosine in cosines]


def _transformed(values: list[Any]) -> list[Any]:
    """(1/N) (f_0 + (-1)^k f_N + 2 sum_{0 < j < N} f_j cos(pi j k/N)), halved for k = 0 and k = N."""
    N = len(values) - 1
    sums = flint.acb.dft(values + values[N - 1 : 0 : -1])[: N + 1]
    return [sums[k].real / (2 * N if k in (0, N) else N) for k in range(N + 1)]


def _fixed(ball: Any, bits: int) -> tuple[int, int]:
    """A middle and a radius over 2^bits that enclose a ball; the radius is rounded up."""
    man, exponent = (int(part) for part in ball.mid().man_exp())
    rad_man, rad_exponent = (int(part) for part in ball.rad().man_exp())
    middle, rounded = _shifted(man, exponent + bits)
    radius, more = _shifted(rad_man, rad_exponent + bits)
    return middle, radius + rounded + more


def _shifted(man: int, exponent: int) -> tuple[int, int]:
    """The floor of man 2^exponent, and 1 if it is less than the number."""
    if exponent >= 0:
        return man << exponent, 0
    floor = man >> -exponent
    return floor, int(floor << -exponent != man)


def _rational(number: Fraction) -> Any:
    return flint.fmpq(number.numerator, number.denominator)
