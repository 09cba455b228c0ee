"""Chebyshev: any function that is analytic around an interval, by a rigorous truncation of its series."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from relu_constructions.box import to_interval
from relu_constructions.construction import CONSTRUCTIONS
from relu_constructions.constructions.analytic import (
    Series,
    construction_of,
    fitted,
    network_of,
    request,
)
from relu_constructions.elementary import Elementary
from relu_constructions.parametrization import Parametrization
from relu_constructions.polynomial import Polynomial
from relu_constructions.targets import to_target


def chebyshev(
    f: Any,
    eps: Any = None,
    *,
    m: Any = None,
    domain: Any = (-1, 1),
    strategy: str = "auto",
    k: Any = None,
    norm: str = "W1inf",
) -> Parametrization:
    """Build a network for a function that is analytic around an interval, in value and derivative.

    Parameters
    ----------
    f : str, sympy expression, Elementary or Polynomial
        A function of one variable: ``"1/(1 + 25*x^2)"``, ``"exp(sin(pi*x))"``.
    eps : number, optional
        The accuracy; a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels of every square and product, instead of `eps`; the series is then truncated
        where its error is a small part of 2^-m.
    domain : pair (lo, hi)
        An interval of rationals.
    strategy : {"auto", "chebyshev", "estrin", "squares"}
        ``"chebyshev"``: splitting in a + T_n b over and over; needs no good condition.
        ``"estrin"``: splitting in a + y^n b by powers of y = (2x - lo - hi)/(hi - lo).
        ``"squares"``: completing squares, p = c q^2 + r, for low degrees.
        ``"auto"``: the smallest connectivity among these, as predicted from small networks.
    k : int, optional
        The block length, a power of two for ``"chebyshev"``; the best of several, if it is left out.
    norm : {"W1inf", "Linf"}
        What `eps` bounds: value and derivative, or the value alone.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError
        If f is singular in the domain (saying where), if its series would need too large a degree, and for
        an accuracy out of range.
    TypeError
        For floats where exactness matters, for a target without a formula, and if not exactly one of `eps`
        and `m` is given.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> phi = chebyshev("1/(1 + 4*x^2)", "1e-2")
    >>> certify(phi, method="derivation").status
    <Status.PROVED: 'PROVED'>
    >>> chebyshev("1/x", "1e-2")
    Traceback (most recent call last):
        ...
    relu_constructions.singularity.Singularity: 1/x has a pole at x = 0 in [-1, 1]
    """
    text, variable = _read(f)
    lo, hi = to_interval(domain)
    asked = request(eps, m, strategy, k, norm)
    made = fitted(Series(text, variable, (lo, hi), (lo, hi), 0, 0), asked)
    return made.recorded("chebyshev", asked, f=text, variable=variable, lo=lo, hi=hi)


def _read(f: Any) -> tuple[str, str]:
    """The text of a function of one variable, and the variable."""
    target = to_target(f)
    if isinstance(target, Polynomial):
        return str(target), target.variable
    if not isinstance(target, Elementary):
        raise TypeError(
            f"chebyshev needs a function with a formula, which its record can hold, got {type(f).__name__}"
        )
    return str(target), target.variables[0]


def series_of(f: str, variable: str, lo: Fraction, hi: Fraction, n: int, bits: int) -> Series:
    """Return the series that the parameters of a record describe."""
    return Series(f, variable, (lo, hi), (lo, hi), n, bits)


def build(
    f: str,
    variable: str,
    lo: Fraction,
    hi: Fraction,
    n: int,
    bits: int,
    strategy: str,
    k: int,
    m: int,
    late: int,
) -> Parametrization:
    """Build the network that a record describes."""
    return network_of(series_of(f, variable, lo, hi, n, bits), strategy, k, m, late)


STATEMENT = "a function that is analytic around an interval, by its Chebyshev series up to degree n"
CONSTRUCTIONS["chebyshev"] = construction_of("chebyshev", STATEMENT, build, series_of)
