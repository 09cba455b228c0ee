"""Piecewise linear targets: values, slopes from both sides, and the sawtooth against composed hats."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import PiecewiseLinear, sawtooth
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.piecewise_linear import Sawtooth

TENT = PiecewiseLinear.through((0, 0), ("1/2", 1), (1, 0))
ZIGZAG = PiecewiseLinear.through(("-3/2", 7), (-1, "7/3"), (0, "7/3"), ("1/10", -5), (12, "-5/2"))


def hat(x):
    return 2 * x if x <= Fraction(1, 2) else 2 - 2 * x


def composed(n, x):
    """Apply the hat n times."""
    for _ in range(n):
        x = hat(x)
    return x


def random_function(rng):
    x = sorted({Fraction(rng.randint(-60, 60), rng.randint(1, 12)) for _ in range(rng.randint(2, 12))})
    x = x if len(x) > 1 else [x[0], x[0] + 1]
    return PiecewiseLinear.through(*((t, Fraction(rng.randint(-60, 60), rng.randint(1, 12))) for t in x))


def test_values_lie_on_the_segments():
    rng = random.Random(1)
    for function in (TENT, ZIGZAG, *(random_function(rng) for _ in range(50))):
        for (a, u), (b, v) in itertools.pairwise(function.points):
            assert (function(a), function(b)) == (u, v)
            for r in (Fraction(1, 7), Fraction(1, 2), Fraction(99, 100)):
                assert function(a + r * (b - a)) == u + r * (v - u)


def test_slopes_from_both_sides_are_difference_quotients():
    rng = random.Random(2)
    for function in (TENT, ZIGZAG, *(random_function(rng) for _ in range(50))):
        lo, hi = function.domain
        corners = [x for x, _ in function.points]
        step = min(b - a for a, b in itertools.pairwise(corners)) / 4
        for x in {*corners, *((a + b) / 2 for a, b in itertools.pairwise(corners))}:
            for side in (1, -1):
                if lo <= x + side * step <= hi:
                    quotient = (function(x + side * step) - function(x)) / (side * step)
                    assert function.one_sided_derivative(x, side) == quotient


@pytest.mark.parametrize("x, side", [(0, -1), (1, 1), ("-1/10", 1), ("-1/10", -1), (2, 1), (2, -1)])
def test_there_is_no_slope_where_the_function_is_not_given(x, side):
    with pytest.raises(ValueError, match=r"the function is not given on that side of"):
        TENT.one_sided_derivative(Fraction(x), side)


@pytest.mark.parametrize(
    "x", [Fraction(-1, 10**9), Fraction(2), Fraction(10**5000)], ids=["left", "right", "far"]
)
def test_there_is_no_value_where_the_function_is_not_given(x):
    with pytest.raises(ValueError, match=r"the point must lie in \[0, 1\], got"):
        TENT(x)


def test_points_are_exact_whatever_numbers_are_given():
    for made in (
        PiecewiseLinear(((0, 0), (Fraction(1, 2), 1), (1, 0))),
        PiecewiseLinear.through((np.int64(0), "0"), ("0.5", 1), (1, 0)),
    ):
        assert made == TENT
        assert hash(made) == hash(TENT)
        assert type(made.one_sided_derivative(0, 1)) is Fraction
        assert all(type(number) is Fraction for point in made.points for number in point)


REFUSED = {
    "no points": ((), ValueError, "at least two points, got 0"),
    "one point": (((0, 0),), ValueError, "at least two points, got 1"),
    "equal breakpoints": (((0, 0), (0, 1)), ValueError, "breakpoints must increase, got 0 before 0"),
    "exchanged breakpoints": (
        ((0, 0), (2, 0), (1, 0)),
        ValueError,
        "breakpoints must increase, got 2 before 1",
    ),
    "float breakpoint": (((0, 0), (0.5, 0)), TypeError, "breakpoint must be exact, got the float 0.5"),
    "float value": (((0, 0), (1, 0.5)), TypeError, "value must be exact, got the float 0.5"),
    "NaN": (((0, float("nan")), (1, 0)), TypeError, "value must be an exact finite number"),
}


@pytest.mark.parametrize("points, error, words", REFUSED.values(), ids=REFUSED)
def test_points_that_make_no_function_are_refused(points, error, words):
    with pytest.raises(error, match=words):
        PiecewiseLinear(points)
    with pytest.raises(error, match=words):
        PiecewiseLinear.through(*points)


def test_functions_print_their_first_points():
    assert str(TENT) == "the piecewise linear function through (0, 0), (1/2, 1), (1, 0)"
    assert str(ZIGZAG).endswith("(1/10, -5), ... 1 more")
    assert "10^5000" in str(PiecewiseLinear.through((0, 10**5000), (1, 0)))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7])
def test_the_sawtooth_is_the_composition_of_hats(n):
    h, width = Sawtooth(n), Fraction(1, 2**n)
    assert h.domain == (0, 1)
    assert h.points == tuple((k * width, Fraction(k % 2)) for k in range(2**n + 1))
    rng = random.Random(n)
    for x in [*(x for x, _ in h.points), *(Fraction(rng.randint(0, 999), 999) for _ in range(200))]:
        assert h(x) == composed(n, x) == PiecewiseLinear(h.points)(x)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_slopes_of_the_sawtooth_are_those_of_its_segments_and_of_the_network(n):
    h, phi = Sawtooth(n), sawtooth(n)
    segments = PiecewiseLinear(h.points)
    points = sorted({x for x, _ in h.points} | {Fraction(k, 999) for k in range(1, 999, 7)})
    for x in points:
        for side in (1, -1):
            if (x, side) not in ((0, -1), (1, 1)):
                slope = h.one_sided_derivative(x, side)
                assert slope == segments.one_sided_derivative(x, side) == one_sided_derivative(phi, x, side)


def test_a_sawtooth_with_more_corners_than_can_be_listed_has_values():
    h, x = Sawtooth(10_000), Fraction(1, 3)
    assert (h(x), h.one_sided_derivative(x, 1)) == (Fraction(2, 3), -(2**10_000))
    assert h(Fraction(1, 2**10_000)) == 1
    for n in (17, 10_000, 10**12):
        with pytest.raises(ValueError, match=rf"h_{n} has 2\^{n} \+ 1 corners; at most 65537 are listed"):
            _ = Sawtooth(n).points
    assert len(Sawtooth(16).points) == 65537


@pytest.mark.parametrize("n", [0, -1, "1/2"])
def test_sawteeth_have_at_least_one_composition(n):
    with pytest.raises(ValueError, match="n must be "):
        Sawtooth(n)


def test_sawteeth_are_equal_by_their_number():
    assert Sawtooth(np.int64(3)) == Sawtooth("3") != Sawtooth(4)
    assert str(Sawtooth(3)) == "the sawtooth h_3"
