"""Hinges: a first layer as arrays, with its kinks in lowest terms."""

import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions.hinges import read_hinges
from relu_constructions.layer import Layer


@pytest.mark.parametrize("dtype", [np.int64, object], ids=["int64", "integers"])
def test_kinks_weights_and_constants(dtype):
    rng = random.Random(1)
    for _ in range(50):
        size = rng.randint(1, 9)
        a, b, c = ([Fraction(rng.randint(-4, 4), rng.randint(1, 4)) for _ in range(size)] for _ in range(3))
        hinges = read_hinges(Layer([[t] for t in a], b), dtype)
        row = Layer([c], ["1/3"]).rows[0]
        kinks = [Fraction(int(x), int(q)) for x, q in zip(*hinges.kinks(), strict=True)]
        assert kinks == [-t / s for s, t in zip(a, b, strict=True) if s]
        assert all(int(q) == kink.denominator for q, kink in zip(hinges.kinks()[1], kinks, strict=True))
        weights = [Fraction(int(w), row.denominator) for w in hinges.weights(row)]
        assert weights == [w for s, w in zip(a, c, strict=True) if s]
        constant = sum(w * t for s, t, w in zip(a, b, c, strict=True) if s == 0 and t > 0)
        assert hinges.offset(row) == constant + Fraction(1, 3)
        assert hinges.n.dtype == hinges.weights(row).dtype == np.dtype(dtype)


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**200])
def test_integers_that_do_not_fit_are_refused(number):
    for layer in (Layer([[number]], [1]), Layer([[1]], [number])):
        with pytest.raises(OverflowError):
            read_hinges(layer, np.int64)
        assert number in (read_hinges(layer, object).n[0], read_hinges(layer, object).b[0])
