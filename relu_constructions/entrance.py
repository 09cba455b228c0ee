"""Entrance: a circuit behind its folds.

Folds stand at the entrance of a circuit: their arguments are exact.  Behind them, every fold that is used is
an independent variable z_k in [0, 1], and the box of these variables contains all values that they take
together.  Errors are bounded there, where the 2^n teeth of a fold are one; with |d_j z_k| <= L_kj the
chain rule gives |d_j e| <= sum_k L_kj |d_k e| almost everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.circuit import Circuit, Form
from relu_constructions.derivation import Known, affine_rule, fold_rule, input_rule
from relu_constructions.gate import Gate


class Entrance(NamedTuple):
    """A circuit without folds.

    Attributes
    ----------
    circuit : Circuit
        The rest of the circuit, on the box of the values of the folds and of the inputs it uses besides.
    travels : tuple of mapping
        For each variable of that box the bounds L_j of its slopes, by inputs j of the whole circuit.
    sources : tuple of int
        For each variable the wire of the whole circuit that it is.
    """

    circuit: Circuit
    travels: tuple[Mapping[int, Fraction], ...]
    sources: tuple[int, ...]


def behind_folds(circuit: Circuit) -> Entrance:
    """Take the folds away from a circuit.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> wiring = Wiring(((Fraction(-1), Fraction(1)),), 5)
    >>> circuit = wiring.circuit([wiring.square(wiring.fold(wiring.inputs[0], 3))])
    >>> found = behind_folds(circuit)
    >>> [gate.kind for gate in found.circuit.gates], found.circuit.domain, found.travels
    (['square'], ((Fraction(0, 1), Fraction(1, 1)),), ({0: Fraction(8, 1)},))
    """
    d = len(circuit.domain)
    if any(gate.kind == "assumption" for gate in circuit.gates):
        raise ValueError("an assumption about a range must be proved by whoever made it")
    if not any(gate.kind == "fold" for gate in circuit.gates):
        return Entrance(circuit, tuple({j: Fraction(1)} for j in range(d)), tuple(range(d)))
    known = _exact_wires(circuit)
    rest = [i for i in range(len(circuit.gates)) if d + i not in known]
    used = [form for i in rest for form in circuit.gates[i].arguments] + list(circuit.outputs)
    sources = sorted({wire for form in used for wire, _ in form.terms if wire in known}) or [0]
    new = {wire: k for k, wire in enumerate(sources)}
    new |= {d + i: len(sources) + k for k, i in enumerate(rest)}
    gates = tuple(_moved_gate(circuit.gates[i], new) for i in rest)
    box = tuple(_side(circuit, wire) for wire in sources)
    travels = tuple({j: Fraction(t) for j, t in known[wire].reach.items()} for wire in sources)
    outputs = tuple(_moved(form, new) for form in circuit.outputs)
    return Entrance(Circuit(box, gates, outputs), travels, tuple(sources))


def _exact_wires(circuit: Circuit) -> dict[int, Known]:
    """What is known of the inputs, and of folds and scalings of exact arguments."""
    d = len(circuit.domain)
    known = {j: input_rule(j, max(map(abs, side))) for j, side in enumerate(circuit.domain)}
    for i, gate in enumerate(circuit.gates):
        if gate.is_exact and all(wire in known for wire, _ in gate.arguments[0].terms):
            form = gate.arguments[0]
            argument = affine_rule(form.constant, [(c, known[wire]) for wire, c in form.terms])
            scaled = affine_rule(0, [(Fraction(4**gate.m), argument)])
            known[d + i] = fold_rule(argument, gate.m) if gate.kind == "fold" else scaled
        elif gate.kind == "fold":
            raise ValueError("the argument of a fold must be exact; it is the value of a gate with an error")
    return known


def _side(circuit: Circuit, wire: int) -> tuple[Fraction, Fraction]:
    d = len(circuit.domain)
    return circuit.domain[wire] if wire < d else circuit.gates[wire - d].range


def _moved(form: Form, new: Mapping[int, int]) -> Form:
    return Form(form.constant, tuple(sorted((new[wire], c) for wire, c in form.terms)))


def _moved_gate(gate: Gate, new: Mapping[int, int]) -> Gate:
    return gate._replace(arguments=tuple(_moved(form, new) for form in gate.arguments))


def preimage(circuit: Circuit, wire: int, z: Fraction) -> Fraction | None:
    """Return a point of the interval of a circuit with one input where an exact wire has the value z.

    On the right of the point the wire grows, if there is such a point.  None is returned where no whole
    tooth fits into the interval.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> wiring = Wiring(((Fraction(-1), Fraction(1)),), 5)
    >>> circuit = wiring.circuit([wiring.square(wiring.fold(wiring.inputs[0], 3))])
    >>> preimage(circuit, 1, Fraction(1, 2))
    Fraction(1, 16)
    """
    if wire == 0:
        lo, hi = circuit.domain[0]
        return z if lo <= z <= hi else None
    gate = circuit.gates[wire - 1]
    form, (lo, hi) = gate.arguments[0], gate.reach[0]
    if len(form.terms) != 1:
        return None
    inner, c = form.terms[0]
    values = [z / 4**gate.m] if gate.kind == "scaling" else _on_teeth(gate.m, lo, hi, z)
    found = (preimage(circuit, inner, (u - form.constant) / c) for u in values if lo <= u <= hi)
    return next((x for x in found if x is not None), None)


def _on_teeth(n: int, lo: Fraction, hi: Fraction, z: Fraction) -> list[Fraction]:
    """Some u with h_n(|u|) = z: rising ones near 0, near the middle of [lo, hi] and near its ends."""
    middles = [int(abs(t) * 2 ** (n - 1)) for t in (Fraction(0), (lo + hi) / 2, lo, hi)] if n else [0]
    rising = [(2 * k + z) / 2**n for middle in middles for k in (middle, middle - 1) if k >= 0]
    falling = [(2 * k + 2 - z) / 2**n for k in middles]
    return [*rising, *(-u for u in falling), *falling, *(-u for u in rising)]
