"""Worst case: upper bounds for the errors of a circuit on its box, and points where they nearly happen.

With e_g the error that gate g adds and S_g the derivative of the output with respect to its value, the
error of the output is the sum of S_g e_g over all gates, where S_g is taken at values between the ideal
ones and those of the network; for the gradient see `derivation.sensitivity_rule`.  On a cell of the box
all S_g, values and slopes are enclosed by intervals, forwards and then backwards through the circuit.  The
cell with the largest bound is bisected, best first, until the bound is close to what it is at single
points.  The cost of a cell is a few operations a gate; the linear pieces of the network are never listed.

Intervals are pairs of integers over 2^96, rounded outwards; errors, which may be as small as 1e-1000, are
rationals and multiply them at the end.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.circuit import Circuit, Form, combination
from relu_constructions.derivation import Known, wire_errors
from relu_constructions.rounding import Interval
from relu_constructions.sides import ONE, Side, SideForm, outwards, plus, side_form, square, times, value_of

CLOSE = Fraction(11, 10)
Cell = tuple[tuple[Fraction, Fraction], ...]
Point = tuple[Fraction, ...]
Slopes = dict[int, Side]


class CellBound(NamedTuple):
    """The bounds of a cell."""

    value: Fraction
    slope: Fraction
    cell: Cell


class WorstCase(NamedTuple):
    """Bounds for the whole box, and where they are large.

    Attributes
    ----------
    value_error, derivative_error : Fraction
    value_cells, derivative_cells : tuple of Cell
        The cells with the largest bounds, the worst first.
    value_peak, derivative_peak : Point
        The points, among those that were tried, with the largest bounds.
    """

    value_error: Fraction
    derivative_error: Fraction
    value_cells: tuple[Cell, ...]
    derivative_cells: tuple[Cell, ...]
    value_peak: Point
    derivative_peak: Point


def worst_case(circuit: Circuit, cells: int = 200) -> WorstCase:
    """Bound the errors of all outputs in value, and of all partial derivatives almost everywhere.

    Parameters
    ----------
    circuit : Circuit
    cells : int
        At most so many cells are bisected.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> side = (Fraction(-1), Fraction(1))
    >>> wiring = Wiring((side, side), 4)
    >>> found = worst_case(wiring.circuit([wiring.product(*wiring.inputs)]))
    >>> found.value_error == Fraction(1, 4**5), found.derivative_error == Fraction(1, 2**4)
    (True, True)
    """
    return _Search(circuit).run(cells)


class _Search:
    """The search on the unit box [0, 1]^d, with all forms written in its coordinates."""

    def __init__(self, given: Circuit) -> None:
        self.box, self.d = given.domain, len(given.domain)
        self.known: dict[Cell, CellBound] = {}
        circuit = self.circuit = _on_unit_box(given)
        self.errors = wire_errors(circuit)
        self.factors = [_factor(form) for form in circuit.outputs]
        self.arguments = [tuple(map(side_form, gate.arguments)) for gate in circuit.gates]
        self.outputs = [
            side_form(form * (1 / factor)) for form, factor in zip(circuit.outputs, self.factors, strict=True)
        ]
        self.argument_errors = [
            tuple(self.errors.of(form) for form in gate.arguments) for gate in circuit.gates
        ]
        self.active = sorted({wire for gate in circuit.gates for wire in _inputs(gate.arguments, self.d)})

    def run(self, cells: int) -> WorstCase:
        """Bisect, in turn for the value and for the slope, while that pays."""
        root, most = self.bound(self.circuit.domain), cells if self.active else 0
        value, value_cells, value_peak = self._refined(root, "value", most)
        slope, slope_cells, slope_peak = self._refined(root, "slope", most)
        return WorstCase(value, slope, value_cells, slope_cells, value_peak, slope_peak)

    def _moved(self, cell: Cell) -> Cell:
        """From the unit box to the box of the circuit."""
        sides = zip(self.box, cell, strict=True)
        return tuple((lo + (hi - lo) * a, lo + (hi - lo) * b) for (lo, hi), (a, b) in sides)

    def _refined(self, root: CellBound, order: str, cells: int) -> tuple[Fraction, tuple[Cell, ...], Point]:
        queue = [(-getattr(root, order), 0, root)]
        peak = self._peak(root.cell, order)
        for count in range(1, cells + 1):
            top = queue[0][2]
            if getattr(top, order) <= CLOSE * getattr(peak, order):
                break
            heapq.heappop(queue)
            for k, part in enumerate(self._halves(top.cell)):
                made = self.bound(part)
                heapq.heappush(queue, (-getattr(made, order), 2 * count + k, made))
                peak = max(peak, self._peak(part, order), key=lambda found: getattr(found, order))
        worst = tuple(self._moved(entry[2].cell) for entry in heapq.nsmallest(4, queue))
        return getattr(queue[0][2], order), worst, tuple(x for x, _ in self._moved(peak.cell))

    def _peak(self, cell: Cell, order: str) -> CellBound:
        """The largest bound at the centre and at two corners: no bisection can go below it."""
        centre = tuple(((lo + hi) / 2,) * 2 for lo, hi in cell)
        places = tuple((hi, hi) for _, hi in cell), tuple((lo, lo) for lo, _ in cell), centre
        for place in places:
            if place not in self.known:
                self.known[place] = self.bound(place)
        return max((self.known[place] for place in places), key=lambda found: getattr(found, order))

    def _halves(self, cell: Cell) -> tuple[Cell, Cell]:
        """Bisect the longest side."""
        widths = [cell[j][1] - cell[j][0] for j in self.active]
        j = self.active[widths.index(max(widths))]
        lo, hi = cell[j]
        middle = (lo + hi) / 2
        return (*cell[:j], (lo, middle), *cell[j + 1 :]), (*cell[:j], (middle, hi), *cell[j + 1 :])

    def bound(self, cell: Cell) -> CellBound:
        """Bound the errors on one cell."""
        values, slopes = self._forwards(cell)
        value = slope = Fraction(0)
        for output, factor in zip(self.outputs, self.factors, strict=True):
            sensitivities = self._backwards(output, values)
            value = max(value, factor * self._value_bound(sensitivities))
            slope = max(slope, factor * self._slope_bound(sensitivities, slopes))
        return CellBound(value, slope, cell)

    def _forwards(self, cell: Cell) -> tuple[list[tuple[Side, ...]], list[tuple[dict[int, int], ...]]]:
        """Enclose values and slopes of the arguments of every gate, ideal and in the network alike."""
        values = [outwards(lo, hi) for lo, hi in cell]
        slopes: list[Slopes] = [{j: (ONE, ONE)} for j in range(self.d)]
        argument_values, argument_slopes = [], []
        for gate, forms, errors in zip(self.circuit.gates, self.arguments, self.argument_errors, strict=True):
            u = [value_of(form, values) for form in forms]
            t = [_slopes(form, slopes) for form in forms]
            if gate.kind == "scaling":
                factor = (ONE * 4**gate.m,) * 2
                values.append(times(factor, u[0]))
                slopes.append({j: times(factor, side) for j, side in t[0].items()})
            else:
                values.append(square(u[0]) if gate.kind == "square" else times(u[0], u[1]))
                slopes.append(_product_rule(u[0], t[0], u[-1], t[-1]))
            argument_values.append(
                tuple(_hull(v, e.value, r) for v, e, r in zip(u, errors, gate.reach, strict=True))
            )
            argument_slopes.append(tuple(map(_network_slopes, t, errors)))
        return argument_values, argument_slopes

    def _backwards(self, output: SideForm, values: list[tuple[Side, ...]]) -> list[Side]:
        """Enclose the derivative of an output with respect to every gate."""
        d, gates = self.d, self.circuit.gates
        S = [(0, 0)] * (d + len(gates))
        for wire, c in output.terms:
            S[wire] = c
        for i in range(len(gates) - 1, -1, -1):
            if S[d + i] == (0, 0):
                continue
            for form, factor in zip(
                self.arguments[i], _partials(gates[i].kind, gates[i].m, values[i]), strict=True
            ):
                through = times(S[d + i], factor)
                for wire, c in form.terms:
                    if wire >= d:
                        S[wire] = plus(S[wire], times(through, c))
        return S[d:]

    def _value_bound(self, sensitivities: list[Side]) -> Fraction:
        """The errors of squares are in [0, B^2 delta], those of products in [-B^2 delta, B^2 delta]."""
        lo = hi = Fraction(0)
        for gate, S in zip(self.circuit.gates, sensitivities, strict=True):
            if gate.kind == "scaling" or S == (0, 0):
                continue
            error, size = gate.bound**2 * gate.delta, max(-S[0], S[1])
            lo -= error * (size if gate.kind == "product" else max(-S[0], 0))
            hi += error * (size if gate.kind == "product" else max(S[1], 0))
        return max(-lo, hi) / ONE

    def _slope_bound(self, sensitivities: list[Side], slopes: list[tuple[dict[int, int], ...]]) -> Fraction:
        totals = [Fraction(0)] * self.d
        for gate, S, given, errors in zip(
            self.circuit.gates, sensitivities, slopes, self.argument_errors, strict=True
        ):
            if gate.kind == "scaling" or S == (0, 0):
                continue
            size, own = max(-S[0], S[1]), gate.bound * gate.eta
            u, v = given[0], given[-1]
            for j in u.keys() | v.keys():
                a, b = u.get(j, 0), v.get(j, 0)
                carried = errors[-1].value * a + errors[0].value * b
                totals[j] += size * (own * max(a, b) + carried)
        widths = [hi - lo for lo, hi in self.box]
        return max(total / width for total, width in zip(totals, widths, strict=True)) / ONE**2


def _on_unit_box(circuit: Circuit) -> Circuit:
    """Substitute x_j = lo_j + (hi_j - lo_j) y_j in every form."""
    d = len(circuit.domain)
    inputs = [Form(lo, ((j, hi - lo),)) if hi > lo else Form(lo) for j, (lo, hi) in enumerate(circuit.domain)]

    def moved(form: Form) -> Form:
        parts = [(c, inputs[wire] if wire < d else Form.of_wire(wire)) for wire, c in form.terms]
        return combination(parts, form.constant)

    gates = (gate._replace(arguments=tuple(map(moved, gate.arguments))) for gate in circuit.gates)
    unit = ((Fraction(0), Fraction(1)),) * d
    return Circuit(unit, tuple(gates), tuple(map(moved, circuit.outputs)))


def _factor(form: Form) -> Fraction:
    """A number near the largest coefficient; intervals are exact to 2^-96 of it.

    Divided by it, coefficients that are integers of at most 96 digits over one denominator are exact.
    """
    largest = max((abs(c) for _, c in form.terms), default=Fraction(1))
    size = Fraction(2) ** (largest.numerator.bit_length() - largest.denominator.bit_length())
    common = math.lcm(*(c.denominator for _, c in form.terms))
    return size * Fraction(2 ** common.bit_length(), common)


def _inputs(forms: Sequence[Form], d: int) -> list[int]:
    return [wire for form in forms for wire, _ in form.terms if wire < d]


def _hull(ideal: Side, error: Fraction, reach: Interval) -> Side:
    """Enclose ideal values and those of the network, which are within the error and within their reach."""
    e, (lo, hi) = math.ceil(error * ONE), outwards(*reach)
    return max(ideal[0] - e, min(ideal[0], lo)), min(ideal[1] + e, max(ideal[1], hi))


def _network_slopes(ideal: Slopes, known: Known) -> dict[int, int]:
    """Bound the slopes of the network: those of the ideal and their error, or the law of the slopes."""
    bounds = {}
    for j, side in ideal.items():
        bounds[j] = max(-side[0], side[1]) + math.ceil(known.slopes.get(j, 0) * ONE)
        if j in known.lipschitz:
            bounds[j] = min(bounds[j], math.ceil(known.lipschitz[j] * ONE))
    return bounds


def _slopes(form: SideForm, slopes: Sequence[Slopes]) -> Slopes:
    total: Slopes = {}
    for wire, c in form.terms:
        for j, side in slopes[wire].items():
            total[j] = plus(total.get(j, (0, 0)), times(c, side))
    return total


def _product_rule(u: Side, s: Slopes, v: Side, t: Slopes) -> Slopes:
    total = {j: times(v, side) for j, side in s.items()}
    for j, side in t.items():
        total[j] = plus(total.get(j, (0, 0)), times(u, side))
    return total


def _partials(kind: str, r: int, values: tuple[Side, ...]) -> tuple[Side, ...]:
    """The derivatives of a gate with respect to its arguments."""
    if kind == "scaling":
        return ((ONE * 4**r,) * 2,)
    if kind == "square":
        return ((2 * values[0][0], 2 * values[0][1]),)
    return values[1], values[0]
