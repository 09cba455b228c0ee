"""Singularities: poles, branch cuts and kinks of an expression on a box are found and named.

Every operation that may be singular has a condition on its operand: a divisor is not zero, the argument of
log and of a root is positive, that of abs has one sign.  The operands are treated before the operations, so
that what a condition speaks of is defined and continuous when it is decided.
"""

from __future__ import annotations

from collections.abc import Sequence

from relu_constructions.box import Box, shown_box
from relu_constructions.enclosure import decimal
from relu_constructions.exact import shown
from relu_constructions.exact_values import is_zero
from relu_constructions.nodes import Node, exponent_of, function, is_divisor, negative, power, times
from relu_constructions.scalar_field import Point, ScalarField, shown_point
from relu_constructions.signs import Budget, Finding, signs_of
from relu_constructions.writing import write

MAX_OPERATIONS = 10**6
MAX_WORDS = 100
_POSITIVE = frozenset([1])


class Singularity(ValueError):  # noqa: N818
    """An expression is singular in its domain.

    Attributes
    ----------
    point : Point
        Where, up to rounding.
    exact : bool
        Whether it is exactly there.
    """

    def __init__(self, message: str, point: Point, exact: bool) -> None:
        super().__init__(message)
        self.point, self.exact = point, exact


def resolved(node: Node, box: Box, names: Sequence[str]) -> Node:
    """Return the expression with every abs(u) replaced by u or -u, if it is smooth on a box.

    Raises
    ------
    Singularity
        Naming what is singular, and where.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from relu_constructions.nodes import variable
    >>> x, box = variable(0), ((Fraction(0), Fraction(1)),)
    >>> resolved(function("abs", x), box, ["x"]) == x
    True
    >>> resolved(function("log", x), box, ["x"])
    Traceback (most recent call last):
        ...
    relu_constructions.singularity.Singularity: log(x) is not defined at x = 0 in [0, 1] (a branch cut)
    """
    return _Resolution(box, names).of(node)


class _Resolution:
    """The treatment of all operations on one box; equal parts are treated once."""

    def __init__(self, box: Box, names: Sequence[str]) -> None:
        self._box, self._names = box, names
        self._budget = Budget(MAX_OPERATIONS)
        self._known: dict[Node, Node] = {}

    def of(self, node: Node) -> Node:
        if node not in self._known:
            self._known[node] = self._new(node)
        return self._known[node]

    def _new(self, node: Node) -> Node:
        if node.kind in ("number", "variable", "pi"):
            return node
        if node.kind == "product":
            return self._product(node)
        if node.kind == "power":
            return self._power(node)
        parts = [self.of(part) for part in node.parts]
        if node.kind == "sum":
            return Node("sum", tuple(parts))
        (u,) = parts
        if node.kind == "abs":
            return self._modulus(node, u)
        if node.kind == "log":
            self._demand_positive(node, u, "is not defined", " (a branch cut)")
        if node.kind == "tan":
            self._demand_nonzero(node, function("cos", u))
        return function(node.kind, u)

    def _product(self, node: Node) -> Node:
        above = [self.of(part) for part in node.parts if not is_divisor(part)]
        below = []
        for part in node.parts:
            if is_divisor(part):
                try:
                    below.append(self.of(part))
                except Singularity as found:
                    self._refuse_nothing_by_nothing(node, above, found)
                    raise
        return times(*above, *below)

    def _power(self, node: Node) -> Node:
        base, e = self.of(node.parts[0]), exponent_of(node)
        if e is None:
            exponent = self.of(node.parts[1])
            self._demand_positive(node, base, "is not defined", " (a branch cut)")
            return Node("power", (base, exponent))
        if e.denominator > 1:
            kind = "has a pole" if e < 0 else "has no derivative" if e < 1 else "is not smooth"
            self._demand_positive(node, base, kind, "")
        elif e < 0:
            self._demand_nonzero(node, base)
        return power(base, node.parts[1])

    def _modulus(self, node: Node, u: Node) -> Node:
        found = signs_of(u, self._box, False, self._budget)
        if -1 not in found.signs:
            return u
        if 1 not in found.signs:
            return negative(u)
        raise self._singularity(node, "has a kink", found, _crosses(found))

    def _demand_nonzero(self, node: Node, u: Node) -> None:
        found = signs_of(u, self._box, True, self._budget)
        if 0 in found.signs:
            raise self._singularity(node, "has a pole", found, found.exact or _crosses(found))

    def _demand_positive(self, node: Node, u: Node, what: str, why: str) -> None:
        found = signs_of(u, self._box, True, self._budget)
        if found.signs == _POSITIVE:
            return
        if found.zero is None:
            point = found.below or tuple((lo + hi) / 2 for lo, hi in self._box)
            where = f"{shown_point(point, self._names)} in {shown_box(self._box)}"
            reason = f"{self._text(u)} is negative there"
            raise Singularity(f"{self._text(node)} is not defined at {where}: {reason}", point, True)
        raise self._singularity(node, what, found, found.exact or _crosses(found), why)

    def _refuse_nothing_by_nothing(self, node: Node, above: Sequence[Node], found: Singularity) -> None:
        if found.exact and any(is_zero(part, found.point) for part in above):
            where = f"{shown_point(found.point, self._names)} in {shown_box(self._box)}"
            message = f"{self._text(node)} divides by zero at {where}: it is 0/0 there, which is not defined"
            raise Singularity(message, found.point, True) from None

    def _singularity(self, node: Node, what: str, found: Finding, proved: bool, why: str = "") -> Singularity:
        point = found.zero or tuple((lo + hi) / 2 for lo, hi in self._box)
        verb = what if proved else _MAYBE[what]
        place = shown_point(point, self._names, shown if found.exact else decimal)
        where = f"{'at' if found.exact else 'near'} {place}"
        domain = f"{'inside' if 'kink' in what else 'in'} {shown_box(self._box)}"
        return Singularity(f"{self._text(node)} {verb} {where} {domain}{why}", point, found.exact)

    def _text(self, node: Node) -> str:
        text = write(node, self._names)
        return text if len(text) <= MAX_WORDS else f"{text[:MAX_WORDS]} ..."


_MAYBE = {
    "has a pole": "may have a pole",
    "has a kink": "may have a kink",
    "is not defined": "may be undefined",
    "has no derivative": "may have no derivative",
    "is not smooth": "may not be smooth",
}


def _crosses(found: Finding) -> bool:
    return found.below is not None and found.above is not None


def demand_values(node: Node, box: Box, what: str) -> None:
    """Refuse an expression whose value in the middle of a box is no finite ball.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from relu_constructions.nodes import number
    >>> tower = number(100)
    >>> for _ in range(3):
    ...     tower = function("exp", tower)
    >>> demand_values(tower, ((Fraction(0), Fraction(1)),), "exp(exp(exp(100)))")
    Traceback (most recent call last):
        ...
    ValueError: exp(exp(exp(100))) is too large to be enclosed on [0, 1]
    """
    field, middle = ScalarField(node, len(box)), tuple((lo + hi) / 2 for lo, hi in box)
    if not any(field.value(middle, bits).is_finite() for bits in (64, 256, 1024, 4096)):
        raise ValueError(f"{what} is too large to be enclosed on {shown_box(box)}")
