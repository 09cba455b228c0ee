"""Theorems as data: both readings of every formula agree, logarithms are exact, nonsense is refused."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest
import sympy

from relu_constructions import Theorem, calculus, square
from relu_constructions.constructions import absolute_value, hat, sawtooth
from relu_constructions.constructions.square import LEVELS
from relu_constructions.constructions.square import THEOREMS as SQUARES
from relu_constructions.theorem import Claim, evaluate_formula, sympy_formula

THEOREMS = {
    "absolute value": absolute_value.THEOREM,
    **{f"hat {form}": theorem for form, theorem in hat.THEOREMS.items()},
    **{f"sawtooth {form}": theorem for form, theorem in sawtooth.THEOREMS.items()},
    **{f"square {form}": theorem for form, theorem in SQUARES.items()},
    **{f"calculus {name}": theorem for name, theorem in calculus.THEOREMS.items()},
}
FORMULAS = {
    f"{name}, {quantity}": (formula, theorem.parameters)
    for name, theorem in THEOREMS.items()
    for formulas in (theorem.equals, theorem.at_most, theorem.published)
    for quantity, formula in formulas.items()
}
PARAMETERS = {
    "B": lambda rng: Fraction(rng.randint(1, 40), rng.randint(1, 9)),
    "c": lambda rng: rng.randint(0, 1),
    "s": lambda rng: rng.randint(0, 1),
    "m": lambda rng: rng.choice((1, 2, 3, 4, rng.randint(1, 30))),
    "k": lambda rng: rng.randint(2, 9),
}


def drawn(rng, names):
    return {name: PARAMETERS.get(name, lambda r: r.randint(1, 12))(rng) for name in names}


def exactly(expression):
    number = sympy.S(expression)
    return Fraction(int(number.p), int(number.q))


@pytest.mark.parametrize("formula, parameters", FORMULAS.values(), ids=FORMULAS)
def test_a_formula_means_the_same_in_rationals_and_in_sympy(formula, parameters):
    rng = random.Random(formula)
    for _ in range(12):
        values = drawn(rng, parameters)
        symbols = {name: sympy.Rational(v.numerator, v.denominator) for name, v in values.items()}
        assert exactly(sympy_formula(formula, parameters, symbols)) == evaluate_formula(formula, values)


@pytest.mark.parametrize("formula, parameters", FORMULAS.values(), ids=FORMULAS)
def test_symbols_can_be_put_in_first_and_numbers_afterwards(formula, parameters):
    rng = random.Random(formula)
    general = sympy_formula(formula, parameters, {"B": sympy.Symbol("B", positive=True)})
    assert {symbol.name for symbol in sympy.sympify(general).free_symbols} <= set(parameters)
    values = {name: rng.randint(2, 9) for name in parameters}
    substituted = sympy.sympify(general).subs(
        {s: values[s.name] for s in sympy.sympify(general).free_symbols}
    )
    assert exactly(substituted) == evaluate_formula(formula, values)


@pytest.mark.parametrize("norm", LEVELS)
@pytest.mark.parametrize("k", [2, 3, 4])
def test_the_number_of_levels_agrees_with_sympy(norm, k):
    rng = random.Random(k)
    for _ in range(25):
        exact = Fraction(k) ** -rng.randint(0, 12)
        values = {
            "B": Fraction(rng.choice((1, 1, 2, 9)), rng.choice((1, 1, 3))),
            "c": rng.randint(0, 1),
            "k": k,
            "eps": rng.choice(
                (exact, exact * Fraction(10**9 + 1, 10**9), Fraction(1, rng.randint(2, 10**9)))
            ),
        }
        symbols = {
            name: sympy.Rational(Fraction(v).numerator, Fraction(v).denominator) for name, v in values.items()
        }
        assert exactly(sympy_formula(LEVELS[norm], tuple(values), symbols)) == evaluate_formula(
            LEVELS[norm], values
        )


@pytest.mark.parametrize("base", [2, 3, 4, 10, 49, Fraction(3, 2), Fraction(1001, 1000)], ids=str)
def test_ceilings_and_floors_of_logarithms_are_exact_at_powers_and_beside_them(base):
    for exponent in (*range(-6, 7), 100, -101, 1000):
        power, hair = Fraction(base) ** exponent, Fraction(1, 10**2000)
        for argument, below, above in (
            (power, exponent, exponent),
            (power * (1 + hair), exponent, exponent + 1),
            (power * (1 - hair), exponent - 1, exponent),
        ):
            values = {"x": argument, "b": base}
            assert evaluate_formula("floor(log(x, b))", values) == below
            assert evaluate_formula("ceiling(log(x, b))", values) == above


def test_the_ceiling_of_a_logarithm_is_the_least_sufficient_exponent():
    rng = random.Random(7)
    for _ in range(200):
        base = 1 + Fraction(rng.randint(1, 50), rng.randint(1, 20))
        argument = Fraction(rng.randint(1, 10**9), rng.randint(1, 10**9))
        k = int(evaluate_formula("ceiling(log(x, b))", {"x": argument, "b": base}))
        assert base ** (k - 1) < argument <= base**k


@pytest.mark.parametrize("digits, levels", [(6, 20), (1000, 3322), (100_000, 332_193)])
def test_levels_for_tiny_accuracies_are_exact(digits, levels):
    assert 2 ** (levels - 1) < 10**digits <= 2**levels
    assert evaluate_formula("ceiling(log(1/eps, 2))", {"eps": Fraction(1, 10**digits)}) == levels


def test_the_squaring_network_has_the_least_number_of_levels():
    for m in (1, 2, 3, 20):
        exact, hair = Fraction(1, 2**m), Fraction(1, 10**30)
        for eps, expected in ((exact, m), (exact - hair, m + 1), (exact + hair, m)):
            assert dict(square(eps).derivation.parameters)["m"] == expected


ROUNDINGS = {
    "floor(-1/2)": -1,
    "ceiling(-1/2)": 0,
    "floor(7/2) + ceiling(7/2)": 7,
    "floor(3) + ceiling(3)": 6,
    "Abs(-3/2)": Fraction(3, 2),
    "Max(1, 5/2, 2) - Min(1, 1/2)": 2,
    "2**-3 - -1": Fraction(9, 8),
    "(2/3)**-2": Fraction(9, 4),
    "7*2 - 4 if 2 >= 2 else 5": 10,
    "5 if 1 < 0 else 6 if 1 == 1 else 7": 6,
    "1 if 2 > 2 else 0": 0,
}


@pytest.mark.parametrize("formula, value", ROUNDINGS.items(), ids=ROUNDINGS)
def test_formulas_have_the_value_of_school(formula, value):
    assert evaluate_formula(formula, {}) == value


HOSTILE = {
    "import": "__import__('os')",
    "attribute": "m.real",
    "subscript": "m[0]",
    "lambda": "(lambda: 1)()",
    "unknown function": "exp(m)",
    "unknown name": "n + 1",
    "keyword argument": "log(m, b=2)",
    "float root": "m**(1/2)",
    "huge power": "2**(2**100)",
    "tower": "9**9**9",
    "long base": "(10**1000)**10000",
    "division by zero": "1/(m - 3)",
    "zero to the power minus one": "(m - 3)**-1",
    "logarithm alone": "log(m, 2)",
    "logarithm without a base": "ceiling(log(m))",
    "logarithm of zero": "ceiling(log(0, 2))",
    "floor of the logarithm of zero": "floor(log(0, 2))",
    "logarithm of a negative number": "ceiling(log(-m, 2))",
    "base one": "ceiling(log(m, 1))",
    "base below one": "ceiling(log(m, 1/2))",
    "base close to one": "ceiling(log(10**1000, 1 + 1/10**9))",
    "base very close to one": "ceiling(log(10**1000, 1 + 1/10**30))",
    "sum of logarithms": "ceiling(log(m, 2) + log(m, 2))",
    "multiple of a logarithm": "ceiling(2*log(m, 2))",
    "power of a logarithm": "2**log(m, 2)",
    "logarithm of a logarithm": "ceiling(log(log(m, 2), 2))",
    "largest logarithm": "ceiling(Max(log(4, 2), log(5, 100)))",
    "comparison with a logarithm": "1 if log(4, 2) == 2 else 0",
    "order of logarithms": "1 if log(4, 2) < log(5, 100) else 0",
    "comparison alone": "m >= 2",
    "function without arguments": "Max()",
    "ceiling of two": "ceiling(1, 2)",
    "empty": "",
}


@pytest.mark.parametrize("formula", HOSTILE.values(), ids=HOSTILE)
def test_formulas_without_a_value_are_refused(formula):
    with pytest.raises(ValueError, match=r"^.{10,200}$"):
        evaluate_formula(formula, {"m": 3})


PARSED_ONLY = ["__import__('os')", "m.real", "m[0]", "exp(m)", "n + 1", "(lambda: 1)()", "1 < m < 2", ""]


@pytest.mark.parametrize("formula", PARSED_ONLY)
def test_hostile_formulas_do_not_reach_sympy(formula):
    with pytest.raises(ValueError, match=r"^.{10,200}$"):
        sympy_formula(formula, ("m",), {})


def test_parameters_are_exact():
    assert evaluate_formula("m**2", {"m": np.int64(2**40)}) == 2**80
    assert evaluate_formula("B/2", {"B": "3/2"}) == Fraction(3, 4)
    with pytest.raises(TypeError, match=r"m must be exact, got the float 0\.5"):
        evaluate_formula("m", {"m": 0.5})


EXAMPLE = Theorem(
    "example",
    "nothing",
    "nowhere",
    ("m",),
    equals={"depth": "m + 1", "connectivity": "7*m - 4"},
    at_most={"value_error": "4**-m"},
)


def test_claims_say_what_relation_holds():
    assert EXAMPLE.claims(m=2) == (
        Claim("depth", "=", "m + 1", Fraction(3)),
        Claim("connectivity", "=", "7*m - 4", Fraction(10)),
        Claim("value_error", "<=", "4**-m", Fraction(1, 16)),
    )
    for claim, below in itertools.product(EXAMPLE.claims(m=2), (True, False)):
        fact = claim.value - Fraction(1, 10**9) if below else claim.value + Fraction(1, 10**9)
        assert claim.holds(fact) == (below and claim.relation == "<=")
        assert claim.holds(claim.value)


def test_a_quantity_of_which_nothing_is_said_is_named_with_the_others():
    assert (EXAMPLE.claim("depth", m=5), EXAMPLE.claim("value_error", m=1)) == (6, Fraction(1, 4))
    for ask in (lambda: EXAMPLE.claim("width", m=1), lambda: EXAMPLE.formula("width")):
        with pytest.raises(
            ValueError, match="'example' says nothing of 'width'; it speaks of depth, connectivity"
        ):
            ask()


def test_formulas_are_sympy_expressions_in_positive_integers():
    m, real = sympy.Symbol("m", integer=True, positive=True), sympy.Symbol("m", real=True)
    assert EXAMPLE.formula("value_error") == 4**-m
    assert EXAMPLE.formula("depth", m=real) == real + 1
    assert EXAMPLE.formula("connectivity", m=sympy.Integer(3)) == 17
