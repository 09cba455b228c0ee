"""The pieces of an activation between its kinks: which of them a ball meets, and where floats lie."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb

from relu_constructions.activation import FloatArray
from relu_constructions.balls import ball
from relu_constructions.exact import shown, to_fraction

Kinks = tuple[Fraction, ...]


def to_kinks(given: Iterable[Any]) -> Kinks:
    """Read exact numbers that increase.

    Raises
    ------
    ValueError
        If they do not.

    Examples
    --------
    >>> to_kinks([0, "1/2"])
    (Fraction(0, 1), Fraction(1, 2))
    """
    kinks = tuple(to_fraction(kink, "kink") for kink in given)
    for left, right in itertools.pairwise(kinks):
        if left >= right:
            raise ValueError(f"the kinks must increase, got {shown(left)} before {shown(right)}")
    return kinks


def pieces_met(kinks: Kinks, z: arb) -> range:
    """Return the numbers of the pieces that a ball may meet; both beside a kink that it may contain.

    A kink is outside only if that is proved, so that a ball that is NaN meets all pieces.

    Examples
    --------
    >>> kinks = (Fraction(0), Fraction(1))
    >>> [pieces_met(kinks, z) for z in (arb(-1), arb(0), arb(0.5, 0.25), arb(0.5, 1))]
    [range(0, 1), range(0, 2), range(1, 2), range(0, 3)]
    """
    below = sum(bool(z > ball(t)) for t in kinks)
    above = sum(bool(z < ball(t)) for t in kinks)
    return range(below, len(kinks) - above + 1)


def is_kink(kinks: Kinks, z: arb, met: range) -> bool:
    """Whether a ball, of which the pieces that it may meet are known, is nothing but a kink.

    Examples
    --------
    >>> kinks = (Fraction(0),)
    >>> [is_kink(kinks, z, pieces_met(kinks, z)) for z in (arb(0), arb(0, 1), arb(1))]
    [True, False, False]
    """
    return len(met) == 2 and z.is_exact() and bool(z == ball(kinks[met[0]]))


def part_in(kinks: Kinks, z: arb, met: range, piece: int) -> arb:
    """Return a ball that contains all points of z in one of the pieces that it may meet.

    It may also contain points of z a little outside the piece, because ends are rounded outward.

    Examples
    --------
    >>> z, kinks = arb(0, 1), (Fraction(0),)
    >>> left = part_in(kinks, z, pieces_met(kinks, z), 0)
    >>> left.contains(-1), left.contains(0), left.contains(0.001)
    (True, True, False)
    """
    if piece > met[0]:
        z = z.max(ball(kinks[piece - 1]))
    return z.min(ball(kinks[piece])) if piece < met[-1] else z


def float_pieces(kinks: Kinks, z: FloatArray) -> list[npt.NDArray[np.bool_]]:
    """Return where floats lie in each piece, its left end included; NaN lies in none.

    Examples
    --------
    >>> [inside.tolist() for inside in float_pieces((Fraction(0),), np.array([-1.0, 0.0, np.nan]))]
    [[True, False, False], [False, True, False]]
    """
    above = [z >= end for end in (-np.inf, *float_kinks(kinks))]
    above.append(np.zeros_like(z, dtype=bool))
    return [inside & ~beyond for inside, beyond in itertools.pairwise(above)]


def float_kinks(kinks: Sequence[Fraction]) -> list[float]:
    """Return the kinks rounded to float64; those that are too large are infinite.

    Examples
    --------
    >>> float_kinks([Fraction(1, 4), Fraction(10**400)])
    [0.25, inf]
    """
    return [_rounded(kink) for kink in kinks]


def _rounded(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
