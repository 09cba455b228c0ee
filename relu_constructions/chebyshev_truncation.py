"""Truncation: an analytic function by a sum of Chebyshev polynomials, with proved errors in W^{1,inf}.

The function is interpolated in N + 1 Chebyshev points, where N is so large that the error beyond is small
beside eps: |f| <= M on the ellipse of parameter rho gives it.  The coefficients of the interpolant are
computed in balls.  What is returned is the sum of its first n + 1 terms with rounded coefficients, and the
terms that are left out count with their true sizes.  The proofs are in proofs/chebyshev_truncation.py.
"""

from __future__ import annotations

import decimal
import functools
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.box import to_interval
from relu_constructions.chebyshev_errors import Errors, Goal, least_degree, of_coefficients, tail
from relu_constructions.chebyshev_series import Enclosed, interpolant, power_form, smooth_length
from relu_constructions.ellipse import Analytic, Domain, Ellipse, best_ellipse
from relu_constructions.exact import shown, to_integer, to_tolerance
from relu_constructions.polynomial import Polynomial

MAX_DEGREE = 4000
"""The largest degree of an interpolant."""
MAX_BITS = 100_000
"""The most binary digits of a coefficient after the point."""
NORMS = ("W1inf", "Linf")
TAIL = Fraction(1, 2**12)
"""The part of eps that the tail beyond the interpolant may have."""
TERMS = 1 - Fraction(1, 2**12)
"""The part of the rest that the terms left out may have; what they leave is for the rounding."""

Line = tuple[str, Fraction, Fraction]


class Truncation(NamedTuple):
    """The sum of coefficients[k] T_k((2 x - lo - hi)/(hi - lo)) with bounds of its errors on [lo, hi].

    Attributes
    ----------
    coefficients : tuple of Fraction
        Integers over 2^bits; the last one is not 0.
    bits : int
    domain : (Fraction, Fraction)
    value_error, derivative_error : Fraction
        Bounds of |f - p| and |f' - p'| on [lo, hi].
    lines : tuple of (str, Fraction, Fraction)
        The parts of both errors, which are exactly their sums.
    rho, M : Fraction
        f is analytic on the ellipse of parameter rho, and |f| <= M there.
    """

    coefficients: tuple[Fraction, ...]
    bits: int
    domain: Domain
    value_error: Fraction
    derivative_error: Fraction
    lines: tuple[Line, ...]
    rho: Fraction
    M: Fraction

    @property
    def degree(self) -> int:
        """The degree; -1 for the zero polynomial."""
        return len(self.coefficients) - 1

    def polynomial(self, variable: str = "x") -> Polynomial:
        """Return the sum by powers of the variable of the domain, exactly."""
        return power_form(self.coefficients, self.domain, variable)


def truncation(f: Analytic, domain: Domain, eps: Fraction, norm: str = "W1inf") -> Truncation:
    """Approximate an analytic function within eps, with the least degree that the bounds allow.

    Parameters
    ----------
    f : Analytic
        Real on the domain, in balls.
    domain : (Fraction, Fraction)
    eps : Fraction
        Positive.
    norm : {"W1inf", "Linf"}
        Whether the derivative is to be within eps as well; it is bounded in any case.

    Returns
    -------
    Truncation

    Raises
    ------
    ValueError
        If f is not analytic around the domain, or if the bounds need too large a degree.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> f = SimpleNamespace(ball=lambda x: x.exp(), complex_ball=lambda z: z.exp())
    >>> found = truncation(f, (Fraction(0), Fraction(1)), Fraction(1, 10))
    >>> found.degree, found.bits, found.derivative_error <= Fraction(1, 10)
    (3, 7, True)
    >>> print(found.polynomial())
    x**3/4 + 7*x**2/16 + 33*x/32 + 127/128
    """
    domain, eps = to_interval(domain), to_tolerance(eps)
    if norm not in NORMS:
        raise ValueError(f"norm must be one of {', '.join(NORMS)}, got {norm!r}")
    goal = Goal(eps, eps if norm == "W1inf" else None)
    degree = functools.partial(least_degree, domain=domain, goal=goal.times(TAIL))
    around = best_ellipse(f, domain, degree)
    N = smooth_length(_refuse_degree(degree(around), eps, around))
    series = interpolant(f, domain, N, _bits(domain, N, eps))
    n = _shortest(series, domain, goal.less(tail(around, domain, N)).times(TERMS))
    fixed = _fixed_lines(series, around, domain, n)
    left = goal.less(_total(fixed))
    bits = _fewest_bits(series, domain, n, left)
    return _truncation(series, around, domain, n, bits, fixed)


def truncation_of_degree(f: Analytic, domain: Domain, n: int, bits: int) -> Truncation:
    """Approximate an analytic function by a given degree and coefficients over 2^bits.

    Parameters
    ----------
    f : Analytic
        Real on the domain, in balls.
    domain : (Fraction, Fraction)
    n, bits : int
        Nonnegative.  The degree is smaller if the last coefficients are rounded to 0.

    Returns
    -------
    Truncation

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> f = SimpleNamespace(ball=lambda x: x.exp(), complex_ball=lambda z: z.exp())
    >>> found = truncation_of_degree(f, (Fraction(0), Fraction(1)), 1, 8)
    >>> print(found.polynomial())
    109*x/64 + 231/256
    >>> for name, value, derivative in found.lines:
    ...     print(f"{name[:40]}: {float(value):.1e}, {float(derivative):.1e}")
    terms of the degrees 2 to 80: 1.1e-01, 1.0e+00
    tail of the Chebyshev series beyond degr: 2.0e-167, 2.6e-163
    rounding of the coefficients to 8 binary: 1.7e-03, 2.3e-03
    enclosure of the coefficients: 2.8e-14, 2.8e-14
    """
    domain = to_interval(domain)
    n, bits = to_integer(n, "n", 0), to_integer(bits, "bits", 0)
    if n > MAX_DEGREE or bits > MAX_BITS:
        raise ValueError(
            f"a truncation must have degree at most {MAX_DEGREE} and at most {MAX_BITS} bits, "
            f"got {shown(n)} and {shown(bits)}"
        )
    N = smooth_length(max(n + 1, min(4 * n + 64, MAX_DEGREE)))
    around = best_ellipse(f, domain, lambda tried: tail(tried, domain, N).derivative)
    series = interpolant(f, domain, N, _bits(domain, N, Fraction(1, 2**bits)))
    return _truncation(series, around, domain, n, bits, _fixed_lines(series, around, domain, n))


def _refuse_degree(needed: int, eps: Fraction, around: Ellipse) -> int:
    if needed > MAX_DEGREE:
        raise ValueError(
            f"the degree must be at most {MAX_DEGREE}, but eps = {shown(eps)} needs {shown(needed)} "
            f"by the bound |f| <= {_decimal(around.M)} on the ellipse rho = {shown(around.rho)}"
        )
    return needed


def _bits(domain: Domain, N: int, eps: Fraction) -> int:
    """Digits with which N + 1 errors of 16 units, times N^2/r, are at most eps/2^14."""
    lo, hi = domain
    slope = max(Fraction(1), 2 / (hi - lo))
    return max(int(2**18 * (N + 1) ** 3 * slope / eps).bit_length(), 1)


def _shortest(series: Enclosed, domain: Domain, goal: Goal) -> int:
    """The least n for which the terms beyond n are allowed: they are added from the last one on."""
    lo, hi = domain
    value = goal.value * 2**series.bits
    slope = None if goal.derivative is None else goal.derivative * (hi - lo) / 2 * 2**series.bits
    values = slopes = 0
    for k in range(len(series.middles) - 1, 0, -1):
        error = abs(series.middles[k]) + series.radii[k]
        values += error
        slopes += k * k * error
        if values > value or (slope is not None and slopes > slope):
            return k
    return 0


def _fixed_lines(series: Enclosed, around: Ellipse, domain: Domain, n: int) -> list[Line]:
    """The parts of the errors that do not depend on the rounding."""
    N = len(series.middles) - 1
    sizes = ((k, abs(series.middles[k]) + series.radii[k]) for k in range(n + 1, N + 1))
    radii = enumerate(series.radii[: n + 1])
    beyond = (
        f"tail of the Chebyshev series beyond degree {N}, from |f| <= {_decimal(around.M)} "
        f"on the ellipse rho = {shown(around.rho)}"
    )
    return [
        (f"terms of the degrees {n + 1} to {N}", *of_coefficients(domain, series.bits, sizes)),
        (beyond, *tail(around, domain, N)),
        ("enclosure of the coefficients", *of_coefficients(domain, series.bits, radii)),
    ]


def _total(lines: list[Line]) -> Errors:
    return Errors(
        sum((line[1] for line in lines), Fraction(0)), sum((line[2] for line in lines), Fraction(0))
    )


def _rounded(series: Enclosed, n: int, bits: int) -> Iterator[tuple[int, int]]:
    """The nearest integers over 2^bits, and the errors of the middles over 2^series.bits."""
    shift = series.bits - bits
    half = 1 << shift >> 1
    for middle in series.middles[: n + 1]:
        nearest = (middle + half) >> shift
        yield nearest, abs((nearest << shift) - middle)


def _rounding(series: Enclosed, domain: Domain, n: int, bits: int) -> Errors:
    errors = (error for _, error in _rounded(series, n, bits))
    return of_coefficients(domain, series.bits, enumerate(errors))


def _fewest_bits(series: Enclosed, domain: Domain, n: int, goal: Goal) -> int:
    """Digits with which the rounding is allowed, while one digit less is not (or there is none).

    The search begins where n + 1 errors of half a unit are allowed.
    """
    lo, hi = domain
    units = (n + 1) / goal.value
    if goal.derivative is not None:
        units = max(units, sum(k * k for k in range(n + 1)) * 2 / (hi - lo) / goal.derivative)
    bits = int(units).bit_length()
    while not goal.allows(_rounding(series, domain, n, bits)):
        bits += 1
    while bits and goal.allows(_rounding(series, domain, n, bits - 1)):
        bits -= 1
    return bits


def _truncation(
    series: Enclosed, around: Ellipse, domain: Domain, n: int, bits: int, fixed: list[Line]
) -> Truncation:
    name = f"rounding of the coefficients to {bits} binary digits after the point"
    lines = [*fixed[:2], (name, *_rounding(series, domain, n, bits)), *fixed[2:]]
    integers = [nearest for nearest, _ in _rounded(series, n, bits)]
    while integers and integers[-1] == 0:
        integers.pop()
    coefficients = tuple(Fraction(number, 2**bits) for number in integers)
    return Truncation(coefficients, bits, domain, *_total(lines), tuple(lines), *around)


def _decimal(number: Fraction) -> str:
    """Write a number in three digits, rounded up."""
    context = decimal.Context(prec=3, rounding=decimal.ROUND_CEILING)
    quotient = context.divide(decimal.Decimal(number.numerator), decimal.Decimal(number.denominator))
    return f"{quotient:g}"
