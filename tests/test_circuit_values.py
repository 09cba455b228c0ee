"""Values, gradients and errors of circuits at points, against their networks and exact polynomials."""

import random
from fractions import Fraction

import pytest

from relu_constructions.circuit import Form, Wiring, combination, ideal
from relu_constructions.circuit_values import circuit_values, point_errors
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.limiting_gradient import limiting_gradient
from relu_constructions.polynomial_circuits import power
from relu_constructions.schedule import network

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))
SKEW, NEGATIVE = (Fraction(-1, 3), Fraction(5, 2)), (Fraction(-3), Fraction(-1))
SIDES = (
    UNIT,
    SYMMETRIC,
    SKEW,
    NEGATIVE,
    (Fraction(1000), Fraction(1001)),
    (Fraction(0), Fraction(1, 10**30)),
)


class Dual:
    """A value with its gradient, for the polynomial that the ideal gates compute."""

    def __init__(self, value, gradient):
        self.value, self.gradient = value, gradient

    def __add__(self, other):
        pairs = zip(self.gradient, other.gradient, strict=True)
        return Dual(self.value + other.value, [a + b for a, b in pairs])

    def __mul__(self, other):
        pairs = zip(self.gradient, other.gradient, strict=True)
        return Dual(self.value * other.value, [a * other.value + self.value * b for a, b in pairs])


def exact(circuit, point):
    """Values and gradients of the ideal circuit."""
    d = len(point)
    inputs = [Dual(x, [Fraction(int(i == j)) for i in range(d)]) for j, x in enumerate(point)]
    return ideal(circuit, inputs, lambda c: Dual(c, [Fraction(0)] * d))


def random_circuit(rng, d):
    wiring = Wiring(
        tuple(rng.choice(SIDES) for _ in range(d)), rng.randint(1, 4), rng.choice([None, Fraction(4)])
    )
    forms = list(wiring.inputs)

    def form():
        parts = [(Fraction(rng.randint(-9, 9), rng.randint(1, 5)), rng.choice(forms)) for _ in range(2)]
        return combination(parts, rng.randint(-2, 2))

    for _ in range(rng.randint(1, 4)):
        u, v = form(), form()
        forms.append(wiring.product(*rng.choice([(u, v), (u, u), (u, -2 * u), (u, u + 1)])))
    return wiring.circuit([forms[-1], form(), Form.of_number(2)])


def generic_point(rng, box):
    """A point with a large prime in its denominators, where no kink of a small circuit is."""
    return [lo + (hi - lo) * Fraction(rng.randint(1, 10**9 + 6), 10**9 + 7) for lo, hi in box]


@pytest.mark.parametrize("seed", range(40))
def test_values_and_errors_are_those_of_the_network(seed):
    rng = random.Random(seed)
    circuit = random_circuit(rng, rng.randint(1, 3))
    phi = network(circuit)
    for place in range(3):
        point = generic_point(rng, circuit.domain) if place else [side[place] for side in circuit.domain]
        ideals, found = exact(circuit, point), point_errors(circuit, point)
        assert circuit_values(circuit, point) == list(phi(point))
        assert list(found.values) == [y - dual.value for y, dual in zip(phi(point), ideals, strict=True)]


@pytest.mark.parametrize("seed", range(40))
def test_gradients_are_those_of_the_network(seed):
    rng = random.Random(seed)
    circuit = random_circuit(rng, rng.randint(1, 3))
    phi = network(circuit)
    for _ in range(2):
        point = generic_point(rng, circuit.domain)
        wanted = [
            tuple(slope - true for slope, true in zip(row, dual.gradient, strict=True))
            for row, dual in zip(limiting_gradient(phi, point), exact(circuit, point), strict=True)
        ]
        assert list(point_errors(circuit, point).gradients) == wanted


@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("side", [UNIT, SYMMETRIC, SKEW, NEGATIVE])
def test_slopes_of_powers_are_one_sided_derivatives(n, side):
    wiring = Wiring((side,), 3)
    circuit = wiring.circuit([power(wiring, wiring.inputs[0], n, {})])
    phi, rng = network(circuit), random.Random(n)
    for _ in range(10):
        (x,) = generic_point(rng, circuit.domain)
        ((error,),) = point_errors(circuit, [x]).gradients
        assert (
            error
            == one_sided_derivative(phi, x) - n * x ** (n - 1)
            == one_sided_derivative(phi, x, -1) - n * x ** (n - 1)
        )


@pytest.mark.parametrize("m", [1, 2, 5])
def test_slopes_at_the_kinks_of_a_square_belong_to_a_neighbouring_piece(m):
    wiring = Wiring((SYMMETRIC,), m)
    circuit = wiring.circuit([wiring.square(wiring.inputs[0])])
    phi = network(circuit)
    for n in range(-(2**m) + 1, 2**m):
        x = Fraction(n, 2**m)
        ((error,),) = point_errors(circuit, [x]).gradients
        assert error + 2 * x in [one_sided_derivative(phi, x, side) for side in (1, -1)]
        assert point_errors(circuit, [x]).values == (0,)


def test_many_levels_cost_a_division():
    """At odd multiples of 2^-(m+1) the error of the square is 4^-(m+1)."""
    m = 5000
    wiring = Wiring((UNIT,), m)
    circuit = wiring.circuit([wiring.square(wiring.inputs[0])])
    point = [Fraction(2 * 3**1000 + 1, 2 ** (m + 1))]
    assert point_errors(circuit, point).values == (Fraction(1, 4 ** (m + 1)),)
    assert point_errors(circuit, point).gradients == ((0,),)


def test_circuits_without_gates_and_outputs_that_are_inputs():
    wiring = Wiring((SKEW, NEGATIVE), 2)
    x, y = wiring.inputs
    circuit = wiring.circuit([y, x, x - 2 * y, Form.of_number(5)])
    assert circuit_values(circuit, [Fraction(1), Fraction(-2)]) == [-2, 1, 5, 5]
    assert point_errors(circuit, [Fraction(1), Fraction(-2)]) == ((0,) * 4, ((0, 0),) * 4)
