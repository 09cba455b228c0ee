"""Levels: the fewest levels of folding with which a circuit is proved to be accurate enough."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from relu_constructions.circuit import Circuit
from relu_constructions.exact import shown
from relu_constructions.worst_case import worst_case

MOST_LEVELS = 1_000_000


def fewest_levels(
    write: Callable[[int], Circuit], eps: Fraction, norm: str = "W1inf", cells: int = 200, start: int = 12
) -> int:
    """Return the least m >= 1 for which the bound of the circuit with m levels is at most eps.

    Each further level divides the derivative error by about 2 and the value error by about 4, so the first
    bound tells where to look.

    Parameters
    ----------
    write : callable
        Makes the circuit with m levels.
    eps : Fraction
    norm : {"W1inf", "Linf"}
    cells : int
        The effort spent on each bound.
    start : int
        The first m that is tried.

    Raises
    ------
    ValueError
        If more than a million levels would be needed.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> def write(m):
    ...     wiring = Wiring(((Fraction(0), Fraction(1)),), m)
    ...     return wiring.circuit([wiring.square(wiring.inputs[0])])
    >>> fewest_levels(write, Fraction(1, 10**6))
    20
    """

    def excess(m: int) -> int:
        """The levels still missing, as far as one bound can tell; negative where there are too many."""
        if m > MOST_LEVELS:
            raise ValueError(f"eps = {shown(eps)} would need more than {MOST_LEVELS} levels")
        found = worst_case(write(m), cells)
        by_value = _binary_exponent(found.value_error / eps)
        by_slope = _binary_exponent(found.derivative_error / eps) if norm == "W1inf" else -m
        return max(-(-by_value // 2), by_slope, 1 - m)

    m = start
    known: dict[int, int] = {}
    while m not in known:
        known[m] = excess(m)
        m += known[m]
    while known[m] > 0:
        m += 1
        known.setdefault(m, excess(m))
    while m > 1 and known.setdefault(m - 1, excess(m - 1)) <= 0:
        m -= 1
    return m


def _binary_exponent(ratio: Fraction) -> int:
    """The least k with ratio <= 2^k; very small for ratio 0."""
    if ratio == 0:
        return -MOST_LEVELS
    k = ratio.numerator.bit_length() - ratio.denominator.bit_length() - 1
    while ratio > Fraction(2) ** k:
        k += 1
    return k
