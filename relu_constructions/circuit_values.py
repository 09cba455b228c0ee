"""The function of a circuit at a point: value, gradient and errors, exactly, without its network.

A square of m levels is the interpolant of t^2 at the points n h, h = B 2^-m, so one division finds the piece.
This is a reading of a circuit of its own: it shares no code with `schedule`, and costs a few operations
a gate instead of m layers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import flint

from relu_constructions.balls import working
from relu_constructions.circuit import Circuit, Form, Gate

Rational = Any  # flint.fmpq, which is untyped
ZERO = flint.fmpq(0)


class Germ(NamedTuple):
    """A value and the gradient on one piece that touches the point."""

    value: Rational
    gradient: tuple[Rational, ...]


class PointErrors(NamedTuple):
    """The errors R - f of all outputs at a point, and those of their gradients on one piece there."""

    values: tuple[Fraction, ...]
    gradients: tuple[tuple[Fraction, ...], ...]


def circuit_values(circuit: Circuit, point: Sequence[Fraction]) -> list[Fraction]:
    """Evaluate the piecewise linear functions of a circuit at a point of its domain.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> wiring = Wiring(((Fraction(0), Fraction(1)),), 1)
    >>> circuit_values(wiring.circuit([wiring.square(wiring.inputs[0])]), [Fraction(1, 4)])
    [Fraction(1, 8)]
    """
    return [_fraction(germ.value) for germ in _outputs(circuit, point, folded=True)]


def point_errors(circuit: Circuit, point: Sequence[Fraction], bits: int | None = None) -> PointErrors:
    """Compare a circuit with its ideal at a point of its domain.

    Parameters
    ----------
    circuit : Circuit
    point : sequence of Fraction
    bits : int, optional
        The ideal values are then rounded to so many digits, and nothing is proved of the errors; without it
        they are exact, and as long as the degree of the ideal polynomial demands.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> wiring = Wiring(((Fraction(0), Fraction(1)),), 1)
    >>> circuit = wiring.circuit([wiring.square(wiring.inputs[0])])
    >>> point_errors(circuit, [Fraction(1, 4)])
    PointErrors(values=(Fraction(1, 16),), gradients=((Fraction(0, 1),),))
    """
    if bits is None:
        return _errors(_outputs(circuit, point, True), _outputs(circuit, point, False), _fraction)
    with working(bits):
        networks, ideals = _outputs(circuit, point, True), _outputs(circuit, point, False, _rounded)
        return _errors(networks, ideals, lambda number: _fraction(flint.arb(number).mid().fmpq()))


def _errors(
    networks: list[Germ], ideals: list[Germ], fraction: Callable[[Rational], Fraction]
) -> PointErrors:
    pairs = list(zip(networks, ideals, strict=True))
    return PointErrors(
        tuple(fraction(net.value - ideal.value) for net, ideal in pairs),
        tuple(
            tuple(fraction(a - b) for a, b in zip(net.gradient, ideal.gradient, strict=True))
            for net, ideal in pairs
        ),
    )


def _outputs(
    circuit: Circuit,
    point: Sequence[Fraction],
    folded: bool,
    rounded: Callable[[Germ], Germ] = lambda germ: germ,
) -> list[Germ]:
    d = len(circuit.domain)
    wires = [
        Germ(_rational(x), tuple(flint.fmpq(int(i == j)) for i in range(d))) for j, x in enumerate(point)
    ]
    for gate in circuit.gates:
        given = [_form(form, wires, d) for form in gate.arguments]
        made = (_folded if folded else _ideal)(gate, given)
        wires.append(made if gate.is_exact else rounded(made))
    return [_form(form, wires, d) for form in circuit.outputs]


def _rounded(germ: Germ) -> Germ:
    return Germ(flint.arb(germ.value), tuple(map(flint.arb, germ.gradient)))


def _form(form: Form, wires: Sequence[Germ], d: int) -> Germ:
    value, gradient = _rational(form.constant), [ZERO] * d
    for wire, c in form.terms:
        factor, germ = _rational(c), wires[wire]
        value += factor * germ.value
        for j, slope in enumerate(germ.gradient):
            if slope:
                gradient[j] += factor * slope
    return Germ(value, tuple(gradient))


def _ideal(gate: Gate, given: list[Germ]) -> Germ:
    u, v = given[0], given[-1]
    if gate.is_exact:
        return _exact(gate, u)
    return Germ(u.value * v.value, _product_rule(v.value, u.gradient, u.value, v.gradient))


def _folded(gate: Gate, given: list[Germ]) -> Germ:
    u, v = given[0], given[-1]
    if gate.is_exact:
        return _exact(gate, u)
    if gate.kind == "square":
        value, slope = _interpolant(gate, u.value)
        return Germ(value, tuple(slope * g for g in u.gradient))
    half = flint.fmpq(1, 2)
    value, slope = _interpolant(gate, (u.value + v.value) * half)
    other, fall = _interpolant(gate, (u.value - v.value) * half)
    partial_u, partial_v = (slope - fall) * half, (slope + fall) * half
    return Germ(value - other, _product_rule(partial_u, u.gradient, partial_v, v.gradient))


def _interpolant(gate: Gate, u: Rational) -> tuple[Rational, Rational]:
    """B^2 f_m(|u|/B) and its slope in u, on the piece to the right of |u|."""
    h, t = _rational(gate.bound * gate.eta), abs(u)
    quotient = t / h
    n = min(int(quotient.p) // int(quotient.q), 2**gate.m - 1)
    slope = (2 * n + 1) * h
    return slope * t - n * (n + 1) * h * h, slope if u >= 0 else -slope


def _product_rule(a: Rational, u: Sequence[Rational], b: Rational, v: Sequence[Rational]) -> tuple[Any, ...]:
    return tuple(a * s + b * t if s or t else ZERO for s, t in zip(u, v, strict=True))


def _exact(gate: Gate, u: Germ) -> Germ:
    """4^m u, or h_m(|u|) on the piece to the right of |u|."""
    if gate.kind != "fold":
        value, slope = u.value * 4**gate.m, flint.fmpq(4**gate.m)
    else:
        teeth = abs(u.value) * 2**gate.m
        n = min(int(teeth.floor()), 2**gate.m - 1)
        rest, up = teeth - n, flint.fmpq(2**gate.m if u.value >= 0 else -(2**gate.m))
        value, slope = (1 - rest, -up) if n % 2 else (rest, up)
    return Germ(value, tuple(slope * g for g in u.gradient))


def _rational(number: Fraction) -> Rational:
    return flint.fmpq(number.numerator, number.denominator)


def _fraction(number: Rational) -> Fraction:
    return Fraction(int(number.p), int(number.q))
