"""The Gaussian exp(-((x - mean)/width)^2/2) on an interval."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from relu_constructions.construction import CONSTRUCTIONS
from relu_constructions.constructions.analytic import (
    Series,
    construction_of,
    fitted,
    network_of,
    request,
)
from relu_constructions.constructions.chebyshev_circuits import Interval
from relu_constructions.constructions.exponential import interval
from relu_constructions.elementary import Elementary
from relu_constructions.exact import shown, to_fraction
from relu_constructions.parametrization import Parametrization


def gaussian(
    eps: Any = None,
    *,
    m: Any = None,
    width: Any = 1,
    mean: Any = 0,
    bound: Any = None,
    domain: Any = None,
    strategy: str = "auto",
    k: Any = None,
    norm: str = "W1inf",
) -> Parametrization:
    """Build a network for exp(-((x - mean)/width)^2/2), to a given accuracy in value and derivative.

    If the mean lies in the domain, the series is taken around it: it is then one in a square,
    T_(2i)(y) = T_i(2 y^2 - 1), with half the degree.

    Parameters
    ----------
    eps : number, optional
        The accuracy; a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels of every square and product, instead of `eps`.
    width : number
        A positive rational, the standard deviation.
    mean : number
        A rational.
    bound : number, optional
        D > 0 for the domain [mean - D, mean + D]; 1, if neither it nor a domain is given.
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
        For width <= 0, D <= 0, an accuracy out of range, and a domain on which the series would need too
        large a degree.
    TypeError
        For floats where exactness matters, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> phi = gaussian("1e-2", width="1/2")
    >>> certify(phi, method="derivation").status, str(phi.derivation.target)
    (<Status.PROVED: 'PROVED'>, 'exp(-2*x**2)')
    """
    sigma, mu = to_fraction(width, "width"), to_fraction(mean, "mean")
    if sigma <= 0:
        raise ValueError(f"width must be positive, got {shown(sigma)}")
    lo, hi = interval(bound, domain, mu)
    asked = request(eps, m, strategy, k, norm)
    made = fitted(series_of(sigma, mu, lo, hi, 0, 0), asked)
    return made.recorded("gaussian", asked, width=sigma, mean=mu, lo=lo, hi=hi)


def around(mean: Fraction, lo: Fraction, hi: Fraction) -> Interval:
    """Return the interval of the series: symmetric around a mean in [lo, hi], else [lo, hi].

    Examples
    --------
    >>> around(Fraction(1), Fraction(0), Fraction(3))
    (Fraction(-1, 1), Fraction(3, 1))
    """
    D = max(mean - lo, hi - mean)
    return (mean - D, mean + D) if lo <= mean <= hi else (lo, hi)


def series_of(width: Fraction, mean: Fraction, lo: Fraction, hi: Fraction, n: int, bits: int) -> Series:
    """Return the series that the parameters of a record describe."""
    moved = f"(x - ({mean}))" if mean else "x"
    f = Elementary.of(f"exp(-({1 / (2 * width**2)})*{moved}^2)")
    return Series(str(f), "x", around(mean, lo, hi), (lo, hi), n, bits)


def build(
    width: Fraction,
    mean: Fraction,
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
    return network_of(series_of(width, mean, lo, hi, n, bits), strategy, k, m, late)


STATEMENT = "exp(-((x - mean)/width)^2/2) on an interval, by its Chebyshev series up to degree n"
CONSTRUCTIONS["gaussian"] = construction_of("gaussian", STATEMENT, build, series_of)
