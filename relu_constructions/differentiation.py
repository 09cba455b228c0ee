"""Differentiation: the partial derivatives of an elementary expression as expressions."""

from __future__ import annotations

from relu_constructions.nodes import (
    ONE,
    ZERO,
    Node,
    exponent_of,
    function,
    negative,
    number,
    power,
    quotient,
    times,
    total,
)


def differentiated(node: Node, j: int) -> Node:
    """Return the partial derivative in the variable with the index j.

    Where the expression is not smooth, neither is the result defined: the derivative of abs(u) is u/abs(u).

    Examples
    --------
    >>> from relu_constructions.nodes import variable
    >>> differentiated(power(variable(0), number(3)), 0) == times(number(3), power(variable(0), number(2)))
    True
    """
    return _Differentiation(j).of(node)


class _Differentiation:
    """One derivative; equal parts are differentiated once."""

    def __init__(self, j: int) -> None:
        self._j = j
        self._known: dict[Node, Node] = {}

    def of(self, node: Node) -> Node:
        if node not in self._known:
            self._known[node] = self._new(node)
        return self._known[node]

    def _new(self, node: Node) -> Node:
        if node.kind in ("number", "pi"):
            return ZERO
        if node.kind == "variable":
            return ONE if node.parts[0] == self._j else ZERO
        if node.kind == "sum":
            return total(*map(self.of, node.parts))
        if node.kind == "product":
            return self._product(node)
        if node.kind == "power":
            return self._power(node)
        (u,) = node.parts
        inner = self.of(u)
        return ZERO if inner == ZERO else times(_outer(node, u), inner)

    def _product(self, node: Node) -> Node:
        summands = []
        for k, part in enumerate(node.parts):
            inner = self.of(part)
            if inner != ZERO:
                summands.append(times(*node.parts[:k], inner, *node.parts[k + 1 :]))
        return total(ZERO, *summands)

    def _power(self, node: Node) -> Node:
        base, exponent = node.parts
        if (e := exponent_of(node)) is None:
            logarithm = times(exponent, function("log", base))
            inner = self.of(logarithm)
            return ZERO if inner == ZERO else times(node, inner)
        inner = self.of(base)
        if inner == ZERO or e == 0:
            return ZERO
        return times(number(e), power(base, number(e - 1)), inner)


def _outer(node: Node, u: Node) -> Node:
    """The derivative of a function at u."""
    square = power(node, number(2))
    if node.kind == "sin":
        return function("cos", u)
    if node.kind == "cos":
        return negative(function("sin", u))
    if node.kind == "tan":
        return total(square, ONE)
    if node.kind == "tanh":
        return total(ONE, negative(square))
    if node.kind == "exp":
        return node
    if node.kind == "log":
        return power(u, number(-1))
    if node.kind == "atan":
        return power(total(power(u, number(2)), ONE), number(-1))
    if node.kind == "sinh":
        return function("cosh", u)
    if node.kind == "cosh":
        return function("sinh", u)
    return quotient(u, node)
