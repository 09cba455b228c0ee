"""Angle: numbers u + v pi with rational u and v, exactly, and as close rationals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import flint

from relu_constructions.balls import ball, ends, working
from relu_constructions.exact import shown, to_fraction
from relu_constructions.expression import Algebra, evaluate, parse


class Angle(NamedTuple):
    """The number rational + of_pi * pi.

    Examples
    --------
    >>> print(to_angle("2*pi/3"), to_angle("1/2"), to_angle("1 - pi"))
    2/3*pi 1/2 1 - pi
    """

    rational: Fraction
    of_pi: Fraction

    def __str__(self) -> str:
        if not self.of_pi:
            return str(self.rational)
        size = abs(self.of_pi)
        multiple = "pi" if size == 1 else f"{size}*pi"
        if not self.rational:
            return multiple if self.of_pi > 0 else f"-{multiple}"
        return f"{self.rational} {'+' if self.of_pi > 0 else '-'} {multiple}"

    @property
    def is_zero(self) -> bool:
        """Whether this is 0; u + v pi is 0 only for u = v = 0."""
        return not self.rational and not self.of_pi

    def enclosure(self, bits: int) -> tuple[Fraction, Fraction]:
        """Enclose the number to about `bits` binary digits."""
        return self._ends(lambda pi: pi * ball(self.of_pi) + ball(self.rational), bits)

    def over_pi(self, bits: int) -> tuple[Fraction, Fraction]:
        """Enclose the number divided by pi; exactly where it is a multiple of pi."""
        if not self.rational:
            return self.of_pi, self.of_pi
        return self._ends(lambda pi: ball(self.of_pi) + ball(self.rational) / pi, bits)

    def _ends(self, formula: Any, bits: int) -> tuple[Fraction, Fraction]:
        with working(bits + 32):
            return ends(formula(flint.arb.pi()))


def to_angle(given: Any, name: str = "an angle") -> Angle:
    """Read a number u + v pi: an exact number, a string such as ``"2*pi/3"``, or a sympy expression.

    Raises
    ------
    ValueError
        If it is not of this form.
    TypeError
        For a float.

    Examples
    --------
    >>> to_angle(2) == to_angle("2"), to_angle("pi*3/7").of_pi
    (True, Fraction(3, 7))
    >>> to_angle("pi**2")
    Traceback (most recent call last):
        ...
    ValueError: an angle must be u + v*pi with rational u and v, got 'pi**2'
    """
    if isinstance(given, Angle):
        return given
    text = given
    if hasattr(given, "free_symbols"):
        if any(getattr(leaf, "is_Float", False) for leaf in given.atoms()):
            raise TypeError(f"{name} must be exact, got a float in {given}; pass a string or sympy.Rational")
        text = str(given)
    if not isinstance(text, str) or "pi" not in text:
        return Angle(to_fraction(given, name), Fraction(0))
    refused = f"{name} must be u + v*pi with rational u and v, got {text[:60]!r}"
    operators = {"+": _sum, "-": _difference, "*": _product, "/": _quotient}
    names = {"pi": Angle(Fraction(0), Fraction(1))}
    algebra = Algebra(lambda c: Angle(c, Fraction(0)), names, operators, {})
    try:
        angle = evaluate(parse(text), algebra)
    except (KeyError, ZeroDivisionError, ArithmeticError):
        raise ValueError(refused) from None
    assert isinstance(angle, Angle)
    return angle


def dyadic(lower: Fraction, upper: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return a multiple of 2^-bits near an interval, and a bound for its distance from the numbers in it.

    Examples
    --------
    >>> dyadic(Fraction(1, 3), Fraction(1, 3), 2)
    (Fraction(1, 4), Fraction(1, 12))
    >>> dyadic(Fraction(1, 3), Fraction(1, 3), 200)[1] < Fraction(1, 2**200)
    True
    """
    near = Fraction(round((lower + upper) / 2 * 2**bits), 2**bits)
    return near, max(abs(near - lower), abs(near - upper))


def _sum(a: Angle, b: Angle) -> Angle:
    return Angle(a.rational + b.rational, a.of_pi + b.of_pi)


def _difference(a: Angle, b: Angle) -> Angle:
    return Angle(a.rational - b.rational, a.of_pi - b.of_pi)


def _product(a: Angle, b: Angle) -> Angle:
    if a.of_pi and b.of_pi:
        raise ArithmeticError(f"pi**2 occurs, with the factor {shown(a.of_pi * b.of_pi)}")
    return Angle(a.rational * b.rational, a.rational * b.of_pi + a.of_pi * b.rational)


def _quotient(a: Angle, b: Angle) -> Angle:
    if b.of_pi:
        raise ArithmeticError("a division by a multiple of pi occurs")
    return Angle(a.rational / b.rational, a.of_pi / b.rational)
