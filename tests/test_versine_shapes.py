"""Shapes of versines: as accurate as asked, and few gates."""

from fractions import Fraction

import pytest

from relu_constructions.circuit import Wiring
from relu_constructions.versine import Shape, truncation_lines, versine
from relu_constructions.versine_shapes import gates_cost, shapes


@pytest.mark.parametrize("taylor", [False, True])
@pytest.mark.parametrize("z", ["1", "1/3", "1/100000"])
@pytest.mark.parametrize("slope", [None, "1", "1/1000"])
@pytest.mark.parametrize("digits", [1, 4, 30])
def test_every_shape_is_as_accurate_as_asked(digits, slope, z, taylor):
    value, Z = Fraction(1, 10**digits), Fraction(z)
    aimed = None if slope is None else value * Fraction(slope)
    found = shapes(value, aimed, Z, taylor)
    assert found
    for shape in found:
        taylor_line, rounding = truncation_lines(shape, Z, Fraction(1))
        assert taylor_line.value_error <= value * (1 + Fraction(1, 2**50))
        assert rounding.value_error <= value / 2
        if aimed is not None:
            assert taylor_line.derivative_error <= aimed * (1 + Fraction(1, 2**50))
            assert rounding.derivative_error <= aimed / 2


def test_taylor_is_one_chain_without_doubling():
    (shape,) = shapes(Fraction(1, 10**6), None, Fraction(1), taylor=True)
    assert (shape.r, shape.strategy, shape.k) == (0, "horner", 0)
    fewer = shape._replace(K=shape.K - 1)
    assert truncation_lines(fewer, Fraction(1), Fraction(1))[0].value_error > Fraction(1, 10**6)


def test_one_doubling_or_one_term_less_is_not_enough():
    value = Fraction(1, 10**8)
    for shape in shapes(value, value, Fraction(1)):
        if shape.r > 1:
            coarse = truncation_lines(shape._replace(r=shape.r - 1), Fraction(1), Fraction(1))[0]
            assert max(coarse.value_error, coarse.derivative_error) > value


def test_terms_and_doublings_grow_like_the_square_root_of_the_digits():
    least = [
        min(s.r + s.K for s in shapes(Fraction(1, 10**d), Fraction(1, 10**d), Fraction(1)))
        for d in (4, 16, 64)
    ]
    assert least == sorted(least)
    assert least[2] <= 3 * least[1] <= 9 * least[0]


def test_what_needs_too_many_terms_is_refused(monkeypatch):
    monkeypatch.setattr("relu_constructions.versine_shapes.MOST_TERMS", 5)
    with pytest.raises(ValueError, match="would need more than 5 terms"):
        shapes(Fraction(1, 10**9), None, Fraction(1), taylor=True)


@pytest.mark.parametrize("strategy, k, K", [("squares", 1, 4), ("squares", 3, 9), ("horner", 0, 5)])
def test_the_cost_counts_squares_and_products(strategy, k, K):
    wiring = Wiring(((Fraction(0), Fraction(1)),), 2)
    (z,) = wiring.inputs
    (stage,) = versine(wiring, z, Shape(0, K, 30, strategy, k))
    kinds = [gate.kind for gate in wiring.circuit([stage]).gates]
    assert gates_cost(strategy, k, K) == 7 * kinds.count("square") + 13 * kinds.count("product") + 1
