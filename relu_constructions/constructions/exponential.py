"""The exponential exp(a x) on an interval."""

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
from relu_constructions.constructions.chebyshev_circuits import Interval
from relu_constructions.elementary import Elementary
from relu_constructions.exact import shown, to_fraction
from relu_constructions.parametrization import Parametrization


def exponential(
    eps: Any = None,
    *,
    m: Any = None,
    rate: Any = 1,
    bound: Any = None,
    domain: Any = None,
    strategy: str = "auto",
    k: Any = None,
    norm: str = "W1inf",
) -> Parametrization:
    """Build a network for exp(rate x) on [-D, D], to a given accuracy in value and derivative.

    Parameters
    ----------
    eps : number, optional
        The accuracy, which is absolute; a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels of every square and product, instead of `eps`.
    rate : number
        A rational other than 0.
    bound : number, optional
        D > 0; 1, if neither it nor a domain is given.
    domain : pair (lo, hi), optional
        An interval, instead of `bound`.
    strategy, k, norm
        As in `chebyshev`.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError
        For rate = 0, D <= 0, an accuracy out of range, and a domain on which the series would need too large
        a degree.
    TypeError
        For floats where exactness matters, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> phi = exponential("1e-2", rate=-2)
    >>> certify(phi, method="derivation").status, str(phi.derivation.target)
    (<Status.PROVED: 'PROVED'>, 'exp(-2*x)')
    """
    a = to_fraction(rate, "rate")
    if a == 0:
        raise ValueError("the rate must not be 0; exp(0*x) is a constant")
    lo, hi = interval(bound, domain)
    asked = request(eps, m, strategy, k, norm)
    made = fitted(series_of(a, lo, hi, 0, 0), asked)
    return made.recorded("exponential", asked, rate=a, lo=lo, hi=hi)


def interval(bound: Any, domain: Any, center: Fraction = Fraction(0)) -> Interval:
    """Read an interval, or the bound of a symmetric one; at most one of them may be given.

    Examples
    --------
    >>> interval(2, None), interval(None, (0, "1/2"))
    ((Fraction(-2, 1), Fraction(2, 1)), (Fraction(0, 1), Fraction(1, 2)))
    """
    if bound is not None and domain is not None:
        raise TypeError("give either a bound or a domain, not both")
    if domain is not None:
        return to_interval(domain)
    D = to_fraction(1 if bound is None else bound, "bound")
    if D <= 0:
        raise ValueError(f"bound must be positive, got {shown(D)}")
    return center - D, center + D


def series_of(rate: Fraction, lo: Fraction, hi: Fraction, n: int, bits: int) -> Series:
    """Return the series that the parameters of a record describe."""
    return Series(str(Elementary.of(f"exp(({rate})*x)")), "x", (lo, hi), (lo, hi), n, bits)


def build(
    rate: Fraction,
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
    return network_of(series_of(rate, lo, hi, n, bits), strategy, k, m, late)


STATEMENT = "exp(a x) on an interval, by its Chebyshev series up to degree n"
CONSTRUCTIONS["exponential"] = construction_of("exponential", STATEMENT, build, series_of)
