"""Carried: one integer at each of many points, in int64 wherever that is safe.

Before every operation the largest absolute values that are really there bound all integers that can arise,
in Python integers; within 2^62 the operation is done in int64, else in Python integers.  A network may go
from one to the other and back, neuron by neuron.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.fixed_point import INT64_BOUND, Neuron, affine

IntegerArray = npt.NDArray[Any]
"""Integers, of dtype int64 or object."""


class Carried(NamedTuple):
    """One integer for each point, the largest absolute value; int64 if and only if that is at most 2^62."""

    integers: IntegerArray
    largest: int

    def within(self, bound: int) -> IntegerArray:
        """Return the integers for an operation whose results are within a bound.

        Examples
        --------
        >>> row = carried(np.array([1, -2]))
        >>> row.within(2**62), row.within(2**62 + 1)
        (array([ 1, -2]), array([1, -2], dtype=object))
        """
        return self.integers if bound <= INT64_BOUND else self.integers.astype(object)


def carried(integers: Any) -> Carried:
    """Find the largest absolute value, and take int64 if it is at most 2^62.

    Examples
    --------
    >>> carried(np.array([3, -4], dtype=object)), carried(np.array([2**63], dtype=object)).largest
    (Carried(integers=array([ 3, -4]), largest=4), 9223372036854775808)
    """
    if integers.dtype == object:
        largest = max(map(abs, integers.tolist()), default=0)
    else:
        largest = max(int(integers.max()), -int(integers.min())) if len(integers) else 0
    return Carried(integers.astype(np.int64 if largest <= INT64_BOUND else object, copy=False), largest)


def product(left: Carried, right: Carried) -> Carried:
    """Multiply point by point.

    Examples
    --------
    >>> row = carried(np.array([2**40, -1]))
    >>> product(row, row)
    Carried(integers=array([1208925819614629174706176, 1], dtype=object), largest=1208925819614629174706176)
    """
    bound = left.largest * right.largest
    return carried(left.within(bound) * right.within(bound))


def total(left: Carried, right: Carried) -> Carried:
    """Add point by point.

    Examples
    --------
    >>> total(carried(np.array([1, 2])), carried(np.array([0, -2]))).integers
    array([1, 0])
    """
    bound = left.largest + right.largest
    return carried(left.within(bound) + right.within(bound))


def kept(row: Carried, mask: npt.NDArray[np.bool_]) -> Carried:
    """Put 0 where the mask is false.

    Examples
    --------
    >>> kept(carried(np.array([1, -2])), np.array([True, False]))
    Carried(integers=array([1, 0]), largest=1)
    """
    return carried(np.where(mask, row.integers, 0))


def constant(number: int) -> IntegerArray:
    """Return an array of one integer, in int64 if it fits.

    Examples
    --------
    >>> constant(2**62), constant(2**63)
    (array([4611686018427387904]), array([9223372036854775808], dtype=object))
    """
    return carried(np.array([number], dtype=object)).integers


def affine_rows(neurons: Sequence[Neuron], rows: Sequence[Carried]) -> list[Carried]:
    """Apply one compiled affine map to the integers of the layer below, as `affine` does.

    Every product, its shift and every partial sum are at most the sum of the absolute values of the terms.

    Examples
    --------
    >>> ones = carried(np.array([1, 1]))
    >>> [row.integers for row in affine_rows([Neuron((0, 1), (1, -1), (1, 0))], [ones, ones])]
    [array([1, 1])]
    """
    size = len(rows[-1].integers)
    return [_neuron(neuron, [rows[k] for k in neuron.columns], size) for neuron in neurons]


def _neuron(neuron: Neuron, inputs: list[Carried], size: int) -> Carried:
    if not inputs:
        return Carried(np.zeros(size, dtype=np.int64), 0)
    _, factors, shifts = neuron
    terms = zip(inputs, factors, shifts, strict=True)
    bound = sum(abs(factor) * max(row.largest, 1) << shift for row, factor, shift in terms)
    reading = neuron._replace(columns=tuple(range(len(inputs))))
    return carried(affine([reading], [row.within(bound) for row in inputs])[0])
