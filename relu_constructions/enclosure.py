"""Enclosure: a number known from both sides, by two rationals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from relu_constructions.exact import power_of, shown, to_fraction


@dataclass(frozen=True)
class Enclosure:
    """The closed interval [lower, upper]; a number known exactly when both ends are equal.

    Attributes
    ----------
    lower, upper : Fraction

    Raises
    ------
    TypeError
        If an end is not exact.
    ValueError
        If ``lower > upper``.

    Examples
    --------
    >>> Enclosure(Fraction(1, 8), Fraction(1, 8))
    Enclosure(1/8)
    >>> print(Enclosure(Fraction(1, 3), Fraction(1, 2)))
    in [0.33333, 0.50000]
    >>> Fraction(2, 5) in Enclosure(Fraction(1, 3), Fraction(1, 2))
    True
    """

    lower: Fraction
    upper: Fraction

    def __post_init__(self) -> None:
        for end in ("lower", "upper"):
            object.__setattr__(self, end, to_fraction(getattr(self, end), end))
        if self.lower > self.upper:
            raise ValueError(
                f"an enclosure needs lower <= upper, got {shown(self.lower)} > {shown(self.upper)}"
            )

    @property
    def is_exact(self) -> bool:
        """Whether the number is known exactly."""
        return self.lower == self.upper

    def exact(self) -> Fraction:
        """Return the number, if it is known exactly; raise `ValueError` otherwise."""
        if not self.is_exact:
            raise ValueError(f"the number is only known to be {self}; use .lower and .upper")
        return self.lower

    def __contains__(self, number: Any) -> bool:
        return bool(self.lower <= number <= self.upper)

    def __bool__(self) -> bool:
        raise TypeError("an enclosure has no truth value; compare .lower or .upper")

    def __repr__(self) -> str:
        ends = shown(self.lower) if self.is_exact else f"{shown(self.lower)}, {shown(self.upper)}"
        return f"Enclosure({ends})"

    def __str__(self) -> str:
        if self.is_exact:
            return display(self.lower)
        return f"in [{decimal(self.lower, ROUND_FLOOR)}, {decimal(self.upper, ROUND_CEILING)}]"


def largest(*enclosures: Enclosure) -> Enclosure:
    """Enclose the maximum of the enclosed numbers.

    Examples
    --------
    >>> largest(Enclosure(Fraction(1), Fraction(3)), Enclosure(Fraction(2), Fraction(2)))
    Enclosure(2, 3)
    """
    return Enclosure(max(e.lower for e in enclosures), max(e.upper for e in enclosures))


def decimal(number: Fraction, rounding: str = ROUND_HALF_EVEN, digits: int = 5) -> str:
    """Write a rational with `digits` significant decimal digits, rounded in the direction asked.

    Examples
    --------
    >>> decimal(Fraction(1, 4**100)), decimal(Fraction(1, 3), ROUND_CEILING)
    ('6.2230e-61', '0.33334')
    """
    context = Context(prec=digits, rounding=rounding, Emin=-(10**9), Emax=10**9)
    quotient = context.divide(Decimal(number.numerator), Decimal(number.denominator))
    if number == 0 or -5 < quotient.adjusted() < digits:
        places = digits - 1 - (quotient.adjusted() if number else 0)
        return f"{quotient:.{max(places, 0)}f}" if number.denominator > 1 else str(number)
    sign, figures, _ = quotient.as_tuple()
    text = "".join(map(str, figures)).ljust(digits, "0")
    return f"{'-' * sign}{text[0]}.{text[1:]}e{quotient.adjusted():+03d}"


def display(number: Fraction) -> str:
    """Write a rational exactly if that fits, as a power of two where it is one, and as a decimal.

    Examples
    --------
    >>> display(Fraction(1, 2**20)), display(Fraction(1, 3)), display(Fraction(5))
    ('2^-20 = 9.5367e-07', '1/3 = 0.33333', '5')
    """
    if number.denominator == 1 and number.numerator.bit_length() <= 64:
        return str(number)
    power = power_of(2, number)
    exactly = f"2^{power}" if power is not None else shown(number)
    return f"{exactly}{',' if exactly.startswith('a ') else ' ='} {decimal(number)}"
