"""The square root of x on an interval of positive numbers."""

from __future__ import annotations

from typing import Any

from relu_constructions.construction import CONSTRUCTIONS
from relu_constructions.constructions.analytic import construction_on_positive_numbers, on_positive_numbers
from relu_constructions.parametrization import Parametrization

FUNCTION = "sqrt(x)"


def square_root(
    eps: Any = None,
    *,
    m: Any = None,
    domain: Any = ("1/2", 2),
    strategy: str = "auto",
    k: Any = None,
    norm: str = "W1inf",
) -> Parametrization:
    """Build a network for sqrt(x) on an interval away from 0, to a given accuracy in value and derivative.

    Parameters
    ----------
    eps : number, optional
        The accuracy; a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels of every square and product, instead of `eps`.
    domain : pair (lo, hi)
        Rationals with 0 < lo < hi; the degree of the series grows like the square root of hi/lo.
    strategy, k, norm
        As in `chebyshev`.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError
        For a domain with lo <= 0, an accuracy out of range, and a domain on which the series would need too
        large a degree.
    TypeError
        For floats where exactness matters, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> phi = square_root("1e-2")
    >>> certify(phi, method="derivation").status, str(phi.derivation.target)
    (<Status.PROVED: 'PROVED'>, 'sqrt(x)')
    """
    return on_positive_numbers("square_root", FUNCTION, domain, eps, m, strategy, k, norm)


STATEMENT = "sqrt(x) on an interval [lo, hi] with lo > 0, by its Chebyshev series up to degree n"
CONSTRUCTIONS["square_root"] = construction_on_positive_numbers("square_root", FUNCTION, STATEMENT)
