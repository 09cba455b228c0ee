"""Smooth supremum: sup |f - g| and ess sup |f' - g'| of a smooth f and a piecewise linear g, two-sided.

Floats bound both errors on all pieces from above (`smooth_bounds`).  Only the pieces whose bounds are
larger than what has been proved from below are looked at in balls (`smooth_refinement`), the largest first.
"""

from __future__ import annotations

import heapq
import math
from fractions import Fraction
from typing import Any

import numpy as np

from relu_constructions.enclosure import Enclosure, decimal
from relu_constructions.located import Suprema, Supremum
from relu_constructions.smooth_bounds import upper_bounds
from relu_constructions.smooth_floats import Floats
from relu_constructions.smooth_groups import Grouped
from relu_constructions.smooth_refinement import BITS, Part, Step, refine
from relu_constructions.smooth_target import SmoothTarget

FINE = Fraction(1, 2**21)
"""A relative width that is aimed at even if the tolerance is larger, as long as that takes `EXTRA` looks."""
EXTRA = 8
STEPS = 2**12
"""After so many looks at parts, and four for every piece, the enclosure is left as it is."""
FIRST = 16


def smooth_suprema(target: SmoothTarget, given: Grouped, tolerance: Fraction) -> Suprema:
    """Enclose sup |f - g| and ess sup |f' - g'| for a smooth target f and the piecewise linear g.

    Parameters
    ----------
    target : SmoothTarget
    given : Grouped
        The pieces of g on a bounded interval.
    tolerance : Fraction
        The relative width of the enclosures.  They are wider only if the error is so small, or so hard to
        enclose, that `STEPS` or the precision do not suffice; in particular if it is 0.

    Raises
    ------
    ValueError
        If an error cannot be bounded, because the derivatives of the target are not finite somewhere.

    Examples
    --------
    >>> from relu_constructions import identity, pieces
    >>> from relu_constructions.smooth_groups import ExactPieces
    >>> from relu_constructions.smooth_target import SmoothPolynomial
    >>> from relu_constructions.targets import Polynomial
    >>> cube = SmoothPolynomial(Polynomial.of([0, 0, 0, 1]))
    >>> found = smooth_suprema(cube, ExactPieces(pieces(identity(1, 2), (0, 1))), Fraction(1, 1000))
    >>> print(found.value.enclosure, found.derivative.enclosure)
    in [0.38490, 0.38491] 2
    """
    bounds = upper_bounds(target, given, tolerance)
    return Suprema(*(_Search(target, given, order, bounds[order]).run(tolerance) for order in (0, 1)))


class _Search:
    """Best first: look at the part with the largest upper bound until the largest one is close enough."""

    def __init__(self, target: SmoothTarget, given: Grouped, order: int, bounds: Floats) -> None:
        self._target, self._given, self._order = target, given, order
        self._waiting = Descending(bounds)
        self._open: list[tuple[Any, int, Part]] = []
        self._settled: Fraction | float = Fraction(0)
        self._lower, self._at, self._looks, self._bits = Fraction(-1), Fraction(0), 0, BITS

    def run(self, tolerance: Fraction) -> Supremum:
        """Look until the enclosure is narrow enough, or the limits are reached."""
        goal, extra = min(tolerance, FINE) / 4, EXTRA
        limit = STEPS + 4 * len(self._given)
        while self._looks < limit:
            upper = self._upper()
            if upper <= self._lower * (1 + tolerance):
                if extra == 0 or upper <= self._lower * (1 + FINE):
                    break
                extra -= 1
            if self._settled >= upper and self._looks:
                break
            self._look(goal)
        return Supremum(Enclosure(self._lower, self._finite(self._upper())), self._at)

    def _upper(self) -> Fraction | float:
        return max(self._settled, self._lower, self._waiting.largest, -self._open[0][0] if self._open else 0)

    def _look(self, goal: Fraction) -> None:
        """Refine the part, or the new piece, with the largest bound."""
        self._looks += 1
        if self._open and -self._open[0][0] >= self._waiting.largest:
            bound, _, part = heapq.heappop(self._open)
            bound = -bound
        else:
            bound, index = self._waiting.pop()
            part = Part.whole(self._given.exact(index), self._bits)
        step: Step = refine(self._target, self._order, part, self._lower, goal)
        if step.lower > self._lower:
            self._lower, self._at = step.lower, step.at
        self._bits = max(self._bits, part.bits)
        bound = min(bound, step.upper)
        if not step.rest:
            self._settled = max(self._settled, bound)
        for number, rest in enumerate(step.rest):
            heapq.heappush(self._open, (-bound, 2 * self._looks + number, rest))

    def _finite(self, upper: Fraction | float) -> Fraction:
        if upper < math.inf:
            return Fraction(upper)
        part = self._open[0][2] if self._open else Part.whole(self._given.exact(0))
        raise ValueError(
            f"the derivatives of the target must be bounded, but the error of its {self._name()} "
            f"could not be enclosed near {decimal(part.at)}"
        )

    def _name(self) -> str:
        return "derivative" if self._order else "value"


class Descending:
    """The entries of an array from the largest to the smallest, sorted only as far as they are asked for.

    Examples
    --------
    >>> waiting = Descending(np.array([1.0, 3.0, 2.0]))
    >>> waiting.pop(), waiting.largest, len([waiting.pop(), waiting.pop()]), waiting.largest
    ((3.0, 1), 2.0, 2, -1.0)
    """

    def __init__(self, numbers: Floats) -> None:
        self._left = numbers.copy()
        self._chunk = FIRST
        self._sorted: list[tuple[float, int]] = []
        self._refill()

    @property
    def largest(self) -> float:
        """The largest entry that is left; -1 if there is none."""
        return self._sorted[-1][0] if self._sorted else -1.0

    def pop(self) -> tuple[float, int]:
        """Take the largest entry and its index."""
        entry = self._sorted.pop()
        if not self._sorted:
            self._refill()
        return entry

    def _refill(self) -> None:
        count = min(self._chunk, len(self._left))
        index = np.argpartition(self._left, len(self._left) - count)[-count:]
        index = index[self._left[index] >= 0]
        self._sorted = sorted(zip(self._left[index].tolist(), index.tolist(), strict=True))
        self._left[index] = -1
        self._chunk *= FIRST
