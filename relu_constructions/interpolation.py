"""Interpolation: the vertices of a piecewise linear interpolant, exact or rounded to binary digits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from relu_constructions.balls import moderate
from relu_constructions.box import to_interval
from relu_constructions.exact import to_fraction, to_integer

Points = tuple[tuple[Fraction, Fraction], ...]
MAX_PRECISION = 2**16
"""The most binary digits with which a value is computed before it is rounded."""


def interpolated(f: Any, points: Any, domain: Any, bits: Any) -> Points:
    """Return the points (x, f(x)); see `PiecewiseLinear.interpolant`.

    Examples
    --------
    >>> interpolated("x**2", 1, (0, 3), None)
    ((Fraction(0, 1), Fraction(0, 1)), (Fraction(3, 1), Fraction(9, 1)))
    """
    function = _function(f)
    digits = None if bits is None else to_integer(bits, "bits", 0)
    return tuple((x, _value(function, x, digits)) for x in _breakpoints(function, points, domain))


def _function(f: Any) -> Any:
    from relu_constructions.targets import to_target

    return f if callable(f) or hasattr(f, "taylor") else to_target(f)


def _breakpoints(f: Any, points: Any, domain: Any) -> list[Fraction]:
    if not isinstance(points, int) and hasattr(points, "__iter__"):
        if domain is not None:
            raise ValueError("the points must be a number of pieces where a domain is given, got a sequence")
        return [to_fraction(x, "breakpoint") for x in points]
    count = to_integer(points, "points", 1)
    if domain is None:
        domain = getattr(f, "domain", None) or (0, 1)
    lo, hi = to_interval(domain)
    return [lo + (hi - lo) * Fraction(i, count) for i in range(count + 1)]


def _value(f: Any, x: Fraction, bits: int | None) -> Fraction:
    if hasattr(f, "taylor"):
        if bits is None:
            raise ValueError(f"bits must be given, the values of {f} need not be rational")
        return _rounded(_ball_value(f, x, bits), bits)
    exact = to_fraction(f(x), "value")
    return exact if bits is None else _rounded(exact, bits)


def _rounded(value: Fraction, bits: int) -> Fraction:
    return Fraction(round(value * 2**bits), 2**bits)


def _ball_value(f: Any, x: Fraction, bits: int) -> Fraction:
    """The midpoint of a ball that contains f(x) and has a radius of at most 2^-(bits + 2)."""
    precision = bits + 32
    while precision <= MAX_PRECISION + bits:
        ball = moderate(f.taylor(x, x, x, 1, precision)[0])
        if ball.is_finite():
            middle, radius = (part.fmpq() for part in (ball.mid(), ball.rad()))
            if int(radius.p) << (bits + 2) <= int(radius.q):
                return Fraction(int(middle.p), int(middle.q))
        precision *= 2
    raise ValueError(f"the value of {f} at {x} could not be computed to {bits} binary digits")
