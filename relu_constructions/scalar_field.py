"""Scalar fields: bounds of an expression on a box, by a Taylor polynomial of degree 2 or by its corners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb

from relu_constructions.ball_arithmetic import REAL, Undefined
from relu_constructions.balls import ball, ball_of, undefined, working
from relu_constructions.box import Box
from relu_constructions.exact import shown, to_fraction
from relu_constructions.jets import JETS, LENGTH, Jet, coordinates, to_jet
from relu_constructions.nodes import Node
from relu_constructions.program import Program

Point = tuple[Fraction, ...]


class Bounds(NamedTuple):
    """What is known of a function on a cell.

    Attributes
    ----------
    lower, upper : arb
        Exact; no value is below or above.
    attained : tuple of arb
        Enclosures of values at some points of the cell.
    """

    lower: arb
    upper: arb
    attained: tuple[arb, ...]


class ScalarField:
    """An expression in some variables, to be bounded on boxes.

    Parameters
    ----------
    node : Node
    dimension : int

    Examples
    --------
    >>> from relu_constructions.nodes import function, variable
    >>> bounds = ScalarField(function("exp", variable(0)), 1).bounds(((Fraction(0), Fraction(1)),), 64)
    >>> bounds.lower
    1.00000000000000
    """

    def __init__(self, node: Node, dimension: int) -> None:
        self.node = node
        self.program = Program(node, dimension)

    def value(self, point: Point, bits: int) -> arb:
        """Enclose the value at a point; not finite where it may be undefined."""
        with working(bits):
            try:
                found: arb = self.program.run(REAL, [ball(x) for x in point])
            except Undefined:
                return undefined()
            return found

    def jet(self, sides: Sequence[arb], bits: int) -> Jet | None:
        """Enclose value, gradient and Hessian on balls; None where the function may be singular."""
        with working(bits, LENGTH):
            try:
                return to_jet(self.program.run(JETS, coordinates(sides)))
            except Undefined:
                return None

    def bounds(self, cell: Box, bits: int) -> Bounds | None:
        """Bound the function on a cell; None where that needs a smaller cell or more bits.

        Where a partial derivative has one sign, only the faces with the least and the greatest values count.
        """
        with working(bits):
            wide = self.jet([ball_of(lo, hi) for lo, hi in cell], bits)
            if wide is None or not _finite(wide):
                return None
            low, high = faces(wide, cell)
            below = self._expanded(low, wide, bits)
            above = below if low == high else self._expanded(high, wide, bits)
            if below is None or above is None:
                return None
            return Bounds(below[1].lower(), above[1].upper(), (below[0], above[0]))

    def _expanded(self, face: Box, wide: Jet, bits: int) -> tuple[arb, arb] | None:
        """The value in the middle of a face, and a ball that contains all values on it."""
        thin = self.jet([ball((lo + hi) / 2) for lo, hi in face], bits)
        return (thin.value, _taylor(thin, wide, face)) if thin is not None and _finite(thin) else None


def faces(wide: Jet, cell: Box) -> tuple[Box, Box]:
    """Return the parts of a cell where the least and the greatest value are, by the signs of the gradient.

    Examples
    --------
    >>> unit = (Fraction(0), Fraction(1))
    >>> low, high = faces(Jet(arb(0), {0: arb(0, 1), 1: arb(-1)}, {}), (unit, unit))
    >>> low == (unit, (1, 1)), high == (unit, (0, 0))
    (True, True)
    """
    low, high = [], []
    for j, (lo, hi) in enumerate(cell):
        slope = wide.gradient.get(j, arb(0))
        first, last = ((lo, lo), (hi, hi)) if slope >= 0 else ((hi, hi), (lo, lo))
        decided = slope >= 0 or slope <= 0
        low.append(first if decided else (lo, hi))
        high.append(last if decided else (lo, hi))
    return tuple(low), tuple(high)


def monotone_ends(wide: Jet, cell: Box) -> tuple[Point, Point] | None:
    """Return the corners with the least and the greatest value, if the gradient has constant signs.

    Examples
    --------
    >>> side = (Fraction(0), Fraction(1))
    >>> monotone_ends(Jet(arb(0), {1: arb(-1)}, {}), (side, side))[0] == (0, 1)
    True
    """
    low, high = faces(wide, cell)
    if any(lo < hi for lo, hi in low):
        return None
    return tuple(lo for lo, _ in low), tuple(lo for lo, _ in high)


def _taylor(thin: Jet, wide: Jet, face: Box) -> arb:
    """f(m) + Df(m) h + h DDf(x) h / 2 over all h in the face minus m and all x in the face."""
    radii = [(hi - lo) / 2 for lo, hi in face]
    steps = {j: ball_of(-r, r) for j, r in enumerate(radii) if r}
    hull = thin.value
    for j in steps.keys() & thin.gradient.keys():
        hull = hull + thin.gradient[j] * steps[j]
    for (i, j), second in wide.hessian.items():
        if i == j and i in steps:
            hull = hull + second * ball_of(Fraction(0), radii[i] ** 2) / 2
        elif i in steps and j in steps:
            hull = hull + second * steps[i] * steps[j]
    return hull


def to_point(given: Any, dimension: int) -> Point:
    """Read a point; a single number will do for one variable.

    Examples
    --------
    >>> to_point("1/2", 1), to_point((1, 2), 2)
    ((Fraction(1, 2),), (Fraction(1, 1), Fraction(2, 1)))
    """
    alone = isinstance(given, str) or not hasattr(given, "__len__")
    listed = [given] if alone else given
    if len(listed) != dimension:
        raise ValueError(f"a point must have {dimension} coordinates, got {given!r:.60}")
    return tuple(to_fraction(x, "a coordinate") for x in listed)


def shown_point(
    point: Point, names: Sequence[str], word: Callable[[Fraction], str] = shown, most: int = 6
) -> str:
    """Write a point for a message.

    Examples
    --------
    >>> shown_point((Fraction(1, 2), Fraction(3)), ["x", "y"])
    'x = 1/2, y = 3'
    """
    pairs = [f"{name} = {word(x)}" for name, x in zip(names, point, strict=True)]
    return ", ".join(pairs if len(pairs) <= most else [*pairs[: most - 1], "..."])


def _finite(jet: Jet) -> bool:
    numbers = [jet.value, *jet.gradient.values(), *jet.hessian.values()]
    return all(number.is_finite() for number in numbers)
