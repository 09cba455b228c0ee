"""Directional derivatives of R(Phi), exactly.

Along a ray x + t v every neuron is value + t slope for all small t > 0, its germ: an affine map takes germs
to germs, and ReLU keeps those and only those whose first number that is not zero is positive.  The slopes of
the outputs are the directional derivative.  Unlike D(Phi) it is a property of the function R(Phi).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from relu_constructions.exact import to_fraction
from relu_constructions.exact_points import read_exact
from relu_constructions.fixed_point import Program, affine, compiled, homogeneous, quotient
from relu_constructions.layer import ExactArray
from relu_constructions.parametrization import Parametrization
from relu_constructions.points import Form, Points, arranged_values, object_array


def directional_derivative(phi: Parametrization, x: Any, direction: Any) -> Any:
    """Evaluate R(Phi)'(x; v), the limit of (R(Phi)(x + t v) - R(Phi)(x)) / t for t -> 0, t > 0.

    It is positively homogeneous in v, but not linear where R(Phi) is not differentiable.

    Parameters
    ----------
    phi : Parametrization
    x : array_like of exact numbers, shape (N_0,) or (N_0, n)
        If N_0 = 1, also a number, or n numbers of shape (n,).
    direction : array_like of exact numbers, shape (N_0,) or (N_0, n)
        The vector v: one for all points, or one for each; n of them at one point are allowed too.
        If N_0 = 1, also a number, or n numbers.  It may be zero.

    Returns
    -------
    array of Fraction of shape (N_L,) or (N_L, n)
        If N_0 = N_L = 1, a number gives a Fraction and shape (n,) gives shape (n,).

    Raises
    ------
    TypeError
        If a number is not exact.
    ValueError
        For shapes that do not fit.

    See Also
    --------
    relu_constructions.derivative.derivative : D(Phi), which depends on the parametrization.
    relu_constructions.clarke.clarke_gradient : the Jacobian on an open set that touches x.

    Examples
    --------
    >>> hat = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> directional_derivative(hat, "1/2", 1), directional_derivative(hat, "1/2", -1)
    (Fraction(-2, 1), Fraction(-2, 1))
    >>> maximum = Parametrization([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0])])
    >>> print(directional_derivative(maximum, [0, 0], [[1, -1, 2], [0, 0, -3]]))
    [[Fraction(1, 1) Fraction(0, 1) Fraction(2, 1)]]
    """
    inputs, program = phi.architecture[0], compiled(phi)
    columns, directions, form = _paired(read_exact(x, inputs), read_exact(direction, inputs, "direction"))
    result = np.empty((len(program.scales), columns.shape[1]), dtype=object)
    for j, (point, vector) in enumerate(zip(columns.T, directions.T, strict=True)):
        along = homogeneous(vector)
        slopes = _germ_slopes(program, homogeneous(point), along[:-1])
        result[:, j] = [quotient(w, along[-1], s) for w, s in zip(slopes, program.scales, strict=True)]
    return arranged_values(result, form)


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
    sign = 1 if side == 1 else -1
    slopes = _germ_slopes(program, homogeneous([to_fraction(x, "x")]), [sign])
    made = [quotient(sign * w, 1, scale) for w, scale in zip(slopes, program.scales, strict=True)]
    return made[0] if len(made) == 1 else object_array((len(made),), made)


def _paired(points: Points, vectors: Points) -> tuple[ExactArray, ExactArray, Form]:
    """One direction for every point, and the form of the result."""
    columns, directions = points.columns, vectors.columns
    many, several = (given.form in ("batch", "list") for given in (points, vectors))
    if many and several and columns.shape != directions.shape:
        raise ValueError(
            f"direction must be one vector or one for each of the {columns.shape[1]} points, "
            f"got {directions.shape[1]} vectors"
        )
    if many and not several:
        directions = np.repeat(directions, columns.shape[1], axis=1)
    if several and not many:
        columns = np.repeat(columns, directions.shape[1], axis=1)
    return columns, directions, vectors.form if several and not many else points.form


def _germ_slopes(program: Program, values: list[int], direction: Sequence[int]) -> list[int]:
    """Carry the germs value + t * slope, t > 0 small, through the network; return the last slopes."""
    q, slopes = values[-1], [*direction, 0]
    for neurons in program.layers[:-1]:
        values, slopes = affine(neurons, values), affine(neurons, slopes)
        active = [v > 0 or (v == 0 and w > 0) for v, w in zip(values, slopes, strict=True)]
        values = [v if on else 0 for v, on in zip(values, active, strict=True)] + [q]
        slopes = [w if on else 0 for w, on in zip(slopes, active, strict=True)] + [0]
    return affine(program.layers[-1], slopes)
