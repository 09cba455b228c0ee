"""Unit magnitude: the same function, weights of modulus at most 1, and how many neurons that costs."""

import itertools
import random
from fractions import Fraction

import pytest

from relu_constructions import Parametrization, hat, polynomial, sawtooth, square
from relu_constructions.magnitude import unit_magnitude
from relu_constructions.pieces import pieces


def listed(phi, x):
    values = phi(x)
    return [values] if isinstance(values, Fraction) else list(values)


@pytest.mark.parametrize("seed", range(60))
def test_random_networks_keep_their_function(naive, seed):
    def entry(rng):
        return Fraction(rng.randint(-40, 40), rng.randint(1, 9)) * rng.choice([0, 1, 1, Fraction(1, 20)])

    phi = naive.network(seed, draw=entry)
    made = unit_magnitude(phi)
    assert made.magnitude <= 1
    for k in range(-8, 9):
        assert made(Fraction(k, 3)) == phi(Fraction(k, 3))
    assert pieces(made, (-2, 3)) == pieces(phi, (-2, 3))


@pytest.mark.parametrize("seed", range(20))
def test_networks_with_several_inputs_and_outputs_keep_their_function(seed):
    rng = random.Random(seed)
    sizes = [rng.randint(1, 3) for _ in range(rng.randint(2, 4))]
    layers = [
        (
            [[Fraction(rng.randint(-9, 9), rng.randint(1, 3)) for _ in range(below)] for _ in range(above)],
            [Fraction(rng.randint(-9, 9), 2) for _ in range(above)],
        )
        for below, above in itertools.pairwise(sizes)
    ]
    phi = Parametrization(layers)
    made = unit_magnitude(phi)
    assert made.magnitude <= 1
    assert (made.architecture[0], made.architecture[-1]) == (sizes[0], sizes[-1])
    for _ in range(6):
        x = [Fraction(rng.randint(-20, 20), 7) for _ in range(sizes[0])]
        assert listed(made, x) == listed(phi, x)


def test_small_weights_are_left_alone():
    phi = Parametrization([([[1], [-1]], [0, Fraction(1, 2)]), ([[1, Fraction(-1, 3)]], [1])])
    assert unit_magnitude(phi) == phi


def test_a_large_weight_makes_copies_and_a_large_bias_doublings():
    copied = unit_magnitude(Parametrization([([[1]], [0]), ([[Fraction(5, 2)]], [0])]))
    assert copied.architecture == (1, 3, 1)
    assert copied[1].A.tolist() == [[Fraction(5, 6)] * 3]
    doubled = unit_magnitude(Parametrization([([[1]], [5])]))
    assert doubled.depth == 1 + 3
    assert doubled(Fraction(-7)) == -2
    exactly = unit_magnitude(Parametrization([([[2]], [0])]))
    assert (exactly.depth, exactly.architecture) == (2, (1, 4, 1))


@pytest.mark.parametrize("phi", [hat(), sawtooth(5), square(m=6), polynomial([1, -7, 12], m=4)], ids=str)
def test_constructions_keep_their_pieces(phi):
    made = unit_magnitude(phi)
    assert made.magnitude <= 1
    assert pieces(made, (0, 1)) == pieces(phi, (0, 1))


def test_weights_that_would_need_too_many_copies_are_refused_with_the_number():
    phi = Parametrization([([[1]], [0]), ([[10**8]], [0])])
    with pytest.raises(ValueError, match=r"would have 100000001 nonzeros"):
        unit_magnitude(phi)
