"""The reciprocal 1/x on [lo, hi], lo > 0, by Newton's iteration with growing levels (`newton`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from relu_constructions.box import to_interval
from relu_constructions.circuit_bound import demand_agreement, largest_slope, largest_value, worst_points
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation
from relu_constructions.elementary import Elementary
from relu_constructions.exact import shown, to_tolerance
from relu_constructions.newton import Newton, demand_newton, newton, residuals
from relu_constructions.parametrization import Parametrization
from relu_constructions.schedule import network
from relu_constructions.theorem import Theorem

Levels = list[tuple[int, int]]
MOST_STEPS, MOST_LEVELS = 64, 200_000
TARGET = Elementary.of("1/x")
THEOREM = Theorem(
    name="reciprocal",
    statement="1/x on [lo, hi] by K steps of Newton's iteration, whose products have M levels in all",
    reference="relu_constructions; Newton's iteration corrects itself, only the last step needs all levels",
    parameters=("K", "M"),
    requires="K >= 1, M >= 1",
    at_most={
        "depth": "M + 2*K + 1",
        "width": "8",
        "connectivity": "15*M + 20*K + 10",
    },
)


def reciprocal(eps: Any, *, domain: Any = ("1/2", 1), norm: str = "W1inf") -> Parametrization:
    """Build a network for 1/x on an interval of positive numbers, with O(log(1/eps)) nonzeros.

    Parameters
    ----------
    eps : number
        The accuracy; a string such as ``"1e-6"`` is read exactly.
    domain : pair (lo, hi)
        With 0 < lo < hi; the cost grows with hi/lo.
    norm : {"W1inf", "Linf"}
        What `eps` bounds: value and derivative, or the value alone.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError
        If 1/x has its pole in the domain, or the accuracy is out of range.
    TypeError
        For floats where exactness matters.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> phi = reciprocal("1e-6")
    >>> certify(phi, method="derivation").status
    <Status.PROVED: 'PROVED'>
    """
    if norm not in ("W1inf", "Linf"):
        raise ValueError(f"norm must be one of W1inf, Linf, got {norm!r}")
    aimed, (lo, hi) = to_tolerance(eps), to_interval(domain)
    if lo <= 0:
        raise ValueError(f"the domain of 1/x must be positive, away from its pole at 0, got [{lo}, {hi}]")
    levels = fewest(lo, hi, aimed, norm)
    text = ",".join(f"{m1}:{m2}" for m1, m2 in levels)
    phi, late = min(
        ((network(newton(lo, hi, levels).circuit, bool(late)), late) for late in (0, 1)),
        key=lambda pair: pair[0].connectivity,
    )
    parameters = (("hi", hi), ("late", late), ("levels", text), ("lo", lo))
    return phi.with_derivation(Derivation("reciprocal", parameters, eps=aimed, norm=norm))


def fewest(lo: Fraction, hi: Fraction, eps: Fraction, norm: str = "W1inf") -> Levels:
    """Return levels of all steps with which the error is at most eps, as few as possible one after the other.

    Examples
    --------
    >>> fewest(Fraction(1, 2), Fraction(1), Fraction(1, 10**6))
    [(6, 3), (14, 10), (27, 21)]
    """

    def error(levels: Levels) -> Fraction:
        value, slope = residuals(lo, hi, levels)[-1].errors(lo)
        return max(value, slope) if norm == "W1inf" else value

    found = []
    for steps in range(1, MOST_STEPS):
        m = _uniform(partial(_of_uniform, error, steps), eps / 2)
        if m is None:
            continue
        found.append(_reduced([(m, m)] * steps, lambda levels: error(levels) <= eps))
        if len(found) == 3:
            break
    if not found:
        raise ValueError(
            f"eps = {shown(eps)} would need more than {MOST_LEVELS} levels or {MOST_STEPS} steps"
        )
    return min(found, key=lambda levels: sum(map(sum, levels)))


def _of_uniform(error: Callable[[Levels], Fraction], steps: int, m: int) -> Fraction:
    return error([(m, m)] * steps)


def _uniform(error: Callable[[int], Fraction], eps: Fraction) -> int | None:
    """The least power of two, or so, of levels that suffices if all steps have them; None if none does."""
    m = 4
    while error(m) > eps:
        m += max(1, m // 8)
        if m > MOST_LEVELS or (m > 64 and error(m) == error(2 * m)):
            return None
    return m


def _reduced(levels: Levels, enough: Callable[[Levels], bool]) -> Levels:
    """Reduce one number of levels after the other, from the first step on, to the least that is enough."""
    for k in range(len(levels)):
        for i in (1, 0):
            low, high = 1, levels[k][i]
            while low < high:
                middle = (low + high) // 2
                if enough(_with(levels, k, i, middle)):
                    high = middle
                else:
                    low = middle + 1
            levels = _with(levels, k, i, high)
    return levels


def _with(levels: Levels, k: int, i: int, m: int) -> Levels:
    pair = (m, levels[k][1]) if i == 0 else (levels[k][0], m)
    return [*levels[:k], pair, *levels[k + 1 :]]


def _read(levels: str) -> Levels:
    pairs = [part.split(":") for part in levels.split(",")]
    if any(len(pair) != 2 or not all(m.isdecimal() for m in pair) for pair in pairs):
        raise ValueError(f"levels must be pairs of numbers, got {levels!r:.60}")
    read = [(int(m1), int(m2)) for m1, m2 in pairs]
    if len(read) > MOST_STEPS or not all(1 <= m <= MOST_LEVELS for pair in read for m in pair):
        raise ValueError(f"levels must be from 1 to {MOST_LEVELS}, in {MOST_STEPS} steps, got {levels!r:.60}")
    return read


@lru_cache(maxsize=4)
def _recorded(lo: Fraction, hi: Fraction, levels: str) -> Newton:
    return newton(lo, hi, _read(levels))


def _build(lo: Fraction, hi: Fraction, levels: str, late: int) -> Parametrization:
    return network(_recorded(lo, hi, levels).circuit, bool(late))


def _prove(phi: Parametrization, lo: Fraction, hi: Fraction, levels: str, late: int) -> Bound:
    made = _recorded(lo, hi, levels)
    value, slope = demand_newton(made, lo, hi, _read(levels)).errors(lo)
    circuit, middle = made.circuit, ((lo + hi) / 2,)
    values = worst_points(circuit, (circuit.domain,), (lo,), largest_value)
    slopes = worst_points(circuit, (circuit.domain,), (lo,), largest_slope)
    for point in ((lo,), (hi,), middle, *values, *slopes):
        demand_agreement(phi, circuit, point)
    return Bound(value, slope, values, tuple((point, (Fraction(1),)) for point in slopes), 0)


def _symbols(lo: Fraction, hi: Fraction, levels: str, late: int) -> Mapping[str, Fraction | int]:
    pairs = _read(levels)
    return {"K": len(pairs), "M": sum(map(sum, pairs))}


CONSTRUCTIONS["reciprocal"] = Construction(
    build=_build,
    theorem=lambda **parameters: THEOREM,
    symbols=_symbols,
    target=lambda **parameters: TARGET,
    domain=lambda lo, hi, **parameters: ((lo, hi),),
    pieces=lambda **parameters: 0,
    prove=_prove,
)
