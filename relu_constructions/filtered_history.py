"""Filtered history: which neurons are active on which interval, and exact numbers from that alone.

The layers split an interval into finer and finer partitions.  On an interval of partition k, every neuron of
the first k hidden layers is positive, or none of its values are; the pattern of active neurons is known, so
the affine functions that the neurons are there can be computed exactly, without any point: `germ`.  A
breakpoint that layer k found is the zero of one of its neurons on an interval of partition k - 1.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

import flint
import numpy as np
import numpy.typing as npt

from relu_constructions.filtered_layers import FilterFailed, Indices
from relu_constructions.layer import Layer

Mask = npt.NDArray[np.bool_]
MAX_GERMS = 2**14
"""So many exact functions are remembered."""


class Integers(NamedTuple):
    """A layer over one denominator: its weights, and its biases."""

    weights: flint.fmpz_mat
    biases: list[int]
    denominator: int


class Germ(NamedTuple):
    """Affine functions (slope x + intercept)/denominator, one a row: a matrix of two columns."""

    functions: flint.fmpz_mat
    denominator: int


class Births(NamedTuple):
    """Where breakpoints come from: layer, neuron and interval of the partition before; layer 0 is the domain.

    An end of the domain has the number 0 or 1 as its neuron.
    """

    layer: Indices
    neuron: Indices
    interval: Indices

    def at(self, place: int) -> tuple[int, int, int]:
        """Return layer, neuron and interval of one breakpoint.

        Examples
        --------
        >>> Births(*(np.array([0, 0]), np.array([0, 1]), np.array([0, 0]))).at(1)
        (0, 1, 0)
        """
        return int(self.layer[place]), int(self.neuron[place]), int(self.interval[place])


class History:
    """The patterns of activity, and the exact functions and numbers that follow from them.

    Attributes
    ----------
    active : list of arrays
        `active[k][i, q]`: whether neuron i of hidden layer k + 1 is active on interval q of partition k + 1.
    parents : list of arrays
        `parents[k][q]`: the interval of partition k that contains interval q of partition k + 1.
    decisions : int
        How many signs were decided exactly.
    """

    def __init__(self, layers: tuple[Layer, ...], ends: tuple[Fraction, Fraction]) -> None:
        self.layers, self.ends = layers, ends
        self.active: list[Mask] = []
        self.parents: list[Indices] = []
        self.decisions = 0
        self._integers: dict[int, Integers] = {}
        self._germs: dict[tuple[int, int], Germ] = {}
        self._zeros: dict[tuple[int, int, int], Fraction] = {}

    def count(self, decisions: int, breakpoints: int) -> None:
        """Count exact decisions before they are made.

        Raises
        ------
        FilterFailed
            If they are so many that the exact kernel is as good.

        Examples
        --------
        >>> History((), (Fraction(0), Fraction(1))).count(2, 1)
        """
        self.decisions += decisions
        if self.decisions > 1000 + 4 * breakpoints:
            raise FilterFailed(
                f"float64 leaves {self.decisions} signs undecided at {breakpoints} breakpoints"
            )

    def lineage(self, level: int, intervals: Indices) -> list[Indices]:
        """Return the intervals of the partitions 1, ..., level that contain the given ones of the last.

        Examples
        --------
        >>> history = History((), (Fraction(0), Fraction(1)))
        >>> history.parents += [np.array([0, 0]), np.array([0, 1, 1])]
        >>> history.lineage(2, np.array([2]))
        [array([1]), array([2])]
        """
        found = [intervals]
        for k in range(level - 1, 0, -1):
            found.append(self.parents[k][found[-1]])
        return found[::-1] if level else []

    def germ(self, level: int, interval: int) -> Germ:
        """Return the neurons of a hidden layer, after the ReLU, on an interval of its partition.

        Level 0 is the input, on the domain.

        Examples
        --------
        >>> History((), (Fraction(0), Fraction(1))).germ(0, 0)
        Germ(functions=[1, 0], denominator=1)
        """
        if level == 0:
            return Germ(flint.fmpz_mat(1, 2, [1, 0]), 1)
        if (level, interval) not in self._germs:
            if len(self._germs) > MAX_GERMS:
                self._germs.clear()
            below = self.germ(level - 1, int(self.parents[level - 1][interval]))
            mask = self.active[level - 1][:, interval]
            self._germs[level, interval] = self._masked(level, below, mask)
        return self._germs[level, interval]

    def _masked(self, level: int, below: Germ, mask: Mask) -> Germ:
        layer = self._layer(level)
        entries = (layer.weights * below.functions).entries()
        for i, active in enumerate(mask.tolist()):
            if active:
                entries[2 * i + 1] += layer.biases[i] * below.denominator
            else:
                entries[2 * i] = entries[2 * i + 1] = flint.fmpz(0)
        functions = flint.fmpz_mat(len(mask), 2, entries)
        return Germ(functions, below.denominator * layer.denominator)

    def _layer(self, level: int) -> Integers:
        if level not in self._integers:
            rows, inputs = self.layers[level - 1].rows, self.layers[level - 1].inputs
            shared = math.lcm(*(row.denominator for row in rows))
            entries = [0] * (len(rows) * inputs)
            for i, row in enumerate(rows):
                factor = shared // row.denominator
                for j, numerator in zip(row.columns, row.numerators, strict=True):
                    entries[i * inputs + j] = numerator * factor
            biases = [row.bias * (shared // row.denominator) for row in rows]
            self._integers[level] = Integers(flint.fmpz_mat(len(rows), inputs, entries), biases, shared)
        return self._integers[level]

    def function(self, layer: int, neuron: int, interval: int) -> tuple[int, int, int]:
        """Return slope, intercept and denominator of a neuron before the ReLU, on an interval before it.

        Examples
        --------
        >>> History((Layer([["1/2"]], [3]),), (Fraction(0), Fraction(1))).function(1, 0, 0)
        (1, 6, 2)
        """
        below = self.germ(layer - 1, interval)
        row = self.layers[layer - 1].rows[neuron]
        slope, intercept = 0, row.bias * below.denominator
        for j, numerator in zip(row.columns, row.numerators, strict=True):
            slope += numerator * int(below.functions[j, 0])
            intercept += numerator * int(below.functions[j, 1])
        return slope, intercept, row.denominator * below.denominator

    def zero(self, layer: int, neuron: int, interval: int) -> Fraction:
        """Return the zero of a neuron that changes sign on an interval; for layer 0, an end of the domain.

        Examples
        --------
        >>> history = History((Layer([[2]], [-1]),), (Fraction(0), Fraction(1)))
        >>> history.zero(1, 0, 0), history.zero(0, 1, 0)
        (Fraction(1, 2), Fraction(1, 1))
        """
        if layer == 0:
            return self.ends[neuron]
        if (layer, neuron, interval) not in self._zeros:
            slope, intercept, _ = self.function(layer, neuron, interval)
            self._zeros[layer, neuron, interval] = Fraction(-intercept, slope)
        return self._zeros[layer, neuron, interval]

    def sign(self, layer: int, neuron: int, interval: int, x: Fraction) -> int:
        """Return the sign of a neuron before the ReLU at a point of an interval.

        Examples
        --------
        >>> History((Layer([[2]], [-1]),), (Fraction(0), Fraction(1))).sign(1, 0, 0, Fraction(1, 2))
        0
        """
        slope, intercept, _ = self.function(layer, neuron, interval)
        value = slope * x.numerator + intercept * x.denominator
        return (value > 0) - (value < 0)
