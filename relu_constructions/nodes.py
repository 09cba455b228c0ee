"""Nodes: the tree of an elementary expression, built by rules that never change what it is.

Sums and products are flat, the numbers in them are folded, and a quotient is a product with a negative power;
that is all that is simplified, so nothing that is undefined somewhere becomes defined there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from relu_constructions.exact import shown
from relu_constructions.terms import refuse_bits

FUNCTIONS = ("sin", "cos", "tan", "exp", "log", "sqrt", "atan", "sinh", "cosh", "tanh", "abs")
MAX_EXPONENT = 10**9
MAX_NODES = 5000
MAX_DEPTH = 100
"""Limits for the exponents, the nodes and the levels of an expression."""


class Node(NamedTuple):
    """A number, a variable, pi, or an operation.

    Attributes
    ----------
    kind : str
        ``"number"``, ``"variable"``, ``"pi"``, ``"sum"``, ``"product"``, ``"power"``, or a function.
    parts : tuple
        The Fraction of a number, the index of a variable, the operands of an operation.
    """

    kind: str
    parts: tuple[Any, ...]


PI = Node("pi", ())


def number(c: Fraction | int) -> Node:
    """Return a constant.

    Examples
    --------
    >>> number(3)
    Node(kind='number', parts=(Fraction(3, 1),))
    """
    return Node("number", (Fraction(c),))


ZERO, ONE = number(0), number(1)


def variable(j: int) -> Node:
    """Return the variable with the index j.

    Examples
    --------
    >>> variable(0)
    Node(kind='variable', parts=(0,))
    """
    return Node("variable", (j,))


def total(*summands: Node) -> Node:
    """Return a sum; the numbers in it become one, at the end.

    Examples
    --------
    >>> total(number(1), variable(0), number(2)) == total(variable(0), number(3))
    True
    """
    flat = [part for node in summands for part in (node.parts if node.kind == "sum" else (node,))]
    constant = Fraction(0)
    for c in (part.parts[0] for part in flat if part.kind == "number"):
        refuse_bits(_bits(constant) + _bits(c))
        constant += c
    kept = [part for part in flat if part.kind != "number"]
    if constant or not kept:
        kept.append(number(constant))
    return kept[0] if len(kept) == 1 else Node("sum", tuple(kept))


def times(*factors: Node) -> Node:
    """Return a product; the numbers in it become one, in front, and negative powers go to the end.

    Examples
    --------
    >>> times(variable(0), number(2), number(3)) == times(number(6), variable(0))
    True
    """
    flat = [part for node in factors for part in (node.parts if node.kind == "product" else (node,))]
    constant = Fraction(1)
    for c in (part.parts[0] for part in flat if part.kind == "number"):
        refuse_bits(_bits(constant) + _bits(c))
        constant *= c
    kept = sorted((part for part in flat if part.kind != "number"), key=is_divisor)
    if constant != 1 or not kept:
        kept.insert(0, number(constant))
    return kept[0] if len(kept) == 1 else Node("product", tuple(kept))


def negative(node: Node) -> Node:
    """Return -node."""
    return times(number(-1), node)


def quotient(p: Node, q: Node) -> Node:
    """Return p / q."""
    return times(p, power(q, number(-1)))


def power(base: Node, exponent: Node) -> Node:
    """Return base ** exponent.

    Powers of numbers are computed where they are rational, integer powers of products are taken factor by
    factor, and 1/u**a is u**(-a).

    Raises
    ------
    ValueError
        For exponents and results beyond the limits, zero to a negative power, and roots of negative numbers.

    Examples
    --------
    >>> power(number(2), number(-2)), power(number(4), number(Fraction(1, 2))) == number(2)
    (Node(kind='number', parts=(Fraction(1, 4),)), True)
    """
    if base == function("exp", ONE):
        return function("exp", exponent)
    if exponent.kind != "number":
        return Node("power", (base, exponent))
    e = exponent.parts[0]
    if e == 1:
        return base
    if base.kind == "number":
        return _power_of_number(base.parts[0], e)
    refuse_exponent(e)
    if base.kind == "product" and e.denominator == 1:
        return times(*(power(part, exponent) for part in base.parts))
    if e == -1 and base.kind == "power" and (a := exponent_of(base)) is not None and a > 0:
        return power(base.parts[0], number(-a))
    return Node("power", (base, exponent))


def function(name: str, argument: Node) -> Node:
    """Return the value of one of the `FUNCTIONS`.

    Examples
    --------
    >>> function("sqrt", variable(0)) == power(variable(0), number(Fraction(1, 2)))
    True
    """
    if name == "sqrt":
        return power(argument, number(Fraction(1, 2)))
    return Node(name, (argument,))


def exponent_of(node: Node) -> Fraction | None:
    """Return the exponent of a power, if it is a number.

    Examples
    --------
    >>> exponent_of(power(variable(0), number(3))), exponent_of(variable(0))
    (Fraction(3, 1), None)
    """
    if node.kind == "power" and node.parts[1].kind == "number":
        exponent: Fraction = node.parts[1].parts[0]
        return exponent
    return None


def is_divisor(node: Node) -> bool:
    """Whether this is a power with a negative number as exponent, which is written as a divisor."""
    exponent = exponent_of(node)
    return exponent is not None and exponent < 0


def operands(node: Node) -> tuple[Node, ...]:
    """Return the nodes that an operation is applied to."""
    return () if node.kind in ("number", "variable", "pi") else node.parts


def subtrees(node: Node) -> Iterator[Node]:
    """Go through all nodes, the operands of an operation before it."""
    for part in operands(node):
        yield from subtrees(part)
    yield node


def is_constant(node: Node) -> bool:
    """Whether no variable occurs."""
    return node.kind != "variable" and all(map(is_constant, operands(node)))


def is_polynomial(node: Node) -> bool:
    """Whether this is a polynomial with rational coefficients as it is written.

    Examples
    --------
    >>> is_polynomial(times(number(2), variable(0))), is_polynomial(function("sin", variable(0)))
    (True, False)
    """
    if node.kind == "power":
        exponent = exponent_of(node)
        return (
            exponent is not None
            and exponent.denominator == 1
            and exponent >= 0
            and is_polynomial(node.parts[0])
        )
    return node.kind in ("number", "variable", "sum", "product") and all(map(is_polynomial, operands(node)))


def refuse_nodes(node: Node) -> None:
    """Refuse an expression with too many nodes or levels.

    Examples
    --------
    >>> refuse_nodes(Node("sum", (variable(0),) * 6000))
    Traceback (most recent call last):
        ...
    ValueError: an expression must have at most 5000 parts
    """
    if _counted(node, MAX_NODES, MAX_DEPTH) < 0:
        raise ValueError(f"an expression must have at most {MAX_NODES} parts")


def refuse_exponent(exponent: Fraction) -> None:
    """Refuse an exponent beyond the limit."""
    if max(abs(exponent.numerator), exponent.denominator) > MAX_EXPONENT:
        raise ValueError(
            f"an exponent must have a numerator and a denominator of at most {MAX_EXPONENT}, "
            f"got {shown(exponent)}"
        )


def _counted(node: Node, left: int, levels: int) -> int:
    """How many of the nodes that are allowed are left; negative when they do not suffice."""
    if not levels:
        raise ValueError(f"an expression must not be nested deeper than {MAX_DEPTH} levels")
    left -= 1
    for part in operands(node):
        if left < 0:
            break
        left = _counted(part, left, levels - 1)
    return left


def _power_of_number(base: Fraction, e: Fraction) -> Node:
    if not base and e < 0:
        raise ValueError("the target divides by zero")
    if e.denominator == 1:
        refuse_bits(_bits(base) * abs(e.numerator))
        return number(base ** int(e))
    refuse_exponent(e)
    if base < 0:
        raise ValueError(f"{shown(base)} has no real power with exponent {shown(e)}")
    if e.denominator == 2:
        p, q = math.isqrt(base.numerator), math.isqrt(base.denominator)
        if Fraction(p * p, q * q) == base:
            return _power_of_number(Fraction(p, q), 2 * e)
    return base_case if (base_case := _trivial(base)) else Node("power", (number(base), number(e)))


def _trivial(base: Fraction) -> Node | None:
    return number(base) if base in (0, 1) else None


def _bits(c: Fraction) -> int:
    return c.numerator.bit_length() + c.denominator.bit_length()
