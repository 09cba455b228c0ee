"""Terms: a polynomial as the list of its terms; its limits, its text, its values."""

from __future__ import annotations

import functools
import numbers
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import flint
import numpy as np

from relu_constructions.exact import power_of, shown, to_fraction

MAX_DEGREE = 1000
MAX_TERMS = 100_000
MAX_VARIABLES = 1000
MAX_EXPONENTS = 10_000_000
MAX_COEFFICIENT_BITS = 1_000_000
MAX_BITS = 10_000_000
"""Limits for one coefficient and for all coefficients of a polynomial."""

Exponents = tuple[int, ...]
Terms = tuple[tuple[Exponents, Fraction], ...]


def exponents_of(key: Any) -> Exponents:
    """Read the exponents of one monomial.

    Examples
    --------
    >>> exponents_of(2), exponents_of((0, 1))
    ((2,), (0, 1))
    """
    parts = key if isinstance(key, (tuple, list)) else (key,)
    if set(map(type, parts)) != {int} and not all(
        isinstance(e, (int, np.integer)) and not isinstance(e, bool) for e in parts
    ):
        raise TypeError(f"exponents must be nonnegative integers or tuples of them, got {key!r:.60}")
    if min(parts, default=0) < 0:
        raise ValueError(
            f"exponents must be nonnegative, got {shown(int(min(parts)))}; targets are polynomials"
        )
    exponents = tuple(map(int, parts))
    refuse_degree(sum(exponents))
    return exponents


def canonical(given: Iterable[tuple[Any, Any]], names: Sequence[str]) -> Terms:
    """Merge, check and sort terms: the highest total degree first, then the highest first exponents.

    Examples
    --------
    >>> canonical([((0, 1), 1), ((2, 0), 3), ((0, 1), "-1/2"), ((0, 0), 0)], ("x", "y"))
    (((2, 0), Fraction(3, 1)), ((0, 1), Fraction(1, 2)))
    """
    listed = tuple(given)
    refuse_size(len(listed), len(names), 0)
    merged: dict[Exponents, Fraction] = {}
    for key, c in listed:
        exponents = exponents_of(key)
        if len(exponents) != len(names):
            raise ValueError(f"exponents must be one for each of {', '.join(names)}, got {key!r:.60}")
        coefficient = to_fraction(c, f"the coefficient of {exponents}")
        merged[exponents] = merged[exponents] + coefficient if exponents in merged else coefficient
    kept = sorted(((sum(e), e, c) for e, c in merged.items() if c), reverse=True)
    bits = sum(c.numerator.bit_length() + c.denominator.bit_length() for _, _, c in kept)
    refuse_size(len(kept), len(names), bits)
    return tuple((e, c) for _, e, c in kept)


def refuse_size(terms: int, variables: int, bits: int) -> None:
    """Refuse a polynomial with too many terms, exponents, or bits in all its coefficients.

    Examples
    --------
    >>> refuse_size(10**6, 2, 10**7)
    Traceback (most recent call last):
        ...
    ValueError: a polynomial must have at most 100000 terms, got up to 1000000
    """
    if terms > MAX_TERMS:
        raise ValueError(f"a polynomial must have at most {MAX_TERMS} terms, got up to {shown(terms)}")
    if terms * variables > MAX_EXPONENTS:
        raise ValueError(f"the exponents must be at most {MAX_EXPONENTS} in all, got {terms * variables}")
    if bits > MAX_BITS:
        raise ValueError(f"the coefficients must have at most {MAX_BITS} bits in all, got about {bits}")


def refuse_degree(degree: int) -> None:
    """Refuse a degree beyond the limit.

    Examples
    --------
    >>> refuse_degree(1001)
    Traceback (most recent call last):
        ...
    ValueError: a polynomial must have degree at most 1000, got 1001
    """
    if degree > MAX_DEGREE:
        raise ValueError(f"a polynomial must have degree at most {MAX_DEGREE}, got {shown(degree)}")


def refuse_bits(bits: int) -> None:
    """Refuse a coefficient beyond the limit.

    Examples
    --------
    >>> refuse_bits(10**6 + 1)
    Traceback (most recent call last):
        ...
    ValueError: a coefficient must have at most 1000000 bits, got about 1000001
    """
    if bits > MAX_COEFFICIENT_BITS:
        raise ValueError(
            f"a coefficient must have at most {MAX_COEFFICIENT_BITS} bits, got about {shown(bits)}"
        )


def shown_terms(
    terms: Iterable[tuple[Exponents, Fraction]],
    names: Sequence[str],
    write: Callable[[int], str] = shown,
) -> str:
    """Write a polynomial as a sum of its terms; `write` writes the integers of the coefficients.

    Examples
    --------
    >>> shown_terms([((2, 1), Fraction(-1, 3)), ((0, 1), Fraction(1)), ((0, 0), Fraction(-7))], ["x", "y"])
    '-x**2*y/3 + y - 7'
    """
    text = ""
    for exponents, c in terms:
        sign = ("-" if c < 0 else "") if not text else (" - " if c < 0 else " + ")
        text += sign + _term(abs(c), exponents, names, write)
    return text or "0"


def exactly(n: int) -> str:
    """Write a nonnegative integer so that an expression with it is read back; nothing is left out.

    Examples
    --------
    >>> exactly(7**9), exactly(2**1000), len(exactly(3**20000))
    ('40353607', '2^1000', 9567)
    """
    if n.bit_length() > 200:
        for base in (2, 10):
            if (exponent := power_of(base, Fraction(n))) is not None:
                return f"{base}^{exponent}"
    digits = str(flint.fmpz(n).str())
    if len(digits) <= 4000:
        return digits
    ends = range(len(digits), 0, -4000)
    parts = [(digits[max(end - 4000, 0) : end].lstrip("0"), len(digits) - end) for end in ends]
    return "(" + " + ".join(f"{part}*10^{k}" if k else part for part, k in reversed(parts) if part) + ")"


def value_of(terms: Terms, point: Sequence[Fraction], degrees: Sequence[int]) -> Fraction:
    """Evaluate a polynomial of given degrees in the variables.

    One variable is eliminated after the other, in integers: the polynomial is made homogeneous in p and q for
    x = p/q.

    Examples
    --------
    >>> value_of((((2, 1), Fraction(1, 5)), ((0, 0), Fraction(1))), [Fraction(1, 2), Fraction(4)], (2, 1))
    Fraction(6, 5)
    """
    scales = [functools.reduce(lambda m, term: m.lcm(term[1].denominator), terms, flint.fmpz(1))]
    entries = [
        _Entry(_sparse(e), flint.fmpz(c.numerator) * (scales[0] // c.denominator), 0) for e, c in terms
    ]
    for j in (j for j in reversed(range(len(point))) if degrees[j] > 0):
        groups: dict[Any, list[_Entry]] = {}
        for entry in entries:
            if entry.key and entry.key[-1][0] == j:
                groups.setdefault(entry.key[:-1], []).append(entry)
        p, q = _powers(point[j].numerator), _powers(point[j].denominator)
        eliminated = [
            _Entry(key, _homogeneous(_collected(group, scales), 0, degrees[j], p, q), len(scales))
            for key, group in groups.items()
        ]
        entries = [entry for entry in entries if not entry.key or entry.key[-1][0] != j] + eliminated
        scales.append(scales[-1] * q(degrees[j]))
    return fraction(flint.fmpq(sum(number for _, number in _collected(entries, scales)), scales[-1]))


class _Entry(NamedTuple):
    """The variables (index, exponent) that are left of a term, and its number over scales[since]."""

    key: tuple[tuple[int, int], ...]
    number: Any
    since: int


def _sparse(exponents: Exponents) -> tuple[tuple[int, int], ...]:
    return tuple((j, e) for j, e in enumerate(exponents) if e)


def _collected(entries: Sequence[_Entry], scales: Sequence[Any]) -> list[tuple[int, Any]]:
    """The exponents of the last variable and their numbers, over the last common denominator."""
    found: dict[int, Any] = {}
    factors = {since: scales[-1] // scales[since] for since in {entry.since for entry in entries}}
    for key, number, since in entries:
        e = key[-1][1] if key else 0
        found[e] = found.get(e, 0) + number * factors[since]
    return sorted(found.items())


def _powers(base: int) -> Callable[[int], Any]:
    return functools.cache(flint.fmpz(base).__pow__)


def _homogeneous(
    given: Sequence[tuple[int, Any]], lo: int, hi: int, p: Callable[[int], Any], q: Callable[[int], Any]
) -> Any:
    """The sum of c p^(e - lo) q^(hi - e), by halves, so that factors of equal lengths are multiplied."""
    if len(given) == 1:
        ((e, c),) = given
        return c * p(e - lo) * q(hi - e)
    half = len(given) // 2
    middle = given[half][0]
    low = _homogeneous(given[:half], lo, middle - 1, p, q)
    return low * q(hi - middle + 1) + _homogeneous(given[half:], middle, hi, p, q) * p(middle - lo)


class _Quotient(NamedTuple):
    """Two coprime integers; a Fraction takes them as they are because they are registered as a rational."""

    numerator: int
    denominator: int


numbers.Rational.register(_Quotient)


def fraction(c: Any) -> Fraction:
    """Convert a rational of flint, whose terms are coprime already.

    Examples
    --------
    >>> fraction(flint.fmpq(2, 6))
    Fraction(1, 3)
    """
    return Fraction(_Quotient(int(c.p), int(c.q)))  # type: ignore[call-overload, no-any-return]


def _term(c: Fraction, exponents: Exponents, names: Sequence[str], write: Callable[[int], str]) -> str:
    powers = (name if e == 1 else f"{name}**{e}" for name, e in zip(names, exponents, strict=True) if e)
    power = "*".join(powers)
    factor = "" if c.numerator == 1 and power else write(c.numerator)
    divisor = "" if c.denominator == 1 else f"/{write(c.denominator)}"
    return f"{factor}{'*' if factor and power else ''}{power}{divisor}"
