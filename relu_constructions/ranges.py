"""Ranges: enclosures of values at points and of ranges on boxes, as tight as asked.

A range is found by bisection, best cell first: on every cell a Taylor form bounds the function, and its value
at some point is attained.  The precision is raised until rounding does not stand in the way.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from flint import arb

from relu_constructions.balls import MAX_PRECISION, ball, enclosure_of, ends, working
from relu_constructions.box import Box, shown_box
from relu_constructions.enclosure import Enclosure
from relu_constructions.scalar_field import Bounds

MAX_CELLS = 20_000
MAX_OPERATIONS = 2_000_000
"""Limits for one search."""

ENOUGH_BITS = 256
"""With so many bits, a tiny cell without finite bounds holds a singularity."""

TINY = Fraction(1, 2**256)
"""A number that may be zero is known well enough when it is known up to this."""


_NUMBERS = itertools.count()
Bound = Callable[[Box, int], Bounds | None]
"""From a cell and a precision to bounds; None where the function may be undefined."""


def sharpened(
    evaluate: Callable[[int], Sequence[arb]], tolerance: Fraction, what: str
) -> tuple[Enclosure, ...]:
    """Evaluate with more and more bits, until every number is known with a relative width.

    Raises
    ------
    ValueError
        If the balls are not finite or too wide at all precisions.

    Examples
    --------
    >>> (found,) = sharpened(lambda bits: [arb(2).sqrt()], Fraction(1, 1000), "sqrt(2)")
    >>> print(found)
    in [1.4142, 1.4143]
    """
    bits, finite = start_bits(tolerance), False
    while bits <= MAX_PRECISION:
        with working(bits):
            found = evaluate(bits)
            if all(number.is_finite() for number in found):
                finite = True
                enclosures = tuple(map(enclosure_of, found))
                if all(_is_tight(e, tolerance) for e in enclosures):
                    return enclosures
        bits *= 2
    missing = "known as well as asked" if finite else "shown to be defined"
    raise ValueError(f"{what} cannot be {missing} with {MAX_PRECISION} bits")


def start_bits(tolerance: Fraction) -> int:
    """Return a precision that is enough for a tolerance, if nothing is lost.

    Examples
    --------
    >>> start_bits(Fraction(1, 2**100))
    133
    """
    return 32 + max(32, (tolerance.denominator // tolerance.numerator).bit_length())


def enclosed_range(bound: Bound, box: Box, tolerance: Fraction, what: str, operations: int = 1) -> Enclosure:
    """Enclose the range of a function on a box, from outside.

    Parameters
    ----------
    bound : callable
        `ScalarField.bounds`.
    box : Box
    tolerance : Fraction
        How much too large the range may be at either end, relative to the largest modulus.
    what : str
        The function, for the message.
    operations : int
        How many operations one bound takes.

    Raises
    ------
    ValueError
        If this takes too many cells or bits.

    Examples
    --------
    >>> from relu_constructions.scalar_field import ScalarField
    >>> from relu_constructions.nodes import function, variable
    >>> sine = ScalarField(function("sin", variable(0)), 1)
    >>> print(enclosed_range(sine.bounds, ((Fraction(0), Fraction(2)),), Fraction(1, 10**9), "sin(x)"))
    in [0, 1.0001]
    """
    bits, most = start_bits(tolerance), min(MAX_CELLS, MAX_OPERATIONS // max(operations, 1))
    while bits <= MAX_PRECISION:
        search = _Search(bound, box, tolerance, bits, most)
        with working(bits):
            found = search.run()
        if found is not None:
            return found
        if search.undefined is not None and bits >= ENOUGH_BITS:
            where = shown_box(search.undefined)
            raise ValueError(
                f"the range of {what} cannot be enclosed: nothing finite is known of it on {where}"
            )
        if search.cells > most:
            raise ValueError(
                f"the range of {what} on {shown_box(box)} needs more than {most} cells; "
                "ask for a larger tolerance"
            )
        bits *= 2
    raise ValueError(f"the range of {what} on {shown_box(box)} cannot be enclosed with {MAX_PRECISION} bits")


class _Search:
    """One search with a fixed precision; the heap holds the cells, the worst one first."""

    def __init__(self, bound: Bound, box: Box, tolerance: Fraction, bits: int, most: int) -> None:
        self.cells, self._most = 0, most
        self.undefined: Box | None = None
        self._bound, self._box, self._bits = bound, box, bits
        self._tolerance = tolerance
        self._heap: list[tuple[arb, int, Box, arb, arb]] = []
        self._open: list[Box] = [box]
        self._attained: list[arb] = []

    def run(self) -> Enclosure | None:
        """Return the range; None if the cells or the bits do not suffice.

        They do not when a value is blurred by more than the tolerance: then no smaller cell would help.
        """
        while self.cells <= self._most:
            if self._open:
                whole = self._enter(self._open.pop())
            else:
                _, _, cell, lower, upper = heapq.heappop(self._heap)
                excess, whole = self._excess(lower, upper), True
                if self._heap and excess < -self._heap[0][0]:
                    self._push(cell, lower, upper)
                elif excess <= self._allowed():
                    self._push(cell, lower, upper)
                    return self._result()
                else:
                    whole = self._split(cell)
            if not whole:
                return None
        return None

    def _enter(self, cell: Box) -> bool:
        self.cells += 1
        bounds = self._bound(cell, self._bits)
        if bounds is None or not all(a.is_finite() for a in (bounds.lower, bounds.upper, *bounds.attained)):
            whole = self._split(cell)
            self.undefined = None if whole else cell
            return whole
        least = _least([*self._attained[:1], *(a.upper() for a in bounds.attained)])
        most = _most([*self._attained[1:], *(a.lower() for a in bounds.attained)])
        self._attained = [least, most]
        self._push(cell, bounds.lower, bounds.upper)
        return all(2 * a.rad() <= self._allowed() for a in bounds.attained)

    def _push(self, cell: Box, lower: arb, upper: arb) -> None:
        heapq.heappush(self._heap, (-self._excess(lower, upper), next(_NUMBERS), cell, lower, upper))

    def _split(self, cell: Box) -> bool:
        halves = split(cell, self._box, self._bits)
        self._open.extend(halves or ())
        return halves is not None

    def _excess(self, lower: arb, upper: arb) -> arb:
        """By how much the bounds exceed what is attained, rounded up."""
        least, most = self._attained
        return _most([(least - lower).upper(), (upper - most).upper()])

    def _allowed(self) -> arb:
        size = _most([abs(end) for end in self._attained])
        return _most([(size * ball(self._tolerance)).lower(), ball(TINY).lower()])

    def _result(self) -> Enclosure:
        lower = _least(entry[3] for entry in self._heap)
        upper = _most(entry[4] for entry in self._heap)
        return Enclosure(ends(lower)[0], ends(upper)[1])


def split(cell: Box, box: Box, bits: int) -> tuple[Box, Box] | None:
    """Halve a cell across its longest side, relative to the box; None if it is too small for the precision.

    Examples
    --------
    >>> side = (Fraction(0), Fraction(1))
    >>> split((side,), (side,), 64)[1]
    ((Fraction(1, 2), Fraction(1, 1)),)
    """
    sizes = [(hi - lo) / (b - a) for (lo, hi), (a, b) in zip(cell, box, strict=True)]
    longest = max(range(len(cell)), key=lambda j: sizes[j])
    if sizes[longest] * 2**bits < 1:
        return None
    lo, hi = cell[longest]
    middle = (lo + hi) / 2
    before, after = cell[:longest], cell[longest + 1 :]
    return (*before, (lo, middle), *after), (*before, (middle, hi), *after)


def _is_tight(e: Enclosure, tolerance: Fraction) -> bool:
    width = e.upper - e.lower
    return width <= tolerance * min(abs(e.lower), abs(e.upper)) or (0 in e and width <= TINY)


def _least(numbers: Iterable[arb]) -> arb:
    """The least of exact balls, which are compared exactly."""
    least, *others = numbers
    for candidate in others:
        if candidate < least:
            least = candidate
    return least


def _most(numbers: Iterable[arb]) -> arb:
    most, *others = numbers
    for candidate in others:
        if candidate > most:
            most = candidate
    return most
