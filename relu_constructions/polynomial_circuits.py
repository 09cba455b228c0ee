"""The circuits of a polynomial: a tree, a chain, splitting in halves, and Chebyshev polynomials.

A polynomial arrives as its terms, pairs (exponents, coefficient), and leaves as a form of a wiring.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint

from relu_constructions.circuit import Form, Wiring, combination

Exponents = tuple[int, ...]
Terms = Sequence[tuple[Exponents, Fraction]]


def power(wiring: Wiring, x: Form, n: int, known: dict[int, Form]) -> Form:
    """Return x^n = x^a x^b with a = ceil(n/2), b = floor(n/2); what was computed before is in `known`.

    Examples
    --------
    >>> wiring = Wiring(((Fraction(0), Fraction(1)),), 3)
    >>> known = {}
    >>> power(wiring, wiring.inputs[0], 5, known).terms
    ((3, Fraction(1, 1)),)
    >>> sorted(known)
    [2, 3, 5]
    """
    if n <= 1:
        return x if n else Form.of_number(1)
    if n not in known:
        known[n] = wiring.product(power(wiring, x, -(-n // 2), known), power(wiring, x, n // 2, known))
    return known[n]


SQUARE, PRODUCT = 7, 13
"""About what the two gates cost in one level."""


@lru_cache(maxsize=2048)
def cheapest(n: int) -> tuple[int, int]:
    """Return the cost of x^n by squares, products with x, and powers of powers; and the last step.

    The step is 0 for a square, 1 for a product with x, and a > 1 for (x^a)^(n/a).

    Examples
    --------
    >>> cheapest(5), cheapest(15)
    ((27, 1), (47, 3))
    """
    if n == 1:
        return 0, 0
    if n % 2 == 0:
        return cheapest(n // 2)[0] + SQUARE, 0
    factors = [a for a in range(3, math.isqrt(n) + 1, 2) if n % a == 0]
    ways = [(cheapest(a)[0] + cheapest(n // a)[0], a) for a in factors]
    return min([(cheapest(n - 1)[0] + PRODUCT, 1), *ways])


def cheap_power(wiring: Wiring, x: Form, n: int) -> Form:
    """Return x^n along the steps of `cheapest`."""
    if n <= 1:
        return x if n else Form.of_number(1)
    _, step = cheapest(n)
    if step == 0:
        return wiring.square(cheap_power(wiring, x, n // 2))
    if step == 1:
        return wiring.product(x, cheap_power(wiring, x, n - 1))
    return cheap_power(wiring, cheap_power(wiring, x, step), n // step)


def monomial(
    wiring: Wiring, inputs: Sequence[Form], alpha: Exponents, known: dict[Any, Any], balanced: bool = True
) -> Form:
    """Return the product of inputs[j]^alpha[j]: a balanced tree over the variables, or one factor a time."""
    if alpha in known:
        form: Form = known[alpha]
        return form
    support = [j for j, a in enumerate(alpha) if a]
    if not balanced and sum(alpha) > 1:
        j = support[-1]
        rest = (*alpha[:j], alpha[j] - 1, *alpha[j + 1 :])
        made = wiring.product(inputs[j], monomial(wiring, inputs, rest, known, balanced))
    elif len(support) <= 1:
        j = support[0] if support else 0
        made = power(wiring, inputs[j], alpha[j], known.setdefault(("powers", j), {}))
    else:
        halves = support[: -(-len(support) // 2)], support[-(-len(support) // 2) :]
        parts = [tuple(a if j in half else 0 for j, a in enumerate(alpha)) for half in halves]
        left, right = (monomial(wiring, inputs, part, known) for part in parts)
        made = wiring.product(left, right)
    known[alpha] = made
    return made


def tree(wiring: Wiring, inputs: Sequence[Form], terms: Terms, k: int = 0) -> Form:
    """Sum up monomials, each from balanced products of balanced powers; equal factors are computed once."""
    known: dict[Any, Any] = {}
    return combination((c, monomial(wiring, inputs, alpha, known)) for alpha, c in terms)


def horner(wiring: Wiring, inputs: Sequence[Form], terms: Terms, k: int = 0) -> Form:
    """Sum up monomials along chains x^alpha = x_j x^(alpha - e_j), as EPGB do for one variable."""
    known: dict[Any, Any] = {}
    ordered = sorted(terms, key=lambda term: sum(term[0]))
    return combination((c, monomial(wiring, inputs, alpha, known, False)) for alpha, c in ordered)


def sparse(wiring: Wiring, inputs: Sequence[Form], terms: Terms, k: int = 0) -> Form:
    """Sum up monomials, each from powers with few products; equal factors are computed once."""

    def product_of(alpha: Exponents) -> Form:
        factors = [cheap_power(wiring, x, a) for x, a in zip(inputs, alpha, strict=True) if a]
        return functools.reduce(wiring.product, factors, Form.of_number(1))

    return combination((c, product_of(alpha)) for alpha, c in terms)


def squares(wiring: Wiring, inputs: Sequence[Form], terms: Terms, k: int = 1) -> Form:
    """Complete the square, p = c q^2 + r with deg r < deg q, over and over; x p + a for odd degrees.

    Polynomials of degree at most max(k, 2) are sums of powers of x.  For one variable.
    """
    (x,), known = inputs, dict[int, Form]()

    def value(p: Any) -> Form:
        degree = p.degree()
        if degree <= max(k, 2):
            return combination((_fraction(p[i]), power(wiring, x, i, known)) for i in range(degree + 1))
        if degree % 2:
            return wiring.product(x, value(flint.fmpq_poly(p.coeffs()[1:]))) + Form.of_number(_fraction(p[0]))
        q = _root(p)
        return wiring.square(value(q)) * _fraction(p[degree]) + value(p - p[degree] * q * q)

    coefficients = [flint.fmpq(0)] * (max((alpha[0] for alpha, _ in terms), default=0) + 1)
    for (i,), c in terms:
        coefficients[i] = flint.fmpq(c.numerator, c.denominator)
    return value(flint.fmpq_poly(coefficients))


def _root(p: Any) -> Any:
    """The monic q of half the degree with deg(p - c q^2) < deg q, where c is the leading coefficient of p."""
    n = p.degree() // 2
    q = [flint.fmpq(0)] * n + [flint.fmpq(1)]
    for i in range(n - 1, -1, -1):
        crossed = sum((q[j] * q[n + i - j] for j in range(i + 1, n)), flint.fmpq(0))
        q[i] = (p[n + i] / p[2 * n] - crossed) / 2
    return flint.fmpq_poly(q)


def estrin(wiring: Wiring, inputs: Sequence[Form], terms: Terms, k: int = 1) -> Form:
    """Split p = a + x_1^(k 2^i) b over and over; blocks of degree less than k are sums of powers x_1^j.

    The coefficients are polynomials in the other variables, treated likewise.
    """
    if not inputs:
        return Form.of_number(sum((c for _, c in terms), Fraction(0)))
    rows: dict[int, list[tuple[Exponents, Fraction]]] = {}
    for alpha, c in terms:
        rows.setdefault(alpha[0], []).append((alpha[1:], c))
    coefficients = {i: estrin(wiring, inputs[1:], row, k) for i, row in rows.items()}
    known: dict[int, Form] = {}
    step = math.gcd(*coefficients)
    x = power(wiring, inputs[0], step, known) if step > 1 else inputs[0]
    giants: dict[int, Form] = {}

    def giant(n: int) -> Form:
        """x^n for n = k 2^i, by squaring."""
        if n not in giants:
            giants[n] = wiring.square(giant(n // 2)) if n > k else power(wiring, x, k, babies)
        return giants[n]

    babies: dict[int, Form] = {}
    scaled = {i // max(step, 1): c for i, c in coefficients.items()}
    return _split(wiring, scaled, k, giant, lambda j: power(wiring, x, j, babies))


def _split(
    wiring: Wiring,
    coefficients: Mapping[int, Form],
    k: int,
    giant: Callable[[int], Form],
    baby: Callable[[int], Form],
) -> Form:
    degree = max(coefficients, default=0)
    if degree < k or (degree == 0):
        parts = [wiring.product(c, baby(j)) if j else c for j, c in sorted(coefficients.items())]
        return combination((Fraction(1), part) for part in parts)
    n = k
    while 2 * n <= degree:
        n *= 2
    low = {i: c for i, c in coefficients.items() if i < n}
    high = {i - n: c for i, c in coefficients.items() if i >= n}
    above = _split(wiring, high, k, giant, baby)
    return _split(wiring, low, k, giant, baby) + wiring.product(above, giant(n))


def chebyshev(wiring: Wiring, inputs: Sequence[Form], terms: Terms, k: int = 1) -> Form:
    """Write p = sum b_i T_i(y) for y in [-1, 1] and split it as a + T_n b with n = k 2^i.

    Uses T_{n+i} = 2 T_n T_i - T_{n-i}; blocks of degree less than k are sums of T_i.  A polynomial in
    T_2 alone is one in Y = T_2(y) = 2 y^2 - 1.  For one variable.
    """
    y = inputs[0]
    b = _chebyshev_coefficients({alpha[0]: c for alpha, c in terms})
    while len(b) > 2 and not any(b[1::2]):
        y, b = wiring.square(y) * Fraction(2) - Form.of_number(1), b[::2]
    known = {0: Form.of_number(1), 1: y}

    def T(n: int) -> Form:
        if n not in known:
            i, j = -(-n // 2), n // 2
            known[n] = 2 * wiring.product(T(i), T(j)) - T(i - j)
        return known[n]

    def split(b: list[Fraction]) -> Form:
        if len(b) <= max(k, 2):
            return combination((c, T(i)) for i, c in enumerate(b) if c)
        n = max(k, 1)
        while 2 * n < len(b):
            n *= 2
        low = b[:n]
        high = [b[n]] + [2 * c for c in b[n + 1 :]]
        for i, c in enumerate(b[n + 1 :], 1):
            low[n - i] -= c
        return split(low) + wiring.product(split(high), T(n))

    return split(b)


def _chebyshev_coefficients(coefficients: Mapping[int, Fraction]) -> list[Fraction]:
    """Horner's rule in the basis T_i: x T_0 = T_1 and x T_i = (T_{i+1} + T_{i-1})/2."""
    n = max(coefficients, default=0)
    b = [flint.fmpq(0)] * (n + 2)
    for i in range(n, -1, -1):
        moved = [flint.fmpq(0)] * (n + 2)
        for j, c in enumerate(b[: n + 1 - i]):
            if c:
                half = c if j == 0 else c / 2
                moved[j + 1] += half
                if j:
                    moved[j - 1] += half
        given = coefficients.get(i, Fraction(0))
        moved[0] += flint.fmpq(given.numerator, given.denominator)
        b = moved
    return [_fraction(c) for c in b[: n + 1]]


def _fraction(c: Any) -> Fraction:
    return Fraction(int(c.p), int(c.q))


STRATEGIES: dict[str, Callable[[Wiring, Sequence[Form], Terms, int], Form]] = {
    "tree": tree,
    "horner": horner,
    "sparse": sparse,
    "squares": squares,
    "estrin": estrin,
    "chebyshev": chebyshev,
}
