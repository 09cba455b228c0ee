"""Rounding: directions, significant digits, and numbers that are kept."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relu_constructions.rounding import BITS, above, below, outwards, significant

RATIONALS = st.fractions() | st.builds(
    lambda p, q, k: Fraction(p, q) * Fraction(2) ** k,
    st.integers(-(2**200), 2**200),
    st.integers(1, 2**200),
    st.integers(-900, 900),
)
DIGITS = st.integers(2, 80)


def digits(number):
    """The significant binary digits of a dyadic rational."""
    p, q = abs(number.numerator), number.denominator
    assert q & (q - 1) == 0
    return (p // (p & -p)).bit_length() if p else 0


@given(RATIONALS, DIGITS)
@example(Fraction(0), 2)
@example(Fraction(-1, 3), 2)
@example(Fraction(2**80 - 1), 8)
@example(Fraction(1 - 2**80), 8)
@example(Fraction(2**80 + 1, 3**50), 2)
def test_numbers_are_enclosed_to_a_relative_width(x, bits):
    lo, hi = below(x, bits), above(x, bits)
    assert lo <= x <= hi
    assert hi - x <= abs(x) * Fraction(4, 2**bits)
    assert x - lo <= abs(x) * Fraction(4, 2**bits)


@given(RATIONALS, DIGITS)
@example(Fraction(2**80 - 1), 8)
@example(Fraction(1 - 2**80), 8)
def test_rounded_numbers_have_few_digits(x, bits):
    for rounded in (below(x, bits), above(x, bits)):
        assert rounded == x or digits(rounded) <= bits


@given(st.fractions(), DIGITS)
def test_short_numbers_are_kept(x, bits):
    if x.numerator.bit_length() + x.denominator.bit_length() <= bits:
        assert below(x, bits) == x == above(x, bits)


@given(RATIONALS, DIGITS)
def test_rounding_up_mirrors_rounding_down(x, bits):
    assert above(x, bits) == -below(-x, bits)


@given(RATIONALS, RATIONALS)
def test_intervals_only_grow(a, b):
    lo, hi = min(a, b), max(a, b)
    found = outwards(lo, hi)
    assert found[0] <= lo <= hi <= found[1]
    assert found == (below(lo, BITS), above(hi, BITS))
    assert (found[0] >= 0) == (lo >= 0)
    assert (found[1] <= 0) == (hi <= 0)


@given(RATIONALS.filter(lambda x: x > 0), DIGITS)
@example(Fraction(2**80 - 1), 8)
@example(Fraction(1, 2**80 - 1), 8)
def test_significant_numbers_are_dyadic_and_just_above(x, bits):
    rounded = significant(x, bits)
    assert x <= rounded <= x * (1 + Fraction(4, 2**bits))
    assert digits(rounded) <= bits


@pytest.mark.parametrize("k", range(-70, 70, 7))
def test_powers_of_two_are_significant_as_they_are(k):
    x = Fraction(2) ** k
    assert significant(x, 1) == significant(x, 16) == x


def test_signs_and_zero():
    assert outwards(Fraction(0), Fraction(0)) == (0, 0)
    tiny = Fraction(1, 3**500)
    assert 0 < below(tiny) < tiny < above(tiny)
    assert below(-tiny) < -tiny < above(-tiny) < 0
