"""Kink: what happens at one point, and the verdict on a convention over many."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from relu_constructions.enclosure import Enclosure, display
from relu_constructions.exact import shown, written

Convention = Fraction | tuple[Fraction, ...]
"""One number c for all kinks of the activation, or one for each."""


class Kink(NamedTuple):
    """A kink of a network: the derivatives of R(Phi) on both sides of it, and D(Phi) there.

    Examples
    --------
    >>> kink = Kink(Fraction(0), Fraction(-1), Fraction(2), Fraction(5))
    >>> kink.clarke, kink.distance, kink.is_right, kink.is_differentiable
    (Enclosure(-1, 2), Fraction(3, 1), False, False)
    """

    x: Fraction
    left: Fraction
    right: Fraction
    derivative: Fraction

    @property
    def clarke(self) -> Enclosure:
        """The Clarke set of R(Phi): the numbers between the derivatives on both sides."""
        return Enclosure(*sorted((self.left, self.right)))

    @property
    def distance(self) -> Fraction:
        """The distance of D(Phi) to the Clarke set."""
        if self.is_right:
            return Fraction(0)
        return min(abs(self.derivative - self.left), abs(self.derivative - self.right))

    @property
    def is_right(self) -> bool:
        """Whether D(Phi) lies in the Clarke set."""
        return self.left <= self.derivative <= self.right or self.right <= self.derivative <= self.left

    @property
    def is_differentiable(self) -> bool:
        """Whether R(Phi) has a derivative there."""
        return self.left == self.right


class Verdict(NamedTuple):
    """At how many kinks D(Phi) with a convention is wrong, and at which one most.

    Examples
    --------
    >>> print(Verdict(Fraction(0), 2, Fraction(1, 3), Fraction(1)))
    c = 0: D(Phi) is no Clarke subgradient at 2 of them, off by 1/3 = 0.33333 at x = 1
    """

    at_kink: Convention
    wrong: int
    largest_distance: Fraction
    worst_at: Fraction | None

    @classmethod
    def of(cls, at_kink: Convention, wrong: Sequence[tuple[Fraction, Fraction]]) -> Verdict:
        """Sum up the distances and the places of the kinks at which D(Phi) is wrong."""
        if not wrong:
            return cls(at_kink, 0, Fraction(0), None)
        largest, x = max(wrong, key=lambda pair: pair[0])
        return cls(at_kink, len(wrong), largest, x)

    def __str__(self) -> str:
        start = f"c = {shown_convention(self.at_kink)}: D(Phi)"
        if self.worst_at is None:
            return f"{start} is a Clarke subgradient at all of them"
        farthest = f"off by {display(self.largest_distance)} at x = {shown(self.worst_at)}"
        return f"{start} is no Clarke subgradient at {self.wrong} of them, {farthest}"

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data for JSON; rationals are exact strings."""
        c = self.at_kink
        return {
            "at_kink": [written(part) for part in c] if isinstance(c, tuple) else written(c),
            "wrong": self.wrong,
            "largest_distance": written(self.largest_distance),
            "worst_at": None if self.worst_at is None else written(self.worst_at),
        }


def shown_convention(c: Convention) -> str:
    """Write a convention.

    Examples
    --------
    >>> shown_convention(Fraction(1, 2)), shown_convention((Fraction(0), Fraction(1)))
    ('1/2', '(0, 1)')
    """
    return f"({', '.join(map(shown, c))})" if isinstance(c, tuple) else shown(c)
