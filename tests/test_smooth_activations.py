"""Softplus, tanh, GELU and ELU against mpmath, at thousands of balls: sound, tight, and the same in floats.

A value of mpmath with 120 digits, where little is cancelled, is read as an interval of the relative width
10^-90, and compared with the ends of balls without rounding.
"""

import copy
import itertools
import math
import pickle
import random
import warnings
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from flint import arb, fmpq

from relu_constructions.ball_activation import BallActivation
from relu_constructions.balls import ball, ball_of, working
from relu_constructions.smooth_activations import GELU, SOFTPLUS, TANH, _least_point_at, elu

ACTIVATIONS = [SOFTPLUS, TANH, GELU, *map(elu, (1, "1/2", 0, "-3/7", 5))]
NAMES = [str(activation) for activation in ACTIVATIONS]
every_activation = pytest.mark.parametrize("activation", ACTIVATIONS, ids=NAMES)


@pytest.fixture(autouse=True)
def many_digits():
    with mpmath.workdps(120):
        yield


def mp(x):
    return mpmath.mpf(x.numerator) / x.denominator


def rational(value):
    man, exp = value.man_exp
    return (1 if value > 0 else -1) * Fraction(int(man)) * Fraction(2) ** int(exp)


def softplus(x):
    return max(x, mpmath.mpf(0)) + mpmath.log1p(mpmath.exp(-abs(x)))


def logistic(x):
    return 1 / (1 + mpmath.exp(-x))


def sech_squared(x):
    return mpmath.sech(x) ** 2


def gelu(x):
    return x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def gelu_slope(x):
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2 + x * mpmath.npdf(x)


REFERENCES = {SOFTPLUS: (softplus, logistic), TANH: (mpmath.tanh, sech_squared), GELU: (gelu, gelu_slope)}


def reference(activation, order):
    """The function or its derivative; at the kink of ELU the derivative from the left."""
    if activation in REFERENCES:
        return REFERENCES[activation][order]
    alpha = mp(Fraction(str(activation)[4:-1]))
    if order:
        return lambda x: alpha * mpmath.exp(x) if x <= 0 else mpmath.mpf(1)
    return lambda x: alpha * mpmath.expm1(x) if x <= 0 else x


TURNS = {
    (TANH, 1): [mpmath.mpf(0)],
    (GELU, 0): [mpmath.mpf("-0.75179152469356445746")],
    (GELU, 1): [-mpmath.sqrt(2), mpmath.sqrt(2)],
}


def enclosed(activation, order, z):
    return activation.ball_slope(z, [Fraction(0)] * len(activation.kinks)) if order else activation.ball(z)


def exact(end):
    found = end.fmpq()
    return Fraction(int(found.p), int(found.q))


def ends(z):
    """The ends of a ball, up to a relative 2^-2000."""
    with working(2000):
        return exact(z.lower()), exact(z.upper())


def mp_ends(z):
    """The ends as numbers of mpmath, with all their digits."""
    with working(2000):
        parts = [end.man_exp() for end in (z.lower(), z.upper())]
    return [mpmath.mp.make_mpf(mpmath.libmp.from_man_exp(int(man), int(exp))) for man, exp in parts]


def demand_inside(value, found, context):
    margin = abs(value) * mpmath.mpf(10) ** -90
    low, high = mp_ends(found)
    assert low <= value + margin, context
    assert high >= value - margin, context


MIDDLES = (0, 1, -1, Fraction(-3, 4), Fraction(-77, 1024), Fraction(181, 128), 7, -7, 40, -40, 700, -1000)
RADII = (0, Fraction(1, 2**200), Fraction(1, 2**60), Fraction(1, 2**20), Fraction(1, 8), 1, 3, 50, 2000)


def balls(seed):
    """Balls of all sizes around all sizes of numbers, some of them with an end that is 0."""
    rng = random.Random(seed)
    for middle, radius in itertools.product(MIDDLES, RADII):
        shift = Fraction(rng.randint(-100, 100), 1024) * rng.choice((0, 1, 1))
        z = arb(ball(middle + shift).mid(), ball(Fraction(radius)))
        yield rng, z
    for size in (Fraction(1, 2**300), Fraction(1, 2**80), 10**4):
        yield rng, arb(ball(Fraction(size)), ball(Fraction(size)))
        yield rng, arb(-ball(Fraction(size)), ball(Fraction(size)))


def points(rng, z, turns):
    lo, hi = ends(z)
    inside = [lo + (hi - lo) * Fraction(rng.randint(0, 2**20), 2**20) for _ in range(2)]
    near = [mid for turn in turns for mid in [rational(turn)] if lo <= mid <= hi]
    return [lo, hi, *inside, *near, *([Fraction(0)] if lo <= 0 <= hi else [])]


@pytest.mark.parametrize("order", [0, 1], ids=["value", "slope"])
@every_activation
def test_balls_contain_what_mpmath_computes(activation, order):
    """114 balls for each of 16 functions and 4 precisions, at about 5 points each."""
    f, turns, checked = reference(activation, order), TURNS.get((activation, order), []), 0
    for bits in (24, 53, 100, 300):
        with working(bits):
            for rng, z in balls(bits):
                found = enclosed(activation, order, z)
                assert found.is_finite()
                for x in points(rng, z, turns):
                    demand_inside(f(mp(x)), found, (bits, z, x))
                    checked += 1
    assert checked > 4 * 114 * 3


@pytest.mark.parametrize("order", [0, 1], ids=["value", "slope"])
@every_activation
def test_wide_balls_are_hardly_wider_than_the_range(activation, order):
    """Up to a unit in the last place, and to 2^-(2^17), below which values are not resolved."""
    f, turns = reference(activation, order), TURNS.get((activation, order), [])
    kinks = [0, rational(mpmath.mpf(2) ** -300)] if activation.kinks else []
    for (_, z), bits in itertools.product(balls(5), (53, 200)):
        lo, hi = ends(z)
        if hi - lo < Fraction(1, 2**19):
            continue
        places = [lo, hi, *(t for t in (*map(rational, turns), *kinks) if lo <= t <= hi)]
        values = [f(mp(x)) for x in places]
        with working(bits):
            low, high = mp_ends(enclosed(activation, order, z))
        width, rounding = max(values) - min(values), max(map(abs, values)) / 2 ** (bits - 3)
        rounding += mpmath.ldexp(1, 2 - 2**17)
        assert high - low <= width * (1 + mpmath.mpf(2) ** -20) + rounding, z


@pytest.mark.parametrize("order", [0, 1], ids=["value", "slope"])
@every_activation
def test_points_have_all_their_bits(activation, order):
    """Also far away from zero, where nothing overflows and little is lost."""
    far = [-(10**4), 10**5, 2**200] if activation is SOFTPLUS else []
    for x in (Fraction(1, 3), -20, -100, -400, 1000, Fraction(-1, 10**40), *far):
        for bits in (53, 300):
            with working(bits):
                found = enclosed(activation, order, arb(fmpq(*Fraction(x).as_integer_ratio())).mid())
                assert found.rad() <= abs(found.mid()) / 2 ** (bits - 2), (x, bits)


@pytest.mark.parametrize("x", [-(10**30), 10**30, -(10**4000), 10**4000])
@every_activation
def test_numbers_that_are_huge_give_finite_balls(activation, x):
    for order in (0, 1):
        found = enclosed(activation, order, arb(x))
        low, high = ends(found)
        ratio = Fraction(x if x > 0 else 0) if order == 0 else Fraction(x > 0)
        if activation is TANH:
            ratio = Fraction(0 if order else 1 if x > 0 else -1)
        if activation not in REFERENCES and x < 0:
            ratio = Fraction(0) if order else -Fraction(str(activation)[4:-1])
        tiny = Fraction(1, 2**50)
        assert ratio - tiny * max(1, abs(ratio)) <= low <= high <= ratio + tiny * max(1, abs(ratio))


@every_activation
def test_a_part_of_a_ball_gives_a_part_of_the_result(activation):
    """Up to what rounding may cost: a part of 2^-27 of the width, and two units in the last place."""
    for (rng, z), order, bits in itertools.product(balls(6), (0, 1), (53, 100)):
        lo, hi = ends(z)
        share = sorted(Fraction(rng.randint(0, 64), 64) for _ in range(2))
        with working(bits):
            outer = ends(enclosed(activation, order, z))
            part = ball_of(*(lo + (hi - lo) * s for s in share))
            if not z.contains(part):
                continue
            inner = ends(enclosed(activation, order, part))
        slack = (inner[1] - inner[0]) / 2**27 + max(map(abs, inner)) / 2 ** (bits - 2)
        assert outer[0] - slack <= inner[0] <= inner[1] <= outer[1] + slack, (z, part, order)


@pytest.mark.parametrize("seed", range(3))
@every_activation
def test_the_slope_is_the_derivative(activation, seed):
    """The difference quotient on [a, b] is a derivative inside, so that the two balls must meet."""
    rng, tight = random.Random(seed), 0
    for _ in range(300):
        a = Fraction(rng.randint(-6000, 6000), 1000)
        b = a + Fraction(rng.randint(1, 1000), rng.choice((1000, 10**6, 10**12)))
        if a < 0 < b and activation.kinks:
            continue
        with working(200):
            quotient = (activation.ball(ball(b)) - activation.ball(ball(a))) / ball(b - a)
            found = enclosed(activation, 1, ball_of(a, b))
            assert quotient.overlaps(found), (a, b)
            tight += bool(found.rad() < Fraction(b - a).__float__())
    assert tight > 200


def test_the_slope_of_elu_at_its_kink():
    bent = elu("1/2")
    for c, slope in (("0", "1/2"), ("1/2", "3/4"), ("1", "1"), ("3", "2"), ("-1", "0")):
        at, exactly = [Fraction(c)], Fraction(slope)
        assert ends(bent.ball_slope(arb(0), at)) == (exactly, exactly)
        around = bent.ball_slope(arb(0, 2**-40), at)
        for s in (exactly, Fraction(1, 2), Fraction(1)):
            assert around.contains(ball(s))
        assert bent.ball_slope(ball_of(Fraction(0), Fraction(1)), at).contains(ball(Fraction(1, 2)))
        assert bent.ball_slope(ball_of(Fraction(-1), Fraction(0)), at).contains(1)
    low, high = ends(bent.ball_slope(arb(1, 2), [Fraction(0)]))
    with mpmath.workdps(30):
        least = rational(mpmath.exp(-1) / 2)
    assert least - Fraction(1, 2**25) < low < least
    assert 1 <= high < 1 + Fraction(1, 2**25)
    assert ends(bent.ball_slope(arb(1), [Fraction(0)])) == (1, 1)
    assert elu(1).kinks == ()
    assert ends(elu(1).ball_slope(arb(0), [])) == (1, 1)


@every_activation
def test_balls_that_are_not_finite_exclude_nothing(activation):
    slope = [Fraction(0)] * len(activation.kinks)
    for z in (arb.nan(), arb(0, arb.pos_inf()), arb(-3, arb.pos_inf())):
        for x in (-100, -1, 0, 2, 1000):
            assert activation.ball(z).contains(activation.ball(arb(x)))
            assert activation.ball_slope(z, slope).contains(activation.ball_slope(arb(x), slope))
    assert not activation.ball(arb.nan()).is_finite()
    everywhere = activation.ball_slope(arb(0, arb.pos_inf()), slope)
    assert everywhere.is_finite()
    assert everywhere.overlaps(ball(Fraction(1)))


@every_activation
def test_floats_agree_with_the_balls(activation):
    """To 2^-45, relative to values above 1 and absolute below; 600 floats, from tiny to large."""
    rng = np.random.default_rng(1)
    z = np.concatenate([rng.normal(size=200), 20 * rng.normal(size=200), [0.0, -0.0, 1e308, -1e308, 5e-324]])
    z = np.concatenate([z, np.ldexp(rng.normal(size=195), rng.integers(-1000, 1000, size=195))])
    for order in (0, 1):
        found = activation.float_slopes(z, [0.0] * len(activation.kinks)) if order else activation.floats(z)
        assert found.dtype == np.float64
        for x, y in zip(z.tolist(), found.tolist(), strict=True):
            with working(100):
                near = abs(enclosed(activation, order, arb(x)) - arb(y))
            assert ends(near)[1] <= Fraction(1, 2**45) * max(1, abs(Fraction(y))), (x, order)


@pytest.mark.parametrize("activation", [SOFTPLUS, TANH, elu(1), elu("1/2")], ids=str)
def test_floats_have_a_small_relative_error(activation):
    z = np.array([-300.0, -50.0, -20.0, -1e-3, -1e-200, 1e-200, 0.5, 30.0])
    slopes = activation.float_slopes(z, [0.0] * len(activation.kinks))
    for order, found in enumerate((activation.floats(z), slopes)):
        for x, y in zip(z.tolist(), found.tolist(), strict=True):
            with working(100):
                near = abs(enclosed(activation, order, arb(x)) - arb(y))
            value = abs(Fraction(y))
            assert ends(near)[1] <= value / 2**45, (x, order)


LIMITS = {
    SOFTPLUS: (0, math.inf, 0, 1),
    TANH: (-1, 1, 0, 0),
    GELU: (0, math.inf, 0, 1),
    elu(1): (-1, math.inf, 0, 1),
    elu("1/2"): (-0.5, math.inf, 0, 1),
}


@pytest.mark.parametrize("activation", LIMITS, ids=str)
def test_floats_at_infinity_and_nan(activation):
    z = np.array([-np.inf, np.inf, np.nan])
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        values, slopes = activation.floats(z), activation.float_slopes(z, [0.5] * len(activation.kinks))
        activation.floats(np.array([-1e308, 1e308, -800.0, 5e-324]))
    assert (*values[:2], *slopes[:2]) == LIMITS[activation]
    assert np.isnan(values[2])
    assert np.isnan(slopes[2])
    ends_of_line, at = (arb.neg_inf(), arb.pos_inf()), [Fraction(0)] * len(activation.kinks)
    for found, limit in zip(
        [*map(activation.ball, ends_of_line), *(activation.ball_slope(z, at) for z in ends_of_line)],
        LIMITS[activation],
        strict=True,
    ):
        assert found.is_exact()
        assert found.mid() == limit


@every_activation
def test_floats_of_every_shape(activation):
    z = np.arange(-3.0, 3.0).reshape(2, 3)
    c = [0.25] * len(activation.kinks)
    assert activation.floats(z).shape == activation.float_slopes(z, c).shape == (2, 3)
    assert activation.floats(z[:, ::2])[1, 1] == activation.floats(z)[1, 2]
    assert activation.floats(np.empty((0, 2))).shape == (0, 2)
    assert activation.floats(np.array(1.0)).shape == ()


@pytest.mark.parametrize("c", [0.0, 0.5, 1.0, 2.0])
def test_the_float_slope_at_the_kink_is_that_of_the_convention(c):
    z = np.array([-0.0, 0.0, 1.0])
    assert elu("1/4").float_slopes(z, [c]).tolist() == [0.25 + 0.75 * c] * 2 + [1.0]


def test_equality_hash_and_copies():
    assert elu("1/2") == elu(Fraction(1, 2)) != elu(1)
    assert hash(elu("1/2")) == hash(elu("0.5"))
    assert len({SOFTPLUS, TANH, GELU, elu(1), elu(2), elu("2")}) == 5
    for activation in ACTIVATIONS:
        again = pickle.loads(pickle.dumps(activation))
        assert type(again) is BallActivation
        assert again == activation
        assert hash(again) == hash(activation)
        assert ends(again.ball(arb(0.3, 1))) == ends(activation.ball(arb(0.3, 1)))
        assert copy.copy(activation) is copy.deepcopy(activation) is activation


@pytest.mark.parametrize("bits", [2, 3, 4, 8, 24, 53, 100, 1000])
def test_the_least_point_of_gelu_is_enclosed_at_every_precision(bits):
    """The slope has different signs at the two ends."""
    point = _least_point_at(bits)
    with working(2 * bits + 100):
        assert GELU.ball_slope(point.lower(), []) < 0
        assert GELU.ball_slope(point.upper(), []) > 0
        assert point.rad() < arb(2) ** -bits


def test_what_elu_refuses():
    with pytest.raises(TypeError, match=r"alpha must be exact, got the float 0\.5"):
        elu(0.5)
    with pytest.raises(ValueError, match="alpha must be a number such as"):
        elu("x")
    with pytest.raises(ValueError, match=r"alpha must be written in at most 195 characters, got 10\^400"):
        elu(10**400)
    assert elu(2**700).floats(np.array([-np.inf])) == -(2.0**700)


def test_the_precision_and_the_length_of_series_stay():
    before = flint.ctx.prec, flint.ctx.cap
    for activation in ACTIVATIONS:
        activation.ball(arb(-5, 6))
        activation.floats(np.array([0.5]))
        activation.ball_slope(arb(-5, 6), [Fraction(0)] * len(activation.kinks))
    assert (flint.ctx.prec, flint.ctx.cap) == before
