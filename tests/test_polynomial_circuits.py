"""The circuits of a polynomial: what they compute, the number of their gates, and the depth they claim."""

import math
import random
from fractions import Fraction

import pytest

from relu_constructions.circuit import Wiring, ideal
from relu_constructions.constructions.polynomial_theorem import THEOREMS
from relu_constructions.polynomial_circuits import (
    STRATEGIES,
    cheap_power,
    cheapest,
    power,
)
from relu_constructions.schedule import network

SYMMETRIC = (Fraction(-1), Fraction(1))
BLOCKED = ("squares", "estrin", "chebyshev")
LENGTHS = {name: (1, 2, 3, 4, 7, 40) if name in BLOCKED else (0,) for name in STRATEGIES}
CASES = [(name, k) for name, lengths in LENGTHS.items() for k in lengths]


def circuit_of(name, terms, dimension=1, k=1, m=3, side=SYMMETRIC):
    wiring = Wiring((side,) * dimension, m)
    return wiring.circuit([STRATEGIES[name](wiring, wiring.inputs, terms, k)])


def value(terms, x):
    products = (c * math.prod(t**a for t, a in zip(x, alpha, strict=True)) for alpha, c in terms)
    return sum(products, Fraction(0))


def dense(n):
    return [((i,), Fraction((7 * i) % 11 - 5) or Fraction(1, 3)) for i in range(n + 1)]


def kinds(circuit):
    listed = [gate.kind for gate in circuit.gates]
    return listed.count("square"), listed.count("product")


@pytest.mark.parametrize("name, k", CASES)
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 24, 31])
def test_one_variable_dense(name, k, n):
    circuit = circuit_of(name, dense(n), k=k)
    for x in (Fraction(0), Fraction(-7, 3), Fraction(5, 4)):
        assert ideal(circuit, [x], Fraction) == [value(dense(n), [x])]


@pytest.mark.parametrize("name, k", CASES)
def test_one_variable_sparse(name, k):
    rng = random.Random(k)
    for _ in range(25):
        exponents = rng.sample(range(40), rng.randint(0, 4))
        terms = [((i,), Fraction(rng.randint(1, 9), rng.randint(1, 5))) for i in exponents]
        circuit = circuit_of(name, terms, k=k)
        x = Fraction(rng.randint(-9, 9), 4)
        assert ideal(circuit, [x], Fraction) == [value(terms, [x])]


@pytest.mark.parametrize("name, k", [case for case in CASES if case[0] not in ("squares", "chebyshev")])
def test_several_variables(name, k):
    rng = random.Random(k)
    for d in (2, 3, 4):
        for _ in range(10):
            found = {tuple(rng.randint(0, 3) for _ in range(d)) for _ in range(rng.randint(0, 6))}
            terms = [(alpha, Fraction(rng.randint(1, 9), rng.randint(1, 5))) for alpha in sorted(found)]
            x = [Fraction(rng.randint(-9, 9), 4) for _ in range(d)]
            assert ideal(circuit_of(name, terms, d, k), x, Fraction) == [value(terms, x)]


@pytest.mark.parametrize("n", range(1, 80))
def test_powers_by_both_ways(n):
    wiring = Wiring((SYMMETRIC,), 3)
    (x,) = wiring.inputs
    circuit = wiring.circuit([power(wiring, x, n, {}), cheap_power(wiring, x, n)])
    assert ideal(circuit, [Fraction(2, 3)], Fraction) == [Fraction(2, 3) ** n] * 2
    alone = Wiring((SYMMETRIC,), 3)
    squares, products = kinds(alone.circuit([cheap_power(alone, alone.inputs[0], n)]))
    assert cheapest(n)[0] == 7 * squares + 13 * products


def test_a_quartic_is_two_squares():
    assert kinds(circuit_of("squares", dense(4), k=2)) == (2, 0)
    assert kinds(circuit_of("squares", dense(8), k=2))[1] == 1


@pytest.mark.parametrize("n", [15, 24, 31, 63])
def test_blocks_need_about_two_square_roots_of_gates(n):
    for name in ("estrin", "chebyshev"):
        least = min(sum(kinds(circuit_of(name, dense(n), k=k))) for k in range(1, n + 1))
        assert least <= 2 * math.sqrt(n + 1) + math.log2(n)


@pytest.mark.parametrize("name, k", CASES)
def test_claimed_depths_hold_and_one_stage_less_would_not(name, k):
    reached = []
    thirds = [((3 * i,), Fraction(i + 1)) for i in range(5 * min(k, 7) + 1)]
    for terms in (*map(dense, (1, 2, 3, 4, 6, 8, 9, 16, 21, 32)), thirds):
        n = max(alpha[0] for alpha, _ in terms)
        letters = {"d": 1, "n": max(n, 1), "m": 8, "k": max(k, 1), "r": 0, "a": 0}
        claimed = THEOREMS[name].claim("depth", **letters)
        depth = network(circuit_of(name, terms, k=k, m=8)).depth
        assert depth <= claimed
        reached.append(depth > claimed - 9)
    assert any(reached) or name == "sparse" or k == 40
