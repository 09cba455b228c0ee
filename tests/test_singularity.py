"""Singularities are found where they are, named, and not found where there are none."""

import random
from fractions import Fraction

import pytest

from relu_constructions.elementary import Elementary
from relu_constructions.exact_values import exact_value
from relu_constructions.signs import Budget, signs_of, simplest, structural_signs

SINGULAR = {
    ("1/(x - 1/2)", (0, 1)): "1/(x - 1/2) has a pole at x = 1/2 in [0, 1]",
    ("1/x", (0, 1)): "1/x has a pole at x = 0 in [0, 1]",
    ("x**-3", (-1, 1)): "1/x**3 has a pole at x = 0 in [-1, 1]",
    ("1/(x**2 - x + 1/4)", (0, 1)): "1/(x**2 - x + 1/4) has a pole at x = 1/2 in [0, 1]",
    ("1/(x - 1/7)**2", (0, 1)): "1/(x - 1/7)**2 has a pole at x = 1/7 in [0, 1]",
    ("1/(x - pi/4)", (0, 1)): "1/(x - pi/4) has a pole near x = 0.78540 in [0, 1]",
    ("1/(exp(x) - 1)", (-1, 2)): "1/(exp(x) - 1) has a pole at x = 0 in [-1, 2]",
    ("1/sin(x)", (1, 4)): "1/sin(x) has a pole near x = 3.1416 in [1, 4]",
    ("1/(x - x)", (0, 1)): "1/(x - x) has a pole at x = 0 in [0, 1]",
    ("1/(0*(x + 1))", (0, 1)): "the target divides by zero",
    ("tan(pi*x)", (0, 1)): "tan(pi*x) has a pole at x = 1/2 in [0, 1]",
    ("tan(3*x)", (0, 1)): "tan(3*x) has a pole near x = 0.52360 in [0, 1]",
    ("log(x)", (0, 1)): "log(x) is not defined at x = 0 in [0, 1] (a branch cut)",
    ("log(x)", (-1, 1)): "log(x) is not defined at x = 0 in [-1, 1] (a branch cut)",
    ("log(x)", (-2, -1)): "log(x) is not defined at x = -3/2 in [-2, -1]: x is negative there",
    ("log(log(x))", ("1/2", 3)): "log(log(x)) is not defined at x = 1 in [1/2, 3] (a branch cut)",
    ("x**x", (0, 1)): "x**x is not defined at x = 0 in [0, 1] (a branch cut)",
    ("x**pi", (-1, 1)): "x**pi is not defined at x = 0 in [-1, 1] (a branch cut)",
    ("sqrt(x)", (0, 1)): "sqrt(x) has no derivative at x = 0 in [0, 1]",
    ("sqrt(x**2)", (-1, 1)): "sqrt(x**2) has no derivative at x = 0 in [-1, 1]",
    ("x**(1/3)", (-1, 1)): "x**(1/3) has no derivative at x = 0 in [-1, 1]",
    ("x**(3/2)", (0, 1)): "x**(3/2) is not smooth at x = 0 in [0, 1]",
    ("x**(-1/3)", (0, 1)): "1/x**(1/3) has a pole at x = 0 in [0, 1]",
    ("abs(x - 1/3)", (0, 1)): "abs(x - 1/3) has a kink at x = 1/3 inside [0, 1]",
    ("1 + abs(sin(x))", (0, 4)): "abs(sin(x)) has a kink near x = 3.1416 inside [0, 4]",
    ("abs(abs(x) - 1)", (-1, 1)): "abs(x) has a kink at x = 0 inside [-1, 1]",
    (
        "sin(x)/x",
        (-1, 1),
    ): "sin(x)/x divides by zero at x = 0 in [-1, 1]: it is 0/0 there, which is not defined",
    ("x/x", (0, 1)): "x/x divides by zero at x = 0 in [0, 1]: it is 0/0 there, which is not defined",
    ("log(-1)*x", (0, 1)): "log(-1) is not defined at x = 1/2 in [0, 1]: -1 is negative there",
    ("1/(x - y)", ((0, 1), (1, 3))): "1/(x - y) has a pole at x = 1, y = 1 in [0, 1] x [1, 3]",
    ("log(x**2 + y**2)", ((-1, 1), (-1, 1))): (
        "log(x**2 + y**2) is not defined at x = 0, y = 0 in [-1, 1]^2 (a branch cut)"
    ),
    ("1/(x**2 + y**2 - 1)", ((0, 1), (0, 1))): (
        "1/(x**2 + y**2 - 1) has a pole near x = 0.70711, y = 0.70711 in [0, 1]^2"
    ),
    ("abs(x*y - 1/4)", ((0, 1), (0, 1))): ("abs(x*y - 1/4) has a kink at x = 1, y = 1/4 inside [0, 1]^2"),
    ("1/(x**2 + 2*x*sqrt(2) + 2)", (-2, -1)): (
        "1/(x**2 + 2*x*sqrt(2) + 2) may have a pole near x = -1.4142 in [-2, -1]"
    ),
    ("abs((x - sqrt(2))*(x - sqrt(2)))", (1, 2)): (
        "abs((x - sqrt(2))*(x - sqrt(2))) may have a kink near x = 1.4142 inside [1, 2]"
    ),
    ("exp(exp(exp(100)))*x", (0, 1)): "exp(exp(exp(100)))*x is too large to be enclosed on [0, 1]",
}


@pytest.mark.parametrize("asked", SINGULAR, ids=lambda asked: f"{asked[0]} on {asked[1]}")
def test_a_singularity_is_named_with_its_place(asked):
    text, domain = asked
    with pytest.raises(ValueError, match=r"\w") as refusal:
        Elementary.of(text).demand_smooth(domain)
    assert str(refusal.value) == SINGULAR[asked]


SMOOTH = {
    ("1/x", ("1/1000000000000", 1)): "1/x",
    ("1/(x**2 - x + 1/4 + 1/1000000)", (0, 1)): "1/(x**2 - x + 250001/1000000)",
    ("log(x)", ("1/1000000000", 1)): "log(x)",
    ("1/sin(x)", (1, "3.14")): "1/sin(x)",
    ("tan(x)", ("-1.57", "1.57")): "tan(x)",
    ("sqrt(x**2 + 1/1000)", (-1, 1)): "sqrt(x**2 + 1/1000)",
    ("x**(10**9)", (0, 1)): "x**1000000000",
    ("abs(x)", (0, 1)): "x",
    ("abs(x)", (-1, 0)): "-x",
    ("abs(x - 1/3)", ("1/3", 1)): "x - 1/3",
    ("abs(x - 1/3)", (0, "1/3")): "-(x - 1/3)",
    ("abs(x**2)", (-1, 1)): "x**2",
    ("abs(x*(x - 1))", (0, 1)): "-x*(x - 1)",
    ("abs(sin(x))", (0, 3)): "sin(x)",
    ("abs(abs(x) - 1)", (0, 1)): "-(x - 1)",
    ("abs(cos(x)) + abs(exp(x))", (0, 1)): "cos(x) + exp(x)",
    ("abs(x*y)", ((0, 1), (0, "1/3"))): "x*y",
    ("abs(x - y)", ((0, 1), (1, 2))): "-(x - y)",
    ("1/(x - y)", ((0, 1), (2, 3))): "1/(x - y)",
    ("log(x**2 + y**2 + 1/1000)", ((-1, 1), (-1, 1))): "log(x**2 + y**2 + 1/1000)",
    ("1/(exp(100)*x - exp(100)*x + 1)", (0, 1)): "1/(exp(100)*x - exp(100)*x + 1)",
    ("sin(exp(exp(5)))*x", (0, 1)): "sin(exp(exp(5)))*x",
}


@pytest.mark.parametrize("asked", SMOOTH, ids=lambda asked: f"{asked[0]} on {asked[1]}")
def test_a_smooth_function_is_accepted_and_its_moduli_are_resolved(asked):
    text, domain = asked
    assert str(Elementary.of(text).on(domain)) == SMOOTH[asked]


def test_after_that_a_kink_at_the_boundary_does_no_harm():
    f = Elementary.of("abs(x - 1/3)**3").on((0, "1/3"))
    found = f.taylor(Fraction(0), Fraction(1, 3), Fraction(1, 3), 4, 64)
    assert all(c.is_finite() for c in found)
    assert found[3].contains(-1)


def test_every_random_rational_pole_and_kink_is_found():
    rng = random.Random(3)
    for _ in range(40):
        root = Fraction(rng.randint(1, 99), 100)
        for text, words in ((f"cos(x)/(x - {root})", "pole"), (f"abs(exp(x)*(x - {root}))", "kink")):
            with pytest.raises(ValueError, match=f"{words} at x = {root} in"):
                Elementary.of(text).demand_smooth((0, 1))
            Elementary.of(text).demand_smooth((root + Fraction(1, 10**6), 2))


@pytest.mark.parametrize(
    "text",
    [
        "x**2",
        "-x",
        "x*exp(x)",
        "x**3 - 1",
        "cosh(x) + x**2",
        "-(x**4)",
        "atan(x)",
        "sqrt(x + 2)",
        "x**(1/3)",
        "abs(x)*x**2",
        "(x + 2)**-1",
        "x + x",
        "2 - x",
    ],
)
@pytest.mark.parametrize("box", [(0, 1), (-1, 0), (-1, 1), ("1/2", 1)])
def test_signs_by_structure_contain_the_signs_of_values(text, box):
    lo, hi = map(Fraction, box)
    f = Elementary.of(text)
    allowed = structural_signs(f.node, ((lo, hi),))
    for k in range(9):
        x = lo + (hi - lo) * Fraction(k, 8)
        try:
            found = f.value(x)
        except ValueError:
            continue
        signs = {-1} if found.upper < 0 else {1} if found.lower > 0 else {0} if found.is_exact else allowed
        assert signs <= allowed


def test_the_simplest_rational():
    rng = random.Random(4)
    for _ in range(300):
        a, b = (Fraction(rng.randint(-500, 500), rng.randint(1, 300)) for _ in range(2))
        lo, hi = min(a, b), max(a, b)
        found = simplest(lo, hi)
        assert lo <= found <= hi
        q = found.denominator
        assert all(-(-lo.numerator * d // lo.denominator) > hi * d for d in range(1, min(q, 60)))
    deep = Fraction(10**3000 + 1, 3 * 10**2999)
    assert simplest(deep, deep) == deep


VALUES = {
    "cos(pi*x)": ("1/2", 0),
    "sin(pi*x) + x": ("3/2", "1/2"),
    "tan(3*pi)": (0, 0),
    "sqrt(x) + x**-2": (4, "33/16"),
    "exp(log(x))*cosh(x - 1)": (1, 1),
    "abs(x)**3 + atan(0)": (-2, 8),
    "x*(pi - pi)": (1, 0),
}


@pytest.mark.parametrize("text", VALUES)
def test_exact_values(text):
    x, value = VALUES[text]
    assert exact_value(Elementary.of(text, variables="x").node, [Fraction(x)]) == (Fraction(value), 0)


@pytest.mark.parametrize(
    "text",
    [
        "sin(x)",
        "pi*pi",
        "x**(10**9)",
        "sqrt(x)",
        "1/(x - 2)",
        "cos(pi*x/3)",
        "x**pi",
        "tan(pi/2)",
        "log(2)",
        "exp(pi)",
    ],
)
def test_other_values_are_not_claimed_to_be_exact(text):
    assert exact_value(Elementary.of(text, variables="x").node, [Fraction(2)]) is None


def test_the_search_ends_when_its_budget_does():
    node = Elementary.of("x**2 - 2*x*sqrt(2) + 2 + 10**-15").node
    found = signs_of(node, ((Fraction(0), Fraction(2)),), True, Budget(100))
    assert found.signs == {-1, 0, 1}
    assert not found.exact
