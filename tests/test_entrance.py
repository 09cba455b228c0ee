"""Entrances: what remains of a circuit without its folds, how fast their values move, and preimages."""

import random
from fractions import Fraction

import pytest

from relu_constructions.circuit import Form, Wiring
from relu_constructions.circuit_values import circuit_values
from relu_constructions.entrance import behind_folds, preimage

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))


def test_a_circuit_without_folds_is_its_own_rest():
    wiring = Wiring((UNIT, SYMMETRIC), 3)
    circuit = wiring.circuit([wiring.product(*wiring.inputs)])
    rest, travels, sources = behind_folds(circuit)
    assert rest is circuit
    assert (travels, sources) == (({0: 1}, {1: 1}), (0, 1))


@pytest.mark.parametrize("factor, n", [("1", 3), ("-1/3", 2), ("1/2", 0)])
def test_a_variable_moves_as_fast_as_its_teeth(factor, n):
    wiring = Wiring((SYMMETRIC,), 3)
    circuit = wiring.circuit([wiring.square(wiring.fold(wiring.inputs[0] * Fraction(factor), n)) - 1])
    rest, travels, sources = behind_folds(circuit)
    assert travels == ({0: 2**n * abs(Fraction(factor))},)
    assert sources == (1,)
    assert rest.domain == ((0, 1 if n else Fraction(1, 2)),)
    ((_, c),) = rest.outputs[0].terms
    assert rest.outputs == (Form(Fraction(-1), ((1, c),)),)


def test_chains_multiply_and_sums_add_their_speeds():
    wiring = Wiring((SYMMETRIC, UNIT), 3)
    x, y = wiring.inputs
    inner = wiring.fold(x, 2)
    outer = wiring.fold(inner * Fraction(1, 2) - y * Fraction(1, 4), 3)
    rest, travels, sources = behind_folds(wiring.circuit([wiring.product(outer, x)]))
    assert sources == (0, 3)
    assert travels == ({0: 1}, {0: 16, 1: 2})
    assert rest.domain == (SYMMETRIC, UNIT)
    assert [gate.kind for gate in rest.gates] == ["product"]


def test_inputs_that_only_folds_read_are_no_variables():
    wiring = Wiring((SYMMETRIC, UNIT), 3)
    circuit = wiring.circuit([wiring.square(wiring.fold(wiring.inputs[1], 1))])
    assert behind_folds(circuit).sources == (2,)
    constant = wiring.circuit([Form.of_number(3)])
    assert behind_folds(constant).circuit is constant


@pytest.mark.parametrize("seed", range(20))
def test_the_rest_after_the_folds_is_the_circuit(seed):
    rng = random.Random(seed)
    wiring = Wiring((SYMMETRIC, UNIT), 3)
    x, y = wiring.inputs
    z = wiring.fold((x - y) * Fraction(1, 2), rng.randint(0, 3))
    w = wiring.fold(wiring.named(z * Fraction(1, 2) + x * Fraction(1, 2)), rng.randint(0, 2))
    circuit = wiring.circuit([wiring.product(w, z) - y, wiring.square(x + w)])
    rest, _, sources = behind_folds(circuit)
    point = [lo + (hi - lo) * Fraction(rng.randint(0, 997), 997) for lo, hi in circuit.domain]
    every = circuit._replace(outputs=tuple(map(Form.of_wire, sources)))
    variables = circuit_values(every, point)
    assert all(lo <= t <= hi for t, (lo, hi) in zip(variables, rest.domain, strict=True))
    assert circuit_values(rest, variables) == circuit_values(circuit, point)


@pytest.mark.parametrize("n", [0, 1, 4, 200])
@pytest.mark.parametrize(
    "side", [UNIT, SYMMETRIC, (Fraction(1, 3), Fraction(1)), (Fraction(-1), Fraction(-1, 5))]
)
def test_preimages_are_in_the_interval_and_have_the_value(side, n):
    wiring = Wiring((side,), 3)
    circuit = wiring.circuit(
        [wiring.square(wiring.fold(wiring.inputs[0] * Fraction(-2, 3) + Fraction(1, 3), n))]
    )
    found = 0
    if circuit.gates[0].kind != "fold":
        assert (n, side[1] < 0) == (0, True)
        return
    for k in range(9):
        x = preimage(circuit, 1, Fraction(k, 8))
        if x is not None:
            found += 1
            assert side[0] <= x <= side[1]
            assert circuit_values(circuit._replace(outputs=(Form.of_wire(1),)), [x]) == [Fraction(k, 8)]
    assert found == 9 or n < 4


def test_values_that_are_not_taken_have_no_preimage():
    wiring = Wiring(((Fraction(1, 4), Fraction(1, 2)),), 3)
    circuit = wiring.circuit([wiring.square(wiring.fold(wiring.inputs[0], 1))])
    assert preimage(circuit, 1, Fraction(1, 4)) is None
    assert preimage(circuit, 1, Fraction(3, 4)) == Fraction(3, 8)
    assert preimage(circuit, 0, Fraction(3, 8)) == Fraction(3, 8)
    assert preimage(circuit, 0, Fraction(1)) is None


def test_preimages_pass_through_chains_and_scalings():
    wiring = Wiring((SYMMETRIC,), 3)
    (x,) = wiring.inputs
    inner = wiring.fold(x, 2)
    circuit = wiring.circuit([wiring.square(wiring.fold(inner * Fraction(1, 2), 3))])
    found = preimage(circuit, 2, Fraction(1, 3))
    assert circuit_values(circuit._replace(outputs=(Form.of_wire(2),)), [found]) == [Fraction(1, 3)]
