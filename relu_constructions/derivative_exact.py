"""D(Phi) at rational points, exactly, in Python integers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from relu_constructions.fixed_point import Program, affine, backwards, compiled, homogeneous, quotient
from relu_constructions.layer import ExactArray
from relu_constructions.parametrization import Parametrization
from relu_constructions.relu_form import hinge_conventions


def derivative_at_rationals(phi: Parametrization, columns: ExactArray, at_kink: list[Fraction]) -> ExactArray:
    """Return D(Phi) at columns of Fractions, shape (N_L, N_0, n), with one convention for each kink.

    Examples
    --------
    >>> from relu_constructions import ABSOLUTE_VALUE
    >>> phi = Parametrization([([[1]], [0]), ([[3]], [0])], activation=ABSOLUTE_VALUE)
    >>> derivative_at_rationals(phi, np.array([[Fraction(0)]]), [Fraction(2, 3)])
    array([[[Fraction(1, 1)]]], dtype=object)
    """
    program, inputs = compiled(phi), phi.architecture[0]
    given = hinge_conventions(phi, at_kink)
    result = np.empty((len(program.scales), inputs, columns.shape[1]), dtype=object)
    for j, point in enumerate(columns.T):
        gates, denominator = _gates(program, homogeneous(point), given)
        rows = jacobian(program, gates, inputs)
        for i, (slopes, scale) in enumerate(zip(rows, program.scales, strict=True)):
            result[i, :, j] = [quotient(w, denominator, scale) for w in slopes]
    return result


def _gates(
    program: Program, values: list[int], at_kink: Sequence[Sequence[Fraction]]
) -> tuple[list[list[int]], int]:
    """Return the diagonals of all Delta_l as integers, and the product of their denominators.

    The denominators of the conventions enter in those layers only in which some preactivation is zero.
    """
    gates, denominator, q = [], 1, values[-1]
    for neurons, given in zip(program.layers[:-1], at_kink, strict=True):
        sums = affine(neurons, values)
        one = math.lcm(*(c.denominator for c in set(given))) if 0 in sums else 1
        gates.append(
            [one if v > 0 else 0 if v < 0 else int(c * one) for v, c in zip(sums, given, strict=True)]
        )
        denominator *= one
        values = [v if v > 0 else 0 for v in sums] + [q]
    return gates, denominator


def jacobian(program: Program, gates: Sequence[Sequence[int]], inputs: int) -> list[list[int]]:
    """Multiply out A_L Delta_{L-1} ... A_1 in the integers of a program, forwards or backwards, row by row.

    Parameters
    ----------
    program : Program
    gates : sequence of sequences of int
        The diagonals, for every hidden layer.
    inputs : int

    Examples
    --------
    >>> phi = Parametrization([([[1, 0], [1, 5]], [0, 0]), ([[2, -4]], [0])])
    >>> jacobian(compiled(phi), [[1, 1]], 2), jacobian(compiled(phi), [[1, 0]], 2)
    ([[-1, -10]], [[1, 0]])
    """
    if len(program.scales) < inputs:
        return [backwards(program, output, gates, inputs) for output in range(len(program.scales))]
    columns = [_along(program, [int(i == k) for i in range(inputs)], gates) for k in range(inputs)]
    return [list(row) for row in zip(*columns, strict=True)]


def _along(program: Program, direction: list[int], gates: Sequence[Sequence[int]]) -> list[int]:
    """Multiply a direction by A_1, Delta_1, ..., A_L."""
    slopes = affine(program.layers[0], [*direction, 0])
    for neurons, diagonal in zip(program.layers[1:], gates, strict=True):
        slopes = affine(neurons, [*(g and g * w for g, w in zip(diagonal, slopes, strict=True)), 0])
    return slopes
