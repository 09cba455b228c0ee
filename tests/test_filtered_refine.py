"""Zeros of neurons: their order where enclosures overlap in chains, and values in between."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions.filtered_history import Births, History
from relu_constructions.filtered_layers import Ball, float_layer
from relu_constructions.filtered_refine import Zeros, find_zeros, inserted, interpolated
from relu_constructions.layer import Layer

UNIT = (Fraction(0), Fraction(1))
ENDS = Births(np.array([0, 0]), np.array([0, 1]), np.array([0, 0]))


def zeros_of(kinks, errors):
    """The zeros in [0, 1] of neurons x - kink, whose values at the ends are known up to given errors."""
    layer = Layer([[1]] * len(kinks), [-t for t in kinks])
    exact = np.array([[float(-t), float(1 - t)] for t in kinks])
    radius = np.array([[abs(e) + 2.0**-50] * 2 for e in errors])
    values = Ball(exact + np.array(errors)[:, None], radius)
    signs = np.array([[-1, 1]] * len(kinks), dtype=np.int8)
    history = History((layer,), UNIT)
    return *find_zeros(float_layer(layer), 1, values, signs, ENDS, history), history


def test_an_enclosure_that_overlaps_one_that_is_not_its_neighbour():
    """By its middle the first zero comes first; its enclosure reaches beyond the second to the third."""
    kinks = [Fraction(9705, 10000), Fraction(9700, 10000), Fraction(9703, 10000)]
    for error in (0.0003, 0.0006, 0.0009, 0.4, 0.9):
        zeros, signs, _ = zeros_of(kinks, [error, 0.0, 0.0])
        assert zeros.neuron.tolist() == [1, 2, 0]
        assert signs.tolist() == [[-1, -1, 0], [0, 1, 1], [-1, 0, 1]]


@pytest.mark.parametrize("seed", range(40))
def test_the_order_is_the_true_one_whatever_the_errors_are(seed):
    rng = random.Random(seed)
    kinks = [Fraction(rng.randint(1, 999), 1000) for _ in range(rng.randint(2, 9))]
    errors = [rng.uniform(-1, 1) * 10.0 ** -rng.randint(1, 9) for _ in kinks]
    zeros, signs, _ = zeros_of(kinks, errors)
    assert [kinks[k] for k in zeros.neuron] == sorted(set(kinks))
    for column, place in enumerate(sorted(set(kinks))):
        assert signs[:, column].tolist() == [(place > t) - (place < t) for t in kinks]
    for middle, radius, k in zip(zeros.part.middle, zeros.part.radius, zeros.neuron, strict=True):
        assert abs(Fraction(float(middle)) - kinks[k]) <= Fraction(float(radius))


def test_zeros_that_are_well_apart_are_not_computed_exactly():
    kinks = [Fraction(k, 20) for k in range(19, 0, -1)]
    zeros, _, history = zeros_of(kinks, [1e-6] * 19)
    assert zeros.neuron.tolist() == list(range(18, -1, -1))
    assert history.decisions == 0
    assert zeros_of([Fraction(1, 2), Fraction(1, 2) + Fraction(1, 2**60)], [0.0, 0.0])[2].decisions == 2


def test_interpolation_encloses_every_affine_function_through_the_balls():
    rng = random.Random(5)
    for _ in range(200):
        ends = [Fraction(rng.uniform(-9, 9)) * 2 ** rng.randint(-40, 40) for _ in range(2)]
        radii = [abs(rng.gauss(0, 1)) * 2.0 ** rng.randint(-60, 0) for _ in range(2)]
        part, error = Fraction(rng.random()), 2.0 ** -rng.randint(1, 60)
        values = Ball(np.array([[float(e) for e in ends]]), np.array([radii]))
        zeros = Zeros(np.array([0]), Ball(np.array([float(part)]), np.array([error])), np.array([0]))
        middle, radius = (Fraction(float(array[0, 0])) for array in interpolated(values, zeros))
        for left, right, moved in itertools.product((-1, 1), repeat=3):
            true = [end + side * Fraction(r) for end, side, r in zip(ends, (left, right), radii, strict=True)]
            place = min(max(part + moved * Fraction(error), 0), 1)
            assert abs(true[0] + place * (true[1] - true[0]) - middle) <= radius


def test_columns_are_inserted_in_their_places():
    old, where = np.array([0, 10, 20, 30]), np.array([0, 0, 2])
    assert inserted(old, np.array([1, 2, 21]), where).tolist() == [0, 1, 2, 10, 20, 21, 30]
    assert inserted(old, np.array([], dtype=int), np.array([], dtype=int)).tolist() == old.tolist()
