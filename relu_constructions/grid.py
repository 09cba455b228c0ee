"""Exact pieces on a common grid, in int64: the fast kernel.

Breakpoints are integers X over one denominator Q, the values of a neuron are integers V over one
denominator S of its own.  Every product and sum is bounded beforehand, in Python integers, from the largest
entries that are really there; if a bound exceeds `LIMIT` the kernel raises `OffGrid` before the operation,
and nothing wraps.
Networks whose kinks lie on a coarse grid (all foldings) stay inside; others go to `projective`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.layer import Layer, Row

Integers = npt.NDArray[np.int64]
LIMIT = 2**61
"""No integer of the kernel exceeds this in absolute value; sums of two fit in int64."""


class OffGrid(ValueError):  # noqa: N818 - a refusal, named as one
    """The common grid would need integers beyond int64."""


class TooManyPieces(ValueError):  # noqa: N818 - a refusal, named as one
    """The number of pieces exceeds the limit that was set."""


class Values(NamedTuple):
    """The values of one neuron at all breakpoints: numerators, all in [low, high], over one denominator."""

    numerators: Integers
    denominator: int
    low: int
    high: int

    @property
    def largest(self) -> int:
        """A bound of the absolute values of the numerators."""
        return max(self.high, -self.low)


class Crossings(NamedTuple):
    """New breakpoints: after breakpoint `after`, at the fraction part/parts of the way to the next.

    `everywhere` says that there is exactly one in every interval, in order; slices then serve for indices.
    """

    after: npt.NDArray[np.intp]
    part: Integers | int
    parts: Integers | int
    everywhere: bool = False


def grid_pieces(
    layers: tuple[Layer, ...],
    domain: tuple[Any, Any],
    max_pieces: int,
    progress: Callable[[int, int], None] | None = None,
    begun: tuple[Values, list[Values]] | None = None,
) -> tuple[Values, Values]:
    """Return the breakpoints and the values there of a network with one input and one output.

    Parameters
    ----------
    layers : tuple of Layer
    domain : (Fraction, Fraction)
    max_pieces : int
    progress : callable, optional
        Called with the number of the layer and the number of breakpoints.
    begun : (Values, list of Values), optional
        The breakpoints of the first hidden layer and the values of the second affine map there, if they are
        known already.

    Returns
    -------
    x, y : Values
        Numerators over one denominator each.  Every kink of every neuron inside the domain is a breakpoint.

    Raises
    ------
    OffGrid
        Before any integer would exceed `LIMIT`.
    TooManyPieces
        Before more than `max_pieces` pieces are stored.

    Examples
    --------
    >>> from fractions import Fraction
    >>> tent = (Layer([[1], [1]], [0, "-1/2"]), Layer([[2, -4]], [0]))
    >>> x, y = grid_pieces(tent, (Fraction(0), Fraction(1)), 100)
    >>> x.numerators, x.denominator, y.numerators, y.denominator
    (array([0, 1, 2]), 2, array([0, 1, 0]), 1)
    """
    x = _domain(*domain)
    values = [x]
    if begun is not None:
        x, values = begun
    for index, layer in enumerate(layers, start=1):
        if begun is None or index > 2:
            values = [_affine(row, values, len(x.numerators)) for row in layer.rows]
        if index < len(layers) and (begun is None or index > 1):
            x, values = _refine(x, values, max_pieces)
            values = [_relu(v) for v in values]
        if progress is not None:
            progress(index, len(x.numerators))
    return x, values[0]


def _domain(lo: Any, hi: Any) -> Values:
    denominator = math.lcm(lo.denominator, hi.denominator)
    ends = [int(lo * denominator), int(hi * denominator)]
    _demand(max(map(abs, (*ends, denominator))))
    return Values(np.array(ends, dtype=np.int64), denominator, *ends)


def _demand(largest: int) -> None:
    """Refuse to go on when an integer could exceed the limit."""
    if largest > LIMIT:
        raise OffGrid(f"the grid needs integers of {largest.bit_length()} bits, int64 has room for 61")


def _affine(row: Row, values: list[Values], size: int) -> Values:
    """One neuron before the ReLU: sum of coefficient * V over one denominator."""
    inputs = [values[j] for j in row.columns]
    shared = math.lcm(*(v.denominator for v in inputs))
    factors = [n * (shared // v.denominator) for n, v in zip(row.numerators, inputs, strict=True)]
    bias, denominator = row.bias * shared, row.denominator * shared
    common = math.gcd(denominator, bias, *factors)
    factors, bias, denominator = [f // common for f in factors], bias // common, denominator // common
    _demand(abs(bias) + sum(abs(f) * v.largest for f, v in zip(factors, inputs, strict=True)))
    _demand(max((abs(f) for f in factors), default=0))
    numerators = _combination(factors, [v.numerators for v in inputs], bias, size)
    return Values(numerators, denominator, int(numerators.min()), int(numerators.max()))


def _combination(factors: list[int], arrays: list[Integers], bias: int, size: int) -> Integers:
    total = np.full(size, bias, dtype=np.int64) if not arrays else _times(factors[0], arrays[0])
    for factor, array in zip(factors[1:], arrays[1:], strict=True):
        if factor == 1:
            total += array
        elif factor == -1:
            total -= array
        else:
            total += array * np.int64(factor)
    if bias and arrays:
        total += np.int64(bias)
    return total


def _times(factor: int, array: Integers) -> Integers:
    return array.copy() if factor == 1 else array * np.int64(factor)


def _relu(v: Values) -> Values:
    if v.low >= 0:
        return v
    np.maximum(v.numerators, 0, out=v.numerators)
    return v._replace(low=0, high=max(v.high, 0))


def _refine(x: Values, values: list[Values], max_pieces: int) -> tuple[Values, list[Values]]:
    """Insert every sign change of every neuron as a breakpoint."""
    found = [crossing for v in values if (crossing := _sign_changes(v)) is not None]
    if not found:
        return x, values
    crossings = found[0] if len(found) == 1 else _merged(x, found)
    if len(x.numerators) + len(crossings.after) - 1 > max_pieces:
        raise TooManyPieces(f"the network has more than {max_pieces} pieces")
    x_new, *values_new = (_inserted(v, crossings) for v in (x, *values))
    return x_new, values_new


def _sign_changes(v: Values) -> Crossings | None:
    """The intervals on which a neuron changes sign, and where it vanishes there, in lowest terms."""
    if v.low >= 0 or v.high <= 0:
        return None
    negative, positive = v.numerators < 0, v.numerators > 0
    after = np.flatnonzero((negative[:-1] & positive[1:]) | (positive[:-1] & negative[1:]))
    if not len(after):
        return None
    everywhere = len(after) == len(v.numerators) - 1
    here = Crossings(after, 1, 2, everywhere)
    part, rest = np.abs(_at(v.numerators, here, 0)), np.abs(_at(v.numerators, here, 1))
    if np.array_equal(part, rest):
        return here
    common = np.gcd(part, rest)
    part //= common
    rest //= common
    return Crossings(after, part, part + rest, everywhere)


def _at(array: Integers, crossings: Crossings, offset: int) -> Integers:
    """The entries at the left (offset 0) or right (1) ends of the intervals with a crossing."""
    if crossings.everywhere:
        return array[offset : len(array) - 1 + offset]
    return array[crossings.after + offset]


def _merged(x: Values, found: list[Crossings]) -> Crossings:
    """Sort the crossings of several neurons and drop repetitions; positions are compared as integers."""
    after = np.concatenate([c.after for c in found])
    part, parts = (
        np.concatenate([np.broadcast_to(np.int64(getattr(c, name)), c.after.shape) for c in found])
        for name in ("part", "parts")
    )
    steps = np.diff(x.numerators)[after]
    factor = _factor(parts, steps)
    _demand(x.largest * factor)
    position = x.numerators[after] * factor + (steps * factor) // parts * part
    _, first = np.unique(position, return_index=True)
    return Crossings(after[first], part[first], parts[first])


def _factor(parts: Integers | int, steps: Integers) -> int:
    """The least factor that makes every step divisible by its number of parts."""
    if isinstance(parts, int) and parts == 2:
        return 1 + int(np.bitwise_or.reduce(steps) & 1)
    reduced = parts // np.gcd(parts, steps)
    lowest, highest = int(reduced.min()), int(reduced.max())
    if lowest == highest:
        return lowest
    factor = 1
    for value in np.unique(reduced):
        factor = math.lcm(factor, int(value))
        _demand(factor)
    return factor


def _inserted(v: Values, crossings: Crossings) -> Values:
    """Insert the values at the crossings, on a finer scale if that is needed."""
    part, parts = crossings.part, crossings.parts
    left = _at(v.numerators, crossings, 0)
    steps = _at(v.numerators, crossings, 1) - left
    factor = _factor(parts, steps)
    _demand(2 * v.largest * factor)
    if factor > 1:
        v = Values(v.numerators * np.int64(factor), v.denominator * factor, v.low * factor, v.high * factor)
        left = _at(v.numerators, crossings, 0)
        steps *= factor
    steps //= parts
    if not isinstance(part, int) or part > 1:
        steps *= part
    steps += left
    return v._replace(numerators=_interleaved(v.numerators, crossings, steps))


def _interleaved(old: Integers, crossings: Crossings, new: Integers) -> Integers:
    out = np.empty(len(old) + len(new), dtype=np.int64)
    if crossings.everywhere:
        out[0::2], out[1::2] = old, new
        return out
    places = crossings.after + np.arange(1, len(new) + 1)
    kept = np.ones(len(out), dtype=bool)
    kept[places] = False
    out[kept], out[places] = old, new
    return out
