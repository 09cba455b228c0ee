"""Reading: the terms of a polynomial from a text, a sympy object or exponents, for given inputs.

Every expression is read from its tree; sympy, which is imported only for its own objects, expands nothing.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from relu_constructions.exact import to_fraction
from relu_constructions.expression import Expression, evaluate, parse
from relu_constructions.expression import variables as variables_of
from relu_constructions.nodes import FUNCTIONS
from relu_constructions.ring import Bounded, Ring
from relu_constructions.symbols import symbols_in
from relu_constructions.terms import Exponents, Terms, exponents_of

_NUMBERED = re.compile(r"x([1-9][0-9]{0,8})", re.ASCII)


class Read(NamedTuple):
    """The terms of a polynomial, and the names of its variables in the order of the exponents."""

    terms: Terms
    names: tuple[str, ...]


def natural(name: str) -> tuple[Any, ...]:
    """Return the key that sorts names by their letters and then by their numbers.

    Examples
    --------
    >>> sorted(["x10", "y", "x9", "x"], key=natural)
    ['x', 'x9', 'x10', 'y']
    """
    parts = re.split(r"([0-9]+)", name)
    numbers = [part.lstrip("0") for part in parts[1::2]]
    lengths = ((len(number), number) for number in numbers)
    alternating = itertools.zip_longest(parts[::2], lengths, fillvalue=(0, ""))
    return tuple(alternating), name


def default_names(dimension: int) -> tuple[str, ...]:
    """Return x, or x1 to xd.

    Examples
    --------
    >>> default_names(1), default_names(3)
    (('x',), ('x1', 'x2', 'x3'))
    """
    return ("x",) if dimension == 1 else tuple(f"x{j + 1}" for j in range(dimension))


def names_of(variables: Any, dimension: int | None = None) -> tuple[str, ...]:
    """Read the names of all inputs, in their order; a string may list them with commas or spaces.

    Examples
    --------
    >>> names_of("y, x"), names_of(["t"])
    (('y', 'x'), ('t',))
    >>> names_of(["x", "y"], 3)
    Traceback (most recent call last):
        ...
    ValueError: variables must name the 3 inputs of the network in their order, got x, y
    """
    listed = variables.replace(",", " ").split() if isinstance(variables, str) else list(variables)
    if not all(isinstance(name, str) or getattr(name, "is_Symbol", False) is True for name in listed):
        raise TypeError(f"variables must be names, got {variables!r:.60}")
    names = tuple(map(str, listed))
    if dimension not in (None, len(names)) or not names:
        inputs = "one input or more" if dimension is None else f"the {_counted(dimension, 'input')}"
        order = "" if dimension == 1 else " in their order"
        raise ValueError(
            f"variables must name {inputs} of the network{order}, got {', '.join(names) or 'none'}"
        )
    if repeated := [name for j, name in enumerate(names) if name in names[:j]]:
        raise ValueError(f"variables must be different names, got {repeated[0]} twice")
    return names


def inputs_of(occurring: Iterable[str], variables: Any, dimension: int | None) -> tuple[str, ...]:
    """Decide which variables the inputs are.

    Parameters
    ----------
    occurring : iterable of str
        The variables of the target.
    variables : sequence of str or str, optional
        The names of all inputs in their order; some of them need not occur.
    dimension : int, optional
        The number of inputs.

    Returns
    -------
    tuple of str
        Without `variables`: those that occur, in the natural order of their names.  If there are more inputs
        than that, the inputs are called x1 to xd, provided that these names contain all that occur.

    Raises
    ------
    ValueError
        If a variable is unknown, or it is not clear which input it is.

    Examples
    --------
    >>> inputs_of(["y", "x"], None, 2), inputs_of(["y"], "x, y", 2), inputs_of(["x2"], None, 3)
    (('x', 'y'), ('x', 'y'), ('x1', 'x2', 'x3'))
    >>> inputs_of(["x", "y"], None, 3)
    Traceback (most recent call last):
        ...
    ValueError: it is not clear which of the 3 inputs x, y are; pass variables=... with the names of \
all inputs in their order
    """
    names = sorted(occurring, key=natural)
    if variables is not None:
        known = names_of(variables, dimension)
        if unknown := [name for name in names if name not in known]:
            raise ValueError(f"unknown variable {unknown[0]}; variables names {', '.join(known)}")
        return known
    if dimension is None:
        return tuple(names) or default_names(1)
    if len(names) > dimension:
        raise ValueError(f"{demand(dimension)}, got {', '.join(names)}")
    if len(names) == dimension:
        return tuple(names)
    if all((found := _NUMBERED.fullmatch(name)) and int(found[1]) <= dimension for name in names):
        return default_names(dimension)
    raise ValueError(
        f"it is not clear which of the {dimension} inputs {', '.join(names)} {'are' if names[1:] else 'is'}; "
        "pass variables=... with the names of all inputs in their order"
    )


def demand(dimension: int | None) -> str:
    """Say how many variables a target must have.

    Examples
    --------
    >>> demand(1)
    'a target of a network with one input must have one variable'
    """
    if dimension is None:
        return "a target must have variables that are symbols"
    inputs, names = _counted(dimension, "input"), _counted(dimension, "variable")
    return f"a target of a network with {inputs} must have {names}"


def read_text(text: str, variables: Any = None, dimension: int | None = None) -> Read:
    """Read an expression.

    Examples
    --------
    >>> read_text("y - x^2/3")
    Read(terms=(((2, 0), Fraction(-1, 3)), ((0, 1), Fraction(1, 1))), names=('x', 'y'))
    """
    expression = _parsed(text)
    occurring = variables_of(expression)
    if constants := sorted(occurring & {"pi", "E"}):
        raise ValueError(
            f"a polynomial must have rational coefficients, it contains {constants[0]}; "
            "chebyshev builds networks for other functions"
        )
    ring = Ring(inputs_of(occurring, variables, dimension))
    return Read(ring.terms(evaluate(expression, ring.algebra(occurring))), ring.names)


def _parsed(text: str) -> Expression:
    """The syntax of a polynomial; where there are functions, the message says who takes them."""
    try:
        return parse(text)
    except ValueError as refusal:
        try:
            parse(text, FUNCTIONS)
        except ValueError:
            raise refusal from None
        message = f"{refusal}; a polynomial has none, chebyshev builds networks for other functions"
        raise ValueError(message) from None


def read_sympy(given: Any, variables: Any = None, dimension: int | None = None) -> Read:
    """Read a sympy expression or Poly.

    Examples
    --------
    >>> import sympy
    >>> read_sympy(sympy.Symbol("y") ** 2 / 3).terms
    (((2,), Fraction(1, 3)),)
    """
    try:
        return _read_sympy(given, variables, dimension)
    except RecursionError:
        raise ValueError("the expression of a target is nested too deeply") from None


def read_exponents(given: Mapping[Any, Any]) -> Terms:
    """Read pairs of exponents and coefficients; a single exponent may be an integer.

    Examples
    --------
    >>> read_exponents({(2, 1): "1/3"}), read_exponents({2: 1})
    ((((2, 1), Fraction(1, 3)),), (((2,), Fraction(1, 1)),))
    """
    read = ((exponents_of(key), c) for key, c in given.items())
    return tuple((exponents, to_fraction(c, f"the coefficient of {exponents}")) for exponents, c in read)


def placed(terms: Iterable[tuple[Exponents, Any]], names: Sequence[str], inputs: Sequence[str]) -> Terms:
    """Move the exponents of named variables to their inputs; variables that do not occur may be unknown.

    Examples
    --------
    >>> placed([((2, 0), 5)], ("x", "y"), ("z", "x"))
    (((0, 2), 5),)
    """
    positions = {name: j for j, name in enumerate(inputs)}
    found = []
    for exponents, c in terms:
        moved = [0] * len(inputs)
        for name, e in zip(names, exponents, strict=True):
            if e:
                moved[positions[name]] = e
        found.append((tuple(moved), c))
    return tuple(found)


def _read_sympy(given: Any, variables: Any, dimension: int | None) -> Read:
    import sympy

    if not isinstance(given, (sympy.Expr, sympy.Poly)):
        wanted = "a polynomial in one variable" if dimension == 1 else "a polynomial"
        raise TypeError(f"a target must be {wanted}, got {type(given).__name__}")
    symbols = sorted(_symbols(given, variables, dimension), key=lambda symbol: natural(str(symbol)))
    plain = all(isinstance(symbol, sympy.Symbol) for symbol in symbols)
    if not plain or (dimension == 1 and len(symbols) > 1):
        raise ValueError(f"{demand(dimension)}, got {symbols}")
    names = [symbol.name for symbol in symbols]
    if len(set(names)) < len(names):
        raise ValueError(f"the symbols of a target must have different names, got {', '.join(names)}")
    ring = Ring(inputs_of(names, variables, dimension))
    if _has_terms(given):
        return Read(placed(*_of_poly(given), ring.names), ring.names)
    generators = {symbol: ring.generator(symbol.name) for symbol in symbols}
    tree = given.as_expr() if isinstance(given, sympy.Poly) else given
    return Read(ring.terms(_of_tree(tree, ring, generators)), ring.names)


def _has_terms(given: Any) -> bool:
    """Whether this is a Poly in symbols with rational coefficients."""
    domain = getattr(given, "domain", None)
    rational = domain is not None and (domain.is_ZZ or domain.is_QQ)
    return bool(rational and all(symbol.is_Symbol for symbol in given.gens))


def _symbols(given: Any, variables: Any, dimension: int | None) -> Iterable[Any]:
    """The symbols that occur; those that a Poly names as its own, if they are as many as inputs."""
    if variables is None and _has_terms(given) and dimension in (None, len(given.gens)):
        return tuple(given.gens)
    return tuple(given.free_symbols) if hasattr(given, "gens") else symbols_in(given)


def _of_poly(given: Any) -> tuple[list[tuple[Exponents, Any]], list[str]]:
    terms = [(tuple(map(int, e)), to_fraction(c)) for e, c in given.terms()]
    return terms, [str(symbol) for symbol in given.gens]


def _of_tree(node: Any, ring: Ring, generators: Mapping[Any, Bounded]) -> Bounded:
    if node.is_Symbol and node in generators:
        return generators[node]
    if node.is_Rational:
        return ring.number(to_fraction(node))
    if node.is_Add or node.is_Mul:
        parts = [_of_tree(part, ring, generators) for part in node.args]
        return ring.total(parts) if node.is_Add else functools.reduce(ring.product, parts)
    if node.is_Pow:
        return ring.power(_of_tree(node.base, ring, generators), _of_tree(node.exp, ring, generators))
    hint = ", a float; pass a string or sympy.Rational" if node.is_Float else ""
    raise ValueError(f"the target must be a polynomial with rational coefficients, it contains {node}{hint}")


def _counted(number: int, thing: str) -> str:
    return f"one {thing}" if number == 1 else f"{number} {thing}s"
