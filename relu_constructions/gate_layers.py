"""Gate layers: the neurons of one gate, layer by layer, over the values of its arguments.

A square of m levels is x_0 = |u|, t_j = rho(x_j - B 2^(-j-1)), x_{j+1} = x_j - 2 t_j, and its value is
2^-m B x_0 + sum_j (2^(1-j) - 2^(1-m)) B t_j; a product is the difference of two squares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from relu_constructions.circuit import Gate
from relu_constructions.rounding import Interval

Key = tuple[Any, ...]


class Affine(NamedTuple):
    """constant + sum of coefficient * neuron, over the neurons of one layer."""

    constant: Fraction
    terms: dict[Key, Fraction]


class Core(NamedTuple):
    """A square inside of a gate: the weights of its argument, its weight in the output, its sign if known."""

    weights: tuple[Fraction, ...]
    output: int
    sign: int


def cores(gate: Gate) -> tuple[Core, ...]:
    """The squares inside of a gate."""
    if gate.kind == "scaling":
        return ()
    if gate.kind == "square":
        return (Core((Fraction(1),), 1, sign_of(gate.reach[0])),)
    half, (a, b), (c, d) = Fraction(1, 2), *gate.reach
    return (
        Core((half, half), 1, sign_of((a + c, b + d))),
        Core((half, -half), -1, sign_of((a - d, b - c))),
    )


def sign_of(reach: Interval) -> int:
    """1 or -1 for values that are all nonnegative or all nonpositive, 0 if the sign is not known."""
    return 1 if reach[0] >= 0 else -1 if reach[1] <= 0 else 0


def has_front(gate: Gate) -> bool:
    """Whether an absolute value has to be taken first."""
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
    if gate.kind == "scaling":
        yield from _scaling_rows(i, gate, given[0], start + 1)
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
        yield from _core_rows(i, c, gate, argument, first)


def contribution(i: int, gate: Gate, j: int) -> dict[Key, Fraction]:
    """What gate number i adds to its value from the neurons of its level j; a scaling has one level."""
    if gate.kind == "scaling":
        sign = sign_of(gate.reach[0])
        return {("scaled", i, side): Fraction(4 * side) for side in ((sign,) if sign else (1, -1))}
    terms: dict[Key, Fraction] = {}
    for c, core in enumerate(cores(gate)):
        if j == 0:
            terms["x", i, c] = core.output * gate.bound * gate.eta
        terms["t", i, c] = core.output * gate.bound * (Fraction(2, 2**j) - 2 * gate.eta)
    return terms


def _core_rows(i: int, c: int, gate: Gate, argument: Affine, first: int) -> Iterator[tuple[int, Key, Affine]]:
    """x_0 = |u|, t_j = rho(x_j - B 2^(-j-1)), x_{j+1} = x_j - 2 t_j; the last layer has t alone."""
    folded = Affine(Fraction(0), {("x", i, c): Fraction(1), ("t", i, c): Fraction(-2)})
    for j in range(gate.m):
        x = folded if j else argument
        if j == 0 or j < gate.m - 1:
            yield first + j, ("x", i, c), x
        yield first + j, ("t", i, c), x._replace(constant=x.constant - gate.bound / 2 ** (j + 1))


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
