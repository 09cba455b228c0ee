"""Rounding: rationals of few digits above and below a rational, and intervals between rationals.

Every function rounds in a stated direction, so that an interval can only grow.
"""

from __future__ import annotations

from fractions import Fraction

Interval = tuple[Fraction, Fraction]
BITS = 64


def below(number: Fraction, bits: int = BITS) -> Fraction:
    """Return a dyadic rational of at most `bits` significant digits that is at most the number.

    A number that has no more than these digits is returned as it is.

    Examples
    --------
    >>> below(Fraction(10, 31), 4), above(Fraction(10, 31), 4), below(Fraction(-10, 31), 4)
    (Fraction(5, 16), Fraction(3, 8), Fraction(-3, 8))
    """
    p, q = number.numerator, number.denominator
    if p.bit_length() + q.bit_length() <= bits:
        return number
    shift = bits - (p.bit_length() - q.bit_length()) - 1
    scaled = (p << shift) // q if shift >= 0 else p // (q << -shift)
    return Fraction(scaled, 1 << shift) if shift >= 0 else Fraction(scaled << -shift)


def above(number: Fraction, bits: int = BITS) -> Fraction:
    """Return a dyadic rational of at most `bits` significant digits that is at least the number."""
    return -below(-number, bits)


def outwards(lo: Fraction, hi: Fraction) -> Interval:
    """Enclose an interval in one with ends of few digits.

    Examples
    --------
    >>> outwards(Fraction(0), Fraction(1))
    (Fraction(0, 1), Fraction(1, 1))
    """
    return below(lo), above(hi)


def significant(number: Fraction, bits: int) -> Fraction:
    """Return a dyadic rational of at most `bits` significant digits that is at least the positive number.

    Examples
    --------
    >>> significant(Fraction(1, 3), 4), significant(Fraction(1), 4)
    (Fraction(3, 8), Fraction(1, 1))
    """
    p, q = number.numerator, number.denominator
    shift = bits - (p.bit_length() - q.bit_length()) - 1
    scaled = -((-p << shift) // q) if shift >= 0 else -(-p // (q << -shift))
    return Fraction(scaled) / Fraction(2) ** shift
