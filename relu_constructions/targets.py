"""Targets: the functions that a network is compared with.

A target arrives as a string, a sympy expression, a list of coefficients, or a function:
`Polynomial`, or the exact functions of `piecewise_linear`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from relu_constructions.exact import shown, to_fraction
from relu_constructions.expression import Algebra, evaluate, parse, variables
from relu_constructions.piecewise_linear import PiecewiseLinear, Sawtooth

MAX_DEGREE = 1000
MAX_COEFFICIENT_BITS = 1_000_000
MAX_BITS = 10_000_000
"""Limits for one coefficient and for all coefficients of a polynomial."""


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

    def __post_init__(self) -> None:
        exact = [to_fraction(c, f"coefficient {k}") for k, c in enumerate(self.coefficients)]
        while exact and exact[-1] == 0:
            exact.pop()
        if len(exact) > MAX_DEGREE + 1:
            raise ValueError(f"a polynomial must have degree at most {MAX_DEGREE}, got {len(exact) - 1}")
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
        return _from_flint(_sum(_to_flint(self), _to_flint(other)), self.variable)

    def __sub__(self, other: Polynomial) -> Polynomial:
        return _from_flint(_sum(_to_flint(self), -_to_flint(other)), self.variable)

    def __mul__(self, other: Polynomial) -> Polynomial:
        return _from_flint(_product(_to_flint(self), _to_flint(other)), self.variable)

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
    return _from_coefficients(given)


def _from_string(text: str) -> Polynomial:
    expression = parse(text)
    names = sorted(variables(expression))
    if len(names) > 1:
        raise ValueError(
            f"a target of a network with one input must have one variable, got {', '.join(names)}"
        )
    variable = names[0] if names else "x"
    operators: dict[str, Callable[..., Any]] = {
        "+": _sum,
        "-": lambda p, q: _sum(p, -q),
        "*": _product,
        "/": lambda p, q: _quotient(p, q, variable),
        "**": lambda p, q: _power(p, q, variable),
    }
    algebra = Algebra(lambda c: _poly([c]), {variable: _poly([0, 1])}, operators, {})
    return _from_flint(evaluate(expression, algebra), variable)


def _from_sympy(given: Any) -> Polynomial:
    import sympy

    given = given.as_expr() if isinstance(given, sympy.Poly) else given
    if not isinstance(given, sympy.Expr):
        raise TypeError(f"a target must be a polynomial in one variable, got {type(given).__name__}")
    symbols = sorted(given.free_symbols, key=str)
    if len(symbols) > 1 or not all(isinstance(symbol, sympy.Symbol) for symbol in symbols):
        raise ValueError(f"a target of a network with one input must have one variable, got {symbols}")
    symbol = symbols[0] if symbols else sympy.Symbol("x")
    return _from_flint(_of_tree(given, symbol), symbol.name)


def _of_tree(node: Any, symbol: Any) -> Any:
    """Read a sympy expression from its tree; nothing is expanded or evaluated by sympy."""
    if node == symbol:
        return _poly([0, 1])
    if node.is_Rational:
        return _poly([to_fraction(node)])
    if node.is_Add or node.is_Mul:
        return functools.reduce(_sum if node.is_Add else _product, (_of_tree(a, symbol) for a in node.args))
    if node.is_Pow:
        return _power(_of_tree(node.base, symbol), _of_tree(node.exp, symbol), symbol.name)
    raise ValueError(f"the target must be a polynomial with rational coefficients, it contains {node}")


def _from_coefficients(given: Any) -> Polynomial:
    listed = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(given, (bytes, bytearray, memoryview)) or not isinstance(listed, Sequence):
        raise TypeError(
            "a target must be a string, a sympy expression or a list of coefficients, "
            f"got {type(given).__name__}"
        )
    return Polynomial.of(listed)


def _sum(p: Any, q: Any) -> Any:
    total = p + q
    _refuse_size(total.degree(), _bits(total))
    return total


def _product(p: Any, q: Any) -> Any:
    _refuse_size(p.degree() + q.degree(), _bits(p) + _bits(q))
    return p * q


def _quotient(p: Any, q: Any, variable: str) -> Any:
    if q.degree() > 0:
        divisor = _from_flint(q, variable)
        raise ValueError(f"the target divides by {divisor}, so it may have a pole; it must be a polynomial")
    if q.degree() < 0:
        raise ValueError("the target divides by zero")
    return _product(p, _poly([1 / _fraction(q[0])]))


def _power(p: Any, exponent: Any, variable: str) -> Any:
    k = _fraction(exponent[0])
    if exponent.degree() > 0 or k.denominator != 1 or k < 0:
        shown_exponent = _from_flint(exponent, variable)
        raise ValueError(
            f"an exponent must be a nonnegative integer, got {shown_exponent}; the target is a polynomial"
        )
    _refuse_size(max(p.degree(), 0) * int(k), _bits(p) * int(k))
    return p ** int(k)


def _refuse_size(degree: int, bits: int) -> None:
    if degree > MAX_DEGREE:
        raise ValueError(f"a polynomial must have degree at most {MAX_DEGREE}, got {shown(degree)}")
    if bits > MAX_COEFFICIENT_BITS:
        raise ValueError(
            f"a coefficient must have at most {MAX_COEFFICIENT_BITS} bits, got about {shown(bits)}"
        )
    if bits * (degree + 1) > MAX_BITS:
        raise ValueError(
            f"the coefficients must have at most {MAX_BITS} bits in all, got about {bits * (degree + 1)}"
        )


def _bits(p: Any) -> int:
    """The bits of the largest numerator over the common denominator, and of that denominator."""
    return int(p.numer().height_bits()) + int(p.denom().bit_length())


def _poly(coefficients: Sequence[Fraction | int]) -> Any:
    return flint.fmpq_poly([flint.fmpq(c.numerator, c.denominator) for c in coefficients])


def _to_flint(p: Polynomial) -> Any:
    return _poly(p.coefficients)


def _from_flint(p: Any, variable: str) -> Polynomial:
    return Polynomial(tuple(_fraction(c) for c in p.coeffs()), variable)


def _fraction(c: Any) -> Fraction:
    return Fraction(int(c.p), int(c.q))


def _term(c: Fraction, k: int, variable: str) -> str:
    power = {0: "", 1: variable}.get(k, f"{variable}**{k}")
    factor = "" if abs(c.numerator) == 1 and power else shown(abs(c.numerator))
    divisor = "" if c.denominator == 1 else f"/{shown(c.denominator)}"
    times = "*" if factor and power else ""
    return f"{'-' if c < 0 else ''}{factor}{times}{power}{divisor}"
