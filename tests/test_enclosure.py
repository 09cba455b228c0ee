"""Enclosures, and the decimals that are printed for them: rounding goes outwards."""

import copy
import pickle
import random
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import Enclosure
from relu_constructions.enclosure import decimal, display, largest
from relu_constructions.exact import power_of

THIRD, HALF = Fraction(1, 3), Fraction(1, 2)


def random_rationals(seed, count):
    """Rationals of wildly different sizes: a few bits, thousands of bits, close to powers of ten."""
    rng = random.Random(seed)
    for _ in range(count):
        sign = rng.choice((-1, 1))
        p, q = (rng.getrandbits(rng.choice((1, 8, 40, 200, 4000))) + 1 for _ in range(2))
        near = Fraction(10) ** rng.randint(-30, 30) * (
            1 + Fraction(rng.choice((-1, 1)), 10 ** rng.randint(1, 12))
        )
        yield sign * rng.choice((Fraction(p, q), Fraction(p), Fraction(1, q), near, Fraction(p, 10**9)))


NUMBERS = list(random_rationals(3, 2000))


def test_decimals_round_in_the_direction_asked():
    for number in NUMBERS:
        down, up = Fraction(decimal(number, ROUND_FLOOR)), Fraction(decimal(number, ROUND_CEILING))
        assert down <= number <= up
        assert up - down <= abs(number) / 10**4


def test_the_nearest_decimal_is_one_of_both_and_not_the_farther_one():
    for number in NUMBERS:
        down, up, near = (
            Fraction(decimal(number, rounding)) for rounding in (ROUND_FLOOR, ROUND_CEILING, ROUND_HALF_EVEN)
        )
        assert near in (down, up)
        assert abs(near - number) == min(number - down, up - number)


def test_more_digits_bring_closer_decimals():
    for number in NUMBERS[:200]:
        for digits in (1, 2, 9, 30):
            found = Fraction(decimal(number, ROUND_CEILING, digits))
            assert 0 <= found - number <= abs(number) / Fraction(10) ** (digits - 1)


DECIMALS = {
    "zero": (Fraction(0), ROUND_FLOOR, "0"),
    "integer": (Fraction(-12345), ROUND_FLOOR, "-12345"),
    "long integer, down": (Fraction(123456), ROUND_FLOOR, "1.2345e+05"),
    "long integer, up": (Fraction(123456), ROUND_CEILING, "1.2346e+05"),
    "carry to another digit": (Fraction("99999.6"), ROUND_HALF_EVEN, "1.0000e+05"),
    "no carry downwards": (Fraction("99999.6"), ROUND_FLOOR, "99999"),
    "carry upwards": (Fraction("0.999999"), ROUND_CEILING, "1.0000"),
    "negative carry": (Fraction("-9999.96"), ROUND_FLOOR, "-10000"),
    "negative, up": (-THIRD, ROUND_CEILING, "-0.33333"),
    "negative, down": (-THIRD, ROUND_FLOOR, "-0.33334"),
    "tie": (Fraction("0.123455"), ROUND_HALF_EVEN, "0.12346"),
    "smallest without exponent": (Fraction("0.00012345"), ROUND_HALF_EVEN, "0.00012345"),
    "largest with exponent": (Fraction("0.000012345"), ROUND_HALF_EVEN, "1.2345e-05"),
    "carry to no exponent": (Fraction("0.0000999999"), ROUND_CEILING, "0.00010000"),
    "few digits": (Fraction(1, 10**20), ROUND_FLOOR, "1.0000e-20"),
    "beyond floats": (Fraction(1, 7 * 10**5000), ROUND_CEILING, "1.4286e-5001"),
}


@pytest.mark.parametrize("number, rounding, text", DECIMALS.values(), ids=DECIMALS)
def test_decimals_look_like_this(number, rounding, text):
    assert decimal(number, rounding) == text


DISPLAYED = {
    "integer": (Fraction(-5), "-5"),
    "zero": (Fraction(0), "0"),
    "power of two": (Fraction(1, 2**20), "2^-20 = 9.5367e-07"),
    "half": (HALF, "2^-1 = 0.50000"),
    "huge power of two": (Fraction(2**100000), "2^100000 = 9.9900e+30102"),
    "quotient": (-THIRD, "-1/3 = -0.33333"),
    "long quotient": (Fraction(1, 3**1000), "a rational of 1 over 1585 bits, 7.5639e-478"),
    "power of ten": (Fraction(1, 10**100), "10^-100 = 1.0000e-100"),
}


@pytest.mark.parametrize("number, text", DISPLAYED.values(), ids=DISPLAYED)
def test_numbers_are_displayed_exactly_and_as_a_decimal(number, text):
    assert display(number) == text


def test_every_displayed_number_fits_into_a_line():
    for number in NUMBERS:
        text = display(number)
        assert len(text) < 100
        assert "\n" not in text
        if " = " in text and power_of(2, number) is None and "^" not in text:
            assert Fraction(text.partition(" = ")[0]) == number


def test_a_printed_enclosure_encloses_what_it_stands_for():
    rng = random.Random(4)
    for _ in range(500):
        lower, upper = sorted(rng.sample(NUMBERS, 2))
        if lower == upper:
            continue
        text = str(Enclosure(lower, upper))
        ends = [Fraction(end) for end in text.removeprefix("in [").removesuffix("]").split(", ")]
        assert ends[0] <= lower <= upper <= ends[1]


def test_an_enclosure_knows_whether_it_is_exact():
    point, interval = Enclosure(THIRD, THIRD), Enclosure(THIRD, HALF)
    assert (point.is_exact, interval.is_exact) == (True, False)
    assert point.exact() == THIRD
    with pytest.raises(ValueError, match=r"only known to be in \[0.33333, 0.50000\]; use .lower and .upper"):
        interval.exact()


def test_membership_counts_the_ends():
    interval = Enclosure(THIRD, HALF)
    assert all(number in interval for number in (THIRD, Fraction(2, 5), HALF, 0.5))
    assert not any(
        number in interval for number in (0, Fraction(33, 100), 0.3333333333333333, 0.51, float("nan"))
    )


def test_an_enclosure_has_no_truth_value():
    with pytest.raises(TypeError, match="no truth value"):
        bool(Enclosure(THIRD, HALF))


REFUSED = {
    "exchanged": (1, 0, ValueError, "needs lower <= upper, got 1 > 0"),
    "exchanged beyond CPython": (Fraction(10**5000), 0, ValueError, r"got 10\^5000 > 0"),
    "float": (0.1, 1, TypeError, "lower must be exact, got the float 0.1"),
    "NaN": (0, float("nan"), TypeError, "upper must be an exact finite number"),
    "nothing": (None, 1, TypeError, "lower must be an exact number"),
}


@pytest.mark.parametrize("lower, upper, error, words", REFUSED.values(), ids=REFUSED)
def test_ends_that_enclose_nothing_are_refused(lower, upper, error, words):
    with pytest.raises(error, match=words):
        Enclosure(lower, upper)


def test_ends_are_fractions_whatever_exact_numbers_are_given():
    made = Enclosure("1/3", np.int64(2**40))
    assert (made.lower, made.upper**2) == (THIRD, 2**80)
    assert type(made.upper.numerator) is int


def test_an_enclosure_is_a_frozen_value():
    interval = Enclosure(THIRD, HALF)
    assert pickle.loads(pickle.dumps(interval)) == copy.deepcopy(interval) == interval
    assert hash(interval) == hash(Enclosure("1/3", "1/2"))
    assert interval != Enclosure(THIRD, THIRD)
    with pytest.raises(AttributeError):
        interval.lower = HALF
    assert [repr(interval), repr(Enclosure(HALF, HALF))] == ["Enclosure(1/3, 1/2)", "Enclosure(1/2)"]
    assert [str(interval), str(Enclosure(HALF, HALF))] == ["in [0.33333, 0.50000]", "2^-1 = 0.50000"]


def test_the_largest_of_enclosures_encloses_the_maximum():
    rng = random.Random(5)
    for _ in range(200):
        sets = [sorted(rng.sample(NUMBERS, 3)) for _ in range(rng.randint(1, 4))]
        found = largest(*(Enclosure(a, c) for a, _, c in sets))
        assert max(b for _, b, _ in sets) in found
        assert found.lower in [a for a, _, _ in sets]
        assert found.upper in [c for _, _, c in sets]
