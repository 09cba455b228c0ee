"""Reading elementary expressions: the tree from a text or a sympy expression, for given inputs."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from relu_constructions.exact import to_fraction
from relu_constructions.expression import Algebra, evaluate, parse
from relu_constructions.expression import variables as variables_of
from relu_constructions.nodes import (
    FUNCTIONS,
    MAX_NODES,
    ONE,
    PI,
    ZERO,
    Node,
    function,
    negative,
    number,
    power,
    quotient,
    times,
    total,
    variable,
)
from relu_constructions.reading import demand, inputs_of, natural
from relu_constructions.symbols import symbols_in
from relu_constructions.terms import MAX_VARIABLES

NUMBERS: Mapping[str, Node] = {"pi": PI, "E": function("exp", ONE)}
ALIASES = {**{name: name for name in FUNCTIONS}, "Abs": "abs", "ln": "log"}
_WORD = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class ReadTree(NamedTuple):
    """The tree of an expression, and the names of its variables in their order."""

    node: Node
    names: tuple[str, ...]


def read_elementary(given: Any, variables: Any = None, dimension: int | None = None) -> ReadTree:
    """Read an elementary expression from a text or a sympy expression.

    Parameters
    ----------
    given : str or sympy expression
    variables : sequence of str or str, optional
    dimension : int, optional
        As for a polynomial: `inputs_of`.

    Raises
    ------
    ValueError
        For unknown names and functions, and sizes beyond the limits.
    TypeError
        For objects of other types.

    Examples
    --------
    >>> read_elementary("sin(y)").names
    ('y',)
    >>> read_elementary("gamma(y)")
    Traceback (most recent call last):
        ...
    ValueError: gamma is not a known function (column 1 of "gamma(y)")
    """
    if isinstance(given, str):
        return _read_text(given, variables, dimension)
    try:
        return _read_sympy(given, variables, dimension)
    except RecursionError:
        raise ValueError("the expression of a target is nested too deeply") from None


def is_rational(text: str) -> bool:
    """Whether a text has neither functions nor pi and E, so that only its arithmetic is to be read.

    Examples
    --------
    >>> is_rational("1/x"), is_rational("pi*x"), is_rational("sin(x)")
    (True, False, False)
    """
    words = set(_WORD.findall(text))
    return not words & (set(NUMBERS) | set(ALIASES))


def refuse_names(names: Sequence[str]) -> None:
    """Refuse names of variables that could not be read back.

    Examples
    --------
    >>> refuse_names(["x", "pi"])
    Traceback (most recent call last):
        ...
    ValueError: a variable must not be called pi, which has another meaning
    """
    if len(names) > MAX_VARIABLES:
        raise ValueError(f"an expression must have at most {MAX_VARIABLES} variables, got {len(names)}")
    for name in names:
        if not _NAME.fullmatch(name) or keyword.iskeyword(name):
            raise ValueError(f"the name of a variable must be letters, digits and _, got {name!r:.60}")
        if name in NUMBERS or name in ALIASES:
            raise ValueError(f"a variable must not be called {name}, which has another meaning")


def _read_text(text: str, variables: Any, dimension: int | None) -> ReadTree:
    expression = parse(text, ALIASES)
    names = inputs_of(variables_of(expression) - set(NUMBERS), variables, dimension)
    refuse_names(names)
    return ReadTree(evaluate(expression, _algebra(names)), names)


def _algebra(names: Sequence[str]) -> Algebra:
    known = {**NUMBERS, **{name: variable(j) for j, name in enumerate(names)}}
    operators: dict[str, Callable[..., Any]] = {
        "+": total,
        "-": lambda p, q: total(p, negative(q)),
        "*": times,
        "/": quotient,
        "**": power,
    }
    return Algebra(number, known, operators, {alias: _called(alias) for alias in ALIASES})


def _called(alias: str) -> Callable[..., Node]:
    def call(*arguments: Node) -> Node:
        if len(arguments) != 1:
            raise ValueError(f"{alias} must have one argument, got {len(arguments)}")
        return function(ALIASES[alias], arguments[0])

    return call


def _read_sympy(given: Any, variables: Any, dimension: int | None) -> ReadTree:
    import sympy

    tree = given.as_expr() if isinstance(given, sympy.Poly) else given
    if not isinstance(tree, sympy.Expr):
        raise TypeError(f"a target must be an expression, got {type(given).__name__}")
    symbols = sorted(symbols_in(tree), key=lambda symbol: natural(str(symbol)))
    plain = all(isinstance(symbol, sympy.Symbol) for symbol in symbols)
    if not plain or (dimension == 1 and len(symbols) > 1):
        raise ValueError(f"{demand(dimension)}, got {symbols}")
    occurring = [symbol.name for symbol in symbols]
    if len(set(occurring)) < len(occurring):
        raise ValueError(f"the symbols of a target must have different names, got {', '.join(occurring)}")
    names = inputs_of(occurring, variables, dimension)
    refuse_names(names)
    reader = _Reader({symbol: variable(names.index(symbol.name)) for symbol in symbols})
    return ReadTree(reader.read(tree), names)


class _Reader:
    """Reads a tree of sympy, as far as its size is allowed."""

    def __init__(self, symbols: Mapping[Any, Node]) -> None:
        self._symbols = symbols
        self._left = MAX_NODES

    def read(self, node: Any) -> Node:
        """Read one node."""
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"an expression must have at most {MAX_NODES} parts")
        if node in self._symbols:
            return self._symbols[node]
        if node.is_Rational:
            return number(to_fraction(node))
        name = type(node).__name__
        if name in ("Pi", "Exp1"):
            return NUMBERS["pi" if name == "Pi" else "E"]
        parts = node.args
        if node.is_Add:
            return total(ZERO, *map(self.read, parts))
        if node.is_Mul:
            return times(ONE, *map(self.read, parts))
        if node.is_Pow:
            return power(*map(self.read, parts))
        if name in ALIASES and len(parts) == 1 and str(type(node).__module__).startswith("sympy."):
            return function(ALIASES[name], self.read(parts[0]))
        hint = ", a float; pass a string or sympy.Rational" if node.is_Float else ""
        raise ValueError(
            f"the target must be made of rationals and known functions, it contains {node}{hint}"
        )
