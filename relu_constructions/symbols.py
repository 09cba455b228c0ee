"""Symbols: which symbols occur in an expression of sympy, in time linear in its distinct parts."""

from __future__ import annotations

from typing import Any


def symbols_in(tree: Any) -> tuple[Any, ...]:
    """Return the symbols in an expression; equal parts are visited once, unlike by sympy's `free_symbols`.

    Examples
    --------
    >>> import sympy
    >>> symbols_in(sympy.Symbol("x") ** 2 + 1)
    (x,)
    """
    seen, found, left = {tree}, [], [tree]
    while left:
        node = left.pop()
        if getattr(node, "is_symbol", False):
            found.append(node)
        else:
            fresh = set(node.args) - seen
            seen |= fresh
            left += fresh
    return tuple(found)
