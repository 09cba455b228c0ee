"""The bound of a network that was made of a circuit, and points where its errors are nearly as large.

The upper ends are those of `worst_case`.  The points are found by evaluating the circuit, which is cheap, at
many places in the cells where the bound is largest: they only say where the network itself is evaluated.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.box import Box
from relu_constructions.circuit import Circuit
from relu_constructions.circuit_values import PointErrors, circuit_values, point_errors
from relu_constructions.construction import Bound, Point
from relu_constructions.entrance import behind_folds, preimage
from relu_constructions.exact import shown
from relu_constructions.folding import DerivationRefused
from relu_constructions.parametrization import Parametrization
from relu_constructions.worst_case import Cell, worst_case

SAMPLES = 90
WORK = 40_000_000
KEPT_POINTS = 2
GUARD_BITS = 192
LARGE = 20_000
"""From this connectivity on, the network is evaluated at one point for each error, and not at corners."""


def circuit_bound(phi: Parametrization, circuit: Circuit) -> Bound:
    """Bound the errors of the network of a circuit, which must agree with it at some points.

    Raises
    ------
    DerivationRefused
        If the network and the circuit differ at a point that was tried.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> from relu_constructions.schedule import network
    >>> side = (Fraction(0), Fraction(1))
    >>> wiring = Wiring((side,), 4)
    >>> circuit = wiring.circuit([wiring.square(wiring.inputs[0])])
    >>> circuit_bound(network(circuit), circuit).derivative_error
    Fraction(1, 16)
    """
    found = worst_case(circuit)
    values = _points(circuit, found.value_cells, found.value_peak, largest_value)
    slopes = _points(circuit, found.derivative_cells, found.derivative_peak, largest_slope)
    if phi.connectivity >= LARGE:
        values, slopes, tried = values[:1], slopes[:1], values[:1]
    else:
        tried = (*values, *slopes, *_corners(circuit.domain))
    for point in tried:
        demand_agreement(phi, circuit, point)
    direction = (Fraction(1),) + (Fraction(0),) * (len(circuit.domain) - 1)
    return Bound(
        found.value_error,
        found.derivative_error,
        values,
        tuple((point, direction) for point in slopes),
        0,
    )


def _points(
    circuit: Circuit, cells: tuple[Cell, ...], peak: Point, size: Callable[[PointErrors], Fraction]
) -> tuple[Point, ...]:
    """Points of the box with large errors; behind a single fold they are searched there and brought back."""
    rest, _, sources = behind_folds(circuit)
    if rest is circuit:
        return worst_points(circuit, cells, peak, size)
    if len(circuit.domain) == len(sources) == 1:
        worst = worst_points(rest, cells, peak, size)
        found = tuple((x,) for (z,) in worst if (x := preimage(circuit, sources[0], z)) is not None)
        if found:
            return found
    middle = tuple((lo + hi) / 2 for lo, hi in circuit.domain)
    return worst_points(circuit, (circuit.domain,), middle, size)


def _corners(box: Box) -> Iterator[Point]:
    """The corners of the box, at most eight."""
    return itertools.islice(itertools.product(*box), 8)


def demand_agreement(phi: Parametrization, circuit: Circuit, point: Point) -> None:
    """Refuse a network whose value at a point is not that of its circuit."""
    built = phi(list(point))
    listed = [built] if isinstance(built, Fraction) else list(built)
    if listed != circuit_values(circuit, point):
        raise DerivationRefused(
            f"at {', '.join(map(shown, point))} the network differs from the circuit it was made of"
        )


def largest_value(errors: PointErrors) -> Fraction:
    """Return the largest error of the outputs."""
    return max(map(abs, errors.values))


def largest_slope(errors: PointErrors) -> Fraction:
    """Return the largest error of the partial derivatives."""
    return max(abs(slope) for gradient in errors.gradients for slope in gradient)


def worst_points(
    circuit: Circuit, cells: tuple[Cell, ...], peak: Point, size: Callable[[PointErrors], Fraction]
) -> tuple[Point, ...]:
    """The points with the largest errors among random ones, and among small moves of the best ones."""
    draw = random.Random(len(circuit.gates))
    finest = max((gate.m for gate in circuit.gates), default=1)
    samples = max(6, min(SAMPLES, WORK // ((finest + 200) * (len(circuit.gates) + 1) * 40)))
    best: list[tuple[Fraction, Point]] = []
    places = _Places(circuit.domain, cells, peak, finest)
    for point in places.candidates(draw, samples, best):
        best.append((size(point_errors(circuit, point, 2 * finest + GUARD_BITS)), point))
        best.sort(key=lambda pair: pair[0], reverse=True)
        del best[KEPT_POINTS:]
    return tuple(point for _, point in best)


class _Places(NamedTuple):
    """Where errors are expected to be large."""

    box: Box
    cells: tuple[Cell, ...]
    peak: Point
    finest: int

    def candidates(
        self, draw: random.Random, samples: int, best: list[tuple[Fraction, Point]]
    ) -> Iterator[Point]:
        """Points in the worst cells, points near the peak, and small moves of the best one so far."""
        for count in range(samples):
            if count % 3 == 0:
                yield tuple(_between(draw, side, self.finest + 12) for side in draw.choice(self.cells))
            elif count % 3 == 1:
                yield self._near(draw, self.peak, draw.randint(1, 10))
            else:
                yield self._near(draw, best[0][1], draw.randint(2, self.finest + 6))

    def _near(self, draw: random.Random, around: Point, scale: int) -> Point:
        sides = zip(around, self.box, strict=True)
        return tuple(_moved(draw, x, side, scale, self.finest + 12) for x, side in sides)


def _between(draw: random.Random, side: tuple[Fraction, Fraction], bits: int) -> Fraction:
    lo, hi = side
    return lo + (hi - lo) * Fraction(2 * draw.getrandbits(bits) + 1, 2 ** (bits + 1))


def _moved(
    draw: random.Random, x: Fraction, side: tuple[Fraction, Fraction], scale: int, bits: int
) -> Fraction:
    """A point of the side whose distance from x is at most 2^-scale of its length."""
    lo, hi = side
    step = (hi - lo) * Fraction(2 * draw.getrandbits(bits) + 1, 2 ** (bits + 1 + scale))
    if draw.getrandbits(1):
        step = -step
    return x + step if lo < x + step < hi else x - step if lo < x - step < hi else x
