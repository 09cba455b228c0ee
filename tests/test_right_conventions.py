"""Right conventions against the symbolic derivative, inequalities of sympy, and D(Phi) at single numbers."""

import itertools
import random
import sys
from fractions import Fraction

import pytest
import sympy

from relu_constructions import (
    ABSOLUTE_VALUE,
    HARD_TANH,
    Parametrization,
    derivative,
    hat,
    leaky_relu,
    one_sided_derivative,
    square,
)
from relu_constructions.kinks import kinks
from relu_constructions.right_conventions import Condition, right_conventions, solution

C = sympy.Symbol("c", real=True)
I1 = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
Z = Parametrization([([[1]], [0]), ([[-1]], [0]), ([[1]], [0])])
I2 = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0])])
I3 = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1], [-1, 0]], [0] * 3), ([[1, -1, 2]], [0])])
I4 = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1], [-1, 0]], [5, 0]), ([[1, 2]], [-5])])
ROOT = 1 / sympy.sqrt(2)


def network(rng, widths, **others):
    layers = [
        (
            [[rng.choice([0, 1, -1, 2]) for _ in range(n)] for _ in range(m)],
            [rng.choice([0, 0, 1]) for _ in range(m)],
        )
        for n, m in itertools.pairwise([1, *widths, 1])
    ]
    return Parametrization(layers, **others)


def rational(number):
    return sympy.Rational(number.numerator, number.denominator)


def polynomial_and_sides(phi, x):
    """D(Phi)(x) as a polynomial in c, and the ends of the Clarke set."""
    sides = sorted(one_sided_derivative(phi, x, side) for side in (-1, 1))
    return sympy.Poly(derivative(phi, x, at_kink=C), C), *map(rational, sides)


@pytest.mark.parametrize(
    "phi, expected",
    [
        (I1, sympy.FiniteSet(sympy.Rational(1, 2))),
        (Z, sympy.FiniteSet(0)),
        (I2, sympy.FiniteSet(-ROOT, ROOT)),
        (I3, sympy.S.EmptySet),
        (I4, sympy.S.EmptySet),
        (hat(), sympy.Interval(0, 1)),
        (hat("three_neurons"), sympy.Interval(0, 1)),
    ],
    ids=["I1", "Z", "I2", "I3", "I4", "hat", "three neurons"],
)
def test_by_hand(phi, expected):
    assert right_conventions(phi, 0) == expected
    assert kinks(phi).right_conventions() == expected


def test_away_from_kinks_every_number_is_right():
    for phi in (I1, I3, hat(), Parametrization([([[2]], [3])])):
        assert right_conventions(phi, "1/3") == sympy.S.Reals
    assert kinks(hat(), (2, 3)).right_conventions() == sympy.S.Reals


def test_a_square_leaves_the_clarke_set_on_both_sides():
    """D = c^2 for rho(rho(x)), between 0 and 1; 3 c^2 for rho(rho(x)) - 2 rho(rho(-x)), between 1 and 2."""
    twice = Parametrization([([[1]], [0]), ([[1]], [0]), ([[1]], [0])])
    assert right_conventions(twice, 0) == sympy.Interval(-1, 1)
    bent = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, -2]], [0])])
    low, high = 1 / sympy.sqrt(3), sympy.sqrt(6) / 3
    expected = sympy.Union(sympy.Interval(-high, -low), sympy.Interval(low, high))
    assert right_conventions(bent, 0) == expected


def test_half_lines_points_and_intervals_together():
    """c^2 (c - 1) (c - 2) in [0, 24], p = -c^2 in [0, 1], and c^3 - 2 = 0."""
    assert solution([Condition((0, 0, 2, -3, 1), 10**6)]).contains(0) is sympy.true
    found = solution([Condition((0, 0, 2, -3, 1), 24)])
    low, high = sympy.Poly(C**4 - 3 * C**3 + 2 * C**2 - 24, C).real_roots()
    assert found == sympy.Union(sympy.Interval(low, 1), sympy.Interval(2, high))
    assert solution([Condition((0, 0, -1), 1)]) == sympy.FiniteSet(0)
    assert solution([Condition((-2, 0, 0, 1), 0)]) == sympy.FiniteSet(
        sympy.Rational(2) ** sympy.Rational(1, 3)
    )
    assert solution([Condition((0, 0, -1), 1), Condition((1, 1), 2)]) == sympy.FiniteSet(0)
    assert solution([Condition((5,), 2)]) == solution([Condition((-1,), 0)]) == sympy.S.EmptySet
    assert solution([Condition((1,), 2), Condition((), 0)]) == sympy.S.Reals
    assert solution([Condition((1, 0, 1), 0)]) == sympy.S.EmptySet


def test_roots_that_are_close_are_kept_apart():
    """c (10^40 c - 1) >= 0 with (c - 1)/10^50 <= ...: neighbours at distance 10^-40."""
    tiny = 10**40
    near = solution([Condition((-1, tiny), tiny), Condition((0, -1, tiny), 10**100)])
    assert near.inf == sympy.Rational(1, tiny)
    both = solution([Condition((0, 1, -tiny), tiny)])
    assert both == sympy.Interval(0, sympy.Rational(1, tiny))
    assert solution([Condition((-1, tiny), 0), Condition((-1, tiny + 1), 0)]) == sympy.S.EmptySet


ACTIVATIONS = {
    "ReLU": {},
    "leaky": {"activation": leaky_relu("1/3")},
    "absolute": {"activation": ABSOLUTE_VALUE},
    "clip": {"activation": HARD_TANH},
}


@pytest.mark.parametrize("others", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_the_symbolic_derivative_says_the_same(others):
    """At a root of p - l or p - r, and between roots, c is in the set if and only if l <= p(c) <= r."""
    rng = random.Random(0)
    shapes = set()
    for _ in range(12):
        phi = network(rng, rng.choice([[2], [2, 2], [3, 2, 2], [2, 2, 2, 2]]), **others)
        for kink in kinks(phi, (-2, 2)):
            p, low, high = polynomial_and_sides(phi, kink.x)
            found = right_conventions(phi, kink.x)
            shapes.add(type(found))
            roots = [root for q in (p - low, p - high) if q.degree() > 0 for root in q.real_roots()]
            assert all(found.contains(root) is sympy.true for root in roots)
            for number in {Fraction(k, 7) for k in range(-10, 18)} | {Fraction(1, 2)}:
                value = p.eval(rational(number))
                assert found.contains(rational(number)) == (low <= value <= high)
                assert rational(derivative(phi, kink.x, at_kink=number)) == value
    assert len(shapes) > 1


def test_the_set_of_all_kinks_is_the_intersection():
    rng = random.Random(1)
    for _ in range(12):
        phi = network(rng, rng.choice([[2], [2, 2], [3, 2, 2]]))
        given = kinks(phi, (-2, 2))
        parts = [right_conventions(phi, kink.x) for kink in given]
        common = given.right_conventions()
        for number in {rational(Fraction(k, 12)) for k in range(-15, 25)}:
            assert common.contains(number) == sympy.And(*(part.contains(number) for part in parts))
        for c in (0, Fraction(1, 2), 1):
            assert common.contains(rational(Fraction(c))) == (not given.with_convention(c).wrong)


@pytest.mark.parametrize("m", [3, 5])
def test_the_squaring_network_has_an_interval_around_one_half(m):
    given = kinks(square(m=m, form="yarotsky"), (0, 1))
    found = given.right_conventions()
    low, high = (float(end) for end in (found.inf, found.sup))
    assert isinstance(found, sympy.Interval)
    assert 0 < low < 0.5 < high < 1
    for c, wrong in ((low - 0.01, True), (low + 0.01, False), (high - 0.01, False), (high + 0.01, True)):
        assert bool(given.with_convention(Fraction(c)).wrong) is wrong


def test_many_kinks_with_the_same_condition_are_cheap():
    assert kinks(square(m=10), (0, 1)).right_conventions() == sympy.Interval(0, 1)


def test_too_many_conditions_are_refused(monkeypatch):
    given = kinks(square(m=4, form="yarotsky"), (0, 1))
    monkeypatch.setattr(sys.modules[right_conventions.__module__], "MAX_CONDITIONS", 2)
    with pytest.raises(ValueError, match="at most 2 different conditions on c are solved at once, got"):
        given.right_conventions()


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ((Parametrization([([[1, 1]], [0])]), 0), ValueError, "one input and one output"),
        ((I1, 0.0), TypeError, "x must be exact, got the float 0.0"),
        ((I1, "zero"), ValueError, "x must be a number"),
    ],
)
def test_hostile_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        right_conventions(*arguments)
