"""The gate: what may become an exact rational, and what is refused.

Every parameter, domain corner and coefficient enters the package through `to_fraction`.  A float is
refused there, because ``0.1`` is not one tenth; a *tolerance* may be a float and enters through
`to_tolerance`, which reads it as the dyadic rational that it is.
"""

from __future__ import annotations

import decimal
import math
import re
from fractions import Fraction
from typing import Any

import flint
import numpy as np

_NUMBER = re.compile(r"[+-]?(\d+(/\d+)?|(\d+\.\d*|\.\d+)([eE][+-]?\d+)?|\d+[eE][+-]?\d+)", re.ASCII)
MAX_DIGITS = 100_000
"""Longest decimal number, written out in full, that a string may stand for."""


def to_fraction(value: Any, name: str = "value") -> Fraction:
    """Convert an exact number to a `Fraction`; refuse everything that is not exact.

    Parameters
    ----------
    value : int, Fraction, Decimal, str, numpy integer, sympy Rational or flint fmpq/fmpz
        A string is an integer, a quotient ``"1/3"`` or a decimal ``"1e-6"``, read exactly.
    name : str
        What the number is, for the error message.

    Raises
    ------
    TypeError
        For floats (with the exact value they hold), booleans and everything else.
    ValueError
        For a string that is no number, a NaN or an infinity.

    Examples
    --------
    >>> to_fraction("0.1"), to_fraction(3), to_fraction("2/6")
    (Fraction(1, 10), Fraction(3, 1), Fraction(1, 3))
    >>> to_fraction(0.1, "bound")
    Traceback (most recent call last):
        ...
    TypeError: bound must be exact, got the float 0.1; pass the string '0.1' or Fraction(1, 10)
    """
    if isinstance(value, Fraction):
        return value if type(value.numerator) is int is type(value.denominator) else _of_integers(value)
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a number, got the truth value {value}")
    if isinstance(value, (int, np.integer)) and not isinstance(value, np.timedelta64):
        return Fraction(int(value))
    if isinstance(value, str):
        return _from_string(value, name)
    if isinstance(value, decimal.Decimal):
        return _from_string(str(value), name)
    if isinstance(value, (float, np.floating)):
        raise TypeError(_float_refusal(value, name))
    return _from_library(value, name)


def from_float(value: Any, name: str = "value") -> Fraction:
    """Convert a number that may be a float, which then means the dyadic rational that it is.

    Raises
    ------
    ValueError
        For NaN and infinities.

    Examples
    --------
    >>> from_float(0.5), from_float(0.1) == Fraction(1, 10)
    (Fraction(1, 2), False)
    """
    if not isinstance(value, (float, np.floating)):
        return to_fraction(value, name)
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}")
    return Fraction(*value.as_integer_ratio())


def to_tolerance(value: Any, name: str = "eps") -> Fraction:
    """Convert a positive tolerance to a `Fraction`; a float is read as its exact binary value.

    Raises
    ------
    TypeError
        If `value` is not a number.
    ValueError
        If it is not finite or not positive.

    Examples
    --------
    >>> to_tolerance(0.5), to_tolerance("1e-3")
    (Fraction(1, 2), Fraction(1, 1000))
    """
    number = from_float(value, name)
    if number <= 0:
        raise ValueError(f"{name} must be positive, got {shown(number)}")
    return number


def to_integer(value: Any, name: str, least: int) -> int:
    """Convert an exact integer that is at least `least`.

    Examples
    --------
    >>> to_integer(0, "m", 1)
    Traceback (most recent call last):
        ...
    ValueError: m must be at least 1, got 0
    """
    number = to_fraction(value, name)
    if number.denominator != 1:
        raise ValueError(f"{name} must be an integer, got {shown(number)}")
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {shown(number)}")
    return int(number)


def shown(number: Fraction | int) -> str:
    """Write a rational for a message; one that is too long for a line is given by its size.

    Examples
    --------
    >>> shown(Fraction(1, 3)), shown(Fraction(1, 2**1000)), shown(Fraction(1, 3**1000))
    ('1/3', '2^-1000', 'a rational of 1 over 1585 bits')
    """
    number = Fraction(number)
    bits = number.numerator.bit_length() + number.denominator.bit_length()
    if bits <= 200:
        return str(number)
    for base in (2, 10):
        if (exponent := power_of(base, number)) is not None:
            return f"{base}^{exponent}"
    return f"a rational of {number.numerator.bit_length()} over {number.denominator.bit_length()} bits"


def power_of(base: int, number: Fraction) -> int | None:
    """Return the exponent e with number = base^e, if there is one.

    Examples
    --------
    >>> power_of(2, Fraction(1, 8)), power_of(10, Fraction(1000)), power_of(2, Fraction(3))
    (-3, 3, None)
    """
    p, q = number.numerator, number.denominator
    if p <= 0 or 1 not in (p, q):
        return None
    exponent = round(math.log(max(p, q)) / math.log(base))
    return (exponent if q == 1 else -exponent) if base**exponent == max(p, q) else None


def written(number: Fraction) -> str:
    """Write a rational exactly, in decimal where that is short and in hexadecimal beyond.

    Examples
    --------
    >>> written(Fraction(1, 3)), written(Fraction(2**200))[:10]
    ('1/3', '0x10000000')
    """
    p, q = number.numerator, number.denominator
    if p.bit_length() + q.bit_length() <= 200:
        return str(number)
    return f"{p:#x}" if q == 1 else f"{p:#x}/{q:#x}"


def _from_string(text: str, name: str) -> Fraction:
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        raise ValueError(f"{name} must be a number such as 3, '1/3' or '1e-6', got {text[:60]!r}")
    mantissa, _, exponent = stripped.lower().partition("e")
    if len(mantissa) > 4000 or len(exponent) > 7 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise ValueError(
            f"{name} has too many digits: {stripped[:30]}...; at most 4000 digits, exponent {MAX_DIGITS}"
        )
    if "/" in mantissa and int(mantissa.partition("/")[2]) == 0:
        raise ValueError(f"{name} must have a nonzero denominator, got {text[:60]!r}")
    return Fraction(stripped)


def _of_integers(value: Any) -> Fraction:
    """Rebuild a quotient of numpy integers: `Fraction(numpy.int64(3))` keeps them, and they overflow."""
    return Fraction(int(value.numerator), int(value.denominator))


def _float_refusal(value: float | np.floating[Any], name: str) -> str:
    text = str(value)
    if text.lstrip("+-") in ("nan", "inf"):
        return f"{name} must be an exact finite number, got the float {text}"
    meant = repr(Fraction(text))
    alternative = f" or {meant}" if len(meant) <= 60 else ""
    return f"{name} must be exact, got the float {text}; pass the string {text!r}{alternative}"


def _from_library(value: Any, name: str) -> Fraction:
    if isinstance(value, flint.fmpz):
        return Fraction(int(value))
    if isinstance(value, flint.fmpq):
        return Fraction(int(value.p), int(value.q))
    if getattr(value, "is_Rational", False) is True and not isinstance(value, type):
        return Fraction(int(value.p), int(value.q))
    kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
    raise TypeError(
        f"{name} must be an exact number (int, Fraction, Decimal, string, sympy Rational), got {kind}"
    )
