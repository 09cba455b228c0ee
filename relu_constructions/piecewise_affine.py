"""Piecewise affine activations: ReLU and its relatives, exact in rational numbers.

The continuous function with the kinks t_1 < ... < t_k and the slopes s_0, ..., s_k is a constant and a sum of
hinges a rho(x - t_j) and a rho(t_j - x); k of them are enough if some slope is 0, and k + 1 always.
"""

from __future__ import annotations

import functools
import itertools
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import flint
import numpy as np

from relu_constructions.activation import Activation, FloatArray
from relu_constructions.activation_pieces import (
    float_kinks,
    float_pieces,
    is_kink,
    part_in,
    pieces_met,
    to_kinks,
)
from relu_constructions.balls import ball
from relu_constructions.exact import shown, to_fraction


class Hinge(NamedTuple):
    """The function factor * rho(side * (x - kinks[kink])), with side = 1 or -1."""

    kink: int
    side: int
    factor: Fraction


@dataclass(frozen=True, init=False, repr=False)
class PiecewiseAffine(Activation):
    """The continuous function with given kinks, slopes between them, and value at 0.

    Parameters
    ----------
    kinks : sequence of k exact numbers, increasing
        Those at which the slope does not change are dropped.
    slopes : sequence of k + 1 exact numbers
    value : exact number
        The value at 0.

    Raises
    ------
    TypeError
        For numbers that are not exact.
    ValueError
        If the kinks do not increase, or the slopes are not one more.

    Examples
    --------
    >>> clip = PiecewiseAffine([0, 6], [0, 1, 0], 0)
    >>> clip, [str(clip(x)) for x in (-1, "1/2", 7)]
    (PiecewiseAffine(kinks=(0, 6), slopes=(0, 1, 0), value=0), ['0', '1/2', '6'])
    >>> PiecewiseAffine([0], [0, 1], 0) == RELU
    True
    """

    kinks: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    value: Fraction

    def __init__(self, kinks: Iterable[Any], slopes: Iterable[Any], value: Any) -> None:
        t = to_kinks(kinks)
        s = [to_fraction(slope, "slope") for slope in slopes]
        if len(s) != len(t) + 1:
            raise ValueError(f"{len(t)} kinks must have {len(t) + 1} slopes, got {len(s)} slopes")
        bent = [j for j in range(len(t)) if s[j] != s[j + 1]]
        object.__setattr__(self, "kinks", tuple(t[j] for j in bent))
        object.__setattr__(self, "slopes", (s[0], *(s[j + 1] for j in bent)))
        object.__setattr__(self, "value", to_fraction(value, "value"))
        object.__setattr__(self, "name", self._described())

    def _described(self) -> str:
        """The name of a function that has one, and otherwise all that it is made of."""
        data = [*self.kinks, *self.slopes, self.value]
        if len(data) == 4 and data[0] == data[3] == 0 and data[2] == 1:
            names = {Fraction(0): "RELU", Fraction(-1): "ABSOLUTE_VALUE"}
            return names.get(data[1], f"leaky_relu({shown(data[1])})")
        if data == [-1, 1, 0, 1, 0, 0]:
            return "HARD_TANH"
        kinks, slopes = (
            f"({', '.join(map(shown, numbers))}{',' if len(numbers) == 1 else ''})"
            for numbers in (self.kinks, self.slopes)
        )
        return f"PiecewiseAffine(kinks={kinks}, slopes={slopes}, value={shown(self.value)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return PiecewiseAffine, (self.kinks, self.slopes, self.value)

    def __call__(self, x: Any) -> Fraction:
        """Return the value at an exact number."""
        point = to_fraction(x, "x")
        piece = bisect_left(self.kinks, point)
        return self.slopes[piece] * point + self.intercepts()[piece]

    def intercepts(self) -> tuple[Fraction, ...]:
        """Return the numbers q of the affine functions s x + q between the kinks.

        Examples
        --------
        >>> [str(q) for q in HARD_TANH.intercepts()]
        ['-1', '0', '1']
        """
        jumps = [
            t * (before - after)
            for t, before, after in zip(self.kinks, self.slopes, self.slopes[1:], strict=False)
        ]
        sums = list(itertools.accumulate(jumps, initial=Fraction(0)))
        return tuple(q - sums[bisect_left(self.kinks, 0)] + self.value for q in sums)

    def hinges(self) -> tuple[Fraction, tuple[Hinge, ...]]:
        """Return a constant and hinges, as few as possible, whose sum is this function.

        Without kinks the hinges meet at 0.

        Examples
        --------
        >>> constant, hinges = HARD_TANH.hinges()
        >>> str(constant), [(kink, side, str(factor)) for kink, side, factor in hinges]
        ('-1', [(0, 1, '1'), (1, 1, '-1')])
        """
        s, places = self.slopes, self.kinks or (Fraction(0),)
        if not self.kinks:
            s = (s[0], s[0])
        flat = s.index(0) if 0 in s else 0
        pivot = min(flat, len(places) - 1)
        left = [Hinge(j, -1, s[j + 1] - s[j]) for j in range(pivot)]
        middle = [Hinge(pivot, -1, -s[pivot]), Hinge(pivot, 1, s[pivot + 1])]
        right = [Hinge(j, 1, s[j + 1] - s[j]) for j in range(pivot + 1, len(places))]
        kept = [hinge for hinge in (*left, *middle, *right) if hinge.factor]
        return self(places[pivot]), tuple(kept or [Hinge(pivot, 1, Fraction(0))])

    def floats(self, z: FloatArray) -> FloatArray:
        """Return the values at floats, on every piece in the form slope * z + intercept."""
        if self == RELU:
            return np.maximum(z, 0.0)
        result = np.full_like(z, np.nan)
        lines = zip(float_pieces(self.kinks, z), self.slopes, self.intercepts(), strict=True)
        for inside, slope, intercept in lines:
            result[inside] = _float(slope) * z[inside] + _float(intercept) if slope else _float(intercept)
        return result

    def float_slopes(self, z: FloatArray, at_kink: Sequence[float]) -> FloatArray:
        """Return the slopes at floats, those of the conventions at the kinks rounded to float64."""
        result = np.full_like(z, np.nan)
        for inside, slope in zip(float_pieces(self.kinks, z), self.slopes, strict=True):
            result[inside] = _float(slope)
        for j, (t, c) in enumerate(zip(float_kinks(self.kinks), at_kink, strict=True)):
            result[z == t] = (1 - c) * _float(self.slopes[j]) + c * _float(self.slopes[j + 1])
        return result

    def slope_at_kink(self, j: int, c: Fraction) -> Fraction:
        """Return the slope that the convention c stands for at a kink.

        Examples
        --------
        >>> ABSOLUTE_VALUE.slope_at_kink(0, Fraction(1, 2))
        Fraction(0, 1)
        """
        return (1 - c) * self.slopes[j] + c * self.slopes[j + 1]

    def ball(self, z: flint.arb) -> flint.arb:
        """Enclose the values: the union over all pieces that the ball meets, of the part of it there."""
        if self == RELU:
            return z.nonnegative_part()
        met = pieces_met(self.kinks, z)
        found = [
            ball(self.slopes[j]) * part_in(self.kinks, z, met, j) + ball(self.intercepts()[j]) for j in met
        ]
        return functools.reduce(flint.arb.union, found)

    def ball_slope(self, z: flint.arb, at_kink: Sequence[Fraction]) -> flint.arb:
        """Enclose the slopes of all pieces that the ball meets, and those of c at the kinks it meets."""
        met = pieces_met(self.kinks, z)
        at_kinks = [self.slope_at_kink(j, at_kink[j]) for j in met[:-1]]
        if is_kink(self.kinks, z, met):
            return ball(at_kinks[0])
        slopes = [*at_kinks, *(self.slopes[j] for j in met)]
        return ball(min(slopes)).union(ball(max(slopes)))


def _float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        raise ValueError(
            "the activation has a number too large for float64; evaluate the network at exact numbers instead"
        ) from None


def leaky_relu(alpha: Any) -> PiecewiseAffine:
    """Return the function x for x >= 0 and alpha x for x <= 0.

    Parameters
    ----------
    alpha : exact number

    Examples
    --------
    >>> leaky_relu("1/100"), leaky_relu("1/100")(-1), leaky_relu(0) == RELU
    (leaky_relu(1/100), Fraction(-1, 100), True)
    """
    return PiecewiseAffine([0], [to_fraction(alpha, "alpha"), 1], 0)


RELU = PiecewiseAffine([0], [0, 1], 0)
"""rho(x) = max(x, 0)."""
ABSOLUTE_VALUE = PiecewiseAffine([0], [-1, 1], 0)
"""|x|."""
HARD_TANH = PiecewiseAffine([-1, 1], [0, 1, 0], 0)
"""max(-1, min(x, 1))."""
