"""Circuit: the mathematics of a construction, written once, as a directed acyclic graph of gates.

A signal is a `Form`: an affine combination of the inputs and of the outputs of earlier gates.  A gate is the
square B^2 f_m(|u|/B), the product P = F(|u + v|/2) - F(|u - v|/2) of two such squares F, or the scaling
by a power of 4 in several layers that keeps weights small.  One circuit is read as

- *target*: the polynomial that the ideal gates compute (`ideal`);
- *network*: the parametrization (`schedule.network`);
- *bound*: the error in W^{1,inf} (`worst_case.bound`, by the rules in `derivation`);
- piecewise linear function: exact values at points (`circuit_values`) and exact pieces (`composition`).

The arguments of a gate are multiplied by powers of two so that they lie in [-1, 1]; gates with equal
arguments are one gate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from relu_constructions.exact import shown
from relu_constructions.form import Form as Form
from relu_constructions.form import combination as combination
from relu_constructions.form import evaluated
from relu_constructions.parametrization import refuse_excess
from relu_constructions.rounding import Interval, outwards, significant

if TYPE_CHECKING:
    from relu_constructions.box import Box

SCALE_BITS = 16
MAX_GATES = 20_000


class Gate(NamedTuple):
    """One gate.

    Attributes
    ----------
    kind : {"square", "product", "scaling"}
    arguments : tuple of Form
        With values in [-1, 1], but for a scaling.
    m : int
        The levels of folding; for a scaling the number of factors 4.
    bound : Fraction
        B: the arguments lie in [-B, B].
    reach : tuple of Interval
        The values that the arguments take in the network.
    range : Interval
        The values that the output takes in the network, at most.
    """

    kind: str
    arguments: tuple[Form, ...]
    m: int
    bound: Fraction
    reach: tuple[Interval, ...]
    range: Interval

    @property
    def eta(self) -> Fraction:
        """The error 2^-m of the slopes of f_m."""
        return Fraction(1, 2**self.m)

    @property
    def delta(self) -> Fraction:
        """The error 4^-(m+1) of f_m."""
        return Fraction(1, 4 ** (self.m + 1))


class Circuit(NamedTuple):
    """A finished circuit on a box.

    Attributes
    ----------
    domain : Box
    gates : tuple of Gate
        Gate i is wire len(domain) + i.
    outputs : tuple of Form
    """

    domain: Box
    gates: tuple[Gate, ...]
    outputs: tuple[Form, ...]


class Wiring:
    """Writes a circuit gate by gate.

    Parameters
    ----------
    domain : Box
    m : int
        The levels of every gate.
    magnitude : Fraction, optional
        The largest weight that the network may have; at least 4.

    Examples
    --------
    >>> wiring = Wiring(((Fraction(-1), Fraction(1)),), 5)
    >>> (x,) = wiring.inputs
    >>> circuit = wiring.circuit([wiring.product(x, wiring.square(x)) - x])
    >>> [gate.kind for gate in circuit.gates]
    ['square', 'product']
    """

    def __init__(self, domain: Box, m: int, magnitude: Fraction | None = None) -> None:
        self.domain, self.m, self.magnitude = domain, m, magnitude
        self.inputs = tuple(Form.of_wire(j) for j in range(len(domain)))
        self._gates: list[Gate] = []
        self._known: dict[tuple[Any, ...], Form] = {}

    def square(self, u: Form) -> Form:
        """Return u^2: one gate, or a constant."""
        if u.is_constant:
            return Form(u.constant**2)
        _, v, k = self._normalized(u)
        return self._gate("square", (v,)) * Fraction(4) ** -k

    def product(self, u: Form, v: Form) -> Form:
        """Return u v: one gate; by c u^2 + e u if v = c u + e; affine if one is constant."""
        if u.is_constant or v.is_constant:
            return v * u.constant if u.is_constant else u * v.constant
        if self._size(v) < self._size(u):
            u, v = v, u
        if (c := _ratio(u, v)) is not None:
            return self.square(u) * c + u * (v.constant - c * u.constant)
        (sign, s, j), (turn, t, k) = self._normalized(u), self._normalized(v)
        made = self._gate("product", (s, t) if s <= t else (t, s))
        return made * sign * turn * Fraction(2) ** (-j - k)

    def range(self, u: Form) -> Interval:
        """Enclose the values that a form takes in the network."""
        lo = hi = u.constant
        for wire, c in u.terms:
            a, b = self._wire_range(wire)
            lo, hi = lo + min(c * a, c * b), hi + max(c * a, c * b)
        return outwards(lo, hi)

    def circuit(self, outputs: Sequence[Form]) -> Circuit:
        """Finish: keep what the outputs need."""
        if not outputs:
            raise ValueError("a circuit must have at least one output, got none")
        ends = [self._tamed(output) for output in outputs]
        return _pruned(Circuit(self.domain, tuple(self._gates), tuple(ends)))

    def _size(self, u: Form) -> Fraction:
        return max(map(abs, self.range(u)))

    def _wire_range(self, wire: int) -> Interval:
        d = len(self.domain)
        return self.domain[wire] if wire < d else self._gates[wire - d].range

    def _normalized(self, u: Form) -> tuple[int, Form, int]:
        """A sign, 2^k sign u with values in [-1, 1], reaching beyond 1/2, and k.

        What is not positive is turned round, and so is what has no sign and begins with a minus.
        """
        lo, hi = self.range(u)
        sign = -1 if hi <= 0 or (lo < 0 and u.terms[0][1] < 0) else 1
        k = 0
        size = max(-lo, hi)
        if size:
            k = size.denominator.bit_length() - size.numerator.bit_length()
            k -= size * Fraction(2) ** k > 1
            k += size * Fraction(2) ** k <= Fraction(1, 2)
        return sign, self._tamed(u * sign * Fraction(2) ** k), k

    def _tamed(self, u: Form) -> Form:
        """The same form, through a scaling if its weights or its offsets would be too large."""
        if self.magnitude is None:
            return u
        r = 0
        sizes = sum((abs(c) * max(map(abs, self._wire_range(wire))) for wire, c in u.terms), abs(u.constant))
        weights = max((abs(c) for _, c in u.terms), default=Fraction(0))
        while max(2 * weights, Fraction(33, 16) * sizes) > self.magnitude * 4**r:
            r += 1
        return u if r == 0 else self._gate("scaling", (u * Fraction(1, 4**r),), r)

    def _gate(self, kind: str, arguments: tuple[Form, ...], r: int | None = None) -> Form:
        key = (kind, arguments, r)
        if key not in self._known:
            m = self.m if r is None else r
            refuse_excess(f"one square of {shown(m)} levels", 6 * m, 3 * m * m)
            reach = tuple(self.range(u) for u in arguments)
            bound = significant(max(max(-lo, hi) for lo, hi in reach), SCALE_BITS)
            gate = Gate(kind, arguments, m, bound, reach, (Fraction(0), Fraction(0)))
            self._gates.append(gate._replace(range=_RANGES[kind](gate)))
            if len(self._gates) > MAX_GATES:
                refuse_excess("the circuit", len(self._gates) * 7 * self.m, 0)
                raise ValueError(f"a circuit must have at most {MAX_GATES} gates, got more")
            self._known[key] = Form.of_wire(len(self.domain) + len(self._gates) - 1)
        return self._known[key]


def ideal(circuit: Circuit, inputs: Sequence[Any], number: Callable[[Fraction], Any]) -> list[Any]:
    """Compute the outputs of a circuit with ideal gates, over any ring.

    Parameters
    ----------
    circuit : Circuit
    inputs : sequence
        The elements of the ring for the inputs, such as rationals or polynomials.
    number : callable
        Embeds a Fraction.

    Examples
    --------
    >>> wiring = Wiring(((Fraction(0), Fraction(1)),), 5)
    >>> circuit = wiring.circuit([wiring.square(wiring.square(wiring.inputs[0]))])
    >>> ideal(circuit, [Fraction(1, 2)], Fraction)
    [Fraction(1, 16)]
    """
    wires = list(inputs)
    for gate in circuit.gates:
        given = [evaluated(form, wires, number) for form in gate.arguments]
        if gate.kind == "scaling":
            wires.append(given[0] * number(Fraction(4**gate.m)))
        else:
            wires.append(given[0] * given[-1])
    return [evaluated(form, wires, number) for form in circuit.outputs]


def _ratio(u: Form, v: Form) -> Fraction | None:
    """The factor c such that v - c u is constant, if there is one."""
    c = v.terms[0][1] / u.terms[0][1]
    return c if (v - u * c).is_constant else None


def _square_range(gate: Gate) -> Interval:
    """F is convex and increasing on [0, B], between t^2 and min(t^2 + B^2 delta, B t)."""
    ((lo, hi),) = gate.reach
    largest, least = max(-lo, hi), max(lo, -hi, Fraction(0))
    return outwards(least**2, min(largest**2 + gate.bound**2 * gate.delta, gate.bound * largest))


def _product_range(gate: Gate) -> Interval:
    """P differs from u v by at most B^2 delta, |P| <= B min(|u|, |v|), and P has the sign of u v."""
    corners = [a * b for a in gate.reach[0] for b in gate.reach[1]]
    error = gate.bound**2 * gate.delta
    lo, hi = partial_range(gate)
    return outwards(max(min(corners) - error, lo), min(max(corners) + error, hi))


def partial_range(gate: Gate) -> Interval:
    """Enclose what a gate has summed up after any number of its levels.

    The partial sums a of the square are convex and increasing on [0, B], from 0 to at most B^2, and slopes
    at mirrored places add up to at most 2 B; so |a(|u + v|/2) - a(|u - v|/2)| <= B min(|u|, |v|), with the
    sign of u v (`proofs/product.py`).
    """
    sizes = [max(-lo, hi) for lo, hi in gate.reach]
    largest = gate.bound * min(sizes)
    if gate.kind == "square":
        return Fraction(0), largest
    (a, b), (c, d) = gate.reach
    if (a >= 0 and c >= 0) or (b <= 0 and d <= 0):
        return Fraction(0), largest
    if (a >= 0 and d <= 0) or (b <= 0 and c >= 0):
        return -largest, Fraction(0)
    return -largest, largest


def _scaling_range(gate: Gate) -> Interval:
    ((lo, hi),) = gate.reach
    return lo * 4**gate.m, hi * 4**gate.m


_RANGES: Mapping[str, Callable[[Gate], Interval]] = {
    "square": _square_range,
    "product": _product_range,
    "scaling": _scaling_range,
}


def _pruned(circuit: Circuit) -> Circuit:
    """Drop the gates that no output needs."""
    d, gates = len(circuit.domain), circuit.gates
    needed = {wire for form in circuit.outputs for wire, _ in form.terms}
    for i in range(len(gates) - 1, -1, -1):
        if d + i in needed:
            needed |= {wire for form in gates[i].arguments for wire, _ in form.terms}
    kept = [i for i in range(len(gates)) if d + i in needed]
    new = {d + i: d + k for k, i in enumerate(kept)} | {j: j for j in range(d)}

    def moved(form: Form) -> Form:
        return Form(form.constant, tuple((new[wire], c) for wire, c in form.terms))

    return Circuit(
        circuit.domain,
        tuple(gates[i]._replace(arguments=tuple(map(moved, gates[i].arguments))) for i in kept),
        tuple(map(moved, circuit.outputs)),
    )
