"""The unit box: circuits in its coordinates have the same values, and integers are rounded outwards."""

import random
from fractions import Fraction

import pytest

from relu_constructions.circuit import Form, Wiring
from relu_constructions.circuit_values import circuit_values
from relu_constructions.derivation import Known
from relu_constructions.sides import ONE
from relu_constructions.unit_box import Argument, factor, on_unit_box, own_errors

SIDES = ((Fraction(-1), Fraction(1)), (Fraction(1, 3), Fraction(5, 2)), (Fraction(0), Fraction(1, 10**30)))


@pytest.mark.parametrize("seed", range(15))
def test_values_at_moved_points_are_the_same(seed):
    rng = random.Random(seed)
    wiring = Wiring(tuple(rng.choice(SIDES) for _ in "ab"), 3)
    x, y = wiring.inputs
    circuit = wiring.circuit([wiring.product(x, y - 1) + x, wiring.square(wiring.square(x) - y), y])
    moved = on_unit_box(circuit)
    assert moved.domain == ((0, 1), (0, 1))
    point = [Fraction(rng.randint(0, 99), 99) for _ in "ab"]
    there = [lo + (hi - lo) * t for t, (lo, hi) in zip(point, circuit.domain, strict=True)]
    assert circuit_values(moved, point) == circuit_values(circuit, there)


def test_a_side_of_no_length_is_a_constant():
    wiring = Wiring(((Fraction(0), Fraction(1)),), 3)
    circuit = wiring.circuit([wiring.inputs[0] * 2 + 1])._replace(domain=((Fraction(3), Fraction(3)),))
    assert on_unit_box(circuit).outputs == (Form.of_number(7),)


@pytest.mark.parametrize("coefficients", [["1"], ["1/3", "2/7"], ["1e30", "-1e-30"], ["-22/7"]])
def test_the_factor_is_near_the_largest_coefficient_and_clears_denominators(coefficients):
    form = Form(Fraction(0), tuple((i, Fraction(c)) for i, c in enumerate(coefficients)))
    size, largest = factor(form), max(abs(Fraction(c)) for c in coefficients)
    assert largest / 4 <= size <= 4 * largest
    if coefficients != ["1e30", "-1e-30"]:
        assert all((Fraction(c) / size * 2**96).denominator == 1 for c in coefficients)
    assert factor(Form.of_number(5)) == 2


@pytest.mark.parametrize("m", [1, 2, 40])
def test_own_errors_are_those_of_the_gate(m):
    wiring = Wiring(((Fraction(0), Fraction(1)),), m, Fraction(4))
    circuit = wiring.circuit([wiring.square(wiring.fold(wiring.inputs[0], 2)) * 10**9])
    fold, square, scaling = circuit.gates
    W = 2 * m + 96
    assert own_errors(fold, W) == own_errors(scaling, W) == (0, 0)
    assert own_errors(square, W) == (2**W // 4 ** (m + 1), 2**W // 2**m)
    third = square._replace(bound=Fraction(1, 3))
    value, slope = own_errors(third, W)
    assert Fraction(value - 1, 2**W) < Fraction(1, 9) * third.delta <= Fraction(value, 2**W)
    assert Fraction(slope - 1, 2**W) < Fraction(1, 3) * third.eta <= Fraction(slope, 2**W)


def test_arguments_are_rounded_outwards():
    third = Fraction(1, 3)
    known = Known(third, {0: third}, third, {0: third}, {0: third})
    made = Argument.of(known, (-third, third), 100)
    assert made.error - 1 < third * 2**100 < made.error
    assert made.lo < -third * ONE < made.lo + 1
    assert made.hi - 1 < third * ONE < made.hi
    assert made.margin == made.slopes[0] == made.lipschitz[0] == made.hi


def test_the_hull_is_within_the_error_and_within_the_reach():
    made = Argument(0, 10, -100, 100, {0: 3}, {})
    assert made.hull((0, 50)) == (-10, 60)
    assert made.hull((-95, 95)) == (-100, 100)
    assert made.hull((-120, 120)) == (-120, 120)
    assert made.hull((200, 300)) == (190, 300)


def test_slopes_of_the_network_take_the_smaller_bound():
    made = Argument(0, 0, 0, 0, {0: 3, 1: 3}, {1: 5})
    assert made.network_slopes({0: (-7, 2), 1: (-7, 2), 2: (1, 4)}) == {0: 10, 1: 5, 2: 4}
