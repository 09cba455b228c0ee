"""Expressions typed by a user: parsed by a whitelist over Python's syntax tree, never executed.

`parse` turns text into a tree in which only numbers, known names, known functions and arithmetic occur;
`evaluate` folds the tree over any algebra: polynomials for a target, rationals or sympy objects for the
formulas of a theorem.  Numbers are read from the text itself, so ``0.1`` is one tenth.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from relu_constructions.exact import to_fraction

MAX_LENGTH = 10_000
MAX_DEPTH = 100

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.GtE: ">=",
    ast.Gt: ">",
    ast.LtE: "<=",
    ast.Lt: "<",
    ast.Eq: "==",
}
_FOREIGN = re.compile(r"[^A-Za-z0-9_+\-*/().,<>= ]")
_GLUED = re.compile(r"(?<![\w.])(?>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[A-Za-z_]", re.ASCII)
_DECIMAL = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class Expression(NamedTuple):
    """A checked syntax tree and the text it came from."""

    tree: ast.expr
    text: str


class Algebra(NamedTuple):
    """What the letters and signs of an expression mean.

    Attributes
    ----------
    number : callable
        Embeds a Fraction.
    names : mapping
        The values of the variables.
    operators : mapping
        From ``"+", "-", "*", "/", "**"``, comparisons and ``"if"`` to functions.
    functions : mapping
        The functions that may be called.
    """

    number: Callable[[Fraction], Any]
    names: Mapping[str, Any]
    operators: Mapping[str, Callable[..., Any]]
    functions: Mapping[str, Callable[..., Any]]


def parse(text: str, functions: Collection[str] = (), conditions: bool = False) -> Expression:
    """Parse an expression; everything but arithmetic, names and the given functions is refused.

    Parameters
    ----------
    text : str
        ``^`` is read as power.
    functions : collection of str
        The names that may be called.
    conditions : bool
        Whether ``a if m >= 2 else b`` is allowed.

    Raises
    ------
    ValueError
        Naming the refused part and its column.

    Examples
    --------
    >>> sorted(variables(parse("x^2 - y/3")))
    ['x', 'y']
    >>> parse("__import__('os')")
    Traceback (most recent call last):
        ...
    ValueError: an expression must consist of letters, digits and +-*/^().,<>=, got "'" \
(column 12 of "__import__('os')")
    """
    source = _clean(text)
    try:
        tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{_shorten(source)!r} is not an expression: {error.msg}") from None
    except (RecursionError, MemoryError, ValueError):
        raise ValueError(f"{_shorten(source)!r} is nested too deeply") from None
    expression = Expression(tree, source)
    _check(tree, expression, frozenset(functions), conditions)
    return expression


def variables(expression: Expression) -> frozenset[str]:
    """Return the names of the variables that occur."""
    called = {id(node.func) for node in ast.walk(expression.tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id for node in ast.walk(expression.tree) if isinstance(node, ast.Name) and id(node) not in called
    )


def evaluate(expression: Expression, algebra: Algebra) -> Any:
    """Fold an expression over an algebra.

    Raises
    ------
    ValueError
        For a name that the algebra does not know, with its column.
    """
    return _evaluate(expression.tree, expression, algebra)


def _evaluate(node: ast.expr, expression: Expression, algebra: Algebra) -> Any:
    pending = []
    while isinstance(node, ast.BinOp):
        pending.append((_OPERATORS[type(node.op)], node.right))
        node = node.left
    value = _leaf(node, expression, algebra)
    for sign, right in reversed(pending):
        value = algebra.operators[sign](value, _evaluate(right, expression, algebra))
    return value


def _leaf(node: ast.expr, expression: Expression, algebra: Algebra) -> Any:
    def inner(part: ast.expr) -> Any:
        return _evaluate(part, expression, algebra)

    if isinstance(node, ast.Constant):
        return algebra.number(_number(node, expression))
    if isinstance(node, ast.Name):
        if node.id not in algebra.names:
            known = ", ".join(sorted(algebra.names)) or "none"
            raise _refused(node, expression, f"unknown name {node.id}; known names: {known}")
        return algebra.names[node.id]
    if isinstance(node, ast.UnaryOp):
        value = inner(node.operand)
        negative = isinstance(node.op, ast.USub)
        return algebra.operators["-"](algebra.number(Fraction(0)), value) if negative else value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return algebra.functions[node.func.id](*map(inner, node.args))
    if isinstance(node, ast.Compare):
        sign = _OPERATORS[type(node.ops[0])]
        return algebra.operators[sign](inner(node.left), inner(node.comparators[0]))
    if isinstance(node, ast.IfExp):
        return algebra.operators["if"](inner(node.test), node.body, node.orelse, inner)
    raise _refused(node, expression, f"{type(node).__name__} is not allowed")


def _clean(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"an expression must be a string, got {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"an expression must have at most {MAX_LENGTH} characters, got {len(text)}")
    source = " ".join(text.replace("^", "**").split())
    if not source:
        raise ValueError("an expression must not be empty")
    _refuse_characters(source)
    return source


def _refuse_characters(source: str) -> None:
    if foreign := _FOREIGN.search(source):
        raise ValueError(
            "an expression must consist of letters, digits and +-*/^().,<>=, "
            f"got {foreign.group()!r} (column {foreign.start() + 1} of {_shorten(source)!r})"
        )
    if glued := _GLUED.search(source):
        raise ValueError(
            f"a number must be decimal and be followed by a sign, got {glued.group()!r} "
            f"(column {glued.start() + 1} of {_shorten(source)!r})"
        )


def _check(
    node: ast.expr, source: Expression, functions: frozenset[str], conditions: bool, depth: int = 0
) -> None:
    if depth > MAX_DEPTH:
        raise _refused(node, source, f"nested deeper than {MAX_DEPTH} levels")
    while isinstance(node, ast.BinOp):
        if type(node.op) not in _OPERATORS:
            raise _refused(node, source, f"the operator {type(node.op).__name__} is not allowed")
        _check(node.right, source, functions, conditions, depth + 1)
        node = node.left
    for part in _parts(node, source, functions, conditions):
        _check(part, source, functions, conditions, depth + 1)


def _parts(node: ast.expr, source: Expression, functions: frozenset[str], conditions: bool) -> list[ast.expr]:
    if isinstance(node, ast.Constant):
        _number(node, source)
        return []
    if isinstance(node, ast.Name):
        return []
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        return [node.operand]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id not in functions:
            raise _refused(node, source, f"{node.func.id} is not a known function")
        return node.args
    if conditions and isinstance(node, ast.IfExp):
        return [node.test, node.body, node.orelse]
    if (
        conditions
        and isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and type(node.ops[0]) in _OPERATORS
    ):
        return [node.left, *node.comparators]
    raise _refused(node, source, f"{type(node).__name__} is not allowed in an expression")


def _number(node: ast.Constant, source: Expression) -> Fraction:
    written = source.text[node.col_offset : node.end_col_offset]
    if not _DECIMAL.fullmatch(written):
        raise _refused(node, source, f"{_shorten(written)} is not a decimal number")
    return to_fraction(written, "a number")


def _refused(node: ast.expr, source: Expression, why: str) -> ValueError:
    return ValueError(f'{why} (column {node.col_offset + 1} of "{_shorten(source.text)}")')


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
