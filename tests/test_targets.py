"""Targets: polynomials from texts, sympy and coefficients; their arithmetic against sympy."""

import random
from fractions import Fraction
from types import SimpleNamespace

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_constructions import PiecewiseLinear, Polynomial
from relu_constructions.elementary import Elementary
from relu_constructions.multivariate import read_polynomial
from relu_constructions.piecewise_linear import Sawtooth
from relu_constructions.targets import to_target

x, t, y = sympy.symbols("x t y")
SQUARE = Polynomial.of([0, 0, 1])
deterministic = settings(derandomize=True, database=None, deadline=None, max_examples=80)
rationals = st.fractions() | st.integers(-3, 3).map(Fraction) | st.integers(-(2**150), 2**150).map(Fraction)
polynomials = st.lists(rationals, max_size=8).map(Polynomial.of)


def to_sympy(p):
    terms = (sympy.Rational(c.numerator, c.denominator) * x**k for k, c in enumerate(p.coefficients))
    return sympy.Poly(sum(terms, sympy.S.Zero), x)


def from_sympy(p):
    coefficients = [Fraction(int(c.p), int(c.q)) for c in p.all_coeffs()[::-1]]
    return tuple(coefficients if any(coefficients) else ())


@deterministic
@given(polynomials)
def test_a_printed_polynomial_reads_back_as_itself(p):
    assert to_target(str(p)) == p
    assert to_target(str(p).replace("**", "^").replace(" ", "")) == p


@deterministic
@given(polynomials)
def test_sympy_reads_and_hands_over_the_same_polynomial(p):
    assert to_target(to_sympy(p)) == to_target(to_sympy(p).as_expr()) == p
    assert to_target(sympy.factor(to_sympy(p).as_expr())) == p


@deterministic
@given(polynomials, polynomials, st.integers(0, 3))
def test_arithmetic_agrees_with_sympy(p, q, k):
    P, Q = to_sympy(p), to_sympy(q)
    for ours, theirs in ((p + q, P + Q), (p - q, P - Q), (p * q, P * Q), (p.derivative(), P.diff(x))):
        assert ours.coefficients == from_sympy(theirs)
    assert to_target(f"({p})**{k} - ({q})/7*x").coefficients == from_sympy(P**k - Q * sympy.Poly(x / 7, x))


@deterministic
@given(polynomials, st.fractions())
def test_values_and_degree_agree_with_sympy(p, point):
    value = to_sympy(p).eval(sympy.Rational(point.numerator, point.denominator))
    assert p(point) == Fraction(int(value.p), int(value.q))
    assert p.degree == (-1 if to_sympy(p).is_zero else to_sympy(p).degree())


def test_coefficients_are_exact_and_end_with_a_nonzero():
    for made in (
        Polynomial.of(["0", 0, np.int64(1), 0]),
        Polynomial((0, 0, 1, 0)),
        Polynomial((flint.fmpq(0), "0", sympy.Integer(1))),
    ):
        assert made == SQUARE
        assert [type(c) for c in made.coefficients] == [Fraction] * 3
        assert hash(made) == hash(SQUARE)
    assert Polynomial.of([np.int64(2**40)])(Fraction(0)) ** 2 == 2**80
    assert Polynomial.of([0, 0]).coefficients == ()


PRINTED = {
    "0": [],
    "1": [1],
    "-1/2": ["-1/2"],
    "x": [0, 1],
    "-x": [0, -1],
    "x**2 - x/3 + 1": [1, "-1/3", 1],
    "-x**3/7 + 2*x**2/3 - 5": [-5, 0, "2/3", "-1/7"],
    "10^400*x/3 + 1/2^1000": [Fraction(1, 2**1000), Fraction(10**400, 3)],
}


@pytest.mark.parametrize("text, coefficients", PRINTED.items(), ids=PRINTED)
def test_polynomials_print_like_this(text, coefficients):
    p = Polynomial.of(coefficients)
    assert str(p) == text
    assert to_target(text) == p


READ = {
    "x^2": SQUARE,
    "t**2": Polynomial.of([0, 0, 1], "t"),
    "0.1": Polynomial.of(["1/10"]),
    "2*x^2": Polynomial.of([0, 0, 2]),
    "-x**2": Polynomial.of([0, 0, -1]),
    "(-x)**2": SQUARE,
    "x**0": Polynomial.of([1]),
    "x**(2 - 2)": Polynomial.of([1]),
    "x**(x - x)": Polynomial.of([1]),
    "x**4/1**7/2": Polynomial.of([0, 0, 0, 0, "1/2"]),
    "x - x": Polynomial.of([]),
    "(x - 1/2)*(x + 1/2)": Polynomial.of(["-1/4", 0, 1]),
    "1e-3*x + 2.50": Polynomial.of(["5/2", "1/1000"]),
    "x*(x*(x*(x + 1) + 1) + 1)": Polynomial.of([0, 1, 1, 1, 1]),
}


@pytest.mark.parametrize("text, expected", READ.items(), ids=READ)
def test_texts_are_read_exactly(text, expected):
    assert to_target(text) == expected


def test_a_large_power_is_expanded_at_once():
    found = to_target("(x + 1)**1000")
    assert found.coefficients == tuple(sympy.ntheory.binomial_coefficients_list(1000))
    assert to_target("+".join(["(x+1)**999"] * 300)) == to_target("300*(1 + x)**999")


NO_POLYNOMIALS = {
    "x/0": "divides by zero",
    "x*y": "one variable, got x, y",
    "sin(x*y)": "one variable, got x, y",
    "gamma(x)": "gamma is not a known function",
    "Max(x, 0)": "Max is not a known function",
    "9**9**9": "at most 1000000 bits, got about",
    "(2**1000)**1000": "at most 1000000 bits",
    "1**(10**100000)": "at most 1000000 bits, got about",
    "(-1)**(10**100000)": "at most 1000000 bits",
    "0**(10**90000)": "at most 1000000 bits",
    "x**100000": "degree at most 1000, got 100000",
    "3**400000*3**400000": "at most 1000000 bits",
    "x**1000*x": "degree at most 1000, got 1001",
    "(x**2)**(10**5000)": "degree at most 1000, got a rational of",
    "(3**6000*x + 1)**1000": "at most 1000000 bits",
    "3**20000*(x + 1)**700": "at most 10000000 bits in all",
    "1/3**300000 + 1/7**300000": "at most 1000000 bits",
    "1/3**200000 + 1/7**200000": "at most 1000000 bits",
    "1e100001*x": "too many digits",
}


@pytest.mark.parametrize("text, words", NO_POLYNOMIALS.items(), ids=NO_POLYNOMIALS)
def test_texts_that_are_no_targets_are_refused(text, words):
    with pytest.raises(ValueError, match=words):
        to_target(text)


ELEMENTARY = {
    "1/x": "divides by x, so it may have a pole",
    "1/(2*t - 1)": "divides by 2\\*t - 1, so it may have a pole",
    "x**3/x": "divides by x",
    "x/(x - x)": "divides by zero",
    "x**-1": "nonnegative integer, got -1",
    "x**(1/2)": "nonnegative integer, got 1/2",
    "x**0.5": "nonnegative integer, got 1/2",
    "2**x": "nonnegative integer, got x",
    "t**t": "nonnegative integer, got t",
    "sin(x)": "sin is not a known function",
    "pi*x": "it contains pi",
}


@pytest.mark.parametrize("text, words", ELEMENTARY.items(), ids=ELEMENTARY)
def test_texts_that_are_no_polynomials_are_elementary_functions(text, words):
    assert isinstance(to_target(text), Elementary)
    with pytest.raises(ValueError, match=words):
        read_polynomial(text)


SYMPY = {
    "number": (sympy.Rational(1, 3), Polynomial.of(["1/3"])),
    "zero": (sympy.S.Zero, Polynomial.of([])),
    "symbol": (t, Polynomial.of([0, 1], "t")),
    "sum": (x**2 - x / 3 + 1, Polynomial.of([1, "-1/3", 1])),
    "product": ((x - 1) ** 2 * (2 * x + 3) / 7, Polynomial.of(["3/7", "-4/7", "-1/7", "2/7"])),
    "Poly": (sympy.Poly(x**2 / 3 + 1, x), Polynomial.of([1, 0, "1/3"])),
    "Poly without a variable": (sympy.Poly(3, x), Polynomial.of([3])),
    "integer symbol": (sympy.Symbol("n", integer=True) ** 2, Polynomial.of([0, 0, 1], "n")),
    "large power": ((x + 1) ** 300, to_target("(x + 1)**300")),
}


@pytest.mark.parametrize("expression, expected", SYMPY.values(), ids=SYMPY)
def test_sympy_expressions_are_read_exactly(expression, expected):
    assert to_target(expression) == expected


NO_SYMPY_POLYNOMIALS = {
    "float": (0.5 * x, ValueError, "it contains 0.50*, a float; pass a string"),
    "float that is an integer": (1.0 * x**2, ValueError, "it contains 1.0*, a float; pass a string"),
    "imaginary unit": (sympy.I * x, ValueError, "it contains I"),
    "function": (sympy.Function("f")(x), ValueError, r"it contains f\(x\)"),
    "infinity": (sympy.oo, ValueError, "it contains oo"),
    "nan": (sympy.nan, ValueError, "it contains nan"),
    "two variables": (x * y, ValueError, r"one variable, got \[x, y\]"),
    "Poly in two variables": (sympy.Poly(x + y), ValueError, "one variable"),
    "matrix symbol": (sympy.MatrixSymbol("A", 1, 1), ValueError, "one variable"),
    "huge degree": (x ** (10**9), ValueError, "degree at most 1000, got 1000000000"),
    "huge power of a sum": ((x + 1) ** (10**9), ValueError, "degree at most 1000"),
    "matrix": (sympy.Matrix([x]), TypeError, "must be a polynomial in one variable, got MutableDenseMatrix"),
    "equation": (sympy.Eq(x, 1), TypeError, "got Equality"),
    "truth": (sympy.true, TypeError, "got BooleanTrue"),
    "set": (sympy.Interval(0, 1), TypeError, "got Interval"),
    "class": (sympy.Symbol, TypeError, "got type"),
}


@pytest.mark.parametrize(
    "expression", [sympy.pi * x, sympy.sqrt(2) * x, sympy.sin(x), abs(x), 1 / x, sympy.sqrt(x), 2**x]
)
def test_other_sympy_expressions_are_elementary_functions(expression):
    assert isinstance(to_target(expression), Elementary)
    with pytest.raises(ValueError, match="polynomial"):
        read_polynomial(expression)


@pytest.mark.parametrize("expression, error, words", NO_SYMPY_POLYNOMIALS.values(), ids=NO_SYMPY_POLYNOMIALS)
def test_sympy_objects_that_are_no_polynomials_are_refused(expression, error, words):
    with pytest.raises(error, match=words):
        to_target(expression)


@pytest.mark.parametrize(
    "name", ["__import__('os').system('exit 1')", "x; y", "1/0", "", "a\nb", "lambda"], ids=repr
)
def test_a_symbol_with_a_hostile_name_is_a_variable_like_others(name):
    found = to_target(sympy.Symbol(name) ** 2 / 2)
    assert (found.variable, found.coefficients) == (name, (0, 0, Fraction(1, 2)))
    assert str(found) == f"{name}**2/2"


LISTS = {
    "list": ["0", "0", 1],
    "tuple": (0, 0, Fraction(1)),
    "range": range(0, 2),
    "integer array": np.array([0, 0, 1]),
    "array of objects": np.array([Fraction(0), 0, "1"], dtype=object),
    "tensor": SimpleNamespace(tolist=lambda: [0, 0, 1]),
}


@pytest.mark.parametrize("coefficients", LISTS.values(), ids=LISTS)
def test_a_list_holds_the_coefficients_in_ascending_order(coefficients):
    assert to_target(coefficients) == (Polynomial.of([0, 1]) if isinstance(coefficients, range) else SQUARE)


def test_wide_integer_arrays_do_not_overflow():
    assert to_target(np.array([0, 2**40]))(Fraction(2**40)) == 2**80


NO_TARGETS = {
    "bytes": (b"x", TypeError, "got bytes"),
    "bytearray": (bytearray(b"x"), TypeError, "got bytearray"),
    "number": (5, TypeError, "got int"),
    "numpy number": (np.int64(5), TypeError, "got int64"),
    "array without axes": (np.array(5), TypeError, "got ndarray"),
    "None": (None, TypeError, "got NoneType"),
    "function": (abs, TypeError, "got builtin_function_or_method"),
    "dictionary": ({0: 1}, TypeError, "got dict"),
    "set": ({0, 1}, TypeError, "got set"),
    "floats": ([0, 0.5], TypeError, "coefficient 1 must be exact, got the float 0.5"),
    "array of floats": (np.array([0.0, 1.0]), TypeError, "coefficient 0 must be exact, got the float 0.0"),
    "matrix": (np.array([[0, 1]]), TypeError, "coefficient 0 must be an exact number .*, got list"),
    "truth values": ([True], TypeError, "coefficient 0 must be a number, got the truth value True"),
    "words": (["x"], ValueError, "coefficient 0 must be a number such as"),
    "too many": ([0] * 1001 + [1], ValueError, "degree at most 1000, got 1001"),
}


@pytest.mark.parametrize("given_target, error, words", NO_TARGETS.values(), ids=NO_TARGETS)
def test_other_objects_are_no_targets(given_target, error, words):
    with pytest.raises(error, match=words):
        to_target(given_target)


def test_polynomials_of_floats_cannot_be_made():
    with pytest.raises(TypeError, match=r"coefficient 2 must be exact, got the float 1\.0"):
        Polynomial((0, 0, 1.0))


def test_targets_are_handed_through():
    for target in (SQUARE, Sawtooth(3), PiecewiseLinear.through((0, 0), (1, 1))):
        assert to_target(target) is target


def test_trailing_zeros_of_a_difference_are_dropped():
    rng = random.Random(1)
    for _ in range(50):
        top = Fraction(rng.randint(1, 9), rng.randint(1, 9))
        p, q = Polynomial.of([rng.randint(-9, 9), 1, top]), Polynomial.of([rng.randint(-9, 9), 2, top])
        assert (p - q).degree == 1
        assert (p - p, (p - p).degree) == (Polynomial.of([]), -1)
