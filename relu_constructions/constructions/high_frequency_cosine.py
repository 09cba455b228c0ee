"""The cosine cos(2 pi 2^n x) of high frequency on [0, 1]: one base network after the sawtooth.

cos(2 pi 2^n x) = cos(pi h_{n+1}(x)), so the network C of cos(pi z) on [0, 1] is put after the sawtooth with
2^n teeth.  The error of the value is that of C, the error of the slope 2^(n+1) times that of C.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from relu_constructions.angle import Angle
from relu_constructions.box import Box
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation
from relu_constructions.constructions.cosine import built, prove, recorded
from relu_constructions.elementary import Elementary
from relu_constructions.exact import shown, to_integer
from relu_constructions.parametrization import Parametrization
from relu_constructions.schedule import network
from relu_constructions.theorem import Theorem
from relu_constructions.versine import Shape, truncation_lines
from relu_constructions.wave import Wave, wave_circuit, wave_of
from relu_constructions.worst_case import worst_case

MOST_DOUBLINGS = 10_000
_ZERO, _ONE = Fraction(0), Fraction(1)
THEOREM = Theorem(
    name="cosine of high frequency",
    statement="cos(2 pi 2^n x) on [0, 1] by n + 1 folds and one network for cos(pi z) on [0, 1], which is "
    "off by at most e0 in its value and e1 in its slope, with K terms, r doublings and squares of m levels",
    reference="relu_constructions; folding as in EPGB 2021 and Perekrestenko et al. 2018 (from memory)",
    parameters=("n", "r", "K", "m", "e0", "e1"),
    requires="n >= 0, r >= 0, K >= 1, m >= 1",
    at_most={
        "depth": "n + 1 + (r + 1 + 2*floor(log(K, 2)))*(m + 1) + 1",
        "width": "K + 4",
        "connectivity": "5*(n + 1) + 8*(r + K + 1)*(m + 1)",
        "value_error": "e0",
        "derivative_error": "2**(n + 1)*e1",
    },
)


def high_frequency_cosine(n: Any, eps: Any = None, *, m: Any = None, norm: str = "W1inf") -> Parametrization:
    """Build a network for cos(2 pi 2^n x) on [0, 1], to a given accuracy in value and derivative.

    Parameters
    ----------
    n : int
        The number of doublings of the frequency, at least 0.
    eps : number, optional
        The accuracy; in W^{1,inf} the base network must be 2^(n+1) times as accurate in its slope.
    m : int, optional
        The number of levels of every square, instead of `eps`: networks with equal m have the same base
        network, which is accurate to about 2^-m.
    norm : {"W1inf", "Linf"}
        What `eps` bounds: value and derivative, or the value alone.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError
        For n < 0, an accuracy out of range, and a frequency for which the network would be too large.
    TypeError
        If n is no integer, or not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> low, high = high_frequency_cosine(0, m=8), high_frequency_cosine(10, m=8)
    >>> high.connectivity - low.connectivity, high("1/2048") == low("1/2")
    (50, True)
    >>> certify(high_frequency_cosine(3, "1e-2"), method="derivation").status
    <Status.PROVED: 'PROVED'>
    """
    doublings = to_integer(n, "n", 0)
    if doublings > MOST_DOUBLINGS:
        raise ValueError(f"n must be at most {MOST_DOUBLINGS}, got {shown(doublings)}")
    wave = Wave("cos", Angle(_ZERO, Fraction(2 ** (doublings + 1))), Angle(_ZERO, _ZERO), _ZERO, _ONE)
    phi = built("cosine", wave, eps, m, "versine", norm)
    assert phi.derivation is not None
    kept = ("r", "K", "bits", "strategy", "k", "m", "late")
    parameters = [(name, value) for name, value in phi.derivation.parameters if name in kept]
    record = Derivation(
        "high_frequency_cosine",
        tuple(sorted([*parameters, ("n", doublings)])),
        eps=phi.derivation.eps,
        norm=norm,
    )
    return phi.with_derivation(record)


def _wave(n: int) -> dict[str, Any]:
    """The wave in the words of `cosine`."""
    return {"function": "cos", "a": f"{2 ** (n + 1)}*pi", "phase": "0", "lo": _ZERO, "hi": _ONE, "digits": 0}


def _build(n: int, r: int, K: int, bits: int, strategy: str, k: int, m: int, late: int) -> Parametrization:
    made = recorded(**_wave(n), r=r, K=K, bits=bits, strategy=strategy, k=k, m=m)[2]
    return network(made.circuit, bool(late))


def _prove(phi: Parametrization, n: int, **parameters: Any) -> Bound:
    return prove(phi, unit=0, **_wave(n), **parameters)


@lru_cache(maxsize=16)
def base_errors(shape: Shape, m: int) -> tuple[Fraction, Fraction]:
    """Bound the errors of the base network, C against cos(pi z) on [0, 1], in value and slope.

    Examples
    --------
    >>> value, slope = base_errors(Shape(3, 3, 40), 15)
    >>> value < Fraction(1, 10**6), slope < Fraction(1, 10**3)
    (True, True)
    """
    base = wave_of("cos", "pi", "0", _ZERO, _ONE)
    found = worst_case(wave_circuit(base, shape, 0, m).circuit)
    lines = truncation_lines(shape, _ONE, _ONE)
    return (
        sum((line.value_error for line in lines), found.value_error),
        sum((line.derivative_error for line in lines), found.derivative_error),
    )


def _symbols(
    n: int, r: int, K: int, bits: int, strategy: str, k: int, m: int, late: int
) -> Mapping[str, Fraction | int]:
    e0, e1 = base_errors(Shape(r, K, bits, strategy, k), m)
    return {"n": n, "r": r, "K": K, "m": m, "e0": e0, "e1": e1}


def _domain(**parameters: Any) -> Box:
    return ((_ZERO, _ONE),)


CONSTRUCTIONS["high_frequency_cosine"] = Construction(
    build=_build,
    theorem=lambda **parameters: THEOREM,
    symbols=_symbols,
    target=lambda n, **parameters: Elementary.of(f"cos({2 ** (n + 1)}*pi*x)", variables=("x",)),
    domain=_domain,
    pieces=lambda **parameters: 0,
    prove=_prove,
)
