"""Unit box: a circuit written in the coordinates of [0, 1]^d, and what its gates may do wrong, as integers.

Errors may be as small as 1e-1000, so they are integers over 2^W with W beyond all levels; values and slopes
are integers over 2^96 (`sides`).  All are rounded upwards.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.circuit import Circuit, Form, combination
from relu_constructions.derivation import Known
from relu_constructions.gate import Gate
from relu_constructions.rounding import Interval
from relu_constructions.sides import ONE, Side, outwards


def on_unit_box(circuit: Circuit) -> Circuit:
    """Substitute x_j = lo_j + (hi_j - lo_j) y_j in every form.

    Examples
    --------
    >>> side = Fraction(-1), Fraction(1)
    >>> on_unit_box(Circuit((side,), (), (Form.of_wire(0),))).outputs
    (Form(constant=Fraction(-1, 1), terms=((0, Fraction(2, 1)),)),)
    """
    d = len(circuit.domain)
    inputs = [Form(lo, ((j, hi - lo),)) if hi > lo else Form(lo) for j, (lo, hi) in enumerate(circuit.domain)]

    def moved(form: Form) -> Form:
        parts = [(c, inputs[wire] if wire < d else Form.of_wire(wire)) for wire, c in form.terms]
        return combination(parts, form.constant)

    gates = (gate._replace(arguments=tuple(map(moved, gate.arguments))) for gate in circuit.gates)
    unit = ((Fraction(0), Fraction(1)),) * d
    return Circuit(unit, tuple(gates), tuple(map(moved, circuit.outputs)))


def factor(form: Form) -> Fraction:
    """A number near the largest coefficient; intervals are exact to 2^-96 of it.

    Divided by it, coefficients that are integers of at most 96 digits over one denominator are exact.
    """
    largest = max((abs(c) for _, c in form.terms), default=Fraction(1))
    size = Fraction(2) ** (largest.numerator.bit_length() - largest.denominator.bit_length())
    common = math.lcm(*(c.denominator for _, c in form.terms))
    return size * Fraction(2 ** common.bit_length(), common)


class Argument(NamedTuple):
    """What is known of the network value of an argument: |u~ - u| <= error, lo <= u~ <= hi, and its slopes.

    Attributes
    ----------
    error : int
        Over 2^W.
    margin, lo, hi : int
        The same error, and the ends of the reach, over 2^96.
    slopes, lipschitz : dict
        The errors of the slopes, and bounds for the slopes of the network, by inputs, over 2^96.
    """

    error: int
    margin: int
    lo: int
    hi: int
    slopes: dict[int, int]
    lipschitz: dict[int, int]

    @classmethod
    def of(cls, known: Known, reach: Interval, W: int) -> Argument:
        """Round everything outwards."""
        return cls(
            math.ceil(known.value * 2**W),
            math.ceil(known.value * ONE),
            *outwards(*reach),
            {j: math.ceil(t * ONE) for j, t in known.slopes.items()},
            {j: math.ceil(t * ONE) for j, t in known.lipschitz.items()},
        )

    def hull(self, ideal: Side) -> Side:
        """Enclose ideal values and those of the network, within the error and within their reach."""
        lo, hi = ideal
        return max(lo - self.margin, min(lo, self.lo)), min(hi + self.margin, max(hi, self.hi))

    def network_slopes(self, ideal: dict[int, Side]) -> dict[int, int]:
        """Bound the slopes of the network: those of the ideal and their error, or the law of the slopes."""
        bounds = {}
        for j, (lo, hi) in ideal.items():
            bounds[j] = max(-lo, hi) + self.slopes.get(j, 0)
            if j in self.lipschitz:
                bounds[j] = min(bounds[j], self.lipschitz[j])
        return bounds


def own_errors(gate: Gate, W: int) -> tuple[int, int]:
    """The largest errors B^2 delta of the value and B eta of the slope that a gate adds, over 2^W.

    Examples
    --------
    >>> side = Fraction(0), Fraction(1)
    >>> own_errors(Gate("square", (Form.of_wire(0),), 2, Fraction(1), (side,), side), 8)
    (4, 64)
    """
    if gate.is_exact:
        return 0, 0
    return math.ceil(gate.bound**2 * gate.delta * 2**W), math.ceil(gate.bound * gate.eta * 2**W)
