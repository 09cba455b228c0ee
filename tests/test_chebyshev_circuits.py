"""Circuits of series: they compute the series exactly, ranges do not grow, and plans are sensible."""

import random
from fractions import Fraction

import flint
import pytest

from relu_constructions.chebyshev_series import power_form
from relu_constructions.circuit_values import circuit_values
from relu_constructions.constructions.chebyshev_circuits import (
    STRATEGIES,
    Plan,
    clenshaw,
    computes_series,
    expansion,
    halves,
    in_factors,
    plans,
    reduced,
    series_circuit,
)

SIDE = (Fraction(-1), Fraction(1))
AROUND = (Fraction(1, 3), Fraction(5))


def series(n, seed=0):
    rng = random.Random(f"{n} {seed}")
    return [Fraction(rng.randint(-50, 50) * 2 + 1, rng.choice([1, 2, 7])) for _ in range(n + 1)]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 8, 13, 16, 21])
def test_circuits_compute_the_series_and_no_other(strategy, n):
    b = series(n)
    for k in (1, 2, 4, 8):
        for domain in (AROUND, (Fraction(1), Fraction(2))):
            circuit = series_circuit(b, AROUND, domain, Plan(strategy, k), 3)
            assert computes_series(circuit, b, AROUND)
            for i in range(n + 1):
                other = [c + (Fraction(1, 10**9) if i == j else 0) for j, c in enumerate(b)]
                assert not computes_series(circuit, other, AROUND)
            assert not computes_series(circuit, b, SIDE) or n == 0


def test_clenshaw_agrees_with_another_sum():
    for n in (0, 1, 2, 7, 30):
        b = series(n)
        direct = sum(
            (
                flint.fmpq(c.numerator, c.denominator)
                * flint.fmpq_poly(flint.fmpz_poly.chebyshev_t(i).coeffs())
                for i, c in enumerate(b)
            ),
            flint.fmpq_poly(),
        )
        assert clenshaw(b) == direct
        listed = power_form(b, SIDE).coefficients
        assert [Fraction(int(c.p), int(c.q)) for c in direct.coeffs()] == list(listed)
    assert clenshaw([]) == flint.fmpq_poly()


def test_factors_are_well_scaled():
    for j in range(65):
        made = expansion(j)
        assert sum(map(abs, made.values())) <= max(j, 1)
        value = Fraction(3, 7)
        T = [Fraction(1), value]
        for _ in range(70):
            T.append(2 * value * T[-1] - T[-2])
        product = {i: _product(T[1 << e] for e in range(i.bit_length()) if i >> e & 1) for i in made}
        assert sum(c * product[i] for i, c in made.items()) == T[j]


def _product(factors):
    total = Fraction(1)
    for factor in factors:
        total *= factor
    return total


def test_ranges_do_not_grow_with_the_degree():
    b = [Fraction(1, 2**i) for i in range(300)]
    circuit = series_circuit(b, SIDE, SIDE, Plan("chebyshev", 16), 10)
    assert max(max(map(abs, gate.range)) for gate in circuit.gates) <= 40
    middle = circuit_values(circuit, (Fraction(1, 3),))[0]
    ideal = sum(c * t for c, t in zip(b, chebyshev_values(Fraction(1, 3), 300), strict=True))
    assert abs(middle - ideal) <= Fraction(1, 1000)


def chebyshev_values(y, count):
    T = [Fraction(1), y]
    while len(T) < count:
        T.append(2 * y * T[-1] - T[-2])
    return T


def test_even_series_are_reduced_and_factors_summed():
    assert reduced([Fraction(c) for c in (1, 0, 2, 0, 3)]) == (tuple(map(Fraction, (1, 2, 3))), 1)
    assert reduced(()) == ((), 0)
    assert in_factors([Fraction(0)] * 4) == {}
    low, high = halves(series(7), 4)
    assert len(low) == len(high) == 4


def test_plans_are_near_the_square_root_of_the_degree():
    assert all(plan.strategy == "chebyshev" for plan in plans(series(600)))
    assert {plan.k for plan in plans(series(600))} <= {8, 16, 32}
    assert plans(series(9), "estrin", 5) == [Plan("estrin", 5)]
    assert plans([])
    assert plans([Fraction(1)])
    decaying = [Fraction(1, 4**i) for i in range(20)]
    assert {plan.strategy for plan in plans(decaying)} == set(STRATEGIES)


def test_unknown_strategies_and_lengths_are_refused():
    with pytest.raises(ValueError, match="strategy must be one of"):
        series_circuit(series(3), SIDE, SIDE, Plan("tree", 2), 3)
    for plan in (Plan("chebyshev", 6), Plan("estrin", 0), Plan("squares", -1)):
        with pytest.raises(ValueError, match="k must be"):
            series_circuit(series(3), SIDE, SIDE, plan, 3)
