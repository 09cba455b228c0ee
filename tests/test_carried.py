"""Integers over many points at the threshold of int64: exact, and in Python integers beyond it."""

import random

import numpy as np
import pytest

from relu_constructions.carried import Carried, affine_rows, carried, constant, kept, product, total
from relu_constructions.fixed_point import INT64_BOUND, Neuron


def row(integers):
    return carried(np.array(integers, dtype=object))


def checked(given, expected):
    """The integers, the largest absolute value and the type must all be right."""
    assert given.integers.tolist() == expected
    assert given.largest == max(map(abs, expected), default=0)
    assert given.integers.dtype == (np.int64 if given.largest <= INT64_BOUND else object)


EDGE = [0, 1, 2**31, 2**31 + 1, 2**61, 2**62 - 1, 2**62, 2**62 + 1, 2**63 - 1, 2**63, 2**64, 3**90]


@pytest.mark.parametrize("edge", EDGE)
def test_the_type_follows_the_largest_integer(edge):
    for integers in ([edge], [-edge, 1], [edge - 1, -edge]):
        checked(row(integers), integers)
    assert constant(edge).tolist() == [edge]


def test_int64_arrays_beyond_the_bound_become_python_integers():
    least = np.iinfo(np.int64).min
    checked(carried(np.array([least, 5])), [least, 5])
    checked(carried(np.array([2**62, 5])), [2**62, 5])
    checked(carried(np.array([2**62 + 1, 5])), [2**62 + 1, 5])
    checked(carried(np.array([], dtype=np.int64)), [])
    checked(row([]), [])


@pytest.mark.parametrize("a", EDGE)
@pytest.mark.parametrize("b", EDGE)
def test_products_sums_and_masks(a, b):
    left, right = row([a, -a, 1]), row([b, b, -b])
    checked(product(left, right), [a * b, -a * b, -b])
    checked(total(left, right), [a + b, b - a, 1 - b])
    checked(kept(left, np.array([False, True, True])), [0, -a, 1])


@pytest.mark.parametrize("a", EDGE)
@pytest.mark.parametrize("shift", [0, 1, 31, 62, 63, 64])
def test_affine_maps(a, shift):
    rows = [row([a, -a, 0]), row([3, a, -1]), row([1, 2, 3])]
    neurons = [
        Neuron((0, 2), (5, -7), (shift, 0)),
        Neuron((1, 0), (-1, 2**62 + 1), (0, shift)),
        Neuron((), (), ()),
        Neuron((2,), (a,), (shift,)),
    ]
    columns = list(zip(*(part.integers.tolist() for part in rows), strict=True))
    for neuron, given in zip(neurons, affine_rows(neurons, rows), strict=True):
        checked(given, [sum(x[k] * f << e for k, f, e in zip(*neuron, strict=True)) for x in columns])


def test_zeros_do_not_hide_a_factor_that_is_too_large():
    zeros = Carried(np.zeros(2, dtype=np.int64), 0)
    (given,) = affine_rows([Neuron((0,), (2**100,), (70,))], [zeros])
    checked(given, [0, 0])


def test_random_integers_of_any_size():
    rng = random.Random(0)
    for _ in range(200):
        sizes = [rng.choice([3, 40, 61, 62, 63, 100]) for _ in range(3)]
        rows = [row([rng.randint(-(2**bits), 2**bits) for _ in range(5)]) for bits in sizes]
        factors = tuple(rng.randint(-(2 ** rng.choice([2, 30, 62])), 2**61) | 1 for _ in range(3))
        shifts = tuple(rng.choice([0, 1, 20]) for _ in range(3))
        columns = zip(*(part.integers.tolist() for part in rows), strict=True)
        expected = [sum(v * f << e for v, f, e in zip(x, factors, shifts, strict=True)) for x in columns]
        checked(affine_rows([Neuron((0, 1, 2), factors, shifts)], rows)[0], expected)
