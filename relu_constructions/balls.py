"""Balls: from rationals to balls and back, and the precision and length that flint works with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import flint
from flint import arb, ctx, fmpq

from relu_constructions.enclosure import Enclosure
from relu_constructions.terms import fraction

_CONTEXT = threading.RLock()
MAX_PRECISION = 2**15
"""So many bits are tried before a question is given up."""


@contextmanager
def working(bits: int, length: int | None = None) -> Iterator[None]:
    """Work with a precision in bits and, for series, with a number of coefficients, in this thread alone.

    Both belong to the whole process; if another thread shortened a series, its missing coefficients would be
    read as 0.

    Examples
    --------
    >>> with working(100):
    ...     (ball(Fraction(1, 3)) * 3).contains(1)
    True
    """
    with _CONTEXT:
        precision, cap = ctx.prec, ctx.cap
        ctx.prec = bits
        if length is not None:
            ctx.cap = length
        try:
            yield
        finally:
            ctx.prec, ctx.cap = precision, cap


def ball(number: Fraction) -> arb:
    """Return a ball around a rational; a point where the precision suffices.

    Examples
    --------
    >>> ball(Fraction(1, 4)).is_exact(), ball(Fraction(1, 3)).is_exact()
    (True, False)
    """
    return arb(fmpq(number.numerator, number.denominator))


def ball_of(lo: Fraction, hi: Fraction) -> arb:
    """Return a ball that contains an interval; it is a little larger.

    Examples
    --------
    >>> ball_of(Fraction(0), Fraction(1, 3)).contains(ball(Fraction(1, 3)))
    True
    """
    return ball(lo) if lo == hi else ball(lo).union(ball(hi))


def ends(number: arb) -> tuple[Fraction, Fraction]:
    """Return the ends of a finite ball, rounded outward to the working precision.

    Raises
    ------
    ValueError
        For a ball that is not finite.

    Examples
    --------
    >>> ends(arb(2))
    (Fraction(2, 1), Fraction(2, 1))
    """
    if not number.is_finite():
        raise ValueError("a ball must be finite to have ends")
    return fraction(number.lower().fmpq()), fraction(number.upper().fmpq())


def enclosure_of(number: arb) -> Enclosure:
    """Return the two ends of a finite ball as an `Enclosure`.

    Examples
    --------
    >>> enclosure_of(arb(2))
    Enclosure(2)
    """
    return Enclosure(*ends(number))


def undefined() -> arb:
    """Return the ball that says nothing.

    Examples
    --------
    >>> undefined().is_finite()
    False
    """
    return flint.arb.nan()


def is_series(given: Any) -> bool:
    """Whether this is a series of balls."""
    return isinstance(given, flint.arb_series)
