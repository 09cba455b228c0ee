"""Functions given by Python callables on balls."""

import copy
from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx

from relu_constructions.ball_function import BallFunction
from relu_constructions.balls import ball, ball_of, enclosure_of, ends, undefined, working
from relu_constructions.elementary import Elementary
from relu_constructions.targets import same_function, shown_targets, to_target, to_targets

SINE = BallFunction(lambda x: x.sin(), lambda x: x.cos(), lambda x: -x.sin(), name="sine")
GAMMA = BallFunction(lambda x: x.gamma(), lambda x: x.gamma() * x.digamma(), name="gamma")


def test_it_agrees_with_the_expression():
    written = Elementary.of("sin(x)")
    lo, hi, at = Fraction(1, 3), Fraction(1, 2), Fraction(2, 5)
    for order in (1, 2):
        theirs, ours = written.taylor(lo, hi, at, order, 100), SINE.taylor(lo, hi, at, order, 100)
        assert len(ours) == order + 1
        assert all(a.overlaps(b) and b.rad() < 0.2 for a, b in zip(theirs, ours, strict=True))
    assert abs(SINE.enclosure((0, 2)).upper - written.enclosure((0, 2)).upper) <= Fraction(1, 10**6)
    assert abs(SINE.enclosure((0, 4), 1).lower - written.enclosure((0, 4), 1).lower) <= Fraction(1, 10**6)


def test_values_and_ranges_of_the_gamma_function():
    with mpmath.workdps(50):
        for x in ("1/2", "7/3", 4):
            found, value = (
                GAMMA.value(x, "1e-30"),
                mpmath.gamma(mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator),
            )
            assert found.upper - found.lower <= found.lower / 10**30
            assert mpmath.mpf(found.lower.numerator) / found.lower.denominator <= value * (
                1 + mpmath.mpf(10) ** -45
            )
            assert mpmath.mpf(found.upper.numerator) / found.upper.denominator >= value * (
                1 - mpmath.mpf(10) ** -45
            )
    least = GAMMA.enclosure((1, 2), tolerance="1e-4").lower
    assert Fraction("0.8854") < least < Fraction("0.8857")


def test_it_is_a_target_of_one_variable():
    assert to_target(SINE) is to_targets(SINE, variables="t")[0] is SINE
    assert (SINE.orders, GAMMA.orders, SINE.dimension, shown_targets((SINE,))) == (2, 1, 1, "sine")
    assert same_function(SINE, SINE)
    assert not same_function(SINE, GAMMA)
    assert not same_function(SINE, Elementary.of("sin(x)"))
    assert SINE.on((0, 1)) is SINE
    SINE.demand_smooth((0, 1))
    assert copy.copy(SINE) == SINE
    with pytest.raises(ValueError, match="must have 2 variables, got sine"):
        to_target(SINE, inputs=2)


BAD = {
    "raises": (lambda x: 1 / 0, ValueError, "the function broken must map balls .* raised ZeroDivisionError"),
    "wrong attribute": (lambda x: x.nothing(), ValueError, "raised AttributeError"),
    "float": (lambda x: 0.5, TypeError, "must return a ball .flint.arb., got float"),
    "None": (lambda x: None, TypeError, "got NoneType"),
    "two arguments": (lambda x, y: x, ValueError, "raised TypeError"),
}


@pytest.mark.parametrize("f, error, words", BAD.values(), ids=BAD)
def test_functions_that_fail_are_named(f, error, words):
    broken = BallFunction(f, lambda x: x, name="broken")
    precision = ctx.prec
    with pytest.raises(error, match=words):
        broken.taylor(Fraction(0), Fraction(1), Fraction(0), 1, 100)
    assert ctx.prec == precision


@pytest.mark.parametrize(
    "arguments, options, error, words",
    [
        ((3, abs), {}, TypeError, "f must be a function of balls, got int"),
        ((abs, None), {}, TypeError, "derivative must be a function of balls, got NoneType"),
        ((abs, abs, "x"), {}, TypeError, "second must be a function of balls, got str"),
        ((abs, abs), {"name": ""}, ValueError, "name must be a line"),
        ((abs, abs), {"name": "a\nb"}, ValueError, "name must be a line"),
        ((abs, abs), {"name": 3}, ValueError, "name must be a line"),
    ],
)
def test_what_is_no_function_is_refused(arguments, options, error, words):
    with pytest.raises(error, match=words):
        BallFunction(*arguments, **options)


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: GAMMA.taylor(Fraction(1), Fraction(2), Fraction(1), 2, 64),
            "order must be from 1 to 1 for gamma, got 2",
        ),
        (lambda: SINE.taylor(Fraction(1), Fraction(2), Fraction(1), 0, 64), "order must be from 1 to 2"),
        (lambda: GAMMA.enclosure((1, 2), 2), "order must be from 0 to 1 for gamma, got 2"),
        (
            lambda: GAMMA.enclosure((-1, 1)),
            "the range of gamma cannot be enclosed: nothing finite is known of it on",
        ),
        (lambda: GAMMA.value(0), "gamma at 0 cannot be shown to be defined"),
        (lambda: SINE.on((1, 0)), "lo < hi"),
    ],
)
def test_questions_beyond_what_is_given_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_bare_function_is_refused_with_what_to_pass():
    for f in (lambda x: x, abs, arb.sin):
        with pytest.raises(
            TypeError, match=r"for a Python function of balls pass BallFunction\(f, derivative\)"
        ):
            to_target(f)


def test_balls_and_rationals():
    with working(53):
        for lo, hi in (
            (Fraction(1, 3), Fraction(2, 3)),
            (Fraction(0), Fraction(1, 10**30)),
            (Fraction(-7), Fraction(-7)),
        ):
            found = ends(ball_of(lo, hi))
            assert found[0] <= lo <= hi <= found[1]
            assert Fraction(1, 3) in enclosure_of(ball(Fraction(1, 3)))
    with pytest.raises(ValueError, match="must be finite"):
        ends(undefined())
    precision, cap = ctx.prec, ctx.cap
    with working(99, 7):
        assert (ctx.prec, ctx.cap) == (99, 7)
    with pytest.raises(ZeroDivisionError), working(99, 7):
        ball(Fraction(1, 0))
    assert (ctx.prec, ctx.cap) == (precision, cap)
