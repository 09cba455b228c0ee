"""Smooth bounds: floats for all pieces, with groups made smaller where that is worth its price.

A group is good enough if none of its pieces can hold the supremum, or if its bounds are nearly free of
uncertainty; others are cut into eighths.  How good the bounds are decides how much work is left to balls, and
nothing else: every bound holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.smooth_floats import Floats, piece_bounds
from relu_constructions.smooth_groups import Grouped, expansions
from relu_constructions.smooth_target import SmoothTarget, greatest_order

ORDER = 12
LEAST_ORDER = 5
GROUPS = 16
EIGHTHS = 8
BLOCK = 2**14
"""About as many pieces are held in floats at a time."""
FINE = 2.0**-22
"""How much uncertainty, relatively, is removed even if the tolerance allows more, where that is cheap."""
CHEAP = 4
"""So many groups may be cut only to become fine."""


class _Summary(NamedTuple):
    """For the groups of one size: the largest bounds, and the uncertainties; value first, then slope."""

    largest: Floats
    slack: Floats

    def proved(self) -> Floats:
        """Return about how large the errors are at least."""
        known = np.isfinite(self.slack)
        lower = np.subtract(self.largest, 2 * self.slack, out=np.zeros_like(self.slack), where=known)
        found: Floats = np.maximum(lower, 0).max(axis=1, keepdims=True)
        return found


def upper_bounds(target: SmoothTarget, given: Grouped, tolerance: Fraction) -> tuple[Floats, Floats]:
    """Bound both errors on every piece from above; infinite where floats say nothing.

    Examples
    --------
    >>> from relu_constructions import pieces, square
    >>> from relu_constructions.smooth_groups import ExactPieces
    >>> from relu_constructions.smooth_target import SmoothPolynomial
    >>> from relu_constructions.targets import Polynomial
    >>> given, parabola = ExactPieces(pieces(square(m=5), (0, 1))), SmoothPolynomial(Polynomial.of([0, 0, 1]))
    >>> value, slope = upper_bounds(parabola, given, Fraction(1, 1000))
    >>> bool((value >= 4.0**-6).all()), bool((value < 4.0**-6 * 1.000001).all())
    (True, True)
    """
    n, order = len(given), greatest_order(target, ORDER)
    found = np.full((2, n), np.inf)
    if order < LEAST_ORDER or n < EIGHTHS:
        return found[0], found[1]
    size = -(-n // GROUPS)
    starts = _starts(np.zeros(1, dtype=np.intp), n, size)
    lowest = np.zeros((2, 1))
    while len(starts):
        summary = _improve(found, target, given, starts, size, order)
        lowest = np.maximum(lowest, summary.proved())
        if size == 1:
            break
        starts = starts[_unclear(summary, lowest, float(tolerance))]
        starts, size = _starts(starts, size, -(-size // EIGHTHS)), -(-size // EIGHTHS)
    return found[0], found[1]


def _starts(starts: npt.NDArray[np.intp], size: int, smaller: int) -> npt.NDArray[np.intp]:
    """Where the groups of a smaller size begin that cover these; the last one of each may overlap."""
    cuts = np.minimum(np.arange(0, size, smaller), size - smaller)
    return (starts[:, None] + cuts).ravel()


def _unclear(summary: _Summary, lowest: Floats, tolerance: float) -> npt.NDArray[np.intp]:
    """The groups that may hold the supremum and whose bounds are uncertain."""

    def unclear(aim: float) -> npt.NDArray[np.intp]:
        may = (summary.largest > lowest * (1 + aim)) & ~(summary.slack <= lowest * (aim / 2))
        return np.flatnonzero(may.any(axis=0))

    fine = unclear(min(tolerance / 4, FINE))
    return fine if len(fine) <= CHEAP else unclear(tolerance / 4)


def _improve(
    found: Floats, target: SmoothTarget, given: Grouped, starts: Any, size: int, order: int
) -> _Summary:
    """Lower the bounds of the pieces in some groups, where floats give lower ones."""
    largest, slack = [], []
    for block in _blocks(starts, size):
        made = piece_bounds(given.local(block, size), expansions(target, given.frames(block, size), order))
        for bounds, better in zip(found, made[:2], strict=True):
            _lower(bounds, block, size, better)
        largest.append(np.stack((made.value.max(axis=1), made.slope.max(axis=1))))
        slack.append(np.stack((made.value_slack[:, 0], made.slope_slack[:, 0])))
    return _Summary(np.concatenate(largest, axis=1), np.concatenate(slack, axis=1))


def _lower(bounds: Floats, starts: Any, size: int, better: Floats) -> None:
    """Lower the bounds of the pieces in some groups; neighbouring groups are a slice."""
    if (np.diff(starts) == size).all():
        found = bounds[starts[0] : starts[-1] + size].reshape(better.shape)
        np.minimum(found, better, out=found)
    else:
        index = starts[:, None] + np.arange(size)
        bounds[index] = np.minimum(bounds[index], better)


def _blocks(starts: Any, size: int) -> Iterator[Any]:
    rows = max(1, BLOCK // size)
    for first in range(0, len(starts), rows):
        yield starts[first : first + rows]
