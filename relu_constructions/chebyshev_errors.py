"""Errors of Chebyshev series: of an interpolant outside of its degree, and of changed coefficients.

An error e_k of the k-th coefficient counts e_k in the value, because |T_k| <= 1, and k^2 e_k/r in the
derivative on an interval of length 2r, because |T_k'| <= k^2.  The proofs are in
proofs/chebyshev_truncation.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import flint

from relu_constructions.balls import working
from relu_constructions.ellipse import Domain, Ellipse

DIGITS = 32
"""Bounds are rounded up to so many binary digits."""
LEAST = -(2**17)
"""Positive bounds are at least 2^LEAST."""


class Errors(NamedTuple):
    """Bounds of the errors of the value and of the derivative."""

    value: Fraction
    derivative: Fraction

    def __add__(self, other: Errors) -> Errors:  # type: ignore[override]
        return Errors(self.value + other.value, self.derivative + other.derivative)


class Goal(NamedTuple):
    """What errors are allowed; None for a derivative with any error.

    Examples
    --------
    >>> goal = Goal(Fraction(1), None)
    >>> goal.times(Fraction(1, 2)).less(Errors(Fraction(1, 4), Fraction(9)))
    Goal(value=Fraction(1, 4), derivative=None)
    >>> goal.allows(Errors(Fraction(1), Fraction(9)))
    True
    """

    value: Fraction
    derivative: Fraction | None

    def allows(self, errors: Errors) -> bool:
        """Decide whether both errors are allowed."""
        return errors.value <= self.value and (
            self.derivative is None or errors.derivative <= self.derivative
        )

    def times(self, factor: Fraction) -> Goal:
        """Return a part of the goal."""
        return Goal(self.value * factor, None if self.derivative is None else self.derivative * factor)

    def less(self, errors: Errors) -> Goal:
        """Return what these errors leave."""
        left = None if self.derivative is None else self.derivative - errors.derivative
        return Goal(self.value - errors.value, left)


def tail(ellipse: Ellipse, domain: Domain, N: int) -> Errors:
    """Bound the errors of the interpolant in N + 1 Chebyshev points.

    They are 4 M rho^-N/(rho - 1) and (1/r) sum_{k > N} 2 M rho^-k (k^2 + N^2), in closed form with u = 1/(rho
    - 1): the sums of rho^-i, i rho^-i, i^2 rho^-i over i >= 1 are u, u (1 + u), u (1 + u)(1 + 2u).

    Examples
    --------
    >>> ellipse = Ellipse(Fraction(2), Fraction(1))
    >>> tail(ellipse, (Fraction(-1), Fraction(1)), 1)
    Errors(value=Fraction(2, 1), derivative=Fraction(12, 1))
    """
    lo, hi = domain
    with working(2 * DIGITS):
        u, M = _ball(1 / (ellipse.rho - 1)), _ball(ellipse.M)
        factor = 2 * M * u / _ball(ellipse.rho) ** N
        slopes = 2 * N * N + 2 * N * (1 + u) + (1 + u) * (1 + 2 * u)
        return Errors(_above(2 * factor), _above(factor * slopes * _ball(2 / (hi - lo))))


def least_degree(ellipse: Ellipse, domain: Domain, goal: Goal) -> int:
    """Return a number N >= 1 for which the tail is allowed, by bisection.

    Examples
    --------
    >>> ellipse, goal = Ellipse(Fraction(2), Fraction(1)), Goal(Fraction(1, 2**20), None)
    >>> least_degree(ellipse, (Fraction(-1), Fraction(1)), goal)
    22
    """
    below, above = 0, 1
    while not goal.allows(tail(ellipse, domain, above)):
        below, above = above, 2 * above
    while above - below > 1:
        middle = (above + below) // 2
        if goal.allows(tail(ellipse, domain, middle)):
            above = middle
        else:
            below = middle
    return above


def of_coefficients(domain: Domain, bits: int, errors: Iterable[tuple[int, int]]) -> Errors:
    """Bound what errors e/2^bits of the k-th coefficients, given as pairs (k, e), do in all.

    Examples
    --------
    >>> of_coefficients((Fraction(0), Fraction(1)), 4, [(0, 1), (3, 2)])
    Errors(value=Fraction(3, 16), derivative=Fraction(9, 4))
    """
    lo, hi = domain
    value = slope = 0
    for k, error in errors:
        value += error
        slope += k * k * error
    return Errors(few_digits(Fraction(value, 2**bits)), few_digits(Fraction(slope, 2**bits) * 2 / (hi - lo)))


def few_digits(number: Fraction) -> Fraction:
    """Round a nonnegative number up to a dyadic one of `DIGITS` binary digits.

    Examples
    --------
    >>> few_digits(Fraction(3, 4)), few_digits(Fraction(1, 3)) - Fraction(1, 3) < Fraction(1, 2**32)
    (Fraction(3, 4), True)
    """
    p, q = number.numerator, number.denominator
    if not p:
        return Fraction(0)
    shift = max(p.bit_length() - q.bit_length() - DIGITS + 1, LEAST)
    p, q = p << max(-shift, 0), q << max(shift, 0)
    return -(-p // q) * Fraction(2) ** shift


def _above(ball: Any) -> Fraction:
    """Round the upper end of a nonnegative ball up."""
    man, exponent = (int(part) for part in ball.upper().man_exp())
    if man and exponent < LEAST - 2 * DIGITS:
        return Fraction(2) ** LEAST
    return few_digits(man * Fraction(2) ** exponent)


def _ball(number: Fraction) -> Any:
    return flint.arb(flint.fmpq(number.numerator, number.denominator))
