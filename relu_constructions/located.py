"""Located: a supremum by its enclosure, and the point at which its lower end is attained."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from relu_constructions.enclosure import Enclosure, largest


class Supremum(NamedTuple):
    """An enclosure of a supremum and a point where, or near which, its lower end is attained."""

    enclosure: Enclosure
    at: Fraction


class Suprema(NamedTuple):
    """The errors in the function and in its derivative."""

    value: Supremum
    derivative: Supremum


def largest_supremum(found: list[Supremum]) -> Supremum:
    """Combine the suprema over the parts of a domain.

    Examples
    --------
    >>> half, third = (Supremum(Enclosure(x, x), x) for x in (Fraction(1, 2), Fraction(1, 3)))
    >>> largest_supremum([half, third]).enclosure
    Enclosure(1/2)
    """
    best = max(found, key=lambda s: s.enclosure.lower)
    return Supremum(largest(*(s.enclosure for s in found)), best.at)
