"""Worst case: upper bounds for the errors of a circuit on its box, and points where they nearly happen.

With e_g the error that gate g adds and S_g the derivative of the output with respect to its value, the
error of the output is the sum of S_g e_g over all gates, where S_g is taken at values between the ideal
ones and those of the network; for the gradient see `derivation.sensitivity_rule`.  On a cell of the box
all S_g, values and slopes are enclosed by intervals, forwards and then backwards through the circuit.  The
cell with the largest bound is bisected, best first, until the bound is close to what it is at single
points.  The cost of a cell is a few operations a gate; the linear pieces of the network are never listed.

Intervals are pairs of integers over 2^96, rounded outwards; errors are integers over a larger power of two.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.circuit import Circuit, Form
from relu_constructions.derivation import wire_errors
from relu_constructions.entrance import behind_folds
from relu_constructions.sides import ONE, Side, SideForm, outwards, plus, side_form, square, times, value_of
from relu_constructions.unit_box import Argument, factor, on_unit_box, own_errors

CLOSE = Fraction(11, 10)
EXTRA_BITS = 96
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
        The cells with the largest bounds, the worst first, in the box behind the folds.
    value_peak, derivative_peak : Point
        The points of that box, among those that were tried, with the largest bounds.
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
        rest, self.travels, _ = behind_folds(given)
        self.box, self.d = rest.domain, len(rest.domain)
        self.known: dict[Cell, CellBound] = {}
        circuit = self.circuit = on_unit_box(rest)
        errors = wire_errors(circuit)
        self.W = 2 * max((gate.m for gate in circuit.gates), default=0) + EXTRA_BITS
        self.factors = [factor(form) for form in circuit.outputs]
        self.arguments = [tuple(map(side_form, gate.arguments)) for gate in circuit.gates]
        self.outputs = [
            side_form(form * (1 / size)) for form, size in zip(circuit.outputs, self.factors, strict=True)
        ]
        self.known_arguments = [
            tuple(
                Argument.of(errors.of(form), reach, self.W)
                for form, reach in zip(gate.arguments, gate.reach, strict=True)
            )
            for gate in circuit.gates
        ]
        self.own = [own_errors(gate, self.W) for gate in circuit.gates]
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
        for output, size in zip(self.outputs, self.factors, strict=True):
            sensitivities = self._backwards(output, values)
            value = max(value, size * self._value_bound(sensitivities))
            slope = max(slope, size * self._slope_bound(sensitivities, slopes))
        return CellBound(value, slope, cell)

    def _forwards(self, cell: Cell) -> tuple[list[tuple[Side, ...]], list[tuple[dict[int, int], ...]]]:
        """Enclose values and slopes of the arguments of every gate, ideal and in the network alike."""
        values = [outwards(lo, hi) for lo, hi in cell]
        slopes: list[Slopes] = [{j: (ONE, ONE)} for j in range(self.d)]
        argument_values, argument_slopes = [], []
        for gate, forms, known in zip(self.circuit.gates, self.arguments, self.known_arguments, strict=True):
            u = [value_of(form, values) for form in forms]
            t = [_slopes(form, slopes) for form in forms]
            if gate.kind == "scaling":
                factor = (ONE * 4**gate.m,) * 2
                values.append(times(factor, u[0]))
                slopes.append({j: times(factor, side) for j, side in t[0].items()})
            else:
                values.append(square(u[0]) if gate.kind == "square" else times(u[0], u[1]))
                slopes.append(_product_rule(u[0], t[0], u[-1], t[-1]))
            argument_values.append(tuple(a.hull(v) for a, v in zip(known, u, strict=True)))
            argument_slopes.append(tuple(a.network_slopes(v) for a, v in zip(known, t, strict=True)))
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
            for form, partial in zip(
                self.arguments[i], _partials(gates[i].kind, gates[i].m, values[i]), strict=True
            ):
                through = times(S[d + i], partial)
                for wire, c in form.terms:
                    if wire >= d:
                        S[wire] = plus(S[wire], times(through, c))
        return S[d:]

    def _value_bound(self, sensitivities: list[Side]) -> Fraction:
        """The errors of squares are in [0, B^2 delta], those of products in [-B^2 delta, B^2 delta]."""
        lo = hi = 0
        for gate, (error, _), S in zip(self.circuit.gates, self.own, sensitivities, strict=True):
            if not error or S == (0, 0):
                continue
            size = max(-S[0], S[1])
            lo -= error * (size if gate.kind == "product" else max(-S[0], 0))
            hi += error * (size if gate.kind == "product" else max(S[1], 0))
        return Fraction(max(-lo, hi), ONE << self.W)

    def _slope_bound(self, sensitivities: list[Side], slopes: list[tuple[dict[int, int], ...]]) -> Fraction:
        totals = [0] * self.d
        for (_, own), S, given, known in zip(
            self.own, sensitivities, slopes, self.known_arguments, strict=True
        ):
            if not own or S == (0, 0):
                continue
            size, u, v = max(-S[0], S[1]), given[0], given[-1]
            for j in u.keys() | v.keys():
                a, b = u.get(j, 0), v.get(j, 0)
                totals[j] += size * (own * max(a, b) + known[-1].error * a + known[0].error * b)
        by_input: dict[int, Fraction] = {}
        for total, (lo, hi), travel in zip(totals, self.box, self.travels, strict=True):
            for j, length in travel.items():
                part = length * Fraction(total, ONE * ONE << self.W) / (hi - lo)
                by_input[j] = by_input.get(j, Fraction(0)) + part
        return max(by_input.values(), default=Fraction(0))


def _inputs(forms: Sequence[Form], d: int) -> list[int]:
    return [wire for form in forms for wire, _ in form.terms if wire < d]


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
