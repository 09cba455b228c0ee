"""Filtered layers: affine maps in float64, with a bound of everything that rounding can have changed.

Let u = 2^-53, let W, b be the entries rounded to the nearest float64, and let every number y_j be within E_j
of the true one.  A sum of n products and one more term, in whatever order and with or without fused
multiplication, has an error of at most gamma_{n+1} (|W| |y| + |b|) with gamma_k = k u/(1 - k u) (Higham,
Accuracy and Stability of Numerical Algorithms, 3.1), the rounding of the entries one of at most
u (|W| (|y| + E) + |b|), and the errors of the inputs one of at most |W| E.  With g = (n + 3) u (1 + 2^-20)
all this is at most |W| (g |y| + (1 + u) E) + g |b|.  That bound is itself computed in float64 from terms that
are not negative, with a relative error below (n + 10) u, which the factor 1 + 2^-20 makes up for while
n <= 2^20.  Products and sums that underflow, flushed to zero or not, lose at most 2^-1022 each; the term
2^-980 (1 + sum_j |W_j|) covers all of them, because no weight is smaller than 2^-900.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.layer import Layer, Row

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

UNIT = 2.0**-53
INFLATION = 1 + 2.0**-20
SMALLEST, LARGEST = 2.0**-900, 2.0**900
"""Entries beyond these bounds are refused."""
TINY = 2.0**-980
MAX_INPUTS = 2**20


class FilterFailed(ValueError):  # noqa: N818 - a refusal, named as one
    """Float64 cannot serve this network: entries or values out of range, or too many exact decisions."""


class Ball(NamedTuple):
    """Numbers within `radius` of `middle`, entry by entry."""

    middle: Floats
    radius: Floats


class FloatLayer(NamedTuple):
    """A layer in float64: W, |W|, b, the bound for underflow, and g; see above.

    Rows that are multiples of each other have the same kinks: `first[i]` is the first row of which row i is a
    multiple, `same[i]` is 1 or -1, the sign of the factor, and `distinct` lists the first ones.
    """

    W: Floats
    magnitudes: Floats
    b: Floats
    underflow: Floats
    g: float
    first: Indices
    same: npt.NDArray[np.int8]
    distinct: Indices


def float_layer(layer: Layer) -> FloatLayer:
    """Round a layer to float64, which is done at the first call and kept with the layer.

    Raises
    ------
    FilterFailed
        If an entry that is not 0 is not between 2^-900 and 2^900 in absolute value.

    Examples
    --------
    >>> made = float_layer(Layer([[1, "1/3"], [-3, -1]], [0, 0]))
    >>> made.W[0].tolist(), made.first, made.same
    ([1.0, 0.3333333333333333], array([0, 0]), array([ 1, -1], dtype=int8))
    """
    cache = layer.__dict__
    if "_float_layer" not in cache:
        cache["_float_layer"] = _rounded(layer)
    made: FloatLayer = cache["_float_layer"]
    return made


def _rounded(layer: Layer) -> FloatLayer:
    if layer.inputs > MAX_INPUTS:
        raise FilterFailed(f"a layer may have at most {MAX_INPUTS} inputs, got {layer.inputs}")
    try:
        W = _weights(layer)
        b = np.array([row.bias / row.denominator for row in layer.rows])
    except OverflowError:
        raise FilterFailed("the entries must be at most 2^900 in absolute value") from None
    magnitudes = np.abs(W)
    sizes = np.concatenate((magnitudes.ravel(), np.abs(b)))
    sizes = sizes[sizes > 0]
    if len(sizes) < layer.nonzeros or (len(sizes) and not SMALLEST <= sizes.min() <= sizes.max() <= LARGEST):
        raise FilterFailed("the entries must be 0 or between 2^-900 and 2^900 in absolute value")
    g = (layer.inputs + 3) * UNIT * INFLATION
    return FloatLayer(W, magnitudes, b, TINY * (1 + magnitudes.sum(axis=1)), g, *_multiples(layer))


def _weights(layer: Layer) -> Floats:
    """The weights, correctly rounded: Python divides integers in that way, and makes floats of them.

    To divide a float by a power of 2 is exact where the quotient is not below 2^-900.
    """
    exponents = np.array([row.denominator.bit_length() - 1 for row in layer.rows])
    full = all(len(row.columns) == layer.inputs for row in layer.rows)
    if full and all(row.denominator & (row.denominator - 1) == 0 for row in layer.rows):
        with contextlib.suppress(OverflowError):
            numerators = np.array([float(n) for row in layer.rows for n in row.numerators])
            rounded: Floats = np.ldexp(numerators.reshape(layer.shape), -exponents[:, None])
            return rounded
    W = np.zeros(layer.shape)
    for entries, row in zip(W, layer.rows, strict=True):
        entries[list(row.columns)] = [n / row.denominator for n in row.numerators]
    return W


def _multiples(layer: Layer) -> tuple[Indices, npt.NDArray[np.int8], Indices]:
    """Find rows that are multiples of each other; the rounded quotient of two entries tells most apart."""
    suspects: dict[Any, list[int]] = {}
    for i, row in enumerate(layer.rows):
        suspects.setdefault((len(row.columns), _ratio(row)), []).append(i)
    first, same = np.arange(len(layer.rows)), np.ones(len(layer.rows), dtype=np.int8)
    for group in suspects.values():
        known: dict[Any, int] = {}
        for i in group if len(group) > 1 else ():
            key, sign = _direction(layer.rows[i])
            leader = known.setdefault(key, i)
            first[i], same[i] = leader, sign * _direction(layer.rows[leader])[1]
    return first, same, np.flatnonzero(first == np.arange(len(first)))


def _ratio(row: Row) -> float | None:
    if not row.columns:
        return None
    try:
        return (row.numerators[1] if len(row.columns) > 1 else row.bias) / row.numerators[0]
    except OverflowError:
        return None


def _direction(row: Row) -> tuple[tuple[Any, ...], int]:
    """The row without its scale, with a positive first entry, and the sign that it had."""
    entries = (*row.numerators, row.bias)
    sign = -1 if next((n for n in entries if n), 1) < 0 else 1
    common = sign * (math.gcd(*entries) or 1)
    return (row.columns, *(n // common for n in entries)), sign


def affine(layer: FloatLayer, given: Ball) -> Ball:
    """Apply W y + b to columns.

    Examples
    --------
    >>> found = affine(float_layer(Layer([[2]], [1])), Ball(np.array([[3.0]]), np.array([[0.5]])))
    >>> found.middle, bool(1 < found.radius[0, 0] < 1.000001)
    (array([[7.]]), True)
    """
    found = _applied(layer, given, layer.underflow + layer.g * np.abs(layer.b))
    return finite(Ball(found.middle + layer.b[:, None], found.radius))


def linear(layer: FloatLayer, given: Ball) -> Ball:
    """Apply W to columns.

    Examples
    --------
    >>> linear(float_layer(Layer([[2]], [1])), Ball(np.array([[3.0]]), np.array([[0.0]]))).middle
    array([[6.]])
    """
    return finite(_applied(layer, given, layer.underflow))


def _applied(layer: FloatLayer, given: Ball, constant: Floats) -> Ball:
    with np.errstate(over="ignore", invalid="ignore"):
        spread = layer.magnitudes @ (layer.g * np.abs(given.middle) + given.radius)
        return Ball(layer.W @ given.middle, (spread + constant[:, None]) * INFLATION)


def finite(given: Ball) -> Ball:
    """Return the ball, if it is finite.

    Raises
    ------
    FilterFailed
        If a number or a bound has overflowed.

    Examples
    --------
    >>> finite(Ball(np.array([1.0]), np.array([0.0]))).middle
    array([1.])
    """
    if not (np.isfinite(given.middle).all() and np.isfinite(given.radius).all()):
        raise FilterFailed("a value has overflowed in float64")
    return given
