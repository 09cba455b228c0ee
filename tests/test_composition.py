"""Composition: breakpoint by breakpoint the pieces of the network, and what is refused."""

import random
import time
from fractions import Fraction

import pytest

from relu_constructions import Layer, Parametrization
from relu_constructions.circuit import Form, Wiring, combination
from relu_constructions.circuit_values import circuit_values
from relu_constructions.composition import composition
from relu_constructions.pieces import pieces
from relu_constructions.polynomial_circuits import STRATEGIES, power
from relu_constructions.schedule import network

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))
SKEW, NEGATIVE = (Fraction(-1, 3), Fraction(5, 2)), (Fraction(-3), Fraction(-1))
FAR, HUGE = (Fraction(1000), Fraction(1001)), (Fraction(-(10**30)), Fraction(10**30))
SIDES = (UNIT, SYMMETRIC, SKEW)
COEFFICIENTS = (
    [1, -2, 0, 3],
    [Fraction(1, 7), 0, -3, 0, Fraction(5, 2)],
    [10**20, 1, Fraction(-1, 10**20), 10**20],
    [1, 1, 1, 1, 1, 1, 1],
    [0, 0, 0, 0, 0, -1],
)


def of_output(phi, i):
    """The network that puts out the i-th output alone."""
    rest, last = phi.layers[:-1], phi.layers[-1]
    return Parametrization([*rest, Layer.from_rows([last.rows[i]], last.inputs)])


def agrees(circuit):
    """Whether the composition of every output has the breakpoints and the values of the network."""
    found = composition(circuit)
    for late in (False, True):
        phi = network(circuit, late)
        for i, function in enumerate(found):
            listed = pieces(of_output(phi, i), circuit.domain[0])
            assert function.points == tuple(zip(listed.breakpoints, listed.values, strict=True))
    return len(found) == len(circuit.outputs)


@pytest.mark.parametrize("m", [1, 3])
@pytest.mark.parametrize("side", [*SIDES, NEGATIVE, FAR, HUGE])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_powers_have_the_pieces_of_their_networks(n, side, m):
    wiring = Wiring((side,), m)
    assert agrees(wiring.circuit([power(wiring, wiring.inputs[0], n, {})]))


@pytest.mark.parametrize("magnitude", [None, 4])
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("side", SIDES)
def test_polynomials_have_the_pieces_of_their_networks(side, strategy, magnitude):
    for coefficients in COEFFICIENTS:
        for k in (1, 2) if strategy in ("estrin", "chebyshev", "squares") else (0,):
            wiring = Wiring((side,), 2, magnitude and Fraction(magnitude))
            (x,), (lo, hi) = wiring.inputs, side
            if strategy == "chebyshev":
                x = (x - (lo + hi) / 2) * (2 / (hi - lo))
            terms = tuple(((i,), Fraction(c)) for i, c in enumerate(coefficients) if c)
            assert agrees(wiring.circuit([STRATEGIES[strategy](wiring, (x,), terms, k)]))


@pytest.mark.parametrize("magnitude", [None, 4])
@pytest.mark.parametrize("seed", range(25))
def test_random_circuits_have_the_pieces_of_their_networks(seed, magnitude):
    rng = random.Random(seed)
    wiring = Wiring(
        (rng.choice([*SIDES, NEGATIVE, FAR]),), rng.randint(1, 3), magnitude and Fraction(magnitude)
    )
    forms = list(wiring.inputs)

    def form():
        parts = [(Fraction(rng.randint(-9, 9), rng.randint(1, 5)), rng.choice(forms)) for _ in range(2)]
        return combination(parts, rng.randint(-2, 2))

    for _ in range(rng.randint(1, 4)):
        u, v = form(), form()
        forms.append(wiring.product(*rng.choice([(u, v), (u, u), (u, -2 * u), (u, u + 1), (u, u - u)])))
    circuit = wiring.circuit([forms[-1], form(), forms[0], Form.of_number(rng.randint(-1, 1))])
    assert agrees(circuit)


@pytest.mark.parametrize("seed", range(10))
def test_the_composition_has_the_values_of_the_circuit(seed):
    rng = random.Random(seed)
    wiring = Wiring((SKEW,), rng.randint(1, 5))
    (x,) = wiring.inputs
    circuit = wiring.circuit([wiring.product(wiring.square(x) - 2, x), wiring.square(wiring.square(x) - x)])
    found = composition(circuit)
    for _ in range(20):
        point = SKEW[0] + (SKEW[1] - SKEW[0]) * Fraction(rng.randint(0, 10**9), 10**9)
        assert [f(point) for f in found] == circuit_values(circuit, [point])


def test_breakpoints_of_a_square_are_its_knots():
    wiring = Wiring((UNIT,), 4)
    (found,) = composition(wiring.circuit([wiring.square(wiring.inputs[0])]))
    assert found.points == tuple((Fraction(k, 16), Fraction(k * k, 256)) for k in range(17))


def test_redundant_breakpoints_are_merged():
    wiring = Wiring((SYMMETRIC,), 5)
    (x,) = wiring.inputs
    square = wiring.square(x)
    circuit = wiring.circuit([square - square + x, wiring.product(x, square) - wiring.product(square, x)])
    line, zero = composition(circuit)
    assert line.points == ((-1, -1), (1, 1))
    assert zero.points == ((-1, 0), (1, 0))


def test_a_scaling_multiplies():
    wiring = Wiring((UNIT,), 3, Fraction(4))
    square = wiring.square(wiring.inputs[0])
    circuit = wiring.circuit([square * 10**9, square])
    large, small = composition(circuit)
    assert "scaling" in [gate.kind for gate in circuit.gates]
    assert large.points == tuple((x, y * 10**9) for x, y in small.points)


def test_ten_thousand_pieces_take_seconds():
    wiring = Wiring((SKEW,), 12)
    circuit = wiring.circuit([power(wiring, wiring.inputs[0], 3, {})])
    begin = time.perf_counter()
    (found,) = composition(circuit)
    assert time.perf_counter() - begin < 5
    assert len(found.points) > 9000


def test_circuits_with_several_inputs_are_refused():
    wiring = Wiring((UNIT, UNIT), 3)
    with pytest.raises(ValueError, match="a circuit with one input, got 2"):
        composition(wiring.circuit([wiring.inputs[0]]))


@pytest.mark.parametrize("m, count", [(5, "32"), (1000, r"2\^1000|\d{20,}|1\.\d+e")])
def test_too_many_pieces_are_refused_before_they_are_listed(m, count):
    wiring = Wiring((UNIT,), m)
    circuit = wiring.circuit([wiring.square(wiring.inputs[0])])
    with pytest.raises(ValueError, match=f"at most 31 pieces, a gate needs up to ({count})"):
        composition(circuit, max_pieces=31)


def test_the_largest_number_of_pieces_is_allowed():
    wiring = Wiring((UNIT,), 5)
    (found,) = composition(wiring.circuit([wiring.square(wiring.inputs[0])]), max_pieces=32)
    assert len(found.points) == 33
