"""First layer: the second affine map of a network at many points, from the sorted kinks of its first layer.

In the integers of `fixed_point` neuron k of the first layer is rho(a_k p + b_k q) at the point p/q, active
on the right of its kink if a_k > 0 and on the left if a_k < 0.  An output that gives it the weight w_k
changes its slope by |a_k| w_k there and its intercept by sign(a_k) b_k w_k.  So running sums over the sorted
kinks give all outputs at all points, in N log N operations instead of N^2.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.carried import Carried, IntegerArray, carried, constant, product, total
from relu_constructions.fixed_point import Neuron, Program, affine
from relu_constructions.kink_points import Places

Indices = npt.NDArray[np.intp]


class Sums(NamedTuple):
    """One output: the ranks of the kinks that it reads, and running sums over these in increasing order.

    `gates` is what the kinks add to the slope on their left to make it that of D(Phi), times the denominator
    of the conventions.
    """

    ranks: Indices
    slopes: IntegerArray
    intercepts: IntegerArray
    gates: IntegerArray


class FirstLayer(NamedTuple):
    """The sorted kinks of the first layer, and the outputs of the second affine map.

    Attributes
    ----------
    keys : array of int
        The floors of the kinks times 2^bits, which are equal only for equal kinks.
    bits : int
    neurons : array of int
        The neurons in the order of their kinks.
    size : int
        The number of neurons of the layer, those without a kink included.
    shared : int
        The common denominator of the conventions of the layer.
    outputs : list of Sums
    """

    keys: IntegerArray
    bits: int
    neurons: Indices
    size: int
    shared: int
    outputs: list[Sums]


class Rows(NamedTuple):
    """What every neuron carries at some points: its value, its slopes on both sides, and that of D(Phi)."""

    values: list[Carried]
    left: list[Carried]
    right: list[Carried]
    slopes: list[Carried]


class Zeros(NamedTuple):
    """Where a layer has preactivations that are zero at a point, but not around it.

    Attributes
    ----------
    isolated : array of bool
        For each point, whether it has one.
    neurons : array of bool
        For each neuron, whether it has one at some point.
    """

    isolated: npt.NDArray[np.bool_]
    neurons: npt.NDArray[np.bool_]


def read_first_layer(program: Program, points: Places, conventions: Sequence[Fraction]) -> FirstLayer:
    """Sort the kinks of the first layer, and sum up what every output of the second affine map reads.

    Parameters
    ----------
    program : Program
        Of a network with one input and a hidden layer.
    points : Places
        All points at which it will be evaluated.
    conventions : sequence of Fraction
        The convention of each neuron of the first layer.

    Examples
    --------
    >>> from relu_constructions.fixed_point import compiled
    >>> from relu_constructions.parametrization import Parametrization
    >>> tent = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> read_first_layer(compiled(tent), Places.of([Fraction(0)]), [Fraction(0)] * 2).outputs[0].slopes
    array([ 0,  1, -1])
    """
    a, b = (affine(program.layers[0], direction) for direction in ([1, 0], [0, 1]))
    bent = [k for k, factor in enumerate(a) if factor]
    lengths = [a[k].bit_length() for k in bent] + [q.bit_length() for q in set(points.Q.tolist())]
    bits = 2 * max(lengths, default=1)
    keys = {k: (-b[k] << bits) // a[k] for k in bent}
    order = sorted(bent, key=lambda k: keys[k])
    shared = math.lcm(*(c.denominator for c in conventions))
    gates = [
        int(c * shared) - (shared if factor < 0 else 0) for c, factor in zip(conventions, a, strict=True)
    ]
    ranks = {k: rank for rank, k in enumerate(order)}
    lines = [*zip(a, b, strict=True), (0, 1)]
    outputs = [_sums(neuron, lines, gates, ranks) for neuron in program.layers[1]]
    sorted_keys = carried(np.array([keys[k] for k in order], dtype=object)).integers
    return FirstLayer(sorted_keys, bits, np.array(order, dtype=np.intp), len(a), shared, outputs)


def _sums(neuron: Neuron, lines: list[tuple[int, int]], gates: list[int], ranks: dict[int, int]) -> Sums:
    """Start far on the left, where the neurons with negative a are active, and pass the kinks in order."""
    slope = intercept = 0
    passed: list[tuple[int, int, int, int]] = []
    for k, factor, shift in zip(*neuron, strict=True):
        (a, b), weight = lines[k], factor << shift
        if a < 0:
            slope, intercept = slope + weight * a, intercept + weight * b
        if a:
            jump = weight if a > 0 else -weight
            passed.append((ranks[k], jump * a, jump * b, weight * a * gates[k]))
        else:
            intercept += weight * max(b, 0)
    passed.sort()
    columns = list(zip(*passed, strict=True)) or [()] * 4
    sums = (_running(*pair) for pair in zip((slope, intercept, 0), columns[1:], strict=True))
    return Sums(np.array(columns[0], dtype=np.intp), *sums)


def _running(start: int, steps: tuple[int, ...]) -> IntegerArray:
    return carried(np.array(list(itertools.accumulate(steps, initial=start)), dtype=object)).integers


def second_map(first: FirstLayer, points: Places) -> tuple[Rows, Carried, Zeros]:
    """Return what the second affine map carries at some of the points, and the denominator of its D(Phi).

    Examples
    --------
    >>> from relu_constructions.fixed_point import compiled
    >>> from relu_constructions.parametrization import Parametrization
    >>> tent = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> points = Places.of([Fraction(0), Fraction(1, 3), Fraction(1, 2)])
    >>> first = read_first_layer(compiled(tent), points, [Fraction(1, 2)] * 2)
    >>> rows, denominator, zeros = second_map(first, points)
    >>> rows.left[0].integers, rows.right[0].integers, rows.slopes[0].integers, denominator.integers
    (array([0, 1, 1]), array([ 1,  1, -1]), array([1, 1, 0]), array([2, 1, 2]))
    >>> zeros.isolated, zeros.neurons
    (array([ True, False,  True]), array([ True,  True]))
    """
    X, Q = carried(points.X), carried(points.Q)
    keys = carried((points.X.astype(object) << first.bits) // points.Q.astype(object)).integers
    before, after = (np.searchsorted(first.keys, keys, side) for side in ("left", "right"))
    zero = after > before
    one = carried(np.where(zero, constant(first.shared), 1))
    rows = Rows([], [], [], [])
    for output in first.outputs:
        start, stop = (np.searchsorted(output.ranks, count) for count in (before, after))
        left, right, intercept = (
            carried(part) for part in (output.slopes[start], output.slopes[stop], output.intercepts[start])
        )
        rows.values.append(total(product(left, X), product(intercept, Q)))
        rows.left.append(left)
        rows.right.append(right)
        passed, reached = carried(-output.gates[start]), carried(output.gates[stop])
        rows.slopes.append(total(product(left, one), total(reached, passed)))
    return rows, one, Zeros(zero, _met(first, before, after))


def _met(first: FirstLayer, before: Indices, after: Indices) -> npt.NDArray[np.bool_]:
    """For each neuron, whether its kink is one of those passed last, but not first, at some point."""
    count = len(first.keys)
    opened, closed = (np.bincount(ranks, minlength=count + 1) for ranks in (before, after))
    neurons = np.zeros(first.size, dtype=bool)
    neurons[first.neurons] = np.cumsum(opened - closed)[:count] > 0
    return neurons
