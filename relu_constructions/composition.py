"""Composition: the outputs of a circuit with one input as piecewise linear functions, composed gate by gate.

Every wire is a continuous piecewise linear function, given by breakpoints and values.  A combination has the
breakpoints of its parts; a square has, besides those of its argument u, one wherever u crosses a multiple of
B 2^-m.  This is a third reading of a circuit, beside the network (`schedule`) and the values at points
(`circuit_values`), and shares no code with them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import flint

from relu_constructions.circuit import Circuit, Form, Gate
from relu_constructions.exact import shown
from relu_constructions.piecewise_linear import PiecewiseLinear

Rational = Any  # flint.fmpq, which is untyped
MAX_PIECES = 2**18


class _Line(NamedTuple):
    """A continuous piecewise linear function: increasing breakpoints, ends included, and the values there."""

    x: list[Rational]
    y: list[Rational]


def composition(circuit: Circuit, max_pieces: int = MAX_PIECES) -> tuple[PiecewiseLinear, ...]:
    """Return the outputs of a circuit with one input, on its interval, by their maximal affine pieces.

    Parameters
    ----------
    circuit : Circuit
    max_pieces : int
        No square on the way may have more pieces.

    Returns
    -------
    tuple of PiecewiseLinear
        One for each output, without redundant breakpoints.

    Raises
    ------
    ValueError
        If the circuit has several inputs, or more pieces are needed; these are counted before they are
        listed.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> wiring = Wiring(((Fraction(-1), Fraction(1)),), 1)
    >>> (square,) = composition(wiring.circuit([wiring.square(wiring.inputs[0])]))
    >>> for x, y in square.points:
    ...     print(x, y)
    -1 1
    -1/2 1/4
    0 0
    1/2 1/4
    1 1
    """
    if len(circuit.domain) != 1:
        raise ValueError(f"a composition needs a circuit with one input, got {len(circuit.domain)}")
    ends = [_rational(end) for end in circuit.domain[0]]
    wires = [_Line(ends, ends)]
    for gate in circuit.gates:
        given = [_combined(form, wires) for form in gate.arguments]
        wires.append(_merged(_output(gate, given, max_pieces)))
    return tuple(_exact(_merged(_combined(form, wires))) for form in circuit.outputs)


def _output(gate: Gate, given: list[_Line], limit: int) -> _Line:
    if gate.kind in ("scaling", "assumption"):
        (u,) = given
        return _Line(u.x, [y * 4**gate.m for y in u.y])
    if gate.kind == "fold":
        return _folded(gate, given[0], limit)
    if gate.kind == "square":
        return _squared(gate, given[0], limit)
    half = flint.fmpq(1, 2)
    above = _squared(gate, _sum(flint.fmpq(0), [(half, given[0]), (half, given[1])]), limit)
    below = _squared(gate, _sum(flint.fmpq(0), [(half, given[0]), (-half, given[1])]), limit)
    return _sum(flint.fmpq(0), [(flint.fmpq(1), above), (flint.fmpq(-1), below)])


def _folded(gate: Gate, u: _Line, limit: int) -> _Line:
    """Compose with t -> h_m(|t|), which joins the points (n 2^-m, n mod 2)."""

    def height(t: Rational) -> Rational:
        n = int(abs(t).floor())
        rest = abs(t) - n
        return 1 - rest if n % 2 else rest

    return _joining(u, flint.fmpq(1, 2**gate.m), 2**gate.m, height, limit)


def _squared(gate: Gate, u: _Line, limit: int) -> _Line:
    """Compose with t -> B^2 f_m(|t|/B), which joins the points (n h, n^2 h^2), h = B 2^-m, |n| <= 2^m."""
    h, last = _rational(gate.bound) / 2**gate.m, 2**gate.m - 1
    line = _joining(u, h, last, lambda t: _joined(t, last), limit)
    return _Line(line.x, [v * h * h for v in line.y])


def _joining(u: _Line, h: Rational, last: int, height: Callable[[Rational], Rational], limit: int) -> _Line:
    """Compose with t -> height(t/h), which is affine between the integers and beyond +-last."""
    steps = [y / h for y in u.y]
    spans = [_crossed(s, t, last) for s, t in itertools.pairwise(steps)]
    _refuse_more(len(spans) + sum(b - a + 1 for a, b in spans), limit)
    x, y = [u.x[0]], [height(steps[0])]
    for i, (a, b) in enumerate(spans):
        if a <= b:
            s, t = steps[i], steps[i + 1]
            step = (u.x[i + 1] - u.x[i]) / (t - s)
            start = u.x[i] - s * step
            crossed = range(a, b + 1) if s < t else range(b, a - 1, -1)
            x += [start + n * step for n in crossed]
            y += [height(flint.fmpq(n)) for n in crossed]
        x.append(u.x[i + 1])
        y.append(height(steps[i + 1]))
    return _Line(x, y)


def _crossed(s: Rational, t: Rational, last: int) -> tuple[int, int]:
    """The first and the last integer strictly between s and t, of those up to `last` in modulus."""
    lo, hi = min(s, t), max(s, t)
    return max(int(lo.floor()) + 1, -last), min(int(hi.ceil()) - 1, last)


def _joined(t: Rational, last: int) -> Rational:
    """The value at t of the function that joins the points (n, n^2), |n| <= last + 1, and goes on."""
    size = abs(t)
    n = min(int(size.floor()), last)
    return n * n + (2 * n + 1) * (size - n)


def _refuse_more(pieces: int, limit: int) -> None:
    if pieces > limit:
        raise ValueError(f"a composition may have at most {limit} pieces, a gate needs up to {shown(pieces)}")


def _combined(form: Form, wires: Sequence[_Line]) -> _Line:
    line = _sum(_rational(form.constant), [(_rational(c), wires[wire]) for wire, c in form.terms])
    return line if line.x else _Line(wires[0].x, [_rational(form.constant)] * 2)


def _sum(constant: Rational, parts: list[tuple[Rational, _Line]]) -> _Line:
    """constant + sum of factor * function, at the breakpoints of all of them."""
    x = _union([line.x for _, line in parts])
    y = [constant] * len(x)
    for factor, line in parts:
        y = [total + factor * v for total, v in zip(y, _values(line, x), strict=True)]
    return _Line(x, y)


def _union(lists: list[list[Rational]]) -> list[Rational]:
    if all(x == lists[0] for x in lists[1:]):
        return lists[0] if lists else []
    x = sorted(itertools.chain(*lists))
    return [x[0], *(b for a, b in itertools.pairwise(x) if a != b)]


def _values(line: _Line, x: list[Rational]) -> list[Rational]:
    """The values at x, which contains the breakpoints and has the same ends."""
    if len(x) == len(line.x):
        return line.y
    values, i = [line.y[0]], 0
    for t in x[1:]:
        if t == line.x[i + 1]:
            i += 1
            values.append(line.y[i])
        else:
            slope = (line.y[i + 1] - line.y[i]) / (line.x[i + 1] - line.x[i])
            values.append(line.y[i] + slope * (t - line.x[i]))
    return values


def _merged(line: _Line) -> _Line:
    """Drop the breakpoints where the slope does not change."""
    slopes = [(v - u) / (b - a) for (a, u), (b, v) in itertools.pairwise(zip(*line, strict=True))]
    bent = [True, *(s != t for s, t in itertools.pairwise(slopes)), True]
    return _Line(list(itertools.compress(line.x, bent)), list(itertools.compress(line.y, bent)))


def _exact(line: _Line) -> PiecewiseLinear:
    return PiecewiseLinear(tuple(zip(map(_fraction, line.x), map(_fraction, line.y), strict=True)))


def _rational(number: Fraction) -> Rational:
    return flint.fmpq(number.numerator, number.denominator)


def _fraction(number: Rational) -> Fraction:
    return Fraction(int(number.p), int(number.q))
