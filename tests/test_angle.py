"""Angles u + v pi: how they are read and written, and how closely they are enclosed."""

import random
from fractions import Fraction

import mpmath
import pytest
import sympy

from relu_constructions.angle import Angle, dyadic, to_angle

READ = {
    "pi": (0, 1),
    "-pi": (0, -1),
    "2*pi/3": (0, Fraction(2, 3)),
    "pi*3/7 - pi": (0, Fraction(-4, 7)),
    "1 - pi": (1, -1),
    "0.5*pi + 1/4": (Fraction(1, 4), Fraction(1, 2)),
    "(1 + pi)*(2/3)": (Fraction(2, 3), Fraction(2, 3)),
    "(2 + pi)/4": (Fraction(1, 2), Fraction(1, 4)),
    "3*(pi - 1) - pi": (-3, 2),
    "pi - pi": (0, 0),
    "1e3": (1000, 0),
}


@pytest.mark.parametrize("text", READ)
def test_texts_are_read_exactly(text):
    assert to_angle(text) == READ[text]
    assert to_angle(str(to_angle(text))) == to_angle(text)


def test_numbers_angles_and_sympy_expressions_are_read():
    assert to_angle(3) == to_angle(Fraction(3)) == to_angle(sympy.Integer(3)) == (3, 0)
    assert to_angle(2 * sympy.pi / 3) == to_angle("2*pi/3")
    assert to_angle(1 - sympy.pi) == (1, -1)
    angle = Angle(Fraction(1), Fraction(2))
    assert to_angle(angle) is angle


@pytest.mark.parametrize(
    "pair, text",
    [
        ((0, 1), "pi"),
        ((0, -1), "-pi"),
        ((0, Fraction(2, 3)), "2/3*pi"),
        ((0, Fraction(-2, 3)), "-2/3*pi"),
        ((Fraction(1, 2), 0), "1/2"),
        ((0, 0), "0"),
        ((1, -1), "1 - pi"),
        ((-1, 1), "-1 + pi"),
        ((Fraction(-1, 3), Fraction(-5, 2)), "-1/3 - 5/2*pi"),
    ],
)
def test_angles_are_written_so_that_they_can_be_read(pair, text):
    angle = Angle(*map(Fraction, pair))
    assert str(angle) == text
    assert to_angle(text) == angle


@pytest.mark.parametrize("given", ["pi**2", "pi*pi", "1/pi", "sin(pi)", "x*pi", "pi/0", "spin", "pi + e"])
def test_what_is_no_multiple_of_pi_is_refused(given):
    with pytest.raises(ValueError, match=r"u \+ v\*pi|pi|understood|name"):
        to_angle(given)


def test_floats_are_refused():
    with pytest.raises(TypeError, match=r"the angle t must be exact, got the float 0\.5"):
        to_angle(0.5, "the angle t")


def test_only_zero_is_zero():
    assert to_angle("pi - pi").is_zero
    assert [to_angle(t).is_zero for t in ("1", "pi", "1 - pi", "22/7 - pi")] == [False] * 4


@pytest.mark.parametrize("bits", [10, 64, 200])
@pytest.mark.parametrize("seed", range(6))
def test_enclosures_hold_the_number_and_are_narrow(seed, bits):
    rng = random.Random(seed)
    angle = Angle(Fraction(rng.randint(-99, 99), 7), Fraction(rng.randint(-99, 99), 5))
    with mpmath.workdps(120):
        u = mpmath.mpf(angle.rational.numerator) / angle.rational.denominator
        number = u + mpmath.pi * angle.of_pi.numerator / angle.of_pi.denominator
        for exact, (lower, upper) in (
            (number, angle.enclosure(bits)),
            (number / mpmath.pi, angle.over_pi(bits)),
        ):
            assert mpmath.mpf(lower.numerator) / lower.denominator <= exact
            assert exact <= mpmath.mpf(upper.numerator) / upper.denominator
            assert upper - lower <= Fraction(1, 2**bits)


def test_multiples_of_pi_are_exact_over_pi():
    assert to_angle("2*pi/3").over_pi(1) == (Fraction(2, 3), Fraction(2, 3))
    lower, upper = to_angle("1").over_pi(20)
    assert lower < upper


@pytest.mark.parametrize("bits", [1, 8, 60])
def test_dyadic_numbers_are_near_both_ends(bits):
    for lower, upper in ((Fraction(1, 3), Fraction(1, 3)), (Fraction(-7, 5), Fraction(-13, 10))):
        near, error = dyadic(lower, upper, bits)
        assert (near * 2**bits).denominator == 1
        assert error == max(abs(near - lower), abs(near - upper))
        assert error <= Fraction(1, 2 ** (bits + 1)) + (upper - lower)
