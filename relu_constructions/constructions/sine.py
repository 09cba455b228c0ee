"""The sine sin(a x + phase) of any frequency: the cosine with its phase moved by pi/2."""

from __future__ import annotations

from typing import Any

from relu_constructions.constructions.cosine import built, wave
from relu_constructions.parametrization import Parametrization


def sine(
    a: Any,
    eps: Any = None,
    *,
    m: Any = None,
    bound: Any = None,
    domain: Any = None,
    phase: Any = 0,
    form: str = "versine",
    norm: str = "W1inf",
) -> Parametrization:
    """Build a network for sin(a x + phase) on [-D, D]; sin(t) = cos(t - pi/2), and all else as in `cosine`.

    Parameters
    ----------
    a, eps, m, bound, domain, phase, form, norm
        As in `cosine`.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError, TypeError
        As in `cosine`.

    Examples
    --------
    >>> phi = sine("pi", "1e-3")
    >>> round(float(phi("1/6")), 3), str(phi.derivation.target)
    (0.5, 'sin(pi*x)')
    """
    return built("cosine", wave("sin", a, phase, bound, domain), eps, m, form, norm)
