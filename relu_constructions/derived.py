"""Derived: both errors of a network, enclosed without listing its pieces.

The upper ends are what the checked derivation proves; the lower ends are exact evaluations of the network
itself, at the points where the derivation expects the errors to be large.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from relu_constructions.ball_function import BallFunction
from relu_constructions.balls import ends, working
from relu_constructions.box import Box
from relu_constructions.construction import Bound, Point, check
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.elementary import Elementary
from relu_constructions.enclosure import Enclosure
from relu_constructions.exact import shown
from relu_constructions.limiting_gradient import limiting_gradient
from relu_constructions.multivariate import MultivariatePolynomial
from relu_constructions.parametrization import Parametrization
from relu_constructions.polynomial import Polynomial
from relu_constructions.rounding import below
from relu_constructions.supremum import Suprema, Supremum
from relu_constructions.targets import Target, Targets

SMOOTH = (Elementary, BallFunction)
MOST_BITS = 4096
Found = tuple[Fraction, Any]


def derived(phi: Parametrization, f: Targets, where: Box) -> tuple[Suprema, Bound]:
    """Enclose both errors on a box that the derivation speaks of; return also the bound that it proves.

    Raises
    ------
    DerivationRefused
        If the record does not build this network, or does not prove its errors.

    Examples
    --------
    >>> from relu_constructions import square
    >>> phi = square(m=3)
    >>> found, bound = derived(phi, (phi.derivation.target,), phi.derivation.domain)
    >>> found.value.enclosure, bound.pieces
    (Enclosure(1/256), 8)
    """
    bound = check(phi)
    value = _attained(bound.value_error, _value_errors(phi, f, where, bound))
    derivative = _attained(bound.derivative_error, _derivative_errors(phi, f, where, bound))
    return Suprema(value, derivative), bound


def _attained(upper: Fraction, errors: Iterator[Found]) -> Supremum:
    """Evaluate at the points where the derivation expects the worst, until the upper bound is met."""
    lower, at = next(errors)
    while lower != upper and (found := next(errors, None)) is not None:
        lower, at = max((lower, at), found, key=lambda pair: pair[0])
    if lower > upper:
        raise ArithmeticError(f"the error at {_written(at)} exceeds the derived bound: a rule is wrong")
    return Supremum(Enclosure(lower, upper), at)


def _value_errors(phi: Parametrization, f: Targets, where: Box, bound: Bound) -> Iterator[Found]:
    inside = [x for x in bound.value_points if _contains(where, x)]
    for x in inside or _probes(where):
        values = _listed(phi(list(x)))
        yield max(_value_error(g, x, y) for g, y in zip(f, values, strict=True)), _place(x)


def _derivative_errors(phi: Parametrization, f: Targets, where: Box, bound: Bound) -> Iterator[Found]:
    inside = [(x, way) for x, way in bound.derivative_points if _contains(where, x) and _stays(where, x, way)]
    for x, way in inside or [(x, _inwards(where, x)) for x in _probes(where)]:
        yield max(_slope_errors(phi, f, x, way)), _place(x)


def _slope_errors(phi: Parametrization, f: Targets, x: Point, way: Point) -> Iterable[Fraction]:
    if len(x) == 1:
        side = 1 if way[0] > 0 else -1
        slopes = _listed(one_sided_derivative(phi, x[0], side))
        return [_slope_error(g, x[0], side, y) for g, y in zip(f, slopes, strict=True)]
    rows = limiting_gradient(phi, x, way)
    return [abs(_partial(g, j, x) - row[j]) for g, row in zip(f, rows, strict=True) for j in range(len(x))]


def _probes(where: Box) -> list[Point]:
    """The middle of a box and two opposite corners."""
    middle = tuple((lo + hi) / 2 for lo, hi in where)
    return [middle, tuple(lo for lo, _ in where), tuple(hi for _, hi in where)]


def _inwards(where: Box, x: Point) -> Point:
    return tuple(Fraction(-1 if t == hi else 1) for t, (_, hi) in zip(x, where, strict=True))


def _contains(where: Box, x: Point) -> bool:
    return all(lo <= t <= hi for t, (lo, hi) in zip(x, where, strict=True))


def _stays(where: Box, x: Point, way: Point) -> bool:
    """Whether small steps along the direction, and smaller ones along unit vectors, stay in the box."""
    pivot = next(j for j, step in enumerate(way) if step)
    for j, (t, step, (lo, hi)) in enumerate(zip(x, way, where, strict=True)):
        upwards = step > 0 or (step == 0 and j != pivot)
        if (t == hi and upwards) or (t == lo and not upwards):
            return False
    return True


def _value_error(f: Target, x: Point, y: Fraction) -> Fraction:
    """|f(x) - y|, or a number just below it where f has no rational value."""
    if isinstance(f, MultivariatePolynomial):
        return abs(f(x) - y)
    if isinstance(f, SMOOTH):
        return distance_below(lambda bits: f.taylor(x[0], x[0], x[0], 1, bits)[0], y)
    return abs(f(x[0]) - y)


def _slope_error(f: Target, x: Fraction, side: int, y: Fraction) -> Fraction:
    """The same for the slope towards one side."""
    if isinstance(f, Polynomial):
        return abs(f.derivative()(x) - y)
    if isinstance(f, MultivariatePolynomial):
        return abs(f.derivative(0)((x,)) - y)
    if isinstance(f, SMOOTH):
        return distance_below(lambda bits: f.taylor(x, x, x, 1, bits)[1], y)
    return abs(f.one_sided_derivative(x, side) - y)


def distance_below(value: Callable[[int], Any], y: Fraction) -> Fraction:
    """Return a lower bound for the distance of a number, known by balls, from a rational; a close one.

    Parameters
    ----------
    value : callable
        From a precision in bits, which flint works with while it is called, to a ball.
    y : Fraction

    Examples
    --------
    >>> import flint
    >>> near = distance_below(lambda bits: flint.arb.pi(), Fraction(3))
    >>> Fraction(14159, 10**5) < near < Fraction(14160, 10**5)
    True
    """
    bits, most = 64, 2 * (y.numerator.bit_length() + y.denominator.bit_length()) + MOST_BITS
    while True:
        with working(bits):
            lower, upper = ends(value(bits))
        near = max(lower - y, y - upper, Fraction(0))
        if bits >= most or 1000 * (upper - lower) <= near:
            return below(near)
        bits *= 2


def _partial(f: Target, j: int, x: Point) -> Fraction:
    assert isinstance(f, MultivariatePolynomial)
    return f.derivative(j)(x)


def _listed(values: Any) -> list[Fraction]:
    return [values] if isinstance(values, Fraction) else list(values)


def _place(x: Point) -> Any:
    return x[0] if len(x) == 1 else x


def _written(at: Any) -> str:
    return shown(at) if isinstance(at, Fraction) else f"({', '.join(map(shown, at))})"
