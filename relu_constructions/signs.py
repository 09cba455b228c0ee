"""Signs: whether an expression is positive, negative or zero on a box, proved cell by cell.

A strict sign comes from bounds by balls.  That a value is not negative although it may be zero comes from the
structure (a square, a product of such) or from a corner where the least value is exactly zero.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.balls import ball_of
from relu_constructions.box import Box
from relu_constructions.exact_values import exact_value, is_zero
from relu_constructions.nodes import Node, exponent_of
from relu_constructions.ranges import split
from relu_constructions.scalar_field import Point, ScalarField, monotone_ends

ANY = frozenset((-1, 0, 1))
DEPTH_BITS = 36
"""A cell that is so many halvings smaller than the box is not divided further."""

PRECISIONS = (64, 256, 1024, 4096)
MAX_CORNERS = 16
"""At so many corners the sign is tried at first."""

Signs = frozenset[int]


class Finding(NamedTuple):
    """What was found out about the sign of an expression on a box.

    Attributes
    ----------
    signs : frozenset
        Which of -1, 0, 1 may occur; no other occurs.
    zero : Point, optional
        Where the value is zero, or may be.
    exact : bool
        Whether the value there is proved to be zero.
    below, above : Point, optional
        Where the value is proved to be negative and positive.
    """

    signs: Signs
    zero: Point | None = None
    exact: bool = False
    below: Point | None = None
    above: Point | None = None


class Budget:
    """How many operations on balls may still be made.

    Examples
    --------
    >>> Budget(10).spend(4)
    True
    """

    def __init__(self, operations: int) -> None:
        self._left = operations

    def spend(self, operations: int) -> bool:
        """Take some operations; whether there were enough."""
        self._left -= operations
        return self._left >= 0


def signs_of(node: Node, box: Box, strict: bool, budget: Budget) -> Finding:
    """Find out which signs an expression has on a box; it must be defined and continuous there.

    Parameters
    ----------
    node : Node
    box : Box
    strict : bool
        Whether to stop at the first zero.
    budget : Budget

    Examples
    --------
    >>> from relu_constructions.nodes import number, total, variable
    >>> line, unit = total(variable(0), number(Fraction(-1, 3))), (Fraction(0), Fraction(1))
    >>> signs_of(line, (unit,), True, Budget(1000)).zero
    (Fraction(1, 3),)
    """
    structural = structural_signs(node, box)
    if structural == frozenset([0]):
        return Finding(structural, _middle(box), True)
    if 0 not in structural or (not strict and structural != ANY):
        return Finding(structural)
    return _Search(node, box, strict, budget).run()


def structural_signs(node: Node, box: Box) -> Signs:
    """Return signs that an expression can have by its structure; all, where that says nothing.

    Examples
    --------
    >>> from relu_constructions.nodes import number, power, variable
    >>> unit = (Fraction(-1), Fraction(1))
    >>> sorted(structural_signs(power(variable(0), number(2)), (unit,)))
    [0, 1]
    """
    if node.kind == "number":
        return frozenset([_sign(node.parts[0])])
    if node.kind == "variable":
        lo, hi = box[node.parts[0]]
        return frozenset(s for s in ANY if _sign(lo) <= s <= _sign(hi))
    if node.kind in ("pi", "exp", "cosh"):
        return frozenset([1])
    if node.kind in ("log", "sin", "cos", "tan"):
        return ANY
    parts = [structural_signs(part, box) for part in node.parts]
    if node.kind == "sum":
        return _sum(parts)
    if node.kind == "product":
        found = frozenset([1])
        for part in parts:
            found = frozenset(a * b for a in found for b in part)
        return found
    if node.kind == "power":
        return _power(parts[0], exponent_of(node))
    return frozenset(s * s for s in parts[0]) if node.kind == "abs" else parts[0]


def _sum(parts: Sequence[Signs]) -> Signs:
    for s in (1, -1):
        if all(-s not in part for part in parts):
            return frozenset([s]) if any(0 not in part for part in parts) else frozenset([0, s])
    return ANY


def _power(base: Signs, e: Fraction | None) -> Signs:
    if e is None:
        return frozenset([1])
    if e.denominator > 1:
        return base & frozenset([0, 1]) or frozenset([1])
    return frozenset(s * s for s in base) if e % 2 == 0 and e else base if e else frozenset([1])


class _Search:
    """The search on one box, first to the left."""

    def __init__(self, node: Node, box: Box, strict: bool, budget: Budget) -> None:
        self._node, self._box, self._strict, self._budget = node, box, strict, budget
        self._field = ScalarField(node, len(box))
        self._below: Point | None = None
        self._above: Point | None = None
        self._bits = self._enough_bits()

    def run(self) -> Finding:
        """Go through the cells until a zero is found, or a change of sign, or all are done."""
        found: set[int] = set()
        for corner in itertools.islice(itertools.product(*self._box), MAX_CORNERS):
            self._note(corner, self._bits)
        cells = [(self._box, 0)]
        while cells:
            cell, depth = cells.pop()
            signs = self._signs_on(cell, self._bits + 4 * depth)
            if self._below is not None and self._above is not None:
                return self._crossing()
            if signs is None or (self._strict and 0 in signs):
                halves = self._halves(cell)
                zero = self._zero_in(cell) if self._strict or halves is None else None
                if zero is not None or halves is None:
                    return Finding(ANY, zero or _middle(cell), zero is not None, self._below, self._above)
                cells += [(half, depth + 1) for half in reversed(halves)]
            else:
                found |= signs
        return Finding(frozenset(found), None, False, self._below, self._above)

    def _enough_bits(self) -> int:
        """A precision that decides the sign at some point, if there is one."""
        point = tuple(lo + (hi - lo) * Fraction(5, 13) for lo, hi in self._box)
        for bits in PRECISIONS:
            value = self._field.value(point, bits)
            if value > 0 or value < 0:
                return bits
        return PRECISIONS[0]

    def _note(self, point: Point, bits: int) -> None:
        value = self._field.value(point, bits)
        if value < 0:
            self._below = point
        if value > 0:
            self._above = point

    def _halves(self, cell: Box) -> tuple[Box, Box] | None:
        affordable = self._budget.spend(1 + len(self._field.program.steps))
        return split(cell, self._box, DEPTH_BITS) if affordable else None

    def _signs_on(self, cell: Box, bits: int) -> Signs | None:
        bounds = self._field.bounds(cell, bits)
        if bounds is None:
            return None
        if bounds.lower > 0 or bounds.upper < 0:
            self._note(_middle(cell), bits)
            return frozenset([1 if bounds.lower > 0 else -1])
        self._note(_middle(cell), bits)
        return self._touching(cell, bits)

    def _touching(self, cell: Box, bits: int) -> Signs | None:
        """The signs where the least or the greatest value is exactly zero, at a corner."""
        wide = self._field.jet([ball_of(lo, hi) for lo, hi in cell], bits)
        corners = monotone_ends(wide, cell) if wide is not None else None
        if corners is None:
            return None
        least, most = (exact_value(self._node, corner) for corner in corners)
        if least is not None and not least.times_pi and least.rational >= 0:
            return frozenset([0, 1])
        if most is not None and not most.times_pi and most.rational <= 0:
            return frozenset([-1, 0])
        return None

    def _zero_in(self, cell: Box) -> Point | None:
        candidates = [
            tuple(lo for lo, _ in cell),
            tuple(hi for _, hi in cell),
            _middle(cell),
            tuple(simplest(lo, hi) for lo, hi in cell),
        ]
        return next((point for point in candidates if is_zero(self._node, point)), None)

    def _crossing(self) -> Finding:
        """Between a negative and a positive value there is a zero."""
        assert self._below is not None
        assert self._above is not None
        below, above = self._below, self._above
        for _ in range(64):
            middle = tuple((a + b) / 2 for a, b in zip(below, above, strict=True))
            value = self._field.value(middle, 256)
            if value < 0:
                below = middle
            elif value > 0:
                above = middle
            else:
                break
        ends = [(min(a, b), max(a, b)) for a, b in zip(below, above, strict=True)]
        rational = tuple(simplest(lo, hi) for lo, hi in ends)
        zero = next((point for point in (_middle(ends), rational) if is_zero(self._node, point)), None)
        return Finding(ANY, zero or _middle(ends), zero is not None, self._below, self._above)


def simplest(lo: Fraction, hi: Fraction) -> Fraction:
    """Return the fraction with the least denominator in an interval.

    Examples
    --------
    >>> simplest(Fraction("0.333"), Fraction("0.334")), simplest(Fraction(-1), Fraction(2))
    (Fraction(1, 3), Fraction(0, 1))
    """
    if lo <= 0 <= hi:
        return Fraction(0)
    if hi < 0:
        return -simplest(-hi, -lo)
    wholes = []
    while (whole := lo.numerator // lo.denominator) != lo and whole + 1 > hi:
        wholes.append(whole)
        lo, hi = 1 / (hi - whole), 1 / (lo - whole)
    found = Fraction(whole if whole == lo else whole + 1)
    for whole in reversed(wholes):
        found = whole + 1 / found
    return found


def _middle(cell: Sequence[tuple[Fraction, Fraction]]) -> Point:
    return tuple((lo + hi) / 2 for lo, hi in cell)


def _sign(c: Fraction) -> int:
    return (c > 0) - (c < 0)
