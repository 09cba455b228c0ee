"""R(Phi) at points: batches of floats, rationals, mpmath numbers and balls.

The type of x chooses the arithmetic: float64 for floats, exact for exact numbers, exact with one rounding
at the end for `mpmath.mpf`, and ball arithmetic, which encloses, for `flint.arb`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import flint
import numpy as np
import numpy.typing as npt

from relu_constructions.fixed_point import evaluate
from relu_constructions.layer import Layer, Row
from relu_constructions.parametrization import Parametrization
from relu_constructions.points import AnyArray, Points, object_array, read_points, to_mpf

FloatArray = npt.NDArray[np.float64]
CHUNK_COLUMNS = 4096
CHUNK_ENTRIES = 2**22
DENSE_ENTRIES = 4 * 10**6
"""A matrix with more entries than these, four fifths of them zero, is applied without its zeros."""


def realization(phi: Parametrization, x: Any) -> Any:
    """Evaluate R(Phi) at x, in the arithmetic that the type of x asks for.

    Parameters
    ----------
    phi : Parametrization
    x : array_like of shape (N_0,) or (N_0, n)
        One point, or n points as columns.  If N_0 = 1, also a number, or n numbers of shape (n,).  All
        entries are of one kind, but integers beside floats are floats:

        - floats (Python's, or numpy's of any precision): evaluated in float64 with parameters rounded to
          float64; infinities and NaN go through;
        - exact numbers (int, Fraction, Decimal, strings such as ``"1/3"``, numpy integers, sympy
          Rational, flint fmpq): evaluated exactly;
        - `mpmath.mpf`: the dyadic rational is evaluated exactly and rounded once, to `mpmath.mp.prec`;
        - `flint.arb`: evaluated at `flint.ctx.prec`; the result contains R(Phi)(t) for all t in the balls
          (a ball that is not finite may give one that is NaN, which excludes nothing).

    Returns
    -------
    array of shape (N_L,) or (N_L, n)
        Of float64, Fraction, mpf or arb.  If N_0 = N_L = 1, a number gives a number and shape (n,) gives
        shape (n,).  The shape (1,) is one point, also if N_0 = 1; pass shape (1, n) where n may be 1 and
        the second axis must stay.

    Raises
    ------
    TypeError
        For truth values, complex numbers, and fractions beside floats.
    ValueError
        For a shape that does not fit, or a parameter too large for float64.

    See Also
    --------
    relu_constructions.derivative.derivative : D(Phi) at points.

    Examples
    --------
    >>> phi = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> realization(phi, 0.75), realization(phi, "1/3"), phi("1/3")
    (0.5, Fraction(2, 3), Fraction(2, 3))
    >>> phi(np.array([0.25, 0.5, 0.75]))
    array([0.5, 1. , 0.5])
    >>> phi([[0, 1], [2, 3]])
    Traceback (most recent call last):
        ...
    ValueError: x must have shape (1,) for one point or (1, n) for n points, which are the columns, \
or be a number or n numbers; got shape (2, 2)
    """
    points = read_points(x, phi.architecture[0])
    values = in_chunks(points.columns, phi.width, _evaluator(phi, points))
    if points.kind == "mpf":
        values = object_array(values.shape, [to_mpf(value) for value in values.flat])
    return _arranged(values, points)


def in_chunks(columns: AnyArray, rows: int, compute: Callable[[Any], AnyArray]) -> AnyArray:
    """Apply `compute` to a few columns at a time, so that `rows` of them stay small, and join the results.

    Examples
    --------
    >>> in_chunks(np.arange(6).reshape(2, 3), CHUNK_ENTRIES, lambda part: 2 * part)
    array([[ 0,  2,  4],
           [ 6,  8, 10]])
    """
    step = max(1, min(CHUNK_COLUMNS, CHUNK_ENTRIES // rows))
    if columns.shape[1] <= step:
        return compute(columns)
    starts = range(0, columns.shape[1], step)
    return np.concatenate([compute(columns[:, start : start + step]) for start in starts], axis=-1)


def _evaluator(phi: Parametrization, points: Points) -> Callable[[Any], AnyArray]:
    if points.kind == "float":
        layers = float_layers(phi)
        return lambda columns: _in_floats(layers, columns)
    if points.kind == "arb":
        return lambda columns: _in_balls(phi, columns)
    return lambda columns: evaluate(phi, columns)


def _arranged(values: AnyArray, points: Points) -> Any:
    """Give the (N_L, n) values the shape that belongs to the shape of x."""
    if points.form == "batch" or (points.form == "list" and len(values) > 1):
        return values
    if points.form == "list":
        return values[0]
    if points.form == "scalar" and len(values) == 1:
        return number(values[0, 0])
    return values[:, 0]


def number(value: Any) -> Any:
    """Return a float64 as Python's float, and anything else as it is.

    Examples
    --------
    >>> number(np.float64(0.5))
    0.5
    """
    return float(value) if isinstance(value, np.floating) else value


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


def _in_floats(layers: tuple[FloatLayer, ...], columns: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", invalid="ignore"):
        values = with_last_row(columns, 1.0)
        for layer in layers[:-1]:
            values = float_neurons(layer, values)
            np.maximum(values, 0.0, out=values)
        return apply(layers[-1], values)


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


def _in_balls(phi: Parametrization, columns: AnyArray) -> AnyArray:
    outputs = np.empty((phi.architecture[-1], columns.shape[1]), dtype=object)
    for j, point in enumerate(columns.T):
        values = list(point)
        for layer in phi.layers[:-1]:
            values = [_ball(row, values).nonnegative_part() for row in layer.rows]
        outputs[:, j] = [_ball(row, values) for row in phi.layers[-1].rows]
    return outputs


def _ball(row: Row, values: list[Any]) -> Any:
    total = flint.arb(row.bias)
    for column, numerator in zip(row.columns, row.numerators, strict=True):
        total += numerator * values[column]
    return total / row.denominator
