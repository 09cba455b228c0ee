"""Germs: the one-sided derivatives of R(Phi) and D(Phi) at many points of the line, exactly.

Every neuron carries its value at a point, its derivatives on the left and on the right of it, and its entry
of the product D(Phi).  On the right of the point it is active if its value is positive, or zero with a
positive derivative on the right; on the left likewise, if its derivative on the left is negative.  In D(Phi)
the entry of a neuron whose value is zero is multiplied by its convention c.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from relu_constructions.activation import conventions
from relu_constructions.carried import Carried, affine_rows, carried, constant, kept, product
from relu_constructions.exact import to_fraction
from relu_constructions.first_layer import FirstLayer, Rows, Zeros, read_first_layer, second_map
from relu_constructions.fixed_point import Program, Scale, compiled, quotient
from relu_constructions.kink_points import Places
from relu_constructions.parametrization import Parametrization
from relu_constructions.relu_form import exact_activation, hinge_conventions, relu_form

CHUNK = 2**14
"""So many points are carried through the network at once."""


class Germs(NamedTuple):
    """The kinks among some points, and what the output carries there, in integers.

    Attributes
    ----------
    X, Q : list of int
        The kinks X/Q.
    left, right : list of int
        The derivatives of R(Phi) on both sides, times the denominator of `scale`.
    slopes, denominators : list of int
        D(Phi) is slope/denominator, times the same.
    scale : Scale
    bent : int
        The number of neurons that have a kink at some point.
    """

    X: list[int]
    Q: list[int]
    left: list[int]
    right: list[int]
    slopes: list[int]
    denominators: list[int]
    scale: Scale
    bent: int

    def points(self) -> list[Fraction]:
        """Return the kinks."""
        return list(map(Fraction, self.X, self.Q))

    def sides(self) -> tuple[list[Fraction], list[Fraction]]:
        """Return the derivatives on the left and on the right."""
        left, right = ([quotient(w, 1, self.scale) for w in slopes] for slopes in (self.left, self.right))
        return left, right

    def derivatives(self) -> list[Fraction]:
        """Return D(Phi)."""
        pairs = zip(self.slopes, self.denominators, strict=True)
        return [quotient(w, d, self.scale) for w, d in pairs]

    def distances(self) -> dict[int, Fraction]:
        """Return the distances of D(Phi) to the Clarke set that are not 0, by the index of the kink."""
        columns = zip(self.left, self.right, self.slopes, self.denominators, strict=True)
        excess = [max(min(a, b) * d - w, w - max(a, b) * d) for a, b, w, d in columns]
        return {i: quotient(e, self.denominators[i], self.scale) for i, e in enumerate(excess) if e > 0}


def require_line(phi: Parametrization) -> None:
    """Raise `ValueError` if a network has not one input and one output.

    Examples
    --------
    >>> require_line(Parametrization([([[1, 1]], [0])]))
    Traceback (most recent call last):
        ...
    ValueError: kinks need a network with one input and one output, got (2, 1)
    """
    if phi.architecture[0] != 1 or phi.architecture[-1] != 1:
        raise ValueError(f"kinks need a network with one input and one output, got {phi.architecture}")


def germs_at_kinks(phi: Parametrization, points: Places, at_kink: Any) -> Germs:
    """Keep the kinks among some points, and differentiate there.

    Parameters
    ----------
    phi : Parametrization
        With one input and one output.
    points : Places
        Increasing.
    at_kink : exact number, or a sequence of them, one for each kink of the activation

    Raises
    ------
    TypeError
        If the activation is not piecewise affine, or a convention is not exact.

    Examples
    --------
    >>> line = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> germs_at_kinks(line, Places.of([Fraction(0), Fraction(1)]), "1/3").derivatives()
    [Fraction(2, 3)]
    """
    activation = exact_activation(phi)
    read = conventions(activation, at_kink, to_fraction)
    if phi.depth == 1 or not activation.kinks or not len(points.X):
        return Germs([], [], [], [], [], [], Scale(0, 1), 0)
    form = relu_form(phi)
    group = form.architecture[1] // phi.architecture[1]
    return isolated_germs(compiled(form), points, hinge_conventions(phi, read), group)


def isolated_germs(
    program: Program, points: Places, conventions: Sequence[Sequence[Fraction]], group: int = 1
) -> Germs:
    """Keep the points at which some preactivation is zero, but not around them, and differentiate there.

    Parameters
    ----------
    program : Program
        Of a ReLU network with one input, one output and a hidden layer.
    points : Places
        Increasing; at least one.
    conventions : sequence of sequences of Fraction
        The convention of every neuron of every hidden layer.
    group : int
        So many neighbours count as one neuron.

    Examples
    --------
    >>> line = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> points = Places.of([Fraction(0), Fraction(1)])
    >>> germs = isolated_germs(compiled(line), points, [[Fraction(1), Fraction(1, 3)]])
    >>> germs.points(), germs.sides(), germs.derivatives(), germs.bent
    ([Fraction(0, 1)], ([Fraction(1, 1)], [Fraction(1, 1)]), [Fraction(4, 3)], 2)
    """
    found = Germs([], [], [], [], [], [], program.scales[0], 0)
    first = read_first_layer(program, points, conventions[0])
    bent = [np.zeros(len(neurons), dtype=bool) for neurons in program.layers[:-1]]
    for start in range(0, len(points.X), CHUNK):
        part = Places(*(array[start : start + CHUNK] for array in points))
        rows, denominator, zeros = _carry(program, first, part, conventions)
        _collect(found, part, rows, denominator, zeros)
        bent = [known | layer.neurons for known, layer in zip(bent, zeros, strict=True)]
    return found._replace(bent=sum(int(layer.reshape(-1, group).any(axis=1).sum()) for layer in bent))


def _carry(
    program: Program, first: FirstLayer, points: Places, conventions: Sequence[Sequence[Fraction]]
) -> tuple[Rows, Carried, list[Zeros]]:
    """Return what the output carries, the denominator of its D(Phi), and the zeros of every hidden layer."""
    Q, nothing = carried(points.Q), Carried(np.zeros(len(points.Q), dtype=np.int64), 0)
    rows, denominator, zeros = second_map(first, points)
    seen = [zeros]
    for neurons, layer in zip(program.layers[2:], conventions[1:], strict=True):
        rows, one, zeros = _activated(rows, layer)
        ends = (Q, nothing, nothing, nothing)
        rows = Rows(*(affine_rows(neurons, [*row, end]) for row, end in zip(rows, ends, strict=True)))
        denominator = product(denominator, one)
        seen.append(zeros)
    return rows, denominator, seen


def _activated(rows: Rows, conventions: Sequence[Fraction]) -> tuple[Rows, Carried, Zeros]:
    """Apply ReLU to the germs and Delta to the entries of D(Phi), times a denominator where a value is 0."""
    shared = math.lcm(*(c.denominator for c in conventions))
    zero = [row.integers == 0 for row in rows.values]
    one = carried(np.where(np.logical_or.reduce(zero), constant(shared), 1))
    result, bent = Rows([], [], [], []), []
    for value, left, right, slope, at, c in zip(*rows, zero, conventions, strict=True):
        positive = value.integers > 0
        result.values.append(kept(value, positive))
        result.left.append(kept(left, positive | (at & (left.integers < 0))))
        result.right.append(kept(right, positive | (at & (right.integers > 0))))
        gate = carried(np.where(at, constant(int(c * shared)), np.where(positive, one.integers, 0)))
        result.slopes.append(product(slope, gate))
        bent.append(at & ((left.integers != 0) | (right.integers != 0)))
    neurons = np.array([at.any() for at in bent])
    return result, one, Zeros(np.logical_or.reduce(bent), neurons)


def _collect(found: Germs, points: Places, rows: Rows, denominator: Carried, zeros: list[Zeros]) -> None:
    """Add the kinks among some points to the lists."""
    at = np.flatnonzero(np.logical_or.reduce([layer.isolated for layer in zeros]))
    output = (row.integers for row in (rows.left[0], rows.right[0], rows.slopes[0], denominator))
    for numbers, array in zip(found[:6], (points.X, points.Q, *output), strict=True):
        numbers.extend(array[at].tolist())
