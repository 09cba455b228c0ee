"""Polynomial: the polynomial in one variable as a target, by its coefficients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from relu_constructions.exact import to_fraction
from relu_constructions.ring import Bounded, Ring
from relu_constructions.terms import Terms, refuse_degree, shown_terms


@dataclass(frozen=True)
class Polynomial:
    """A polynomial c_0 + c_1 x + ... + c_n x^n with rational coefficients.

    Attributes
    ----------
    coefficients : tuple of Fraction
        In ascending order, without trailing zeros; empty for the zero polynomial.
    variable : str

    Raises
    ------
    TypeError
        For coefficients that are not exact.
    ValueError
        For a degree beyond the limit.

    Examples
    --------
    >>> p = Polynomial.of([0, 0, 1])
    >>> print(p), p(Fraction(1, 3)), print(p.derivative())
    x**2
    2*x
    (None, Fraction(1, 9), None)
    """

    coefficients: tuple[Fraction, ...]
    variable: str = "x"

    @classmethod
    def of(cls, coefficients: Sequence[Any], variable: str = "x") -> Polynomial:
        """Make a polynomial of exact coefficients in ascending order."""
        return cls(tuple(coefficients), variable)

    @classmethod
    def of_terms(cls, terms: Terms, variable: str = "x") -> Polynomial:
        """Make a polynomial of pairs ((k,), c_k), the highest exponent first."""
        coefficients = [Fraction(0)] * (terms[0][0][0] + 1 if terms else 0)
        for (k,), c in terms:
            coefficients[k] = c
        return cls(tuple(coefficients), variable)

    def __post_init__(self) -> None:
        exact = [to_fraction(c, f"coefficient {k}") for k, c in enumerate(self.coefficients)]
        while exact and exact[-1] == 0:
            exact.pop()
        refuse_degree(len(exact) - 1)
        object.__setattr__(self, "coefficients", tuple(exact))

    @property
    def degree(self) -> int:
        """The degree; -1 for the zero polynomial."""
        return len(self.coefficients) - 1

    def __call__(self, x: Fraction) -> Fraction:
        value = Fraction(0)
        for c in reversed(self.coefficients):
            value = value * x + c
        return value

    def derivative(self) -> Polynomial:
        """Return the derivative."""
        return Polynomial(tuple(k * c for k, c in enumerate(self.coefficients) if k), self.variable)

    def __add__(self, other: Polynomial) -> Polynomial:
        return self._combined(other, Ring.sum)

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self._combined(other, Ring.difference)

    def __mul__(self, other: Polynomial) -> Polynomial:
        return self._combined(other, Ring.product)

    def __str__(self) -> str:
        return shown_terms(reversed(self._terms()), [self.variable])

    def _terms(self) -> list[tuple[tuple[int], Fraction]]:
        return [((k,), c) for k, c in enumerate(self.coefficients) if c]

    def _combined(self, other: Polynomial, operation: Callable[..., Bounded]) -> Polynomial:
        ring = Ring([self.variable])
        made = operation(ring, ring.element(self._terms()), ring.element(other._terms()))
        return Polynomial.of_terms(ring.terms(made), self.variable)
