"""Float layers: the affine maps of a network in float64, dense or by their nonzeros."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.activation import FloatArray
from relu_constructions.layer import Layer, Row
from relu_constructions.parametrization import Parametrization

DENSE_ENTRIES = 4 * 10**6
"""A matrix with more entries than these, four fifths of them zero, is applied without its zeros."""


class SparseLayer(NamedTuple):
    """The nonzeros of a layer, row after row; `starts` are those of the rows that are not empty."""

    columns: npt.NDArray[np.intp]
    entries: FloatArray
    starts: npt.NDArray[np.intp]
    nonempty: npt.NDArray[np.intp]
    size: int


FloatLayer = FloatArray | SparseLayer
"""The matrix [A b] in float64: its last column meets a row of ones (in a derivative, of zeros)."""


def float_layers(phi: Parametrization) -> tuple[FloatLayer, ...]:
    """Return the layers rounded to float64, which is done at the first call and kept with the network.

    Raises
    ------
    ValueError
        If a parameter is too large for float64.

    Examples
    --------
    >>> float_layers(Parametrization([([["1/4"]], [1])]))
    (array([[0.25, 1.  ]]),)
    >>> float_layers(Parametrization([([[2**2000]], [1])]))
    Traceback (most recent call last):
        ...
    ValueError: layer 1: a parameter is too large for float64; evaluate the network at exact numbers instead
    """
    cache = phi.__dict__
    if "_float_layers" not in cache:
        cache["_float_layers"] = tuple(_rounded(layer, i) for i, layer in enumerate(phi, start=1))
    layers: tuple[FloatLayer, ...] = cache["_float_layers"]
    return layers


def apply(layer: FloatLayer, values: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """Apply the matrix [A b] to columns whose last row belongs to b.

    Examples
    --------
    >>> apply(np.array([[2.0, 1.0]]), np.array([[5.0, 6.0], [1.0, 1.0]]))
    array([[11., 13.]])
    """
    if isinstance(layer, np.ndarray):
        return np.matmul(layer, values, out=out)
    result = np.empty((layer.size, values.shape[1])) if out is None else out
    result[...] = 0.0
    if layer.starts.size:
        for j, column in enumerate(np.ascontiguousarray(values.T)):
            result[layer.nonempty, j] = np.add.reduceat(layer.entries * column[layer.columns], layer.starts)
    return result


def with_last_row(values: FloatArray, entry: float) -> FloatArray:
    """Append a row of equal entries: ones to points, zeros to directions.

    Examples
    --------
    >>> with_last_row(np.array([[0.5, 0.25]]), 1.0)
    array([[0.5 , 0.25],
           [1.  , 1.  ]])
    """
    return np.concatenate([values, np.full((1, *values.shape[1:]), entry)])


def float_neurons(layer: FloatLayer, values: FloatArray) -> FloatArray:
    """Return the preactivations of a hidden layer, over a new row of ones.

    Examples
    --------
    >>> float_neurons(np.array([[2.0, 1.0]]), np.array([[5.0], [1.0]]))
    array([[11.],
           [ 1.]])
    """
    rows = len(layer) if isinstance(layer, np.ndarray) else layer.size
    result = np.empty((rows + 1, values.shape[1]))
    apply(layer, values, out=result[:-1])
    result[-1] = 1.0
    return result


def _rounded(layer: Layer, index: int) -> FloatLayer:
    rows, inputs = layer.shape
    sparse = rows * inputs > DENSE_ENTRIES and 5 * layer.nonzeros < rows * inputs
    try:
        return _sparse(layer) if sparse else _dense(layer)
    except OverflowError:
        raise ValueError(
            f"layer {index}: a parameter is too large for float64; "
            "evaluate the network at exact numbers instead"
        ) from None


def _dense(layer: Layer) -> FloatArray:
    matrix = np.zeros((len(layer.rows), layer.inputs + 1))
    for entries, row in zip(matrix, layer.rows, strict=True):
        columns, quotients = _quotients(row, layer.inputs)
        entries[columns] = quotients
    matrix.flags.writeable = False
    return matrix


def _sparse(layer: Layer) -> SparseLayer:
    rows = [_quotients(row, layer.inputs) for row in layer.rows]
    lengths = np.array([len(columns) for columns, _ in rows])
    starts = np.cumsum(lengths) - lengths
    return SparseLayer(
        np.array([k for columns, _ in rows for k in columns], dtype=np.intp),
        np.array([a for _, quotients in rows for a in quotients], dtype=np.float64),
        starts[lengths > 0],
        np.flatnonzero(lengths),
        len(rows),
    )


def _quotients(row: Row, inputs: int) -> tuple[list[int], list[float]]:
    """Return the entries of a row of [A b], correctly rounded; Python divides integers in that way."""
    if not row.bias:
        return list(row.columns), [n / row.denominator for n in row.numerators]
    return [*row.columns, inputs], [n / row.denominator for n in (*row.numerators, row.bias)]
