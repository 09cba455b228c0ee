"""The sizes of networks of series: every claim on many built networks, and that they are not too weak."""

import random
from fractions import Fraction

import pytest

from relu_constructions.constructions import analytic_theorem
from relu_constructions.constructions.chebyshev_circuits import STRATEGIES, Plan, series_circuit
from relu_constructions.schedule import network

DOMAINS = [
    (Fraction(-1), Fraction(1)),
    (Fraction(0), Fraction(1)),
    (Fraction(1, 3), Fraction(7, 2)),
    (Fraction(-5), Fraction(-2)),
]


def series(rng, n, even):
    b = [Fraction(2 * rng.randint(-99, 99) + 1, rng.choice([1, 3, 8]) * 2**i) for i in range(n + 1)]
    return [c if i % 2 == 0 or not even else Fraction(0) for i, c in enumerate(b)]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 33])
def test_claims_hold(strategy, n):
    rng = random.Random(f"{strategy} {n}")
    for k in (1, 2, 3, 4, 5, 8, 16):
        if k > 2 * n or (strategy == "chebyshev" and k & (k - 1)):
            continue
        for even in (False, True):
            m, late, side = rng.choice([1, 2, 3, 7]), rng.random() < 0.5, rng.choice(DOMAINS)
            phi = network(series_circuit(series(rng, n, even), side, side, Plan(strategy, k), m), late)
            for claim in analytic_theorem.theorem_of("t", "t", strategy).claims(n=n, k=k, m=m):
                assert claim.holds(getattr(phi, claim.quantity)), (k, m, even, claim)


@pytest.mark.parametrize(
    ("strategy", "n", "k"), [("chebyshev", 31, 4), ("chebyshev", 64, 8), ("estrin", 64, 8)]
)
def test_claims_are_not_too_weak(strategy, n, k):
    side = DOMAINS[0]
    phi = network(series_circuit(series(random.Random(1), n, False), side, side, Plan(strategy, k), 20))
    theorem = analytic_theorem.theorem_of("t", "t", strategy)
    for quantity, times in (("depth", Fraction(4, 3)), ("connectivity", 2), ("width", 4)):
        assert theorem.claim(quantity, n=n, k=k, m=20) <= times * getattr(phi, quantity), quantity


def test_squares_say_nothing_but_their_depth():
    assert [
        claim.quantity for claim in analytic_theorem.theorem_of("t", "t", "squares").claims(n=9, k=2, m=3)
    ] == ["depth"]
