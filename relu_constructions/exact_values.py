"""Exact values: an expression at a rational point, where its value is a + b pi with rationals a and b.

This is what decides that a divisor is zero at a point; balls can only show that it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from relu_constructions.nodes import Node, exponent_of

MAX_BITS = 10_000
"""Longer numbers are not computed."""


class Value(NamedTuple):
    """The number rational + times_pi * pi."""

    rational: Fraction
    times_pi: Fraction = Fraction(0)


_AT_ZERO = {"sin": 0, "tan": 0, "atan": 0, "sinh": 0, "tanh": 0, "cos": 1, "exp": 1, "cosh": 1}


def exact_value(node: Node, point: Sequence[Fraction]) -> Value | None:
    """Return the value at a point where the expression is defined; None if it is not known to be such.

    Examples
    --------
    >>> from relu_constructions.nodes import PI, function, times, variable
    >>> exact_value(function("cos", times(PI, variable(0))), [Fraction(1, 2)])
    Value(rational=Fraction(0, 1), times_pi=Fraction(0, 1))
    """
    found = _value(node, point)
    return found if found is None or all(_bits(c) <= MAX_BITS for c in found) else None


def is_zero(node: Node, point: Sequence[Fraction]) -> bool:
    """Whether the value is known to be zero."""
    return exact_value(node, point) == Value(Fraction(0))


def _value(node: Node, point: Sequence[Fraction]) -> Value | None:
    if node.kind == "number":
        return Value(node.parts[0])
    if node.kind == "variable":
        return Value(point[node.parts[0]])
    if node.kind == "pi":
        return Value(Fraction(0), Fraction(1))
    parts = [exact_value(part, point) for part in node.parts]
    if node.kind == "product":
        return _product(parts)
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if node.kind == "sum":
        return Value(
            sum((v.rational for v in known), Fraction(0)), sum((v.times_pi for v in known), Fraction(0))
        )
    if node.kind == "power":
        e = exponent_of(node)
        return None if known[0].times_pi or e is None else _power(known[0].rational, e)
    return _function(node.kind, known[0])


def _product(parts: Sequence[Value | None]) -> Value | None:
    product = Value(Fraction(1))
    if Value(Fraction(0)) in parts:
        return Value(Fraction(0))
    for part in parts:
        if part is None or (product.times_pi and part.times_pi):
            return None
        a, b = product
        product = Value(a * part.rational, a * part.times_pi + b * part.rational)
    return product


def _power(base: Fraction, e: Fraction) -> Value | None:
    if e.denominator == 2 and base >= 0:
        p, q = isqrt(base.numerator), isqrt(base.denominator)
        return _power(Fraction(p, q), 2 * e) if Fraction(p * p, q * q) == base else None
    if e.denominator > 1 or (not base and e < 0) or _bits(base) * abs(e) > MAX_BITS:
        return None
    return Value(base ** int(e))


def _function(name: str, u: Value) -> Value | None:
    if u == Value(Fraction(0)) and name in _AT_ZERO:
        return Value(Fraction(_AT_ZERO[name]))
    if name == "abs" and not u.times_pi:
        return Value(abs(u.rational))
    if name == "log" and u == Value(Fraction(1)):
        return Value(Fraction(0))
    if u.rational or (2 * u.times_pi).denominator > 1:
        return None
    quarter = int(2 * u.times_pi) % 4
    if name in ("sin", "cos"):
        return Value(Fraction(((0, 1, 0, -1) if name == "sin" else (1, 0, -1, 0))[quarter]))
    return Value(Fraction(0)) if name == "tan" and quarter % 2 == 0 else None


def _bits(c: Fraction) -> int:
    return c.numerator.bit_length() + c.denominator.bit_length()
