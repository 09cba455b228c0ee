"""Normal forms: when two elementary expressions are the same function.

A normal form is a polynomial with rational coefficients in atoms: variables, pi, functions of normal forms,
reciprocals and roots.  Equal normal forms are equal functions wherever both are defined; the converse is not
claimed.  Reciprocals are not cancelled, so that x/x is not 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from relu_constructions.nodes import Node, exponent_of

MAX_TERMS = 500
MAX_POWER = 64
MAX_BITS = 20_000
"""An expression with longer normal forms is compared as it is written."""

Atom = tuple[Any, ...]
Monomial = tuple[tuple[Atom, Fraction], ...]
Terms = dict[Monomial, Fraction]
_ODD = ("sin", "tan", "atan", "sinh", "tanh")
_EVEN = ("cos", "cosh", "abs")


class TooLong(ValueError):  # noqa: N818
    """The normal form is longer than allowed."""


def same_node(f: Node, g: Node) -> bool:
    """Whether two expressions are shown to be the same function of the variables by their indices.

    Examples
    --------
    >>> from relu_constructions.nodes import function, negative, variable
    >>> cosine = function("cos", variable(0))
    >>> same_node(cosine, function("cos", negative(variable(0)))), same_node(cosine, variable(0))
    (True, False)
    """
    if f == g:
        return True
    try:
        return normal_form(f) == normal_form(g)
    except TooLong:
        return False


def vanishes(node: Node) -> bool:
    """Whether an expression is shown to be zero wherever it is defined.

    Examples
    --------
    >>> from relu_constructions.nodes import number, quotient, total, variable
    >>> vanishes(total(quotient(variable(0), variable(0)), number(-1)))
    True
    """
    try:
        return not normal_form(node, True)
    except TooLong:
        return False


def normal_form(node: Node, cancel: bool = False) -> Terms:
    """Return the normal form: from monomials in atoms to coefficients that are not zero.

    With `cancel`, x/x is 1; that is right where the expression is defined.

    Raises
    ------
    TooLong
        If it has too many terms, or too long coefficients.

    Examples
    --------
    >>> from relu_constructions.nodes import total, variable
    >>> normal_form(total(variable(0), variable(0)))
    {((('variable', 0), Fraction(1, 1)),): Fraction(2, 1)}
    """
    if node.kind == "number":
        return _limited({(): node.parts[0]})
    if node.kind == "variable":
        return _atom(("variable", node.parts[0]))
    if node.kind == "pi":
        return _atom(("pi",))
    if node.kind == "power":
        return _power(node, cancel)
    parts = [normal_form(part, cancel) for part in node.parts]
    if node.kind == "sum":
        found: Terms = {}
        for part in parts:
            found = _sum(found, part)
        return found
    if node.kind == "product":
        found = {(): Fraction(1)}
        for part in parts:
            found = _product(found, part)
        return found
    return _exponential(parts[0]) if node.kind == "exp" else _function(node.kind, parts[0])


def _atom(atom: Atom, exponent: Fraction = Fraction(1)) -> Terms:
    return {((atom, exponent),): Fraction(1)}


def _limited(terms: Terms) -> Terms:
    bits = sum(c.numerator.bit_length() + c.denominator.bit_length() for c in terms.values())
    if len(terms) > MAX_TERMS or bits > MAX_BITS:
        raise TooLong("the normal form of an expression is too long")
    return {monomial: c for monomial, c in terms.items() if c}


def _sum(p: Terms, q: Terms) -> Terms:
    return _limited({**p, **{monomial: p.get(monomial, Fraction(0)) + c for monomial, c in q.items()}})


def _product(p: Terms, q: Terms) -> Terms:
    if len(p) * len(q) > MAX_TERMS:
        raise TooLong("the normal form of an expression is too long")
    found: Terms = {}
    for a, c in p.items():
        for b, d in q.items():
            monomial = _joined(a, b)
            found[monomial] = found.get(monomial, Fraction(0)) + c * d
    return _limited(found)


def _joined(a: Monomial, b: Monomial) -> Monomial:
    exponents = dict(a)
    for atom, e in b:
        exponents[atom] = exponents.get(atom, Fraction(0)) + e
    return tuple(sorted(((atom, e) for atom, e in exponents.items() if e), key=repr))


def _frozen(terms: Terms) -> Atom:
    return tuple(sorted(terms.items(), key=repr))


def _power(node: Node, cancel: bool) -> Terms:
    base, e = node.parts[0], exponent_of(node)
    if e is None:
        logarithm = _function("log", normal_form(base, cancel))
        return _exponential(_product(normal_form(node.parts[1], cancel), logarithm))
    inner = normal_form(base, cancel)
    if e.denominator == 1:
        return _integer_power(inner, int(e), cancel)
    return _atom(("root", _frozen(inner)), e)


def _integer_power(p: Terms, n: int, cancel: bool) -> Terms:
    if n == 0:
        return {(): Fraction(1)}
    if len(p) == 1 and (n > 0 or cancel or () in p):
        ((monomial, c),) = p.items()
        return _limited({tuple((atom, e * n) for atom, e in monomial): _power_of(c, n)})
    if n < 0:
        scale, monic = _monic(p)
        inverse = ("inverse", _frozen(monic))
        return {((inverse, Fraction(-n)),): _power_of(scale, n)}
    if n > MAX_POWER:
        raise TooLong("the normal form of an expression is too long")
    found: Terms = {(): Fraction(1)}
    for _ in range(n):
        found = _product(found, p)
    return found


def _power_of(c: Fraction, n: int) -> Fraction:
    if (c.numerator.bit_length() + c.denominator.bit_length()) * abs(n) > MAX_BITS:
        raise TooLong("the normal form of an expression is too long")
    return c**n


def _monic(p: Terms) -> tuple[Fraction, Terms]:
    """A number and a normal form with the first coefficient 1, whose product this is."""
    scale = _frozen(p)[0][1] if p else Fraction(1)
    if scale == 0 or not p:
        return Fraction(1), p
    return scale, {monomial: c / scale for monomial, c in p.items()}


def _exponential(p: Terms) -> Terms:
    """exp of a sum as a product of powers of exp(monomial), which are positive."""
    powers = ((("exp", monomial), c) for monomial, c in p.items())
    return {tuple(sorted(powers, key=repr)): Fraction(1)}


def _function(name: str, p: Terms) -> Terms:
    if name in (*_ODD, *_EVEN) and p and _frozen(p)[0][1] < 0:
        opposite = _atom((name, _frozen({monomial: -c for monomial, c in p.items()})))
        return opposite if name in _EVEN else {monomial: -c for monomial, c in opposite.items()}
    return _atom((name, _frozen(p)))
