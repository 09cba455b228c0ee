"""Targets: the functions that a network is compared with.

A target arrives as a string, a sympy expression, a list of coefficients, or a function:
`Polynomial`, or the exact functions of `piecewise_linear`.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from relu_constructions.exact import shown, to_fraction
from relu_constructions.expression import Algebra, evaluate, parse, variables
from relu_constructions.piecewise_linear import PiecewiseLinear, Sawtooth

MAX_DEGREE = 1000
MAX_COEFFICIENT_BITS = 1_000_000


@dataclass(frozen=True)
class Polynomial:
    """A polynomial c_0 + c_1 x + ... + c_n x^n with rational coefficients.

    Attributes
    ----------
    coefficients : tuple of Fraction
        In ascending order, without trailing zeros; empty for the zero polynomial.
    variable : str

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
        exact = [to_fraction(c, f"coefficient {k}") for k, c in enumerate(coefficients)]
        while exact and exact[-1] == 0:
            exact.pop()
        if len(exact) > MAX_DEGREE + 1:
            raise ValueError(f"a polynomial must have degree at most {MAX_DEGREE}, got {len(exact) - 1}")
        return cls(tuple(exact), variable)

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
        size = max(len(self.coefficients), len(other.coefficients))
        pairs = zip(_padded(self, size), _padded(other, size), strict=True)
        return Polynomial.of([a + b for a, b in pairs], self.variable)

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + Polynomial(tuple(-c for c in other.coefficients), self.variable)

    def __mul__(self, other: Polynomial) -> Polynomial:
        if not self.coefficients or not other.coefficients:
            return Polynomial((), self.variable)
        _refuse_size(self.degree + other.degree, _bits(self) + _bits(other))
        product = [Fraction(0)] * (self.degree + other.degree + 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                product[i + j] += a * b
        return Polynomial.of(product, self.variable)

    def __str__(self) -> str:
        terms = [_term(c, k, self.variable) for k, c in enumerate(self.coefficients) if c]
        return " + ".join(reversed(terms)).replace("+ -", "- ") or "0"


Target = Polynomial | PiecewiseLinear | Sawtooth


def to_target(given: Any) -> Target:
    """Read a target.

    Parameters
    ----------
    given : str, sympy expression, sequence of coefficients, Polynomial or PiecewiseLinear
        A string is a polynomial in one variable with rational coefficients, such as ``"x**2 - x/3"``;
        a sequence lists the coefficients in ascending order.

    Raises
    ------
    ValueError
        For anything that is no polynomial in one variable: a pole, an unknown function, two variables.
    TypeError
        For objects of other types and coefficients that are not exact.

    Examples
    --------
    >>> print(to_target("(x - 1/2)^2"), "and", to_target([0, 0, 1]))
    x**2 - x + 1/4 and x**2
    >>> to_target("1/x")
    Traceback (most recent call last):
        ...
    ValueError: the target divides by x, so it may have a pole; it must be a polynomial
    """
    if isinstance(given, (Polynomial, PiecewiseLinear, Sawtooth)):
        return given
    if isinstance(given, str):
        return _from_string(given)
    if hasattr(given, "free_symbols"):
        return _from_sympy(given)
    if isinstance(given, (Sequence,)) or hasattr(given, "tolist"):
        return Polynomial.of(list(given))
    raise TypeError(
        f"a target must be a string, a sympy expression or a list of coefficients, got {type(given).__name__}"
    )


def _from_string(text: str) -> Polynomial:
    expression = parse(text)
    names = sorted(variables(expression))
    if len(names) > 1:
        raise ValueError(
            f"a target of a network with one input must have one variable, got {', '.join(names)}"
        )
    variable = names[0] if names else "x"
    one = Fraction(1)
    algebra = Algebra(
        lambda number: Polynomial.of([number], variable),
        {variable: Polynomial((Fraction(0), one), variable)},
        {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": _divide, "**": _power},
        {},
    )
    result: Polynomial = evaluate(expression, algebra)
    return result


def _from_sympy(given: Any) -> Polynomial:
    import sympy

    symbols = sorted(given.free_symbols, key=lambda symbol: str(symbol.name))
    if len(symbols) > 1:
        raise ValueError(f"a target of a network with one input must have one variable, got {symbols}")
    symbol = symbols[0] if symbols else sympy.Symbol("x")
    if not given.is_polynomial(symbol):
        raise ValueError(f"the target {given} must be a polynomial with rational coefficients")
    coefficients = sympy.Poly(given, symbol).all_coeffs()
    if not all(c.is_Rational for c in coefficients):
        raise ValueError(
            f"the target {given} must have rational coefficients, no floats and no irrational numbers"
        )
    return Polynomial.of(coefficients[::-1], symbol.name)


def _divide(p: Polynomial, q: Polynomial) -> Polynomial:
    if q.degree > 0:
        raise ValueError(f"the target divides by {q}, so it may have a pole; it must be a polynomial")
    if q.degree < 0:
        raise ValueError("the target divides by zero")
    return Polynomial(tuple(c / q.coefficients[0] for c in p.coefficients), p.variable)


def _power(p: Polynomial, exponent: Polynomial) -> Polynomial:
    k = exponent.coefficients[0] if exponent.degree == 0 else Fraction(0)
    if exponent.degree > 0 or k.denominator != 1 or k < 0:
        raise ValueError(
            f"an exponent must be a nonnegative integer, got {exponent}; the target is a polynomial"
        )
    _refuse_size(max(p.degree, 0) * int(k), _bits(p) * int(k))
    result = Polynomial((Fraction(1),), p.variable)
    for digit in f"{int(k):b}" if k else "":
        result = result * result
        result = result * p if digit == "1" else result
    return result


def _refuse_size(degree: int, bits: int) -> None:
    if degree > MAX_DEGREE:
        raise ValueError(f"a polynomial must have degree at most {MAX_DEGREE}, got {shown(degree)}")
    if bits > MAX_COEFFICIENT_BITS:
        raise ValueError(
            f"a coefficient must have at most {MAX_COEFFICIENT_BITS} bits, got about {shown(bits)}"
        )


def _bits(p: Polynomial) -> int:
    return max(
        (c.numerator.bit_length() + c.denominator.bit_length() for c in p.coefficients if c not in (1, -1)),
        default=0,
    )


def _padded(p: Polynomial, size: int) -> tuple[Fraction, ...]:
    return p.coefficients + (Fraction(0),) * (size - len(p.coefficients))


def _term(c: Fraction, k: int, variable: str) -> str:
    if k == 0:
        return shown(c)
    power = variable if k == 1 else f"{variable}**{k}"
    sign = "-" if c < 0 else ""
    size = abs(c)
    factor = "" if size.numerator == 1 else f"{shown(Fraction(size.numerator))}*"
    divisor = "" if size.denominator == 1 else f"/{shown(Fraction(size.denominator))}"
    return f"{sign}{factor}{power}{divisor}"
