"""The choice among circuits: accurate, never larger than what was not chosen, reproducible."""

from fractions import Fraction

import pytest

from relu_constructions.choice import smallest
from relu_constructions.circuit import Form, Wiring
from relu_constructions.levels import fewest_levels
from relu_constructions.polynomial_circuits import STRATEGIES, power
from relu_constructions.schedule import network
from relu_constructions.worst_case import worst_case

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))


def writer(strategy, coefficients, side=SYMMETRIC, k=1):
    terms = tuple(((i,), Fraction(c)) for i, c in enumerate(coefficients) if c)

    def write(m):
        wiring = Wiring((side,), m)
        return wiring.circuit([STRATEGIES[strategy](wiring, wiring.inputs, terms, k)])

    return write


def all_powers(n):
    def write(m):
        wiring, known = Wiring((UNIT,), m), {}
        return wiring.circuit([power(wiring, wiring.inputs[0], k, known) for k in range(1, n + 1)])

    return write


@pytest.mark.parametrize("norm", ["W1inf", "Linf"])
@pytest.mark.parametrize("eps", ["1e-1", "1e-5"])
def test_the_chosen_network_is_accurate_and_the_one_described(eps, norm):
    writes = [writer(name, [1, -2, 0, 3, 0, 0, 1]) for name in ("tree", "horner", "estrin", "chebyshev")]
    chosen = smallest(writes, Fraction(eps), norm)
    which, m, late, phi = chosen
    circuit = writes[which](m)
    assert phi == network(circuit, late)
    found = worst_case(circuit)
    assert found.value_error <= Fraction(eps)
    assert norm == "Linf" or found.derivative_error <= Fraction(eps)
    assert chosen == smallest(writes, Fraction(eps), norm)


@pytest.mark.parametrize("name", ["tree", "horner", "estrin", "chebyshev"])
def test_one_circuit_has_its_fewest_levels_and_its_better_schedule(name):
    write = writer(name, [0, 1, 2, 0, -3, 1])
    chosen = smallest([write], Fraction(1, 1000), "W1inf")
    assert chosen.which == 0
    assert chosen.m == fewest_levels(write, Fraction(1, 1000))
    sizes = [network(write(chosen.m), late).connectivity for late in (False, True)]
    assert chosen.phi.connectivity == sizes[chosen.late] == min(sizes)


@pytest.mark.parametrize("m", [1, 2, 5, 9])
@pytest.mark.parametrize("n", [2, 5])
def test_for_given_levels_the_smallest_network_is_chosen(n, m):
    writes = [writer(name, [0] * n + [1]) for name in ("horner", "tree", "estrin", "chebyshev")]
    chosen = smallest(writes, None, "W1inf", m)
    sizes = [network(write(m), late).connectivity for write in writes for late in (False, True)]
    assert (chosen.m, chosen.phi.connectivity) == (m, min(sizes))


@pytest.mark.parametrize("order", [1, -1])
def test_a_needlessly_large_circuit_is_not_chosen(order):
    def large(m):
        wiring = Wiring((UNIT,), m)
        (x,) = wiring.inputs
        return wiring.circuit([wiring.square(x) + wiring.square(wiring.square(x)) * Fraction(1, 2**100)])

    writes = [large, writer("tree", [0, 0, 1], UNIT)][::order]
    assert smallest(writes, Fraction(1, 100), "W1inf").which == (1 if order > 0 else 0)


def test_several_outputs():
    chosen = smallest([all_powers(5)], Fraction(1, 100), "W1inf")
    assert chosen.phi.architecture[-1] == 5
    assert chosen.phi == network(all_powers(5)(chosen.m), chosen.late)


@pytest.mark.parametrize("write", [lambda x: x * 3 - 1, lambda x: Form.of_number(2)])
def test_exact_circuits(write):
    def exact(m):
        wiring = Wiring((UNIT,), m)
        return wiring.circuit([write(wiring.inputs[0])])

    for writes in ([exact], [exact, exact]):
        chosen = smallest(writes, Fraction(1, 10**9), "W1inf")
        assert (chosen.which, chosen.m, chosen.phi.depth) == (0, 1, 1)
