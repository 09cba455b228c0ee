"""Smooth targets: functions of one variable that know enclosures of their Taylor coefficients.

`taylor(lo, hi, at, order, bits)` returns balls: entries 0 to order - 1 contain f^(k)(at)/k!, the last one
contains f^(order)(xi)/order! for all xi in [lo, hi].  Balls may be unbounded if the interval is too wide.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

import flint

from relu_constructions.balls import working
from relu_constructions.polynomial import Polynomial


@runtime_checkable
class SmoothTarget(Protocol):
    """A function that encloses its Taylor coefficients; `orders`, if it has that, is the greatest order."""

    def taylor(self, lo: Fraction, hi: Fraction, at: Fraction, order: int, bits: int) -> list[Any]:
        """Enclose f^(k)(at)/k! for k < order, and f^(order)/order! on [lo, hi]."""


def greatest_order(target: SmoothTarget, limit: int) -> int:
    """Return up to which order Taylor coefficients may be asked for.

    Examples
    --------
    >>> greatest_order(SmoothPolynomial(Polynomial.of([0, 0, 0, 1])), 12)
    12
    """
    orders = getattr(target, "orders", None)
    return limit if orders is None else min(int(orders), limit)


class SmoothPolynomial:
    """A polynomial with rational coefficients as a smooth target; its values are exact.

    Examples
    --------
    >>> cube = SmoothPolynomial(Polynomial.of([0, 0, 0, 1]))
    >>> [str(b) for b in cube.taylor(Fraction(0), Fraction(2), Fraction(1), 3, 64)]
    ['1.00000000000000', '3.00000000000000', '3.00000000000000', '1.00000000000000']
    >>> cube.exactly(Fraction(2), 1)
    Fraction(12, 1)
    """

    def __init__(self, polynomial: Polynomial) -> None:
        numbers = [flint.fmpq(c.numerator, c.denominator) for c in polynomial.coefficients]
        self._flint = flint.fmpq_poly(numbers)
        self._derivatives = [self._flint, self._flint.derivative()]

    def taylor(self, lo: Fraction, hi: Fraction, at: Fraction, order: int, bits: int) -> list[Any]:
        """Enclose f^(k)(at)/k! for k < order, and f^(order)/order! on [lo, hi]."""
        shifted = self._flint(flint.fmpq_poly([flint.fmpq(at.numerator, at.denominator), 1]))
        radius = max(at - lo, hi - at)
        with working(bits):
            offset = flint.arb(0, ball(radius).upper())
            last = flint.arb(0)
            for k in range(shifted.degree(), order - 1, -1):
                last = last * offset + flint.arb(shifted[k] * math.comb(k, order))
            return [*(flint.arb(shifted[k]) for k in range(order)), last]

    def exactly(self, x: Fraction, order: int) -> Fraction:
        """Return the value (order 0) or the derivative (order 1) at a point."""
        value = self._derivatives[order](flint.fmpq(x.numerator, x.denominator))
        return Fraction(int(value.p), int(value.q))


def ball(number: Fraction) -> Any:
    """Enclose a rational at the precision that is set.

    Examples
    --------
    >>> ball(Fraction(1, 4)).is_exact()
    True
    """
    return flint.arb(flint.fmpq(number.numerator, number.denominator))
