"""Ball arithmetic: what the operations of an expression mean for balls, series of balls and complex balls.

An operation that may meet a singularity inside its argument raises `Undefined`: no ball of flint that is not
a number is passed on, because a series with the coefficient zero would swallow it.  Nothing relies on what
flint does at a branch cut: the sides of the cuts are tested here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from flint import acb, arb, arb_series

Arithmetic = Mapping[str, Callable[..., Any]]
"""From the names of operations to functions of two operands; those with one argument ignore the second."""


class Undefined(ArithmeticError):  # noqa: N818
    """The argument of an operation may be where it is not defined or not smooth."""


def _demand(condition: bool) -> None:
    if not condition:
        raise Undefined("an operation may be undefined on its argument")


def _finite(value: Any) -> Any:
    _demand(value.is_finite())
    return value


def _quotient(p: Any, q: Any) -> Any:
    _demand(not q.contains(0))
    return p / q


def _integer_power(u: arb, n: int) -> arb:
    """u**n; flint's own is not a number for balls around zero."""
    if not u.contains(0):
        return u**n
    _demand(n >= 0)
    if n <= 3:
        return (arb(1), u, u * u, u * u * u)[n]
    most = u.abs_upper() ** n
    return most.union(arb(0)) if n % 2 == 0 else most.union(-most)


def _root(u: arb, _: Any) -> arb:
    _demand(u >= 0)
    return u.sqrt()


def _positive(function: Callable[[Any, Any], Any], first: Callable[[Any], arb]) -> Callable[[Any, Any], Any]:
    """The function, for arguments that are proved positive."""

    def guarded(u: Any, parameter: Any) -> Any:
        if not first(u) > 0:
            raise Undefined("an argument must be positive")
        return function(u, parameter)

    return guarded


def _itself(u: arb) -> arb:
    return u


def _plain(name: str) -> Callable[[Any, Any], Any]:
    return lambda u, _: getattr(u, name)()


_COMMON: Arithmetic = {"add": operator.add, "subtract": operator.sub, "multiply": operator.mul}

REAL: Arithmetic = {
    **_COMMON,
    "divide": _quotient,
    "integer power": _integer_power,
    "power": _positive(lambda u, q: (u.log() * q).exp(), _itself),
    "root": _root,
    "inverse root": _positive(lambda u, _: u.rsqrt(), _itself),
    "log": _positive(lambda u, _: u.log(), _itself),
    "tan": lambda u, _: _finite(u.tan()),
    "abs": lambda u, _: abs(u),
    "sin": lambda u, _: u.sin(),
    "cos": lambda u, _: u.cos(),
    "exp": lambda u, _: u.exp(),
    "atan": lambda u, _: u.atan(),
    "sinh": lambda u, _: u.sinh(),
    "cosh": lambda u, _: u.cosh(),
    "tanh": lambda u, _: u.tanh(),
}


def _first(u: arb_series) -> arb:
    return u[0]


def _series_quotient(p: Any, q: arb_series) -> arb_series:
    """p / q; flint would divide leading zeros out, and lose coefficients."""
    if q[0].contains(0):
        raise Undefined("a divisor may be zero")
    quotient: arb_series = p / q
    return quotient


def _series_power(u: arb_series, n: int) -> arb_series:
    if n == 2:
        return u * u
    _demand(n > 0 or not u[0].contains(0) or n == 0)
    return u**n


def _series_tan(u: arb_series, _: Any) -> arb_series:
    _demand(not u[0].cos().contains(0))
    return u.tan()


def _series_abs(u: arb_series, _: Any) -> arb_series:
    first = u[0]
    _demand(first > 0 or first < 0)
    return u if first > 0 else -u


def _hyperbolic(u: arb_series) -> tuple[arb, arb, arb_series, arb_series]:
    """sinh and cosh of u_0, and of v = u - u_0, which begins with exactly zero.

    The addition theorem keeps what a wide ball u_0 costs to one factor; (exp(u) - exp(-u))/2 would not.
    """
    sinh, cosh = u[0].sinh_cosh()
    growth = arb_series([arb(0), *u.coeffs()[1:]]).exp()
    decay = growth.inv()
    return sinh, cosh, (growth - decay) / 2, (growth + decay) / 2


def _series_sinh(u: arb_series, _: Any) -> arb_series:
    sinh, cosh, odd, even = _hyperbolic(u)
    return even * sinh + odd * cosh


def _series_cosh(u: arb_series, _: Any) -> arb_series:
    sinh, cosh, odd, even = _hyperbolic(u)
    return even * cosh + odd * sinh


def _series_tanh(u: arb_series, _: Any) -> arb_series:
    """(tanh u_0 + tanh v) / (1 + tanh u_0 tanh v) for v = u - u_0."""
    _, _, odd, even = _hyperbolic(u)
    tanh, rest = u[0].tanh(), odd / even
    return _series_quotient(rest + tanh, rest * tanh + 1)


SERIES: Arithmetic = {
    **_COMMON,
    "divide": _series_quotient,
    "integer power": _series_power,
    "power": _positive(lambda u, q: (u.log() * q).exp(), _first),
    "root": _positive(lambda u, _: u.sqrt(), _first),
    "inverse root": _positive(lambda u, _: u.rsqrt(), _first),
    "log": _positive(lambda u, _: u.log(), _first),
    "tan": _series_tan,
    "abs": _series_abs,
    "sin": lambda u, _: u.sin(),
    "cos": lambda u, _: u.cos(),
    "exp": lambda u, _: u.exp(),
    "atan": lambda u, _: u.atan(),
    "sinh": _series_sinh,
    "cosh": _series_cosh,
    "tanh": _series_tanh,
}


def _complex_power(u: acb, n: int) -> acb:
    _demand(n >= 0 or not u.contains(0))
    return u * u if n == 2 else u**n


def _off_cut(function: Callable[[acb, Any], acb]) -> Callable[[acb, Any], acb]:
    """The function, for arguments that are proved to be off (-inf, 0]."""

    def guarded(u: acb, parameter: Any) -> acb:
        _demand(u.real > 0 or not u.imag.contains(0))
        return function(u, parameter)

    return guarded


def _complex_atan(u: acb, _: Any) -> acb:
    """The cuts are i[1, inf) and -i[1, inf)."""
    inside = u.imag < 1 and u.imag > -1
    _demand(inside or not u.real.contains(0))
    return u.atan()


def _complex_abs(u: acb, _: Any) -> acb:
    """The analytic function u or -u, where the sign of the real part is proved."""
    _demand(u.real > 0 or u.real < 0)
    return u if u.real > 0 else -u


COMPLEX: Arithmetic = {
    **_COMMON,
    "divide": _quotient,
    "integer power": _complex_power,
    "power": _off_cut(lambda u, q: (u.log() * q).exp()),
    "root": _off_cut(lambda u, _: u.sqrt()),
    "inverse root": _off_cut(lambda u, _: u.rsqrt()),
    "log": _off_cut(lambda u, _: u.log()),
    "tan": lambda u, _: _finite(u.tan()),
    "abs": _complex_abs,
    "sin": lambda u, _: u.sin(),
    "cos": lambda u, _: u.cos(),
    "exp": lambda u, _: u.exp(),
    "atan": _complex_atan,
    "sinh": lambda u, _: u.sinh(),
    "cosh": lambda u, _: u.cosh(),
    "tanh": lambda u, _: _finite(u.tanh()),
}
"""The real parts of the argument of tan and tanh: near a pole the values are unbounded, so a ball around one
has no finite enclosure; that the result is finite shows that there is none."""
