"""Gate layers: the neurons of one gate, layer by layer, over the values of its arguments.

A square of m levels is x_0 = |u|, t_j = rho(x_j - B 2^(-j-1)), x_{j+1} = x_j - 2 t_j, and its value is
2^-m B x_0 + sum_j (2^(1-j) - 2^(1-m)) B t_j; a product is the difference of two squares.  A fold of m levels
is y_0 = |u|, y_{j+1} = 2 rho(y_j) - 4 rho(y_j - 1/2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from relu_constructions.gate import Gate
from relu_constructions.rounding import Interval

Key = tuple[Any, ...]
ONE = Fraction(1)


class Affine(NamedTuple):
    """constant + sum of coefficient * neuron, over the neurons of one layer."""

    constant: Fraction
    terms: dict[Key, Fraction]


class Core(NamedTuple):
    """A square inside of a gate.

    Attributes
    ----------
    weights : tuple of Fraction
        Of the arguments of the gate, in the argument of the square.
    output : {1, -1}
        The weight of the square in the output of the gate.
    sign : {1, 0, -1}
        The sign of the argument, 0 if it is not known.
    idle : int
        The first levels in which the hinge t_j is always 0, because the argument is at most B 2^-j-1.
    """

    weights: tuple[Fraction, ...]
    output: int
    sign: int
    idle: int


def cores(gate: Gate) -> tuple[Core, ...]:
    """The squares inside of a gate."""
    if gate.is_exact:
        return ()
    if gate.kind == "square":
        return (_core(gate, (ONE,), 1, gate.reach[0]),)
    half, (a, b), (c, d) = ONE / 2, *gate.reach
    return (
        _core(gate, (half, half), 1, ((a + c) / 2, (b + d) / 2)),
        _core(gate, (half, -half), -1, ((a - d) / 2, (b - c) / 2)),
    )


def _core(gate: Gate, weights: tuple[Fraction, ...], output: int, reach: Interval) -> Core:
    size, idle = max(-reach[0], reach[1]), 0
    while idle < gate.m and size <= gate.bound / 2 ** (idle + 1):
        idle += 1
    return Core(weights, output, sign_of(reach), idle)


def sign_of(reach: Interval) -> int:
    """1 or -1 for values that are all nonnegative or all nonpositive, 0 if the sign is not known."""
    return 1 if reach[0] >= 0 else -1 if reach[1] <= 0 else 0


def has_front(gate: Gate) -> bool:
    """Whether an absolute value has to be taken first."""
    if gate.kind == "fold":
        return sign_of(gate.reach[0]) == 0
    return any(core.sign == 0 for core in cores(gate))


def latency(gate: Gate) -> int:
    """Return the number of layers from the arguments of a gate to its output."""
    return gate.m + has_front(gate)


def gate_rows(i: int, gate: Gate, given: Sequence[Affine], start: int) -> Iterator[tuple[int, Key, Affine]]:
    """Iterate over the neurons of gate number i, each with its layer and its key.

    Parameters
    ----------
    given : sequence of Affine
        The arguments over the neurons of the layer `start`.
    """
    if gate.is_name:
        return
    if gate.is_exact:
        rows = _scaling_rows if gate.kind == "scaling" else _fold_rows
        yield from rows(i, gate, given[0], start + 1)
        return
    for c, core in enumerate(cores(gate)):
        argument, first = combined(core.weights, given), start + 1
        if has_front(gate):
            signs = (core.sign,) if core.sign else (1, -1)
            for sign in signs:
                yield first, ("front", i, c, sign), combined((Fraction(sign),), [argument])
            argument = Affine(Fraction(0), {("front", i, c, sign): Fraction(1) for sign in signs})
            first += 1
        elif core.sign < 0:
            argument = combined((Fraction(-1),), [argument])
        yield from _core_rows(i, c, gate, core.idle, argument, first)


def contribution(i: int, gate: Gate, parts: Sequence[Core], j: int) -> dict[Key, Fraction]:
    """What gate number i adds to its value from the neurons of its level j; exact gates have one level.

    The weights are 2^-m B of x_0 and (2^(1-j) - 2^(1-m)) B of t_j.
    """
    if gate.kind == "fold":
        return _folded(i, gate)
    if gate.kind == "scaling":
        sign = sign_of(gate.reach[0])
        return {("scaled", i, side): Fraction(4 * side) for side in ((sign,) if sign else (1, -1))}
    p, q = gate.bound.numerator, gate.bound.denominator << gate.m
    weight = Fraction(p * ((2 << (gate.m - j)) - 2), q)
    terms: dict[Key, Fraction] = {}
    for c, core in enumerate(parts):
        if j == 0:
            terms["x", i, c] = Fraction(core.output * p, q)
        if j >= core.idle:
            terms["t", i, c] = core.output * weight
    return terms


def _core_rows(
    i: int, c: int, gate: Gate, idle: int, argument: Affine, first: int
) -> Iterator[tuple[int, Key, Affine]]:
    """x_0 = |u|, t_j = rho(x_j - B 2^(-j-1)), x_{j+1} = x_j - 2 t_j; the last layer has t alone.

    While t_j is 0, x waits: the levels of the two squares of a product keep step, so that what they have
    added up so far is the difference of two partial sums of the same number of levels.
    """
    x = argument
    for j in range(gate.m if idle < gate.m else 1):
        if j == 0 or j < gate.m - 1:
            yield first + j, ("x", i, c), x
        if j >= idle:
            yield first + j, ("t", i, c), x._replace(constant=x.constant - gate.bound / 2 ** (j + 1))
        folded = {("x", i, c): ONE, ("t", i, c): -2 * ONE} if j >= idle else {("x", i, c): ONE}
        x = Affine(Fraction(0), folded)


def _fold_rows(i: int, gate: Gate, given: Affine, first: int) -> Iterator[tuple[int, Key, Affine]]:
    """rho(u) and rho(-u) for the absolute value, if the sign of u is not known; then two neurons a level."""
    sign = sign_of(gate.reach[0])
    y = combined((Fraction(sign or 1),), [given])
    if not sign:
        for side in (1, -1):
            yield first, ("front", i, 0, side), combined((Fraction(side),), [given])
        y = Affine(Fraction(0), {("front", i, 0, side): ONE for side in (1, -1)})
        first += 1
    for j in range(gate.m):
        yield first + j, ("x", i, 0), y
        yield first + j, ("t", i, 0), y._replace(constant=y.constant - ONE / 2)
        y = Affine(Fraction(0), {("x", i, 0): 2 * ONE, ("t", i, 0): -4 * ONE})


def _folded(i: int, gate: Gate) -> dict[Key, Fraction]:
    """The value of a fold from its last layer."""
    if gate.m == 0:
        return {("front", i, 0, side): ONE for side in (1, -1)}
    return {("x", i, 0): 2 * ONE, ("t", i, 0): -4 * ONE}


def _scaling_rows(i: int, gate: Gate, given: Affine, first: int) -> Iterator[tuple[int, Key, Affine]]:
    """rho(u) and rho(-u), or the one of them that is not 0, multiplied by 4 in every further layer."""
    sign = sign_of(gate.reach[0])
    for side in (sign,) if sign else (1, -1):
        key = ("scaled", i, side)
        yield first, key, combined((Fraction(side),), [given])
        for k in range(1, gate.m):
            yield first + k, key, Affine(Fraction(0), {key: Fraction(4)})


def combined(weights: Sequence[Fraction], parts: Sequence[Affine]) -> Affine:
    """The sum of weight * part."""
    total, terms = Fraction(0), dict[Key, Fraction]()
    for weight, part in zip(weights, parts, strict=True):
        total += weight * part.constant
        add(terms, part.terms, weight)
    return Affine(total, terms)


def add(terms: dict[Key, Fraction], more: dict[Key, Fraction], factor: Fraction) -> None:
    """Add factor * more to terms, in place."""
    for key, coefficient in more.items():
        terms[key] = terms.get(key, Fraction(0)) + factor * coefficient
