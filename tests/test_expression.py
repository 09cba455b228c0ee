"""Expressions: the grammar, its precedence, and hostile texts, which are refused cleanly and at once."""

import operator
import random
import warnings
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions.expression import Algebra, evaluate, parse, variables
from relu_constructions.targets import to_target

RATIONALS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": lambda base, exponent: base ** int(exponent),
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "if": lambda test, then, other, inner: inner(then if test else other),
}


def value(text, functions=None, **names):
    """Evaluate a text in rationals."""
    functions = functions or {}
    return evaluate(parse(text, functions, True), Algebra(Fraction, names, RATIONALS, functions))


VALUES = {
    "0.1": Fraction(1, 10),
    "0.1 + 0.2": Fraction(3, 10),
    ".5e-3": Fraction(1, 2000),
    "1E2": Fraction(100),
    "3.": Fraction(3),
    "9007199254740993": Fraction(2**53 + 1),
    "1e400": Fraction(10**400),
    "2*x^2": Fraction(18),
    "-x**2": Fraction(-9),
    "(-x)**2": Fraction(9),
    "2**3**2": Fraction(512),
    "2^3^2": Fraction(512),
    "2**-1": Fraction(1, 2),
    "-2**-1": Fraction(-1, 2),
    "--x": Fraction(3),
    "+-+x": Fraction(-3),
    "8/4/2": Fraction(1),
    "8 - 4 - 2": Fraction(2),
    "8/4*2": Fraction(4),
    "1/x + y": Fraction(16, 3),
    " x\n*\ty ": Fraction(15),
    "x\u00a0+\u2003y": Fraction(8),
    "((x))": Fraction(3),
    "x if x < y else y": Fraction(3),
    "x if x >= y else y": Fraction(5),
    "1 if x == 3 else 0": Fraction(1),
    "1 if x <= 2 else 2 if x > 4 else 3": Fraction(3),
}


@pytest.mark.parametrize("text, expected", VALUES.items(), ids=VALUES)
def test_texts_have_the_value_of_school(text, expected):
    assert value(text, x=Fraction(3), y=Fraction(5)) == expected


def random_expression(rng, x, depth):
    """A random value, computed by Python's Fractions, and the text for it."""
    if depth == 0 or rng.random() < 0.2:
        number = rng.randint(0, 99)
        return rng.choice(
            [(x, "x"), (Fraction(number), f"{number}"), (number + Fraction(1, 4), f"{number}.25")]
        )
    (a, first), (b, second) = random_expression(rng, x, depth - 1), random_expression(rng, x, depth - 1)
    k = rng.randint(0, 3)
    return rng.choice(
        [
            (a + b, f"{first} + ({second})"),
            (a - b, f"{first} - ({second})"),
            (a * b, f"({first})*({second})"),
            (-a, f"-({first})"),
            (-(a**k), f"-({first})**{k}"),
            (a**k, f"({first})^{k}"),
            (2 * a**k, f"2*({first}) ^ {k}"),
            (a / 7, f"({first})/7"),
        ]
    )


def test_random_expressions_agree_with_python():
    rng = random.Random(1)
    for _ in range(300):
        x = Fraction(rng.randint(-9, 9), rng.randint(1, 9))
        expected, text = random_expression(rng, x, 4)
        assert value(text, x=x) == expected


def test_functions_are_called_by_name_and_are_no_variables():
    functions = {"Max": max, "Abs": abs}
    assert value("Max(x, Abs(-7), 2)", functions, x=Fraction(3)) == 7
    assert variables(parse("Max(x, y1) + Max2 - a_b", functions)) == {"x", "y1", "Max2", "a_b"}
    assert variables(parse("1 + 2")) == frozenset()


HOSTILE = {
    "import": "__import__('os').system('x')",
    "import without quotes": "__import__(os)",
    "call of a builtin": "print(x)",
    "call of the variable": "x()",
    "call of a call": "sin(x)(x)",
    "call of a power": "(x**2)(3)",
    "lambda": "lambda: 1",
    "comprehension": "[x for x in (1,)]",
    "generator": "(x for x in x)",
    "attribute": "x.real",
    "attribute of a number": "(1).real",
    "hidden attribute": "x.__class__",
    "subscript": "x[0]",
    "slice": "x[:]",
    "f-string": "f'{x}'",
    "string": "'x'",
    "bytes": "b'x'",
    "doubled string": "'''",
    "escape": '"\\d"',
    "walrus": "(x:=1)",
    "assignment": "x=1",
    "two statements": "x;x",
    "import statement": "import os",
    "second line": "x\nimport os",
    "keyword argument": "f(x=1)",
    "starred": "*x",
    "starred argument": "f(*x)",
    "starred keywords": "f(**x)",
    "tuple": "x, x",
    "empty tuple": "()",
    "list": "[x]",
    "dictionary": "{x: x}",
    "set": "{x}",
    "complex": "1j",
    "underscore in a number": "1_0",
    "hexadecimal": "0x10",
    "octal": "0o17",
    "leading zero": "017",
    "exponent without digits": "1e",
    "product without a sign": "2x",
    "number and word": "1or x",
    "hexadecimal and word": "0xfor x",
    "None": "None",
    "True": "True",
    "ellipsis": "...",
    "and": "x and x",
    "not": "not x",
    "in": "x in x",
    "is": "x is x",
    "not equal": "x != 1",
    "chained comparison": "1 < x < 2",
    "floor division": "x//2",
    "modulo": "x%2",
    "matrix product": "x@x",
    "shift": "x<<2",
    "bits": "x|1&2",
    "inversion": "~x",
    "two powers": "x^^2",
    "await": "await x",
    "yield": "(yield x)",
    "comment": "x # y",
    "comment alone": "# x",
    "backslash": "x\\\n+1",
    "NUL": "x\0",
    "control character": "x\x1b[31m",
    "Cyrillic x": "\u0445**2",
    "superscript": "x\u00b2",
    "minus sign": "x \u2212 1",
    "wide digits": "\uff11 + x",
    "letter that Python folds": "\u02e3",
    "surrogate": "\ud800",
    "empty": "",
    "blank": " \n\t ",
    "open parenthesis": "(x",
    "closed parenthesis": "x)",
    "dangling sign": "x +",
    "two numbers": "1 2",
    "many open parentheses": "(" * 4999,
    "nested parentheses": "(" * 10_000 + "x" + ")" * 10_000,
    "nested sums": "x-(" * 150 + "x" + ")" * 150,
    "nested calls": "f(" * 150 + "x" + ")" * 150,
    "many signs": "-" * 5000 + "x",
    "few signs too many": "-" * 102 + "x",
    "tower of powers": "x**" * 3000 + "x",
    "tower of conditions": "1 if x else " * 800 + "1",
    "very long": "x" * 10**6,
    "long number": "1" * 4001,
    "huge exponent of ten": "1e999999999",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("options", [((), False), (("f", "sin"), True)], ids=["target", "formula"])
def test_hostile_texts_are_refused_without_a_warning(text, options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(ValueError, match=r"^.{10,}$") as refusal:
            parse(text, *options)
    assert caught == []
    assert len(str(refusal.value)) < 200
    assert str(refusal.value).encode("ascii", "ignore").decode().isprintable()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_hostile_text_is_a_target(text):
    with pytest.raises(ValueError, match=r"^.{10,}$"):
        to_target(text)


@pytest.mark.parametrize(
    "given",
    [b"x", bytearray(b"x"), None, 3, 0.5, ["x"], parse("x"), np.array("x")],
    ids=lambda value: type(value).__name__,
)
def test_only_strings_are_parsed(given):
    with pytest.raises(TypeError, match="an expression must be a string, got "):
        parse(given)


def test_numbers_with_as_many_digits_as_are_allowed_are_read():
    assert value("9" * 4000) == 10**4000 - 1
    assert value("1e-100000") == Fraction(1, 10**100000)


@pytest.mark.parametrize("terms", [2, 100, 500])
def test_a_long_sum_has_its_value(terms):
    assert value("x+" * terms + "x", x=Fraction(1)) == terms + 1


def test_a_sum_too_long_for_the_parser_of_python_is_refused_cleanly():
    try:
        found = value("x+" * 4000 + "x", x=Fraction(1))
    except ValueError as refusal:
        found = str(refusal).partition("is ")[2]
    assert found in (4001, "nested too deeply")


@pytest.mark.parametrize(
    "text, column", [("x + sin(y)", 5), ("x^2 + z.a", 8), ("2 + 0x1", 5), ("x + [y]", 5)]
)
def test_the_refused_part_is_named_by_its_column(text, column):
    with pytest.raises(ValueError, match=rf"\(column {column} of ['\"]"):
        parse(text)


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r'unknown name z; known names: x, y \(column 5 of "x \+ z"\)'):
        value("x + z", y=1, x=Fraction(1))
    with pytest.raises(ValueError, match="unknown name x; known names: none"):
        value("x")
