"""Bounds of networks: the points that are returned, and networks that differ from their circuits."""

import itertools
import random
from fractions import Fraction

import pytest

from relu_constructions.circuit import Form, Wiring
from relu_constructions.circuit_bound import circuit_bound
from relu_constructions.circuit_values import circuit_values, point_errors
from relu_constructions.construction import check
from relu_constructions.constructions.polynomial import polynomial
from relu_constructions.constructions.powers import powers
from relu_constructions.folding import DerivationRefused
from relu_constructions.polynomial_circuits import power
from relu_constructions.schedule import network
from relu_constructions.worst_case import worst_case

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))
SKEW, FAR = (Fraction(-1, 3), Fraction(5, 2)), (Fraction(1000), Fraction(1001))
HUGE = (Fraction(-(10**30)), Fraction(10**30))


def product_of(sides, m=3):
    wiring = Wiring(sides, m)
    x, y = wiring.inputs
    return wiring.circuit([wiring.product(wiring.square(x), y) - x, y])


CIRCUITS = [product_of(sides) for sides in ((UNIT, UNIT), (SYMMETRIC, SKEW), (FAR, UNIT), (HUGE, SYMMETRIC))]


@pytest.mark.parametrize("circuit", CIRCUITS)
def test_points_lie_in_the_box_and_errors_there_are_within_the_bound(circuit):
    found = circuit_bound(network(circuit), circuit)
    points = [*found.value_points, *(point for point, _ in found.derivative_points)]
    assert points
    for point in points:
        assert all(lo <= x <= hi for x, (lo, hi) in zip(point, circuit.domain, strict=True))
        errors = point_errors(circuit, point)
        assert max(map(abs, errors.values)) <= found.value_error
        assert max(abs(slope) for row in errors.gradients for slope in row) <= found.derivative_error
    assert all(any(direction) for _, direction in found.derivative_points)


@pytest.mark.parametrize("circuit", CIRCUITS)
def test_the_bound_is_the_worst_case_and_reproducible(circuit):
    phi = network(circuit)
    found, bound = circuit_bound(phi, circuit), worst_case(circuit)
    assert (found.value_error, found.derivative_error) == (bound.value_error, bound.derivative_error)
    assert found == circuit_bound(phi, circuit)


@pytest.mark.parametrize("side", [UNIT, SYMMETRIC])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_points_come_near_to_the_bound(n, side):
    wiring = Wiring((side,), 8)
    circuit = wiring.circuit([power(wiring, wiring.inputs[0], n, {})])
    found = circuit_bound(network(circuit), circuit)
    values = [max(map(abs, point_errors(circuit, p).values)) for p in found.value_points]
    slopes = [abs(point_errors(circuit, p).gradients[0][0]) for p, _ in found.derivative_points]
    assert max(values) >= found.value_error / 2
    assert max(slopes) >= found.derivative_error / 2


@pytest.mark.parametrize("circuit", [product_of((UNIT, SYMMETRIC), 2), product_of((SKEW, FAR), 1)])
def test_a_changed_weight_that_shows_at_the_points_is_refused(circuit, naive):
    phi = network(circuit)
    found = circuit_bound(phi, circuit)
    corners = itertools.islice(itertools.product(*circuit.domain), 8)
    points = [*found.value_points, *(x for x, _ in found.derivative_points), *corners]
    refused = 0
    for changed in list(naive.changed(phi))[::3]:
        shows = [list(changed(list(p))) != circuit_values(circuit, p) for p in points]
        if any(shows):
            refused += 1
            with pytest.raises(
                DerivationRefused, match="the network differs from the circuit it was made of"
            ):
                circuit_bound(changed, circuit)
        else:
            circuit_bound(changed, circuit)
    assert refused > phi.connectivity // 4


@pytest.mark.parametrize(
    "phi",
    [polynomial("x**3 - 2*x*y + 1/7", m=2), powers(3, m=2, domain=(-1, 1)), polynomial([1, 0, 1, 1], m=2)],
)
def test_every_changed_weight_of_a_recorded_network_is_refused(phi, naive):
    assert check(phi).value_error > 0
    for changed in naive.changed(phi):
        with pytest.raises(DerivationRefused, match=r"layer \d+ differs"):
            check(changed)


def test_another_circuit_is_refused():
    wiring = Wiring((UNIT,), 4)
    x = wiring.inputs[0]
    square, cube = wiring.circuit([wiring.square(x)]), wiring.circuit([power(wiring, x, 3, {})])
    with pytest.raises(DerivationRefused, match="differs from the circuit"):
        circuit_bound(network(cube), square)


@pytest.mark.parametrize("write", [lambda x, y: [x, 2 * x - y], lambda x, y: [Form.of_number(3), x - x]])
def test_exact_circuits_have_no_error(write):
    wiring = Wiring((UNIT, SKEW), 3)
    circuit = wiring.circuit(write(*wiring.inputs))
    found = circuit_bound(network(circuit), circuit)
    assert (found.value_error, found.derivative_error) == (0, 0)


@pytest.mark.parametrize("seed", range(8))
def test_random_polynomials_are_proved(seed):
    rng = random.Random(seed)
    terms = {tuple(rng.randint(0, 2) for _ in range(2)): Fraction(rng.randint(-9, 9), 7) for _ in range(4)}
    phi = polynomial({**terms, (1, 1): 1}, "1e-2", domain="[-1, 1] x [0, 3]")
    found = check(phi)
    assert found.value_error <= Fraction(1, 100)
    assert found.derivative_error <= Fraction(1, 100)
