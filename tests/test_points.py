"""Reading x: every kind of number, every shape, and what is refused."""

import decimal
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy

from relu_constructions.parametrization import Parametrization
from relu_constructions.realization import realization

HAT = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
TWO_IN = Parametrization([([[1, 2], [3, 4]], [0, 0]), ([[1, 1]], [5])])
TWO_OUT = Parametrization([([[1], [2]], [0, 1])])
TWO_TWO = Parametrization([([[1, 2], [3, 4]], [0, 1])])

ONE = Fraction(1, 2)


@pytest.mark.parametrize(
    "x",
    [
        "1/2",
        "0.5",
        np.str_("1/2"),
        ONE,
        decimal.Decimal("0.5"),
        sympy.Rational(1, 2),
        flint.fmpq(1, 2),
    ],
)
def test_every_exact_number_is_read_exactly(x):
    assert realization(HAT, x) == 1
    assert type(realization(HAT, x)) is Fraction
    assert realization(TWO_IN, [x, x]).tolist() == [10]


@pytest.mark.parametrize(
    "x",
    [
        2,
        np.int8(2),
        np.uint64(2),
        flint.fmpz(2),
        sympy.Integer(2),
    ],
)
def test_every_integer_is_read_exactly(x):
    value = realization(TWO_TWO, [x, x])
    assert value.tolist() == [6, 15]
    assert {type(v) for v in value} == {Fraction}


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64, object, "U5"])
def test_integer_arrays_are_exact_and_do_not_overflow(dtype):
    phi = Parametrization([([[2**40]], [0]), ([[2**40]], [0])])
    value = realization(phi, np.array([1, 100]).astype(dtype))
    assert value.tolist() == [2**80, 100 * 2**80]


def test_a_sympy_matrix_is_a_batch():
    assert realization(TWO_TWO, sympy.Matrix([[1, 2], [3, 4]])).tolist() == [[7, 10], [16, 23]]


SHAPES = [
    (HAT, (), ()),
    (HAT, (1,), (1,)),
    (HAT, (3,), (3,)),
    (HAT, (0,), (0,)),
    (HAT, (1, 1), (1, 1)),
    (HAT, (1, 3), (1, 3)),
    (HAT, (1, 0), (1, 0)),
    (TWO_OUT, (), (2,)),
    (TWO_OUT, (1,), (2,)),
    (TWO_OUT, (3,), (2, 3)),
    (TWO_OUT, (1, 3), (2, 3)),
    (TWO_IN, (2,), (1,)),
    (TWO_IN, (2, 3), (1, 3)),
    (TWO_IN, (2, 2), (1, 2)),
    (TWO_IN, (2, 0), (1, 0)),
    (TWO_TWO, (2,), (2,)),
    (TWO_TWO, (2, 5), (2, 5)),
]


@pytest.mark.parametrize("phi, given, shape", SHAPES)
def test_the_shape_of_the_result_follows_from_the_shape_of_x(phi, given, shape):
    for x in (np.zeros(given), np.zeros(given, dtype=int), np.zeros(given).tolist()):
        assert np.shape(realization(phi, x)) == shape


def test_numbers_give_numbers():
    assert type(realization(HAT, 0.25)) is type(realization(HAT, np.float32(0.25))) is float
    assert type(realization(HAT, np.array(0.25))) is float
    assert type(realization(HAT, 1)) is Fraction


@pytest.mark.parametrize(
    "phi, shape", [(HAT, (2, 3)), (TWO_IN, ()), (TWO_IN, (3,)), (TWO_IN, (3, 2)), (HAT, (1, 1, 1))]
)
def test_other_shapes_are_refused(phi, shape):
    with pytest.raises(ValueError, match=r"^x must have shape .* which are the columns.*; got shape \("):
        realization(phi, np.zeros(shape))


@pytest.mark.parametrize(
    "x, error, message",
    [
        (True, TypeError, "x must be made of numbers, got truth values"),
        (np.array([True]), TypeError, "x must be made of numbers, got truth values"),
        (1j, TypeError, "x must be real, got complex numbers"),
        (np.array([1j]), TypeError, "x must be real, got complex numbers"),
        ([0.5, "1"], TypeError, "got exact numbers beside floats; choose one of them for every entry"),
        ([mpmath.mpf(1), "1/2"], TypeError, "got exact numbers beside mpmath numbers; choose"),
        ([flint.arb(1), 0.5], TypeError, r"got balls \(flint.arb\) beside floats; choose"),
        ("one", ValueError, "x must be a number such as 3"),
        (decimal.Decimal("nan"), ValueError, "x must be a number such as 3"),
        (None, TypeError, "x must be an exact number .*, got NoneType"),
        (sympy.pi, TypeError, "x must be an exact number .*, got sympy"),
        (sympy.Float("0.5"), TypeError, "x must be an exact number .*, got sympy"),
        (b"1", TypeError, "x must be an exact number .*, got bytes"),
        ({1}, TypeError, "x must be an exact number .*, got set"),
        ([[1, 2], [3]], ValueError, "x must be a rectangular array of numbers"),
        ([[1, 2], 3], ValueError, "x must be a rectangular array of numbers"),
        ([np.zeros((2, 2)), np.zeros((2, 3))], ValueError, "x must be a rectangular array of numbers"),
        (mpmath.inf, ValueError, "x must be finite, got the mpmath number"),
        (mpmath.nan, ValueError, "x must be finite, got the mpmath number nan"),
        (mpmath.mpf(2) ** 10**8, ValueError, "x must have a binary exponent of at most 10000000"),
        (mpmath.mpc(1, 1), TypeError, "x must be an exact number .*, got mpmath"),
    ],
)
def test_everything_else_is_refused_in_a_sentence(x, error, message):
    with pytest.raises(error, match=message):
        realization(HAT, x)


def test_integers_beside_floats_are_floats():
    assert realization(HAT, [0.25, 1]).tolist() == [0.5, 0.0]
    assert realization(TWO_IN, [0.5, 2]).dtype == np.float64
