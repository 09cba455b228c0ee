"""D(Phi) at many points in float64, forwards or backwards, whichever has fewer columns to carry.

Forwards every neuron carries its value and N_0 slopes, backwards every output carries one slope a neuron; a
point then costs about N_0 or N_L forward passes more than its value.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from relu_constructions.activation import Activation, FloatArray
from relu_constructions.float_layers import (
    FloatLayer,
    SparseLayer,
    apply,
    float_layers,
    float_neurons,
    with_last_row,
)
from relu_constructions.parametrization import Parametrization
from relu_constructions.piecewise_affine import RELU
from relu_constructions.realization import activate, in_chunks

CHUNK_FACTOR = 16
"""So many times fewer columns at a time than for values, because more arrays are in use."""
Gates = Callable[[FloatArray], npt.NDArray[Any]]


def derivative_in_floats(phi: Parametrization, columns: FloatArray, at_kink: Sequence[float]) -> FloatArray:
    """Return A_L Delta_{L-1} ... Delta_1 A_1 at every column, as an array of shape (N_L, N_0, n).

    Where a value is NaN, so is the derivative.

    Examples
    --------
    >>> from relu_constructions import hat
    >>> derivative_in_floats(hat(), np.array([[0.25, 0.5]]), [0.0])
    array([[[2., 2.]]])
    """
    layers, inputs, outputs = float_layers(phi), phi.architecture[0], phi.architecture[-1]
    gates = _gates(phi.activation, at_kink)
    if outputs <= inputs:
        sizes = phi.architecture[:-1]
        upwards = [_transposed(layer, size) for layer, size in zip(layers, sizes, strict=True)]
        rows = sum(phi.architecture[1:-1]) + phi.width * outputs

        def compute(part: FloatArray) -> FloatArray:
            return _backwards(layers, upwards, part, phi.activation, gates)

    else:
        rows, start = phi.width * (1 + inputs), apply(layers[0], np.eye(inputs + 1, inputs))

        def compute(part: FloatArray) -> FloatArray:
            return _forwards(layers, start, part, phi.activation, gates)

    with np.errstate(over="ignore", invalid="ignore"):
        return in_chunks(columns, CHUNK_FACTOR * rows, compute)


def _gates(activation: Activation, at_kink: Sequence[float]) -> Gates:
    """The derivative of the activation; for ReLU in truth values, if no preactivation is a kink."""
    if activation != RELU:
        return lambda z: activation.float_slopes(z, at_kink)
    (c,) = at_kink
    if c in (0.0, 1.0):
        return (lambda z: z >= 0.0) if c else (lambda z: z > 0.0)

    def gates(z: FloatArray) -> npt.NDArray[Any]:
        active, zero = z > 0.0, z == 0.0
        return np.where(zero, c, active) if zero.any() else active

    return gates


def _forwards(
    layers: tuple[FloatLayer, ...],
    start: FloatArray,
    columns: FloatArray,
    activation: Activation,
    gates: Gates,
) -> FloatArray:
    """Carry values and slopes side by side, in one product a layer."""
    inputs, points = columns.shape
    if len(layers) == 1:
        values = apply(layers[0], with_last_row(columns, 1.0))
        return _marked(np.broadcast_to(start[:, :, None], (len(start), inputs, points)), values)
    both = np.empty((_size(layers[0]) + 1, 1 + inputs, points))
    values = apply(layers[0], with_last_row(columns, 1.0))
    both[:-1, 0], both[:-1, 1:] = values, start[:, :, None]
    for below, above in itertools.pairwise(layers):
        both[-1, 0], both[-1, 1:] = 1.0, 0.0
        both[:-1, 1:] *= gates(both[:-1, 0])[:, None, :]
        activate(activation, both[:-1, 0])
        result = np.empty((_size(above) + 1, 1 + inputs, points))
        flat = result[:-1].reshape(_size(above), (1 + inputs) * points)
        apply(above, both.reshape(_size(below) + 1, (1 + inputs) * points), out=flat)
        both = result
    return _marked(both[:-1, 1:], both[:-1, 0])


def _backwards(
    layers: tuple[FloatLayer, ...],
    upwards: Sequence[FloatLayer],
    columns: FloatArray,
    activation: Activation,
    gates: Gates,
) -> FloatArray:
    """Carry the values up, keep the derivatives of all neurons, and carry the slopes of the outputs down."""
    values, diagonals = with_last_row(columns, 1.0), []
    for layer in layers[:-1]:
        values = float_neurons(layer, values)
        diagonals.append(gates(values[:-1]))
        activate(activation, values[:-1])
    values = apply(layers[-1], values)
    outputs, points = values.shape
    slopes = apply(upwards[-1], np.eye(outputs))[:, :, None]
    for layer, diagonal in zip(upwards[-2::-1], diagonals[::-1], strict=True):
        shape = (len(slopes), outputs, points)
        slopes = np.multiply(slopes, diagonal[:, None, :], out=slopes if slopes.shape == shape else None)
        flat = apply(layer, slopes.reshape(len(slopes), outputs * points))
        slopes = flat.reshape(len(flat), outputs, points)
    slopes = np.broadcast_to(slopes, (len(slopes), outputs, points))
    return _marked(slopes.transpose(1, 0, 2), values)


def _marked(slopes: FloatArray, values: FloatArray) -> FloatArray:
    """The slopes in an array of their own, NaN where a value is NaN."""
    result = np.array(slopes)
    undefined = np.isnan(values).any(axis=0)
    if undefined.any():
        result[:, :, undefined] = np.nan
    return result


def _size(layer: FloatLayer) -> int:
    return len(layer) if isinstance(layer, np.ndarray) else layer.size


def _transposed(layer: FloatLayer, inputs: int) -> FloatLayer:
    """The transposed of A, where the layer is [A b]."""
    if isinstance(layer, np.ndarray):
        return layer[:, :-1].T
    lengths = np.diff(np.append(layer.starts, len(layer.entries)))
    rows = np.repeat(layer.nonempty, lengths)
    kept = layer.columns < inputs
    order = np.argsort(layer.columns[kept], kind="stable")
    columns = layer.columns[kept][order]
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    return SparseLayer(rows[kept][order], layer.entries[kept][order], starts, columns[starts], inputs)
