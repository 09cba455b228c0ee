"""Layer: one affine map of a network, exact and sparse.

A row is stored as integers over one common denominator, in lowest terms, so that equality of networks
is equality of integers and a kernel can pick the integers up without a single division.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.exact import to_fraction

ExactArray = npt.NDArray[np.object_]


class Row(NamedTuple):
    """One neuron: (sum_k numerators[k] * x[columns[k]] + bias) / denominator, in lowest terms."""

    columns: tuple[int, ...]
    numerators: tuple[int, ...]
    bias: int
    denominator: int


class Layer:
    """One affine map W(x) = A x + b with exact rational entries, stored by rows.

    Parameters
    ----------
    A : array_like of exact numbers, shape (N_l, N_{l-1})
    b : array_like of exact numbers, shape (N_l,)
    name : str
        What messages call the layer.
    convert : callable
        The gate for entries: `to_fraction`, or `from_float` where floats mean themselves.

    Examples
    --------
    >>> layer = Layer([[2, -4]], ["1/2"])
    >>> layer.A, layer.b
    (array([[Fraction(2, 1), Fraction(-4, 1)]], dtype=object), array([Fraction(1, 2)], dtype=object))
    >>> layer.shape, layer.nonzeros
    ((1, 2), 3)
    """

    __slots__ = ("__dict__", "inputs", "rows")
    rows: tuple[Row, ...]
    inputs: int

    def __init__(
        self, A: Any, b: Any, *, name: str = "layer", convert: Callable[[Any, str], Fraction] = to_fraction
    ) -> None:
        matrix, bias = _matrix(A, name), _vector(b, name)
        inputs = _check_shapes(matrix, bias, name)
        rows = tuple(
            exact_row(
                {j: convert(a, f"{name}: A[{i}, {j}]") for j, a in enumerate(entries)},
                convert(c, f"{name}: b[{i}]"),
            )
            for i, (entries, c) in enumerate(zip(matrix, bias, strict=True))
        )
        self._set(rows, inputs)

    def _set(self, rows: tuple[Row, ...], inputs: int) -> None:
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "inputs", inputs)

    @classmethod
    def from_rows(cls, rows: Iterable[Row], inputs: int) -> Layer:
        """Make a layer of canonical rows (see `integer_row` and `exact_row`), without the dense matrix."""
        layer = cls.__new__(cls)
        layer._set(tuple(rows), inputs)
        return layer

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a Layer is frozen; make a new one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a Layer is frozen; make a new one")

    @property
    def shape(self) -> tuple[int, int]:
        """The shape (N_l, N_{l-1}) of A."""
        return len(self.rows), self.inputs

    @cached_property
    def A(self) -> ExactArray:
        """The dense matrix of Fractions, made on demand and read-only."""
        dense = np.full(self.shape, Fraction(0), dtype=object)
        for i, row in enumerate(self.rows):
            for j, numerator in zip(row.columns, row.numerators, strict=True):
                dense[i, j] = Fraction(numerator, row.denominator)
        dense.flags.writeable = False
        return dense

    @cached_property
    def b(self) -> ExactArray:
        """The bias vector of Fractions, read-only."""
        dense = np.array([Fraction(row.bias, row.denominator) for row in self.rows], dtype=object)
        dense.flags.writeable = False
        return dense

    @property
    def nonzeros(self) -> int:
        """The number of nonzero entries of A and b."""
        return sum(len(row.columns) + (row.bias != 0) for row in self.rows)

    def entries(self) -> Iterator[Fraction]:
        """Iterate over the nonzero entries of A and b, row by row."""
        for row in self.rows:
            for numerator in (*row.numerators, row.bias):
                if numerator:
                    yield Fraction(numerator, row.denominator)

    def __iter__(self) -> Iterator[ExactArray]:
        yield self.A
        yield self.b

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Layer):
            return NotImplemented
        return self.inputs == other.inputs and self.rows == other.rows

    def __hash__(self) -> int:
        return hash((self.inputs, self.rows))

    def __reduce__(self) -> tuple[Any, ...]:
        return Layer.from_rows, (self.rows, self.inputs)

    def __repr__(self) -> str:
        return f"Layer(shape={self.shape}, nonzeros={self.nonzeros})"


def integer_row(columns: Mapping[int, int], bias: int = 0, denominator: int = 1) -> Row:
    """Make the row (sum_j columns[j] x_j + bias) / denominator; zeros are dropped, common factors cancel.

    Examples
    --------
    >>> integer_row({0: 2, 1: 0}, -2, 4)
    Row(columns=(0,), numerators=(1,), bias=-1, denominator=2)
    """
    kept = sorted((j, n) for j, n in columns.items() if n)
    common = math.gcd(bias, *(n for _, n in kept), denominator)
    return Row(
        tuple(j for j, _ in kept),
        tuple(n // common for _, n in kept),
        bias // common,
        denominator // common,
    )


def exact_row(columns: Mapping[int, Fraction], bias: Fraction = Fraction(0)) -> Row:
    """Make the row sum_j columns[j] x_j + bias of rational entries.

    Examples
    --------
    >>> exact_row({0: Fraction(1, 2)}, Fraction(1, 3))
    Row(columns=(0,), numerators=(3,), bias=2, denominator=6)
    """
    denominator = math.lcm(bias.denominator, *(a.denominator for a in columns.values()))
    numerators = {j: a.numerator * (denominator // a.denominator) for j, a in columns.items()}
    return integer_row(numerators, bias.numerator * (denominator // bias.denominator), denominator)


def _matrix(A: Any, name: str) -> list[list[Any]]:
    """Read A as a list of rows; it must be a matrix with at least one row and one column."""
    rows = _sequence(A, f"{name}: A must be a matrix, a sequence of rows")
    matrix = [
        _sequence(row, f"{name}: A must be a matrix, row {i} must be a sequence")
        for i, row in enumerate(rows)
    ]
    if not matrix or not matrix[0]:
        raise ValueError(f"{name}: A must have at least one row and one column, got {len(matrix)} rows")
    for i, row in enumerate(matrix):
        if len(row) != len(matrix[0]):
            raise ValueError(
                f"{name}: the rows of A must have the same length, "
                f"row 0 has {len(matrix[0])} entries, row {i} has {len(row)}"
            )
    return matrix


def _sequence(given: Any, requirement: str) -> list[Any]:
    if hasattr(given, "tolist") and not isinstance(given, np.ndarray):
        given = given.tolist()
    listed = isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping, Set))
    if not listed or getattr(given, "shape", None) == ():
        raise TypeError(f"{requirement}, got {given!r:.60} of type {type(given).__name__}")
    return list(given)


def _check_shapes(matrix: list[list[Any]], bias: list[Any], name: str) -> int:
    if len(bias) != len(matrix):
        raise ValueError(
            f"{name}: b must have one entry for each of the {len(matrix)} rows of A, got {len(bias)} entries"
        )
    return len(matrix[0])


def _vector(b: Any, name: str) -> list[Any]:
    return _sequence(b, f"{name}: b must be a vector")
