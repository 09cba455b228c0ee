"""MultivariatePolynomial: the polynomial in several variables as a target, by its terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from relu_constructions.exact import to_fraction
from relu_constructions.polynomial import Polynomial
from relu_constructions.reading import (
    default_names,
    demand,
    inputs_of,
    names_of,
    placed,
    read_exponents,
    read_sympy,
    read_text,
)
from relu_constructions.ring import Bounded, Ring
from relu_constructions.terms import MAX_VARIABLES, Terms, canonical, exactly, shown_terms, value_of

SHOWN_TERMS = 12
SHOWN_LENGTH = 400
"""A polynomial of more terms, or one that takes more characters, is abbreviated in a certificate."""


@dataclass(frozen=True)
class MultivariatePolynomial:
    """A polynomial in the inputs of a network with rational coefficients.

    Attributes
    ----------
    terms : tuple of (tuple of int, Fraction)
        The exponents and the coefficient of every monomial; highest total degree first, among equal degrees
        the highest exponents of the first variable first, no coefficient zero, no exponents twice.
    variables : tuple of str
        In the order of the inputs.

    Raises
    ------
    TypeError
        For coefficients that are not exact, exponents that are no integers.
    ValueError
        For exponents of another length than `variables`, and sizes beyond the limits.

    Examples
    --------
    >>> p = MultivariatePolynomial.of({(2, 3): 1, (1, 0): -7, (0, 5): "1/3"})
    >>> print(p)
    x1**2*x2**3 + x2**5/3 - 7*x1
    >>> p((2, Fraction(1, 2))), p.degree, p.degrees, str(p.derivative(0))
    (Fraction(-1295, 96), 5, (2, 5), '2*x1*x2**3 - 7')
    """

    terms: Terms
    variables: tuple[str, ...]

    @classmethod
    def of(cls, coefficients: Mapping[Any, Any], variables: Any = None) -> MultivariatePolynomial:
        """Make a polynomial of exponents and coefficients; the variables are called x, or x1 to xd.

        For one variable the exponents may be integers; a polynomial without terms has one variable, if
        `variables` does not name more.
        """
        terms = read_exponents(coefficients)
        names = default_names(len(terms[0][0]) if terms else 1) if variables is None else names_of(variables)
        return cls(terms, names)

    @classmethod
    def from_univariate(cls, p: Polynomial) -> MultivariatePolynomial:
        """Make the polynomial with one variable."""
        return cls(tuple(((k,), c) for k, c in enumerate(p.coefficients)), (p.variable,))

    def __post_init__(self) -> None:
        names = names_of(self.variables)
        if len(names) > MAX_VARIABLES:
            raise ValueError(f"a polynomial must have at most {MAX_VARIABLES} variables, got {len(names)}")
        object.__setattr__(self, "variables", names)
        object.__setattr__(self, "terms", canonical(self.terms, names))

    @property
    def dimension(self) -> int:
        """The number of variables."""
        return len(self.variables)

    @cached_property
    def degree(self) -> int:
        """The total degree; -1 for the zero polynomial."""
        return sum(self.terms[0][0]) if self.terms else -1

    @cached_property
    def degrees(self) -> tuple[int, ...]:
        """The degree in each variable; all -1 for the zero polynomial."""
        if not self.terms:
            return (-1,) * self.dimension
        return tuple(map(max, zip(*(exponents for exponents, _ in self.terms), strict=True)))

    @cached_property
    def coefficient_sum(self) -> Fraction:
        """The sum of the moduli of the coefficients."""
        return sum((abs(c) for _, c in self.terms), Fraction(0))

    def __call__(self, point: Any) -> Fraction:
        """Return the exact value at a sequence of numbers; a single one will do for one variable."""
        alone = isinstance(point, str) or not hasattr(point, "__len__")
        listed = [point] if alone else point
        if len(listed) != self.dimension:
            raise ValueError(f"a point must have {self.dimension} coordinates, got {point!r:.60}")
        values = [to_fraction(x, "a coordinate") for x in listed]
        return value_of(self.terms, values, self.degrees)

    def derivative(self, j: int) -> MultivariatePolynomial:
        """Return the partial derivative in the variable with the index j, counted from 0."""
        if not 0 <= j < self.dimension:
            raise ValueError(f"the index of a variable must be from 0 to {self.dimension - 1}, got {j}")
        terms = (((*e[:j], e[j] - 1, *e[j + 1 :]), e[j] * c) for e, c in self.terms if e[j])
        return MultivariatePolynomial(tuple(terms), self.variables)

    def univariate(self) -> Polynomial:
        """Return the same polynomial as a `Polynomial`, if it has one variable."""
        if self.dimension != 1:
            raise ValueError(f"{demand(1)}, got {', '.join(self.variables)}")
        return Polynomial.of_terms(self.terms, self.variables[0])

    def __add__(self, other: MultivariatePolynomial) -> MultivariatePolynomial:
        return self._combined(other, Ring.sum)

    def __sub__(self, other: MultivariatePolynomial) -> MultivariatePolynomial:
        return self._combined(other, Ring.difference)

    def __mul__(self, other: MultivariatePolynomial) -> MultivariatePolynomial:
        return self._combined(other, Ring.product)

    def __str__(self) -> str:
        return shown_terms(self.terms, self.variables, exactly)

    def shown(self) -> str:
        """Write the polynomial, abbreviated where it has many terms or long coefficients."""
        count = len(self.terms)
        kept = self.terms if count <= SHOWN_TERMS else self.terms[:4]
        text = shown_terms(kept, self.variables)
        if count == len(kept) and len(text) <= SHOWN_LENGTH:
            return text
        start = f"{text} + ..." if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]} ..."
        return f"{start} ({count} terms of degree up to {self.degree})"

    def _combined(
        self, other: MultivariatePolynomial, operation: Callable[..., Bounded]
    ) -> MultivariatePolynomial:
        if self.variables != other.variables:
            mine, others = ", ".join(self.variables), ", ".join(other.variables)
            raise ValueError(f"polynomials must have the same variables, got {mine} and {others}")
        ring = Ring(self.variables)
        made = operation(ring, ring.element(self.terms), ring.element(other.terms))
        return MultivariatePolynomial(ring.terms(made), self.variables)


def read_polynomial(
    given: Any, variables: Any = None, dimension: int | None = None
) -> MultivariatePolynomial:
    """Read a polynomial in the inputs of a network.

    Parameters
    ----------
    given : str, sympy expression or Poly, mapping, sequence, Polynomial or MultivariatePolynomial
        A mapping goes from exponents to coefficients; a sequence lists the coefficients of a polynomial in
        one variable in ascending order.
    variables : sequence of str or str, optional
        The names of all inputs in their order.  Without them the variables that occur are taken in the
        natural order of their names (x, y, z; x9 before x10); if fewer occur than there are inputs, the
        inputs are x1 to xd, where these names contain all that occur.
    dimension : int, optional
        The number of inputs; without it, there are as many as variables.

    Raises
    ------
    ValueError
        For anything that is no polynomial in these variables, and for sizes beyond the limits of `terms`.
    TypeError
        For objects of other types and coefficients that are not exact.

    Examples
    --------
    >>> print(read_polynomial("(x + y)*(x - y)/3"))
    x**2/3 - y**2/3
    >>> read_polynomial("x - y", variables=("y", "x"))((5, 7))
    Fraction(2, 1)
    >>> read_polynomial("x2**2", dimension=3).variables
    ('x1', 'x2', 'x3')
    >>> read_polynomial("x/y")
    Traceback (most recent call last):
        ...
    ValueError: the target divides by y, so it may have a pole; it must be a polynomial
    """
    if isinstance(given, Polynomial):
        given = MultivariatePolynomial.from_univariate(given)
    if isinstance(given, MultivariatePolynomial):
        return _matched(given, variables, dimension)
    if isinstance(given, str):
        return MultivariatePolynomial(*read_text(given, variables, dimension))
    if isinstance(given, Mapping):
        return _positional(read_exponents(given), variables, dimension)
    if hasattr(type(given), "free_symbols"):
        return MultivariatePolynomial(*read_sympy(given, variables, dimension))
    return _positional(_of_coefficients(given), variables, dimension)


def _matched(p: MultivariatePolynomial, variables: Any, dimension: int | None) -> MultivariatePolynomial:
    """Match the variables of a polynomial with the inputs, by their names."""
    if variables is None and dimension in (None, p.dimension):
        return p
    occurring = tuple(name for name, degree in zip(p.variables, p.degrees, strict=True) if degree > 0)
    named = p.variables if variables is None and p.degree > 0 else occurring
    inputs = inputs_of(named, variables, dimension)
    return MultivariatePolynomial(placed(p.terms, p.variables, inputs), inputs)


def _positional(terms: Terms, variables: Any, dimension: int | None) -> MultivariatePolynomial:
    """Match exponents with the inputs, by their order."""
    given = len(terms[0][0]) if terms else dimension or 1
    names = default_names(dimension or given) if variables is None else names_of(variables, dimension)
    if terms and len(names) != given:
        raise ValueError(f"{demand(len(names))}, got exponents of {given}")
    return MultivariatePolynomial(terms, names)


def _of_coefficients(given: Any) -> Terms:
    listed = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(given, (bytes, bytearray, memoryview)) or not isinstance(listed, Sequence):
        raise TypeError(
            "a target must be a string, a sympy expression or a list of coefficients, "
            f"got {type(given).__name__}"
        )
    return tuple(((k,), c) for k, c in enumerate(Polynomial.of(listed).coefficients))
