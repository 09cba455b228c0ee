"""Ring: rational polynomials in given variables, whose size is bounded before the work is done.

The polynomials themselves are flint's; each carries the sum of its |coefficients| and a common denominator,
from which the size of a sum, a product or a power follows beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import flint

from relu_constructions.expression import Algebra
from relu_constructions.terms import (
    MAX_VARIABLES,
    Exponents,
    Terms,
    fraction,
    refuse_bits,
    refuse_degree,
    refuse_size,
    shown_terms,
)

MAX_WORK = 10**8
"""How many products of two terms one ring forms."""


class Bounded(NamedTuple):
    """An element of a ring.

    Attributes
    ----------
    value : polynomial of flint
    norm, denominator : integers of flint
        The coefficients are multiples of 1/denominator, and their moduli have at most the sum
        norm/denominator.
    """

    value: Any
    norm: Any
    denominator: Any


class Ring:
    """The polynomials in given variables.

    Parameters
    ----------
    names : sequence of str

    Raises
    ------
    ValueError
        For too many variables; the operations raise it for results beyond the limits.

    Examples
    --------
    >>> ring = Ring(["x", "y"])
    >>> total = ring.sum(ring.generator("x"), ring.generator("y"))
    >>> ring.text(ring.power(total, ring.number(Fraction(2))))
    'x**2 + 2*x*y + y**2'
    >>> ring.power(total, ring.number(Fraction(10**9)))
    Traceback (most recent call last):
        ...
    ValueError: a polynomial must have degree at most 1000, got 1000000000
    """

    def __init__(self, names: Sequence[str]) -> None:
        if len(names) > MAX_VARIABLES:
            raise ValueError(f"a polynomial must have at most {MAX_VARIABLES} variables, got {len(names)}")
        self.names = tuple(names)
        self._context = flint.fmpq_mpoly_ctx.get(tuple(f"x{j}" for j in range(len(names))), "deglex")
        self._work = 0

    def number(self, c: Fraction) -> Bounded:
        """Return a constant."""
        return self.element([((0,) * len(self.names), c)])

    def generator(self, name: str) -> Bounded:
        """Return a variable."""
        return Bounded(self._context.gen(self.names.index(name)), flint.fmpz(1), flint.fmpz(1))

    def element(self, terms: Iterable[tuple[Exponents, Fraction]]) -> Bounded:
        """Return the polynomial with given terms."""
        given, denominator = dict(terms), flint.fmpz(1)
        for c in given.values():
            if denominator % c.denominator:
                denominator = denominator.lcm(c.denominator)
            refuse_bits(denominator.bit_length())
        norm = sum((abs(c.numerator) * (denominator // c.denominator) for c in given.values()), flint.fmpz(0))
        self._admit(len(given), norm, denominator)
        coefficients = {e: flint.fmpq(c.numerator, c.denominator) for e, c in given.items()}
        return Bounded(self._context.from_dict(coefficients), norm, denominator)

    def terms(self, p: Bounded) -> Terms:
        """List the terms, highest degree first."""
        return tuple((tuple(map(int, e)), fraction(c)) for e, c in p.value.to_dict().items())

    def text(self, p: Bounded) -> str:
        """Write a polynomial for a message."""
        return shown_terms(self.terms(p), self.names)

    def algebra(self, occurring: Iterable[str]) -> Algebra:
        """Return the meaning of the letters and signs of an expression."""
        operators: dict[str, Callable[..., Any]] = {
            "+": self.sum,
            "-": self.difference,
            "*": self.product,
            "/": self.quotient,
            "**": self.power,
        }
        return Algebra(self.number, {name: self.generator(name) for name in occurring}, operators, {})

    def sum(self, p: Bounded, q: Bounded) -> Bounded:
        """Return p + q."""
        refuse_bits(max(_bits(p.norm, p.denominator), _bits(q.norm, q.denominator)))
        common = p.denominator if p.denominator == q.denominator else p.denominator.lcm(q.denominator)
        norm = p.norm * (common // p.denominator) + q.norm * (common // q.denominator)
        self._spend(len(p.value) + len(q.value))
        total = p.value + q.value
        self._admit(len(total), norm, common)
        return Bounded(total, norm, common)

    def difference(self, p: Bounded, q: Bounded) -> Bounded:
        """Return p - q."""
        return self.sum(p, q._replace(value=-q.value))

    def total(self, parts: Sequence[Bounded]) -> Bounded:
        """Add many polynomials, two by two."""
        while len(parts) > 1:
            pairs = [self.sum(*parts[i : i + 2]) for i in range(0, len(parts) - 1, 2)]
            parts = [*pairs, *parts[2 * len(pairs) :]]
        return parts[0]

    def product(self, p: Bounded, q: Bounded) -> Bounded:
        """Return p * q."""
        degree = _degree(p) + _degree(q)
        sides = [int(a + b) for a, b in zip(p.value.degrees(), q.value.degrees(), strict=True)]
        refuse_degree(degree)
        norm, denominator = p.norm * q.norm, p.denominator * q.denominator
        self._admit(_count(degree, sides, len(p.value) * len(q.value)), norm, denominator)
        self._spend(len(p.value) * len(q.value))
        return Bounded(p.value * q.value, norm, denominator)

    def quotient(self, p: Bounded, q: Bounded) -> Bounded:
        """Return p / q for a number q."""
        if not q.value.is_constant():
            raise ValueError(
                f"the target divides by {self.text(q)}, so it may have a pole; it must be a polynomial"
            )
        if not q.value:
            raise ValueError("the target divides by zero")
        return self.product(p, self.number(1 / self._constant(q)))

    def power(self, p: Bounded, exponent: Bounded) -> Bounded:
        """Return p ** exponent for a nonnegative integer, or for any integer if p is a number but 0."""
        if (
            p.value
            and p.value.is_constant()
            and exponent.value.is_constant()
            and self._constant(exponent) < 0
        ):
            inverse = self.quotient(self.number(Fraction(1)), p)
            return self.power(inverse, self.number(-self._constant(exponent)))
        if not exponent.value.is_constant() or (e := self._constant(exponent)).denominator != 1 or e < 0:
            raise ValueError(
                f"an exponent must be a nonnegative integer, got {self.text(exponent)} "
                f"for the base {self.text(p)}; the target must be a polynomial"
            )
        k, terms = int(e), len(p.value)
        degree = max(_degree(p), 0) * k
        refuse_degree(degree)
        refuse_bits(_bits(p.norm, p.denominator) * k)
        norm, denominator = p.norm**k, p.denominator**k
        choices = math.comb(terms + k - 1, k) if terms > 1 else 1
        most = _count(degree, [max(int(side), 0) * k for side in p.value.degrees()], choices)
        self._admit(most, norm, denominator)
        self._spend(terms * most)
        return Bounded(p.value**k, norm, denominator)

    def _constant(self, p: Bounded) -> Fraction:
        return fraction(p.value[(0,) * len(self.names)])

    def _spend(self, work: int) -> None:
        self._work += work
        if self._work > MAX_WORK:
            raise ValueError(f"multiplying out must take at most {MAX_WORK} products of terms")

    def _admit(self, terms: int, norm: Any, denominator: Any) -> None:
        bits = _bits(norm, denominator)
        refuse_bits(bits)
        refuse_size(terms, len(self.names), bits * terms)


def _degree(p: Bounded) -> int:
    return int(p.value.total_degree())


def _bits(norm: Any, denominator: Any) -> int:
    return int(norm.bit_length()) + int(denominator.bit_length())


def _count(degree: int, sides: Sequence[int], choices: int) -> int:
    """How many terms there can be: in the box of the degrees, in the simplex, or by the choices."""
    active = sum(side > 0 for side in sides)
    box = math.prod(side + 1 for side in sides if side > 0)
    return min(choices, box, math.comb(max(degree, 0) + active, active))
