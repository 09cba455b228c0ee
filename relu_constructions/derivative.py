"""D(Phi): the derivative of a parametrization, and one-sided derivatives of its realization.

D(Phi)(x) = A_L Delta_{L-1} A_{L-1} ... Delta_1 A_1, where Delta_l is diagonal with 1 where the
preactivation of a neuron of layer l is positive, 0 where it is negative and a number c, the convention,
where it is zero.  This is what forward and reverse automatic differentiation return (c = 0 in PyTorch and
TensorFlow).  It is a function of the parametrization, not of the function R(Phi): networks that realize
the same function may differ in it at kinks, and it is the derivative of R(Phi) almost everywhere only.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from relu_constructions.exact import from_float, to_fraction
from relu_constructions.fixed_point import Program, affine, compiled, homogeneous, quotient
from relu_constructions.layer import ExactArray
from relu_constructions.parametrization import Parametrization
from relu_constructions.points import AnyArray, Points, object_array, read_points, to_mpf
from relu_constructions.realization import (
    FloatArray,
    FloatLayer,
    apply,
    float_layers,
    float_neurons,
    in_chunks,
    number,
    with_last_row,
)


def derivative(phi: Parametrization, x: Any, at_kink: Any = 0) -> Any:
    """Evaluate D(Phi) at x, with a convention c for the derivative of ReLU at zero.

    D(Phi) is what automatic differentiation returns.  It equals the derivative of R(Phi) for almost every
    x; where a preactivation is zero it may be anything, even for a network that realizes x (last example).
    For merged concatenation the chain rule D(Psi o Phi)(x) = D(Psi)(R(Phi)(x)) D(Phi)(x) holds at every x.

    Parameters
    ----------
    phi : Parametrization
    x : array_like of shape (N_0,) or (N_0, n), or a number or (n,) if N_0 = 1
        As in `realization`: floats are evaluated in float64, exact numbers exactly, and `mpmath.mpf`
        exactly with one rounding at the end.
    at_kink : exact number, or a float if x is made of floats
        The number c.

    Returns
    -------
    array of shape (N_L, N_0), or (N_L, N_0, n) for n points
        If N_0 = N_L = 1, the result has the shape of x where x is a number or has shape (n,).

    Raises
    ------
    TypeError
        If x consists of balls, or x is exact and `at_kink` is a float; and as in `realization`.
    ValueError
        As in `realization`.

    Examples
    --------
    >>> hat = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> derivative(hat, [0.25, 0.75]), derivative(hat, "1/2"), derivative(hat, "1/2", at_kink=1)
    (array([ 2., -2.]), Fraction(2, 1), Fraction(-2, 1))
    >>> identity = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> [derivative(identity, 0, at_kink=c) for c in (0, "1/2", 1)]
    [Fraction(0, 1), Fraction(1, 1), Fraction(2, 1)]
    """
    points = read_points(x, phi.architecture[0])
    if points.kind == "arb":
        raise TypeError(
            "x must be floats, exact numbers or mpmath numbers: the derivative jumps inside a ball; "
            "pass an exact rational of the ball instead"
        )
    if points.kind == "float":
        values = _in_floats(phi, points.columns, float(from_float(at_kink, "at_kink")))
    else:
        values = _exact(phi, points.columns, to_fraction(at_kink, "at_kink"))
    if points.kind == "mpf":
        values = object_array(values.shape, [to_mpf(value) for value in values.flat])
    return _arranged(values, points)


def one_sided_derivative(phi: Parametrization, x: Any, side: int = 1) -> Any:
    """Evaluate the right or left derivative of R(Phi) at a rational x, exactly, for N_0 = 1.

    Every neuron carries its value and its slope towards the given side, and is active if the first of
    the two that is not zero is positive.  Unlike D(Phi) this is a property of the function R(Phi): in
    particular both sides agree where R(Phi) is differentiable.

    Parameters
    ----------
    phi : Parametrization
        With one input.
    x : exact number
    side : {1, -1}
        1 for the right derivative, -1 for the left one.

    Returns
    -------
    Fraction, or array of Fraction of shape (N_L,) if N_L > 1

    Raises
    ------
    TypeError
        If x is not exact.
    ValueError
        If the network has more inputs than one, or `side` is neither 1 nor -1.

    Examples
    --------
    >>> hat = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> one_sided_derivative(hat, "1/2", side=-1), one_sided_derivative(hat, "1/2", side=1)
    (Fraction(2, 1), Fraction(-2, 1))
    """
    if phi.architecture[0] != 1:
        raise ValueError(f"phi must have one input, got {phi.architecture[0]} inputs")
    if side not in (1, -1):
        raise ValueError(f"side must be 1 (right) or -1 (left), got {side!r}")
    program = compiled(phi)
    direction = 1 if side == 1 else -1
    slopes = _germ_slopes(program, homogeneous([to_fraction(x, "x")]), direction)
    made = [quotient(direction * w, 1, scale) for w, scale in zip(slopes, program.scales, strict=True)]
    return made[0] if len(made) == 1 else object_array((len(made),), made)


def _germ_slopes(program: Program, values: list[int], direction: int) -> list[int]:
    """Carry the germs value + t * slope, t > 0 small, through the network; return the last slopes."""
    q, slopes = values[-1], [direction, 0]
    for neurons in program.layers[:-1]:
        values, slopes = affine(neurons, values), affine(neurons, slopes)
        active = [v > 0 or (v == 0 and w > 0) for v, w in zip(values, slopes, strict=True)]
        values = [v if on else 0 for v, on in zip(values, active, strict=True)] + [q]
        slopes = [w if on else 0 for w, on in zip(slopes, active, strict=True)] + [0]
    return affine(program.layers[-1], slopes)


def _exact(phi: Parametrization, columns: ExactArray, at_kink: Fraction) -> ExactArray:
    program, inputs = compiled(phi), phi.architecture[0]
    result = np.empty((phi.architecture[-1], inputs, columns.shape[1]), dtype=object)
    for j, point in enumerate(columns.T):
        gates, denominator = _gates(program, homogeneous(point), at_kink)
        for k in range(inputs):
            slopes = _slopes(program, [int(i == k) for i in range(inputs + 1)], gates)
            result[:, k, j] = [
                quotient(w, denominator, s) for w, s in zip(slopes, program.scales, strict=True)
            ]
    return result


def _gates(program: Program, values: list[int], at_kink: Fraction) -> tuple[list[list[int]], int]:
    """Return the diagonals of all Delta_l as integers, and the product of their denominators.

    The denominator of c enters in those layers only in which some preactivation is zero.
    """
    gates, denominator, q = [], 1, values[-1]
    for neurons in program.layers[:-1]:
        sums = affine(neurons, values)
        one = at_kink.denominator if 0 in sums else 1
        gates.append([one if v > 0 else at_kink.numerator if v == 0 else 0 for v in sums])
        denominator *= one
        values = [v if v > 0 else 0 for v in sums] + [q]
    return gates, denominator


def _slopes(program: Program, direction: Sequence[int], gates: list[list[int]]) -> list[int]:
    """Multiply a direction, which ends with 0, by A_1, Delta_1, ..., A_L."""
    slopes = list(direction)
    for neurons, diagonal in zip(program.layers[:-1], gates, strict=True):
        slopes = [g and g * w for g, w in zip(diagonal, affine(neurons, slopes), strict=True)] + [0]
    return affine(program.layers[-1], slopes)


def _in_floats(phi: Parametrization, columns: FloatArray, at_kink: float) -> AnyArray:
    layers, inputs = float_layers(phi), phi.architecture[0]
    start = apply(layers[0], np.eye(inputs + 1, inputs))
    with np.errstate(over="ignore", invalid="ignore"):
        return in_chunks(
            columns, phi.width * inputs, lambda part: _float_product(layers, start, part, at_kink)
        )


def _float_product(
    layers: tuple[FloatLayer, ...], start: FloatArray, columns: FloatArray, at_kink: float
) -> FloatArray:
    """Return A_L Delta_{L-1} ... Delta_1 A_1 at every column, as an array of shape (N_L, N_0, n)."""
    inputs, points = columns.shape
    slopes, values = start[:, :, None], with_last_row(columns, 1.0)
    for below, above in itertools.pairwise(layers):
        values = float_neurons(below, values)
        slopes = with_last_row(slopes * np.heaviside(values[:-1], at_kink)[:, None, :], 0.0)
        np.maximum(values, 0.0, out=values)
        flat = apply(above, slopes.reshape(len(slopes), inputs * points))
        slopes = flat.reshape(len(flat), inputs, points)
    return np.array(np.broadcast_to(slopes, (len(slopes), inputs, points)))


def _arranged(values: AnyArray, points: Points) -> Any:
    """Give the (N_L, N_0, n) values the shape that belongs to the shape of x."""
    if points.form == "batch":
        return values
    if values.shape[:2] == (1, 1):
        return number(values[0, 0, 0]) if points.form == "scalar" else values[0, 0]
    return values if points.form == "list" else values[:, :, 0]
