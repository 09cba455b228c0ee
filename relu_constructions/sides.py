"""Sides: intervals as pairs of integers over 2^96, rounded outwards by every operation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.form import Form

BITS = 96
ONE = 1 << BITS
Side = tuple[int, int]


class SideForm(NamedTuple):
    """A form with its coefficients as intervals."""

    constant: Side
    terms: tuple[tuple[int, Side], ...]


def outwards(lo: Fraction, hi: Fraction) -> Side:
    """Enclose [lo, hi].

    Examples
    --------
    >>> outwards(Fraction(1, 2), Fraction(1)) == (ONE // 2, ONE)
    True
    """
    return (lo.numerator << BITS) // lo.denominator, -((-hi.numerator << BITS) // hi.denominator)


def times(a: Side, b: Side) -> Side:
    """Enclose all products of a number of a with one of b."""
    if a[0] >= 0 and b[0] >= 0:
        return a[0] * b[0] >> BITS, -(-a[1] * b[1] >> BITS)
    ends = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return min(ends) >> BITS, -(-max(ends) >> BITS)


def plus(a: Side, b: Side) -> Side:
    """Enclose all sums."""
    return a[0] + b[0], a[1] + b[1]


def square(a: Side) -> Side:
    """Enclose all squares."""
    least = max(a[0], -a[1], 0)
    return least * least >> BITS, -(-max(a[0] * a[0], a[1] * a[1]) >> BITS)


def side_form(form: Form) -> SideForm:
    """Enclose the coefficients of a form."""
    return SideForm(
        outwards(form.constant, form.constant),
        tuple((wire, outwards(c, c)) for wire, c in form.terms),
    )


def value_of(form: SideForm, values: Sequence[Side]) -> Side:
    """Enclose the values of a form, given those of the wires."""
    total = form.constant
    for wire, c in form.terms:
        total = plus(total, times(c, values[wire]))
    return total
