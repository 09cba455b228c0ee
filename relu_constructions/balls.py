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
_MOST, _LEAST = arb(2) ** 2**17, arb(2) ** -(2**17)


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


def moderate(found: arb) -> arb:
    """Return a ball that contains a ball, whose middle and radius are rationals of moderate size.

    The exponents of flint have no limit, and to write exp(-10^30) as a rational would end the process: beyond
    2^(2^17) nothing is said any more, and what is below 2^-(2^17) becomes a radius of that size.

    Examples
    --------
    >>> moderate(arb(3)), moderate(arb(10**30).exp()).is_finite()
    (3.00000000000000, False)
    >>> tiny = (-arb(10**30)).exp()
    >>> moderate(tiny).contains(tiny), moderate(tiny) < arb(2) ** -(2**16)
    (True, True)
    """
    most = found.abs_upper()
    if 0 < most < _LEAST:
        return arb(0, _LEAST)
    if most > _MOST and found.is_finite():
        return arb(0, arb.pos_inf())
    return arb(found.mid(), _LEAST) if 0 < found.rad() < _LEAST else found


def ends(number: arb) -> tuple[Fraction, Fraction]:
    """Return the ends of a finite ball, rounded outward to the working precision.

    Raises
    ------
    ValueError
        For a ball that is not finite, or larger than `moderate` allows.

    Examples
    --------
    >>> ends(arb(2))
    (Fraction(2, 1), Fraction(2, 1))
    """
    given = moderate(number)
    if not given.is_finite():
        raise ValueError("a ball must be finite, and below 2^(2^17), to have ends")
    return fraction(given.lower().fmpq()), fraction(given.upper().fmpq())


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
