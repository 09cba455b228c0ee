"""Clarke's generalized Jacobian of R(Phi), exactly: one element of it, or all that it is the hull of.

A limiting Jacobian at x is a limit of Jacobians of R(Phi) at points that tend to x and where R(Phi) is
differentiable.  These matrices form the B-subdifferential, and their convex hull is Clarke's generalized
Jacobian.  Both belong to the function R(Phi), not to the parametrization; D(Phi)(x), the result of automatic
differentiation, need not lie in the hull, whatever the convention c.

The limiting Jacobians are exactly the Jacobians J_1, ..., J_K of R(Phi) on the cones C_1, ..., C_K of
`local_cells`.  For some r > 0, R(Phi)(x + v) = R(Phi)(x) + J_k v for all v in C_k with |v| < r; every C_k is
closed and convex and has interior points, and together they cover the space.

(a) Every J_k is limiting: it is the Jacobian of R(Phi) at x + t w for w in the interior of C_k, 0 < t -> 0.
(b) Let R(Phi) have the Jacobian J at x + v, |v| < r.  This v lies in some C_k.  If v + u lies in C_k, so does
    v + s u for 0 < s < 1, hence J u = J_k u; and these u span the space.  So J = J_k, and a limit of such J
    is one of the finitely many J_k.

It follows that R(Phi) is differentiable at x if and only if J_1 = ... = J_K: then the increment is J_1 v on
all cones; and conversely (b) holds for v = 0 with every k.

A single limiting Jacobian needs no cones: `limiting_gradient` follows x + t d_1 + t^2 d_2 + ... for a basis
d_1, ..., d_N (lexicographic differentiation: Nesterov; Khan and Barton), which for small t > 0 stays in the
interior of one of them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from relu_constructions.directional_derivative import directional_derivative, one_sided_derivative
from relu_constructions.enclosure import Enclosure
from relu_constructions.exact_points import read_exact, read_exact_point
from relu_constructions.layer import ExactArray
from relu_constructions.limiting_gradient import limiting_gradient
from relu_constructions.local_cells import MAX_CELLS, local_cells, preactivation_vanishes
from relu_constructions.parametrization import Parametrization
from relu_constructions.points import arranged_jacobians


def clarke_gradient(phi: Parametrization, x: Any) -> Any:
    """Return a limiting Jacobian of R(Phi) at x, an element of Clarke's generalized Jacobian.

    Where R(Phi) is differentiable this is its derivative, and with one input the right derivative.  It costs
    a forward and a reverse pass, and at kinks N_0 + 1 forward passes more.

    Parameters
    ----------
    phi : Parametrization
    x : array_like of exact numbers, shape (N_0,) or (N_0, n)
        If N_0 = 1, also a number, or n numbers of shape (n,).

    Returns
    -------
    array of Fraction of shape (N_L, N_0), or (N_L, N_0, n) for n points
        If N_0 = N_L = 1, the result has the shape of x where x is a number or has shape (n,), as in
        `derivative`.

    Raises
    ------
    TypeError
        If a number is not exact.
    ValueError
        For a shape that does not fit.

    Examples
    --------
    >>> identity = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> clarke_gradient(identity, 0), [str(g) for g in clarke_gradient(identity, [-1, 0, "1/3"])]
    (Fraction(1, 1), ['1', '1', '1'])
    """
    points = read_exact(x, phi.architecture[0])
    found = np.empty((phi.architecture[-1], phi.architecture[0], points.columns.shape[1]), dtype=object)
    for j, point in enumerate(points.columns.T):
        found[:, :, j] = limiting_gradient(phi, point)
    return arranged_jacobians(found, points.form)


def clarke_set(phi: Parametrization, x: Any) -> Any:
    """Return Clarke's generalized derivative of R(Phi) at x, for one input: the segment between two ends.

    Parameters
    ----------
    phi : Parametrization
        With one input.
    x : exact number, or of shape (1,)

    Returns
    -------
    Enclosure, or (left, right) if there are several outputs
        All convex combinations of the left and the right derivative: as an interval of rationals, or by
        its two ends, arrays of Fraction of shape (N_L,).

    Raises
    ------
    TypeError
        If x is not exact.
    ValueError
        If the network has several inputs, or x is not one point.

    Examples
    --------
    >>> hat = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> clarke_set(hat, "1/2"), clarke_set(hat, "1/3")
    (Enclosure(-2, 2), Enclosure(2))
    >>> identity = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> clarke_set(identity, 0)
    Enclosure(1)
    """
    if phi.architecture[0] != 1:
        raise ValueError(
            f"phi must have one input, got {phi.architecture[0]} inputs; "
            "limiting_gradients lists the matrices of which the set is the convex hull"
        )
    left, right = _both_sides(phi, x)
    if phi.architecture[-1] > 1:
        return left, right
    return Enclosure(min(left, right), max(left, right))


def limiting_gradients(phi: Parametrization, x: Any, max_cells: int = MAX_CELLS) -> tuple[Any, ...]:
    """Return all limiting Jacobians of R(Phi) at x: the B-subdifferential, whose convex hull is Clarke's.

    They are sorted by their entries, row by row, so the result depends on the function R(Phi) alone.

    Parameters
    ----------
    phi : Parametrization
    x : sequence of N_0 exact numbers, or an exact number if N_0 = 1
    max_cells : int
        How many cones (see `local_cells`) are visited.

    Returns
    -------
    tuple of arrays of Fraction of shape (N_L, N_0)
        Without repetitions; of Fractions, if N_0 = N_L = 1 and x is a number.

    Raises
    ------
    TypeError
        If a number is not exact.
    ValueError
        If x is not one point, or there are more cones than `max_cells` (`TooManyCells`).

    Examples
    --------
    >>> maximum = Parametrization([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0])])
    >>> [[str(g) for g in jacobian[0]] for jacobian in limiting_gradients(maximum, [0, 0])]
    [['0', '1'], ['1', '0']]
    >>> absolute = Parametrization([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> limiting_gradients(absolute, 0), limiting_gradients(absolute, 2)
    ((Fraction(-1, 1), Fraction(1, 1)), (Fraction(1, 1),))
    """
    form = read_exact_point(x, phi.architecture[0]).form
    found: dict[tuple[Fraction, ...], ExactArray] = {}
    for cell in local_cells(phi, x, max_cells):
        found.setdefault(tuple(cell.jacobian.ravel().tolist()), cell.jacobian)
    return tuple(arranged_jacobians(found[key][:, :, None], form) for key in sorted(found))


def is_differentiable(phi: Parametrization, x: Any, max_cells: int = MAX_CELLS) -> bool:
    """Decide whether R(Phi) is differentiable at x, exactly.

    It may be so although preactivations vanish, and whatever D(Phi) is there.

    Parameters
    ----------
    phi : Parametrization
    x : sequence of N_0 exact numbers, or an exact number if N_0 = 1
    max_cells : int
        How many cones (see `local_cells`) are visited, if N_0 > 1, before it is decided.

    Returns
    -------
    bool

    Raises
    ------
    TypeError
        If a number is not exact.
    ValueError
        If x is not one point, or it is not decided after `max_cells` cones (`TooManyCells`).

    Examples
    --------
    >>> identity = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> absolute = Parametrization([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> is_differentiable(identity, 0), is_differentiable(absolute, 0)
    (True, False)
    """
    if phi.architecture[0] == 1:
        left, right = _both_sides(phi, x)
        return bool(np.all(left == right))
    if not preactivation_vanishes(phi, x):
        return True
    cells = local_cells(phi, x, max_cells)
    jacobian = next(cells).jacobian
    units = np.eye(phi.architecture[0], dtype=int)
    if any(np.any(directional_derivative(phi, x, s * units) != s * jacobian) for s in (1, -1)):
        return False
    return all(np.all(cell.jacobian == jacobian) for cell in cells)


def _both_sides(phi: Parametrization, x: Any) -> tuple[Any, Any]:
    """The left and the right derivative at a number, which may be given in a list."""
    number = read_exact_point(x, 1).columns[0, 0]
    return one_sided_derivative(phi, number, -1), one_sided_derivative(phi, number, 1)
