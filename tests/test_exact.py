"""The gate: what becomes a rational, what is refused with which words, and numbers beyond every limit."""

import decimal
import random
import sys
from fractions import Fraction

import flint
import numpy as np
import pytest
import sympy

from relu_constructions.exact import (
    from_float,
    power_of,
    shown,
    to_fraction,
    to_integer,
    to_tolerance,
    written,
)

BEYOND_CPYTHON = [10**5000, -(10**5000), Fraction(1, 2**100000), Fraction(3**20000, 7), Fraction(7, 5**9999)]


class Halves(Fraction):
    """A subclass, as users write them."""


ACCEPTED = {
    "int": (-3, Fraction(-3)),
    "huge int": (10**5000, Fraction(10**5000)),
    "Fraction": (Fraction(1, 3), Fraction(1, 3)),
    "subclass of Fraction": (Halves(1, 2), Fraction(1, 2)),
    "Fraction of numpy integers": (Fraction(np.int64(2**40), np.int64(3)), Fraction(2**40, 3)),
    "int8": (np.int8(-128), Fraction(-128)),
    "uint64": (np.uint64(2**64 - 1), Fraction(2**64 - 1)),
    "sympy Integer": (sympy.Integer(7), Fraction(7)),
    "sympy Rational": (sympy.Rational(-1, 3), Fraction(-1, 3)),
    "sympy Half": (sympy.S.Half, Fraction(1, 2)),
    "sympy Zero": (sympy.S.Zero, Fraction(0)),
    "fmpz": (flint.fmpz(2**70), Fraction(2**70)),
    "fmpq": (flint.fmpq(-2, 6), Fraction(-1, 3)),
    "Decimal": (decimal.Decimal("0.1"), Fraction(1, 10)),
    "Decimal with exponent": (decimal.Decimal("-12E+3"), Fraction(-12000)),
    "integer in words": ("+12", Fraction(12)),
    "quotient": ("-4/6", Fraction(-2, 3)),
    "decimal": ("0.1", Fraction(1, 10)),
    "decimal without a whole part": (".5", Fraction(1, 2)),
    "decimal without a fractional part": ("5.", Fraction(5)),
    "power of ten": ("1E-6", Fraction(1, 10**6)),
    "spaces around": (" 1e3\n", Fraction(1000)),
    "numpy string": (np.str_("1/3"), Fraction(1, 3)),
    "leading zeros": ("007", Fraction(7)),
    "smallest exponent": ("1e-100000", Fraction(1, 10**100000)),
    "as many digits as CPython writes": ("9" * 4000, Fraction(10**4000 - 1)),
}


@pytest.mark.parametrize("given, expected", ACCEPTED.values(), ids=ACCEPTED)
def test_exact_numbers_become_the_rational_that_they_are(given, expected):
    found = to_fraction(given, "bound")
    assert found == expected
    assert type(found.numerator) is int
    assert type(found.denominator) is int
    assert from_float(given) == expected


def test_numpy_integers_do_not_overflow_afterwards():
    for given in (np.int64(2**40), Fraction(np.int64(2**40))):
        assert to_fraction(given) ** 2 == 2**80


def test_random_decimals_are_read_as_decimal_reads_them():
    rng = random.Random(1)
    for _ in range(300):
        whole, part, exponent = rng.randrange(10**9), rng.randrange(10**9), rng.randint(-40, 40)
        text = f"{rng.choice(['', '-', '+'])}{whole}.{part}e{exponent}"
        assert to_fraction(text) == Fraction(decimal.Decimal(text))


REFUSED = {
    "float": (0.1, TypeError, "'0.1' or Fraction\\(1, 10\\)"),
    "float without a short fraction": (5e-324, TypeError, "pass the string '5e-324'$"),
    "float32": (np.float32(0.1), TypeError, "pass the string '0.1' or Fraction\\(1, 10\\)"),
    "float16": (np.float16(0.5), TypeError, "the float 0.5"),
    "long double": (np.longdouble(2), TypeError, "the float 2.0"),
    "NaN": (float("nan"), TypeError, "finite number, got the float nan"),
    "infinity": (-np.inf, TypeError, "finite number, got the float -inf"),
    "truth value": (True, TypeError, "truth value True"),
    "numpy truth value": (np.False_, TypeError, "truth value False"),
    "complex": (1j, TypeError, "got complex"),
    "numpy complex": (np.complex128(1), TypeError, "got numpy.complex128"),
    "time": (np.timedelta64(3), TypeError, "got numpy.timedelta64"),
    "None": (None, TypeError, "got NoneType"),
    "bytes": (b"3", TypeError, "got bytes"),
    "list": ([3], TypeError, "got list"),
    "array without axes": (np.array(3), TypeError, "got numpy.ndarray"),
    "ball": (flint.arb(1), TypeError, "got flint.types.arb.arb"),
    "sympy Float": (sympy.Float("0.5"), TypeError, "got sympy.core.numbers.Float"),
    "sympy pi": (sympy.pi, TypeError, "got sympy.core.numbers.Pi"),
    "sympy symbol": (sympy.Symbol("x", rational=True), TypeError, "got sympy.core.symbol.Symbol"),
    "sympy infinity": (sympy.oo, TypeError, "Infinity"),
    "sympy nan": (sympy.nan, TypeError, "NaN"),
    "class of rationals": (sympy.Rational, TypeError, "got "),
    "Decimal NaN": (decimal.Decimal("NaN"), ValueError, "got 'NaN'"),
    "signalling Decimal": (decimal.Decimal("sNaN"), ValueError, "got 'sNaN'"),
    "Decimal infinity": (decimal.Decimal("-Infinity"), ValueError, "got '-Infinity'"),
    "huge Decimal": (decimal.Decimal("1E+999999"), ValueError, "too many digits: 1E\\+999999"),
    "zero denominator": ("1/0", ValueError, "nonzero denominator, got '1/0'"),
    "hexadecimal": ("0x10", ValueError, "got '0x10'"),
    "underscore": ("1_000", ValueError, "got '1_000'"),
    "digits of another script": ("\u0663", ValueError, "must be a number such as"),
    "wide digits": ("\uff11", ValueError, "must be a number such as"),
    "superscript": ("2\u00b2", ValueError, "must be a number such as"),
    "empty": ("", ValueError, "got ''"),
    "words": ("nan", ValueError, "got 'nan'"),
    "two signs": ("--1", ValueError, "got '--1'"),
    "space inside": ("1 /3", ValueError, "got '1 /3'"),
    "exponent alone": ("e5", ValueError, "got 'e5'"),
    "exponent without digits": ("1e", ValueError, "got '1e'"),
    "quotient of decimals": ("1.5/2", ValueError, "got '1.5/2'"),
    "quotient with exponent": ("1/3e5", ValueError, "got '1/3e5'"),
    "huge exponent": ("1e999999999", ValueError, "too many digits: 1e999999999"),
    "huge negative exponent": ("\n1e-100001", ValueError, "too many digits: 1e-100001"),
    "overly long": ("1" * 4001, ValueError, "at most 4000 digits"),
    "overly long quotient": ("1/" + "3" * 5000, ValueError, "at most 4000 digits"),
    "overly long nonsense": ("x" * 10**6, ValueError, "got 'x{60}'$"),
}


@pytest.mark.parametrize("given, error, words", REFUSED.values(), ids=REFUSED)
def test_other_things_are_refused_and_the_argument_is_named(given, error, words):
    with pytest.raises(error, match=words) as refusal:
        to_fraction(given, "the bound B")
    assert str(refusal.value).startswith("the bound B ")
    assert len(str(refusal.value)) < 200
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("kind", [float, np.float16, np.float32, np.float64, np.longdouble])
def test_a_float_that_means_itself_is_its_dyadic_rational(kind):
    found = from_float(kind(0.1))
    assert found == Fraction(*kind(0.1).as_integer_ratio()) != Fraction(1, 10)
    assert found.denominator & (found.denominator - 1) == 0
    assert type(found.numerator) is int


@pytest.mark.parametrize(
    "given", [float("nan"), float("inf"), np.float32("-inf"), np.longdouble("nan")], ids=repr
)
def test_floats_that_are_not_finite_mean_nothing(given):
    with pytest.raises(ValueError, match=r"weight must be finite, got (nan|inf|-inf)"):
        from_float(given, "weight")


TOLERANCES = {
    "float": (0.1, Fraction(0.1)),
    "smallest float": (5e-324, Fraction(1, 2**1074)),
    "string": ("0.1", Fraction(1, 10)),
    "tiny string": ("1e-100000", Fraction(1, 10**100000)),
    "float32": (np.float32(0.1), Fraction(13421773, 2**27)),
    "int": (2, Fraction(2)),
}


@pytest.mark.parametrize("given, expected", TOLERANCES.values(), ids=TOLERANCES)
def test_a_tolerance_may_be_a_float(given, expected):
    assert to_tolerance(given) == expected


NO_TOLERANCES = {
    "zero": (0, ValueError, "eps must be positive, got 0"),
    "minus zero": (-0.0, ValueError, "eps must be positive, got 0"),
    "negative": (-1, ValueError, "eps must be positive, got -1"),
    "negative float": (-0.5, ValueError, "eps must be positive, got -1/2"),
    "negative beyond CPython": (-(10**5000), ValueError, "eps must be positive, got a rational"),
    "word nan": ("nan", ValueError, "eps must be a number such as"),
    "NaN": (float("nan"), ValueError, "eps must be finite, got nan"),
    "infinity": (float("inf"), ValueError, "eps must be finite, got inf"),
    "None": (None, TypeError, "eps must be an exact number"),
    "truth value": (True, TypeError, "eps must be a number, got the truth value"),
}


@pytest.mark.parametrize("given, error, words", NO_TOLERANCES.values(), ids=NO_TOLERANCES)
def test_a_tolerance_is_positive_and_finite(given, error, words):
    with pytest.raises(error, match=words):
        to_tolerance(given)


@pytest.mark.parametrize(
    "given", [3, "3", "3.0", "6/2", "30e-1", np.int8(3), sympy.Integer(3), Fraction(3)], ids=repr
)
def test_an_integer_may_be_written_in_many_ways(given):
    found = to_integer(given, "m", 3)
    assert (found, type(found)) == (3, int)


NO_INTEGERS = {
    "too small": (0, ValueError, "m must be at least 1, got 0"),
    "negative": ("-5", ValueError, "m must be at least 1, got -5"),
    "beyond CPython": (-(10**5000), ValueError, "m must be at least 1, got a rational of"),
    "quotient": ("7/2", ValueError, "m must be an integer, got 7/2"),
    "float": (3.0, TypeError, "m must be exact, got the float 3.0"),
    "truth value": (True, TypeError, "m must be a number"),
    "None": (None, TypeError, "m must be an exact number"),
}


@pytest.mark.parametrize("given, error, words", NO_INTEGERS.values(), ids=NO_INTEGERS)
def test_other_numbers_are_no_integers(given, error, words):
    with pytest.raises(error, match=words):
        to_integer(given, "m", 1)


SHOWN = {
    "small": (Fraction(-22, 7), "-22/7"),
    "integer": (5, "5"),
    "power of two": (Fraction(1, 2**100000), "2^-100000"),
    "power of ten": (10**5000, "10^5000"),
    "negative power of ten": (Fraction(1, 10**400), "10^-400"),
    "neighbour of a power": (2**1000 + 1, "a rational of 1001 over 1 bits"),
    "negative": (-(2**1000), "a rational of 1001 over 1 bits"),
    "beyond CPython": (Fraction(3**20000, 7), "a rational of 31700 over 3 bits"),
}


@pytest.mark.parametrize("number, text", SHOWN.values(), ids=SHOWN)
def test_messages_show_a_number_in_one_line(number, text):
    assert shown(number) == text


@pytest.mark.parametrize("number", BEYOND_CPYTHON, ids=lambda number: shown(number))
def test_numbers_beyond_the_limit_of_cpython_can_be_shown_and_written(number):
    assert max(map(abs, Fraction(number).as_integer_ratio())) > 10 ** sys.get_int_max_str_digits()
    assert len(shown(number)) < 60
    assert read(written(Fraction(number))) == number


def read(text):
    """Read a quotient in decimal or hexadecimal."""
    p, _, q = text.partition("/")
    return Fraction(int(p, 0), int(q or "1", 0))


def test_written_numbers_can_be_read_back():
    rng = random.Random(2)
    numbers = [
        Fraction(rng.getrandbits(bits + 1) * rng.choice((-1, 1)), rng.getrandbits(other) + 1)
        for bits in (0, 1, 60, 99, 100, 300)
        for other in (0, 1, 99, 100, 5000)
    ]
    assert [read(written(number)) for number in numbers] == numbers


@pytest.mark.parametrize("base", [2, 3, 7, 10])
def test_powers_are_recognized_and_their_neighbours_are_not(base):
    for exponent in (*range(-40, 41), 1000, -1001, 30103):
        power = Fraction(base) ** exponent
        assert power_of(base, power) == exponent
        if abs(exponent) > 2:
            assert (
                power_of(base, power + 1)
                is power_of(base, 1 / (1 + 1 / power))
                is power_of(base, -power)
                is None
            )
    assert power_of(base, Fraction(0)) is None
