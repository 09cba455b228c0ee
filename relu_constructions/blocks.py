"""Affine maps put together: block matrices and products, exact and sparse.

Products come in two ways.  Sparse layers are multiplied row by row in Python integers.  Layers with many and
dense entries go through flint's integer matrices, after the rows of the lower layer are brought to one
denominator.  Both routes end in the canonical rows of `integer_row`: the results are equal, row by row.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

import flint

from relu_constructions.layer import Layer, Row, exact_row, integer_row
from relu_constructions.parametrization import refuse_excess

DENSE_WORK = 20_000
"""From this many multiplications on, dense layers are multiplied by flint."""
DENSE_FILL = 8
"""A product is dense if its full triple loop does at most this many times the necessary multiplications."""


def diagonal(d: int) -> Layer:
    """Return the pair (I, 0) on R^d.

    Examples
    --------
    >>> diagonal(2).nonzeros
    2
    """
    return Layer.from_rows((Row((i,), (1,), 0, 1) for i in range(d)), d)


def split(layer: Layer) -> Layer:
    """Return the pair ([A; -A], [b; -b]), which gives a value and its negative.

    Examples
    --------
    >>> [list(row) for row in split(Layer([[2]], [1])).A]
    [[Fraction(2, 1)], [Fraction(-2, 1)]]
    """
    negated = (Row(r.columns, tuple(-n for n in r.numerators), -r.bias, r.denominator) for r in layer.rows)
    return Layer.from_rows((*layer.rows, *negated), layer.inputs)


def joined(layer: Layer) -> Layer:
    """Return the pair ([A, -A], b), which takes a positive and a negative part.

    Examples
    --------
    >>> joined(Layer([[2]], [1])).A
    array([[Fraction(2, 1), Fraction(-2, 1)]], dtype=object)
    """
    rows = (
        row._replace(
            columns=row.columns + tuple(j + layer.inputs for j in row.columns),
            numerators=row.numerators + tuple(-n for n in row.numerators),
        )
        for row in layer.rows
    )
    return Layer.from_rows(rows, 2 * layer.inputs)


def stacked(layers: Sequence[Layer], shared: bool) -> Layer:
    """List the outputs of several maps, which read the same input or one after the other.

    Examples
    --------
    >>> layers = [Layer([[1, 2]], [0]), Layer([[3, 4]], [0])]
    >>> stacked(layers, shared=True).shape, stacked(layers, shared=False).shape
    ((2, 2), (2, 4))
    """
    rows: list[Row] = []
    inputs = 0
    for layer in layers:
        start = 0 if shared else inputs
        rows += (row._replace(columns=tuple(j + start for j in row.columns)) for row in layer.rows)
        inputs = start + layer.inputs
    return Layer.from_rows(rows, inputs)


def combination(factors: Sequence[Fraction], d: int) -> Layer:
    """Return the map (y_1, ..., y_n) -> sum_i factors[i] y_i for y_i in R^d.

    Examples
    --------
    >>> combination([Fraction(2), Fraction(3)], 1).A
    array([[Fraction(2, 1), Fraction(3, 1)]], dtype=object)
    """
    rows = (exact_row({i * d + k: a for i, a in enumerate(factors)}) for k in range(d))
    return Layer.from_rows(rows, d * len(factors))


def composed(above: Layer, below: Layer) -> Layer:
    """Return the affine map x -> A2 (A1 x + b1) + b2 as the pair (A2 A1, A2 b1 + b2).

    Raises
    ------
    ValueError
        If the shapes do not fit or the product would have too many entries.

    Examples
    --------
    >>> layer = composed(Layer([[1, -1]], [0]), Layer([[2], [1]], [3, "1/2"]))
    >>> layer.A, layer.b
    (array([[Fraction(1, 1)]], dtype=object), array([Fraction(5, 2)], dtype=object))
    """
    if above.inputs != len(below.rows):
        raise ValueError(
            f"the upper map must have {len(below.rows)} columns, one for each row of the lower, "
            f"got {above.inputs}"
        )
    lengths = [len(row.columns) + 1 for row in below.rows]
    work = sum(lengths[k] for row in above.rows for k in row.columns)
    nonzeros = min(work, len(above.rows) * below.inputs) + len(above.rows)
    refuse_excess("the composed layer", nonzeros, nonzeros * (_digits(above) + _digits(below)))
    route = dense_rows if _is_dense(above, below, work) else sparse_rows
    return Layer.from_rows(route(above, below), below.inputs)


def sparse_rows(above: Layer, below: Layer) -> Iterator[Row]:
    """Multiply row by row in Python integers; each row has a denominator of its own."""
    for row in above.rows:
        used = [below.rows[k] for k in row.columns]
        common = math.lcm(*(lower.denominator for lower in used))
        columns: defaultdict[int, int] = defaultdict(int)
        bias = row.bias * common
        for numerator, lower in zip(row.numerators, used, strict=True):
            factor = numerator * (common // lower.denominator)
            bias += factor * lower.bias
            for j, entry in zip(lower.columns, lower.numerators, strict=True):
                columns[j] += factor * entry
        yield integer_row(columns, bias, row.denominator * common)


def dense_rows(above: Layer, below: Layer) -> Iterator[Row]:
    """Multiply integer matrices in flint; the bias of the lower map is one more column."""
    common = math.lcm(*(row.denominator for row in below.rows))
    left = flint.fmpz_mat(len(above.rows), above.inputs, _dense_entries(above, None))
    right = flint.fmpz_mat(len(below.rows), below.inputs + 1, _dense_entries(below, common))
    for row, product in zip(above.rows, (left * right).tolist(), strict=True):
        *columns, bias = map(int, product)
        yield integer_row(dict(enumerate(columns)), bias + row.bias * common, row.denominator * common)


def _dense_entries(layer: Layer, common: int | None) -> list[int]:
    """The numerators of A row by row; with a common denominator over it, and the bias after each row."""
    entries: list[int] = []
    for row in layer.rows:
        factor = 1 if common is None else common // row.denominator
        full = [0] * layer.inputs
        for j, numerator in zip(row.columns, row.numerators, strict=True):
            full[j] = numerator * factor
        entries += full if common is None else [*full, row.bias * factor]
    return entries


def _is_dense(above: Layer, below: Layer, work: int) -> bool:
    rows, middle, inputs = len(above.rows), above.inputs, below.inputs + 1
    converted = rows * middle + middle * inputs + rows * inputs
    return work >= DENSE_WORK and converted <= work and rows * middle * inputs <= DENSE_FILL * work


def _digits(layer: Layer) -> int:
    """The binary digits of the longest integer in the layer."""
    longest = (max(map(abs, (*row.numerators, row.bias, row.denominator))) for row in layer.rows)
    return max(longest, default=0).bit_length()
