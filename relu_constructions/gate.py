"""Gate: what a circuit is made of, and the values that its output takes.

A gate is the square F(u) = B^2 f_m(|u|/B), the product F(|u + v|/2) - F(|u - v|/2) of two such squares, the
fold h_m(|u|) into [0, 1], which is exact, or a scaling 4^m u; a scaling with m = 0 gives a form a wire of its
own, and occupies no layer.  An assumption is such a name, too, and says where the values lie; that has to be
proved by whoever makes it, and the general bounds refuse it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.form import Form
from relu_constructions.rounding import Interval, outwards

EXACT = ("scaling", "fold", "assumption")
"""The kinds of gates that add no error."""


class Gate(NamedTuple):
    """One gate.

    Attributes
    ----------
    kind : {"square", "product", "scaling", "fold", "assumption"}
    arguments : tuple of Form
        With values in [-1, 1], but for a scaling.
    m : int
        The levels of folding; for a scaling the number of factors 4.
    bound : Fraction
        B: the arguments lie in [-B, B].
    reach : tuple of Interval
        The values that the arguments take in the network.
    range : Interval
        The values that the output takes in the network, at most.
    """

    kind: str
    arguments: tuple[Form, ...]
    m: int
    bound: Fraction
    reach: tuple[Interval, ...]
    range: Interval

    @property
    def eta(self) -> Fraction:
        """The error 2^-m of the slopes of f_m."""
        return Fraction(1, 2**self.m)

    @property
    def delta(self) -> Fraction:
        """The error 4^-(m+1) of f_m."""
        return Fraction(1, 4 ** (self.m + 1))

    @property
    def is_exact(self) -> bool:
        """Whether the gate adds no error."""
        return self.kind in EXACT

    @property
    def is_name(self) -> bool:
        """Whether the gate only gives a form a wire of its own."""
        return self.kind == "assumption" or (self.kind == "scaling" and self.m == 0)


def gate_range(gate: Gate) -> Interval:
    """Enclose the output of a gate, given the reach of its arguments.

    Examples
    --------
    >>> side = Fraction(0), Fraction(1)
    >>> gate = Gate("square", (Form.of_wire(0),), 3, Fraction(1), (side,), side)
    >>> gate_range(gate)
    (Fraction(0, 1), Fraction(1, 1))
    """
    return _RANGES[gate.kind](gate)


def square_ends(gate: Gate) -> tuple[Interval, Interval]:
    """Enclose the square at the two ends of its reach: t^2 <= F(t) <= min(t^2 + B^2 delta, B |t|)."""
    ((lo, hi),) = gate.reach

    def at(t: Fraction) -> Interval:
        return t**2, min(t**2 + gate.bound**2 * gate.delta, gate.bound * abs(t))

    return at(lo), at(hi)


def _square_range(gate: Gate) -> Interval:
    """F is convex and increasing on [0, B], between t^2 and min(t^2 + B^2 delta, B t)."""
    ((lo, hi),) = gate.reach
    largest, least = max(-lo, hi), max(lo, -hi, Fraction(0))
    return outwards(least**2, min(largest**2 + gate.bound**2 * gate.delta, gate.bound * largest))


def _product_range(gate: Gate) -> Interval:
    """P differs from u v by at most B^2 delta, |P| <= B min(|u|, |v|), and P has the sign of u v."""
    corners = [a * b for a in gate.reach[0] for b in gate.reach[1]]
    error = gate.bound**2 * gate.delta
    lo, hi = partial_range(gate)
    return outwards(max(min(corners) - error, lo), min(max(corners) + error, hi))


def partial_range(gate: Gate) -> Interval:
    """Enclose what a gate has summed up after any number of its levels.

    The partial sums a of the square are convex and increasing on [0, B], from 0 to at most B^2, and slopes
    at mirrored places add up to at most 2 B; so |a(|u + v|/2) - a(|u - v|/2)| <= B min(|u|, |v|), with the
    sign of u v (`proofs/product.py`).
    """
    sizes = [max(-lo, hi) for lo, hi in gate.reach]
    largest = gate.bound * min(sizes)
    if gate.kind == "square":
        return Fraction(0), largest
    (a, b), (c, d) = gate.reach
    if (a >= 0 and c >= 0) or (b <= 0 and d <= 0):
        return Fraction(0), largest
    if (a >= 0 and d <= 0) or (b <= 0 and c >= 0):
        return -largest, Fraction(0)
    return -largest, largest


def _scaling_range(gate: Gate) -> Interval:
    ((lo, hi),) = gate.reach
    return lo * 4**gate.m, hi * 4**gate.m


def _fold_range(gate: Gate) -> Interval:
    """|u| without folds; h_m reaches 1 at 2^-m, before that it is 2^m |u|."""
    ((lo, hi),) = gate.reach
    largest, least = max(-lo, hi), max(lo, -hi, Fraction(0))
    if largest * 2**gate.m <= 1:
        return least * 2**gate.m, largest * 2**gate.m
    return Fraction(0), Fraction(1)


_RANGES: Mapping[str, Callable[[Gate], Interval]] = {
    "square": _square_range,
    "product": _product_range,
    "scaling": _scaling_range,
    "fold": _fold_range,
    "assumption": lambda gate: gate.reach[0],
}
