"""The polynomial of a circuit: compared coefficient by coefficient, for all outputs."""

import random
from fractions import Fraction

import pytest

from relu_constructions.circuit import Form, Wiring
from relu_constructions.circuit_target import computes
from relu_constructions.multivariate import MultivariatePolynomial
from relu_constructions.polynomial_circuits import STRATEGIES

UNIT, SKEW = (Fraction(0), Fraction(1)), (Fraction(-1, 3), Fraction(5, 2))


def random_terms(rng, d, degree=5):
    exponents = {tuple(rng.randint(0, degree) for _ in range(d)) for _ in range(5)}
    return {alpha: Fraction(rng.choice([-7, 1, 3]), rng.randint(1, 10**20)) for alpha in exponents}


@pytest.mark.parametrize("magnitude", [None, 4])
@pytest.mark.parametrize("strategy", ["tree", "horner", "estrin"])
@pytest.mark.parametrize("d", [1, 2, 3])
def test_strategies_compute_their_polynomials(d, strategy, magnitude):
    rng = random.Random(d)
    for k in (1, 2, 3):
        terms = random_terms(rng, d)
        wiring = Wiring((SKEW,) * d, 2, magnitude and Fraction(magnitude))
        circuit = wiring.circuit([STRATEGIES[strategy](wiring, wiring.inputs, tuple(terms.items()), k)])
        assert computes(circuit, MultivariatePolynomial.of(terms))
        for alpha in terms:
            changed = {**terms, alpha: terms[alpha] * (1 + Fraction(1, 10**30))}
            assert not computes(circuit, MultivariatePolynomial.of(changed))


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_chebyshev_computes_its_polynomial(k):
    wiring = Wiring(((Fraction(-1), Fraction(1)),), 2)
    for degree in range(9):
        terms = {(i,): Fraction(1, i + 1) for i in range(degree + 1)}
        circuit = wiring.circuit([STRATEGIES["chebyshev"](wiring, wiring.inputs, tuple(terms.items()), k)])
        assert computes(circuit, MultivariatePolynomial.of(terms))


def test_all_outputs_are_compared_in_their_order():
    wiring = Wiring((UNIT, UNIT), 3)
    x, y = wiring.inputs
    circuit = wiring.circuit([wiring.product(x, y), x, Form.of_number(3), x - x])
    xy, just_x, three, zero = (
        MultivariatePolynomial.of({alpha: c})
        for alpha, c in (((1, 1), 1), ((1, 0), 1), ((0, 0), 3), ((0, 0), 0))
    )
    assert computes(circuit, xy, just_x, three, zero)
    assert not computes(circuit, just_x, xy, three, zero)
    assert not computes(circuit, xy, just_x, three)
    assert not computes(circuit, xy, just_x, three, zero, zero)
    assert not computes(circuit)


def test_the_magnitude_changes_no_polynomial():
    wiring = Wiring((UNIT,), 3, Fraction(4))
    circuit = wiring.circuit([wiring.square(wiring.inputs[0]) * 10**40 - 10**40])
    assert computes(circuit, MultivariatePolynomial.of({2: 10**40, 0: -(10**40)}))
