"""Exact evaluation at rational points, by additions, multiplications and shifts of Python integers.

A network is compiled once.  Neuron i of a layer gets a scale (s_i, o_i), o_i odd, that depends on the
parameters alone, and at a point p/q it carries the integer v_i of which v_i / (q 2^s_i o_i) is the value:
dyadic fixed point in which every neuron has a point of its own, and o_i = 1 as long as all parameters are
dyadic.  A layer then reads the integers (v_1, ..., v_N, q), the last of which multiplies the biases, and
no fraction is ever reduced.  A direction is carried in the same way, with 0 in the last place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from relu_constructions.layer import ExactArray, Layer, Row
from relu_constructions.parametrization import Parametrization
from relu_constructions.relu_form import relu_form

INT64_BOUND = 2**62
VECTOR_POINTS = 16
"""From so many points on, one pass of numpy over all of them is quicker than a loop."""


class Scale(NamedTuple):
    """The denominator odd * 2**shift of a neuron; the shift may be negative."""

    shift: int
    odd: int


class Neuron(NamedTuple):
    """The integer sum_k factors[k] * v[columns[k]] * 2**shifts[k]; no shift is negative."""

    columns: tuple[int, ...]
    factors: tuple[int, ...]
    shifts: tuple[int, ...]


class Program(NamedTuple):
    """A compiled network: the neurons of every layer, and the scales of the outputs."""

    layers: tuple[tuple[Neuron, ...], ...]
    scales: tuple[Scale, ...]


def compiled(phi: Parametrization) -> Program:
    """Return the program of a network, which is made at the first call and kept with the network.

    With another activation than ReLU it is that of the ReLU form, which has the same realization.

    Examples
    --------
    >>> phi = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> for layer in compiled(phi).layers:
    ...     print([tuple(neuron) for neuron in layer])
    [((0,), (1,), (0,)), ((0, 1), (1, -1), (1, 0))]
    [((0, 1), (1, -1), (0, 0))]
    >>> compiled(phi).scales
    (Scale(shift=-1, odd=1),)
    """
    cache = phi.__dict__
    if "_program" not in cache:
        cache["_program"] = _compile(relu_form(phi))
    program: Program = cache["_program"]
    return program


def evaluate(phi: Parametrization, points: ExactArray) -> ExactArray:
    """Evaluate a network exactly at the columns of an array of Fractions.

    Many points at once go through numpy: in 64-bit integers if a bound on every intermediate integer,
    computed beforehand, allows it, in Python integers otherwise.

    Parameters
    ----------
    points : array of Fraction, shape (N_0, n)

    Returns
    -------
    array of Fraction, shape (N_L, n)

    Examples
    --------
    >>> phi = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> evaluate(phi, np.array([[Fraction(1, 3), Fraction(3, 4)]]))
    array([[Fraction(2, 3), Fraction(1, 2)]], dtype=object)
    """
    program = compiled(phi)
    columns = [homogeneous(point) for point in points.T]
    outputs = np.empty((len(program.scales), len(columns)), dtype=object)
    if len(columns) < VECTOR_POINTS:
        integers: Iterable[Sequence[Any]] = (_outputs(program, column) for column in columns)
    else:
        integers = _outputs_at_once(program, columns)
    for j, (column, values) in enumerate(zip(columns, integers, strict=True)):
        outputs[:, j] = [
            quotient(v, column[-1], scale) for v, scale in zip(values, program.scales, strict=True)
        ]
    return outputs


def homogeneous(point: Iterable[Fraction]) -> list[int]:
    """Write a rational point p/q as the integers (p_1, ..., p_N, q).

    Examples
    --------
    >>> homogeneous([Fraction(1, 2), Fraction(-1, 3)])
    [3, -2, 6]
    """
    coordinates = list(point)
    q = math.lcm(*(x.denominator for x in coordinates))
    return [x.numerator * (q // x.denominator) for x in coordinates] + [q]


def affine(neurons: Iterable[Neuron], values: Sequence[Any]) -> list[Any]:
    """Apply one compiled affine map to the integers of the layer below (or to arrays of such integers).

    Examples
    --------
    >>> affine([Neuron((0, 1), (1, -1), (1, 0))], [2, 3])
    [1]
    """
    sums = []
    for columns, factors, shifts in neurons:
        total = 0
        for column, factor, shift in zip(columns, factors, shifts, strict=True):
            total += values[column] * factor << shift
        sums.append(total)
    return sums


def backwards(program: Program, output: int, gates: Sequence[Sequence[int]], inputs: int) -> list[int]:
    """Return the derivatives of the integer of an output with respect to those of the inputs.

    Parameters
    ----------
    program : Program
    output : int
    gates : sequence of sequences of int
        The factors of the neurons of every hidden layer.
    inputs : int

    Examples
    --------
    >>> phi = Parametrization([([[1, 0], [1, 5]], [0, 0]), ([[2, -4]], [0])])
    >>> backwards(compiled(phi), 0, [[1, 1]], 2), backwards(compiled(phi), 0, [[1, 0]], 2)
    ([-1, -10], [1, 0])
    """
    slopes = {output: 1}
    for index in range(len(program.layers) - 1, -1, -1):
        below: dict[int, int] = {}
        for i, slope in slopes.items():
            for column, factor, shift in zip(*program.layers[index][i], strict=True):
                below[column] = below.get(column, 0) + (slope * factor << shift)
        factors = gates[index - 1] if index else [1] * inputs
        slopes = {k: factors[k] * slope for k, slope in below.items() if k < len(factors) and factors[k]}
    return [slopes.get(k, 0) for k in range(inputs)]


def quotient(value: int, denominator: int, scale: Scale) -> Fraction:
    """Return the rational value / (denominator 2^shift odd).

    Examples
    --------
    >>> quotient(6, 2, Scale(1, 3)), quotient(1, 1, Scale(-2, 1))
    (Fraction(1, 2), Fraction(4, 1))
    """
    up, down = max(-scale.shift, 0), max(scale.shift, 0)
    return Fraction(value << up, denominator * scale.odd << down)


def _compile(phi: Parametrization) -> Program:
    scales = [Scale(0, 1)] * phi.architecture[0]
    layers = []
    for layer in phi:
        neurons, scales = _compile_layer(layer, scales)
        layers.append(neurons)
    return Program(tuple(layers), tuple(scales))


def _compile_layer(layer: Layer, scales: list[Scale]) -> tuple[tuple[Neuron, ...], list[Scale]]:
    below = [*scales, Scale(0, 1)]
    pairs = [_compile_row(row, below) for row in layer.rows]
    return tuple(neuron for neuron, _ in pairs), [scale for _, scale in pairs]


def _compile_row(row: Row, below: list[Scale]) -> tuple[Neuron, Scale]:
    """Bring the terms of a row over one denominator, the bias as the factor of the last integer below."""
    columns, numerators, bias, denominator = row
    if bias:
        columns, numerators = (*columns, len(below) - 1), (*numerators, bias)
    if not columns:
        return Neuron((), (), ()), Scale(0, 1)
    down, odd = _two_parts(denominator)
    factors, exponents, odds = [], [], []
    for k, n in zip(columns, numerators, strict=True):
        up = (n & -n).bit_length() - 1
        shift, o = below[k]
        factors.append(n >> up)
        exponents.append(shift - up)
        if o != 1:
            odds.append(k)
    if odd != 1 or odds:
        factors, odd = _over_common(factors, [odd * below[k].odd for k in columns])
    shift = max(exponents)
    return Neuron(columns, tuple(factors), tuple([shift - e for e in exponents])), Scale(shift + down, odd)


def _two_parts(number: int) -> tuple[int, int]:
    """Write a nonzero integer as 2**shift times an odd one."""
    if number & 1:
        return 0, number
    shift = (number & -number).bit_length() - 1
    return shift, number >> shift


def _over_common(numerators: list[int], denominators: list[int]) -> tuple[list[int], int]:
    """Bring quotients over their least common denominator."""
    common = math.lcm(*(d // math.gcd(n, d) for n, d in zip(numerators, denominators, strict=True)))
    return [n * common // d for n, d in zip(numerators, denominators, strict=True)], common


def _outputs(program: Program, column: list[int]) -> list[int]:
    """Return the integers of the outputs at one point."""
    values, q = column, column[-1]
    for neurons in program.layers[:-1]:
        values = [v if v > 0 else 0 for v in affine(neurons, values)]
        values.append(q)
    return affine(program.layers[-1], values)


def _outputs_at_once(program: Program, columns: list[list[int]]) -> Iterable[Sequence[int]]:
    """Return the integers of the outputs at every point, computed in numpy arrays over the points."""
    values: list[Any] = list(np.array(columns, dtype=object).T)
    if fits_int64(program, [max(map(abs, row)) for row in values]):
        values = [row.astype(np.int64) for row in values]
    q = values[-1]
    for neurons in program.layers[:-1]:
        values = [np.maximum(v, 0) for v in affine(neurons, values)]
        values.append(q)
    rows = (np.broadcast_to(v, len(columns)).tolist() for v in affine(program.layers[-1], values))
    return zip(*rows, strict=True)


def fits_int64(program: Program, magnitudes: Sequence[int]) -> bool:
    """Decide whether no integer that arises from inputs of given absolute values can exceed 2**62.

    A product, its shift and every partial sum of a neuron are at most the sum of the absolute values of
    its terms, which is bounded here in Python integers.

    Examples
    --------
    >>> program = compiled(Parametrization([([[8]], [1])]))
    >>> fits_int64(program, [2**58, 1]), fits_int64(program, [2**59, 1])
    (True, False)
    """
    bounds, q = list(magnitudes), magnitudes[-1]
    if max(bounds) > INT64_BOUND:
        return False
    for neurons in program.layers:
        bounds = [
            sum(abs(f) * max(bounds[k], 1) << e for k, f, e in zip(*neuron, strict=True))
            for neuron in neurons
        ]
        if max(bounds) > INT64_BOUND:
            return False
        bounds.append(q)
    return True
