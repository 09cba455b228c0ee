"""Worst cases: bounds are not exceeded, are sharp for one gate, and never grow with more effort."""

import random
from fractions import Fraction

import flint
import pytest

from relu_constructions.circuit import Form, Wiring, combination, ideal
from relu_constructions.circuit_values import point_errors
from relu_constructions.composition import composition
from relu_constructions.pieces import pieces
from relu_constructions.polynomial import Polynomial
from relu_constructions.polynomial_circuits import STRATEGIES, power
from relu_constructions.schedule import network
from relu_constructions.supremum import suprema
from relu_constructions.worst_case import worst_case

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))
SKEW, NEGATIVE = (Fraction(-1, 3), Fraction(5, 2)), (Fraction(-3), Fraction(-1))
FAR, TINY = (Fraction(1000), Fraction(1001)), (Fraction(0), Fraction(1, 10**30))
HUGE = (Fraction(-(10**30)), Fraction(10**30))
SIDES = (UNIT, SYMMETRIC, SKEW, NEGATIVE, FAR, TINY, HUGE)
FACTORS = [Fraction(c) for c in ("1", "-1", "1/3", "-7/5", "1e30", "-1e-30", "8")]


def random_circuit(rng, d, levels=4, outputs=3):
    wiring = Wiring(
        tuple(rng.choice(SIDES) for _ in range(d)), rng.randint(1, levels), rng.choice([None, Fraction(4)])
    )
    forms = list(wiring.inputs)

    def form():
        parts = [(rng.choice(FACTORS), rng.choice(forms)) for _ in range(rng.randint(1, 3))]
        return rng.choice([combination(parts, rng.choice([0, 1, Fraction(-1, 3)])), rng.choice(forms)])

    for _ in range(rng.randint(1, 4)):
        u, v = form(), form()
        forms.append(wiring.product(*rng.choice([(u, v), (u, u), (u, -3 * u), (u + v, u - v)])))
    return wiring.circuit([forms[-1], form(), Form.of_number(3)][: rng.randint(1, outputs)])


def point_in(rng, cell):
    return [lo + (hi - lo) * Fraction(rng.randint(0, 2**20), 2**20) for lo, hi in cell]


def rational(number):
    return flint.fmpq(number.numerator, number.denominator)


def target_of(circuit):
    """The polynomial of a circuit with one input and one output."""
    (p,) = ideal(circuit, [flint.fmpq_poly([0, 1])], lambda c: flint.fmpq_poly([rational(c)]))
    return Polynomial.of([Fraction(int(c.p), int(c.q)) for c in p.coeffs()])


def exact_suprema(circuit):
    """Lower ends, at most a thousandth below the suprema over all pieces."""
    found = suprema(target_of(circuit), pieces(network(circuit), circuit.domain[0]), Fraction(1, 1000))
    return found.value.enclosure.lower, found.derivative.enclosure.lower


@pytest.mark.parametrize("seed", range(30))
def test_bounds_are_not_exceeded_at_points(seed):
    rng = random.Random(seed)
    circuit = random_circuit(rng, rng.randint(1, 3))
    found = worst_case(circuit, 12)
    for count in range(40):
        cells = [circuit.domain, rng.choice(found.value_cells), rng.choice(found.derivative_cells)]
        errors = point_errors(circuit, point_in(rng, cells[count % 3]))
        assert max(map(abs, errors.values)) <= found.value_error
        assert max(abs(slope) for row in errors.gradients for slope in row) <= found.derivative_error


@pytest.mark.parametrize("seed", range(30))
def test_bounds_are_at_least_the_exact_suprema(seed):
    rng = random.Random(seed)
    circuit = random_circuit(rng, 1, levels=3, outputs=1)
    if len(composition(circuit)[0].points) < 400:
        value, slope = exact_suprema(circuit)
        found = worst_case(circuit, 20)
        assert value <= found.value_error
        assert slope <= found.derivative_error


@pytest.mark.parametrize("side", [UNIT, SYMMETRIC, SKEW])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_bounds_of_powers_are_close_to_the_exact_suprema(n, side):
    wiring = Wiring((side,), 3)
    circuit = wiring.circuit([power(wiring, wiring.inputs[0], n, {})])
    value, slope = exact_suprema(circuit)
    found = worst_case(circuit)
    assert value <= found.value_error <= 3 * value
    assert slope <= found.derivative_error <= 3 * slope


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_bounds_of_polynomials_are_at_least_the_exact_suprema(strategy):
    for coefficients in (
        [1, -2, 0, 3, 1],
        [Fraction(1, 7), 0, -3, 0, Fraction(5, 2)],
        [10**20, 0, 1, 10**20],
    ):
        wiring = Wiring((SYMMETRIC,), 3, Fraction(4))
        terms = tuple(((i,), Fraction(c)) for i, c in enumerate(coefficients) if c)
        circuit = wiring.circuit([STRATEGIES[strategy](wiring, wiring.inputs, terms, 2)])
        value, slope = exact_suprema(circuit)
        found = worst_case(circuit, 50)
        assert value <= found.value_error
        assert slope <= found.derivative_error


def single_gate(kind, side, factor, m):
    wiring = Wiring((side, side), m)
    x, y = wiring.inputs
    return wiring.circuit([wiring.product(x, x if kind == "square" else y) * factor])


def truth(circuit):
    """|c| B^2 4^-(m+1) and |c| B 2^-m times the weight of an input, for an output c g."""
    (gate,), ((_, c),) = circuit.gates, circuit.outputs[0].terms
    ((_, a),) = gate.arguments[0].terms
    return abs(c) * gate.bound**2 * gate.delta, abs(c) * gate.bound * gate.eta * abs(a)


@pytest.mark.parametrize("m", [1, 2, 20, 300])
@pytest.mark.parametrize("kind", ["square", "product"])
@pytest.mark.parametrize("factor", ["1", "1/3", "22/7", "-1e30", "7/1000"])
def test_a_single_gate_is_bounded_exactly(kind, factor, m):
    for side in (UNIT, SYMMETRIC, FAR, HUGE, (Fraction(-2), Fraction(6))):
        circuit = single_gate(kind, side, Fraction(factor), m)
        found = worst_case(circuit)
        assert (found.value_error, found.derivative_error) == truth(circuit)


@pytest.mark.parametrize("kind", ["square", "product"])
@pytest.mark.parametrize("factor", ["1", "1/3", "-1e-30", "1e30"])
def test_a_single_gate_on_any_box_is_bounded_to_many_digits(kind, factor):
    for side in SIDES:
        circuit = single_gate(kind, side, Fraction(factor), 7)
        found = worst_case(circuit)
        for bound, least in zip((found.value_error, found.derivative_error), truth(circuit), strict=True):
            assert least <= bound <= least * (1 + Fraction(1, 2**88))


@pytest.mark.parametrize("m", [1, 2, 4])
@pytest.mark.parametrize("side, factor", [(UNIT, "1/3"), (SYMMETRIC, "-5"), (FAR, "1"), (HUGE, "1e-30")])
def test_the_bound_of_a_square_is_attained(side, factor, m):
    """On [0, 1] and [-1, 1] every interval between knots is full."""
    wiring = Wiring((side,), m)
    circuit = wiring.circuit([wiring.square(wiring.inputs[0]) * Fraction(factor)])
    value, slope = exact_suprema(circuit)
    found = worst_case(circuit)
    assert value <= found.value_error
    assert slope <= found.derivative_error
    if side in (UNIT, SYMMETRIC):
        assert (found.value_error, found.derivative_error) == (value, slope)


@pytest.mark.parametrize("seed", range(25))
def test_more_cells_never_make_the_bound_worse(seed):
    rng = random.Random(seed)
    circuit = random_circuit(rng, rng.randint(1, 3))
    found = [worst_case(circuit, cells) for cells in (0, 1, 2, 5, 12, 25)]
    for order in ("value_error", "derivative_error"):
        bounds = [getattr(bound, order) for bound in found]
        assert bounds == sorted(bounds, reverse=True)


@pytest.mark.parametrize("seed", range(10))
def test_cells_lie_in_the_box(seed):
    rng = random.Random(seed)
    circuit = random_circuit(rng, rng.randint(1, 3))
    found = worst_case(circuit, 9)
    for cell in (*found.value_cells, *found.derivative_cells):
        sides = zip(cell, circuit.domain, strict=True)
        assert all(lo <= a < b <= hi for (a, b), (lo, hi) in sides)


def test_affine_outputs_and_constants_have_no_error():
    wiring = Wiring((SKEW, FAR), 3)
    x, y = wiring.inputs
    for outputs in ([x], [Form.of_number(3), x - x], [2 * x - y + 1, y, y]):
        found = worst_case(wiring.circuit(outputs))
        assert (found.value_error, found.derivative_error) == (0, 0)


def test_equal_outputs_change_nothing_and_the_largest_counts():
    wiring = Wiring((SYMMETRIC, UNIT), 3)
    x, y = wiring.inputs
    one = worst_case(wiring.circuit([wiring.product(x, y)]))
    three = worst_case(wiring.circuit([x, wiring.product(x, y), wiring.product(x, y), wiring.square(y) * 4]))
    assert (one.value_error, one.derivative_error) == (Fraction(1, 256), Fraction(1, 8))
    assert (three.value_error, three.derivative_error) == (Fraction(1, 64), Fraction(1, 2))


def test_a_square_of_a_square_with_one_level_by_hand():
    """Values: 1/16 of the outer and 2/16 of the inner one; slopes: (1/2 + 2/16) 2 and 2 (1/2)."""
    wiring = Wiring((UNIT,), 1)
    circuit = wiring.circuit([wiring.square(wiring.square(wiring.inputs[0]))])
    found = worst_case(circuit)
    assert (found.value_error, found.derivative_error) == (Fraction(3, 16), Fraction(9, 4))


def test_a_product_with_an_inexact_factor_by_hand():
    """x^2 y: values 1/16 + 1/16; d_x: 2 (1/2) for the product and 1/2 for the square."""
    wiring = Wiring((UNIT, UNIT), 1)
    x, y = wiring.inputs
    only_y = worst_case(wiring.circuit([wiring.product(wiring.square(x), y)]))
    assert only_y.value_error == Fraction(2, 16)
    assert only_y.derivative_error == Fraction(3, 2)


@pytest.mark.parametrize("factor", [10**3, 10**9, Fraction(10**6, 8)])
def test_scalings_multiply_the_errors(factor):
    wiring = Wiring((UNIT,), 3, Fraction(4))
    circuit = wiring.circuit([wiring.square(wiring.inputs[0]) * factor])
    assert "scaling" in {gate.kind for gate in circuit.gates}
    found = worst_case(circuit)
    assert (found.value_error, found.derivative_error) == (factor * Fraction(1, 256), factor * Fraction(1, 8))


def test_a_scaling_before_a_square_passes_sensitivities_on():
    side = (Fraction(0), Fraction(1, 10**6))
    plain, tamed = (Wiring((side,), 3, magnitude) for magnitude in (None, Fraction(4)))
    bounds = [worst_case(w.circuit([w.square(w.square(w.inputs[0]))])) for w in (plain, tamed)]
    assert bounds[0][:2] == bounds[1][:2]
