"""Versine shapes: how many doublings and terms reach an accuracy, and which of them need few gates."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from relu_constructions.choice import cost
from relu_constructions.circuit import Wiring
from relu_constructions.polynomial_circuits import SQUARE, STRATEGIES
from relu_constructions.versine import PI_ABOVE, Shape

MOST_TERMS = 2000
MOST_DOUBLINGS = 200
MOST_SQUARED = 10
SPAN = 60
CANDIDATES = 6
PLANS = (("squares", 1), ("squares", 3), *(("estrin", k) for k in (1, 2, 3, 4, 5, 6, 8)))


def shapes(value: Fraction, slope: Fraction | None, z: Fraction, taylor: bool = False) -> list[Shape]:
    """List shapes whose lines stay within given errors of the value and of the slope, by few gates.

    Squares are completed for few terms only: the coefficients decay, so that those of the squares explode.

    Parameters
    ----------
    value : Fraction
    slope : Fraction or None
        None if the slope does not matter.
    z : Fraction
        |z| is at most this, and at most 1.
    taylor : bool
        Whether Taylor's polynomial alone is wanted, without doubling, by a chain of products.

    Examples
    --------
    >>> [(shape.r, shape.K) for shape in shapes(Fraction(1, 10**3), Fraction(1, 10**3), Fraction(1))][:3]
    [(1, 5), (1, 5), (2, 3)]
    """
    least = value if slope is None else min(value, slope)
    found: list[tuple[int, int]] = []
    K, r = 1, None
    while r != 0 and K < MOST_TERMS and (taylor or len(found) < SPAN):
        r = _fewest_doublings(K, value, slope, z, 0 if taylor else MOST_DOUBLINGS)
        if r is not None:
            found.append((K, r))
        K += 1
    if not found:
        raise ValueError(f"the accuracy {float(least):.3g} would need more than {MOST_TERMS} terms")
    if taylor:
        K, _ = found[0]
        return [Shape(0, K, _digits(0, K, least), "horner", 0)]
    plans = [
        (gates_cost(strategy, k, K) + SQUARE * r, Shape(r, K, _digits(r, K, least), strategy, k))
        for r, K in {r: K for K, r in reversed(found)}.items()
        for strategy, k in PLANS
        if k <= K and (2 * k * k >= K // 4 if strategy == "estrin" else K <= MOST_SQUARED)
    ]
    return [shape for _, shape in sorted(plans)[:CANDIDATES]]


@lru_cache(maxsize=1024)
def gates_cost(strategy: str, k: int, K: int) -> int:
    """Return about how many nonzeros a level of the gates of a polynomial with K terms in z^2 has.

    Examples
    --------
    >>> gates_cost("squares", 1, 4), gates_cost("horner", 0, 4)
    (22, 41)
    """
    wiring = Wiring(((Fraction(0), Fraction(1)),), 1)
    terms = tuple(((i,), Fraction((-1) ** i, i + 1)) for i in range(1, K + 1))
    made = STRATEGIES[strategy](wiring, [wiring.square(wiring.inputs[0])], terms, k)
    return cost(wiring.circuit([made]))


def _fewest_doublings(K: int, value: Fraction, slope: Fraction | None, z: Fraction, most: int) -> int | None:
    """The least r for which Taylor's polynomial is accurate enough, if there is one up to `most`."""
    for r in range(most + 1):
        theta = PI_ABOVE * z / 2**r
        if r and theta > 2:
            continue
        e = theta ** (2 * K + 2) / math.factorial(2 * K + 2) * 4**r
        d = PI_ABOVE * e * (Fraction(2 * K + 2) / (theta * 2**r) + 1)
        if e <= value and (slope is None or d <= slope):
            return r
    return None


def _digits(r: int, K: int, least: Fraction) -> int:
    """The binary digits with which rounding contributes at most half of an error."""
    ratio = Fraction(2 * 4**r * K * (K + 5)) / least
    bits: int = ratio.numerator.bit_length() - ratio.denominator.bit_length() + 1
    return max(1, bits)
