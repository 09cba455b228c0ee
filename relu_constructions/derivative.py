"""D(Phi): the derivative of a parametrization.

D(Phi)(x) = A_L Delta_{L-1} A_{L-1} ... Delta_1 A_1, where Delta_l is diagonal with the slopes of the
activation at the preactivations of layer l: for ReLU 1 where these are positive, 0 where they are negative
and a number c, the convention, where they are zero.  This is what forward and reverse automatic
differentiation return (c = 0 for relu in PyTorch).  It is a function of the parametrization, not of
the function R(Phi): networks that realize the same function may differ in it at kinks, and it is the
derivative of R(Phi) almost everywhere only.
"""

from __future__ import annotations

from typing import Any

from relu_constructions.activation import conventions
from relu_constructions.derivative_balls import derivative_in_balls
from relu_constructions.derivative_exact import derivative_at_rationals
from relu_constructions.derivative_floats import derivative_in_floats
from relu_constructions.derivative_symbolic import derivative_polynomials, is_symbol
from relu_constructions.exact import from_float, to_fraction
from relu_constructions.parametrization import Parametrization
from relu_constructions.points import AnyArray, arranged_jacobians, object_array, read_points, to_mpf


def derivative(phi: Parametrization, x: Any, at_kink: Any = 0) -> Any:
    """Evaluate D(Phi) at x, with a convention c for the derivative of the activation at its kinks.

    D(Phi) is what automatic differentiation returns.  It equals the derivative of R(Phi) for almost every
    x; where a preactivation is a kink it may be anything, even for a network that realizes x (last examples).
    For merged concatenation the chain rule D(Psi o Phi)(x) = D(Psi)(R(Phi)(x)) D(Phi)(x) holds at every x.

    Parameters
    ----------
    phi : Parametrization
    x : array_like of shape (N_0,) or (N_0, n), or a number or (n,) if N_0 = 1
        As in `realization`: floats are evaluated in float64, exact numbers exactly, `mpmath.mpf` exactly with
        one rounding at the end, and `flint.arb` in balls, which contain D(Phi)(t) for all t in the balls and
        the slopes on both sides of every kink that may lie in them.
    at_kink : exact number, or a float if x is made of floats, or sequence of such, or sympy Symbol
        The number c, which stands for the slope (1 - c) s + c s' between the slopes s on the left and s' on
        the right of a kink: 1 - c times 0 plus c times 1 for ReLU.  For an activation with k kinks it may be
        a sequence of k numbers.  For a symbol, polynomials in it are returned; x must be exact then.

    Returns
    -------
    array of shape (N_L, N_0), or (N_L, N_0, n) for n points
        If N_0 = N_L = 1, the result has the shape of x where x is a number or has shape (n,).

    Raises
    ------
    TypeError
        If x is exact and `at_kink` is a float, or x is exact and the activation is not piecewise affine;
        if x is not exact and `at_kink` is a symbol; and as in `realization`.
    ValueError
        If there are not as many conventions as kinks; and as in `realization`.

    See Also
    --------
    relu_constructions.kinks.kinks : where it leaves the Clarke set, for one input and one output.
    relu_constructions.clarke.clarke_gradient : an element of the Clarke set, always.

    Examples
    --------
    >>> hat = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> derivative(hat, [0.25, 0.75]), derivative(hat, "1/2"), derivative(hat, "1/2", at_kink=1)
    (array([ 2., -2.]), Fraction(2, 1), Fraction(-2, 1))
    >>> identity = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> [derivative(identity, 0, at_kink=c) for c in (0, "1/2", 1)]
    [Fraction(0, 1), Fraction(1, 1), Fraction(2, 1)]
    >>> import sympy
    >>> derivative(identity, 0, at_kink=sympy.Symbol("c")), derivative(identity, 1, at_kink=sympy.Symbol("c"))
    (2*c, 1)
    """
    points = read_points(x, phi.architecture[0])
    if is_symbol(at_kink):
        if points.kind != "exact":
            raise TypeError("x must be exact where at_kink is a symbol; pass a rational such as '1/2'")
        return arranged_jacobians(derivative_polynomials(phi, points.columns, at_kink), points.form)
    if points.kind == "float":
        given = [float(c) for c in conventions(phi.activation, at_kink, from_float)]
        return arranged_jacobians(derivative_in_floats(phi, points.columns, given), points.form)
    exact = conventions(phi.activation, at_kink, to_fraction)
    if points.kind == "arb":
        return arranged_jacobians(derivative_in_balls(phi, points.columns, exact), points.form)
    values = derivative_at_rationals(phi, points.columns, exact)
    return arranged_jacobians(_rounded(values) if points.kind == "mpf" else values, points.form)


def _rounded(values: AnyArray) -> AnyArray:
    return object_array(values.shape, [to_mpf(value) for value in values.flat])
