"""Writing: the text of an elementary expression, which is read back as the same tree."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.nodes import Node, exponent_of, is_divisor, number
from relu_constructions.terms import exactly

_SUM, _PRODUCT, _POWER, _ATOM = range(4)


class _Text(NamedTuple):
    """A text, and how tightly it is bound together."""

    text: str
    level: int

    def at(self, level: int) -> str:
        """The text, in parentheses if it is bound less tightly than that."""
        return self.text if self.level >= level else f"({self.text})"


def write(node: Node, names: Sequence[str]) -> str:
    """Write an expression.

    Examples
    --------
    >>> from relu_constructions.nodes import function, power, times, total, variable
    >>> x = variable(0)
    >>> write(total(function("sin", times(number(2), x)), power(x, number(-2))), ["x"])
    'sin(2*x) + 1/x**2'
    """
    return _written(node, names).text


def _written(node: Node, names: Sequence[str]) -> _Text:
    if node.kind == "number":
        return _number(node.parts[0])
    if node.kind == "variable":
        return _Text(names[node.parts[0]], _ATOM)
    if node.kind == "pi":
        return _Text("pi", _ATOM)
    if node.kind == "sum":
        return _sum([_written(part, names).text for part in node.parts])
    if node.kind == "product" or is_divisor(node):
        return _product(node, names)
    if node.kind == "power":
        return _power(node, names)
    return _Text(f"{node.kind}({_written(node.parts[0], names).text})", _ATOM)


def _sum(texts: Sequence[str]) -> _Text:
    first, *others = texts
    signed = (f" - {text[1:]}" if text.startswith("-") else f" + {text}" for text in others)
    return _Text(first + "".join(signed), _SUM)


def _product(node: Node, names: Sequence[str]) -> _Text:
    factors = list(node.parts) if node.kind == "product" else [node]
    c = factors.pop(0).parts[0] if factors[0].kind == "number" else Fraction(1)
    above = [_written(part, names).at(_POWER) for part in factors if not is_divisor(part)]
    below = [_written(_inverse(part), names).at(_POWER) for part in factors if is_divisor(part)]
    if abs(c.numerator) != 1 or not above:
        above.insert(0, exactly(abs(c.numerator)))
    if c.denominator != 1:
        below.insert(0, exactly(c.denominator))
    divisor = f"({'*'.join(below)})" if len(below) > 1 else "".join(below)
    quotient = f"/{divisor}" if below else ""
    return _Text(f"{'-' if c < 0 else ''}{'*'.join(above)}{quotient}", _PRODUCT)


def _power(node: Node, names: Sequence[str]) -> _Text:
    base, exponent = node.parts
    if exponent_of(node) == Fraction(1, 2):
        return _Text(f"sqrt({_written(base, names).text})", _ATOM)
    return _Text(f"{_written(base, names).at(_ATOM)}**{_written(exponent, names).at(_ATOM)}", _POWER)


def _inverse(node: Node) -> Node:
    """The divisor that a negative power stands for."""
    base, exponent = node.parts
    e = -exponent.parts[0]
    return base if e == 1 else Node("power", (base, number(e)))


def _number(c: Fraction) -> _Text:
    top = exactly(abs(c.numerator))
    text = f"{'-' if c < 0 else ''}{top}"
    if c.denominator > 1:
        return _Text(f"{text}/{exactly(c.denominator)}", _PRODUCT)
    return _Text(text, _PRODUCT if c < 0 else _POWER if "^" in text and text[0] != "(" else _ATOM)
