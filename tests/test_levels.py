"""The fewest levels: the bound is met with them and missed with one fewer."""

from fractions import Fraction

import pytest

from relu_constructions.circuit import Form, Wiring
from relu_constructions.levels import MOST_LEVELS, fewest_levels
from relu_constructions.polynomial_circuits import power
from relu_constructions.worst_case import worst_case

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))


def powers_of(n, side=UNIT, factor=1):
    def write(m):
        wiring = Wiring((side,), m)
        return wiring.circuit([power(wiring, wiring.inputs[0], n, {}) * Fraction(factor)])

    return write


@pytest.mark.parametrize("start", [1, 2, 12, 40])
@pytest.mark.parametrize("norm", ["W1inf", "Linf"])
@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("eps", ["1/3", "1e-2", "1e-6"])
def test_the_levels_are_enough_and_one_fewer_is_not(n, norm, eps, start):
    def within(m):
        found = worst_case(write(m), 20)
        errors = [found.value_error] + [found.derivative_error] * (norm == "W1inf")
        return max(errors) <= Fraction(eps)

    write = powers_of(n, SYMMETRIC)
    m = fewest_levels(write, Fraction(eps), norm, cells=20, start=start)
    assert m >= 1
    assert within(m)
    assert m == 1 or not within(m - 1)


@pytest.mark.parametrize("k", [1, 2, 7, 100, 1000])
def test_squares_need_as_many_levels_as_their_errors_say(k):
    eps = Fraction(1, 2**k)
    assert fewest_levels(powers_of(2), eps) == k
    assert fewest_levels(powers_of(2), eps * Fraction(9, 10)) == k + 1
    assert fewest_levels(powers_of(2), eps, "Linf") == max(1, -(-k // 2) - 1)


@pytest.mark.parametrize("factor", [10**30, Fraction(1, 10**30)])
def test_large_and_small_factors(factor):
    m = fewest_levels(powers_of(2, factor=factor), Fraction(1, 1000))
    assert m == max(1, (1000 * Fraction(factor)).__ceil__().bit_length())


@pytest.mark.parametrize("form", [lambda x: x, lambda x: Form.of_number(7), lambda x: x - x])
def test_exact_circuits_need_one_level(form):
    def write(m):
        wiring = Wiring((UNIT,), m)
        return wiring.circuit([form(wiring.inputs[0])])

    assert fewest_levels(write, Fraction(1, 10**100)) == 1


def test_a_coarse_accuracy_needs_one_level():
    assert fewest_levels(powers_of(6), Fraction(10**6)) == 1


def test_too_many_levels_are_refused():
    with pytest.raises(ValueError, match=f"would need more than {MOST_LEVELS} levels"):
        fewest_levels(powers_of(2), Fraction(1, 2 ** (MOST_LEVELS + 1)))
