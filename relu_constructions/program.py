"""Program: an expression as a list of operations, to be run on balls of any kind.

Equal parts are computed once, and the parts without variables once for each precision.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb, ctx

from relu_constructions.ball_arithmetic import REAL, Arithmetic
from relu_constructions.balls import ball
from relu_constructions.nodes import (
    ONE,
    Node,
    exponent_of,
    function,
    is_constant,
    is_divisor,
    number,
    power,
    times,
    total,
)

MAX_KEPT = 16
"""For so many precisions the constants are kept."""


class Step(NamedTuple):
    """An operation on two places; the result takes the next place."""

    name: str
    left: int
    right: int


Linked = list[tuple[Callable[..., Any], int, int]]


class Program:
    """The operations of an expression in some variables.

    Parameters
    ----------
    node : Node
    dimension : int
        The number of variables.

    Attributes
    ----------
    steps : list of Step
        The places 0, ..., dimension - 1 hold the variables; then come the constants; then the results.

    Examples
    --------
    >>> from relu_constructions.nodes import PI, variable
    >>> program = Program(function("cos", times(number(2), PI, variable(0))), 1)
    >>> [step.name for step in program.steps]
    ['multiply', 'cos']
    """

    def __init__(self, node: Node, dimension: int) -> None:
        made = _Compiler(dimension)
        result = made.place(node)
        shift = len(made.constants)
        places = {**{-1 - k: dimension + k for k in range(shift)}, **{j: j for j in range(dimension)}}
        moved = [places.get(j, j + shift) for j in range(dimension + len(made.steps))]
        self.dimension = dimension
        self._result = _moved(result, moved, dimension)
        self.steps = [
            Step(name, _moved(a, moved, dimension), _moved(b, moved, dimension)) for name, a, b in made.steps
        ]
        self._constants = made.constants
        self._kept: dict[int, list[Any]] = {}
        self._linked: dict[int, Linked] = {}

    def run(self, arithmetic: Arithmetic, arguments: Sequence[Any]) -> Any:
        """Return the value at some arguments, at the precision of the context.

        Raises
        ------
        Undefined
            If an operation may be undefined.
        """
        linked = self._linked.get(id(arithmetic))
        if linked is None:
            linked = self._linked[id(arithmetic)] = [
                (arithmetic[s.name], s.left, s.right) for s in self.steps
            ]
        values = [*arguments, *self.constants()]
        for operation, a, b in linked:
            values.append(operation(values[a], values[b]))
        return values[self._result]

    def constants(self) -> list[Any]:
        """Return the constants at the precision of the context."""
        bits = ctx.prec
        found = self._kept.get(bits)
        if found is None:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            found = self._kept[bits] = [c if isinstance(c, int) else constant(c) for c in self._constants]
        return found


def constant(node: Node) -> arb:
    """Return a ball around the value of an expression without variables.

    Examples
    --------
    >>> constant(number(Fraction(1, 2)))
    0.500000000000000
    """
    if node.kind == "number":
        return ball(node.parts[0])
    if node.kind == "pi":
        return arb.pi()
    if node.kind == "power" and (e := exponent_of(node)) is not None:
        base = constant(node.parts[0])
        return _numeric_power(base, e)
    values = [constant(part) for part in node.parts]
    if node.kind == "sum":
        return sum(values[1:], values[0])
    if node.kind == "product":
        product = values[0]
        for value in values[1:]:
            product = product * value
        return product
    found: arb = REAL["power"](*values) if node.kind == "power" else REAL[node.kind](values[0], None)
    return found


def _numeric_power(base: arb, e: Fraction) -> arb:
    name: str
    parameter: Any
    if e.denominator == 1:
        name, parameter = "integer power", int(e)
    else:
        name, parameter = ("root", None) if e == Fraction(1, 2) else ("power", ball(e))
    found: arb = REAL[name](base, parameter)
    return found


class _Compiler:
    """Places: a variable j, a constant -1 - k, the result of step i as dimension + i."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.steps: list[Step] = []
        self.constants: list[Node | int] = []
        self._places: dict[Any, int] = {}

    def place(self, node: Node) -> int:
        found = self._places.get(node)
        if found is None:
            found = self._places[node] = self._new(node)
        return found

    def _new(self, node: Node) -> int:
        if node.kind == "variable":
            return int(node.parts[0])
        if is_constant(node):
            return self._constant(node)
        if node.kind == "sum":
            return self._sum(node)
        if node.kind == "product" or is_divisor(node):
            return self._product(node)
        if node.kind == "power":
            return self._power(node)
        argument = self.place(node.parts[0])
        return self._step(node.kind, argument, argument)

    def _constant(self, value: Node | int) -> int:
        self.constants.append(value)
        return -len(self.constants)

    def _step(self, name: str, left: int, right: int) -> int:
        self.steps.append(Step(name, left, right))
        return self.dimension + len(self.steps) - 1

    def _sum(self, node: Node) -> int:
        fixed = [part for part in node.parts if is_constant(part)]
        moving = [part for part in node.parts if not is_constant(part)]
        found = self.place(total(*fixed) if fixed else moving.pop(0))
        for part in moving:
            opposite = _opposite(part)
            if opposite is None:
                found = self._step("add", found, self.place(part))
            else:
                found = self._step("subtract", found, self.place(opposite))
        return found

    def _product(self, node: Node) -> int:
        factors = node.parts if node.kind == "product" else (node,)
        fixed = times(*(part for part in factors if is_constant(part)))
        above = [part for part in factors if not is_constant(part) and not is_divisor(part)]
        below = [part for part in factors if not is_constant(part) and is_divisor(part)]
        if fixed != ONE or not above:
            above.insert(0, fixed)
        found = self.place(above[0])
        for part in above[1:]:
            found = self._step("multiply", found, self.place(part))
        for part in below:
            base, e = part.parts[0], -part.parts[1].parts[0]
            found = self._step("divide", found, self.place(power(base, number(e))))
        return found

    def _power(self, node: Node) -> int:
        base, exponent = node.parts
        e = exponent_of(node)
        if e is None:
            return self.place(function("exp", times(exponent, function("log", base))))
        u = self.place(base)
        if e.denominator == 1:
            return self._step("integer power", u, self._constant(int(e)))
        if e.denominator > 2:
            return self._step("power", u, self.place(exponent))
        root = self._step("root", u, u)
        return root if e == Fraction(1, 2) else self._step("integer power", root, self._constant(int(2 * e)))


def _opposite(node: Node) -> Node | None:
    """The node without its factor -1, if it has one."""
    if node.kind == "product" and node.parts[0] == number(-1):
        return times(*node.parts[1:])
    return None


def _moved(place: int, places: Sequence[int], dimension: int) -> int:
    return dimension - 1 - place if place < 0 else places[place]
