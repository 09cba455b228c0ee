"""Newton's iteration: its bounds against exact values, circuits that must be refused, and assumptions."""

import random
from fractions import Fraction
from itertools import pairwise

import pytest
import sympy

from relu_constructions.circuit import Form, Wiring
from relu_constructions.circuit_bound import circuit_bound
from relu_constructions.circuit_values import circuit_values
from relu_constructions.derivation import symbolic_errors, wire_errors
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.entrance import behind_folds
from relu_constructions.folding import DerivationRefused
from relu_constructions.newton import (
    Newton,
    demand_newton,
    first_residual,
    newton,
    power_above,
    residuals,
    start,
    step,
)
from relu_constructions.schedule import network
from relu_constructions.worst_case import worst_case

DOMAINS = [
    (Fraction(1, 2), Fraction(1)),
    (Fraction(1, 3), Fraction(5)),
    (Fraction(10), Fraction(11)),
    (Fraction(1, 1000), Fraction(1, 999)),
    (Fraction(1), Fraction(100)),
    (Fraction(999, 1000), Fraction(1)),
]
LEVELS = [
    [(1, 1)],
    [(1, 1), (1, 1)],
    [(2, 1), (3, 2), (6, 5)],
    [(5, 3), (9, 5), (13, 13)],
    [(7, 1), (1, 7)],
    [(9, 9)] * 5,
]
LO, HI = UNIT = DOMAINS[0]
PAIRS = [(5, 3), (9, 5), (12, 8)]


def named(domain):
    return "-".join(map(str, domain))


def points(rng, lo, hi, count):
    """Random rationals, dyadic ones, and both ends."""
    inner = [lo + (hi - lo) * Fraction(rng.randrange(1, 10**9), 10**9) for _ in range(count)]
    ends = [lo + (hi - lo) * Fraction(k, 2**6) for k in rng.sample(range(1, 64), 4)]
    return [lo, hi, *inner, *ends]


def slopes_at(phi, x, lo, hi):
    """The slopes on both sides of a point, as far as they belong to the interval."""
    sides = [side for side, end in ((1, hi), (-1, lo)) if x != end]
    return [one_sided_derivative(phi, x, side) for side in sides]


@pytest.mark.parametrize("levels", LEVELS, ids=str)
@pytest.mark.parametrize("domain", DOMAINS, ids=named)
def test_residuals_and_errors_are_never_exceeded(domain, levels):
    (lo, hi), rng = domain, random.Random(f"{domain} {levels}")
    found = residuals(lo, hi, levels)
    assert len(found) == len(levels) + 1
    for k, (rho, gamma) in enumerate(found):
        phi, (value, slope) = network(newton(lo, hi, levels[:k]).circuit), found[k].errors(lo)
        for x in points(rng, lo, hi, 6):
            at = phi(x)
            assert abs(1 - x * at) <= rho
            assert abs(at - 1 / x) <= value
            for rise in slopes_at(phi, x, lo, hi):
                assert abs(at + x * rise) <= gamma
                assert abs(rise + 1 / x**2) <= slope


@pytest.mark.parametrize("levels", LEVELS, ids=str)
@pytest.mark.parametrize("domain", DOMAINS, ids=named)
def test_assumptions_hold_in_the_network_of_every_wire(domain, levels):
    (lo, hi), rng = domain, random.Random(f"{levels} {domain}")
    if any(residual.rho >= 1 for residual in residuals(lo, hi, levels)[:-1]):
        return
    circuit = newton(lo, hi, levels).circuit
    wires = tuple(Form.of_wire(1 + i) for i in range(len(circuit.gates)))
    watched = circuit._replace(outputs=wires)
    for x in points(rng, lo, hi, 8):
        for gate, at in zip(circuit.gates, circuit_values(watched, [x]), strict=True):
            assert gate.range[0] <= at <= gate.range[1]


@pytest.mark.parametrize("domain", DOMAINS, ids=named)
def test_the_start_is_bounded_and_nearly_the_best(domain):
    (lo, hi), (a, b) = domain, start(*domain)
    rho, gamma = first_residual(lo, hi)
    best = Fraction((hi - lo) ** 2, (lo + hi) ** 2 + 4 * lo * hi)
    assert rho <= best + Fraction(1, 2**18)
    for k in range(101):
        x = lo + (hi - lo) * Fraction(k, 100)
        assert abs(1 - x * (a - b * x)) <= rho
        assert abs(2 * b * x - a) <= gamma


def test_all_later_levels_matter_little():
    """The levels of the last step decide: what the earlier ones are off is squared."""
    growing, equal = residuals(LO, HI, [(5, 3), (9, 5), (13, 13)]), residuals(LO, HI, [(13, 13)] * 3)
    assert equal[-1].gamma < growing[-1].gamma < 2 * equal[-1].gamma
    assert growing[1].gamma > 6 * equal[1].gamma


@pytest.mark.parametrize("domain", DOMAINS, ids=named)
def test_more_levels_never_give_a_larger_bound(domain):
    lo, hi = domain
    before = first_residual(lo, hi)
    for b in (None, start(lo, hi)[1]):
        found = [step(before, lo, hi, m, m + 2, b) for m in range(1, 30)]
        for fewer, more in pairwise(found):
            assert more.middle <= fewer.middle
            assert more.after.rho <= fewer.after.rho
            assert more.after.gamma <= fewer.after.gamma


@pytest.mark.parametrize(
    "size",
    [
        Fraction(1),
        Fraction(3),
        Fraction(1, 3),
        Fraction(2**40 + 1),
        Fraction(1, 2**40 - 1),
        Fraction(4),
        Fraction(7, 8),
    ],
    ids=str,
)
def test_the_power_of_two_above_a_number_is_the_least(size):
    found = power_above(size)
    assert found >= size > found / 2
    assert 1 in (found.numerator, found.denominator)
    assert found.numerator & (found.numerator - 1) == 0 == found.denominator & (found.denominator - 1)


@pytest.mark.parametrize("domain", DOMAINS, ids=named)
def test_the_iteration_is_recognized(domain):
    levels = [(8, 6), (12, 9), (20, 17), (30, 28), (30, 30)]
    assert demand_newton(newton(*domain, levels), *domain, levels) == residuals(*domain, levels)[-1]


def test_levels_that_lose_all_accuracy_are_refused():
    levels = [(1, 1)] * 3
    assert residuals(Fraction(1), Fraction(100), levels)[1].rho >= 1
    with pytest.raises(DerivationRefused):
        demand_newton(newton(Fraction(1), Fraction(100), levels), Fraction(1), Fraction(100), levels)


def refused(made, domain=UNIT, levels=PAIRS):
    with pytest.raises(DerivationRefused, match="not Newton's iteration"):
        demand_newton(made, *domain, levels)


def with_gate(made, i, **changes):
    gates = list(made.circuit.gates)
    gates[i] = gates[i]._replace(**changes)
    return made._replace(circuit=made.circuit._replace(gates=tuple(gates)))


MADE = newton(LO, HI, PAIRS)
GATES = range(len(MADE.circuit.gates))
ASSUMPTIONS = range(1, len(MADE.circuit.gates), 2)


@pytest.mark.parametrize("i", ASSUMPTIONS)
def test_assumptions_of_more_than_is_proved_are_refused(i):
    lo, hi = MADE.circuit.gates[i].range
    inwards = (hi - lo) / 2**20
    for narrower in ((lo + inwards, hi), (lo, hi - inwards)):
        refused(with_gate(MADE, i, range=narrower))


@pytest.mark.parametrize("i", range(3, len(MADE.circuit.gates), 2))
def test_assumptions_of_less_are_accepted_where_no_argument_leaves_its_bound(i):
    lo, hi = MADE.circuit.gates[i].range
    wider = with_gate(MADE, i, range=(lo - (hi - lo) / 2**20, hi))
    assert demand_newton(wider, LO, HI, PAIRS) == residuals(LO, HI, PAIRS)[-1]


@pytest.mark.parametrize("i", GATES)
def test_changed_coefficients_are_refused(i):
    arguments = MADE.circuit.gates[i].arguments
    for k, form in enumerate(arguments):
        moved = [
            form + Fraction(1, 2**30),
            form * 2,
            form * Fraction(1, 4),
            form * -1,
            form * Fraction(2**30 + 1, 2**30),
        ]
        moved += [form + Form.of_wire(0) * Fraction(1, 2**30), Form.of_number(Fraction(1, 2))]
        for other in moved:
            refused(with_gate(MADE, i, arguments=(*arguments[:k], other, *arguments[k + 1 :])))


@pytest.mark.parametrize("i", range(0, len(MADE.circuit.gates), 2))
def test_changed_levels_of_a_gate_are_refused(i):
    for m in (MADE.circuit.gates[i].m - 1, MADE.circuit.gates[i].m + 1):
        refused(with_gate(MADE, i, m=m))


@pytest.mark.parametrize("i", range(0, len(MADE.circuit.gates), 2))
def test_bounds_that_the_arguments_exceed_are_refused(i):
    refused(with_gate(MADE, i, bound=Fraction(1, 4)))
    refused(with_gate(MADE, i, bound=Fraction(2)))


@pytest.mark.parametrize("i", GATES)
@pytest.mark.parametrize("kind", ["scaling", "fold", "square", "product", "assumption"])
def test_gates_of_another_kind_are_refused(i, kind):
    if kind != MADE.circuit.gates[i].kind:
        refused(with_gate(MADE, i, kind=kind))


@pytest.mark.parametrize("i", range(2, len(MADE.circuit.gates), 2))
def test_a_product_of_one_argument_or_of_equal_ones_is_refused(i):
    """Were it taken for the product, the next wire would still be c times this one, with another c."""
    wire, gates = Form.of_wire(1 + i), MADE.circuit.gates
    for argument in gates[i].arguments:
        factor = 1 / argument.terms[0][1]
        before = MADE.stages[i // 4] if i % 4 == 2 else Form.of_number(1)
        last = before + wire * factor * (1 if i % 4 == 2 else -1)
        for arguments in ((argument,), (argument, argument)):
            changed = with_gate(MADE, i, arguments=arguments)
            refused(with_gate(changed, i + 1, arguments=(last,)))


def test_swapped_arguments_of_a_product_are_the_same_product():
    for i in range(2, len(MADE.circuit.gates), 2):
        swapped = with_gate(MADE, i, arguments=MADE.circuit.gates[i].arguments[::-1])
        assert demand_newton(swapped, LO, HI, PAIRS) == residuals(LO, HI, PAIRS)[-1]


@pytest.mark.parametrize("i", range(len(MADE.circuit.gates) - 1))
def test_swapped_gates_are_refused(i):
    for j in range(i + 1, len(MADE.circuit.gates)):
        gates = list(MADE.circuit.gates)
        gates[i], gates[j] = gates[j], gates[i]
        refused(MADE._replace(circuit=MADE.circuit._replace(gates=tuple(gates))))


@pytest.mark.parametrize(
    "levels", [PAIRS[:2], [*PAIRS, (12, 8)], PAIRS[::-1], [(6, 3), *PAIRS[1:]], []], ids=str
)
def test_other_levels_than_those_of_the_record_are_refused(levels):
    refused(MADE, levels=levels)


@pytest.mark.parametrize(
    "domain",
    [
        (Fraction(1, 2), Fraction(2)),
        (Fraction(1, 3), Fraction(1)),
        (Fraction(1, 2), Fraction(1023, 1024)),
        (Fraction(-1), Fraction(1)),
        (Fraction(1), Fraction(1, 2)),
    ],
    ids=named,
)
def test_another_domain_is_refused(domain):
    refused(MADE, domain=domain)
    refused(MADE._replace(circuit=MADE.circuit._replace(domain=(domain,))))


def test_another_output_is_refused():
    (y,), *others = MADE.circuit.outputs, *MADE.stages[:-1]
    for output in ((y * 2,), (y + Fraction(1, 2**40),), (y, y), (), *((other,) for other in others)):
        refused(MADE._replace(circuit=MADE.circuit._replace(outputs=output)))


def test_a_missing_step_and_other_stages_are_refused():
    circuit, stages = MADE
    refused(Newton(circuit._replace(gates=circuit.gates[:-4]), stages))
    refused(Newton(circuit._replace(gates=circuit.gates[4:]), stages))
    refused(Newton(newton(LO, HI, PAIRS[:2]).circuit, stages))
    for k in range(len(stages) - 1):
        refused(Newton(circuit, (*stages[:k], stages[k] * 2, *stages[k + 1 :])))


def assuming(folds):
    """A circuit with an assumption, behind a fold or not."""
    wiring = Wiring(((Fraction(0), Fraction(1)),), 3)
    (x,) = wiring.inputs
    if folds:
        u = wiring.assumed(2 * wiring.fold(x, 2) - x, Fraction(-1), Fraction(2))
    else:
        u = wiring.assumed(2 * x - wiring.square(x), Fraction(0), Fraction(1))
    return wiring.circuit([wiring.square(u)])


BOUNDS = {
    "worst_case": worst_case,
    "wire_errors": wire_errors,
    "symbolic_errors": lambda circuit: symbolic_errors(circuit, sympy.Symbol("m")),
    "circuit_bound": lambda circuit: circuit_bound(network(circuit), circuit),
}


@pytest.mark.parametrize("bound", BOUNDS.values(), ids=BOUNDS)
@pytest.mark.parametrize(
    "circuit", [assuming(True), assuming(False), MADE.circuit], ids=["behind a fold", "square", "newton"]
)
def test_general_bounds_refuse_assumptions(bound, circuit):
    with pytest.raises(ValueError, match="an assumption about a range must be proved by whoever made it"):
        bound(circuit)


def test_folds_are_not_taken_away_before_an_assumption():
    with pytest.raises(ValueError, match="an assumption about a range must be proved by whoever made it"):
        behind_folds(assuming(True))


def test_an_assumption_is_a_name_and_costs_no_layer():
    circuit = assuming(False)
    gate = circuit.gates[1]
    assert (gate.kind, gate.is_name, gate.is_exact, gate.range) == ("assumption", True, True, (0, 1))
    wiring = Wiring(((Fraction(0), Fraction(1)),), 3)
    (x,) = wiring.inputs
    plain = network(wiring.circuit([wiring.square(wiring.named(2 * x - wiring.square(x)))]))
    assumed = network(circuit)
    assert assumed.depth == plain.depth
    for k in range(17):
        assert assumed(Fraction(k, 16)) == circuit_values(circuit, [Fraction(k, 16)])[0]


def test_equal_forms_with_other_assumptions_are_other_wires():
    wiring = Wiring(((Fraction(0), Fraction(1)),), 3)
    (x,) = wiring.inputs
    first, again, other = (
        wiring.assumed(x, Fraction(0), hi) for hi in (Fraction(1), Fraction(1), Fraction(2))
    )
    assert first == again != other
    assert (wiring.range(first), wiring.range(other)) == ((0, 1), (0, 2))
