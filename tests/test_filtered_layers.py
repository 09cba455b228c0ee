"""Affine maps in float64: the bound holds for the exact numbers, and rows that are multiples are found."""

import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions.filtered_layers import Ball, FilterFailed, affine, float_layer, linear
from relu_constructions.layer import Layer


def exact(array):
    return [Fraction(float(entry)) for entry in array]


def weight(rng, spread):
    return Fraction(rng.randint(-99, 99), rng.randint(1, 99)) * Fraction(2) ** rng.randint(-spread, spread)


@pytest.mark.parametrize("inputs", [1, 3, 64, 500])
@pytest.mark.parametrize("spread", [0, 20, 200])
def test_bounds_hold_at_the_extremes_of_the_inputs(inputs, spread):
    """Weights and inputs of very different sizes, which cancel; each input at an end of its enclosure."""
    rng = random.Random(inputs + spread)
    for _ in range(5):
        A = [[weight(rng, spread) for _ in range(inputs)] for _ in range(3)]
        b = [Fraction(rng.randint(-9, 9), 7) for _ in range(3)]
        layer = float_layer(Layer(A, b))
        middle = np.array([rng.gauss(0, 1) * 2.0 ** rng.randint(-spread, spread) for _ in range(inputs)])
        radius = np.array([abs(m) * 2.0 ** -rng.randint(10, 60) for m in middle])
        given = Ball(middle[:, None], radius[:, None])
        for found, offset in ((affine(layer, given), b), (linear(layer, given), [0] * 3)):
            for i, row in enumerate(A):
                sides = [1 if a > 0 else -1 for a in row]
                for sign in (-1, 0, 1):
                    y = [
                        m + sign * s * r for m, s, r in zip(exact(middle), sides, exact(radius), strict=True)
                    ]
                    value = sum(a * t for a, t in zip(row, y, strict=True)) + offset[i]
                    difference = abs(value - Fraction(float(found.middle[i, 0])))
                    assert difference <= Fraction(float(found.radius[i, 0]))


def test_bounds_are_not_much_wider_than_the_rounding():
    layer = float_layer(Layer([[1] * 64], [1]))
    found = affine(layer, Ball(np.ones((64, 1)), np.zeros((64, 1))))
    assert found.middle[0, 0] == 65
    assert found.radius[0, 0] < 65 * 68 * 2.0**-53


def test_products_below_the_normal_numbers_are_bounded():
    layer = float_layer(Layer([[Fraction(1, 2**890)] * 3], [0]))
    found = linear(layer, Ball(np.full((3, 1), 2.0**-300), np.zeros((3, 1))))
    true = 3 * Fraction(1, 2**1190)
    assert abs(true - Fraction(float(found.middle[0, 0]))) <= Fraction(float(found.radius[0, 0]))


@pytest.mark.parametrize(
    "entry, fits",
    [
        (2**900, True),
        (2**900 + 1, True),
        (2**901, False),
        (2**1500, False),
        (Fraction(1, 2**900), True),
        (Fraction(1, 2**901), False),
        (Fraction(1, 2**1100), False),
        (Fraction(1, 3 * 2**898), True),
        (0, True),
    ],
    ids=str,
)
def test_the_range_of_entries(entry, fits):
    for layer in (Layer([[entry, 1]], [1]), Layer([[1, "1/3"]], [entry])):
        if fits:
            made = float_layer(layer)
            assert np.isfinite(made.W).all()
        else:
            with pytest.raises(FilterFailed, match=r"2\^900"):
                float_layer(layer)


def test_weights_are_rounded_correctly():
    rng = random.Random(3)
    for denominator in (1, 2**70, 3, 10**30):
        rows = [[Fraction(rng.getrandbits(90) - 2**89, denominator) for _ in range(5)] for _ in range(4)]
        made = float_layer(Layer(rows, [0] * 4))
        for row, rounded in zip(rows, made.W.tolist(), strict=True):
            assert rounded == [entry.numerator / entry.denominator for entry in row]


def test_multiples_of_rows_are_found():
    rows = [[1, 2], [3, 5], [-2, -4], [0, 0], [2, 4], ["1/3", "2/3"], [2, 4], [0, 1], [0, 0], [0, -3]]
    made = float_layer(Layer(rows, [3, 1, -6, 1, 5, 1, 6, 0, 2, 0]))
    assert made.first.tolist() == [0, 1, 0, 3, 4, 0, 0, 7, 3, 7]
    assert made.same.tolist() == [1, 1, -1, 1, 1, 1, 1, 1, 1, -1]
    assert made.distinct.tolist() == [0, 1, 3, 4, 7]


def test_rows_with_equal_rounded_quotients_are_told_apart():
    big = 2**80
    made = float_layer(Layer([[big, big + 1], [big, big + 2], [-big, -big - 1]], [0, 0, 0]))
    assert made.first.tolist() == [0, 1, 0]
