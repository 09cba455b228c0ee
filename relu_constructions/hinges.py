"""Hinges: the first hidden layer of a network with one input, read into arrays.

Neuron i is rho((n_i x + b_i)/d_i).  If n_i is not 0, its kink is t_i = -b_i/n_i, and x that passes t_i from
left to right adds sign(n_i) (n_i x + b_i)/d_i to it.  If n_i = 0, it is constant.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.layer import Layer, Row

IntegerArray = npt.NDArray[Any]
"""Integers, of dtype int64 or object."""

WIDE = 32
"""From so many neurons in the first layer on, its kinks are sorted."""


class Hinges(NamedTuple):
    """The neurons that are not constant: arrays of n, b, d and of their places in the layer.

    `constants` maps the place of every constant neuron that is not 0 to its value.
    """

    n: IntegerArray
    b: IntegerArray
    d: IntegerArray
    places: npt.NDArray[np.intp]
    size: int
    constants: dict[int, Fraction]

    @property
    def sign(self) -> IntegerArray:
        """The signs of n."""
        return np.where(self.n > 0, 1, -1).astype(self.n.dtype)

    def kinks(self) -> tuple[IntegerArray, IntegerArray]:
        """Return the kinks X/Q, with Q positive and in lowest terms.

        n, b, d have no common factor, so there is nothing to cancel where all slopes n/d are 1.

        Examples
        --------
        >>> read_hinges(Layer([[2], [-3]], [4, 1]), np.int64).kinks()
        (array([-2,  1]), array([1, 3]))
        """
        X, Q = -self.sign * self.b, self.sign * self.n
        if np.array_equal(self.n, self.d):
            return X, Q
        common = np.gcd(X, Q)
        return X // common, Q // common

    def weights(self, row: Row) -> IntegerArray:
        """Return the numerators of the weights c_i that a neuron of the next layer gives to the hinges.

        Raises
        ------
        OverflowError
            If one of them does not fit in the type of the arrays.

        Examples
        --------
        >>> hinges = read_hinges(Layer([[1], [0], [-2]], [0, 1, 1]), np.int64)
        >>> hinges.weights(Row((0, 2), (5, 7), 0, 1)), hinges.constants
        (array([5, 7]), {1: Fraction(1, 1)})
        """
        given = np.fromiter(row.numerators, self.n.dtype, len(row.numerators))
        if len(row.columns) < self.size:
            full = np.zeros(self.size, dtype=self.n.dtype)
            full[list(row.columns)] = given
            given = full
        return given if len(self.places) == self.size else given[self.places]

    def offset(self, row: Row) -> Fraction:
        """Return the bias of a neuron of the next layer and what the constant neurons add to it.

        Examples
        --------
        >>> read_hinges(Layer([[1], [0]], [0, 1]), object).offset(Row((0, 1), (5, 7), 1, 2))
        Fraction(4, 1)
        """
        total = Fraction(row.bias, row.denominator)
        if self.constants:
            for column, numerator in zip(row.columns, row.numerators, strict=True):
                if column in self.constants:
                    total += self.constants[column] * Fraction(numerator, row.denominator)
        return total


def is_wide(layers: tuple[Layer, ...]) -> bool:
    """Whether the first of at least two layers has one input and many neurons.

    Examples
    --------
    >>> is_wide((Layer([[1]] * 32, [0] * 32), Layer([[1] * 32], [0]))), is_wide((Layer([[1]], [0]),))
    (True, False)
    """
    return len(layers) > 1 and layers[0].inputs == 1 and len(layers[0].rows) >= WIDE


def read_hinges(layer: Layer, dtype: npt.DTypeLike) -> Hinges:
    """Read a layer with one input, which is done at the first call and kept with the layer.

    Raises
    ------
    OverflowError
        If an integer does not fit in the type.

    Examples
    --------
    >>> read_hinges(Layer([["1/2"], [-1]], [3, 0]), np.int64)[:3]
    (array([ 1, -1]), array([6, 0]), array([2, 1]))
    """
    cache, key = layer.__dict__, f"_hinges_{np.dtype(dtype)}"
    if key not in cache:
        cache[key] = _read(layer, dtype)
    hinges: Hinges = cache[key]
    return hinges


def _read(layer: Layer, dtype: npt.DTypeLike) -> Hinges:
    _, numerators, biases, denominators = zip(*layer.rows, strict=True)
    size = len(layer.rows)
    n = np.fromiter([numerator[0] if numerator else 0 for numerator in numerators], dtype, size)
    b, d = np.fromiter(biases, dtype, size), np.fromiter(denominators, dtype, size)
    places = np.flatnonzero(n != 0)
    if len(places) == len(n):
        return Hinges(n, b, d, places, len(n), {})
    constants = {int(i): Fraction(int(b[i]), int(d[i])) for i in np.flatnonzero(n == 0) if b[i] > 0}
    return Hinges(n[places], b[places], d[places], places, len(n), constants)
