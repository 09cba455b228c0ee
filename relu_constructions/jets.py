"""Jets: value, gradient and Hessian of an expression in several variables, by balls.

A function of one variable acts on a jet by its own Taylor series of three coefficients, so every operation
but sum and product is that of the series in one variable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb, arb_series

from relu_constructions.ball_arithmetic import SERIES, Arithmetic

LENGTH = 3
"""The coefficients of the series that a function acts by; `ctx.cap` must be set to it."""


class Jet(NamedTuple):
    """A Taylor polynomial of degree 2 in several variables; what does not occur is zero.

    Attributes
    ----------
    value : arb
    gradient : dict
        From indices of variables to balls.
    hessian : dict
        From pairs (i, j) with i <= j to balls.
    """

    value: arb
    gradient: dict[int, arb]
    hessian: dict[tuple[int, int], arb]


def coordinates(values: Sequence[arb]) -> list[Jet]:
    """Return the variables themselves.

    Examples
    --------
    >>> coordinates([arb(2), arb(3)])[1].gradient
    {1: 1.00000000000000}
    """
    return [Jet(value, {j: arb(1)}, {}) for j, value in enumerate(values)]


def to_jet(given: Any) -> Jet:
    """Return a jet; a ball is a constant."""
    return given if isinstance(given, Jet) else Jet(given, {}, {})


def _merged(p: dict[Any, arb], q: dict[Any, arb]) -> dict[Any, arb]:
    return {**p, **{key: p[key] + c if key in p else c for key, c in q.items()}}


def _scaled(p: dict[Any, arb], factor: arb) -> dict[Any, arb]:
    return {key: c * factor for key, c in p.items()}


def _add(p: Any, q: Any) -> Jet:
    p, q = to_jet(p), to_jet(q)
    return Jet(p.value + q.value, _merged(p.gradient, q.gradient), _merged(p.hessian, q.hessian))


def _times(p: Jet, factor: arb) -> Jet:
    return Jet(p.value * factor, _scaled(p.gradient, factor), _scaled(p.hessian, factor))


def _subtract(p: Any, q: Any) -> Jet:
    return _add(p, _times(to_jet(q), arb(-1)))


def _multiply(p: Any, q: Any) -> Jet:
    p, q = to_jet(p), to_jet(q)
    if not q.gradient:
        return _times(p, q.value)
    gradient = _merged(_scaled(p.gradient, q.value), _scaled(q.gradient, p.value))
    hessian = _merged(_scaled(p.hessian, q.value), _scaled(q.hessian, p.value))
    return Jet(p.value * q.value, gradient, _merged(hessian, _crossed(p.gradient, q.gradient)))


def _crossed(p: dict[int, arb], q: dict[int, arb]) -> dict[tuple[int, int], arb]:
    """p_i q_j + p_j q_i, which are two equal summands where i = j."""
    found: dict[tuple[int, int], arb] = {}
    for i, a in p.items():
        for j, b in q.items():
            key = (i, j) if i <= j else (j, i)
            product = 2 * a * b if i == j else a * b
            found[key] = found[key] + product if key in found else product
    return found


def _apply(name: str, u: Jet, parameter: Any) -> Jet:
    """The chain rule: g(u) has gradient g'(u) Du and Hessian g'(u) DDu + g''(u) Du Du."""
    series = SERIES[name](arb_series([u.value, 1]), parameter)
    first, half = series[1], series[2]
    squares = {
        (i, j): (2 * half) * a * b for i, a in u.gradient.items() for j, b in u.gradient.items() if i <= j
    }
    return Jet(series[0], _scaled(u.gradient, first), _merged(_scaled(u.hessian, first), squares))


def _divide(p: Any, q: Jet) -> Jet:
    return _multiply(p, _apply("integer power", q, -1))


def _applied(name: str) -> Any:
    return lambda u, parameter: _apply(name, u, parameter)


JETS: Arithmetic = {
    **{name: _applied(name) for name in SERIES},
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
}
