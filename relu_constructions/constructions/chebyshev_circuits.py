"""The circuits of a Chebyshev series: splitting at T_n with well-scaled factors, or by powers of y.

A series is the list of the coefficients b_i of sum b_i T_i(y), y = (2x - lo - hi)/(hi - lo) for x from lo
to hi.  Every gate computes a number in [-1, 1] or a part of the series, so ranges do not grow:
T_(2n) = 2 T_n^2 - 1 for n = 2^i, and what is between is a product B_j of the T_(2^i) over the binary digits
of j, for which T_(a+r) = 2 T_a T_r - T_(a-r) with a = 2^i > r writes T_j as a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import flint

from relu_constructions.circuit import Circuit, Form, Wiring, combination, ideal
from relu_constructions.polynomial_circuits import estrin, squares

STRATEGIES = ("chebyshev", "estrin", "squares")
LENGTHS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64)
"""The block lengths that are tried."""
MOST_SQUARES = 32
"""Up to this degree squares are completed: the digits of the coefficients double with every square root."""
MOST_POWERS = 500
"""Up to this degree powers are tried."""
CONDITION = 64
"""Powers are tried where their coefficients have in sum at most so many times the sum of the |b_i|."""

Interval = tuple[Fraction, Fraction]
Coefficients = Sequence[Fraction]


class Plan(NamedTuple):
    """The strategy and its block length k."""

    strategy: str
    k: int


def reduced(coefficients: Coefficients) -> tuple[tuple[Fraction, ...], int]:
    """Return a series in T_(2^s), with s, as long as there are only even terms: T_(2i) = T_i(T_2).

    Examples
    --------
    >>> reduced([Fraction(1), Fraction(0), Fraction(2)])
    ((Fraction(1, 1), Fraction(2, 1)), 1)
    """
    b, s = tuple(coefficients), 0
    while len(b) > 2 and not any(b[1::2]):
        b, s = b[::2], s + 1
    return b, s


def plans(coefficients: Coefficients, strategy: str = "auto", k: int | None = None) -> list[Plan]:
    """List what may be tried for a series: blocks near the square root of the degree.

    Examples
    --------
    >>> plans([Fraction(1)] * 4)[:3]
    [Plan(strategy='chebyshev', k=1), Plan(strategy='chebyshev', k=2), Plan(strategy='estrin', k=1)]
    """
    b, _ = reduced(coefficients)
    n = max(len(b) - 1, 1)
    near = [j for j in LENGTHS if j * j <= 4 * n and 12 * j * j >= n] or [LENGTHS[-1]]
    found = []
    for name in STRATEGIES if strategy == "auto" else (strategy,):
        if strategy == "auto" and not _hopeful(name, b):
            continue
        lengths = near if k is None else [k]
        if name == "chebyshev" and k is None:
            lengths = [j for j in near if j & (j - 1) == 0]
        if name == "squares" and k is None:
            lengths = [j for j in near if j > 1] or [2]
        found += [Plan(name, j) for j in lengths]
    return found


def _hopeful(strategy: str, b: Coefficients) -> bool:
    """Whether powers of y are well enough conditioned, and their squares not too long."""
    if strategy == "chebyshev":
        return True
    if len(b) - 1 > (MOST_SQUARES if strategy == "squares" else MOST_POWERS):
        return False
    return sum(abs(c) for _, c in _powers(tuple(b))) <= CONDITION * sum(map(abs, b))


def series_circuit(
    coefficients: Coefficients, around: Interval, domain: Interval, plan: Plan, m: int
) -> Circuit:
    """Write the circuit of a series on an interval, for the inputs of a part of it.

    Parameters
    ----------
    coefficients : sequence of Fraction
    around : (Fraction, Fraction)
        The interval of the series.
    domain : (Fraction, Fraction)
        The inputs; a part of that interval.
    plan : Plan
    m : int
        The levels of every square and product.

    Raises
    ------
    ValueError
        For an unknown strategy, or a block length that it does not have.

    Examples
    --------
    >>> side = (Fraction(0), Fraction(2))
    >>> circuit = series_circuit([Fraction(1)] * 8, side, side, Plan("chebyshev", 4), 5)
    >>> [gate.kind for gate in circuit.gates]
    ['square', 'product', 'square', 'product']
    """
    strategy, k = plan
    if strategy not in STRATEGIES:
        raise ValueError(f"strategy must be one of {', '.join(STRATEGIES)}, got {strategy!r}")
    if k < 1 or (strategy == "chebyshev" and k & (k - 1)):
        raise ValueError(f"k must be a power of two for the strategy 'chebyshev', and positive, got {k}")
    lo, hi = around
    wiring = Wiring((domain,), m)
    y = (wiring.inputs[0] - Form.of_number((lo + hi) / 2)) * (2 / (hi - lo))
    b, halvings = reduced(coefficients)
    for _ in range(halvings):
        y = wiring.square(y) * 2 - 1
    if strategy == "chebyshev":
        return wiring.circuit([_blocks(wiring, y, list(b), k)])
    write = estrin if strategy == "estrin" else squares
    return wiring.circuit([write(wiring, (y,), _powers(b), k)])


def _blocks(wiring: Wiring, y: Form, b: list[Fraction], k: int) -> Form:
    """Split a series as a + T_n b with n = k 2^i over and over, k a power of two."""
    T, B = {1: y}, {0: Form.of_number(1)}

    def giant(n: int) -> Form:
        if n not in T:
            T[n] = wiring.square(giant(n // 2)) * 2 - 1
        return T[n]

    def factor(j: int) -> Form:
        if j not in B:
            a = top(j)
            B[j] = wiring.product(giant(a), factor(j - a)) if j > a else giant(a)
        return B[j]

    return _split(wiring, b, k, giant, lambda row: combination((c, factor(j)) for j, c in row if c))


def _split(
    wiring: Wiring,
    b: list[Fraction],
    k: int,
    giant: Callable[[int], Form],
    block: Callable[[Any], Form],
) -> Form:
    if len(b) <= max(k, 2):
        return block(sorted(in_factors(b).items()))
    n = k
    while 2 * n < len(b):
        n *= 2
    low, high = halves(b, n)
    return _split(wiring, low, k, giant, block) + wiring.product(
        _split(wiring, high, k, giant, block), giant(n)
    )


def halves(b: Sequence[Fraction], n: int) -> tuple[list[Fraction], list[Fraction]]:
    """Return a and c with sum b_i T_i = a + T_n c, both in Chebyshev polynomials, for at most 2n + 1 terms.

    Examples
    --------
    >>> halves([Fraction(0), Fraction(0), Fraction(1), Fraction(3)], 2)
    ([Fraction(0, 1), Fraction(-3, 1)], [Fraction(1, 1), Fraction(6, 1)])
    """
    low, high = list(b[:n]), [b[n], *(2 * c for c in b[n + 1 :])]
    for i, c in enumerate(b[n + 1 :], 1):
        low[n - i] -= c
    return low, high


def top(j: int) -> int:
    """The largest power of two that is at most j.

    Examples
    --------
    >>> top(1), top(7), top(8)
    (1, 4, 8)
    """
    return 1 << (j.bit_length() - 1)


@lru_cache(maxsize=512)
def expansion(j: int) -> Mapping[int, int]:
    """Write T_j as a sum of the products B_i.

    Examples
    --------
    >>> expansion(7)
    {7: 4, 5: -2, 1: -1}
    """
    if j == 0 or j == top(j):
        return {j: 1}
    a = top(j)
    made = {a + i: 2 * c for i, c in expansion(j - a).items()}
    for i, c in expansion(2 * a - j).items():
        made[i] = made.get(i, 0) - c
    return {i: c for i, c in made.items() if c}


def in_factors(b: Coefficients) -> dict[int, Fraction]:
    """Write a sum of Chebyshev polynomials as one of the products B_i.

    Examples
    --------
    >>> in_factors([Fraction(0), Fraction(1), Fraction(0), Fraction(5)])
    {1: Fraction(-4, 1), 3: Fraction(10, 1)}
    """
    made: dict[int, Fraction] = {}
    for j, c in enumerate(b):
        if c:
            for i, factor in expansion(j).items():
                made[i] = made.get(i, Fraction(0)) + c * factor
    return made


@lru_cache(maxsize=16)
def _powers(b: tuple[Fraction, ...]) -> tuple[tuple[tuple[int, ...], Fraction], ...]:
    """The terms of a series by powers of y."""
    terms = enumerate(clenshaw(b).coeffs())
    return tuple(((i,), Fraction(int(c.p), int(c.q))) for i, c in terms if c)


def computes_series(circuit: Circuit, coefficients: Coefficients, around: Interval) -> bool:
    """Decide whether the ideal gates of a circuit compute a series, coefficient by coefficient.

    Examples
    --------
    >>> side = (Fraction(0), Fraction(2))
    >>> b = [Fraction(1, i + 1) for i in range(8)]
    >>> circuit = series_circuit(b, side, side, Plan("chebyshev", 4), 5)
    >>> computes_series(circuit, b, side), computes_series(circuit, b[:-1], side)
    (True, False)
    """
    lo, hi = around
    x = flint.fmpq_poly([_rational((lo + hi) / 2), _rational((hi - lo) / 2)])
    made = ideal(circuit, [x], lambda c: flint.fmpq_poly([_rational(c)]))
    return len(made) == 1 and made[0] == clenshaw(coefficients)


def clenshaw(coefficients: Coefficients) -> Any:
    """Return sum b_i T_i(y) by powers of y: u_i = b_i + 2 y u_(i+1) - u_(i+2) gives b_0 + y u_1 - u_2.

    Examples
    --------
    >>> clenshaw([Fraction(1), Fraction(0), Fraction(1, 2)])
    x^2 + 1/2
    """
    row = flint.fmpq_poly([_rational(c) for c in coefficients])
    scale, integers = row.denom(), row.numer()
    y = flint.fmpz_poly([0, 1])
    u = after = flint.fmpz_poly()
    for i in range(len(coefficients) - 1, 0, -1):
        u, after = 2 * y * u - after + integers[i], u
    return flint.fmpq_poly(y * u - after + integers[0]) / scale


def _rational(number: Fraction) -> Any:
    return flint.fmpq(number.numerator, number.denominator)
